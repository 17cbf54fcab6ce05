//! Lays a pattern over the part of a message that it fits best. Knows what met what, not what that is worth.

use std::ops::Range;

use crate::matching::fuzzy;
use crate::matching::pattern::Pattern;
use crate::matching::vocabulary::{Sighting, TermId};
use crate::model::explanation::Met;
use crate::text::Text;
use crate::text::segment::Segment;

/// A pattern's term that found its partner in the message.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Partner {
    /// Which term, by its place in the pattern.
    pub term: usize,
    /// What it met.
    pub sighting: Sighting,
}

/// A pattern laid over a part of a message.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Alignment {
    /// The terms that found a partner, in the pattern's order.
    pub partners: Vec<Partner>,
    /// Names that the message has elsewhere.
    pub context: Vec<Partner>,
    /// The tokens from the first partner to the last.
    pub tokens: Range<usize>,
    /// Whether the partners stand in more than one segment.
    pub crosses: bool,
}

/// A claim is said within so many words beyond the phrasing's own; further apart words are about something else.
const SLACK: usize = 12;

/// A saying may be typed as so many lines: "first they ignore you / then they laugh at you / ...".
const SEGMENTS: usize = 4;

/// Every sensible way of laying the pattern over the message: one window from each sighting of one of
/// its terms, at most twice the pattern's length and [`SLACK`], over at most [`SEGMENTS`] segments.
pub fn alignments(pattern: &Pattern, sightings: &[Sighting], text: &Text) -> Vec<Alignment> {
    // Most sightings are of no term of this pattern: one bit tells that without a look at the terms.
    let bit = |term: TermId| 1_u64 << (term.0 % 64);
    let terms: Vec<TermId> = pattern.terms.iter().map(|term| term.term).collect();
    let bits = terms.iter().fold(0, |bits, term| bits | bit(*term));
    let mut relevant: Vec<(usize, Sighting)> = Vec::with_capacity(terms.len());
    for sighting in sightings.iter().filter(|sighting| bits & bit(sighting.term) != 0) {
        let meets = terms.iter().enumerate().filter(|(_, term)| **term == sighting.term);
        relevant.extend(meets.map(|(at, _)| (at, *sighting)));
    }
    let reach = 2 * pattern.terms.len() + SLACK;
    let mut found: Vec<Alignment> = Vec::new();
    let mut windows: Vec<(usize, usize)> = Vec::new();
    for (at, (term, start)) in relevant.iter().enumerate() {
        // A window that opens on "the" starts at the next content word just as well.
        if pattern.terms.get(*term).is_none_or(|term| !term.content) && windows.len() > 1 {
            continue;
        }
        for segments in [0, 1, SEGMENTS - 1] {
            let last = segment_end(text, start.first, segments).min(start.first + reach);
            if windows.contains(&(start.first, last)) {
                continue;
            }
            windows.push((start.first, last));
            let inside = relevant.get(at..).unwrap_or(&[]);
            let inside = inside.iter().take_while(|(_, sighting)| sighting.first < last);
            let inside: Vec<&(usize, Sighting)> =
                inside.filter(|(_, sighting)| sighting.last < last).collect();
            let mut alignment = pair(pattern, &inside);
            alignment.expect_misspellings(pattern, start.first..last, text);
            alignment.name_from_context(pattern, sightings);
            alignment.measure(pattern, text);
            found.push(alignment);
        }
    }
    found
}

/// One past the last token of the segment `further` segments after the one that holds a token.
fn segment_end(text: &Text, token: usize, further: usize) -> usize {
    let holds = text.segments.iter().position(|segment| segment.tokens.contains(&token));
    holds
        .and_then(|at| text.segments.get((at + further).min(text.segments.len() - 1)))
        .map_or(0, |s| s.tokens.end)
}

/// Gives each term the partner of the most worth, and of several the one closest behind the term before it.
/// Content words choose first, or "the" would take the middle out of "July the 4th".
fn pair(pattern: &Pattern, inside: &[&(usize, Sighting)]) -> Alignment {
    let mut partners: Vec<Partner> = Vec::new();
    let mut taken: Vec<Range<usize>> = Vec::new();
    for content in [true, false] {
        for (term, _) in
            pattern.terms.iter().enumerate().filter(|(_, term)| term.content == content)
        {
            // The place of the term before it, or else of the one behind it: what comes first is near that.
            let earlier = partners.iter().filter(|partner| partner.term < term);
            let before = earlier.max_by_key(|partner| partner.term).map(|p| p.sighting.last);
            let later = partners.iter().filter(|partner| partner.term > term);
            let after = later.min_by_key(|partner| partner.term).map(|p| p.sighting.first);
            let free = |sighting: &Sighting| {
                taken.iter().all(|range| sighting.last < range.start || sighting.first >= range.end)
            };
            let best = inside
                .iter()
                .filter(|(of, sighting)| *of == term && free(sighting))
                .map(|(_, sighting)| sighting)
                .max_by(|a, b| {
                    let near = |s: &Sighting| match (before, after) {
                        (None, Some(after)) => {
                            (s.last < after, usize::MAX - s.first.abs_diff(after))
                        }
                        (before, _) => {
                            let behind = before.is_none_or(|before| s.first > before);
                            (behind, usize::MAX - s.first.abs_diff(before.unwrap_or(0)))
                        }
                    };
                    a.worth.total_cmp(&b.worth).then(near(a).cmp(&near(b)))
                });
            if let Some(sighting) = best {
                taken.push(sighting.tokens());
                partners.push(Partner { term, sighting: *sighting });
            }
        }
    }
    partners.sort_by_key(|partner| partner.term);
    Alignment { partners, ..Alignment::default() }
}

