//! Keeps the claims of a running program current with their folder: a thread that waits for changes and brings them live.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::Duration;

use crate::app::engine::Live;
use crate::app::reload::reload;
use crate::config::Watching;
use crate::content::watch::{Mode, Watch};
use crate::model::diagnostic::Levels;
use crate::store::Store;

/// How often the files' times are looked at where the system reports nothing: with the moment of quiet
/// that follows, a change is live within a second.
const POLL: Duration = Duration::from_millis(400);

/// Starts the thread, which keeps in a store what answers; it runs until the program ends. Where nothing can be watched, says why.
pub fn keep_current(
    folder: PathBuf,
    watching: Watching,
    levels: Levels,
    live: Arc<Live>,
    store: Option<Store>,
) -> Result<(), String> {
    let mode = match watching {
        Watching::Events => Mode::Events,
        Watching::Poll => Mode::Poll(POLL),
        Watching::Off => return Ok(()),
    };
    // One signal waiting is enough: a reload reads everything.
    let (signal, changes) = sync_channel(1);
    let notice = move || {
        let _ = signal.try_send(());
    };
    let mut watch = Watch::start(&folder, mode, notice).map_err(|error| error.to_string())?;
    let work = move || {
        while changes.recv().is_ok() {
            // First the watch, then the files: what changes in between is read.
            watch.renew();
            reload(&live, &folder, &levels, store.as_ref());
        }
    };
    thread::Builder::new()
        .name("reload".to_owned())
        .spawn(work)
        .map(drop)
        .map_err(|error| format!("the system gives no thread: {error}"))
}
