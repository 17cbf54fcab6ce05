//! What would have been said where footnote only watches, so that a report can be made of days. Knows neither what was written nor by whom, and of an alert not even the claim.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::model::claim::ClaimId;
use crate::model::score::Score;
use crate::policy::decide::Verb;
use crate::policy::place::{ChannelId, GuildId, MessageId, Moment};
use crate::policy::reason::Reason;
use crate::policy::shadow::Shadow;
use crate::store::keys::{id_key, id_of};
use crate::store::record::{decode, encode};
use crate::store::{Store, StoreError};

/// How long a shadow is remembered: as PRIVACY.md promises.
pub const SHADOWS_KEPT: Duration = Duration::from_secs(30 * 24 * 3600);

/// More than these of a server are not kept, the newest before the older: as many as its budget of a
/// day lets be answered in a month.
pub const SHADOWS: usize = 2000;

/// A shadow as it is written; the message is its key.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ShadowOnDisk<'a> {
    guild: u64,
    channel: u64,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    claim: Option<Cow<'a, str>>,
    #[serde(borrow)]
    verb: Cow<'a, str>,
    #[serde(borrow)]
    reason: Cow<'a, str>,
    score: u16,
    threshold: u16,
    at: u64,
}

/// What may stand in a shadow.
const VERBS: [Verb; 3] = [Verb::Reply, Verb::Suggest, Verb::Alert];

impl Store {
    /// Keeps a shadow, unless the message has one: an edit casts no second. Flushed.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn record_shadow(&self, guild: GuildId, shadow: &Shadow) -> Result<(), StoreError> {
        let value = encode(&ShadowOnDisk {
            guild: guild.0,
            channel: shadow.channel.0,
            claim: shadow.claim.as_ref().map(|claim| claim.as_str().into()),
            verb: shadow.verb.word().into(),
            reason: shadow.reason.word().into(),
            score: shadow.score.thousandths(),
            threshold: shadow.threshold.thousandths(),
            at: shadow.at.0,
        })?;
        let key = id_key(shadow.message.0);
        if self.shadows.compare_and_swap(key, None::<&[u8]>, Some(value))?.is_ok() {
            self.flush()?;
        }
        Ok(())
    }

    /// All shadows, oldest message first; what cannot be read is left out.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn all_shadows(&self) -> Result<Vec<Shadow>, StoreError> {
        let mut all = Vec::new();
        for entry in &self.shadows {
            let (key, value) = entry?;
            all.extend(read(&key, &value));
        }
        Ok(all)
    }

    /// Those of a server since a moment.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn shadows(&self, guild: GuildId, since: Moment) -> Result<Vec<Shadow>, StoreError> {
        let mut all = self.all_shadows()?;
        all.retain(|one| one.guild == Some(guild) && one.at >= since);
        Ok(all)
    }

    /// Forgets the shadow of a message that is gone.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn forget_shadow(&self, message: MessageId) -> Result<(), StoreError> {
        if self.shadows.remove(id_key(message.0))?.is_some() {
            self.flush()?;
        }
        Ok(())
    }

    /// Forgets shadows older than [`SHADOWS_KEPT`], and of each server the oldest beyond [`SHADOWS`];
    /// how many.
    pub(super) fn prune_shadows(&self, now: Moment) -> Result<usize, StoreError> {
        let oldest = now.minus(SHADOWS_KEPT);
        let mut kept: BTreeMap<u64, usize> = BTreeMap::new();
        let mut count = 0;
        // Ids grow with time: backwards is the newest first.
        for entry in self.shadows.iter().rev() {
            let (key, value) = entry?;
            let Ok(disk) = decode::<ShadowOnDisk<'_>>(&value) else { continue };
            let kept = kept.entry(disk.guild).or_default();
            if Moment(disk.at) < oldest || *kept >= SHADOWS {
                self.shadows.remove(key)?;
                count += 1;
            } else {
                *kept += 1;
            }
        }
        Ok(count)
    }
}

