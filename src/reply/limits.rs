//! Discord's limits and our own narrower ones, each once. Knows no claim. Source of Discord's: its
//! API reference, sections "Message" and "Message Components", read 2026-08-06.

/// The most characters of a message's content.
pub const CONTENT: usize = 2000;
/// The most characters of a button's label.
pub const BUTTON_LABEL: usize = 80;
/// The most characters of a `custom_id`.
pub const CUSTOM_ID: usize = 100;
/// The most choices that are offered to somebody typing.
pub const CHOICES: usize = 25;
/// The most characters of such a choice.
pub const CHOICE_NAME: usize = 100;
/// Our own: the most characters of a suggestion to authors.
pub const SUGGESTED: usize = 300;
/// Our own: the most characters of where it can be read about.
pub const SUGGESTED_SOURCE: usize = 200;
/// Our own: the most rendered characters of the text that is posted.
pub const SHORT: usize = 350;
/// Our own: the most sources that a posted reply names.
pub const SHORT_SOURCES: usize = 2;
/// Our own: the most characters of an address that is printed; Discord's for the address of a button.
pub const URL: usize = 512;

/// The length of a text as Discord may count it at the most: in UTF-16 units. Its clients count
/// those and its servers count characters, of which there are never more.
pub fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Two texts below one another, where both fit into one message.
pub fn joined(above: &str, below: &str) -> Option<String> {
    let both = format!("{above}\n{below}");
    (length(&both) <= CONTENT).then_some(both)
}

/// As many lines below one another as fit into one message, and a mark where some are left out.
pub fn fitted(lines: &[String]) -> String {
    let mut text = String::new();
    for (at, line) in lines.iter().enumerate() {
        let left = if at + 1 == lines.len() { 0 } else { length(CUT) + 1 };
        let new = length(line) + usize::from(!text.is_empty());
        if length(&text) + new + left > CONTENT {
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(CUT);
            return text;
        }
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(line);
    }
    text
}

/// Where lines are left out.
const CUT: &str = "…";

#[cfg(test)]
mod tests {
    use super::{CONTENT, fitted, joined, length};

    #[test]
    fn what_does_not_fit_is_left_out_and_says_so() {
        let line = "x".repeat(999);
        assert_eq!(fitted(&[]), "");
        assert_eq!(length(&fitted(&[line.clone(), line.clone()])), 1999);
        let cut = fitted(&[line.clone(), line.clone(), line.clone()]);
        assert!(cut.ends_with("x\n…") && length(&cut) <= CONTENT, "{}", length(&cut));
        assert_eq!(fitted(&["x".repeat(CONTENT)]), "x".repeat(CONTENT));
        assert_eq!(fitted(&["x".repeat(CONTENT + 1)]), "…");
        assert_eq!(joined(&line, &line).map(|both| length(&both)), Some(1999));
        assert_eq!(joined(&line, &"x".repeat(1001)), None);
    }

    #[test]
    fn length_is_never_less_than_any_way_of_counting_characters() {
        for (text, expected) in [("", 0), ("abc", 3), ("é", 1), ("日本", 2), ("👍", 2)] {
            assert_eq!(length(text), expected, "{text}");
            assert!(length(text) >= text.chars().count());
        }
    }
}
