//! The words around what matched that are foreign to the claim: somebody else may do the deed, to something else. Knows no score.

use std::ops::Range;

use crate::matching::align::Alignment;
use crate::matching::cues::{Cues, Section};
use crate::matching::pattern::CONTENT_WEIGHT;
use crate::text::Text;

/// What stands around a core that the claim has no word for.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Around {
    /// How many content words stand before it in its clause.
    pub before: f32,
    /// Whether a preposition right behind it takes such a word: "signed the declaration of war".
    pub taken: bool,
}

/// A preposition takes a word at most so many words behind it: "of the late king".
const TAKES: usize = 3;

impl Around {
    /// Measures the words around an alignment; `weights` are those of the message's tokens in nats, `bag` the same
    /// where the claim has the word, 0 elsewhere.
    pub fn measure(
        alignment: &Alignment,
        text: &Text,
        weights: &[f32],
        bag: &[f32],
        cues: &Cues,
    ) -> Self {
        let core = alignment.tokens.clone();
        let foreign = |at: usize| {
            let rare = weights.get(at).is_some_and(|weight| *weight >= CONTENT_WEIGHT);
            let known = bag.get(at).is_some_and(|known| *known > 0.0);
            let filler = cues.opens(Section::Filler, text.tokens.get(at..=at).unwrap_or(&[]));
            rare && !known && filler.is_none()
        };
        let clause = clause_start(&core, text)..core.start;
        let before = clause.filter(|at| foreign(*at)).count();
        let behind = text.tokens.get(core.end..=core.end).unwrap_or(&[]);
        let preposition = cues.opens(Section::Preposition, behind).is_some()
            && behind.iter().all(|token| !token.after_break);
        let end = text
            .segments
            .iter()
            .find(|segment| segment.tokens.contains(&core.end))
            .map_or(core.end, |segment| segment.tokens.end);
        let mut ahead = core.end + 1..end.min(core.end + 1 + TAKES);
        Self {
            before: f32::from(u16::try_from(before).unwrap_or(u16::MAX)),
            taken: preposition && ahead.any(foreign),
        }
    }
}

/// Where the clause starts that holds the core's first word.
fn clause_start(core: &Range<usize>, text: &Text) -> usize {
    let segment = text.segments.iter().find(|segment| segment.tokens.contains(&core.start));
    let start = segment.map_or(core.start, |segment| segment.tokens.start);
    (start..=core.start)
        .rev()
        .find(|at| text.tokens.get(*at).is_some_and(|token| token.after_break))
        .unwrap_or(start)
}
