//! The inverted index over the patterns' terms: which patterns are worth laying over a message. Knows no scores.

use std::cell::RefCell;

use crate::matching::pattern::{Origin, Pattern, Role};
use crate::matching::vocabulary::{Sighting, TermId};

/// Which patterns have a term, and with what weight.
#[derive(Debug, Clone, Default)]
pub struct Index {
    /// Where the postings of each term end; those of the next begin there.
    ends: Vec<usize>,
    postings: Vec<Posting>,
    weights: Vec<f32>,
    /// Near misses compete among themselves, so that they crowd out no phrasing: twice the claim's place, and
    /// one more for its near misses.
    groups: Vec<usize>,
    /// Which phrasing of its claim a pattern is a variant of.
    numbers: Vec<usize>,
}

/// What was seen of each pattern, and the best key of each group: kept between messages, all zero in between,
/// because clearing a whole store's worth costs more than a message does.
#[derive(Debug, Default)]
struct Scratch {
    shares: Vec<f32>,
    touched: Vec<u32>,
    /// For each group one more than the place of its best pattern among those ranked.
    best: Vec<usize>,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// A pattern that is worth a look.
#[derive(Debug, Clone, Copy)]
struct Ranked {
    pattern: usize,
    group: usize,
    key: f32,
    share: f32,
    seen: f32,
}

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
/// And of each so many patterns, which bounds what a claim with hundreds of variants can cost.
const PATTERNS: usize = 24;
/// And of these so many variants of one phrasing, or the variants of a long one crowd out the short one that fits.
const VARIANTS: usize = 6;

impl Index {
    /// Indexes the patterns; `terms` is the size of the vocabulary.
    pub fn build(patterns: &[Pattern], terms: usize) -> Self {
        let mut index = Self::default();
        let mut lists: Vec<Vec<Posting>> = vec![Vec::new(); terms];
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
                        usize::try_from(term.term.0).ok().and_then(|at| lists.get_mut(at))
                    {
                        list.push(Posting { pattern: number, weight: term.weight });
                    }
                }
            }
            let Origin { claim, number: phrasing, role } = pattern.origin;
            index.weights.push(indexed.max(f32::MIN_POSITIVE));
            index.groups.push(2 * claim + usize::from(role == Role::NearMiss));
            index.numbers.push(phrasing);
        }
        for list in lists {
            index.postings.extend(list);
            index.ends.push(index.postings.len());
        }
        index
    }

    /// The patterns of which most was seen, at most [`PATTERNS`] of each of [`CLAIMS`] claims, a claim's near misses counted as a claim of their own.
    pub fn shortlist(&self, sightings: &[Sighting]) -> Vec<usize> {
        SCRATCH.with_borrow_mut(|scratch| {
            self.tally(sightings, scratch);
            self.pick(scratch)
        })
    }

    /// Adds up what was seen of each pattern.
    fn tally(&self, sightings: &[Sighting], scratch: &mut Scratch) {
        let mut best: Vec<(TermId, f32)> =
            sightings.iter().map(|sighting| (sighting.term, sighting.worth)).collect();
        best.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
        best.dedup_by_key(|(term, _)| *term);

        let all = scratch.shares.len().max(self.weights.len());
        scratch.shares.resize(all, 0.0);
        for (term, worth) in best {
            for posting in self.postings_of(term) {
                let Some(share) =
                    usize::try_from(posting.pattern).ok().and_then(|at| scratch.shares.get_mut(at))
                else {
                    continue;
                };
                if *share <= 0.0 {
                    scratch.touched.push(posting.pattern);
                }
                *share += posting.weight * worth;
            }
        }
    }

    fn postings_of(&self, term: TermId) -> &[Posting] {
        let Ok(at) = usize::try_from(term.0) else { return &[] };
        let Some(end) = self.ends.get(at) else { return &[] };
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).unwrap_or(&0);
        self.postings.get(*start..*end).unwrap_or(&[])
    }

    /// Takes the best out of what was tallied and leaves the scratch as it was found.
    fn pick(&self, scratch: &mut Scratch) -> Vec<usize> {
        let mut ranked: Vec<Ranked> = Vec::new();
        for pattern in scratch.touched.drain(..) {
            let Some(at) = usize::try_from(pattern).ok() else { continue };
            let Some(seen) = scratch.shares.get_mut(at).map(std::mem::take) else { continue };
            let (Some(weight), Some(group)) = (self.weights.get(at), self.groups.get(at)) else {
                continue;
            };
            let share = seen / weight;
            if share >= LEAST_SHARE || seen >= LEAST_SEEN {
                let key = seen * share.powf(SHARE_POWER);
                ranked.push(Ranked { pattern: at, group: *group, key, share, seen });
            }
        }
        if ranked.is_empty() {
            return Vec::new();
        }
        let groups = best_groups(&ranked, &mut scratch.best);
        let mut picked = Vec::new();
        for group in groups {
            let mut patterns: Vec<&Ranked> =
                ranked.iter().filter(|one| one.group == group).collect();
            // Within a claim the pattern that is seen most wholly is the likeliest to fit.
            let wholly = |one: &Ranked| one.share * one.share * one.seen;
            patterns
                .sort_by(|a, b| wholly(b).total_cmp(&wholly(a)).then(a.pattern.cmp(&b.pattern)));
            let mut taken: Vec<usize> = Vec::with_capacity(PATTERNS);
            for one in patterns {
                let Some(number) = self.numbers.get(one.pattern) else { continue };
                if taken.iter().filter(|known| *known == number).count() < VARIANTS {
                    taken.push(*number);
                    picked.push(one.pattern);
                }
                if taken.len() == PATTERNS {
                    break;
                }
            }
        }
        picked
    }
}

/// The [`CLAIMS`] groups whose best patterns lead, the first of them first. `best` is all 0 before and after.
fn best_groups(ranked: &[Ranked], best: &mut Vec<usize>) -> Vec<usize> {
    let last = ranked.iter().map(|one| one.group).max().unwrap_or(0);
    best.resize(best.len().max(last + 1), 0);
    let leads = |one: &Ranked, other: &Ranked| {
        let by_key = one.key.total_cmp(&other.key).then(one.share.total_cmp(&other.share));
        by_key.then(other.pattern.cmp(&one.pattern)).is_gt()
    };
    let mut groups: Vec<usize> = Vec::new();
    for (one, place) in ranked.iter().zip(1..) {
        let Some(known) = best.get_mut(one.group) else { continue };
        match known.checked_sub(1).and_then(|at| ranked.get(at)) {
            None => {
                groups.push(one.group);
                *known = place;
            }
            Some(other) if leads(one, other) => *known = place,
            Some(_) => {}
        }
    }
    let mut first: Vec<&Ranked> = groups
        .iter()
        .filter_map(|group| best.get_mut(*group).map(std::mem::take))
        .filter_map(|place| place.checked_sub(1).and_then(|at| ranked.get(at)))
        .collect();
    let order = |a: &&Ranked, b: &&Ranked| {
        let by_key = b.key.total_cmp(&a.key).then(b.share.total_cmp(&a.share));
        by_key.then(a.pattern.cmp(&b.pattern))
    };
    if first.len() > CLAIMS {
        first.select_nth_unstable_by(CLAIMS - 1, order);
        first.truncate(CLAIMS);
    }
    first.sort_by(order);
    first.iter().map(|one| one.group).collect()
}
