//! Renders the world as the JSON that Discord sends. Decides nothing.

use footnote::policy::place::{ChannelId, GuildId, MessageId, UserId};
use serde_json::{Value, json};
use serenity::model::Timestamp;

use super::world::{Channel, ChannelKind, Guild, Message, OverwriteOf, Role, World};

/// A moment before everything that happens in a test.
const LONG_AGO: &str = "2020-01-01T00:00:00+00:00";

pub(crate) fn user(world: &World, id: UserId) -> Value {
    let (name, bot) = world.users.get(&id).map_or(("deleted", false), |u| (&*u.name, u.bot));
    json!({
        "id": id.to_string(), "username": name, "global_name": null, "avatar": null,
        "discriminator": "0", "public_flags": 0, "flags": 0, "bot": bot, "primary_guild": null,
    })
}

/// The bot as it sees itself.
pub(crate) fn myself(world: &World) -> Value {
    let mut me = user(world, world.bot);
    me["mfa_enabled"] = json!(true);
    me["locale"] = json!("en-US");
    me["verified"] = json!(true);
    me["email"] = Value::Null;
    me
}

pub(crate) fn application(world: &World) -> Value {
    let owner = world.guilds.values().next().map_or(world.bot, |guild| guild.owner);
    json!({
        "id": world.bot.to_string(), "name": "footnote", "icon": null, "description": "",
        "summary": "", "type": null, "verify_key": "0".repeat(64), "flags": 0, "flags_new": "0",
        "redirect_uris": [], "interactions_endpoint_url": null,
        "role_connections_verification_url": null, "owner": user(world, owner),
        "approximate_guild_count": world.guilds.len(), "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0, "explicit_content_filter": 0, "team": null,
        "eligible_oauth2_scopes": [], "bot_public": true, "bot_require_code_grant": false,
    })
}

/// A membership without the user, as it stands in messages.
fn membership(world: &World, guild: GuildId, id: UserId) -> Option<Value> {
    let known = world.guilds.get(&guild)?;
    let roles = known.members.get(&id)?;
    let until = known.timed_out.contains(&id).then_some("2100-01-01T00:00:00+00:00");
    let roles: Vec<String> = roles.iter().map(ToString::to_string).collect();
    Some(json!({
        "roles": roles, "nick": null, "avatar": null, "banner": null, "joined_at": LONG_AGO,
        "premium_since": null, "communication_disabled_until": until, "flags": 0,
        "pending": false, "mute": false, "deaf": false,
    }))
}

pub(crate) fn member(world: &World, guild: GuildId, id: UserId) -> Option<Value> {
    let mut member = membership(world, guild, id)?;
    member["user"] = user(world, id);
    Some(member)
}

pub(crate) fn role(role: &Role) -> Value {
    json!({
        "id": role.id.to_string(), "name": role.name, "permissions": role.permissions.to_string(),
        "position": role.position, "color": 0, "hoist": false, "managed": role.managed,
        "colors": { "primary_color": 0, "secondary_color": null, "tertiary_color": null },
        "mentionable": false, "icon": null, "unicode_emoji": null, "flags": 0,
    })
}

pub(crate) fn channel(world: &World, channel: &Channel) -> Value {
    let mut value = json!({
        "id": channel.id.to_string(), "type": channel.kind as u8, "flags": 0,
        "last_message_id": world.visible(channel.id).next_back().map(|m| m.id.to_string()),
    });
    let Some(guild) = channel.guild else {
        let recipients: Vec<Value> = channel.recipient.iter().map(|&id| user(world, id)).collect();
        value["recipients"] = json!(recipients);
        return value;
    };
    value["guild_id"] = json!(guild.to_string());
    value["name"] = json!(channel.name);
    value["parent_id"] = json!(channel.parent.map(|id| id.to_string()));
    value["rate_limit_per_user"] = json!(0);
    if channel.kind.is_thread() {
        let owner = world.guilds.get(&guild).map(|guild| guild.owner.to_string());
        value["owner_id"] = json!(owner);
        value["message_count"] = json!(0);
        value["member_count"] = json!(1);
        value["total_message_sent"] = json!(0);
        value["thread_metadata"] = json!({
            "archived": false, "archive_timestamp": LONG_AGO,
            "auto_archive_duration": 1440, "locked": channel.locked,
        });
        return value;
    }
    value["position"] = json!(0);
    value["nsfw"] = json!(false);
    value["permission_overwrites"] = channel
        .overwrites
        .iter()
        .map(|overwrite| {
            let (id, kind) = match overwrite.of {
                OverwriteOf::Role(id) => (id.to_string(), 0),
                OverwriteOf::Member(id) => (id.to_string(), 1),
            };
            let (allow, deny) = (overwrite.allow.to_string(), overwrite.deny.to_string());
            json!({ "id": id, "type": kind, "allow": allow, "deny": deny })
        })
        .collect();
    value
}

