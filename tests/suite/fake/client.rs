//! A bot that does nothing by itself, made of serenity alone.

use std::sync::Arc;

use footnote::policy::place::{ChannelId, GuildId, MessageId, UserId};
use serenity::Client as Serenity;
use serenity::all::{
    Context, CreateAllowedMentions, CreateMessage, Event, GatewayIntents, HttpError, Interaction,
    Message, MessageReference, RawEventHandler,
};
use serenity::client::ClientBuilder;
use serenity::gateway::ShardManager;
use serenity::http::{Http, HttpBuilder};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::support::fake::{Fake, TOKEN};
use crate::support::hub::DEADLINE;

pub(super) const PLAIN: GatewayIntents = GatewayIntents::GUILDS
    .union(GatewayIntents::GUILD_MESSAGES)
    .union(GatewayIntents::DIRECT_MESSAGES);
pub(super) const READING: GatewayIntents = PLAIN.union(GatewayIntents::MESSAGE_CONTENT);

/// A bot that does nothing by itself.
pub(super) struct Client {
    pub(super) http: Arc<Http>,
    pub(super) events: mpsc::UnboundedReceiver<(Context, Event)>,
    pub(super) shards: Arc<ShardManager>,
    pub(super) running: JoinHandle<serenity::Result<()>>,
}

pub(super) struct Ears(mpsc::UnboundedSender<(Context, Event)>);

#[serenity::async_trait]
impl RawEventHandler for Ears {
    async fn raw_event(&self, context: Context, event: Event) {
        let _the_test_is_over = self.0.send((context, event));
    }
}

pub(super) fn http(discord: &Fake, token: &str) -> Http {
    let http = HttpBuilder::new(token).proxy(discord.url()).ratelimiter_disabled(true).build();
    http.set_application_id(discord.bot().0.into());
    http
}

impl Client {
    pub(super) async fn connect(discord: &Fake, intents: GatewayIntents) -> Self {
        let (ears, events) = mpsc::unbounded_channel();
        let builder = ClientBuilder::new_with_http(http(discord, TOKEN), intents);
        let mut client: Serenity = builder.raw_event_handler(Ears(ears)).await.unwrap();
        let (http, shards) = (Arc::clone(&client.http), Arc::clone(&client.shard_manager));
        let running = tokio::spawn(async move { client.start_autosharded().await });
        Self { http, events, shards, running }
    }

    /// The next event that `pick` wants; the others are passed over.
    pub(super) async fn next<T>(&mut self, pick: impl Fn(&Event) -> Option<T>) -> (Context, T) {
        let wanted = async {
            loop {
                let (context, event) = self.events.recv().await.expect("the client runs");
                if let Some(found) = pick(&event) {
                    return (context, found);
                }
            }
        };
        tokio::time::timeout(DEADLINE, wanted).await.expect("the event comes")
    }

    pub(super) async fn message(&mut self) -> Message {
        let pick = |event: &Event| match event {
            Event::MessageCreate(event) => Some(event.message.clone()),
            _ => None,
        };
        self.next(pick).await.1
    }

    pub(super) async fn interaction(&mut self) -> (Context, Interaction) {
        let pick = |event: &Event| match event {
            Event::InteractionCreate(event) => Some(event.interaction.clone()),
            _ => None,
        };
        self.next(pick).await
    }

    pub(super) async fn send(
        &self,
        channel: ChannelId,
        message: CreateMessage,
    ) -> serenity::Result<Message> {
        serenity::all::ChannelId::from(channel.0).send_message(&self.http, message).await
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.running.abort();
    }
}

/// A server with one channel and one member, and a client that is connected.
pub(super) async fn room(intents: GatewayIntents) -> (Fake, Client, GuildId, ChannelId, UserId) {
    let discord = Fake::start();
    let guild = discord.guild("history");
    let channel = discord.channel(guild, "general");
    let member = discord.member(guild, "ann");
    let client = Client::connect(&discord, intents).await;
    discord.connected().await;
    (discord, client, guild, channel, member)
}

pub(super) fn silent() -> CreateAllowedMentions {
    CreateAllowedMentions::new().replied_user(false)
}

pub(super) fn text(text: &str) -> CreateMessage {
    CreateMessage::new().content(text).allowed_mentions(silent())
}

pub(super) fn replying(channel: ChannelId, to: MessageId) -> CreateMessage {
    let reference = MessageReference::new(
        serenity::all::MessageReferenceKind::Default,
        serenity::all::ChannelId::from(channel.0),
    );
    let reference = reference.message_id(to.0.into()).fail_if_not_exists(true);
    text("an answer").reference_message(reference)
}

/// Status and Discord's code of a refused request.
pub(super) fn refusal<T: std::fmt::Debug>(result: serenity::Result<T>) -> (u16, isize) {
    match result {
        Err(serenity::Error::Http(HttpError::UnsuccessfulRequest(refused))) => {
            (refused.status_code.as_u16(), refused.error.code)
        }
        other => panic!("not refused: {other:?}"),
    }
}
