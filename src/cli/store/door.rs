//! The door of a running bot: a socket in the store's folder, for those who may read that folder. Knows what is asked for, and nothing of how it is done.
//!
//! A question is one line, `export`, `stats`, `modes`, `inbox`, `inbox-done` with a count, or `import` with a number of bytes that follow it. An
//! answer is one line, `ok` or `no`, and the rest until the end.

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use tracing::{debug, info, warn};

use crate::app::App;
use crate::cli::store::{Ask, counted, exported, inbox, inbox_done, modes, taken_in};
use crate::discord::now;

/// The socket's name in the store's folder.
const NAME: &str = "door";

/// Nobody else is served while somebody dawdles.
const PATIENCE: Duration = Duration::from_secs(30);

/// No export is larger: at a hundred bytes an answer these are ten million of them.
const LARGEST: u64 = 1 << 30;

/// What came of knocking.
#[derive(Debug)]
pub enum Knocked {
    /// The bot's answer.
    Answered(Vec<u8>),
    /// Why the bot did not do it.
    Refused(String),
    /// No bot runs there.
    NobodyHome,
}

/// Asks the bot that runs on this store, where one does.
pub fn knock(store: &Path, ask: Ask<'_>) -> Knocked {
    let Ok(stream) = UnixStream::connect(store.join(NAME)) else { return Knocked::NobodyHome };
    match exchange(stream, ask) {
        Ok(knocked) => knocked,
        Err(error) => Knocked::Refused(format!(
            "the running bot did not answer to the end: {error}; try again, or stop it first"
        )),
    }
}

fn exchange(mut stream: UnixStream, ask: Ask<'_>) -> io::Result<Knocked> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    match ask {
        Ask::Export => stream.write_all(b"export\n")?,
        Ask::Stats => stream.write_all(b"stats\n")?,
        Ask::Modes => stream.write_all(b"modes\n")?,
        Ask::Inbox => stream.write_all(b"inbox\n")?,
        Ask::InboxDone(count) => stream.write_all(format!("inbox-done {count}\n").as_bytes())?,
        Ask::Import(export) => {
            stream.write_all(format!("import {}\n", export.len()).as_bytes())?;
            stream.write_all(export)?;
        }
    }
    let mut reader = BufReader::new(stream);
    let mut verdict = String::new();
    reader.read_line(&mut verdict)?;
    let mut answer = Vec::new();
    reader.read_to_end(&mut answer)?;
    match verdict.as_str() {
        "ok\n" => Ok(Knocked::Answered(answer)),
        "no\n" => Ok(Knocked::Refused(String::from_utf8_lossy(&answer).into_owned())),
        _ => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

/// Opens the door of a running bot. Without it the bot runs as well, and its store is asked for
/// when it is stopped.
pub fn open(store: &Path, app: Arc<App>) {
    let path = store.join(NAME);
    match bind(&path) {
        Ok(listener) => {
            let started = thread::Builder::new().name("door".to_owned()).spawn(move || {
                for stream in listener.incoming() {
                    let served = stream.and_then(|stream| serve(&app, stream));
                    if let Err(error) = served {
                        debug!(%error, "somebody at the door went away");
                    }
                }
            });
            if let Err(error) = started {
                warn!(%error, "the system gives no thread for the door: `footnote store` works only without the bot");
            }
        }
        Err(error) => {
            warn!(path = %path.display(), %error, "the door cannot be opened: `footnote store` works only without the bot");
        }
    }
}

/// The socket of a killed bot may still lie there; we hold the store, so nobody else listens on it.
/// It gets its permissions before it gets its name: nobody else can ever connect.
fn bind(path: &PathBuf) -> io::Result<UnixListener> {
    let hidden = path.with_extension("opening");
    for stale in [&hidden, path] {
        match fs::remove_file(stale) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    let listener = UnixListener::bind(&hidden)?;
    fs::set_permissions(&hidden, fs::Permissions::from_mode(0o600))?;
    fs::rename(&hidden, path)?;
    Ok(listener)
}

fn serve(app: &App, stream: UnixStream) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut question = String::new();
    reader.by_ref().take(64).read_line(&mut question)?;
    info!(question = question.trim_end(), "asked at the door");
    let answer = match question.trim_end().split_once(' ') {
        None if question == "export\n" => exported(app.store()),
        None if question == "stats\n" => counted(app.store()),
        None if question == "modes\n" => modes(app.store()),
        None if question == "inbox\n" => inbox(app.store()),
        Some(("inbox-done", count)) => match count.parse() {
            Ok(count) => inbox_done(app.store(), count),
            Err(_) => Err("that is no count".to_owned()),
        },
        Some(("import", length)) => match length.parse::<u64>() {
            Ok(length) if length <= LARGEST => {
                let mut export = Vec::new();
                reader.take(length).read_to_end(&mut export)?;
                app.import(&export, now()).map(taken_in).map_err(|error| error.to_string())
            }
            _ => Err("no export is as large as that".to_owned()),
        },
        _ => Err("this bot does not know what it is asked for: use its own version".to_owned()),
    };
    let mut stream = stream;
    match answer {
        Ok(answer) => {
            stream.write_all(b"ok\n")?;
            stream.write_all(&answer)
        }
        Err(why) => {
            stream.write_all(b"no\n")?;
            stream.write_all(why.as_bytes())
        }
    }
}
