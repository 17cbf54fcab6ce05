//! What people press and ask for, and who hears it. Knows neither how buttons are written into a message nor how commands look.

use tracing::info;

use crate::app::App;
use crate::app::ask::{Ask, Asked};
use crate::app::event::{
    Action, Answer, Button, Choice, Completion, Does, Pressed, Remove, Request, Tag,
};
use crate::model::claim::ClaimId;
use crate::policy::permission::Permissions;
use crate::policy::place::Moment;
use crate::reply::cut::clip;
use crate::reply::limits;
use crate::reply::{ButtonKind, wording, wording_members};
use crate::store::record::State;

impl App {
    /// A press of a button.
    pub(super) fn press(&self, pressed: &Pressed, now: Moment) -> Vec<Action> {
        let request = &pressed.request;
        let Some(tag) = &pressed.tag else { return vec![say(request, wording::OUTDATED)] };
        match tag.does {
            Does::Open(ButtonKind::NotSaid) | Does::Turn(ButtonKind::NotSaid, _) => {
                self.take_away(pressed, tag)
            }
            Does::Open(kind) => vec![self.show(request, tag, kind, None, now)],
            Does::Turn(kind, page) => vec![self.show(request, tag, kind, Some(page), now)],
            Does::PostHere => self.post_here(request, tag, now),
            Does::TakeBack => take_back(pressed, tag),
            Does::NeverOn => vec![say(request, self.never_on(request, &tag.claim))],
            Does::Decide(choice, drawn) => self.decide(pressed, tag, choice, drawn, now),
        }
    }

    /// A use of a command.
    pub(super) fn ask(&self, asked: Asked, now: Moment) -> Vec<Action> {
        let Asked { request, ask } = asked;
        match ask {
            Ask::Show(name) => vec![self.show_named(&request, &name, now)],
            Ask::Search(typed) => vec![self.search(&request, &typed, now)],
            Ask::Complete(typed) => vec![self.complete(&request, &typed)],
            Ask::Find(heard) => vec![self.find_for(&request, heard, now)],
            Ask::Quiet(wish) => vec![say(&request, &self.quiet(&request, wish))],
            Ask::Privacy => vec![say(&request, wording_members::PRIVACY)],
            Ask::MyData => vec![say(&request, &self.data_of(request.by))],
            Ask::ForgetMe => vec![say(&request, self.forget_me(request.by))],
            Ask::Unknown => vec![say(&request, wording::UNKNOWN_COMMAND)],
            Ask::Mode(..)
            | Ask::Pause(_)
            | Ask::Resume
            | Ask::UnclearDuration
            | Ask::Status(_)
            | Ask::Why(_)
            | Ask::Settings(..)
            | Ask::Changes
            | Ask::Set(..) => vec![self.moderate(request, ask, now)],
        }
    }

    /// Takes a reply away for the author of the message or a moderator. What is said is recorded
    /// before it is said: a restart in between takes the reply away.
    fn take_away(&self, pressed: &Pressed, tag: &Tag) -> Vec<Action> {
        let request = &pressed.request;
        if !may_remove(request, tag) {
            return vec![say(request, wording::NOT_YOURS)];
        }
        info!(id = %tag.message, reply = %pressed.under, "taken away on request");
        // The outcome of the post may not be known yet: whoever is faster, the reply goes.
        self.memory().withdraw(tag.message);
        let state = State::Leaving(pressed.under);
        if let Err(error) = self.store.record_state(tag.message, state) {
            self.report(tag.message, &error);
        }
        let remove =
            Remove { channel: request.channel, reply: pressed.under, message: tag.message };
        let mut buttons = Vec::new();
        if request.by == tag.author {
            let tag = Tag { does: Does::NeverOn, ..tag.clone() };
            buttons.push(Button { tag, label: wording::NEVER_ON.to_owned(), enabled: true });
        }
        vec![offer(request, wording::TAKEN_AWAY, buttons), Action::Remove(remove)]
    }

    /// A member's own "not on this claim".
    fn never_on(&self, request: &Request, claim: &ClaimId) -> &'static str {
        let claim = claim.clone();
        match self.change_wishes(request.by, |wishes| {
            wishes.not_on.insert(claim);
        }) {
            Ok(_) => wording_members::NEVER_ON_KEPT,
            Err(_) => wording::NOT_KEPT,
        }
    }

    /// The names of responses about what somebody is typing.
    fn complete(&self, request: &Request, typed: &str) -> Action {
        let engine = self.live.load();
        let found = engine.search(typed, limits::CHOICES).into_iter();
        let choices = found.map(|claim| Choice {
            name: clip(&claim.claim, limits::CHOICE_NAME),
            value: claim.id.as_str().to_owned(),
        });
        Action::Complete(Completion { handle: request.handle.clone(), choices: choices.collect() })
    }
}

/// Takes away what the presser had posted from a command, or a moderator does. Nothing is recorded
/// of it, so nothing but Discord's own answer can fail.
fn take_back(pressed: &Pressed, tag: &Tag) -> Vec<Action> {
    let request = &pressed.request;
    if !may_remove(request, tag) {
        return vec![say(request, wording::NOT_POSTED_BY_YOU)];
    }
    let remove = Remove { channel: request.channel, reply: pressed.under, message: tag.message };
    vec![say(request, wording::TAKEN_BACK), Action::Remove(remove)]
}

fn may_remove(request: &Request, tag: &Tag) -> bool {
    request.by == tag.author || request.permissions.allows(Permissions::MANAGE_MESSAGES)
}

/// An answer of plain words, to the requester alone.
pub(super) fn say(request: &Request, content: &str) -> Action {
    offer(request, content, Vec::new())
}

/// An answer of plain words with buttons, to the requester alone.
pub(super) fn offer(request: &Request, content: &str, buttons: Vec<Button>) -> Action {
    Action::Answer(Answer {
        handle: request.handle.clone(),
        replaces: false,
        public: false,
        content: content.to_owned(),
        buttons,
    })
}
