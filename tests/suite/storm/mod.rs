//! Many servers for days at the level of the app, with an outside world that loses, delays and forgets: nothing twice, nothing forbidden, no cooldown exceeded, nothing left behind.
//!
//! `FOOTNOTE_TEST_STORM` asks for so many messages (100000 is the full storm), `FOOTNOTE_TEST_SEED`
//! for other ones. It runs in a process of its own, so that its memory is its own.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on should stop"
)]

mod aftermath;
mod discord;
mod people;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use footnote::app::event::{Heard, Incoming, Tag};
use footnote::app::rules::Rules;
use footnote::config::LogFormat;
use footnote::model::claim::ClaimId;
use footnote::ops::telemetry;
use footnote::policy::place::{ChannelId, GuildId, MessageId, Moment, UserId};
use footnote::policy::reason::Reason;
use footnote::policy::settings::{Mode, Settings};

use crate::support::corrected::{Corrections, Files};
use crate::support::dice::{Dice, setting};
use crate::support::process::{Process, World, heard};

const CHILD: &str = "FOOTNOTE_TEST_STORM_FOLDER";
/// Messages in a run of CI.
const MESSAGES: u64 = 4000;
/// What people say: the first four assert a claim each.
const TEXTS: [&str; 5] = [
    "vikings wore horned helmets",
    "napoleon was very short for his time",
    "medieval people thought the earth was flat",
    "einstein failed mathematics at school",
    "it has been raining here since the morning",
];
const CLAIMS: [&str; 4] = ["viking-horns", "napoleon-short", "flat-earth", "einstein-maths"];
const WEATHER: usize = 4;
/// The most answers of a server in an hour and in a day, as configured, and as moderators of every third
/// server set them: few enough to be spent.
const BUDGETS: (u32, u32) = (3, 40);
const BUDGETS_SET: (u32, u32) = (1, 8);

/// A message of somebody's.
#[derive(Clone, Copy)]
struct Said {
    channel: usize,
    author: u64,
    text: usize,
    edited: Option<Moment>,
    is_gone: bool,
    /// Whether it was changed, or looked at again, where we may not read: then a reply to it is left alone.
    is_unread: bool,
}

/// A reply of ours.
#[derive(Clone)]
struct Reply {
    to: MessageId,
    claim: ClaimId,
    author: UserId,
    channel: usize,
    decided: Moment,
    made: Moment,
    stands: bool,
    not_said: Option<Tag>,
}

struct Storm {
    process: Process,
    files: Files,
    dice: Dice,
    servers: u64,
    channels: usize,
    said: BTreeMap<MessageId, Said>,
    replies: BTreeMap<MessageId, Reply>,
    answered: BTreeMap<MessageId, MessageId>,
    /// The replies in the order in which they were made.
    order: Vec<MessageId>,
    /// What was acknowledged.
    modes: BTreeMap<usize, Mode>,
    paused: BTreeSet<u64>,
    quiet: BTreeSet<u64>,
    promised: BTreeSet<MessageId>,
    corrections: Corrections,
    corrected: [u64; CLAIMS.len()],
    /// A correction that was on its way when its server was paused.
    late: Option<MessageId>,
}

fn everywhere() -> Settings {
    let (budget_hour, budget_day) = BUDGETS;
    Settings { budget_hour, budget_day, ..Settings::default() }
}

fn budgets(guild: GuildId) -> (u32, u32) {
    if guild.0.is_multiple_of(3) { BUDGETS_SET } else { BUDGETS }
}

impl Storm {
    fn begin(folder: &Path, seed: u64, messages: u64) -> Self {
        // 200 servers and 2000 channels for 100000 messages, and in that proportion for fewer.
        let servers = (messages / 500).max(4);
        let channels = usize::try_from(servers * 10).unwrap();
        let claims: Vec<_> = CLAIMS.into_iter().zip(TEXTS).collect();
        let files = Files::write(folder, &claims);
        let make = {
            let files = files.clone();
            move |store: &footnote::store::Store| {
                let modes = (0..channels).map(|at| (channel(at), Mode::Reply)).collect();
                (files.engine(store), Rules { modes, everywhere: everywhere() })
            }
        };
        let storm = Self {
            process: Process::start(folder.join("store"), make),
            files,
            dice: Dice::new(seed),
            servers,
            channels,
            said: BTreeMap::new(),
            replies: BTreeMap::new(),
            answered: BTreeMap::new(),
            order: Vec::new(),
            modes: BTreeMap::new(),
            paused: BTreeSet::new(),
            quiet: BTreeSet::new(),
            promised: BTreeSet::new(),
            corrections: Corrections::default(),
            corrected: [0; CLAIMS.len()],
            late: None,
        };
        for guild in (1..=servers).map(GuildId).filter(|one| budgets(*one) == BUDGETS_SET) {
            let set = |layer: &mut footnote::policy::layers::ServerLayer| {
                (layer.budget_hour, layer.budget_day) = (Some(BUDGETS_SET.0), Some(BUDGETS_SET.1));
            };
            storm.process.app().change_server(guild, set).unwrap();
        }
        storm
    }