/// A server as REST gives it.
pub(crate) fn guild(guild: &Guild) -> Value {
    json!({
        "id": guild.id.to_string(), "name": guild.name, "icon": null, "description": null,
        "home_header": null, "splash": null, "discovery_splash": null, "features": [],
        "banner": null, "owner_id": guild.owner.to_string(), "application_id": null,
        "region": "deprecated", "afk_channel_id": null, "afk_timeout": 300,
        "system_channel_id": null, "system_channel_flags": 0, "widget_enabled": false,
        "widget_channel_id": null, "verification_level": 0,
        "roles": guild.roles.iter().map(role).collect::<Vec<_>>(),
        "default_message_notifications": 0, "mfa_level": 0, "explicit_content_filter": 0,
        "max_presences": null, "max_members": 500_000, "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25, "vanity_url_code": null, "premium_tier": 0,
        "premium_subscription_count": 0, "preferred_locale": "en-US", "rules_channel_id": null,
        "safety_alerts_channel_id": null, "public_updates_channel_id": null,
        "premium_progress_bar_enabled": false, "nsfw": false, "nsfw_level": 0, "emojis": [],
        "stickers": [], "incidents_data": null,
    })
}

/// A server as the gateway gives it: with channels, threads and the bot's own membership.
pub(crate) fn guild_create(world: &World, id: GuildId) -> Value {
    let Some(known) = world.guilds.get(&id) else { return Value::Null };
    let mut value = guild(known);
    let all = |thread: bool| -> Vec<Value> {
        let of_guild = world.channels.values().filter(|channel| channel.guild == Some(id));
        of_guild
            .filter(|channel| channel.kind.is_thread() == thread)
            .map(|each| channel(world, each))
            .collect()
    };
    value["channels"] = json!(all(false));
    value["threads"] = json!(all(true));
    // Without the members' intent Discord sends the bot and those in voice, nobody else.
    value["members"] = json!([member(world, id, world.bot)]);
    value["member_count"] = json!(known.members.len());
    value["joined_at"] = json!(LONG_AGO);
    value["large"] = json!(false);
    value["unavailable"] = json!(false);
    for empty in [
        "guild_scheduled_events",
        "presences",
        "stage_instances",
        "voice_states",
        "soundboard_sounds",
    ] {
        value[empty] = json!([]);
    }
    value
}

/// A message as REST gives it.
pub(crate) fn message(world: &World, message: &Message) -> Value {
    let mut value = json!({
        "id": message.id.to_string(), "type": message.kind,
        "channel_id": message.channel.to_string(), "author": user(world, message.author),
        "content": message.content, "embeds": message.embeds, "components": message.components,
        "attachments": message.attachments, "flags": message.flags, "pinned": false,
        "mentions": message.mentions.iter().map(|&id| user(world, id)).collect::<Vec<_>>(),
        "mention_roles": [], "mention_everyone": false, "tts": false,
        "timestamp": timestamp(message.id),
        "edited_timestamp": message.edited.map(moment),
    });
    if message.webhook {
        value["webhook_id"] = json!(message.author.to_string());
    }
    if let Some((nonce, _)) = &message.nonce {
        value["nonce"] = nonce.clone();
    }
    if let Some(to) = message.reference {
        value["message_reference"] = json!({
            "type": 0, "message_id": to.to_string(), "channel_id": message.channel.to_string(),
        });
        if let Some(guild) = world.guild_of(message.channel) {
            value["message_reference"]["guild_id"] = json!(guild.to_string());
        }
        // One level only, as Discord does; null says that it was deleted.
        value["referenced_message"] = world.messages.get(&to).map_or(Value::Null, |to| {
            let mut shallow = to.clone();
            shallow.reference = None;
            self::message(world, &shallow)
        });
    }
    value
}

