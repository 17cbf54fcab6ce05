//! Many servers for days at the level of the app, with an outside world that loses, delays and forgets: nothing twice, nothing forbidden, no cooldown exceeded, nothing left behind.
//!
//! `FOOTNOTE_TEST_STORM` asks for so many messages (100000 is the full storm), `FOOTNOTE_TEST_SEED`
//! for other ones. It runs in a process of its own, so that its memory is its own.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on should stop"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use footnote::app::event::{
    Action, Current, Deleted, Does, Heard, Incoming, Performed, Post, Pressed, Seen, Tag,
};
use footnote::app::rules::Rules;
use footnote::config::LogFormat;
use footnote::model::claim::ClaimId;
use footnote::ops::telemetry;
use footnote::policy::permission::Permissions;
use footnote::policy::place::{ChannelId, GuildId, MessageId, Moment, UserId};
use footnote::policy::reason::Reason;
use footnote::policy::settings::{Mode, Pause, Settings};
use footnote::reply::ButtonKind;
use footnote::store::record::State;

use crate::support::corrected::{Corrections, Files};
use crate::support::dice::{Dice, setting};
use crate::support::process::{NONCE, Process, World, done, heard, request};
use crate::support::rests::{Given, kept};

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
const BUDGETS: (u32, u32) = (2, 30);
const BUDGETS_SET: (u32, u32) = (1, 6);

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

    /// Somebody writes.
    fn says(&mut self) {
        let message = self.process.id();
        let asserts = self.dice.happens(25);
        let text = if asserts { self.dice.below(4) } else { WEATHER as u64 };
        let text = usize::try_from(text).unwrap();
        let channel = usize::try_from(self.dice.below(self.channels as u64)).unwrap();
        let author = 1 + self.dice.below(self.servers * 2);
        let said = Said { channel, author, text, edited: None, is_gone: false, is_unread: false };
        self.said.insert(message, said);
        let heard = self.heard(message, said);
        self.process.on(Incoming::Message(heard));
        if self.dice.happens(3) {
            // A resumed connection says it again.
            let heard = self.heard(message, said);
            self.process.on(Incoming::Message(heard));
        }
    }

    /// A message that matters: mostly one that was answered lately.
    fn some_message(&mut self) -> Option<MessageId> {
        if self.dice.happens(60) {
            let recent = &self.order[self.order.len().saturating_sub(100)..];
            let reply = *self.dice.pick(recent)?;
            return Some(self.replies[&reply].to);
        }
        let back = usize::try_from(self.dice.below(50)).unwrap();
        self.said.keys().rev().nth(back).copied()
    }

    /// A message is changed or deleted; whether the app hears of it.
    fn changes(&mut self, is_heard: bool) {
        let Some(message) = self.some_message() else { return };
        let mut said = self.said[&message];
        if said.is_gone {
            return;
        }
        if self.dice.happens(50) {
            said.is_gone = true;
            self.said.insert(message, said);
            if is_heard {
                let deleted = Deleted { channel: channel(said.channel), messages: vec![message] };
                self.process.on(Incoming::Deleted(deleted));
            }
        } else {
            said.text = usize::try_from(self.dice.below(TEXTS.len() as u64)).unwrap();
            said.edited = Some(self.process.now);
            said.is_unread |= !self.is_readable(&said);
            self.said.insert(message, said);
            if is_heard {
                let heard = self.heard(message, said);
                self.process.on(Incoming::Edited(heard));
            }
        }
    }

    fn is_readable(&self, said: &Said) -> bool {
        let mode = self.modes.get(&said.channel).copied().unwrap_or(Mode::Reply);
        let is_quiet = self.quiet.contains(&said.author);
        mode == Mode::Reply && !is_quiet && !self.paused.contains(&self.guild(said.channel))
    }

    /// The author says that it is not what was said.
    fn presses(&mut self) {
        let recent = &self.order[self.order.len().saturating_sub(50)..];
        let Some(under) = self.dice.pick(recent).copied() else { return };
        let reply = self.replies[&under].clone();
        if !reply.stands {
            return;
        }
        let place = self.place(reply.channel);
        let request = request(place, reply.author, Permissions(0), 1);
        self.process.on(Incoming::Pressed(Pressed { request, under, tag: reply.not_said }));
        self.promised.insert(under);
    }

    /// A moderator or a member asks for something, and it is done when they are told so.
    fn settles(&mut self) {
        match self.dice.below(4) {
            0 => {
                let at = usize::try_from(self.dice.below(self.channels as u64)).unwrap();
                let mode = if self.dice.happens(40) { Mode::Off } else { Mode::Reply };
                let guild = GuildId(self.guild(at));
                self.process
                    .app()
                    .change_channel(guild, channel(at), |it| it.mode = Some(mode))
                    .unwrap();
                self.modes.insert(at, mode);
            }
            1 => {
                let guild = 1 + self.dice.below(self.servers);
                let stop = self.dice.happens(30);
                let pause = if stop { Pause::Indefinite } else { Pause::None };
                self.process.app().change_pause(GuildId(guild), pause).unwrap();
                if stop {
                    self.late = self.process.pending.iter().find_map(|action| match action {
                        Action::Correct(correct) => Some(correct.message),
                        _ => None,
                    });
                    self.paused.insert(guild)
                } else {
                    self.paused.remove(&guild)
                };
            }
            2 => {
                let member = 1 + self.dice.below(self.servers * 2);
                let quiet = self.dice.happens(30);
                let wish = |it: &mut footnote::policy::wishes::Wishes| it.quiet_everywhere = quiet;
                self.process.app().change_wishes(UserId(member), wish).unwrap();
                if quiet {
                    self.quiet.insert(member)
                } else {
                    self.quiet.remove(&member)
                };
            }
            _ => self.process.app().prune(self.process.now).unwrap(),
        }
    }

    /// Authors correct a claim, and the running bot takes it up.
    fn corrects(&mut self) {
        let at = usize::try_from(self.dice.below(CLAIMS.len() as u64)).unwrap();
        self.corrected[at] += 1;
        self.files.claim(CLAIMS[at], TEXTS[at], self.corrected[at]);
        let app = self.process.app();
        app.live().replace(self.files.engine(app.store()));
        self.looks(Incoming::News);
    }

    fn looks(&mut self, why: Incoming) {
        self.corrections.looks();
        self.process.on(why);
    }

    /// The process ends somewhere: of what was under way some was sent.
    fn restarts(&mut self) {
        for action in std::mem::take(&mut self.process.pending) {
            match action {
                Action::Post(post) => self.sends_half(&post),
                Action::Correct(correct) if self.dice.happens(50) => {
                    self.corrections.changed(&correct, false);
                }
                _ => {}
            }
        }
        for _ in 0..self.dice.below(6) {
            self.process.waits(self.dice.within(Duration::from_secs(40)));
            self.changes(false);
        }
        self.corrections.looks();
        self.process.restart();
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

    /// The storm is over, and the process starts once more: whatever was missed is found.
    fn settles_down(&mut self) {
        self.drains();
        self.restarts();
        self.drains();
        // What could not be taken away at the first try is, at one of the next starts.
        for _ in 0..8 {
            self.corrections.looks();
            self.process.restart();
            self.drains();
        }
        for (id, reply) in self.replies.iter().filter(|(_, reply)| reply.stands) {
            let said = self.said[&reply.to];
            assert!(!said.is_gone, "{id} stands, and {} is gone", reply.to);
            assert!(!self.promised.contains(id), "{id} stands, and was promised to go");
            let claim = CLAIMS.get(said.text).copied();
            let is_right = claim == Some(reply.claim.as_str()) || said.is_unread;
            assert!(is_right, "{id} of {} stands under other words: {claim:?}", reply.claim);
        }
    }

    /// What stands shows the claim as it is now, as long as it is corrected at all.
    fn every_correction_has_arrived(&mut self) {
        // A look finds so many at once; the next one finds the next.
        loop {
            let before = self.corrections.made;
            self.looks(Incoming::Hour);
            self.drains();
            if self.corrections.made == before {
                break;
            }
        }
        let engine = self.process.app().live().snapshot();
        let mut seen = 0;
        for (id, reply) in self.replies.iter().filter(|(_, reply)| reply.stands) {
            let age = self.process.now.since(reply.decided);
            let is_paused = self.paused.contains(&self.guild(reply.channel));
            let answer = self.process.app().store().answer(reply.to).unwrap();
            let is_known = answer.is_some_and(|answer| answer.state == State::Sent(*id));
            if age <= Duration::from_secs(7 * 24 * 3600) && !is_paused && is_known {
                let revision = engine.catalog.claim(reply.claim.as_str()).unwrap().revision.start();
                assert_eq!(self.corrections.shown(*id), Some(revision), "{id} is not corrected");
                seen += 1;
            }
        }
        assert!(seen > 0, "or the storm has shown no correction");
    }

    /// By the times of the decisions, over all restarts.
    fn no_rest_and_no_budget_was_exceeded(&self) {
        let given = |reply: &Reply| Given {
            guild: GuildId(self.guild(reply.channel)),
            channel: channel(reply.channel),
            claim: reply.claim.clone(),
            author: reply.author,
            decided: reply.decided,
        };
        let given: Vec<Given> = self.replies.values().map(given).collect();
        kept(&given, &everywhere(), budgets);
    }
}

