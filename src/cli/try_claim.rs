//! `footnote try`: which of a file of messages a claim catches and misses, the doubtful ones first, and what to add to it. Keeps no message, and writes no file.

use std::fs::File;
use std::io::{BufReader, Write};
use std::path::PathBuf;

use crate::cli::input;
use crate::cli::judge::{Judge, Judged, in_reply_mode};
use crate::cli::{Exit, Failure};
use crate::content::load::load;
use crate::model::catalog::Catalog;
use crate::model::claim::{Claim, ClaimId, Status};
use crate::model::explanation::Assertion;
use crate::model::phrasing::Phrasing;
use crate::policy::decide::Verb;
use crate::policy::reason::Reason;
use crate::reply::{cut, words};

/// The most proposals of each kind: an author reads each of them.
const PROPOSED: usize = 5;

/// So far below the threshold a message is another claim's, or nobody's, unless the author says otherwise.
const NEAR: u16 = 250;

/// A longer message says more than one thing, and is no phrasing.
const MOST_WORDS: usize = 14;

/// So many claims of one message are looked at to find the one that is tried.
const CANDIDATES: usize = 10;

/// The most characters of a message that a line repeats.
const EXCERPT: usize = 100;

/// Arguments of `footnote try`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The claim, also a draft
    #[arg(value_name = "ID")]
    id: String,
    /// Messages, one a line; `+ ` before one that must be caught, `- ` before one that must not
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The folder with the claims
    #[arg(long, default_value = "responses", value_name = "DIR")]
    responses: PathBuf,
}

/// A message of the file.
#[derive(Debug)]
struct Message {
    text: String,
    /// Whether it must be caught, where the file says so.
    wanted: Option<bool>,
}

/// What the claim makes of a message.
#[derive(Debug)]
struct Tried<'a> {
    message: &'a Message,
    caught: bool,
    reason: Reason,
    /// The claim's own score.
    score: u16,
    assertion: Option<Assertion>,
    /// How far the score is from the threshold: the nearer, the more doubtful.
    distance: u16,
    /// The claim that is found instead.
    other: Option<ClaimId>,
}

impl Tried<'_> {
    fn is_wrong(&self) -> bool {
        self.message.wanted.is_some_and(|wanted| wanted != self.caught)
    }
}

/// Tries every message and prints what came of it.
pub fn run(args: &Args, out: &mut impl Write) -> Result<Exit, Failure> {
    let messages = read(args)?;
    let loaded = load(&args.responses)?;
    let everything = loaded.everything();
    let Some(claim) = everything.claim(&args.id) else {
        return Err(Failure::Said(format!(
            "no claim that can be read is called `{}`; `footnote check` says what cannot",
            args.id
        )));
    };
    let judge = Judge::new(with(&everything, claim, None));
    let threshold = in_reply_mode().threshold.max(claim.threshold.unwrap_or_default());
    let threshold = threshold.thousandths();
    let mut tried: Vec<Tried<'_>> =
        messages.iter().map(|message| tried(message, &judge, &claim.id, threshold)).collect();
    // What the author called wrong goes first, then what a word more or less would turn.
    tried.sort_by_key(|tried| (!tried.is_wrong(), tried.distance));
    let caught = tried.iter().filter(|tried| tried.caught).count();
    let wrong = tried.iter().filter(|tried| tried.is_wrong()).count();
    for (title, is_caught) in [("caught", true), ("missed", false)] {
        let these: Vec<&Tried<'_>> = tried.iter().filter(|one| one.caught == is_caught).collect();
        if !these.is_empty() {
            writeln!(out, "{title}, {threshold} is needed:")?;
        }
        for tried in these {
            let mark = if tried.is_wrong() { "!" } else { " " };
            let why = why(tried);
            let excerpt = cut::clip(&tried.message.text, EXCERPT);
            writeln!(out, "{mark} {:>4}  {excerpt}{why}", tried.score)?;
        }
    }
    propose_phrasings(&tried, &everything, &judge, claim, threshold, out)?;
    propose_near_misses(&tried, claim, out)?;
    writeln!(out, "{} messages: {caught} caught, {wrong} not as marked", messages.len())?;
    Ok(if wrong > 0 { Exit::Findings } else { Exit::Done })
}

fn read(args: &Args) -> Result<Vec<Message>, Failure> {
    let said = |error| Failure::Said(format!("`{}` cannot be read: {error}", args.file.display()));
    let mut reader = BufReader::new(File::open(&args.file).map_err(said)?);
    let mut messages = Vec::new();
    let mut number = 0_usize;
    while let Some(line) = input::line(&mut reader).map_err(said)? {
        number += 1;
        let line = line.text().map_err(|error| Failure::Said(format!("line {number}: {error}")))?;
        let (wanted, text) = match (line.strip_prefix("+ "), line.strip_prefix("- ")) {
            (Some(text), _) => (Some(true), text),
            (_, Some(text)) => (Some(false), text),
            _ => (None, line.as_str()),
        };
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if !text.is_empty() {
            messages.push(Message { text, wanted });
        }
    }
    if messages.is_empty() {
        let file = args.file.display();
        return Err(Failure::Said(format!("`{file}` has no messages: write one a line")));
    }
    Ok(messages)
}

