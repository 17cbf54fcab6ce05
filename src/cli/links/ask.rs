//! Asks servers for addresses, politely: one request at a time and a pause a host, again where it may pass. The only file that asks the web; knows no claim.

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, LOCATION, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, Response, StatusCode, Url};
use tokio::sync::Semaphore;

use crate::cli::links::outcome::{Outcome, gives_away, wait};

/// As many hops as browsers follow, about.
const HOPS: usize = 10;

/// As much of a page is read: a title stands at its head.
const READ: usize = 256 * 1024;

/// Whom servers see; the version says which of us it was.
const NAME: &str = concat!("footnote/", env!("CARGO_PKG_VERSION"), " (link check)");

/// How patient and how polite we are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Manners {
    /// The longest that one request may take.
    pub(super) timeout: Duration,
    /// Between two requests to one host.
    pub(super) pause: Duration,
    /// How often what may pass is tried, 1 or more.
    pub(super) tries: u32,
    /// The longest wait before another try, whatever a server asks.
    pub(super) longest_wait: Duration,
}

/// Asks.
#[derive(Debug)]
pub(super) struct Asker {
    client: Client,
    manners: Manners,
    turns: Mutex<BTreeMap<String, Arc<Semaphore>>>,
}

/// An answer: where it leads, or what it says.
enum Seen {
    Leads { status: StatusCode, to: Option<String> },
    Says { status: StatusCode, page: String },
}

/// Why there was no answer.
enum Trouble {
    Certificate(String),
    Timeout,
    Unreachable(String),
}

impl Asker {
    /// An asker without an address to ask yet.
    ///
    /// # Errors
    /// Where the system gives no sockets.
    pub(super) fn new(manners: Manners) -> Result<Self, String> {
        let client = Client::builder()
            .use_rustls_tls()
            .redirect(Policy::none())
            .timeout(manners.timeout)
            .user_agent(NAME)
            .build()
            .map_err(|error| format!("no address can be asked: {}", causes(&error)))?;
        Ok(Self { client, manners, turns: Mutex::default() })
    }

    /// What became of an address.
    pub(super) async fn look(&self, address: &str) -> Outcome {
        let Ok(first) = Url::parse(address) else {
            return Outcome::Unreachable { why: "it is no address".to_owned() };
        };
        let mut at = first.clone();
        // Where it leads for good; after a hop that may change nothing is for good any more.
        let mut moved = None;
        let mut for_good = true;
        for _ in 0..HOPS {
            let (status, to) = match self.see(&at).await {
                Err(Trouble::Certificate(why)) => return Outcome::Certificate { why },
                Err(Trouble::Timeout) => return Outcome::Timeout,
                Err(Trouble::Unreachable(why)) => return Outcome::Unreachable { why },
                Ok(Seen::Says { status, page }) => {
                    return judge(status, &page, &first, &at, moved);
                }
                Ok(Seen::Leads { status, to }) => (status, to),
            };
            let Some(next) = to.and_then(|to| at.join(&to).ok()) else {
                return Outcome::Redirects { why: format!("leads nowhere ({status})") };
            };
            let is_for_good =
                [StatusCode::MOVED_PERMANENTLY, StatusCode::PERMANENT_REDIRECT].contains(&status);
            for_good &= is_for_good;
            if for_good {
                moved = Some(next.to_string());
            }
            at = next;
        }
        Outcome::Redirects { why: format!("leads on and on, {HOPS} times at least") }
    }

    /// The text that an address has, for whoever reads it as data.
    pub(super) async fn text(
        &self,
        address: &str,
        query: &[(&str, &str)],
    ) -> Result<String, String> {
        let url = Url::parse_with_params(address, query)
            .map_err(|error| format!("`{address}` is no address: {error}"))?;
        match self.patiently(&Method::GET, &url).await {
            Ok(Seen::Says { status, page }) if status.is_success() => Ok(page),
            Ok(Seen::Says { status, .. } | Seen::Leads { status, .. }) => {
                Err(format!("`{address}` answers {status}"))
            }
            Err(Trouble::Timeout) => Err(format!("`{address}` does not answer in time")),
            Err(Trouble::Certificate(why) | Trouble::Unreachable(why)) => {
                Err(format!("`{address}` cannot be reached: {why}"))
            }
        }
    }

    /// HEAD costs a server less. Where it does not do, or the words of a page matter, GET follows.
    async fn see(&self, url: &Url) -> Result<Seen, Trouble> {
        match self.once(&Method::HEAD, url).await {
            Ok((seen @ Seen::Leads { to: Some(_), .. }, _)) => Ok(seen),
            // Nothing that could be read.
            Ok((seen @ Seen::Says { status, .. }, Kind::Other)) if status.is_success() => Ok(seen),
            Err((Trouble::Certificate(why), _)) => Err(Trouble::Certificate(why)),
            Ok(_) | Err(_) => self.patiently(&Method::GET, url).await,
        }
    }

