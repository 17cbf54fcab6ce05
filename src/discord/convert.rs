//! Discord's types become ours. Knows neither what is done with them nor the cache behind [`Topology`].

use serenity::all::{
    AuthorizingIntegrationOwner, AuthorizingIntegrationOwners, ChannelId, CommandInteraction,
    ComponentInteraction, ComponentInteractionDataKind, GuildChannel, GuildId, Interaction,
    Message, MessageId, MessageType, MessageUpdateEvent, ModalInteraction, PartialMember,
    Permissions, Timestamp, User, WebhookId,
};

use crate::app::ask::{Ask, Asked, Setup, Step, Target};
use crate::app::event::{Deleted, Handle, Heard, Incoming, Pressed, Recheck, Request, Token};
use crate::app::unread::Unread;
use crate::discord::topology::Topology;
use crate::discord::{buttons, commands, now, steps};
use crate::policy::delicate::Delicate;
use crate::policy::permission;
use crate::policy::place::{self, AuthorKind, Moment, RoleId, Surroundings, UserId};

/// What a channel or thread stands in, and what its name says. A thread's parent is no category.
pub(super) fn surroundings(
    delicate: &Delicate,
    channel: &GuildChannel,
) -> (place::ChannelId, Surroundings) {
    let parent = channel.parent_id.filter(|_| channel.thread_metadata.is_none());
    let category = parent.map(|id| place::ChannelId(id.get()));
    let is_delicate = delicate.is_said_by(&channel.name);
    (place::ChannelId(channel.id.get()), Surroundings { category, is_delicate })
}

/// A new message.
pub(super) fn message(topology: &Topology, message: Message) -> Heard {
    let kind = author_kind(topology.us(), &message.author, message.webhook_id, message.kind);
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
        replies_to: replied_to(&message),
        text: Unread::new(message.content),
    }
}

/// The message that another replies to.
fn replied_to(message: &Message) -> Option<place::MessageId> {
    let reference = message.message_reference.as_ref()?;
    let is_reply = message.kind == MessageType::InlineReply;
    reference.message_id.filter(|_| is_reply).map(|id| place::MessageId(id.get()))
}

/// A changed message; none where the event says neither who nor what.
pub(super) fn edit(topology: &Topology, event: MessageUpdateEvent) -> Option<Heard> {
    let (author, content) = (event.author?, event.content?);
    let kind = author_kind(
        topology.us(),
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
        replies_to: None,
        text: Unread::new(content),
    })
}

/// A message that was answered, as a request shows it: without server and roles. Who was answered
/// was a member then.
pub(super) fn looked_up(recheck: &Recheck, message: Message) -> Heard {
    // Without the intent Discord blanks what is written, which says nothing of it.
    let edited = if message.content.is_empty() { None } else { message.edited_timestamp };
    Heard {
        guild: recheck.guild,
        channel: recheck.channel,
        parent: recheck.parent,
        message: recheck.message,
        author: UserId(message.author.id.get()),
        author_kind: AuthorKind::Member,
        roles: Vec::new(),
        permitted: true,
        overloaded: false,
        edited: edited.map(moment),
        replies_to: None,
        text: Unread::new(message.content),
    }
}

/// Deleted messages.
pub(super) fn deleted(channel: ChannelId, messages: &[MessageId]) -> Deleted {
    Deleted {
        channel: place::ChannelId(channel.get()),
        messages: messages.iter().map(|id| place::MessageId(id.get())).collect(),
    }
}

/// A message that was fetched since somebody asks about it; its author's roles do not come with it.
pub(super) fn fetched(
    message: Message,
    guild: Option<place::GuildId>,
    target: &Target,
    roles: Vec<RoleId>,
) -> Heard {
    let kind = author_kind(target.us.0, &message.author, message.webhook_id, message.kind);
    Heard {
        guild,
        channel: target.channel,
        parent: target.parent,
        message: target.message,
        author: UserId(message.author.id.get()),
        author_kind: kind,
        roles,
        permitted: target.permitted,
        overloaded: false,
        edited: message.edited_timestamp.map(moment),
        replies_to: None,
        text: Unread::new(message.content),
    }
}

