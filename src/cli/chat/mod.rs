//! `footnote chat`: a channel in the terminal, to try what would be said. Knows neither Discord nor the store; the clock is read here only.

mod draw;
mod room;

use std::io::{self, BufReader, IsTerminal, Write};
use std::path::PathBuf;
use std::time::SystemTime;

use rustyline::DefaultEditor;
use rustyline::error::ReadlineError;

use crate::cli::Exit;
use crate::cli::chat::draw::Style;
use crate::cli::chat::room::{Room, Shown};
use crate::cli::input;
use crate::cli::judge::Judge;
use crate::cli::output::{complain, end};
use crate::policy::place::Moment;

/// Arguments of `footnote chat`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder with the claims
    #[arg(long, default_value = "responses", value_name = "DIR")]
    responses: PathBuf,
}

/// Runs until somebody leaves.
pub fn run(args: &Args) -> Exit {
    let (judge, problems) = match Judge::load(&args.responses) {
        Ok(loaded) => loaded,
        Err(error) => {
            complain(error);
            return Exit::Failed;
        }
    };
    if let Some(problems) = problems {
        complain(problems);
    }
    let claims = judge.catalog().published().count();
    let mut room = Room::new(judge);
    end(if io::stdin().is_terminal() { talk(&mut room, claims) } else { listen(&mut room) })
}

/// A conversation with a person.
fn talk(room: &mut Room, claims: usize) -> io::Result<Exit> {
    let style = if io::stdout().is_terminal() { Style::Terminal } else { Style::Plain };
    let mut editor = match DefaultEditor::new() {
        Ok(editor) => editor,
        Err(error) => {
            complain(format_args!("cannot use this terminal: {error}"));
            return Ok(Exit::Failed);
        }
    };
    let welcome = format!(
        "A channel in mode reply, with {claims} claims. Write a message, or /help. Nothing leaves this terminal."
    );
    show(&[Shown::Note(welcome)], style)?;
    loop {
        let line = match editor.readline("you  ") {
            Ok(line) => line,
            Err(ReadlineError::Interrupted) => {
                show(&[Shown::Note("/quit leaves, and so does Ctrl-D".to_owned())], style)?;
                continue;
            }
            Err(ReadlineError::Eof) => return Ok(Exit::Done),
            Err(error) => {
                complain(format_args!("cannot read from the terminal: {error}"));
                return Ok(Exit::Failed);
            }
        };
        // A line that cannot be kept can still be answered.
        let _ = editor.add_history_entry(&line);
        if line.trim().is_empty() {
            continue;
        }
        let Some(shown) = room.take(&line, now()) else { return Ok(Exit::Done) };
        show(&shown, style)?;
    }
}

/// A conversation with a pipe: no prompts, and the same output every time.
fn listen(room: &mut Room) -> io::Result<Exit> {
    let mut reader = BufReader::new(io::stdin().lock());
    let mut exit = Exit::Done;
    loop {
        let line = match input::line(&mut reader) {
            Ok(Some(line)) => line,
            Ok(None) => return Ok(exit),
            Err(error) => {
                complain(format_args!("cannot read the input: {error}"));
                return Ok(Exit::Failed);
            }
        };
        match line.text() {
            Ok(line) => {
                let Some(shown) = room.take(&line, now()) else { return Ok(exit) };
                show(&shown, Style::Plain)?;
            }
            Err(error) => {
                show(&[Shown::Note(error)], Style::Plain)?;
                exit = Exit::Failed;
            }
        }
    }
}

fn show(shown: &[Shown], style: Style) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for one in shown {
        out.write_all(draw::draw(one, style).as_bytes())?;
    }
    out.flush()
}

#[expect(clippy::disallowed_methods, reason = "a conversation with a person happens now")]
fn now() -> Moment {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Moment(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}
