//! What members do beside talking: slash commands, context menus, buttons, forms.
//! The definitions that the bot registered are held against each use, as Discord's clients do.

use std::collections::BTreeSet;
use std::time::Instant;

use footnote::policy::place::{ChannelId, MessageId, UserId};
use serde_json::{Value, json};

use super::fake::Fake;
use super::hub::State;
use super::interactions::{Answered, Interaction, InteractionKind};
use super::wire;

impl Fake {
    /// Uses a slash command and waits for its answer. `path` is the command with its subcommand, such as
    /// "footnote-mod pause"; `options` is an object of names and values.
    /// The default permissions of the command are not enforced here: a server may have changed them, so the
    /// bot has to check again.
    pub(crate) async fn command(
        &self,
        channel: ChannelId,
        member: UserId,
        path: &str,
        options: Value,
    ) -> Answered {
        let data = self.command_data(path, &options, None).await;
        self.interact(InteractionKind::Command, 20, channel, member, None, data).await
    }

    /// Types into an option: the answer's data has the choices.
    pub(crate) async fn autocomplete(
        &self,
        channel: ChannelId,
        member: UserId,
        path: &str,
        options: Value,
        focused: &str,
    ) -> Answered {
        let data = self.command_data(path, &options, Some(focused)).await;
        self.interact(InteractionKind::Autocomplete, 0, channel, member, None, data).await
    }

    /// Uses a command of the message's context menu.
    pub(crate) async fn message_command(
        &self,
        member: UserId,
        name: &str,
        target: MessageId,
    ) -> Answered {
        let definition = self.definition(name, 3).await;
        let (channel, messages) = self.hub.with(|state| {
            let message = state.world.messages.get(&target).expect("the message exists");
            let shown = wire::message(&state.world, message);
            (message.channel, json!({ target.to_string(): shown }))
        });
        let data = json!({
            "id": definition["id"], "name": name, "type": 3, "target_id": target.to_string(),
            "resolved": { "messages": messages },
        });
        self.interact(InteractionKind::Command, 23, channel, member, None, data).await
    }

    /// Presses the button with this label or `custom_id`, and waits for the callback.
    pub(crate) async fn press(&self, on: MessageId, button: &str, member: UserId) -> Answered {
        self.press_if_there(on, button, member).await.expect("the message exists")
    }

    /// The same on a message that may be taken away at any moment; none where it was.
    pub(crate) async fn press_if_there(
        &self,
        on: MessageId,
        button: &str,
        member: UserId,
    ) -> Option<Answered> {
        let (channel, pressed) = self.hub.with(|state| {
            let message = state.world.messages.get(&on)?;
            let buttons = message.components.iter().filter_map(|row| row["components"].as_array());
            let buttons: Vec<&Value> = buttons.flatten().collect();
            let is_it = |b: &&&Value| b["label"] == button || b["custom_id"] == button;
            let Some(found) = buttons.iter().find(is_it) else {
                panic!("no button {button:?} among {buttons:?}");
            };
            assert_ne!(found["disabled"], true, "the button {button:?} is switched off");
            let data = json!({ "custom_id": found["custom_id"], "component_type": found["type"] });
            Some((message.channel, data))
        })?;
        let kind = InteractionKind::Component;
        Some(self.interact(kind, 0, channel, member, Some(on), pressed).await)
    }

    /// Chooses a channel in the only select of a message, and waits for the callback.
    pub(crate) async fn choose(
        &self,
        on: MessageId,
        chosen: ChannelId,
        member: UserId,
    ) -> Answered {
        let (channel, data) = self.hub.with(|state| {
            let message = state.world.messages.get(&on).expect("the message exists");
            let rows = message.components.iter().filter_map(|row| row["components"].as_array());
            let mut selects = rows.flatten().filter(|one| one["type"] == 8);
            let select = selects.next().expect("a select of channels");
            assert!(selects.next().is_none(), "one select");
            let known = state.world.channels.get(&chosen).expect("the channel exists");
            let kinds = select["channel_types"].as_array().expect("kinds of channels");
            assert!(kinds.contains(&json!(known.kind as u8)), "{:?} among {kinds:?}", known.kind);
            let mut resolved = json!({});
            resolve(state, 7, &json!(chosen.to_string()), &mut resolved);
            let data = json!({
                "custom_id": select["custom_id"], "component_type": 8,
                "values": [chosen.to_string()], "resolved": resolved,
            });
            (message.channel, data)
        });
        self.interact(InteractionKind::Component, 0, channel, member, Some(on), data).await
    }

