//! What English words share with their other forms. Knows single words, no sentences.

use rust_stemmers::{Algorithm, Stemmer};
use std::collections::HashMap;
use std::sync::LazyLock;

/// What a word shares with its other forms: "joined" and "joining" share "join", "wore" and "wearing" "wear",
/// "4th" and "fourth" "4". Snowball's English stemmer after a table of what it cannot know.
pub fn stem(word: &str) -> String {
    if let Some(ordinal) = ordinal(word) {
        return ordinal.to_owned();
    }
    let base = IRREGULAR.get(word).copied().unwrap_or(word);
    if !base.is_ascii() {
        return base.to_owned();
    }
    STEMMER.stem(base).into_owned()
}

/// Whether "'s" after this word is a verb rather than a possessive.
pub fn takes_is(word: &str) -> bool {
    matches!(
        word,
        "it" | "that"
            | "he"
            | "she"
            | "what"
            | "there"
            | "who"
            | "here"
            | "where"
            | "how"
            | "let"
            | "this"
            | "when"
            | "why"
            | "everyone"
            | "nobody"
            | "someone"
    )
}

static STEMMER: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::create(Algorithm::English));

/// "4" of "4th"; none for other words.
fn ordinal(word: &str) -> Option<&str> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let ending = word.get(digits.len()..)?;
    let all_digits = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    (all_digits && matches!(ending, "st" | "nd" | "rd" | "th")).then_some(digits)
}

static IRREGULAR: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    FORMS
        .lines()
        .filter_map(|line| line.split_once(' '))
        .flat_map(|(base, forms)| forms.split(' ').map(move |form| (form, base)))
        .collect()
});

/// A base form a line, then the forms that lead to it: irregular verbs and plurals, numbers in words,
/// months cut short, and what chats write short. "saw", "found", "felt" and "left" stay themselves:
/// they are more often something else.
const FORMS: &str = include_str!("forms-en.txt");

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn forms_of_one_word_share_a_stem() {
        for (one, other) in [
            ("join", "joined"),
            ("wore", "wearing"),
            ("worn", "wear"),
            ("fourth", "4th"),
            ("4", "four"),
            ("nov", "november"),
            ("men", "man"),
            ("agreed", "agrees"),
            ("ppl", "people"),
            ("tryed", "try"),
        ] {
            assert_eq!(stem(one), stem(other), "{one} {other}");
        }
    }
}
