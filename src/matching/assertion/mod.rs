//! What a message does with a claim: asserts, denies, asks, quotes, reports or imagines it. Knows the words around what matched, not the score.
//!
//! A list of cues with a scope each, after the negation scopes of `NegEx` (Chapman et al. 2001): a
//! negator counts from where it stands to the end of its clause, a frame ("my teacher says", "in my
//! game") for its sentence. Where several apply the most cautious reading of the frame wins, and
//! whoever quotes, imagines, asks or reports is not answered.

mod denial;
mod frame;
mod question;

use std::ops::Range;

use crate::matching::align::{Alignment, Partner};
use crate::matching::cues::{Cues, Section};
use crate::matching::pattern::Pattern;
use crate::model::explanation::{Assertion, Cue};
use crate::text::Text;
use crate::text::segment::Segment;
use crate::text::token::Token;

/// What was found, with the words that decided it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stance {
    /// What the message does.
    pub assertion: Assertion,
    /// Why; empty for a plain assertion.
    pub cues: Vec<Cue>,
    /// Whether phrasing and message negate alike: then a denial read from another phrasing is none.
    pub shares_negation: bool,
}

/// A negator turns one of so many words behind it, or else something that the phrasing does not speak of.
const CONTRAST: usize = 3;

/// What stands further from a claim than so many words says nothing of it, be it in the same sentence. 4,000 characters
/// of what people write are at most 760 words, so that it cuts off only what is made of single letters.
pub const AROUND: usize = 1_000;

/// Words of so few letters are mostly grammar: "him", "with", "over".
const GRAMMAR: usize = 4;

/// What the phrasings of a claim have of a message beside the one that fits best, by token and sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// Whatever met: "could have" is no dream where the claim is about what could have been.
    pub tokens: Vec<usize>,
    /// Of these the words with a meaning of their own.
    pub things: Vec<usize>,
    /// The negators that stand before what they turn round: "there was no genocide, they were only relocated".
    pub negators: Vec<usize>,
}

/// The tokens at which a negator of the pattern stands before a word that it stands before there too.
pub fn negators(pattern: &Pattern, alignment: &Alignment) -> Vec<usize> {
    let term = |partner: &Partner| pattern.terms.get(partner.term);
    // "is a myth, not history" does not say "is not a myth".
    let turns = |negator: &Partner| {
        alignment.partners.iter().any(|partner| {
            let near = negator.sighting.first + 1..=negator.sighting.first + CONTRAST;
            let content = term(partner).is_some_and(|term| term.content);
            partner.sighting.tokens().any(|at| near.contains(&at))
                && (partner.term > negator.term && content || partner.term == negator.term + 1)
        })
    };
    let own = alignment.partners.iter().filter(|p| term(p).is_some_and(|t| is_negator(&t.surface)));
    own.filter(|negator| turns(negator)).map(|negator| negator.sighting.first).collect()
}

/// Reads what the message does with the pattern where it was laid, where the claim's phrasings have so much of it.
pub fn read(
    pattern: &Pattern,
    alignment: &Alignment,
    text: &Text,
    cues: &Cues,
    said: &Said,
) -> Stance {
    let scene = Scene::new(pattern, alignment, text, cues, said);
    let shares_negation = scene.shares_negation();
    let stance = scene
        .quoted()
        .or_else(|| scene.imagined())
        .or_else(|| scene.asked())
        .or_else(|| scene.denied())
        .or_else(|| scene.reported())
        .unwrap_or(Stance { assertion: Assertion::Asserted, cues: Vec::new(), shares_negation });
    Stance { shares_negation, ..stance }
}

