//! Rules about how a response is worded: the fact first, fair, and nothing in quotation marks that nobody read. Knows English; texts in other languages pass, save for their quotations.

use crate::lint::finding;
use crate::model::body::plain_blocks;
use crate::model::claim::Claim;
use crate::model::code;
use crate::model::diagnostic::Diagnostic;
use crate::model::origin::Origin;
use crate::model::span::Span;

/// How a text begins that names the claim, or those who make it, before the fact.
const CLAIM_FIRST: [&str; 16] = [
    "it is often",
    "it is commonly",
    "it is widely",
    "it is sometimes",
    "it has been claimed",
    "it has been said",
    "many people",
    "some people",
    "some say",
    "people say",
    "people think",
    "the claim",
    "the myth",
    "contrary to",
    "critics say",
    "no, ",
];

/// Words that mock, or that make the reader feel mocked.
const MOCKING: [&str; 30] = [
    "obviously",
    "of course",
    "needless to say",
    "everybody knows",
    "everyone knows",
    "ridiculous",
    "laughable",
    "absurd",
    "silly",
    "stupid",
    "idiotic",
    "foolish",
    "ignorant",
    "gullible",
    "nonsense",
    "so-called",
    "debunk",
    "debunked",
    "debunks",
    "denier",
    "deniers",
    "apologist",
    "apologists",
    "conspiracy theorist",
    "conspiracy theorists",
    "crank",
    "cranks",
    "shameless",
    "brainwashed",
    "propagandists",
];

/// Peoples and camps that are never of one mind.
const PEOPLES: [&str; 26] = [
    "americans",
    "arabs",
    "armenians",
    "blacks",
    "britons",
    "catholics",
    "chinese",
    "christians",
    "communists",
    "conservatives",
    "democrats",
    "europeans",
    "germans",
    "irish",
    "japanese",
    "jews",
    "liberals",
    "muslims",
    "poles",
    "republicans",
    "russians",
    "socialists",
    "southerners",
    "turks",
    "ukrainians",
    "whites",
];

/// Below this reading ease (Flesch's measure, 100 to 0 for most texts) a text is one for specialists. Names
/// of states and offices are long words that cannot be helped, so the bar is low.
const LEAST_EASE: f32 = 0.0;

pub(super) fn check(claim: &Claim, origin: &Origin, out: &mut Vec<Diagnostic>) {
    let response = &claim.response;
    let short = plain_blocks(&response.short);
    let sections = [&short, &plain_blocks(&response.details), &plain_blocks(&response.disputed)];
    for section in sections {
        unread_words(section, claim, origin.text, out);
    }
    if !claim.language.starts_with("en") {
        return;
    }
    let start = short.trim_start().to_lowercase();
    if let Some(opening) = CLAIM_FIRST.iter().find(|opening| start.starts_with(**opening)) {
        out.push(
            finding(
                code::SHORT_NOT_FACT_FIRST,
                origin.short,
                format!("what is posted begins with `{}`", opening.trim()),
            )
            .hint("begin with what the sources show"),
        );
    }
    if let Some(ease) = reading_ease(&short).filter(|ease| *ease < LEAST_EASE) {
        out.push(
            finding(
                code::HARD_TO_READ,
                origin.short,
                format!("what is posted is hard to read: {ease:.0} of 100 by Flesch's measure"),
            )
            .hint("split a sentence, or take a shorter word"),
        );
    }
    fair(&claim.reason, origin.field("reason"), out);
    for section in sections {
        fair(section, origin.text, out);
    }
}

fn fair(text: &str, at: Span, out: &mut Vec<Diagnostic>) {
    let words = words(&outside_quotation_marks(text));
    let spoken = format!(" {} ", words.join(" "));
    let says = |phrase: &str| spoken.contains(&format!(" {phrase} "));
    for mocking in MOCKING.iter().filter(|mocking| says(mocking)) {
        out.push(
            finding(code::MOCKING_WORDS, at, format!("`{mocking}` mocks, or sounds like it"))
                .hint("say what the sources show, and nothing about those who say otherwise"),
        );
    }
    for people in PEOPLES {
        let of_all = [
            format!("all {people}"),
            format!("every {people}"),
            format!("{people} always"),
            format!("{people} never"),
            format!("{people} all"),
        ];
        if let Some(said) = of_all.iter().find(|said| says(said)) {
            out.push(
                finding(code::GENERALISES, at, format!("`{said}` speaks of a whole people"))
                    .hint("name those who did it: a government, an army, a person"),
            );
        }
    }
}