/// A shadow behind its key; none where it cannot be read.
pub(super) fn read(key: &[u8], value: &[u8]) -> Option<Shadow> {
    let disk: ShadowOnDisk<'_> = decode(value).ok()?;
    Some(Shadow {
        guild: Some(GuildId(disk.guild)),
        channel: ChannelId(disk.channel),
        message: MessageId(id_of(key)?),
        claim: match disk.claim {
            Some(claim) => Some(ClaimId::new(&claim)?),
            None => None,
        },
        verb: VERBS.into_iter().find(|verb| verb.word() == disk.verb)?,
        reason: Reason::ALL.into_iter().find(|reason| reason.word() == disk.reason)?,
        score: Score::new(disk.score)?,
        threshold: Score::new(disk.threshold)?,
        at: Moment(disk.at),
    })
}

#[cfg(test)]
mod tests {
    use super::{SHADOWS, SHADOWS_KEPT};
    use crate::model::claim::ClaimId;
    use crate::model::score::Score;
    use crate::policy::decide::Verb;
    use crate::policy::place::{ChannelId, GuildId, MessageId, Moment};
    use crate::policy::reason::Reason;
    use crate::policy::shadow::Shadow;
    use crate::store::Store;
    use crate::store::keys::id_key;

    const NOW: Moment = Moment(1_800_000_000_000);
    const HERE: GuildId = GuildId(1);

    fn shadow(message: u64, at: Moment) -> Shadow {
        Shadow {
            guild: Some(HERE),
            channel: ChannelId(2),
            message: MessageId(message),
            claim: ClaimId::new("horns"),
            verb: Verb::Suggest,
            reason: Reason::Watch,
            score: Score::new(700).expect("a score"),
            threshold: Score::new(500).expect("a score"),
            at,
        }
    }

    #[test]
    fn shadows_come_back_by_server_and_time_over_a_restart_and_an_edit_casts_no_second() {
        let folder = tempfile::tempdir().expect("a folder");
        let (first, second) = (shadow(7, NOW), shadow(8, NOW.plus(SHADOWS_KEPT / 2)));
        let alert = Shadow { claim: None, verb: Verb::Alert, ..shadow(9, second.at) };
        {
            let store = Store::open(folder.path(), NOW).expect("opens");
            for one in [&first, &second, &alert] {
                store.record_shadow(HERE, one).expect("works");
            }
            let edited = Shadow { reason: Reason::AlreadyAnswered, ..first.clone() };
            store.record_shadow(HERE, &edited).expect("works");
            store.record_shadow(GuildId(2), &shadow(10, NOW)).expect("works");
        }
        let store = Store::open(folder.path(), NOW).expect("opens");
        let all = |since| store.shadows(HERE, since).expect("works");
        assert_eq!(all(NOW), [first.clone(), second.clone(), alert.clone()]);
        assert_eq!(all(NOW.plus(SHADOWS_KEPT / 4)), [second, alert.clone()]);
        store.forget_shadow(MessageId(8)).expect("works");
        store.shadows.insert(id_key(11), b"\x01{}".as_slice()).expect("works");
        assert_eq!(all(NOW), [first, alert.clone()], "what cannot be read is left out");
        store.prune(NOW.plus(SHADOWS_KEPT + SHADOWS_KEPT / 4)).expect("works");
        assert_eq!(all(NOW), [alert]);
    }

    #[test]
    fn of_a_server_the_newest_are_kept_and_no_more_than_so_many() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path(), NOW).expect("opens");
        let value = {
            store.record_shadow(HERE, &shadow(1, NOW)).expect("works");
            store.shadows.get(id_key(1)).expect("works").expect("is there")
        };
        store.record_shadow(GuildId(2), &shadow(2, NOW)).expect("works");
        let more = 3..=u64::try_from(SHADOWS).expect("fits") + 3;
        for id in more {
            store.shadows.insert(id_key(id), value.clone()).expect("works");
        }
        store.prune(NOW).expect("works");
        let all = store.shadows(HERE, NOW).expect("works");
        assert_eq!((all.len(), all.first().map(|one| one.message.0)), (SHADOWS, Some(4)));
        assert_eq!(
            store.shadows(GuildId(2), NOW).expect("works").len(),
            1,
            "another server's stay"
        );
    }
}