    /// Asks again where it may pass.
    async fn patiently(&self, method: &Method, url: &Url) -> Result<Seen, Trouble> {
        let mut tried = 0;
        loop {
            let (result, asked) = match self.once(method, url).await {
                Ok((Seen::Says { status, page }, kind)) if may_pass(status) => {
                    (Ok(Seen::Says { status, page }), kind.waits())
                }
                Ok((seen, _)) => return Ok(seen),
                Err((Trouble::Certificate(why), _)) => return Err(Trouble::Certificate(why)),
                Err((trouble, asked)) => (Err(trouble), asked),
            };
            let span = wait(tried, asked, self.manners.longest_wait);
            tried += 1;
            if tried >= self.manners.tries {
                return result;
            }
            tokio::time::sleep(span).await;
        }
    }

    /// One request, when it is its turn at its host.
    async fn once(
        &self,
        method: &Method,
        url: &Url,
    ) -> Result<(Seen, Kind), (Trouble, Option<Duration>)> {
        let host = url.host_str().unwrap_or_default().to_lowercase();
        let turns = {
            let mut all = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(all.entry(host).or_insert_with(|| Arc::new(Semaphore::new(1))))
        };
        // It is never closed, and a turn that cannot be had would hurt nobody but the host.
        let _turn = turns.acquire().await;
        let seen = match self.client.request(method.clone(), url.clone()).send().await {
            Ok(response) => read(response).await,
            Err(error) => Err(error),
        };
        tokio::time::sleep(self.manners.pause).await;
        seen.map_err(|error| (trouble(&error), None))
    }
}

/// What an answer holds that matters for what is asked next.
enum Kind {
    /// Text that may say that nothing is there.
    Page,
    /// Anything else.
    Other,
    /// A refusal for now, with the time that the server asks for.
    Later(Option<Duration>),
}

impl Kind {
    fn waits(self) -> Option<Duration> {
        if let Self::Later(span) = self { span } else { None }
    }
}

async fn read(mut response: Response) -> Result<(Seen, Kind), reqwest::Error> {
    let status = response.status();
    let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
    if status.is_redirection() {
        let to = header(LOCATION).map(str::to_owned);
        return Ok((Seen::Leads { status, to }, Kind::Other));
    }
    if may_pass(status) {
        let span = header(RETRY_AFTER).and_then(|value| value.trim().parse().ok());
        let later = Kind::Later(span.map(Duration::from_secs));
        return Ok((Seen::Says { status, page: String::new() }, later));
    }
    // Who does not say what it is may mean a page.
    let is_page = header(CONTENT_TYPE)
        .is_none_or(|kind| kind.contains("html") || kind.contains("text") || kind.contains("json"));
    let mut page = Vec::new();
    while is_page && page.len() < READ {
        let Some(more) = response.chunk().await? else { break };
        page.extend_from_slice(&more);
    }
    page.truncate(READ);
    let page = String::from_utf8_lossy(&page).into_owned();
    let kind = if is_page { Kind::Page } else { Kind::Other };
    Ok((Seen::Says { status, page }, kind))
}

/// Whether the same request may be answered better a little later.
fn may_pass(status: StatusCode) -> bool {
    status == StatusCode::TOO_MANY_REQUESTS
        || status.is_server_error() && status != StatusCode::NOT_IMPLEMENTED
}

fn judge(
    status: StatusCode,
    page: &str,
    first: &Url,
    last: &Url,
    moved: Option<String>,
) -> Outcome {
    let code = status.as_u16();
    if status.is_success() {
        let is_home = |url: &Url| url.path() == "/" && url.query().is_none();
        if is_home(last) && !is_home(first) {
            return Outcome::LooksGone { why: "it leads to the first page of a site".to_owned() };
        }
        if let Some(why) = gives_away(page) {
            return Outcome::LooksGone { why };
        }
        return moved.map_or(Outcome::Fine, |to| Outcome::Moved { to });
    }
    match code {
        404 | 410 => Outcome::Gone { status: code },
        429 | 500.. => Outcome::Failing { status: code },
        _ => Outcome::Refused { status: code },
    }
}

fn trouble(error: &reqwest::Error) -> Trouble {
    let why = causes(error);
    if error.is_timeout() {
        Trouble::Timeout
    } else if why.contains("certificate") {
        // rustls says so in words alone, as far as reqwest lets us see it.
        Trouble::Certificate(why)
    } else {
        Trouble::Unreachable(why)
    }
}

/// The innermost cause, which says what happened; the outer ones repeat the address.
fn causes(error: &reqwest::Error) -> String {
    let mut cause: &dyn Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
