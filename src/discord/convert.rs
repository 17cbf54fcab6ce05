//! Discord's types become ours. Knows neither what is done with them nor the cache behind [`Topology`].

use serenity::all::{
    ChannelId, CommandInteraction, ComponentInteraction, Interaction, Message, MessageId,
    MessageType, MessageUpdateEvent, PartialMember, Timestamp, User, WebhookId,
};

use crate::app::event::{Asked, Deleted, Handle, Heard, Incoming, Pressed, Request, Token};
use crate::app::unread::Unread;
use crate::discord::topology::Topology;
use crate::discord::{buttons, commands, now};
use crate::policy::permission::Permissions;
use crate::policy::place::{self, AuthorKind, Moment, RoleId, UserId};

/// A new message.
pub(super) fn message(topology: &Topology, message: Message) -> Heard {
    let kind = author_kind(topology, &message.author, message.webhook_id, message.kind);
    let guild = message.guild_id.map(|id| place::GuildId(id.get()));
    let channel = place::ChannelId(message.channel_id.get());
    let here = topology.here(guild, channel, now());
    Heard {
        guild,
        channel,
        parent: here.parent,
        message: place::MessageId(message.id.get()),
        author: UserId(message.author.id.get()),
        author_kind: kind,
        roles: roles(message.member.as_deref()),
        permitted: here.permitted,
        overloaded: false,
        edited: message.edited_timestamp.map(moment),
        text: Unread::new(message.content),
    }
}

/// A changed message; none where the event says neither who nor what.
pub(super) fn edit(topology: &Topology, event: MessageUpdateEvent) -> Option<Heard> {
    let (author, content) = (event.author?, event.content?);
    let kind = author_kind(
        topology,
        &author,
        event.webhook_id.flatten(),
        event.kind.unwrap_or(MessageType::Regular),
    );
    let guild = event.guild_id.map(|id| place::GuildId(id.get()));
    let channel = place::ChannelId(event.channel_id.get());
    let here = topology.here(guild, channel, now());
    Some(Heard {
        guild,
        channel,
        parent: here.parent,
        message: place::MessageId(event.id.get()),
        author: UserId(author.id.get()),
        author_kind: kind,
        roles: roles(event.member.flatten().as_deref()),
        permitted: here.permitted,
        overloaded: false,
        edited: event.edited_timestamp.map(moment),
        text: Unread::new(content),
    })
}

/// Deleted messages.
pub(super) fn deleted(channel: ChannelId, messages: &[MessageId]) -> Deleted {
    Deleted {
        channel: place::ChannelId(channel.get()),
        messages: messages.iter().map(|id| place::MessageId(id.get())).collect(),
    }
}

/// A press or a command; none for what we never offered.
pub(super) fn interaction(interaction: Interaction) -> Option<Incoming> {
    match interaction {
        Interaction::Command(command) => Some(Incoming::Asked(asked(command))),
        Interaction::Component(press) => Some(Incoming::Pressed(pressed(press))),
        // We register neither autocompletion nor modals, and Discord knows only what we register.
        _ => None,
    }
}

fn asked(command: CommandInteraction) -> Asked {
    let ask = commands::parse(&command.data);
    let request = Request {
        guild: command.guild_id.map(|id| place::GuildId(id.get())),
        channel: place::ChannelId(command.channel_id.get()),
        by: UserId(command.user.id.get()),
        permissions: permissions(command.member.and_then(|member| member.permissions)),
        handle: Handle { id: command.id.get(), token: Token(command.token) },
    };
    Asked { request, ask }
}

fn pressed(press: ComponentInteraction) -> Pressed {
    let tag = buttons::decode(&press.data.custom_id);
    let request = Request {
        guild: press.guild_id.map(|id| place::GuildId(id.get())),
        channel: place::ChannelId(press.channel_id.get()),
        by: UserId(press.user.id.get()),
        permissions: permissions(press.member.and_then(|member| member.permissions)),
        handle: Handle { id: press.id.get(), token: Token(press.token) },
    };
    Pressed { request, under: place::MessageId(press.message.id.get()), tag }
}

fn permissions(given: Option<serenity::all::Permissions>) -> Permissions {
    Permissions(given.map_or(0, |permissions| permissions.bits()))
}

fn roles(member: Option<&PartialMember>) -> Vec<RoleId> {
    member.map_or_else(Vec::new, |member| {
        member.roles.iter().map(|role| RoleId(role.get())).collect()
    })
}

/// A webhook's messages have an author that looks like a bot, so it is asked for first.
fn author_kind(
    topology: &Topology,
    author: &User,
    webhook: Option<WebhookId>,
    kind: MessageType,
) -> AuthorKind {
    if author.id.get() == topology.us() {
        AuthorKind::Own
    } else if webhook.is_some() {
        AuthorKind::Webhook
    } else if author.bot {
        AuthorKind::Bot
    } else if author.system || !matches!(kind, MessageType::Regular | MessageType::InlineReply) {
        AuthorKind::System
    } else {
        AuthorKind::Member
    }
}

fn moment(timestamp: Timestamp) -> Moment {
    let milliseconds = timestamp.unix_timestamp_nanos() / 1_000_000;
    Moment(u64::try_from(milliseconds).unwrap_or(0))
}
