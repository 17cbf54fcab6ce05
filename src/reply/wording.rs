//! Every sentence that members and moderators read, beside the replies themselves. Knows neither Discord's types nor why it is said.

use std::time::Duration;

use crate::policy::place::Moment;

/// To a presser who may not take the reply away.
pub const NOT_YOURS: &str = "Thank you. Only the author of the message and the moderators can take \
     this reply away, so it stays for now.";

/// To somebody who took the reply away.
pub const TAKEN_AWAY: &str = "Thank you for saying so. The reply is being taken away.";

/// Where a claim is no longer among ours.
pub const CLAIM_GONE: &str =
    "This response is no longer part of the collection, so there is nothing more to show.";

/// To somebody who asked for a claim that is not there.
pub const NO_SUCH_CLAIM: &str = "There is no response of that name.";

/// Above pages that were made from a later version of the response than the reply.
pub const REVISED: &str =
    "-# This response was revised after the reply was posted; you are reading the newer version.";

/// Where a button or command is of another version of the bot.
pub const OUTDATED: &str = "This button is from another version of footnote and no longer works.";

/// Where a command cannot be read.
pub const UNKNOWN_COMMAND: &str =
    "This command is from another version of footnote. Please try again in a few minutes.";

/// Where a moderators' command is used outside a server.
pub const SERVER_ONLY: &str = "This command works only in a server.";

/// Where the permission is missing.
pub const NOT_ALLOWED: &str = "This command needs the permission Manage Server.";

/// Where a length of time cannot be read.
pub const UNCLEAR_DURATION: &str =
    "Please give the time as a number with m, h or d, as in `30m`, `2h` or `7d`; at most a year.";

/// After a server resumed.
pub const RESUMED: &str = "footnote reads and answers again in this server.";

/// Where nothing was paused.
pub const NOT_PAUSED: &str = "footnote was not paused in this server.";

/// Where a change holds, but could not be written down.
pub const NOT_KEPT: &str = "This holds for now, but it could not be written down and would be lost at a restart. \
     Please tell whoever runs this bot.";

/// The button to the page before.
pub const PREVIOUS: &str = "Previous";

/// The button to the next page.
pub const NEXT: &str = "Next";

/// After a pause without an end.
pub const PAUSED: &str = "Paused. footnote reads nothing and answers nothing in this server until \
     somebody uses `/footnote-mod resume`.";

/// After a pause with an end, which Discord shows in the reader's own time zone.
pub fn paused_until(end: Moment) -> String {
    let seconds = end.0 / 1000;
    format!(
        "Paused until <t:{seconds}:f>. footnote reads nothing and answers nothing in this server \
         until then, or until somebody uses `/footnote-mod resume`."
    )
}

/// Below one of several pages.
pub fn page_of(page: usize, pages: usize) -> String {
    format!("-# Page {} of {pages}", page + 1)
}

/// The longest pause with an end: a year. Longer is a pause without an end.
pub const LONGEST_PAUSE: Duration = Duration::from_secs(366 * 24 * 3600);
