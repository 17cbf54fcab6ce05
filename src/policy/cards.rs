//! How often moderators are asked or told something. Knows no clock and no store: `now` is an argument, and a restart forgets whose message a card was about.
//!
//! **Invariant:** of a member it knows only when there was last a card, under a keyed hash, for an hour.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use crate::model::claim::ClaimId;
use crate::policy::place::{ChannelId, GuildId, MemberKey, Moment, Situation};
use crate::policy::reason::Reason;

/// One card of a kind about a member within this time: whoever writes on writes about the same thing.
pub const MEMBER_RESTS: Duration = Duration::from_secs(3600);

/// More cards of a kind than these in an hour are a flood and no longer read one by one: one in
/// three minutes.
pub const CARDS_AN_HOUR: usize = 20;

/// The span of that limit.
const HOUR: Duration = Duration::from_secs(3600);

/// What a card is for. Each kind has limits of its own: suggestions never hide an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CardKind {
    /// Asks whether a reply shall be posted.
    Suggestion,
    /// Tells of a message that may touch the rules of the server.
    Alert,
}

/// What became of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CardState {
    /// It waits for a decision, or tells something that needs none.
    Open,
    /// The reply was to be posted.
    Posted,
    /// Not this time.
    Declined,
    /// The message did not say this.
    WrongMatch,
    /// The claim is not answered there any more.
    Muted,
    /// Nobody decided in time.
    Expired,
    /// The message is gone, or says something else now.
    Gone,
    /// It was not shown: Discord refused it, or it was kept back at the last moment.
    Unshown,
}

impl CardState {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Open,
        Self::Posted,
        Self::Declined,
        Self::WrongMatch,
        Self::Muted,
        Self::Expired,
        Self::Gone,
        Self::Unshown,
    ];

    /// The word in the store.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Posted => "posted",
            Self::Declined => "declined",
            Self::WrongMatch => "wrong-match",
            Self::Muted => "muted",
            Self::Expired => "expired",
            Self::Gone => "gone",
            Self::Unshown => "unshown",
        }
    }

    /// The state of this name.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// The cards of late, as far as they limit further ones.
#[derive(Debug, Clone, Default)]
pub struct Cards {
    members: BTreeMap<(Option<GuildId>, MemberKey, CardKind), Moment>,
    servers: BTreeMap<(Option<GuildId>, CardKind), VecDeque<Moment>>,
    suggested: BTreeMap<(ChannelId, ClaimId), Moment>,
}

/// One card, as far as it limits later ones.
#[derive(Debug, Clone, Copy)]
pub struct PastCard<'a> {
    /// What for.
    pub kind: CardKind,
    /// The server.
    pub guild: Option<GuildId>,
    /// The channel of the message.
    pub channel: ChannelId,
    /// About which claim.
    pub claim: &'a ClaimId,
    /// Whose message; none where that was not kept.
    pub member: Option<MemberKey>,
    /// When.
    pub at: Moment,
}

impl Cards {
    /// Adds a card.
    pub fn record(&mut self, card: PastCard<'_>) {
        let PastCard { kind, guild, channel, claim, member, at } = card;
        self.servers.entry((guild, kind)).or_default().push_back(at);
        if kind == CardKind::Suggestion {
            let last = self.suggested.entry((channel, claim.clone())).or_default();
            *last = (*last).max(at);
        }
        if let Some(member) = member {
            let last = self.members.entry((guild, member, kind)).or_default();
            *last = (*last).max(at);
        }
    }

    /// The first reason not to make a card of this kind here and now, if there is one. A suggestion
    /// rests as long as an answer would; a message that touches the rules does so however many did before.
    pub fn forbids(
        &self,
        kind: CardKind,
        situation: &Situation,
        claim: &ClaimId,
        cooldown: Duration,
        now: Moment,
    ) -> Option<Reason> {
        let within = |at: Option<&Moment>, span| at.is_some_and(|at| now.since(*at) < span);
        let suggested = self.suggested.get(&(situation.channel, claim.clone()));
        if kind == CardKind::Suggestion && within(suggested, cooldown) {
            return Some(Reason::CooldownClaim);
        }
        let member = self.members.get(&(situation.guild, situation.member, kind));
        if within(member, MEMBER_RESTS) {
            return Some(Reason::CooldownMember);
        }
        let lately = self
            .servers
            .get(&(situation.guild, kind))
            .map_or(0, |times| times.iter().filter(|at| within(Some(*at), HOUR)).count());
        (lately >= CARDS_AN_HOUR).then_some(Reason::Budget)
    }

