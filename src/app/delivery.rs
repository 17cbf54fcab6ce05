//! How answers travel: the last word before a request, its outcome, and what a crash left open. Knows neither what people wrote nor what is answered.

use std::time::Duration;

use tracing::{info, warn};

use crate::app::conversation::post;
use crate::app::event::{Action, LookFor, Performed, Post, Posted, Seen};
use crate::app::memory::{Flight, Memory};
use crate::app::settings::Layers;
use crate::app::{App, shadows};
use crate::ops::metrics::Metrics;
use crate::policy::cards::PastCard;
use crate::policy::cooldown::{KEPT, Past, Returned};
use crate::policy::place::{ChannelId, MessageId, Moment, UserId};
use crate::store::record::{Answer, State};
use crate::store::{Store, StoreError};

/// An answer is posted, and tried again with the same nonce, this long after its decision. Discord
/// keeps a nonce for "the past few minutes": a minute is safely within.
pub const REPEATED: Duration = Duration::from_secs(60);

/// What the store remembers, as a running bot needs it.
pub(super) fn recall(store: &Store, metrics: &Metrics, now: Moment) -> Result<Memory, StoreError> {
    let mut memory = Memory::default();
    memory.layers = Layers::read(store)?;
    memory.wishes.extend(store.wishes()?);
    for (guild, member, at) in store.rests()? {
        memory.history.note(guild, member, at);
    }
    let (mut answers, unreadable) = store.answers()?;
    if unreadable > 0 {
        warn!(unreadable, "answers in the store that cannot be read");
    }
    for _ in 0..unreadable {
        metrics.unrecorded.add();
    }
    for (_, card) in store.cards()? {
        let (kind, guild, claim) = (card.kind, Some(card.guild), &card.claim);
        let (channel, member, at) = (card.channel, None, card.at);
        memory.history.cards.record(PastCard { kind, guild, channel, claim, member, at });
    }
    for shadow in store.all_shadows()?.iter().filter(|one| one.is_said()) {
        shadows::remember(&mut memory.watched, shadow, now);
    }
    answers.sort_by_key(|(_, answer)| answer.at);
    for (message, answer) in answers {
        let Answer { state, guild, channel, parent, claim, at, .. } = answer;
        match state {
            State::Failed => continue,
            // What was given up may stand, so it limits what comes after it.
            State::Shown | State::Sent(_) | State::Leaving(_) | State::Removed | State::GivenUp => {
            }
            State::Intent => {
                let claim = claim.clone();
                let flight = Flight {
                    guild,
                    channel,
                    parent,
                    claim,
                    author: None,
                    // Moderators decided about it, so it does not depend on the mode.
                    requested: store.card(message)?.is_some(),
                    recalled: true,
                    withdrawn: false,
                };
                memory.flights.insert(message, flight);
                memory.leftovers.push(Action::LookFor(LookFor { channel, message }));
            }
        }
        if now.since(at) <= KEPT {
            memory.history.record(&Past { guild, channel, message, claim, member: None, at });
        }
    }
    Ok(memory)
}

impl App {
    /// The last word before a request goes out: whether the answer may still be posted. A pause, a
    /// deletion or a change may have come since it was decided.
    pub fn confirm(&self, post: &Post, now: Moment) -> bool {
        let engine = self.live.load();
        let memory = self.memory();
        let Some(flight) = memory.flights.get(&post.message) else { return false };
        !flight.withdrawn
            && !memory.layers.pause(flight.guild).holds(now)
            && flight.allowed(&memory.layers, &self.rules, &engine.catalog)
    }

    /// An action came to an end.
    pub(super) fn conclude(&self, performed: Performed, now: Moment) -> Vec<Action> {
        match performed {
            Performed::Posted { message, outcome } => self.conclude_post(message, outcome),
            Performed::Looked { message, seen } => self.conclude_search(message, seen, now),
            Performed::Removed { message, gone: true } => {
                self.metrics.removed.add();
                info!(id = %message, "reply taken away");
                self.move_to(message, State::Removed);
                Vec::new()
            }
            Performed::Removed { message, gone: false } => {
                // It stays `Leaving` in the store: the next start tries again.
                self.metrics.stuck.add();
                warn!(id = %message, "the reply could not be taken away");
                Vec::new()
            }
            Performed::Fetched { request, found } => vec![self.explain(&request, found, now)],
            Performed::Rechecked { message, current } => {
                self.conclude_recheck(message, current, now)
            }
            Performed::Corrected { message, revision, done } => {
                self.conclude_correction(message, &revision, done, now)
            }
            Performed::Waited { message } => self.post_waiting(message, now),
            Performed::Carded { message, outcome } => self.conclude_card(message, outcome),
            Performed::Redrawn { .. } => Vec::new(),
            Performed::Reviewed { review, current } => self.conclude_review(&review, current, now),
            Performed::Answered { done } => {
                if !done {
                    self.metrics.unanswered.add();
                }
                Vec::new()
            }
        }
    }

