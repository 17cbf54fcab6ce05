//! `footnote store`: export, import and count what the bot remembers. Asks the running bot, and opens the folder only when nobody holds it.

pub mod door;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::cli::store::door::{Knocked, knock};
use crate::cli::{Exit, Failure};
use crate::config;
use crate::discord::now;
use crate::policy::place::{ChannelId, Moment};
use crate::policy::settings::Mode;
use crate::store::Store;
use crate::store::backup::write_whole;
use crate::store::transfer::{Count, Imported, Standing};

/// What `store` takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    act: Act,
    /// The settings; `config.toml` in the working directory where it is left out
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
}

#[derive(Debug, clap::Subcommand)]
enum Act {
    /// Writes everything into a file of JSON Lines, with a checksum; only its owner can read it
    Export {
        /// The file; it is replaced whole or not at all
        file: PathBuf,
    },
    /// Takes an export in; what is there already and not in the export stays
    Import {
        /// The file
        file: PathBuf,
    },
    /// Says how much of what there is
    Stats,
}

/// What the running bot or the folder is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask<'a> {
    /// Everything.
    Export,
    /// To take this in.
    Import(&'a [u8]),
    /// How much there is.
    Stats,
    /// The modes of channels that moderators have set.
    Modes,
    /// What people want responses to.
    Inbox,
    /// To forget so many of the oldest of these.
    InboxDone(usize),
}

/// Exports, imports or counts.
///
/// # Errors
/// Where the settings, the store or the file fail.
pub fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Failure> {
    let config = config::load(args.config.as_deref()).map_err(said)?;
    match &args.act {
        Act::Export { file } => {
            let answer = ask(&config.store, Ask::Export, false)?;
            write_whole(file, |out| Ok(out.write_all(&answer)?))
                .map_err(|error| Failure::Said(format!("`{}`: {error}", file.display())))?;
            writeln!(out, "{} is written.", file.display())?;
        }
        Act::Import { file } => {
            let export = fs::read(file).map_err(|error| {
                Failure::Said(format!("`{}` cannot be read: {error}", file.display()))
            })?;
            out.write_all(&ask(&config.store, Ask::Import(&export), true)?)?;
        }
        Act::Stats => out.write_all(&ask(&config.store, Ask::Stats, false)?)?,
    }
    Ok(Exit::Done)
}

/// The running bot's answer, or the folder's where no bot runs.
pub(super) fn ask(path: &Path, ask: Ask<'_>, may_make: bool) -> Result<Vec<u8>, Failure> {
    match knock(path, ask) {
        Knocked::Answered(answer) => return Ok(answer),
        Knocked::Refused(why) => return Err(Failure::Said(why)),
        Knocked::NobodyHome => {}
    }
    if !may_make && !path.exists() {
        return Err(Failure::Said(format!(
            "there is no store at `{}`: give its folder as [store] path, or the settings with --config",
            path.display()
        )));
    }
    let store = Store::open(path, now()).map_err(said)?;
    match ask {
        Ask::Export => exported(&store),
        Ask::Import(export) => {
            store.import(export, Standing::Idle).map(taken_in).map_err(|error| error.to_string())
        }
        Ask::Stats => counted(&store),
        Ask::Modes => modes(&store),
        Ask::Inbox => inbox(&store),
        Ask::InboxDone(count) => inbox_done(&store, count),
    }
    .map_err(Failure::Said)
}

/// The channels for which moderators have set a mode, one a line.
fn modes(store: &Store) -> Result<Vec<u8>, String> {
    let channels = store.channels().map_err(|error| error.to_string())?;
    let lines = channels.into_iter().filter_map(|(_, channel, layer)| {
        let mode = layer.mode?;
        Some(format!("{channel} {}\n", mode.word()))
    });
    Ok(lines.collect::<String>().into_bytes())
}

/// The modes that moderators have set, as the running bot says, or the folder where none runs.
///
/// # Errors
/// Where neither can be asked.
pub(super) fn set_modes(path: &Path) -> Result<Vec<(ChannelId, Mode)>, String> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    let answer = ask(path, Ask::Modes, false).map_err(|failure| failure.to_string())?;
    let lines = String::from_utf8_lossy(&answer).into_owned();
    let read = lines.lines().map(|line| {
        let (channel, mode) = line.split_once(' ')?;
        Some((ChannelId(channel.parse().ok()?), Mode::parse(mode)?))
    });
    let read: Option<Vec<_>> = read.collect();
    read.ok_or_else(|| "the running bot is of another version".to_owned())
}

/// What people want responses to, one a line: when, what, and where it can be read about. Quoted as TOML
/// quotes, so that it can be pasted into a file and nothing in it does anything to a terminal.
fn inbox(store: &Store) -> Result<Vec<u8>, String> {
    let all = store.suggestions().map_err(|error| error.to_string())?;
    if all.is_empty() {
        return Ok(b"Nothing waits.\n".to_vec());
    }
    let days = |at: Moment| now().since(at).as_secs() / 86_400;
    let lines = all.iter().map(|(at, one)| {
        let source = one.source.as_ref().map(|source| format!("  # {source:?}"));
        format!("{:>3} d  {:?}{}\n", days(*at), one.wording, source.unwrap_or_default())
    });
    let mut text: String = lines.collect();
    text.push_str(
        "`footnote inbox --done COUNT` forgets the first so many, once they were read.\n",
    );
    Ok(text.into_bytes())
}

fn inbox_done(store: &Store, count: usize) -> Result<Vec<u8>, String> {
    let gone = store.forget_suggestions(count).map_err(|error| error.to_string())?;
    Ok(format!("{gone} forgotten.\n").into_bytes())
}

/// Everything, as an export.
fn exported(store: &Store) -> Result<Vec<u8>, String> {
    let mut answer = Vec::new();
    store.export(&mut answer, now()).map_err(|error| error.to_string())?;
    Ok(answer)
}

fn taken_in(imported: Imported) -> Vec<u8> {
    let (written, known) = (imported.written, imported.known);
    format!("{written} records taken in, {known} were known.\n").into_bytes()
}

/// How much there is, for people.
fn counted(store: &Store) -> Result<Vec<u8>, String> {
    let counts = store.stats().map_err(|error| error.to_string())?;
    Ok(shown(&counts).into_bytes())
}

/// One kind a line; what cannot be read is said.
fn shown(counts: &[Count]) -> String {
    let lines = counts.iter().map(|count| {
        let unreadable = match count.unreadable {
            0 => String::new(),
            some => format!(", {some} of them cannot be read"),
        };
        format!("{:<12}{:>8}{unreadable}\n", count.kind, count.records)
    });
    lines.collect()
}

fn said(error: impl std::fmt::Display) -> Failure {
    Failure::Said(error.to_string())
}