/// So much of a pattern's weight must have met before the rest leads anyone to expect a word.
const EXPECTS: f32 = 0.5;
/// A misspelled word stands where the phrasing has it, give or take so many words.
const NEARBY: usize = 4;
/// What a name is worth that stands elsewhere in the message: "I visited Salem ... they burned the witches".
const CONTEXT_WORTH: f32 = 0.6;

impl Alignment {
    /// The tokens of the segments that it touches.
    pub fn sentences(&self, text: &Text) -> Range<usize> {
        let touched = |segment: &&Segment| {
            segment.tokens.start < self.tokens.end && self.tokens.start < segment.tokens.end
        };
        let mut touched = text.segments.iter().filter(touched);
        let first = touched.next().map_or(0..0, |segment| segment.tokens.clone());
        first.start..touched.next_back().map_or(first.end, |segment| segment.tokens.end)
    }

    /// Looks for terms that did not meet among the unmet words where they should stand, misspelled.
    fn expect_misspellings(&mut self, pattern: &Pattern, window: Range<usize>, text: &Text) {
        let met: f32 =
            self.partners.iter().filter_map(|p| pattern.terms.get(p.term)).map(|t| t.weight).sum();
        if met < EXPECTS * pattern.weight {
            return;
        }
        for (at, term) in pattern.terms.iter().enumerate() {
            if !term.content || self.partners.iter().any(|partner| partner.term == at) {
                continue;
            }
            let before =
                self.partners.iter().filter(|p| p.term < at).map(|p| p.sighting.last).max();
            let after =
                self.partners.iter().filter(|p| p.term > at).map(|p| p.sighting.first).min();
            let start =
                before.or(after).unwrap_or(window.start).saturating_sub(NEARBY).max(window.start);
            let end = after.or(before).map_or(window.end, |at| (at + NEARBY).min(window.end));
            let best = (start..end)
                .filter(|at| {
                    self.partners.iter().all(|partner| !partner.sighting.tokens().contains(at))
                })
                .filter_map(|at| {
                    let typed = text.tokens.get(at)?;
                    Some((at, fuzzy::resembles(&term.surface, &typed.text)?))
                })
                .max_by(|a, b| a.1.total_cmp(&b.1));
            if let Some((token, worth)) = best {
                let sighting =
                    Sighting { term: term.term, first: token, last: token, worth, met: Met::Typo };
                self.partners.push(Partner { term: at, sighting });
                self.partners.sort_by_key(|partner| partner.term);
            }
        }
    }

    /// Takes the names that the message has said elsewhere for those that the sentence leaves out.
    fn name_from_context(&mut self, pattern: &Pattern, sightings: &[Sighting]) {
        for (at, term) in pattern.terms.iter().enumerate() {
            if !term.named || self.partners.iter().any(|partner| partner.term == at) {
                continue;
            }
            // Not out of words that met already: "National Socialist" does not name the Nazis twice.
            let free = |sighting: &&Sighting| {
                let met = self
                    .partners
                    .iter()
                    .chain(&self.context)
                    .map(|partner| partner.sighting.tokens());
                met.into_iter().all(|met| met.end <= sighting.first || sighting.last < met.start)
            };
            let elsewhere =
                sightings.iter().filter(|sighting| sighting.term == term.term).filter(free);
            if let Some(sighting) = elsewhere.max_by(|a, b| a.worth.total_cmp(&b.worth)) {
                let sighting = Sighting { worth: sighting.worth * CONTEXT_WORTH, ..*sighting };
                self.context.push(Partner { term: at, sighting });
            }
        }
    }

    /// Says which part of the message it covers. Function words before the first and after the last
    /// content word do not widen it.
    fn measure(&mut self, pattern: &Pattern, text: &Text) {
        let content =
            |partner: &&Partner| pattern.terms.get(partner.term).is_some_and(|term| term.content);
        let core: Vec<&Partner> = self.partners.iter().filter(content).collect();
        let first = core.iter().map(|partner| partner.sighting.first).min().unwrap_or(0);
        let end = core.iter().map(|partner| partner.sighting.last + 1).max().unwrap_or(0);
        let segment =
            |token: usize| text.segments.iter().position(|segment| segment.tokens.contains(&token));
        self.tokens = first..end;
        self.crosses = end > first && segment(first) != segment(end - 1);
    }
}
