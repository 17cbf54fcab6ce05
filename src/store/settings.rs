//! What moderators set for servers and channels. Knows not which layer wins.

use crate::policy::layers::{ChannelLayer, ServerLayer};
use crate::policy::place::{ChannelId, GuildId};
use crate::policy::settings::Pause;
use crate::store::changes::CHANGED;
use crate::store::feedback::{DOUBT, FEEDBACK};
use crate::store::keys::{id_of, pair_key, pair_of, server_key};
use crate::store::{Store, StoreError, layer, record};

/// The first byte of a key in the tree of servers says which setting it is.
pub(super) const PAUSE: u8 = b'p';
/// The layer of a whole server.
pub(super) const SERVER: u8 = b's';
/// The layer of a channel, by server and channel.
pub(super) const CHANNEL: u8 = b'c';

impl Store {
    /// Stops or resumes a server. Flushed.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn record_pause(&self, guild: GuildId, pause: Pause) -> Result<(), StoreError> {
        self.record_setting(&server_key(PAUSE, guild), record::encode_pause(pause)?)
    }

    /// Which servers have stopped us.
    ///
    /// # Errors
    /// Where the store fails or a value cannot be read: a pause must not be overlooked.
    pub fn pauses(&self) -> Result<Vec<(GuildId, Pause)>, StoreError> {
        let mut pauses = Vec::new();
        for entry in self.servers.scan_prefix([PAUSE]) {
            let (key, value) = entry?;
            let guild = key.get(1..).and_then(id_of).ok_or_else(|| nameless("a pause"))?;
            pauses.push((GuildId(guild), record::decode_pause(&value)?));
        }
        Ok(pauses)
    }

    /// Sets what holds in a server; a layer that says nothing is not kept. Flushed.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn record_server(&self, guild: GuildId, layer: &ServerLayer) -> Result<(), StoreError> {
        let value = (!layer.is_empty()).then(|| layer::encode_server(layer)).transpose()?;
        self.record_setting(&server_key(SERVER, guild), value)
    }

    /// What was set for servers.
    ///
    /// # Errors
    /// Where the store fails or a value cannot be read: no setting may be overlooked.
    pub fn servers(&self) -> Result<Vec<(GuildId, ServerLayer)>, StoreError> {
        let mut servers = Vec::new();
        for entry in self.servers.scan_prefix([SERVER]) {
            let (key, value) = entry?;
            let guild = key.get(1..).and_then(id_of).ok_or_else(|| nameless("a server"))?;
            servers.push((GuildId(guild), layer::decode_server(&value)?));
        }
        Ok(servers)
    }

    /// Sets what holds in a channel of a server; a layer that says nothing is not kept. Flushed.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn record_channel(
        &self,
        guild: GuildId,
        channel: ChannelId,
        layer: &ChannelLayer,
    ) -> Result<(), StoreError> {
        let value = (!layer.is_empty()).then(|| layer::encode_channel(layer)).transpose()?;
        self.record_setting(&pair_key(CHANNEL, guild.0, channel.0), value)
    }

    /// What was set for channels.
    ///
    /// # Errors
    /// Where the store fails or a value cannot be read: no setting may be overlooked.
    pub fn channels(&self) -> Result<Vec<(GuildId, ChannelId, ChannelLayer)>, StoreError> {
        let mut channels = Vec::new();
        for entry in self.servers.scan_prefix([CHANNEL]) {
            let (key, value) = entry?;
            let (guild, channel) = pair_of(&key).ok_or_else(|| nameless("a channel"))?;
            let layer = layer::decode_channel(&value)?;
            channels.push((GuildId(guild), ChannelId(channel), layer));
        }
        Ok(channels)
    }

    /// Forgets all that was set in a server. Flushed.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn forget_server(&self, guild: GuildId) -> Result<(), StoreError> {
        let mut batch = sled::Batch::default();
        for kind in [PAUSE, SERVER, CHANNEL, CHANGED, FEEDBACK, DOUBT] {
            for key in self.servers.scan_prefix(server_key(kind, guild)).keys() {
                batch.remove(key?);
            }
        }
        self.servers.apply_batch(batch)?;
        self.flush()
    }

    fn record_setting(&self, key: &[u8], value: Option<Vec<u8>>) -> Result<(), StoreError> {
        match value {
            Some(value) => self.servers.insert(key, value)?,
            None => self.servers.remove(key)?,
        };
        self.flush()
    }
}

fn nameless(what: &str) -> StoreError {
    StoreError::Unreadable(format!("{what} whose key names no place"))
}
