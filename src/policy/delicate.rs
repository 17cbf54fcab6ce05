//! Which places are quiet by default, by their names: where people mourn, where they look for help, and where minors are. Knows no settings but the words that an operator adds.

use std::collections::BTreeSet;

/// Words of a channel's or thread's name. Where one of them stands nobody is corrected until
/// moderators say otherwise: a wrong guess costs an answer, a missed one hurts.
const WORDS: [&str; 39] = [
    // Where people remember their dead.
    "memorial",
    "memorials",
    "memoriam",
    "remembrance",
    "obituary",
    "obituaries",
    "rip",
    "grief",
    "grieving",
    "mourning",
    "condolences",
    "bereavement",
    "farewell",
    // Where they look for help.
    "support",
    "vent",
    "venting",
    "vents",
    "crisis",
    "mental",
    "therapy",
    "suicide",
    "selfharm",
    "depression",
    "trauma",
    "survivors",
    "recovery",
    "sos",
    "helpline",
    // Where minors are.
    "kids",
    "children",
    "minors",
    "teens",
    "teen",
    "teenagers",
    "youth",
    "u18",
    "u16",
    "under18",
    "under16",
];

/// The same written in two words.
const PAIRS: [(&str, &str); 6] = [
    ("self", "harm"),
    ("under", "18"),
    ("under", "18s"),
    ("under", "16"),
    ("under", "13"),
    ("13", "17"),
];

/// The words in whose places nobody should be corrected: those above, and an operator's own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Delicate(BTreeSet<String>);

impl Delicate {
    /// With more words, which are typed with commas between them; none where one of them is no single word.
    pub fn with(more: &str) -> Option<Self> {
        let words = more.split(',').map(str::trim).filter(|word| !word.is_empty());
        let single = |word: &str| word.chars().all(char::is_alphanumeric);
        words.map(|word| single(word).then(|| word.to_lowercase())).collect::<Option<_>>().map(Self)
    }

    /// Whether nobody should be corrected in a place of this name.
    pub fn is_said_by(&self, name: &str) -> bool {
        let lower = name.to_lowercase();
        let words: Vec<&str> =
            lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let is_pair = |pair: &[&str]| matches!(pair, [a, b] if PAIRS.contains(&(*a, *b)));
        let is_ours = |word: &&str| WORDS.contains(word) || self.0.contains(*word);
        words.iter().any(is_ours) || words.windows(2).any(is_pair)
    }
}

#[cfg(test)]
mod tests {
    use super::Delicate;

    #[test]
    fn places_of_grief_help_and_minors_are_told_by_their_names() {
        for (name, expected) in [
            ("in-memoriam", true),
            ("🕯️│memorial", true),
            ("Grief Support", true),
            ("mental_health", true),
            ("self-harm-help", true),
            ("kids-corner", true),
            ("13-17-only", true),
            ("under-18s", true),
            ("history", false),
            ("supporters-lounge", false),
            ("the-grapevine", false),
            ("children-of-men", true),
            ("ripping-yarns", false),
            ("1813-1817", false),
            ("", false),
        ] {
            assert_eq!(Delicate::default().is_said_by(name), expected, "{name}");
        }
    }

    #[test]
    fn an_operator_adds_single_words_and_takes_none_away() {
        let more = Delicate::with(" Grove, тихо ,").expect("words");
        for (name, expected) in
            [("sacred-grove", true), ("тихо", true), ("groves", false), ("in-memoriam", true)]
        {
            assert_eq!(more.is_said_by(name), expected, "{name}");
        }
        assert_eq!(Delicate::with(""), Some(Delicate::default()));
        for wrong in ["two words", "sacred-grove", "a,b c"] {
            assert_eq!(Delicate::with(wrong), None, "{wrong}");
        }
    }
}
