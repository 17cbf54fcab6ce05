//! Moderators in a storm: cards, presses of several at once, edits and deletions heard and missed, requests lost, processes killed. Each card is decided once, nothing is posted twice or below words that nobody read.
//!
//! `FOOTNOTE_TEST_CARD_STORM` asks for so many messages, `FOOTNOTE_TEST_SEED` for other ones.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on should stop"
)]

mod discord;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use footnote::app::engine::Engine;
use footnote::app::event::{Action, Button, Deleted, Heard, Incoming, Pressed};
use footnote::app::rules::Rules;
use footnote::model::catalog::Catalog;
use footnote::model::phrasing::Aliases;
use footnote::policy::doubt::MOST;
use footnote::policy::permission::Permissions;
use footnote::policy::place::{ChannelId, GuildId, MessageId, Moment, UserId};
use footnote::policy::settings::{Mode, Pause, Settings};
use footnote::store::Store;

use crate::scenario::claim;
use crate::support::dice::{Dice, setting};
use crate::support::process::{Process, World, heard, request};

/// Messages in a run of CI.
const MESSAGES: u64 = 3000;
const GUILD: GuildId = GuildId(1);
const BENCH: ChannelId = ChannelId(9);
const CHANNELS: u64 = 12;
/// The first two assert a claim each, also with more words behind them.
const TEXTS: [&str; 3] =
    ["vikings wore horned helmets", "napoleon was very short for his time", "it rains"];
const CLAIMS: [&str; 2] = ["viking-horns", "napoleon-short"];
const MODERATORS: Permissions = Permissions::MANAGE_MESSAGES.and(Permissions::MANAGE_GUILD);

#[derive(Clone)]
struct Said {
    channel: ChannelId,
    author: UserId,
    text: String,
    edited: Option<Moment>,
    is_gone: bool,
}

/// A card as it stands.
struct Standing {
    about: MessageId,
    content: String,
    buttons: Vec<Button>,
}

struct Storm {
    process: Process,
    /// The store lies in it.
    _folder: tempfile::TempDir,
    dice: Dice,
    requests: u64,
    said: BTreeMap<MessageId, Said>,
    cards: BTreeMap<MessageId, Standing>,
    card_of: BTreeMap<MessageId, MessageId>,
    /// Presses under way, by the number of their request.
    presses: BTreeMap<u64, MessageId>,
    deciders: BTreeMap<MessageId, String>,
    /// What a moderator let be posted, as the message was when it was looked at.
    looked: BTreeMap<MessageId, String>,
    replies: BTreeMap<MessageId, MessageId>,
    is_paused: bool,
    /// Cards whose drawing was lost: they may look open.
    stale: BTreeSet<MessageId>,
    posted: u64,
}

/// What answers and where: both claims are asked about first.
fn make(_: &Store) -> (Engine, Rules) {
    let claims = CLAIMS.iter().zip(TEXTS).map(|(id, text)| claim(id, text, "aaaaaaaa"));
    let engine = Engine::build(Catalog::new(claims.collect(), Aliases::default()));
    let modes = (100..100 + CHANNELS).map(|at| (ChannelId(at), Mode::Suggest)).collect();
    let everywhere = Settings { cooldown_claim: Duration::from_secs(60), ..Settings::default() };
    (engine, Rules { modes, everywhere })
}

impl Storm {
    fn begin(seed: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let process = Process::start(folder.path().to_owned(), make);
        let review = |layer: &mut footnote::policy::layers::ServerLayer| {
            layer.tuning.review_channel = Some(BENCH);
        };
        process.app().change_server(GUILD, review).unwrap();
        Self {
            process,
            _folder: folder,
            dice: Dice::new(seed),
            requests: 0,
            said: BTreeMap::new(),
            cards: BTreeMap::new(),
            card_of: BTreeMap::new(),
            presses: BTreeMap::new(),
            deciders: BTreeMap::new(),
            looked: BTreeMap::new(),
            replies: BTreeMap::new(),
            is_paused: false,
            stale: BTreeSet::new(),
            posted: 0,
        }
    }

    fn heard(&self, message: MessageId) -> Heard {
        let said = &self.said[&message];
        heard((GUILD, said.channel), message, said.author, &said.text, said.edited)
    }

    fn says(&mut self) {
        let message = self.process.id();
        let text = TEXTS[usize::try_from(self.dice.below(3)).unwrap()].to_owned();
        let channel = ChannelId(100 + self.dice.below(CHANNELS));
        let author = UserId(1000 + self.dice.below(400));
        let said = Said { channel, author, text, edited: None, is_gone: false };
        self.said.insert(message, said);
        for _ in 0..=u64::from(self.dice.happens(5)) {
            let heard = self.heard(message);
            self.process.on(Incoming::Message(heard));
        }
        // A connection that was resumed tells of older ones too.
        let older: Vec<MessageId> = self.card_of.keys().rev().take(10).copied().collect();
        if self.dice.happens(5)
            && let Some(message) = self.dice.pick(&older).copied()
        {
            let heard = self.heard(message);
            self.process.on(Incoming::Message(heard));
        }
    }

