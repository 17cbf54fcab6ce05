//! What people write, change and delete. Knows neither how an answer travels nor who presses what.

use std::time::Duration;

use tracing::{debug, error, info};

use crate::app::App;
use crate::app::cards::About;
use crate::app::engine::Engine;
use crate::app::event::{Action, Button, Deleted, Does, Heard, Post, Remove, Tag};
use crate::app::member::{member_key, wisher_key};
use crate::app::memory::{Edit, Flight, Memory};
use crate::app::unread::Unread;
use crate::app::waiting::Waiting;
use crate::model::claim::{Claim, ClaimId};
use crate::model::explanation::{Assertion, Candidate};
use crate::policy::cards::{CardKind, CardState};
use crate::policy::cooldown::Past;
use crate::policy::decide::{Considered, Verb, decide, remember};
use crate::policy::place::{ChannelId, MessageId, Moment, Situation, UserId};
use crate::policy::reason::Reason;
use crate::policy::settings::{OnEdit, Settings, Style};
use crate::reply::posted::posted;
use crate::store::record::{Answer, State};
use crate::store::{Recorded, StoreError};

/// How many candidates are looked at: the best, and enough to see whether another fits as well.
pub(super) const CONSIDERED: usize = 5;

/// An edit into an assertion is answered this long after the message was made: later nobody reads
/// there any more, and the answer would stand far below.
const EDIT_WINDOW: Duration = Duration::from_secs(600);

/// Discord's clock and ours differ by less than this.
const CLOCKS_DIFFER: Duration = Duration::from_secs(5);

/// What became of an intent.
pub(super) enum Intent {
    /// It is kept, and this is the answer.
    Recorded(Action),
    /// The message has an answer or intent already.
    Already,
    /// The store failed, so nothing may be posted.
    Failed,
}

impl App {
    /// A new message.
    pub(super) fn hear(&self, heard: Heard, now: Moment) -> Vec<Action> {
        let (parent, edited) = (heard.parent, heard.edited);
        self.answered_by_others(&heard);
        let (situation, settings, text) = self.place(heard);
        let admitted = match text.admit(&situation, &settings, now) {
            Ok(admitted) => admitted,
            Err(reason) => {
                self.note(&mut self.memory(), &situation, reason);
                debug!(id = %situation.message, reason = reason.word(), "not read");
                return Vec::new();
            }
        };
        let engine = self.live.load();
        let candidates = engine.matcher.find(&admitted.read(&self.metrics), CONSIDERED);
        let considered = consider(&engine, &candidates);

        // Decided and remembered in one breath: two lanes must not spend the same budget.
        let chosen = {
            let mut memory = self.memory();
            let decision =
                decide(&considered, &situation, &settings, memory.history_in(settings.mode), now);
            let chosen = decision.candidate.and_then(|at| considered.get(at)).copied();
            log(&situation, decision.reason, chosen);
            if let Some(one) = chosen {
                let past = past(&situation, &one.claim.id, now);
                remember(memory.history_in(settings.mode), &decision, one.claim, &past);
            }
            if let Some(one) = chosen
                && decision.verb == Verb::Reply
                && settings.delay > Duration::ZERO
            {
                let waiting = Waiting {
                    situation,
                    parent,
                    claim: one.claim.id.clone(),
                    edited: edited.unwrap_or_default(),
                };
                return self.begin_waiting(&mut memory, waiting, now.plus(settings.delay));
            }
            if let Some(one) = chosen
                && decision.verb == Verb::Reply
            {
                let flight = Flight {
                    guild: situation.guild,
                    channel: situation.channel,
                    parent,
                    claim: one.claim.id.clone(),
                    author: Some(situation.author),
                    requested: false,
                    recalled: false,
                    withdrawn: false,
                };
                memory.flights.insert(situation.message, flight);
                memory.note_edit(situation.message, edited.unwrap_or_default());
            }
            let kind = match decision.verb {
                Verb::Reply => None,
                Verb::Suggest => Some(CardKind::Suggestion),
                Verb::Alert => Some(CardKind::Alert),
                Verb::Silent => {
                    self.note(&mut memory, &situation, decision.reason);
                    drop(memory);
                    self.cast_shadow(&situation, &settings, decision.reason, chosen, now);
                    return Vec::new();
                }
            };
            let Some(one) = chosen else { return Vec::new() };
            (one, kind)
        };
        let (chosen, kind) = chosen;
        if let Some(kind) = kind {
            let about =
                About { situation: &situation, parent, edited, original: admitted.original() };
            let review = settings.review_channel;
            let (actions, reason) = self.show_card(&about, kind, review, chosen, now);
            self.note(&mut self.memory(), &situation, reason);
            return actions;
        }
        match self.intend(&situation, parent, chosen.claim, true, now) {
            Intent::Recorded(post) => {
                self.note(&mut self.memory(), &situation, Reason::Asserted);
                vec![post]
            }
            Intent::Already => {
                self.give_back(situation.channel, situation.message);
                self.note(&mut self.memory(), &situation, Reason::AlreadyAnswered);
                Vec::new()
            }
            Intent::Failed => Vec::new(),
        }
    }

