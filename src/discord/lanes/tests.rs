//! Lanes with a real app and store, and an outside world that does what each test says.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::{Semaphore, mpsc};

use super::{Lanes, Perform, WAITING};
use crate::app::App;
use crate::app::ask::{Ask, Asked};
use crate::app::event::{
    Action, Current, Deleted, Handle, Heard, Incoming, Performed, Posted, Request, Seen, Token,
};
use crate::app::testing::interrupted;
use crate::app::unread::Unread;
use crate::ops::metrics::Counter;
use crate::ops::tasks::Tasks;
use crate::policy::permission::Permissions;
use crate::policy::place::{AuthorKind, ChannelId, GuildId, MessageId, Moment, UserId};
use crate::policy::reason::Reason;

const NOW: Moment = Moment(1_800_000_000_000);
/// Spent by failures only.
const DEADLINE: Duration = Duration::from_secs(60);

struct World {
    _folder: tempfile::TempDir,
    app: Arc<App>,
    lanes: Lanes,
    tasks: Tasks,
    begun: mpsc::UnboundedReceiver<Action>,
    /// How many actions of channels may end; answers to requests end at once.
    may_end: Arc<Semaphore>,
}

impl World {
    /// A world whose store has an open intent for each of `open`, all in channel 1.
    fn new(open: &[u64], end: fn(&Action) -> Option<Performed>) -> Self {
        Self::at(open, end, || NOW)
    }

    /// The same with a clock.
    fn at(open: &[u64], end: fn(&Action) -> Option<Performed>, now: fn() -> Moment) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let app = interrupted(folder.path(), GuildId(1), ChannelId(1), open, NOW);
        let app = Arc::new(app);
        let tasks = Tasks::new(tokio::runtime::Handle::current());
        let (begin, begun) = mpsc::unbounded_channel();
        let may_end = Arc::new(Semaphore::new(0));
        let gate = Arc::clone(&may_end);
        let perform: Perform = Arc::new(move |action| {
            let (begin, gate) = (begin.clone(), Arc::clone(&gate));
            Box::pin(async move {
                begin.send(action.clone()).expect("the test listens");
                if action.channel().is_some() {
                    gate.acquire().await.expect("open").forget();
                }
                end(&action)
            })
        });
        let lanes = Lanes::new(Arc::clone(&app), perform, tasks.clone(), now);
        Self { _folder: folder, app, lanes, tasks, begun, may_end }
    }

    async fn begins(&mut self) -> Action {
        let begun = tokio::time::timeout(DEADLINE, self.begun.recv()).await;
        begun.expect("an action before the deadline").expect("an action")
    }

    async fn ends(&self) {
        assert!(self.tasks.join(DEADLINE).await, "all ends");
    }
}

#[expect(clippy::unnecessary_wraps, reason = "the outside world may also leave an action open")]
fn seen_nothing(action: &Action) -> Option<Performed> {
    match action {
        Action::LookFor(search) => {
            Some(Performed::Looked { message: search.message, seen: Seen::Nothing })
        }
        Action::Post(post) => {
            Some(Performed::Posted { message: post.message, outcome: Posted::Unclear })
        }
        Action::Remove(remove) => Some(Performed::Removed { message: remove.message, gone: true }),
        Action::Answer(_) | Action::Complete(_) | Action::Fetch(_) | Action::Form(_) => {
            Some(Performed::Answered { done: true })
        }
        Action::Card(card) => {
            Some(Performed::Carded { message: card.message, outcome: Posted::Unclear })
        }
        Action::Correct(_) | Action::Wait(_) | Action::Redraw(_) | Action::Review(_) => {
            Some(Performed::Redrawn { done: true })
        }
        Action::Recheck(recheck) => {
            Some(Performed::Rechecked { message: recheck.message, current: Current::Unclear })
        }
    }
}

fn heard(message: u64) -> Heard {
    Heard {
        guild: Some(GuildId(1)),
        channel: ChannelId(1),
        parent: None,
        message: MessageId(message),
        author: UserId(5),
        author_kind: AuthorKind::Member,
        roles: Vec::new(),
        permitted: true,
        overloaded: false,
        edited: None,
        replies_to: None,
        text: Unread::new("words"),
    }
}

