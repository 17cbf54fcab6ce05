//! Responses by the words that people search with. Knows neither commands nor messages.

use std::collections::BTreeSet;

use crate::app::engine::Engine;
use crate::app::unread::Unread;
use crate::model::catalog::Catalog;
use crate::model::claim::{Claim, ClaimId};

/// A candidate of the matcher that is at least this likely, in thousandths, is worth showing to
/// somebody who searches: they choose themselves.
pub(super) const WORTH_SHOWING: u16 = 400;

/// What a word counts where it stands in a claim's own sentence or name, in its subjects, or only
/// in one of its phrasings. The order is what matters.
const IN_CLAIM: u32 = 4;
const IN_TOPICS: u32 = 2;
const IN_PHRASINGS: u32 = 1;

/// The words of each claim.
#[derive(Debug, Default)]
pub struct Shelf(Vec<Entry>);

#[derive(Debug)]
struct Entry {
    claim: ClaimId,
    own: BTreeSet<String>,
    topics: BTreeSet<String>,
    phrasings: BTreeSet<String>,
}

impl Shelf {
    /// The words of all claims that take part.
    pub fn build(catalog: &Catalog) -> Self {
        Self(catalog.published().map(|claim| Entry::of(claim, catalog)).collect())
    }

    /// The claims that have at least half of the words, those with the most and the nearest first.
    /// A word is found where another begins with it: people are still typing.
    fn find(&self, typed: &BTreeSet<String>) -> Vec<&ClaimId> {
        let half = typed.len().div_ceil(2);
        let mut found: Vec<(u32, &ClaimId)> = Vec::new();
        for entry in &self.0 {
            let worth: Vec<u32> = typed.iter().filter_map(|word| entry.worth(word)).collect();
            if worth.len() >= half {
                found.push((worth.iter().sum(), &entry.claim));
            }
        }
        found.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(b.1)));
        found.into_iter().map(|(_, claim)| claim).collect()
    }
}

impl Entry {
    fn of(claim: &Claim, catalog: &Catalog) -> Self {
        let mut phrasings = BTreeSet::new();
        for phrasing in claim.phrasings.iter().chain(&claim.counter_phrasings) {
            phrasings.extend(words(&phrasing.text));
            let groups = phrasing.groups().into_iter();
            for name in groups.filter_map(|group| catalog.aliases().names(group)).flatten() {
                phrasings.extend(words(name));
            }
        }
        let mut own = words(&claim.claim);
        own.extend(words(claim.id.as_str()));
        let topics = claim.topics.iter().flat_map(|topic| words(topic)).collect();
        Self { claim: claim.id.clone(), own, topics, phrasings }
    }

    /// What a word counts here; none where it does not stand here.
    fn worth(&self, word: &str) -> Option<u32> {
        let begins = |words: &BTreeSet<String>| {
            let from = words
                .range::<str, _>((std::ops::Bound::Included(word), std::ops::Bound::Unbounded));
            from.take(1).any(|one| one.starts_with(word))
        };
        [(&self.own, IN_CLAIM), (&self.topics, IN_TOPICS), (&self.phrasings, IN_PHRASINGS)]
            .into_iter()
            .find_map(|(words, worth)| begins(words).then_some(worth))
    }
}

impl Engine {
    /// The claims about what somebody typed, the best first; all of them where nothing was typed.
    pub fn search(&self, typed: &str, most: usize) -> Vec<&Claim> {
        let words = words(typed);
        if words.is_empty() {
            return self.catalog.published().take(most).collect();
        }
        self.shelf.find(&words).into_iter().filter_map(|id| self.claim(id)).take(most).collect()
    }

    /// The same, and before them what somebody who wrote this may be asserting: that finds the
    /// misspelled too.
    pub fn recognise(&self, typed: &str, most: usize) -> Vec<&Claim> {
        let candidates = self.matcher.find(&Unread::new(typed).addressed(), most);
        let likely = candidates.iter().filter(|one| one.score.thousandths() >= WORTH_SHOWING);
        let mut found: Vec<&Claim> = likely.filter_map(|one| self.claim(&one.claim)).collect();
        for claim in self.search(typed, most) {
            if found.iter().all(|known| known.id != claim.id) {
                found.push(claim);
            }
        }
        found.truncate(most);
        found
    }

    fn claim(&self, id: &ClaimId) -> Option<&Claim> {
        self.catalog.claim(id.as_str())
    }
}

fn words(text: &str) -> BTreeSet<String> {
    Unread::new(text)
        .addressed()
        .tokens
        .into_iter()
        .map(|token| token.text.as_str().to_owned())
        .collect()
}
