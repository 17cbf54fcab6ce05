//! The endpoints about servers, channels, messages and commands. Interactions have a file of their own.

use footnote::policy::place::{ChannelId, GuildId, MessageId, UserId};
use serde_json::{Value, json};

use super::hub::{Request, State};
use super::rest::Answer;
use super::world::{Message, permission};
use super::{interactions, wire};

type Refused = Answer;

pub(crate) fn answer(state: &mut State, request: &Request) -> Answer {
    let segments: Vec<&str> = request.path.split('/').skip(1).collect();
    route(state, request, &segments).unwrap_or_else(|refused| refused)
}

fn route(state: &mut State, request: &Request, segments: &[&str]) -> Result<Answer, Refused> {
    let body = &request.body;
    Ok(match (&*request.method, segments) {
        ("GET", ["gateway"]) => Answer::ok(json!({ "url": state.gateway.url })),
        ("GET", ["gateway", "bot"]) => Answer::ok(gateway_bot(state)),
        ("GET", ["users", "@me"]) => Answer::ok(wire::myself(&state.world)),
        ("POST", ["users", "@me", "channels"]) => open_direct(state, body)?,
        ("GET", ["applications", "@me"] | ["oauth2", "applications", "@me"]) => {
            let mut application = wire::application(&state.world);
            if state.gateway.allowed & super::gateway::intent::MESSAGE_CONTENT != 0 {
                // GATEWAY_MESSAGE_CONTENT_LIMITED, which bots of few servers have.
                application["flags"] = json!(1 << 19);
            }
            Answer::ok(application)
        }
        (method, ["applications", _, "commands", rest @ ..]) => {
            commands(state, method, None, rest, body)
        }
        (method, ["applications", _, "guilds", guild, "commands", rest @ ..]) => {
            commands(state, method, Some(GuildId(id(guild)?)), rest, body)
        }
        ("GET", ["guilds", guild, rest @ ..]) => {
            let guild = GuildId(id(guild)?);
            of_guild(state, guild, rest)?.unwrap_or_else(|| unserved(state, request))
        }
        (method, ["channels", channel, rest @ ..]) => {
            let channel = ChannelId(id(channel)?);
            if !state.world.channels.contains_key(&channel) {
                return Err(Answer::not_found(10003, "Channel"));
            }
            require(state, channel, permission::VIEW_CHANNEL)?;
            of_channel(state, request, method, channel, rest)?
        }
        (method, ["interactions" | "webhooks", ..]) => {
            interactions::answer(state, request, method, segments)?
        }
        _ => unserved(state, request),
    })
}

/// Not a mistake of the bot's, if Discord's document knows the route, but a gap of the fake's.
fn unserved(state: &mut State, request: &Request) -> Answer {
    state.violation(format!("the fake does not serve {} {}", request.method, request.path));
    Answer::error(404, 0, "404: Not Found")
}

fn gateway_bot(state: &State) -> Value {
    json!({
        "url": state.gateway.url, "shards": 1,
        "session_start_limit": {
            "total": 1000, "remaining": state.gateway.starts_left,
            "reset_after": 86_400_000, "max_concurrency": 1,
        },
    })
}

fn of_guild(state: &State, guild: GuildId, rest: &[&str]) -> Result<Option<Answer>, Refused> {
    let world = &state.world;
    let known = world.guilds.get(&guild).filter(|known| known.members.contains_key(&world.bot));
    let known = known.ok_or_else(|| Answer::not_found(10004, "Guild"))?;
    Ok(Some(Answer::ok(match rest {
        [] => wire::guild(known),
        ["roles"] => known.roles.iter().map(wire::role).collect(),
        ["channels"] => world
            .channels
            .values()
            .filter(|c| c.guild == Some(guild) && !c.kind.is_thread())
            .map(|channel| wire::channel(world, channel))
            .collect(),
        ["members", member] => wire::member(world, guild, UserId(id(member)?))
            .ok_or_else(|| Answer::not_found(10007, "Member"))?,
        _ => return Ok(None),
    })))
}

