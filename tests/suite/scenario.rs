//! Whole conversations: a list of events in, a list of actions out, with a real store and a small catalog. No Discord, no clock.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop")]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use footnote::app::App;
use footnote::app::ask::{self, Ask, Asked, Cooldown};
use footnote::app::engine::Engine;
use footnote::app::event::{
    Action, Answer, Current, Deleted, Does, Handle, Heard, Incoming, LookFor, Performed, Post,
    Posted, Pressed, Recheck, Remove, Request, Seen, Tag, Token,
};
use footnote::app::rules::Rules;
use footnote::app::unread::Unread;
use footnote::model::body::{Block, Inline, Response};
use footnote::model::catalog::Catalog;
use footnote::model::claim::{Claim, ClaimAction, ClaimId, Evidence, Revision, Status, Verdict};
use footnote::model::date::Date;
use footnote::model::phrasing::{Aliases, Phrasing};
use footnote::model::source::{Source, SourceKind};
use footnote::ops::metrics::{Counter, Metrics};
use footnote::policy::cooldown::KEPT;
use footnote::policy::permission::Permissions;
use footnote::policy::place::{AuthorKind, ChannelId, GuildId, MessageId, Moment, UserId};
use footnote::policy::reason::Reason;
use footnote::policy::settings::{Mode, Settings};
use footnote::reply::{ButtonKind, wording};
use footnote::store::Store;
use footnote::store::record::State;

pub(crate) const START: Moment = Moment(1_800_000_000_000);
pub(crate) const GUILD: GuildId = GuildId(1);
pub(crate) const REPLY: ChannelId = ChannelId(10);
pub(crate) const OTHER: ChannelId = ChannelId(11);
pub(crate) const WATCH: ChannelId = ChannelId(12);
pub(crate) const OFF: ChannelId = ChannelId(13);
pub(crate) const AUTHOR: UserId = UserId(50);
pub(crate) const STRANGER: UserId = UserId(51);
pub(crate) const HORNS: &str = "vikings wore horned helmets";
pub(crate) const FAT: &str = "napoleon was very short for his time";

/// What makes a message one that is not read.
type Change = fn(&mut Heard);

/// A server with a bot, whose process can be killed and started again.
pub(crate) struct Server {
    pub(crate) folder: tempfile::TempDir,
    app: Option<App>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) now: Moment,
    /// Digits that make two messages of one moment differ.
    made: u64,
    revision: &'static str,
}

impl Server {
    pub(crate) fn new() -> Self {
        let mut server = Self {
            folder: tempfile::tempdir().unwrap(),
            app: None,
            metrics: Arc::default(),
            now: START,
            made: 0,
            revision: "aaaaaaaa",
        };
        server.restart();
        server
    }

    /// What `kill -9` and a new start leave: the store, and nothing else.
    pub(crate) fn restart(&mut self) {
        self.app = None;
        self.metrics = Arc::default();
        let store = Store::open(self.folder.path(), self.now).unwrap();
        let claims = vec![
            claim("viking-horns", HORNS, self.revision),
            claim("napoleon-short", FAT, self.revision),
        ];
        let engine = Engine::build(Catalog::new(claims, Aliases::default()));
        let modes = BTreeMap::from([
            (REPLY, Mode::Reply),
            (OTHER, Mode::Reply),
            (WATCH, Mode::Watch),
            (OFF, Mode::Off),
        ]);
        let rules = Rules { modes, everywhere: Settings::default() };
        let app = App::open(store, engine, rules, Arc::clone(&self.metrics), self.now);
        self.app = Some(app.unwrap());
    }

    pub(crate) fn app(&self) -> &App {
        self.app.as_ref().unwrap()
    }

    pub(crate) fn on(&self, incoming: Incoming) -> Vec<Action> {
        self.app().on(incoming, self.now)
    }

    pub(crate) fn wait(&mut self, span: Duration) {
        self.now = self.now.plus(span);
    }

    /// A message that somebody makes now.
    pub(crate) fn written(&mut self, channel: ChannelId, text: &str) -> Heard {
        self.made += 1;
        Heard {
            guild: Some(GUILD),
            channel,
            parent: None,
            message: MessageId(((self.now.0 - 1_420_070_400_000) << 22) | self.made),
            author: AUTHOR,
            author_kind: AuthorKind::Member,
            roles: Vec::new(),
            permitted: true,
            overloaded: false,
            edited: None,
            replies_to: None,
            text: Unread::new(text),
        }
    }

