//! What holds in a place, and how moderators change it. Knows no command and no words.

use std::collections::BTreeMap;
use std::sync::{MutexGuard, PoisonError};

use tracing::{error, info};

use crate::app::App;
use crate::app::rules::Rules;
use crate::model::claim::ClaimId;
use crate::policy::doubt::Doubt;
use crate::policy::layers::{ChannelLayer, ServerLayer, resolve};
use crate::policy::place::{ChannelId, GuildId, Surroundings};
use crate::policy::settings::{Mode, Pause, Settings};
use crate::store::{Store, StoreError};

/// All that moderators have set, as the store has it.
#[derive(Debug, Default)]
pub(super) struct Layers {
    pauses: BTreeMap<GuildId, Pause>,
    servers: BTreeMap<GuildId, ServerLayer>,
    channels: BTreeMap<(GuildId, ChannelId), ChannelLayer>,
    doubts: BTreeMap<GuildId, BTreeMap<ClaimId, Doubt>>,
    /// What the connection told of places; not from the store.
    surroundings: BTreeMap<ChannelId, Surroundings>,
}

impl Layers {
    /// What the store has.
    pub(super) fn read(store: &Store) -> Result<Self, StoreError> {
        let channels = store.channels()?.into_iter();
        Ok(Self {
            pauses: store.pauses()?.into_iter().collect(),
            servers: store.servers()?.into_iter().collect(),
            channels: channels.map(|(guild, channel, one)| ((guild, channel), one)).collect(),
            doubts: by_server(store.doubts()?),
            surroundings: BTreeMap::new(),
        })
    }

    /// How much more a claim has to match in a server.
    pub(super) fn doubt(&self, guild: GuildId, claim: &ClaimId) -> Doubt {
        let here = self.doubts.get(&guild).and_then(|claims| claims.get(claim));
        here.copied().unwrap_or_default()
    }

    /// All claims that have to match better in a server.
    pub(super) fn doubts(&self, guild: GuildId) -> BTreeMap<ClaimId, Doubt> {
        self.doubts.get(&guild).cloned().unwrap_or_default()
    }

    /// Sets how much more a claim has to match in a server.
    pub(super) fn set_doubt(&mut self, guild: GuildId, claim: &ClaimId, doubt: Option<Doubt>) {
        let here = self.doubts.entry(guild).or_default();
        match doubt {
            Some(doubt) => here.insert(claim.clone(), doubt),
            None => here.remove(claim),
        };
    }

    /// Learns what places stand in.
    pub(super) fn learn(&mut self, places: Vec<(ChannelId, Surroundings)>) {
        self.surroundings.extend(places);
    }

    /// Takes what the store has in place of what was set; what the connection told stays true.
    pub(super) fn renew(&mut self, stored: Self) {
        let surroundings = std::mem::take(&mut self.surroundings);
        *self = Self { surroundings, ..stored };
    }

    /// The category that a channel or thread stands in, where that is known.
    pub(super) fn category(
        &self,
        channel: ChannelId,
        parent: Option<ChannelId>,
    ) -> Option<ChannelId> {
        self.surroundings.get(&parent.unwrap_or(channel)).and_then(|one| one.category)
    }

    /// Whether the name of a channel, thread or category asks for quiet.
    pub(super) fn is_delicate(&self, channel: ChannelId, parent: Option<ChannelId>) -> bool {
        let places = [Some(channel), parent, self.category(channel, parent)];
        let known = places.into_iter().flatten().filter_map(|one| self.surroundings.get(&one));
        known.into_iter().any(|one| one.is_delicate)
    }

    /// Whether a server has stopped us.
    pub(super) fn pause(&self, guild: Option<GuildId>) -> Pause {
        guild.and_then(|guild| self.pauses.get(&guild)).copied().unwrap_or_default()
    }

