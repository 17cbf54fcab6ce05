//! The gateway: sessions that number and keep what they dispatch, and the socket a bot talks to.
//! Knows nothing of REST.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message as Frame, WebSocket};
use footnote::policy::place::{ChannelId, MessageId};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::hub::{Hub, State};
use super::{wire, world};

/// Bits of the intents, and which events need which. Source: Discord's documentation, "Gateway Intents".
pub(crate) mod intent {
    pub(crate) const GUILDS: u64 = 1;
    pub(crate) const GUILD_MEMBERS: u64 = 1 << 1;
    pub(crate) const GUILD_PRESENCES: u64 = 1 << 8;
    pub(crate) const GUILD_MESSAGES: u64 = 1 << 9;
    pub(crate) const DIRECT_MESSAGES: u64 = 1 << 12;
    pub(crate) const MESSAGE_CONTENT: u64 = 1 << 15;
    pub(crate) const PRIVILEGED: u64 = GUILD_MEMBERS | GUILD_PRESENCES | MESSAGE_CONTENT;
    /// All that exist; anything else in an Identify is close code 4013.
    pub(crate) const ALL: u64 = ((1 << 17) - 1) | (1 << 20) | (1 << 21) | (1 << 24) | (1 << 25);
}

/// What goes down the socket.
#[derive(Debug)]
enum Down {
    Text(String),
    Close(u16, &'static str),
    /// The line goes dead without a word.
    Drop,
}

#[derive(Debug)]
struct Session {
    id: String,
    intents: u64,
    /// Everything dispatched, numbered from 1, for replay.
    dispatched: Vec<Value>,
    /// The socket it is on, if any: a number to tell sockets apart, and the way down.
    link: Option<(u64, mpsc::UnboundedSender<Down>)>,
}

#[derive(Debug)]
pub(crate) struct Gateway {
    sessions: Vec<Session>,
    sockets: u64,
    /// Where bots reach this gateway.
    pub(crate) url: String,
    pub(crate) heartbeat_interval: Duration,
    /// False makes a zombie of the connection.
    pub(crate) acknowledge_heartbeats: bool,
    /// Privileged intents that the developer portal has switched on.
    pub(crate) allowed: u64,
    pub(crate) identifies: usize,
    pub(crate) resumes: usize,
    pub(crate) heartbeats: usize,
    /// True refuses new connections.
    pub(crate) is_down: bool,
    /// Identifies left today, as /gateway/bot says.
    pub(crate) starts_left: u64,
    /// The close code that each Identify is answered with.
    pub(crate) refuses: Option<u16>,
}

impl Default for Gateway {
    fn default() -> Self {
        Self {
            sessions: Vec::new(),
            sockets: 0,
            url: String::new(),
            heartbeat_interval: Duration::from_millis(41_250),
            acknowledge_heartbeats: true,
            allowed: intent::MESSAGE_CONTENT,
            identifies: 0,
            resumes: 0,
            heartbeats: 0,
            is_down: false,
            starts_left: 1000,
            refuses: None,
        }
    }
}

impl Gateway {
    /// Whether a bot is there and has a session.
    pub(crate) fn is_connected(&self) -> bool {
        self.sessions.iter().any(|session| session.link.is_some())
    }

    /// The data of all events of this name that the connected session was told.
    pub(crate) fn told(&self, event: &str) -> Vec<Value> {
        let connected = self.sessions.iter().filter(|session| session.link.is_some());
        let frames = connected.flat_map(|session| &session.dispatched);
        frames.filter(|frame| frame["t"] == event).map(|frame| frame["d"].clone()).collect()
    }

    /// The intents of the session that is connected.
    pub(crate) fn intents(&self) -> Option<u64> {
        self.sessions.iter().find(|session| session.link.is_some()).map(|session| session.intents)
    }

    /// Asks every connected bot to reconnect (op 7).
    pub(crate) fn ask_to_reconnect(&self) {
        self.raw(&json!({ "op": 7, "d": null, "s": null, "t": null }).to_string());
    }

    /// Says Invalid Session (op 9); without `resumable` the session is forgotten.
    pub(crate) fn invalidate(&mut self, resumable: bool) {
        self.raw(&json!({ "op": 9, "d": resumable, "s": null, "t": null }).to_string());
        if !resumable {
            self.sessions.clear();
        }
    }

    pub(crate) fn close(&self, code: u16, reason: &'static str) {
        self.down(|| Down::Close(code, reason));
    }

    pub(crate) fn drop_connection(&mut self) {
        self.down(|| Down::Drop);
        // Detached here and not when the socket notices: what is said next must be missed and replayed.
        for session in &mut self.sessions {
            session.link = None;
        }
    }

    /// Sends a frame as it is, outside any numbering.
    pub(crate) fn raw(&self, text: &str) {
        self.down(|| Down::Text(text.to_owned()));
    }

