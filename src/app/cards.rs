//! Cards: moderators are asked before something is said, or told of a message, and one of them decides. Knows neither how a card is drawn nor how a press comes here.
//!
//! **Invariant:** a card is decided once. The store says by whom first, across crashes too.
//! **Invariant:** nothing is posted below a message that is gone, or that was changed after the card was drawn.

use std::time::Duration;

use tracing::{info, warn};

use crate::app::App;
use crate::app::conversation::{CONSIDERED, consider, intent, past, post};
use crate::app::event::{
    Action, Answer, Button, Card, Current, Does, Heard, Posted, Pressed, Recheck, Redraw, Request,
    Review, Ruling, Tag,
};
use crate::app::member::member_key;
use crate::app::memory::Flight;
use crate::app::requests::say;
use crate::model::claim::{Claim, ClaimId, Revision, Status};
use crate::model::explanation::Assertion;
use crate::policy::cards::{CardKind, CardState};
use crate::policy::decide::Considered;
use crate::policy::permission::Permissions;
use crate::policy::place::{AuthorKind, ChannelId, GuildId, MessageId, Moment, Situation, UserId};
use crate::policy::reason::Reason;
use crate::reply::card::{self, Subject, Words};
use crate::reply::{wording, wording_moderators as said};
use crate::store::Recorded;
use crate::store::cards::{Card as Kept, Decided};

/// A card that nobody decided about in a day is about a conversation that is over.
const WAITS: Duration = Duration::from_secs(24 * 3600);

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
enum Look {
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
        let undrawn = self.memory().undrawn.remove(&message);
        let state = match outcome {
            Posted::Stands(own) => {
                self.metrics.carded.add();
                info!(id = %message, card = %own, "moderators were asked");
                let known = self.change(message, |kept| {
                    kept.card = Some(own);
                    true
                });
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
                return Vec::new();
            }
            Posted::Refused | Posted::TriggerGone => {
                self.metrics.refused.add();
                warn!(id = %message, "Discord refused a card");
                CardState::Unshown
            }
            Posted::Withheld => CardState::Unshown,
        };
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
                    // It is on its way: whoever learns where it stands draws it anew.
                    self.memory().undrawn.insert(message, redraw);
                    Vec::new()
                }
            }
            Look::SaysNot | Look::Unread(Reason::OptedOut) => {
                self.close_card(message, CardState::Gone)
            }
            // What may not be read is left alone.
            Look::Unread(_) => Vec::new(),
        }
    }

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
                vec![
                    replaced(request, &content),
                    post(situation.channel, message, author, claim, now, style),
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

    /// What a message says now of the claim of its card.
    fn look(&self, heard: Heard, kept: &Kept, now: Moment) -> Look {
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
    fn redrawn(
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

/// The buttons under a suggestion.
fn choices(
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

fn target(message: MessageId, kept: &Kept) -> Recheck {
    let Kept { guild, channel, parent, .. } = *kept;
    Recheck { guild: Some(guild), channel, parent, message }
}

fn closed(message: MessageId, kept: &Kept, by: Option<UserId>, now: Moment) -> String {
    card::closed(kept.kind, subject(message, kept), kept.claim.as_str(), kept.state, by, now)
}

/// A closed card drawn anew, where it is known where it stands.
fn drawn_closed(message: MessageId, kept: &Kept) -> Option<Action> {
    let content = closed(message, kept, None, kept.at.plus(WAITS));
    let card = kept.card?;
    Some(Action::Redraw(Redraw { channel: kept.review, card, content, buttons: Vec::new() }))
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
