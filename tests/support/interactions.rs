//! The bot's side of interactions: callbacks, the answer put off, follow-ups.
//! What members do to start one stands in `acts`.

use std::time::{Duration, Instant};

use footnote::policy::place::{ChannelId, MessageId};
use serde_json::{Value, json};

use super::hub::{Request, State};
use super::rest::Answer;
use super::routes::{change, fill, id, rendered};
use super::world::{EPHEMERAL, LOADING};

/// Discord waits this long for the callback.
const PATIENCE: Duration = Duration::from_secs(3);

/// Kinds of interactions, by Discord's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InteractionKind {
    Command = 2,
    Component = 3,
    Autocomplete = 4,
    Modal = 5,
}

#[derive(Debug)]
pub(crate) struct Interaction {
    pub(crate) id: u64,
    pub(crate) token: String,
    pub(crate) kind: InteractionKind,
    /// Discord's type of the message an answer becomes: 20 by a command, 23 by a context menu.
    pub(crate) message_kind: u8,
    pub(crate) channel: ChannelId,
    /// The message whose button was pressed.
    pub(crate) source: Option<MessageId>,
    pub(crate) sent: Instant,
    pub(crate) callback: Option<Value>,
    /// What `@original` names: the answer, or the message whose button was pressed.
    pub(crate) original: Option<MessageId>,
}

/// What the bot answered to an interaction, once it is complete.
#[derive(Debug, Clone)]
pub(crate) struct Answered {
    /// The callback's type: 4 message, 5 put off (and given since), 6 and 7 update, 8 choices, 9 form.
    pub(crate) kind: u64,
    /// Whether only the member sees it.
    pub(crate) is_ephemeral: bool,
    /// The callback's `data`; of an answer put off, the message it became.
    pub(crate) data: Value,
    /// The message that holds the answer.
    pub(crate) message: Option<MessageId>,
}

impl Answered {
    pub(crate) fn content(&self) -> &str {
        self.data["content"].as_str().unwrap_or_default()
    }
}

impl Interaction {
    /// The complete answer; none while it is missing or put off.
    pub(crate) fn answered(&self, state: &State) -> Option<Answered> {
        let callback = self.callback.as_ref()?;
        let kind = callback["type"].as_u64()?;
        let message = self.original.and_then(|id| state.world.messages.get(&id));
        if message.is_some_and(|message| message.flags & LOADING != 0) {
            return None;
        }
        Some(Answered {
            kind,
            is_ephemeral: message.is_some_and(super::world::Message::is_ephemeral),
            data: match message {
                Some(message) if kind == 5 => rendered(state, message.id),
                _ => callback["data"].clone(),
            },
            message: self.original,
        })
    }
}

pub(crate) fn answer(
    state: &mut State,
    request: &Request,
    method: &str,
    segments: &[&str],
) -> Result<Answer, Answer> {
    match (method, segments) {
        ("POST", ["interactions", interaction, token, "callback"]) => {
            callback(state, request, id(interaction)?, token)
        }
        ("POST", ["webhooks", _, token]) => {
            let at = acknowledged(state, token)?;
            Ok(follow_up(state, at, &request.body))
        }
        (_, ["webhooks", _, token, "messages", message]) => {
            let at = acknowledged(state, token)?;
            let original = state.interactions[at].original;
            let message =
                if *message == "@original" { original } else { Some(MessageId(id(message)?)) };
            let message = message.filter(|id| state.world.messages.contains_key(id));
            let message = message.ok_or_else(|| Answer::not_found(10008, "Message"))?;
            match method {
                "GET" => Ok(Answer::ok(rendered(state, message))),
                "PATCH" => {
                    complete(state, message, &request.body);
                    Ok(Answer::ok(rendered(state, message)))
                }
                "DELETE" => {
                    state.remove(message);
                    Ok(Answer::nothing())
                }
                _ => Err(Answer::error(405, 0, "405: Method Not Allowed")),
            }
        }
        _ => Err(Answer::error(404, 0, "404: Not Found")),
    }
}

