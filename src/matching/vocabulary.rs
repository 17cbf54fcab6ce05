//! The terms of all phrasings: stems of words, and alias groups as one term each. Knows neither phrasings nor claims.

use std::ops::Range;

use crate::matching::effort::{self, Effort};
use crate::matching::fuzzy::Speller;
use crate::matching::quick::{QuickMap, QuickSet};
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

/// What a word is worth whose last letters were typed as digits.
const MASKED_WORTH: f32 = 0.95;

/// "s33", "als0": digits at a word's end that may be letters. They may as well count, "ww2", so that only the
/// vocabulary can tell.
fn masked(text: &str) -> Option<String> {
    let letters = text.trim_end_matches(['0', '1', '3', '4']);
    let starts = letters.bytes().all(|b| b.is_ascii_lowercase()) && !letters.is_empty();
    (starts && letters.len() < text.len()).then(|| {
        let unmasked = |c| match c {
            '0' => 'o',
            '1' => 'l',
            '3' => 'e',
            '4' => 'a',
            other => other,
        };
        text.chars().map(unmasked).collect()
    })
}

/// All terms with what is needed to see them in a text.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    terms: QuickMap<String, TermId>,
    speller: Speller,
    surfaces: QuickMap<String, TermId>,
    /// Names of alias groups by the term of their first word.
    names: QuickMap<TermId, Vec<Name>>,
    /// The words of names that have several.
    parts: QuickSet<TermId>,
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
                if terms.len() > 1 {
                    vocabulary.parts.extend(terms.iter().copied());
                    // "pearlharbor": what people hear as one they type as one.
                    let joined: String =
                        read.tokens.iter().map(|token| token.text.as_str()).collect();
                    if let [token] = &*text::read(&joined).tokens {
                        let first = vocabulary.add(token);
                        let name = Name { rest: Vec::new(), group, short: false };
                        vocabulary.names.entry(first).or_default().push(name);
                    }
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
        self.see(tokens, rarity, &mut Effort::default())
    }

    /// The same, counting the steps.
    pub fn see(&self, tokens: &[Token], rarity: &Rarity, effort: &mut Effort) -> Vec<Sighting> {
        let mut seen: Vec<Vec<Sighting>> = Vec::with_capacity(tokens.len());
        for (at, token) in tokens.iter().enumerate() {
            let sighting = |term, worth, met| Sighting { term, first: at, last: at, worth, met };
            if let Some(term) = self.terms.get(&token.stem) {
                seen.push(vec![sighting(*term, 1.0, Met::Exact)]);
            } else if let Some(term) = masked(&token.text).and_then(|word| self.surfaces.get(&word))
            {
                seen.push(vec![sighting(*term, MASKED_WORTH, Met::Typo)]);
            } else if rarity.is_common(&token.text) {
                seen.push(Vec::new());
            } else {
                let near = self.speller.near(&token.text, effort);
                seen.push(
                    near.into_iter()
                        .map(|near| sighting(TermId(near.id), near.worth, Met::Typo))
                        .collect(),
                );
            }
        }
        let mut all: Vec<Sighting> = seen.iter().flatten().copied().collect();
        self.spell_parts(tokens, &mut seen, effort);
        for start in seen.iter().flatten() {
            all.extend(self.named(start, tokens, &seen));
        }
        all.sort_by(|a, b| {
            a.first.cmp(&b.first).then(a.term.cmp(&b.term)).then(b.worth.total_cmp(&a.worth))
        });
        all.dedup_by(|later, first| {
            later.first == first.first && later.term == first.term && later.last == first.last
        });
        all.truncate(effort::SIGHTINGS);
        effort.sightings += all.len();
        all
    }

    /// Beside a word of a name that was typed rightly, a common word too may be another of its words,
    /// misspelled: "slaves trade", "pearl harper". It counts as a part of the name and as nothing else.
    fn spell_parts(&self, tokens: &[Token], seen: &mut [Vec<Sighting>], effort: &mut Effort) {
        let is_part = |here: Option<&Vec<Sighting>>| {
            here.is_some_and(|here| {
                here.iter().any(|word| word.met == Met::Exact && self.parts.contains(&word.term))
            })
        };
        let beside: Vec<bool> = (0..seen.len())
            .map(|at| is_part(seen.get(at + 1)) || at > 0 && is_part(seen.get(at - 1)))
            .collect();
        for ((at, token), _) in tokens.iter().enumerate().zip(beside).filter(|(_, beside)| *beside)
        {
            let near = self.speller.near(&token.text, effort);
            let near = near.into_iter().map(|near| Sighting {
                term: TermId(near.id),
                first: at,
                last: at,
                worth: near.worth,
                met: Met::Typo,
            });
            let parts: Vec<Sighting> =
                near.filter(|near| self.parts.contains(&near.term)).collect();
            seen.get_mut(at).into_iter().for_each(|here| {
                for part in &parts {
                    if here.iter().all(|known| known.term != part.term) {
                        here.push(*part);
                    }
                }
            });
        }
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
