//! What a test holds in its hand: a Discord of its own on a loopback port.

use std::net::SocketAddr;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use axum::Router;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{RawQuery, State as Shared};
use axum::response::Response;
use axum::routing::get;
use footnote::policy::place::{ChannelId, MessageId, UserId};
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

use super::faults::{Applied, Fault, Gate};
use super::hub::{Hub, Request, State};
use super::line::{Line, Lines};
use super::world::Message;
use super::{gateway, rest};

/// A token in Discord's form that is nobody's.
pub(crate) const TOKEN: &str =
    "MTIzNDU2Nzg5MDEyMzQ1Njc4.Gfake0.only-for-tests-on-loopback-0000000000";
/// Where a bot posts.
pub(crate) const POST_MESSAGE: &str = "POST /channels/{channel_id}/messages";

/// All fakes run here, apart from the tests: a test that blocks its own runtime must not stop the fake,
/// whose silence would then look like a fault of the bot's (platform.md, pitfall 7).
pub(crate) static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .thread_name("fake-discord")
        .build()
        .expect("a runtime starts")
});

/// A Discord of one test. Dropped, it fails the test if the bot sent what Discord would refuse.
#[derive(Debug)]
pub(crate) struct Fake {
    pub(crate) hub: Arc<Hub>,
    pub(super) address: SocketAddr,
    server: JoinHandle<()>,
}

/// Starting, and ending with a verdict.
impl Fake {
    pub(crate) fn start() -> Self {
        let hub = Arc::new(Hub::new(TOKEN));
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback has free ports");
        listener.set_nonblocking(true).expect("sockets can be non-blocking");
        let address = listener.local_addr().expect("a bound socket has an address");
        hub.with(|state| state.gateway.url = format!("ws://{address}"));
        let router = Router::new()
            .route("/", get(upgrade))
            .fallback(rest::serve)
            .with_state(Arc::clone(&hub))
            .into_make_service_with_connect_info::<Line>();
        let server = RUNTIME.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener).expect("it listens");
            axum::serve(Lines(listener), router).await.expect("it serves until it is aborted");
        });
        Self { hub, address, server }
    }

    /// The base address for `FOOTNOTE_DISCORD__API_URL`.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The verdict. Dropping the fake does the same; this says it aloud.
    pub(crate) fn finish(self) {
        drop(self);
    }

    /// Takes out what was found against the bot: for the tests of the fake itself.
    pub(crate) fn take_violations(&self) -> Vec<String> {
        self.hub.with(|state| std::mem::take(&mut state.violations))
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.server.abort();
        if std::thread::panicking() {
            return;
        }
        let (wrong, unused, seen) = self.hub.with(|state| {
            let unused = state.faults.unused().join(", ");
            (state.violations.join("\n"), unused, state.timeline())
        });
        assert!(wrong.is_empty(), "Discord would not have taken this:\n{wrong}\n{seen}");
        assert!(unused.is_empty(), "no request met what was armed for {unused}\n{seen}");
    }
}

async fn upgrade(
    Shared(hub): Shared<Arc<Hub>>,
    RawQuery(query): RawQuery,
    socket: WebSocketUpgrade,
) -> Response {
    if !query.unwrap_or_default().contains("v=10") {
        hub.with(|state| state.violation("the gateway was opened without v=10"));
    }
    if hub.with(|state| state.gateway.is_down) {
        let refused = Response::builder().status(503).body(axum::body::Body::empty());
        return refused.expect("a status is valid");
    }
    socket.on_upgrade(|socket| gateway::serve(hub, socket))
}

/// What people say, and what the bot says.
impl Fake {
    pub(crate) fn say(&self, channel: ChannelId, author: UserId, text: &str) -> MessageId {
        self.post(channel, author, |message| text.clone_into(&mut message.content))
    }

    /// A reply, which mentions the author answered as Discord's clients do unless told otherwise.
    pub(crate) fn reply(&self, to: MessageId, author: UserId, text: &str) -> MessageId {
        let answered = self.message(to).expect("the message exists");
        self.post(answered.channel, author, |message| {
            text.clone_into(&mut message.content);
            message.kind = 19;
            message.reference = Some(to);
            message.mentions.push(answered.author);
        })
    }

