//! What moderators ask for. Permissions are checked here again, since a server can change who sees a command.

use std::time::Duration;

use crate::app::App;
use crate::app::ask::{Ask, Change, Cooldown, Pointed};
use crate::app::event::{Action, Fetch, Request};
use crate::app::requests::say;
use crate::model::claim::ClaimId;
use crate::policy::cooldown;
use crate::policy::layers::{ChannelLayer, Tuning};
use crate::policy::permission::Permissions;
use crate::policy::place::{ChannelId, GuildId, Moment};
use crate::policy::settings::Pause;
use crate::reply::{wording, wording_moderators as said};

/// It is remembered for a day that a member was answered, so a longer rest would be a promise that
/// we cannot keep.
const LONGEST_MEMBER_COOLDOWN: Duration = Duration::from_secs(24 * 3600);

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
                kept(changed, |_| said::mode_set(channel, mode, has_review))
            }
            Ask::Pause(length) => {
                let pause = length.map_or(Pause::Indefinite, |length| until(now, length));
                self.set_pause(guild, pause, now)
            }
            Ask::Resume => self.set_pause(guild, Pause::None, now),
            Ask::UnclearDuration => wording::UNCLEAR_DURATION.to_owned(),
            Ask::Status(survey) => self.status(guild, &survey, now),
            Ask::Why(Pointed::At(target)) => return Action::Fetch(Fetch { request, target }),
            Ask::Why(Pointed::Hidden) => said::MESSAGE_NOT_SEEN.to_owned(),
            Ask::Why(Pointed::Unclear) => said::UNCLEAR_MESSAGE.to_owned(),
            Ask::Settings(channel, parent) => self.settings_table(guild, channel, parent),
            Ask::Set(channel, change) => self.set(guild, channel, change),
            Ask::Show(_)
            | Ask::Search(_)
            | Ask::Complete(_)
            | Ask::Quiet(_)
            | Ask::Privacy
            | Ask::MyData
            | Ask::ForgetMe
            | Ask::Find(_)
            | Ask::Unknown => wording::UNKNOWN_COMMAND.to_owned(),
        };
        say(&request, &words)
    }

    /// What is said of a pause is true only once it is kept.
    fn set_pause(&self, guild: GuildId, pause: Pause, now: Moment) -> String {
        let Ok(before) = self.change_pause(guild, pause) else {
            return wording::NOT_KEPT.to_owned();
        };
        match pause {
            Pause::None if before.holds(now) => wording::RESUMED.to_owned(),
            Pause::None => wording::NOT_PAUSED.to_owned(),
            Pause::Until(end) => wording::paused_until(end),
            Pause::Indefinite => wording::PAUSED.to_owned(),
        }
    }

    /// Changes a setting of a channel, or of the whole server.
    fn set(&self, guild: GuildId, channel: Option<ChannelId>, change: Change) -> String {
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
            Change::Review(review) => said::review_set(*review),
            Change::Unclear => return said::UNCLEAR_VALUE.to_owned(),
        };
        let changed = match channel {
            Some(channel) => self
                .change_channel(guild, channel, |layer: &mut ChannelLayer| {
                    apply(&mut layer.tuning, change);
                })
                .map(|_| ()),
            None => self.change_server(guild, |layer| apply(&mut layer.tuning, change)).map(|_| ()),
        };
        kept(changed, |()| said::scoped(&words, channel))
    }

    fn knows(&self, claim: &ClaimId) -> bool {
        self.live.load().catalog.claim(claim.as_str()).is_some()
    }
}

/// What is said of a change is true only once it is kept.
fn kept<T, E>(changed: Result<T, E>, words: impl FnOnce(T) -> String) -> String {
    changed.map_or_else(|_| wording::NOT_KEPT.to_owned(), words)
}

fn apply(tuning: &mut Tuning, change: Change) {
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
        Change::Review(review) => tuning.review_channel = review,
        Change::Unclear => {}
    }
}

const fn longest(which: Cooldown) -> Duration {
    match which {
        Cooldown::Claim | Cooldown::Channel => cooldown::KEPT,
        Cooldown::Member => LONGEST_MEMBER_COOLDOWN,
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
