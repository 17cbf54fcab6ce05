//! What people typed into a form for authors: claims that have no response yet, and other wordings. Knows nobody: neither who typed it nor where.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::policy::place::Moment;
use crate::store::keys::{pair_key, pair_of};
use crate::store::record::{decode, encode};
use crate::store::{Store, StoreError};

/// The first byte of a key in the tree of servers: a suggestion, by moment and a number.
pub(super) const SUGGESTION: u8 = b'g';

/// How long a suggestion waits for an author: as PRIVACY.md promises.
pub const SUGGESTIONS_KEPT: Duration = Duration::from_secs(180 * 24 * 3600);

/// More suggestions than these do not wait; further ones are refused until somebody has read some.
pub const SUGGESTIONS: usize = 500;

/// What somebody typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suggestion {
    /// What people say.
    pub wording: String,
    /// Where it can be read about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

impl Store {
    /// Keeps a suggestion; `false` where too many wait already. Flushed.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn record_suggestion(&self, at: Moment, one: &Suggestion) -> Result<bool, StoreError> {
        if self.servers.scan_prefix([SUGGESTION]).count() >= SUGGESTIONS {
            return Ok(false);
        }
        let value = encode(one)?;
        let mut number = 0;
        loop {
            let key = pair_key(SUGGESTION, at.0, number);
            let swap = self.servers.compare_and_swap(key, None::<&[u8]>, Some(value.clone()))?;
            if swap.is_ok() {
                break;
            }
            number += 1;
        }
        self.flush()?;
        Ok(true)
    }

    /// The suggestions that wait, the oldest first; what cannot be read is left out.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn suggestions(&self) -> Result<Vec<(Moment, Suggestion)>, StoreError> {
        let mut all = Vec::new();
        for entry in self.servers.scan_prefix([SUGGESTION]) {
            let (key, value) = entry?;
            if let (Some((at, _)), Ok(one)) = (pair_of(&key), decode::<Suggestion>(&value)) {
                all.push((Moment(at), one));
            }
        }
        Ok(all)
    }

    /// Forgets the oldest suggestions, so many as were read; how many there were. Flushed.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn forget_suggestions(&self, count: usize) -> Result<usize, StoreError> {
        let mut gone = 0;
        for key in self.servers.scan_prefix([SUGGESTION]).keys().take(count) {
            self.servers.remove(key?)?;
            gone += 1;
        }
        self.flush()?;
        Ok(gone)
    }

    /// Forgets suggestions that nobody took up; how many.
    pub(super) fn prune_suggestions(&self, now: Moment) -> Result<usize, StoreError> {
        let oldest = now.minus(SUGGESTIONS_KEPT);
        let mut count = 0;
        for key in self.servers.scan_prefix([SUGGESTION]).keys() {
            let key = key?;
            if pair_of(&key).is_some_and(|(at, _)| Moment(at) < oldest) {
                self.servers.remove(key)?;
                count += 1;
            }
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::{SUGGESTIONS, SUGGESTIONS_KEPT, Suggestion};
    use crate::policy::place::Moment;
    use crate::store::Store;

    const NOW: Moment = Moment(1_800_000_000_000);

    #[test]
    fn suggestions_wait_in_order_bounded_and_not_for_ever() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path(), NOW).expect("opens");
        let one = |number: usize| Suggestion { wording: number.to_string(), source: None };
        for number in 0..SUGGESTIONS {
            assert!(store.record_suggestion(NOW, &one(number)).expect("works"));
        }
        assert!(!store.record_suggestion(NOW, &one(SUGGESTIONS)).expect("works"), "too many wait");
        let all = store.suggestions().expect("works");
        let words: Vec<String> = all.into_iter().map(|(_, one)| one.wording).collect();
        let expected: Vec<String> = (0..SUGGESTIONS).map(|number| number.to_string()).collect();
        assert_eq!(words, expected);
        assert_eq!(store.forget_suggestions(3).expect("works"), 3);
        assert_eq!(store.suggestions().expect("works")[0].1, one(3));
        assert!(store.record_suggestion(NOW, &one(SUGGESTIONS)).expect("works"));
        store.prune(NOW.plus(SUGGESTIONS_KEPT * 2)).expect("works");
        assert_eq!(store.suggestions().expect("works"), []);
    }
}
