//! Decisions counted by server and reason, and the last ones by message. Knows neither texts, authors nor claims; a restart forgets it.

use std::collections::BTreeMap;

use crate::policy::place::{GuildId, MessageId, Moment};
use crate::policy::reason::Reason;

/// More messages than these are not remembered: an evening of a busy server.
const LATELY: usize = 4096;

/// What was decided since the start.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// Since when.
    pub(super) since: Moment,
    counts: BTreeMap<(GuildId, Reason), u64>,
    lately: BTreeMap<MessageId, Reason>,
}

impl Tally {
    /// Counts a decision. Which reason a message had is remembered only where it was read: of the
    /// others every later look says the same.
    pub(super) fn note(&mut self, guild: Option<GuildId>, message: MessageId, reason: Reason) {
        if let Some(guild) = guild {
            *self.counts.entry((guild, reason)).or_default() += 1;
        }
        if reason == Reason::Overload || reason >= Reason::BelowThreshold {
            self.lately.insert(message, reason);
            // Ids grow with time: the first is the oldest message.
            while self.lately.len() > LATELY {
                self.lately.pop_first();
            }
        }
    }

    /// What was decided about a message, where it is remembered.
    pub(super) fn lately(&self, message: MessageId) -> Option<Reason> {
        self.lately.get(&message).copied()
    }

    /// How often each reason was given in a server, in order of precedence.
    pub(super) fn of(&self, guild: GuildId) -> Vec<(Reason, u64)> {
        let range = (guild, Reason::Overload)..=(guild, Reason::Asserted);
        self.counts.range(range).map(|((_, reason), count)| (*reason, *count)).collect()
    }

    /// Forgets a server that we have left.
    pub(super) fn forget(&mut self, guild: GuildId) {
        self.counts.retain(|(one, _), _| *one != guild);
    }
}

#[cfg(test)]
mod tests {
    use super::{LATELY, Tally};
    use crate::policy::place::{GuildId, MessageId};
    use crate::policy::reason::Reason;

    #[test]
    fn each_server_has_its_own_counts_in_order_of_precedence() {
        let mut tally = Tally::default();
        let (one, other) = (GuildId(1), GuildId(2));
        for (guild, reason) in [
            (one, Reason::Asserted),
            (one, Reason::Overload),
            (other, Reason::Off),
            (one, Reason::Asserted),
        ] {
            tally.note(Some(guild), MessageId(1), reason);
        }
        tally.note(None, MessageId(1), Reason::Off);
        assert_eq!(tally.of(one), [(Reason::Overload, 1), (Reason::Asserted, 2)]);
        assert_eq!(tally.of(other), [(Reason::Off, 1)]);
        tally.forget(one);
        assert_eq!(tally.of(one), []);
        assert_eq!(tally.of(other), [(Reason::Off, 1)]);
    }

    #[test]
    fn the_last_messages_that_were_read_are_remembered_and_no_others() {
        let mut tally = Tally::default();
        for message in 0..=u64::try_from(LATELY).unwrap() {
            tally.note(None, MessageId(message), Reason::CooldownChannel);
        }
        tally.note(None, MessageId(u64::MAX), Reason::OptedOut);
        assert_eq!(tally.lately(MessageId(0)), None, "the oldest is forgotten");
        assert_eq!(tally.lately(MessageId(1)), Some(Reason::CooldownChannel));
        assert_eq!(tally.lately(MessageId(u64::MAX)), None, "it was not read");
    }
}
