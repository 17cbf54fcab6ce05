//! What members asked of us, and how long they are left in peace. Knows members only as keyed hashes.
//!
//! **Invariant:** nothing here ties a member to a claim, save their own "not on this claim".

use std::time::Duration;

use crate::policy::cooldown::MEMBERS_KEPT;
use crate::policy::place::{GuildId, MemberKey, Moment};
use crate::policy::wishes::Wishes;
use crate::store::keys::{id_of, pair_key, pair_of, server_key};
use crate::store::{MEMBER_KEY, MemberSecret, Store, StoreError, layer};

/// The first byte of a key in the tree of members: their wishes.
pub(super) const WISHES: u8 = b'w';
/// When a member of a server was last answered.
pub(super) const REST: u8 = b'r';

/// How long it is remembered that a member was answered: the longest cooldown of a member there can be.
pub(super) const RESTS_KEPT: Duration = MEMBERS_KEPT;

impl Store {
    /// The key of member hashes, made at the first call.
    ///
    /// # Errors
    /// Where the store fails or the system has no random numbers.
    pub fn member_secret(&self) -> Result<MemberSecret, StoreError> {
        if let Some(kept) = self.db.get(MEMBER_KEY)? {
            let bytes = <[u8; 32]>::try_from(kept.as_ref());
            return bytes.map(MemberSecret).map_err(|_| {
                StoreError::Unreadable("the key of member hashes has a wrong length".to_owned())
            });
        }
        let mut secret = [0; 32];
        getrandom::fill(&mut secret).map_err(|e| StoreError::NoRandomness(e.to_string()))?;
        self.db.insert(MEMBER_KEY, &secret)?;
        self.db.flush()?;
        Ok(MemberSecret(secret))
    }

    /// Records all that a member asked of us; without wishes nothing is kept. Flushed.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn record_wishes(&self, member: MemberKey, wishes: &Wishes) -> Result<(), StoreError> {
        let key = server_key(WISHES, GuildId(member.0));
        if wishes.is_empty() {
            self.members.remove(key)?;
        } else {
            self.members.insert(key, layer::encode_wishes(wishes)?)?;
        }
        self.flush()
    }

    /// What members asked of us.
    ///
    /// # Errors
    /// Where the store fails or a value cannot be read: no wish may be overlooked.
    pub fn wishes(&self) -> Result<Vec<(MemberKey, Wishes)>, StoreError> {
        let mut wishes = Vec::new();
        for entry in self.members.scan_prefix([WISHES]) {
            let (key, value) = entry?;
            let member = key.get(1..).and_then(id_of).ok_or_else(|| {
                StoreError::Unreadable("wishes whose key names no member".to_owned())
            })?;
            wishes.push((MemberKey(member), layer::decode_wishes(&value)?));
        }
        Ok(wishes)
    }

    /// Notes that a member is answered. It is written down with the next flush: the intent's.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn note_rest(
        &self,
        guild: Option<GuildId>,
        member: MemberKey,
        at: Moment,
    ) -> Result<(), StoreError> {
        self.members.insert(rest_key(guild, member), &at.0.to_be_bytes())?;
        Ok(())
    }

    /// When members were last answered, by server; what cannot be read limits nobody.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn rests(&self) -> Result<Vec<(Option<GuildId>, MemberKey, Moment)>, StoreError> {
        let mut rests = Vec::new();
        for entry in self.members.scan_prefix([REST]) {
            let (key, value) = entry?;
            if let (Some((guild, member)), Some(at)) = (pair_of(&key), id_of(&value)) {
                let guild = (guild != 0).then_some(GuildId(guild));
                rests.push((guild, MemberKey(member), Moment(at)));
            }
        }
        Ok(rests)
    }

    /// Forgets that members were answered. Flushed.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn forget_rests(&self, members: &[(Option<GuildId>, MemberKey)]) -> Result<(), StoreError> {
        for (guild, member) in members {
            self.members.remove(rest_key(*guild, *member))?;
        }
        self.flush()
    }

    /// Forgets the rests that are over; how many.
    pub(super) fn prune_rests(&self, now: Moment) -> Result<usize, StoreError> {
        let mut count = 0;
        for entry in self.members.scan_prefix([REST]) {
            let (key, value) = entry?;
            if id_of(&value).is_none_or(|at| now.since(Moment(at)) >= RESTS_KEPT) {
                self.members.remove(key)?;
                count += 1;
            }
        }
        Ok(count)
    }
}

/// No server has the number 0: it stands for direct messages.
fn rest_key(guild: Option<GuildId>, member: MemberKey) -> [u8; 17] {
    pair_key(REST, guild.map_or(0, |guild| guild.0), member.0)
}
