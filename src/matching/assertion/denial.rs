//! Whether a message denies a claim: negators with their scope, labels, and what the sentences around it say. Knows neither frames nor questions.

use std::ops::Range;

use crate::matching::assertion::{Scene, Stance, is_negator, opening};
use crate::matching::cues::Section;
use crate::model::explanation::Assertion;
use crate::text::segment::End;

/// A negator this many words before the first word that matched may still turn it round.
const REACH_BEFORE: usize = 6;
/// A cue behind the last word that matched denies it within so many words: "... is, frankly, a myth".
const REACH_AFTER: usize = 8;

/// A heading has at most so many words, "one more common myth"; what has more is a sentence of its own.
const HEADING: usize = 4;
/// What a negator turns is among so many words with a meaning behind it.
const TURNED: usize = 2;

impl Scene<'_> {
    pub(super) fn denied(&self) -> Option<Stance> {
        let sentence = self.sentence();
        let mut confirmed = self.found(Section::Confirmed, self.wide(&sentence));
        // "it is no myth" confirms what somebody calls a myth; where the claim calls it so, it denies the claim.
        confirmed.retain(|place| !self.has_own_denial(place));
        let unless_confirmed = |place: &Range<usize>| {
            confirmed.iter().all(|kept| place.end <= kept.start || place.start >= kept.end)
        };
        let what = "says that it is not so";
        // "it's a myth that he knew" asserts what "he never knew" says.
        let turned = self.own_denials.is_empty() && self.own_negations() > 0;
        let before = self.found(Section::DenialBefore, sentence.start..self.core.end);
        let before = before.into_iter().find(|place| {
            unless_confirmed(place) && !self.has_own_denial(place) && self.comes_before(place)
        });
        if let Some(place) = before {
            if turned {
                return None;
            }
            return Some(self.stance(Assertion::Denied, what, place));
        }
        let after_end = sentence.end.min(self.core.end + REACH_AFTER);
        let after = self.found(Section::DenialAfter, self.core.end..after_end);
        let after = after.into_iter().find(|place| {
            unless_confirmed(place)
                && (!self.speaks_against() || self.refers(place))
                && !self.of_another(place)
        });
        if let Some(place) = after {
            if turned {
                return None;
            }
            return Some(self.stance(Assertion::Denied, what, place));
        }
        if let Some(place) = self.labelled(&sentence).filter(unless_confirmed) {
            return Some(self.stance(Assertion::Denied, what, place));
        }
        if let Some(place) = self.denied_next().filter(unless_confirmed) {
            return Some(self.stance(
                Assertion::Denied,
                "the next sentence says that it is not so",
                place,
            ));
        }
        if let Some(place) = self.denied_before_sentence().filter(unless_confirmed) {
            return Some(self.stance(
                Assertion::Denied,
                "the sentence before says that it is not so",
                place,
            ));
        }
        if let Some(place) = self.sarcasm() {
            return Some(self.stance(Assertion::Denied, "marked as sarcasm", place));
        }
        if let Some(place) = self.turns_another() {
            return Some(self.stance(
                Assertion::Denied,
                "what it negates is something else",
                place,
            ));
        }
        self.negated(&sentence, &unless_confirmed)
    }

    /// A negator of the phrasing's that in the message turns another word of the claim, while its own stands behind
    /// a break: "wasn't about states' rights, it was about slavery".
    fn turns_another(&self) -> Option<Range<usize>> {
        let content = |at: usize| self.pattern.terms.get(at).is_some_and(|term| term.content);
        // Of "not about slavery" slavery is turned.
        let ties = |at: usize| {
            let term = self.pattern.terms.get(at);
            term.is_some_and(|term| matches!(term.surface.as_str(), "about" | "over" | "because"))
        };
        let partner = |term: usize| self.alignment.partners.iter().find(|one| one.term == term);
        let negators = self.alignment.partners.iter().filter(|one| {
            self.pattern.terms.get(one.term).is_some_and(|term| is_negator(&term.surface))
        });
        negators.map(|one| (one, one.sighting.first)).find_map(|(one, at)| {
            let behind = (one.term + 1..self.pattern.terms.len()).filter(|term| content(*term));
            let places: Vec<usize> = behind
                .filter(|term| !ties(*term))
                .take(TURNED)
                .filter_map(|term| Some(partner(term)?.sighting.first))
                .collect();
            let object = *places.first()?;
            if places.iter().any(|place| *place < at || self.same_clause(at, *place)) {
                return None;
            }
            // "was about states' rights, not slavery" turns no rights either.
            let turned_there = |word: usize| {
                self.alignment.partners.iter().any(|partner| {
                    partner.term > one.term && partner.sighting.tokens().contains(&word)
                })
            };
            let another = |word: &usize| {
                *word > at && *word < object && self.same_clause(at, *word) && !turned_there(*word)
            };
            // "never visited a camp, he did not know": the clause behind the break has its own negator.
            let again = self.tokens(at + 1..object.max(at + 1));
            let again = again.iter().any(|token| is_negator(&token.text));
            let word = self.things.iter().find(|word| another(word)).filter(|_| !again)?;
            Some(at..word + 1)
        })
    }

    /// Whether some words hold one by which the phrasing itself speaks against something.
    fn has_own_denial(&self, place: &Range<usize>) -> bool {
        self.own_denials.iter().any(|own| place.contains(own))
    }

    /// Whether a cue stands before what it denies: where the phrasing speaks against something itself, before the
    /// claim as a whole, or with a negator of its own before the phrasing's: "the report doesn't prove that there
    /// were no chambers".
    fn comes_before(&self, place: &Range<usize>) -> bool {
        let negates = self.tokens(place.clone()).iter().any(|token| is_negator(&token.text));
        !self.speaks_against()
            || place.end <= self.core.start
            || negates && self.own_denials.iter().all(|own| place.end <= *own)
    }

    /// Whether a cue behind what matched is about it: "..., that is a lie", and not one more label for what the
    /// claim denies: "never existed, total myth".
    fn refers(&self, place: &Range<usize>) -> bool {
        let first = self.tokens(place.clone()).first().map(|token| token.text.as_str());
        self.same_clause(self.core.end.saturating_sub(1), place.start)
            || matches!(first, Some("that" | "thats" | "this" | "it" | "its"))
    }

    /// Whether a cue behind what matched speaks of another thing: "..., and the six million number is made up".
    fn of_another(&self, place: &Range<usize>) -> bool {
        let between = self.tokens(self.core.end..place.start.max(self.core.end));
        let and = between.iter().rposition(|token| token.text == "and");
        and.is_some_and(|at| {
            let subject = between.get(at + 1..).unwrap_or(&[]);
            let refers = |word: &str| {
                matches!(word, "that" | "thats" | "this" | "it" | "its" | "which" | "they")
            };
            subject.len() >= 2 && !subject.iter().any(|token| refers(&token.text))
        })
    }

    /// "/s" or "sure buddy" at the message's end.
    fn sarcasm(&self) -> Option<Range<usize>> {
        let last = self.text.tokens.len().checked_sub(1)?;
        if let [.., sure, whom] = &*self.text.tokens
            && sure.text == "sure"
            && matches!(whom.text.as_str(), "buddy" | "jan" | "pal" | "bud" | "mate")
        {
            return Some(last - 1..last + 1);
        }
        let mark = self.tokens(last..last + 1).first()?;
        (last > 0 && mark.text == "s" && mark.after_break).then_some(last..last + 1)
    }

    /// A label in front of the claim or behind it: "false: ...", "... = fake", "... (wrong)".
    fn labelled(&self, sentence: &Range<usize>) -> Option<Range<usize>> {
        let label =
            |at: usize| self.tokens(at..at + 1).first().is_some_and(|token| is_label(&token.text));
        let breaks =
            |at: usize| self.tokens(at..at + 1).first().is_some_and(|token| token.after_break);
        let first = sentence.start;
        if first < self.core.start && label(first) && breaks(first + 1) {
            return Some(first..first + 1);
        }
        let behind = self.core.end;
        let last = behind + 1 >= sentence.end;
        (behind < sentence.end && label(behind) && (breaks(behind) || last))
            .then_some(behind..behind + 1)
    }

    fn denied_next(&self) -> Option<Range<usize>> {
        let next = self.segment(self.segments.end)?;
        if next.end == End::Question {
            return None;
        }
        let tokens = self.tokens(next.tokens.clone());
        let at = next.tokens.start;
        let shift = |length: usize| at..at + length;
        if let Some(length) = self.cues.opens(Section::DenialAfter, tokens) {
            return Some(shift(length));
        }
        // "That's what I was taught and it's wrong."
        let refers = tokens.first().is_some_and(|token| {
            matches!(token.text.as_str(), "that" | "thats" | "this" | "it" | "its" | "which")
        });
        if refers && let Some(place) = self.found(Section::DenialAfter, opening(next)).first() {
            return Some(place.clone());
        }
        let length = self.cues.opens(Section::DenialNext, tokens)?;
        let harmless = self.cues.opens(Section::NoNegation, tokens).is_some();
        // "Wrong." denies; "No one told me in school" goes on about something else.
        let alone =
            tokens.len() <= length + 4 || tokens.get(length).is_some_and(|token| token.after_break);
        (!harmless && alone).then(|| shift(length))
    }

    /// "Myth: ...", "Common misconception. ..."
    fn denied_before_sentence(&self) -> Option<Range<usize>> {
        let before = self.segments.start.checked_sub(1)?;
        // What a list is about stands at its head: "top ten myths: 1. ... 2. ..."
        [before, 0].into_iter().find_map(|at| {
            let heading = self.segment(at).filter(|segment| segment.tokens.len() <= HEADING)?;
            let label = heading.tokens.clone().find(|at| {
                heading.tokens.len() == 1
                    && self.tokens(*at..*at + 1).first().is_some_and(|token| is_label(&token.text))
            });
            let found =
                self.found(Section::DenialBefore, heading.tokens.clone()).into_iter().next();
            label.map(|at| at..at + 1).or(found)
        })
    }

    /// Negators that reach what matched; two of them take each other back, and so does one that the
    /// phrasing has itself.
    fn negated(
        &self,
        sentence: &Range<usize>,
        counts: &dyn Fn(&Range<usize>) -> bool,
    ) -> Option<Stance> {
        let start = sentence.start.max(self.core.start.saturating_sub(REACH_BEFORE));
        // "signed in August, not on July 4": the word behind the negator still matched.
        let end = sentence.end.min(self.core.end + 1);
        let mut harmless = self.found(Section::NoNegation, sentence.clone());
        harmless.retain(|place| !self.has_own_denial(place));
        let counted: Vec<Range<usize>> = self
            .found(Section::Negator, start..end)
            .into_iter()
            .filter(|place| counts(place))
            .filter(|place| {
                harmless.iter().all(|kept| place.end <= kept.start || place.start >= kept.end)
            })
            .filter(|place| self.reaches(place, sentence))
            .filter(|place| !self.asks_for_consent(place))
            .collect();
        let separate = separate(&counted);
        // "there was no genocide, they were only relocated": another phrasing has this very negator.
        let said =
            |place: &Range<usize>| place.clone().all(|at| self.negators.binary_search(&at).is_ok());
        let unsaid: Vec<Range<usize>> = counted.iter().filter(|p| !said(p)).cloned().collect();
        let own = self.own_negations();
        let even = |found: usize| found % 2 == own % 2;
        if even(separate) || unsaid.len() < counted.len() && even(self::separate(&unsaid)) {
            return None;
        }
        let place = counted.into_iter().next().unwrap_or(self.core.clone());
        let what = if separate > own { "a negation" } else { "the phrasing's negation is missing" };
        Some(self.stance(Assertion::Denied, what, place))
    }

    /// Whether a negator's scope holds a word that matched: it stands among them, or before them in one clause.
    fn reaches(&self, place: &Range<usize>, sentence: &Range<usize>) -> bool {
        // Where the phrasing speaks against something itself, only what stands in one clause with that turns it
        // round: "he gave no order, he never ordered it" says the same twice.
        let with_own = |own: &usize| {
            let between = place.end.min(own + 1)..place.start.max(*own);
            self.same_clause(between.start.saturating_sub(1), between.end) && !self.joined(between)
        };
        if self.speaks_against() && !self.own_denials.iter().any(with_own) {
            return false;
        }
        if place.start >= self.core.start {
            if self.turns_other_words(place) {
                return false;
            }
            let next = place.end..(place.end + 3).min(sentence.end);
            return place.start < self.core.end
                && (place.start < self.core.end.saturating_sub(1)
                    || next.into_iter().any(|at| self.matched.contains(&at)));
        }
        // "no, they joined": an answer, whose sentence is its own.
        let answer = self.tokens(place.clone()).first().is_some_and(|token| token.text == "no");
        let clause = self.same_clause(place.end - 1, self.core.start);
        clause
            && !self.joined(place.end..self.core.start)
            && !(answer
                && self.tokens(place.end..place.end + 1).first().is_some_and(|t| t.after_break))
    }

    /// Whether a negator has words to turn in its own clause of which the claim has none: "he didn't talk until he
    /// was four, and then he failed".
    fn turns_other_words(&self, place: &Range<usize>) -> bool {
        let segment = self.text.segments.iter().find(|s| s.tokens.contains(&place.start));
        let end = segment.map_or(place.end, |segment| segment.tokens.end);
        let breaks = |at: &usize| self.tokens(*at..at + 1).iter().any(|token| token.after_break);
        let end = (place.end..end).find(breaks).unwrap_or(end);
        let mut behind = (place.end..end).filter(|at| self.means(*at)).take(TURNED).peekable();
        behind.peek().is_some() && behind.all(|at| self.said.binary_search(&at).is_err())
    }

    /// Whether a word that starts another clause stands among some tokens.
    fn joined(&self, between: Range<usize>) -> bool {
        self.tokens(between).iter().any(|token| {
            matches!(
                token.text.as_str(),
                "but"
                    | "because"
                    | "bc"
                    | "cuz"
                    | "cause"
                    | "and"
                    | "so"
                    | "that"
                    | "when"
                    | "while"
                    | "although"
                    | "though"
                    | "which"
                    | "who"
            )
        })
    }

    /// "Didn't they join?" expects a yes.
    fn asks_for_consent(&self, place: &Range<usize>) -> bool {
        let question =
            self.segment(self.segments.end - 1).is_some_and(|segment| segment.end == End::Question);
        let sentence = self.sentence();
        question
            && self.clause_starts(&sentence).contains(&place.start)
            && self
                .cues
                .opens(Section::Rhetorical, self.tokens(place.start..sentence.end))
                .is_some()
    }

    /// How many negators the phrasing has itself, and the message must have too.
    fn own_negations(&self) -> usize {
        let met = |at: usize| {
            let mut partners = self.alignment.partners.iter().filter(|p| p.term == at);
            partners.any(|partner| self.own_denials.contains(&partner.sighting.first))
        };
        // One that met its partner was left out of the message's negators already.
        self.pattern
            .terms
            .iter()
            .enumerate()
            .filter(|(at, term)| is_negator(&term.surface) && !met(*at))
            .count()
    }
}

/// How often negators negate: "never, ever" and "no, they didn't" do once.
fn separate(places: &[Range<usize>]) -> usize {
    let mut separate = 0;
    let mut last_end: Option<usize> = None;
    for place in places {
        if last_end.is_none_or(|end| place.start > end + 2) {
            separate += 1;
        }
        last_end = Some(place.end);
    }
    separate
}

/// Whether a word by itself calls what stands beside it untrue.
pub(super) fn is_label(word: &str) -> bool {
    matches!(
        word,
        "false"
            | "fake"
            | "wrong"
            | "myth"
            | "lie"
            | "lies"
            | "cap"
            | "bs"
            | "bullshit"
            | "nonsense"
            | "debunked"
            | "hoax"
            | "untrue"
            | "incorrect"
            | "fiction"
            | "nope"
            | "rubbish"
    )
}
