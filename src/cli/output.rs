//! Writing to the terminal or a pipe. Knows no content.

use std::fmt;
use std::io::{self, Write};

use crate::cli::Exit;

/// Says on stderr what went wrong or should be known.
pub fn complain(what: impl fmt::Display) {
    // Where stderr is closed nobody can be told, and nothing else should stop for it.
    let _ = writeln!(io::stderr(), "footnote: {what}");
}

/// The exit of a command whose output ended with `result`: a reader who has seen enough and closes
/// the pipe is no failure.
pub fn end(result: io::Result<Exit>) -> Exit {
    match result {
        Ok(exit) => exit,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Done,
        Err(error) => {
            complain(format_args!("cannot write the output: {error}"));
            Exit::Failed
        }
    }
}