/// Small letters and apostrophes, so that punctuation parts no phrase; a hyphen holds a word together.
fn words(text: &str) -> Vec<String> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '’' | '-');
    text.split(|c| !is_part(c))
        .filter(|word| !word.is_empty())
        .map(|word| word.to_lowercase().replace('’', "'"))
        .collect()
}

/// Quotation marks in pairs, with what stands in them. Single ones are apostrophes too often.
fn quoted(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['"', '“', '„', '«']) {
        let mut after = rest.get(at..).unwrap_or("").chars();
        after.next();
        let after = after.as_str();
        let Some(end) = after.find(['"', '”', '“', '»']) else { break };
        found.push(after.get(..end).unwrap_or(""));
        let mut behind = after.get(end..).unwrap_or("").chars();
        behind.next();
        rest = behind.as_str();
    }
    found
}

fn outside_quotation_marks(text: &str) -> String {
    let mut left = text.to_owned();
    for inside in quoted(text) {
        left = left.replace(inside, " ");
    }
    left
}

/// Words in quotation marks must be words that somebody read: of a quotation, its translation, or a title.
fn unread_words(text: &str, claim: &Claim, at: Span, out: &mut Vec<Diagnostic>) {
    let mut read: Vec<Vec<String>> = Vec::new();
    for source in &claim.sources {
        read.push(words(&source.title));
        read.extend(source.container.as_deref().map(words));
        for quote in &source.quotes {
            read.push(words(&quote.text));
            read.extend(quote.translation.as_deref().map(words));
        }
    }
    for said in quoted(text) {
        for part in said.split("[…]").map(words).filter(|part| !part.is_empty()) {
            let stands = read
                .iter()
                .any(|read| read.windows(part.len()).any(|window| window == part.as_slice()));
            if !stands {
                out.push(
                    finding(
                        code::UNREAD_WORDS,
                        at,
                        format!("`{}` stands in no quotation of the file", part.join(" ")),
                    )
                    .hint("quote what was read, or take the quotation marks away"),
                );
            }
        }
    }
}

/// Flesch's reading ease; none for a text without words.
fn reading_ease(text: &str) -> Option<f32> {
    let words = words(text);
    let count = u16::try_from(words.len()).ok().filter(|count| *count > 0)?;
    let syllables: usize = words.iter().map(|word| syllables(word)).sum();
    let ends = text
        .split_inclusive(['.', '!', '?', '…'])
        .filter(|part| part.chars().any(char::is_alphabetic));
    let sentences = f32::from(u16::try_from(ends.count().max(1)).ok()?);
    let syllables = f32::from(u16::try_from(syllables).ok()?);
    let count = f32::from(count);
    Some(206.835 - 1.015 * (count / sentences) - 84.6 * (syllables / count))
}

/// Runs of vowels, a silent `e` at the end left out: wrong for single words, right on average.
fn syllables(word: &str) -> usize {
    let vowels: Vec<bool> = word.chars().map(|c| "aeiouyäöü".contains(c)).collect();
    let starts = vowels.iter().enumerate().filter(|(at, is_vowel)| {
        **is_vowel && at.checked_sub(1).and_then(|before| vowels.get(before)) != Some(&true)
    });
    let silent = usize::from(word.ends_with('e') && !word.ends_with("le"));
    starts.count().saturating_sub(silent).max(1)
}

#[cfg(test)]
mod tests {
    use super::{outside_quotation_marks, quoted, reading_ease, syllables};

    #[test]
    fn quotation_marks_come_in_pairs() {
        for (text, expected) in [
            ("He said \"no\" and “never”.", vec!["no", "never"]),
            ("„Nein“, said he; it's one", vec!["Nein"]),
            ("an inch is written 5\" here", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(quoted(text), expected, "{text}");
        }
        assert_eq!(outside_quotation_marks("an \"absurd\" tale"), "an \" \" tale");
    }

    #[test]
    fn syllables_are_runs_of_vowels() {
        for (word, expected) in [("the", 1), ("lake", 1), ("table", 2), ("ratio", 2), ("tv", 1)] {
            assert_eq!(syllables(word), expected, "{word}");
        }
    }

    #[test]
    fn short_words_are_easier() {
        let easy = reading_ease("The lake froze. It was cold.").unwrap();
        let hard = reading_ease(
            "Notwithstanding considerable historiographical disagreement, institutional \
             representatives emphasised administrative responsibilities.",
        )
        .unwrap();
        assert!(easy > 90.0 && hard < 0.0, "{easy} {hard}");
        assert_eq!(reading_ease("…"), None);
    }
}
