//! Asks what would be done about one message, as `footnote match` does. Knows no channel: it assumes one in mode reply without history.

use crate::matching::Matcher;
use crate::model::catalog::Catalog;
use crate::model::claim::Claim;
use crate::model::explanation::Candidate;
use crate::model::score::Score;
use crate::policy::cooldown::History;
use crate::policy::decide::{CONSIDERED, Considered, Decision, decide};
use crate::policy::place::{
    AuthorKind, ChannelId, MemberKey, MessageId, Moment, Situation, UserId,
};
use crate::policy::settings::{Mode, Settings};
use crate::text;

/// A channel in mode reply with default settings, a moderators' channel, and nothing said before.
#[derive(Debug)]
pub struct Trial<'a> {
    catalog: &'a Catalog,
    matcher: &'a Matcher,
    situation: Situation,
    settings: Settings,
    history: History,
}

/// What would be done about a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// What, and why.
    pub decision: Decision,
    /// What was found, best first.
    pub candidates: Vec<Candidate>,
}

impl Outcome {
    /// The candidate that the decision is about.
    pub fn chosen(&self) -> Option<&Candidate> {
        self.decision.candidate.and_then(|at| self.candidates.get(at))
    }
}

impl<'a> Trial<'a> {
    /// `matcher` was built from `catalog`.
    pub fn new(catalog: &'a Catalog, matcher: &'a Matcher) -> Self {
        let situation = Situation {
            guild: None,
            channel: ChannelId(0),
            message: MessageId(0),
            author: UserId(0),
            author_kind: AuthorKind::Member,
            member: MemberKey(0),
            roles: Vec::new(),
            opted_out: false,
            permitted: true,
            overloaded: false,
        };
        let settings =
            Settings { mode: Mode::Reply, has_review_channel: true, ..Settings::default() };
        Self { catalog, matcher, situation, settings, history: History::default() }
    }

    /// What would be done about a message of these words. `top` candidates are named at the most,
    /// and never fewer are considered than [`CONSIDERED`].
    pub fn decide(&self, words: &str, top: usize) -> Outcome {
        let mut candidates = self.matcher.find(&text::read(words), top.max(CONSIDERED));
        // A candidate without a claim would shift the indices of a decision.
        candidates.retain(|candidate| self.catalog.claim(candidate.claim.as_str()).is_some());
        let considered: Vec<Considered<'_>> = candidates
            .iter()
            .take(CONSIDERED)
            .filter_map(|candidate| {
                let claim = self.catalog.claim(candidate.claim.as_str())?;
                Some(Considered { candidate, claim })
            })
            .collect();
        let decision =
            decide(&considered, &self.situation, &self.settings, &self.history, Moment(0));
        Outcome { decision, candidates }
    }

    /// The least score at which a claim is answered.
    pub fn threshold(&self, claim: &Claim) -> Score {
        self.settings.threshold.max(claim.threshold.unwrap_or_default())
    }

    /// Which phrasing of its claim a candidate shows: whether a counter-phrasing, and its place among them.
    pub fn phrasing(&self, candidate: &Candidate) -> Option<(bool, usize)> {
        let claim = self.catalog.claim(candidate.claim.as_str())?;
        let side = if candidate.counter { &claim.counter_phrasings } else { &claim.phrasings };
        let at = side.iter().position(|phrasing| phrasing.text == candidate.phrasing)?;
        Some((candidate.counter, at))
    }
}
