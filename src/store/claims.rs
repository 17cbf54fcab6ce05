//! Claim files as they were when they were good, by claim and revision. Knows neither what stands in a file nor where it came from.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::model::claim::{ClaimId, Revision};
use crate::store::record::{decode, encode};
use crate::store::{Store, StoreError};

/// The first byte of a key in the tree of claims: the revision that answers, by claim.
pub(super) const CURRENT: u8 = b'c';
/// A file, by claim and revision.
pub(super) const FILE: u8 = b'r';

/// A claim's file as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// The folder it stood in.
    pub pack: String,
    /// Its text.
    pub text: String,
    /// The names that its phrasings use, by group.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub aliases: BTreeMap<String, Vec<String>>,
}

impl Store {
    /// Keeps a file, where this revision of it is not kept like this yet; whether it was written. It is
    /// written down with the next [`Store::flush`].
    ///
    /// # Errors
    /// Where the store fails.
    pub fn keep_claim(
        &self,
        claim: &ClaimId,
        revision: &Revision,
        kept: &Kept,
    ) -> Result<bool, StoreError> {
        let key = file_key(claim, revision.as_str());
        let value = encode(kept)?;
        if self.claims.get(&key)?.as_deref() == Some(value.as_slice()) {
            return Ok(false);
        }
        self.claims.insert(key, value)?;
        Ok(true)
    }

    /// Says which revision of a claim answers, or that none does; whether that was written. It is
    /// written down with the next [`Store::flush`].
    ///
    /// # Errors
    /// Where the store fails.
    pub fn set_current(
        &self,
        claim: &ClaimId,
        revision: Option<&Revision>,
    ) -> Result<bool, StoreError> {
        let key = current_key(claim);
        let before = self.claims.get(&key)?;
        let after = revision.map(|revision| revision.as_str().as_bytes());
        if before.as_deref() == after {
            return Ok(false);
        }
        match after {
            Some(after) => self.claims.insert(key, after)?,
            None => self.claims.remove(key)?,
        };
        Ok(true)
    }

    /// The revisions that answer.
    ///
    /// # Errors
    /// Where the store fails or a value cannot be read.
    pub fn currents(&self) -> Result<Vec<(ClaimId, Revision)>, StoreError> {
        let mut currents = Vec::new();
        for entry in self.claims.scan_prefix([CURRENT]) {
            let (key, value) = entry?;
            let claim = key.get(1..).and_then(text).and_then(ClaimId::new);
            let revision = text(&value).and_then(Revision::new);
            let (Some(claim), Some(revision)) = (claim, revision) else {
                return Err(unreadable());
            };
            currents.push((claim, revision));
        }
        Ok(currents)
    }

    /// The file of a claim whose revision begins with these digits.
    ///
    /// # Errors
    /// Where the store fails or the value cannot be read.
    pub fn kept_claim(
        &self,
        claim: &ClaimId,
        start: &str,
    ) -> Result<Option<(Revision, Kept)>, StoreError> {
        let Some(entry) = self.claims.scan_prefix(file_key(claim, start)).next() else {
            return Ok(None);
        };
        let (key, value) = entry?;
        let (_, revision) = file_of(&key).ok_or_else(unreadable)?;
        Ok(Some((revision, decode(&value)?)))
    }

    /// Forgets each revision that neither answers nor was answered with; how many.
    pub(super) fn prune_claims(&self) -> Result<usize, StoreError> {
        let mut needed: BTreeSet<(ClaimId, Revision)> = self.currents()?.into_iter().collect();
        let (answers, unreadable) = self.answers()?;
        if unreadable > 0 {
            // What cannot be read may refer to anything.
            return Ok(0);
        }
        needed.extend(answers.into_iter().map(|(_, answer)| (answer.claim, answer.revision)));
        let mut count = 0;
        for key in self.claims.scan_prefix([FILE]).keys() {
            let key = key?;
            if file_of(&key).is_some_and(|file| !needed.contains(&file)) {
                self.claims.remove(key)?;
                count += 1;
            }
        }
        Ok(count)
    }
}

pub(super) fn current_key(claim: &ClaimId) -> Vec<u8> {
    let mut key = vec![CURRENT];
    key.extend(claim.as_str().bytes());
    key
}

/// A zero byte ends the id: no id has one, so that no id is another's prefix.
pub(super) fn file_key(claim: &ClaimId, revision: &str) -> Vec<u8> {
    let mut key = vec![FILE];
    key.extend(claim.as_str().bytes());
    key.push(0);
    key.extend(revision.bytes());
    key
}

pub(super) fn file_of(key: &[u8]) -> Option<(ClaimId, Revision)> {
    let (claim, revision) = text(key.get(1..)?)?.split_once('\0')?;
    Some((ClaimId::new(claim)?, Revision::new(revision)?))
}

fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}

fn unreadable() -> StoreError {
    StoreError::Unreadable("a claim whose key or revision cannot be read".to_owned())
}
