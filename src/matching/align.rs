//! Lays a pattern over the part of a message that it fits best. Knows what met what, not what that is worth.

use std::ops::Range;

use crate::matching::effort::{self, Effort};
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

/// A part of a message that a pattern is laid over.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Window {
    /// Where it opens among the sightings of the pattern's terms.
    at: usize,
    /// Its first token.
    first: usize,
    /// One past its last token.
    end: usize,
}

/// A pattern with every sensible window of a message to lay it over: one from each sighting of one of its terms, at
/// most twice the pattern's length and [`SLACK`], over at most [`SEGMENTS`] segments.
#[derive(Debug, Clone)]
pub struct Layout<'a> {
    /// The pattern.
    pub pattern: &'a Pattern,
    relevant: Vec<(usize, Sighting)>,
    windows: Vec<Window>,
}

impl<'a> Layout<'a> {
    /// All windows of one pattern.
    pub fn new(pattern: &'a Pattern, sightings: &[Sighting], text: &Text) -> Self {
        let relevant = relevant(pattern, sightings);
        let windows = windows(pattern, &relevant, text);
        Self { pattern, relevant, windows }
    }

    /// Leaves all patterns together at most [`effort::WINDOWS`] windows: none more than a number that is the same for
    /// all, so that a near miss is laid where its phrasing is.
    pub fn limit(layouts: &mut [Self]) {
        let counts = layouts.iter().map(|layout| layout.windows.len());
        let room = effort::room(counts.collect());
        for layout in layouts.iter_mut().filter(|layout| layout.windows.len() > room) {
            keep_fullest(&mut layout.windows, layout.pattern, &layout.relevant, room);
        }
    }

    /// The pattern laid over each window.
    pub fn alignments(&self, text: &Text, effort: &mut Effort) -> impl Iterator<Item = Alignment> {
        effort.patterns += 1;
        effort.windows += self.windows.len();
        let lay = move |window: &Window| {
            if effort.is_spent() {
                return None;
            }
            let inside = self.relevant.get(window.at..).unwrap_or(&[]);
            let inside = inside.iter().take_while(|(_, sighting)| sighting.first < window.end);
            let inside: Vec<&(usize, Sighting)> =
                inside.filter(|(_, sighting)| sighting.last < window.end).collect();
            effort.pairs += self.pattern.terms.len() * inside.len();
            let mut alignment = pair(self.pattern, &inside);
            let within = window.first..window.end;
            effort.expected += alignment.expect_misspellings(self.pattern, within, text);
            alignment.name_from_context(self.pattern, &self.relevant);
            alignment.measure(self.pattern, text);
            Some(alignment)
        };
        self.windows.iter().map_while(lay)
    }
}

/// The sightings of a pattern's terms, each with the term's place in it.
fn relevant(pattern: &Pattern, sightings: &[Sighting]) -> Vec<(usize, Sighting)> {
    // Most sightings are of no term of this pattern: one bit tells that without a look at the terms.
    let bit = |term: TermId| 1_u64 << (term.0 % 64);
    let terms: Vec<TermId> = pattern.terms.iter().map(|term| term.term).collect();
    let bits = terms.iter().fold(0, |bits, term| bits | bit(*term));
    let mut relevant: Vec<(usize, Sighting)> = Vec::with_capacity(terms.len());
    for sighting in sightings.iter().filter(|sighting| bits & bit(sighting.term) != 0) {
        let meets = terms.iter().enumerate().filter(|(_, term)| **term == sighting.term);
        relevant.extend(meets.map(|(at, _)| (at, *sighting)));
        if relevant.len() >= effort::RELEVANT {
            break;
        }
    }
    relevant
}

/// The windows that open with one of the sightings, in the message's order.
fn windows(pattern: &Pattern, relevant: &[(usize, Sighting)], text: &Text) -> Vec<Window> {
    let reach = 2 * pattern.terms.len() + SLACK;
    let mut windows: Vec<Window> = Vec::new();
    for (at, (term, start)) in relevant.iter().enumerate() {
        // A window that opens on "the" starts at the next content word just as well.
        if pattern.terms.get(*term).is_none_or(|term| !term.content) && windows.len() > 1 {
            continue;
        }
        for segments in [0, 1, SEGMENTS - 1] {
            let end = segment_end(text, start.first, segments).min(start.first + reach);
            // The sightings are in the message's order, so whatever opens at the same word stands last.
            let mut same = windows.iter().rev().take_while(|window| window.first == start.first);
            if same.all(|window| window.end != end) {
                windows.push(Window { at, first: start.first, end });
            }
        }
    }
    windows
}

/// Keeps the windows of which the pattern's terms that are seen weigh most, and of equal ones the first, in the
/// message's order.
fn keep_fullest(
    windows: &mut Vec<Window>,
    pattern: &Pattern,
    relevant: &[(usize, Sighting)],
    room: usize,
) {
    let weight = |window: &Window| {
        let mut seen = vec![0.0_f32; pattern.terms.len()];
        let inside = relevant.get(window.at..).unwrap_or(&[]);
        for (term, sighting) in inside.iter().take_while(|(_, one)| one.first < window.end) {
            if let Some(best) = seen.get_mut(*term).filter(|_| sighting.last < window.end) {
                *best = best.max(sighting.worth);
            }
        }
        let weights = seen.iter().zip(&pattern.terms).map(|(worth, term)| worth * term.weight);
        weights.sum::<f32>()
    };
    let mut weighed: Vec<(f32, Window)> =
        windows.iter().map(|window| (weight(window), *window)).collect();
    weighed.sort_by(|a, b| b.0.total_cmp(&a.0));
    weighed.truncate(room);
    weighed.sort_by_key(|(_, window)| (window.at, window.end));
    *windows = weighed.into_iter().map(|(_, window)| window).collect();
}

/// One past the last token of the segment `further` segments after the one that holds a token.
fn segment_end(text: &Text, token: usize, further: usize) -> usize {
    text.segment_of(token)
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

    /// Looks for terms that did not meet among the unmet words where they should stand, misspelled. Says how many
    /// words it compared.
    fn expect_misspellings(
        &mut self,
        pattern: &Pattern,
        window: Range<usize>,
        text: &Text,
    ) -> usize {
        let mut compared = 0;
        let met: f32 =
            self.partners.iter().filter_map(|p| pattern.terms.get(p.term)).map(|t| t.weight).sum();
        if met < EXPECTS * pattern.weight {
            return compared;
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
                    compared += 1;
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
        compared
    }

    /// Takes the names that the message has said elsewhere for those that the sentence leaves out.
    fn name_from_context(&mut self, pattern: &Pattern, relevant: &[(usize, Sighting)]) {
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
            let own = relevant.iter().filter(|(of, _)| *of == at).map(|(_, sighting)| sighting);
            let elsewhere = own.filter(free);
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
        self.tokens = first..end;
        self.crosses = end > first && text.segment_of(first) != text.segment_of(end - 1);
    }
}
