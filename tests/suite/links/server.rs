//! A web server that misbehaves in every way that servers do, each by a path of its own. Knows not who asks.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::thread;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde_json::json;
use tokio::sync::Semaphore;

use crate::support::fake::RUNTIME;

/// What was asked, and who waits for whom.
#[derive(Debug)]
pub(super) struct Seen {
    /// `METHOD host path`, in order.
    asked: Mutex<Vec<String>>,
    /// Has room once the last of a long chain at another host was asked.
    chain: Semaphore,
    /// How many requests each host is busy with.
    busy: Mutex<BTreeMap<String, usize>>,
    /// Hosts that were asked for two things at once.
    pub(super) crowded: Mutex<Vec<String>>,
}

/// A host is busy for as long as this lives.
struct Busy(Arc<Seen>, String);

impl Busy {
    fn new(seen: &Arc<Seen>, host: &str) -> Self {
        let mut busy = seen.busy.lock().unwrap();
        let count = busy.entry(host.to_owned()).or_default();
        *count += 1;
        if *count > 1 {
            seen.crowded.lock().unwrap().push(host.to_owned());
        }
        Self(Arc::clone(seen), host.to_owned())
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        *self.0.busy.lock().unwrap().get_mut(&self.1).unwrap() -= 1;
    }
}

impl Seen {
    pub(super) fn count(&self, what: &str) -> usize {
        self.asked.lock().unwrap().iter().filter(|asked| asked.ends_with(what)).count()
    }

    pub(super) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

pub(super) struct Server {
    pub(super) address: SocketAddr,
    pub(super) seen: Arc<Seen>,
}

impl Server {
    /// Listens at every address of this machine, so that it is several hosts.
    pub(super) fn start() -> Self {
        let listener = TcpListener::bind("0.0.0.0:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::new(Seen {
            asked: Mutex::default(),
            chain: Semaphore::new(0),
            busy: Mutex::default(),
            crowded: Mutex::default(),
        });
        let router = Router::new().fallback(answer).with_state(Arc::clone(&seen));
        RUNTIME.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            axum::serve(listener, router).await.unwrap();
        });
        Self { address: SocketAddr::from(([127, 0, 0, 1], port)), seen }
    }

    pub(super) fn at(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

fn page(title: &str) -> Response {
    let body = format!("<!doctype html><title>{title}</title><body><p>Some words.</body>");
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], body).into_response()
}

fn leads(status: u16, to: &str) -> Response {
    (StatusCode::from_u16(status).unwrap(), [(header::LOCATION, to)]).into_response()
}

fn says(status: u16) -> Response {
    StatusCode::from_u16(status).unwrap().into_response()
}

async fn answer(State(seen): State<Arc<Seen>>, request: Request) -> Response {
    let host = request.headers()[header::HOST].to_str().unwrap().split(':').next().unwrap();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let query = request.uri().query().unwrap_or_default().to_owned();
    seen.asked.lock().unwrap().push(format!("{method} {host} {path}"));
    let _busy = Busy::new(&seen, host);
    let head = method == Method::HEAD;
    let times = seen.count(&format!("GET {host} {path}"));
    match path.as_str() {
        "/pdf" => ([(header::CONTENT_TYPE, "application/pdf")], "%PDF").into_response(),
        "/no-head" if head => says(405),
        "/lying-head" if head => says(404),
        "/failing-head" if head => says(500),
        "/moved" => leads(301, "/fine"),
        "/moved-twice" => leads(308, "/moved"),
        "/elsewhere-today" => leads(302, "/fine"),
        "/elsewhere-today-then-moved" => leads(307, "/moved"),
        "/gone" => says(404),
        "/gone-too" => says(410),
        "/soft" => page("404 - Page not found"),
        "/home" => leads(301, "/"),
        "/loop" => leads(302, "/loop"),
        "/nowhere" => says(302),
        "/failing" => says(503),
        "/failing-twice" if times <= 2 => says(503),
        "/busy" if times <= 9 => {
            (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "0")]).into_response()
        }
        "/silent" => std::future::pending().await,
        "/forbidden" => says(403),
        "/breaks-off" => {
            let start: Result<Bytes, std::io::Error> = Ok(Bytes::from_static(b"<title>A"));
            let end = Err(std::io::Error::other("breaks off"));
            let body = Body::from_stream(stream::iter([start, end]));
            ([(header::CONTENT_TYPE, "text/html")], body).into_response()
        }
        "/endless" => {
            let chunk: Result<Bytes, std::io::Error> = Ok(Bytes::from_static(&[b'x'; 4096]));
            let chunks = stream::repeat_with(move || {
                Ok::<_, std::io::Error>(chunk.as_ref().unwrap().clone())
            });
            ([(header::CONTENT_TYPE, "text/html")], Body::from_stream(chunks)).into_response()
        }
        "/waits-for-the-chain" => {
            drop(seen.chain.acquire().await);
            page("A page")
        }
        "/to" => leads(302, &format!("http://{query}/waits-for-the-chain")),
        "/chain" => {
            let left: u32 = query.parse().unwrap();
            if left == 0 {
                seen.chain.add_permits(1);
                return page("The end");
            }
            leads(302, &format!("/chain?{}", left - 1))
        }
        "/archive" => archive(&query),
        "/archive-broken" => page("Busy"),
        _ => page("A page"),
    }
}

/// The availability API, in the form in which the Wayback Machine documents it.
fn archive(query: &str) -> Response {
    let closest = json!({
        "available": true, "status": "200", "timestamp": "20200101000000",
        "url": "http://web.archive.org/web/20200101000000/http://example.org/gone",
    });
    let snapshots =
        if query.ends_with("%2Fgone") { json!({ "closest": closest }) } else { json!({}) };
    axum::Json(json!({ "url": "x", "archived_snapshots": snapshots })).into_response()
}

/// Answers every connection with something that is no HTTP.
pub(super) fn babbler() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let _ = stream.unwrap().write_all(b"220 mail is served here\r\n");
        }
    });
    address
}

/// A port at which nobody listens.
pub(super) fn closed(host: [u8; 4]) -> SocketAddr {
    TcpListener::bind(SocketAddr::from((host, 0))).unwrap().local_addr().unwrap()
}
