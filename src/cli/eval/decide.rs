//! `footnote eval decide`: what footnote would do about labelled messages, as in a channel in mode reply. Knows no history: every message stands alone.

use std::io::Write;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::cli::eval::figures::Format;
use crate::cli::eval::report::{FalseReplies, Own, Public, Report};
use crate::cli::eval::{Stopped, each, read};
use crate::cli::judge::{Judge, Judged, in_reply_mode, somewhere};
use crate::cli::{Failure, output};
use crate::eval::adjudication::{self, Adjudications, Verdict};
use crate::eval::decision::{self, Answer, Outcome, Tally};
use crate::eval::rows::{self, Message};
use crate::eval::store::PublicStore;
use crate::model::claim::{ClaimAction, ClaimId};
use crate::model::score::Score;
use crate::policy::cooldown::History;
use crate::policy::place::{MessageId, Moment};
use crate::policy::settings::Settings;

/// Arguments of `footnote eval decide`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The folder with the claims
    #[arg(long, value_name = "DIR", requires = "messages", required_unless_present = "claims")]
    responses: Option<PathBuf>,
    /// Labelled messages, tab-separated: expected, kind, text
    #[arg(
        long,
        value_name = "F",
        num_args = 1..,
        requires = "responses",
        conflicts_with_all = ["claims", "queries", "qrels"]
    )]
    messages: Vec<PathBuf>,
    /// A public store instead, tab-separated: id, text, and a title or none
    #[arg(
        long,
        value_name = "F",
        requires_all = ["queries", "qrels"],
        conflicts_with = "responses"
    )]
    claims: Option<PathBuf>,
    /// Its queries, tab-separated: id, text
    #[arg(long, value_name = "F", requires = "claims")]
    queries: Option<PathBuf>,
    /// Which of its claims are right, tab-separated: query id, claim id
    #[arg(long, value_name = "F", requires = "claims")]
    qrels: Option<PathBuf>,
    /// Messages that should stay unanswered, one a line
    #[arg(long, value_name = "F", num_args = 1..)]
    negatives: Vec<PathBuf>,
    /// What people decided about answers to them, tab-separated: hash, claim, `right` or `false`, reason;
    /// answers that nobody has judged yet are listed on stderr
    #[arg(long, value_name = "F", requires = "negatives")]
    adjudications: Option<PathBuf>,
    /// Only the messages to tune on, or only those to check on
    #[arg(long, value_enum, requires = "messages")]
    half: Option<Half>,
    /// For people or for programs
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
}

/// A half of the messages, told apart by the first byte of the SHA-256 of the text as it stands in
/// the file: even to tune on, odd to check on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Half {
    Tune,
    Check,
}

impl Half {
    pub(super) fn has(self, column: &str) -> bool {
        let even = Sha256::digest(column.as_bytes()).first().is_some_and(|byte| byte % 2 == 0);
        even == (self == Self::Tune)
    }
}

/// False replies among ten thousand messages at which a public store is measured.
const RATES: [u32; 2] = [1, 10];

/// The kind of message that speaks against a claim.
const DEBUNK: &str = "debunk";

/// A file of messages that should stay unanswered.
type Negatives = (String, Vec<String>);

pub(super) fn run(args: &Args, out: &mut impl Write) -> Result<(), Stopped> {
    let mut problems = Vec::new();
    let negatives: Vec<Negatives> = args
        .negatives
        .iter()
        .filter_map(|path| Some((name(path), read(path, &mut problems, rows::plain)?)))
        .collect();
    let adjudications =
        args.adjudications.as_ref().and_then(|path| read(path, &mut problems, adjudication::parse));
    let adjudications = adjudications.as_ref();
    let report = match (&args.claims, &args.queries, &args.qrels, &args.responses) {
        (Some(claims), Some(queries), Some(qrels), _) => {
            public([claims, queries, qrels], &negatives, adjudications, &mut problems)
        }
        (.., Some(responses)) => {
            own(responses, &args.messages, args.half, &negatives, adjudications, &mut problems)?
        }
        // The parser of the arguments lets nothing else through.
        _ => None,
    };
    match report {
        Some(report) if problems.is_empty() => Ok(report.print(args.format, out)?),
        _ => Err(Stopped::Faults(problems)),
    }
}

