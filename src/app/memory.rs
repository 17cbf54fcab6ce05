//! What a running bot remembers beside its store: history, answers in flight, pauses, edit times. Knows neither claims nor Discord; all of it can be rebuilt or lost.

use std::collections::BTreeMap;

use crate::app::event::Action;
use crate::policy::cooldown::History;
use crate::policy::place::{GuildId, MessageId, Moment};
use crate::policy::settings::Pause;

/// More edit times than this are not kept: ten minutes of a very busy bot.
const EDITS_KEPT: usize = 4096;

/// An answer between its decision and its outcome.
#[derive(Debug, Clone)]
pub(super) struct Flight {
    /// The server.
    pub(super) guild: Option<GuildId>,
    /// The tombstone: it must not stand any more, whatever becomes of the request.
    pub(super) withdrawn: bool,
}

/// What is remembered.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// What limits answers.
    pub(super) history: History,
    /// Answers in flight by the message they answer.
    pub(super) flights: BTreeMap<MessageId, Flight>,
    /// Servers that have stopped us.
    pub(super) pauses: BTreeMap<GuildId, Pause>,
    /// What the last run left open; done once the connection stands.
    pub(super) leftovers: Vec<Action>,
    edits: BTreeMap<MessageId, Moment>,
}

impl Memory {
    /// Whether a server has stopped us.
    pub(super) fn pause(&self, guild: Option<GuildId>) -> Pause {
        guild.and_then(|guild| self.pauses.get(&guild)).copied().unwrap_or_default()
    }

    /// Leaves a tombstone where an answer is in flight; whether one was.
    pub(super) fn withdraw(&mut self, message: MessageId) -> bool {
        self.flights.get_mut(&message).is_some_and(|flight| {
            flight.withdrawn = true;
            true
        })
    }

    /// Leaves tombstones for all answers in flight in a server.
    pub(super) fn withdraw_all(&mut self, guild: GuildId) {
        for flight in self.flights.values_mut().filter(|flight| flight.guild == Some(guild)) {
            flight.withdrawn = true;
        }
    }

    /// Notes when a message was changed; whether that is later than what was known. Discord also
    /// reports an edit where it only added a preview, with the time of the last one.
    pub(super) fn edit_moved(&mut self, message: MessageId, edited: Moment) -> bool {
        let moved = self.edits.get(&message).is_none_or(|known| *known < edited);
        if moved {
            self.edits.insert(message, edited);
            // Ids grow with time: the first is the oldest message.
            while self.edits.len() > EDITS_KEPT {
                self.edits.pop_first();
            }
        }
        moved
    }
}
