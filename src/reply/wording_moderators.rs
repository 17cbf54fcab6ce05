//! Every sentence that moderators read about settings, status and decisions. Knows neither where they come from nor who asks.

use std::time::Duration;

use crate::model::claim::ClaimId;
use crate::model::score::Score;
use crate::policy::hours::QuietHours;
use crate::policy::permission::Permissions;
use crate::policy::place::{ChannelId, GuildId, MessageId, Moment, RoleId, UserId};
use crate::policy::reason::Reason;
use crate::policy::settings::{Mode, Pause, Style};
use crate::reply::words;

/// Where a message is not there, or not for the eyes of who asks.
pub const MESSAGE_NOT_SEEN: &str = "This message cannot be looked at: it is gone, it stands in another \
     server, or you or footnote may not see its channel.";

/// Where neither a link nor a number was typed.
pub const UNCLEAR_MESSAGE: &str = "Please give the message's link (*Copy Message Link* in its menu), or \
     its number where it stands in this channel.";

/// Where a value cannot be read.
pub const UNCLEAR_VALUE: &str = "This value cannot be read. A time is a number with m, h or d, as in \
     `30m`, `2h` or `7d`; a threshold is a whole number from 0 to 1000.";

/// Above the explanation of a decision.
pub const WHY: &str = "**What footnote sees in this message**";

/// Where an explanation says that it would be answered.
pub const BY_ITSELF: &str =
    "-# By itself, that is without the rests and budgets of what was said before.";

/// Where a message has no text for us.
pub const NO_TEXT: &str = "-# There is no text that footnote can read: only pictures, or the Message Content intent is missing.";

/// Above the status.
pub const STATUS: &str = "**footnote in this server**";

/// Above the channels.
pub const CHANNELS: &str = "**Channels**";

/// Where nothing is switched on.
pub const NO_CHANNELS: &str =
    "**Channels**: none is switched on. Use `/footnote-mod mode` in a channel to begin.";

/// Above the last answers.
pub const LATELY: &str = "**Said lately**";

/// Where nothing was said.
pub const NOTHING_LATELY: &str = "**Said lately**: nothing.";

/// Between which answers a rest lies.
pub const COOLDOWN_CLAIM: &str = "answers to one claim in a channel";
/// Between which answers a rest lies.
pub const COOLDOWN_CHANNEL: &str = "answers in a channel";
/// Between which answers a rest lies.
pub const COOLDOWN_MEMBER: &str = "answers to one member";

/// Above the log of changes.
pub const CHANGES: &str = "**What moderators changed in this server**";

/// Where nothing was changed.
pub const NO_CHANGES: &str =
    "Moderators have changed nothing in this server, as far as is remembered.";

/// Where a topic or pack is not among ours.
pub const NO_SUCH_TOPIC: &str = "There is no topic or pack of that name.";

/// Where quiet hours cannot be read.
pub const UNCLEAR_HOURS: &str = "Please give both times as in `22:00` or `7`, and the zone as hours ahead of UTC, as in \
     `2`, `-5` or `5.5`.";

/// The most files with an error that are named.
const NAMED: usize = 5;

/// After a mode was set.
pub fn mode_set(channel: ChannelId, mode: Mode, has_review: bool) -> String {
    let what = match mode {
        Mode::Off => "footnote reads nothing there.",
        Mode::Watch => "footnote reads and counts there, and says nothing.",
        Mode::Suggest => "footnote asks the moderators before it says anything there.",
        Mode::Reply => "footnote answers there.",
    };
    let nowhere = match mode {
        Mode::Suggest if !has_review => {
            " **No moderators' channel is set**, so it has nobody to ask: \
             `/footnote-mod settings moderators`."
        }
        Mode::Off | Mode::Watch | Mode::Suggest | Mode::Reply => "",
    };
    format!(
        "<#{channel}> and its threads are in mode **{}**: {what}{nowhere} `/footnote-mod status` shows \
         whether a permission is missing.",
        mode.word()
    )
}

/// After a threshold was set.
pub fn threshold_set(value: Option<Score>) -> String {
    value.map_or_else(
        || "The threshold is again what it was before any change.".to_owned(),
        |value| format!("The threshold is {value} of 1000."),
    )
}

/// After a rest was set.
pub fn cooldown_set(between: &str, length: Option<Duration>) -> String {
    length.map_or_else(
        || format!("The rest between {between} is again what it was before any change."),
        |length| format!("The rest between {between} is {}.", time(length)),
    )
}

/// Where a rest is longer than anything is remembered.
pub fn too_long(longest: Duration) -> String {
    format!("That is longer than footnote remembers: at most {}.", time(longest))
}

