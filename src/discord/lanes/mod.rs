//! One ordered lane a channel: what is heard is thought about in its order, what is to be done is done in its order. Knows neither serenity nor what is thought.
//!
//! Thinking never waits for doing: a deletion is heard while an answer is on its way. What people
//! ask and press waits for neither. A lane lives as long as it has something to do.

use std::collections::{BTreeMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tracing::error;

use crate::app::App;
use crate::app::event::{Action, Current, Incoming, Performed, Posted, Seen};
use crate::discord::send::Perform;
use crate::ops::tasks::Tasks;
use crate::policy::place::{ChannelId, MessageId, Moment};

/// More messages than this do not wait in a channel. At a millisecond each that is a twentieth of a
/// second; whoever writes faster than that is not having a conversation.
const WAITING: usize = 50;

/// All lanes. Clones share them.
#[derive(Clone)]
pub(super) struct Lanes(Arc<Shared>);

struct Shared {
    app: Arc<App>,
    perform: Perform,
    tasks: Tasks,
    now: fn() -> Moment,
    is_closed: AtomicBool,
    lanes: Mutex<BTreeMap<ChannelId, Lane>>,
}

#[derive(Default)]
struct Lane {
    waiting: VecDeque<Incoming>,
    outgoing: VecDeque<Action>,
    is_thinking: bool,
    is_doing: bool,
}

impl Lanes {
    pub(super) fn new(app: Arc<App>, perform: Perform, tasks: Tasks, now: fn() -> Moment) -> Self {
        let is_closed = AtomicBool::new(false);
        let lanes = Mutex::default();
        Self(Arc::new(Shared { app, perform, tasks, now, is_closed, lanes }))
    }

    /// Takes something in. Returns at once, on whichever thread.
    pub(super) fn push(&self, incoming: Incoming) {
        if self.0.is_closed.load(Ordering::Acquire) {
            return;
        }
        let channel = match &incoming {
            Incoming::Message(heard) | Incoming::Edited(heard) => heard.channel,
            Incoming::Deleted(deleted) => deleted.channel,
            // What is known of a place must be known before a message in it is thought about.
            Incoming::Places(_) => {
                self.0.think(incoming);
                return;
            }
            Incoming::Ready
            | Incoming::Hour
            | Incoming::News
            | Incoming::Pressed(_)
            | Incoming::Asked(_)
            | Incoming::Performed(_) => {
                let shared = Arc::clone(&self.0);
                self.0.tasks.spawn(async move {
                    let actions = shared.think(incoming);
                    route(&shared, actions);
                });
                return;
            }
        };
        self.enqueue(channel, incoming);
    }

    /// Takes nothing in any more, and drops the messages that nobody has read yet.
    pub(super) fn close(&self) {
        self.0.is_closed.store(true, Ordering::Release);
        for lane in self.0.lanes().values_mut() {
            lane.waiting.retain(|one| matches!(one, Incoming::Deleted(_)));
        }
    }

    fn enqueue(&self, channel: ChannelId, incoming: Incoming) {
        let shed = {
            let mut lanes = self.0.lanes();
            let lane = lanes.entry(channel).or_default();
            match incoming {
                Incoming::Message(heard) if lane.is_full() => Some(Incoming::Message(heard)),
                Incoming::Edited(heard)
                    if lane.is_full() && !self.0.app.is_answered(heard.message) =>
                {
                    Some(Incoming::Edited(heard))
                }
                other => {
                    lane.take_in(other);
                    if !std::mem::replace(&mut lane.is_thinking, true) {
                        let shared = Arc::clone(&self.0);
                        self.0.tasks.spawn(think_in_order(shared, channel));
                    }
                    None
                }
            }
        };
        // What is shed is still heard of: the reason is the policy's to give and to count.
        if let Some(Incoming::Message(mut heard) | Incoming::Edited(mut heard)) = shed {
            heard.overloaded = true;
            self.0.think(Incoming::Message(heard));
        }
    }
}

impl Lane {
    fn is_full(&self) -> bool {
        self.waiting.len() >= WAITING
    }

    fn is_idle(&self) -> bool {
        !self.is_thinking && !self.is_doing
    }

    fn take_in(&mut self, incoming: Incoming) {
        let Incoming::Deleted(deleted) = incoming else {
            self.waiting.push_back(incoming);
            return;
        };
        // A message that nobody has read yet is simply gone.
        let is_gone = |message: &MessageId| deleted.messages.contains(message);
        self.waiting.retain(|one| match one {
            Incoming::Message(heard) | Incoming::Edited(heard) => !is_gone(&heard.message),
            _ => true,
        });
        // Deletions are never shed: many in a row take one place.
        if let Some(Incoming::Deleted(last)) = self.waiting.back_mut() {
            last.messages.extend(deleted.messages);
        } else {
            self.waiting.push_back(Incoming::Deleted(deleted));
        }
    }
}

impl Shared {
    /// Held for pushing and popping only.
    fn lanes(&self) -> MutexGuard<'_, BTreeMap<ChannelId, Lane>> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks the app. A panic costs this one answer.
    fn think(&self, incoming: Incoming) -> Vec<Action> {
        let thought = catch_unwind(AssertUnwindSafe(|| self.app.on(incoming, (self.now)())));
        thought.unwrap_or_else(|_| {
            self.app.metrics().lost.add();
            Vec::new()
        })
    }

    /// The next thing to think about; the end of thinking where there is none.
    fn next_heard(&self, channel: ChannelId) -> Option<Incoming> {
        let mut lanes = self.lanes();
        let lane = lanes.get_mut(&channel)?;
        let next = lane.waiting.pop_front();
        if next.is_none() {
            lane.is_thinking = false;
            if lane.is_idle() {
                lanes.remove(&channel);
            }
        }
        next
    }

    /// The next thing to do; the end of doing where there is none.
    fn next_action(&self, channel: ChannelId) -> Option<Action> {
        let mut lanes = self.lanes();
        let lane = lanes.get_mut(&channel)?;
        let next = lane.outgoing.pop_front();
        if next.is_none() {
            lane.is_doing = false;
            if lane.is_idle() {
                lanes.remove(&channel);
            }
        }
        next
    }
}

/// Gives actions to their lanes; answers to requests go out at once.
fn route(shared: &Arc<Shared>, actions: Vec<Action>) {
    for action in actions {
        let Some(channel) = action.channel() else {
            let shared = Arc::clone(shared);
            let tasks = shared.tasks.clone();
            tasks.spawn(async move {
                let actions = carry_out(&shared, action).await;
                route(&shared, actions);
            });
            continue;
        };
        let mut lanes = shared.lanes();
        let lane = lanes.entry(channel).or_default();
        lane.outgoing.push_back(action);
        if !std::mem::replace(&mut lane.is_doing, true) {
            shared.tasks.spawn(do_in_order(Arc::clone(shared), channel));
        }
    }
}

async fn think_in_order(shared: Arc<Shared>, channel: ChannelId) {
    while let Some(incoming) = shared.next_heard(channel) {
        let actions = shared.think(incoming);
        route(&shared, actions);
        // Thinking has no other place to rest, and other channels think too.
        tokio::task::yield_now().await;
    }
}

async fn do_in_order(shared: Arc<Shared>, channel: ChannelId) {
    while let Some(action) = shared.next_action(channel) {
        let actions = carry_out(&shared, action).await;
        route(&shared, actions);
    }
}

/// Performs an action in a task of its own, so that a panic ends that alone, and hears what follows.
async fn carry_out(shared: &Arc<Shared>, action: Action) -> Vec<Action> {
    let worst = worst(&action);
    let performed = shared.tasks.spawn((shared.perform)(action)).await;
    let performed = performed.unwrap_or_else(|_| {
        shared.app.metrics().lost.add();
        error!("an action ended in a panic");
        Some(worst)
    });
    performed.map_or_else(Vec::new, |performed| shared.think(Incoming::Performed(performed)))
}

/// What must be assumed of an action that panicked.
fn worst(action: &Action) -> Performed {
    match action {
        Action::Post(post) => Performed::Posted { message: post.message, outcome: Posted::Unclear },
        Action::Remove(remove) => Performed::Removed { message: remove.message, gone: false },
        Action::LookFor(search) => {
            Performed::Looked { message: search.message, seen: Seen::Nothing }
        }
        Action::Answer(_) | Action::Complete(_) | Action::Form(_) => {
            Performed::Answered { done: false }
        }
        Action::Card(card) => Performed::Carded { message: card.message, outcome: Posted::Unclear },
        Action::Correct(correct) => Performed::Corrected {
            message: correct.message,
            revision: correct.revision.clone(),
            done: false,
        },
        Action::Wait(wait) => Performed::Waited { message: wait.message },
        Action::Redraw(_) => Performed::Redrawn { done: false },
        Action::Review(review) => {
            Performed::Reviewed { review: review.clone(), current: Current::Unclear }
        }
        Action::Fetch(fetch) => Performed::Fetched { request: fetch.request.clone(), found: None },
        Action::Recheck(recheck) => {
            Performed::Rechecked { message: recheck.message, current: Current::Unclear }
        }
    }
}

#[cfg(test)]
mod tests;
