//! The one state of a fake Discord, and the one way to wait for something to become true of it.
//! Knows no protocol.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use footnote::policy::place::{GuildId, MessageId};
use serde_json::Value;
use tokio::sync::watch;

use super::faults::Faults;
use super::gateway::Gateway;
use super::interactions::Interaction;
use super::world::World;

/// How long a test waits for what must happen; generous, because it is only spent on failures.
pub(crate) const DEADLINE: Duration = Duration::from_secs(60);
/// How much of the past a failure prints.
const PRINTED: usize = 120;

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Received, not answered yet.
    Pending,
    /// Answered with this status.
    Answered(u16),
    /// We cut the connection instead of answering.
    Cut,
    /// The client hung up before there was an answer.
    Abandoned,
}

/// A request as it came in.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// Without `/api/v10`.
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Value,
    pub(crate) outcome: Outcome,
}

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) world: World,
    pub(crate) token: String,
    pub(crate) gateway: Gateway,
    pub(crate) faults: Faults,
    pub(crate) requests: Vec<Request>,
    pub(crate) interactions: Vec<Interaction>,
    /// What the bot registered: for everybody under `None`, else by server.
    pub(crate) commands: BTreeMap<Option<GuildId>, Vec<Value>>,
    /// All replies that the bot ever made: the message answered, and the reply.
    pub(crate) posted: Vec<(MessageId, MessageId)>,
    /// How many requests were done after their gate was released, whoever still waited for them.
    pub(crate) done_late: usize,
    /// Up to where the test has read the bot's messages.
    pub(crate) read: Vec<MessageId>,
    /// What no client may send to the real Discord; a test that leaves some here fails.
    pub(crate) violations: Vec<String>,
    timeline: Vec<String>,
}

impl State {
    /// Adds a line to what a failing test prints.
    pub(crate) fn note(&mut self, line: impl Into<String>) {
        self.timeline.push(line.into());
    }

    pub(crate) fn violation(&mut self, text: impl Into<String>) {
        let text = text.into();
        self.note(format!("VIOLATION {text}"));
        self.violations.push(text);
    }

    pub(crate) fn timeline(&self) -> String {
        let skipped = self.timeline.len().saturating_sub(PRINTED);
        let mut text = format!("what was seen ({skipped} earlier lines left out):\n");
        for line in self.timeline.iter().skip(skipped) {
            text.push_str("  ");
            text.push_str(line);
            text.push('\n');
        }
        text
    }
}

#[derive(Debug)]
pub(crate) struct Hub {
    state: Mutex<State>,
    changed: watch::Sender<u64>,
}

impl Hub {
    pub(crate) fn new(token: &str) -> Self {
        let state = State {
            world: World::new(),
            token: token.to_owned(),
            gateway: Gateway::default(),
            faults: Faults::default(),
            requests: Vec::new(),
            interactions: Vec::new(),
            commands: BTreeMap::new(),
            posted: Vec::new(),
            done_late: 0,
            read: Vec::new(),
            violations: Vec::new(),
            timeline: Vec::new(),
        };
        Self { state: Mutex::new(state), changed: watch::Sender::new(0) }
    }

    /// Looks at the state or changes it, and wakes whoever waits.
    pub(crate) fn with<R>(&self, act: impl FnOnce(&mut State) -> R) -> R {
        let result = act(&mut self.lock());
        self.changed.send_modify(|turn| *turn += 1);
        result
    }

    /// Waits until `found` finds something, or fails with what was seen instead.
    pub(crate) async fn until<R>(
        &self,
        what: &str,
        mut found: impl FnMut(&mut State) -> Option<R>,
    ) -> R {
        // Subscribed before the first look, so that no change falls between look and wait.
        let mut changes = self.changed.subscribe();
        let waiting = async {
            loop {
                if let Some(result) = found(&mut self.lock()) {
                    return result;
                }
                changes.changed().await.expect("the hub outlives its waiters");
            }
        };
        let Ok(result) = tokio::time::timeout(DEADLINE, waiting).await else {
            panic!("waited {DEADLINE:?} for {what}\n{}", self.lock().timeline());
        };
        result
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A test that panicked while holding the lock has failed already; the others' output is wanted.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
