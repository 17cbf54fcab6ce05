//! `footnote preview`: the claims as a channel shows them, on a page of this machine that renews itself. Serves nobody else, and keeps no message.

use std::convert::Infallible;
use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::thread;

use axum::Router;
use axum::extract::{Path as Name, Query, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use futures_util::stream::{self, Stream};
use serde::Deserialize;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::cli::check::found_by_reading;
use crate::cli::judge::Judge;
use crate::cli::output;
use crate::cli::{Exit, Failure};
use crate::config;
use crate::content::load::{LoadError, Loaded, load};
use crate::content::watch::{Mode, Watch};
use crate::discord::now;
use crate::model::catalog::Catalog;
use crate::model::claim::Status;
use crate::model::diagnostic::Diagnostic;
use crate::page::looks::{BASE, PREVIEW, SCRIPT};
use crate::page::sheet::{self, Fault, Look};
use crate::policy::decide::Verb;
use crate::reply::why::why;

/// Nothing from elsewhere, nothing inline, and nobody may frame it.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Arguments of `footnote preview`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder with the claims
    #[arg(long, default_value = "responses", value_name = "DIR")]
    responses: PathBuf,
    /// The port of this machine; 0 takes any that is free
    #[arg(long, default_value_t = 9465, value_name = "PORT")]
    port: u16,
    /// The settings, read for `[responses] site_url` alone; `config.toml` in the working directory where it is left out
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// Everything that the pages show.
#[derive(Debug)]
struct Shelf {
    loaded: Loaded,
    /// Drafts and flawed claims too, as if they were published: they are what is looked at.
    judge: Judge,
    found: Vec<Diagnostic>,
    /// Another one each time, also after a new start.
    version: u64,
}

impl Shelf {
    fn load(folder: &Path) -> Result<Self, LoadError> {
        let loaded = load(folder)?;
        let found = found_by_reading(&loaded, None);
        let everything = loaded.everything().into_owned();
        let claims = everything.claims().iter().cloned().map(|mut claim| {
            if claim.status == Status::Draft {
                claim.status = Status::Published;
            }
            claim
        });
        let judge = Judge::new(Catalog::new(claims.collect(), loaded.catalog.aliases().clone()));
        Ok(Self { loaded, judge, found, version: now().0 })
    }

    fn faults(&self, file: Option<&str>) -> Vec<Fault> {
        let fault = |found: &Diagnostic| {
            let files = &self.loaded.files;
            let hint = found.hint.as_ref().map_or(String::new(), |hint| format!(": {hint}"));
            Fault {
                place: format!("{}:{}", files.path(found.span.file), files.place(found.span).line),
                words: format!("{} ({}){hint}", found.message, found.severity.word()),
            }
        };
        let of_file = |found: &&Diagnostic| {
            file.is_none_or(|file| self.loaded.files.path(found.span.file).ends_with(file))
        };
        self.found.iter().filter(of_file).map(fault).collect()
    }
}

type Shelves = watch::Receiver<Arc<Shelf>>;

/// What the pages are made from.
#[derive(Clone)]
struct Pages {
    shelves: Shelves,
    /// The site that the bot's replies would lead to.
    site: Option<Arc<str>>,
}

/// Serves until Ctrl-C.
pub fn run(args: &Args, out: &mut impl Write) -> Result<Exit, Failure> {
    let site = config::load_site_url(args.config.as_deref())
        .map_err(|error| Failure::Said(error.to_string()))?
        .map(Arc::from);
    let (sender, shelves) = watch::channel(Arc::new(Shelf::load(&args.responses)?));
    keep_current(args.responses.clone(), sender);
    let said = |error| Failure::Said(format!("the page cannot be served: {error}"));
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(said)?;
    runtime.block_on(async {
        let address = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), args.port);
        let listener = TcpListener::bind(address).await.map_err(said)?;
        let address = listener.local_addr().map_err(said)?;
        writeln!(out, "http://{address}/  Ctrl-C ends it")?;
        out.flush()?;
        let router = Router::new()
            .route("/", get(list))
            .route("/claim/{id}", get(one))
            .route("/try", get(trial))
            .route("/events", get(events))
            .route(
                "/style.css",
                get(|| async { ([(header::CONTENT_TYPE, "text/css")], [BASE, PREVIEW].concat()) }),
            )
            .route(
                "/script.js",
                get(|| async { ([(header::CONTENT_TYPE, "text/javascript")], SCRIPT) }),
            )
            .layer(middleware::from_fn_with_state(address, guard))
            .with_state(Pages { shelves, site });
        axum::serve(listener, router).await.map_err(said)
    })?;
    Ok(Exit::Done)
}

