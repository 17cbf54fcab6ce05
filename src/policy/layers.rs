//! Settings in layers: configuration, server, channel, thread. Knows neither files nor the store; [`resolve`] is the one place that says which layer wins.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::model::claim::ClaimId;
use crate::model::score::Score;
use crate::policy::hours::QuietHours;
use crate::policy::place::{ChannelId, RoleId};
use crate::policy::settings::{Mode, Pause, Settings, Style};

/// What a server and a channel can both say. What is left out is said by the next layer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tuning {
    /// The least score to speak at.
    pub threshold: Option<Score>,
    /// The least time between two answers to one claim in a channel.
    pub cooldown_claim: Option<Duration>,
    /// The least time between two answers in a channel.
    pub cooldown_channel: Option<Duration>,
    /// The least time between two answers to one member.
    pub cooldown_member: Option<Duration>,
    /// Claims that are not answered: those of all layers together.
    pub muted: BTreeSet<ClaimId>,
    /// Topics that are not answered: those of all layers together.
    pub muted_topics: BTreeSet<String>,
    /// Packs that are not answered: those of all layers together.
    pub muted_packs: BTreeSet<String>,
    /// Roles whose members are not answered: those of all layers together.
    pub exempt_roles: BTreeSet<RoleId>,
    /// Whether the place itself is left alone.
    pub exempt: Option<bool>,
    /// When nothing is read; never is something said, too.
    pub quiet_hours: Option<QuietHours>,
    /// How much is posted.
    pub style: Option<Style>,
    /// How long an answer waits.
    pub delay: Option<Duration>,
    /// Whether this is a place where nobody should be corrected.
    pub sensitive: Option<bool>,
    /// Where suggestions and alerts go.
    pub review_channel: Option<ChannelId>,
}

/// What the moderators of a server have set for all of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ServerLayer {
    /// What a channel may say otherwise.
    pub tuning: Tuning,
    /// The most answers in an hour.
    pub budget_hour: Option<u32>,
    /// The most answers in a day.
    pub budget_day: Option<u32>,
}

/// What the moderators of a server have set for one channel, thread or forum post.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChannelLayer {
    /// What footnote may do there.
    pub mode: Option<Mode>,
    /// What it says otherwise than its server.
    pub tuning: Tuning,
}

impl ServerLayer {
    /// Whether it says nothing: then there is nothing to keep.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl ChannelLayer {
    /// A channel of which only the mode is said.
    pub fn of_mode(mode: Mode) -> Self {
        Self { mode: Some(mode), tuning: Tuning::default() }
    }