    /// A message of a webhook that is called `name`.
    pub(crate) fn say_by_webhook(&self, channel: ChannelId, name: &str, text: &str) -> MessageId {
        let author = self.hub.with(|state| state.world.add_user(name, true));
        self.post(channel, author, |message| {
            text.clone_into(&mut message.content);
            message.webhook = true;
        })
    }

    /// Any message at all: `write` fills in an empty one.
    pub(crate) fn post(
        &self,
        channel: ChannelId,
        author: UserId,
        write: impl FnOnce(&mut Message),
    ) -> MessageId {
        self.hub.with(|state| {
            let mut message = state.world.draft(channel, author);
            write(&mut message);
            message.mentions.extend(state.world.mentioned(&message.content));
            message.mentions.dedup();
            state.add(message)
        })
    }

    pub(crate) fn edit(&self, id: MessageId, text: &str) {
        self.hub.with(|state| {
            let (mentions, edited) = (state.world.mentioned(text), state.world.edit_time(id));
            let message = state.world.messages.get_mut(&id).expect("the message exists");
            text.clone_into(&mut message.content);
            message.mentions = mentions;
            message.edited = Some(edited);
            state.dispatch_message("MESSAGE_UPDATE", id);
        });
    }

    /// A message is changed, and nobody is told: as while a connection is down.
    pub(crate) fn edit_silently(&self, id: MessageId, text: &str) {
        self.hub.with(|state| {
            let edited = state.world.edit_time(id);
            let message = state.world.messages.get_mut(&id).expect("the message exists");
            text.clone_into(&mut message.content);
            message.edited = Some(edited);
        });
    }

    /// Discord adds a preview to a message: the same event as an edit, with the time of the last one.
    pub(crate) fn preview(&self, id: MessageId) {
        self.hub.with(|state| {
            let message = state.world.messages.get_mut(&id).expect("the message exists");
            message.embeds.push(serde_json::json!({ "type": "article", "title": "A preview" }));
            state.dispatch_message("MESSAGE_UPDATE", id);
        });
    }

    /// Dispatches a message once more, as a gateway may after a Resume.
    pub(crate) fn repeat(&self, id: MessageId) {
        self.hub.with(|state| state.dispatch_message("MESSAGE_CREATE", id));
    }

    pub(crate) fn delete(&self, id: MessageId) {
        self.hub.with(|state| state.remove(id));
    }

    /// Deletes several of one channel at once.
    pub(crate) fn delete_bulk(&self, ids: &[MessageId]) {
        let first = ids.first().and_then(|&id| self.message(id)).expect("the messages exist");
        self.hub.with(|state| state.remove_all(first.channel, ids));
    }

    pub(crate) fn message(&self, id: MessageId) -> Option<Message> {
        self.hub.with(|state| state.world.messages.get(&id).cloned())
    }

    /// The oldest message of the bot's that this did not return yet.
    pub(crate) async fn next_message_from_bot(&self, channel: ChannelId) -> Message {
        let found = |state: &mut State| {
            let bot = state.world.bot;
            let mut unread = state
                .world
                .visible(channel)
                .filter(|message| message.author == bot && !state.read.contains(&message.id));
            let next = unread.next().cloned()?;
            state.read.push(next.id);
            Some(next)
        };
        self.hub.until("a message from the bot", found).await
    }

    /// All of the bot's messages that stand in the channel now.
    pub(crate) fn messages_of_bot(&self, channel: ChannelId) -> Vec<Message> {
        self.hub.with(|state| {
            let bot = state.world.bot;
            state.world.visible(channel).filter(|message| message.author == bot).cloned().collect()
        })
    }

    /// All of the bot's messages that stand anywhere now, but for those that only one member sees.
    pub(crate) fn all_messages_of_bot(&self) -> Vec<Message> {
        self.hub.with(|state| {
            let bot = state.world.bot;
            let all = state.world.messages.values();
            all.filter(|message| message.author == bot && !message.is_ephemeral())
                .cloned()
                .collect()
        })
    }

    /// Waits until the message is deleted.
    pub(crate) async fn gone(&self, id: MessageId) {
        let found = |state: &mut State| (!state.world.messages.contains_key(&id)).then_some(());
        self.hub.until("the message to be deleted", found).await;
    }
}

