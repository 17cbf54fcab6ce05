//! `footnote eval`: measures on labelled files. Knows how they are read and how figures are shown; the measures themselves are `eval`'s.

mod decide;
pub(super) mod figures;
mod rank;
mod report;
mod train;

use std::fs;
use std::io::Write;
use std::panic::resume_unwind;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::cli::output;
use crate::cli::progress::Progress;
use crate::cli::{Exit, Failure};
use crate::eval::rows::{Fault, Input};

/// Arguments of `footnote eval`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    measure: Measure,
}

/// What is measured.
#[derive(Debug, clap::Subcommand)]
enum Measure {
    /// How near the top the right claims of a public store stand
    Rank(rank::Args),
    /// How often the right answer comes, and how often a false one
    Decide(decide::Args),
    /// Learn the weights of the score from labelled files and print them
    Train(train::Args),
}

/// Why nothing was measured.
enum Stopped {
    /// Files could not be used: all that is wrong with them.
    Faults(Vec<String>),
    /// Something else failed.
    Failed(Failure),
}

impl<E: Into<Failure>> From<E> for Stopped {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// Measures.
pub fn run(args: &Args, out: &mut impl Write) -> Result<Exit, Failure> {
    let result = match &args.measure {
        Measure::Rank(args) => rank::run(args, out),
        Measure::Decide(args) => decide::run(args, out),
        Measure::Train(args) => train::run(args, out),
    };
    match result {
        Ok(()) => Ok(Exit::Done),
        Err(Stopped::Failed(failure)) => Err(failure),
        Err(Stopped::Faults(faults)) => {
            faults.iter().for_each(output::error);
            Ok(Exit::Incomplete)
        }
    }
}

/// Reads a file and parses it; every fault is told.
fn read<T>(
    path: &Path,
    problems: &mut Vec<String>,
    parse: impl FnOnce(Input<'_>) -> Result<T, Vec<Fault>>,
) -> Option<T> {
    let name = path.display().to_string();
    match fs::read(path) {
        Ok(bytes) => match parse(Input { name: &name, bytes: &bytes }) {
            Ok(rows) => return Some(rows),
            Err(faults) => problems.extend(faults.iter().map(ToString::to_string)),
        },
        Err(error) => problems.push(format!("{name}: {error}")),
    }
    None
}

/// Few enough that a slow part does not leave the other processors waiting.
const PART: usize = 64;

/// The results of `one` for each item, in order, worked out on all processors.
fn each<T: Sync, R: Send>(what: &str, items: &[T], one: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let bar = Progress::new(what, items.len());
    let next = AtomicUsize::new(0);
    let parts: Vec<&[T]> = items.chunks(PART).collect();
    let work = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(part) = parts.get(at) else { return done };
            done.push((at, part.iter().map(&one).collect::<Vec<R>>()));
            bar.add(part.len());
        }
    };
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let mut done: Vec<(usize, Vec<R>)> = thread::scope(|scope| {
        let handles: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        // A panic is a fault of ours, and goes on as one.
        let join = |handle: thread::ScopedJoinHandle<'_, _>| {
            handle.join().unwrap_or_else(|panic| resume_unwind(panic))
        };
        handles.into_iter().flat_map(join).collect()
    });
    bar.end();
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().flat_map(|(_, results)| results).collect()
}
