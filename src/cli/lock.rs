//! `footnote lock`: rewrites quotes.lock from the files as they are. The only writer of that file.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::cli::{Exit, Failure};
use crate::content::load::{load, shown};
use crate::content::lock::{Entry, FILE_NAME, Lock, changes};

/// The arguments of `footnote lock`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The responses folder
    #[arg(long, value_name = "D", default_value = "responses")]
    responses: PathBuf,
}

/// Locks the quotations and prints each that changed. Claims with errors keep the lines they have.
pub fn run(args: &Args, out: &mut impl Write) -> Result<Exit, Failure> {
    let loaded = load(&args.responses)?;
    let now = Lock::of(&loaded.catalog).keeping(&loaded.lock, &loaded.unread);
    for change in changes(&loaded.lock, &now) {
        let before = change.before.and_then(|at| loaded.lock.entries.get(at));
        let after = change.after.and_then(|at| now.entries.get(at));
        print(before, after, out)?;
    }
    let path = args.responses.join(FILE_NAME);
    let text = now.render();
    let written = loaded.files.file(loaded.lock_file).map_or("", |file| file.text.as_str());
    if text != written {
        replace(&path, &text).map_err(|error| {
            Failure::Said(format!("`{}` cannot be written: {error}", path.display()))
        })?;
    }
    let state = if text == written { "as it was" } else { "written" };
    writeln!(out, "{}: {} quotations, {state}", shown(&path), now.entries.len())?;
    if loaded.unread.is_empty() {
        return Ok(Exit::Done);
    }
    let names: Vec<_> = loaded.unread.iter().map(|name| format!("`{name}`")).collect();
    writeln!(out, "not locked, because their files have errors: {}", names.join(", "))?;
    writeln!(out, "run `footnote check` to see them")?;
    Ok(Exit::Findings)
}

fn print(
    before: Option<&Entry>,
    after: Option<&Entry>,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let Some(entry) = after.or(before) else { return Ok(()) };
    let what = match (before, after) {
        (Some(_), Some(_)) => "changed",
        (None, _) => "new",
        (_, None) => "gone",
    };
    writeln!(out, "{what}: {} [{}]", entry.claim, entry.source)?;
    if let Some(before) = before {
        writeln!(out, "  - {} {} {}", before.checked, before.hash, before.start)?;
    }
    if let Some(after) = after {
        writeln!(out, "  + {} {} {}", after.checked, after.hash, after.start)?;
    }
    Ok(())
}

/// Whoever reads the file sees the old or the new one, never half of one, also after a crash.
fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    // The process id keeps two runs out of each other's way.
    let beside = path.with_file_name(format!(".{FILE_NAME}.{}", std::process::id()));
    let written = File::create(&beside).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&beside, path)
    });
    if written.is_err() {
        // What was written so far is of no use, and its absence no fault.
        let _ = fs::remove_file(&beside);
    }
    written
}
