//! What moderators ask for. Permissions are checked here again, since a server can change who sees a command.

use std::time::Duration;

use crate::app::App;
use crate::app::ask::{Ask, Change, Cooldown, Pointed, Span};
use crate::app::event::{Action, Fetch, Request};
use crate::app::requests::say;
use crate::model::claim::ClaimId;
use crate::policy::cooldown;
use crate::policy::layers::{ChannelLayer, ServerLayer, Tuning};
use crate::policy::permission::Permissions;
use crate::policy::place::{ChannelId, GuildId, Moment, UserId};
use crate::policy::settings::{LONGEST_DELAY, Mode, Pause};
use crate::reply::{wording, wording_feedback, wording_moderators as said};

impl App {
    /// The moderators' commands.
    pub(super) fn moderate(&self, request: Request, ask: Ask, now: Moment) -> Action {
        let Some(guild) = request.guild else { return say(&request, wording::SERVER_ONLY) };
        if !request.permissions.allows(Permissions::MANAGE_GUILD) {
            return say(&request, wording::NOT_ALLOWED);
        }
        if !request.installed {
            return say(&request, wording::SERVER_ONLY);
        }
        let words = match ask {
            Ask::Mode(channel, mode) => {
                let changed = self.change_channel(guild, channel, |layer| layer.mode = Some(mode));
                let has_review = self.settings(Some(guild), channel, None).review_channel.is_some();
                let mut words = said::mode_set(channel, mode, has_review);
                if mode != Mode::Off && self.is_quiet_by_name(guild, channel) {
                    words.push_str(said::QUIET_BY_NAME);
                }
                self.logged(guild, Some(request.by), changed.is_ok(), words, now)
            }
            Ask::Pause(length) => {
                let pause = length.map_or(Pause::Indefinite, |length| until(now, length));
                self.set_pause(&request, guild, pause, now)
            }
            Ask::Resume => self.set_pause(&request, guild, Pause::None, now),
            Ask::UnclearDuration => wording::UNCLEAR_DURATION.to_owned(),
            Ask::Status(survey) => self.status(guild, &survey, now),
            Ask::Why(Pointed::At(target)) => return Action::Fetch(Fetch { request, target }),
            Ask::Why(Pointed::Hidden) => said::MESSAGE_NOT_SEEN.to_owned(),
            Ask::Why(Pointed::Unclear) => said::UNCLEAR_MESSAGE.to_owned(),
            Ask::Settings(channel, parent) => self.settings_table(guild, channel, parent),
            Ask::Setup(setup) => return self.set_up(&request, guild, &setup, now),
            Ask::Stats => self.stats(guild, now),
            Ask::Report => self.shadow_report(guild, now),
            Ask::Changes => self.changes(guild),
            Ask::Set(_, Change::Trust(claim)) => {
                let is_kept = self.trust(guild, &claim).is_ok();
                self.logged(guild, None, is_kept, wording_feedback::trusted(&claim), now)
            }
            Ask::Set(channel, change) => self.set(&request, guild, channel, change, now),
            Ask::Show(_)
            | Ask::Search(_)
            | Ask::Complete(_)
            | Ask::Quiet(_)
            | Ask::Privacy
            | Ask::MyData
            | Ask::ForgetMe
            | Ask::Suggest
            | Ask::Suggested(_)
            | Ask::Find(_)
            | Ask::Unknown => wording::UNKNOWN_COMMAND.to_owned(),
        };
        say(&request, &words)
    }

    /// What is said of a pause is true only once it is kept.
    fn set_pause(&self, request: &Request, guild: GuildId, pause: Pause, now: Moment) -> String {
        let Ok(before) = self.change_pause(guild, pause) else {
            return wording::NOT_KEPT.to_owned();
        };
        let words = match pause {
            Pause::None if before.holds(now) => wording::RESUMED.to_owned(),
            Pause::None => return wording::NOT_PAUSED.to_owned(),
            Pause::Until(end) => wording::paused_until(end),
            Pause::Indefinite => wording::PAUSED.to_owned(),
        };
        self.log_change(guild, Some(request.by), words.clone(), now);
        words
    }

    /// What is said of a change is true only once it is kept; then it stands in the log too.
    pub(super) fn logged(
        &self,
        guild: GuildId,
        by: Option<UserId>,
        is_kept: bool,
        words: String,
        now: Moment,
    ) -> String {
        if !is_kept {
            return wording::NOT_KEPT.to_owned();
        }
        self.log_change(guild, by, words.clone(), now);
        words
    }

    pub(super) fn is_quiet_by_name(&self, guild: GuildId, channel: ChannelId) -> bool {
        let is_delicate = self.memory().layers.is_delicate(channel, None);
        is_delicate && self.settings(Some(guild), channel, None).sensitive
    }

