//! Answers that wait a while, in case that somebody else gives one. Knows neither timers nor settings.
//!
//! Nothing of it is stored: a restart forgets what waits, and a lost answer is acceptable.

use tracing::{debug, info};

use crate::app::App;
use crate::app::conversation::Intent;
use crate::app::event::{Action, Heard, Wait};
use crate::app::memory::{Flight, Memory};
use crate::model::claim::{ClaimId, Status};
use crate::policy::place::{AuthorKind, ChannelId, MessageId, Moment, Situation};
use crate::policy::reason::Reason;

/// More answers than these do not wait at once; further ones are given up.
const WAITING: usize = 1000;

/// An answer that waits.
#[derive(Debug, Clone)]
pub(super) struct Waiting {
    /// Where and to whom.
    pub(super) situation: Situation,
    /// The channel that a thread belongs to.
    pub(super) parent: Option<ChannelId>,
    /// With what.
    pub(super) claim: ClaimId,
    /// In which state the message was read: changed at this time, or never.
    pub(super) edited: Moment,
}

impl App {
    /// Lets an answer wait. Decided and remembered as if it were posted: two must not spend one budget.
    pub(super) fn begin_waiting(
        &self,
        memory: &mut Memory,
        waiting: Waiting,
        until: Moment,
    ) -> Vec<Action> {
        let (message, channel) = (waiting.situation.message, waiting.situation.channel);
        self.note(memory, &waiting.situation, Reason::Asserted);
        if memory.waiting.len() >= WAITING {
            memory.history.retract(channel, message);
            return Vec::new();
        }
        memory.note_edit(message, waiting.edited);
        memory.waiting.insert(message, waiting);
        vec![Action::Wait(Wait { message, until })]
    }

    /// An answer waits no more: its message is gone or was changed. Nothing was said, so nothing rests.
    pub(super) fn stop_waiting(&self, message: MessageId) {
        let mut memory = self.memory();
        if let Some(waiting) = memory.waiting.remove(&message) {
            memory.history.retract(waiting.situation.channel, message);
            debug!(id = %message, "no longer waiting");
        }
    }

    /// Somebody replies to a message whose answer waits: then it has one. What they say is not read.
    pub(super) fn answered_by_others(&self, heard: &Heard) {
        let Some(answered) = heard.replies_to else { return };
        let is_other = {
            let memory = self.memory();
            let author = memory.waiting.get(&answered).map(|waiting| waiting.situation.author);
            author.is_some_and(|author| author != heard.author)
        };
        let is_answer =
            matches!(heard.author_kind, AuthorKind::Member | AuthorKind::Bot | AuthorKind::Webhook);
        if is_other && is_answer {
            info!(id = %answered, "somebody else answered");
            self.stop_waiting(answered);
        }
    }

    /// It is time. What holds now counts: a claim may have been withdrawn, a channel switched off, and the
    /// author may have asked to be left alone.
    pub(super) fn post_waiting(&self, message: MessageId, now: Moment) -> Vec<Action> {
        let Some(waiting) = self.memory().waiting.remove(&message) else { return Vec::new() };
        let Waiting { situation, parent, claim, .. } = waiting;
        let engine = self.live.load();
        let known = engine.catalog.claim(claim.as_str());
        let known = known.filter(|claim| claim.status == Status::Published);
        let wishes = self.wishes(situation.author);
        let is_unwanted = wishes.opted_out(situation.guild) || wishes.not_on.contains(&claim);
        let flight = Flight {
            guild: situation.guild,
            channel: situation.channel,
            parent,
            claim,
            author: Some(situation.author),
            requested: false,
            recalled: false,
            withdrawn: false,
        };
        let mut memory = self.memory();
        let is_allowed = flight.allowed(&memory.layers, &self.rules, &engine.catalog);
        let Some(claim) = known.filter(|_| is_allowed && !is_unwanted) else {
            memory.history.retract(situation.channel, message);
            return Vec::new();
        };
        memory.flights.insert(message, flight);
        drop(memory);
        match self.intend(&situation, parent, claim, true, now) {
            Intent::Recorded(post) => vec![post],
            Intent::Already | Intent::Failed => Vec::new(),
        }
    }
}
