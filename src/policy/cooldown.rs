//! What was said lately, and what that forbids. Knows no clock and no store: `now` is an argument, and the history is rebuilt from records.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use crate::model::claim::ClaimId;
use crate::policy::cards::Cards;
use crate::policy::place::{ChannelId, GuildId, MemberKey, MessageId, Moment, Situation};
use crate::policy::reason::Reason;
use crate::policy::settings::Settings;

/// Nothing older than this forbids anything, unless a claim's own cooldown is longer: a week bounds memory.
pub const KEPT: Duration = Duration::from_secs(7 * 24 * 3600);

/// An hour and a day, the two spans of the budgets.
const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// One answer, as far as it limits later ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past {
    /// The server; none in direct messages.
    pub guild: Option<GuildId>,
    /// The channel.
    pub channel: ChannelId,
    /// The message that was answered.
    pub message: MessageId,
    /// With what.
    pub claim: ClaimId,
    /// Whose message; none where that was not kept.
    pub member: Option<MemberKey>,
    /// When.
    pub at: Moment,
}

/// What was said lately.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// What moderators were asked and told.
    pub cards: Cards,
    channels: BTreeMap<ChannelId, VecDeque<Entry>>,
    guilds: BTreeMap<GuildId, VecDeque<Moment>>,
    members: BTreeMap<(Option<GuildId>, MemberKey), Moment>,
}

#[derive(Debug, Clone)]
struct Entry {
    message: MessageId,
    claim: ClaimId,
    at: Moment,
}

impl History {
    /// Adds an answer and forgets what is too old to matter.
    pub fn record(&mut self, past: &Past) {
        let entry = Entry { message: past.message, claim: past.claim.clone(), at: past.at };
        self.channels.entry(past.channel).or_default().push_back(entry);
        if let Some(guild) = past.guild {
            self.guilds.entry(guild).or_default().push_back(past.at);
        }
        if let Some(member) = past.member {
            self.note(past.guild, member, past.at);
        }
    }

    /// Takes an answer back, where it was never posted.
    pub fn retract(&mut self, channel: ChannelId, message: MessageId) {
        if let Some(entries) = self.channels.get_mut(&channel) {
            entries.retain(|entry| entry.message != message);
        }
    }

    /// Notes when a member was answered, where nothing else of the answer is known.
    pub fn note(&mut self, guild: Option<GuildId>, member: MemberKey, at: Moment) {
        let last = self.members.entry((guild, member)).or_default();
        *last = (*last).max(at);
    }

    /// Which members are remembered, by server.
    pub fn members(&self) -> Vec<(Option<GuildId>, MemberKey)> {
        self.members.keys().copied().collect()
    }

    /// Forgets that a member was answered, or that moderators were told of their message.
    pub fn forget(&mut self, guild: Option<GuildId>, member: MemberKey) {
        self.members.remove(&(guild, member));
        self.cards.forget(guild, member);
    }

    /// Forgets what is older than [`KEPT`].
    pub fn prune(&mut self, now: Moment) {
        let oldest = now.minus(KEPT);
        self.channels.retain(|_, entries| {
            entries.retain(|entry| entry.at >= oldest);
            !entries.is_empty()
        });
        self.guilds.retain(|_, times| {
            times.retain(|at| now.since(*at) < DAY);
            !times.is_empty()
        });
        self.members.retain(|_, at| now.since(*at) < DAY);
        self.cards.prune(now, KEPT);
    }

    /// The first reason not to answer this claim here and now, if there is one.
    pub fn forbids(
        &self,
        situation: &Situation,
        claim: &ClaimId,
        claim_cooldown: Option<Duration>,
        settings: &Settings,
        now: Moment,
    ) -> Option<Reason> {
        let within = |at: Moment, span: Duration| now.since(at) < span;
        let cooldown = claim_cooldown.unwrap_or(settings.cooldown_claim);
        if let Some(answered) = self.answered(situation, claim, cooldown, now) {
            return Some(answered);
        }
        let here = self.channels.get(&situation.channel);
        let any = |test: &dyn Fn(&Entry) -> bool| here.is_some_and(|past| past.iter().any(test));
        if any(&|entry| within(entry.at, settings.cooldown_channel)) {
            return Some(Reason::CooldownChannel);
        }
        let member = self.members.get(&(situation.guild, situation.member));
        if member.is_some_and(|at| within(*at, settings.cooldown_member)) {
            return Some(Reason::CooldownMember);
        }
        let said = |span| {
            situation
                .guild
                .and_then(|guild| self.guilds.get(&guild))
                .map_or(0, |times| times.iter().filter(|at| within(**at, span)).count())
        };
        let spent = |span, budget: u32| said(span) >= usize::try_from(budget).unwrap_or(usize::MAX);
        if spent(HOUR, settings.budget_hour) || spent(DAY, settings.budget_day) {
            return Some(Reason::Budget);
        }
        None
    }

    /// Whether the message, or the claim in this channel, was answered lately.
    pub fn answered(
        &self,
        situation: &Situation,
        claim: &ClaimId,
        cooldown: Duration,
        now: Moment,
    ) -> Option<Reason> {
        let here = self.channels.get(&situation.channel)?;
        if here.iter().any(|entry| entry.message == situation.message) {
            return Some(Reason::AlreadyAnswered);
        }
        let rests = |entry: &Entry| entry.claim == *claim && now.since(entry.at) < cooldown;
        here.iter().any(rests).then_some(Reason::CooldownClaim)
    }
}
