//! What people thought of answers, counted by claim and revision, and how much more a claim has to match since. Knows nobody: neither who said so, nor of which message.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::model::claim::ClaimId;
use crate::policy::doubt::Doubt;
use crate::policy::place::{GuildId, Moment};
use crate::store::keys::{named_key, named_of, server_key};
use crate::store::record::{decode, encode};
use crate::store::{Store, StoreError};

/// The first byte of a key in the tree of servers: how much more a claim has to match there.
pub(super) const DOUBT: u8 = b'd';
/// What people thought of the answers with a revision of a claim.
pub(super) const FEEDBACK: u8 = b'f';

/// How long opinions are remembered after the last one: as PRIVACY.md promises.
pub const FEEDBACK_KEPT: Duration = Duration::from_secs(180 * 24 * 3600);

/// What people thought of the answers with a revision of a claim in a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feedback {
    /// "Helpful".
    pub helpful: u32,
    /// "Not helpful".
    pub not_helpful: u32,
    /// "Not what I said", by authors of messages.
    pub not_said: u32,
    /// "Wrong match", by moderators.
    pub wrong_match: u32,
    /// Suggestions that moderators let be posted.
    pub let_post: u32,
    /// Suggestions that they let be.
    pub let_be: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FeedbackOnDisk {
    counts: Feedback,
    at: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DoubtOnDisk {
    raised: u16,
    at: u64,
}

impl Store {
    /// Counts an opinion. Flushed.
    ///
    /// # Errors
    /// Where the store fails or the value cannot be read.
    pub fn record_feedback(
        &self,
        guild: GuildId,
        (claim, revision): (&ClaimId, &str),
        now: Moment,
        count: impl Fn(&mut Feedback),
    ) -> Result<(), StoreError> {
        let key = named_key(FEEDBACK, guild, &format!("{claim}\0{revision}"));
        loop {
            let before = self.servers.get(&key)?;
            let mut counts = match &before {
                Some(bytes) => decode::<FeedbackOnDisk>(bytes)?.counts,
                None => Feedback::default(),
            };
            count(&mut counts);
            let value = encode(&FeedbackOnDisk { counts, at: now.0 })?;
            if self.servers.compare_and_swap(&key, before, Some(value))?.is_ok() {
                break;
            }
        }
        self.flush()
    }

    /// What people of a server thought, by claim and the beginning of its revision.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn feedback(&self, guild: GuildId) -> Result<Vec<(ClaimId, String, Feedback)>, StoreError> {
        let mut all = Vec::new();
        for entry in self.servers.scan_prefix(server_key(FEEDBACK, guild)) {
            let (key, value) = entry?;
            let named = named_of(&key).and_then(|(_, name)| name.split_once('\0'));
            if let (Some((claim, revision)), Ok(disk)) = (named, decode::<FeedbackOnDisk>(&value))
                && let Some(claim) = ClaimId::new(claim)
            {
                all.push((claim, revision.to_owned(), disk.counts));
            }
        }
        Ok(all)
    }

    /// Sets how much more a claim has to match in a server; nothing is kept where it is none. Flushed.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn record_doubt(
        &self,
        guild: GuildId,
        claim: &ClaimId,
        doubt: Option<Doubt>,
    ) -> Result<(), StoreError> {
        let key = named_key(DOUBT, guild, claim.as_str());
        match doubt.map(Doubt::parts) {
            Some((raised, at)) => {
                self.servers.insert(key, encode(&DoubtOnDisk { raised, at: at.0 })?)?
            }
            None => self.servers.remove(key)?,
        };
        self.flush()
    }

    /// How much more claims have to match, by server; what cannot be read asks for nothing.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn doubts(&self) -> Result<Vec<(GuildId, ClaimId, Doubt)>, StoreError> {
        let mut doubts = Vec::new();
        for entry in self.servers.scan_prefix([DOUBT]) {
            let (key, value) = entry?;
            if let (Some((guild, name)), Ok(disk)) = (named_of(&key), decode::<DoubtOnDisk>(&value))
                && let Some(claim) = ClaimId::new(name)
            {
                doubts.push((GuildId(guild), claim, Doubt::new(disk.raised, Moment(disk.at))));
            }
        }
        Ok(doubts)
    }

    /// Forgets opinions older than [`FEEDBACK_KEPT`] and doubts that are over; how many.
    pub(super) fn prune_feedback(&self, now: Moment) -> Result<usize, StoreError> {
        let oldest = now.minus(FEEDBACK_KEPT);
        let mut count = 0;
        for entry in self.servers.scan_prefix([FEEDBACK]) {
            let (key, value) = entry?;
            if decode::<FeedbackOnDisk>(&value).is_ok_and(|it| Moment(it.at) < oldest) {
                self.servers.remove(key)?;
                count += 1;
            }
        }
        for entry in self.servers.scan_prefix([DOUBT]) {
            let (key, value) = entry?;
            let doubt =
                decode::<DoubtOnDisk>(&value).map(|it| Doubt::new(it.raised, Moment(it.at)));
            if doubt.is_ok_and(|doubt| doubt.left(now) == 0) {
                self.servers.remove(key)?;
                count += 1;
            }
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::{FEEDBACK_KEPT, Feedback};
    use crate::model::claim::ClaimId;
    use crate::policy::doubt::{Doubt, MOST};
    use crate::policy::place::{GuildId, Moment};
    use crate::store::Store;

    const NOW: Moment = Moment(1_800_000_000_000);

    #[test]
    fn opinions_are_counted_by_revision_and_server_and_forgotten() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path(), NOW).expect("opens");
        let (horns, hornsy) =
            (ClaimId::new("horns").expect("id"), ClaimId::new("horns-2").expect("id"));
        let count = |guild, claim, revision| {
            let both = (claim, revision);
            store.record_feedback(GuildId(guild), both, NOW, |it| it.helpful += 1).expect("works");
        };
        for (guild, claim, revision) in [
            (1, &horns, "aaaaaaaa"),
            (1, &horns, "aaaaaaaa"),
            (1, &horns, "bbbbbbbb"),
            (1, &hornsy, "aaaaaaaa"),
            (2, &horns, "aaaaaaaa"),
        ] {
            count(guild, claim, revision);
        }
        let found = store.feedback(GuildId(1)).expect("works");
        let helpful = |claim: &ClaimId, revision: &str, helpful| {
            (claim.clone(), revision.to_owned(), Feedback { helpful, ..Feedback::default() })
        };
        let expected = [
            helpful(&horns, "aaaaaaaa", 2),
            helpful(&horns, "bbbbbbbb", 1),
            helpful(&hornsy, "aaaaaaaa", 1),
        ];
        assert_eq!(found, expected);
        store.forget_server(GuildId(1)).expect("works");
        assert_eq!(store.feedback(GuildId(1)).expect("works"), []);
        store.prune(NOW.plus(FEEDBACK_KEPT * 2)).expect("works");
        assert_eq!(store.feedback(GuildId(2)).expect("works"), []);
    }

    #[test]
    fn doubts_are_kept_until_they_are_over_or_taken_back() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path(), NOW).expect("opens");
        let claim = ClaimId::new("horns").expect("id");
        let doubt = Doubt::new(MOST, NOW);
        store.record_doubt(GuildId(1), &claim, Some(doubt)).expect("works");
        store.record_doubt(GuildId(2), &claim, Some(doubt)).expect("works");
        store.record_doubt(GuildId(2), &claim, None).expect("works");
        assert_eq!(store.doubts().expect("works"), [(GuildId(1), claim, doubt)]);
        store.prune(NOW.plus(FEEDBACK_KEPT * 2)).expect("works");
        assert_eq!(store.doubts().expect("works"), []);
    }
}
