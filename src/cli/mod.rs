//! The command line: one file a subcommand. Knows how arguments become a call, and nothing of what the call does.

pub mod run;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Recognises historical talking points and answers with sourced context.
#[derive(Debug, Parser)]
#[command(name = "footnote", version)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the bot
    Run(run::Args),
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// It did what it was asked.
    Done,
    /// It did, and found something.
    Findings,
    /// It could not.
    CouldNotRun,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Done => Self::SUCCESS,
            Exit::Findings => Self::from(1),
            Exit::CouldNotRun => Self::from(2),
        }
    }
}

/// Does what the arguments say.
pub fn main(cli: Cli) -> Exit {
    match cli.command {
        Command::Run(args) => run::run(&args),
    }
}
