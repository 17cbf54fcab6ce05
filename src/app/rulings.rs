//! Moderators' decisions about cards: who may, who was first, and what follows. Knows neither how a card is drawn nor how a press comes here.
//!
//! **Invariant:** a card is decided once. The store says by whom first, across crashes too.
//! **Invariant:** nothing is posted below a message that is gone, or that was changed after the card was drawn.

use tracing::info;

use crate::app::App;
use crate::app::cards::{Look, WAITS, choices, closed, target};
use crate::app::conversation::{intent, past, post};
use crate::app::event::{
    Action, Answer, Button, Current, Does, Pressed, Redraw, Request, Review, Ruling, Tag,
};
use crate::app::member::member_key;
use crate::app::memory::Flight;
use crate::app::requests::say;
use crate::model::claim::{Claim, Status};
use crate::policy::cards::CardState;
use crate::policy::permission::Permissions;
use crate::policy::place::{AuthorKind, GuildId, MessageId, Moment, Situation, UserId};
use crate::reply::card;
use crate::reply::{wording, wording_moderators as said};
use crate::store::cards::{Card as Kept, Decided};

impl App {
    /// A moderator presses a button of a card.
    pub(super) fn decide(
        &self,
        pressed: &Pressed,
        tag: &Tag,
        ruling: Ruling,
        drawn: u8,
        now: Moment,
    ) -> Vec<Action> {
        let request = &pressed.request;
        if let Some(refusal) = refusal(request, ruling) {
            return vec![say(request, refusal)];
        }
        let kept = match self.card_of(request, tag.message) {
            Ok(kept) => kept,
            Err(why) => return vec![say(request, why)],
        };
        if kept.state != CardState::Open {
            return vec![replaced(request, &closed(tag.message, &kept, None, now))];
        }
        if now.since(kept.at) >= WAITS {
            return self.closing(pressed, tag, CardState::Expired, None, now);
        }
        let by = Some(request.by);
        match ruling {
            Ruling::Post => {
                let pressed = pressed.clone();
                let target = target(tag.message, &kept);
                vec![Action::Review(Box::new(Review { pressed, target }))]
            }
            Ruling::NotNow => {
                let (answer, is_ours) = self.settle(pressed, tag, CardState::Declined, by, now);
                if is_ours {
                    self.count(request.guild, tag, now, |counts| counts.let_be += 1);
                }
                vec![answer]
            }
            Ruling::WrongMatch if drawn != kept.drawn => {
                vec![say(request, wording::CARD_CHANGED)]
            }
            Ruling::WrongMatch => {
                let (answer, is_ours) = self.settle(pressed, tag, CardState::WrongMatch, by, now);
                // Where somebody else was faster it is not counted.
                let noted = if is_ours { self.wrong_match(kept.guild, tag, now) } else { Ok(()) };
                match noted {
                    Ok(()) => vec![answer],
                    Err(_) => vec![say(request, wording::NOT_KEPT)],
                }
            }
            Ruling::Mute => {
                let place = kept.parent.unwrap_or(kept.channel);
                let claim = kept.claim.clone();
                // What the card then says is true only once it is kept.
                let muted = self.change_channel(kept.guild, place, |layer| {
                    layer.tuning.muted.insert(claim);
                });
                match muted {
                    Ok(_) => {
                        let words = said::scoped(&said::muted(&kept.claim, true), Some(place));
                        self.log_change(kept.guild, None, words, now);
                        self.closing(pressed, tag, CardState::Muted, by, now)
                    }
                    Err(_) => vec![say(request, wording::NOT_KEPT)],
                }
            }
        }
    }

