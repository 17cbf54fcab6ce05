//! `footnote replay`: what would have been said to an exported chat log, before the bot says a word. Knows neither Discord nor the store, and keeps no message.

mod export;
mod judging;
mod message;
mod rerun;
mod show;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::SyncSender;

use serde_json::value::RawValue;

use crate::cli::judge::Judge;
use crate::cli::output;
use crate::cli::progress::Progress;
use crate::cli::replay::export::{Channel, Listener, Server, Whole};
use crate::cli::replay::judging::{BATCH, Batch, Found, Place, judge_all};
use crate::cli::{Exit, Failure};
use crate::config::{self, Config};
use crate::model::claim::ClaimId;
use crate::page::report::{self, Named};
use crate::policy::delicate::Delicate;
use crate::policy::layers::{ChannelLayer, ServerLayer, resolve};
use crate::policy::place::{ChannelId, GuildId, Moment};
use crate::policy::reason::Reason;
use crate::policy::settings::{Mode, Pause, Settings};
use crate::policy::shadow::Report;
use crate::store::StoreError;
use crate::store::backup::write_whole;

/// Arguments of `footnote replay`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Chat logs as DiscordChatExporter's JSON, one a channel; all of one server together, since they share its budgets
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The folder with the claims
    #[arg(long, default_value = "responses", value_name = "DIR")]
    responses: PathBuf,
    /// The settings; `config.toml` in the working directory where it is left out
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// For people, or one object
    #[arg(long, value_enum, default_value = "table")]
    format: show::Format,
    /// Writes a report for a browser into this file, too
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

/// How many of those that are least sure are named.
const DOUBTFUL: usize = 20;

/// All that is shown.
#[derive(Debug)]
pub(super) struct Replayed {
    /// What would have been said.
    pub(super) report: Report,
    /// When the first and the last message was written.
    pub(super) span: Option<(Moment, Moment)>,
    /// How many messages each channel has, and its name.
    pub(super) channels: BTreeMap<ChannelId, Named>,
    /// What each claim says.
    pub(super) claims: BTreeMap<ClaimId, String>,
    /// How often each reason was given.
    pub(super) reasons: BTreeMap<Reason, u64>,
    /// How many messages could not be used.
    pub(super) faulty: u64,
}

/// Replays.
pub fn run(args: &Args, out: &mut impl Write) -> Result<Exit, Failure> {
    let config =
        config::load(args.config.as_deref()).map_err(|error| Failure::Said(error.to_string()))?;
    let (judge, problems) = Judge::load(&args.responses)?;
    if let Some(problems) = problems {
        output::note(problems);
    }
    let mut files = Files::new(args, &config);
    let (mut files, mut found) = judge_all(&judge, |sender| {
        files.read(&sender);
        files
    });
    files.problems.extend(faults(&args.files, &found));
    let shadows = rerun::rerun(&judge, std::mem::take(&mut found.asserted), &mut found.reasons);
    let report = Report::build(&shadows, found.span, DOUBTFUL);
    let mut channels = files.names;
    for (channel, messages) in &found.channels {
        channels.entry(*channel).or_default().messages = *messages;
    }
    let claims = report.claims.iter().filter_map(|(id, _)| {
        Some((id.clone(), judge.catalog().claim(id.as_str())?.claim.clone()))
    });
    let replayed = Replayed {
        claims: claims.collect(),
        report,
        span: found.span,
        channels,
        reasons: found.reasons,
        faulty: found.faulty,
    };
    files.problems.iter().for_each(output::error);
    files.notes.iter().for_each(output::note);
    show::print(&replayed, args.format, out)?;
    if let Some(path) = &args.html {
        write_page(path, &replayed)?;
    }
    Ok(if files.problems.is_empty() { Exit::Done } else { Exit::Incomplete })
}

/// Whoever opens the file sees the old or the new report, never half of one. Only its owner can read
/// it: it links to what people wrote.
fn write_page(path: &Path, replayed: &Replayed) -> Result<(), Failure> {
    let html = report::page(
        &replayed.report,
        &report::Ground {
            span: replayed.span,
            channels: &replayed.channels,
            claims: &replayed.claims,
            reasons: &replayed.reasons,
        },
    );
    write_whole(path, |out| Ok(out.write_all(html.as_bytes())?)).map_err(|error| {
        // What it says besides is about the store, which this is not.
        let why = match error {
            StoreError::Folder(error) => error.to_string(),
            other => other.to_string(),
        };
        Failure::Said(format!("`{}` cannot be written: {why}", path.display()))
    })
}

