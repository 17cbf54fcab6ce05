//! What the store holds, kind by kind, as an export names it. Knows the keys' forms, and no line.

use sled::Tree;

use crate::model::claim::{ClaimId, Revision};
use crate::policy::place::{GuildId, MessageId};
use crate::store::cards::Card;
use crate::store::changes::{self, ChangedOnDisk};
use crate::store::claims::{self, Kept};
use crate::store::feedback::{self, DoubtOnDisk, FeedbackOnDisk};
use crate::store::keys::{id_key, id_of, named_key, named_of, pair_key, pair_of};
use crate::store::record::{Answer, decode, decode_pause};
use crate::store::shadows::ShadowOnDisk;
use crate::store::suggestions::{self, Suggestion};
use crate::store::{MEMBER_KEY, Store, layer, members, settings};

/// A kind of record. The order is that of an export: claims before the answers that refer to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// The key of member hashes: without it wishes say nothing.
    MemberKey,
    /// A claim's file in a revision.
    Claim,
    /// Which revision of a claim answers.
    Current,
    /// An answer.
    Answer,
    /// A card for moderators.
    Card,
    /// What would have been said in a channel that is only watched.
    Shadow,
    /// A server's pause.
    Pause,
    /// A server's settings.
    Server,
    /// A channel's settings.
    Channel,
    /// What moderators changed.
    Changed,
    /// What people thought of answers.
    Feedback,
    /// How much more a claim has to match.
    Doubt,
    /// What people want responses to.
    Suggestion,
    /// A member's wishes.
    Wishes,
    /// When a member was last answered.
    Rest,
}

/// How a value is written into a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A version byte and JSON behind it.
    Json,
    /// Text.
    Text,
    /// A number of eight bytes.
    Number,
    /// Bytes that are no text.
    Bytes,
}

