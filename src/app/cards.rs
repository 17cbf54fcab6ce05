//! Cards: moderators are asked before something is said, or told of a message. A card is recorded before it is shown, follows its message, and ends. Knows not who decides.

use std::time::Duration;

use tracing::{info, warn};

use crate::app::App;
use crate::app::conversation::{CONSIDERED, consider};
use crate::app::event::{Action, Button, Card, Does, Heard, Posted, Recheck, Redraw, Ruling, Tag};
use crate::model::claim::{ClaimId, Revision};
use crate::model::explanation::Assertion;
use crate::policy::cards::{CardKind, CardState};
use crate::policy::decide::Considered;
use crate::policy::place::{ChannelId, MessageId, Moment, Situation, UserId};
use crate::policy::reason::Reason;
use crate::reply::card::{self, Subject, Words};
use crate::store::Recorded;
use crate::store::cards::Card as Kept;

/// A card that nobody decided about in a day is about a conversation that is over.
pub(super) const WAITS: Duration = Duration::from_secs(24 * 3600);

/// A message that moderators hear of, as it was read.
pub(super) struct About<'a> {
    /// Where and by whom it was written.
    pub(super) situation: &'a Situation,
    /// The channel that a thread belongs to.
    pub(super) parent: Option<ChannelId>,
    /// When it was last changed, where it was.
    pub(super) edited: Option<Moment>,
    /// What was written.
    pub(super) original: &'a str,
}

/// What a message that was looked at again says of the claim of its card.
pub(super) enum Look {
    /// The same still: the card as it is to look now.
    Says(String, Revision),
    /// Something else.
    SaysNot,
    /// It may not be read any more.
    Unread(Reason),
}

impl App {
    /// Makes a card about a message; what to do, and what was decided. Recorded before it is shown.
    pub(super) fn show_card(
        &self,
        about: &About<'_>,
        kind: CardKind,
        review: Option<ChannelId>,
        one: Considered<'_>,
        now: Moment,
    ) -> (Vec<Action>, Reason) {
        let (Some(guild), Some(review)) = (about.situation.guild, review) else {
            return (Vec::new(), Reason::NoReviewChannel);
        };
        let (message, channel) = (about.situation.message, about.situation.channel);
        let claim = one.claim;
        let kept = Kept {
            kind,
            guild,
            channel,
            parent: about.parent,
            claim: claim.id.clone(),
            revision: claim.revision.clone(),
            review,
            card: None,
            edited: about.edited.unwrap_or_default(),
            drawn: 0,
            at: now,
            state: CardState::Open,
        };
        match self.store.record_card(message, &kept) {
            Ok(Recorded::New) => {}
            Ok(Recorded::Already) => return (Vec::new(), Reason::AlreadyAnswered),
            Err(error) => {
                self.report(message, &error);
                return (Vec::new(), Reason::Asserted);
            }
        }
        let subject = Subject { guild, channel, message };
        let author = about.situation.author;
        let (content, buttons) = match kind {
            CardKind::Suggestion => {
                let words = Words { original: about.original, edited: about.edited };
                let style = self.settings(Some(guild), channel, about.parent).style;
                let content = card::suggestion(subject, claim, one.candidate, words, style);
                (content, choices(message, author, &claim.id, &claim.revision, 0))
            }
            CardKind::Alert => (card::alert(subject), Vec::new()),
        };
        // With another letter than an answer's: the same message may get both.
        let nonce = format!("c{message}");
        let action = Action::Card(Card { channel: review, message, content, buttons, nonce });
        (vec![action], Reason::Asserted)
    }

    /// The last word before a card is shown: its message may be gone, or the server has paused us.
    pub fn confirm_card(&self, message: MessageId, now: Moment) -> bool {
        let Some(card) = self.open_card(message) else { return false };
        !self.memory().layers.pause(Some(card.guild)).holds(now)
    }

