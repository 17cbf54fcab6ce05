//! `footnote chat`: a channel in the terminal, to try what would be said. Knows neither Discord nor the store; the clock is read here only.

mod draw;
mod room;

use std::io::{self, BufReader, IsTerminal, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use rustyline::DefaultEditor;
use rustyline::error::ReadlineError;

use crate::app::engine::{Engine, Live};
use crate::app::reload::Problem;
use crate::cli::chat::draw::Style;
use crate::cli::chat::room::{Room, Shown};
use crate::cli::current::keep_current;
use crate::cli::input;
use crate::cli::judge::Judge;
use crate::cli::output;
use crate::cli::{Exit, Failure};
use crate::config::Watching;
use crate::model::diagnostic::Levels;
use crate::policy::place::Moment;

/// Arguments of `footnote chat`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder with the claims
    #[arg(long, default_value = "responses", value_name = "DIR")]
    responses: PathBuf,
}

/// Runs until somebody leaves.
pub fn run(args: &Args, out: &mut impl Write) -> Result<Exit, Failure> {
    let (judge, problems) = Judge::load(&args.responses)?;
    if let Some(problems) = problems {
        output::note(problems);
    }
    let claims = judge.catalog().published().count();
    let shelf = Shelf::open(args, &judge);
    let mut room = Room::new(judge);
    if io::stdin().is_terminal() {
        talk(&mut room, claims, shelf, out)
    } else {
        listen(&mut room, shelf, out)
    }
}

/// The claims as the files have them now, and what was said of them.
struct Shelf {
    live: Arc<Live>,
    engine: Arc<Engine>,
    problems: Arc<Vec<Problem>>,
}

impl Shelf {
    fn open(args: &Args, judge: &Judge) -> Self {
        let engine = Arc::clone(judge.engine());
        let live = Arc::new(Live::new(Arc::clone(&engine)));
        let folder = args.responses.clone();
        let kept =
            keep_current(folder, Watching::Events, Levels::default(), Arc::clone(&live), None);
        if let Err(error) = kept {
            output::note(format!("{error}: changed files wait for the next start"));
        }
        Self { live, engine, problems: Arc::default() }
    }

    /// Takes up what changed since the last line, and says so.
    fn renew(&mut self, room: &mut Room) -> Vec<Shown> {
        let mut shown = Vec::new();
        let (engine, problems) = (self.live.snapshot(), self.live.problems());
        if !Arc::ptr_eq(&engine, &self.engine) {
            let claims = engine.catalog.published().count();
            shown.push(Shown::Note(format!("the files changed: {claims} claims")));
            room.renew(Judge::of(Arc::clone(&engine)));
            self.engine = engine;
        }
        for new in problems.iter().filter(|problem| !self.problems.contains(problem)) {
            let place = &new.place;
            shown.push(Shown::Note(format!("{place}: {}; its last good form stays", new.message)));
        }
        self.problems = problems;
        shown
    }
}

/// A conversation with a person.
fn talk(
    room: &mut Room,
    claims: usize,
    mut shelf: Shelf,
    out: &mut impl Write,
) -> Result<Exit, Failure> {
    let style = if io::stdout().is_terminal() { Style::Terminal } else { Style::Plain };
    let said =
        |error: ReadlineError| Failure::Said(format!("this terminal cannot be used: {error}"));
    let mut editor = DefaultEditor::new().map_err(said)?;
    let welcome = format!(
        "A channel in mode reply, with {claims} claims. Write a message, or /help. Nothing leaves this terminal."
    );
    show(&[Shown::Note(welcome)], style, out)?;
    loop {
        let line = match editor.readline("you  ") {
            Ok(line) => line,
            Err(ReadlineError::Interrupted) => {
                let note = "/quit leaves, and so does Ctrl-D".to_owned();
                show(&[Shown::Note(note)], style, out)?;
                continue;
            }
            Err(ReadlineError::Eof) => return Ok(Exit::Done),
            Err(error) => return Err(said(error)),
        };
        if line.trim().is_empty() {
            continue;
        }
        // A line that cannot be kept can still be answered.
        let _ = editor.add_history_entry(&line);
        show(&shelf.renew(room), style, out)?;
        let Some(shown) = room.take(&line, now()) else { return Ok(Exit::Done) };
        show(&shown, style, out)?;
    }
}

/// A conversation with a pipe: no prompts, and the same output every time.
fn listen(room: &mut Room, mut shelf: Shelf, out: &mut impl Write) -> Result<Exit, Failure> {
    let mut reader = BufReader::new(io::stdin().lock());
    let mut exit = Exit::Done;
    loop {
        let line = input::line(&mut reader)
            .map_err(|error| Failure::Said(format!("the input cannot be read: {error}")))?;
        let Some(line) = line else { return Ok(exit) };
        match line.text() {
            Ok(line) => {
                show(&shelf.renew(room), Style::Plain, out)?;
                let Some(shown) = room.take(&line, now()) else { return Ok(exit) };
                show(&shown, Style::Plain, out)?;
            }
            Err(error) => {
                show(&[Shown::Note(error)], Style::Plain, out)?;
                exit = Exit::Incomplete;
            }
        }
    }
}

fn show(shown: &[Shown], style: Style, out: &mut impl Write) -> io::Result<()> {
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
