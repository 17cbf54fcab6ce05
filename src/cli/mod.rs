//! The command line: one file a subcommand. Knows the arguments, the terminal and the exit codes; what is done stands elsewhere.

pub mod chat;
pub mod eval;
pub mod input;
pub mod judge;
pub mod output;
pub mod run;
pub mod try_match;

use std::process::ExitCode;

use clap::Parser;

/// Recognises historical talking points in Discord channels and answers with sourced context.
#[derive(Debug, Parser)]
#[command(name = "footnote", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

/// What can be done.
#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Run the bot
    Run(run::Args),
    /// Try a channel in the terminal: no token, no network
    Chat(chat::Args),
    /// Say what would be done about messages
    Match(try_match::Args),
    /// Measure on labelled data
    Eval(eval::Args),
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// It did what it was asked.
    Done,
    /// It found something that should be mended.
    Findings,
    /// It could not do it, or not for all it was given.
    Failed,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Done => Self::from(0),
            Exit::Findings => Self::from(1),
            Exit::Failed => Self::from(2),
        }
    }
}

/// Parses the arguments of this process and does what they say.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version come this way too, and are no failure. Nothing is left to do where
            // even the message cannot be written.
            let _ = error.print();
            return if error.use_stderr() { Exit::Failed } else { Exit::Done }.into();
        }
    };
    let exit = match arguments.command {
        Command::Run(args) => run::run(&args),
        Command::Chat(args) => chat::run(&args),
        Command::Match(args) => try_match::run(&args),
        Command::Eval(args) => eval::run(&args),
    };
    exit.into()
}