/// After a claim was muted or unmuted.
pub fn muted(claim: &ClaimId, muted: bool) -> String {
    let now = if muted { "is not answered any more" } else { "is answered again" };
    format!("`{claim}` {now}.")
}

/// After a role was exempted or not any more.
pub fn exempt(role: RoleId, exempt: bool) -> String {
    let now = if exempt { "left alone" } else { "read and answered again" };
    format!("Members with <@&{role}> are {now}.")
}

/// After a place was marked as sensitive or not any more.
pub const fn sensitive(sensitive: bool) -> &'static str {
    if sensitive {
        "Nobody is corrected: footnote reads nothing and answers nothing."
    } else {
        "It is a place like any other."
    }
}

/// Beside a mode, where the place is quiet by its name.
pub const QUIET_BY_NAME: &str = " **By its name this is a place of mourning, of help or of minors, so nothing is read \
     there all the same.** Where that is mistaken, `/footnote-mod settings sensitive` with *on* set to \
     False says so.";

/// After a budget was set.
pub fn budget_set(span: &str, most: Option<u32>) -> String {
    most.map_or_else(
        || format!("The most answers {span} are again what they were before any change."),
        |most| format!("At most {most} answers {span}."),
    )
}

/// After a topic or pack was muted or not any more.
pub fn topic_muted(name: &str, muted: bool) -> String {
    let now = if muted { "are not answered any more" } else { "are answered again" };
    format!("Claims of `{name}` {now}.")
}

/// After a place was exempted or not any more.
pub const fn place_exempt(exempt: bool) -> &'static str {
    if exempt { "The place is left alone." } else { "The place is read and answered again." }
}

/// After quiet hours were set.
pub fn quiet_hours_set(hours: Option<QuietHours>) -> String {
    hours.map_or_else(
        || "Quiet hours are again what they were before any change.".to_owned(),
        |hours| format!("Quiet hours: {}.", self::hours(hours)),
    )
}

/// After the style was set.
pub const fn style_set(style: Style) -> &'static str {
    match style {
        Style::Compact => "Replies are a few lines, and the rest stands behind buttons.",
        Style::Full => "Replies are as much of the whole response as fits into a message.",
    }
}

/// After the delay was set.
pub fn delay_set(delay: Option<Duration>) -> String {
    delay.map_or_else(
        || "An answer waits again as long as before any change.".to_owned(),
        |delay| {
            format!(
                "An answer waits {}, and is not given where somebody else replied, or the message was changed \
                 or deleted.",
                time(delay)
            )
        },
    )
}

/// One change, by whom where that is known.
pub fn change(when: Moment, by: Option<UserId>, what: &str) -> String {
    let by = by.map_or_else(String::new, |by| format!("<@{by}>: "));
    format!("- {} {by}{what}", at(when, 'R'))
}

pub(super) fn hours(hours: QuietHours) -> String {
    let (from, to) = hours.minutes();
    let clock = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    if hours.is_never() {
        "none".to_owned()
    } else {
        format!("{} to {} UTC", clock(from), clock(to))
    }
}

/// After the moderators' channel was set.
pub fn review_set(review: Option<ChannelId>) -> String {
    review.map_or_else(
        || "Moderators are neither asked nor told of anything.".to_owned(),
        |review| {
            format!(
                "Suggestions and alerts go to <#{review}>. They quote the message that they are about, so \
                 only moderators should see that channel."
            )
        },
    )
}

/// What was set, and where it holds.
pub fn scoped(words: &str, channel: Option<ChannelId>) -> String {
    match channel {
        Some(channel) => format!("In <#{channel}> and its threads: {words}"),
        None => format!("In this whole server: {words}"),
    }
}

/// Whether the server is paused.
pub fn pause_now(pause: Pause, now: Moment) -> String {
    match pause {
        Pause::Until(end) if pause.holds(now) => format!("Paused until {}.", at(end, 'f')),
        Pause::Indefinite => "Paused until somebody uses `/footnote-mod resume`.".to_owned(),
        Pause::None | Pause::Until(_) => "Not paused.".to_owned(),
    }
}

/// What we can read.
pub const fn reads(content: bool) -> &'static str {
    if content {
        "Message Content intent: on, so messages can be read."
    } else {
        "Message Content intent: off, so only commands and mentions can be read. Whoever runs this \
         bot can switch it on in the developer portal."
    }
}

/// What can be said, and which files have an error and answer as they last were.
pub fn responses(published: usize, drafts: usize, held_back: &[String]) -> String {
    let all = format!("Responses: {published} published, {drafts} drafts.");
    if held_back.is_empty() {
        return all;
    }
    let named: Vec<String> =
        held_back.iter().take(NAMED).map(|claim| format!("`{claim}`")).collect();
    let more = held_back.len().saturating_sub(NAMED);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    format!(
        "{all} **Files with an error**, which answer as they last were: {}{more}.",
        named.join(", ")
    )
}

