//! The log of what moderators changed in a server. Knows not what the words mean.
//!
//! **Invariant:** who changed something is never beside the name of a claim: the caller leaves one of both out.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::policy::place::{GuildId, Moment, UserId};
use crate::store::keys::{pair_key, pair_of, server_key};
use crate::store::record::{decode, encode};
use crate::store::{Store, StoreError};

/// The first byte of a key in the tree of servers: a change, by server and moment.
pub(super) const CHANGED: u8 = b'l';

/// How long a change is remembered: as PRIVACY.md promises.
pub const CHANGES_KEPT: Duration = Duration::from_secs(90 * 24 * 3600);

/// More changes than these are not kept of a server; the oldest go.
pub const CHANGES: usize = 200;

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// When.
    pub at: Moment,
    /// By whom; none where that is not kept, or was erased.
    pub by: Option<UserId>,
    /// What, in our own words.
    pub what: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangedOnDisk {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    by: Option<u64>,
    what: String,
}

impl Store {
    /// Adds a change to a server's log, and forgets the oldest where there are too many. Flushed.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn record_change(&self, guild: GuildId, changed: &Changed) -> Result<(), StoreError> {
        let by = changed.by.map(|by| by.0);
        let value = encode(&ChangedOnDisk { by, what: changed.what.clone() })?;
        // Two changes within one millisecond follow each other by another one.
        let mut at = changed.at.0;
        let last = self.servers.scan_prefix(server_key(CHANGED, guild)).keys().next_back();
        if let Some((_, last)) = last.transpose()?.and_then(|key| pair_of(&key)) {
            at = at.max(last.saturating_add(1));
        }
        loop {
            let key = pair_key(CHANGED, guild.0, at);
            let swap = self.servers.compare_and_swap(key, None::<&[u8]>, Some(value.clone()))?;
            if swap.is_ok() {
                break;
            }
            at = at.saturating_add(1);
        }
        let keys = self.servers.scan_prefix(server_key(CHANGED, guild)).keys();
        let keys: Vec<_> = keys.collect::<Result<_, _>>()?;
        for key in keys.iter().rev().skip(CHANGES) {
            self.servers.remove(key)?;
        }
        self.flush()
    }

    /// The changes in a server, the oldest first; what cannot be read is left out.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn changes(&self, guild: GuildId) -> Result<Vec<Changed>, StoreError> {
        let mut changes = Vec::new();
        for entry in self.servers.scan_prefix(server_key(CHANGED, guild)) {
            let (key, value) = entry?;
            if let (Some((_, at)), Ok(disk)) = (pair_of(&key), decode::<ChangedOnDisk>(&value)) {
                let (at, by) = (Moment(at), disk.by.map(UserId));
                changes.push(Changed { at, by, what: disk.what });
            }
        }
        Ok(changes)
    }

    /// In how many changes somebody is named.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn changes_by(&self, user: UserId) -> Result<usize, StoreError> {
        let mut count = 0;
        for value in self.servers.scan_prefix([CHANGED]).values() {
            let value = value?;
            let named = decode::<ChangedOnDisk>(&value).is_ok_and(|it| it.by == Some(user.0));
            count += usize::from(named);
        }
        Ok(count)
    }

    /// Erases somebody's name from all changes; the changes stay. Flushed.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn forget_changer(&self, user: UserId) -> Result<(), StoreError> {
        for entry in self.servers.scan_prefix([CHANGED]) {
            let (key, value) = entry?;
            let Ok(disk) = decode::<ChangedOnDisk>(&value) else { continue };
            if disk.by == Some(user.0) {
                self.servers.insert(key, encode(&ChangedOnDisk { by: None, ..disk })?)?;
            }
        }
        self.flush()
    }

    /// Forgets changes older than [`CHANGES_KEPT`]; how many.
    pub(super) fn prune_changes(&self, now: Moment) -> Result<usize, StoreError> {
        let oldest = now.minus(CHANGES_KEPT);
        let mut count = 0;
        for key in self.servers.scan_prefix([CHANGED]).keys() {
            let key = key?;
            if pair_of(&key).is_some_and(|(_, at)| Moment(at) < oldest) {
                self.servers.remove(key)?;
                count += 1;
            }
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::{CHANGES, CHANGES_KEPT, Changed};
    use crate::policy::place::{GuildId, Moment, UserId};
    use crate::store::Store;

    const NOW: Moment = Moment(1_800_000_000_000);

    fn changed(what: &str) -> Changed {
        Changed { at: NOW, by: Some(UserId(5)), what: what.to_owned() }
    }

    #[test]
    fn the_log_of_a_server_is_in_order_bounded_and_its_own() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path(), NOW).expect("opens");
        for number in 0..CHANGES + 3 {
            store.record_change(GuildId(1), &changed(&number.to_string())).expect("works");
        }
        store.record_change(GuildId(2), &changed("other")).expect("works");
        let all = store.changes(GuildId(1)).expect("works");
        let words: Vec<_> = all.iter().map(|one| one.what.as_str()).collect();
        assert_eq!((words.len(), words.first(), words.last()), (CHANGES, Some(&"3"), Some(&"202")));
        store.forget_server(GuildId(1)).expect("works");
        assert_eq!(store.changes(GuildId(1)).expect("works"), []);
        assert_eq!(store.changes(GuildId(2)).expect("works").len(), 1);
        store.prune(NOW.plus(CHANGES_KEPT * 2)).expect("works");
        assert_eq!(store.changes(GuildId(2)).expect("works"), []);
    }

    #[test]
    fn a_moderator_who_wants_to_be_forgotten_is() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path(), NOW).expect("opens");
        store.record_change(GuildId(1), &changed("a")).expect("works");
        let other = Changed { by: Some(UserId(6)), ..changed("b") };
        store.record_change(GuildId(1), &other).expect("works");
        assert_eq!(store.changes_by(UserId(5)).expect("works"), 1);
        store.forget_changer(UserId(5)).expect("works");
        assert_eq!(store.changes_by(UserId(5)).expect("works"), 0);
        let names: Vec<_> =
            store.changes(GuildId(1)).expect("works").into_iter().map(|one| one.by).collect();
        assert_eq!(names, [None, Some(UserId(6))]);
    }
}
