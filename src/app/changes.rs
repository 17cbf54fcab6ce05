//! The log of what moderators changed: written with each change, shown to them, bounded. Knows no command.

use tracing::error;

use crate::app::App;
use crate::policy::place::{GuildId, Moment, UserId};
use crate::reply::limits;
use crate::reply::wording_moderators as said;
use crate::store::changes::Changed;

/// How many changes are shown: as many as are read.
const SHOWN: usize = 15;

impl App {
    /// Notes a change. `by` is left out where it names a claim: no record ties a person to one.
    pub(super) fn log_change(&self, guild: GuildId, by: Option<UserId>, what: String, now: Moment) {
        let changed = Changed { at: now, by, what };
        if let Err(error) = self.store.record_change(guild, &changed) {
            // The change itself is kept; that it is not in the log is the operator's to see.
            self.metrics.unrecorded.add();
            error!(%guild, %error, "a change is not in the log");
        }
    }

    /// The last changes in a server, the newest first.
    pub(super) fn changes(&self, guild: GuildId) -> String {
        let changes = self.store.changes(guild).unwrap_or_default();
        if changes.is_empty() {
            return said::NO_CHANGES.to_owned();
        }
        let mut lines = vec![said::CHANGES.to_owned()];
        let newest = changes.iter().rev().take(SHOWN);
        lines.extend(newest.map(|one| said::change(one.at, one.by, &one.what)));
        limits::fitted(&lines)
    }
}