/// A channel with its mode and what is missing there.
pub fn channel(channel: ChannelId, mode: Mode, missing: Permissions) -> String {
    let names: Vec<String> = missing.each().map(words::permission).collect();
    if names.is_empty() {
        format!("- <#{channel}>: {}", mode.word())
    } else {
        format!("- <#{channel}>: {}, but **missing: {}**", mode.word(), names.join(", "))
    }
}

/// More channels than are listed.
pub fn more_channels(left: usize) -> String {
    format!("- and {left} more")
}

/// An answer that stands.
pub fn lately(
    claim: &ClaimId,
    guild: GuildId,
    channel: ChannelId,
    reply: MessageId,
    when: Moment,
) -> String {
    format!("- {} `{claim}`: {}", at(when, 'R'), link(Some(guild), channel, reply))
}

/// How often each reason was given.
pub fn counted(since: Moment, counts: &[(Reason, u64)]) -> String {
    let head = format!("**Since the start, {}**", at(since, 'R'));
    if counts.is_empty() {
        return format!("{head}: no messages.");
    }
    let counts: Vec<String> =
        counts.iter().map(|(reason, count)| format!("{} {count}", reason.word())).collect();
    format!("{head}: {}", counts.join(" · "))
}

/// That a message was answered.
pub fn answered(
    claim: &ClaimId,
    guild: Option<GuildId>,
    channel: ChannelId,
    reply: MessageId,
    when: Moment,
) -> String {
    format!("Answered with `{claim}` {}: {}", at(when, 'R'), link(guild, channel, reply))
}

/// That an answer was taken away.
pub fn taken_away(claim: &ClaimId, when: Moment) -> String {
    format!("Answered with `{claim}` {}, and the answer was taken away again.", at(when, 'R'))
}

/// That an answer is on its way.
pub fn under_way(claim: &ClaimId, when: Moment) -> String {
    format!("Being answered with `{claim}`, decided {}.", at(when, 'R'))
}

/// That an answer was not posted.
pub fn not_posted(claim: &ClaimId, when: Moment) -> String {
    format!(
        "To be answered with `{claim}` {}, but that was not posted, as far as is known.",
        at(when, 'R')
    )
}

/// What was decided when the message was read.
pub fn at_the_time(reason: Reason) -> String {
    format!("When it was read: {}", words::reason(reason))
}

/// A moment as each reader sees it in their own time zone.
pub(super) fn at(when: Moment, style: char) -> String {
    format!("<t:{}:{style}>", when.0 / 1000)
}

/// A message's address, as Discord's clients copy it.
pub fn link(guild: Option<GuildId>, channel: ChannelId, message: MessageId) -> String {
    let guild = guild.map_or_else(|| "@me".to_owned(), |guild| guild.to_string());
    format!("https://discord.com/channels/{guild}/{channel}/{message}")
}

/// A length of time in its largest whole unit.
pub(super) fn time(length: Duration) -> String {
    let seconds = length.as_secs();
    let units = [(86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second")];
    let (count, unit) = units
        .into_iter()
        .find(|(size, _)| seconds >= *size && seconds.is_multiple_of(*size))
        .map_or((seconds, "second"), |(size, unit)| (seconds / size, unit));
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{channel, counted, time};
    use crate::policy::permission::Permissions;
    use crate::policy::place::{ChannelId, Moment};
    use crate::policy::reason::Reason;
    use crate::policy::settings::Mode;

    #[test]
    fn times_are_said_in_their_largest_whole_unit() {
        for (seconds, said) in [
            (0, "0 seconds"),
            (1, "1 second"),
            (90, "90 seconds"),
            (120, "2 minutes"),
            (3600, "1 hour"),
            (172_800, "2 days"),
        ] {
            assert_eq!(time(Duration::from_secs(seconds)), said);
        }
    }

    #[test]
    fn a_missing_permission_is_said_by_its_name() {
        let missing = Permissions::SEND_MESSAGES.and(Permissions::READ_MESSAGE_HISTORY);
        assert_eq!(
            channel(ChannelId(7), Mode::Reply, missing),
            "- <#7>: reply, but **missing: Send Messages, Read Message History**"
        );
        assert_eq!(channel(ChannelId(7), Mode::Watch, Permissions::NONE), "- <#7>: watch");
    }

    #[test]
    fn reasons_are_counted_by_their_words() {
        let counts = [(Reason::Off, 3), (Reason::Asserted, 1)];
        let said = counted(Moment(5_000), &counts);
        assert_eq!(said, "**Since the start, <t:5:R>**: off 3 · asserted 1");
    }
}
