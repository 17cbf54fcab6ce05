//! `footnote inbox`: what people want responses to, for authors to read and paste. Asks the running bot, and opens the folder only when nobody holds it.

use std::io::Write;
use std::path::PathBuf;

use crate::cli::store::{Ask, ask};
use crate::cli::{Exit, Failure};
use crate::config;

/// What `inbox` takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Forgets so many of the oldest, once they were read
    #[arg(long, value_name = "COUNT")]
    done: Option<usize>,
    /// The settings; `config.toml` in the working directory where it is left out
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// Lists the suggestions, or forgets those that were read.
///
/// # Errors
/// Where the settings or the store fail.
pub fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Failure> {
    let config =
        config::load(args.config.as_deref()).map_err(|error| Failure::Said(error.to_string()))?;
    let what = args.done.map_or(Ask::Inbox, Ask::InboxDone);
    out.write_all(&ask(&config.store, what, false)?)?;
    Ok(Exit::Done)
}
