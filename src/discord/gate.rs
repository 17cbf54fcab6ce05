//! Every request about a channel passes here: it goes out only where Discord has not refused too much, and what Discord answers is remembered. Knows no request by name.

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tracing::{error, info, warn};

use crate::discord::failure::Failure;
use crate::discord::{Fatal, now, words};
use crate::ops::metrics::Metrics;
use crate::policy::place::ChannelId;
use crate::policy::refusal::{Barred, Refusals, SESSIONS, SESSIONS_WITHIN, Window};

/// One request takes longer than this only where nobody answers any more.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// The gate; clones share it.
#[derive(Clone)]
pub(super) struct Gate(Arc<Inner>);

struct Inner {
    metrics: Arc<Metrics>,
    refusals: Mutex<Refusals>,
    sessions: Mutex<Window>,
    fatal: watch::Sender<Option<Fatal>>,
}

impl Gate {
    pub(super) fn new(metrics: Arc<Metrics>) -> Self {
        Self(Arc::new(Inner {
            metrics,
            refusals: Mutex::default(),
            sessions: Mutex::new(Window::over(SESSIONS_WITHIN)),
            fatal: watch::Sender::new(None),
        }))
    }

    /// Whether a request about a channel would go out now.
    pub(super) fn is_open(&self, place: ChannelId) -> bool {
        self.refusals().may_ask(Some(place), now()).is_ok()
    }

    /// Something about a channel changed: it may be asked again.
    pub(super) fn forgive(&self, place: ChannelId) {
        self.refusals().forgive(place);
    }

    /// Posts in a place that did not refuse lately, with a limit to our patience.
    pub(super) async fn post<T>(
        &self,
        place: ChannelId,
        request: impl Future<Output = serenity::Result<T>>,
    ) -> Result<T, Failure> {
        let posted = self.ask(Some(place), Some(place), request).await;
        if posted.is_ok() {
            self.forgive(place);
        }
        posted
    }

    /// Looks at a place or takes something away there. A place where we may not post is not closed
    /// to that: what we left behind has to be found and to go. Each answer does so a few times at
    /// most, so that nothing here goes on knocking.
    pub(super) async fn tend<T>(
        &self,
        place: Option<ChannelId>,
        request: impl Future<Output = serenity::Result<T>>,
    ) -> Result<T, Failure> {
        self.ask(None, place, request).await
    }

    async fn ask<T>(
        &self,
        barred_by: Option<ChannelId>,
        place: Option<ChannelId>,
        request: impl Future<Output = serenity::Result<T>>,
    ) -> Result<T, Failure> {
        if let Err(barred) = self.refusals().may_ask(barred_by, now()) {
            self.0.metrics.kept_back.add();
            if barred == Barred::Everywhere {
                warn!("Discord has refused so much lately that we rest for some minutes");
            }
            return Err(Failure::KeptBack);
        }
        let result = limited(&self.0.metrics, PATIENCE, request).await;
        if let Err(failure) = &result {
            self.learn(place, *failure);
        }
        result
    }

    /// The library's limiter waits, because Discord said so or would say so.
    pub(super) fn waits(&self, place: Option<ChannelId>, wait: Duration, is_global: bool) {
        self.0.metrics.limited.add();
        // Short waits are the limiter's own affair, and the request under way outlives them.
        let rest = if wait >= PATIENCE || is_global { wait } else { Duration::ZERO };
        self.refusals().limit(if is_global { None } else { place }, rest, now());
        // Said once it holds.
        info!(?wait, is_global, channel = place.map(|place| place.0), "Discord asks us to wait");
    }

    /// A new session is begun. Where that happens again and again something is broken that
    /// restarting does not mend, and Discord would in the end take the token away.
    pub(super) fn begin_session(&self) {
        let mut sessions = self.0.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.add(now());
        if sessions.count(now()) > SESSIONS {
            self.end(Fatal(words::TOO_MANY_SESSIONS.to_owned()));
        }
    }

    /// Ends the bot, which says why.
    pub(super) fn end(&self, why: Fatal) {
        self.0.fatal.send_if_modified(|fatal| {
            let is_first = fatal.is_none();
            fatal.get_or_insert(why);
            is_first
        });
    }

    /// Resolves where something ended the bot.
    pub(super) async fn ended(&self) -> Fatal {
        let mut fatal = self.0.fatal.subscribe();
        match fatal.wait_for(Option::is_some).await.map(|fatal| fatal.clone()) {
            Ok(Some(fatal)) => fatal,
            // The sender lives in `self`, so neither happens.
            Ok(None) | Err(_) => std::future::pending().await,
        }
    }

