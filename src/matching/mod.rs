//! Finds which claims a message is about, how surely, and what it says of them. Knows neither channels nor what is done about it.
//!
//! The index finds patterns of which enough is seen in the message; each is laid over the part that it
//! fits best; what met is measured and scored; then the words around it tell what the message does
//! with the claim.

pub mod align;
pub mod assertion;
pub mod cues;
pub mod explain;
pub mod fuzzy;
pub mod index;
pub mod pattern;
pub mod rarity;
pub mod score;
pub mod vocabulary;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::matching::align::Alignment;
use crate::matching::cues::Cues;
use crate::matching::index::Index;
use crate::matching::pattern::{Origin, Pattern, Role};
use crate::matching::rarity::Rarity;
use crate::matching::score::Features;
use crate::matching::vocabulary::{Sighting, TermId, Vocabulary};
use crate::model::catalog::Catalog;
use crate::model::claim::{Claim, ClaimId};
use crate::model::explanation::{Assertion, Candidate};
use crate::model::phrasing::{Phrasing, Piece, Variant};
use crate::model::score::Score;
use crate::text::Text;

/// All phrasings of a catalog, indexed.
#[derive(Debug, Clone, Default)]
pub struct Matcher {
    rarity: Rarity,
    vocabulary: Vocabulary,
    patterns: Vec<Pattern>,
    index: Index,
    cues: Cues,
    claims: Vec<Known>,
}

/// What a candidate says of its claim.
#[derive(Debug, Clone)]
struct Known {
    id: ClaimId,
    phrasings: Vec<String>,
    counter_phrasings: Vec<String>,
}

impl From<&Claim> for Known {
    fn from(claim: &Claim) -> Self {
        let written =
            |list: &[Phrasing]| list.iter().map(|phrasing| phrasing.text.clone()).collect();
        Self {
            id: claim.id.clone(),
            phrasings: written(&claim.phrasings),
            counter_phrasings: written(&claim.counter_phrasings),
        }
    }
}

/// A pattern where it fits best.
#[derive(Debug)]
struct Fit<'a> {
    pattern: &'a Pattern,
    alignment: Alignment,
    features: Features,
    score: Score,
}

/// A candidate below this score is not worth naming: nine of ten such messages are about something else.
const LEAST_SCORE: u16 = 50;

impl Matcher {
    /// Indexes the published claims.
    pub fn build(catalog: &Catalog) -> Self {
        let claims: Vec<&Claim> = catalog.published().collect();
        let rarity = Rarity::new(claims.len());
        let mut vocabulary = Vocabulary::new(catalog.aliases());
        let mut drafts = Vec::new();
        let mut with: BTreeMap<TermId, BTreeSet<usize>> = BTreeMap::new();
        for (at, claim) in claims.iter().enumerate() {
            for (origin, variant) in variants(at, claim) {
                let draft = pattern::draft(&variant, catalog.aliases(), &mut vocabulary, &rarity);
                if origin.role != Role::NearMiss {
                    for (term, _, _) in &draft.terms {
                        with.entry(*term).or_default().insert(at);
                    }
                }
                drafts.push((origin, draft));
            }
        }
        let group_messages = group_messages(catalog, &vocabulary, &rarity);
        let messages = |term: TermId| group_messages.get(&term).copied().unwrap_or_default();
        let claims_with = |term: TermId| with.get(&term).map_or(0, BTreeSet::len);
        let patterns: Vec<Pattern> = drafts
            .iter()
            .map(|(origin, draft)| Pattern::new(*origin, draft, &rarity, &messages, &claims_with))
            .filter(|pattern| !pattern.terms.is_empty())
            .collect();
        let index = Index::build(&patterns, vocabulary.len());
        let known = claims.iter().copied().map(Known::from).collect();
        let mut matcher =
            Self { rarity, vocabulary, patterns, index, cues: Cues::english(), claims: known };
        matcher.keep_telling_near_misses(&claims);
        matcher
    }

    /// A near miss that denies the claim, asks about it or quotes it is about the claim, and lowers no
    /// score: assertion tells it apart. Only those that assert something else are evidence against.
    fn keep_telling_near_misses(&mut self, claims: &[&Claim]) {
        let mut about: BTreeSet<(usize, usize)> = BTreeSet::new();
        for (at, claim) in claims.iter().enumerate() {
            for (number, message) in claim.near_misses.iter().enumerate() {
                let text = crate::text::read(message);
                let stance = self
                    .best(&text, false)
                    .into_iter()
                    .find(|fit| fit.pattern.origin.claim == at)
                    .map(|fit| {
                        assertion::read(fit.pattern, &fit.alignment, &text, &self.cues).assertion
                    });
                if stance.is_some_and(|stance| stance != Assertion::Asserted) {
                    about.insert((at, number));
                }
            }
        }
        self.patterns.retain(|pattern| {
            let Origin { claim, number, role } = pattern.origin;
            role != Role::NearMiss || !about.contains(&(claim, number))
        });
        self.index = Index::build(&self.patterns, self.vocabulary.len());
    }