    /// Changes a setting of a channel, or of the whole server.
    fn set(
        &self,
        request: &Request,
        guild: GuildId,
        channel: Option<ChannelId>,
        change: Change,
        now: Moment,
    ) -> String {
        if let Change::MuteTopic(name, true) = &change
            && !self.knows_topic(name)
        {
            return said::NO_SUCH_TOPIC.to_owned();
        }
        if let Change::Mute(claim, true) = &change
            && !self.knows(claim)
        {
            return wording::NO_SUCH_CLAIM.to_owned();
        }
        let words = match &change {
            Change::Threshold(value) => said::threshold_set(*value),
            Change::Cooldown(which, Some(length)) if *length > longest(*which) => {
                return said::too_long(longest(*which));
            }
            Change::Cooldown(which, length) => said::cooldown_set(between(*which), *length),
            Change::Mute(claim, muted) => said::muted(claim, *muted),
            Change::Exempt(role, exempt) => said::exempt(*role, *exempt),
            Change::Sensitive(sensitive) => said::sensitive(*sensitive).to_owned(),
            Change::Budget(Span::Hour, most) => said::budget_set("an hour", *most),
            Change::Budget(Span::Day, most) => said::budget_set("a day", *most),
            Change::MuteTopic(name, muted) => said::topic_muted(name, *muted),
            Change::ExemptPlace(exempt) => said::place_exempt(*exempt).to_owned(),
            Change::QuietHours(hours) => said::quiet_hours_set(*hours),
            Change::UnclearHours => return said::UNCLEAR_HOURS.to_owned(),
            Change::Style(style) => said::style_set(*style).to_owned(),
            Change::Delay(Some(delay)) if *delay > LONGEST_DELAY => {
                return said::too_long(LONGEST_DELAY);
            }
            Change::Delay(delay) => said::delay_set(*delay),
            Change::Review(review) => said::review_set(*review),
            Change::Trust(_) | Change::Unclear => return said::UNCLEAR_VALUE.to_owned(),
        };
        // No record ties a person to a claim, not even to one that they muted.
        let by = (!matches!(change, Change::Mute(..))).then_some(request.by);
        let is_pack = matches!(&change, Change::MuteTopic(name, _) if self.knows_pack(name));
        let changed = match channel {
            None if let Change::Budget(span, most) = change => {
                self.change_server(guild, |layer| budget(layer, span, most)).map(|_| ())
            }
            Some(channel) => self
                .change_channel(guild, channel, |layer: &mut ChannelLayer| {
                    apply(&mut layer.tuning, change, is_pack);
                })
                .map(|_| ()),
            None => self
                .change_server(guild, |layer| apply(&mut layer.tuning, change, is_pack))
                .map(|_| ()),
        };
        self.logged(guild, by, changed.is_ok(), said::scoped(&words, channel), now)
    }

    fn knows_topic(&self, name: &str) -> bool {
        let engine = self.live.load();
        let claims = engine.catalog.claims();
        claims.iter().any(|one| one.pack == name || one.topics.iter().any(|topic| topic == name))
    }

    fn knows_pack(&self, name: &str) -> bool {
        self.live.load().catalog.claims().iter().any(|one| one.pack == name)
    }

    fn knows(&self, claim: &ClaimId) -> bool {
        self.live.load().catalog.claim(claim.as_str()).is_some()
    }
}

fn budget(layer: &mut ServerLayer, span: Span, most: Option<u32>) {
    match span {
        Span::Hour => layer.budget_hour = most,
        Span::Day => layer.budget_day = most,
    }
}

fn apply(tuning: &mut Tuning, change: Change, is_pack: bool) {
    match change {
        Change::Threshold(value) => tuning.threshold = value,
        Change::Cooldown(Cooldown::Claim, value) => tuning.cooldown_claim = value,
        Change::Cooldown(Cooldown::Channel, value) => tuning.cooldown_channel = value,
        Change::Cooldown(Cooldown::Member, value) => tuning.cooldown_member = value,
        Change::Mute(claim, true) => {
            tuning.muted.insert(claim);
        }
        Change::Mute(claim, false) => {
            tuning.muted.remove(&claim);
        }
        Change::Exempt(role, true) => {
            tuning.exempt_roles.insert(role);
        }
        Change::Exempt(role, false) => {
            tuning.exempt_roles.remove(&role);
        }
        Change::Sensitive(sensitive) => tuning.sensitive = Some(sensitive),
        Change::MuteTopic(name, muted) => {
            let names = if is_pack { &mut tuning.muted_packs } else { &mut tuning.muted_topics };
            if muted {
                names.insert(name);
            } else {
                tuning.muted_packs.remove(&name);
                tuning.muted_topics.remove(&name);
            }
        }
        Change::ExemptPlace(exempt) => tuning.exempt = Some(exempt),
        Change::QuietHours(hours) => tuning.quiet_hours = hours,
        Change::Style(style) => tuning.style = Some(style),
        Change::Delay(delay) => tuning.delay = delay,
        Change::Review(review) => tuning.review_channel = review,
        // A server has its budgets itself.
        Change::Budget(..) | Change::Trust(_) | Change::UnclearHours | Change::Unclear => {}
    }
}

const fn longest(which: Cooldown) -> Duration {
    match which {
        Cooldown::Claim | Cooldown::Channel => cooldown::KEPT,
        Cooldown::Member => cooldown::MEMBERS_KEPT,
    }
}

const fn between(which: Cooldown) -> &'static str {
    match which {
        Cooldown::Claim => said::COOLDOWN_CLAIM,
        Cooldown::Channel => said::COOLDOWN_CHANNEL,
        Cooldown::Member => said::COOLDOWN_MEMBER,
    }
}

fn until(now: Moment, length: Duration) -> Pause {
    if length > wording::LONGEST_PAUSE { Pause::Indefinite } else { Pause::Until(now.plus(length)) }
}