/// All claims, the one that is tried as if it were published, and with a phrasing more.
fn with(everything: &Catalog, claim: &Claim, more: Option<&Phrasing>) -> Catalog {
    let claims = everything.claims().iter().cloned().map(|mut one| {
        if one.id == claim.id {
            one.status = Status::Published;
            one.phrasings.extend(more.cloned());
        }
        one
    });
    Catalog::new(claims.collect(), everything.aliases().clone())
}

fn tried<'a>(message: &'a Message, judge: &Judge, id: &ClaimId, threshold: u16) -> Tried<'a> {
    let judged = judge.judge_alone(&message.text, CANDIDATES);
    let own = judged.candidates.iter().find(|candidate| candidate.claim == *id);
    let score = own.map_or(0, |own| own.score.thousandths());
    let other = judged.decided().filter(|_| is_found(&judged)).map(|found| found.claim.clone());
    Tried {
        message,
        caught: other.as_ref() == Some(id),
        reason: judged.decision.reason,
        score,
        assertion: own.map(|own| own.assertion),
        distance: score.abs_diff(threshold),
        other: other.filter(|other| other != id),
    }
}

/// Whether a claim is found that somebody will see, or would if they asked.
fn is_found(judged: &Judged) -> bool {
    judged.decision.verb != Verb::Silent || judged.decision.reason == Reason::CommandOnly
}

/// What beside its score there is to say of a message.
fn why(tried: &Tried<'_>) -> String {
    if let Some(other) = &tried.other {
        return format!("  ({other} is found)");
    }
    match tried.reason {
        _ if tried.caught => String::new(),
        Reason::NoCandidate | Reason::BelowThreshold => String::new(),
        reason => format!("  ({})", words::reason(reason)),
    }
}

/// Missed assertions as phrasings, each with what it would change: it is added, and everything tried again.
fn propose_phrasings(
    tried: &[Tried<'_>],
    everything: &Catalog,
    before: &Judge,
    claim: &Claim,
    threshold: u16,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let is_near = |one: &Tried<'_>| one.score.saturating_add(NEAR) >= threshold;
    let missed = tried.iter().filter(|one| {
        let wanted = one.message.wanted.unwrap_or_else(|| is_near(one));
        let asserts = one.assertion.is_none_or(|reading| reading == Assertion::Asserted);
        wanted && !one.caught && asserts && one.other.is_none()
    });
    let mut said = false;
    for phrasing in missed.filter_map(|one| phrasing(&one.message.text)).take(PROPOSED) {
        if !said {
            writeln!(out, "to `phrasings`, where it asserts the claim standing alone:")?;
            said = true;
        }
        let judge = Judge::new(with(everything, claim, Some(&phrasing)));
        let catches = |judge: &Judge, text: &str| {
            let judged = judge.judge_alone(text, CANDIDATES);
            is_found(&judged) && judged.decided().is_some_and(|found| found.claim == claim.id)
        };
        let newly = |one: &&Tried<'_>| !one.caught && catches(&judge, &one.message.text);
        let (bad, good): (Vec<_>, Vec<_>) =
            tried.iter().filter(newly).partition(|one| one.message.wanted == Some(false));
        let bad = bad.iter().map(|one| one.message.text.as_str());
        let woken: Vec<&str> = claim
            .near_misses
            .iter()
            .map(String::as_str)
            .filter(|text| catches(&judge, text) && !catches(before, text))
            .chain(bad)
            .collect();
        write!(out, "  {},  # catches {} more", quoted(&phrasing.text), good.len())?;
        match woken.first() {
            Some(first) => writeln!(out, ", and wakes {}", quoted(&cut::clip(first, EXCERPT)))?,
            None => writeln!(out)?,
        }
    }
    Ok(())
}

/// A message as a phrasing; none where it could not stand as one.
fn phrasing(message: &str) -> Option<Phrasing> {
    let text = message.trim_end_matches(['.', '!', '…']).to_lowercase();
    let plain = !text.contains(['[', ']', '{', '}', '|', '?']);
    let words = text.split(' ').count();
    (plain && (3..=MOST_WORDS).contains(&words)).then(|| Phrasing::parse(&text).ok()).flatten()
}

/// What is caught and must not be, or is about the claim and silent for how it is said, and stands in the file not yet.
fn propose_near_misses(
    tried: &[Tried<'_>],
    claim: &Claim,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let reads = |one: &Tried<'_>| one.assertion.is_some_and(|how| how != Assertion::Asserted);
    let tests = tried.iter().filter(|one| {
        let unwanted = one.message.wanted == Some(false);
        let silent = !one.caught && one.other.is_none() && one.message.wanted != Some(true);
        (unwanted && one.caught || silent && reads(one))
            && !claim.near_misses.contains(&one.message.text)
    });
    let tests: Vec<_> = tests.take(PROPOSED).collect();
    if !tests.is_empty() {
        writeln!(out, "to `near_misses`, which then stay silent or say so:")?;
    }
    for one in tests {
        let how = if one.caught { "is caught" } else { one.assertion.map_or("", Assertion::word) };
        writeln!(out, "  {},  # {how}", quoted(&one.message.text))?;
    }
    Ok(())
}

/// A string as TOML.
fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}