    fn down(&self, make: impl Fn() -> Down) {
        for (_, link) in self.sessions.iter().filter_map(|session| session.link.as_ref()) {
            let _gone_already = link.send(make());
        }
    }

    /// Numbers the event in every session that has the intent, and sends it where somebody listens.
    fn dispatch(&mut self, event: &str, needs: u64, data: impl Fn(u64) -> Value) {
        for session in &mut self.sessions {
            if session.intents & needs == needs {
                session.dispatch(event, &data(session.intents));
            }
        }
    }
}

impl Session {
    fn dispatch(&mut self, event: &str, data: &Value) {
        let number = self.dispatched.len() + 1;
        let frame = json!({ "op": 0, "t": event, "s": number, "d": data });
        if let Some((_, link)) = &self.link {
            let _gone_already = link.send(Down::Text(frame.to_string()));
        }
        self.dispatched.push(frame);
    }
}

impl State {
    /// Tells the bot of something in a server.
    pub(crate) fn dispatch_guild(&mut self, event: &str, data: &Value) {
        self.note(format!("-> {event} {}", brief(data)));
        self.gateway.dispatch(event, intent::GUILDS, |_| data.clone());
    }

    /// Tells the bot of something that needs no intent.
    pub(crate) fn dispatch(&mut self, event: &str, data: &Value) {
        self.note(format!("-> {event} {}", brief(data)));
        self.gateway.dispatch(event, 0, |_| data.clone());
    }

    /// Tells the bot of a message, as far as it may see the channel and read the content.
    pub(crate) fn dispatch_message(&mut self, event: &str, id: MessageId) {
        let Some(message) = self.world.messages.get(&id).cloned() else { return };
        if message.is_ephemeral() {
            return;
        }
        let Some(needs) = self.message_intent(message.channel) else { return };
        let own = message.author == self.world.bot || message.mentions.contains(&self.world.bot);
        let (world, gateway) = (&self.world, &mut self.gateway);
        gateway.dispatch(event, needs, |intents| {
            let readable =
                own || needs == intent::DIRECT_MESSAGES || intents & intent::MESSAGE_CONTENT != 0;
            wire::message_event(world, &message, readable)
        });
        self.note(format!("-> {event} {id} {:?}", message.content));
    }

    /// Tells the bot that messages are gone; `data` is the event's own.
    pub(crate) fn dispatch_deleted(&mut self, event: &str, channel: ChannelId, data: &Value) {
        let Some(needs) = self.message_intent(channel) else { return };
        self.note(format!("-> {event} {}", brief(data)));
        self.gateway.dispatch(event, needs, |_| data.clone());
    }

    /// The intent that messages of the channel need; none where the bot cannot see it.
    fn message_intent(&self, channel: ChannelId) -> Option<u64> {
        if self.world.guild_of(channel).is_none() {
            return Some(intent::DIRECT_MESSAGES);
        }
        let may = self.world.permissions(self.world.bot, channel);
        (may & world::permission::VIEW_CHANNEL != 0).then_some(intent::GUILD_MESSAGES)
    }

    fn identify(&mut self, socket: u64, link: &mpsc::UnboundedSender<Down>, data: &Value) -> Said {
        let intents = data["intents"].as_u64().unwrap_or(u64::MAX);
        self.note(format!("<- Identify, intents {intents}"));
        if let Some(code) = self.gateway.refuses {
            return Said::Close(code, "Refused.");
        }
        if !self.is_token(&data["token"]) {
            return Said::Close(4004, "Authentication failed.");
        }
        if intents & !intent::ALL != 0 {
            return Said::Close(4013, "Invalid intent(s).");
        }
        if intents & intent::PRIVILEGED & !self.gateway.allowed != 0 {
            return Said::Close(4014, "Disallowed intent(s).");
        }
        self.gateway.identifies += 1;
        self.gateway.starts_left = self.gateway.starts_left.saturating_sub(1);
        // One shard, so one session: the one of a killed process is over.
        self.gateway.sessions.retain(|session| session.link.is_some());
        let id = format!("session-{}", self.world.id());
        let link = Some((socket, link.clone()));
        let session = Session { id: id.clone(), intents, dispatched: Vec::new(), link };
        self.gateway.sessions.push(session);
        let ours = |guild: &&world::Guild| guild.members.contains_key(&self.world.bot);
        let ids: Vec<_> = self.world.guilds.values().filter(ours).map(|guild| guild.id).collect();
        let unavailable: Vec<_> =
            ids.iter().map(|id| json!({ "id": id.to_string(), "unavailable": true })).collect();
        let ready = json!({
            "v": 10, "user": wire::myself(&self.world), "guilds": unavailable, "session_id": id,
            "resume_gateway_url": self.gateway.url, "shard": [0, 1],
            "application": { "id": self.world.bot.to_string(), "flags": 0 },
        });
        self.tell_newest("READY", &ready);
        if intents & intent::GUILDS != 0 {
            for id in ids {
                let guild = wire::guild_create(&self.world, id);
                self.tell_newest("GUILD_CREATE", &guild);
            }
        }
        Said::Nothing
    }

