//! How things stand in a server, and what holds in a channel, for its moderators. Knows not how the connection was surveyed.

use crate::app::App;
use crate::app::ask::{Place, Survey};
use crate::model::claim::Status;
use crate::policy::layers::{ChannelLayer, ServerLayer, Tuning};
use crate::policy::permission::Permissions;
use crate::policy::place::{ChannelId, GuildId, Moment};
use crate::policy::settings::Mode;
use crate::reply::limits;
use crate::reply::table::{Origin, Origins, table};
use crate::reply::wording_moderators as said;
use crate::store::record::{Answer, State};

/// The most channels that are listed: those where something is missing first.
const CHANNELS: usize = 15;

/// How many answers are "lately".
const LATELY: usize = 5;

impl App {
    /// How things stand in a server.
    pub(super) fn status(&self, guild: GuildId, survey: &Survey, now: Moment) -> String {
        let mut lines = vec![said::STATUS.to_owned()];
        lines.push(said::pause_now(self.pause_of(guild), now));
        lines.push(said::reads(survey.reads_content).to_owned());
        lines.push(self.responses());
        lines.extend(self.channels(guild, &survey.places));
        lines.extend(self.said_lately(guild));
        let (since, counts) = {
            let tally = &self.memory().tally;
            (tally.since, tally.of(guild))
        };
        lines.push(said::counted(since, &counts));
        limits::fitted(&lines)
    }

    /// What holds in a channel, and which layer says so.
    pub(super) fn settings_table(
        &self,
        guild: GuildId,
        channel: ChannelId,
        parent: Option<ChannelId>,
    ) -> String {
        let settings = self.settings(Some(guild), channel, parent);
        let (category, is_delicate) = {
            let memory = self.memory();
            let category = memory.layers.category(channel, parent);
            (category, memory.layers.is_delicate(channel, parent))
        };
        let own = self.channel_layer(guild, channel);
        let above = [parent, category].into_iter().flatten();
        let above = above.map(|place| (place, self.channel_layer(guild, place))).collect();
        let layers = Layers { own, above, server: self.server_layer(guild) };
        let sensitive = match layers.of(|tuning| tuning.sensitive.is_some()) {
            Origin::Configuration if is_delicate => Origin::Name,
            origin => origin,
        };
        let has_budget = layers.server.budget_hour.is_some() || layers.server.budget_day.is_some();
        let origins = Origins {
            mode: self.mode_origin(&layers, channel),
            threshold: layers.of(|tuning| tuning.threshold.is_some()),
            of_claim: layers.of(|tuning| tuning.cooldown_claim.is_some()),
            of_channel: layers.of(|tuning| tuning.cooldown_channel.is_some()),
            of_member: layers.of(|tuning| tuning.cooldown_member.is_some()),
            budgets: if has_budget { Origin::Server } else { Origin::Configuration },
            sensitive,
            exempt: layers.of(|tuning| tuning.exempt.is_some()),
            quiet_hours: layers.of(|tuning| tuning.quiet_hours.is_some()),
            style: layers.of(|tuning| tuning.style.is_some()),
            delay: layers.of(|tuning| tuning.delay.is_some()),
            review: layers.of(|tuning| tuning.review_channel.is_some()),
        };
        limits::fitted(&table(channel, &settings, &origins))
    }

    /// Which layer says the mode of a channel: in the order in which they are asked.
    fn mode_origin(&self, layers: &Layers, channel: ChannelId) -> Origin {
        if layers.own.mode.is_some() {
            return Origin::Here;
        }
        if self.rules.layer(channel).is_some() {
            return Origin::Configuration;
        }
        for (place, layer) in &layers.above {
            if layer.mode.is_some() {
                return Origin::Parent(*place);
            }
            if self.rules.layer(*place).is_some() {
                return Origin::Configuration;
            }
        }
        Origin::Nobody
    }

    fn responses(&self) -> String {
        let engine = self.live.load();
        let published = engine.catalog.published().count();
        let drafts =
            engine.catalog.claims().iter().filter(|one| one.status == Status::Draft).count();
        let problems = self.live.problems();
        let mut places: Vec<String> =
            problems.iter().map(|problem| problem.place.clone()).collect();
        places.dedup();
        said::responses(published, drafts, &places)
    }

    /// Where we do something, and what we lack there. Threads are named where they differ from
    /// their channel.
    fn channels(&self, guild: GuildId, places: &[Place]) -> Vec<String> {
        let mode = |place: &Place| self.settings(Some(guild), place.channel, place.parent).mode;
        let lacks = |place: &Place| place.missing != Permissions::NONE;
        let differs = |place: &Place| {
            let Some(parent) = place.parent else { return true };
            let above = self.settings(Some(guild), parent, None).mode;
            let parent_lacks = places.iter().any(|other| other.channel == parent && lacks(other));
            above != mode(place) || (lacks(place) && !parent_lacks)
        };
        let is_on = |place: &&Place| mode(place) != Mode::Off && differs(place);
        let mut on: Vec<&Place> = places.iter().filter(is_on).collect();
        if on.is_empty() {
            return vec![said::NO_CHANNELS.to_owned()];
        }
        on.sort_by_key(|place| !lacks(place));
        let mut lines = vec![said::CHANNELS.to_owned()];
        let shown = on.iter().take(CHANNELS);
        lines.extend(shown.map(|place| said::channel(place.channel, mode(place), place.missing)));
        if let Some(left) = on.len().checked_sub(CHANNELS).filter(|left| *left > 0) {
            lines.push(said::more_channels(left));
        }
        lines
    }

    /// The last answers that stand.
    fn said_lately(&self, guild: GuildId) -> Vec<String> {
        let Ok((answers, _)) = self.store.answers() else { return Vec::new() };
        let here = answers.iter().rev().filter(|(_, answer)| answer.guild == Some(guild));
        let standing = here.filter_map(|(_, answer)| match answer {
            Answer { state: State::Sent(reply), channel, claim, at, .. } => {
                Some(said::lately(claim, guild, *channel, *reply, *at))
            }
            _ => None,
        });
        let lines: Vec<String> = standing.take(LATELY).collect();
        let head = if lines.is_empty() { said::NOTHING_LATELY } else { said::LATELY };
        [head.to_owned()].into_iter().chain(lines).collect()
    }
}

/// The moderators' layers of a place.
struct Layers {
    own: ChannelLayer,
    /// Those of the channel and the category it belongs to, the nearest first.
    above: Vec<(ChannelId, ChannelLayer)>,
    server: ServerLayer,
}

impl Layers {
    /// The nearest layer that says something.
    fn of(&self, says: impl Fn(&Tuning) -> bool) -> Origin {
        if says(&self.own.tuning) {
            return Origin::Here;
        }
        let above = self.above.iter().find(|(_, layer)| says(&layer.tuning));
        match above {
            Some((place, _)) => Origin::Parent(*place),
            None if says(&self.server.tuning) => Origin::Server,
            None => Origin::Configuration,
        }
    }
}
