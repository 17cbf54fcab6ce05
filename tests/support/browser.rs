//! A headless Chromium that a test drives, where Debian's packages of it and its driver are there. Knows no page of ours.

use std::future::Future;
use std::io::{BufRead as _, BufReader, Write as _, stderr};
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder};
use futures_util::FutureExt as _;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::Semaphore;

/// Debian's and others' names of it.
const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// Without a screen, and asking nobody anything by itself.
const FLAGS: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    // Containers have little shared memory.
    "--disable-dev-shm-usage",
];

/// Two at once would slow each other down until one gives up.
static ONE: Semaphore = Semaphore::const_new(1);

/// As whom a page is looked at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Eyes {
    pub(crate) dark: bool,
    pub(crate) phone: bool,
    /// Whether pages may run theirs.
    pub(crate) scripts: bool,
}

impl Eyes {
    pub(crate) const ALL: [Self; 4] = [
        Self { dark: false, phone: false, scripts: true },
        Self { dark: true, phone: false, scripts: true },
        Self { dark: false, phone: true, scripts: true },
        Self { dark: true, phone: true, scripts: true },
    ];

    pub(crate) fn name(self) -> &'static str {
        match (self.dark, self.phone) {
            (false, false) => "light",
            (true, false) => "dark",
            (false, true) => "light-phone",
            (true, true) => "dark-phone",
        }
    }
}

/// The browser's program, where there is one.
fn program() -> Option<&'static str> {
    let answers = |name: &&str| Command::new(name).arg("--version").output().is_ok();
    BROWSERS.into_iter().find(answers)
}

struct Driver {
    child: Child,
    port: u16,
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn driver() -> Option<Driver> {
    let mut child = Command::new("chromedriver")
        .arg("--port=0")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut lines = BufReader::new(child.stdout.take()?).lines().map_while(Result::ok);
    let port = lines.find_map(|line| {
        let (_, port) = line.split_once("successfully on port ")?;
        port.trim_end_matches('.').parse().ok()
    });
    // Whatever else it says is read by nobody, and must not block it.
    std::thread::spawn(move || lines.for_each(drop));
    Some(Driver { child, port: port.expect("the driver says where it listens") })
}

/// Has somebody look with a browser; says so and does nothing where there is none.
pub(crate) async fn look<F: Future<Output = ()>>(eyes: Eyes, with: impl FnOnce(Client) -> F) {
    let _turn = ONE.acquire().await;
    let (Some(browser), Some(driver)) = (program(), driver()) else {
        // Not captured, so that a run says it that passes.
        let _ = writeln!(stderr(), "skipped: there is no Chromium with its driver here");
        return;
    };
    let profile = TempDir::new().expect("a temporary folder can be made");
    let client = connect(&driver, &capabilities(browser, &profile, eyes)).await;
    let looked = AssertUnwindSafe(with(client.clone())).catch_unwind().await;
    // Without this the browser would outlive a test that fails.
    let closed = client.close().await;
    if let Err(panic) = looked {
        resume_unwind(panic);
    }
    closed.expect("the browser can be closed");
}

async fn connect(driver: &Driver, capabilities: &Capabilities) -> Client {
    let address = format!("http://127.0.0.1:{}", driver.port);
    let mut builder = ClientBuilder::new(HttpConnector::new());
    builder.capabilities(capabilities.clone());
    let client = builder.connect(&address).await.expect("the driver starts the browser");
    let patience = fantoccini::wd::TimeoutConfiguration::new(
        Some(Duration::from_secs(60)),
        Some(Duration::from_secs(60)),
        None,
    );
    client.update_timeouts(patience).await.expect("the driver takes timeouts");
    client
}

fn capabilities(browser: &str, profile: &TempDir, eyes: Eyes) -> Capabilities {
    let mut flags: Vec<String> = FLAGS.map(str::to_owned).to_vec();
    flags.push(format!("--user-data-dir={}", profile.path().display()));
    // Chromium's own numbers: 0 is dark, 1 is light.
    flags.push(format!("--blink-settings=preferredColorScheme={}", u8::from(!eyes.dark)));
    flags.push("--window-size=1100,900".to_owned());
    let path = std::env::var_os("PATH").unwrap_or_default();
    let binary = std::env::split_paths(&path).map(|folder| folder.join(browser));
    let binary = binary.into_iter().find(|path| path.is_file()).expect("it was found before");
    let mut options = json!({ "args": flags, "binary": binary });
    if !eyes.scripts {
        // Chromium's number for "block".
        options["prefs"] = json!({ "profile.managed_default_content_settings.javascript": 2 });
    }
    if eyes.phone {
        options["mobileEmulation"] =
            json!({ "deviceMetrics": { "width": 390, "height": 844, "pixelRatio": 2.0 } });
    }
    let mut all = Capabilities::new();
    all.insert("goog:chromeOptions".to_owned(), options);
    all.insert("browserName".to_owned(), Value::from("chrome"));
    all
}

/// A picture for people, where somebody names a folder for pictures.
pub(crate) async fn picture(client: &Client, name: &str) {
    let Some(folder) = std::env::var_os("FOOTNOTE_PICTURES") else { return };
    let picture = client.screenshot().await.expect("the browser draws");
    let path = std::path::Path::new(&folder).join(format!("{name}.png"));
    std::fs::write(path, picture).expect("the folder takes pictures");
}

/// Everything that the page asked of anybody, by address.
pub(crate) async fn asked(client: &Client) -> Vec<String> {
    let script = "return performance.getEntriesByType('resource').map(entry => entry.name)";
    let found = client.execute(script, Vec::new()).await.expect("the page can be asked");
    serde_json::from_value(found).expect("addresses are texts")
}
