//! What a replay found, as tables or as one object. Knows no file and no message's text.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use serde::Serialize;

use crate::cli::eval::figures::{row, table};
use crate::cli::replay::Replayed;
use crate::model::claim::ClaimId;
use crate::model::date::Date;
use crate::policy::place::{ChannelId, Moment};
use crate::policy::shadow::{Said, Shadow};
use crate::reply::wording_moderators::link;

/// How it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    /// Aligned columns.
    Table,
    /// One object.
    Json,
}

/// Prints it.
pub(super) fn print(found: &Replayed, format: Format, out: &mut impl Write) -> io::Result<()> {
    match format {
        Format::Table => out.write_all(text(found).as_bytes())?,
        Format::Json => {
            serde_json::to_writer_pretty(&mut *out, &object(found))?;
            out.write_all(b"\n")?;
        }
    }
    out.flush()
}

fn day(at: Moment) -> String {
    Date::from_unix_seconds(at.0 / 1000).map_or_else(String::new, |date| date.to_string())
}

fn text(found: &Replayed) -> String {
    let report = &found.report;
    let messages: u64 = found.channels.values().map(|one| one.messages).sum();
    let Said { replies, suggestions, alerts } = report.said;
    let days = found
        .span
        .map_or_else(String::new, |(first, last)| format!(", {} to {}", day(first), day(last)));
    let mut out = format!("{messages} messages{days}\n\n");
    out.push_str(&table(&[
        row([&"would have replied", &replies]),
        row([&"would have suggested to moderators", &suggestions]),
        row([&"would have alerted moderators", &alerts]),
    ]));

    let said: BTreeMap<ChannelId, Said> = report.channels.iter().copied().collect();
    let silent = found.channels.keys().filter(|id| !said.contains_key(id));
    let mut rows = vec![row([&"channel", &"messages", &"replies", &"suggestions", &"alerts"])];
    for id in report.channels.iter().map(|(id, _)| id).chain(silent) {
        let Said { replies, suggestions, alerts } = said.get(id).copied().unwrap_or_default();
        let named = found.channels.get(id);
        let messages = named.map_or(0, |named| named.messages);
        let quiet = if named.is_some_and(|named| named.is_quiet) { " (left alone)" } else { "" };
        let name = format!("#{}{quiet}", named.map_or("", |named| &named.name));
        rows.push(row([&name, &messages, &replies, &suggestions, &alerts]));
    }
    part(&rows, &mut out);

    let mut rows = vec![row([&"claim", &"replies", &"suggestions"])];
    rows.extend(report.claims.iter().map(|(id, said)| row([id, &said.replies, &said.suggestions])));
    part(&rows, &mut out);

    let mut rows = vec![row([&"reason", &"messages"])];
    rows.extend(found.reasons.iter().map(|(reason, count)| row([&reason.word(), count])));
    part(&rows, &mut out);

    if !report.doubtful.is_empty() {
        out.push_str(
            "\nleast sure of what would have been said: score, threshold, claim, message\n",
        );
        for one in &report.doubtful {
            let claim = one.claim.as_ref().map_or("", ClaimId::as_str);
            let (score, threshold) = (one.score, one.threshold);
            let address = link(one.guild, one.channel, one.message);
            // Writing into a String cannot fail.
            let _ = writeln!(out, "{score:>4} {threshold:>4}  {claim}  {address}");
        }
    }
    out
}

/// A table below another; none of nothing.
fn part(rows: &[Vec<String>], out: &mut String) {
    if rows.len() > 1 {
        out.push('\n');
        out.push_str(&table(rows));
    }
}

#[derive(Serialize)]
struct Object<'a> {
    messages: u64,
    faulty: u64,
    first: Option<String>,
    last: Option<String>,
    said: Counts,
    channels: Vec<Channel<'a>>,
    claims: Vec<Claim<'a>>,
    reasons: BTreeMap<&'static str, u64>,
    period: &'static str,
    periods: Vec<Part>,
    doubtful: Vec<Doubtful<'a>>,
}

#[derive(Serialize)]
struct Counts {
    reply: u64,
    suggest: u64,
    alert: u64,
}

impl From<Said> for Counts {
    fn from(said: Said) -> Self {
        Self { reply: said.replies, suggest: said.suggestions, alert: said.alerts }
    }
}

#[derive(Serialize)]
struct Channel<'a> {
    id: String,
    name: &'a str,
    messages: u64,
    left_alone: bool,
    said: Counts,
}

#[derive(Serialize)]
struct Claim<'a> {
    claim: &'a str,
    said: Counts,
}

#[derive(Serialize)]
struct Part {
    from: String,
    said: Counts,
}

#[derive(Serialize)]
struct Doubtful<'a> {
    link: String,
    claim: Option<&'a str>,
    decision: &'static str,
    score: u16,
    threshold: u16,
}

fn object(found: &Replayed) -> Object<'_> {
    let report = &found.report;
    let said: BTreeMap<ChannelId, Said> = report.channels.iter().copied().collect();
    let channels = found.channels.iter().map(|(id, named)| Channel {
        id: id.to_string(),
        name: &named.name,
        messages: named.messages,
        left_alone: named.is_quiet,
        said: said.get(id).copied().unwrap_or_default().into(),
    });
    Object {
        messages: found.channels.values().map(|one| one.messages).sum(),
        faulty: found.faulty,
        first: found.span.map(|(first, _)| day(first)),
        last: found.span.map(|(_, last)| day(last)),
        said: report.said.into(),
        channels: channels.collect(),
        claims: report
            .claims
            .iter()
            .map(|(id, said)| Claim { claim: id.as_str(), said: (*said).into() })
            .collect(),
        // By name: the order of precedence is said in the documentation.
        reasons: found.reasons.iter().map(|(reason, count)| (reason.word(), *count)).collect(),
        period: report.period.word(),
        periods: report
            .periods
            .iter()
            .map(|(from, said)| Part { from: from.to_string(), said: (*said).into() })
            .collect(),
        doubtful: report.doubtful.iter().map(doubtful).collect(),
    }
}

fn doubtful(one: &Shadow) -> Doubtful<'_> {
    Doubtful {
        link: link(one.guild, one.channel, one.message),
        claim: one.claim.as_ref().map(ClaimId::as_str),
        decision: one.verb.word(),
        score: one.score.thousandths(),
        threshold: one.threshold.thousandths(),
    }
}
