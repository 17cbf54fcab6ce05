//! A phrasing's variant as weighted terms. Knows no message.

use crate::matching::rarity::Rarity;
use crate::matching::vocabulary::{TermId, Vocabulary};
use crate::model::phrasing::{Aliases, Piece, Variant};
use crate::text;

/// A term of a pattern.
#[derive(Debug, Clone, PartialEq)]
pub struct PatternTerm {
    /// Which.
    pub term: TermId,
    /// How much evidence it is, in nats; see [`Rarity::weight`].
    pub weight: f32,
    /// Whether it carries meaning of its own, unlike "the" or "was".
    pub content: bool,
    /// Whether it is a thing with names of its own, which a message about it names.
    pub named: bool,
    /// Whether nearly every phrasing of the claim names it.
    pub essential: bool,
    /// The number it is, for years and counts.
    pub number: Option<u64>,
    /// How the author wrote it.
    pub surface: String,
}

/// What it means when a pattern fits a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The message says the claim.
    Phrasing,
    /// The message says the opposite of a contested claim.
    Counter,
    /// The message says something else that sounds alike.
    NearMiss,
}

/// Where a pattern comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    /// Which claim, by its place in the matcher's list.
    pub claim: usize,
    /// Which phrasing or near miss of the claim, each role counted by itself.
    pub number: usize,
    /// What it is there.
    pub role: Role,
}

/// One variant of one phrasing, ready to be laid over a message.
#[derive(Debug, Clone)]
pub struct Pattern {
    /// Where it comes from.
    pub origin: Origin,
    /// The terms in order.
    pub terms: Vec<PatternTerm>,
    /// The sum of the terms' weights.
    pub weight: f32,
    /// How many terms carry meaning of their own.
    pub content: usize,
    /// How many of these are no numbers: a year says when, and not what.
    pub words: usize,
    /// Whether the claim has so few phrasings that they state it and do not list how people say it.
    pub stated: bool,
}

/// Below this weight a word is grammar: it stands in more than about 1 of 18 messages.
pub const CONTENT_WEIGHT: f32 = 2.9;

/// A variant's terms before the store is known, so that terms can be counted by claim first.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The term, the stem for its rarity (none for an alias group), how it was written.
    pub terms: Vec<(TermId, Option<String>, String)>,
}

/// Reads a variant: names of alias groups become one term, as in a message.
pub fn draft(
    variant: &Variant,
    aliases: &Aliases,
    vocabulary: &mut Vocabulary,
    rarity: &Rarity,
) -> Draft {
    let mut terms = Vec::new();
    // Words of several pieces may form one name ("soviet" + "union"), so runs of words are read together.
    for piece in &variant.pieces {
        match piece {
            Piece::Alias(group) => {
                let name = aliases.names(group).and_then(<[String]>::first);
                let surface = name.map_or(group.as_str(), String::as_str).to_owned();
                terms.extend(vocabulary.group(group).map(|term| (term, None, surface)));
            }
            Piece::Words(words) => read_words(words, vocabulary, rarity, &mut terms),
        }
    }
    Draft { terms }
}

fn read_words(
    words: &str,
    vocabulary: &mut Vocabulary,
    rarity: &Rarity,
    terms: &mut Vec<(TermId, Option<String>, String)>,
) {
    let read = text::read(words);
    for token in &read.tokens {
        vocabulary.add(token);
    }
    let sightings = vocabulary.sightings(&read.tokens, rarity);
    let mut at = 0;
    while let Some(token) = read.tokens.get(at) {
        // The longest name that starts here, or else the word itself.
        let best = sightings.iter().filter(|sighting| sighting.first == at).max_by(|a, b| {
            (a.last, a.term).cmp(&(b.last, b.term)).then(a.worth.total_cmp(&b.worth))
        });
        match best {
            Some(name) if name.last > at || name.term != vocabulary.add(token) => {
                let of_name = read.tokens.get(name.tokens()).unwrap_or(&[]);
                let surface = of_name.iter().map(|t| t.text.as_str()).collect::<Vec<_>>().join(" ");
                terms.push((name.term, None, surface));
                at = name.last + 1;
            }
            _ => {
                terms.push((vocabulary.add(token), Some(token.stem.clone()), token.text.clone()));
                at += 1;
            }
        }
    }
}

impl Pattern {
    /// A pattern from its draft; `claims_with` says how many claims have a term.
    pub fn new(
        origin: Origin,
        draft: &Draft,
        rarity: &Rarity,
        group_messages: &dyn Fn(TermId) -> f32,
        claims_with: &dyn Fn(TermId) -> usize,
    ) -> Self {
        let terms: Vec<PatternTerm> = draft
            .terms
            .iter()
            .map(|(term, stem, surface)| {
                let messages = stem
                    .as_ref()
                    .map_or_else(|| group_messages(*term), |stem| rarity.messages(stem));
                let weight = rarity.weight_of(messages, claims_with(*term));
                let number = stem.as_ref().and_then(|stem| stem.parse().ok());
                let content = weight >= CONTENT_WEIGHT;
                let named = stem.is_none();
                PatternTerm {
                    term: *term,
                    weight,
                    content,
                    named,
                    essential: false,
                    number,
                    surface: surface.clone(),
                }
            })
            .collect();
        let weight = terms.iter().map(|term| term.weight).sum();
        let content = terms.iter().filter(|term| term.content).count();
        let numbers = terms.iter().filter(|term| term.content && term.number.is_some()).count();
        let words = content - numbers;
        Self { origin, terms, weight, content, words, stated: false }
    }
}