    /// The message of a card was looked at, since a moderator wants the reply posted.
    pub(super) fn conclude_review(
        &self,
        review: &Review,
        current: Current,
        now: Moment,
    ) -> Vec<Action> {
        let pressed = &review.pressed;
        let request = &pressed.request;
        let Some(tag) = &pressed.tag else { return vec![say(request, wording::OUTDATED)] };
        let Does::Decide(Ruling::Post, drawn) = tag.does else {
            return vec![say(request, wording::OUTDATED)];
        };
        let kept = match self.card_of(request, tag.message) {
            Ok(kept) => kept,
            Err(why) => return vec![say(request, why)],
        };
        if kept.state != CardState::Open {
            return vec![replaced(request, &closed(tag.message, &kept, None, now))];
        }
        if self.pause_of(kept.guild).holds(now) {
            return vec![say(request, wording::POST_PAUSED)];
        }
        let heard = match current {
            Current::Gone => return self.closing(pressed, tag, CardState::Gone, None, now),
            Current::Unclear => return vec![say(request, card::NOT_LOOKED_AT)],
            Current::Written(heard) => *heard,
        };
        if self.wishes(heard.author).opted_out(Some(kept.guild)) {
            return self.closing(pressed, tag, CardState::Gone, None, now);
        }
        let engine = self.live.load();
        let claim = engine.catalog.claim(kept.claim.as_str());
        let Some(claim) = claim.filter(|one| one.status == Status::Published) else {
            return vec![say(request, wording::CLAIM_GONE)];
        };
        let (author, edited) = (heard.author, heard.edited);
        let is_as_drawn = edited.unwrap_or_default() <= kept.edited
            && drawn == kept.drawn
            && claim.revision == kept.revision;
        if is_as_drawn {
            return self.post_from(pressed, tag, &kept, claim, author, now);
        }
        // Nothing is posted below what the moderator has not seen: the card is drawn anew instead.
        match self.look(heard, &kept, now) {
            Look::Says(content, revision) => match self.redrawn(tag.message, &revision, edited) {
                Some(kept) => {
                    let buttons =
                        choices(tag.message, author, &kept.claim, &kept.revision, kept.drawn);
                    vec![redrawn_for(request, content, buttons)]
                }
                None => self.closing(pressed, tag, CardState::Gone, None, now),
            },
            Look::SaysNot | Look::Unread(_) => {
                self.closing(pressed, tag, CardState::Gone, None, now)
            }
        }
    }

    /// Posts the reply as a moderator decided: the same way as an answer of our own takes.
    fn post_from(
        &self,
        pressed: &Pressed,
        tag: &Tag,
        kept: &Kept,
        claim: &Claim,
        author: UserId,
        now: Moment,
    ) -> Vec<Action> {
        let (request, message) = (&pressed.request, tag.message);
        let situation = self.of_card(message, kept, author);
        let flight = Flight {
            guild: situation.guild,
            channel: situation.channel,
            parent: kept.parent,
            claim: claim.id.clone(),
            author: Some(author),
            requested: true,
            recalled: false,
            withdrawn: false,
        };
        {
            let mut memory = self.memory();
            if memory.flights.contains_key(&message) {
                return vec![say(request, wording::POST_ALREADY)];
            }
            memory.flights.insert(message, flight);
        }
        let intent = intent(&situation, kept.parent, claim, now);
        let rest = self.store.note_rest(situation.guild, situation.member, now);
        let decided = rest.and_then(|()| self.store.decide_to_post(message, &intent));
        if !matches!(decided, Ok(Decided::Now)) {
            self.memory().flights.remove(&message);
        }
        match decided {
            Ok(Decided::Now) => {
                info!(id = %message, claim = claim.id.as_str(), "moderators let it be posted");
                self.count(Some(kept.guild), tag, now, |counts| counts.let_post += 1);
                let style = self.settings(Some(kept.guild), kept.channel, kept.parent).style;
                let kept = Kept { state: CardState::Posted, ..kept.clone() };
                let content = closed(message, &kept, Some(request.by), now);
                let unposted = Redraw {
                    channel: request.channel,
                    card: pressed.under,
                    content: card::not_posted(&content),
                    buttons: Vec::new(),
                };
                let mut memory = self.memory();
                memory.history.record(&past(&situation, &claim.id, now));
                memory.unposted.insert(message, unposted);
                drop(memory);
                let page = self.page_of(&claim.id);
                vec![
                    replaced(request, &content),
                    post(situation.channel, message, author, claim, now, style, page),
                ]
            }
            Ok(Decided::Before(state)) => {
                let kept = Kept { state, ..kept.clone() };
                vec![replaced(request, &closed(message, &kept, None, now))]
            }
            Ok(Decided::Answered) => self.closing(pressed, tag, CardState::Posted, None, now),
            Ok(Decided::NoCard) => vec![say(request, card::FORGOTTEN)],
            Err(error) => {
                self.report(message, &error);
                vec![say(request, wording::POST_FAILED)]
            }
        }
    }