impl World for Storm {
    fn process(&mut self) -> &mut Process {
        &mut self.process
    }

    fn dice(&mut self) -> &mut Dice {
        &mut self.dice
    }

    fn takes(&mut self, post: &Post) -> Option<MessageId> {
        let said = self.said[&post.message];
        if said.is_gone {
            return None;
        }
        let now = self.process.now;
        if let Some(known) = self.answered.get(&post.message) {
            let age = now.since(self.replies[known].made);
            assert!(age < NONCE, "{} is answered twice", post.message);
            return Some(*known);
        }
        let tags: Vec<&Tag> = post.buttons.iter().map(|button| &button.tag).collect();
        let not_said = tags.iter().find(|tag| tag.does == Does::Open(ButtonKind::NotSaid));
        let id = self.process.id();
        // What was acknowledged holds for everything that goes out from then on.
        let mode = self.modes.get(&said.channel).copied().unwrap_or(Mode::Reply);
        assert_eq!(mode, Mode::Reply, "posted where it was switched off");
        assert!(!self.paused.contains(&self.guild(said.channel)), "posted while paused");
        assert!(!self.quiet.contains(&said.author), "posted to who asked for quiet");
        let reply = Reply {
            to: post.message,
            claim: tags[0].claim.clone(),
            author: UserId(said.author),
            channel: said.channel,
            decided: post.decided,
            made: now,
            stands: true,
            not_said: not_said.copied().cloned(),
        };
        self.corrections.posted(id, &tags[0].revision);
        self.replies.insert(id, reply);
        self.answered.insert(post.message, id);
        self.order.push(id);
        Some(id)
    }

