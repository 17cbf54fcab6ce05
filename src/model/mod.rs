//! The words of the domain: claims, responses, sources, diagnostics. Knows only `std`: no file format, no Discord, no store.

pub mod body;
pub mod catalog;
pub mod claim;
pub mod code;
pub mod date;
pub mod diagnostic;
pub mod explanation;
pub mod hosts;
pub mod origin;
pub mod phrasing;
pub mod score;
pub mod source;
pub mod span;
