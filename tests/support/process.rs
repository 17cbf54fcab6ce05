//! An app over a store that is killed and started again, in a world that performs what it asks for, or loses it: what every storm needs. Knows neither what people say nor what must hold.

use std::collections::VecDeque;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use footnote::app::App;
use footnote::app::engine::Engine;
use footnote::app::event::{
    Action, Handle, Heard, Incoming, Performed, Post, Posted, Request, Token,
};
use footnote::app::rules::Rules;
use footnote::app::unread::Unread;
use footnote::ops::metrics::{Counter, Metrics};
use footnote::policy::permission::Permissions;
use footnote::policy::place::{AuthorKind, ChannelId, GuildId, MessageId, Moment, UserId};
use footnote::policy::reason::Reason;
use footnote::store::Store;

use super::dice::Dice;

/// When every storm begins.
pub(crate) const START: Moment = Moment(1_800_000_000_000);

/// Discord remembers a nonce for some minutes.
pub(crate) const NONCE: Duration = Duration::from_secs(300);

/// What answers and where, made anew at each start.
type Make = Box<dyn Fn(&Store) -> (Engine, Rules)>;

pub(crate) struct Process {
    store: PathBuf,
    make: Make,
    app: Option<App>,
    metrics: Arc<Metrics>,
    /// How often each reason was given by the processes that are gone.
    before: Vec<u64>,
    made: u64,
    pub(crate) now: Moment,
    pub(crate) pending: VecDeque<Action>,
    pub(crate) starts: u64,
}

impl Process {
    pub(crate) fn start(
        store: PathBuf,
        make: impl Fn(&Store) -> (Engine, Rules) + 'static,
    ) -> Self {
        let mut process = Self {
            store,
            make: Box::new(make),
            app: None,
            metrics: Arc::default(),
            before: vec![0; Reason::ALL.len()],
            made: 0,
            now: START,
            pending: VecDeque::new(),
            starts: 0,
        };
        process.restart();
        process
    }

    /// What `kill -9` and a new start leave: the store, and nothing else.
    pub(crate) fn restart(&mut self) {
        self.app = None;
        for (reason, before) in Reason::ALL.into_iter().zip(&mut self.before) {
            *before += self.metrics.reason(reason).map_or(0, Counter::value);
        }
        self.metrics = Arc::default();
        let store = Store::open(&self.store, self.now).expect("opens");
        let (engine, rules) = (self.make)(&store);
        let app = App::open(store, engine, rules, Arc::clone(&self.metrics), self.now);
        self.app = Some(app.expect("opens"));
        self.starts += 1;
        self.on(Incoming::Ready);
    }

    pub(crate) fn app(&self) -> &App {
        self.app.as_ref().expect("runs")
    }

    pub(crate) fn on(&mut self, incoming: Incoming) {
        let actions = self.app().on(incoming, self.now);
        self.pending.extend(actions);
    }

    /// How often a reason was given, over all starts.
    pub(crate) fn given(&self, reason: Reason) -> u64 {
        let at = Reason::ALL.into_iter().position(|one| one == reason).expect("is one of all");
        self.before[at] + self.metrics.reason(reason).map_or(0, Counter::value)
    }

    /// The id of something that is made now.
    pub(crate) fn id(&mut self) -> MessageId {
        self.made += 1;
        MessageId(((self.now.0 - 1_420_070_400_000) << 22) | (self.made & 0x3F_FFFF))
    }

    pub(crate) fn waits(&mut self, span: Duration) {
        self.now = self.now.plus(span);
    }
}

impl fmt::Debug for Process {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Process").field("starts", &self.starts).finish_non_exhaustive()
    }
}

/// A member's message as the app hears of it.
pub(crate) fn heard(
    (guild, channel): (GuildId, ChannelId),
    message: MessageId,
    author: UserId,
    text: &str,
    edited: Option<Moment>,
) -> Heard {
    Heard {
        guild: Some(guild),
        channel,
        parent: None,
        message,
        author,
        author_kind: AuthorKind::Member,
        roles: Vec::new(),
        permitted: true,
        overloaded: false,
        edited,
        replies_to: None,
        text: Unread::new(text),
    }
}

/// A press or a command of somebody's; `number` tells it from others.
pub(crate) fn request(
    (guild, channel): (GuildId, ChannelId),
    by: UserId,
    permissions: Permissions,
    number: u64,
) -> Request {
    Request {
        guild: Some(guild),
        channel,
        parent: None,
        by,
        permissions,
        installed: true,
        permitted: true,
        handle: Handle { id: number, token: Token("t".to_owned()) },
    }
}

/// How requests end that always work.
pub(crate) fn done(action: Action) -> Performed {
    match action {
        Action::Card(card) => Performed::Carded { message: card.message, outcome: Posted::Unclear },
        Action::Remove(remove) => Performed::Removed { message: remove.message, gone: true },
        Action::Correct(correct) => Performed::Corrected {
            message: correct.message,
            revision: correct.revision,
            done: true,
        },
        Action::Wait(wait) => Performed::Waited { message: wait.message },
        Action::Redraw(_) => Performed::Redrawn { done: true },
        Action::Answer(_)
        | Action::Complete(_)
        | Action::Fetch(_)
        | Action::Form(_)
        | Action::Review(_) => Performed::Answered { done: true },
        Action::Post(_) | Action::LookFor(_) | Action::Recheck(_) => {
            panic!("only a world knows how this ends: {action:?}")
        }
    }
}

/// What is around the process.
pub(crate) trait World {
    fn process(&mut self) -> &mut Process;

    fn dice(&mut self) -> &mut Dice;

    /// What Discord does with a reply: its id, where the message is still there.
    fn takes(&mut self, post: &Post) -> Option<MessageId>;

    /// Performs an action, and says how it ended as far as that is ever known.
    fn performs(&mut self, action: Action) -> Performed;

    /// How a request to post ends: some are lost, of some the outcome is.
    fn posts(&mut self, post: &Post) -> Performed {
        let (message, now) = (post.message, self.process().now);
        let outcome = if self.process().app().confirm(post, now) {
            match self.dice().below(30) {
                0 => Posted::Unclear,
                1 => {
                    self.takes(post);
                    Posted::Unclear
                }
                2 => Posted::Refused,
                _ => self.takes(post).map_or(Posted::TriggerGone, Posted::Stands),
            }
        } else {
            Posted::Withheld
        };
        Performed::Posted { message, outcome }
    }

    /// The next of what is pending, and all that follows from it at once; whether there was any.
    fn goes_on(&mut self) -> bool {
        let Some(action) = self.process().pending.pop_front() else { return false };
        let performed = self.performs(action);
        self.process().on(Incoming::Performed(performed));
        true
    }

    /// As long as there is something pending, `percent` times in a hundred.
    fn goes_on_for(&mut self, percent: u64) {
        while !self.process().pending.is_empty() && self.dice().happens(percent) {
            self.goes_on();
        }
    }

    fn drains(&mut self) {
        while self.goes_on() {}
    }

    /// Where the process ends half of what was on its way to be posted was sent.
    fn sends_half(&mut self, post: &Post) {
        let now = self.process().now;
        if self.dice().happens(50) && self.process().app().confirm(post, now) {
            self.takes(post);
        }
    }
}
