//! The text of a claim's file that is begun: what is known, and a mark with a word of advice for all else. Knows neither files nor who is asked.

use std::fmt::Write as _;

use crate::content::schema::{CLAIM, Field, Kind};
use crate::content::todo::MARK;
use crate::model::date::Date;

/// What is known of a claim so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Draft {
    /// The claim as one sentence.
    pub(super) claim: Option<String>,
    /// What the record shows.
    pub(super) verdict: Option<String>,
    /// The state of scholarship.
    pub(super) evidence: Option<String>,
    /// Why this verdict.
    pub(super) reason: Option<String>,
    /// The most it may do.
    pub(super) action: Option<String>,
    /// Ways of asserting it.
    pub(super) phrasings: Vec<String>,
    /// Messages that must stay unanswered.
    pub(super) near_misses: Vec<String>,
    /// The day of its dates.
    pub(super) today: Option<Date>,
}

/// What else a claim needs, below the fields that were asked for.
const SOURCES: &str = r#"
[[source]]
key = "first"                         # TODO a short name of the source; the text cites it as [^first]
kind = "primary"                      # TODO primary | secondary | tertiary
author = "TODO who wrote it, or leave the line out"
title = "TODO what it is called"
locator = "TODO page or document number, only where you saw it"
url = "TODO its address, where hosts.toml has the host; else leave the line out"

[[source.quote]]
text = "TODO the words, copied to the letter; our cuts are […]"
checked = "excerpt-read"              # TODO page-read, with the page before you; excerpt-read otherwise

[[source]]
key = "second"                        # TODO another author's
kind = "secondary"
title = "TODO what it is called"

[[source.quote]]
text = "TODO the words"
checked = "excerpt-read"
+++
TODO the fact first, in one to three sentences that the sources carry, 350 characters at most.[^first]

## Details

TODO what else the record shows; every sentence ends with its source.[^second]

## What is disputed

TODO what those who know the record disagree about, or leave the heading out.[^second]
"#;

/// The kinds of near misses that every claim needs.
const KINDS: [&str; 5] = [
    "TODO somebody denies it",
    "TODO somebody asks whether it is so?",
    "TODO somebody quotes or reports it",
    "TODO a story, a game, a joke with the same words",
    "TODO a neighbouring fact that is true",
];

/// The file. Of closed lists the most careful word stands until the author chose.
pub(super) fn text(draft: &Draft) -> String {
    let mut out = String::from("+++\n");
    sentence("claim", draft.claim.as_deref(), &mut out);
    word("verdict", draft.verdict.as_deref(), "unproven", &mut out);
    word("evidence", draft.evidence.as_deref(), "insufficient", &mut out);
    sentence("reason", draft.reason.as_deref(), &mut out);
    word("action", draft.action.as_deref(), "suggest", &mut out);
    out.push_str("status = \"draft\"\n");
    let phrasings =
        "ten or more, in the words of chats; [a|b] is a choice, {name} a group of aliases.toml";
    list("phrasings", &draft.phrasings, phrasings, &["TODO a way of asserting it"], &mut out);
    let near_misses = "eight or more of different kinds: they are half of the work";
    list("near_misses", &draft.near_misses, near_misses, &KINDS, &mut out);
    for name in ["published", "reviewed"] {
        let day = draft
            .today
            .map_or_else(|| format!("1970-01-01 # {MARK} the day"), |today| today.to_string());
        let _ = writeln!(out, "{name} = {day}");
    }
    out.push_str(SOURCES);
    out
}

fn sentence(name: &str, given: Option<&str>, out: &mut String) {
    let what = field(name).map_or("", |field| field.what);
    let value = given.map_or_else(|| format!("{MARK} {what}"), str::to_owned);
    let _ = writeln!(out, "{name} = {}", quoted(&value));
}

fn word(name: &str, given: Option<&str>, until_then: &str, out: &mut String) {
    if let Some(word) = given {
        let _ = writeln!(out, "{name} = {}", quoted(word));
        return;
    }
    let value = format!("{name} = {}", quoted(until_then));
    let words = field(name).map(choices).unwrap_or_default().join(" | ");
    let _ = writeln!(out, "{value:<37} # {MARK} {words}");
}

fn list(name: &str, given: &[String], advice: &str, until_then: &[&str], out: &mut String) {
    let _ = writeln!(out, "{name} = [ # {MARK} {advice}");
    for value in given.iter().map(String::as_str).chain(
        // What is given already needs no example.
        until_then.iter().copied().filter(|_| given.is_empty()),
    ) {
        let _ = writeln!(out, "  {},", quoted(value));
    }
    out.push_str("]\n");
}

fn field(name: &str) -> Option<&'static Field> {
    CLAIM.field(name)
}

/// The words that a field allows.
pub(super) fn choices(field: &Field) -> Vec<&'static str> {
    if let Kind::Word(words) = field.kind { words() } else { Vec::new() }
}

/// A string as TOML.
fn quoted(text: &str) -> String {
    toml::Value::from(text.trim()).to_string()
}