fn name(path: &Path) -> String {
    path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// What is done about a text in a channel without a past.
fn judged(judge: &Judge, text: &str, settings: &Settings) -> Judged {
    let (situation, history) = (somewhere(MessageId(1)), History::default());
    judge.judge(text, 0, &situation, settings, &history, Moment(0))
}

/// What would be done about a text, as far as it counts.
fn answer(judge: &Judge, text: &str, settings: &Settings) -> Option<Answer> {
    counted(judge, &judged(judge, text, settings))
}

fn counted(judge: &Judge, judged: &Judged) -> Option<Answer> {
    let candidate = judged.decided()?;
    let action = judge.claim(candidate)?.action;
    let score = candidate.score.thousandths();
    decision::answer(judged.decision.verb, &candidate.claim, action, score)
}

/// Messages that people labelled, and the responses that answer them.
fn own(
    responses: &Path,
    messages: &[PathBuf],
    half: Option<Half>,
    negatives: &[Negatives],
    adjudications: Option<&Adjudications>,
    problems: &mut Vec<String>,
) -> Result<Option<Report>, Failure> {
    let mut rows: Vec<Message> =
        messages.iter().filter_map(|path| read(path, problems, rows::messages)).flatten().collect();
    let (judge, left_out) = Judge::load(responses)?;
    if let Some(left_out) = left_out {
        output::note(left_out);
    }
    if !problems.is_empty() {
        return Ok(None);
    }
    rows.retain(|row| half.is_none_or(|half| half.has(&row.column)));
    let settings = in_reply_mode();
    let found = each("messages", &rows, |row| judged(&judge, &row.text, &settings));
    let mut report = Own::default();
    for (row, judged) in rows.iter().zip(&found) {
        let answer = counted(&judge, judged);
        let known: Vec<_> =
            row.expected.iter().filter_map(|id| judge.catalog().claim(id)).collect();
        if known.is_empty() && !row.expected.is_empty() {
            report.unknown += 1;
        }
        if !known.is_empty() && known.iter().all(|one| one.action == ClaimAction::Command) {
            // Nothing that is said by itself can be right here: the claim waits to be asked for.
            report.command_only += 1;
            continue;
        }
        let other_side = other_side(row, &judge);
        let outcome = decision::outcome(&row.expected, other_side, answer.as_ref());
        report.tally.add(&row.kind, outcome);
        if let Some(first) = judged.candidates.first() {
            report.reliability.add(first.score.thousandths(), row.is_about(first.claim.as_str()));
        }
    }
    for (file, texts) in negatives {
        let mut answers = each(file, texts, |text| answer(&judge, text, &settings));
        settle(adjudications, texts, &mut answers, 0, str::to_owned);
        report.negatives.push(FalseReplies::new(file, &answers, 0));
    }
    Ok(Some(Report::Own(report)))
}

/// Takes out the answers that people judged to be right, and lists those of at least a score that nobody has
/// judged: on stderr, since their texts stand in no file of ours.
fn settle(
    judged: Option<&Adjudications>,
    texts: &[String],
    answers: &mut [Option<Answer>],
    least: u16,
    own_id: impl Fn(&str) -> String,
) {
    let Some(judged) = judged else { return };
    for (text, answer) in texts.iter().zip(answers) {
        let Some(given) = answer else { continue };
        let (hash, claim) = (hash(text), own_id(&given.claim));
        match judged.verdict(&hash, &claim) {
            Some(Verdict::Right) => *answer = None,
            None if given.score >= least => {
                output::note(format_args!("not judged: {hash} {claim} {}: {text}", given.score));
            }
            Some(Verdict::False) | None => {}
        }
    }
}

/// What a message is called in the file of what people decided.
fn hash(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    let nibbles = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let digits = nibbles.filter_map(|nibble| char::from_digit(u32::from(nibble), 16));
    digits.take(adjudication::HASH).collect()
}

/// The claim whose denial is an assertion too: in an open question both sides get the same text.
fn other_side<'a>(row: &'a Message, judge: &Judge) -> Option<&'a str> {
    let tied = row.tied.as_deref().filter(|_| row.kind == DEBUNK)?;
    judge.catalog().claim(tied).filter(|claim| claim.answers_both_sides()).map(|_| tied)
}

