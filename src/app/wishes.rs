//! What members ask of us, and all that is kept of them. Knows no command and no words.

use std::collections::BTreeSet;

use tracing::info;

use crate::app::App;
use crate::app::member::{member_key, wisher_key};
use crate::policy::place::UserId;
use crate::policy::wishes::Wishes;
use crate::store::StoreError;

impl App {
    /// What a member asked of us.
    pub fn wishes(&self, member: UserId) -> Wishes {
        let key = wisher_key(self.secret, member);
        self.memory().wishes.get(&key).cloned().unwrap_or_default()
    }

    /// Changes what a member asked of us. `Ok` means that it is kept; after an error it holds until
    /// the next start.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn change_wishes(
        &self,
        member: UserId,
        change: impl FnOnce(&mut Wishes),
    ) -> Result<Wishes, StoreError> {
        let key = wisher_key(self.secret, member);
        let _one_at_a_time = self.changing();
        let wishes = {
            let mut memory = self.memory();
            let wishes = memory.wishes.entry(key).or_default();
            change(wishes);
            let wishes = wishes.clone();
            if wishes.is_empty() {
                memory.wishes.remove(&key);
            }
            memory.withdraw_from(member, &wishes);
            wishes
        };
        info!("wishes of a member changed");
        self.kept(self.store.record_wishes(key, &wishes))?;
        Ok(wishes)
    }

    /// In how many servers it is remembered for a day that the member was answered.
    pub fn rests_of(&self, member: UserId) -> usize {
        let memory = self.memory();
        let members: BTreeSet<_> =
            memory.history.members().into_iter().chain(memory.watched.members()).collect();
        members
            .iter()
            .filter(|(guild, key)| *key == member_key(self.secret, *guild, member))
            .count()
    }

    /// Forgets all that is kept of a member: wishes, opt-outs among them, and that they were
    /// answered lately. Whoever wants to stay unread asks for that again.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn forget_member(&self, member: UserId) -> Result<(), StoreError> {
        let _one_at_a_time = self.changing();
        let wisher = wisher_key(self.secret, member);
        let rests = {
            let mut memory = self.memory();
            memory.wishes.remove(&wisher);
            let mut rests = memory.history.members();
            rests.extend(memory.watched.members());
            rests.retain(|(guild, key)| *key == member_key(self.secret, *guild, member));
            for (guild, key) in &rests {
                memory.history.forget(*guild, *key);
                memory.watched.forget(*guild, *key);
            }
            rests
        };
        info!("a member was forgotten");
        self.kept(self.store.record_wishes(wisher, &Wishes::default()))?;
        self.kept(self.store.forget_changer(member))?;
        self.kept(self.store.forget_rests(&rests))
    }
}
