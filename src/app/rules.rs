//! What the configuration says about places. Knows nothing of where it came from, and nothing of what moderators set.

use std::collections::BTreeMap;

use crate::policy::layers::ChannelLayer;
use crate::policy::place::ChannelId;
use crate::policy::settings::{Mode, Settings};

/// What the configuration says about channels.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// The mode of each channel that was named; all others are off until moderators say otherwise.
    pub modes: BTreeMap<ChannelId, Mode>,
    /// What holds everywhere; its mode and pause are replaced by those of the place.
    pub everywhere: Settings,
}

impl Rules {
    /// What the configuration says of a channel, as a layer below the moderators' own.
    pub fn layer(&self, channel: ChannelId) -> Option<ChannelLayer> {
        self.modes.get(&channel).copied().map(ChannelLayer::of_mode)
    }
}
