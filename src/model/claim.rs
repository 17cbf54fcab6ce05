//! A claim: one thing people say that we answer. Knows neither how it is written on disk nor how it is matched.

use std::fmt;
use std::time::Duration;

use crate::model::body::Response;
use crate::model::date::Date;
use crate::model::phrasing::Phrasing;
use crate::model::score::Score;
use crate::model::source::Source;

/// The longest id: with version, action, message, author and revision it must fit into the
/// 100 characters that Discord allows a button's `custom_id`.
pub const MAX_ID_LENGTH: usize = 44;

/// The longest cooldown of a claim or a channel: answers are remembered for thirty days, so a longer
/// one would be a promise that nobody can keep.
pub const LONGEST_COOLDOWN: Duration = Duration::from_secs(30 * 24 * 3600);

/// A claim's name: kebab-case, 1 to [`MAX_ID_LENGTH`] characters of `a-z`, `0-9` and inner single `-`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClaimId(String);

impl ClaimId {
    /// The id, where the text is one.
    pub fn new(text: &str) -> Option<Self> {
        let kebab = text.split('-').all(|part| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        });
        (kebab && text.len() <= MAX_ID_LENGTH).then(|| Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ClaimId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What the record shows of the claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// The record contradicts it.
    False,
    /// Built on something real, and leads to a wrong picture.
    Misleading,
    /// Not wrong as far as it goes, and leaves out what changes its meaning.
    MissingContext,
    /// The record neither shows nor excludes it.
    Unproven,
    /// Those who know the record disagree.
    Disputed,
    /// Right in substance, with a detail that is not.
    MostlyTrue,
    /// The record shows it.
    True,
}

impl Verdict {
    /// All verdicts.
    pub const ALL: [Self; 7] = [
        Self::False,
        Self::Misleading,
        Self::MissingContext,
        Self::Unproven,
        Self::Disputed,
        Self::MostlyTrue,
        Self::True,
    ];

    /// The word in a file.
    pub const fn word(self) -> &'static str {
        match self {
            Self::False => "false",
            Self::Misleading => "misleading",
            Self::MissingContext => "missing-context",
            Self::Unproven => "unproven",
            Self::Disputed => "disputed",
            Self::MostlyTrue => "mostly-true",
            Self::True => "true",
        }
    }
}

/// The state of scholarship, apart from the verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Evidence {
    /// Those who know the record agree.
    Consensus,
    /// Most agree.
    Majority,
    /// There is a live dispute.
    Contested,
    /// The record is too thin.
    Insufficient,
}

impl Evidence {
    /// All states.
    pub const ALL: [Self; 4] =
        [Self::Consensus, Self::Majority, Self::Contested, Self::Insufficient];

    /// The word in a file.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Consensus => "consensus",
            Self::Majority => "majority",
            Self::Contested => "contested",
            Self::Insufficient => "insufficient",
        }
    }
}

/// The most a claim may do by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClaimAction {
    /// Answered in the channel.
    Reply,
    /// Shown to the moderators, who may post it.
    Suggest,
    /// A neutral card to the moderators, nothing in public.
    Alert,
    /// Answered only when somebody asks by a command.
    Command,
}

impl ClaimAction {
    /// All actions.
    pub const ALL: [Self; 4] = [Self::Reply, Self::Suggest, Self::Alert, Self::Command];

    /// The word in a file.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Reply => "reply",
            Self::Suggest => "suggest",
            Self::Alert => "alert",
            Self::Command => "command",
        }
    }
}

/// Whether a file takes part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Being written; takes no part.
    Draft,
    /// Takes part.
    Published,
    /// Withdrawn; takes no part.
    Retired,
}

impl Status {
    /// All states.
    pub const ALL: [Self; 3] = [Self::Draft, Self::Published, Self::Retired];

    /// The word in a file.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
            Self::Retired => "retired",
        }
    }
}

/// A claim file's content by hash: SHA-256, in lower-case hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Revision(String);