    fn learn(&self, place: Option<ChannelId>, failure: Failure) {
        let metrics = &self.0.metrics;
        match failure {
            Failure::Status { status: 401, .. } => {
                metrics.refusals.add();
                self.refusals().refuse(None, now());
                error!("Discord does not take the token any more");
                self.end(Fatal(words::WRONG_TOKEN.to_owned()));
            }
            Failure::Status { status: 429, .. } => {
                metrics.limited.add();
                self.refusals().limit(place, Duration::ZERO, now());
            }
            failure if failure.is_of_the_place() => {
                metrics.refusals.add();
                self.refusals().refuse(place, now());
            }
            Failure::Status { .. }
            | Failure::TriggerGone
            | Failure::Unclear
            | Failure::KeptBack => {}
        }
    }

    fn refusals(&self) -> MutexGuard<'_, Refusals> {
        self.0.refusals.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request with a limit to our patience, and its time taken.
#[expect(clippy::disallowed_methods, reason = "the edge that measures requests")]
pub(super) async fn limited<T>(
    metrics: &Metrics,
    patience: Duration,
    request: impl Future<Output = serenity::Result<T>>,
) -> Result<T, Failure> {
    let begun = Instant::now();
    let result = tokio::time::timeout(patience, request).await;
    metrics.request_seconds.record(begun.elapsed());
    match result {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(Failure::of(&error)),
        Err(_) => Err(Failure::Unclear),
    }
}

/// The channel in the path of a request, where it has one.
pub(super) fn place_of(path: &str) -> Option<ChannelId> {
    let (_, rest) = path.split_once("channels/")?;
    let id = rest.split('/').next()?;
    id.parse().ok().map(ChannelId)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::{Gate, place_of};
    use crate::discord::failure::Failure;
    use crate::discord::{now, words};
    use crate::ops::metrics::Metrics;
    use crate::policy::place::ChannelId;
    use crate::policy::refusal::SESSIONS;

    #[test]
    fn a_path_says_its_channel() {
        for (path, expected) in [
            ("/channels/12/messages", Some(ChannelId(12))),
            ("https://discord.com/api/v10/channels/12/messages/5", Some(ChannelId(12))),
            ("/users/@me", None),
            ("/channels/", None),
        ] {
            assert_eq!(place_of(path), expected, "{path}");
        }
    }

    #[test]
    fn a_long_wait_closes_the_gate_and_a_short_one_does_not() {
        let gate = Gate::new(Arc::new(Metrics::default()));
        gate.waits(Some(ChannelId(1)), Duration::from_millis(500), false);
        assert!(gate.is_open(ChannelId(1)));
        gate.waits(Some(ChannelId(1)), Duration::from_secs(60), false);
        assert!(!gate.is_open(ChannelId(1)));
        assert!(gate.is_open(ChannelId(2)));
        gate.waits(None, Duration::from_secs(60), true);
        assert!(!gate.is_open(ChannelId(2)));
    }

    /// Also where an answer was decided before its channel refused another one.
    #[tokio::test]
    async fn where_a_place_refuses_nothing_is_posted_and_what_stands_is_tended() {
        let gate = Gate::new(Arc::new(Metrics::default()));
        let here = ChannelId(1);
        gate.refusals().refuse(Some(here), now());
        let posted = gate.post(here, async { Ok(()) }).await;
        assert_eq!(posted, Err(Failure::KeptBack));
        assert_eq!(gate.0.metrics.kept_back.value(), 1);
        assert_eq!(gate.tend(Some(here), async { Ok(()) }).await, Ok(()));
        assert!(!gate.is_open(here), "that it can be looked at says nothing of posting");
        assert_eq!(gate.post(ChannelId(2), async { Ok(()) }).await, Ok(()));
    }

    #[tokio::test]
    async fn sessions_without_end_end_the_bot_before_discord_takes_the_token() {
        let gate = Gate::new(Arc::new(Metrics::default()));
        for _ in 0..SESSIONS {
            gate.begin_session();
        }
        assert!(gate.0.fatal.borrow().is_none());
        gate.begin_session();
        assert!(gate.0.fatal.borrow().is_some());
        assert_eq!(gate.ended().await.0, words::TOO_MANY_SESSIONS);
    }
}
