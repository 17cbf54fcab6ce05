//! Messages coming and going, whoever makes them: the world changes and the bot is told.

use footnote::policy::place::{ChannelId, MessageId, UserId};
use serde_json::json;

use super::hub::State;
use super::wire;
use super::world::{ChannelKind, Message};

impl State {
    /// Posts the message.
    pub(crate) fn add(&mut self, message: Message) -> MessageId {
        let id = message.id;
        self.world.messages.insert(id, message);
        self.dispatch_message("MESSAGE_CREATE", id);
        id
    }

    /// Deletes the message.
    pub(crate) fn remove(&mut self, id: MessageId) {
        let Some(message) = self.world.messages.remove(&id) else { return };
        if message.is_ephemeral() {
            self.note(format!("   ephemeral {id} is gone"));
            return;
        }
        let data = wire::deleted(&self.world, message.channel, id);
        self.dispatch_deleted("MESSAGE_DELETE", message.channel, &data);
    }

    /// Deletes several at once, which is one event.
    pub(crate) fn remove_all(&mut self, channel: ChannelId, ids: &[MessageId]) {
        for id in ids {
            self.world.messages.remove(id);
        }
        let list: Vec<String> = ids.iter().map(ToString::to_string).collect();
        let mut data = json!({ "ids": list, "channel_id": channel.to_string() });
        if let Some(guild) = self.world.guild_of(channel) {
            data["guild_id"] = json!(guild.to_string());
        }
        self.dispatch_deleted("MESSAGE_DELETE_BULK", channel, &data);
    }

    /// The conversation between the bot and somebody, opened where there is none.
    pub(crate) fn direct(&mut self, with: UserId) -> ChannelId {
        let known = self.world.channels.values().find(|channel| channel.recipient == Some(with));
        if let Some(known) = known {
            return known.id;
        }
        let id = self.world.add_channel(None, "", ChannelKind::Direct);
        if let Some(channel) = self.world.channels.get_mut(&id) {
            channel.recipient = Some(with);
        }
        id
    }
}
