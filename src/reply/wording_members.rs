//! Every sentence about what members can ask for themselves. Knows neither who asks nor what is kept.

use crate::model::claim::ClaimId;
use crate::policy::place::GuildId;

/// To somebody who wants to be left alone in a server.
pub const QUIET_HERE: &str = "footnote no longer reads or answers what you write in this server, and \
     nobody can ask it about your messages here. `/footnote quiet` with *quiet* set to False takes that back.";

/// To somebody who wants to be left alone everywhere.
pub const QUIET_EVERYWHERE: &str = "footnote no longer reads or answers what you write, in any \
     server, and nobody can ask it about your messages. `/footnote quiet` with *where* set to \
     everywhere and *quiet* set to False takes that back.";

/// To somebody who is heard again in a server.
pub const HEARD_HERE: &str =
    "footnote reads and answers what you write in this server again, where its moderators let it.";

/// To somebody who is heard again everywhere.
pub const HEARD_EVERYWHERE: &str =
    "footnote reads and answers what you write again, where moderators let it.";

/// To somebody who takes back a wish for one server and has one for all.
pub const STILL_QUIET: &str = "You asked to be left alone everywhere, and that still holds. To take it \
     back use `/footnote quiet` with *where* set to everywhere and *quiet* set to False.";

/// To somebody who does not want to be answered with a claim again.
pub const NEVER_ON_KEPT: &str = "footnote will not answer you on this claim again, in any server. \
     `/footnote my-data` shows it, `/footnote forget-me` erases it.";

/// What is read and kept, as PRIVACY.md says at length.
pub const PRIVACY: &str = "**What footnote reads.** Messages in the channels that moderators switched on, \
     nothing elsewhere, and never those of members who asked to be left alone. A message is compared \
     with known claims and forgotten at once.\n\
     **What it keeps.** Of an answer: the numbers of message, reply, channel and server, the claim, \
     the time; for 30 days, without the author and without any text. Of you: what you asked for \
     yourself (to be left alone, not to be answered on a claim), and for a day that you were \
     answered, under a keyed hash and without the claim. A card for moderators may quote your message \
     until it is decided, a day at most. No counts by person, ever.\n\
     **What it shares.** Nothing. No text leaves the bot and nothing is trained on it.\n\
     **What you can do.** `/footnote quiet` to be left alone here or everywhere, `/footnote my-data` \
     to see what is kept of you, `/footnote forget-me` to erase it, *Not what I said* below a reply to \
     your message to take it away. Delete or change your message, and its answer goes too.";

/// To somebody of whom nothing is kept.
pub const NOTHING_KEPT: &str = "footnote keeps nothing about you.";

/// Above what is kept of somebody.
pub const KEPT: &str = "**All that footnote keeps about you**";

/// A wish to be left alone in all servers.
pub const KEPT_QUIET_EVERYWHERE: &str = "- You asked to be left alone everywhere.";

/// Below what is kept of somebody.
pub const KEPT_NOTHING_ELSE: &str =
    "-# It is kept under a keyed hash of your number. `/footnote forget-me` erases all of it.";

/// To somebody who had everything erased.
pub const FORGOTTEN: &str = "Everything that footnote kept about you is erased, your wish to be left \
     alone too, if you had one: to be left alone use `/footnote quiet` again.";

/// A wish to be left alone in one server.
pub fn kept_quiet_in(guild: GuildId) -> String {
    format!("- You asked to be left alone in the server {guild}.")
}

/// A wish not to be answered on a claim.
pub fn kept_not_on(claim: &ClaimId) -> String {
    format!("- You asked not to be answered on `{claim}`.")
}

/// That somebody was answered lately.
pub fn kept_rests(servers: usize) -> String {
    let servers = if servers == 1 { "one server".to_owned() } else { format!("{servers} servers") };
    format!("- You were answered in {servers} within the last day; it is not kept with what.")
}

/// In how many changes of settings somebody is named.
pub fn kept_changes(changes: usize) -> String {
    format!("- That you changed settings as a moderator, {changes} times; for 90 days.")
}

/// Above the form for suggestions to authors; at most 45 characters.
pub const SUGGEST_TITLE: &str = "What should footnote know?";

/// The first field of the form; at most 45 characters.
pub const SUGGEST_WORDING: &str = "What people say, in one sentence";

/// In the empty first field.
pub const SUGGEST_PLACEHOLDER: &str =
    "Please no names and nobody's message: it is kept for authors.";

/// The second field of the form.
pub const SUGGEST_SOURCE: &str = "Where it can be read about (optional)";

/// To somebody whose suggestion is kept.
pub const SUGGESTED: &str = "Thank you. The authors of this bot's responses can read it now; who suggested it is not \
     kept. It waits for 180 days at most.";

/// To somebody who sent an empty form.
pub const SUGGESTED_NOTHING: &str =
    "There was nothing in it that can be read, so nothing was kept.";

/// To somebody who suggested something a moment ago.
pub const SUGGESTED_TOO_SOON: &str =
    "Thank you; one in ten minutes is enough. Please try again later.";

/// Where too many suggestions wait.
pub const SUGGESTED_ENOUGH: &str = "So many suggestions wait for an author that no more are taken in for now. Please \
     tell whoever runs this bot.";
