//! Values as they lie on disk and as the program holds them. Knows neither keys nor trees.
//!
//! Each value is a version byte and JSON behind it: small enough here, and readable in an emergency.

use serde::{Deserialize, Serialize};

use crate::model::claim::{ClaimId, Revision};
use crate::policy::place::{ChannelId, GuildId, MessageId, Moment};
use crate::policy::settings::Pause;
use crate::store::StoreError;

/// How far an answer has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It may be on its way; nobody knows.
    Intent,
    /// It was shown to all as Discord's answer to a request, which is the key in place of a message.
    Shown,
    /// It stands in the channel as this message.
    Sent(MessageId),
    /// It is being taken away.
    Leaving(MessageId),
    /// It was taken away.
    Removed,
    /// Discord refused it, or it was withheld.
    Failed,
    /// It was given up: it may stand there, and nobody will post it again.
    GivenUp,
}

/// An answer to a message, the message itself being its key. No author, no text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// How far it has come.
    pub state: State,
    /// The server; none in direct messages.
    pub guild: Option<GuildId>,
    /// The channel of the message.
    pub channel: ChannelId,
    /// The channel that a thread belongs to.
    pub parent: Option<ChannelId>,
    /// With what.
    pub claim: ClaimId,
    /// From which revision.
    pub revision: Revision,
    /// What makes a repeated request the same request for Discord.
    pub nonce: String,
    /// When it was decided.
    pub at: Moment,
}

const VERSION: u8 = 1;

#[derive(Serialize, Deserialize)]
struct AnswerOnDisk<'a> {
    state: StateOnDisk,
    guild: Option<u64>,
    channel: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    parent: Option<u64>,
    #[serde(borrow)]
    claim: std::borrow::Cow<'a, str>,
    #[serde(borrow)]
    revision: std::borrow::Cow<'a, str>,
    #[serde(borrow)]
    nonce: std::borrow::Cow<'a, str>,
    at: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum StateOnDisk {
    Intent,
    Shown,
    Sent(u64),
    Leaving(u64),
    Removed,
    Failed,
    GivenUp,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum PauseOnDisk {
    Until(u64),
    Indefinite,
}

impl Answer {
    /// The value on disk.
    pub(super) fn encode(&self) -> Result<Vec<u8>, StoreError> {
        let state = match self.state {
            State::Intent => StateOnDisk::Intent,
            State::Shown => StateOnDisk::Shown,
            State::Sent(reply) => StateOnDisk::Sent(reply.0),
            State::Leaving(reply) => StateOnDisk::Leaving(reply.0),
            State::Removed => StateOnDisk::Removed,
            State::Failed => StateOnDisk::Failed,
            State::GivenUp => StateOnDisk::GivenUp,
        };
        encode(&AnswerOnDisk {
            state,
            guild: self.guild.map(|guild| guild.0),
            channel: self.channel.0,
            parent: self.parent.map(|parent| parent.0),
            claim: self.claim.as_str().into(),
            revision: self.revision.as_str().into(),
            nonce: self.nonce.as_str().into(),
            at: self.at.0,
        })
    }

    /// The answer behind a value on disk.
    pub(super) fn decode(bytes: &[u8]) -> Result<Self, StoreError> {
        let disk: AnswerOnDisk<'_> = decode(bytes)?;
        let state = match disk.state {
            StateOnDisk::Intent => State::Intent,
            StateOnDisk::Shown => State::Shown,
            StateOnDisk::Sent(reply) => State::Sent(MessageId(reply)),
            StateOnDisk::Leaving(reply) => State::Leaving(MessageId(reply)),
            StateOnDisk::Removed => State::Removed,
            StateOnDisk::Failed => State::Failed,
            StateOnDisk::GivenUp => State::GivenUp,
        };
        let claim = ClaimId::new(&disk.claim)
            .ok_or_else(|| StoreError::Unreadable("an answer names no claim".to_owned()))?;
        let revision = Revision::new(&disk.revision)
            .ok_or_else(|| StoreError::Unreadable("an answer names no revision".to_owned()))?;
        Ok(Self {
            state,
            guild: disk.guild.map(GuildId),
            channel: ChannelId(disk.channel),
            parent: disk.parent.map(ChannelId),
            claim,
            revision,
            nonce: disk.nonce.into_owned(),
            at: Moment(disk.at),
        })
    }
}

/// The value on disk; none where there is nothing to keep.
pub(super) fn encode_pause(pause: Pause) -> Result<Option<Vec<u8>>, StoreError> {
    match pause {
        Pause::None => Ok(None),
        Pause::Until(end) => encode(&PauseOnDisk::Until(end.0)).map(Some),
        Pause::Indefinite => encode(&PauseOnDisk::Indefinite).map(Some),
    }
}

/// The pause behind a value on disk.
pub(super) fn decode_pause(bytes: &[u8]) -> Result<Pause, StoreError> {
    Ok(match decode(bytes)? {
        PauseOnDisk::Until(end) => Pause::Until(Moment(end)),
        PauseOnDisk::Indefinite => Pause::Indefinite,
    })
}

pub(super) fn encode(value: &impl Serialize) -> Result<Vec<u8>, StoreError> {
    let mut bytes = vec![VERSION];
    serde_json::to_writer(&mut bytes, value)
        .map_err(|error| StoreError::Unreadable(error.to_string()))?;
    Ok(bytes)
}

pub(super) fn decode<'de, T: Deserialize<'de>>(bytes: &'de [u8]) -> Result<T, StoreError> {
    match bytes.split_first() {
        Some((&VERSION, json)) => {
            serde_json::from_slice(json).map_err(|error| StoreError::Unreadable(error.to_string()))
        }
        Some((version, _)) => Err(StoreError::Unreadable(format!("version {version} of a value"))),
        None => Err(StoreError::Unreadable("an empty value".to_owned())),
    }
}
