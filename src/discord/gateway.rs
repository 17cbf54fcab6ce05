//! Hears Discord's events: converts, puts them into their lane, returns. Knows no logic.

use std::sync::Arc;

use serenity::all::{
    ChannelId, Context, EventHandler, GuildId, Http, Interaction, Message, MessageId,
    MessageUpdateEvent, Ready,
};
use serenity::async_trait;
use tracing::info;

use crate::app::event::Incoming;
use crate::discord::commands;
use crate::discord::convert;
use crate::discord::lanes::Lanes;
use crate::discord::topology::Topology;
use crate::ops::tasks::Tasks;

/// The ear. None of its functions may wait for anything: see [`super::connect::Connection::start`].
pub(super) struct Gateway {
    lanes: Lanes,
    http: Arc<Http>,
    tasks: Tasks,
}

impl Gateway {
    pub(super) fn new(lanes: Lanes, http: Arc<Http>, tasks: Tasks) -> Self {
        Self { lanes, http, tasks }
    }
}

#[async_trait]
impl EventHandler for Gateway {
    /// Comes again after each new session: everything here may be done twice.
    async fn ready(&self, _: Context, ready: Ready) {
        info!(servers = ready.guilds.len(), "connected");
        self.http.set_application_id(ready.application.id);
        let http = Arc::clone(&self.http);
        self.tasks.spawn(async move { commands::register(&http).await });
        self.lanes.push(Incoming::Ready);
    }

    async fn message(&self, context: Context, message: Message) {
        let topology = Topology::of(&context.cache);
        self.lanes.push(Incoming::Message(convert::message(&topology, message)));
    }

    async fn message_update(
        &self,
        context: Context,
        _: Option<Message>,
        _: Option<Message>,
        event: MessageUpdateEvent,
    ) {
        let topology = Topology::of(&context.cache);
        if let Some(heard) = convert::edit(&topology, event) {
            self.lanes.push(Incoming::Edited(heard));
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

    async fn interaction_create(&self, context: Context, interaction: Interaction) {
        let topology = Topology::of(&context.cache);
        if let Some(incoming) = convert::interaction(&topology, interaction) {
            self.lanes.push(incoming);
        }
    }
}
