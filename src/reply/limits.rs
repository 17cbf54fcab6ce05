//! Discord's limits and our own narrower ones, each once. Knows no claim. Source of Discord's: its
//! API reference, sections "Message" and "Message Components", read 2026-08-06.

/// The most characters of a message's content.
pub const CONTENT: usize = 2000;
/// The most characters of a button's label.
pub const BUTTON_LABEL: usize = 80;
/// The most characters of a `custom_id`.
pub const CUSTOM_ID: usize = 100;
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

#[cfg(test)]
mod tests {
    use super::length;

    #[test]
    fn length_is_never_less_than_any_way_of_counting_characters() {
        for (text, expected) in [("", 0), ("abc", 3), ("é", 1), ("日本", 2), ("👍", 2)] {
            assert_eq!(length(text), expected, "{text}");
            assert!(length(text) >= text.chars().count());
        }
    }
}