    /// A message with a card is changed or deleted; whether the app hears of it.
    fn changes(&mut self, is_heard: bool) {
        let recent: Vec<MessageId> = self.card_of.keys().rev().take(20).copied().collect();
        let Some(message) = self.dice.pick(&recent).copied() else { return };
        let (roll, now) = (self.dice.below(3), self.process.now);
        let said = self.said.get_mut(&message).unwrap();
        if said.is_gone {
            return;
        }
        match roll {
            0 => said.is_gone = true,
            1 => (said.text, said.edited) = (TEXTS[2].to_owned(), Some(now)),
            _ => {
                said.text.push_str(" indeed");
                said.edited = Some(now);
            }
        }
        if !is_heard {
            return;
        }
        if roll == 0 {
            let channel = self.said[&message].channel;
            self.process.on(Incoming::Deleted(Deleted { channel, messages: vec![message] }));
        } else {
            let heard = self.heard(message);
            self.process.on(Incoming::Edited(heard));
        }
    }

    /// One moderator presses, or two at once.
    fn presses(&mut self) {
        let recent: Vec<MessageId> = self.cards.keys().rev().take(15).copied().collect();
        let Some(card) = self.dice.pick(&recent).copied() else { return };
        for _ in 0..=u64::from(self.dice.happens(40)) {
            let buttons: Vec<_> = self.cards[&card].buttons.clone();
            // Mostly Post: that is where something can go wrong.
            let first = buttons.first().filter(|_| self.dice.happens(70)).cloned();
            let Some(button) = first.or_else(|| self.dice.pick(&buttons).cloned()) else { return };
            self.press(card, &button);
        }
    }

    fn press(&mut self, card: MessageId, button: &Button) {
        self.requests += 1;
        let number = self.requests;
        let by = UserId(60 + number % 7);
        let request = request((GUILD, BENCH), by, MODERATORS, number);
        self.presses.insert(number, card);
        let tag = Some(button.tag.clone());
        self.process.on(Incoming::Pressed(Pressed { request, under: card, tag }));
    }

    /// The process ends somewhere: of what was under way some was sent, and no outcome is known.
    fn dies(&mut self) {
        for action in std::mem::take(&mut self.process.pending) {
            match action {
                Action::Post(post) => self.sends_half(&post),
                Action::Card(card)
                    if self.dice.happens(50)
                        && self.process.app().confirm_card(card.message, self.process.now) =>
                {
                    self.takes_card(&card);
                }
                Action::Answer(answer) => {
                    let card = self.presses.remove(&answer.handle.id);
                    self.stale.extend(card.filter(|_| answer.replaces));
                }
                Action::Redraw(redraw) => {
                    self.stale.insert(redraw.card);
                }
                _ => {}
            }
        }
        self.presses.clear();
        for _ in 0..self.dice.below(4) {
            self.process.waits(self.dice.within(Duration::from_secs(40)));
            self.changes(false);
        }
        self.process.restart();
    }

    fn pauses(&mut self) {
        self.is_paused = !self.is_paused;
        let pause = if self.is_paused { Pause::Indefinite } else { Pause::None };
        self.process.app().change_pause(GUILD, pause).unwrap();
    }

    fn blows(&mut self, messages: u64) {
        for _ in 0..messages {
            self.process.waits(self.dice.within(Duration::from_secs(60)));
            self.says();
            match self.dice.below(100) {
                0..=29 => self.presses(),
                30..=44 => self.changes(true),
                45 => self.dies(),
                46 => self.pauses(),
                47 => self.process.on(Incoming::Hour),
                48 => self.process.app().prune(self.process.now).unwrap(),
                // Whatever was muted is answered again.
                49..=52 => {
                    for at in 100..100 + CHANNELS {
                        let unmute = |layer: &mut footnote::policy::layers::ChannelLayer| {
                            layer.tuning.muted.clear();
                        };
                        self.process.app().change_channel(GUILD, ChannelId(at), unmute).unwrap();
                    }
                }
                _ => {}
            }
            self.goes_on_for(70);
        }
    }
}

#[test]
fn in_a_storm_each_card_is_decided_once_and_nothing_is_posted_unread() {
    let messages = setting("FOOTNOTE_TEST_CARD_STORM", MESSAGES);
    let seed = setting("FOOTNOTE_TEST_SEED", 5);
    let mut storm = Storm::begin(seed);
    storm.blows(messages);
    if storm.is_paused {
        storm.pauses();
    }
    storm.drains();
    storm.dies();
    storm.drains();
    // A day later nothing waits any more, but for what was drawn in vain; that is told when pressed.
    storm.process.waits(Duration::from_secs(25 * 3600));
    storm.process.on(Incoming::Hour);
    storm.drains();
    let posted = storm.posted;
    let open: Vec<(MessageId, Button)> = storm
        .cards
        .iter()
        .filter_map(|(card, standing)| Some((*card, standing.buttons.first()?.clone())))
        .collect();
    for (card, button) in open {
        storm.press(card, &button);
        storm.drains();
    }
    assert_eq!(storm.posted, posted, "nothing is posted from a card that is over");
    for standing in storm.cards.values().filter(|one| one.buttons.is_empty()) {
        let said = &storm.said[&standing.about];
        let quotes = standing.content.contains("What would be posted");
        assert!(!quotes, "a closed card quotes: {} {}", standing.content, said.text);
    }
    for doubt in storm.process.app().settings(Some(GUILD), ChannelId(100), None).doubts.values() {
        assert!(doubt.left(storm.process.now) <= MOST);
    }
    let (cards, decided) = (storm.cards.len() as u64, storm.deciders.len() as u64);
    println!(
        "card storm of {messages} messages, seed {seed}: {cards} cards, {decided} decided, {posted} posted, \
         {} starts",
        storm.process.starts
    );
    assert!(cards * 30 > messages && decided * 100 > messages && posted * 300 > messages);
    assert!(storm.process.starts > messages / 200, "or it has shown no crash");
}
