//! What a claim itself negates: "was not about slavery" is no denial of a claim that says just this, in whichever of its phrasings. Knows no score.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::matching::assertion::is_negator;
use crate::matching::pattern::{CONTENT_WEIGHT, Pattern};
use crate::matching::rarity::Rarity;
use crate::matching::vocabulary::TermId;
use crate::text::Text;

/// A negation is known by so many words behind it, or by fewer where its clause has no more: "not built by
/// Africans" is not "not built by Phoenicians".
const TELLING: usize = 2;

/// What follows these is said by others, or called untrue.
const EMBEDS: [&str; 24] = [
    "pretend",
    "pretends",
    "pretending",
    "deny",
    "denies",
    "lie",
    "lies",
    "myth",
    "claim",
    "claims",
    "say",
    "says",
    "think",
    "believe",
    "tell",
    "tells",
    "told",
    "teach",
    "taught",
    "hoax",
    "said",
    "wrote",
    "uttered",
    "used",
];

/// The first [`TELLING`] terms with a meaning of their own behind each negator of a phrasing, up to the next one.
pub fn turned(pattern: &Pattern) -> Vec<Vec<TermId>> {
    let mut turned: Vec<Vec<TermId>> = Vec::new();
    for (at, term) in pattern.terms.iter().enumerate() {
        // "did nothing but fiddle" says that he fiddled.
        let but = pattern.terms.get(at + 1).is_some_and(|next| next.surface == "but");
        // "they pretend that he was not" says that he was.
        if EMBEDS.contains(&term.surface.as_str()) {
            break;
        } else if turns(&term.surface) && !but {
            turned.push(Vec::new());
        } else if term.content
            && let Some(last) = turned.last_mut().filter(|terms| terms.len() < TELLING)
        {
            last.push(term.term);
        }
    }
    turned.retain(|terms| !terms.is_empty());
    turned
}

/// Whether a word turns what follows it: "nobody thought the earth was round" is not about a round earth.
fn turns(word: &str) -> bool {
    is_negator(word)
        && !matches!(word, "nobody" | "none" | "nothing" | "neither" | "without" | "zero")
}

/// The negators of a message that turn what a phrasing turns too: `met` has the terms of the claim by the token
/// that they met.
pub fn own(
    turned: &[Vec<TermId>],
    met: &BTreeMap<usize, Vec<TermId>>,
    text: &Text,
    rarity: &Rarity,
) -> Vec<usize> {
    let negates = |at: &usize| text.tokens.get(*at).is_some_and(|token| turns(&token.text));
    let clause = |negator: usize| -> Range<usize> {
        let segment = text.segments.iter().find(|segment| segment.tokens.contains(&negator));
        let end = segment.map_or(negator + 1, |segment| segment.tokens.end);
        let breaks = |at: &usize| text.tokens.get(*at).is_none_or(|token| token.after_break);
        negator + 1..(negator + 1..end).find(breaks).unwrap_or(end)
    };
    let means = |at: &usize| {
        met.contains_key(at)
            || text
                .tokens
                .get(*at)
                .is_some_and(|token| rarity.weight(&token.stem, 0) >= CONTENT_WEIGHT)
    };
    let is_own = |negator: &usize| {
        let words: Vec<usize> =
            clause(*negator).filter(|at| means(at) || negates(at)).take(TELLING).collect();
        // "never said that ..." turns the saying, which no phrasing does.
        let spoken = text.tokens.get(negator + 1..negator + 3).unwrap_or(&[]);
        if spoken.iter().any(|token| EMBEDS.contains(&token.text.as_str())) {
            return false;
        }
        // "no way he did not know": one takes the other back.
        !words.is_empty()
            && !words.iter().any(negates)
            && turned.iter().any(|terms| {
                let meets = |(at, term)| met.get(at).is_some_and(|here| here.contains(term));
                words.len() == terms.len() && words.iter().zip(terms).all(meets)
            })
    };
    (0..text.tokens.len()).filter(negates).filter(is_own).collect()
}
