//! Cards that ask or tell moderators something about a message, so that each message has one and each is decided once. Knows neither what a card says nor who decided.

use std::borrow::Cow;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use sled::transaction::{
    ConflictableTransactionError, TransactionError, Transactional, TransactionalTree,
};

use crate::model::claim::{ClaimId, Revision};
use crate::policy::cards::{CardKind, CardState};
use crate::policy::place::{ChannelId, GuildId, MessageId, Moment};
use crate::store::keys::{id_key, id_of};
use crate::store::record::{Answer, decode, encode};
use crate::store::{Recorded, Store, StoreError};

/// How long a card is remembered: as PRIVACY.md promises.
pub const CARDS_KEPT: Duration = Duration::from_secs(7 * 24 * 3600);

/// A card about a message, the message itself being its key. No author, no moderator, no text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// What for.
    pub kind: CardKind,
    /// The server.
    pub guild: GuildId,
    /// The channel of the message.
    pub channel: ChannelId,
    /// The channel that a thread belongs to.
    pub parent: Option<ChannelId>,
    /// About which claim.
    pub claim: ClaimId,
    /// Which revision of it is shown.
    pub revision: Revision,
    /// Where the card stands.
    pub review: ChannelId,
    /// The card's own message, once it is known.
    pub card: Option<MessageId>,
    /// When the message was last changed as the card shows it; the beginning of time where never.
    pub edited: Moment,
    /// How often the card was drawn anew: a button of an earlier drawing decides nothing.
    pub drawn: u8,
    /// When it was made.
    pub at: Moment,
    /// What became of it.
    pub state: CardState,
}

/// What came of deciding to post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decided {
    /// The intent is recorded: whoever asked is the one who posts.
    Now,
    /// The card was decided before.
    Before(CardState),
    /// The message has an answer already, or an intent.
    Answered,
    /// There is no such card.
    NoCard,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CardOnDisk<'a> {
    alert: bool,
    guild: u64,
    channel: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    parent: Option<u64>,
    #[serde(borrow)]
    claim: Cow<'a, str>,
    #[serde(borrow)]
    revision: Cow<'a, str>,
    review: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    card: Option<u64>,
    edited: u64,
    drawn: u8,
    at: u64,
    #[serde(borrow)]
    state: Cow<'a, str>,
}

impl Card {
    pub(super) fn encode(&self) -> Result<Vec<u8>, StoreError> {
        encode(&CardOnDisk {
            alert: self.kind == CardKind::Alert,
            guild: self.guild.0,
            channel: self.channel.0,
            parent: self.parent.map(|parent| parent.0),
            claim: self.claim.as_str().into(),
            revision: self.revision.as_str().into(),
            review: self.review.0,
            card: self.card.map(|card| card.0),
            edited: self.edited.0,
            drawn: self.drawn,
            at: self.at.0,
            state: self.state.word().into(),
        })
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, StoreError> {
        let disk: CardOnDisk<'_> = decode(bytes)?;
        let nameless = |what: &str| StoreError::Unreadable(format!("a card that names no {what}"));
        Ok(Self {
            kind: if disk.alert { CardKind::Alert } else { CardKind::Suggestion },
            guild: GuildId(disk.guild),
            channel: ChannelId(disk.channel),
            parent: disk.parent.map(ChannelId),
            claim: ClaimId::new(&disk.claim).ok_or_else(|| nameless("claim"))?,
            revision: Revision::new(&disk.revision).ok_or_else(|| nameless("revision"))?,
            review: ChannelId(disk.review),
            card: disk.card.map(MessageId),
            edited: Moment(disk.edited),
            drawn: disk.drawn,
            at: Moment(disk.at),
            state: CardState::parse(&disk.state).ok_or_else(|| nameless("state"))?,
        })
    }
}

impl Store {
    /// Records that a card about a message is about to be shown, unless there is one. Flushed.
    ///
    /// # Errors
    /// Where the store fails; then no card may be shown.
    pub fn record_card(&self, message: MessageId, card: &Card) -> Result<Recorded, StoreError> {
        let value = card.encode()?;
        let swap = self.cards.compare_and_swap(id_key(message.0), None::<&[u8]>, Some(value))?;
        if swap.is_err() {
            return Ok(Recorded::Already);
        }
        self.flush()?;
        Ok(Recorded::New)
    }