    /// A changed message: an answer that no longer fits goes, and a message that became an
    /// assertion is answered while it is young.
    pub(super) fn reread(&self, heard: Heard, now: Moment) -> Vec<Action> {
        let message = heard.message;
        let Some(edited) = heard.edited else { return Vec::new() };
        let edit = self.memory().edit(message, edited);
        if edit == Edit::Known {
            return Vec::new();
        }
        self.stop_waiting(message);
        let answer = match self.store.answer(message) {
            Ok(answer) => answer,
            Err(error) => {
                self.report(message, &error);
                return Vec::new();
            }
        };
        if answer.is_none()
            && let Some(card) = self.open_card(message)
        {
            return self.reread_card(heard, &card, now);
        }
        match answer {
            None if now.since(message.made_at()) <= EDIT_WINDOW => self.hear(heard, now),
            Some(Answer { state: State::Intent | State::Sent(_), claim, at, .. }) => {
                let settings = self.settings(heard.guild, heard.channel, heard.parent);
                // An edit that a former process answered is no reason to take the answer away.
                let is_later = edit == Edit::Later || edited > at.plus(CLOCKS_DIFFER);
                let goes = settings.on_edit == OnEdit::Remove && is_later;
                if !goes && self.still_asserts(heard, &claim, now) {
                    return Vec::new();
                }
                info!(id = %message, claim = claim.as_str(), "edited, so the answer goes");
                self.withdraw(message)
            }
            None | Some(_) => Vec::new(),
        }
    }

    /// Deleted messages: their answers go too.
    pub(super) fn forget(&self, deleted: &Deleted) -> Vec<Action> {
        let gone = |message: &MessageId| {
            if let Err(error) = self.store.forget_shadow(*message) {
                self.report(*message, &error);
            }
            self.withdraw(*message)
        };
        deleted.messages.iter().flat_map(gone).collect()
    }

    /// Takes the answer to a message away, or leaves a tombstone where it is still in flight.
    pub(super) fn withdraw(&self, message: MessageId) -> Vec<Action> {
        self.stop_waiting(message);
        // The order matters: `conclude` first records the reply and then ends the flight, so that
        // here one of the two is always seen.
        if self.memory().withdraw(message) {
            debug!(id = %message, "withdrawn in flight");
            return Vec::new();
        }
        match self.store.answer(message) {
            Ok(Some(Answer { state: State::Sent(reply), channel, .. })) => {
                self.leave(channel, message, reply)
            }
            Ok(None) => self.close_card(message, CardState::Gone),
            Ok(Some(_)) => Vec::new(),
            Err(error) => {
                self.report(message, &error);
                Vec::new()
            }
        }
    }

    /// Records that a reply is to go, so that a restart takes it up again, and asks for it.
    pub(super) fn leave(
        &self,
        channel: ChannelId,
        message: MessageId,
        reply: MessageId,
    ) -> Vec<Action> {
        if let Err(error) = self.store.record_state(message, State::Leaving(reply)) {
            self.report(message, &error);
        }
        vec![Action::Remove(Remove { channel, reply, message })]
    }

    /// Whether a message has an answer or one in flight: then its edits may not be dropped.
    pub fn is_answered(&self, message: MessageId) -> bool {
        self.memory().flights.contains_key(&message)
            || self.store.answer(message).is_ok_and(|answer| answer.is_some())
            || self.open_card(message).is_some()
    }

    /// Counts and logs a failure of the store; the message itself is not lost by it.
    pub(super) fn report(&self, message: MessageId, error: &StoreError) {
        self.metrics.unrecorded.add();
        error!(id = %message, %error, "the store failed");
    }

    /// Counts a decision, for the process and for the server.
    pub(super) fn note(&self, memory: &mut Memory, situation: &Situation, reason: Reason) {
        self.metrics.decided(reason);
        memory.tally.note(situation.guild, situation.message, reason);
    }

    /// Records the intent, and only then asks for the answer. The flight was begun by the caller.
    pub(super) fn intend(
        &self,
        situation: &Situation,
        parent: Option<ChannelId>,
        claim: &Claim,
        by_ourselves: bool,
        now: Moment,
    ) -> Intent {
        let message = situation.message;
        let answer = intent(situation, parent, claim, now);
        // Whose message somebody else wants context for was not answered by us, and does not rest.
        let rest = if by_ourselves {
            self.store.note_rest(situation.guild, situation.member, now)
        } else {
            Ok(())
        };
        match rest.and_then(|()| self.store.record_intent(message, &answer)) {
            Ok(Recorded::New) => {
                let style = self.settings(situation.guild, situation.channel, parent).style;
                let page = self.page_of(&claim.id);
                let (channel, author) = (situation.channel, situation.author);
                Intent::Recorded(post(channel, message, author, claim, now, style, page))
            }
            Ok(Recorded::Already) => {
                self.memory().flights.remove(&message);
                Intent::Already
            }
            Err(error) => {
                self.report(message, &error);
                self.memory().flights.remove(&message);
                self.give_back(situation.channel, message);
                Intent::Failed
            }
        }
    }

