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

#[cfg(test)]
mod tests {
    use super::Around;
    use crate::matching::align::Alignment;
    use crate::matching::cues::Cues;
    use crate::text;

    /// Every word weighs something here, and the claim knows those in the core and "ink".
    fn around(typed: &str, core: std::ops::Range<usize>) -> (f32, bool) {
        let text = text::read(typed);
        let weights = vec![5.0; text.tokens.len()];
        let ink = |at: usize| text.tokens.get(at).is_some_and(|token| token.text == "ink");
        let known = |at: usize| if core.contains(&at) || ink(at) { 5.0 } else { 0.0 };
        let bag: Vec<f32> = (0..text.tokens.len()).map(known).collect();
        let alignment = Alignment { tokens: core, ..Alignment::default() };
        let found = Around::measure(&alignment, &text, &weights, &bag, &Cues::english());
        (found.before, found.taken)
    }

    #[test]
    fn what_is_foreign_beside_the_core_is_seen() {
        for (typed, core, expected) in [
            ("trump signed it", 1..3, (1.0, false)),
            ("honestly everyone knew they signed it", 4..6, (1.0, false)),
            ("trump won, they signed it", 3..5, (1.0, false)),
            ("ink they signed it", 1..4, (0.0, false)),
            ("they signed it in ink", 0..3, (0.0, false)),
            ("they signed it of war", 0..3, (0.0, true)),
            ("they signed it, of war", 0..3, (0.0, false)),
            ("they signed it big war", 0..3, (0.0, false)),
        ] {
            assert_eq!(around(typed, core), expected, "{typed}");
        }
    }
}
