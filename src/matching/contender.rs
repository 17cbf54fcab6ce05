//! The claims that contend for a message: where their phrasings fit it, and which of them fits better. Knows no threshold.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::matching::Matcher;
use crate::matching::align::{Alignment, Layout};
use crate::matching::around::Around;
use crate::matching::cues::Section;
use crate::matching::effort::{self, Effort};
use crate::matching::explain;
use crate::matching::pattern::{Origin, Pattern, Role};
use crate::matching::rarity::LEAST_WEIGHT;
use crate::matching::score::Features;
use crate::matching::vocabulary::Sighting;
use crate::matching::weights::MOST_BY_LETTERS;
use crate::model::explanation::Candidate;
use crate::model::score::Score;
use crate::text::Text;

/// A pattern where it fits best.
#[derive(Debug)]
pub(super) struct Fit<'a> {
    pub(super) pattern: &'a Pattern,
    pub(super) alignment: Alignment,
    pub(super) features: Features,
    pub(super) score: Score,
    log_odds: f32,
}

/// One claim's fits.
#[derive(Debug)]
pub(super) struct Contender<'a> {
    pub(super) best: Fit<'a>,
    pub(super) others: Vec<Fit<'a>>,
}

/// What the contenders of a message are looked for under.
#[derive(Debug, Clone, Copy)]
pub(super) struct Given {
    /// Whether near misses speak against a claim.
    pub(super) near_misses: bool,
    /// A phrasing or near miss that counts as not written.
    pub(super) left_out: Option<Origin>,
    /// Log-odds below which a contender is not wanted: it need not be measured to the end.
    pub(super) least: f32,
}

impl Default for Given {
    fn default() -> Self {
        Self { near_misses: true, left_out: None, least: f32::NEG_INFINITY }
    }
}