/// A message as the gateway gives it: `readable` says whether the content may be seen.
pub(crate) fn message_event(world: &World, sent: &Message, readable: bool) -> Value {
    let mut value = message(world, sent);
    if let Some(guild) = world.guild_of(sent.channel) {
        value["guild_id"] = json!(guild.to_string());
        if let Some(member) = membership(world, guild, sent.author).filter(|_| !sent.webhook) {
            value["member"] = member;
        }
    }
    if !readable {
        blank(&mut value);
    }
    value
}

/// Takes out what Discord hides from bots without the message-content intent.
pub(crate) fn blank(message: &mut Value) {
    message["content"] = json!("");
    for hidden in ["embeds", "components", "attachments"] {
        message[hidden] = json!([]);
    }
    if message.get("referenced_message").is_some_and(Value::is_object) {
        blank(&mut message["referenced_message"]);
    }
}

pub(crate) fn deleted(world: &World, channel: ChannelId, id: MessageId) -> Value {
    let mut value = json!({ "id": id.to_string(), "channel_id": channel.to_string() });
    if let Some(guild) = world.guild_of(channel) {
        value["guild_id"] = json!(guild.to_string());
    }
    value
}

fn timestamp(id: MessageId) -> String {
    moment(id.made_at().0)
}

fn moment(millis: u64) -> String {
    let millis = i64::try_from(millis).unwrap_or(i64::MAX);
    Timestamp::from_millis(millis).map_or_else(|_| LONG_AGO.to_owned(), |at| at.to_string())
}

#[cfg(test)]
mod tests {
    use serde::de::DeserializeOwned;
    use serenity::model::prelude as discord;

    use super::*;

    /// Serenity drops an event that it cannot read with only a debug line, so each fixture is read here.
    fn reads<T: DeserializeOwned>(value: &Value) -> T {
        T::deserialize(value).unwrap_or_else(|error| panic!("{error}: {value:#}"))
    }

    #[test]
    fn serenity_reads_every_fixture() {
        let mut world = World::new();
        let id = world.add_guild("history");
        let text = world.add_channel(Some(id), "general", ChannelKind::Text);
        let forum = world.add_channel(Some(id), "posts", ChannelKind::Forum);
        let thread = world.add_channel(Some(id), "a thread", ChannelKind::PublicThread);
        world.channels.get_mut(&thread).unwrap().parent = Some(text);
        let direct = world.add_channel(None, "", ChannelKind::Direct);
        let owner = world.guilds[&id].owner;
        world.channels.get_mut(&direct).unwrap().recipient = Some(owner);

        let created: discord::GuildCreateEvent = reads(&guild_create(&world, id));
        assert_eq!((created.guild.channels.len(), created.guild.threads.len()), (2, 1));
        assert_eq!(created.guild.members.len(), 1);
        let _: discord::PartialGuild = reads(&guild(&world.guilds[&id]));
        let _: discord::GuildChannel = reads(&channel(&world, &world.channels[&text]));
        let _: discord::GuildChannel = reads(&channel(&world, &world.channels[&forum]));
        let _: discord::GuildChannel = reads(&channel(&world, &world.channels[&thread]));
        let _: discord::PrivateChannel = reads(&channel(&world, &world.channels[&direct]));
        let mut owning = member(&world, id, owner).unwrap();
        owning["guild_id"] = json!(id.to_string());
        let _: discord::Member = reads(&owning);
        let _: discord::CurrentUser = reads(&myself(&world));
        let _: discord::CurrentApplicationInfo = reads(&application(&world));

        let mut first = world.draft(text, owner);
        first.content = "hello".to_owned();
        let mut second = world.draft(text, world.bot);
        second.reference = Some(first.id);
        let answered = first.id;
        world.messages.insert(first.id, first);
        let event: discord::MessageCreateEvent = reads(&message_event(&world, &second, true));
        assert_eq!(event.message.referenced_message.unwrap().id.get(), answered.0);
        let update: discord::MessageUpdateEvent = reads(&message_event(&world, &second, false));
        assert_eq!(update.content.as_deref(), Some(""));
        let _: discord::MessageDeleteEvent = reads(&deleted(&world, text, answered));
    }
}