    fn conclude_post(&self, message: MessageId, outcome: Posted) -> Vec<Action> {
        match outcome {
            Posted::Stands(reply) => {
                self.metrics.posted.add();
                info!(id = %message, %reply, "answered");
                self.stands(message, reply, false)
            }
            Posted::Unclear => match self.store.answer(message) {
                Ok(Some(Answer { channel, .. })) => {
                    warn!(id = %message, "unclear whether the answer stands");
                    vec![Action::LookFor(LookFor { channel, message })]
                }
                Ok(None) => Vec::new(),
                Err(error) => {
                    self.report(message, &error);
                    Vec::new()
                }
            },
            Posted::TriggerGone | Posted::Withheld => {
                self.metrics.withheld.add();
                self.end(message, State::Failed, true);
                info!(id = %message, "withheld");
                self.unposted(message)
            }
            Posted::Refused => {
                // It stays in the history: where we may not post, the cooldown keeps us from knocking.
                self.metrics.refused.add();
                warn!(id = %message, "Discord refused the answer");
                self.end(message, State::Failed, false);
                self.unposted(message)
            }
        }
    }

    fn conclude_search(&self, message: MessageId, seen: Seen, now: Moment) -> Vec<Action> {
        match seen {
            Seen::Page { author, reply: Some(reply) } => {
                self.metrics.adopted.add();
                info!(id = %message, %reply, "found standing");
                self.stands(message, reply, author.is_none())
            }
            Seen::Page { author: Some(author), reply: None } => self
                .repeat(message, author, now)
                .map_or_else(|| self.give_up(message), |action| vec![action]),
            Seen::Page { author: None, reply: None } | Seen::Nothing => self.give_up(message),
        }
    }

    /// The answer stands. It is recorded first and the flight ends second: see `withdraw`.
    fn stands(&self, message: MessageId, reply: MessageId, orphaned: bool) -> Vec<Action> {
        self.move_to(message, State::Sent(reply));
        let flight = {
            let mut memory = self.memory();
            memory.unposted.remove(&message);
            memory.flights.remove(&message)
        };
        let stays = !orphaned && flight.as_ref().is_some_and(|flight| !flight.withdrawn);
        if stays && flight.is_some_and(|flight| !flight.recalled) {
            return Vec::new();
        }
        match self.store.answer(message) {
            // A change of the message that came before this start was not heard.
            Ok(Some(answer)) if stays => self.recheck(message, &answer),
            Ok(Some(Answer { channel, .. })) => self.leave(channel, message, reply),
            Ok(None) => Vec::new(),
            Err(error) => {
                self.report(message, &error);
                Vec::new()
            }
        }
    }

    /// The same answer again, where it is young and the claim has not changed.
    fn repeat(&self, message: MessageId, author: UserId, now: Moment) -> Option<Action> {
        let answer = self.store.answer(message).ok().flatten()?;
        let engine = self.live.load();
        let claim = engine.catalog.claim(answer.claim.as_str())?;
        let is_young = now.since(answer.at) < REPEATED;
        if !is_young || claim.revision != answer.revision || answer.state != State::Intent {
            return None;
        }
        if let Some(flight) = self.memory().flights.get_mut(&message) {
            flight.author = Some(author);
        }
        let wishes = self.wishes(author);
        if wishes.opted_out(answer.guild) || wishes.not_on.contains(&answer.claim) {
            return None;
        }
        self.metrics.retried.add();
        info!(id = %message, "tried again");
        let style = self.settings(answer.guild, answer.channel, answer.parent).style;
        let page = self.page_of(&claim.id);
        Some(post(answer.channel, message, author, claim, answer.at, style, page))
    }

    fn give_up(&self, message: MessageId) -> Vec<Action> {
        self.metrics.given_up.add();
        warn!(id = %message, "given up");
        self.end(message, State::GivenUp, false);
        self.unposted(message)
    }

    /// The card whose reply was not posted says so.
    fn unposted(&self, message: MessageId) -> Vec<Action> {
        let redraw = self.memory().unposted.remove(&message);
        redraw.map(Action::Redraw).into_iter().collect()
    }

    /// Nothing stands. `free` where it shall not limit later answers either.
    fn end(&self, message: MessageId, state: State, free: bool) {
        let channel = self.store.answer(message).ok().flatten().map(|answer| answer.channel);
        self.move_to(message, state);
        self.memory().flights.remove(&message);
        if free && let Some(channel) = channel {
            self.give_back(channel, message);
        }
    }

    /// An answer that was never posted limits nothing, also not after the next start.
    pub(super) fn give_back(&self, channel: ChannelId, message: MessageId) {
        let returned = self.memory().history.retract(channel, message);
        let Some(Returned { guild, member, last }) = returned else { return };
        let kept = match last {
            Some(at) => self.store.note_rest(guild, member, at),
            None => self.store.forget_rests(&[(guild, member)]),
        };
        if let Err(error) = kept {
            self.report(message, &error);
        }
    }

    fn move_to(&self, message: MessageId, state: State) {
        if let Err(error) = self.store.record_state(message, state) {
            self.report(message, &error);
        }
    }
}
