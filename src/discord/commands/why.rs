//! `/footnote-mod why`: which message somebody means, and whether they see it themselves. Knows not what is said of it.

use serenity::all::{CommandOptionType, CreateCommandOption};

use crate::app::ask::{Ask, Pointed, Target};
use crate::discord::commands::{Given, Subcommand, subcommand};
use crate::discord::now;
use crate::policy::permission::Member;
use crate::policy::place::{ChannelId, GuildId, MessageId, RoleId, UserId};

pub(super) const SUBCOMMAND: Subcommand = Subcommand { name: "why", definition: define, parse };

const MESSAGE: &str = "message";

fn define() -> CreateCommandOption {
    let message = "The message's link, or its number where it stands in this channel";
    let message = CreateCommandOption::new(CommandOptionType::String, MESSAGE, message)
        .required(true)
        .min_length(1)
        .max_length(200);
    subcommand(SUBCOMMAND.name, "What footnote sees in a message, and why it answers it or not")
        .add_sub_option(message)
}

fn parse(given: &Given<'_>) -> Ask {
    let Some(typed) = given.text(MESSAGE) else { return Ask::Unknown };
    let Some(pointer) = Pointer::parse(typed) else { return Ask::Why(Pointed::Unclear) };
    Ask::Why(target(given, &pointer).map_or(Pointed::Hidden, Pointed::At))
}

/// The message, where it is of this server and the requester sees it.
fn target(given: &Given<'_>, pointer: &Pointer) -> Option<Target> {
    let guild = GuildId(given.command.guild_id?.get());
    let member = given.command.member.as_ref()?;
    if pointer.guild.is_some_and(|other| other != guild) {
        return None;
    }
    let channel = pointer.channel.unwrap_or(given.here());
    let by = Member {
        user: UserId(given.command.user.id.get()),
        roles: member.roles.iter().map(|role| RoleId(role.get())).collect(),
        timed_out: false,
    };
    // Whoever uses a command in a channel sees that channel, private threads too.
    if channel != given.here() && !given.topology.sees(guild, channel, &by) {
        return None;
    }
    let here = given.topology.here(Some(guild), channel, now());
    Some(Target {
        channel,
        parent: here.parent,
        permitted: here.permitted,
        message: pointer.message,
        us: UserId(given.topology.us()),
    })
}

/// What was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Pointer {
    guild: Option<GuildId>,
    channel: Option<ChannelId>,
    message: MessageId,
}

impl Pointer {
    /// A link of Discord's clients, a number, or channel and message as Discord copies them with
    /// the shift key held.
    fn parse(typed: &str) -> Option<Self> {
        let typed = typed.trim().trim_matches(['<', '>']);
        if let Some((_, path)) = typed.split_once("/channels/") {
            let path = path.split(['?', '#']).next().unwrap_or(path);
            let mut parts = path.trim_end_matches('/').split('/');
            let (guild, channel, message) = (parts.next()?, parts.next()?, parts.next()?);
            let (guild, channel) = (GuildId(number(guild)?), ChannelId(number(channel)?));
            let message = MessageId(number(message)?);
            let whole = Self { guild: Some(guild), channel: Some(channel), message };
            return parts.next().is_none().then_some(whole);
        }
        let (channel, message) = match typed.split_once('-') {
            Some((channel, message)) => (Some(ChannelId(number(channel)?)), message),
            None => (None, typed),
        };
        Some(Self { guild: None, channel, message: MessageId(number(message)?) })
    }
}

fn number(text: &str) -> Option<u64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten().filter(|number| *number != 0)
}

#[cfg(test)]
mod tests {
    use super::Pointer;
    use crate::policy::place::{ChannelId, GuildId, MessageId};

    #[test]
    fn links_and_numbers_point_at_messages() {
        let pointer = |guild: u64, channel: u64, message| {
            Some(Pointer {
                guild: (guild != 0).then_some(GuildId(guild)),
                channel: (channel != 0).then_some(ChannelId(channel)),
                message: MessageId(message),
            })
        };
        for (typed, expected) in [
            ("https://discord.com/channels/1/2/3", pointer(1, 2, 3)),
            (" <https://ptb.discord.com/channels/1/2/3/> ", pointer(1, 2, 3)),
            ("https://discordapp.com/channels/1/2/3?x=4", pointer(1, 2, 3)),
            ("3", pointer(0, 0, 3)),
            ("2-3", pointer(0, 2, 3)),
            ("https://discord.com/channels/@me/2/3", None),
            ("https://discord.com/channels/1/2", None),
            ("https://discord.com/channels/1/2/3/4", None),
            ("0", None),
            ("-3", None),
            ("+3", None),
            ("99999999999999999999", None),
            ("that one", None),
            ("", None),
        ] {
            assert_eq!(Pointer::parse(typed), expected, "{typed}");
        }
    }
}
