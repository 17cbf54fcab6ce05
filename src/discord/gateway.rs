//! Hears Discord's events: converts, puts them into their lane, returns. Knows no logic.

use std::sync::Arc;

use serenity::all::{
    ChannelId, ConnectionStage, Context, EventHandler, Guild, GuildChannel, GuildId, Http,
    Interaction, Message, MessageId, MessageUpdateEvent, Ready, ShardStageUpdateEvent,
    UnavailableGuild,
};
use serenity::async_trait;
use tracing::info;

use crate::app::event::{Heard, Incoming};
use crate::discord::Access;
use crate::discord::commands;
use crate::discord::convert;
use crate::discord::gate::Gate;
use crate::discord::lanes::Lanes;
use crate::discord::topology::Topology;
use crate::ops::health::Health;
use crate::ops::tasks::Tasks;
use crate::policy::delicate::Delicate;
use crate::policy::place;

/// The ear. None of its functions may wait for anything: see [`super::connect::Connection::start`].
pub(super) struct Gateway {
    lanes: Lanes,
    http: Arc<Http>,
    gate: Gate,
    health: Arc<Health>,
    tasks: Tasks,
    reads_content: bool,
    delicate: Delicate,
}

impl Gateway {
    pub(super) fn new(
        lanes: Lanes,
        http: Arc<Http>,
        gate: Gate,
        health: Arc<Health>,
        tasks: Tasks,
        access: &Access,
    ) -> Self {
        let (reads_content, delicate) = (access.message_content, access.delicate.clone());
        Self { lanes, http, gate, health, tasks, reads_content, delicate }
    }

    fn topology(&self, context: &Context) -> Topology {
        Topology::of(&context.cache, self.reads_content)
    }

    /// Tells what places stand in and what they are called.
    fn learn<'a>(&self, channels: impl IntoIterator<Item = &'a GuildChannel>) {
        let known = |channel| convert::surroundings(&self.delicate, channel);
        let places = channels.into_iter().map(known).collect();
        self.lanes.push(Incoming::Places(places));
    }

    /// A message as it was heard. Where Discord refused us lately we may not answer, whatever
    /// the permissions say.
    fn heard(&self, mut heard: Heard) -> Heard {
        heard.permitted = heard.permitted && self.gate.is_open(heard.channel);
        heard
    }
}

#[async_trait]
impl EventHandler for Gateway {
    /// Comes again after each new session: everything here may be done twice.
    async fn ready(&self, _: Context, ready: Ready) {
        info!(servers = ready.guilds.len(), "a new session");
        self.gate.begin_session();
        self.http.set_application_id(ready.application.id);
        let http = Arc::clone(&self.http);
        self.tasks.spawn(async move { commands::register(&http).await });
        self.lanes.push(Incoming::Ready);
    }

    async fn message(&self, context: Context, message: Message) {
        let topology = self.topology(&context);
        let heard = self.heard(convert::message(&topology, message));
        self.lanes.push(Incoming::Message(heard));
    }

    async fn message_update(
        &self,
        context: Context,
        _: Option<Message>,
        _: Option<Message>,
        event: MessageUpdateEvent,
    ) {
        let topology = self.topology(&context);
        if let Some(heard) = convert::edit(&topology, event) {
            self.lanes.push(Incoming::Edited(self.heard(heard)));
        }
    }

    async fn message_delete(
        &self,
        _: Context,
        channel: ChannelId,
        message: MessageId,
        _: Option<GuildId>,
    ) {
        self.lanes.push(Incoming::Deleted(convert::deleted(channel, &[message])));
    }

    async fn message_delete_bulk(
        &self,
        _: Context,
        channel: ChannelId,
        messages: Vec<MessageId>,
        _: Option<GuildId>,
    ) {
        self.lanes.push(Incoming::Deleted(convert::deleted(channel, &messages)));
    }

    /// The library tells only of the better half, that the connection stands again; of its end
    /// [`super::connect`] learns.
    async fn shard_stage_update(&self, _: Context, event: ShardStageUpdateEvent) {
        if event.new == ConnectionStage::Connected && self.health.connected(true) {
            info!("the connection stands");
        }
    }

    /// A server is there: new, back after an outage, or joined again. What was refused in it before
    /// says nothing any more.
    async fn guild_create(&self, _: Context, guild: Guild, _: Option<bool>) {
        guild.channels.keys().for_each(|id| self.gate.forgive(place::ChannelId(id.get())));
        let channels = guild.channels.values().chain(&guild.threads);
        self.learn(channels);
    }

    async fn channel_create(&self, _: Context, channel: GuildChannel) {
        self.learn([&channel]);
    }

    async fn thread_create(&self, _: Context, thread: GuildChannel) {
        self.learn([&thread]);
    }

    async fn thread_update(&self, _: Context, _: Option<GuildChannel>, new: GuildChannel) {
        self.learn([&new]);
    }

    /// A server is gone. Its settings stay, for it may come back; its answers go with their age.
    async fn guild_delete(&self, _: Context, gone: UnavailableGuild, _: Option<Guild>) {
        info!(server = gone.id.get(), is_outage = gone.unavailable, "a server is gone");
    }

    async fn channel_update(&self, _: Context, _: Option<GuildChannel>, new: GuildChannel) {
        self.gate.forgive(place::ChannelId(new.id.get()));
        self.learn([&new]);
    }

    async fn interaction_create(&self, context: Context, interaction: Interaction) {
        let topology = self.topology(&context);
        if let Some(incoming) = convert::interaction(&topology, interaction) {
            self.lanes.push(incoming);
        }
    }
}
