//! What is done about the candidates of one message. Knows neither how they were found nor where an answer goes.

use std::ops::Range;
use std::time::Duration;

use crate::model::claim::{Claim, ClaimAction};
use crate::model::explanation::{Assertion, Candidate};
use crate::policy::cards::{CardKind, PastCard};
use crate::policy::cooldown::{History, Past};
use crate::policy::place::{Moment, Situation};
use crate::policy::reason::Reason;
use crate::policy::settings::{Mode, Settings};

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verb {
    /// Answer in the channel.
    Reply,
    /// Ask the moderators.
    Suggest,
    /// Tell the moderators, neutrally.
    Alert,
    /// Nothing.
    Silent,
}

impl Verb {
    /// The word in JSON and metrics.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Reply => "reply",
            Self::Suggest => "suggest",
            Self::Alert => "alert",
            Self::Silent => "silent",
        }
    }
}

/// What is done about one message, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// What.
    pub verb: Verb,
    /// Why.
    pub reason: Reason,
    /// Which of the candidates it is about; none without candidates.
    pub candidate: Option<usize>,
}

impl Decision {
    /// Silence without a candidate.
    pub const fn silent(reason: Reason) -> Self {
        Self { verb: Verb::Silent, reason, candidate: None }
    }
}

/// A candidate with the claim it names.
#[derive(Debug, Clone, Copy)]
pub struct Considered<'a> {
    /// The candidate.
    pub candidate: &'a Candidate,
    /// Its claim.
    pub claim: &'a Claim,
}

/// How many candidates a decision looks at: whoever asks for fewer or more decides differently, so
/// every caller of [`decide`] asks for these. Beyond five, what is left shares but a word or two.
pub const CONSIDERED: usize = 5;

/// Two claims whose scores differ by less than this, in thousandths, over the same words are one too many:
/// within the noise of the score nobody can say which was meant.
const AMBIGUITY_MARGIN: u16 = 40;