/// A press or a command; none for what we never offered.
pub(super) fn interaction(topology: &Topology, interaction: Interaction) -> Option<Incoming> {
    match interaction {
        Interaction::Command(command) => {
            let ask = commands::parse(&command, topology);
            Some(Incoming::Asked(Asked { request: asked(topology, command), ask }))
        }
        Interaction::Autocomplete(command) => {
            let ask = commands::parse_partial(&command.data);
            Some(Incoming::Asked(Asked { request: asked(topology, command), ask }))
        }
        Interaction::Component(press) => Some(match step(&press) {
            Some(step) => Incoming::Asked(stepped(topology, press, step)),
            None => Incoming::Pressed(pressed(topology, press)),
        }),
        Interaction::Modal(form) => {
            let ask = commands::suggest::parse(&form.data).unwrap_or(Ask::Unknown);
            Some(Incoming::Asked(Asked { request: submitted(topology, form), ask }))
        }
        // Discord knows only what we register.
        _ => None,
    }
}

fn asked(topology: &Topology, command: CommandInteraction) -> Request {
    request(
        topology,
        (command.guild_id, command.channel_id),
        command.user.id,
        command.member.and_then(|member| member.permissions),
        &command.authorizing_integration_owners,
        Handle { id: command.id.get(), token: Token(command.token) },
    )
}

/// Which step of the guided setup a press leads to, where it does.
fn step(press: &ComponentInteraction) -> Option<Step> {
    let chosen = match &press.data.kind {
        ComponentInteractionDataKind::ChannelSelect { values } => values.first(),
        _ => None,
    };
    let chosen = chosen.map(|id| place::ChannelId(id.get()));
    steps::decode(&press.data.custom_id, chosen)
}

fn stepped(topology: &Topology, press: ComponentInteraction, step: Step) -> Asked {
    let guild = press.guild_id.map(|id| place::GuildId(id.get()));
    let survey = commands::status::survey(topology, guild);
    let ask = Ask::Setup(Setup { step, replaces: true, survey });
    Asked { request: pressed(topology, press).request, ask }
}

/// Who sent a form in. Discord does not say by which installation, so it counts as somebody's own.
fn submitted(topology: &Topology, form: ModalInteraction) -> Request {
    request(
        topology,
        (form.guild_id, form.channel_id),
        form.user.id,
        form.member.and_then(|member| member.permissions),
        &AuthorizingIntegrationOwners::default(),
        Handle { id: form.id.get(), token: Token(form.token) },
    )
}

fn pressed(topology: &Topology, press: ComponentInteraction) -> Pressed {
    let request = request(
        topology,
        (press.guild_id, press.channel_id),
        press.user.id,
        press.member.and_then(|member| member.permissions),
        &press.authorizing_integration_owners,
        Handle { id: press.id.get(), token: Token(press.token) },
    );
    let tag = buttons::decode(&press.data.custom_id);
    Pressed { request, under: place::MessageId(press.message.id.get()), tag }
}

fn request(
    topology: &Topology,
    (guild, channel): (Option<GuildId>, ChannelId),
    by: serenity::all::UserId,
    allowed: Option<Permissions>,
    owners: &AuthorizingIntegrationOwners,
    handle: Handle,
) -> Request {
    let guild = guild.map(|id| place::GuildId(id.get()));
    let channel = place::ChannelId(channel.get());
    let here = topology.here(guild, channel, now());
    let installed = owners.0.iter().any(|owner| {
        matches!(owner, AuthorizingIntegrationOwner::GuildInstall(Some(id)) if guild.is_some_and(|guild| guild.0 == id.get()))
    });
    Request {
        guild,
        channel,
        parent: here.parent,
        by: UserId(by.get()),
        permissions: permission::Permissions(allowed.map_or(0, |allowed| allowed.bits())),
        installed,
        permitted: here.permitted,
        handle,
    }
}

fn roles(member: Option<&PartialMember>) -> Vec<RoleId> {
    member.map_or_else(Vec::new, |member| {
        member.roles.iter().map(|role| RoleId(role.get())).collect()
    })
}

/// A webhook's messages have an author that looks like a bot, so it is asked for first.
fn author_kind(
    us: u64,
    author: &User,
    webhook: Option<WebhookId>,
    kind: MessageType,
) -> AuthorKind {
    if author.id.get() == us {
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