    /// Closes a card without counting anything, and shows how.
    fn closing(
        &self,
        pressed: &Pressed,
        tag: &Tag,
        state: CardState,
        by: Option<UserId>,
        now: Moment,
    ) -> Vec<Action> {
        vec![self.settle(pressed, tag, state, by, now).0]
    }

    /// Closes a card, shows how, and says whether this did it; where somebody else was faster, what
    /// they decided is shown.
    fn settle(
        &self,
        pressed: &Pressed,
        tag: &Tag,
        state: CardState,
        by: Option<UserId>,
        now: Moment,
    ) -> (Action, bool) {
        let request = &pressed.request;
        let settled = self.store.change_card(tag.message, |kept| {
            let settled = Kept { state, card: Some(pressed.under), ..kept.clone() };
            (kept.state == CardState::Open).then_some(settled)
        });
        match settled {
            Ok(Some((kept, is_ours))) => {
                let by = by.filter(|_| is_ours);
                (replaced(request, &closed(tag.message, &kept, by, now)), is_ours)
            }
            Ok(None) => (say(request, card::FORGOTTEN), false),
            Err(error) => {
                self.report(tag.message, &error);
                (say(request, wording::NOT_KEPT), false)
            }
        }
    }

    /// The card of a message of the server where a button was pressed.
    fn card_of(&self, request: &Request, message: MessageId) -> Result<Kept, &'static str> {
        match self.store.card(message) {
            Ok(kept) => {
                kept.filter(|kept| request.guild == Some(kept.guild)).ok_or(card::FORGOTTEN)
            }
            Err(error) => {
                self.report(message, &error);
                Err(wording::POST_FAILED)
            }
        }
    }

    fn of_card(&self, message: MessageId, kept: &Kept, author: UserId) -> Situation {
        let guild: Option<GuildId> = Some(kept.guild);
        Situation {
            guild,
            channel: kept.channel,
            message,
            author,
            author_kind: AuthorKind::Member,
            member: member_key(self.secret, guild, author),
            roles: Vec::new(),
            opted_out: false,
            permitted: true,
            overloaded: false,
        }
    }
}

/// Why somebody may not decide this, where they may not. Settings need more than a decision does.
fn refusal(request: &Request, ruling: Ruling) -> Option<&'static str> {
    let (needed, refusal) = match ruling {
        Ruling::Post | Ruling::NotNow | Ruling::WrongMatch => {
            (Permissions::MANAGE_MESSAGES, card::NOT_YOURS)
        }
        Ruling::Mute => (Permissions::MANAGE_GUILD, card::MUTE_NOT_YOURS),
    };
    let is_theirs = request.installed && request.permissions.allows(needed);
    (!is_theirs).then_some(refusal)
}

/// Words in place of the card, without buttons.
fn replaced(request: &Request, content: &str) -> Action {
    redrawn_for(request, content.to_owned(), Vec::new())
}

/// The card drawn anew as the answer to a press, for all who see it.
fn redrawn_for(request: &Request, content: String, buttons: Vec<Button>) -> Action {
    let handle = request.handle.clone();
    Action::Answer(Answer {
        handle,
        replaces: true,
        public: true,
        content,
        buttons,
        form: Vec::new(),
    })
}
