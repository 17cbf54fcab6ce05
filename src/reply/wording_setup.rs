//! Every sentence of the guided setup. Knows neither what was chosen before nor how it is kept.

use crate::policy::permission::Permissions;
use crate::policy::place::ChannelId;
use crate::reply::words;

/// The first step.
pub const WHERE_TO_WORK: &str = "**Setting up footnote, step 1 of 3: where may it read?**\n\
     Choose one channel to begin with; its threads belong to it. Nothing else is read, and nothing is \
     said before the last step.";

/// In the first select.
pub const PICK_WORK: &str = "The channel where footnote may read";

/// In the second select.
pub const PICK_REVIEW: &str = "The channel where moderators are asked";

/// Where both channels are one.
pub const NOT_THE_SAME: &str = "**Step 2 of 3: where shall it ask you?**\n\
     That is the channel where footnote reads, so everybody would see what it asks. Please choose \
     another one, which only moderators see.";

/// The button that asks the moderators first.
pub const BEGIN_SUGGEST: &str = "Ask us first (suggest)";

/// The button that only watches.
pub const BEGIN_WATCH: &str = "Only watch";

/// The button that answers.
pub const BEGIN_REPLY: &str = "Answer by itself (reply)";

/// The button back to the first step.
pub const BEGIN_AGAIN: &str = "Begin again";

/// The button that looks for permissions once more.
pub const LOOK_AGAIN: &str = "Check again";

/// After the last step.
pub const DONE: &str = "**footnote is set up.**";

/// Where nothing is missing.
pub const ALL_THERE: &str = "It has every permission that it needs in both channels. \
     `/footnote-mod settings show` shows what holds, `/footnote-mod pause` stops everything.";

/// The second step.
pub fn where_to_ask(work: ChannelId) -> String {
    format!(
        "**Step 2 of 3: where shall it ask you?**\nIt may read in <#{work}>. Choose the channel for its \
         questions; only moderators should see that one, for cards quote the messages that they are about."
    )
}

/// The third step.
pub fn how_to_begin(work: ChannelId, review: ChannelId) -> String {
    format!(
        "**Step 3 of 3: how shall it begin in <#{work}>?**\nIt asks you in <#{review}>. *Ask us first* says \
         nothing before one of you presses Post; *Only watch* says nothing at all and counts. Either can be \
         changed at any time with `/footnote-mod mode`."
    )
}

/// What is missing in a channel, and where to give it.
pub fn missing(channel: ChannelId, missing: Permissions) -> String {
    let names: Vec<String> = missing.each().map(words::permission).collect();
    format!(
        "⚠️ In <#{channel}> footnote lacks **{}**: open the channel's settings, Permissions, and allow it for \
         footnote's role.",
        names.join(", ")
    )
}

/// Where the moderators' channel is no secret.
pub fn everybody_sees(review: ChannelId) -> String {
    format!(
        "⚠️ Everybody can see <#{review}>. Cards quote messages and say who decided: a channel for moderators \
         alone is the better place."
    )
}