/// The gateway's moods.
impl Fake {
    /// Waits until a bot has a session, and is on it.
    pub(crate) async fn connected(&self) {
        let found = |state: &mut State| state.gateway.is_connected().then_some(());
        self.hub.until("the bot to connect", found).await;
    }

    /// Waits until this many sessions were begun in all.
    pub(crate) async fn identified(&self, times: usize) {
        let found = |state: &mut State| (state.gateway.identifies >= times).then_some(());
        self.hub.until("an Identify", found).await;
    }

    /// Waits until this many sessions were taken up again in all.
    pub(crate) async fn resumed(&self, times: usize) {
        let found = |state: &mut State| (state.gateway.resumes >= times).then_some(());
        self.hub.until("a Resume", found).await;
    }

    /// Waits until this many heartbeats came in all.
    pub(crate) async fn heartbeats(&self, times: usize) {
        let found = |state: &mut State| (state.gateway.heartbeats >= times).then_some(());
        self.hub.until("heartbeats", found).await;
    }

    /// The line goes dead; events are kept for the Resume.
    pub(crate) fn drop_connection(&self) {
        self.hub.with(|state| state.gateway.drop_connection());
    }

    /// Asks the bot to reconnect (op 7).
    pub(crate) fn reconnect(&self) {
        self.hub.with(|state| state.gateway.ask_to_reconnect());
    }

    pub(crate) fn invalid_session(&self, resumable: bool) {
        self.hub.with(|state| state.gateway.invalidate(resumable));
    }

    pub(crate) fn close(&self, code: u16, reason: &'static str) {
        self.hub.with(|state| state.gateway.close(code, reason));
    }

    /// Sends a frame as it is: broken JSON, an unknown opcode.
    pub(crate) fn raw_frame(&self, text: &str) {
        self.hub.with(|state| state.gateway.raw(text));
    }

    /// Sends a numbered event of any name.
    pub(crate) fn event(&self, name: &str, data: &serde_json::Value) {
        self.hub.with(|state| state.dispatch(name, data));
    }

    /// What the next Hello asks for.
    pub(crate) fn set_heartbeat(&self, interval: Duration) {
        self.hub.with(|state| state.gateway.heartbeat_interval = interval);
    }

    /// Whether heartbeats are acknowledged; without, the connection is a zombie.
    pub(crate) fn acknowledge_heartbeats(&self, acknowledge: bool) {
        self.hub.with(|state| state.gateway.acknowledge_heartbeats = acknowledge);
    }

    /// Makes another token the right one, and so the bot's a wrong one.
    pub(crate) fn set_token(&self, token: &str) {
        self.hub.with(|state| token.clone_into(&mut state.token));
    }

    /// Which privileged intents the developer portal has switched on.
    pub(crate) fn allow_privileged(&self, intents: u64) {
        self.hub.with(|state| state.gateway.allowed = intents);
    }
}

/// Faults of REST, and the record of requests.
impl Fake {
    /// Arms an outcome for the next request to the route, such as `POST /channels/{channel_id}/messages`.
    pub(crate) fn fail(&self, route: &str, fault: Fault) {
        self.hub.with(|state| state.faults.arm(route, fault));
    }

    /// Holds the next request to the route until the gate is released.
    pub(crate) fn hold(&self, route: &str, applied: Applied) -> Gate {
        let gate = Gate::new();
        self.fail(route, Fault::Hold(applied, gate.clone()));
        gate
    }

    /// Holds the next request to the route until the gate is released; whether the client is still
    /// there or not, it is done then.
    pub(crate) fn delay(&self, route: &str) -> Gate {
        let gate = Gate::new();
        self.fail(route, Fault::Late(gate.clone()));
        gate
    }

    /// The requests to the route so far.
    pub(crate) fn requests(&self, route: &str) -> Vec<Request> {
        self.hub.with(|state| state.requests.iter().filter(|r| r.is(route)).cloned().collect())
    }

    /// Waits for the request of this number to the route, from 1.
    pub(crate) async fn request(&self, route: &str, number: usize) -> Request {
        let found = |state: &mut State| {
            state.requests.iter().filter(|request| request.is(route)).nth(number - 1).cloned()
        };
        self.hub.until(&format!("request {number} to {route}"), found).await
    }
}
