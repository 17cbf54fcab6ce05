//! Parses the arguments and returns an exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    footnote::cli::main()
}