    fn guild(&self, channel: usize) -> u64 {
        channel as u64 % self.servers + 1
    }

    fn place(&self, at: usize) -> (GuildId, ChannelId) {
        (GuildId(self.guild(at)), channel(at))
    }

    fn heard(&self, message: MessageId, said: Said) -> Heard {
        let place = self.place(said.channel);
        heard(place, message, UserId(said.author), TEXTS[said.text], said.edited)
    }

    fn blows(&mut self, messages: u64) {
        for _ in 0..messages {
            // The full storm lasts three weeks: in its middle all that is forgotten with time is.
            self.process.waits(self.dice.within(Duration::from_secs(40)));
            self.says();
            match self.dice.below(1000) {
                0..=119 => self.changes(true),
                120..=149 => self.presses(),
                150..=189 => self.settles(),
                190..=193 => self.restarts(),
                194..=197 => self.corrects(),
                198..=202 => self.looks(Incoming::Hour),
                _ => {}
            }
            self.goes_on_for(60);
        }
    }
}

fn channel(at: usize) -> ChannelId {
    ChannelId(1_000_000 + at as u64)
}

/// Resident memory in KiB.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

#[test]
fn a_storm_over_many_servers_answers_once_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "storm::the_process_of_the_storm", "--nocapture"])
        .env(CHILD, folder.path())
        // What the app keeps is measured, and not what the allocator keeps of 400 starts in case they come again.
        .env("MALLOC_ARENA_MAX", "1")
        .env("MALLOC_TRIM_THRESHOLD_", "65536")
        .env("MALLOC_MMAP_THRESHOLD_", "65536")
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{out}\n{err}");
    assert!(err.contains("DEBUG footnote::app"), "everything is logged");
    for text in TEXTS {
        let line = err.lines().find(|line| line.contains(text));
        assert_eq!(line, None, "what somebody wrote is logged");
    }
    let said =
        out.lines().find(|line| line.contains("storm of")).unwrap_or_else(|| panic!("{out}"));
    println!("{said}");
}

/// Started by the test above as a process of its own.
#[test]
#[expect(clippy::disallowed_methods, reason = "how a process is told that it is the child")]
fn the_process_of_the_storm() {
    let Ok(folder) = std::env::var(CHILD) else { return };
    // As RUST_LOG=trace: whoever started this looks through all of it.
    let library = telemetry::Library { ear: None, quotes: |_| false };
    telemetry::start("trace", LogFormat::Human, library).unwrap();
    let messages = setting("FOOTNOTE_TEST_STORM", MESSAGES);
    let seed = setting("FOOTNOTE_TEST_SEED", 5);
    let mut storm = Storm::begin(&PathBuf::from(folder), seed, messages);
    storm.blows(messages / 2);
    let middle = resident();
    storm.blows(messages - messages / 2);
    let end = resident();
    storm.settles_down();
    storm.every_correction_has_arrived();
    storm.no_rest_and_no_budget_was_exceeded();

    let replies = storm.replies.len() as u64;
    let spent = storm.process.given(Reason::Budget);
    let standing = storm.replies.values().filter(|reply| reply.stands).count();
    println!(
        "storm of {messages} messages, seed {seed}: {replies} replies, {standing} stand, {} corrections, \
         {spent} times a budget was spent, {} starts, {middle} KiB in the middle, {end} at the end",
        storm.corrections.made, storm.process.starts
    );
    assert!(spent > messages / 500, "or it has shown no budget");
    assert!(storm.corrections.made > messages / 1000, "or it has shown no correction");
    assert!(replies * 60 > messages, "or the storm has shown nothing");
    assert!(storm.process.starts > 10, "or it has shown no restart");
    // The world of the test itself grows: some 150 bytes a message and 500 a reply.
    let world = u64::midpoint(messages * 150, replies * 500) / 1024;
    assert!(end < middle + world + 16 * 1024, "{middle} KiB grew to {end}");
}
