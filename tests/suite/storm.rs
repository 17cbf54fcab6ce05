//! Many servers for days at the level of the app, with an outside world that loses, delays and forgets: nothing twice, nothing forbidden, no cooldown exceeded, nothing left behind.
//!
//! `FOOTNOTE_TEST_STORM` asks for so many messages (100000 is the full storm), `FOOTNOTE_TEST_SEED`
//! for other ones. It runs in a process of its own, so that its memory is its own.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on should stop"
)]

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use footnote::app::App;
use footnote::app::engine::Engine;
use footnote::app::event::{
    Action, Current, Deleted, Does, Handle, Heard, Incoming, Performed, Post, Posted, Pressed,
    Request, Seen, Token,
};
use footnote::app::rules::Rules;
use footnote::app::unread::Unread;
use footnote::config::LogFormat;
use footnote::model::catalog::Catalog;
use footnote::model::claim::ClaimId;
use footnote::model::phrasing::Aliases;
use footnote::ops::telemetry;
use footnote::policy::permission::Permissions;
use footnote::policy::place::{AuthorKind, ChannelId, GuildId, MessageId, Moment, UserId};
use footnote::policy::settings::{Mode, Pause, Settings};
use footnote::reply::ButtonKind;
use footnote::store::Store;

use crate::scenario::claim;
use crate::support::dice::{Dice, setting};

const START: Moment = Moment(1_800_000_000_000);
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
/// Discord remembers a nonce for some minutes.
const NONCE: Duration = Duration::from_secs(300);

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
    not_said: Option<footnote::app::event::Tag>,
}

struct Storm {
    folder: std::path::PathBuf,
    app: Option<App>,
    dice: Dice,
    now: Moment,
    made: u64,
    servers: u64,
    channels: usize,
    pending: VecDeque<Action>,
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
    restarts: u64,
}

impl Storm {
    fn begin(folder: std::path::PathBuf, seed: u64, messages: u64) -> Self {
        // 200 servers and 2000 channels for 100000 messages, and in that proportion for fewer.
        let servers = (messages / 500).max(4);
        let mut storm = Self {
            folder,
            app: None,
            dice: Dice::new(seed),
            now: START,
            made: 0,
            servers,
            channels: usize::try_from(servers * 10).unwrap(),
            pending: VecDeque::new(),
            said: BTreeMap::new(),
            replies: BTreeMap::new(),
            answered: BTreeMap::new(),
            order: Vec::new(),
            modes: BTreeMap::new(),
            paused: BTreeSet::new(),
            quiet: BTreeSet::new(),
            promised: BTreeSet::new(),
            restarts: 0,
        };
        storm.start();
        storm
    }

    fn start(&mut self) {
        let store = Store::open(&self.folder, self.now).unwrap();
        let claims = CLAIMS.iter().zip(TEXTS).map(|(id, text)| claim(id, text, "aaaaaaaa"));
        let engine = Engine::build(Catalog::new(claims.collect(), Aliases::default()));
        let modes = (0..self.channels).map(|at| (channel(at), Mode::Reply)).collect();
        let rules = Rules { modes, everywhere: Settings::default() };
        self.app = Some(App::open(store, engine, rules, Arc::default(), self.now).unwrap());
        self.restarts += 1;
        self.on(Incoming::Ready);
    }

    fn app(&self) -> &App {
        self.app.as_ref().unwrap()
    }

    fn on(&mut self, incoming: Incoming) {
        let actions = self.app().on(incoming, self.now);
        self.pending.extend(actions);
    }

    fn id(&mut self) -> MessageId {
        self.made += 1;
        MessageId(((self.now.0 - 1_420_070_400_000) << 22) | (self.made & 0x3F_FFFF))
    }

    fn guild(&self, channel: usize) -> u64 {
        channel as u64 % self.servers + 1
    }

    fn heard(&self, message: MessageId, said: Said) -> Heard {
        Heard {
            guild: Some(GuildId(self.guild(said.channel))),
            channel: channel(said.channel),
            parent: None,
            message,
            author: UserId(said.author),
            author_kind: AuthorKind::Member,
            roles: Vec::new(),
            permitted: true,
            overloaded: false,
            edited: said.edited,
            replies_to: None,
            text: Unread::new(TEXTS[said.text]),
        }
    }

