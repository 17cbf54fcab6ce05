//! The inverted index over the patterns' terms: which patterns are worth laying over a message. Knows no scores.

use crate::matching::pattern::{Pattern, Role};
use crate::matching::vocabulary::{Sighting, TermId};

/// Which patterns have a term, and with what weight.
#[derive(Debug, Clone, Default)]
pub struct Index {
    postings: Vec<Vec<Posting>>,
    weights: Vec<f32>,
    /// Near misses compete among themselves, so that they crowd out no phrasing.
    groups: Vec<Group>,
    /// Which phrasing of its claim a pattern is a variant of.
    numbers: Vec<usize>,
}

/// A claim, and whether its near misses are meant.
type Group = (usize, bool);

#[derive(Debug, Clone, Copy)]
struct Posting {
    pattern: u32,
    weight: f32,
}

/// Terms that weigh less find no pattern by themselves: their lists are long and say nothing.
const FINDS: f32 = 2.0;

/// A pattern of which less than this share is seen anywhere in the message is not worth a look ...
const LEAST_SHARE: f32 = 0.30;
/// ... unless what is seen weighs this much, in nats: two rare words of a long claim.
const LEAST_SEEN: f32 = 12.0;
/// How much the share counts beside the sum when patterns are ordered: of 0.3, 0.5 and 1 this found the
/// right claim of the public store's training queries most often.
const SHARE_POWER: f32 = 0.4;

/// At most so many claims are looked at closely: the right one is rarely further down, and each costs.
const CLAIMS: usize = 24;
/// And of each so many patterns.
const PATTERNS: usize = 24;
/// And of these so many variants of one phrasing, or the variants of a long one crowd out the short one that fits.
const VARIANTS: usize = 6;

impl Index {
    /// Indexes the patterns; `terms` is the size of the vocabulary.
    pub fn build(patterns: &[Pattern], terms: usize) -> Self {
        let mut index = Self { postings: vec![Vec::new(); terms], ..Self::default() };
        for (pattern, number) in patterns.iter().zip(0u32..) {
            let mut seen: Vec<TermId> = Vec::with_capacity(pattern.terms.len());
            let mut indexed = 0.0;
            for term in &pattern.terms {
                if seen.contains(&term.term) {
                    continue;
                }
                seen.push(term.term);
                if term.weight >= FINDS {
                    indexed += term.weight;
                    if let Some(list) =
                        usize::try_from(term.term.0).ok().and_then(|at| index.postings.get_mut(at))
                    {
                        list.push(Posting { pattern: number, weight: term.weight });
                    }
                }
            }
            index.weights.push(indexed.max(f32::MIN_POSITIVE));
            index.groups.push((pattern.origin.claim, pattern.origin.role == Role::NearMiss));
            index.numbers.push(pattern.origin.number);
        }
        index
    }

    /// The patterns of which most was seen, at most [`PATTERNS`] of each of [`CLAIMS`] claims, a claim's near misses counted as a claim of their own.
    pub fn shortlist(&self, sightings: &[Sighting]) -> Vec<usize> {
        let mut best: Vec<(TermId, f32)> =
            sightings.iter().map(|sighting| (sighting.term, sighting.worth)).collect();
        best.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
        best.dedup_by_key(|(term, _)| *term);

        let mut shares = vec![0.0_f32; self.weights.len()];
        let mut touched: Vec<u32> = Vec::new();
        for (term, worth) in best {
            let list = usize::try_from(term.0).ok().and_then(|at| self.postings.get(at));
            for posting in list.map_or(&[][..], Vec::as_slice) {
                let Some(share) =
                    usize::try_from(posting.pattern).ok().and_then(|at| shares.get_mut(at))
                else {
                    continue;
                };
                if *share <= 0.0 {
                    touched.push(posting.pattern);
                }
                *share += posting.weight * worth;
            }
        }
        self.pick(&shares, touched)
    }

    fn pick(&self, shares: &[f32], touched: Vec<u32>) -> Vec<usize> {
        let mut ranked: Vec<(Group, usize, f32, f32)> = touched
            .into_iter()
            .filter_map(|pattern| {
                let at = usize::try_from(pattern).ok()?;
                let seen = *shares.get(at)?;
                let share = seen / self.weights.get(at)?;
                let worth_a_look = share >= LEAST_SHARE || seen >= LEAST_SEEN;
                let key = seen * share.powf(SHARE_POWER);
                worth_a_look.then_some((*self.groups.get(at)?, at, key, share))
            })
            .collect();
        ranked.sort_by(|a, b| b.2.total_cmp(&a.2).then(b.3.total_cmp(&a.3)).then(a.1.cmp(&b.1)));
        let mut groups: Vec<(Group, Vec<(usize, f32)>)> = Vec::new();
        for (group, pattern, _, share) in ranked {
            let full = groups.len() >= CLAIMS;
            match groups.iter_mut().find(|(known, _)| *known == group) {
                Some((_, patterns)) => patterns.push((pattern, share)),
                None if !full => groups.push((group, vec![(pattern, share)])),
                None => {}
            }
        }
        let mut picked = Vec::new();
        for (_, mut patterns) in groups {
            // Within a claim the pattern that is seen most wholly is the likeliest to fit.
            let wholly = |(at, share): &(usize, f32)| {
                share * share * shares.get(*at).copied().unwrap_or(0.0)
            };
            patterns.sort_by(|a, b| wholly(b).total_cmp(&wholly(a)).then(a.0.cmp(&b.0)));
            let mut taken: Vec<usize> = Vec::with_capacity(PATTERNS);
            for (pattern, _) in &patterns {
                let Some(number) = self.numbers.get(*pattern) else { continue };
                if taken.iter().filter(|known| *known == number).count() < VARIANTS {
                    taken.push(*number);
                    picked.push(*pattern);
                }
                if taken.len() == PATTERNS {
                    break;
                }
            }
        }
        picked
    }
}