    /// A card was shown, or not. It may have been closed meanwhile.
    pub(super) fn conclude_card(&self, message: MessageId, outcome: Posted) -> Vec<Action> {
        let state = match outcome {
            Posted::Stands(own) => {
                self.metrics.carded.add();
                info!(id = %message, card = %own, "moderators were asked");
                let known = self.change(message, |kept| {
                    kept.card = Some(own);
                    true
                });
                // In this order: whoever leaves a drawing from now on sees where the card stands.
                let undrawn = self.memory().undrawn.remove(&message);
                let is_open = known.as_ref().is_some_and(|kept| kept.state == CardState::Open);
                if let Some(redraw) = undrawn.filter(|_| is_open) {
                    return vec![Action::Redraw(Redraw { card: own, ..redraw })];
                }
                let closed = known.filter(|kept| kept.state != CardState::Open);
                return closed
                    .map(|kept| drawn_closed(message, &kept))
                    .into_iter()
                    .flatten()
                    .collect();
            }
            // It may stand: then its buttons work, for each press says which message it stands under.
            Posted::Unclear => {
                warn!(id = %message, "unclear whether a card stands");
                self.memory().undrawn.remove(&message);
                return Vec::new();
            }
            Posted::Refused | Posted::TriggerGone => {
                self.metrics.refused.add();
                warn!(id = %message, "Discord refused a card");
                CardState::Unshown
            }
            Posted::Withheld => CardState::Unshown,
        };
        self.memory().undrawn.remove(&message);
        self.change(message, |kept| {
            let is_open = kept.state == CardState::Open;
            kept.state = if is_open { state } else { kept.state };
            is_open
        });
        Vec::new()
    }

    /// The card about a message, where it waits for a decision.
    pub(super) fn open_card(&self, message: MessageId) -> Option<Kept> {
        match self.store.card(message) {
            Ok(card) => card.filter(|card| card.state == CardState::Open),
            Err(error) => {
                self.report(message, &error);
                None
            }
        }
    }

    /// The messages of all cards that wait for a decision, to be looked at after a start.
    pub(super) fn open_cards(&self) -> Vec<Recheck> {
        let cards = self.store.cards().unwrap_or_default();
        let open = cards.into_iter().filter(|(_, card)| card.state == CardState::Open);
        open.map(|(message, card)| target(message, &card)).collect()
    }

    /// Closes a card without anybody's decision.
    pub(super) fn close_card(&self, message: MessageId, state: CardState) -> Vec<Action> {
        let closed = self.change(message, |kept| {
            let is_open = kept.state == CardState::Open;
            kept.state = if is_open { state } else { kept.state };
            is_open
        });
        let closed = closed.filter(|kept| kept.state == state);
        closed.map(|kept| drawn_closed(message, &kept)).into_iter().flatten().collect()
    }

    /// Closes the cards that nobody decided about in time.
    pub(super) fn expire_cards(&self, now: Moment) -> Vec<Action> {
        let cards = self.store.cards().unwrap_or_default();
        let over = cards
            .into_iter()
            .filter(|(_, card)| card.state == CardState::Open && now.since(card.at) >= WAITS);
        over.flat_map(|(message, _)| self.close_card(message, CardState::Expired)).collect()
    }

    /// A message with a card was changed: the card shows it as it is now, or goes.
    pub(super) fn reread_card(&self, heard: Heard, kept: &Kept, now: Moment) -> Vec<Action> {
        let (message, author, edited) = (heard.message, heard.author, heard.edited);
        match self.look(heard, kept, now) {
            Look::Says(..) if kept.kind == CardKind::Alert => Vec::new(),
            Look::Says(content, revision) => {
                let Some(kept) = self.redrawn(message, &revision, edited) else {
                    return self.close_card(message, CardState::Gone);
                };
                let buttons = choices(message, author, &kept.claim, &kept.revision, kept.drawn);
                let (channel, card) = (kept.review, kept.card.unwrap_or(MessageId(0)));
                let redraw = Redraw { channel, card, content, buttons };
                if kept.card.is_some() {
                    vec![Action::Redraw(redraw)]
                } else {
                    self.draw_later(message, redraw)
                }
            }
            Look::SaysNot | Look::Unread(Reason::OptedOut) => {
                self.close_card(message, CardState::Gone)
            }
            // What may not be read is left alone.
            Look::Unread(_) => Vec::new(),
        }
    }

    /// A card that is on its way is drawn anew by whoever learns where it stands; where that was
    /// learned just now, by us.
    fn draw_later(&self, message: MessageId, redraw: Redraw) -> Vec<Action> {
        self.memory().undrawn.insert(message, redraw);
        let Some(card) = self.open_card(message).and_then(|kept| kept.card) else {
            return Vec::new();
        };
        let redraw = self.memory().undrawn.remove(&message);
        redraw.map(|redraw| Action::Redraw(Redraw { card, ..redraw })).into_iter().collect()
    }

