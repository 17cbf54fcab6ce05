//! Moderators in a storm: cards, presses of several at once, edits and deletions heard and missed, requests lost, processes killed. Each card is decided once, nothing is posted twice or below words that nobody read.
//!
//! `FOOTNOTE_TEST_CARD_STORM` asks for so many messages, `FOOTNOTE_TEST_SEED` for other ones.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on should stop"
)]

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use footnote::app::App;
use footnote::app::engine::Engine;
use footnote::app::event::{
    Action, Button, Card, Current, Deleted, Does, Handle, Heard, Incoming, Performed, Post, Posted,
    Pressed, Request, Review, Ruling, Seen, Token,
};
use footnote::app::rules::Rules;
use footnote::app::unread::Unread;
use footnote::model::catalog::Catalog;
use footnote::model::phrasing::Aliases;
use footnote::policy::doubt::MOST;
use footnote::policy::permission::Permissions;
use footnote::policy::place::{AuthorKind, ChannelId, GuildId, MessageId, Moment, UserId};
use footnote::policy::settings::{Mode, Pause, Settings};
use footnote::store::Store;

use crate::scenario::claim;
use crate::support::dice::{Dice, setting};

const START: Moment = Moment(1_800_000_000_000);
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
    folder: tempfile::TempDir,
    app: Option<App>,
    dice: Dice,
    now: Moment,
    made: u64,
    pending: VecDeque<Action>,
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
    starts: u64,
    posted: u64,
}

impl Storm {
    fn begin(seed: u64) -> Self {
        let mut storm = Self {
            folder: tempfile::tempdir().unwrap(),
            app: None,
            dice: Dice::new(seed),
            now: START,
            made: 0,
            pending: VecDeque::new(),
            said: BTreeMap::new(),
            cards: BTreeMap::new(),
            card_of: BTreeMap::new(),
            presses: BTreeMap::new(),
            deciders: BTreeMap::new(),
            looked: BTreeMap::new(),
            replies: BTreeMap::new(),
            is_paused: false,
            stale: BTreeSet::new(),
            starts: 0,
            posted: 0,
        };
        storm.start();
        let review = |layer: &mut footnote::policy::layers::ServerLayer| {
            layer.tuning.review_channel = Some(BENCH);
        };
        storm.app().change_server(GUILD, review).unwrap();
        storm
    }

