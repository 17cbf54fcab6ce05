//! What a running bot remembers beside its store: history, answers in flight, pauses, edit times. Knows neither claims nor Discord; all of it can be rebuilt or lost.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use crate::app::engine::Engine;
use crate::app::event::{Action, Correct, Recheck, Redraw};
use crate::app::feedback::Heard;
use crate::app::rules::Rules;
use crate::app::settings::Layers;
use crate::app::tally::Tally;
use crate::app::waiting::Waiting;
use crate::model::catalog::Catalog;
use crate::model::claim::ClaimId;
use crate::policy::cooldown::History;
use crate::policy::place::{ChannelId, GuildId, MemberKey, MessageId, Moment, UserId};
use crate::policy::settings::Mode;
use crate::policy::wishes::Wishes;

/// More edit times than this are not kept: ten minutes of a very busy bot.
const EDITS_KEPT: usize = 4096;

/// An answer between its decision and its outcome.
#[derive(Debug, Clone)]
pub(super) struct Flight {
    /// The server.
    pub(super) guild: Option<GuildId>,
    /// The channel.
    pub(super) channel: ChannelId,
    /// The channel that a thread belongs to.
    pub(super) parent: Option<ChannelId>,
    /// With what.
    pub(super) claim: ClaimId,
    /// Whose message; none where a restart has forgotten it.
    pub(super) author: Option<UserId>,
    /// Whether somebody asked for it: then it does not depend on what we may do by ourselves.
    pub(super) requested: bool,
    /// Whether a restart lies between its decision and now: what happened meanwhile was not heard.
    pub(super) recalled: bool,
    /// The tombstone: it must not stand any more, whatever becomes of the request.
    pub(super) withdrawn: bool,
}

/// What is remembered.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// What limits answers.
    pub(super) history: History,
    /// What limits what would be said where footnote only watches: nothing was said there, so it limits no answer.
    pub(super) watched: History,
    /// Answers in flight by the message they answer.
    pub(super) flights: BTreeMap<MessageId, Flight>,
    /// Answers that wait, by the message they would answer. A restart forgets them.
    pub(super) waiting: BTreeMap<MessageId, Waiting>,
    /// What moderators have set.
    pub(super) layers: Layers,
    /// What members asked of us.
    pub(super) wishes: BTreeMap<MemberKey, Wishes>,
    /// Of which messages something was said already.
    pub(super) heard: Heard,
    /// When somebody last suggested something to authors.
    pub(super) suggested: BTreeMap<UserId, Moment>,
    /// What was decided since the start.
    pub(super) tally: Tally,
    /// What the last run left open; done once the connection stands.
    pub(super) leftovers: Vec<Action>,
    /// What is still to be looked at again.
    pub(super) rechecks: VecDeque<Recheck>,
    /// How many of those are under way.
    pub(super) rechecking: usize,
    /// How cards are to look of which nobody knows yet where they stand.
    pub(super) undrawn: BTreeMap<MessageId, Redraw>,
    /// Replies that are to be corrected.
    pub(super) corrections: VecDeque<Correct>,
    /// Whether one is under way.
    pub(super) is_correcting: bool,
    /// The claims that corrections were last looked for in.
    pub(super) looked_through: Option<Arc<Engine>>,
    /// How the cards of answers in flight are to look should those not be posted.
    pub(super) unposted: BTreeMap<MessageId, Redraw>,
    edits: BTreeMap<MessageId, Moment>,
}

impl Flight {
    /// Whether what moderators set still allows it.
    pub(super) fn allowed(&self, layers: &Layers, rules: &Rules, catalog: &Catalog) -> bool {
        let settings = layers.settings(rules, self.guild, self.channel, self.parent);
        let by_ourselves = settings.mode == Mode::Reply
            && !settings.sensitive
            && !settings.exempt
            && !settings.muted.contains(&self.claim)
            && !catalog.claim(self.claim.as_str()).is_some_and(|claim| settings.mutes(claim));
        self.requested || by_ourselves
    }
}

impl Memory {
    /// What limits what is said, or would be said, in a channel of a mode.
    pub(super) fn history_in(&mut self, mode: Mode) -> &mut History {
        if mode == Mode::Watch { &mut self.watched } else { &mut self.history }
    }

    /// Begins a flight, where none to this message is under way; whether it did.
    pub(super) fn takes_off(&mut self, message: MessageId, flight: Flight) -> bool {
        match self.flights.entry(message) {
            Entry::Occupied(_) => false,
            Entry::Vacant(free) => {
                free.insert(flight);
                true
            }
        }
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

    /// Leaves tombstones for all answers in flight that settings no longer allow.
    pub(super) fn withdraw_forbidden(&mut self, rules: &Rules, catalog: &Catalog) {
        for flight in self.flights.values_mut().filter(|flight| !flight.withdrawn) {
            flight.withdrawn = !flight.allowed(&self.layers, rules, catalog);
        }
    }

    /// Leaves tombstones for all answers in flight to a member who no longer wants them.
    pub(super) fn withdraw_from(&mut self, member: UserId, wishes: &Wishes) {
        for flight in self.flights.values_mut().filter(|flight| flight.author == Some(member)) {
            let unwanted = wishes.opted_out(flight.guild) || wishes.not_on.contains(&flight.claim);
            flight.withdrawn |= unwanted;
        }
    }

    /// Notes when a message was changed, and says what is new about that. Discord also reports an
    /// edit where it only added a preview, with the time of the last one.
    pub(super) fn edit(&mut self, message: MessageId, edited: Moment) -> Edit {
        let known = self.edits.get(&message).copied();
        match known {
            Some(known) if known >= edited => return Edit::Known,
            _ => self.note_edit(message, edited),
        }
        known.map_or(Edit::First, |_| Edit::Later)
    }

    /// Notes in which state a message was read: changed at this time, or never.
    pub(super) fn note_edit(&mut self, message: MessageId, edited: Moment) {
        self.edits.insert(message, edited);
        // Ids grow with time: the first is the oldest message.
        while self.edits.len() > EDITS_KEPT {
            self.edits.pop_first();
        }
    }
}

/// What a reported edit tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edit {
    /// Nothing new.
    Known,
    /// The first that this process hears of; it may have heard it in an earlier life.
    First,
    /// One after what was read.
    Later,
}