impl Matcher {
    /// Each claim's fits, the claims by their best one.
    pub(super) fn contenders(&self, text: &Text, given: &Given) -> Vec<Contender<'_>> {
        self.contenders_counted(text, given, &mut Effort::default())
    }

    /// The same, counting the steps.
    pub(super) fn contenders_counted(
        &self,
        text: &Text,
        given: &Given,
        effort: &mut Effort,
    ) -> Vec<Contender<'_>> {
        let sightings = self.vocabulary.see(&text.tokens, &self.rarity, effort);
        let weights = self.weights(text);
        let mut by_claim: BTreeMap<usize, Vec<Fit<'_>>> = BTreeMap::new();
        let mut near_misses: BTreeMap<usize, Vec<Fit<'_>>> = BTreeMap::new();
        let shortlist = self.index.shortlist(&sightings);
        let patterns = shortlist.patterns.into_iter().filter_map(|at| self.patterns.get(at));
        let patterns = patterns.filter(|pattern| given.left_out != Some(pattern.origin));
        for fit in Self::fits(patterns, &sightings, text, &weights, effort) {
            let near_miss = fit.pattern.origin.role == Role::NearMiss;
            let list = if near_miss { &mut near_misses } else { &mut by_claim };
            list.entry(fit.pattern.origin.claim).or_default().push(fit);
        }
        let mut contenders: Vec<Contender<'_>> =
            by_claim.into_values().filter_map(Contender::new).collect();
        for one in &mut contenders {
            self.weigh(one, text, &sightings, &weights);
        }
        if contenders.is_empty() {
            return contenders;
        }
        let bag = |claim: usize| self.bag(claim, &sightings, &weights).iter().sum::<f32>();
        let bags: Vec<(usize, f32)> =
            shortlist.claims.into_iter().map(|claim| (claim, bag(claim))).collect();
        for one in &mut contenders {
            let others = bags.iter().filter(|(claim, _)| *claim != one.claim());
            let next = others.map(|(_, bag)| *bag).fold(0.0, f32::max);
            one.best.features.lead = lead(one.best.features.bag, next);
        }
        self.compare_letters(&mut contenders, text, given.least);
        let rivals: Vec<(usize, Features, Range<usize>)> = contenders
            .iter()
            .map(|one| (one.claim(), one.best.features, one.best.alignment.tokens.clone()))
            .collect();
        for one in &mut contenders {
            let near = near_misses.get(&one.claim()).map_or(&[][..], Vec::as_slice);
            let features = one.best.features;
            let mut read = 0;
            one.best.features.near_miss = given.near_misses
                && near.iter().any(|fit| {
                    let strewn = fit.features.crosses && !features.crosses;
                    // A longer phrasing that is met as wholly says more than the one that fits best.
                    let stands = one.others.iter().any(|other| {
                        other.features.is_whole() && !fit.features.outdo(&other.features)
                    });
                    if strewn || stands || read == effort::READ || !fit.features.outdo(&features) {
                        return false;
                    }
                    read += 1;
                    self.asserts(fit, text, effort)
                });
            one.best.features.rival = rivals.iter().any(|(other, rival, tokens)| {
                let here = &one.best.alignment.tokens;
                let overlap = tokens.start.max(here.start) < tokens.end.min(here.end);
                *other != one.claim() && overlap && rival.outdo(&features)
            });
            one.best.log_odds = one.best.features.log_odds();
            one.best.score = one.best.features.score();
        }
        contenders.sort_by(|a, b| {
            b.best.log_odds.total_cmp(&a.best.log_odds).then(a.claim().cmp(&b.claim()))
        });
        contenders
    }

    /// One claim's fits, weighed beside the words that other claims have in the message, but without their fits:
    /// whether one of them is a rival is left open.
    pub(super) fn contender(&self, claim: usize, text: &Text) -> Option<Contender<'_>> {
        let sightings = self.vocabulary.sightings(&text.tokens, &self.rarity);
        let weights = self.weights(text);
        let shortlist = self.index.shortlist(&sightings);
        let phrasings: Vec<&Pattern> = shortlist
            .patterns
            .into_iter()
            .filter_map(|at| self.patterns.get(at))
            .filter(|pattern| pattern.origin.role != Role::NearMiss)
            .collect();
        let own = phrasings.iter().filter(|pattern| pattern.origin.claim == claim);
        let own = own.copied();
        let fits = Self::fits(own, &sightings, text, &weights, &mut Effort::default());
        let mut one = Contender::new(fits)?;
        self.weigh(&mut one, text, &sightings, &weights);
        let others = shortlist.claims.into_iter().filter(|other| *other != claim);
        let bag = |other: usize| self.bag(other, &sightings, &weights).iter().sum::<f32>();
        let next = others.map(bag).fold(0.0, f32::max);
        one.best.features.lead = lead(one.best.features.bag, next);
        one.beside_rival(false);
        Some(one)
    }

    /// Measures how much of the spelling of stated claims the message has, of those that it may raise to `least`.
    fn compare_letters(&self, contenders: &mut [Contender<'_>], text: &Text, least: f32) {
        let within_reach: Vec<&mut Contender<'_>> = contenders
            .iter_mut()
            .filter(|one| one.best.features.stated)
            .filter(|one| one.best.features.log_odds() + MOST_BY_LETTERS >= least)
            .collect();
        if within_reach.is_empty() {
            return;
        }
        let seen = self.letters.seen(&text.tokens);
        let mut most = f32::MIN_POSITIVE;
        let mut compared = Vec::with_capacity(within_reach.len());
        for one in within_reach {
            let shared = self.letters.shared(one.claim(), &seen);
            most = most.max(shared.relevance);
            compared.push((one, shared));
        }
        for (one, shared) in compared {
            one.best.features.letters = shared.share;
            one.best.features.likeness = shared.relevance / most;
        }
    }

    /// The weight of each of a message's words, in nats.
    fn weights(&self, text: &Text) -> Vec<f32> {
        let mut weights: Vec<f32> =
            text.tokens.iter().map(|token| self.rarity.weight(&token.stem, 0)).collect();
        // Slang is rarer in the messages that were counted than where people chat, and says nothing either way.
        for place in self.cues.all(Section::Particle, &text.tokens) {
            weights.get_mut(place).into_iter().flatten().for_each(|weight| *weight = LEAST_WEIGHT);
        }
        weights
    }

    /// Measures what the message has of the claim beside the phrasing that fits best.
    fn weigh(&self, one: &mut Contender<'_>, text: &Text, sightings: &[Sighting], weights: &[f32]) {
        let bag = self.bag(one.claim(), sightings, weights);
        one.best.features.bag = bag.iter().sum();
        let sentences = one.best.alignment.sentences(text);
        one.best.features.around =
            Around::measure(&one.best.alignment, text, weights, &bag, &self.cues);
        one.best.features.sentence_bag = bag.get(sentences).unwrap_or(&[]).iter().sum();
        let other = |fit: &Fit<'_>| {
            let same = fit.pattern.origin.number == one.best.pattern.origin.number;
            if same { 0.0 } else { fit.features.mass }
        };
        one.best.features.support = one.others.iter().map(other).fold(0.0, f32::max);
    }

    /// The weight of each of the message's words, 0 where no phrasing of the claim has it.
    fn bag(&self, claim: usize, sightings: &[Sighting], weights: &[f32]) -> Vec<f32> {
        let vocabulary = self.claims.get(claim).map_or(&[][..], |known| known.terms.as_slice());
        let mut seen = vec![0.0_f32; weights.len()];
        for sighting in sightings.iter().filter(|s| vocabulary.binary_search(&s.term).is_ok()) {
            for at in sighting.tokens() {
                if let Some(worth) = seen.get_mut(at) {
                    *worth = worth.max(sighting.worth);
                }
            }
        }
        seen.iter().zip(weights).map(|(worth, weight)| worth * weight).collect()
    }

    /// Each pattern where it fits best.
    fn fits<'a>(
        patterns: impl Iterator<Item = &'a Pattern>,
        sightings: &[Sighting],
        text: &Text,
        weights: &[f32],
        effort: &mut Effort,
    ) -> Vec<Fit<'a>> {
        let mut layouts: Vec<Layout<'a>> =
            patterns.map(|pattern| Layout::new(pattern, sightings, text)).collect();
        Layout::limit(&mut layouts);
        let fit = |layout: &Layout<'a>| Self::fit(layout, text, weights, effort);
        let fits: Vec<Fit<'a>> = layouts.iter().filter_map(fit).collect();
        // Rather nothing than a phrasing without the near misses that would have come behind it.
        if effort.is_spent() { Vec::new() } else { fits }
    }

    fn fit<'a>(
        layout: &Layout<'a>,
        text: &Text,
        weights: &[f32],
        effort: &mut Effort,
    ) -> Option<Fit<'a>> {
        let pattern = layout.pattern;
        layout
            .alignments(text, effort)
            .map(|alignment| {
                let features = Features::measure(pattern, &alignment, text, weights);
                Fit {
                    pattern,
                    alignment,
                    features,
                    score: features.score(),
                    log_odds: features.log_odds(),
                }
            })
            .reduce(|best, next| if next.is_better_than(&best) { next } else { best })
    }

    /// The contender as a candidate.
    pub(super) fn candidate(
        &self,
        one: &Contender<'_>,
        text: &Text,
        effort: &mut Effort,
    ) -> Option<Candidate> {
        let (fit, stance) = self.stance(one, text, effort);
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

/// How far a claim's words lead before those of the next claim, as a share.
fn lead(bag: f32, next: f32) -> f32 {
    (bag - next) / bag.max(next).max(f32::MIN_POSITIVE)
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

    /// The same where another claim says more of the same words, or none does.
    pub(super) fn beside_rival(&mut self, rival: bool) {
        self.best.features.rival = rival;
        self.best.score = self.best.features.score();
    }

    /// Which claim, by its place in the matcher's list.
    pub(super) fn claim(&self) -> usize {
        self.best.pattern.origin.claim
    }
}

impl Fit<'_> {
    /// Of two fits the likelier counts; of two alike the one with more evidence.
    fn is_better_than(&self, other: &Self) -> bool {
        self.log_odds
            .total_cmp(&other.log_odds)
            .then(self.features.mass.total_cmp(&other.features.mass))
            .is_gt()
    }
}