    /// The card about a message.
    ///
    /// # Errors
    /// Where the store fails or the value cannot be read.
    pub fn card(&self, message: MessageId) -> Result<Option<Card>, StoreError> {
        let value = self.cards.get(id_key(message.0))?;
        value.map(|bytes| Card::decode(&bytes)).transpose()
    }

    /// All cards by message, oldest message first; what cannot be read is left out.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn cards(&self) -> Result<Vec<(MessageId, Card)>, StoreError> {
        let mut cards = Vec::new();
        for entry in &self.cards {
            let (key, value) = entry?;
            if let (Some(id), Ok(card)) = (id_of(&key), Card::decode(&value)) {
                cards.push((MessageId(id), card));
            }
        }
        Ok(cards)
    }

    /// Changes a card, where `change` has something to change about it; the card as it is now, and
    /// whether this changed it. Flushed.
    ///
    /// # Errors
    /// Where the store fails or the value cannot be read.
    pub fn change_card(
        &self,
        message: MessageId,
        mut change: impl FnMut(&Card) -> Option<Card>,
    ) -> Result<Option<(Card, bool)>, StoreError> {
        let key = id_key(message.0);
        // Two moderators may press at once: whoever is second sees what the first decided.
        loop {
            let Some(before) = self.cards.get(key)? else { return Ok(None) };
            let card = Card::decode(&before)?;
            let Some(after) = change(&card) else { return Ok(Some((card, false))) };
            let value = after.encode()?;
            if self.cards.compare_and_swap(key, Some(before), Some(value))?.is_ok() {
                self.flush()?;
                return Ok(Some((after, true)));
            }
        }
    }

    /// Decides that the reply is posted and records its intent, both or neither. Flushed: of several
    /// who ask, also across a crash, one gets [`Decided::Now`].
    ///
    /// # Errors
    /// Where the store fails or the value cannot be read; then nothing may be posted.
    pub fn decide_to_post(
        &self,
        message: MessageId,
        answer: &Answer,
    ) -> Result<Decided, StoreError> {
        let key = id_key(message.0);
        let intent = answer.encode()?;
        let decide = |cards: &TransactionalTree, answers: &TransactionalTree| {
            let Some(bytes) = cards.get(key)? else { return Ok(Decided::NoCard) };
            let card = Card::decode(&bytes).map_err(ConflictableTransactionError::Abort)?;
            if card.state != CardState::Open {
                return Ok(Decided::Before(card.state));
            }
            if answers.get(key)?.is_some() {
                return Ok(Decided::Answered);
            }
            let posted = Card { state: CardState::Posted, ..card };
            let posted = posted.encode().map_err(ConflictableTransactionError::Abort)?;
            cards.insert(&key, posted)?;
            answers.insert(&key, intent.clone())?;
            Ok(Decided::Now)
        };
        let decided = (&self.cards, &self.answers)
            .transaction(|(cards, answers)| decide(cards, answers))
            .map_err(|error| match error {
                TransactionError::Abort(error) => error,
                TransactionError::Storage(error) => StoreError::Failed(error),
            })?;
        self.flush()?;
        Ok(decided)
    }

