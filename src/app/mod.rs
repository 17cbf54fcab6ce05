//! Joins core and store: events in, actions out. Knows neither serenity nor sockets; `now` is an argument.
//!
//! **Invariant:** a message gets at most one answer, ever: the intent is flushed before an
//! [`event::Action::Post`] leaves here, and only what was looked for and not found is posted again,
//! with the same nonce.

mod conversation;
pub mod delivery;
pub mod engine;
pub mod event;
mod member;
mod memory;
pub mod reload;
mod requests;
pub mod rules;
#[cfg(test)]
pub(crate) mod testing;
pub mod unread;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::app::engine::{Engine, Live};
use crate::app::event::{Action, Incoming};
use crate::app::memory::Memory;
use crate::app::rules::Rules;
use crate::ops::metrics::Metrics;
use crate::policy::place::Moment;
use crate::store::{MemberSecret, Store, StoreError};

/// The bot without its edges.
pub struct App {
    live: Arc<Live>,
    store: Store,
    rules: Rules,
    metrics: Arc<Metrics>,
    secret: MemberSecret,
    memory: Mutex<Memory>,
}

impl App {
    /// Takes up what the store remembers.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn open(
        store: Store,
        engine: Engine,
        rules: Rules,
        metrics: Arc<Metrics>,
        now: Moment,
    ) -> Result<Self, StoreError> {
        let secret = store.member_secret()?;
        let memory = Mutex::new(delivery::recall(&store, &metrics, now)?);
        Ok(Self { live: Arc::new(Live::new(engine)), store, rules, metrics, secret, memory })
    }

    /// What is to be done about something that happened.
    pub fn on(&self, incoming: Incoming, now: Moment) -> Vec<Action> {
        match incoming {
            Incoming::Ready => std::mem::take(&mut self.memory().leftovers),
            Incoming::Message(heard) => self.hear(heard, now),
            Incoming::Edited(heard) => self.reread(heard, now),
            Incoming::Deleted(deleted) => self.forget(&deleted),
            Incoming::Pressed(pressed) => self.press(&pressed),
            Incoming::Asked(asked) => self.ask(&asked, now),
            Incoming::Performed(performed) => self.conclude(performed, now),
        }
    }

    /// The snapshot that answers now.
    pub fn live(&self) -> &Arc<Live> {
        &self.live
    }

    /// The counters.
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// The counters, for whoever counts beside us.
    pub fn shared_metrics(&self) -> Arc<Metrics> {
        Arc::clone(&self.metrics)
    }

    /// Forgets what is too old to matter.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn prune(&self, now: Moment) -> Result<(), StoreError> {
        self.memory().history.prune(now);
        self.store.prune(now)?;
        Ok(())
    }

    /// Writes down whatever is still in memory.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn flush(&self) -> Result<(), StoreError> {
        self.store.flush()
    }

    /// Held for arithmetic only: never across a write to the store, never across an await. After a
    /// panic the memory is as good as before: each change to it is whole.
    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App").field("live", &self.live).finish_non_exhaustive()
    }
}
