//! Lays a pattern over the part of a message that it fits best. Knows what met what, not what that is worth.

use std::ops::Range;

use crate::matching::pattern::Pattern;
use crate::matching::vocabulary::{Sighting, TermId};
use crate::text::Text;

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
    /// The tokens from the first partner to the last.
    pub tokens: Range<usize>,
    /// Whether the partners stand in more than one segment.
    pub crosses: bool,
}

/// A claim is said within so many words beyond the phrasing's own; further apart words are about something else.
const SLACK: usize = 12;

/// Every sensible way of laying the pattern over the message: one window from each sighting of one of
/// its terms, at most twice the pattern's length and [`SLACK`], over at most two neighbouring segments.
pub fn alignments(pattern: &Pattern, sightings: &[Sighting], text: &Text) -> Vec<Alignment> {
    let relevant: Vec<(usize, Sighting)> = sightings
        .iter()
        .flat_map(|sighting| {
            let of_term = move |(_, term): &(usize, TermId)| *term == sighting.term;
            let terms = pattern.terms.iter().map(|term| term.term).enumerate();
            terms.filter(of_term).map(|(at, _)| (at, *sighting)).collect::<Vec<_>>()
        })
        .collect();
    let reach = 2 * pattern.terms.len() + SLACK;
    let mut found: Vec<Alignment> = Vec::new();
    let mut windows: Vec<(usize, usize)> = Vec::new();
    for (at, (term, start)) in relevant.iter().enumerate() {
        // A window that opens on "the" starts at the next content word just as well.
        if pattern.terms.get(*term).is_none_or(|term| !term.content) && windows.len() > 1 {
            continue;
        }
        for segments in 0..2 {
            let last = segment_end(text, start.first, segments).min(start.first + reach);
            if windows.contains(&(start.first, last)) {
                continue;
            }
            windows.push((start.first, last));
            let inside = relevant.get(at..).unwrap_or(&[]);
            let inside = inside.iter().take_while(|(_, sighting)| sighting.first < last);
            let inside: Vec<&(usize, Sighting)> =
                inside.filter(|(_, sighting)| sighting.last < last).collect();
            found.push(pair(pattern, &inside, text));
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
fn pair(pattern: &Pattern, inside: &[&(usize, Sighting)], text: &Text) -> Alignment {
    let mut partners: Vec<Partner> = Vec::new();
    let mut taken: Vec<Range<usize>> = Vec::new();
    for content in [true, false] {
        for (term, _) in
            pattern.terms.iter().enumerate().filter(|(_, term)| term.content == content)
        {
            let earlier = partners.iter().filter(|partner| partner.term < term);
            let before = earlier
                .max_by_key(|partner| partner.term)
                .map_or(0, |partner| partner.sighting.last);
            let free = |sighting: &Sighting| {
                taken.iter().all(|range| sighting.last < range.start || sighting.first >= range.end)
            };
            let best = inside
                .iter()
                .filter(|(of, sighting)| *of == term && free(sighting))
                .map(|(_, sighting)| sighting)
                .max_by(|a, b| {
                    let behind =
                        |s: &Sighting| (s.first > before, usize::MAX - s.first.abs_diff(before));
                    a.worth.total_cmp(&b.worth).then(behind(a).cmp(&behind(b)))
                });
            if let Some(sighting) = best {
                taken.push(sighting.tokens());
                partners.push(Partner { term, sighting: *sighting });
            }
        }
    }
    partners.sort_by_key(|partner| partner.term);
    // Function words before the first and after the last content word do not widen what matched.
    let content =
        |partner: &&Partner| pattern.terms.get(partner.term).is_some_and(|term| term.content);
    let core: Vec<&Partner> = partners.iter().filter(content).collect();
    let first = core.iter().map(|partner| partner.sighting.first).min().unwrap_or(0);
    let end = core.iter().map(|partner| partner.sighting.last + 1).max().unwrap_or(0);
    let segment =
        |token: usize| text.segments.iter().position(|segment| segment.tokens.contains(&token));
    let crosses = end > first && segment(first) != segment(end - 1);
    Alignment { partners, tokens: first..end, crosses }
}
