//! Parses the arguments and returns an exit code.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    footnote::cli::main(footnote::cli::Cli::parse()).into()
}