/// Everything around what matched.
struct Scene<'a> {
    pattern: &'a Pattern,
    text: &'a Text,
    cues: &'a Cues,
    /// From the first to the last token that matched.
    core: Range<usize>,
    /// The tokens that matched.
    matched: Vec<usize>,
    /// The segments that the core touches.
    segments: Range<usize>,
    alignment: &'a Alignment,
    /// The tokens that this or any other phrasing of the claim has.
    said: Vec<usize>,
    /// Of these the words with a meaning of their own.
    things: &'a [usize],
    /// The negators that some phrasing of the claim has.
    negators: &'a [usize],
    /// The tokens that matched and by which the phrasing itself speaks against something: "never", "myth".
    own_denials: Vec<usize>,
}

impl<'a> Scene<'a> {
    fn new(
        pattern: &'a Pattern,
        alignment: &'a Alignment,
        text: &'a Text,
        cues: &'a Cues,
        said: &'a Said,
    ) -> Self {
        let core = alignment.tokens.clone();
        let holds = |token: usize| text.segment_of(token).unwrap_or(0);
        let segments = holds(core.start)..holds(core.end.saturating_sub(1).max(core.start)) + 1;
        let mut matched: Vec<usize> =
            alignment.partners.iter().flat_map(|partner| partner.sighting.tokens()).collect();
        matched.sort_unstable();
        let (negators, things) = (&said.negators, &said.things);
        let mut said: Vec<usize> = matched.iter().chain(&said.tokens).copied().collect();
        said.sort_unstable();
        let mut scene = Self {
            pattern,
            text,
            cues,
            core,
            matched,
            segments,
            alignment,
            said,
            things,
            negators,
            own_denials: Vec::new(),
        };
        scene.own_denials = scene.own_denials();
        scene
    }

    /// Whether the phrasing as a whole speaks against something, as "there was no strategy" does, and so does the
    /// message. One with two negations has them in its parts: "no heart, no brain".
    fn speaks_against(&self) -> bool {
        self.own_denials.len() == 1
    }

    /// The tokens by which the message speaks against what the phrasing speaks against too.
    fn own_denials(&self) -> Vec<usize> {
        let surface = |at: usize| self.pattern.terms.get(at).map_or("", |t| t.surface.as_str());
        let denies = |partner: &&Partner| {
            let word = surface(partner.term);
            let made_up = word == "made" && surface(partner.term + 1) == "up";
            is_negator(word) || denial::is_label(word) || made_up
        };
        let met = self.alignment.partners.iter().filter(denies);
        met.filter(|partner| self.turns_what_met(partner)).map(|p| p.sighting.first).collect()
    }

    /// Whether a negator that met stands with the words that met: not in "he had no idea" behind a comma, and not
    /// in "the Soviets and not the Germans".
    fn turns_what_met(&self, negator: &Partner) -> bool {
        let at = negator.sighting.first;
        let near = self.core.contains(&at)
            || self.matched.binary_search(&(at + 1)).is_ok()
            || at < self.core.start && self.same_clause(at, self.core.start)
            || at >= self.core.end && self.same_clause(self.core.end.saturating_sub(1), at);
        let word = |at: usize| self.tokens(at..at + 1).first().map(|token| token.text.as_str());
        let behind = at.checked_sub(1).and_then(word);
        let apart = self.tokens(at..at + 1).first().is_some_and(|token| token.after_break);
        let content = |at: usize| {
            self.alignment.partners.iter().any(|partner| {
                let term = self.pattern.terms.get(partner.term);
                partner.sighting.tokens().contains(&at) && term.is_some_and(|term| term.content)
            })
        };
        let contrast = word(at) == Some("not")
            && (apart || matches!(behind, Some("and" | "but")))
            && !(at + 1..=at + CONTRAST).any(content)
            // "and not to save or destroy slavery", as the phrasing has it.
            && self.alignment.partners.iter().all(|next| {
                next.term != negator.term + 1 || !(at + 1..=at + 2).contains(&next.sighting.first)
            });
        // "nobody knows how many were killed" does not say that nobody was.
        let idle = || {
            let places = self.found(Section::NoNegation, self.sentence());
            places.iter().any(|place| place.contains(&at)) && word(at).is_some_and(is_negator)
        };
        near && !contrast && !idle()
    }