    /// Whether a changed message still says what was answered. What may not be read is left alone.
    fn still_asserts(&self, heard: Heard, claim: &ClaimId, now: Moment) -> bool {
        let (situation, settings, text) = self.place(heard);
        let Ok(admitted) = text.admit(&situation, &settings, now) else { return true };
        let engine = self.live.load();
        let Some(answered) = engine.catalog.claim(claim.as_str()) else { return true };
        let threshold = settings.threshold_of(answered, now);
        let candidates = engine.matcher.find(&admitted.read(&self.metrics), CONSIDERED);
        candidates.iter().any(|candidate| {
            candidate.claim == *claim
                && candidate.score >= threshold
                && (candidate.assertion == Assertion::Asserted
                    || (candidate.assertion == Assertion::Denied && answered.answers_both_sides()))
        })
    }

    /// Parts a message into where it was written, what holds there, and its sealed text.
    pub(super) fn place(&self, heard: Heard) -> (Situation, Settings, Unread) {
        let (mut settings, wishes) = {
            let memory = self.memory();
            let layers = &memory.layers;
            let settings = layers.settings(&self.rules, heard.guild, heard.channel, heard.parent);
            let wishes = memory.wishes.get(&wisher_key(self.secret, heard.author)).cloned();
            (settings, wishes.unwrap_or_default())
        };
        let opted_out = wishes.opted_out(heard.guild);
        settings.muted.extend(wishes.not_on);
        let situation = Situation {
            guild: heard.guild,
            channel: heard.channel,
            message: heard.message,
            author: heard.author,
            author_kind: heard.author_kind,
            member: member_key(self.secret, heard.guild, heard.author),
            roles: heard.roles,
            opted_out,
            permitted: heard.permitted,
            overloaded: heard.overloaded,
        };
        (situation, settings, heard.text)
    }
}

/// What is recorded before an answer is asked for.
pub(super) fn intent(
    situation: &Situation,
    parent: Option<ChannelId>,
    claim: &Claim,
    now: Moment,
) -> Answer {
    Answer {
        state: State::Intent,
        guild: situation.guild,
        channel: situation.channel,
        parent,
        claim: claim.id.clone(),
        revision: claim.revision.clone(),
        nonce: nonce(situation.message),
        at: now,
    }
}

/// The action that posts a claim's reply. Made from ids alone, so that a repetition is the same.
pub(super) fn post(
    channel: ChannelId,
    message: MessageId,
    author: UserId,
    claim: &Claim,
    decided: Moment,
    style: Style,
    page: Option<String>,
) -> Action {
    let reply = posted(claim, style);
    let buttons = reply.buttons.iter().map(|button| Button {
        tag: Tag {
            does: Does::Open(button.kind),
            message,
            author,
            claim: reply.claim.clone(),
            revision: reply.revision.start().to_owned(),
        },
        label: button.label.to_owned(),
        enabled: true,
    });
    Action::Post(Post {
        channel,
        message,
        buttons: buttons.collect(),
        content: reply.content,
        page,
        nonce: nonce(message),
        decided,
    })
}

/// A message has one answer, so its id is all that a nonce needs; with the letter 21 of Discord's
/// 25 characters.
pub(super) fn nonce(message: MessageId) -> String {
    format!("f{message}")
}

pub(super) fn consider<'a>(engine: &'a Engine, candidates: &'a [Candidate]) -> Vec<Considered<'a>> {
    candidates
        .iter()
        .filter_map(|candidate| {
            let claim = engine.catalog.claim(candidate.claim.as_str())?;
            Some(Considered { candidate, claim })
        })
        .collect()
}

pub(super) fn past(situation: &Situation, claim: &ClaimId, now: Moment) -> Past {
    Past {
        guild: situation.guild,
        channel: situation.channel,
        message: situation.message,
        claim: claim.clone(),
        member: Some(situation.member),
        at: now,
    }
}

fn log(situation: &Situation, reason: Reason, chosen: Option<Considered<'_>>) {
    let message = situation.message;
    let Some(one) = chosen else {
        debug!(id = %message, reason = reason.word(), "decided");
        return;
    };
    info!(
        id = %message,
        channel = %situation.channel,
        reason = reason.word(),
        claim = one.claim.id.as_str(),
        score = one.candidate.score.thousandths(),
        assertion = one.candidate.assertion.word(),
        "decided"
    );
}
