//! What people press and ask for, and who hears it. Knows neither how buttons are written into a message nor how commands look.

use tracing::info;

use crate::app::App;
use crate::app::ask::{Ask, Asked};
use crate::app::conversation::nonce;
use crate::app::event::{
    Action, Answer, Button, Choice, Completion, Does, Pressed, Remove, Request, Tag,
};
use crate::app::feedback::{moderates, wrong_match_button};
use crate::model::claim::{ClaimId, Revision};
use crate::policy::permission::Permissions;
use crate::policy::place::Moment;
use crate::reply::cut::clip;
use crate::reply::limits;
use crate::reply::{ButtonKind, wording, wording_members};
use crate::store::StoreError;
use crate::store::record::{self, State};

impl App {
    /// A press of a button.
    pub(super) fn press(&self, pressed: &Pressed, now: Moment) -> Vec<Action> {
        let request = &pressed.request;
        let Some(tag) = &pressed.tag else { return vec![say(request, wording::OUTDATED)] };
        match tag.does {
            Does::Open(ButtonKind::NotSaid) | Does::Turn(ButtonKind::NotSaid, _) => {
                self.take_away(pressed, tag, now)
            }
            Does::Open(kind) => vec![self.show(request, tag, kind, None, now)],
            Does::Turn(kind, page) => vec![self.show(request, tag, kind, Some(page), now)],
            Does::PostHere => self.post_here(request, tag, now),
            Does::TakeBack => self.take_back(pressed, tag, now),
            Does::NeverOn => vec![say(request, self.never_on(request, &tag.claim))],
            Does::WrongMatch => vec![say(request, self.press_wrong_match(request, tag, now))],
            Does::Rate(helped) => vec![say(request, self.rate(request, tag, helped, now))],
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
            Ask::Suggest => vec![Action::Form(request.handle)],
            Ask::Suggested(suggested) => {
                vec![say(&request, self.suggested(&request, &suggested, now))]
            }
            Ask::Unknown => vec![say(&request, wording::UNKNOWN_COMMAND)],
            Ask::Mode(..)
            | Ask::Pause(_)
            | Ask::Resume
            | Ask::UnclearDuration
            | Ask::Status(_)
            | Ask::Why(_)
            | Ask::Settings(..)
            | Ask::Changes
            | Ask::Setup(_)
            | Ask::Stats
            | Ask::Report
            | Ask::Set(..) => vec![self.moderate(request, ask, now)],
        }
    }

    /// Takes a reply away for the author of the message or a moderator. What is said is recorded
    /// before it is said: a restart in between takes the reply away.
    fn take_away(&self, pressed: &Pressed, tag: &Tag, now: Moment) -> Vec<Action> {
        let request = &pressed.request;
        if !may_remove(request, tag) {
            return vec![say(request, wording::NOT_YOURS)];
        }
        info!(id = %tag.message, reply = %pressed.under, "taken away on request");
        // The outcome of the post may not be known yet: whoever is faster, the reply goes.
        self.memory().withdraw(tag.message);
        let words = self.leaving(pressed, tag, wording::TAKEN_AWAY, now);
        let mut buttons = Vec::new();
        if moderates(request) {
            buttons.push(wrong_match_button(tag));
        }
        if request.by == tag.author {
            self.count(request.guild, tag, now, |counts| counts.not_said += 1);
            let tag = Tag { does: Does::NeverOn, ..tag.clone() };
            buttons.push(Button { tag, label: wording::NEVER_ON.to_owned(), enabled: true });
        }
        vec![offer(request, words, buttons), Action::Remove(removal(pressed, tag))]
    }

    /// Takes away what the presser had posted from a command, or a moderator does.
    fn take_back(&self, pressed: &Pressed, tag: &Tag, now: Moment) -> Vec<Action> {
        let request = &pressed.request;
        if !may_remove(request, tag) {
            return vec![say(request, wording::NOT_POSTED_BY_YOU)];
        }
        let words = self.leaving(pressed, tag, wording::TAKEN_BACK, now);
        vec![say(request, words), Action::Remove(removal(pressed, tag))]
    }