    fn start(&mut self) {
        self.app = None;
        let store = Store::open(self.folder.path(), self.now).unwrap();
        let claims = CLAIMS.iter().zip(TEXTS).map(|(id, text)| claim(id, text, "aaaaaaaa"));
        let engine = Engine::build(Catalog::new(claims.collect(), Aliases::default()));
        let modes = (100..100 + CHANNELS).map(|at| (ChannelId(at), Mode::Suggest)).collect();
        let everywhere =
            Settings { cooldown_claim: Duration::from_secs(60), ..Settings::default() };
        let rules = Rules { modes, everywhere };
        self.app = Some(App::open(store, engine, rules, Arc::default(), self.now).unwrap());
        self.starts += 1;
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

    fn heard(&self, message: MessageId) -> Heard {
        let said = &self.said[&message];
        Heard {
            guild: Some(GUILD),
            channel: said.channel,
            parent: None,
            message,
            author: said.author,
            author_kind: AuthorKind::Member,
            roles: Vec::new(),
            permitted: true,
            overloaded: false,
            edited: said.edited,
            replies_to: None,
            text: Unread::new(said.text.as_str()),
        }
    }

    fn says(&mut self) {
        let message = self.id();
        let text = TEXTS[usize::try_from(self.dice.below(3)).unwrap()].to_owned();
        let channel = ChannelId(100 + self.dice.below(CHANNELS));
        let author = UserId(1000 + self.dice.below(400));
        let said = Said { channel, author, text, edited: None, is_gone: false };
        self.said.insert(message, said);
        for _ in 0..=u64::from(self.dice.happens(5)) {
            let heard = self.heard(message);
            self.on(Incoming::Message(heard));
        }
        // A connection that was resumed tells of older ones too.
        let older: Vec<MessageId> = self.card_of.keys().rev().take(10).copied().collect();
        if self.dice.happens(5)
            && let Some(message) = self.dice.pick(&older).copied()
        {
            let heard = self.heard(message);
            self.on(Incoming::Message(heard));
        }
    }

    /// A message with a card is changed or deleted; whether the app hears of it.
    fn changes(&mut self, is_heard: bool) {
        let recent: Vec<MessageId> = self.card_of.keys().rev().take(20).copied().collect();
        let Some(message) = self.dice.pick(&recent).copied() else { return };
        let (roll, now) = (self.dice.below(3), self.now);
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
            self.on(Incoming::Deleted(Deleted { channel, messages: vec![message] }));
        } else {
            let heard = self.heard(message);
            self.on(Incoming::Edited(heard));
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
        self.made += 1;
        let number = self.made;
        let request = Request {
            guild: Some(GUILD),
            channel: BENCH,
            parent: None,
            by: UserId(60 + number % 7),
            permissions: MODERATORS,
            installed: true,
            permitted: true,
            handle: Handle { id: number, token: Token("t".to_owned()) },
        };
        self.presses.insert(number, card);
        let tag = Some(button.tag.clone());
        self.on(Incoming::Pressed(Pressed { request, under: card, tag }));
    }

    /// What Discord does with a card.
    fn takes_card(&mut self, card: &Card) -> MessageId {
        assert!(!self.is_paused, "a card while paused");
        let known = self.card_of.get(&card.message);
        assert_eq!(known, None, "{} has a second card", card.message);
        assert_eq!(card.channel, BENCH);
        let id = self.id();
        let (about, content, buttons) = (card.message, card.content.clone(), card.buttons.clone());
        self.cards.insert(id, Standing { about, content, buttons });
        self.card_of.insert(card.message, id);
        id
    }

    /// A card looks otherwise from now on.
    fn draws(&mut self, card: MessageId, content: &str, buttons: &[Button]) {
        let Some(standing) = self.cards.get_mut(&card) else { return };
        content.clone_into(&mut standing.content);
        standing.buttons = buttons.to_vec();
        self.stale.remove(&card);
        if let Some((_, by)) = content.split_once("decided by <@") {
            let by = by.split('>').next().unwrap().to_owned();
            let before = self.deciders.entry(card).or_insert_with(|| by.clone());
            assert_eq!(*before, by, "{card} was decided twice");
        }
    }

    /// What Discord does with a reply.
    fn takes(&mut self, post: &Post) -> Option<MessageId> {
        assert!(!self.is_paused, "posted while paused");
        if self.said[&post.message].is_gone {
            return None;
        }
        if let Some(known) = self.replies.get(&post.message) {
            let age = self.now.since(known.made_at());
            assert!(age < Duration::from_secs(300), "{} is answered twice", post.message);
            return Some(*known);
        }
        let looked = self.looked.get(&post.message);
        let asserts = looked.is_some_and(|text| TEXTS[..2].iter().any(|one| text.starts_with(one)));
        assert!(asserts, "posted below {looked:?}, which no moderator let be answered");
        let id = self.id();
        self.replies.insert(post.message, id);
        self.posted += 1;
        Some(id)
    }

    fn looks(&mut self, review: Box<Review>) -> Performed {
        let message = review.target.message;
        if self.dice.happens(5) {
            return Performed::Reviewed { review, current: Current::Unclear };
        }
        let said = &self.said[&message];
        if said.is_gone {
            return Performed::Reviewed { review, current: Current::Gone };
        }
        let tag = review.pressed.tag.as_ref().unwrap();
        assert!(matches!(tag.does, Does::Decide(Ruling::Post, _)));
        self.looked.insert(message, said.text.clone());
        let current = Current::Written(Box::new(self.heard(message)));
        Performed::Reviewed { review, current }
    }

    fn performs(&mut self, action: Action) {
        let performed = match action {
            Action::Card(card) => {
                let message = card.message;
                let outcome = if self.app().confirm_card(message, self.now) {
                    match self.dice.below(20) {
                        0 => Posted::Unclear,
                        1 => {
                            self.takes_card(&card);
                            Posted::Unclear
                        }
                        2 => Posted::Refused,
                        _ => Posted::Stands(self.takes_card(&card)),
                    }
                } else {
                    Posted::Withheld
                };
                Performed::Carded { message, outcome }
            }
            Action::Redraw(redraw) => {
                let done = !self.dice.happens(5);
                if done {
                    self.draws(redraw.card, &redraw.content, &redraw.buttons);
                } else {
                    self.stale.insert(redraw.card);
                }
                Performed::Redrawn { done }
            }
            Action::Answer(answer) => {
                let card = self.presses.remove(&answer.handle.id);
                let done = !self.dice.happens(5);
                if let Some(card) = card.filter(|_| answer.replaces) {
                    if done {
                        self.draws(card, &answer.content, &answer.buttons);
                    } else {
                        self.stale.insert(card);
                    }
                }
                Performed::Answered { done }
            }
            Action::Review(review) => self.looks(review),
            Action::Post(post) => {
                let message = post.message;
                let outcome = if self.app().confirm(&post, self.now) {
                    match self.dice.below(20) {
                        0 => Posted::Unclear,
                        1 => {
                            self.takes(&post);
                            Posted::Unclear
                        }
                        2 => Posted::Refused,
                        _ => self.takes(&post).map_or(Posted::TriggerGone, Posted::Stands),
                    }
                } else {
                    Posted::Withheld
                };
                Performed::Posted { message, outcome }
            }
            Action::Remove(remove) => Performed::Removed { message: remove.message, gone: true },
            Action::LookFor(search) => {
                let said = &self.said[&search.message];
                let author = (!said.is_gone).then_some(said.author);
                let reply = self.replies.get(&search.message).copied();
                Performed::Looked { message: search.message, seen: Seen::Page { author, reply } }
            }
            Action::Recheck(recheck) => {
                let message = recheck.message;
                let current = if self.said[&message].is_gone {
                    Current::Gone
                } else {
                    Current::Written(Box::new(self.heard(message)))
                };
                Performed::Rechecked { message, current }
            }
            Action::Correct(correct) => Performed::Corrected {
                message: correct.message,
                revision: correct.revision,
                done: true,
            },
            Action::Wait(wait) => Performed::Waited { message: wait.message },
            Action::Complete(_) | Action::Fetch(_) | Action::Form(_) => {
                Performed::Answered { done: true }
            }
        };
        self.on(Incoming::Performed(performed));
    }

    /// The process ends somewhere: of what was under way some was sent, and no outcome is known.
    fn dies(&mut self) {
        for action in std::mem::take(&mut self.pending) {
            match action {
                Action::Post(post)
                    if self.dice.happens(50) && self.app().confirm(&post, self.now) =>
                {
                    self.takes(&post);
                }
                Action::Card(card)
                    if self.dice.happens(50) && self.app().confirm_card(card.message, self.now) =>
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

    fn pauses(&mut self) {
        self.is_paused = !self.is_paused;
        let pause = if self.is_paused { Pause::Indefinite } else { Pause::None };
        self.app().change_pause(GUILD, pause).unwrap();
    }

    fn blows(&mut self, messages: u64) {
        for _ in 0..messages {
            self.now = self.now.plus(self.dice.within(Duration::from_secs(60)));
            self.says();
            match self.dice.below(100) {
                0..=29 => self.presses(),
                30..=44 => self.changes(true),
                45 => self.dies(),
                46 => self.pauses(),
                47 => self.on(Incoming::Hour),
                48 => self.app().prune(self.now).unwrap(),
                // Whatever was muted is answered again.
                49..=52 => {
                    for at in 100..100 + CHANNELS {
                        let unmute = |layer: &mut footnote::policy::layers::ChannelLayer| {
                            layer.tuning.muted.clear();
                        };
                        self.app().change_channel(GUILD, ChannelId(at), unmute).unwrap();
                    }
                }
                _ => {}
            }
            while !self.pending.is_empty() && self.dice.happens(70) {
                let action = self.pending.pop_front().unwrap();
                self.performs(action);
            }
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
    storm.now = storm.now.plus(Duration::from_secs(25 * 3600));
    storm.on(Incoming::Hour);
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
    for doubt in storm.app().settings(Some(GUILD), ChannelId(100), None).doubts.values() {
        assert!(doubt.left(storm.now) <= MOST);
    }
    let (cards, decided) = (storm.cards.len() as u64, storm.deciders.len() as u64);
    println!(
        "card storm of {messages} messages, seed {seed}: {cards} cards, {decided} decided, {posted} posted, \
         {} starts",
        storm.starts
    );
    assert!(cards * 30 > messages && decided * 100 > messages && posted * 300 > messages);
    assert!(storm.starts > messages / 200, "or it has shown no crash");
}