fn faults<'a>(paths: &'a [PathBuf], found: &'a Found) -> impl Iterator<Item = String> + 'a {
    let named = found.faults.iter().map(|((file, number), what)| {
        let path = paths.get(*file).map(|path| path.display().to_string()).unwrap_or_default();
        format!("{path}: message {number} cannot be used: {what}")
    });
    let left = found.faulty.saturating_sub(found.faults.len().try_into().unwrap_or(u64::MAX));
    let more = (left > 0).then(|| format!("{left} more messages cannot be used"));
    named.chain(more)
}

/// The files on their way to those who judge.
struct Files<'a> {
    paths: &'a [PathBuf],
    everywhere: &'a Settings,
    delicate: &'a Delicate,
    names: BTreeMap<ChannelId, Named>,
    problems: Vec<String>,
    notes: Vec<String>,
}

impl<'a> Files<'a> {
    fn new(args: &'a Args, config: &'a Config) -> Self {
        Self {
            paths: &args.files,
            everywhere: &config.policy,
            delicate: &config.delicate,
            names: BTreeMap::new(),
            problems: Vec::new(),
            notes: Vec::new(),
        }
    }

    fn read(&mut self, sender: &SyncSender<Batch>) {
        let size = |path: &PathBuf| path.metadata().map_or(0, |found| found.len());
        let bar = Progress::of_bytes("reading", self.paths.iter().map(size).sum());
        let mut before = 0;
        for (at, path) in self.paths.iter().enumerate() {
            let mut feeder = Feeder {
                files: self,
                at,
                before,
                bar: &bar,
                sender,
                place: None,
                seen: 0,
                messages: Vec::new(),
            };
            let read = File::open(path).map_err(|error| error.to_string()).and_then(|file| {
                export::read(BufReader::with_capacity(1 << 16, file), &mut feeder)
            });
            feeder.send();
            let seen = feeder.seen;
            let shown = path.display();
            match read {
                Ok(Whole { seen, said: Some(said) }) if seen != said => {
                    self.notes.push(format!(
                        "{shown}: it says that it has {said} messages, and has {seen}"
                    ));
                }
                Ok(_) => {}
                Err(what) if seen == 0 => self.problems.push(format!("{shown}: {what}")),
                Err(what) => self
                    .problems
                    .push(format!("{shown}: {what}; the {seen} messages before that are counted")),
            }
            before += size(path);
        }
        bar.end();
    }

    /// What holds in a channel that is watched and of which nothing is set: suggestions and alerts have
    /// a moderators' channel, as for `footnote match`.
    fn settings(&self, channel: &Channel) -> Settings {
        let quiet = [Some(&channel.name), channel.category.as_ref()]
            .into_iter()
            .flatten()
            .any(|name| self.delicate.is_said_by(name));
        let watch = ChannelLayer::of_mode(Mode::Watch);
        let server = ServerLayer::default();
        let settings = resolve(self.everywhere, &server, &[&watch], Pause::None, quiet);
        Settings { has_review_channel: true, ..settings }
    }
}

/// One file on its way.
struct Feeder<'a, 'b> {
    files: &'a mut Files<'b>,
    at: usize,
    /// Bytes of the files before.
    before: u64,
    bar: &'a Progress,
    sender: &'a SyncSender<Batch>,
    place: Option<Arc<Place>>,
    seen: u64,
    messages: Vec<Box<RawValue>>,
}

impl Feeder<'_, '_> {
    fn send(&mut self) {
        let Some(place) = &self.place else { return };
        let messages = std::mem::take(&mut self.messages);
        let first = self.seen + 1 - messages.len() as u64;
        let batch = Batch { file: self.at, first, place: Arc::clone(place), messages };
        // Where nobody judges any more somebody panicked, which is told in the end.
        let _ = self.sender.send(batch);
    }
}

impl Listener for Feeder<'_, '_> {
    fn begins(&mut self, server: Server, channel: Channel) -> Result<(), String> {
        let guild = message::number("the server's `id`", &server.id)?;
        let id = ChannelId(message::number("the channel's `id`", &channel.id)?);
        let settings = self.files.settings(&channel);
        let named = self.files.names.entry(id).or_default();
        named.name = clean(&channel.name);
        named.server = clean(&server.name);
        named.is_quiet = settings.sensitive;
        // Direct messages have no server, and the number 0.
        let guild = (guild != 0).then_some(GuildId(guild));
        self.place = Some(Arc::new(Place { guild, channel: id, settings }));
        Ok(())
    }

    fn message(&mut self, raw: Box<RawValue>, read: u64) {
        self.seen += 1;
        self.messages.push(raw);
        if self.messages.len() >= BATCH {
            self.send();
            self.bar.reach(self.before + read);
        }
    }
}

/// A name without what could move the cursor of a terminal, and no longer than Discord's.
fn clean(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(100).collect()
}
