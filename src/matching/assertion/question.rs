//! Whether a message asks about a claim. Knows neither denials nor who else says it.

use std::ops::Range;

use crate::matching::assertion::{Scene, Stance};
use crate::matching::cues::Section;
use crate::model::explanation::Assertion;
use crate::text::segment::End;
use crate::text::token::Token;

/// So many words of a question among what matched make it what is asked.
const ASKED_WORDS: usize = 2;

/// Nobody opens a clause with more words that only open.
const OPENERS: usize = 12;

impl Scene<'_> {
    pub(super) fn asked(&self) -> Option<Stance> {
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
            // "A strategy? That never existed."
            let answered = self.own_denials.iter().any(|at| *at >= segment.tokens.end);
            // "What did he see? The Great Wall, from the Moon."
            let answered =
                answered || last.end != End::Question && self.leaves_open(&segment.tokens);
            (words >= ASKED_WORDS && !answered && segment.tokens.end > self.core.start)
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
            if rhetorical || tag || self.asks_something_else(&last.tokens) {
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

    /// Whether a question leaves a word open, which whoever asks may say next.
    fn leaves_open(&self, question: &Range<usize>) -> bool {
        let openers = self.tokens(question.start..(question.start + 3).min(question.end));
        let asks = |word: &str| matches!(word, "what" | "which" | "who" | "where" | "when");
        openers.iter().any(|token| asks(&token.text))
    }

    /// Whether what is asked comes behind the claim: "... was very short, so what is the problem?"
    fn asks_something_else(&self, sentence: &Range<usize>) -> bool {
        let opens = |token: &Token| {
            token.after_break || matches!(token.text.as_str(), "so" | "but" | "then")
        };
        let behind = self.core.end..sentence.end.max(self.core.end);
        let asks_about_it = self.cues.all(Section::Indirect, self.tokens(behind.clone()));
        let last = asks_about_it.last().map(|place| behind.start + place.start);
        let starts = behind.filter(|at| self.tokens(*at..*at + 1).first().is_some_and(opens));
        starts.into_iter().any(|at| {
            let opener = self.tokens(at..at + 1).first();
            let opens = opener
                .is_some_and(|token| matches!(token.text.as_str(), "so" | "and" | "but" | "then"));
            let first = if opens { at + 1 } else { at };
            let words = self.tokens(first..sentence.end);
            let what = words.first().is_some_and(|token| {
                matches!(token.text.as_str(), "what" | "whats" | "why" | "how" | "who" | "where")
            });
            // "..., what is the source?" asks about the claim.
            what && last.is_none_or(|at| at < first)
                && self.cues.opens(Section::Indirect, words).is_none()
        })
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
                        | "that"
                )
        });
        // "can astronauts see ...": these may also open an exclamation, so the claim's words must follow.
        let may = opening.first().is_some_and(|token| {
            matches!(
                token.text.as_str(),
                "can" | "could" | "do" | "would" | "will" | "has" | "have"
            )
        });
        if may && self.core.start == at + 1 {
            return true;
        }
        // Only where the claim follows at once: "bot, answer this: did stalin ...".
        verb && !subject_left_out && at < self.core.start + 1 && self.core.start - at <= 4
    }

    /// Where clauses start: the sentence, and behind each comma or dash before the core's end; words that
    /// only open ("so", "wait", "lol") are stepped over.
    pub(super) fn clause_starts(&self, sentence: &Range<usize>) -> Vec<usize> {
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
                .take(OPENERS)
                .take_while(|token| openers.contains(&token.text.as_str()))
                .count();
            if steps > 0 {
                starts.push(start + steps);
            }
        }
        starts
    }
}
