//! "Post here": what one person saw becomes a message for all, where the rules of the place allow it. Knows not how it was found.

use tracing::info;

use crate::app::App;
use crate::app::conversation::{Intent, nonce};
use crate::app::event::{Action, Answer, Button, Does, FormRow, Request, Tag};
use crate::app::member::member_key;
use crate::app::memory::Flight;
use crate::app::pages::standard;
use crate::app::requests::say;
use crate::model::claim::{Claim, ClaimAction, Status};
use crate::policy::cooldown::Past;
use crate::policy::permission::Permissions;
use crate::policy::place::{AuthorKind, MessageId, Moment, Situation};
use crate::policy::settings::Mode;
use crate::reply::compact::compact;
use crate::reply::{ButtonKind, wording, words};
use crate::store::Recorded;
use crate::store::record::{self, State};

impl App {
    /// Whether the requester may have a claim's reply posted where they ask; otherwise why not.
    pub(super) fn may_post(
        &self,
        request: &Request,
        claim: &Claim,
        now: Moment,
    ) -> Result<(), &'static str> {
        if request.guild.is_none() || !request.installed {
            return Err(wording::POST_NOT_INSTALLED);
        }
        if claim.action == ClaimAction::Alert {
            return Err(wording::POST_NOT_THIS);
        }
        let settings = self.settings(request.guild, request.channel, request.parent);
        if settings.pause.holds(now) {
            return Err(wording::POST_PAUSED);
        }
        if !request.permitted {
            return Err(wording::POST_NOT_PERMITTED);
        }
        let moderates = request.permissions.allows(Permissions::MANAGE_MESSAGES);
        let is_open = settings.mode == Mode::Reply
            && !settings.sensitive
            && !settings.exempt
            && !settings.mutes(claim);
        if is_open || moderates { Ok(()) } else { Err(wording::POST_NOT_HERE) }
    }

    /// Posts what the presser saw: below the message that it is about, or by itself.
    pub(super) fn post_here(&self, request: &Request, tag: &Tag, now: Moment) -> Vec<Action> {
        let engine = self.live.load();
        let claim = engine.catalog.claim(tag.claim.as_str());
        let Some(claim) = claim.filter(|one| one.status == Status::Published) else {
            return vec![say(request, wording::CLAIM_GONE)];
        };
        if let Err(why) = self.may_post(request, claim, now) {
            return vec![say(request, why)];
        }
        if !claim.revision.as_str().starts_with(&tag.revision) {
            return vec![say(request, wording::POST_REVISED)];
        }
        let situation = self.asked_for(request, tag);
        if situation.opted_out {
            return vec![say(request, wording::OPTED_OUT)];
        }
        if let Some(why) = self.too_soon(request, claim, &situation, now) {
            return vec![say(request, why)];
        }
        info!(claim = claim.id.as_str(), id = %situation.message, "posted on request");
        if tag.message == MessageId(0) {
            self.post_alone(request, claim, &situation, now)
        } else {
            self.post_below(request, claim, &situation, now)
        }
    }

    /// Members are held to the same rests as we are; moderators know what they do. Checked and
    /// remembered in one breath, so that two presses do not both pass.
    fn too_soon(
        &self,
        request: &Request,
        claim: &Claim,
        situation: &Situation,
        now: Moment,
    ) -> Option<&'static str> {
        let settings = self.settings(request.guild, request.channel, request.parent);
        let mut memory = self.memory();
        if !request.permissions.allows(Permissions::MANAGE_MESSAGES) {
            let cooldown = claim.cooldown;
            let forbids = memory.history.forbids(situation, &claim.id, cooldown, &settings, now);
            if let Some(reason) = forbids {
                return Some(words::reason(reason));
            }
        }
        memory.history.record(&Past {
            guild: situation.guild,
            channel: situation.channel,
            message: situation.message,
            claim: claim.id.clone(),
            member: None,
            at: now,
        });
        None
    }

    /// By itself, as Discord's answer to the request. It is recorded, so that it limits what comes
    /// later also after a restart, and so that taking it back can be relied on.
    fn post_alone(
        &self,
        request: &Request,
        claim: &Claim,
        situation: &Situation,
        now: Moment,
    ) -> Vec<Action> {
        let message = situation.message;
        let answer = record::Answer {
            state: State::Shown,
            guild: situation.guild,
            channel: situation.channel,
            parent: request.parent,
            claim: claim.id.clone(),
            revision: claim.revision.clone(),
            nonce: nonce(message),
            at: now,
        };
        match self.store.record_intent(message, &answer) {
            Ok(Recorded::New) => vec![public(request, claim, self.page_of(&claim.id))],
            // The same press heard twice: Discord takes one answer to it.
            Ok(Recorded::Already) => {
                self.give_back(situation.channel, message);
                Vec::new()
            }
            Err(error) => {
                self.report(message, &error);
                self.give_back(situation.channel, message);
                vec![say(request, wording::POST_FAILED)]
            }
        }
    }

    /// The same way as an answer of our own takes, so that it stands at most once and goes with its
    /// message.
    fn post_below(
        &self,
        request: &Request,
        claim: &Claim,
        situation: &Situation,
        now: Moment,
    ) -> Vec<Action> {
        let message = situation.message;
        let flight = Flight {
            guild: situation.guild,
            channel: situation.channel,
            parent: request.parent,
            claim: claim.id.clone(),
            author: Some(situation.author),
            requested: true,
            recalled: false,
            withdrawn: false,
        };
        if !self.memory().takes_off(message, flight) {
            self.give_back(situation.channel, message);
            return vec![say(request, wording::POST_ALREADY)];
        }
        match self.intend(situation, request.parent, claim, false, now) {
            Intent::Recorded(post) => vec![replaced(request, wording::POSTED), post],
            Intent::Already => {
                self.give_back(situation.channel, message);
                vec![say(request, wording::POST_ALREADY)]
            }
            Intent::Failed => vec![say(request, wording::POST_FAILED)],
        }
    }

    /// The place of a request as that of the message it is about; its own number where it is about none.
    fn asked_for(&self, request: &Request, tag: &Tag) -> Situation {
        let is_about = tag.message != MessageId(0);
        let (message, author) = if is_about {
            (tag.message, tag.author)
        } else {
            (MessageId(request.handle.id), request.by)
        };
        Situation {
            guild: request.guild,
            channel: request.channel,
            message,
            author,
            author_kind: AuthorKind::Member,
            member: member_key(self.secret, request.guild, author),
            roles: Vec::new(),
            opted_out: is_about && self.wishes(author).opted_out(request.guild),
            permitted: request.permitted,
            overloaded: false,
        }
    }
}

/// The reply as an answer that all see. Whoever had it posted can take it back.
fn public(request: &Request, claim: &Claim, page: Option<String>) -> Action {
    let reply = compact(claim);
    let tag = Tag {
        does: Does::TakeBack,
        message: MessageId(request.handle.id),
        author: request.by,
        claim: reply.claim,
        revision: reply.revision.start().to_owned(),
    };
    let kinds = [ButtonKind::Quotes, ButtonKind::Full];
    let mut buttons: Vec<Button> =
        kinds.into_iter().filter_map(|kind| standard(&tag, kind)).collect();
    buttons.push(Button { tag, label: wording::TAKE_BACK.to_owned(), enabled: true });
    Action::Answer(Answer {
        handle: request.handle.clone(),
        replaces: false,
        public: true,
        content: reply.content,
        buttons,
        form: page.map(FormRow::Page).into_iter().collect(),
    })
}

/// Words in place of what the requester saw, so that it is not pressed again.
fn replaced(request: &Request, words: &str) -> Action {
    Action::Answer(Answer {
        handle: request.handle.clone(),
        replaces: true,
        public: false,
        content: words.to_owned(),
        buttons: Vec::new(),
        form: Vec::new(),
    })
}