    /// Sends in a form; `fields` is an object of its fields' ids and texts.
    pub(crate) async fn submit(
        &self,
        channel: ChannelId,
        member: UserId,
        custom_id: &str,
        fields: &Value,
    ) -> Answered {
        let rows = fields.as_object().expect("an object of fields").iter().map(|(id, text)| {
            let input = json!({ "type": 4, "id": 2, "custom_id": id, "value": text });
            json!({ "type": 1, "id": 1, "components": [input] })
        });
        let rows: Vec<Value> = rows.collect();
        let data = json!({ "custom_id": custom_id, "components": rows });
        self.interact(InteractionKind::Modal, 0, channel, member, None, data).await
    }

    /// The barrier for silence: a message that is never answered is said in the channel, and the
    /// bot's own count says when it has decided about that one and about every message of the server
    /// before it. A lane keeps its order, so edits and deletions in the channel before it were thought
    /// about too; what is still to be sent is sent before [`super::bot::Bot::terminate`] returns.
    pub(crate) async fn caught_up(&self, channel: ChannelId, moderator: UserId) {
        self.say_by_webhook(channel, "news", "the marker of a test, which nobody answers");
        let (guild, bot) = self.hub.with(|state| {
            let guild = state.world.guild_of(channel).expect("a channel of a server");
            (guild.to_string(), state.world.bot.to_string())
        });
        for _ in 0..1000 {
            let (told, standing) = self.hub.with(|state| {
                let ids = state.world.messages.keys().map(ToString::to_string);
                (state.gateway.told("MESSAGE_CREATE"), ids.collect::<BTreeSet<_>>())
            });
            // What is deleted before it is read is never decided about.
            let is_heard = |data: &&Value| {
                let stands = data["id"].as_str().is_some_and(|id| standing.contains(id));
                data["guild_id"] == guild && data["author"]["id"] != bot && stands
            };
            let heard: Vec<_> = told.iter().filter(is_heard).collect();
            let hooked = heard.iter().filter(|data| !data["webhook_id"].is_null()).count();
            let path = "footnote-mod status";
            let status = self.command(channel, moderator, path, json!({})).await;
            let read_hooked = counted(status.content(), |reason| reason == "webhook");
            let decided = counted(status.content(), |reason| reason != "own");
            if hooked > 0 && read_hooked >= hooked && decided >= heard.len() {
                return;
            }
        }
        panic!("not every message was decided about");
    }

    /// A barrier: waits until the bot has answered a harmless command used in the channel.
    ///
    /// What that proves: the bot had read everything dispatched before from its socket, for frames come in
    /// order; and where interactions go through the channel's lane, that lane had decided and performed it.
    /// What it does not prove: that nothing follows from a task outside the lane. A test that must exclude
    /// this ends with [`super::bot::Bot::terminate`]: a process that has ended says nothing more.
    pub(crate) async fn settle(&self, channel: ChannelId, member: UserId) {
        let answered =
            self.command(channel, member, "footnote show", json!({ "id": "none" })).await;
        assert!(
            answered.is_ephemeral,
            "answers to commands are for the member alone: {answered:?}"
        );
    }

    async fn interact(
        &self,
        kind: InteractionKind,
        message_kind: u8,
        channel: ChannelId,
        member: UserId,
        source: Option<MessageId>,
        data: Value,
    ) -> Answered {
        let at = self.hub.with(|state| {
            let id = state.world.id();
            let event = event(state, id, kind, channel, member, source, &data);
            state.interactions.push(Interaction {
                id,
                token: token(id),
                kind,
                message_kind,
                channel,
                source,
                sent: Instant::now(),
                callback: None,
                original: None,
            });
            state.dispatch("INTERACTION_CREATE", &event);
            state.interactions.len() - 1
        });
        let what = format!("the answer to {data}");
        self.hub.until(&what, |state| state.interactions.get(at)?.answered(state)).await
    }

    /// Waits for the bot to have registered the command.
    async fn definition(&self, name: &str, kind: u64) -> Value {
        let found = |state: &mut State| {
            let mut all = state.commands.values().flatten();
            all.find(|command| command["name"] == name && command["type"] == kind).cloned()
        };
        self.hub.until(&format!("the command {name} to be registered"), found).await
    }

    async fn command_data(&self, path: &str, options: &Value, focused: Option<&str>) -> Value {
        let mut words = path.split(' ');
        let definition = self.definition(words.next().unwrap_or_default(), 1).await;
        let mut level = vec![&definition];
        for word in words {
            let list = level.last().and_then(|above| above["options"].as_array());
            let below = list.into_iter().flatten().find(|option| option["name"] == word);
            level.push(below.unwrap_or_else(|| panic!("{path:?}: no subcommand {word:?}")));
        }
        let innermost = level.last().copied().unwrap_or(&definition);
        let mut resolved = json!({});
        let given = self.hub.with(|state| given(state, innermost, options, focused, &mut resolved));
        let inner = level.iter().skip(1).rev().fold(given, |inside, option| {
            json!([{ "type": option["type"], "name": option["name"], "options": inside }])
        });
        json!({
            "id": definition["id"], "name": definition["name"], "type": 1, "options": inner,
            "resolved": resolved,
        })
    }
}

