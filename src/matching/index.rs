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
    /// The share of each pattern that must be seen.
    least: Vec<f32>,
    /// The patterns that a term may open, as `ends` and `postings`.
    opening_ends: Vec<usize>,
    opened: Vec<u32>,
    /// The terms of each pattern with their weights, as `ends` and `postings`.
    term_ends: Vec<usize>,
    terms: Vec<(TermId, f32)>,
}

/// What was seen of each pattern, and the best key of each group: kept between messages, all zero in between,
/// because clearing a whole store's worth costs more than a message does.
#[derive(Debug, Default)]
struct Scratch {
    shares: Vec<f32>,
    touched: Vec<u32>,
    /// For each group one more than the place of its best pattern among those ranked.
    best: Vec<usize>,
    /// What each term seen is worth.
    worths: Vec<f32>,
    /// Whether a pattern was looked at.
    looked: Vec<bool>,
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
    /// Whether it is worth laying over the message; the others only tell which claims the message's words touch.
    close: bool,
}

/// What may be said in a message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shortlist {
    /// The patterns worth laying over it.
    pub patterns: Vec<usize>,
    /// The claims that its words touch, these patterns' among them.
    pub claims: Vec<usize>,
}

#[derive(Debug, Clone, Copy)]
struct Posting {
    pattern: u32,
    weight: f32,
}

/// Terms that weigh less find no pattern by themselves: their lists are long and say nothing.
const FINDS: f32 = 2.0;

/// A statement of which less than this share is seen anywhere in the message is not worth a look ...
const LEAST_SHARE: f32 = 0.30;
/// ... unless what is seen weighs this much, in nats: two rare words of a long claim.
const LEAST_SEEN: f32 = 12.0;
/// Of a phrasing that stands among the many ways of saying a claim more is seen: the others have the rest.
const LEAST_OF_PHRASING: f32 = 0.45;
/// And a near miss counts only where it is met nearly wholly: half of it, before misspellings are looked for.
const LEAST_OF_NEAR_MISS: f32 = 0.5;
/// How much the share counts beside the sum when patterns are ordered: of 0.3, 0.5 and 1 this found the
/// right claim of the public store's training queries most often.
const SHARE_POWER: f32 = 0.4;

/// At most so many claims are looked at closely: the right one is rarely further down, and each costs.
pub const CLAIMS: usize = 24;
/// And of each so many patterns, which bounds what a claim with hundreds of variants can cost.
pub const PATTERNS: usize = 24;
/// And of these so many variants of one phrasing, or the variants of a long one crowd out the short one that fits.
const VARIANTS: usize = 6;