impl Kind {
    pub(super) const ALL: [Self; 15] = [
        Self::MemberKey,
        Self::Claim,
        Self::Current,
        Self::Answer,
        Self::Card,
        Self::Shadow,
        Self::Pause,
        Self::Server,
        Self::Channel,
        Self::Changed,
        Self::Feedback,
        Self::Doubt,
        Self::Suggestion,
        Self::Wishes,
        Self::Rest,
    ];

    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::MemberKey => "member-key",
            Self::Claim => "claim",
            Self::Current => "current",
            Self::Answer => "answer",
            Self::Card => "card",
            Self::Shadow => "shadow",
            Self::Pause => "pause",
            Self::Server => "server",
            Self::Channel => "channel",
            Self::Changed => "changed",
            Self::Feedback => "feedback",
            Self::Doubt => "doubt",
            Self::Suggestion => "suggestion",
            Self::Wishes => "wishes",
            Self::Rest => "rest",
        }
    }

    pub(super) fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    pub(super) const fn form(self) -> Form {
        match self {
            Self::MemberKey => Form::Bytes,
            Self::Current => Form::Text,
            Self::Rest => Form::Number,
            Self::Claim
            | Self::Answer
            | Self::Card
            | Self::Shadow
            | Self::Pause
            | Self::Server
            | Self::Channel
            | Self::Changed
            | Self::Feedback
            | Self::Doubt
            | Self::Suggestion
            | Self::Wishes => Form::Json,
        }
    }

    pub(super) fn tree(self, store: &Store) -> &Tree {
        match self {
            Self::MemberKey => &store.db,
            Self::Claim | Self::Current => &store.claims,
            Self::Answer => &store.answers,
            Self::Card => &store.cards,
            Self::Shadow => &store.shadows,
            Self::Pause
            | Self::Server
            | Self::Channel
            | Self::Changed
            | Self::Feedback
            | Self::Doubt
            | Self::Suggestion => &store.servers,
            Self::Wishes | Self::Rest => &store.members,
        }
    }

    /// What all keys of the kind begin with, and no others of its tree.
    pub(super) const fn prefix(self) -> &'static [u8] {
        match self {
            Self::MemberKey => MEMBER_KEY,
            Self::Claim => &[claims::FILE],
            Self::Current => &[claims::CURRENT],
            Self::Answer | Self::Card | Self::Shadow => &[],
            Self::Pause => &[settings::PAUSE],
            Self::Server => &[settings::SERVER],
            Self::Channel => &[settings::CHANNEL],
            Self::Changed => &[changes::CHANGED],
            Self::Feedback => &[feedback::FEEDBACK],
            Self::Doubt => &[feedback::DOUBT],
            Self::Suggestion => &[suggestions::SUGGESTION],
            Self::Wishes => &[members::WISHES],
            Self::Rest => &[members::REST],
        }
    }

    /// The key in words; none where it is not of this form.
    pub(super) fn words(self, key: &[u8]) -> Option<Vec<String>> {
        let number = |bytes| id_of(bytes).map(|id| vec![id.to_string()]);
        let behind = key.strip_prefix(self.prefix())?;
        match self {
            Self::MemberKey => behind.is_empty().then(Vec::new),
            Self::Claim => {
                let (claim, revision) = claims::file_of(key)?;
                Some(vec![claim.as_str().to_owned(), revision.as_str().to_owned()])
            }
            Self::Current => {
                let claim = ClaimId::new(std::str::from_utf8(behind).ok()?)?;
                Some(vec![claim.as_str().to_owned()])
            }
            Self::Answer
            | Self::Card
            | Self::Shadow
            | Self::Pause
            | Self::Server
            | Self::Wishes => number(behind),
            Self::Feedback => {
                let (guild, name) = named_of(key)?;
                let (claim, revision) = name.split_once('\0')?;
                Some(vec![guild.to_string(), claim.to_owned(), revision.to_owned()])
            }
            Self::Doubt => {
                let (guild, name) = named_of(key)?;
                Some(vec![guild.to_string(), name.to_owned()])
            }
            Self::Channel | Self::Changed | Self::Suggestion | Self::Rest => {
                let (first, second) = pair_of(key)?;
                Some(vec![first.to_string(), second.to_string()])
            }
        }
    }

    /// The key behind its words; none where they are no key of this kind.
    pub(super) fn key(self, words: &[String]) -> Option<Vec<u8>> {
        let number = |word: &String| word.parse::<u64>().ok();
        match (self, words) {
            (Self::MemberKey, []) => Some(self.prefix().to_vec()),
            (Self::Claim, [claim, revision]) => {
                let (claim, revision) = (ClaimId::new(claim)?, Revision::new(revision)?);
                Some(claims::file_key(&claim, revision.as_str()))
            }
            (Self::Current, [claim]) => Some(claims::current_key(&ClaimId::new(claim)?)),
            (
                Self::Answer
                | Self::Card
                | Self::Shadow
                | Self::Pause
                | Self::Server
                | Self::Wishes,
                [id],
            ) => {
                let id = MessageId(number(id)?);
                Some([self.prefix(), &id_key(id.0)].concat())
            }
            (Self::Feedback, [guild, claim, revision]) => {
                let (claim, revision) = (ClaimId::new(claim)?, Revision::new(revision)?);
                let name = format!("{claim}\0{}", revision.as_str());
                Some(named_key(*self.prefix().first()?, GuildId(number(guild)?), &name))
            }
            (Self::Doubt, [guild, claim]) => {
                let claim = ClaimId::new(claim)?;
                let kind = *self.prefix().first()?;
                Some(named_key(kind, GuildId(number(guild)?), claim.as_str()))
            }
            (Self::Channel | Self::Changed | Self::Suggestion | Self::Rest, [first, second]) => {
                let kind = *self.prefix().first()?;
                Some(pair_key(kind, number(first)?, number(second)?).to_vec())
            }
            _ => None,
        }
    }

    /// Whether the value can be read as one of this kind.
    pub(super) fn is_readable(self, value: &[u8]) -> bool {
        match self {
            Self::MemberKey => value.len() == 32,
            Self::Claim => decode::<Kept>(value).is_ok(),
            Self::Current => std::str::from_utf8(value).is_ok_and(|it| Revision::new(it).is_some()),
            Self::Answer => Answer::decode(value).is_ok(),
            Self::Card => Card::decode(value).is_ok(),
            Self::Shadow => decode::<ShadowOnDisk<'_>>(value).is_ok(),
            Self::Pause => decode_pause(value).is_ok(),
            Self::Server => layer::decode_server(value).is_ok(),
            Self::Channel => layer::decode_channel(value).is_ok(),
            Self::Changed => decode::<ChangedOnDisk>(value).is_ok(),
            Self::Feedback => decode::<FeedbackOnDisk>(value).is_ok(),
            Self::Doubt => decode::<DoubtOnDisk>(value).is_ok(),
            Self::Suggestion => decode::<Suggestion>(value).is_ok(),
            Self::Wishes => layer::decode_wishes(value).is_ok(),
            Self::Rest => id_of(value).is_some(),
        }
    }
}
