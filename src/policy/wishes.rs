//! What a member asked of us. Knows neither who that is nor how it is kept.

use std::collections::BTreeSet;

use crate::model::claim::ClaimId;
use crate::policy::place::GuildId;

/// What one member asked of us; only they can change it, and take all of it back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wishes {
    /// Not to be read or answered anywhere.
    pub quiet_everywhere: bool,
    /// Servers in which not to be read or answered.
    pub quiet_in: BTreeSet<GuildId>,
    /// Claims that they do not want to be answered with.
    pub not_on: BTreeSet<ClaimId>,
}

impl Wishes {
    /// Whether they asked not to be read or answered there; a direct message is in no server.
    pub fn opted_out(&self, guild: Option<GuildId>) -> bool {
        self.quiet_everywhere || guild.is_some_and(|guild| self.quiet_in.contains(&guild))
    }

    /// Whether there is none: then there is nothing to keep.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::Wishes;
    use crate::policy::place::GuildId;

    #[test]
    fn quiet_holds_where_it_was_asked_for() {
        let (here, there) = (Some(GuildId(1)), Some(GuildId(2)));
        let local = Wishes { quiet_in: [GuildId(1)].into(), ..Wishes::default() };
        let everywhere = Wishes { quiet_everywhere: true, ..Wishes::default() };
        for (wishes, guild, quiet) in [
            (&Wishes::default(), here, false),
            (&local, here, true),
            (&local, there, false),
            (&local, None, false),
            (&everywhere, there, true),
            (&everywhere, None, true),
        ] {
            assert_eq!(wishes.opted_out(guild), quiet, "{wishes:?} {guild:?}");
        }
    }
}
