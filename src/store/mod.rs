//! What must outlive the process: answers, settings, wishes, the key of member hashes. Knows neither Discord nor what an answer says. sled's types never leave this folder.
//!
//! **Invariant:** what a function here has returned `Ok` for survives `kill -9`.

pub mod backup;
pub mod cards;
pub mod changes;
pub mod claims;
pub mod feedback;
mod keys;
mod kinds;
mod layer;
mod members;
mod open;
pub mod record;
mod schema;
mod settings;
pub mod shadows;
pub mod suggestions;
pub mod transfer;

use std::path::Path;
use std::time::Duration;

use sled::{Db, Tree};

use crate::model::claim::Revision;
use crate::policy::cooldown::KEPT;
use crate::policy::place::{MessageId, Moment};
use crate::store::keys::{id_key, id_of};
use crate::store::open::Attempts;
use crate::store::record::{Answer, State};

/// How long an answer is remembered: as PRIVACY.md promises, and as the longest cooldown needs.
pub const ANSWERS_KEPT: Duration = KEPT;

/// sled's real memory is a multiple of its cache, and our records are few and small.
const CACHE_BYTES: u64 = 16 * 1024 * 1024;

const MEMBER_KEY: &[u8] = b"member-key";

/// Why the store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Somebody else has it open.
    #[error(
        "the store `{0}` is open in another process; stop that one, or give this one another [store] path"
    )]
    InUse(String),
    /// It could not be opened, and neither could a copy without its snapshots.
    #[error(
        "the store `{path}` cannot be opened, nor its mended copy: {why}; give another [store] path, and bring a backup in with `footnote store import` where there is one"
    )]
    Broken {
        /// The folder.
        path: String,
        /// What was tried and seen.
        why: String,
    },
    /// It could not be opened for another reason.
    #[error(
        "the store `{path}` cannot be opened: {why}; see that its folder can be read and written and that the disk has room, or give another [store] path"
    )]
    Unopened {
        /// The folder.
        path: String,
        /// What was seen.
        why: String,
    },
    /// A newer footnote wrote it.
    #[error(
        "the store `{path}` was written by a newer footnote (schema {found}, this one knows {known}); run that version, or give this one another [store] path"
    )]
    Newer {
        /// The folder.
        path: String,
        /// Its schema.
        found: u32,
        /// Ours.
        known: u32,
    },
    /// A value cannot be read.
    #[error("the store holds a value that cannot be read: {0}")]
    Unreadable(String),
    /// No randomness for the key of member hashes.
    #[error("the system gave no random numbers: {0}")]
    NoRandomness(String),
    /// The disk or sled failed.
    #[error("the store failed: {0}")]
    Failed(#[from] sled::Error),
    /// The folder itself failed.
    #[error("the folder of the store failed: {0}")]
    Folder(#[from] std::io::Error),
}

impl StoreError {
    /// As it is said of a start: with the folder and the way out.
    #[must_use]
    pub fn at(self, path: &Path) -> Self {
        let path = path.display().to_string();
        match self {
            Self::Newer { found, known, .. } => Self::Newer { path, found, known },
            Self::Unreadable(_) | Self::NoRandomness(_) | Self::Failed(_) | Self::Folder(_) => {
                Self::Unopened { path, why: self.to_string() }
            }
            Self::InUse(_) | Self::Broken { .. } | Self::Unopened { .. } => self,
        }
    }
}

/// Whether an intent was new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// It was, and is kept now.
    New,
    /// The message had an answer or an intent already.
    Already,
}

/// A key for hashing members, which never leaves the process.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct MemberSecret(pub [u8; 32]);

impl std::fmt::Debug for MemberSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MemberSecret(…)")
    }
}

/// The open store. Clones share it.
#[derive(Debug, Clone)]
pub struct Store {
    db: Db,
    answers: Tree,
    servers: Tree,
    members: Tree,
    claims: Tree,
    cards: Tree,
    shadows: Tree,
}

impl Store {
    /// Opens the store, or makes a new one. `now` names the copy of a broken one.
    ///
    /// # Errors
    /// Where somebody else has it open, a newer version wrote it, or it is beyond repair.
    pub fn open(path: &Path, now: Moment) -> Result<Self, StoreError> {
        Self::open_within(path, now, Attempts::default()).map_err(|error| error.at(path))
    }

