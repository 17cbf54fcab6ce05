//! What Discord says about a set-up, for somebody who wants to know why nothing is answered. Knows neither files nor the store; asks few requests and changes nothing.

use std::future::Future;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serenity::all::{
    ApplicationFlags, Channel, ChannelId, GuildChannel, GuildId, Http, LightMethod, Member,
    PartialGuild, Request, Route,
};

use crate::discord::failure::Failure;
use crate::discord::{Access, wires};
use crate::policy::permission::Permissions;
use crate::policy::place;

/// Nobody waits longer than this for one answer of a check-up.
const PATIENCE: Duration = Duration::from_secs(10);

/// A clock that is further off than this decides wrongly about the age of messages.
const SKEW: i64 = 10;

/// What an answer needs, in Discord's own words.
const NEEDED: [(Permissions, &str); 3] = [
    (Permissions::VIEW_CHANNEL, "View Channel"),
    (Permissions::READ_MESSAGE_HISTORY, "Read Message History"),
    (Permissions::SEND_MESSAGES, "Send Messages"),
];
const IN_THREADS: (Permissions, &str) =
    (Permissions::SEND_MESSAGES_IN_THREADS, "Send Messages in Threads");

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How it is.
    pub state: State,
    /// What was looked at.
    pub subject: &'static str,
    /// What was seen.
    pub what: String,
    /// What to do; empty where nothing is to be done.
    pub hint: String,
}

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// As it should be.
    Fine,
    /// Worth knowing.
    Note,
    /// Nothing is answered before it is mended.
    Wrong,
}

impl Finding {
    /// All is well.
    pub fn fine(subject: &'static str, what: impl Into<String>) -> Self {
        Self { state: State::Fine, subject, what: what.into(), hint: String::new() }
    }

    /// Worth knowing.
    pub fn note(subject: &'static str, what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { state: State::Note, subject, what: what.into(), hint: hint.into() }
    }

    /// Something is to be done.
    pub fn wrong(subject: &'static str, what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { state: State::Wrong, subject, what: what.into(), hint: hint.into() }
    }
}

/// Asks Discord about the token, the intents, the clock, and each of the channels.
pub async fn look(access: &Access, channels: &[place::ChannelId]) -> Vec<Finding> {
    let http = match wires::build(access, None) {
        Ok(http) => http,
        Err(fatal) => return vec![Finding::wrong("discord", fatal.0, "correct that setting")],
    };
    let mut found = vec![clock(&http).await];
    let application = match asked(http.get_current_application_info()).await {
        Ok(application) => application,
        Err(failure) => {
            found.push(token(failure));
            return found;
        }
    };
    http.set_application_id(application.id);
    found.push(Finding::fine("token", format!("Discord knows it as `{}`", application.name)));
    found.push(intents(access, application.flags.unwrap_or(ApplicationFlags::empty())));
    let us = match asked(http.get_current_user()).await {
        Ok(us) => us.id.get(),
        Err(failure) => {
            found.push(token(failure));
            return found;
        }
    };
    let mut known = None;
    for channel in channels {
        found.push(permissions(&http, us, *channel, &mut known).await);
    }
    found
}

fn token(failure: Failure) -> Finding {
    match failure {
        Failure::Status { status: 401, .. } => Finding::wrong(
            "token",
            "Discord refuses it",
            "copy the current one from the Bot page of the developer portal into DISCORD_TOKEN, without \"Bot \"",
        ),
        failure => Finding::wrong(
            "discord",
            format!("it does not answer ({failure})"),
            "check the network and https://discordstatus.com; the token and what depends on it were not looked at",
        ),
    }
}

fn intents(access: &Access, flags: ApplicationFlags) -> Finding {
    let granted = ApplicationFlags::GATEWAY_MESSAGE_CONTENT
        | ApplicationFlags::GATEWAY_MESSAGE_CONTENT_LIMITED;
    match (access.message_content, flags.intersects(granted)) {
        (true, true) => Finding::fine("intents", "Message Content is switched on"),
        (true, false) => Finding::wrong(
            "intents",
            "Message Content is switched off, and Discord will refuse the connection",
            "switch it on under Privileged Gateway Intents on the Bot page of the developer portal, or set [discord] message_content = false",
        ),
        (false, _) => Finding::note(
            "intents",
            "messages are not read, as [discord] message_content says",
            "commands and messages that mention the bot work; set it to true for the others",
        ),
    }
}