    pub(crate) fn says(&mut self, channel: ChannelId, text: &str) -> Vec<Action> {
        let heard = self.written(channel, text);
        self.on(Incoming::Message(heard))
    }

    /// An assertion in the channel that is answered, as far as the request.
    pub(crate) fn posts(&mut self) -> Post {
        let actions = self.says(REPLY, HORNS);
        post(&actions)
    }

    /// An answer that stands, and its reply.
    pub(crate) fn answers(&mut self) -> (Post, MessageId) {
        let post = self.posts();
        let reply = MessageId(post.message.0 + 1000);
        assert_eq!(self.ends(&post, Posted::Stands(reply)), vec![]);
        (post, reply)
    }

    /// What the button "Not what I said" below the reply carries.
    fn posted(&self, reply: MessageId) -> Tag {
        Tag {
            does: Does::Open(ButtonKind::NotSaid),
            message: MessageId(reply.0 - 1000),
            author: AUTHOR,
            claim: ClaimId::new("viking-horns").unwrap(),
            revision: self.revision.to_owned(),
        }
    }

    pub(crate) fn ends(&self, post: &Post, outcome: Posted) -> Vec<Action> {
        let message = post.message;
        self.on(Incoming::Performed(Performed::Posted { message, outcome }))
    }

    pub(crate) fn sees(&self, message: MessageId, seen: Seen) -> Vec<Action> {
        self.on(Incoming::Performed(Performed::Looked { message, seen }))
    }

    pub(crate) fn deletes(&self, messages: &[MessageId]) -> Vec<Action> {
        self.on(Incoming::Deleted(Deleted { channel: REPLY, messages: messages.to_vec() }))
    }

    pub(crate) fn edits(&self, message: MessageId, edited: Moment, text: &str) -> Vec<Action> {
        let heard = Heard {
            guild: Some(GUILD),
            channel: REPLY,
            parent: None,
            message,
            author: AUTHOR,
            author_kind: AuthorKind::Member,
            roles: Vec::new(),
            permitted: true,
            overloaded: false,
            edited: Some(edited),
            replies_to: None,
            text: Unread::new(text),
        };
        self.on(Incoming::Edited(heard))
    }

    pub(crate) fn presses(
        &self,
        by: UserId,
        permissions: Permissions,
        under: MessageId,
        tag: &Tag,
    ) -> Vec<Action> {
        let request = request(by, permissions);
        self.on(Incoming::Pressed(Pressed { request, under, tag: Some(tag.clone()) }))
    }