/// The options as Discord sends them: with their types, and with what ids stand for.
fn given(
    state: &State,
    definition: &Value,
    options: &Value,
    focused: Option<&str>,
    resolved: &mut Value,
) -> Value {
    let known: Vec<&Value> = definition["options"].as_array().into_iter().flatten().collect();
    let values = options.as_object().expect("options are an object of names and values");
    for option in known.iter().filter(|option| option["required"] == true && focused.is_none()) {
        let name = option["name"].as_str().unwrap_or_default();
        assert!(values.contains_key(name), "the option {name:?} is required");
    }
    let each = values.iter().map(|(name, value)| {
        let Some(option) = known.iter().find(|option| option["name"] == **name) else {
            panic!("no option {name:?} among {known:?}");
        };
        resolve(state, option["type"].as_u64().unwrap_or_default(), value, resolved);
        let mut given = json!({ "type": option["type"], "name": name, "value": value });
        if focused == Some(name) {
            assert_eq!(option["autocomplete"], true, "the option {name:?} completes nothing");
            given["focused"] = json!(true);
        }
        given
    });
    each.collect()
}

/// Adds what an id in an option stands for: a user (6), a channel (7) or a role (8).
fn resolve(state: &State, kind: u64, value: &Value, resolved: &mut Value) {
    let Some(id) = value.as_str() else { return };
    let Ok(number) = id.parse::<u64>() else { return };
    let world = &state.world;
    match kind {
        6 => resolved["users"][id] = wire::user(world, UserId(number)),
        7 => {
            let known = world.channels.get(&ChannelId(number)).expect("the channel exists");
            resolved["channels"][id] = wire::channel(world, known);
            resolved["channels"][id]["permissions"] = json!("0");
        }
        8 => {
            let mut roles = world.guilds.values().flat_map(|guild| &guild.roles);
            let role = roles.find(|role| role.id.0 == number).expect("the role exists");
            resolved["roles"][id] = wire::role(role);
        }
        _ => {}
    }
}

fn event(
    state: &State,
    id: u64,
    kind: InteractionKind,
    channel: ChannelId,
    member: UserId,
    source: Option<MessageId>,
    data: &Value,
) -> Value {
    let world = &state.world;
    let place = world.channels.get(&channel).expect("the channel exists");
    let mut event = json!({
        "id": id.to_string(), "application_id": world.bot.to_string(), "type": kind as u8,
        "data": data, "channel_id": channel.to_string(), "channel": wire::channel(world, place),
        "token": token(id), "version": 1, "locale": "en-US", "entitlements": [],
        "attachment_size_limit": 10_485_760, "authorizing_integration_owners": {},
        "app_permissions": world.permissions(world.bot, channel).to_string(),
        "context": u8::from(place.guild.is_none()),
    });
    let permissions = world.permissions(member, channel).to_string();
    event["channel"]["permissions"] = json!(permissions);
    if let Some(guild) = place.guild {
        event["guild_id"] = json!(guild.to_string());
        event["guild_locale"] = json!("en-US");
        let installed = world.guilds[&guild].members.contains_key(&world.bot);
        event["authorizing_integration_owners"] = if installed {
            json!({ "0": guild.to_string() })
        } else {
            json!({ "1": member.to_string() })
        };
        event["member"] = wire::member(world, guild, member).expect("a member of the server");
        event["member"]["permissions"] = json!(permissions);
    } else {
        event["user"] = wire::user(world, member);
    }
    if let Some(message) = source.and_then(|id| world.messages.get(&id)) {
        event["message"] = wire::message(world, message);
    }
    event
}

fn token(interaction: u64) -> String {
    format!("interaction-token-{interaction}")
}

/// How many messages were decided about for these reasons, as the command of moderators says.
pub(crate) fn counted(status: &str, these: impl Fn(&str) -> bool) -> usize {
    let line = status.lines().find(|line| line.starts_with("**Since the start"));
    let counts = line.and_then(|line| line.split_once("**: ")).map_or("", |(_, counts)| counts);
    let counts = counts.split(" · ").filter_map(|count| count.split_once(' '));
    let of_these = counts.filter(|(reason, _)| these(reason));
    of_these.filter_map(|(_, count)| count.parse::<usize>().ok()).sum()
}
