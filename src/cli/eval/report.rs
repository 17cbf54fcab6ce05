//! What `footnote eval decide` found, as a table or as JSON. Knows no file and no message.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use crate::cli::eval::figures::{Format, Json, interval, row, table};
use crate::eval::decision::{Answer, AtRate, Counts, Outcome, Tally, at_least};
use crate::eval::reliability::{Found, Reliability};
use crate::eval::resample::share;

/// What was found.
pub(super) enum Report {
    /// Labelled messages on the project's own responses.
    Own(Own),
    /// A public store.
    Public(Public),
}

/// Labelled messages on the project's own responses.
#[derive(Default)]
pub(super) struct Own {
    /// How the messages ended.
    pub(super) tally: Tally,
    /// Whether the first candidates' scores mean what they say.
    pub(super) reliability: Reliability,
    /// Rows that expect claims which the responses do not have.
    pub(super) unknown: usize,
    /// Rows left out because their claim is answered only on request.
    pub(super) command_only: usize,
    /// False replies by file.
    pub(super) negatives: Vec<FalseReplies>,
}

/// A public store.
pub(super) struct Public {
    /// Queries with a right claim.
    pub(super) queries: usize,
    /// Queries without.
    pub(super) unjudged: usize,
    /// The threshold as shipped.
    pub(super) shipped: u16,
    /// How the queries end at it.
    pub(super) at_shipped: Tally,
    /// False replies at it, by file.
    pub(super) negatives: Vec<FalseReplies>,
    /// What can be had at given rates of false replies, with those in each file.
    pub(super) rates: Vec<(AtRate, Vec<FalseReplies>)>,
}

/// False replies in one file of messages that should stay unanswered.
#[derive(Serialize)]
pub(super) struct FalseReplies {
    file: String,
    messages: usize,
    #[serde(rename = "false_replies")]
    count: usize,
    per_ten_thousand: f64,
}

impl FalseReplies {
    /// Counts the answers at a threshold.
    pub(super) fn new(file: &str, answers: &[Option<Answer>], threshold: u16) -> Self {
        let count = at_least(answers, threshold);
        let per_ten_thousand = share(count, answers.len()) * 10_000.0;
        Self { file: file.to_owned(), messages: answers.len(), count, per_ten_thousand }
    }
}

impl Report {
    /// Writes the report.
    pub(super) fn print(&self, format: Format, out: &mut impl Write) -> io::Result<()> {
        match (format, self) {
            (Format::Table, Self::Own(report)) => out.write_all(report.text().as_bytes())?,
            (Format::Table, Self::Public(report)) => out.write_all(report.text().as_bytes())?,
            (Format::Json, Self::Own(report)) => object(out, &report.json())?,
            (Format::Json, Self::Public(report)) => object(out, &report.json())?,
        }
        out.flush()
    }
}

fn object(out: &mut impl Write, object: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, object)?;
    out.write_all(b"\n")
}

/// How messages ended.
#[derive(Serialize)]
struct Ends {
    messages: usize,
    right: usize,
    wrong_claim: usize,
    missed: usize,
    r#false: usize,
    quiet: usize,
    other_side: usize,
    /// The share of right answers where there is something to answer, else of false ones.
    share: Json,
}

impl From<&Counts> for Ends {
    fn from(counts: &Counts) -> Self {
        Self {
            messages: counts.positives() + counts.negatives(),
            right: counts.of(Outcome::Right),
            wrong_claim: counts.of(Outcome::Wrong),
            missed: counts.of(Outcome::Missed),
            r#false: counts.of(Outcome::False),
            quiet: counts.of(Outcome::Quiet),
            other_side: counts.of(Outcome::OtherSide),
            share: counts.told().into(),
        }
    }
}

/// Messages whose first candidate has a score of 100 or fewer thousandths from some score on.
#[derive(Serialize)]
struct Band {
    from: usize,
    messages: usize,
    mean_score: f64,
    about: Json,
}

impl From<Found> for Band {
    fn from(found: Found) -> Self {
        let Found { from, messages, score, about } = found;
        Self { from, messages, mean_score: score, about: about.into() }
    }
}

#[derive(Serialize)]
struct OwnJson<'a> {
    precision: Json,
    recall: Json,
    all: Ends,
    kinds: BTreeMap<&'a str, Ends>,
    reliability: Vec<Band>,
    unknown_claims: usize,
    command_only: usize,
    negatives: &'a [FalseReplies],
}

