//! Which settings hold in a channel. Knows the configuration's values and nothing of where they came from.

use std::collections::BTreeMap;

use crate::policy::place::ChannelId;
use crate::policy::settings::{Mode, Pause, Settings};

/// What the configuration says about channels.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// The mode of each channel that was named; all others are off.
    pub modes: BTreeMap<ChannelId, Mode>,
    /// What holds everywhere; its mode and pause are replaced by those of the place.
    pub everywhere: Settings,
}

impl Rules {
    /// The settings of a channel. A thread that is not named itself has the mode of its parent.
    pub fn settings(
        &self,
        channel: ChannelId,
        parent: Option<ChannelId>,
        pause: Pause,
    ) -> Settings {
        let named = |id| self.modes.get(&id).copied();
        let mode = named(channel).or_else(|| parent.and_then(named)).unwrap_or(Mode::Off);
        Settings { mode, pause, ..self.everywhere.clone() }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::Rules;
    use crate::policy::place::ChannelId;
    use crate::policy::settings::{Mode, Pause, Settings};

    #[test]
    fn threads_inherit_and_what_is_not_named_is_off() {
        let modes = BTreeMap::from([
            (ChannelId(1), Mode::Reply),
            (ChannelId(2), Mode::Watch),
            (ChannelId(3), Mode::Off),
        ]);
        let rules = Rules { modes, everywhere: Settings::default() };
        for (channel, parent, expected) in [
            (1, None, Mode::Reply),
            (9, None, Mode::Off),
            (9, Some(1), Mode::Reply),
            (9, Some(8), Mode::Off),
            (3, Some(1), Mode::Off),
            (2, Some(1), Mode::Watch),
        ] {
            let settings =
                rules.settings(ChannelId(channel), parent.map(ChannelId), Pause::Indefinite);
            assert_eq!(settings.mode, expected, "{channel} in {parent:?}");
            assert_eq!(settings.pause, Pause::Indefinite);
        }
    }
}
