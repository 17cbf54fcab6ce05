//! Whether somebody else says it: words in quotation marks, stories and conditions, and what others are said to say. Knows neither denials nor questions.

use std::ops::Range;

use crate::matching::assertion::{Scene, Stance};
use crate::matching::cues::Section;
use crate::model::explanation::Assertion;

/// At least this share of what matched must stand in quotation marks to be somebody else's words:
/// less, and the marks are round a single word.
const QUOTED_SHARE: f32 = 0.6;
/// Marks round so few words hold them at a distance: `"relocation"`; round more they quote.
const SCARE: usize = 2;
/// Verbs by which a claim is about who said something.
const SPEECH: [&str; 7] = ["said", "says", "saying", "told", "wrote", "quoth", "cabled"];
/// The claim begins so many words behind the verb by which somebody says it: "told the kids that vikings ..."
const TOLD: usize = 4;
/// What a message is about is said in so few words: "alternate history idea:".
const HEADING: usize = 8;
/// Who says so is named within so many words behind the claim: "... is what her grandson told a meeting".
const BEHIND: usize = 8;

impl Scene<'_> {
    pub(super) fn quoted(&self) -> Option<Stance> {
        let (mut quoted, mut all) = (0.0, 0.0);
        let mut named_outside = false;
        let mut named_inside = false;
        let mut all_but_names = true;
        let mut spoken_outside = false;
        let mut said_outside = false;
        let mut signed = false;
        for partner in &self.alignment.partners {
            let Some(term) = self.pattern.terms.get(partner.term) else { continue };
            let is_quoted = self.tokens(partner.sighting.tokens()).iter().all(|token| token.quoted);
            quoted += if is_quoted { term.weight } else { 0.0 };
            all += term.weight;
            named_outside |= term.named && !is_quoted;
            named_inside |= term.named && is_quoted;
            spoken_outside |= !is_quoted && SPEECH.contains(&term.surface.as_str());
            said_outside |= !is_quoted && term.content;
            // "... to the death" - Voltaire
            let token = self.tokens(partner.sighting.tokens()).first();
            signed |= term.content && !is_quoted && token.is_some_and(|token| token.after_break);
            all_but_names &= is_quoted || term.named || !term.content;
        }
        let marked = self.tokens(self.sentence()).iter().filter(|token| token.quoted).count();
        // "still believing in the 'party switch'? it is a myth": what the claim denies is kept away from.
        let outside = |at: &usize| self.tokens(*at..at + 1).iter().any(|token| !token.quoted);
        if self.speaks_against() && self.own_denials.iter().any(outside) {
            return None;
        }
        if all_but_names && named_outside && !spoken_outside && (1..=SCARE).contains(&marked) {
            return Some(self.stance(
                Assertion::Quoted,
                "a word held at a distance",
                self.core.clone(),
            ));
        }
        // A claim about who said something names the speaker outside the marks: that is the claim.
        let speaks = self.pattern.terms.iter().any(|term| SPEECH.contains(&term.surface.as_str()));
        let attributes = named_outside && !named_inside
            || spoken_outside
            || speaks && said_outside
            || signed
            || self.speaker_is_named();
        (all > 0.0 && quoted / all >= QUOTED_SHARE && !attributes)
            .then(|| self.stance(Assertion::Quoted, "somebody else's words", self.core.clone()))
    }

    /// Whether the words in quotation marks follow "Voltaire said", where the claim speaks of Voltaire.
    fn speaker_is_named(&self) -> bool {
        let sentence = self.sentence();
        let opens = sentence.clone().find(|at| self.tokens(*at..at + 1).iter().any(|t| t.quoted));
        let Some(at) = opens.filter(|at| *at >= sentence.start + 2) else { return false };
        let verb = self.tokens(at - 1..at).iter().any(|t| SPEECH.contains(&t.text.as_str()));
        verb && self.said.binary_search(&(at - 2)).is_ok()
    }

    pub(super) fn imagined(&self) -> Option<Stance> {
        // What a message is about is often said once, in a few words at its start or right before: "alternate
        // history: ...". A whole sentence about a game is about that game.
        let heading = |at: usize| {
            let segment = self.segment(at).filter(|segment| segment.tokens.len() <= HEADING);
            segment.map_or(0..0, |segment| segment.tokens.clone())
        };
        let sentence = self.sentence();
        let opening = heading(0);
        let before = self.segments.start.checked_sub(1).map_or(0..0, heading);
        let what = "a game, a story, or what might have been";
        let places = [
            (Section::Imagined, sentence.clone()),
            (Section::Imagined, before),
            (Section::Imagined, opening),
            (Section::ImaginedHere, sentence.clone()),
        ];
        // "In reality the cavalry charged.": whatever stands in the sentences around.
        let earnest = !self.found(Section::Earnest, sentence.clone()).is_empty();
        for (section, within) in places {
            if earnest && within != sentence {
                continue;
            }
            // Behind the claim only what says where: "... in that show".
            let counts = |place: &Range<usize>| {
                // "they should have cast an Egyptian, because Cleopatra was one": the reason is meant.
                let between = self.tokens(place.end..self.core.start.max(place.end));
                let because = between.iter().any(|token| {
                    matches!(token.text.as_str(), "because" | "since" | "cause" | "cuz")
                });
                let first = self.tokens(place.clone()).first();
                let elsewhere = first.is_some_and(|token| frames_its_clause(&token.text))
                    && place.end <= self.core.start
                    && !self.same_clause(place.end - 1, self.core.start);
                if section == Section::ImaginedHere && (because || elsewhere) {
                    return false;
                }
                let ahead = self.tokens(place.end..place.end + 1).first();
                // "..., imagine the splinters": what is imagined there is something else.
                let asks_to = first.is_some_and(|token| {
                    matches!(token.text.as_str(), "imagine" | "imagining" | "suppose" | "lets")
                });
                // "Imagine getting on one of those." imagines nothing that comes after.
                let sets_a_scene = ahead.is_some_and(|token| {
                    matches!(
                        token.text.as_str(),
                        "if" | "a" | "an" | "that" | "this" | "how" | "what"
                    )
                });
                let here = sentence.contains(&place.start);
                section == Section::Imagined && !asks_to
                    || place.start < self.core.end && (here || sets_a_scene)
                    || first.is_some_and(|token| {
                        let near = place.start <= self.core.end + 1;
                        token.text == "in" && (near || self.same_clause(self.core.end, place.start))
                    })
            };
            if let Some(place) = self.found(section, within).into_iter().find(counts) {
                return Some(self.stance(Assertion::Imagined, what, place));
            }
        }
        let word = |at: usize| self.tokens(at..at + 1).first().map_or("", |t| t.text.as_str());
        // Nearly every sentence has none, and what follows looks at the whole of it.
        let ifs = (sentence.start..self.core.start).filter(|at| word(*at) == "if");
        let ifs: Vec<usize> = ifs.collect();
        let indirect = if ifs.is_empty() {
            Vec::new()
        } else {
            self.found(Section::Indirect, sentence.clone())
        };
        let condition = ifs.into_iter().find(|at| {
            let aside = self.cues.opens(Section::IfAside, self.tokens(*at..sentence.end)).is_some();
            // "know if", "asked if": a question, not a condition.
            let whether = indirect.iter().any(|place| place.contains(at));
            let asks = self.tokens(at.saturating_sub(1)..*at).first().is_some_and(|token| {
                matches!(
                    token.text.as_str(),
                    "know" | "sure" | "wonder" | "wondering" | "ask" | "asked" | "curious" | "tell"
                )
            });
            !aside && !whether && !asks && self.same_clause(*at, self.core.start)
        })?;
        Some(self.stance(Assertion::Imagined, "a condition", condition..condition + 1))
    }

    pub(super) fn reported(&self) -> Option<Stance> {
        let sentence = self.sentence();
        let endorsed = !self.found(Section::Endorsed, self.wide(&sentence)).is_empty();
        if endorsed {
            return None;
        }
        let before = self.found(Section::Reported, sentence.start..self.core.start + 1);
        // "the rabbis wrote": where the verb met the phrasing, it is the claim's own.
        let own = |place: &Range<usize>| self.matched.binary_search(&(place.end - 1)).is_ok();
        let ahead = |place: &Range<usize>| place.start < self.core.start;
        let told = before.into_iter().find(|place| ahead(place) && !own(place));
        let told = told.or_else(|| self.told_by_somebody(&sentence));
        // "... made the first flag, according to her grandson"
        let behind = self.core.end..sentence.end.min(self.core.end + BEHIND);
        let source = self.found(Section::ReportedBehind, behind).into_iter().find(|place| {
            // "... according to the Red Cross", where the claim is about what the Red Cross says.
            (place.end..place.end + TOLD).all(|at| self.things.binary_search(&at).is_err())
        });
        let place = told.or(source)?;
        Some(self.stance(Assertion::Reported, "says that somebody says so", place))
    }

    /// Whether somebody whom the claim does not speak of says it: a verb of speech right before it, or before
    /// "that".
    fn told_by_somebody(&self, sentence: &Range<usize>) -> Option<Range<usize>> {
        let word = |at: usize| self.tokens(at..at + 1).first().map_or("", |t| t.text.as_str());
        let mut verbs = self.found(Section::Speech, sentence.start..self.core.start);
        verbs.extend(self.found(Section::Distanced, sentence.start..self.core.end));
        verbs.into_iter().find(|place| {
            // "Mussolini claimed that he made the trains run": among the words that matched.
            let within = place.end > self.core.start;
            let near = within
                || self.core.start - place.end < TOLD
                    && self.same_clause(place.start, self.core.start)
                || word(place.end) == "that";
            let speaker = place.start.checked_sub(1).map_or("", word);
            // "you can't look at the South and say ...": the South does not say it.
            let another = matches!(speaker, "and" | "or" | "but");
            let distanced =
                self.cues.opens(Section::Distanced, self.tokens(place.clone())).is_some();
            let own = !another
                && !distanced
                && (place.start.saturating_sub(2)..place.end)
                    .any(|at| self.things.binary_search(&at).is_ok());
            let first = place.start == sentence.start;
            let oneself = matches!(
                speaker,
                "i" | "im"
                    | "id"
                    | "ill"
                    | "ive"
                    | "we"
                    | "to"
                    | "can"
                    | "gotta"
                    | "just"
                    | "should"
                    | "lets"
                    | "history"
                    | "science"
                    | "facts"
                    | "records"
                    | "evidence"
                    | "record"
                    | "must"
                    | "would"
                    | "will"
                    | "dont"
                    | "never"
            );
            near && !own && !first && !oneself
        })
    }
}

/// Whether a cue that opens with a word puts its frame around its own clause alone: "..., we made peace".
fn frames_its_clause(word: &str) -> bool {
    matches!(
        word,
        "i" | "we"
            | "would"
            | "wouldve"
            | "could"
            | "couldve"
            | "might"
            | "mightve"
            | "shouldve"
            | "were"
    )
}
