//! Joins core and store: events in, actions out. Knows neither serenity nor sockets; `now` is an argument.
//!
//! **Invariant:** a message gets at most one answer, ever: the intent is flushed before an
//! [`event::Action::Post`] leaves here, and only what was looked for and not found is posted again,
//! with the same nonce.

pub mod ask;
mod cards;
mod changes;
mod conversation;
mod corrections;
pub mod delivery;
mod demand;
pub mod engine;
pub mod event;
mod examine;
mod feedback;
mod member;
mod memory;
mod moderate;
mod pages;
mod people;
mod posting;
pub mod reconcile;
pub mod reload;
mod requests;
pub mod rules;
mod rulings;
pub mod search;
mod settings;
mod setup;
mod shadows;
pub mod shelf;
mod stats;
mod status;
mod tally;
#[cfg(test)]
pub(crate) mod testing;
pub mod unread;
mod waiting;
mod wishes;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::app::engine::{Engine, Live};
use crate::app::event::{Action, Incoming};
use crate::app::memory::Memory;
use crate::app::rules::Rules;
use crate::model::claim::ClaimId;
use crate::ops::metrics::Metrics;
use crate::policy::place::Moment;
use crate::reply::link;
use crate::store::transfer::{ImportError, Imported, Standing};
use crate::store::{MemberSecret, Store, StoreError};

/// The bot without its edges.
pub struct App {
    live: Arc<Live>,
    store: Store,
    rules: Rules,
    metrics: Arc<Metrics>,
    secret: MemberSecret,
    memory: Mutex<Memory>,
    changing: Mutex<()>,
    /// Where the claims stand as a site.
    site: Option<String>,
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
        let mut memory = delivery::recall(&store, &metrics, now)?;
        memory.tally.since = now;
        let memory = Mutex::new(memory);
        let live = Arc::new(Live::new(engine));
        let changing = Mutex::default();
        Ok(Self { live, store, rules, metrics, secret, memory, changing, site: None })
    }

    /// With replies that lead to a site, whose address has no slash at its end.
    #[must_use]
    pub fn linking_to(self, site: Option<String>) -> Self {
        Self { site, ..self }
    }

    /// The page of a claim, where there is a site.
    fn page_of(&self, claim: &ClaimId) -> Option<String> {
        self.site.as_ref().map(|site| link::address(site, claim))
    }

    /// What is to be done about something that happened.
    pub fn on(&self, incoming: Incoming, now: Moment) -> Vec<Action> {
        match incoming {
            Incoming::Ready => self.reconcile(now),
            Incoming::Message(heard) => self.hear(heard, now),
            Incoming::Edited(heard) => self.reread(heard, now),
            Incoming::Deleted(deleted) => self.forget(&deleted),
            Incoming::Pressed(pressed) => self.press(&pressed, now),
            Incoming::Asked(asked) => self.ask(asked, now),
            Incoming::Places(places) => {
                self.memory().layers.learn(places);
                Vec::new()
            }
            Incoming::Hour => {
                let mut actions = self.expire_cards(now);
                actions.extend(self.look_for_corrections(now));
                actions
            }
            Incoming::News => self.look_for_corrections(now),
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
        let mut memory = self.memory();
        memory.history.prune(now);
        memory.watched.prune(now);
        drop(memory);
        self.store.prune(now)?;
        Ok(())
    }

    /// The store, for whoever copies or counts all of it.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Takes an export in, beside all that goes on. What is in flight is ours and stays.
    ///
    /// # Errors
    /// Where anything is wrong with the export, or the store fails.
    pub fn import(&self, export: &[u8], now: Moment) -> Result<Imported, ImportError> {
        let _one_at_a_time = self.changing();
        let imported = self.store.import(export, Standing::InUse)?;
        let recalled = delivery::recall(&self.store, &self.metrics, now)?;
        let engine = self.live.load();
        let mut memory = self.memory();
        memory.layers.renew(recalled.layers);
        memory.wishes = recalled.wishes;
        memory.history = recalled.history;
        memory.watched = recalled.watched;
        memory.withdraw_forbidden(&self.rules, &engine.catalog);
        Ok(imported)
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