    fn tokens(&self, range: Range<usize>) -> &'a [Token] {
        self.text.tokens.get(range).unwrap_or(&[])
    }

    fn segment(&self, at: usize) -> Option<&'a Segment> {
        self.text.segments.get(at)
    }

    /// The tokens of all segments that the core touches, at most [`AROUND`] on each side of it.
    fn sentence(&self) -> Range<usize> {
        let start = self.segment(self.segments.start).map_or(0, |segment| segment.tokens.start);
        let end = self.segment(self.segments.end - 1).map_or(0, |segment| segment.tokens.end);
        self.nearby(start..end)
    }

    /// Of some tokens those that stand at most [`AROUND`] from the core.
    fn nearby(&self, tokens: Range<usize>) -> Range<usize> {
        let start = tokens.start.max(self.core.start.saturating_sub(AROUND));
        start..tokens.end.min(self.core.end + AROUND).max(start)
    }

    /// The places of a section's cues in a range of tokens, without those made of words that matched:
    /// these say the claim itself.
    fn found(&self, section: Section, within: Range<usize>) -> Vec<Range<usize>> {
        let own = if section.is_frame() { &self.said } else { &self.matched };
        let shifted = self.cues.all(section, self.tokens(within.clone())).into_iter();
        shifted
            .map(|place| place.start + within.start..place.end + within.start)
            .filter(|place| !place.clone().all(|at| own.binary_search(&at).is_ok()))
            .collect()
    }

    fn stance(&self, assertion: Assertion, what: &str, place: Range<usize>) -> Stance {
        let tokens = self.tokens(place);
        let span =
            tokens.first().zip(tokens.last()).map(|(first, last)| first.span.start..last.span.end);
        Stance {
            assertion,
            cues: vec![Cue { what: what.to_owned(), span }],
            shares_negation: false,
        }
    }

    /// Whether a token is more than grammar: so many letters that no word of grammar has more.
    fn means(&self, at: usize) -> bool {
        self.tokens(at..at + 1).iter().any(|token| token.text.chars().count() > GRAMMAR)
            || self.things.binary_search(&at).is_ok()
    }

    /// Whether no comma, dash or the like stands between two tokens.
    fn same_clause(&self, first: usize, second: usize) -> bool {
        self.tokens(first + 1..second + 1).iter().all(|token| !token.after_break)
    }

    /// The sentence with its neighbours.
    fn wide(&self, sentence: &Range<usize>) -> Range<usize> {
        let before = self.segments.start.checked_sub(1).and_then(|at| self.segment(at));
        let after = self.segment(self.segments.end);
        self.nearby(
            before.map_or(sentence.start, |s| s.tokens.start)
                ..after.map_or(sentence.end, |s| s.tokens.end),
        )
    }

    /// Whether the phrasing has a negation of its own that met the message's.
    fn shares_negation(&self) -> bool {
        self.alignment.partners.iter().any(|partner| {
            self.pattern.terms.get(partner.term).is_some_and(|term| is_negator(&term.surface))
        })
    }
}

/// The first [`AROUND`] tokens of a segment.
fn opening(segment: &Segment) -> Range<usize> {
    segment.tokens.start..segment.tokens.end.min(segment.tokens.start + AROUND)
}

/// Whether a word negates by itself.
pub(super) fn is_negator(word: &str) -> bool {
    matches!(
        word,
        "not"
            | "never"
            | "no"
            | "nobody"
            | "none"
            | "without"
            | "cannot"
            | "cant"
            | "didnt"
            | "dont"
            | "doesnt"
            | "wasnt"
            | "werent"
            | "isnt"
            | "arent"
            | "nothing"
            | "neither"
            | "aint"
            | "wouldnt"
            | "couldnt"
            | "hasnt"
            | "havent"
            | "hadnt"
            | "wont"
    )
}
