//! Why a message got its score and its assertion, in words and places. Knows neither the weights nor the wording of any surface.

use std::ops::Range;

use crate::model::claim::ClaimId;
use crate::model::score::Score;

/// What a message does with the claim it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Assertion {
    /// Says it is so.
    Asserted,
    /// Says it is not so.
    Denied,
    /// Asks whether, or presupposes it in a question.
    Asked,
    /// Repeats somebody's words.
    Quoted,
    /// Says that somebody says so.
    Reported,
    /// Speaks of a game, a story, or of what might have been.
    Imagined,
}

impl Assertion {
    /// All kinds.
    pub const ALL: [Self; 6] =
        [Self::Asserted, Self::Denied, Self::Asked, Self::Quoted, Self::Reported, Self::Imagined];

    /// The word in JSON and metrics.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Asserted => "asserted",
            Self::Denied => "denied",
            Self::Asked => "asked",
            Self::Quoted => "quoted",
            Self::Reported => "reported",
            Self::Imagined => "imagined",
        }
    }
}

/// How a word of the message met a word of the phrasing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Met {
    /// The same word.
    Exact,
    /// Another name for the same thing.
    Alias,
    /// Another form of the same word.
    Stem,
    /// A misspelling of it.
    Typo,
}

impl Met {
    /// The word for people.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Exact => "the same word",
            Self::Alias => "another name for it",
            Self::Stem => "another form of it",
            Self::Typo => "a misspelling of it",
        }
    }
}

/// One pair of words that met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The phrasing's word.
    pub phrasing: String,
    /// The message's word as written there, by byte offsets into the original.
    pub message: Range<usize>,
    /// How.
    pub met: Met,
    /// The word's share of the phrasing's weight, in thousandths.
    pub weight: u16,
}

/// Something found in a message that moved the decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cue {
    /// What it is, as words for people.
    pub what: String,
    /// Where, by byte offsets into the original; none for what is missing.
    pub span: Option<Range<usize>>,
}

/// Where a score and an assertion came from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Explanation {
    /// The pairs of words, in the phrasing's order.
    pub pairs: Vec<Pair>,
    /// The phrasing's words that found no partner.
    pub missing: Vec<String>,
    /// What spoke against the score.
    pub against: Vec<Cue>,
    /// What decided the assertion.
    pub cues: Vec<Cue>,
}

/// A claim with some evidence that a message is about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The claim.
    pub claim: ClaimId,
    /// How likely the message is about it.
    pub score: Score,
    /// What the message does with the phrasing shown.
    pub assertion: Assertion,
    /// Whether the phrasing is a counter-phrasing: the opposite assertion of a contested question.
    pub counter: bool,
    /// The phrasing that fits best, as the author wrote it.
    pub phrasing: String,
    /// What matched, by byte offsets into the original.
    pub span: Range<usize>,
    /// Why.
    pub explanation: Explanation,
}
