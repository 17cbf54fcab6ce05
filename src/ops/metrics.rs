//! Plain counters. Knows no exporter: whoever shows them reads the values.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::policy::reason::Reason;

/// One thing that only ever grows.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    /// One more.
    pub fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// How many so far.
    pub fn value(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// All counters of a running bot.
#[derive(Debug, Default)]
pub struct Metrics {
    /// Decisions by reason, in the order of [`Reason::ALL`].
    reasons: [Counter; Reason::ALL.len()],
    /// Messages whose text was read: only admitted ones ever are.
    pub read: Counter,
    /// Answers that stand in their channel.
    pub posted: Counter,
    /// Answers found after a restart or an unclear failure, and taken as posted.
    pub adopted: Counter,
    /// Answers tried again with the same nonce.
    pub retried: Counter,
    /// Answers given up: nobody knows of them and nobody will post them.
    pub given_up: Counter,
    /// Answers withheld at the last moment: paused, or the message was deleted or changed.
    pub withheld: Counter,
    /// Answers that Discord refused.
    pub refused: Counter,
    /// Replies taken away again.
    pub removed: Counter,
    /// Replies that could not be taken away.
    pub stuck: Counter,
    /// Interactions that could not be answered.
    pub unanswered: Counter,
    /// Panics, each of which cost one answer.
    pub panics: Counter,
    /// Writes that the store refused.
    pub unrecorded: Counter,
}

impl Metrics {
    /// The counter of a reason.
    pub fn reason(&self, reason: Reason) -> Option<&Counter> {
        let at = Reason::ALL.iter().position(|one| *one == reason)?;
        self.reasons.get(at)
    }

    /// Counts a decision.
    pub fn decided(&self, reason: Reason) {
        if let Some(counter) = self.reason(reason) {
            counter.add();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Counter, Metrics};
    use crate::policy::reason::Reason;

    #[test]
    fn each_reason_has_a_counter_of_its_own() {
        let metrics = Metrics::default();
        for reason in Reason::ALL {
            metrics.decided(reason);
        }
        metrics.decided(Reason::Watch);
        for reason in Reason::ALL {
            let expected = if reason == Reason::Watch { 2 } else { 1 };
            assert_eq!(metrics.reason(reason).map(Counter::value), Some(expected), "{reason:?}");
        }
    }
}
