//! The way of one REST request: recorded, checked, perhaps spoilt, answered. Knows no endpoint.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, State as Shared};
use axum::http::{HeaderMap, Request as HttpRequest, Response, StatusCode, header};
use serde_json::{Value, json};

use super::faults::{Applied, Fault, error_body};
use super::hub::{Hub, Outcome, Request, State};
use super::line::Line;
use super::{contract, limits, routes};

/// The largest body that is read; Discord takes 25 MB, a bot of text needs none of it.
const LARGEST: usize = 1 << 20;

/// What an endpoint says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// None for 204.
    pub(crate) body: Option<Value>,
}

impl Answer {
    pub(crate) fn ok(body: Value) -> Self {
        Self { status: 200, body: Some(body) }
    }

    pub(crate) fn nothing() -> Self {
        Self { status: 204, body: None }
    }

    pub(crate) fn error(status: u16, code: u32, message: &str) -> Self {
        Self { status, body: Some(error_body(code, message)) }
    }

    pub(crate) fn not_found(code: u32, what: &str) -> Self {
        Self::error(404, code, &format!("Unknown {what}"))
    }
}

pub(crate) async fn serve(
    Shared(hub): Shared<Arc<Hub>>,
    ConnectInfo(line): ConnectInfo<Line>,
    request: HttpRequest<Body>,
) -> Response<Body> {
    let (head, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, LARGEST).await else { return plain(400, "", "unreadable body") };
    let method = head.method.as_str();
    let Some(path) = head.uri.path().strip_prefix("/api/v10") else {
        hub.with(|state| state.violation(format!("{method} {}: not API version 10", head.uri)));
        return plain(404, "text/plain", "not found");
    };
    let json = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    let request = Request {
        method: method.to_owned(),
        path: path.to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers: headers(&head.headers),
        body: json,
        outcome: Outcome::Pending,
    };
    let mut faults = check(&request, &bytes);
    let (mut pending, fault) = {
        let (at, fault) = hub.with(|state| receive(state, &request, &faults));
        (Pending { hub: Arc::clone(&hub), at, is_settled: false }, fault)
    };
    // What Discord would refuse, the fake refuses.
    let mut act = || {
        let answer = hub.with(|state| {
            if !is_authorised(state, &request) {
                return Answer::error(401, 0, "401: Unauthorized");
            }
            match faults.pop() {
                Some(reason) => Answer::error(400, 50035, &format!("Invalid Form Body: {reason}")),
                None => routes::answer(state, &request),
            }
        });
        judge(&hub, &request, &answer);
        answer
    };
    let answer = match fault {
        None => act(),
        Some(Fault::Hold(Applied::Yes, gate)) => {
            let answer = act();
            gate.pass(&hub, pending.at).await;
            answer
        }
        Some(Fault::Hold(Applied::No, gate)) => {
            gate.pass(&hub, pending.at).await;
            act()
        }
        Some(Fault::Late(gate)) => {
            let (hub, request, at) = (Arc::clone(&hub), request.clone(), pending.at);
            // A task of its own: nobody has to wait for it.
            let late = tokio::spawn(async move {
                gate.pass(&hub, at).await;
                let answer = hub.with(|state| routes::answer(state, &request));
                judge(&hub, &request, &answer);
                hub.with(|state| {
                    state.note(format!("   done late: {} {}", request.method, answer.status));
                    state.done_late += 1;
                });
                answer
            });
            late.await.expect("an endpoint does not panic")
        }
        Some(Fault::Cut(applied)) => {
            if applied == Applied::Yes {
                act();
            }
            line.cut();
            pending.settle(Outcome::Cut);
            return plain(500, "text/plain", "never seen");
        }
        Some(Fault::Error { status, code, message }) => Answer::error(status, code, message),
        Some(Fault::RateLimit { retry_after, global }) => {
            pending.settle(Outcome::Answered(429));
            return rate_limited(retry_after, global);
        }
        Some(Fault::Raw { status, content_type, body }) => {
            pending.settle(Outcome::Answered(status));
            return plain(status, content_type, body);
        }
    };
    pending.settle(Outcome::Answered(answer.status));
    respond(&request, &answer)
}

