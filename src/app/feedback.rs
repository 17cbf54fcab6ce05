//! What people think of answers: "not what I said", "wrong match", "helpful". Knows neither buttons nor words of theirs.
//!
//! **Invariant:** only moderators' "wrong match" moves a threshold, once a message, by a bounded step.

use std::collections::BTreeSet;

use tracing::info;

use crate::app::App;
use crate::app::event::{Button, Does, Request, Tag};
use crate::app::member::member_key;
use crate::model::claim::ClaimId;
use crate::policy::permission::Permissions;
use crate::policy::place::{GuildId, MemberKey, MessageId, Moment};
use crate::reply::{wording, wording_feedback as words};
use crate::store::StoreError;
use crate::store::feedback::Feedback;

/// More opinions than these are not told from repeated ones; the oldest messages are forgotten.
const REMEMBERED: usize = 10_000;

/// Of which messages something was said already, so that nobody counts twice. A restart forgets it.
#[derive(Debug, Default)]
pub(super) struct Heard {
    wrong: BTreeSet<MessageId>,
    rated: BTreeSet<(MessageId, MemberKey)>,
}

impl Heard {
    /// Whether a message is said to be a wrong match for the first time.
    fn is_first_wrong(&mut self, message: MessageId) -> bool {
        let is_first = self.wrong.insert(message);
        while self.wrong.len() > REMEMBERED {
            self.wrong.pop_first();
        }
        is_first
    }

    /// Whether a member rates the answer to a message for the first time.
    fn is_first_rating(&mut self, message: MessageId, member: MemberKey) -> bool {
        let is_first = self.rated.insert((message, member));
        while self.rated.len() > REMEMBERED {
            self.rated.pop_first();
        }
        is_first
    }
}

impl App {
    /// Counts an opinion about an answer with a revision of a claim. That it is lost where the store
    /// fails is counted there.
    pub(super) fn count(
        &self,
        guild: Option<GuildId>,
        tag: &Tag,
        now: Moment,
        count: impl Fn(&mut Feedback),
    ) {
        let Some(guild) = guild else { return };
        let both = (&tag.claim, tag.revision.as_str());
        let _counted = self.kept(self.store.record_feedback(guild, both, now, count));
    }

    /// Moderators say that a message was no match: the claim has to match better in their server.
    pub(super) fn wrong_match(
        &self,
        guild: GuildId,
        tag: &Tag,
        now: Moment,
    ) -> Result<(), StoreError> {
        if !self.memory().heard.is_first_wrong(tag.message) {
            return Ok(());
        }
        self.count(Some(guild), tag, now, |counts| counts.wrong_match += 1);
        let _one_at_a_time = self.changing();
        let doubt = {
            let mut memory = self.memory();
            let doubt = memory.layers.doubt(guild, &tag.claim).more(now);
            memory.layers.set_doubt(guild, &tag.claim, Some(doubt));
            doubt
        };
        info!(%guild, claim = tag.claim.as_str(), left = doubt.left(now), "a wrong match");
        self.kept(self.store.record_doubt(guild, &tag.claim, Some(doubt)))?;
        let words = words::raised(&tag.claim, doubt.left(now));
        // It names a claim, so it names nobody.
        self.log_change(guild, None, words, now);
        Ok(())
    }

    /// Takes back what "wrong match" did to a claim.
    pub(super) fn trust(&self, guild: GuildId, claim: &ClaimId) -> Result<(), StoreError> {
        let _one_at_a_time = self.changing();
        self.memory().layers.set_doubt(guild, claim, None);
        self.kept(self.store.record_doubt(guild, claim, None))
    }

    /// A moderator presses "Wrong match" after they took a reply away.
    pub(super) fn press_wrong_match(
        &self,
        request: &Request,
        tag: &Tag,
        now: Moment,
    ) -> &'static str {
        let Some(guild) = request.guild.filter(|_| moderates(request)) else {
            return words::NOT_YOURS;
        };
        match self.wrong_match(guild, tag, now) {
            Ok(()) => words::WRONG_MATCH_KEPT,
            Err(_) => wording::NOT_KEPT,
        }
    }

    /// A member says whether a response helped. That moves no threshold, and who it was is not kept.
    pub(super) fn rate(
        &self,
        request: &Request,
        tag: &Tag,
        helped: bool,
        now: Moment,
    ) -> &'static str {
        let member = member_key(self.secret, request.guild, request.by);
        if !self.memory().heard.is_first_rating(tag.message, member) {
            return words::RATED_BEFORE;
        }
        self.count(request.guild, tag, now, |counts| {
            if helped { counts.helpful += 1 } else { counts.not_helpful += 1 }
        });
        words::RATED
    }
}

/// Whether "wrong match" is theirs to say.
pub(super) fn moderates(request: &Request) -> bool {
    request.installed && request.permissions.allows(Permissions::MANAGE_MESSAGES)
}

/// The buttons that ask whether a response helped; where it belongs to a message of a server.
pub(super) fn ratings(request: &Request, tag: &Tag) -> Vec<Button> {
    if tag.message == MessageId(0) || request.guild.is_none() {
        return Vec::new();
    }
    let button = |helped, label: &str| {
        let tag = Tag { does: Does::Rate(helped), ..tag.clone() };
        Button { tag, label: label.to_owned(), enabled: true }
    };
    vec![button(true, words::HELPFUL), button(false, words::NOT_HELPFUL)]
}

/// The button for moderators who took a reply away.
pub(super) fn wrong_match_button(tag: &Tag) -> Button {
    let tag = Tag { does: Does::WrongMatch, ..tag.clone() };
    Button { tag, label: words::WRONG_MATCH.to_owned(), enabled: true }
}