fn of_channel(
    state: &mut State,
    request: &Request,
    method: &str,
    channel: ChannelId,
    rest: &[&str],
) -> Result<Answer, Refused> {
    match (method, rest) {
        ("GET", []) => {
            let channel = state.world.channels.get(&channel);
            let known = channel.ok_or_else(|| Answer::not_found(10003, "Channel"))?;
            Ok(Answer::ok(wire::channel(&state.world, known)))
        }
        ("POST", ["typing"]) => {
            require(state, channel, permission::SEND_MESSAGES)?;
            Ok(Answer::nothing())
        }
        ("POST", ["messages"]) => post(state, channel, &request.body),
        ("GET", ["messages"]) => Ok(list(state, channel, &request.query)),
        ("POST", ["messages", "bulk-delete"]) => bulk_delete(state, channel, &request.body),
        ("GET", ["messages", message]) => {
            require(state, channel, permission::READ_MESSAGE_HISTORY)?;
            let message = find(state, channel, message)?;
            Ok(Answer::ok(readable(state, &message)))
        }
        ("PATCH", ["messages", message]) => {
            let message = find(state, channel, message)?;
            if message.author != state.world.bot {
                return Err(Answer::error(403, 50005, "Cannot edit another user's message"));
            }
            change(state, message.id, &request.body);
            Ok(Answer::ok(rendered(state, message.id)))
        }
        ("DELETE", ["messages", message]) => {
            let message = find(state, channel, message)?;
            if message.author != state.world.bot {
                require(state, channel, permission::MANAGE_MESSAGES)?;
            }
            state.remove(message.id);
            Ok(Answer::nothing())
        }
        _ => Ok(unserved(state, request)),
    }
}

fn post(state: &mut State, channel: ChannelId, body: &Value) -> Result<Answer, Refused> {
    let place = state.world.channels.get(&channel);
    let in_thread = place.is_some_and(|c| c.kind.is_thread());
    if place.is_some_and(|c| c.locked) {
        require(state, channel, permission::MANAGE_THREADS)?;
    }
    let send =
        if in_thread { permission::SEND_MESSAGES_IN_THREADS } else { permission::SEND_MESSAGES };
    require(state, channel, send)?;
    let bot = state.world.bot;
    if body["enforce_nonce"] == true
        && let Some(same) = state.world.same_nonce(bot, &body["nonce"])
    {
        state.note(format!("   the nonce is that of {same}: no second message"));
        return Ok(Answer::ok(rendered(state, same)));
    }
    let mut message = state.world.draft(channel, bot);
    if let Some(to) = body["message_reference"]["message_id"].as_str() {
        let may = state.world.permissions(bot, channel);
        if may & permission::READ_MESSAGE_HISTORY == 0 {
            let text = "Cannot reply without permission to read message history";
            return Err(Answer::error(403, 160_002, text));
        }
        let to = MessageId(id(to)?);
        if state.world.messages.get(&to).is_some_and(|m| m.channel == channel) {
            message.reference = Some(to);
            message.kind = 19;
        } else if body["message_reference"]["fail_if_not_exists"] != false {
            return Err(unknown_reference());
        }
    }
    message.nonce = body.get("nonce").map(|nonce| (nonce.clone(), std::time::Instant::now()));
    fill(state, &mut message, body);
    let reference = message.reference;
    let id = state.add(message);
    state.posted.extend(reference.map(|to| (to, id)));
    Ok(Answer::ok(rendered(state, id)))
}

fn unknown_reference() -> Answer {
    let mut refused = Answer::error(400, 50035, "Invalid Form Body");
    if let Some(body) = &mut refused.body {
        let error = json!([{ "code": "REPLIES_UNKNOWN_MESSAGE", "message": "Unknown message" }]);
        body["errors"] = json!({ "message_reference": { "_errors": error } });
    }
    refused
}

