//! What is counted, each under its one name. Knows no exporter's server: whoever shows the values reads them.

use std::fmt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::policy::reason::Reason;

/// Messages by what was decided; the label `reason` says why.
pub const MESSAGES: Name =
    Name("footnote_messages_total", "Messages heard, by the reason of what was decided.");
/// The time that requests to Discord took.
pub const REQUEST_SECONDS: Name = Name(
    "footnote_request_seconds",
    "Requests to Discord, by the time to their answer or to the end of our patience.",
);
/// Whether the connection stands.
pub const CONNECTED: Name = Name("footnote_connected", "Whether the connection to Discord stands.");
/// How many claims take part.
pub const CLAIMS: Name =
    Name("footnote_claims", "Published claims that messages are matched with.");
/// Which version runs.
pub const BUILD: Name = Name("footnote_build_info", "The version that runs, as a label.");

/// A metric's name and what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Name(pub &'static str, pub &'static str);

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

/// How long something takes; recorded only where somebody shows it.
#[derive(Default)]
pub struct Timing(OnceLock<metrics::Histogram>);

impl Timing {
    /// It took this long.
    pub fn record(&self, took: Duration) {
        if let Some(histogram) = self.0.get() {
            histogram.record(took.as_secs_f64());
        }
    }

    /// From here on it is shown there.
    pub(super) fn show(&self, histogram: metrics::Histogram) {
        // Who came first keeps it.
        let _ = self.0.set(histogram);
    }
}

impl fmt::Debug for Timing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Timing(shown: {})", self.0.get().is_some())
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
    /// Cards shown to moderators.
    pub carded: Counter,
    /// Replies corrected after their claim was.
    pub corrected: Counter,
    /// Replies taken away again.
    pub removed: Counter,
    /// Replies that could not be taken away.
    pub stuck: Counter,
    /// Interactions that could not be answered.
    pub unanswered: Counter,
    /// Panics anywhere.
    pub panics: Counter,
    /// Messages and answers that a panic cost.
    pub lost: Counter,
    /// Writes that the store refused.
    pub unrecorded: Counter,
    /// Requests that Discord refused with 401, 403 or 404 of a whole channel.
    pub refusals: Counter,
    /// Requests that Discord or the library's limiter made wait.
    pub limited: Counter,
    /// Requests that did not go out because so much was refused before.
    pub kept_back: Counter,
    /// Times of requests to Discord.
    pub request_seconds: Timing,
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

    /// Every counter that has no label, with its name. A counter without one does not compile.
    pub(super) fn named(&self) -> [(Name, &Counter); 18] {
        let Self {
            reasons: _,
            read,
            posted,
            adopted,
            retried,
            given_up,
            withheld,
            refused,
            carded,
            corrected,
            removed,
            stuck,
            unanswered,
            panics,
            lost,
            unrecorded,
            refusals,
            limited,
            kept_back,
            request_seconds: _,
        } = self;
        [
            (Name("footnote_messages_read_total", "Messages whose text was read."), read),
            (Name("footnote_answers_posted_total", "Answers that were posted."), posted),
            (
                Name(
                    "footnote_answers_adopted_total",
                    "Answers found standing after a restart or an unclear failure.",
                ),
                adopted,
            ),
            (
                Name(
                    "footnote_answers_retried_total",
                    "Answers tried again with the same nonce after they were looked for.",
                ),
                retried,
            ),
            (Name("footnote_answers_given_up_total", "Answers given up."), given_up),
            (
                Name(
                    "footnote_answers_withheld_total",
                    "Answers kept back at the last moment, without a request or after the message went.",
                ),
                withheld,
            ),
            (Name("footnote_answers_refused_total", "Answers that Discord refused."), refused),
            (
                Name(
                    "footnote_replies_corrected_total",
                    "Replies corrected after their claim was.",
                ),
                corrected,
            ),
            (Name("footnote_cards_posted_total", "Cards shown to moderators."), carded),
            (Name("footnote_replies_removed_total", "Replies taken away again."), removed),
            (
                Name(
                    "footnote_replies_stuck_total",
                    "Replies that could not be taken away; the next start tries again.",
                ),
                stuck,
            ),
            (
                Name(
                    "footnote_interactions_unanswered_total",
                    "Commands and presses that could not be answered.",
                ),
                unanswered,
            ),
            (Name("footnote_panics_total", "Panics: each is a bug to be reported."), panics),
            (
                Name("footnote_lost_to_panics_total", "Messages and answers that a panic cost."),
                lost,
            ),
            (Name("footnote_store_failures_total", "Writes that the store refused."), unrecorded),
            (
                Name(
                    "footnote_requests_refused_total",
                    "Requests refused with 401, 403 or 404 of a whole channel.",
                ),
                refusals,
            ),
            (
                Name(
                    "footnote_requests_limited_total",
                    "Requests that had to wait for a rate limit.",
                ),
                limited,
            ),
            (
                Name(
                    "footnote_requests_kept_back_total",
                    "Requests that did not go out because so much was refused before.",
                ),
                kept_back,
            ),
        ]
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
