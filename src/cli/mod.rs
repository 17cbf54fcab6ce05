//! The command line: arguments in, an exit code out. The only place that prints; one file a subcommand.

pub mod chat;
pub mod check;
pub mod current;
pub mod doctor;
pub mod eval;
pub mod inbox;
pub mod input;
pub mod judge;
pub mod links;
pub mod lock;
pub mod new;
pub mod output;
pub mod preview;
mod progress;
pub mod replay;
pub mod report;
pub mod run;
pub mod schema;
pub mod site;
pub mod store;
pub mod try_claim;
pub mod try_match;

use std::io::{self, Write};
use std::process::ExitCode;

use crate::content::load::LoadError;

/// footnote recognises historical talking points and answers with sourced context.
#[derive(Debug, clap::Parser)]
#[command(name = "footnote", version, about)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Runs the bot
    Run(run::Args),
    /// Says what would be done about messages
    Match(try_match::Args),
    /// Opens a channel in the terminal, to try what would be said: no token, no network
    Chat(chat::Args),
    /// Checks response files and says everything that is wrong with them
    Check(check::Args),
    /// Begins a claim's file, asking for what it needs
    New(new::Args),
    /// Says which of a file of messages a claim catches and misses, and what to add to it
    Try(try_claim::Args),
    /// Shows all claims on a page of this machine, as a channel would
    Preview(preview::Args),
    /// Writes all claims as a site: a folder of pages that any web server can show
    Site(site::Args),
    /// Prints what editors need to complete and check response files
    Schema(schema::Args),
    /// Asks every address of the responses whether it still answers, and says what moved or is gone
    Links(links::Args),
    /// Rewrites quotes.lock, printing each quotation that changed
    Lock(lock::Args),
    /// Exports, imports and counts what the bot remembers, also while it runs
    Store(store::Args),
    /// Lists what people want responses to, as they typed it into a form
    Inbox(inbox::Args),
    /// Says what would have been said to an exported chat log, before the bot says a word
    Replay(replay::Args),
    /// Measures on labelled data
    Eval(eval::Args),
    /// Looks at settings, files, store, clock, token, intents and permissions, and says what to do
    Doctor(doctor::Args),
}

/// How a command that could run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All is well.
    Done,
    /// Something was found.
    Findings,
    /// Some of what was given could not be used, as was said in its place.
    Incomplete,
}

/// Why a command could not run: one clear sentence, exit code 2.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A responses folder could not be read.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// Nobody reads what is printed, as in `footnote check | head`. It is no fault and says nothing.
    #[error("nobody reads the output")]
    Unread,
    /// Anything else, in words.
    #[error("{0}")]
    Said(String),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::Unread,
            _ => Self::Said(format!("the output cannot be written: {error}")),
        }
    }
}

/// Runs the command and says what went wrong.
pub fn run(arguments: Arguments) -> ExitCode {
    let mut out = io::stdout().lock();
    let result = match arguments.command {
        Command::Run(args) => run::run(&args),
        Command::Match(args) => try_match::run(&args, &mut out),
        Command::Chat(args) => chat::run(&args, &mut out),
        Command::Check(args) => check::run(&args, &mut out),
        Command::New(args) => new::run(&args, &mut out),
        Command::Try(args) => try_claim::run(&args, &mut out),
        Command::Preview(args) => preview::run(&args, &mut out),
        Command::Site(args) => site::run(&args, &mut out),
        Command::Schema(args) => schema::run(&args, &mut out),
        Command::Links(args) => links::run(&args, &mut out),
        Command::Lock(args) => lock::run(&args, &mut out),
        Command::Store(args) => store::run(&args, &mut out),
        Command::Inbox(args) => inbox::run(&args, &mut out),
        Command::Replay(args) => replay::run(&args, &mut out),
        Command::Eval(args) => eval::run(&args, &mut out),
        Command::Doctor(args) => doctor::run(&args, &mut out),
    };
    match result {
        Ok(Exit::Done) | Err(Failure::Unread) => ExitCode::SUCCESS,
        Ok(Exit::Findings) => ExitCode::from(1),
        Ok(Exit::Incomplete) => ExitCode::from(2),
        Err(failure) => {
            // Where even this cannot be written, the exit code still says it.
            let _ = writeln!(io::stderr().lock(), "error: {failure}");
            ExitCode::from(2)
        }
    }
}
