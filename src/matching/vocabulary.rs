//! The terms of all phrasings: stems of words, and alias groups as one term each. Knows neither phrasings nor claims.

use std::collections::HashMap;
use std::ops::Range;

use crate::matching::fuzzy::Speller;
use crate::matching::rarity::Rarity;
use crate::model::explanation::Met;
use crate::model::phrasing::Aliases;
use crate::text;
use crate::text::token::Token;

/// A term's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TermId(pub u32);

/// A term seen in a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sighting {
    /// Which term.
    pub term: TermId,
    /// First token.
    pub first: usize,
    /// Last token; another than the first for names of several words.
    pub last: usize,
    /// What it is worth beside the term itself, 0 to 1.
    pub worth: f32,
    /// How it met the term.
    pub met: Met,
}

impl Sighting {
    /// The tokens it covers.
    pub const fn tokens(&self) -> Range<usize> {
        self.first..self.last + 1
    }
}

/// What another name for the same thing is worth.
const ALIAS_WORTH: f32 = 0.97;

/// All terms with what is needed to see them in a text.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    terms: HashMap<String, TermId>,
    speller: Speller,
    surfaces: HashMap<String, TermId>,
    /// Names of alias groups by the term of their first word.
    names: HashMap<TermId, Vec<Name>>,
}

#[derive(Debug, Clone)]
struct Name {
    rest: Vec<TermId>,
    group: TermId,
    /// One or two letters: only in capitals, or "us" is a country.
    short: bool,
}

/// The key of an alias group; no stem has a brace in it.
fn group_key(group: &str) -> String {
    format!("{{{group}}}")
}

impl Vocabulary {
    /// A vocabulary that knows the names of all alias groups.
    pub fn new(aliases: &Aliases) -> Self {
        let mut vocabulary = Self::default();
        for (group, names) in aliases.iter() {
            let group = vocabulary.intern(&group_key(group));
            for name in names {
                let read = text::read(name);
                let mut terms: Vec<TermId> =
                    read.tokens.iter().map(|token| vocabulary.add(token)).collect();
                if terms.is_empty() {
                    continue;
                }
                let first = terms.remove(0);
                let short = terms.is_empty() && name.chars().count() <= 2;
                vocabulary.names.entry(first).or_default().push(Name { rest: terms, group, short });
            }
        }
        vocabulary
    }

    /// The term of a token, made where it is new.
    pub fn add(&mut self, token: &Token) -> TermId {
        let term = self.intern(&token.stem);
        if !self.surfaces.contains_key(&token.text) {
            self.surfaces.insert(token.text.clone(), term);
            self.speller.add(&token.text, term.0);
        }
        term
    }

    /// The term of an alias group.
    pub fn group(&self, group: &str) -> Option<TermId> {
        self.terms.get(&group_key(group)).copied()
    }

    fn intern(&mut self, key: &str) -> TermId {
        let next = TermId(u32::try_from(self.terms.len()).unwrap_or(u32::MAX));
        *self.terms.entry(key.to_owned()).or_insert(next)
    }

    /// How many terms there are.
    pub fn len(&self) -> usize {
        self.terms.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Every term seen in some tokens, in the order of its first token. Misspellings are only
    /// looked for in words that are neither in the vocabulary nor common English.
    pub fn sightings(&self, tokens: &[Token], rarity: &Rarity) -> Vec<Sighting> {
        let mut seen: Vec<Vec<Sighting>> = Vec::with_capacity(tokens.len());
        for (at, token) in tokens.iter().enumerate() {
            let sighting = |term, worth, met| Sighting { term, first: at, last: at, worth, met };
            if let Some(term) = self.terms.get(&token.stem) {
                seen.push(vec![sighting(*term, 1.0, Met::Exact)]);
            } else if rarity.is_common(&token.text) {
                seen.push(Vec::new());
            } else {
                let near = self.speller.near(&token.text);
                seen.push(
                    near.into_iter()
                        .map(|near| sighting(TermId(near.id), near.worth, Met::Typo))
                        .collect(),
                );
            }
        }
        let mut all = Vec::new();
        for at in 0..tokens.len() {
            let words = seen.get(at).map_or(&[][..], Vec::as_slice);
            all.extend_from_slice(words);
            for word in words {
                all.extend(self.named(word, tokens, &seen));
            }
        }
        all.sort_by(|a, b| {
            a.first.cmp(&b.first).then(a.term.cmp(&b.term)).then(b.worth.total_cmp(&a.worth))
        });
        all.dedup_by(|later, first| {
            later.first == first.first && later.term == first.term && later.last == first.last
        });
        all
    }

    /// The alias groups of which a name starts with this sighting.
    fn named(&self, start: &Sighting, tokens: &[Token], seen: &[Vec<Sighting>]) -> Vec<Sighting> {
        let names = self.names.get(&start.term).map_or(&[][..], Vec::as_slice);
        let mut found: Vec<Sighting> = Vec::new();
        for name in names {
            if name.short && !tokens.get(start.first).is_some_and(|token| token.capitals) {
                continue;
            }
            let mut worth = start.worth;
            let complete = name.rest.iter().zip(start.first + 1..).all(|(term, at)| {
                let next = seen
                    .get(at)
                    .and_then(|here| here.iter().find(|sighting| sighting.term == *term));
                worth = next.map_or(worth, |sighting| worth.min(sighting.worth));
                next.is_some()
            });
            if complete {
                let last = start.first + name.rest.len();
                let met = if worth < 1.0 { Met::Typo } else { Met::Alias };
                found.push(Sighting {
                    term: name.group,
                    first: start.first,
                    last,
                    worth: worth * ALIAS_WORTH,
                    met,
                });
            }
        }
        found
    }
}
