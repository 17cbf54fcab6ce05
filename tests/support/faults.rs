//! What goes wrong on demand: a test arms an outcome for the next request to a route.
//! Knows no endpoint's meaning.

use std::sync::Arc;

use serde_json::Value;
use tokio::sync::watch;

use super::hub::{Hub, Outcome, Request, State};

/// What happens to a request instead of, or beside, the ordinary answer.
#[derive(Debug, Clone)]
pub(crate) enum Fault {
    /// Refused with Discord's JSON error; nothing is done.
    Error { status: u16, code: u32, message: &'static str },
    /// 429 with `Retry-After` in header and body; nothing is done.
    RateLimit { retry_after: f64, global: bool },
    /// Any body at all, such as a proxy's HTML page; nothing is done.
    Raw { status: u16, content_type: &'static str, body: &'static str },
    /// Received, and answered when the gate is released; see [`Applied`].
    Hold(Applied, Gate),
    /// Holds the request until the gate is released, and then does it even if the client has hung up:
    /// what was sent is sent.
    Late(Gate),
    /// The connection is closed without an answer; see [`Applied`].
    Cut(Applied),
}

/// Whether what the request asks for happens although no answer comes (yet).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Applied {
    /// It happens at once; only the answer is missing.
    Yes,
    /// It has not happened; with a gate it happens at the release, if the client is still there.
    No,
}

/// Holds one request until the test lets go.
#[derive(Debug, Clone)]
pub(crate) struct Gate {
    open: Arc<watch::Sender<bool>>,
    /// The request in the record, once it came.
    reached: Arc<watch::Sender<Option<usize>>>,
}

impl Gate {
    pub(super) fn new() -> Self {
        Self {
            open: Arc::new(watch::Sender::new(false)),
            reached: Arc::new(watch::Sender::new(None)),
        }
    }

    pub(super) async fn pass(&self, hub: &Hub, request: usize) {
        hub.with(|state| {
            self.reached.send_replace(Some(request));
            state.note("   and is held");
        });
        let mut open = self.open.subscribe();
        let _closed_only_with_the_gate = open.wait_for(|open| *open).await;
    }

    /// Waits until the request is here, and says where in the record.
    pub(crate) async fn reached(&self, hub: &Hub) -> usize {
        hub.until("a request at the gate", |_| *self.reached.borrow()).await
    }

    /// Waits until the client has hung up on the request that is held: nothing comes of it any more.
    pub(crate) async fn abandoned(&self, hub: &Hub) {
        let at = self.reached(hub).await;
        let found = |state: &mut State| {
            (state.requests.get(at)?.outcome == Outcome::Abandoned).then_some(())
        };
        hub.until("the client to hang up", found).await;
    }

    /// Lets the request go on.
    pub(crate) fn release(&self) {
        self.open.send_replace(true);
    }
}

#[derive(Debug, Default)]
pub(crate) struct Faults {
    armed: Vec<(String, Fault)>,
}

impl Faults {
    /// `route` is a method and a path without `/api/v10`, in which `{anything}` stands for one segment.
    pub(crate) fn arm(&mut self, route: &str, fault: Fault) {
        self.armed.push((route.to_owned(), fault));
    }

    /// The first outcome armed for this request, which is used up by it.
    pub(crate) fn take(&mut self, method: &str, path: &str) -> Option<Fault> {
        let at = self.armed.iter().position(|(route, _)| matches(route, method, path))?;
        Some(self.armed.remove(at).1)
    }

    /// Routes of outcomes that no request has met.
    pub(crate) fn unused(&self) -> Vec<&str> {
        self.armed.iter().map(|(route, _)| route.as_str()).collect()
    }
}

impl Request {
    pub(crate) fn is(&self, route: &str) -> bool {
        matches(route, &self.method, &self.path)
    }
}

fn matches(route: &str, method: &str, path: &str) -> bool {
    let Some((wanted, pattern)) = route.split_once(' ') else {
        panic!("a route is a method and a path, not {route:?}");
    };
    let (pattern, path): (Vec<_>, Vec<_>) =
        (pattern.split('/').collect(), path.split('/').collect());
    wanted == method
        && pattern.len() == path.len()
        && pattern.iter().zip(path).all(|(part, given)| part.starts_with('{') || *part == given)
}

/// Discord's JSON error.
pub(super) fn error_body(code: u32, message: &str) -> Value {
    serde_json::json!({ "code": code, "message": message })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outcome_meets_one_request_of_its_route() {
        let mut faults = Faults::default();
        faults.arm("POST /channels/{channel_id}/messages", Fault::Cut(Applied::No));
        assert!(faults.take("GET", "/channels/1/messages").is_none());
        assert!(faults.take("POST", "/channels/1/messages/2").is_none());
        assert!(faults.take("POST", "/channels/1/messages").is_some());
        assert!(faults.take("POST", "/channels/1/messages").is_none());
    }
}