    pub(crate) fn asks(&self, permissions: Permissions, ask: Ask) -> String {
        let request = request(STRANGER, permissions);
        let actions = self.on(Incoming::Asked(Asked { request, ask }));
        match actions.as_slice() {
            [Action::Answer(answer)] => answer.content.clone(),
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn count(&self, reason: Reason) -> u64 {
        self.metrics.reason(reason).map_or(0, Counter::value)
    }

    /// What the store says of a message, once the process is gone.
    pub(crate) fn state(&mut self, message: MessageId) -> Option<State> {
        self.app = None;
        let store = Store::open(self.folder.path(), self.now).unwrap();
        let state = store.answer(message).unwrap().map(|answer| answer.state);
        drop(store);
        self.restart();
        state
    }
}

pub(crate) fn request(by: UserId, permissions: Permissions) -> Request {
    let handle = Handle { id: 7, token: Token("secret".to_owned()) };
    Request {
        guild: Some(GUILD),
        channel: REPLY,
        parent: None,
        by,
        permissions,
        installed: true,
        permitted: true,
        handle,
    }
}

pub(crate) fn post(actions: &[Action]) -> Post {
    match actions {
        [Action::Post(post)] => post.clone(),
        other => panic!("expected one answer, not {other:?}"),
    }
}

pub(crate) fn answer(actions: &[Action]) -> Answer {
    match actions {
        [Action::Answer(answer), ..] => answer.clone(),
        other => panic!("expected an answer to a request, not {other:?}"),
    }
}

pub(crate) fn tag(post: &Post, kind: ButtonKind) -> Tag {
    post.buttons
        .iter()
        .map(|button| &button.tag)
        .find(|tag| tag.does == Does::Open(kind))
        .unwrap()
        .clone()
}

pub(crate) fn remove(message: MessageId, reply: MessageId) -> Action {
    Action::Remove(Remove { channel: REPLY, reply, message })
}

pub(crate) fn look_for(message: MessageId) -> Action {
    Action::LookFor(LookFor { channel: REPLY, message })
}

pub(crate) fn recheck(message: MessageId) -> Action {
    Action::Recheck(Recheck { guild: Some(GUILD), channel: REPLY, parent: None, message })
}

pub(crate) fn claim(id: &str, phrasing: &str, revision: &str) -> Claim {
    let day = Date::new(2026, 11, 24).unwrap();
    let words =
        |text: &str| vec![Block::Paragraph(vec![Inline::Text(text.to_owned()), Inline::Cite(0)])];
    let source = Source {
        key: "a".to_owned(),
        kind: SourceKind::Secondary,
        author: None,
        title: "A book".to_owned(),
        container: None,
        date: None,
        locator: None,
        url: None,
        read_at: None,
        archive: None,
        doi: None,
        isbn: None,
        accessed: None,
        link_reason: None,
        checked_by: None,
        quotes: Vec::new(),
    };
    Claim {
        id: ClaimId::new(id).unwrap(),
        pack: "test".to_owned(),
        revision: Revision::new(revision).unwrap(),
        claim: phrasing.to_owned(),
        verdict: Verdict::False,
        evidence: Evidence::Consensus,
        reason: "It is not so.".to_owned(),
        action: ClaimAction::Reply,
        status: Status::Published,
        topics: Vec::new(),
        phrasings: vec![Phrasing::parse(phrasing).unwrap()],
        counter_phrasings: Vec::new(),
        near_misses: Vec::new(),
        threshold: None,
        cooldown: None,
        language: "en".to_owned(),
        period: None,
        side: None,
        claimant: None,
        first_appearance: None,
        published: day,
        reviewed: day,
        review_due: None,
        corrections: Vec::new(),
        related: Vec::new(),
        sources: vec![source],
        response: Response {
            short: words("It is not so."),
            details: words("In detail it is not so either."),
            disputed: Vec::new(),
        },
    }
}

#[test]
fn an_assertion_is_answered_once() {
    let mut server = Server::new();
    let heard = server.written(REPLY, HORNS);
    let message = heard.message;
    let post = post(&server.on(Incoming::Message(heard)));
    assert_eq!((post.channel, post.message, post.decided), (REPLY, message, server.now));
    assert!(post.content.contains("It is not so."), "{}", post.content);
    assert_eq!(post.buttons.len(), 3);
    assert!(server.app().confirm(&post, server.now));
    assert_eq!(server.ends(&post, Posted::Stands(MessageId(1))), vec![]);

    // The same event again, as after a resumed connection.
    let again = Heard { message, ..server.written(REPLY, HORNS) };
    assert_eq!(server.on(Incoming::Message(again)), vec![]);
    assert_eq!(server.says(REPLY, HORNS), vec![]);
    assert_eq!(server.says(REPLY, FAT), vec![], "the channel rests");
    assert_eq!(server.says(OTHER, FAT), vec![], "the member rests");
    for (reason, times) in [
        (Reason::Asserted, 1),
        (Reason::AlreadyAnswered, 1),
        (Reason::CooldownClaim, 1),
        (Reason::CooldownChannel, 1),
        (Reason::CooldownMember, 1),
    ] {
        assert_eq!(server.count(reason), times, "{reason:?}");
    }
}

/// An answer that never went out costs nobody anything: not the channel, not the member, not the
/// server's budget, and neither after a restart. One that stood does.
#[test]
fn what_was_never_posted_limits_nothing_also_after_a_restart() {
    let mut server = Server::new();
    for round in 0..20 {
        // More often than the budget of an hour allows, and without any rest.
        let kept_back = server.posts();
        server
            .ends(&kept_back, if round % 2 == 0 { Posted::Withheld } else { Posted::TriggerGone });
    }
    server.restart();
    let (_, reply) = server.answers();
    assert_eq!(server.says(OTHER, FAT), vec![], "the member rests");
    assert_eq!(server.count(Reason::CooldownMember), 1);

    // What was taken away stood.
    let post = server.posted(reply);
    let taken = server.presses(AUTHOR, Permissions(0), reply, &post);
    assert_eq!(taken.len(), 2);
    assert_eq!(server.says(OTHER, FAT), vec![], "the member still rests");
    server.restart();
    assert_eq!(server.says(OTHER, FAT), vec![], "and after a restart too");
}

/// The longest cooldown there can be holds to its end, whatever is forgotten with time.
#[test]
fn the_longest_cooldown_is_remembered_to_its_end() {
    let mut server = Server::new();
    let longest = ask::Change::Cooldown(Cooldown::Claim, Some(KEPT));
    let said = server.asks(Permissions::MANAGE_GUILD, Ask::Set(None, longest));
    assert!(said.contains("30 days"), "{said}");
    server.answers();
    server.wait(KEPT.checked_sub(Duration::from_secs(1)).unwrap());
    server.app().prune(server.now).unwrap();
    assert_eq!(server.says(REPLY, HORNS), vec![]);
    server.restart();
    assert_eq!(server.says(REPLY, HORNS), vec![]);
    assert_eq!(server.count(Reason::CooldownClaim), 1);
    server.wait(Duration::from_secs(1));
    server.posts();
}

/// The answer before the one that was kept back still counts.
#[test]
fn what_was_kept_back_gives_back_no_more_than_itself() {
    let mut server = Server::new();
    server.answers();
    server.wait(Settings::default().cooldown_member);
    let heard = server.written(OTHER, FAT);
    let second = post(&server.on(Incoming::Message(heard)));
    server.ends(&second, Posted::Withheld);
    // Six hours after the first: nobody rests from that any more, and its claim does.
    assert_eq!(server.says(REPLY, HORNS), vec![]);
    assert_eq!(server.count(Reason::CooldownClaim), 1);
    post(&server.says(OTHER, FAT));
}

#[test]
fn what_is_not_admitted_is_not_read() {
    let mut server = Server::new();
    let cases: [(Change, Reason); 8] = [
        (|heard| heard.overloaded = true, Reason::Overload),
        (|heard| heard.author_kind = AuthorKind::Own, Reason::Own),
        (|heard| heard.author_kind = AuthorKind::Bot, Reason::Bot),
        (|heard| heard.author_kind = AuthorKind::Webhook, Reason::Webhook),
        (|heard| heard.author_kind = AuthorKind::System, Reason::System),
        (|heard| heard.channel = OFF, Reason::Off),
        (|heard| heard.channel = ChannelId(99), Reason::Off),
        (|heard| heard.permitted = false, Reason::NoPermission),
    ];
    for (change, reason) in cases {
        let before = server.count(reason);
        let mut heard = server.written(REPLY, HORNS);
        change(&mut heard);
        assert_eq!(server.on(Incoming::Message(heard)), vec![], "{reason:?}");
        assert_eq!(server.count(reason), before + 1, "{reason:?}");
    }
    server.asks(Permissions::MANAGE_GUILD, Ask::Pause(None));
    assert_eq!(server.says(REPLY, HORNS), vec![]);
    assert_eq!(server.count(Reason::Paused), 1);
    assert_eq!(server.metrics.read.value(), 0, "no text was read");

    server.asks(Permissions::MANAGE_GUILD, Ask::Resume);
    post(&server.says(REPLY, HORNS));
    assert_eq!(server.metrics.read.value(), 1, "and this one was");
}

#[test]
fn threads_follow_their_channel_and_watched_channels_stay_silent() {
    let mut server = Server::new();
    assert_eq!(server.says(WATCH, HORNS), vec![]);
    assert_eq!(server.count(Reason::Watch), 1);
    assert_eq!(server.says(WATCH, HORNS), vec![]);
    assert_eq!(server.count(Reason::CooldownClaim), 1, "cooldowns are simulated");

    server.wait(Duration::from_secs(3600));
    let thread = Heard { parent: Some(REPLY), ..server.written(ChannelId(77), HORNS) };
    assert_eq!(post(&server.on(Incoming::Message(thread))).channel, ChannelId(77));
}

#[test]
fn a_deletion_takes_the_answer_along_wherever_that_is() {
    let mut server = Server::new();
    // Not sent yet: it never is.
    let early = server.posts();
    assert_eq!(server.deletes(&[early.message]), vec![]);
    assert!(!server.app().confirm(&early, server.now));
    assert_eq!(server.ends(&early, Posted::Withheld), vec![]);
    assert_eq!(server.metrics.withheld.value(), 1);

    // On its way: the tombstone waits for its id.
    server.wait(Duration::from_secs(3600));
    let midway = server.posts();
    assert!(server.app().confirm(&midway, server.now));
    assert_eq!(server.deletes(&[MessageId(3), midway.message]), vec![]);
    let reply = MessageId(1);
    assert_eq!(server.ends(&midway, Posted::Stands(reply)), vec![remove(midway.message, reply)]);

    // Standing.
    server.wait(Duration::from_secs(24 * 3600));
    let (late, reply) = server.answers();
    assert_eq!(server.deletes(&[late.message, MessageId(3)]), vec![remove(late.message, reply)]);
    let message = late.message;
    server.on(Incoming::Performed(Performed::Removed { message, gone: true }));
    assert_eq!(server.deletes(&[message]), vec![], "once is enough");
    assert_eq!(server.state(early.message), Some(State::Failed));
    assert_eq!(server.state(message), Some(State::Removed));
}

#[test]
fn a_message_that_is_gone_costs_no_cooldown() {
    let mut server = Server::new();
    let gone = server.posts();
    assert_eq!(server.ends(&gone, Posted::TriggerGone), vec![]);
    // Another member: the first one's rest is not taken back with the answer.
    let heard = Heard { author: STRANGER, ..server.written(REPLY, HORNS) };
    post(&server.on(Incoming::Message(heard)));
}

#[test]
fn a_refusal_keeps_the_cooldown_so_that_we_do_not_knock_again_and_again() {
    let mut server = Server::new();
    let refused = server.posts();
    assert_eq!(server.ends(&refused, Posted::Refused), vec![]);
    let heard = Heard { author: STRANGER, ..server.written(REPLY, HORNS) };
    assert_eq!(server.on(Incoming::Message(heard)), vec![]);
    assert_eq!(server.count(Reason::CooldownClaim), 1);
    assert_eq!(server.metrics.refused.value(), 1);
}

#[test]
fn not_what_i_said_is_for_the_author_and_moderators() {
    let mut server = Server::new();
    let (post, reply) = server.answers();
    let not_said = tag(&post, ButtonKind::NotSaid);
    let none = Permissions(0);
    let refused = server.presses(STRANGER, none, reply, &not_said);
    assert_eq!(answer(&refused).content, wording::NOT_YOURS);
    assert_eq!(refused.len(), 1, "the reply stays");

    for (by, permissions) in [(AUTHOR, none), (STRANGER, Permissions::MANAGE_MESSAGES)] {
        let actions = server.presses(by, permissions, reply, &not_said);
        assert_eq!(answer(&actions).content, wording::TAKEN_AWAY);
        assert_eq!(actions.get(1), Some(&remove(post.message, reply)), "{by}");
    }
    // Killed before Discord heard of it: what was promised is kept.
    server.restart();
    assert_eq!(server.on(Incoming::Ready), vec![remove(post.message, reply)]);
    let again = vec![remove(post.message, reply)];
    assert_eq!(server.on(Incoming::Ready), again, "a second connection tries what is not done yet");
}

#[test]
fn a_press_that_overtakes_the_outcome_of_its_own_reply_wins() {
    let mut server = Server::new();
    let post = server.posts();
    let reply = MessageId(1);
    let actions = server.presses(AUTHOR, Permissions(0), reply, &tag(&post, ButtonKind::NotSaid));
    assert_eq!(actions.get(1), Some(&remove(post.message, reply)));
    assert_eq!(server.ends(&post, Posted::Stands(reply)), vec![remove(post.message, reply)]);
}

#[test]
fn buttons_show_pages_to_the_presser_and_say_when_the_text_is_newer() {
    let mut server = Server::new();
    let (post, reply) = server.answers();
    let full = tag(&post, ButtonKind::Full);
    let shown = answer(&server.presses(STRANGER, Permissions(0), reply, &full));
    assert!(!shown.replaces);
    assert!(shown.content.contains("In detail it is not so either."), "{}", shown.content);
    assert!(!shown.content.contains(wording::REVISED));

    // A page beyond the last, as after a revision that is shorter.
    let turn = Tag { does: Does::Turn(ButtonKind::Full, 200), ..full.clone() };
    let turned = answer(&server.presses(STRANGER, Permissions(0), reply, &turn));
    assert!(turned.replaces);
    assert!(!turned.content.is_empty());

    server.revision = "bbbbbbbb";
    server.restart();
    let newer = answer(&server.presses(STRANGER, Permissions(0), reply, &full));
    assert!(newer.content.contains(wording::REVISED), "{}", newer.content);

    let gone = Tag { claim: ClaimId::new("no-such-claim").unwrap(), ..full };
    let gone = answer(&server.presses(STRANGER, Permissions(0), reply, &gone));
    assert_eq!(gone.content, wording::CLAIM_GONE);
    let request = request(STRANGER, Permissions(0));
    let unknown = Pressed { request, under: reply, tag: None };
    assert_eq!(answer(&server.on(Incoming::Pressed(unknown))).content, wording::OUTDATED);
}

#[test]
fn show_finds_a_response_by_its_name() {
    let server = Server::new();
    let shown = server.asks(Permissions(0), Ask::Show("viking-horns".to_owned()));
    assert!(shown.contains("In detail it is not so either."), "{shown}");
    let unknown = server.asks(Permissions(0), Ask::Show("no-such".to_owned()));
    assert_eq!(unknown, wording::NO_SUCH_CLAIM);
    assert_eq!(server.asks(Permissions(0), Ask::Unknown), wording::UNKNOWN_COMMAND);
}

#[test]
fn an_edit_that_takes_the_assertion_back_takes_the_reply_along() {
    let mut server = Server::new();
    let (post, reply) = server.answers();
    let edited = server.now.plus(Duration::from_secs(5));
    assert_eq!(server.edits(post.message, edited, &format!("honestly, {HORNS}!")), vec![]);
    let later = edited.plus(Duration::from_secs(5));
    let actions = server.edits(post.message, later, "vikings never wore horned helmets");
    assert_eq!(actions, vec![remove(post.message, reply)]);

    // In flight it is a tombstone.
    server.wait(Duration::from_secs(24 * 3600));
    let flying = server.posts();
    assert_eq!(server.edits(flying.message, server.now, "hello"), vec![]);
    assert!(!server.app().confirm(&flying, server.now));
}

#[test]
fn an_edit_into_an_assertion_is_answered_while_the_message_is_young() {
    let mut server = Server::new();
    let heard = server.written(REPLY, "hello");
    let message = heard.message;
    assert_eq!(server.on(Incoming::Message(heard)), vec![]);
    let edited = server.now;
    assert_eq!(server.edits(message, edited, "hello there"), vec![]);
    assert_eq!(server.edits(message, edited, HORNS), vec![], "a preview, not an edit");
    server.wait(Duration::from_secs(600));
    assert_eq!(post(&server.edits(message, server.now, HORNS)).message, message);

    // Nothing rests any more, so that only its age keeps the next one from being answered.
    server.wait(Duration::from_secs(24 * 3600));
    let heard = server.written(REPLY, "hello");
    let old = heard.message;
    server.on(Incoming::Message(heard));
    server.wait(Duration::from_millis(600_001));
    assert_eq!(server.edits(old, server.now, HORNS), vec![]);
    server.posts();
}

#[test]
fn a_pause_takes_effect_at_once_and_survives_a_restart() {
    let mut server = Server::new();
    for (permissions, ask) in
        [(Permissions(0), Ask::Pause(None)), (Permissions::MANAGE_MESSAGES, Ask::Resume)]
    {
        assert_eq!(server.asks(permissions, ask), wording::NOT_ALLOWED);
    }
    let post = server.posts();
    let flying = Heard { author: STRANGER, ..server.written(OTHER, FAT) };
    let flying = match server.on(Incoming::Message(flying)).as_slice() {
        [Action::Post(post)] => post.clone(),
        other => panic!("{other:?}"),
    };
    let hour = Duration::from_secs(3600);
    let said = server.asks(Permissions::MANAGE_GUILD, Ask::Pause(Some(hour)));
    assert_eq!(said, wording::paused_until(server.now.plus(hour)));
    assert!(!server.app().confirm(&post, server.now), "not sent yet");
    let reply = MessageId(1);
    let gone = Action::Remove(Remove { channel: OTHER, reply, message: flying.message });
    assert_eq!(server.ends(&flying, Posted::Stands(reply)), vec![gone], "on its way");
    assert_eq!(server.ends(&post, Posted::Withheld), vec![]);

    server.restart();
    server.wait(Duration::from_secs(3599));
    assert_eq!(server.says(REPLY, HORNS), vec![]);
    assert_eq!(server.count(Reason::Paused), 1);
    server.wait(Duration::from_secs(1));
    server.posts();

    assert_eq!(server.asks(Permissions::ADMINISTRATOR, Ask::Pause(None)), wording::PAUSED);
    server.restart();
    server.wait(Duration::from_secs(100 * 24 * 3600));
    assert_eq!(server.says(REPLY, HORNS), vec![]);
    assert_eq!(server.asks(Permissions::MANAGE_GUILD, Ask::Resume), wording::RESUMED);
    assert_eq!(server.asks(Permissions::MANAGE_GUILD, Ask::Resume), wording::NOT_PAUSED);
    server.restart();
    server.posts();
    let unclear = server.asks(Permissions::MANAGE_GUILD, Ask::UnclearDuration);
    assert_eq!(unclear, wording::UNCLEAR_DURATION);
}

#[test]
fn what_a_crash_left_open_is_looked_for_before_anything_else_is_done() {
    let author = Some(AUTHOR);
    let reply = Some(MessageId(1));
    // Found, it is adopted, and its message looked at; with its message gone, it goes too.
    for (seen, stays) in
        [(Seen::Page { author, reply }, true), (Seen::Page { author: None, reply }, false)]
    {
        let mut server = Server::new();
        let post = server.posts();
        server.restart();
        assert_eq!(server.on(Incoming::Ready), vec![look_for(post.message)]);
        assert_eq!(server.on(Incoming::Ready), vec![]);
        let message = post.message;
        let then = if stays { recheck(message) } else { remove(message, MessageId(1)) };
        assert_eq!(server.sees(message, seen), vec![then]);
        assert_eq!(server.metrics.adopted.value(), 1);
    }
    // Not found and young, it is tried again as the same request.
    let mut server = Server::new();
    let first = server.posts();
    server.wait(Duration::from_secs(59));
    server.restart();
    server.on(Incoming::Ready);
    let again = post(&server.sees(first.message, Seen::Page { author, reply: None }));
    assert_eq!(again, first, "the same nonce, buttons and words");
    assert!(server.app().confirm(&again, server.now));

    // Otherwise it is given up.
    for (seen, seconds) in [
        (Seen::Page { author, reply: None }, 60),
        (Seen::Page { author: None, reply: None }, 1),
        (Seen::Nothing, 1),
    ] {
        let mut server = Server::new();
        let post = server.posts();
        server.wait(Duration::from_secs(seconds));
        server.restart();
        server.on(Incoming::Ready);
        assert_eq!(server.sees(post.message, seen), vec![]);
        assert_eq!(server.metrics.given_up.value(), 1);
        assert_eq!(server.state(post.message), Some(State::GivenUp));
    }
}

#[test]
fn what_would_have_been_said_rests_over_a_restart_as_what_was_said_does() {
    let mut server = Server::new();
    assert_eq!(server.says(WATCH, HORNS), vec![]);
    assert_eq!(server.metrics.reason(Reason::Watch).map(Counter::value), Some(1));
    server.wait(Duration::from_secs(3600));
    server.restart();
    assert_eq!(server.says(WATCH, HORNS), vec![]);
    assert_eq!(server.metrics.reason(Reason::CooldownClaim).map(Counter::value), Some(1));
    let kept = server.app().store().shadows(GUILD, START).unwrap();
    let reasons: Vec<_> = kept.iter().map(|one| one.reason).collect();
    assert_eq!(reasons, [Reason::Watch, Reason::CooldownClaim]);
}

#[test]
fn what_was_only_watched_limits_no_answer() {
    let mut server = Server::new();
    assert_eq!(server.says(WATCH, HORNS), vec![]);
    assert_eq!(server.says(WATCH, HORNS), vec![]);
    assert_eq!(server.count(Reason::CooldownClaim), 1);
    server.asks(Permissions::MANAGE_GUILD, Ask::Mode(WATCH, Mode::Reply));
    assert_ne!(server.says(WATCH, HORNS), vec![], "nothing was said there before");
}

#[test]
fn what_happens_while_it_is_looked_for_counts() {
    let seen = Seen::Page { author: Some(AUTHOR), reply: None };
    let mut server = Server::new();
    let first = server.posts();
    server.restart();
    server.on(Incoming::Ready);
    server.asks(Permissions::MANAGE_GUILD, Ask::Pause(None));
    let again = post(&server.sees(first.message, seen));
    assert!(!server.app().confirm(&again, server.now), "paused in between");
}

#[test]
fn an_unclear_outcome_is_looked_into() {
    let mut server = Server::new();
    let post = server.posts();
    assert_eq!(server.ends(&post, Posted::Unclear), vec![look_for(post.message)]);
    let seen = Seen::Page { author: Some(AUTHOR), reply: Some(MessageId(1)) };
    assert_eq!(server.sees(post.message, seen), vec![]);
    assert_eq!(server.state(post.message), Some(State::Sent(MessageId(1))));
}

#[test]
fn a_changed_claim_is_not_posted_in_the_name_of_the_old_one() {
    let mut server = Server::new();
    let post = server.posts();
    server.revision = "bbbbbbbb";
    server.restart();
    server.on(Incoming::Ready);
    let seen = Seen::Page { author: Some(AUTHOR), reply: None };
    assert_eq!(server.sees(post.message, seen), vec![]);
    assert_eq!(server.metrics.given_up.value(), 1);
}

/// Discord as far as "at most once" is concerned: what stands, and the nonces it remembers.
#[derive(Default)]
struct Standing {
    replies: Vec<MessageId>,
    nonces: Vec<String>,
}

impl Standing {
    fn takes(&mut self, post: &Post) -> MessageId {
        if !self.nonces.contains(&post.nonce) {
            self.nonces.push(post.nonce.clone());
            self.replies.push(MessageId(1));
        }
        MessageId(1)
    }
}

/// The process is killed at each moment of an answer, started again, and killed there too.
#[test]
fn a_message_is_answered_at_most_once_whenever_the_process_is_killed() {
    for first_kill in 0..5 {
        for second_kill in 0..6 {
            let mut server = Server::new();
            let mut discord = Standing::default();
            let heard = server.written(REPLY, HORNS);
            let message = heard.message;

            // 0: before anything; 1: after the intent; 2: after the request; 3: after the outcome.
            if first_kill > 0 {
                let sent = post(&server.on(Incoming::Message(heard)));
                if first_kill > 1 && server.app().confirm(&sent, server.now) {
                    let reply = discord.takes(&sent);
                    if first_kill > 2 {
                        server.ends(&sent, Posted::Stands(reply));
                    }
                }
            }
            server.wait(Duration::from_secs(first_kill * 14));
            server.restart();
            for kill in [second_kill, u64::MAX] {
                let mut actions = server.on(Incoming::Ready);
                let mut steps = 0;
                while let Some(action) = actions.pop() {
                    steps += 1;
                    if steps > kill {
                        break;
                    }
                    match action {
                        Action::LookFor(search) => {
                            let reply = discord.replies.first().copied();
                            let seen = Seen::Page { author: Some(AUTHOR), reply };
                            actions.extend(server.sees(search.message, seen));
                        }
                        Action::Post(again) if server.app().confirm(&again, server.now) => {
                            let reply = discord.takes(&again);
                            steps += 1;
                            if steps > kill {
                                break;
                            }
                            actions.extend(server.ends(&again, Posted::Stands(reply)));
                        }
                        Action::Recheck(recheck) => {
                            let current = Current::Unclear;
                            let message = recheck.message;
                            let looked = Performed::Rechecked { message, current };
                            actions.extend(server.on(Incoming::Performed(looked)));
                        }
                        other => panic!("{other:?}"),
                    }
                }
                // The message itself comes again, as when a connection is resumed.
                let again = Heard { message, ..server.written(REPLY, HORNS) };
                let late = server.on(Incoming::Message(again));
                if first_kill > 0 {
                    assert_eq!(late, vec![], "{first_kill} {second_kill}");
                } else if let [Action::Post(sent)] = late.as_slice() {
                    discord.takes(sent);
                }
                server.restart();
            }
            assert!(discord.replies.len() <= 1, "{first_kill} {second_kill}");
        }
    }
}