    /// Whether it says nothing: then there is nothing to keep.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What holds in a place. `everywhere` is the configuration; `nearest` are the layers of the place
/// itself and of the channels it belongs to, the nearest first.
///
/// `is_delicate` says that the name of the place asks for quiet; a layer that says otherwise wins.
///
/// A value is the nearest layer's that names it. Muted claims and exempt roles add up: who mutes a
/// claim in a server means all its channels. A place whose mode nobody names is off.
pub fn resolve(
    everywhere: &Settings,
    server: &ServerLayer,
    nearest: &[&ChannelLayer],
    pause: Pause,
    is_delicate: bool,
) -> Settings {
    let tunings = || nearest.iter().map(|layer| &layer.tuning).chain([&server.tuning]);
    let duration = |field: fn(&Tuning) -> Option<Duration>, otherwise| {
        tunings().find_map(field).unwrap_or(otherwise)
    };
    let review_channel = tunings().find_map(|one| one.review_channel).or(everywhere.review_channel);
    Settings {
        mode: nearest.iter().find_map(|layer| layer.mode).unwrap_or(Mode::Off),
        pause,
        threshold: tunings().find_map(|one| one.threshold).unwrap_or(everywhere.threshold),
        cooldown_claim: duration(|one| one.cooldown_claim, everywhere.cooldown_claim),
        cooldown_channel: duration(|one| one.cooldown_channel, everywhere.cooldown_channel),
        cooldown_member: duration(|one| one.cooldown_member, everywhere.cooldown_member),
        budget_hour: server.budget_hour.unwrap_or(everywhere.budget_hour),
        budget_day: server.budget_day.unwrap_or(everywhere.budget_day),
        on_edit: everywhere.on_edit,
        muted: union(&everywhere.muted, tunings().map(|one| &one.muted)),
        muted_topics: union(&everywhere.muted_topics, tunings().map(|one| &one.muted_topics)),
        muted_packs: union(&everywhere.muted_packs, tunings().map(|one| &one.muted_packs)),
        exempt_roles: union(&everywhere.exempt_roles, tunings().map(|one| &one.exempt_roles)),
        exempt: tunings().find_map(|one| one.exempt).unwrap_or(everywhere.exempt),
        quiet_hours: tunings().find_map(|one| one.quiet_hours).unwrap_or(everywhere.quiet_hours),
        style: tunings().find_map(|one| one.style).unwrap_or(everywhere.style),
        delay: duration(|one| one.delay, everywhere.delay),
        sensitive: tunings()
            .find_map(|one| one.sensitive)
            .unwrap_or(everywhere.sensitive || is_delicate),
        doubts: everywhere.doubts.clone(),
        has_review_channel: everywhere.has_review_channel || review_channel.is_some(),
        review_channel,
    }
}

fn union<'a, T: Ord + Clone + 'a>(
    first: &BTreeSet<T>,
    others: impl Iterator<Item = &'a BTreeSet<T>>,
) -> BTreeSet<T> {
    others.fold(first.clone(), |mut all, some| {
        all.extend(some.iter().cloned());
        all
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::time::Duration;

    use super::{ChannelLayer, ServerLayer, Tuning, resolve};
    use crate::model::claim::ClaimId;
    use crate::model::score::Score;
    use crate::policy::place::{ChannelId, RoleId};
    use crate::policy::settings::{Mode, Pause, Settings};

    const fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn claims(ids: &[&str]) -> BTreeSet<ClaimId> {
        ids.iter().map(|id| ClaimId::new(id).expect("an id")).collect()
    }

    #[test]
    fn without_layers_the_configuration_holds_and_the_place_is_off() {
        let everywhere = Settings { budget_day: 7, ..Settings::default() };
        let settings = resolve(&everywhere, &ServerLayer::default(), &[], Pause::Indefinite, false);
        assert_eq!(settings, Settings { pause: Pause::Indefinite, ..everywhere });
        let opened = Settings { mode: Mode::Reply, ..Settings::default() };
        assert_eq!(
            resolve(&opened, &ServerLayer::default(), &[], Pause::None, false).mode,
            Mode::Off
        );
    }

    #[test]
    fn the_nearest_layer_that_names_a_value_wins() {
        let everywhere = Settings::default();
        let server = ServerLayer {
            tuning: Tuning {
                threshold: Score::new(800),
                cooldown_claim: Some(seconds(1)),
                cooldown_channel: Some(seconds(2)),
                cooldown_member: Some(seconds(3)),
                sensitive: Some(true),
                review_channel: Some(ChannelId(5)),
                ..Tuning::default()
            },
            budget_hour: Some(4),
            budget_day: None,
        };
        let parent = ChannelLayer {
            mode: Some(Mode::Watch),
            tuning: Tuning {
                threshold: Score::new(750),
                cooldown_channel: Some(seconds(20)),
                ..Tuning::default()
            },
        };
        let thread = ChannelLayer {
            mode: Some(Mode::Reply),
            tuning: Tuning {
                cooldown_member: Some(seconds(30)),
                sensitive: Some(false),
                ..Tuning::default()
            },
        };
        let of = |nearest: &[&ChannelLayer]| {
            let found = resolve(&everywhere, &server, nearest, Pause::None, false);
            let all = [found.cooldown_claim, found.cooldown_channel, found.cooldown_member];
            let seconds = all.map(|one| one.as_secs());
            (found.mode, found.threshold.thousandths(), seconds, found.sensitive)
        };
        assert_eq!(of(&[]), (Mode::Off, 800, [1, 2, 3], true));
        assert_eq!(of(&[&parent]), (Mode::Watch, 750, [1, 20, 3], true));
        assert_eq!(of(&[&thread, &parent]), (Mode::Reply, 750, [1, 20, 30], false));
        let quiet = ChannelLayer::default();
        assert_eq!(of(&[&quiet, &parent]), of(&[&parent]), "a thread inherits");

        let found = resolve(&everywhere, &server, &[], Pause::None, false);
        assert_eq!((found.budget_hour, found.budget_day), (4, everywhere.budget_day));
        assert_eq!((found.has_review_channel, found.review_channel), (true, Some(ChannelId(5))));
    }

    #[test]
    fn a_name_asks_for_quiet_until_a_layer_says_otherwise() {
        let everywhere = Settings::default();
        let says = |sensitive| ChannelLayer {
            mode: None,
            tuning: Tuning { sensitive, ..Tuning::default() },
        };
        for (layer, is_delicate, expected) in [
            (says(None), false, false),
            (says(None), true, true),
            (says(Some(false)), true, false),
            (says(Some(true)), false, true),
        ] {
            let server = ServerLayer::default();
            let found = resolve(&everywhere, &server, &[&layer], Pause::None, is_delicate);
            assert_eq!(found.sensitive, expected, "{layer:?} {is_delicate}");
        }
    }

    #[test]
    fn muted_claims_and_exempt_roles_add_up() {
        let tuning = |id: &str, role| Tuning {
            muted: claims(&[id]),
            exempt_roles: BTreeSet::from([RoleId(role)]),
            ..Tuning::default()
        };
        let everywhere = Settings { muted: claims(&["a"]), ..Settings::default() };
        let server = ServerLayer { tuning: tuning("b", 1), ..ServerLayer::default() };
        let layer = |id, role| ChannelLayer { mode: None, tuning: tuning(id, role) };
        let (parent, thread) = (layer("c", 2), layer("d", 3));
        let found = resolve(&everywhere, &server, &[&thread, &parent], Pause::None, false);
        assert_eq!(found.muted, claims(&["a", "b", "c", "d"]));
        assert_eq!(found.exempt_roles, [1, 2, 3].map(RoleId).into());
    }

    #[test]
    fn a_layer_that_says_nothing_need_not_be_kept() {
        assert!(ServerLayer::default().is_empty() && ChannelLayer::default().is_empty());
        assert!(!ChannelLayer::of_mode(Mode::Off).is_empty(), "off is something said");
        let heard = Tuning { review_channel: Some(ChannelId(1)), ..Tuning::default() };
        assert!(!ServerLayer { tuning: heard, ..ServerLayer::default() }.is_empty());
    }
}