    /// Forgets cards older than [`CARDS_KEPT`]; how many.
    pub(super) fn prune_cards(&self, now: Moment) -> Result<usize, StoreError> {
        let oldest = now.minus(CARDS_KEPT);
        let mut count = 0;
        for entry in &self.cards {
            let (key, value) = entry?;
            if Card::decode(&value).is_ok_and(|card| card.at < oldest) {
                self.cards.remove(key)?;
                count += 1;
            }
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::{CARDS_KEPT, Card, Decided};
    use crate::model::claim::{ClaimId, Revision};
    use crate::policy::cards::{CardKind, CardState};
    use crate::policy::place::{ChannelId, GuildId, MessageId, Moment};
    use crate::store::record::{Answer, State};
    use crate::store::{Recorded, Store};

    const NOW: Moment = Moment(1_800_000_000_000);
    const MESSAGE: MessageId = MessageId(7);

    fn card() -> Card {
        Card {
            kind: CardKind::Suggestion,
            guild: GuildId(1),
            channel: ChannelId(2),
            parent: None,
            claim: ClaimId::new("horns").expect("an id"),
            revision: Revision::new("abcdef01").expect("a revision"),
            review: ChannelId(3),
            card: None,
            edited: Moment(0),
            drawn: 0,
            at: NOW,
            state: CardState::Open,
        }
    }

    fn answer() -> Answer {
        let Card { guild, channel, parent, claim, revision, at, .. } = card();
        let (guild, nonce) = (Some(guild), "f7".to_owned());
        Answer { state: State::Intent, guild, channel, parent, claim, revision, nonce, at }
    }

    #[test]
    fn of_many_who_decide_at_once_one_does() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path(), NOW).expect("opens");
        assert_eq!(store.decide_to_post(MESSAGE, &answer()).expect("works"), Decided::NoCard);
        assert_eq!(store.record_card(MESSAGE, &card()).expect("works"), Recorded::New);
        assert_eq!(store.record_card(MESSAGE, &card()).expect("works"), Recorded::Already);
        let decided = std::thread::scope(|scope| {
            let decline = |card: &Card| {
                let state = CardState::Declined;
                (card.state == CardState::Open).then(|| Card { state, ..card.clone() })
            };
            let store = &store;
            let threads: Vec<_> = (0..8)
                .map(|at| {
                    scope.spawn(move || {
                        if at % 2 == 0 {
                            let decided = store.decide_to_post(MESSAGE, &answer()).expect("works");
                            decided == Decided::Now
                        } else {
                            let (_, changed) = store
                                .change_card(MESSAGE, decline)
                                .expect("works")
                                .expect("a card");
                            changed
                        }
                    })
                })
                .collect();
            let ended = threads.into_iter().map(|one| one.join().expect("ends"));
            ended.collect::<Vec<_>>()
        });
        assert_eq!(decided.iter().filter(|one| **one).count(), 1, "{decided:?}");
        let state = store.card(MESSAGE).expect("works").expect("a card").state;
        let has_intent = store.answer(MESSAGE).expect("works").is_some();
        assert_eq!(has_intent, state == CardState::Posted);
    }

    #[test]
    fn a_message_that_was_answered_is_not_answered_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path(), NOW).expect("opens");
        store.record_card(MESSAGE, &card()).expect("works");
        store.record_intent(MESSAGE, &answer()).expect("works");
        assert_eq!(store.decide_to_post(MESSAGE, &answer()).expect("works"), Decided::Answered);
        assert_eq!(store.card(MESSAGE).expect("works").expect("a card").state, CardState::Open);
    }

    #[test]
    fn cards_are_forgotten_when_they_are_old() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path(), NOW).expect("opens");
        store.record_card(MESSAGE, &card()).expect("works");
        store.prune(NOW.plus(CARDS_KEPT)).expect("works");
        assert!(store.card(MESSAGE).expect("works").is_some());
        store.prune(NOW.plus(CARDS_KEPT * 2)).expect("works");
        assert_eq!(store.card(MESSAGE).expect("works"), None);
    }

    proptest! {
        #[test]
        fn cards_come_back_as_they_went(
            is_alert in any::<bool>(),
            (parent, own, edited, drawn) in any::<(Option<u64>, Option<u64>, u64, u8)>(),
            state in proptest::sample::select(CardState::ALL.to_vec()),
        ) {
            let card = Card {
                kind: if is_alert { CardKind::Alert } else { CardKind::Suggestion },
                parent: parent.map(ChannelId),
                card: own.map(MessageId),
                edited: Moment(edited),
                drawn,
                state,
                ..card()
            };
            assert_eq!(Card::decode(&card.encode().expect("encodes")).expect("decodes"), card);
        }
    }
}