fn resume() -> Incoming {
    let request = Request {
        guild: Some(GuildId(1)),
        channel: ChannelId(1),
        parent: None,
        by: UserId(6),
        permissions: Permissions::MANAGE_GUILD,
        installed: true,
        permitted: true,
        handle: Handle { id: 1, token: Token("t".to_owned()) },
    };
    Incoming::Asked(Asked { request, ask: Ask::Resume })
}

#[tokio::test]
async fn actions_of_a_channel_keep_their_order_and_requests_wait_for_none_of_them() {
    let mut world = World::new(&[10, 11], seen_nothing);
    world.lanes.push(Incoming::Ready);
    assert!(matches!(world.begins().await, Action::LookFor(search) if search.message.0 == 10));

    world.lanes.push(resume());
    assert!(matches!(world.begins().await, Action::Answer(_)), "beside the slow one");

    world.may_end.add_permits(1);
    assert!(matches!(world.begins().await, Action::LookFor(search) if search.message.0 == 11));
    world.may_end.add_permits(1);
    world.ends().await;
    assert_eq!(world.app.metrics().given_up.value(), 2);
    assert!(world.lanes.0.lanes().is_empty(), "idle lanes end");
}

#[tokio::test]
async fn a_full_lane_sheds_new_messages_and_nothing_else() {
    let mut world = World::new(&[10], seen_nothing);
    let waiting = u64::try_from(WAITING).expect("small");
    // Nothing is thought about before the first await of this test.
    for id in 100..100 + waiting + 3 {
        world.lanes.push(Incoming::Message(heard(id)));
    }
    let edited = Heard { edited: Some(NOW), ..heard(10) };
    world.lanes.push(Incoming::Edited(edited));
    for id in [100, 7, 10] {
        let messages = vec![MessageId(id)];
        world.lanes.push(Incoming::Deleted(Deleted { channel: ChannelId(1), messages }));
    }
    {
        let lanes = world.lanes.0.lanes();
        let waiting = &lanes.get(&ChannelId(1)).expect("a lane").waiting;
        assert_eq!(waiting.len(), WAITING, "one unread message is gone, deletions take one place");
    }
    world.lanes.push(resume());
    assert!(matches!(world.begins().await, Action::Answer(_)));
    world.ends().await;
    let count = |reason| world.app.metrics().reason(reason).map(Counter::value);
    assert_eq!(count(Reason::Overload), Some(3));
    assert_eq!(count(Reason::Off), Some(waiting - 1));
}

#[tokio::test]
async fn a_panic_costs_one_answer() {
    let mut world = World::new(&[10, 11], |action| match action {
        Action::LookFor(search) if search.message.0 == 10 => panic!("a bug"),
        other => seen_nothing(other),
    });
    world.lanes.push(Incoming::Ready);
    world.may_end.add_permits(2);
    assert!(matches!(world.begins().await, Action::LookFor(search) if search.message.0 == 10));
    assert!(matches!(world.begins().await, Action::LookFor(search) if search.message.0 == 11));
    world.ends().await;
    assert_eq!(world.app.metrics().lost.value(), 1);
    assert_eq!(world.app.metrics().given_up.value(), 2);
}

/// What is thought about is thought about at a time, so a clock that breaks is a bug in deciding.
#[tokio::test]
async fn a_panic_while_deciding_costs_one_answer() {
    static IS_BROKEN: AtomicBool = AtomicBool::new(true);
    let world = World::at(&[], seen_nothing, || {
        assert!(!IS_BROKEN.swap(false, Ordering::SeqCst), "a bug");
        NOW
    });
    world.lanes.push(Incoming::Message(heard(100)));
    world.lanes.push(Incoming::Message(heard(101)));
    world.ends().await;
    assert_eq!(world.app.metrics().lost.value(), 1);
    assert_eq!(world.app.metrics().reason(Reason::Off).map(Counter::value), Some(1));
}

#[tokio::test]
async fn what_was_not_read_when_the_bot_stops_never_is() {
    static SEEN: Mutex<Vec<Action>> = Mutex::new(Vec::new());
    let world = World::new(&[], |action| {
        SEEN.lock().expect("no panic").push(action.clone());
        None
    });
    world.lanes.push(Incoming::Message(heard(100)));
    world.lanes.close();
    world.lanes.push(Incoming::Message(heard(101)));
    world.lanes.push(resume());
    world.ends().await;
    assert_eq!(world.app.metrics().reason(Reason::Off).map(Counter::value), Some(0));
    assert!(SEEN.lock().expect("no panic").is_empty());
}