impl Own {
    fn text(&self) -> String {
        let mut rows = vec![row([
            &"kind",
            &"messages",
            &"right",
            &"wrong claim",
            &"missed",
            &"false",
            &"other side",
            &"right, or false",
        ])];
        let kinds = self.tally.kinds.iter().map(|(kind, counts)| (kind.as_str(), counts));
        for (kind, counts) in kinds.chain([("all", &self.tally.all)]) {
            let ends = Ends::from(counts);
            rows.push(row([
                &kind,
                &ends.messages,
                &ends.right,
                &ends.wrong_claim,
                &ends.missed,
                &ends.r#false,
                &ends.other_side,
                &interval(&counts.told()),
            ]));
        }
        let mut out = table(&rows);
        out.push('\n');
        out.push_str(&table(&[
            row([&"precision", &interval(&self.tally.precision())]),
            row([&"recall", &interval(&self.tally.recall())]),
        ]));
        for (count, what) in [
            (self.unknown, "expect claims that the responses do not have, and count as missed"),
            (self.command_only, "are left out: their claim is answered only on request"),
        ] {
            if count > 0 {
                out.push_str(&count.to_string());
                out.push_str(" messages ");
                out.push_str(what);
                out.push('\n');
            }
        }
        let mut rows = vec![row([&"score from", &"messages", &"mean score", &"about the claim"])];
        for band in self.reliability.bands() {
            let score = format!("{:.0}", band.score);
            rows.push(row([&band.from, &band.messages, &score, &interval(&band.about)]));
        }
        out.push('\n');
        out.push_str(&table(&rows));
        out.push_str(&false_replies(&self.negatives));
        out
    }

    fn json(&self) -> OwnJson<'_> {
        let kinds = self.tally.kinds.iter();
        OwnJson {
            precision: self.tally.precision().into(),
            recall: self.tally.recall().into(),
            all: Ends::from(&self.tally.all),
            kinds: kinds.map(|(kind, counts)| (kind.as_str(), Ends::from(counts))).collect(),
            reliability: self.reliability.bands().into_iter().map(Band::from).collect(),
            unknown_claims: self.unknown,
            command_only: self.command_only,
            negatives: &self.negatives,
        }
    }
}

#[derive(Serialize)]
struct PublicJson<'a> {
    queries: usize,
    unjudged: usize,
    threshold: u16,
    right: Json,
    all: Ends,
    negatives: &'a [FalseReplies],
    rates: Vec<RateJson<'a>>,
}

#[derive(Serialize)]
struct RateJson<'a> {
    per_ten_thousand: u32,
    /// `null` where even the highest threshold lets too many through.
    threshold: Option<u16>,
    false_replies: usize,
    right: Json,
    wrong: f64,
    negatives: &'a [FalseReplies],
}

impl Public {
    fn text(&self) -> String {
        let mut out = table(&[
            row([&"queries", &self.queries]),
            row([&"without a right claim, left out", &self.unjudged]),
            row([&"threshold as shipped", &self.shipped]),
            row([&"answered rightly", &interval(&self.at_shipped.recall())]),
            row([&"answered with another claim", &self.at_shipped.all.of(Outcome::Wrong)]),
        ]);
        out.push_str(&false_replies(&self.negatives));
        if !self.rates.is_empty() {
            let mut rows =
                vec![row([&"false per 10,000", &"threshold", &"false", &"right", &"wrong claim"])];
            for (at, _) in &self.rates {
                let threshold =
                    if at.threshold > 1000 { "never".to_owned() } else { at.threshold.to_string() };
                let (right, wrong) = (interval(&at.right), format!("{:.3}", at.wrong));
                rows.push(row([
                    &at.per_ten_thousand,
                    &threshold,
                    &at.false_replies,
                    &right,
                    &wrong,
                ]));
            }
            out.push('\n');
            out.push_str(&table(&rows));
        }
        out
    }

    fn json(&self) -> PublicJson<'_> {
        PublicJson {
            queries: self.queries,
            unjudged: self.unjudged,
            threshold: self.shipped,
            right: self.at_shipped.recall().into(),
            all: Ends::from(&self.at_shipped.all),
            negatives: &self.negatives,
            rates: self.rates.iter().map(|(at, negatives)| rate_json(at, negatives)).collect(),
        }
    }
}

fn rate_json<'a>(at: &AtRate, negatives: &'a [FalseReplies]) -> RateJson<'a> {
    RateJson {
        per_ten_thousand: at.per_ten_thousand,
        threshold: (at.threshold <= 1000).then_some(at.threshold),
        false_replies: at.false_replies,
        right: at.right.into(),
        wrong: at.wrong,
        negatives,
    }
}

fn false_replies(files: &[FalseReplies]) -> String {
    if files.is_empty() {
        return String::new();
    }
    let mut rows = vec![row([&"negatives", &"messages", &"false", &"per 10,000"])];
    for file in files {
        let rate = format!("{:.1}", file.per_ten_thousand);
        rows.push(row([&file.file, &file.messages, &file.count, &rate]));
    }
    format!("\n{}", table(&rows))
}