/// What we may do in a channel. `known` is the server that was asked about last: channels of one
/// server mostly come together.
async fn permissions(
    http: &Http,
    us: u64,
    id: place::ChannelId,
    known: &mut Option<(GuildId, PartialGuild, Member)>,
) -> Finding {
    let unseen = |failure: Failure| match failure {
        Failure::Status { status: 403, .. } => Finding::wrong(
            "permissions",
            format!("channel {id}: not to be seen"),
            "let the bot's role View Channel there",
        ),
        Failure::Status { status: 404, .. } => Finding::wrong(
            "permissions",
            format!("channel {id}: there is none of that number where the bot is"),
            "invite the bot to its server, or correct the number under [channels]",
        ),
        failure => Finding::wrong(
            "permissions",
            format!("channel {id}: Discord does not say ({failure})"),
            "try again later",
        ),
    };
    let channel = match guild_channel(http, ChannelId::new(id.0.max(1))).await {
        Ok(channel) => channel,
        Err(failure) => return unseen(failure),
    };
    let is_thread = channel.thread_metadata.is_some();
    let place = match channel.parent_id.filter(|_| is_thread) {
        None => Ok(channel.clone()),
        Some(parent) => guild_channel(http, parent).await,
    };
    let place = match place {
        Ok(place) => place,
        Err(failure) => return unseen(failure),
    };
    if known.as_ref().is_none_or(|(guild, _, _)| *guild != place.guild_id) {
        let guild = asked(http.get_guild(place.guild_id)).await;
        let member = asked(http.get_member(place.guild_id, us.max(1).into())).await;
        match (guild, member) {
            (Ok(guild), Ok(member)) => *known = Some((place.guild_id, guild, member)),
            (Err(failure), _) | (_, Err(failure)) => return unseen(failure),
        }
    }
    let Some((_, guild, member)) = known else { return unseen(Failure::Unclear) };
    let ours = Permissions(guild.user_permissions_in(&place, member).bits());
    let mut needed = NEEDED;
    if is_thread && let Some(last) = needed.last_mut() {
        *last = IN_THREADS;
    }
    let missing: Vec<_> =
        needed.iter().filter(|(one, _)| !ours.allows(*one)).map(|(_, name)| *name).collect();
    if missing.is_empty() {
        return Finding::fine("permissions", format!("channel {id}, #{}: all there", channel.name));
    }
    Finding::wrong(
        "permissions",
        format!("channel {id}, #{}: missing {}", channel.name, missing.join(", ")),
        "give them to the bot's role, in the channel's own settings where the channel differs",
    )
}

async fn guild_channel(http: &Http, id: ChannelId) -> Result<GuildChannel, Failure> {
    match asked(http.get_channel(id)).await? {
        Channel::Guild(channel) => Ok(channel),
        // A direct conversation, where there are no modes.
        _ => Err(Failure::Status { status: 404, code: 0 }),
    }
}

/// Discord's clock is in the head of each answer.
async fn clock(http: &Http) -> Finding {
    let unknown = |why: String| Finding::note("clock", why, "");
    let answer = match asked(http.request(Request::new(Route::Gateway, LightMethod::Get))).await {
        Ok(answer) => answer,
        Err(failure) => return unknown(format!("not compared: {failure}")),
    };
    let theirs = answer.headers().get("date").and_then(|date| seconds_of(date.to_str().ok()?));
    let Some(theirs) = theirs else { return unknown("not compared: no date".to_owned()) };
    #[expect(clippy::disallowed_methods, reason = "it is the clock that is looked at")]
    let ours = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let off = i64::try_from(ours).unwrap_or(i64::MAX).saturating_sub(theirs);
    if off.abs() <= SKEW {
        return Finding::fine("clock", "right");
    }
    let direction = if off > 0 { "ahead" } else { "behind" };
    Finding::wrong(
        "clock",
        format!("{} seconds {direction} of Discord's", off.abs()),
        "let the machine set its clock by the network (NTP): cooldowns and the age of messages depend on it",
    )
}

async fn asked<T>(request: impl Future<Output = serenity::Result<T>>) -> Result<T, Failure> {
    match tokio::time::timeout(PATIENCE, request).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(Failure::of(&error)),
        Err(_) => Err(Failure::Unclear),
    }
}

/// The seconds since 1970 of a date such as `Tue, 24 Nov 2026 14:03:52 GMT`.
fn seconds_of(date: &str) -> Option<i64> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let mut words = date.split(' ').skip(1);
    let day: i64 = words.next()?.parse().ok()?;
    let month = words.next()?;
    let month = i64::try_from(MONTHS.iter().position(|name| *name == month)?).ok()?;
    let year: i64 = words.next()?.parse().ok()?;
    let mut time = words.next()?.split(':').map(str::parse::<i64>);
    let mut part = || time.next()?.ok();
    let (hour, minute, second) = (part()?, part()?, part()?);
    // Years that begin in March have their leap day at the end.
    let years = if month < 2 { year - 1 } else { year };
    let days_before = (153 * ((month + 10) % 12) + 2) / 5;
    let days = 365 * years + years / 4 - years / 100 + years / 400 + days_before + day - 719_469;
    Some(((days * 24 + hour) * 60 + minute) * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::seconds_of;

    #[test]
    fn dates_of_http_are_seconds() {
        for (date, expected) in [
            ("Thu, 01 Jan 1970 00:00:00 GMT", Some(0)),
            ("Tue, 29 Feb 2000 00:00:00 GMT", Some(951_782_400)),
            ("Wed, 01 Mar 2000 00:00:01 GMT", Some(951_868_801)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(784_111_777)),
            ("Tue, 24 Nov 2026 14:03:52 GMT", Some(1_795_529_032)),
            ("yesterday", None),
        ] {
            assert_eq!(seconds_of(date), expected, "{date}");
        }
    }
}
