//! Parses the arguments and returns an exit code.

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    footnote::cli::run(footnote::cli::Arguments::parse())
}
