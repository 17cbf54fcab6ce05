//! What members ask for themselves: to be left alone, to see what is kept of them, to have it erased. Knows no command.

use crate::app::App;
use crate::app::ask::Quiet;
use crate::app::event::Request;
use crate::policy::place::UserId;
use crate::reply::limits;
use crate::reply::{wording, wording_members as said};

impl App {
    /// Leaves the requester alone, or no longer. Outside of servers there is only everywhere.
    pub(super) fn quiet(&self, request: &Request, wish: Quiet) -> String {
        let here = request.guild.filter(|_| !wish.everywhere);
        let changed = self.change_wishes(request.by, |wishes| match (here, wish.quiet) {
            (Some(guild), true) => {
                wishes.quiet_in.insert(guild);
            }
            (Some(guild), false) => {
                wishes.quiet_in.remove(&guild);
            }
            (None, true) => wishes.quiet_everywhere = true,
            (None, false) => {
                wishes.quiet_everywhere = false;
                wishes.quiet_in.clear();
            }
        });
        let Ok(wishes) = changed else { return wording::NOT_KEPT.to_owned() };
        let words = match (here, wish.quiet) {
            (Some(_), true) => said::QUIET_HERE,
            (None, true) => said::QUIET_EVERYWHERE,
            (Some(_), false) if wishes.quiet_everywhere => said::STILL_QUIET,
            (Some(_), false) => said::HEARD_HERE,
            (None, false) => said::HEARD_EVERYWHERE,
        };
        words.to_owned()
    }

    /// All that is kept of a member, in words.
    pub(super) fn data_of(&self, member: UserId) -> String {
        let wishes = self.wishes(member);
        let rests = self.rests_of(member);
        let changes = self.store.changes_by(member).unwrap_or_default();
        if wishes.is_empty() && rests == 0 && changes == 0 {
            return said::NOTHING_KEPT.to_owned();
        }
        let mut lines = vec![said::KEPT.to_owned()];
        if wishes.quiet_everywhere {
            lines.push(said::KEPT_QUIET_EVERYWHERE.to_owned());
        }
        lines.extend(wishes.quiet_in.iter().map(|guild| said::kept_quiet_in(*guild)));
        lines.extend(wishes.not_on.iter().map(said::kept_not_on));
        if rests > 0 {
            lines.push(said::kept_rests(rests));
        }
        if changes > 0 {
            lines.push(said::kept_changes(changes));
        }
        lines.push(said::KEPT_NOTHING_ELSE.to_owned());
        limits::fitted(&lines)
    }

    /// Erases all that is kept of a member.
    pub(super) fn forget_me(&self, member: UserId) -> &'static str {
        match self.forget_member(member) {
            Ok(()) => said::FORGOTTEN,
            Err(_) => wording::NOT_KEPT,
        }
    }
}