    /// What holds in a place. What moderators set of a channel stands above what the configuration
    /// says of it, both above its parent's, and that above its category's.
    pub(super) fn settings(
        &self,
        rules: &Rules,
        guild: Option<GuildId>,
        channel: ChannelId,
        parent: Option<ChannelId>,
    ) -> Settings {
        let nothing = ServerLayer::default();
        let server = guild.and_then(|guild| self.servers.get(&guild)).unwrap_or(&nothing);
        let category = self.category(channel, parent);
        let places = || [Some(channel), parent, category].into_iter().flatten();
        let configured: Vec<_> = places().map(|place| rules.layer(place)).collect();
        let nearest: Vec<&ChannelLayer> = places()
            .zip(&configured)
            .flat_map(|(place, configured)| {
                let set = guild.and_then(|guild| self.channels.get(&(guild, place)));
                [set, configured.as_ref()].into_iter().flatten()
            })
            .collect();
        let is_delicate = self.is_delicate(channel, parent);
        let resolved = resolve(&rules.everywhere, server, &nearest, self.pause(guild), is_delicate);
        let doubts = guild.map(|guild| self.doubts(guild)).unwrap_or_default();
        Settings { doubts, ..resolved }
    }
}

fn by_server(
    doubts: Vec<(GuildId, ClaimId, Doubt)>,
) -> BTreeMap<GuildId, BTreeMap<ClaimId, Doubt>> {
    let mut servers: BTreeMap<GuildId, BTreeMap<ClaimId, Doubt>> = BTreeMap::new();
    for (guild, claim, doubt) in doubts {
        servers.entry(guild).or_default().insert(claim, doubt);
    }
    servers
}

impl App {
    /// What holds in a place, all layers together.
    pub fn settings(
        &self,
        guild: Option<GuildId>,
        channel: ChannelId,
        parent: Option<ChannelId>,
    ) -> Settings {
        self.memory().layers.settings(&self.rules, guild, channel, parent)
    }

    /// What moderators have set for a whole server.
    pub fn server_layer(&self, guild: GuildId) -> ServerLayer {
        self.memory().layers.servers.get(&guild).cloned().unwrap_or_default()
    }

    /// What moderators have set for a channel.
    pub fn channel_layer(&self, guild: GuildId, channel: ChannelId) -> ChannelLayer {
        self.memory().layers.channels.get(&(guild, channel)).cloned().unwrap_or_default()
    }

    /// All channels of a server for which moderators have set something.
    pub fn channel_layers(&self, guild: GuildId) -> Vec<(ChannelId, ChannelLayer)> {
        let memory = self.memory();
        let all = memory.layers.channels.range((guild, ChannelId(0))..);
        all.take_while(|((one, _), _)| *one == guild)
            .map(|((_, channel), layer)| (*channel, layer.clone()))
            .collect()
    }

    /// How many channels are not off: by the configuration, or as moderators have set.
    pub fn switched_on(&self) -> usize {
        let mut modes = self.rules.modes.clone();
        for ((_, channel), layer) in &self.memory().layers.channels {
            modes.extend(layer.mode.map(|mode| (*channel, mode)));
        }
        modes.values().filter(|mode| **mode != Mode::Off).count()
    }

    /// Whether a server has stopped us, and for how long.
    pub fn pause_of(&self, guild: GuildId) -> Pause {
        self.memory().layers.pause(Some(guild))
    }