/// Decides about an admitted message. `considered` is ordered by falling score.
///
/// The message gets at most one answer: to the first candidate that nothing speaks against, and of those the first
/// that may be answered in the channel, where other words of the message assert it. Where
/// something speaks against each, the best candidate's reason is given.
pub fn decide(
    considered: &[Considered<'_>],
    situation: &Situation,
    settings: &Settings,
    history: &History,
    now: Moment,
) -> Decision {
    let mut first = None;
    let mut suggested: Option<Decision> = None;
    let mut spoken_for: Vec<&Range<usize>> = Vec::new();
    let mut denied: Vec<&Range<usize>> = Vec::new();
    for (at, one) in considered.iter().enumerate() {
        // Words that assert a claim which may not be answered here are no second claim's either.
        if spoken_for.iter().any(|span| overlap(span, &one.candidate.span)) {
            continue;
        }
        // Who denies the claim that fits best takes no side in an open question that the same words touch.
        if one.candidate.assertion == Assertion::Denied
            && denied.iter().any(|span| overlap(span, &one.candidate.span))
        {
            continue;
        }
        let judged = judge(at, considered, situation, settings, history, now);
        if matches!(judged, Err(Reason::Muted | Reason::CommandOnly)) {
            spoken_for.push(&one.candidate.span);
        }
        if judged == Err(Reason::Denied) {
            denied.push(&one.candidate.span);
        }
        let decision = match judged {
            Ok(_) if settings.mode == Mode::Watch => {
                Decision { verb: Verb::Silent, reason: Reason::Watch, candidate: Some(at) }
            }
            Ok(verb) => Decision { verb, reason: Reason::Asserted, candidate: Some(at) },
            Err(reason) => Decision { verb: Verb::Silent, reason, candidate: Some(at) },
        };
        if judged.is_ok() {
            if let Some(suggested) = suggested {
                // What is answered in the channel goes before what waits for a moderator.
                return if judged == Ok(Verb::Reply) { decision } else { suggested };
            }
            if one.claim.action == ClaimAction::Suggest {
                suggested = Some(decision);
                spoken_for.push(&one.candidate.span);
                continue;
            }
            return decision;
        }
        // What limits the place limits every candidate: a second claim is no way round it.
        if asserts(one) && matches!(judged, Err(reason) if reason > Reason::CommandOnly) {
            return suggested.unwrap_or(decision);
        }
        first.get_or_insert(decision);
    }
    suggested.or(first).unwrap_or(Decision::silent(Reason::NoCandidate))
}

/// Whether the message asserts what we answer: in a question answered to both sides alike a denial
/// is the other side's assertion.
fn asserts(one: &Considered<'_>) -> bool {
    match one.candidate.assertion {
        Assertion::Asserted => true,
        Assertion::Denied => one.claim.answers_both_sides(),
        Assertion::Asked | Assertion::Quoted | Assertion::Reported | Assertion::Imagined => false,
    }
}

fn judge(
    at: usize,
    considered: &[Considered<'_>],
    situation: &Situation,
    settings: &Settings,
    history: &History,
    now: Moment,
) -> Result<Verb, Reason> {
    let Some(one) = considered.get(at) else { return Err(Reason::NoCandidate) };
    let (candidate, claim) = (one.candidate, one.claim);
    if candidate.score < settings.threshold_of(claim, now) {
        return Err(Reason::BelowThreshold);
    }
    if !asserts(one) {
        return Err(candidate.assertion.into());
    }
    if rivalled(at, considered) {
        return Err(Reason::Ambiguous);
    }
    if settings.mutes(claim) {
        return Err(Reason::Muted);
    }
    let verb = match (claim.action, settings.mode) {
        (ClaimAction::Command, _) => return Err(Reason::CommandOnly),
        (ClaimAction::Alert, _) => Verb::Alert,
        (ClaimAction::Suggest, _) | (ClaimAction::Reply, Mode::Suggest) => Verb::Suggest,
        (ClaimAction::Reply, Mode::Off | Mode::Watch | Mode::Reply) => Verb::Reply,
    };
    if let Some(reason) = limited(verb, claim, situation, settings, history, now) {
        return Err(reason);
    }
    if matches!(verb, Verb::Suggest | Verb::Alert) && !settings.has_review_channel {
        return Err(Reason::NoReviewChannel);
    }
    Ok(verb)
}

/// What was said or asked before, as far as it forbids this. Moderators decide about a suggestion, so
/// that only its own kind limits it, and an answer to the same; nothing that was said hides an alert.
fn limited(
    verb: Verb,
    claim: &Claim,
    situation: &Situation,
    settings: &Settings,
    history: &History,
    now: Moment,
) -> Option<Reason> {
    let id = &claim.id;
    let cooldown: Duration = claim.cooldown.unwrap_or(settings.cooldown_claim);
    let carded = |kind| history.cards.forbids(kind, situation, id, cooldown, now);
    match verb {
        Verb::Reply => history.forbids(situation, id, claim.cooldown, settings, now),
        Verb::Suggest => {
            history.answered(situation, id, cooldown, now).or_else(|| carded(CardKind::Suggestion))
        }
        Verb::Alert => carded(CardKind::Alert),
        Verb::Silent => None,
    }
}

/// What is done about a claim that nothing speaks against, in a channel that replies.
pub const fn would(action: ClaimAction) -> Verb {
    match action {
        ClaimAction::Suggest => Verb::Suggest,
        ClaimAction::Alert => Verb::Alert,
        ClaimAction::Reply | ClaimAction::Command => Verb::Reply,
    }
}

/// Remembers a decision about a claim as far as it limits what comes after; in mode watch as if
/// something had been said.
pub fn remember(history: &mut History, decision: &Decision, claim: &Claim, past: &Past) {
    let verb = match (decision.verb, decision.reason) {
        (Verb::Silent, Reason::Watch) => would(claim.action),
        (verb, _) => verb,
    };
    let kind = match verb {
        Verb::Silent => return,
        Verb::Reply => return history.record(past),
        Verb::Suggest => CardKind::Suggestion,
        Verb::Alert => CardKind::Alert,
    };
    let Past { guild, channel, claim, member, at, .. } = past;
    let (guild, channel, member, at) = (*guild, *channel, *member, *at);
    history.cards.record(PastCard { kind, guild, channel, claim, member, at });
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start.max(b.start) < a.end.min(b.end)
}

/// Whether another claim fits the same words equally well.
fn rivalled(at: usize, considered: &[Considered<'_>]) -> bool {
    let Some(one) = considered.get(at) else { return false };
    considered.iter().enumerate().any(|(other_at, other)| {
        let gap = one.candidate.score.thousandths().abs_diff(other.candidate.score.thousandths());
        other_at != at
            && overlap(&one.candidate.span, &other.candidate.span)
            && asserts(other)
            && gap < AMBIGUITY_MARGIN
            // Neighbours that name each other were parted on purpose: there the better score is trusted.
            && !one.claim.related.contains(&other.claim.id)
            && !other.claim.related.contains(&one.claim.id)
    })
}
