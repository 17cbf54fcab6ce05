//! Every sentence that members and moderators read, beside the replies themselves. Knows neither Discord's types nor why it is said.

use std::time::Duration;

use crate::model::score::Score;
use crate::policy::place::Moment;
use crate::reply::markdown::clean;
use crate::reply::words;

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

/// To somebody who searched in vain.
pub const NOTHING_FOUND: &str = "footnote has no response about that. Try fewer or other words.";

/// Above what a search found.
pub const SEVERAL_FOUND: &str = "**Several responses may be meant**";

/// One of several that a search found.
pub fn found(number: usize, claim: &str) -> String {
    format!("{number}. {}", clean(claim))
}

/// Where a message resembles nothing.
pub const NOTHING_KNOWN: &str = "footnote has no response to what this message says. \
     `/footnote search` looks by words.";

/// Above a response to a message that somebody asked about.
pub fn about(score: Score, claim: &str) -> String {
    format!("-# This message is {}: {}", words::score(score), clean(claim))
}

/// Where the author of a message asked to be left alone.
pub const OPTED_OUT: &str =
    "The author of this message asked footnote to leave them alone, so it was not looked at.";

/// The button that shows everybody what one person saw.
pub const POST_HERE: &str = "Post here";

/// The button that takes that away.
pub const TAKE_BACK: &str = "Take it away";

/// To somebody who had a response posted below a message.
pub const POSTED: &str = "It is being posted below the message.";

/// To a presser who may not take away what somebody else had posted.
pub const NOT_POSTED_BY_YOU: &str = "Only who had this posted and the moderators can take it away.";

/// To somebody who took away what they had posted.
pub const TAKEN_BACK: &str = "It is being taken away.";

/// Where a reply is to go, but that could not be written down.
pub const TAKEN_UNKEPT: &str = "footnote tries to take it away, but could not write that down. If it still stands in \
     a minute, please press again or delete it, and tell whoever runs this bot.";

/// Where we are not a member of the server.
pub const POST_NOT_INSTALLED: &str =
    "footnote is not a member of this server, so it posts nothing here.";

/// Where a response is never posted.
pub const POST_NOT_THIS: &str = "This response is not for public debate, so it is not posted.";

/// Where the server has paused us.
pub const POST_PAUSED: &str = "footnote is paused in this server, so it posts nothing.";

/// Where we may not write.
pub const POST_NOT_PERMITTED: &str = "footnote may not write in this channel.";

/// Where only moderators may have something posted.
pub const POST_NOT_HERE: &str = "In this channel only moderators can have footnote post something.";

/// Where the response has changed since it was seen.
pub const POST_REVISED: &str =
    "This response was revised since you opened it. Please open it again before you post it.";

/// Where the message has its answer.
pub const POST_ALREADY: &str = "This message was answered before, so it is not answered again.";

/// Where a card was drawn anew since its button was seen.
pub const CARD_CHANGED: &str =
    "This card changed while you read it. Please look at it again before you decide.";

/// Where nothing could be written down.
pub const POST_FAILED: &str = "It could not be posted. Please tell whoever runs this bot.";

/// The button of a member who does not want to be answered with this again.
pub const NEVER_ON: &str = "Never answer me on this";

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

/// The longest pause with an end: a year. Longer is a pause without an end.
pub const LONGEST_PAUSE: Duration = Duration::from_secs(366 * 24 * 3600);
