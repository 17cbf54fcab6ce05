//! Rules about phrasings as they are written, before any matcher is asked. Knows English questions; other languages pass.

use std::collections::BTreeMap;

use crate::lint::{finding, located};
use crate::model::catalog::Catalog;
use crate::model::code;
use crate::model::diagnostic::{Diagnostic, Severity};
use crate::model::origin::Origins;
use crate::model::phrasing::{Aliases, Phrasing, Piece, Variant};
use crate::model::span::Span;

/// The shortest assertion has somebody, something done, and what: with fewer words it is a topic.
const LEAST_WORDS: usize = 3;

/// Words that open a question by themselves.
const OPENERS: [&str; 4] = ["why", "whys", "how come", "is it true"];

/// Words that open a question when an auxiliary follows.
const PRONOUNS: [&str; 9] =
    ["who", "what", "when", "where", "which", "whose", "how", "how many", "how much"];

/// Words that open a question when they come first.
const AUXILIARIES: [&str; 31] = [
    "is",
    "are",
    "was",
    "were",
    "am",
    "do",
    "does",
    "did",
    "can",
    "could",
    "would",
    "should",
    "will",
    "has",
    "isn't",
    "aren't",
    "wasn't",
    "weren't",
    "don't",
    "doesn't",
    "didn't",
    "can't",
    "couldn't",
    "wouldn't",
    "shouldn't",
    "won't",
    "hasn't",
    "haven't",
    "isnt",
    "wasnt",
    "didnt",
];

pub(super) fn check(catalog: &Catalog, origins: &Origins, out: &mut Vec<Diagnostic>) {
    let mut seen: BTreeMap<String, Seen<'_>> = BTreeMap::new();
    for (claim, origin) in located(catalog, origins) {
        let sides = [
            (&claim.phrasings, &origin.phrasings),
            (&claim.counter_phrasings, &origin.counter_phrasings),
        ];
        for (phrasings, spans) in sides {
            for (phrasing, at) in phrasings.iter().zip(spans) {
                form(phrasing, *at, catalog.aliases(), out);
                duplicates(phrasing, *at, claim.id.as_str(), &mut seen, out);
            }
        }
    }
}

/// Where a sentence was written first.
#[derive(Debug, Clone, Copy)]
struct Seen<'a> {
    claim: &'a str,
    at: Span,
}

fn form(phrasing: &Phrasing, at: Span, aliases: &Aliases, out: &mut Vec<Diagnostic>) {
    let sentences = || phrasing.variants.iter().map(|variant| variant.sentence(aliases, 0));
    if let Some(question) = sentences().find(|sentence| is_question(sentence)) {
        out.push(
            finding(code::PHRASING_IS_QUESTION, at, format!("`{question}` is a question")).hint(
                "a phrasing asserts the claim standing alone: reword it, or make it a near miss",
            ),
        );
    }
    if let Some(short) = phrasing.variants.iter().find(|variant| is_short(variant)) {
        let sentence = short.sentence(aliases, 0);
        out.push(
            finding(
                code::PHRASING_TOO_SHORT,
                at,
                format!("`{sentence}` is too short to assert anything"),
            )
            .hint(format!("write at least {LEAST_WORDS} words: who did what")),
        );
    }
}

/// Whether an English sentence asks.
pub(super) fn is_question(sentence: &str) -> bool {
    let sentence = sentence.to_lowercase().replace('’', "'");
    if sentence.trim_end().ends_with(['?', '？', '؟']) {
        return true;
    }
    let after =
        |opener: &str| sentence.strip_prefix(opener).and_then(|rest| rest.strip_prefix(' '));
    let auxiliary = |text: &str| {
        let first = text.split_whitespace().next().unwrap_or("");
        AUXILIARIES.contains(&first)
    };
    auxiliary(&sentence)
        || OPENERS.iter().any(|opener| after(opener).is_some())
        || PRONOUNS.iter().any(|pronoun| after(pronoun).is_some_and(auxiliary))
}

/// Whether there are too few words. A slot is one word; scripts without spaces are not counted.
fn is_short(variant: &Variant) -> bool {
    let mut words = 0;
    for piece in &variant.pieces {
        match piece {
            Piece::Alias(_) => words += 1,
            Piece::Words(text) if text.chars().any(is_unspaced) => return false,
            Piece::Words(text) => words += text.split_whitespace().count(),
        }
    }
    words < LEAST_WORDS
}

/// Thai, Lao, Khmer and the scripts of East Asia write words without spaces.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{0e00}'..='\u{0eff}' | '\u{1780}'..='\u{17ff}' | '\u{2e80}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}

fn duplicates<'a>(
    phrasing: &Phrasing,
    at: Span,
    claim: &'a str,
    seen: &mut BTreeMap<String, Seen<'a>>,
    out: &mut Vec<Diagnostic>,
) {
    let mut reported = false;
    for variant in &phrasing.variants {
        let words = written(variant);
        let Some(first) = seen.get(&words).copied() else {
            seen.insert(words, Seen { claim, at });
            continue;
        };
        if reported {
            continue;
        }
        reported = true;
        let mut found = if first.claim == claim {
            let message = format!("`{words}` stands twice");
            Diagnostic::new(code::PHRASING_DUPLICATE, Severity::Warning, at, message)
                .hint("leave one of them out")
        } else {
            finding(
                code::PHRASING_DUPLICATE,
                at,
                format!("`{words}` is a phrasing of `{}` too", first.claim),
            )
            .hint("a sentence asserts one claim: keep it where it belongs")
        };
        if first.at != at {
            found = found.label(first.at, "the first");
        }
        out.push(found);
    }
}

/// A variant with its slots left open, in small letters and single spaces.
fn written(variant: &Variant) -> String {
    let mut text = String::new();
    for piece in &variant.pieces {
        match piece {
            Piece::Words(words) => text.push_str(words),
            Piece::Alias(group) => {
                text.push('{');
                text.push_str(group);
                text.push('}');
            }
        }
    }
    text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{is_question, is_short};
    use crate::model::phrasing::Phrasing;

    #[test]
    fn questions() {
        for (sentence, expected) in [
            ("the river froze", false),
            ("the river froze?", true),
            ("did the river freeze", true),
            ("Didn’t the river freeze", true),
            ("why the river froze", true),
            ("who was the first", true),
            ("how did it freeze", true),
            ("how many were there", true),
            ("when the river froze, nobody came", false),
            ("what froze was the river", false),
            ("is", true),
            ("", false),
        ] {
            assert_eq!(is_question(sentence), expected, "{sentence}");
        }
    }

    #[test]
    fn short_phrasings() {
        for (text, expected) in [
            ("river froze", true),
            ("the river froze", false),
            ("{river} froze", true),
            ("{river} froze over", false),
            ("河冻住了", false),
        ] {
            let phrasing = Phrasing::parse(text).unwrap();
            assert_eq!(is_short(&phrasing.variants[0]), expected, "{text}");
        }
    }
}
