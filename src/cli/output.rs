//! What is said on stderr. Knows no content.

use std::fmt;
use std::io::{self, Write};

/// Says that something given could not be used.
pub fn error(what: impl fmt::Display) {
    say(format_args!("error: {what}"));
}

/// Says something that people should know and programs need not.
pub fn note(what: impl fmt::Display) {
    say(format_args!("note: {what}"));
}

fn say(what: fmt::Arguments<'_>) {
    // Where stderr is closed nobody can be told, and nothing else should stop for it.
    let _ = writeln!(io::stderr(), "{what}");
}
