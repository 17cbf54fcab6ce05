//! The claims that contend for a message: where their phrasings fit it, and which of them fits better. Knows no threshold.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::matching::Matcher;
use crate::matching::align::{self, Alignment};
use crate::matching::assertion::{self, Stance};
use crate::matching::explain;
use crate::matching::pattern::{Origin, Pattern, Role};
use crate::matching::score::Features;
use crate::matching::vocabulary::Sighting;
use crate::model::explanation::{Assertion, Candidate};
use crate::model::score::Score;
use crate::text::Text;

/// A pattern where it fits best.
#[derive(Debug)]
pub(super) struct Fit<'a> {
    pattern: &'a Pattern,
    alignment: Alignment,
    features: Features,
    score: Score,
}

/// One claim's fits.
#[derive(Debug)]
pub(super) struct Contender<'a> {
    best: Fit<'a>,
    others: Vec<Fit<'a>>,
}

/// Phrasings whose scores differ by no more than this, in thousandths, say the message alike.
const ALIKE: u16 = 200;

/// A candidate below this score is not worth naming: 49 of 50 such messages are about something else.
const LEAST_SCORE: u16 = 20;

impl Matcher {
    /// Each claim's fits, the claims by their best one.
    pub(super) fn contenders(&self, text: &Text, with_near_misses: bool) -> Vec<Contender<'_>> {
        let sightings = self.vocabulary.sightings(&text.tokens, &self.rarity);
        let mut by_claim: BTreeMap<usize, Vec<Fit<'_>>> = BTreeMap::new();
        let mut near_misses: BTreeMap<usize, Vec<Fit<'_>>> = BTreeMap::new();
        for pattern in self.index.shortlist(&sightings) {
            let pattern = self.patterns.get(pattern);
            let Some(fit) = pattern.and_then(|pattern| self.fit(pattern, &sightings, text)) else {
                continue;
            };
            let near_miss = fit.pattern.origin.role == Role::NearMiss;
            let list = if near_miss { &mut near_misses } else { &mut by_claim };
            list.entry(fit.pattern.origin.claim).or_default().push(fit);
        }
        let mut contenders: Vec<Contender<'_>> =
            by_claim.into_values().filter_map(Contender::new).collect();
        let rivals: Vec<(usize, Features, Range<usize>)> = contenders
            .iter()
            .map(|one| (one.claim(), one.best.features, one.best.alignment.tokens.clone()))
            .collect();
        for one in &mut contenders {
            let near = near_misses.get(&one.claim()).map_or(&[][..], Vec::as_slice);
            let features = one.best.features;
            one.best.features.near_miss = with_near_misses
                && near.iter().any(|fit| fit.features.outdo(&features) && self.asserts(fit, text));
            one.best.features.rival = rivals.iter().any(|(other, rival, tokens)| {
                let here = &one.best.alignment.tokens;
                let overlap = tokens.start.max(here.start) < tokens.end.min(here.end);
                *other != one.claim() && overlap && rival.outdo(&features)
            });
            one.best.score = one.best.features.score();
        }
        contenders.retain(|one| one.best.score.thousandths() >= LEAST_SCORE);
        contenders.sort_by(|a, b| b.best.score.cmp(&a.best.score).then(a.claim().cmp(&b.claim())));
        contenders
    }

    fn asserts(&self, fit: &Fit<'_>, text: &Text) -> bool {
        self.read(fit, text).assertion == Assertion::Asserted
    }

    fn read(&self, fit: &Fit<'_>, text: &Text) -> Stance {
        assertion::read(fit.pattern, &fit.alignment, text, &self.cues)
    }

    fn fit<'a>(
        &'a self,
        pattern: &'a Pattern,
        sightings: &[Sighting],
        text: &Text,
    ) -> Option<Fit<'a>> {
        align::alignments(pattern, sightings, text)
            .into_iter()
            .map(|alignment| {
                let features = Features::measure(pattern, &alignment, text, &self.rarity);
                Fit { pattern, alignment, features, score: features.score() }
            })
            .reduce(|best, next| if next.is_better_than(&best) { next } else { best })
    }

    /// What the message does with a claim, and the fit that tells.
    ///
    /// A claim may be a negation ("nobody died"), and a phrasing without one may fit as well: there the
    /// message's own negation is no denial.
    pub(super) fn stance<'a>(&self, one: &'a Contender<'_>, text: &Text) -> (&'a Fit<'a>, Stance) {
        let stance = self.read(&one.best, text);
        if stance.assertion == Assertion::Denied && !stance.shares_negation {
            for fit in one.others.iter().filter(|fit| fit.score.raised_by(ALIKE) >= one.best.score)
            {
                let other = self.read(fit, text);
                if other.assertion == Assertion::Asserted && other.shares_negation {
                    return (fit, other);
                }
            }
        }
        (&one.best, stance)
    }

    /// The contender as a candidate.
    pub(super) fn candidate(&self, one: &Contender<'_>, text: &Text) -> Option<Candidate> {
        let (fit, stance) = self.stance(one, text);
        let Origin { claim, number, role } = fit.pattern.origin;
        let known = self.claims.get(claim)?;
        let counter = role == Role::Counter;
        let written = if counter { &known.counter_phrasings } else { &known.phrasings };
        let phrasing = written.get(number)?.clone();
        let tokens = text.tokens.get(fit.alignment.tokens.clone())?;
        let span = tokens.first()?.span.start..tokens.last()?.span.end;
        let explanation =
            explain::explain(fit.pattern, &fit.alignment, &one.best.features, text, stance.cues);
        Some(Candidate {
            claim: known.id.clone(),
            score: one.best.score,
            assertion: stance.assertion,
            counter,
            phrasing,
            span,
            explanation,
        })
    }
}

impl<'a> Contender<'a> {
    fn new(mut fits: Vec<Fit<'a>>) -> Option<Self> {
        let best = (0..fits.len()).reduce(|best, next| match (fits.get(best), fits.get(next)) {
            (Some(known), Some(fit)) if fit.is_better_than(known) => next,
            _ => best,
        })?;
        let best = fits.swap_remove(best);
        Some(Self { best, others: fits })
    }

    /// Which claim, by its place in the matcher's list.
    pub(super) fn claim(&self) -> usize {
        self.best.pattern.origin.claim
    }
}

impl Fit<'_> {
    /// Of two fits the likelier counts; of two alike the one with more evidence, then the tighter.
    fn is_better_than(&self, other: &Self) -> bool {
        let key = |fit: &Self| (fit.score, fit.features.mass, fit.features.tightness);
        let (mine, theirs) = (key(self), key(other));
        mine.0
            .cmp(&theirs.0)
            .then(mine.1.total_cmp(&theirs.1))
            .then(mine.2.total_cmp(&theirs.2))
            .is_gt()
    }
}