impl Revision {
    /// The revision from its hexadecimal digits, 8 to 64 of them.
    pub fn new(hex: &str) -> Option<Self> {
        let digits = hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        (digits && (8..=64).contains(&hex.len())).then(|| Self(hex.to_owned()))
    }

    /// All digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first eight digits, which a button carries.
    pub fn start(&self) -> &str {
        self.0.get(..8).unwrap_or(&self.0)
    }
}

/// A change that readers of earlier replies should know.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Correction {
    /// When.
    pub date: Date,
    /// What was changed.
    pub what: String,
    /// Why.
    pub why: Option<String>,
}

/// Something that needs a source of the claim's own list to be said.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Attributed {
    /// What is said.
    pub text: String,
    /// Index of the source in the claim's list.
    pub source: usize,
}

/// One thing people say that we answer: one truth condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Its name, the file's without the ending.
    pub id: ClaimId,
    /// The folder it stands in.
    pub pack: String,
    /// The file's content by hash.
    pub revision: Revision,
    /// The claim as one neutral sentence.
    pub claim: String,
    /// What the record shows.
    pub verdict: Verdict,
    /// The state of scholarship.
    pub evidence: Evidence,
    /// Why this verdict, in one sentence.
    pub reason: String,
    /// The most it may do by itself.
    pub action: ClaimAction,
    /// Whether it takes part.
    pub status: Status,
    /// Subjects, in kebab-case.
    pub topics: Vec<String>,
    /// Ways of asserting it.
    pub phrasings: Vec<Phrasing>,
    /// Ways of asserting the opposite, where the question is contested.
    pub counter_phrasings: Vec<Phrasing>,
    /// Messages that must stay unanswered.
    pub near_misses: Vec<String>,
    /// The least score at which it may be answered; none: the configuration's.
    pub threshold: Option<Score>,
    /// The least time between two answers in a channel; none: the configuration's.
    pub cooldown: Option<Duration>,
    /// BCP 47 tag of the file's language.
    pub language: String,
    /// The time it is about, free text.
    pub period: Option<String>,
    /// For the balance table.
    pub side: Option<String>,
    /// Who made the claim; not shown by default.
    pub claimant: Option<Attributed>,
    /// Where it first appeared; not shown by default.
    pub first_appearance: Option<Attributed>,
    /// First publication.
    pub published: Date,
    /// Last review.
    pub reviewed: Date,
    /// When it should be reviewed again.
    pub review_due: Option<Date>,
    /// Corrections, newest last.
    pub corrections: Vec<Correction>,
    /// Other claims worth reading.
    pub related: Vec<ClaimId>,
    /// What it rests on.
    pub sources: Vec<Source>,
    /// What we say.
    pub response: Response,
}

impl Claim {
    /// Whether both sides of the question get the same text: the file says what the opposite assertion looks like.
    pub fn answers_both_sides(&self) -> bool {
        !self.counter_phrasings.is_empty()
    }

    /// Whether scholarship leaves the question open, or confirms the claim: then it is answered to one side alone only on request.
    pub fn is_contested(&self) -> bool {
        matches!(self.verdict, Verdict::Disputed | Verdict::True | Verdict::MostlyTrue)
            || matches!(self.evidence, Evidence::Contested | Evidence::Insufficient)
    }
}

#[cfg(test)]
mod tests {
    use super::{ClaimId, Revision};

    #[test]
    fn ids_are_short_kebab_case() {
        for (text, good) in [
            ("einstein-failed-math", true),
            ("a", true),
            ("declaration-signed-july-4", true),
            ("", false),
            ("-a", false),
            ("a-", false),
            ("a--b", false),
            ("A", false),
            ("a_b", false),
            ("ä", false),
            ("aaaaaaaaaabbbbbbbbbbccccccccccdddddddddde", true),
            ("aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeee", false),
        ] {
            assert_eq!(ClaimId::new(text).is_some(), good, "{text}");
        }
    }

    #[test]
    fn revisions_are_hexadecimal() {
        assert!(Revision::new("0123abcd").is_some_and(|r| r.start() == "0123abcd"));
        assert!(Revision::new("0123abc").is_none());
        assert!(Revision::new("0123ABCD").is_none());
    }
}