    /// What a message says now of the claim of its card.
    pub(super) fn look(&self, heard: Heard, kept: &Kept, now: Moment) -> Look {
        let edited = heard.edited;
        let subject = subject(heard.message, kept);
        let (situation, settings, text) = self.place(heard);
        let admitted = match text.admit(&situation, &settings, now) {
            Ok(admitted) => admitted,
            Err(reason) => return Look::Unread(reason),
        };
        let engine = self.live.load();
        let candidates = engine.matcher.find(&admitted.read(&self.metrics), CONSIDERED);
        let still = consider(&engine, &candidates).into_iter().find(|one| {
            let threshold = settings.threshold_of(one.claim, now);
            let assertion = one.candidate.assertion;
            let asserts = assertion == Assertion::Asserted
                || (assertion == Assertion::Denied && one.claim.answers_both_sides());
            one.claim.id == kept.claim && one.candidate.score >= threshold && asserts
        });
        still.map_or(Look::SaysNot, |one| {
            let original = admitted.original();
            let words = Words { original, edited };
            let content =
                card::suggestion(subject, one.claim, one.candidate, words, settings.style);
            Look::Says(content, one.claim.revision.clone())
        })
    }

    /// Counts another drawing of a card, so that buttons of the one before decide nothing; none
    /// where it is closed, or was drawn so often that somebody plays with it.
    pub(super) fn redrawn(
        &self,
        message: MessageId,
        revision: &Revision,
        edited: Option<Moment>,
    ) -> Option<Kept> {
        let mut counted = false;
        let kept = self.change(message, |kept| {
            let next = kept.drawn.checked_add(1).filter(|_| kept.state == CardState::Open);
            counted = next.is_some();
            kept.drawn = next.unwrap_or(kept.drawn);
            kept.edited = kept.edited.max(edited.unwrap_or_default());
            kept.revision = revision.clone();
            counted
        });
        kept.filter(|_| counted)
    }

    /// Changes a card where `change` says so; as it is then. Failures are counted here.
    fn change(
        &self,
        message: MessageId,
        mut change: impl FnMut(&mut Kept) -> bool,
    ) -> Option<Kept> {
        let changed = self.store.change_card(message, |kept| {
            let mut kept = kept.clone();
            change(&mut kept).then_some(kept)
        });
        match changed {
            Ok(changed) => changed.map(|(kept, _)| kept),
            Err(error) => {
                self.report(message, &error);
                None
            }
        }
    }
}

/// The buttons under a suggestion.
pub(super) fn choices(
    message: MessageId,
    author: UserId,
    claim: &ClaimId,
    revision: &Revision,
    drawn: u8,
) -> Vec<Button> {
    let button = |ruling| {
        let label = match ruling {
            Ruling::Post => card::POST,
            Ruling::NotNow => card::NOT_NOW,
            Ruling::WrongMatch => card::WRONG_MATCH,
            Ruling::Mute => card::MUTE,
        };
        let (claim, revision) = (claim.clone(), revision.start().to_owned());
        let tag = Tag { does: Does::Decide(ruling, drawn), message, author, claim, revision };
        Button { tag, label: label.to_owned(), enabled: true }
    };
    Ruling::ALL.into_iter().map(button).collect()
}

fn subject(message: MessageId, kept: &Kept) -> Subject {
    Subject { guild: kept.guild, channel: kept.channel, message }
}

pub(super) fn target(message: MessageId, kept: &Kept) -> Recheck {
    let Kept { guild, channel, parent, .. } = *kept;
    Recheck { guild: Some(guild), channel, parent, message }
}

pub(super) fn closed(message: MessageId, kept: &Kept, by: Option<UserId>, now: Moment) -> String {
    card::closed(kept.kind, subject(message, kept), kept.claim.as_str(), kept.state, by, now)
}

/// A closed card drawn anew, where it is known where it stands.
fn drawn_closed(message: MessageId, kept: &Kept) -> Option<Action> {
    let content = closed(message, kept, None, kept.at.plus(WAITS));
    let card = kept.card?;
    Some(Action::Redraw(Redraw { channel: kept.review, card, content, buttons: Vec::new() }))
}
