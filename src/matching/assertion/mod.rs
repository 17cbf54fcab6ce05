//! What a message does with a claim: asserts, denies, asks, quotes, reports or imagines it. Knows the words around what matched, not the score.
//!
//! A list of cues with a scope each, after the negation scopes of `NegEx` (Chapman et al. 2001): a
//! negator counts from where it stands to the end of its clause, a frame ("my teacher says", "in my
//! game") for its sentence. Where several apply the most cautious reading of the frame wins, and
//! whoever quotes, imagines, asks or reports is not answered.

mod denial;

use std::ops::Range;

use crate::matching::align::Alignment;
use crate::matching::cues::{Cues, Section};
use crate::matching::pattern::Pattern;
use crate::model::explanation::{Assertion, Cue};
use crate::text::Text;
use crate::text::segment::{End, Segment};
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

/// At least this share of what matched must stand in quotation marks to be somebody else's words:
/// less, and the marks are round a single word.
const QUOTED_SHARE: f32 = 0.6;
/// Marks round so few words hold them at a distance: `"relocation"`; round more they quote.
const SCARE: usize = 2;
/// So many words of a question among what matched make it what is asked.
const ASKED_WORDS: usize = 2;

/// Reads what the message does with the pattern where it was laid.
pub fn read(pattern: &Pattern, alignment: &Alignment, text: &Text, cues: &Cues) -> Stance {
    let scene = Scene::new(pattern, alignment, text, cues);
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
}

impl<'a> Scene<'a> {
    fn new(pattern: &'a Pattern, alignment: &'a Alignment, text: &'a Text, cues: &'a Cues) -> Self {
        let core = alignment.tokens.clone();
        let holds = |token: usize| {
            text.segments.iter().position(|s| s.tokens.contains(&token)).unwrap_or(0)
        };
        let segments = holds(core.start)..holds(core.end.saturating_sub(1).max(core.start)) + 1;
        let mut matched: Vec<usize> =
            alignment.partners.iter().flat_map(|partner| partner.sighting.tokens()).collect();
        matched.sort_unstable();
        Self { pattern, text, cues, core, matched, segments, alignment }
    }

