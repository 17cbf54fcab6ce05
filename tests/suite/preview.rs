//! `footnote preview` by asking it as a browser does: its pages, its policy, and that they renew themselves.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

pub(crate) struct Preview {
    folder: TempDir,
    child: Child,
    address: String,
}

impl Drop for Preview {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Preview {
    pub(crate) fn start() -> Self {
        Self::start_with("")
    }

    /// As it is where the bot's replies lead to a site.
    pub(crate) fn with_site() -> Self {
        Self::start_with("[responses]\nsite_url = \"https://example.org/claims/\"\n")
    }

    fn start_with(settings: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/draft/example");
        let claim = fs::read_to_string(case.join("lake-froze.md")).unwrap();
        let path = folder.path().join("responses/lakes");
        fs::create_dir_all(&path).unwrap();
        let list = "An example:\n\n- The `first` night.\n- The second.\n\nNo history.[^study]";
        let claim = claim
            .replace("{ulmen}", "lake ulmen")
            .replace("An example, and no history.[^study]", list);
        fs::write(path.join("lake-froze.md"), claim).unwrap();
        fs::write(folder.path().join("config.toml"), settings).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_footnote"))
            .args(["preview", "--port", "0"])
            .current_dir(folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.strip_prefix("http://").unwrap().split('/').next().unwrap().to_owned();
        Self { folder, child, address }
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    pub(crate) fn claim(&self) -> PathBuf {
        self.folder.path().join("responses/lakes/lake-froze.md")
    }

    fn ask(&self, path: &str, host: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
        stream
    }

    fn get(&self, path: &str) -> String {
        let mut answer = String::new();
        self.ask(path, &self.address).read_to_string(&mut answer).unwrap();
        answer
    }
}

fn has(page: &str, parts: &[&str]) {
    for part in parts {
        assert!(page.contains(part), "{part}\n{page}");
    }
}

#[test]
fn claims_are_listed_searched_and_drawn() {
    let preview = Preview::start();
    let listed = "<a href=\"/claim/lake-froze\">Lake Ulmen froze over in the summer of 1702.</a>";
    has(&preview.get("/"), &["HTTP/1.1 200", "Claims found: 1", listed, "<html lang=\"en\">"]);
    has(&preview.get("/?q=ULMEN+lake"), &[listed]);
    let none = preview.get("/?q=%3Cscript%3Ex");
    has(&none, &["Claims found: 0", "value=\"&lt;script&gt;x\""]);
    assert!(!none.contains("<script>x"), "{none}");

    let page = preview.get("/claim/lake-froze");
    has(
        &page,
        &[
            "<section class=\"channel dark desktop\" aria-label=\"Reply\">",
            "<strong>The record gives a different picture</strong>",
            "<summary>Quotes and sources</summary>",
            "This night the lake bore a thin skin of ice.",
            "<summary>Full context</summary>",
            "<ul><li>The <code>first</code> night.</li><li>The second.</li></ul>",
        ],
    );
    let phone = preview.get("/claim/lake-froze?dark=0&phone=1");
    has(&phone, &["channel light phone", "aria-current=\"true\">Light, phone"]);
    has(&preview.get("/claim/nothing"), &["HTTP/1.1 404", "There is no such claim"]);
}

/// The same button, with the same address, that `a_reply_leads_to_the_page_of_its_claim` sees posted.
#[test]
fn the_drawing_leads_where_the_reply_would() {
    let button = "<a href=\"https://example.org/claims/claims/lake-froze.html\" target=\"_blank\" \
                  rel=\"noopener noreferrer\">Open as a page<svg";
    let message = "/try?message=lake+ulmen+froze+over+in+the+summer+of+1702";
    for path in ["/claim/lake-froze", "/claim/lake-froze?dark=0&phone=1", message] {
        has(&Preview::with_site().get(path), &[button]);
        let without = Preview::start().get(path);
        assert!(!without.contains("Open as a page"), "{without}");
    }
}

#[test]
fn settings_that_name_no_address_are_refused_with_their_place() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("other.toml"), "[responses]\nsite_url = \"ftp://x\"\n").unwrap();
    let said = Command::new(env!("CARGO_BIN_EXE_footnote"))
        .args(["preview", "--port", "0", "--config", "other.toml"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert_eq!(said.status.code(), Some(2));
    has(&String::from_utf8(said.stderr).unwrap(), &["other.toml:2: `responses.site_url`"]);
}

#[test]
fn a_message_is_judged_with_its_words_marked_and_the_reasons_said() {
    let preview = Preview::start();
    let page = preview.get("/try?message=well+lake+ulmen+froze+over+in+the+summer+of+1702+%3Cb%3E");
    has(&page, &["<mark>ulmen</mark>", "&lt;b&gt;", "Closest phrasing", "channel dark desktop"]);
    let page = preview.get("/try?message=did+lake+ulmen+freeze+over+in+the+summer+of+1702%3F");
    has(&page, &["The message asks about the claim", "<mark>ulmen</mark>"]);
    assert!(!page.contains("class=\"channel"), "{page}");
    has(&preview.get("/try?message=nice+weather"), &["<p class=\"said\">nice weather</p>"]);
}

#[test]
fn nothing_comes_from_elsewhere_and_nobody_else_is_answered() {
    let preview = Preview::with_site();
    for path in ["/", "/claim/lake-froze", "/try", "/style.css", "/script.js"] {
        let page = preview.get(path);
        let policy =
            "content-security-policy: default-src 'none'; style-src 'self'; script-src 'self'; ";
        has(&page, &[policy, "x-content-type-options: nosniff", "referrer-policy: no-referrer"]);
        for inline in ["style=", "onclick", "src=\"http", "unsafe"] {
            assert!(!page.contains(inline), "{path}: {inline}");
        }
    }
    let mut answer = String::new();
    preview.ask("/", "elsewhere.example").read_to_string(&mut answer).unwrap();
    has(&answer, &["HTTP/1.1 403"]);
    assert!(!answer.contains("Ulmen"), "{answer}");
}

#[test]
fn a_page_hears_of_a_change_and_shows_what_is_wrong_in_place() {
    let preview = Preview::start();
    let mut events = BufReader::new(preview.ask("/events", &preview.address)).lines();
    // The head has come, so the page is listening.
    assert!(events.by_ref().map(Result::unwrap).any(|line| line.is_empty()));
    let whole = fs::read_to_string(preview.claim()).unwrap();
    let broken =
        whole.replace("This night", "That night").replace("status = \"draft\"", "state = 1");
    fs::write(preview.claim(), broken).unwrap();
    assert!(events.by_ref().map(Result::unwrap).any(|line| line == "event: changed"));
    has(
        &preview.get("/claim/lake-froze"),
        &[
            "That night the lake bore",
            "<code>responses/lakes/lake-froze.md:7</code> unknown field `state` (error)",
        ],
    );
}

/// A file is often saved in two steps, and a page that is made between them must not stay.
#[test]
fn a_page_that_shows_what_is_no_more_hears_of_it_at_once() {
    let preview = Preview::start();
    let page = preview.get("/");
    let version: u64 = page
        .split("name=\"version\" content=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    let events = |seen: u64| {
        let stream = preview.ask(&format!("/events?seen={seen}"), &preview.address);
        let lines = BufReader::new(stream).lines().map(Result::unwrap);
        // A sign of life where there is nothing to tell ends the wait.
        lines.take_while(|line| !line.starts_with(':'))
    };
    assert!(events(version - 1).any(|line| line == "event: changed"));
    // What is current waits for the next change.
    let mut current = events(version);
    assert!(current.by_ref().any(|line| line.is_empty()));
    let whole = fs::read_to_string(preview.claim()).unwrap();
    fs::write(preview.claim(), whole.replace("This night", "That night")).unwrap();
    assert!(current.any(|line| line == "event: changed"));
}