    fn open_within(path: &Path, now: Moment, attempts: Attempts) -> Result<Self, StoreError> {
        let db = open::open(path, CACHE_BYTES, now, attempts)?;
        schema::migrate(&db)?;
        let store = Self {
            answers: db.open_tree("answers")?,
            servers: db.open_tree("servers")?,
            members: db.open_tree("members")?,
            claims: db.open_tree("claims")?,
            cards: db.open_tree("cards")?,
            shadows: db.open_tree("shadows")?,
            db,
        };
        store.prune(now)?;
        Ok(store)
    }

    /// Records that a message is about to be answered, unless it has a record already. Flushed.
    ///
    /// # Errors
    /// Where the store fails; then nothing may be posted.
    pub fn record_intent(
        &self,
        message: MessageId,
        answer: &Answer,
    ) -> Result<Recorded, StoreError> {
        let value = answer.encode()?;
        let swap = self.answers.compare_and_swap(id_key(message.0), None::<&[u8]>, Some(value))?;
        if swap.is_err() {
            return Ok(Recorded::Already);
        }
        self.db.flush()?;
        Ok(Recorded::New)
    }

    /// Moves an answer to another state. Flushed. `false` where there is no such answer.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn record_state(&self, message: MessageId, state: State) -> Result<bool, StoreError> {
        let key = id_key(message.0);
        // A press and an outcome may come at once: whoever is second builds on what the first wrote.
        loop {
            let Some(before) = self.answers.get(key)? else { return Ok(false) };
            let after = Answer { state, ..Answer::decode(&before)? }.encode()?;
            if self.answers.compare_and_swap(key, Some(before), Some(after))?.is_ok() {
                break;
            }
        }
        self.db.flush()?;
        Ok(true)
    }

    /// Notes from which revision an answer is made now. Flushed. `false` where there is no such answer.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn record_revision(
        &self,
        message: MessageId,
        revision: &Revision,
    ) -> Result<bool, StoreError> {
        let key = id_key(message.0);
        loop {
            let Some(before) = self.answers.get(key)? else { return Ok(false) };
            let after =
                Answer { revision: revision.clone(), ..Answer::decode(&before)? }.encode()?;
            if self.answers.compare_and_swap(key, Some(before), Some(after))?.is_ok() {
                break;
            }
        }
        self.db.flush()?;
        Ok(true)
    }

    /// The answer to a message.
    ///
    /// # Errors
    /// Where the store fails or the value cannot be read.
    pub fn answer(&self, message: MessageId) -> Result<Option<Answer>, StoreError> {
        let value = self.answers.get(id_key(message.0))?;
        value.map(|bytes| Answer::decode(&bytes)).transpose()
    }

    /// All answers by message, oldest message first. What cannot be read is left out and counted.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn answers(&self) -> Result<(Vec<(MessageId, Answer)>, usize), StoreError> {
        let (mut answers, mut unreadable) = (Vec::new(), 0);
        for entry in &self.answers {
            let (key, value) = entry?;
            match (id_of(&key), Answer::decode(&value)) {
                (Some(id), Ok(answer)) => answers.push((MessageId(id), answer)),
                _ => unreadable += 1,
            }
        }
        Ok((answers, unreadable))
    }

    /// Forgets answers older than [`ANSWERS_KEPT`], revisions that neither answer nor were answered
    /// with, and rests that are over; how many.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn prune(&self, now: Moment) -> Result<usize, StoreError> {
        let oldest = now.minus(ANSWERS_KEPT);
        let mut batch = sled::Batch::default();
        let mut count = 0;
        for entry in &self.answers {
            let (key, value) = entry?;
            if Answer::decode(&value).is_ok_and(|answer| answer.at < oldest) {
                batch.remove(key);
                count += 1;
            }
        }
        self.answers.apply_batch(batch)?;
        count += self.prune_claims()?;
        count += self.prune_rests(now)?;
        count += self.prune_cards(now)?;
        count += self.prune_changes(now)?;
        count += self.prune_feedback(now)?;
        count += self.prune_suggestions(now)?;
        count += self.prune_shadows(now)?;
        if count > 0 {
            self.db.flush()?;
        }
        Ok(count)
    }

    /// Writes down whatever is still in memory.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn flush(&self) -> Result<(), StoreError> {
        self.db.flush()?;
        Ok(())
    }
}

#[cfg(test)]
impl Store {
    /// Makes the record of a message one that can be neither read nor changed, as on a failing disk.
    pub(crate) fn spoil_answer(&self, message: MessageId) {
        self.answers.insert(id_key(message.0), vec![0]).expect("can be written");
    }
}

#[cfg(test)]
mod damage;
#[cfg(test)]
mod judged;
#[cfg(test)]
mod tests;