    /// Somebody writes.
    fn says(&mut self) {
        let message = self.id();
        let asserts = self.dice.happens(25);
        let text = if asserts { self.dice.below(4) } else { WEATHER as u64 };
        let text = usize::try_from(text).unwrap();
        let channel = usize::try_from(self.dice.below(self.channels as u64)).unwrap();
        let author = 1 + self.dice.below(self.servers * 2);
        let said = Said { channel, author, text, edited: None, is_gone: false, is_unread: false };
        self.said.insert(message, said);
        let heard = self.heard(message, said);
        self.on(Incoming::Message(heard));
        if self.dice.happens(3) {
            // A resumed connection says it again.
            let heard = self.heard(message, said);
            self.on(Incoming::Message(heard));
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
                self.on(Incoming::Deleted(deleted));
            }
        } else {
            said.text = usize::try_from(self.dice.below(TEXTS.len() as u64)).unwrap();
            said.edited = Some(self.now);
            said.is_unread |= !self.is_readable(&said);
            self.said.insert(message, said);
            if is_heard {
                let heard = self.heard(message, said);
                self.on(Incoming::Edited(heard));
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
        let request = Request {
            guild: Some(GuildId(self.guild(reply.channel))),
            channel: channel(reply.channel),
            parent: None,
            by: reply.author,
            permissions: Permissions(0),
            installed: true,
            permitted: true,
            handle: Handle { id: 1, token: Token("t".to_owned()) },
        };
        self.on(Incoming::Pressed(Pressed { request, under, tag: reply.not_said }));
        self.promised.insert(under);
    }

    /// A moderator or a member asks for something, and it is done when they are told so.
    fn settles(&mut self) {
        match self.dice.below(4) {
            0 => {
                let at = usize::try_from(self.dice.below(self.channels as u64)).unwrap();
                let mode = if self.dice.happens(40) { Mode::Off } else { Mode::Reply };
                let guild = GuildId(self.guild(at));
                self.app().change_channel(guild, channel(at), |it| it.mode = Some(mode)).unwrap();
                self.modes.insert(at, mode);
            }
            1 => {
                let guild = 1 + self.dice.below(self.servers);
                let stop = self.dice.happens(30);
                let pause = if stop { Pause::Indefinite } else { Pause::None };
                self.app().change_pause(GuildId(guild), pause).unwrap();
                if stop {
                    self.paused.insert(guild)
                } else {
                    self.paused.remove(&guild)
                };
            }
            2 => {
                let member = 1 + self.dice.below(self.servers * 2);
                let quiet = self.dice.happens(30);
                let wish = |it: &mut footnote::policy::wishes::Wishes| it.quiet_everywhere = quiet;
                self.app().change_wishes(UserId(member), wish).unwrap();
                if quiet {
                    self.quiet.insert(member)
                } else {
                    self.quiet.remove(&member)
                };
            }
            _ => self.app().prune(self.now).unwrap(),
        }
    }

    /// What Discord does with a request to post.
    fn takes(&mut self, post: &Post) -> Option<MessageId> {
        let said = self.said[&post.message];
        if said.is_gone {
            return None;
        }
        if let Some(known) = self.answered.get(&post.message) {
            let age = self.now.since(self.replies[known].made);
            assert!(age < NONCE, "{} is answered twice", post.message);
            return Some(*known);
        }
        let tag = post.buttons.iter().map(|button| &button.tag);
        let not_said = tag.clone().find(|tag| tag.does == Does::Open(ButtonKind::NotSaid));
        let claim = tag.clone().next().unwrap().claim.clone();
        let id = self.id();
        // What was acknowledged holds for everything that goes out from then on.
        let mode = self.modes.get(&said.channel).copied().unwrap_or(Mode::Reply);
        assert_eq!(mode, Mode::Reply, "posted where it was switched off");
        assert!(!self.paused.contains(&self.guild(said.channel)), "posted while paused");
        assert!(!self.quiet.contains(&said.author), "posted to who asked for quiet");
        let reply = Reply {
            to: post.message,
            claim,
            author: UserId(said.author),
            channel: said.channel,
            decided: post.decided,
            made: self.now,
            stands: true,
            not_said: not_said.cloned(),
        };
        self.replies.insert(id, reply);
        self.answered.insert(post.message, id);
        self.order.push(id);
        Some(id)
    }

    /// Performs an action, and says how it ended where that is ever known.
    fn performs(&mut self, action: Action) {
        let performed = match action {
            Action::Post(post) => {
                let message = post.message;
                let outcome = if self.app().confirm(&post, self.now) {
                    match self.dice.below(100) {
                        0..=2 => Posted::Unclear,
                        3..=5 => {
                            self.takes(&post);
                            Posted::Unclear
                        }
                        6 => Posted::Refused,
                        _ => self.takes(&post).map_or(Posted::TriggerGone, Posted::Stands),
                    }
                } else {
                    Posted::Withheld
                };
                Performed::Posted { message, outcome }
            }
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
            Action::Card(card) => {
                Performed::Carded { message: card.message, outcome: Posted::Unclear }
            }
            Action::Correct(correct) => Performed::Corrected {
                message: correct.message,
                revision: correct.revision,
                done: true,
            },
            Action::Wait(wait) => Performed::Waited { message: wait.message },
            Action::Redraw(_) => Performed::Redrawn { done: true },
            Action::Answer(_)
            | Action::Complete(_)
            | Action::Fetch(_)
            | Action::Form(_)
            | Action::Review(_) => Performed::Answered { done: true },
        };
        self.on(Incoming::Performed(performed));
    }

    /// The process ends somewhere: of what was under way some was sent.
    fn restarts(&mut self) {
        for action in std::mem::take(&mut self.pending) {
            if let Action::Post(post) = action
                && self.dice.happens(50)
                && self.app().confirm(&post, self.now)
            {
                self.takes(&post);
            }
        }
        self.app = None;
        for _ in 0..self.dice.below(6) {
            self.now = self.now.plus(self.dice.within(Duration::from_secs(40)));
            self.changes(false);
        }
        self.start();
    }

    fn drains(&mut self) {
        while let Some(action) = self.pending.pop_front() {
            self.performs(action);
        }
    }

    fn blows(&mut self, messages: u64) {
        for _ in 0..messages {
            // The full storm lasts three weeks: in its middle all that is forgotten with time is.
            self.now = self.now.plus(self.dice.within(Duration::from_secs(40)));
            self.says();
            match self.dice.below(1000) {
                0..=119 => self.changes(true),
                120..=149 => self.presses(),
                150..=189 => self.settles(),
                190..=193 => self.restarts(),
                _ => {}
            }
            while !self.pending.is_empty() && self.dice.happens(60) {
                let action = self.pending.pop_front().unwrap();
                self.performs(action);
            }
        }
    }

    /// The storm is over, and the process starts once more: whatever was missed is found.
    fn settles_down(&mut self) {
        self.drains();
        self.restarts();
        self.drains();
        // What could not be taken away at the first try is, at one of the next starts.
        for _ in 0..8 {
            self.app = None;
            self.start();
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

    /// By the times of the decisions, over all restarts.
    fn no_cooldown_was_exceeded(&self) {
        let settings = Settings::default();
        let mut channels: BTreeMap<usize, Vec<Moment>> = BTreeMap::new();
        let mut claims: BTreeMap<(usize, &ClaimId), Vec<Moment>> = BTreeMap::new();
        let mut members: BTreeMap<(u64, UserId), Vec<Moment>> = BTreeMap::new();
        let mut servers: BTreeMap<u64, Vec<Moment>> = BTreeMap::new();
        for reply in self.replies.values() {
            let guild = self.guild(reply.channel);
            channels.entry(reply.channel).or_default().push(reply.decided);
            claims.entry((reply.channel, &reply.claim)).or_default().push(reply.decided);
            members.entry((guild, reply.author)).or_default().push(reply.decided);
            servers.entry(guild).or_default().push(reply.decided);
        }
        // At most `most` in any span.
        let check = |what: &str, times: &[Moment], most: u32, span: Duration| {
            let mut times = times.to_vec();
            times.sort_unstable();
            let most = usize::try_from(most).unwrap();
            for window in times.windows(most + 1) {
                let all = window[most].since(window[0]);
                assert!(all >= span, "{what}: {} in {all:?}", most + 1);
            }
        };
        for times in channels.values() {
            check("channel", times, 1, settings.cooldown_channel);
        }
        for times in claims.values() {
            check("claim", times, 1, settings.cooldown_claim);
        }
        for times in members.values() {
            check("member", times, 1, settings.cooldown_member);
        }
        for times in servers.values() {
            check("hour", times, settings.budget_hour, Duration::from_secs(3600));
            check("day", times, settings.budget_day, Duration::from_secs(24 * 3600));
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
        .env(CHILD, folder.path().join("store"))
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
    let mut storm = Storm::begin(folder.into(), seed, messages);
    storm.blows(messages / 2);
    let middle = resident();
    storm.blows(messages - messages / 2);
    let end = resident();
    storm.settles_down();
    storm.no_cooldown_was_exceeded();

    let replies = storm.replies.len() as u64;
    let standing = storm.replies.values().filter(|reply| reply.stands).count();
    println!(
        "storm of {messages} messages, seed {seed}: {replies} replies, {standing} stand, {} starts, \
         {middle} KiB in the middle, {end} at the end",
        storm.restarts
    );
    assert!(replies * 40 > messages, "or the storm has shown nothing");
    assert!(storm.restarts > 10, "or it has shown no restart");
    // The world of the test itself grows: some 150 bytes a message and 500 a reply.
    let world = u64::midpoint(messages * 150, replies * 500) / 1024;
    assert!(end < middle + world + 16 * 1024, "{middle} KiB grew to {end}");
}