    /// Records that what a button stands under is to go, so that a restart takes it up again, and
    /// gives the words that are true then.
    fn leaving(
        &self,
        pressed: &Pressed,
        tag: &Tag,
        done: &'static str,
        now: Moment,
    ) -> &'static str {
        match self.record_leaving(pressed, tag, now) {
            Ok(()) => done,
            Err(error) => {
                self.report(tag.message, &error);
                wording::TAKEN_UNKEPT
            }
        }
    }

    /// Where the record is older than is remembered, another one takes its place.
    fn record_leaving(&self, pressed: &Pressed, tag: &Tag, now: Moment) -> Result<(), StoreError> {
        let state = State::Leaving(pressed.under);
        if self.store.record_state(tag.message, state)? {
            return Ok(());
        }
        let request = &pressed.request;
        let Some(revision) = Revision::new(&tag.revision) else { return Ok(()) };
        let answer = record::Answer {
            state,
            guild: request.guild,
            channel: request.channel,
            parent: request.parent,
            claim: tag.claim.clone(),
            revision,
            nonce: nonce(tag.message),
            at: now,
        };
        self.store.record_intent(tag.message, &answer).map(drop)
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

fn removal(pressed: &Pressed, tag: &Tag) -> Remove {
    Remove { channel: pressed.request.channel, reply: pressed.under, message: tag.message }
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
        form: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use crate::app::event::{Action, Does, Handle, Incoming, Pressed, Remove, Request, Tag, Token};
    use crate::app::testing::interrupted;
    use crate::model::claim::ClaimId;
    use crate::policy::permission::Permissions;
    use crate::policy::place::{ChannelId, GuildId, MessageId, Moment, UserId};
    use crate::reply::{ButtonKind, wording};
    use crate::store::record::State;

    const NOW: Moment = Moment(1_800_000_000_000);
    const MESSAGE: MessageId = MessageId(5);
    const REPLY: MessageId = MessageId(6);

    /// It is said that a reply goes only where that was written down; it is tried all the same.
    #[test]
    fn what_could_not_be_written_down_is_not_said_to_be_done() {
        for (does, done) in [
            (Does::Open(ButtonKind::NotSaid), wording::TAKEN_AWAY),
            (Does::TakeBack, wording::TAKEN_BACK),
        ] {
            for (is_spoiled, expected) in [(false, done), (true, wording::TAKEN_UNKEPT)] {
                let folder = tempfile::tempdir().expect("a folder");
                let (guild, channel) = (GuildId(1), ChannelId(2));
                let app = interrupted(folder.path(), guild, channel, &[MESSAGE.0], NOW);
                if is_spoiled {
                    app.store().spoil_answer(MESSAGE);
                }
                let request = Request {
                    guild: Some(guild),
                    channel,
                    parent: None,
                    by: UserId(3),
                    permissions: Permissions(0),
                    installed: true,
                    permitted: true,
                    handle: Handle { id: 7, token: Token("t".to_owned()) },
                };
                let tag = Tag {
                    does,
                    message: MESSAGE,
                    author: UserId(3),
                    claim: ClaimId::new("a").expect("an id"),
                    revision: "01234567".to_owned(),
                };
                let pressed = Pressed { request, under: REPLY, tag: Some(tag) };
                let actions = app.on(Incoming::Pressed(pressed), NOW);
                let [Action::Answer(said), Action::Remove(remove)] = actions.as_slice() else {
                    panic!("{actions:?}");
                };
                assert_eq!(said.content, expected);
                assert_eq!(*remove, Remove { channel, reply: REPLY, message: MESSAGE });
                let kept = app.store().answer(MESSAGE).ok().flatten().map(|answer| answer.state);
                assert_eq!(kept, (!is_spoiled).then_some(State::Leaving(REPLY)));
            }
        }
    }
}