    /// The claims that a message may be about, best first, at most `top`, one candidate a claim.
    pub fn find(&self, text: &Text, top: usize) -> Vec<Candidate> {
        let mut fits = self.best(text, true);
        fits.truncate(top);
        fits.iter().filter_map(|fit| self.candidate(fit, text)).collect()
    }

    /// Each claim's best fit, best first.
    fn best(&self, text: &Text, with_near_misses: bool) -> Vec<Fit<'_>> {
        let sightings = self.vocabulary.sightings(&text.tokens, &self.rarity);
        let mut best: BTreeMap<usize, Fit<'_>> = BTreeMap::new();
        let mut near_misses: BTreeMap<usize, Vec<Features>> = BTreeMap::new();
        for pattern in self.index.shortlist(&sightings) {
            let Some(fit) =
                self.patterns.get(pattern).and_then(|pattern| self.fit(pattern, &sightings, text))
            else {
                continue;
            };
            let claim = fit.pattern.origin.claim;
            if fit.pattern.origin.role == Role::NearMiss {
                near_misses.entry(claim).or_default().push(fit.features);
            } else if best.get(&claim).is_none_or(|known| fit.is_better_than(known)) {
                best.insert(claim, fit);
            }
        }
        for (claim, fit) in &mut best {
            let others = near_misses.get(claim).map_or(&[][..], Vec::as_slice);
            fit.features.near_miss =
                with_near_misses && others.iter().any(|other| other.outdo(&fit.features));
        }
        let claims: Vec<(usize, Features, Range<usize>)> = best
            .iter()
            .map(|(claim, fit)| (*claim, fit.features, fit.alignment.tokens.clone()))
            .collect();
        for (claim, fit) in &mut best {
            fit.features.rival = claims.iter().any(|(other, features, tokens)| {
                let here = &fit.alignment.tokens;
                let overlap = tokens.start.max(here.start) < tokens.end.min(here.end);
                other != claim && overlap && features.outdo(&fit.features)
            });
            fit.score = fit.features.score();
        }
        let mut fits: Vec<Fit<'_>> =
            best.into_values().filter(|fit| fit.score.thousandths() >= LEAST_SCORE).collect();
        fits.sort_by(|a, b| {
            b.score.cmp(&a.score).then(a.pattern.origin.claim.cmp(&b.pattern.origin.claim))
        });
        fits
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

    fn candidate(&self, fit: &Fit<'_>, text: &Text) -> Option<Candidate> {
        let Origin { claim, number, role } = fit.pattern.origin;
        let known = self.claims.get(claim)?;
        let counter = role == Role::Counter;
        let written = if counter { &known.counter_phrasings } else { &known.phrasings };
        let phrasing = written.get(number)?.clone();
        let stance = assertion::read(fit.pattern, &fit.alignment, text, &self.cues);
        let tokens = text.tokens.get(fit.alignment.tokens.clone())?;
        let span = tokens.first()?.span.start..tokens.last()?.span.end;
        let explanation =
            explain::explain(fit.pattern, &fit.alignment, &fit.features, text, stance.cues);
        Some(Candidate {
            claim: known.id.clone(),
            score: fit.score,
            assertion: stance.assertion,
            counter,
            phrasing,
            span,
            explanation,
        })
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

/// Everything of a claim that a message may be laid over.
fn variants(at: usize, claim: &Claim) -> Vec<(Origin, Variant)> {
    let mut all = Vec::new();
    for (role, phrasings) in
        [(Role::Phrasing, &claim.phrasings), (Role::Counter, &claim.counter_phrasings)]
    {
        for (number, phrasing) in phrasings.iter().enumerate() {
            let origin = Origin { claim: at, number, role };
            all.extend(phrasing.variants.iter().map(|variant| (origin, variant.clone())));
        }
    }
    for (number, message) in claim.near_misses.iter().enumerate() {
        let origin = Origin { claim: at, number, role: Role::NearMiss };
        all.push((origin, Variant { pieces: vec![Piece::Words(message.clone())] }));
    }
    all
}

/// In how many messages a name of each alias group stands: a name's rarest word stands for it.
fn group_messages(
    catalog: &Catalog,
    vocabulary: &Vocabulary,
    rarity: &Rarity,
) -> BTreeMap<TermId, f32> {
    let mut counts = BTreeMap::new();
    for (group, names) in catalog.aliases().iter() {
        let Some(term) = vocabulary.group(group) else { continue };
        let of_name = |name: &String| {
            let tokens = crate::text::read(name).tokens;
            tokens.iter().map(|token| rarity.messages(&token.stem)).fold(f32::INFINITY, f32::min)
        };
        let sum: f32 = names.iter().map(of_name).filter(|count| count.is_finite()).sum();
        counts.insert(term, sum);
    }
    counts
}