    /// Forgets a member's cards.
    pub fn forget(&mut self, guild: Option<GuildId>, member: MemberKey) {
        self.members.retain(|(server, one, _), _| (*server, *one) != (guild, member));
    }

    /// Forgets what is too old to matter; suggestions after `kept`.
    pub fn prune(&mut self, now: Moment, kept: Duration) {
        self.members.retain(|_, at| now.since(*at) < MEMBER_RESTS);
        self.suggested.retain(|_, at| now.since(*at) < kept);
        self.servers.retain(|_, times| {
            times.retain(|at| now.since(*at) < HOUR);
            !times.is_empty()
        });
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{CARDS_AN_HOUR, CardKind, Cards, MEMBER_RESTS, PastCard};
    use crate::model::claim::ClaimId;
    use crate::policy::place::{
        AuthorKind, ChannelId, GuildId, MemberKey, MessageId, Moment, Situation, UserId,
    };
    use crate::policy::reason::Reason;

    const NOW: Moment = Moment(1_000_000_000);
    const REST: Duration = Duration::from_secs(12 * 3600);

    fn claim(id: &str) -> ClaimId {
        ClaimId::new(id).expect("an id")
    }

    fn by(member: u64, channel: u64) -> Situation {
        Situation {
            guild: Some(GuildId(1)),
            channel: ChannelId(channel),
            message: MessageId(1),
            author: UserId(member),
            author_kind: AuthorKind::Member,
            member: MemberKey(member),
            roles: Vec::new(),
            opted_out: false,
            permitted: true,
            overloaded: false,
        }
    }

    fn card(kind: CardKind, claim: &ClaimId, member: Option<u64>) -> PastCard<'_> {
        let guild = Some(GuildId(1));
        let member = member.map(MemberKey);
        PastCard { kind, guild, channel: ChannelId(2), claim, member, at: NOW }
    }

    #[test]
    fn a_member_has_one_card_of_a_kind_an_hour_whatever_it_is_about() {
        let (horns, fat) = (claim("horns"), claim("fat"));
        let mut cards = Cards::default();
        cards.record(card(CardKind::Suggestion, &horns, Some(5)));
        let forbids = |cards: &Cards, kind, member, channel, claim, after| {
            let now = NOW.plus(after);
            cards.forbids(kind, &by(member, channel), claim, REST, now)
        };
        let (suggestion, alert, zero) = (CardKind::Suggestion, CardKind::Alert, Duration::ZERO);
        let member = Some(Reason::CooldownMember);
        assert_eq!(forbids(&cards, suggestion, 5, 3, &fat, zero), member);
        assert_eq!(forbids(&cards, suggestion, 5, 3, &fat, MEMBER_RESTS), None);
        assert_eq!(forbids(&cards, suggestion, 6, 3, &horns, zero), None, "another channel");
        assert_eq!(forbids(&cards, suggestion, 6, 2, &fat, zero), None, "another claim");
        assert_eq!(forbids(&cards, suggestion, 6, 2, &horns, zero), Some(Reason::CooldownClaim));
        assert_eq!(forbids(&cards, suggestion, 6, 2, &horns, REST), None);
        assert_eq!(forbids(&cards, alert, 5, 2, &horns, zero), None, "an alert is never hidden");
        cards.record(card(alert, &horns, Some(5)));
        assert_eq!(forbids(&cards, alert, 5, 2, &horns, zero), member);
        assert_eq!(forbids(&cards, alert, 6, 2, &horns, zero), None, "nor by another member's");
        cards.forget(Some(GuildId(1)), MemberKey(5));
        assert_eq!(forbids(&cards, alert, 5, 2, &horns, zero), None);
    }

    #[test]
    fn a_flood_ends_after_so_many_an_hour() {
        let horns = claim("horns");
        let mut cards = Cards::default();
        for _ in 0..CARDS_AN_HOUR {
            cards.record(card(CardKind::Alert, &horns, None));
        }
        let forbids = |cards: &Cards, kind, now| cards.forbids(kind, &by(9, 9), &horns, REST, now);
        assert_eq!(forbids(&cards, CardKind::Alert, NOW), Some(Reason::Budget));
        assert_eq!(forbids(&cards, CardKind::Suggestion, NOW), None);
        let later = NOW.plus(Duration::from_secs(3600));
        assert_eq!(forbids(&cards, CardKind::Alert, later), None);
        cards.prune(later, REST);
        assert!(cards.servers.is_empty() && cards.members.is_empty());
    }
}
