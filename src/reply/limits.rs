//! Discord's limits and our own narrower ones, each once. Source of Discord's: its API reference,
//! sections "Message" and "Message Components", read 2026-08-06.

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
