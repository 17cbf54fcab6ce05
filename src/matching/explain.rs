//! Puts what met, what is missing and what spoke against it into an explanation. Knows no wording of any surface.

use crate::matching::align::Alignment;
use crate::matching::pattern::Pattern;
use crate::matching::score::Features;
use crate::model::explanation::{Cue, Explanation, Met, Pair};
use crate::text::Text;

/// The explanation of one alignment.
pub fn explain(
    pattern: &Pattern,
    alignment: &Alignment,
    features: &Features,
    text: &Text,
    cues: Vec<Cue>,
) -> Explanation {
    let mut pairs = Vec::new();
    let mut missing = Vec::new();
    for (at, term) in pattern.terms.iter().enumerate() {
        let Some(partner) =
            alignment.partners.iter().chain(&alignment.context).find(|partner| partner.term == at)
        else {
            if term.content {
                missing.push(term.surface.clone());
            }
            continue;
        };
        let tokens = text.tokens.get(partner.sighting.tokens()).unwrap_or(&[]);
        let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { continue };
        let typed = tokens.iter().map(|token| token.text.as_str()).collect::<Vec<_>>().join(" ");
        let met = match partner.sighting.met {
            Met::Exact | Met::Alias if typed == term.surface => Met::Exact,
            Met::Exact => Met::Stem,
            other => other,
        };
        pairs.push(Pair {
            phrasing: term.surface.clone(),
            message: first.span.start..last.span.end,
            met,
            weight: thousandths(term.weight / pattern.weight.max(f32::MIN_POSITIVE)),
        });
    }
    Explanation { pairs, missing, against: against(features), cues }
}

fn thousandths(share: f32) -> u16 {
    crate::model::score::Score::from_probability(share).thousandths()
}

/// What lowered the score, in words.
fn against(features: &Features) -> Vec<Cue> {
    let say = |what: &str| Cue { what: what.to_owned(), span: None };
    let mut against = Vec::new();
    if features.near_miss {
        against.push(say("a near miss of the claim fits more of the message"));
    }
    if features.rival {
        against.push(say("another claim fits more of the same words"));
    }
    if features.swapped {
        against.push(say("two of its words stand the other way round"));
    }
    if features.unnamed > 0 {
        against.push(say("the message does not name everything that the phrasing does"));
    }
    if features.number_conflict {
        against.push(say("another number stands where the phrasing has one"));
    }
    if features.crosses {
        against.push(say("the words stand in two sentences"));
    }
    if features.tightness < 0.5 {
        against.push(say("many other words stand between them"));
    }
    if features.order < 0.5 {
        against.push(say("they stand in another order"));
    }
    against
}