/// Writes into the message what the body says of it, as Discord would keep it.
pub(super) fn fill(state: &State, message: &mut Message, body: &Value) {
    if let Some(content) = body.get("content") {
        content.as_str().unwrap_or_default().clone_into(&mut message.content);
    }
    if let Some(embeds) = body["embeds"].as_array() {
        message.embeds.clone_from(embeds);
        for embed in &mut message.embeds {
            embed["type"] = json!("rich");
            for field in embed["fields"].as_array_mut().into_iter().flatten() {
                field["inline"] = json!(field["inline"] == true);
            }
        }
        let may = state.world.permissions(state.world.bot, message.channel);
        // Discord posts the rest and says nothing.
        if may & permission::EMBED_LINKS == 0 && message.author == state.world.bot {
            message.embeds.clear();
        }
    }
    if let Some(components) = body["components"].as_array() {
        message.components.clone_from(components);
        number(&mut message.components, &mut 0);
    }
    if let Some(flags) = body["flags"].as_u64() {
        message.flags = flags;
    }
    message.request = body.clone();
}

/// Discord gives each component a number of its own.
fn number(components: &mut [Value], last: &mut u32) {
    for component in components {
        *last += 1;
        component["id"] = json!(last);
        if let Some(inner) = component.get_mut("components").and_then(Value::as_array_mut) {
            number(inner, last);
        }
    }
}

/// Changes a message of the bot's, and says so.
pub(super) fn change(state: &mut State, id: MessageId, body: &Value) {
    let Some(mut message) = state.world.messages.get(&id).cloned() else { return };
    let flags = message.flags;
    fill(state, &mut message, body);
    // Of the flags only the suppression of embeds can be changed afterwards.
    message.flags = flags;
    message.edited = Some(state.world.edit_time(id));
    state.world.messages.insert(id, message);
    state.dispatch_message("MESSAGE_UPDATE", id);
}

fn list(state: &State, channel: ChannelId, query: &str) -> Answer {
    let bot = state.world.bot;
    if state.world.permissions(bot, channel) & permission::READ_MESSAGE_HISTORY == 0 {
        return Answer::ok(json!([]));
    }
    let number = |name: &str| -> Option<u64> {
        let pairs =
            query.split('&').filter_map(|pair| pair.trim_start_matches('?').split_once('='));
        pairs.filter(|(key, _)| *key == name).find_map(|(_, value)| value.parse().ok())
    };
    let limit = usize::try_from(number("limit").unwrap_or(50)).unwrap_or(50).min(100);
    let all: Vec<&Message> = state.world.visible(channel).collect();
    let at = |id: u64| all.partition_point(|message| message.id.0 < id);
    // Oldest first here; turned round at the end, for Discord always gives the newest first.
    let page: Vec<&Message> = if let Some(id) = number("after") {
        all.iter().skip(at(id + 1)).take(limit).copied().collect()
    } else if let Some(id) = number("around") {
        all.iter().skip(at(id).saturating_sub(limit / 2)).take(limit).copied().collect()
    } else {
        let end = number("before").map_or(all.len(), at);
        all.iter().take(end).skip(end.saturating_sub(limit)).copied().collect()
    };
    Answer::ok(page.iter().rev().map(|message| readable(state, message)).collect())
}

fn bulk_delete(state: &mut State, channel: ChannelId, body: &Value) -> Result<Answer, Refused> {
    require(state, channel, permission::MANAGE_MESSAGES)?;
    let ids = body["messages"].as_array().cloned().unwrap_or_default();
    let mut found = Vec::new();
    for given in &ids {
        found.push(MessageId(id(given.as_str().unwrap_or_default())?));
    }
    state.remove_all(channel, &found);
    Ok(Answer::nothing())
}

fn open_direct(state: &mut State, body: &Value) -> Result<Answer, Refused> {
    let with = UserId(id(body["recipient_id"].as_str().unwrap_or_default())?);
    if !state.world.users.contains_key(&with) {
        return Err(Answer::not_found(10013, "User"));
    }
    let channel = state.direct(with);
    let known = state.world.channels.get(&channel);
    Ok(Answer::ok(known.map_or(Value::Null, |known| wire::channel(&state.world, known))))
}

