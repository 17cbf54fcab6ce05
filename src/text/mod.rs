//! Text as people type it becomes segments and tokens that point back into the original. Knows no claim and no channel.

/// A message ready to be matched.
#[derive(Debug, Clone, Default)]
pub struct Text {}

/// Reads one message. Never fails: whatever was typed has a reading.
pub fn read(_original: &str) -> Text {
    Text {}
}