/// What the contract and the limits say against the request.
fn check(request: &Request, bytes: &[u8]) -> Vec<String> {
    if !bytes.is_empty() && request.body.is_null() {
        let kind = request.headers.get("content-type").map_or("none", String::as_str);
        return vec![format!("body is not JSON but {kind}, which nobody here checks")];
    }
    let mut found = contract::check_request(&request.method, &request.path, &request.body);
    found.extend(limits::check(request));
    found
}

/// Holds the fake itself to the contract, or tests would prove too much.
fn judge(hub: &Hub, request: &Request, answer: &Answer) {
    let Request { method, path, .. } = request;
    let body = answer.body.as_ref().unwrap_or(&Value::Null);
    for fault in contract::check_answer(method, path, answer.status, body) {
        hub.with(|state| {
            state.violation(format!(
                "the fake's own answer to {method} {path}: {fault}\n    {body}"
            ));
        });
    }
}

/// Writes the request down and says what is armed for it.
fn receive(state: &mut State, request: &Request, faults: &[String]) -> (usize, Option<Fault>) {
    let Request { method, path, query, body, .. } = request;
    let shown: String = body.to_string().chars().take(600).collect();
    state.note(format!("<- {method} {path}?{query} {shown}"));
    for fault in faults {
        state.violation(format!("{method} {path}: {fault}\n    body: {body}"));
    }
    state.requests.push(request.clone());
    (state.requests.len() - 1, state.faults.take(method, path))
}

/// Interaction tokens in the path are their own authorisation; all else wants the bot's token.
fn is_authorised(state: &State, request: &Request) -> bool {
    if request.path.starts_with("/interactions/") || request.path.starts_with("/webhooks/") {
        return true;
    }
    request
        .headers
        .get("authorization")
        .is_some_and(|given| *given == format!("Bot {}", state.token))
}

/// A request under way: where its future is dropped, the client has hung up.
struct Pending {
    hub: Arc<Hub>,
    at: usize,
    is_settled: bool,
}

impl Pending {
    fn settle(&mut self, outcome: Outcome) {
        self.is_settled = true;
        let at = self.at;
        self.hub.with(|state| {
            let Some(request) = state.requests.get_mut(at) else { return };
            request.outcome = outcome;
            let line = format!("   {} {} was {outcome:?}", request.method, request.path);
            state.note(line);
        });
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        if !self.is_settled {
            self.settle(Outcome::Abandoned);
        }
    }
}

fn respond(request: &Request, answer: &Answer) -> Response<Body> {
    let builder = Response::builder()
        .status(answer.status)
        // Generous, so that a limiter in the client has something to read and nothing to wait for.
        .header("x-ratelimit-bucket", format!("{:x}", request.path.len()))
        .header("x-ratelimit-limit", "50")
        .header("x-ratelimit-remaining", "49")
        .header("x-ratelimit-reset", "4102444800")
        .header("x-ratelimit-reset-after", "1.0");
    let body = match &answer.body {
        None => return builder.body(Body::empty()).expect("fixed headers are valid"),
        Some(body) => body.to_string(),
    };
    builder
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body))
        .expect("fixed headers are valid")
}

fn rate_limited(retry_after: f64, global: bool) -> Response<Body> {
    let mut body = error_body(0, "You are being rate limited.");
    body["retry_after"] = json!(retry_after);
    body["global"] = json!(global);
    let mut builder = Response::builder()
        .status(StatusCode::TOO_MANY_REQUESTS)
        .header(header::RETRY_AFTER, format!("{:.0}", retry_after.ceil()))
        .header(header::CONTENT_TYPE, "application/json")
        .header("via", "1.1 fake")
        .header("x-ratelimit-reset-after", retry_after.to_string())
        .header("x-ratelimit-scope", if global { "global" } else { "user" });
    if global {
        builder = builder.header("x-ratelimit-global", "true");
    }
    builder.body(Body::from(body.to_string())).expect("fixed headers are valid")
}

fn plain(status: u16, content_type: &str, body: &'static str) -> Response<Body> {
    Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, content_type)
        .body(Body::from(body))
        .expect("fixed headers are valid")
}

fn headers(headers: &HeaderMap) -> BTreeMap<String, String> {
    headers
        .iter()
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into()))
        .collect()
}