/// A public store: claims, queries and what is right.
fn public(
    [claims, queries, qrels]: [&PathBuf; 3],
    negatives: &[Negatives],
    adjudications: Option<&Adjudications>,
    problems: &mut Vec<String>,
) -> Option<Report> {
    let claims = read(claims, problems, rows::claims);
    let queries = read(queries, problems, rows::queries);
    let (claims, queries) = (claims?, queries?);
    let qrels = read(qrels, problems, |input| rows::qrels(input, &claims, &queries))?;
    if !problems.is_empty() {
        return None;
    }
    let store = PublicStore::build(claims);
    let judge = Judge::new(store.catalog.clone());
    // At threshold 0 every answer comes with its score. Candidates fall in score, so at a higher
    // threshold the same ones are answered as far as they reach it, and no others.
    let settings = Settings { threshold: Score::ZERO, ..in_reply_mode() };
    let judged: Vec<_> = queries.iter().filter(|query| qrels.contains_key(&query.id)).collect();
    let answers = each("queries", &judged, |query| answer(&judge, &query.text, &settings));
    let positives: Vec<(Option<Answer>, bool)> = judged
        .iter()
        .zip(answers)
        .map(|(query, answer)| {
            let id = answer.as_ref().and_then(|answer| ClaimId::new(&answer.claim));
            let own = id.as_ref().map(|id| store.own_id(id));
            let right = qrels.get(&query.id).zip(own);
            let right = right.is_some_and(|(right, own)| right.iter().any(|one| one == own));
            (answer, right)
        })
        .collect();
    let shipped = in_reply_mode().threshold.thousandths();
    let files: Vec<(&str, Vec<Option<Answer>>)> = negatives
        .iter()
        .map(|(file, texts)| {
            let mut answers = each(file, texts, |text| answer(&judge, text, &settings));
            let own = |id: &str| {
                ClaimId::new(id).map_or_else(String::new, |id| store.own_id(&id).to_owned())
            };
            settle(adjudications, texts, &mut answers, shipped, own);
            (file.as_str(), answers)
        })
        .collect();
    let all: Vec<Option<Answer>> =
        files.iter().flat_map(|(_, answers)| answers.iter().cloned()).collect();
    let at = |threshold: u16| -> Vec<FalseReplies> {
        files.iter().map(|(file, answers)| FalseReplies::new(file, answers, threshold)).collect()
    };
    let rates = if all.is_empty() { &[][..] } else { &RATES[..] };
    let rates = rates.iter().map(|rate| decision::at_rate(*rate, &all, &positives));
    Some(Report::Public(Public {
        queries: positives.len(),
        unjudged: queries.len() - positives.len(),
        shipped,
        at_shipped: at_threshold(shipped, &positives),
        negatives: at(shipped),
        rates: rates.map(|found| (found, at(found.threshold))).collect(),
    }))
}

/// How the queries end at a threshold.
fn at_threshold(threshold: u16, positives: &[(Option<Answer>, bool)]) -> Tally {
    let mut tally = Tally::default();
    for (answer, right) in positives {
        let spoken = answer.as_ref().is_some_and(|answer| answer.score >= threshold);
        let outcome = match (spoken, right) {
            (true, true) => Outcome::Right,
            (true, false) => Outcome::Wrong,
            (false, _) => Outcome::Missed,
        };
        tally.add("query", outcome);
    }
    tally
}

#[cfg(test)]
mod tests {
    use super::Half;

    #[test]
    fn halves_are_told_apart_by_the_hash_of_the_text() {
        // SHA-256 of "a" begins with ca, of "c" with 2e, of "d" with 18, of "e" with 3f.
        for (text, tune) in [("a", true), ("c", true), ("d", true), ("e", false)] {
            assert_eq!(Half::Tune.has(text), tune, "{text}");
            assert_eq!(Half::Check.has(text), !tune, "{text}");
        }
    }
}