    fn tell_newest(&mut self, event: &str, data: &Value) {
        self.note(format!("-> {event} {}", brief(data)));
        if let Some(session) = self.gateway.sessions.last_mut() {
            session.dispatch(event, data);
        }
    }

    fn resume(&mut self, socket: u64, link: &mpsc::UnboundedSender<Down>, data: &Value) -> Said {
        let seq = usize::try_from(data["seq"].as_u64().unwrap_or(0)).unwrap_or(0);
        self.note(format!("<- Resume {} after {seq}", data["session_id"]));
        if !self.is_token(&data["token"]) {
            return Said::Close(4004, "Authentication failed.");
        }
        let known = |session: &&mut Session| data["session_id"] == *session.id;
        let Some(session) = self.gateway.sessions.iter_mut().find(known) else {
            return Said::Text(json!({ "op": 9, "d": false, "s": null, "t": null }));
        };
        if seq > session.dispatched.len() {
            return Said::Close(4007, "Invalid seq.");
        }
        for missed in session.dispatched.iter().skip(seq) {
            let _gone_already = link.send(Down::Text(missed.to_string()));
        }
        session.link = Some((socket, link.clone()));
        session.dispatch("RESUMED", &json!({ "_trace": [] }));
        self.gateway.resumes += 1;
        Said::Nothing
    }

    fn is_token(&self, given: &Value) -> bool {
        given.as_str().is_some_and(|given| given.trim_start_matches("Bot ") == self.token)
    }

    /// Answers one frame from the bot.
    fn hear(&mut self, socket: u64, link: &mpsc::UnboundedSender<Down>, text: &str) -> Said {
        let Ok(frame) = serde_json::from_str::<Value>(text) else {
            return Said::Close(4002, "Error while decoding payload.");
        };
        let has_session = self
            .gateway
            .sessions
            .iter()
            .any(|session| session.link.as_ref().is_some_and(|(on, _)| *on == socket));
        match (frame["op"].as_u64(), has_session) {
            (Some(1), _) => {
                self.gateway.heartbeats += 1;
                if self.gateway.acknowledge_heartbeats {
                    Said::Text(json!({ "op": 11, "d": null, "s": null, "t": null }))
                } else {
                    Said::Nothing
                }
            }
            (Some(2 | 6), true) => Said::Close(4005, "Already authenticated."),
            (Some(2), false) => self.identify(socket, link, &frame["d"]),
            (Some(6), false) => self.resume(socket, link, &frame["d"]),
            // Presence, voice state, request members: heard and left.
            (Some(3 | 4 | 8 | 31), true) => Said::Nothing,
            (Some(3 | 4 | 8 | 31), false) => Said::Close(4003, "Not authenticated."),
            _ => Said::Close(4001, "Unknown opcode."),
        }
    }
}

/// The answer to a frame.
enum Said {
    Nothing,
    Text(Value),
    Close(u16, &'static str),
}

/// Talks to one bot until either side goes.
pub(crate) async fn serve(hub: Arc<Hub>, mut socket: WebSocket) {
    let (link, mut down) = mpsc::unbounded_channel();
    let (number, interval) = hub.with(|state| {
        state.gateway.sockets += 1;
        (state.gateway.sockets, state.gateway.heartbeat_interval)
    });
    let hello = json!({
        "op": 10, "s": null, "t": null,
        "d": { "heartbeat_interval": u64::try_from(interval.as_millis()).unwrap_or(u64::MAX) },
    });
    let _gone_already = link.send(Down::Text(hello.to_string()));
    loop {
        let open = tokio::select! {
            biased;
            Some(down) = down.recv() => match down {
                Down::Text(text) => socket.send(Frame::Text(text.into())).await.is_ok(),
                Down::Close(code, reason) => {
                    let frame = CloseFrame { code, reason: reason.into() };
                    socket.send(Frame::Close(Some(frame))).await.is_ok()
                }
                Down::Drop => false,
            },
            heard = socket.recv() => match heard {
                Some(Ok(Frame::Text(text))) => {
                    match hub.with(|state| state.hear(number, &link, &text)) {
                        Said::Nothing => {}
                        Said::Text(frame) => { let _ = link.send(Down::Text(frame.to_string())); }
                        Said::Close(code, reason) => { let _ = link.send(Down::Close(code, reason)); }
                    }
                    true
                }
                // Reading on after a Close lets its answer out; the next read then ends the loop.
                Some(Ok(_)) => true,
                Some(Err(_)) | None => false,
            },
        };
        if !open {
            break;
        }
    }
    hub.with(|state| {
        for session in &mut state.gateway.sessions {
            if session.link.as_ref().is_some_and(|(on, _)| *on == number) {
                session.link = None;
            }
        }
        state.note(format!("-- socket {number} closed"));
    });
}

fn brief(data: &Value) -> String {
    let text = data.to_string();
    text.chars().take(200).collect()
}