    fn performs(&mut self, action: Action) -> Performed {
        match action {
            Action::Post(post) => self.posts(&post),
            Action::Remove(remove) => {
                let gone = !self.dice.happens(2);
                if gone && let Some(reply) = self.replies.get_mut(&remove.reply) {
                    reply.stands = false;
                }
                Performed::Removed { message: remove.message, gone }
            }
            Action::LookFor(search) => {
                let said = self.said[&search.message];
                let author = (!said.is_gone).then_some(UserId(said.author));
                let reply = self.answered.get(&search.message).copied();
                let reply = reply.filter(|reply| self.replies[reply].stands);
                Performed::Looked { message: search.message, seen: Seen::Page { author, reply } }
            }
            Action::Recheck(recheck) => {
                let mut said = self.said[&recheck.message];
                said.is_unread |= said.edited.is_some() && !self.is_readable(&said);
                self.said.insert(recheck.message, said);
                let current = if said.is_gone {
                    Current::Gone
                } else {
                    Current::Written(Box::new(self.heard(recheck.message, said)))
                };
                Performed::Rechecked { message: recheck.message, current }
            }
            Action::Correct(correct) => {
                let reply = &self.replies[&correct.reply];
                let is_paused = self.paused.contains(&self.guild(reply.channel));
                let is_late = self.late == Some(correct.message);
                assert!(!is_paused || is_late, "corrected while paused");
                self.corrections.asked(&correct, reply.decided, self.process.now);
                let under_way = |one: &Action| matches!(one, Action::Correct(_));
                assert!(!self.process.pending.iter().any(under_way), "two at a time");
                let (arrives, is_heard) = (!self.dice.happens(5), !self.dice.happens(5));
                if arrives {
                    self.corrections.changed(&correct, is_heard);
                }
                let done = arrives && is_heard;
                let (message, revision) = (correct.message, correct.revision);
                Performed::Corrected { message, revision, done }
            }
            other => done(other),
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
    assert!(spent > messages / 100, "or it has shown no budget");
    assert!(storm.corrections.made > messages / 200, "or it has shown no correction");
    assert!(replies * 40 > messages, "or the storm has shown nothing");
    assert!(storm.process.starts > 10, "or it has shown no restart");
    // The world of the test itself grows: some 150 bytes a message and 500 a reply.
    let world = u64::midpoint(messages * 150, replies * 500) / 1024;
    assert!(end < middle + world + 16 * 1024, "{middle} KiB grew to {end}");
}
