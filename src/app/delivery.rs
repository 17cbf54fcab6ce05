//! How answers travel: the last word before a request, its outcome, and what a crash left open. Knows neither what people wrote nor what is answered.

use std::time::Duration;

use tracing::{info, warn};

use crate::app::App;
use crate::app::conversation::post;
use crate::app::event::{Action, LookFor, Performed, Post, Posted, Remove, Seen};
use crate::app::memory::{Flight, Memory};
use crate::ops::metrics::Metrics;
use crate::policy::cooldown::{KEPT, Past};
use crate::policy::place::{MessageId, Moment, UserId};
use crate::store::record::{Answer, State};
use crate::store::{Store, StoreError};

/// An answer is posted, and tried again with the same nonce, this long after its decision. Discord
/// keeps a nonce for "the past few minutes": a minute is safely within.
pub const REPEATED: Duration = Duration::from_secs(60);

/// What the store remembers, as a running bot needs it.
pub(super) fn recall(store: &Store, metrics: &Metrics, now: Moment) -> Result<Memory, StoreError> {
    let mut memory = Memory::default();
    memory.pauses.extend(store.pauses()?);
    let (mut answers, unreadable) = store.answers()?;
    if unreadable > 0 {
        warn!(unreadable, "answers in the store that cannot be read");
    }
    for _ in 0..unreadable {
        metrics.unrecorded.add();
    }
    answers.sort_by_key(|(_, answer)| answer.at);
    for (message, answer) in answers {
        let Answer { state, guild, channel, claim, at, .. } = answer;
        match state {
            State::Failed | State::GivenUp => continue,
            State::Sent(_) | State::Removed => {}
            State::Leaving(reply) => {
                memory.leftovers.push(Action::Remove(Remove { channel, reply, message }));
            }
            State::Intent => {
                let flight = Flight { guild, withdrawn: false };
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
        let memory = self.memory();
        let Some(flight) = memory.flights.get(&post.message) else { return false };
        !flight.withdrawn && !memory.pause(flight.guild).holds(now)
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
                Vec::new()
            }
            Posted::Refused => {
                // It stays in the history: where we may not post, the cooldown keeps us from knocking.
                self.metrics.refused.add();
                warn!(id = %message, "Discord refused the answer");
                self.end(message, State::Failed, false);
                Vec::new()
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
        let flight = self.memory().flights.remove(&message);
        if !orphaned && flight.is_some_and(|flight| !flight.withdrawn) {
            return Vec::new();
        }
        match self.store.answer(message) {
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
        self.metrics.retried.add();
        info!(id = %message, "tried again");
        Some(post(answer.channel, message, author, claim, answer.at))
    }

    fn give_up(&self, message: MessageId) -> Vec<Action> {
        self.metrics.given_up.add();
        warn!(id = %message, "given up");
        self.end(message, State::GivenUp, false);
        Vec::new()
    }

    /// Nothing stands. `free` where it shall not limit later answers either.
    fn end(&self, message: MessageId, state: State, free: bool) {
        let channel = self.store.answer(message).ok().flatten().map(|answer| answer.channel);
        self.move_to(message, state);
        let mut memory = self.memory();
        memory.flights.remove(&message);
        if free && let Some(channel) = channel {
            memory.history.retract(channel, message);
        }
    }

    fn move_to(&self, message: MessageId, state: State) {
        if let Err(error) = self.store.record_state(message, state) {
            self.report(message, &error);
        }
    }
}
