//! What was said lately, and what that forbids. Knows no clock and no store: `now` is an argument, and the history is rebuilt from records.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use crate::model::claim::{ClaimId, LONGEST_COOLDOWN};
use crate::policy::cards::Cards;
use crate::policy::place::{ChannelId, GuildId, MemberKey, MessageId, Moment, Situation};
use crate::policy::reason::Reason;
use crate::policy::settings::Settings;

/// Nothing older than this forbids anything: no cooldown of a claim or a channel may be longer.
pub const KEPT: Duration = LONGEST_COOLDOWN;

/// No cooldown of a member may be longer: it is remembered for a day that they were answered.
pub const MEMBERS_KEPT: Duration = DAY;

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
    members: BTreeMap<(Option<GuildId>, MemberKey), Vec<Moment>>,
}

#[derive(Debug, Clone)]
struct Entry {
    guild: Option<GuildId>,
    message: MessageId,
    claim: ClaimId,
    member: Option<MemberKey>,
    at: Moment,
}

/// What a member was given back with an answer that was never posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Returned {
    /// The server; none in direct messages.
    pub guild: Option<GuildId>,
    /// Who.
    pub member: MemberKey,
    /// When they were last answered, as far as that is known.
    pub last: Option<Moment>,
}

impl History {
    /// Adds an answer and forgets what is too old to matter.
    pub fn record(&mut self, past: &Past) {
        let Past { guild, message, member, at, .. } = *past;
        let entry = Entry { guild, message, claim: past.claim.clone(), member, at };
        self.channels.entry(past.channel).or_default().push_back(entry);
        if let Some(guild) = past.guild {
            self.guilds.entry(guild).or_default().push_back(past.at);
        }
        if let Some(member) = past.member {
            self.note(past.guild, member, past.at);
        }
    }

    /// Takes the newest answer to a message back, which was never posted: it costs nobody anything,
    /// neither the channel nor the server's budget nor the member. What stood, be it for a moment,
    /// is not taken back.
    pub fn retract(&mut self, channel: ChannelId, message: MessageId) -> Option<Returned> {
        let entries = self.channels.get_mut(&channel)?;
        let at = entries.iter().rposition(|entry| entry.message == message)?;
        let Entry { guild, member, at, .. } = entries.remove(at)?;
        if let Some(times) = guild.and_then(|guild| self.guilds.get_mut(&guild))
            && let Some(spent) = times.iter().rposition(|one| *one == at)
        {
            times.remove(spent);
        }
        let member = member?;
        let times = self.members.get_mut(&(guild, member))?;
        if let Some(rest) = times.iter().rposition(|one| *one == at) {
            times.remove(rest);
        }
        let last = times.iter().max().copied();
        if last.is_none() {
            self.members.remove(&(guild, member));
        }
        Some(Returned { guild, member, last })
    }

    /// Notes when a member was answered, where nothing else of the answer is known.
    pub fn note(&mut self, guild: Option<GuildId>, member: MemberKey, at: Moment) {
        self.members.entry((guild, member)).or_default().push(at);
    }

    /// Which members are remembered, by server.
    pub fn members(&self) -> Vec<(Option<GuildId>, MemberKey)> {
        self.members.keys().copied().collect()
    }

    /// Forgets that a member was answered, or that moderators were told of their message.
    pub fn forget(&mut self, guild: Option<GuildId>, member: MemberKey) {
        self.members.remove(&(guild, member));
        for entry in self.channels.values_mut().flatten() {
            entry.member = entry.member.filter(|one| *one != member);
        }
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
        self.members.retain(|_, times| {
            times.retain(|at| now.since(*at) < MEMBERS_KEPT);
            !times.is_empty()
        });
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
        if member.is_some_and(|times| times.iter().any(|at| within(*at, settings.cooldown_member)))
        {
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