/// Loads again whatever changed, and tells the pages; a folder that cannot be read leaves them as they are.
fn keep_current(folder: PathBuf, sender: watch::Sender<Arc<Shelf>>) {
    let (signal, changes) = sync_channel(1);
    let notice = move || {
        let _ = signal.try_send(());
    };
    let mut watch = match Watch::start(&folder, Mode::Events, notice) {
        Ok(watch) => watch,
        Err(error) => {
            return output::note(format!("{error}: changed files wait for the next start"));
        }
    };
    let work = move || {
        while changes.recv().is_ok() {
            watch.renew();
            match Shelf::load(&folder) {
                Ok(shelf) => drop(sender.send_replace(Arc::new(shelf))),
                Err(error) => output::note(error),
            }
        }
    };
    if let Err(error) = thread::Builder::new().name("reload".to_owned()).spawn(work) {
        output::note(format!("the system gives no thread, changed files wait: {error}"));
    }
}

/// Answers this machine's own names alone, so that no page from elsewhere reads drafts through a name of its own.
async fn guard(State(address): State<SocketAddr>, request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let own = [address.to_string(), format!("localhost:{}", address.port())];
    if !host.is_some_and(|host| own.iter().any(|own| own == host)) {
        return (StatusCode::FORBIDDEN, "this page is for this machine alone\n").into_response();
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    message: String,
    dark: Option<u8>,
    phone: Option<u8>,
    seen: Option<u64>,
}

async fn list(State(pages): State<Pages>, Query(asked): Query<Asked>) -> Html<String> {
    let shelf = Arc::clone(&pages.shelves.borrow());
    let everything = shelf.loaded.everything();
    let claims: Vec<_> = everything.claims().iter().collect();
    Html(sheet::list(&claims, &asked.q, &shelf.faults(None), shelf.version))
}

async fn one(
    State(pages): State<Pages>,
    Name(id): Name<String>,
    Query(asked): Query<Asked>,
) -> Response {
    let shelf = Arc::clone(&pages.shelves.borrow());
    let Some(claim) = shelf.judge.catalog().claim(&id) else {
        return (StatusCode::NOT_FOUND, Html(sheet::nothing(shelf.version))).into_response();
    };
    let look = Look { dark: asked.dark != Some(0), phone: asked.phone == Some(1) };
    let faults = shelf.faults(Some(&format!("{}/{}.md", claim.pack, claim.id)));
    Html(sheet::one(claim, pages.site.as_deref(), look, &faults, shelf.version)).into_response()
}

async fn trial(State(pages): State<Pages>, Query(asked): Query<Asked>) -> Html<String> {
    let shelf = Arc::clone(&pages.shelves.borrow());
    let judged = shelf.judge.judge_alone(&asked.message, 3);
    let found = judged.decided().and_then(|found| Some((found, shelf.judge.claim(found)?)));
    let why = why(&judged.decision, &judged.candidates, &asked.message);
    let answered = matches!(judged.decision.verb, Verb::Reply | Verb::Suggest);
    let site = pages.site.as_deref();
    Html(sheet::trial(&asked.message, found, site, &why, answered, shelf.version))
}

/// An event at each change, for as long as the page is open; at once where it shows what is no more.
async fn events(
    State(Pages { mut shelves, .. }): State<Pages>,
    Query(asked): Query<Asked>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let version = shelves.borrow_and_update().version;
    if asked.seen.is_some_and(|seen| seen != version) {
        shelves.mark_changed();
    }
    let changes = stream::unfold(shelves, |mut shelves| async {
        shelves.changed().await.ok()?;
        // Browsers drop an event without data.
        Some((Ok(Event::default().event("changed").data("files")), shelves))
    });
    Sse::new(changes).keep_alive(KeepAlive::default())
}
