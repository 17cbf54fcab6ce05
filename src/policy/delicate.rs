//! Which places are quiet by default, by their names: where people mourn, where they look for help, and where minors are. Knows no settings.

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

/// Whether nobody should be corrected in a place of this name.
pub fn is_delicate(name: &str) -> bool {
    let lower = name.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_pair = |pair: &[&str]| matches!(pair, [a, b] if PAIRS.contains(&(*a, *b)));
    words.iter().any(|word| WORDS.contains(word)) || words.windows(2).any(is_pair)
}

#[cfg(test)]
mod tests {
    use super::is_delicate;

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
            assert_eq!(is_delicate(name), expected, "{name}");
        }
    }
}