fn callback(
    state: &mut State,
    request: &Request,
    interaction: u64,
    token: &str,
) -> Result<Answer, Answer> {
    let known = |i: &Interaction| i.id == interaction && i.token == token;
    let Some(at) = state.interactions.iter().position(known) else {
        return Err(Answer::not_found(10062, "interaction"));
    };
    let waited = state.interactions[at].sent.elapsed();
    if waited > PATIENCE {
        state.violation(format!("an interaction was answered only after {waited:?}"));
        return Err(Answer::not_found(10062, "interaction"));
    }
    if state.interactions[at].callback.is_some() {
        let text = "Interaction has already been acknowledged.";
        return Err(Answer::error(400, 40060, text));
    }
    let kind = request.body["type"].as_u64().unwrap_or_default();
    let of = state.interactions[at].kind;
    if !fits(of, kind) {
        state.violation(format!("callback type {kind} does not fit an interaction of {of:?}"));
        return Err(Answer::error(400, 50035, "Invalid Form Body"));
    }
    let data = &request.body["data"];
    let source = state.interactions[at].source;
    state.interactions[at].original = match (kind, source) {
        (4, _) => Some(reply(state, at, data, 0)),
        (5, _) => Some(reply(state, at, data, LOADING)),
        (6, source) => source,
        (7, Some(source)) => {
            change(state, source, data);
            Some(source)
        }
        _ => None,
    };
    state.interactions[at].callback = Some(request.body.clone());
    if !request.query.contains("with_response=true") {
        return Ok(Answer::nothing());
    }
    let made = state.interactions[at].original;
    let mut body = json!({ "interaction": { "id": interaction.to_string(), "type": of as u8 } });
    if let (Some(made), 4 | 7) = (made, kind) {
        body["resource"] = json!({ "type": kind, "message": rendered(state, made) });
    }
    Ok(Answer::ok(body))
}

/// Which callbacks Discord takes for which interaction.
fn fits(of: InteractionKind, callback: u64) -> bool {
    match of {
        InteractionKind::Command => matches!(callback, 4 | 5 | 9),
        InteractionKind::Component => matches!(callback, 4..=7 | 9),
        InteractionKind::Autocomplete => callback == 8,
        InteractionKind::Modal => matches!(callback, 4..=7),
    }
}

/// Posts what an interaction is answered with; `flags` beside those asked for.
fn reply(state: &mut State, at: usize, data: &Value, flags: u64) -> MessageId {
    let (channel, kind) = (state.interactions[at].channel, state.interactions[at].message_kind);
    let mut message = state.world.draft(channel, state.world.bot);
    message.kind = kind;
    fill(state, &mut message, data);
    message.flags |= flags;
    state.add(message)
}

/// Gives an answer that was put off, or changes one that was given.
fn complete(state: &mut State, message: MessageId, body: &Value) {
    if let Some(known) = state.world.messages.get_mut(&message) {
        known.flags &= !LOADING;
    }
    change(state, message, body);
}

fn follow_up(state: &mut State, at: usize, body: &Value) -> Answer {
    let original = state.interactions[at].original;
    let waiting =
        original.filter(|id| state.world.messages.get(id).is_some_and(|m| m.flags & LOADING != 0));
    // The first follow-up after a deferral is the answer itself, and keeps its visibility.
    let made = if let Some(original) = waiting {
        complete(state, original, body);
        original
    } else {
        reply(state, at, body, body["flags"].as_u64().unwrap_or(0) & EPHEMERAL)
    };
    Answer::ok(rendered(state, made))
}

/// The interaction behind a token, which must have had its callback.
fn acknowledged(state: &State, token: &str) -> Result<usize, Answer> {
    let known = |i: &Interaction| i.token == token && i.callback.is_some();
    let at = state.interactions.iter().position(known);
    at.ok_or_else(|| Answer::not_found(10015, "Webhook"))
}
