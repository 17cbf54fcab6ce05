//! What happened while nobody was listening: events missed offline never come, so what was answered lately is looked at again. Knows neither requests nor pages.
//!
//! Bounded in age, in number, and in how many are under way at once: a start must not be a burst.

use std::time::Duration;

use tracing::{info, warn};

use crate::app::App;
use crate::app::event::{Action, Current, Recheck, Remove};
use crate::policy::place::{MessageId, Moment};
use crate::store::record::{Answer, State};

/// Older answers are not looked at again: what people take back, they take back within days.
pub const RECHECKED_FOR: Duration = Duration::from_secs(3 * 24 * 3600);

/// More answers than this are not looked at again, the newest first: at four under way and a tenth
/// of a second each that is a quarter of a minute.
pub const RECHECKED: usize = 500;

/// So many are looked at at once: far below Discord's 50 requests a second.
pub const AT_ONCE: usize = 4;

impl App {
    /// The connection stands: for the first time, or again after a session was lost.
    pub(super) fn reconcile(&self, now: Moment) -> Vec<Action> {
        let mut actions = std::mem::take(&mut self.memory().leftovers);
        let answers = match self.store.answers() {
            Ok((answers, _)) => answers,
            Err(error) => {
                self.metrics.unrecorded.add();
                warn!(%error, "what was answered lately cannot be looked at again");
                return actions;
            }
        };
        for (message, answer) in &answers {
            if let State::Leaving(reply) = answer.state {
                let channel = answer.channel;
                actions.push(Action::Remove(Remove { channel, reply, message: *message }));
            }
        }
        actions.extend(self.expire_cards(now));
        actions.extend(self.look_for_corrections(now));
        let cards = self.open_cards();
        let mut recent: Vec<_> = answers
            .into_iter()
            .filter(|(_, answer)| matches!(answer.state, State::Sent(_)))
            .filter(|(_, answer)| now.since(answer.at) <= RECHECKED_FOR)
            .collect();
        recent.sort_by_key(|(_, answer)| std::cmp::Reverse(answer.at));
        recent.truncate(RECHECKED);
        if !recent.is_empty() {
            info!(answers = recent.len(), "looking again at what was answered lately");
        }
        let answered = recent.iter().map(|(message, answer)| recheck(*message, answer));
        self.memory().rechecks = answered.chain(cards).collect();
        actions.extend(self.next_rechecks());
        actions
    }

    /// Looks again at one more answer, whose message may have changed while nobody was listening.
    pub(super) fn recheck(&self, message: MessageId, answer: &Answer) -> Vec<Action> {
        self.memory().rechecks.push_back(recheck(message, answer));
        self.next_rechecks()
    }

    /// A message that was answered, as it is now.
    pub(super) fn conclude_recheck(
        &self,
        message: MessageId,
        current: Current,
        now: Moment,
    ) -> Vec<Action> {
        let mut actions = match current {
            Current::Gone => {
                info!(id = %message, "is gone");
                self.withdraw(message)
            }
            Current::Written(heard) => self.reread(*heard, now),
            Current::Unclear => Vec::new(),
        };
        {
            let mut memory = self.memory();
            memory.rechecking = memory.rechecking.saturating_sub(1);
        }
        actions.extend(self.next_rechecks());
        actions
    }

    fn next_rechecks(&self) -> Vec<Action> {
        let mut memory = self.memory();
        let mut next = Vec::new();
        while memory.rechecking < AT_ONCE {
            let Some(recheck) = memory.rechecks.pop_front() else { break };
            memory.rechecking += 1;
            next.push(Action::Recheck(recheck));
        }
        next
    }
}

fn recheck(message: MessageId, answer: &Answer) -> Recheck {
    Recheck { guild: answer.guild, channel: answer.channel, parent: answer.parent, message }
}
