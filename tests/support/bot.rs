//! The real bot as a child process, in a folder of its own.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tempfile::TempDir;

use super::fake::{Fake, TOKEN};
use super::hub::Hub;

/// The folder a bot runs in: `config.toml`, `responses/` and its data, kept over restarts.
#[derive(Debug)]
pub(crate) struct Home(TempDir);

impl Home {
    pub(crate) fn new(config: &str) -> Self {
        let home = Self(tempfile::tempdir().expect("a temporary folder can be made"));
        home.write("config.toml", config);
        home
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file, with the folders above it.
    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        let folder = path.parent().expect("a file stands in a folder");
        std::fs::create_dir_all(folder).expect("a temporary folder takes folders");
        std::fs::write(&path, text).expect("a temporary folder takes files");
    }

    /// Locks the quotations as they are: a claim whose quotations nobody locked is not used.
    fn lock(&self) {
        if self.path().join("responses").exists() {
            // Files with errors are reported by its exit code, and kept for the bot to find.
            Command::new(env!("CARGO_BIN_EXE_footnote"))
                .arg("lock")
                .current_dir(self.path())
                .output()
                .expect("the binary was built with this test");
        }
    }
}

/// A running bot; dropped, it is killed.
#[derive(Debug)]
pub(crate) struct Bot {
    hub: Arc<Hub>,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    process: u32,
    child: Mutex<Child>,
    /// Set once the process is over and both its outputs are read to the end.
    status: Mutex<Option<ExitStatus>>,
    stderr: Mutex<String>,
}

impl Fake {
    /// Starts the bot and waits until it is connected.
    pub(crate) async fn spawn_bot(&self, home: &Home) -> Bot {
        self.spawn_bot_with(home, &[]).await
    }

    /// Starts the bot with some variables and waits until it is connected.
    pub(crate) async fn spawn_bot_with(&self, home: &Home, variables: &[(&str, String)]) -> Bot {
        let before = self.hub.with(|state| state.gateway.identifies);
        let bot = self.launch_with(home, variables);
        let found = |state: &mut super::hub::State| {
            let over = lock(&bot.shared.status).is_some();
            assert!(!over, "the bot ended before it connected\n{}", state.timeline());
            (state.gateway.identifies > before).then_some(())
        };
        self.hub.until("the bot to connect", found).await;
        bot
    }

    /// Starts the bot and waits for nothing.
    pub(crate) fn launch(&self, home: &Home) -> Bot {
        self.launch_with(home, &[])
    }

    /// Starts the bot with some variables and waits for nothing.
    pub(crate) fn launch_with(&self, home: &Home, variables: &[(&str, String)]) -> Bot {
        home.lock();
        let mut command = Command::new(program());
        command
            .args(["run", "--config", "config.toml"])
            .current_dir(home.path())
            .env_clear()
            .env("DISCORD_TOKEN", TOKEN)
            .env("FOOTNOTE_DISCORD__API_URL", self.url())
            // Many bots run beside one another here, and there is one port of that number.
            .env("FOOTNOTE_OPS__LISTEN", "off")
            .env("NO_COLOR", "1")
            .envs(variables.iter().map(|(name, value)| (name, value)));
        self.launch_command(command)
    }

    /// Starts whatever becomes a bot, and waits for nothing.
    pub(crate) fn launch_command(&self, mut command: Command) -> Bot {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary was built with this test");
        let process = child.id();
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        let shared = Arc::new(Shared {
            process,
            child: Mutex::new(child),
            status: Mutex::new(None),
            stderr: Mutex::new(String::new()),
        });
        let bot = Bot { hub: Arc::clone(&self.hub), shared: Arc::clone(&shared) };
        let hub = Arc::clone(&self.hub);
        // Threads and not tasks: pipes of std block, and no runtime here is to be blocked.
        std::thread::spawn(move || {
            let out = {
                let hub = Arc::clone(&hub);
                std::thread::spawn(move || read(&hub, "stdout", stdout, |_| {}))
            };
            read(&hub, "stderr", stderr, |line| {
                let mut all = lock(&shared.stderr);
                all.push_str(line);
                all.push('\n');
            });
            let _a_panic_there_was_printed = out.join();
            let status = lock(&shared.child).wait().expect("a child can be waited for");
            *lock(&shared.status) = Some(status);
            hub.with(|state| state.note(format!("-- the bot ended: {status}")));
        });
        bot
    }
}

/// The program under test: the one that was built with it, or another build of it to be measured.
pub(crate) fn program() -> PathBuf {
    let named = std::env::var_os("FOOTNOTE_TEST_PROGRAM").map(PathBuf::from);
    named.unwrap_or_else(|| env!("CARGO_BIN_EXE_footnote").into())
}

impl Bot {
    /// The number of its process.
    pub(crate) fn process(&self) -> u32 {
        self.shared.process
    }

    /// SIGKILL, at once; waits until the process is over.
    pub(crate) async fn kill(&self) {
        lock(&self.shared.child).kill().expect("a child can be killed");
        self.exit().await;
    }

    /// SIGTERM, and the status it ends with.
    pub(crate) async fn terminate(self) -> ExitStatus {
        self.ask_to_stop();
        self.exit().await
    }

    /// SIGTERM, without waiting.
    pub(crate) fn ask_to_stop(&self) {
        let mut child = lock(&self.shared.child);
        // Only while it is ours: the number of a process that was waited for may be somebody else's.
        if child.try_wait().expect("a child can be asked").is_none() {
            let sent = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
            assert!(sent.expect("there is kill").success());
        }
    }

    /// Waits until the process is over.
    pub(crate) async fn exit(&self) -> ExitStatus {
        self.hub.until("the bot to end", |_| *lock(&self.shared.status)).await
    }

    /// Waits for a line on stderr that holds the text.
    pub(crate) async fn says(&self, text: &str) -> String {
        let found = |_: &mut super::hub::State| {
            lock(&self.shared.stderr).lines().find(|line| line.contains(text)).map(str::to_owned)
        };
        self.hub.until(&format!("the bot to say {text:?}"), found).await
    }

    /// What it wrote to stderr so far; all of it once [`Bot::exit`] has returned.
    pub(crate) fn stderr(&self) -> String {
        lock(&self.shared.stderr).clone()
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        let mut child = lock(&self.shared.child);
        let _ended_already = child.kill();
        let _ended_already = child.wait();
    }
}

/// Copies a pipe into the timeline, line by line, and looks for what must never be there.
fn read(hub: &Hub, name: &str, pipe: Option<impl Read>, each: impl Fn(&str)) {
    let lines = BufReader::new(pipe.expect("the pipe was asked for")).lines();
    for line in lines.map_while(Result::ok) {
        each(&line);
        hub.with(|state| {
            if line.contains(TOKEN) || line.contains("interaction-token-") {
                state.violation(format!("a secret is on {name}: {line}"));
            }
            state.note(format!("{name}: {line}"));
        });
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