    fn tokens(&self, range: Range<usize>) -> &'a [Token] {
        self.text.tokens.get(range).unwrap_or(&[])
    }

    fn segment(&self, at: usize) -> Option<&'a Segment> {
        self.text.segments.get(at)
    }

    /// The tokens of all segments that the core touches.
    fn sentence(&self) -> Range<usize> {
        let start = self.segment(self.segments.start).map_or(0, |segment| segment.tokens.start);
        let end = self.segment(self.segments.end - 1).map_or(0, |segment| segment.tokens.end);
        start..end
    }

    /// The places of a section's cues in a range of tokens, without those made of words that matched:
    /// these say the claim itself.
    fn found(&self, section: Section, within: Range<usize>) -> Vec<Range<usize>> {
        let shifted = self.cues.all(section, self.tokens(within.clone())).into_iter();
        shifted
            .map(|place| place.start + within.start..place.end + within.start)
            .filter(|place| !place.clone().all(|at| self.matched.binary_search(&at).is_ok()))
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

    fn quoted(&self) -> Option<Stance> {
        let (mut quoted, mut all) = (0.0, 0.0);
        let mut named_outside = false;
        let mut named_inside = false;
        let mut all_but_names = true;
        for partner in &self.alignment.partners {
            let Some(term) = self.pattern.terms.get(partner.term) else { continue };
            let is_quoted = self.tokens(partner.sighting.tokens()).iter().all(|token| token.quoted);
            quoted += if is_quoted { term.weight } else { 0.0 };
            all += term.weight;
            named_outside |= term.named && !is_quoted;
            named_inside |= term.named && is_quoted;
            all_but_names &= is_quoted || term.named || !term.content;
        }
        let marked = self.tokens(self.sentence()).iter().filter(|token| token.quoted).count();
        if all_but_names && named_outside && (1..=SCARE).contains(&marked) {
            return Some(self.stance(
                Assertion::Quoted,
                "a word held at a distance",
                self.core.clone(),
            ));
        }
        // A claim about who said something names the speaker outside the marks: that is the claim.
        let attributes = named_outside && !named_inside;
        (all > 0.0 && quoted / all >= QUOTED_SHARE && !attributes)
            .then(|| self.stance(Assertion::Quoted, "somebody else's words", self.core.clone()))
    }

    fn imagined(&self) -> Option<Stance> {
        // What a message is about is often said once, at its start: "alternate history: ...".
        let opening = self.segment(0).map_or(0..0, |segment| segment.tokens.clone());
        let sentence = self.sentence();
        let before = self.segments.start.checked_sub(1).and_then(|at| self.segment(at));
        let before = before.map_or(0..0, |segment| segment.tokens.clone());
        let what = "a game, a story, or what might have been";
        let places = [
            (Section::Imagined, sentence.clone()),
            (Section::Imagined, before),
            (Section::Imagined, opening),
            (Section::ImaginedHere, sentence.clone()),
        ];
        for (section, within) in places {
            // Behind the claim only what says where: "... in that show".
            let counts = |place: &Range<usize>| {
                // "they should have cast an Egyptian, because Cleopatra was one": the reason is meant.
                let between = self.tokens(place.end..self.core.start.max(place.end));
                let because = between.iter().any(|token| {
                    matches!(token.text.as_str(), "because" | "since" | "cause" | "cuz")
                });
                if section == Section::ImaginedHere && because {
                    return false;
                }
                section == Section::Imagined
                    || place.start < self.core.end
                    || self.tokens(place.clone()).first().is_some_and(|token| token.text == "in")
            };
            if let Some(place) = self.found(section, within).into_iter().find(counts) {
                return Some(self.stance(Assertion::Imagined, what, place));
            }
        }
        let condition = (sentence.start..self.core.start).find(|at| {
            let word = self.tokens(*at..*at + 1).first().is_some_and(|token| token.text == "if");
            let aside = self.cues.opens(Section::IfAside, self.tokens(*at..sentence.end)).is_some();
            // "know if", "asked if": a question, not a condition.
            let whether = self
                .found(Section::Indirect, sentence.clone())
                .iter()
                .any(|place| place.contains(at));
            let asks = self.tokens(at.saturating_sub(1)..*at).first().is_some_and(|token| {
                matches!(
                    token.text.as_str(),
                    "know" | "sure" | "wonder" | "wondering" | "ask" | "asked" | "curious" | "tell"
                )
            });
            word && !aside && !whether && !asks && self.same_clause(*at, self.core.start)
        })?;
        Some(self.stance(Assertion::Imagined, "a condition", condition..condition + 1))
    }

    /// Whether no comma, dash or the like stands between two tokens.
    fn same_clause(&self, first: usize, second: usize) -> bool {
        self.tokens(first + 1..second + 1).iter().all(|token| !token.after_break)
    }

    fn asked(&self) -> Option<Stance> {
        let sentence = self.sentence();
        let indirect = self.found(Section::Indirect, sentence.clone());
        if let Some(place) = indirect.into_iter().next() {
            return Some(self.stance(Assertion::Asked, "asks whether", place));
        }
        let last = self.segment(self.segments.end - 1)?;
        if let Some(next) = self.segment(self.segments.end) {
            let tokens = self.tokens(next.tokens.clone());
            if next.end == End::Question
                && let Some(length) = self.cues.opens(Section::QuestionAfter, tokens)
            {
                let place = next.tokens.start..next.tokens.start + length;
                return Some(self.stance(Assertion::Asked, "asks whether it is so", place));
            }
        }
        let asked_before = (self.segments.start..self.segments.end - 1).find_map(|at| {
            let segment = self.segment(at).filter(|segment| segment.end == End::Question)?;
            let words = self.matched.iter().filter(|at| segment.tokens.contains(at)).count();
            (words >= ASKED_WORDS && segment.tokens.end > self.core.start)
                .then(|| segment.tokens.end - 1..segment.tokens.end)
        });
        if let Some(place) = asked_before {
            return Some(self.stance(Assertion::Asked, "a question", place));
        }
        let clauses = self.clause_starts(&sentence);
        let rhetorical = clauses.iter().any(|at| {
            self.cues.opens(Section::Rhetorical, self.tokens(*at..sentence.end)).is_some()
        });
        if last.end == End::Question {
            let own = self.tokens(last.tokens.clone());
            let tag = self.cues.ends(Section::Tag, own).is_some();
            if rhetorical || tag {
                return None;
            }
            let place = last.tokens.end.saturating_sub(1)..last.tokens.end;
            return Some(self.stance(Assertion::Asked, "a question", place));
        }
        // Chats drop the question mark: "did the soviets try to join the axis".
        let asking = clauses.iter().copied().find(|at| self.inverts(*at, &sentence));
        match asking {
            Some(at) if !rhetorical => {
                Some(self.stance(Assertion::Asked, "a question", at..at + 1))
            }
            _ => None,
        }
    }

    /// Whether verb and subject change places at a clause's start, as only questions do.
    fn inverts(&self, at: usize, sentence: &Range<usize>) -> bool {
        let opening = self.tokens(at..sentence.end);
        let verb = opening.first().is_some_and(|token| {
            matches!(token.text.as_str(), "did" | "does" | "is" | "are" | "were" | "was")
        });
        // "was reading that ...", "is what they said": a subject left out, not a question.
        let subject_left_out = opening.get(1).is_none_or(|token| {
            let word = token.text.as_str();
            word.ends_with("ing")
                || matches!(
                    word,
                    "told"
                        | "taught"
                        | "what"
                        | "why"
                        | "how"
                        | "where"
                        | "when"
                        | "not"
                        | "literally"
                        | "just"
                )
        });
        // Only where the claim follows at once: "bot, answer this: did stalin ...".
        verb && !subject_left_out && at < self.core.start + 1 && self.core.start - at <= 4
    }

    /// Where clauses start: the sentence, and behind each comma or dash before the core's end; words that
    /// only open ("so", "wait", "lol") are stepped over.
    fn clause_starts(&self, sentence: &Range<usize>) -> Vec<usize> {
        let openers = [
            "so", "but", "and", "wait", "ok", "okay", "hey", "guys", "lol", "um", "well", "like",
            "bro", "dude", "yo", "also", "hold", "on", "man", "yeah", "nah", "question", "hi",
            "hello", "ngl", "tbh", "fr", "honestly",
        ];
        let mut starts = vec![sentence.start];
        for at in sentence.clone().skip(1).take_while(|at| *at < self.core.end) {
            if self.tokens(at..at + 1).first().is_some_and(|token| token.after_break) {
                starts.push(at);
            }
        }
        for start in starts.clone() {
            let steps = self
                .tokens(start..sentence.end)
                .iter()
                .take_while(|token| openers.contains(&token.text.as_str()))
                .count();
            if steps > 0 {
                starts.push(start + steps);
            }
        }
        starts
    }

    /// The sentence with its neighbours.
    fn wide(&self, sentence: &Range<usize>) -> Range<usize> {
        let before = self.segments.start.checked_sub(1).and_then(|at| self.segment(at));
        let after = self.segment(self.segments.end);
        before.map_or(sentence.start, |s| s.tokens.start)
            ..after.map_or(sentence.end, |s| s.tokens.end)
    }

    /// Whether the phrasing has a negation of its own that met the message's.
    fn shares_negation(&self) -> bool {
        self.alignment.partners.iter().any(|partner| {
            self.pattern.terms.get(partner.term).is_some_and(|term| is_negator(&term.surface))
        })
    }

    fn reported(&self) -> Option<Stance> {
        let sentence = self.sentence();
        let endorsed = !self.found(Section::Endorsed, self.wide(&sentence)).is_empty();
        if endorsed {
            return None;
        }
        let before = self.found(Section::Reported, sentence.start..self.core.start + 1);
        // "the rabbis wrote": where the verb met the phrasing, it is the claim's own.
        let own = |place: &Range<usize>| self.matched.binary_search(&(place.end - 1)).is_ok();
        let ahead = |place: &Range<usize>| place.start < self.core.start;
        let place = before.into_iter().find(|place| ahead(place) && !own(place))?;
        Some(self.stance(Assertion::Reported, "says that somebody says so", place))
    }
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
    )
}
