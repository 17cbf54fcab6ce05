//! The small server for operators: `/healthz`, `/readyz`, `/metrics`. Knows what it shows only as text.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use tokio::net::TcpListener;

use crate::ops::export::Exporter;
use crate::ops::health::Health;
use crate::ops::tasks::Tasks;

/// How often times are summed up where nobody asks for them.
const SUM_UP: Duration = Duration::from_secs(10);

/// An answer of a machine's own server takes longer only where nothing is well.
const PATIENCE: Duration = Duration::from_secs(5);

/// More of an answer is not read.
const LONGEST: u64 = 1 << 20;

#[derive(Clone)]
struct Shown {
    exporter: Arc<Exporter>,
    health: Arc<Health>,
}

/// Begins to listen; the address says the port where 0 asked for any.
///
/// # Errors
/// Where the address cannot be had.
pub async fn listen(address: SocketAddr) -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(address).await?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// Answers until the tasks are told to stop.
pub async fn serve(
    listener: TcpListener,
    exporter: Arc<Exporter>,
    health: Arc<Health>,
    tasks: Tasks,
) {
    let shown = Shown { exporter: Arc::clone(&exporter), health };
    let router = Router::new()
        .route("/healthz", get(|| async { "alive\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .with_state(shown);
    let sum_up = async {
        let mut tick = tokio::time::interval(SUM_UP);
        loop {
            tick.tick().await;
            exporter.sum_up();
        }
    };
    tokio::select! {
        // Ends only with an error of the socket, and answering goes on without it.
        ended = axum::serve(listener, router) => {
            if let Err(error) = ended {
                tracing::error!(%error, "health and metrics are not shown any more");
            }
        }
        () = tasks.stopped() => {}
        () = sum_up => {}
    }
}

async fn ready(State(shown): State<Shown>) -> impl IntoResponse {
    match shown.health.unready() {
        None => (StatusCode::OK, "ready\n".to_owned()),
        Some(why) => (StatusCode::SERVICE_UNAVAILABLE, format!("not ready: {why}\n")),
    }
}

async fn metrics(State(shown): State<Shown>) -> impl IntoResponse {
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    (kind, shown.exporter.render())
}

/// What a running bot says of itself at a path: whether all is well, and its words.
///
/// # Errors
/// Where nobody answers.
pub fn ask(address: SocketAddr, path: &str) -> io::Result<(bool, String)> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.take(LONGEST).read_to_end(&mut answer)?;
    let answer = String::from_utf8_lossy(&answer);
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    Ok((head.starts_with("HTTP/1.1 200"), body.trim().to_owned()))
}