impl Index {
    /// Indexes the patterns; `terms` is the size of the vocabulary.
    pub fn build(patterns: &[Pattern], terms: usize) -> Self {
        let mut index = Self::default();
        let mut lists: Vec<Vec<Posting>> = vec![Vec::new(); terms];
        let mut openings: Vec<Vec<u32>> = vec![Vec::new(); terms];
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
                    index.terms.push((term.term, term.weight));
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
            let least = match (role, pattern.stated) {
                (Role::NearMiss, _) => LEAST_OF_NEAR_MISS,
                (_, true) => LEAST_SHARE,
                (_, false) => LEAST_OF_PHRASING,
            };
            index.least.push(least);
            let first = index.term_ends.last().copied().unwrap_or(0);
            index.term_ends.push(index.terms.len());
            let enough = if least <= LEAST_SHARE { LEAST_SEEN } else { f32::INFINITY };
            let own = index.terms.get(first..).unwrap_or(&[]);
            for term in opening(own, (least * indexed).min(enough)) {
                let list = usize::try_from(term.0).ok().and_then(|at| openings.get_mut(at));
                if let Some(list) = list {
                    list.push(number);
                }
            }
        }
        for list in lists {
            index.postings.extend(list);
            index.ends.push(index.postings.len());
        }
        for list in openings {
            index.opened.extend(list);
            index.opening_ends.push(index.opened.len());
        }
        index
    }

    /// The patterns of which most was seen, at most [`PATTERNS`] of each of [`CLAIMS`] claims, a claim's near misses counted as a claim of their own.
    pub fn shortlist(&self, sightings: &[Sighting]) -> Shortlist {
        let mut best: Vec<(TermId, f32)> =
            sightings.iter().map(|sighting| (sighting.term, sighting.worth)).collect();
        best.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
        best.dedup_by_key(|(term, _)| *term);
        SCRATCH.with_borrow_mut(|scratch| {
            if !self.may_find(&best, scratch) {
                return Shortlist::default();
            }
            self.tally(&best, scratch);
            self.pick(scratch)
        })
    }

    /// Whether any pattern is seen enough to be laid over the message. Nearly every message ends here, so only the
    /// patterns are looked at of which a term that may open them was seen.
    fn may_find(&self, best: &[(TermId, f32)], scratch: &mut Scratch) -> bool {
        let Scratch { worths, looked, .. } = scratch;
        worths.resize(worths.len().max(self.opening_ends.len()), 0.0);
        looked.resize(looked.len().max(self.weights.len()), false);
        for (term, worth) in best {
            let place = usize::try_from(term.0).ok().and_then(|at| worths.get_mut(at));
            if let Some(place) = place {
                *place = *worth;
            }
        }
        let mut touched: Vec<usize> = Vec::new();
        let opened =
            best.iter().flat_map(|(term, _)| slice(&self.opened, &self.opening_ends, *term));
        let found = opened.filter_map(|pattern| usize::try_from(*pattern).ok()).any(|at| {
            let Some(looked) = looked.get_mut(at).filter(|looked| !**looked) else { return false };
            *looked = true;
            touched.push(at);
            let terms = between(&self.terms, &self.term_ends, at);
            let worth = |term: &TermId| {
                usize::try_from(term.0).ok().and_then(|at| worths.get(at)).unwrap_or(&0.0)
            };
            let seen: f32 = terms.iter().map(|(term, weight)| weight * worth(term)).sum();
            self.is_close(at, seen)
        });
        for at in touched {
            if let Some(looked) = looked.get_mut(at) {
                *looked = false;
            }
        }
        for (term, _) in best {
            let place = usize::try_from(term.0).ok().and_then(|at| worths.get_mut(at));
            if let Some(place) = place {
                *place = 0.0;
            }
        }
        found
    }

    /// Whether so much of a pattern, in nats, is worth laying it over the message.
    fn is_close(&self, pattern: usize, seen: f32) -> bool {
        let (Some(weight), Some(least)) = (self.weights.get(pattern), self.least.get(pattern))
        else {
            return false;
        };
        seen / weight >= *least || seen >= LEAST_SEEN && *least <= LEAST_SHARE
    }

    /// Adds up what was seen of each pattern.
    fn tally(&self, best: &[(TermId, f32)], scratch: &mut Scratch) {
        let all = scratch.shares.len().max(self.weights.len());
        scratch.shares.resize(all, 0.0);
        for (term, worth) in best {
            for posting in slice(&self.postings, &self.ends, *term) {
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

    /// Takes the best out of what was tallied and leaves the scratch as it was found.
    fn pick(&self, scratch: &mut Scratch) -> Shortlist {
        let mut ranked: Vec<Ranked> = Vec::new();
        for pattern in scratch.touched.drain(..) {
            let Some(at) = usize::try_from(pattern).ok() else { continue };
            let Some(seen) = scratch.shares.get_mut(at).map(std::mem::take) else { continue };
            let (Some(weight), Some(group)) = (self.weights.get(at), self.groups.get(at)) else {
                continue;
            };
            let share = seen / weight;
            if share >= LEAST_SHARE || seen >= LEAST_SEEN {
                let close = self.is_close(at, seen);
                let key = seen * share.powf(SHARE_POWER);
                ranked.push(Ranked { pattern: at, group: *group, key, share, seen, close });
            }
        }
        if ranked.iter().all(|one| !one.close) {
            return Shortlist::default();
        }
        let groups = best_groups(&ranked, &mut scratch.best);
        let mut picked = Vec::new();
        for group in &groups {
            let mut patterns: Vec<&Ranked> =
                ranked.iter().filter(|one| one.group == *group && one.close).collect();
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
        let claims = groups.iter().filter(|group| *group % 2 == 0).map(|group| group / 2).collect();
        Shortlist { patterns: picked, claims }
    }
}

/// The heaviest terms of a pattern, so many that what is left weighs less than `enough`: whoever sees as much of it
/// sees one of these.
fn opening(terms: &[(TermId, f32)], enough: f32) -> Vec<TermId> {
    let mut heaviest = terms.to_vec();
    heaviest.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let mut left: f32 = heaviest.iter().map(|(_, weight)| weight).sum();
    let opens = |(_, weight): &&(TermId, f32)| {
        let opens = left >= enough;
        left -= weight;
        opens
    };
    heaviest.iter().take_while(opens).map(|(term, _)| *term).collect()
}

/// What stands in `all` for a term, where `ends` says where each one's part ends.
fn slice<'a, T>(all: &'a [T], ends: &[usize], term: TermId) -> &'a [T] {
    usize::try_from(term.0).map_or(&[], |at| between(all, ends, at))
}

fn between<'a, T>(all: &'a [T], ends: &[usize], at: usize) -> &'a [T] {
    let Some(end) = ends.get(at) else { return &[] };
    let start = at.checked_sub(1).and_then(|before| ends.get(before)).unwrap_or(&0);
    all.get(*start..*end).unwrap_or(&[])
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