    /// Changes what holds in a server. `Ok` means that it is kept; after an error it holds until
    /// the next start.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn change_server(
        &self,
        guild: GuildId,
        change: impl FnOnce(&mut ServerLayer),
    ) -> Result<ServerLayer, StoreError> {
        let _one_at_a_time = self.changing();
        let engine = self.live.load();
        let layer = {
            let mut memory = self.memory();
            let layer = memory.layers.servers.entry(guild).or_default();
            change(layer);
            let layer = layer.clone();
            if layer.is_empty() {
                memory.layers.servers.remove(&guild);
            }
            memory.withdraw_forbidden(&self.rules, &engine.catalog);
            layer
        };
        info!(%guild, "settings of a server changed");
        self.kept(self.store.record_server(guild, &layer))?;
        Ok(layer)
    }

    /// Changes what holds in a channel. `Ok` means that it is kept; after an error it holds until
    /// the next start.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn change_channel(
        &self,
        guild: GuildId,
        channel: ChannelId,
        change: impl FnOnce(&mut ChannelLayer),
    ) -> Result<ChannelLayer, StoreError> {
        let _one_at_a_time = self.changing();
        let engine = self.live.load();
        let layer = {
            let mut memory = self.memory();
            let layer = memory.layers.channels.entry((guild, channel)).or_default();
            change(layer);
            let layer = layer.clone();
            if layer.is_empty() {
                memory.layers.channels.remove(&(guild, channel));
            }
            memory.withdraw_forbidden(&self.rules, &engine.catalog);
            layer
        };
        info!(%guild, %channel, mode = layer.mode.map(Mode::word), "settings of a channel changed");
        self.kept(self.store.record_channel(guild, channel, &layer))?;
        Ok(layer)
    }

    /// Stops or resumes a server; what held before. It takes effect first, so that nothing slips
    /// out while it is written down.
    ///
    /// # Errors
    /// Where the store fails: then it holds until the next start.
    pub fn change_pause(&self, guild: GuildId, pause: Pause) -> Result<Pause, StoreError> {
        let _one_at_a_time = self.changing();
        let before = {
            let mut memory = self.memory();
            let before = memory.layers.pause(Some(guild));
            if pause == Pause::None {
                memory.layers.pauses.remove(&guild);
            } else {
                memory.layers.pauses.insert(guild, pause);
                memory.withdraw_all(guild);
            }
            before
        };
        info!(%guild, ?pause, "pause set");
        self.kept(self.store.record_pause(guild, pause))?;
        Ok(before)
    }

    /// Forgets all that was set in a server which we have left.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn forget_server(&self, guild: GuildId) -> Result<(), StoreError> {
        let _one_at_a_time = self.changing();
        {
            let mut memory = self.memory();
            memory.tally.forget(guild);
            let layers = &mut memory.layers;
            layers.pauses.remove(&guild);
            layers.servers.remove(&guild);
            layers.doubts.remove(&guild);
            layers.channels.retain(|(one, _), _| *one != guild);
        }
        info!(%guild, "settings of a server forgotten");
        self.kept(self.store.forget_server(guild))
    }

    /// Two changes of one value must reach memory and store in the same order. It guards nothing
    /// but that order, and is never held across an await.
    pub(super) fn changing(&self) -> MutexGuard<'_, ()> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts and logs what the store refused.
    pub(super) fn kept(&self, result: Result<(), StoreError>) -> Result<(), StoreError> {
        result.inspect_err(|error| {
            self.metrics.unrecorded.add();
            error!(%error, "a change could not be written down");
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::Layers;
    use crate::app::rules::Rules;
    use crate::policy::layers::ChannelLayer;
    use crate::policy::place::{ChannelId, GuildId};
    use crate::policy::settings::{Mode, Settings};

    #[test]
    fn threads_inherit_and_what_nobody_names_is_off() {
        let modes = BTreeMap::from([
            (ChannelId(1), Mode::Reply),
            (ChannelId(2), Mode::Watch),
            (ChannelId(3), Mode::Off),
        ]);
        let rules = Rules { modes, everywhere: Settings::default() };
        let mut layers = Layers::default();
        for (guild, channel, mode) in [(7, 4, Mode::Reply), (7, 2, Mode::Off), (8, 9, Mode::Reply)]
        {
            let key = (GuildId(guild), ChannelId(channel));
            layers.channels.insert(key, ChannelLayer::of_mode(mode));
        }
        for (channel, parent, expected) in [
            (1, None, Mode::Reply),
            (5, None, Mode::Off),
            (5, Some(1), Mode::Reply),
            (5, Some(8), Mode::Off),
            (3, Some(1), Mode::Off),
            // What moderators set stands above the configuration, and a thread's own above its parent's.
            (2, Some(1), Mode::Off),
            (5, Some(2), Mode::Off),
            (4, Some(3), Mode::Reply),
            (5, Some(4), Mode::Reply),
            // Another server's moderators have no say here.
            (9, None, Mode::Off),
        ] {
            let parent = parent.map(ChannelId);
            let found = layers.settings(&rules, Some(GuildId(7)), ChannelId(channel), parent);
            assert_eq!(found.mode, expected, "{channel} in {parent:?}");
        }
    }
}
