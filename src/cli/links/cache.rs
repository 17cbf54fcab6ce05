//! What was found of addresses before, so that a second run asks only what may have changed. Knows no server.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::cli::links::outcome::Outcome;

/// The form of the file; another one is not read, and all is asked anew.
const VERSION: u32 = 1;

/// What was found of an address, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// In seconds since 1970.
    pub(super) at: u64,
    /// What became of it.
    #[serde(flatten)]
    pub(super) outcome: Outcome,
    /// An archived copy, where one was needed and found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) copy: Option<String>,
}

/// By address.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Cache {
    version: u32,
    pub(super) seen: BTreeMap<String, Entry>,
}

impl Cache {
    /// What the file has; none where there is no file. The error is one sentence.
    pub(super) fn load(path: &Path) -> Result<Option<Self>, String> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(format!("`{}` cannot be read: {error}", path.display())),
        };
        let cache: Self = serde_json::from_str(&text)
            .map_err(|error| format!("`{}` is no cache of addresses: {error}", path.display()))?;
        if cache.version == VERSION {
            Ok(Some(cache))
        } else {
            let version = cache.version;
            Err(format!("`{}` is of another footnote (version {version})", path.display()))
        }
    }

    /// Drops what is `fresh` seconds old or older at `now`, or from a time to come.
    pub(super) fn keep_fresh(&mut self, now: u64, fresh: u64) {
        self.seen.retain(|_, entry| now.checked_sub(entry.at).is_some_and(|age| age < fresh));
    }

    /// Writes what is settled of `seen`. Whoever reads sees the old file or the new one.
    pub(super) fn save(seen: &BTreeMap<String, Entry>, path: &Path) -> Result<(), String> {
        let seen = seen.iter().filter(|(_, entry)| entry.outcome.is_settled());
        let seen = seen.map(|(address, entry)| (address.clone(), entry.clone())).collect();
        let refused = |error: io::Error| format!("`{}` cannot be written: {error}", path.display());
        let text = serde_json::to_string_pretty(&Self { version: VERSION, seen })
            .map_err(|error| refused(error.into()))?;
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(refused)?;
        }
        let beside = path.with_extension("new");
        fs::write(&beside, text + "\n").and_then(|()| fs::rename(&beside, path)).map_err(refused)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Cache, Entry};
    use crate::cli::links::outcome::Outcome;

    #[test]
    fn what_is_old_or_from_a_time_to_come_is_asked_again() {
        let entry = |at| Entry { at, outcome: Outcome::Fine, copy: None };
        let seen = [("old", 10), ("young", 11), ("now", 20), ("to come", 21)];
        let seen = seen.map(|(name, at)| (name.to_owned(), entry(at)));
        let mut cache = Cache { version: 1, seen: BTreeMap::from(seen) };
        cache.keep_fresh(20, 10);
        assert_eq!(cache.seen.keys().collect::<Vec<_>>(), ["now", "young"]);
        cache.keep_fresh(20, 0);
        assert!(cache.seen.is_empty());
    }
}