fn commands(
    state: &mut State,
    method: &str,
    guild: Option<GuildId>,
    rest: &[&str],
    body: &Value,
) -> Answer {
    let mut known = state.commands.remove(&guild).unwrap_or_default();
    let at = rest.first().map(|id| known.iter().position(|command| command["id"] == *id));
    let answer = match (method, at) {
        ("GET", None) => Answer::ok(json!(known)),
        ("PUT", None) => {
            let given = body.as_array().cloned().unwrap_or_default();
            known = given.iter().map(|command| registered(state, guild, command)).collect();
            Answer::ok(json!(known))
        }
        ("POST", None) => {
            let command = registered(state, guild, body);
            known
                .retain(|old| (&old["name"], &old["type"]) != (&command["name"], &command["type"]));
            known.push(command.clone());
            Answer { status: 201, body: Some(command) }
        }
        (_, Some(None)) => Answer::not_found(10063, "application command"),
        ("GET", Some(Some(at))) => Answer::ok(known[at].clone()),
        ("DELETE", Some(Some(at))) => {
            known.remove(at);
            Answer::nothing()
        }
        ("PATCH", Some(Some(at))) => {
            for (key, value) in body.as_object().into_iter().flatten() {
                known[at][key] = value.clone();
            }
            Answer::ok(known[at].clone())
        }
        _ => Answer::error(405, 0, "405: Method Not Allowed"),
    };
    state.commands.insert(guild, known);
    answer
}

fn registered(state: &mut State, guild: Option<GuildId>, command: &Value) -> Value {
    let mut command = command.clone();
    command["id"] = json!(state.world.id().to_string());
    command["version"] = json!(state.world.id().to_string());
    command["application_id"] = json!(state.world.bot.to_string());
    for (field, default) in [
        ("type", json!(1)),
        ("description", json!("")),
        ("default_member_permissions", Value::Null),
    ] {
        if command[field].is_null() {
            command[field] = default;
        }
    }
    if let Some(guild) = guild {
        command["guild_id"] = json!(guild.to_string());
    }
    command
}

fn find(state: &State, channel: ChannelId, message: &str) -> Result<Message, Refused> {
    let id = MessageId(id(message)?);
    let known = state.world.messages.get(&id).filter(|m| m.channel == channel && !m.is_ephemeral());
    known.cloned().ok_or_else(|| Answer::not_found(10008, "Message"))
}

/// The message as the bot may read it over REST, where the portal's switch for content decides.
fn readable(state: &State, message: &Message) -> Value {
    let mut value = wire::message(&state.world, message);
    let bot = state.world.bot;
    let own = message.author == bot || message.mentions.contains(&bot);
    let direct = state.world.guild_of(message.channel).is_none();
    let allowed = state.gateway.allowed & super::gateway::intent::MESSAGE_CONTENT != 0;
    if !(own || direct || allowed) {
        wire::blank(&mut value);
    }
    value
}

pub(super) fn rendered(state: &State, id: MessageId) -> Value {
    let message = state.world.messages.get(&id);
    message.map_or(Value::Null, |message| wire::message(&state.world, message))
}

fn require(state: &State, channel: ChannelId, needed: u64) -> Result<(), Refused> {
    let may = state.world.permissions(state.world.bot, channel);
    if may & permission::VIEW_CHANNEL == 0 {
        return Err(Answer::error(403, 50001, "Missing Access"));
    }
    if may & needed != needed {
        return Err(Answer::error(403, 50013, "Missing Permissions"));
    }
    Ok(())
}

pub(super) fn id(text: &str) -> Result<u64, Refused> {
    text.parse().map_err(|_| {
        Answer::error(400, 50035, &format!("Invalid Form Body: {text:?} is not snowflake."))
    })
}
