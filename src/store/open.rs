//! Opening sled's folder whatever state it is in: a lock that is not yet released, a damaged snapshot, an open that never returns. Knows no tree and no record.
//!
//! What was measured on sled 0.34.7: a damaged or half-written snapshot fails the open with
//! `Corruption`, a snapshot newer than a truncated file hangs it, and in both cases the folder
//! opens again, nearly complete, once the snapshots are gone: they are only a shortcut.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;
use std::{fs, io, thread};

use sled::Db;

use crate::policy::place::Moment;
use crate::store::StoreError;

/// How patient an opening is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Attempts {
    /// An open that takes longer hangs. A healthy store of our size opens in under a second.
    pub(super) hang: Duration,
    /// How often a lock is tried again: sled releases it a little after the last handle is gone.
    pub(super) lock_tries: u32,
    /// The wait between two tries.
    pub(super) lock_pause: Duration,
}

impl Default for Attempts {
    fn default() -> Self {
        Self {
            hang: Duration::from_secs(30),
            lock_tries: 20,
            lock_pause: Duration::from_millis(250),
        }
    }
}

/// What came of one attempt.
enum Opened {
    Fine(Db),
    Locked,
    Damaged(String),
    Failed(sled::Error),
}

/// Opens the folder, mending it once where that is needed.
pub(super) fn open(
    path: &Path,
    cache: u64,
    now: Moment,
    attempts: Attempts,
) -> Result<Db, StoreError> {
    let shown = || path.display().to_string();
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    let damage = match unlocked(path, cache, attempts)? {
        Opened::Fine(db) => return Ok(db),
        Opened::Locked => return Err(StoreError::InUse(shown())),
        Opened::Failed(error) => return Err(error.into()),
        Opened::Damaged(damage) => damage,
    };
    let kept = mend(path, now)?;
    tracing::error!(
        kept = %kept.display(),
        damage,
        "the store was damaged: it is kept aside, and a copy without its snapshots is tried"
    );
    match unlocked(path, cache, attempts)? {
        Opened::Fine(db) => Ok(db),
        Opened::Locked => Err(StoreError::InUse(shown())),
        Opened::Failed(error) => Err(error.into()),
        Opened::Damaged(again) => Err(StoreError::Broken {
            path: shown(),
            why: format!("{damage}, then {again}; the damaged one is kept as `{}`", kept.display()),
        }),
    }
}

/// Tries until nobody else holds the lock, or patience ends.
fn unlocked(path: &Path, cache: u64, attempts: Attempts) -> Result<Opened, StoreError> {
    for _ in 1..attempts.lock_tries {
        match watched(path, cache, attempts.hang)? {
            Opened::Locked => thread::sleep(attempts.lock_pause),
            other => return Ok(other),
        }
    }
    watched(path, cache, attempts.hang)
}

/// One attempt in a thread of its own, which is abandoned where it hangs.
fn watched(path: &Path, cache: u64, hang: Duration) -> Result<Opened, StoreError> {
    let (done, result) = channel();
    let config = sled::Config::new().path(path).cache_capacity(cache);
    thread::Builder::new().name("store-open".to_owned()).spawn(move || {
        // The receiver is gone where the watchdog gave up, and so is the interest in the result.
        let _ = done.send(config.open());
    })?;
    Ok(match result.recv_timeout(hang) {
        Ok(Ok(db)) => Opened::Fine(db),
        Ok(Err(error)) if is_lock(&error) => Opened::Locked,
        Ok(Err(error @ sled::Error::Corruption { .. })) => Opened::Damaged(error.to_string()),
        Ok(Err(error)) => Opened::Failed(error),
        Err(RecvTimeoutError::Timeout) => {
            Opened::Damaged(format!("opening took more than {} s", hang.as_secs()))
        }
        Err(RecvTimeoutError::Disconnected) => Opened::Damaged("opening panicked".to_owned()),
    })
}

/// sled wraps the failed lock in an error of kind `Other`: only the text tells.
fn is_lock(error: &sled::Error) -> bool {
    matches!(error, sled::Error::Io(inner) if inner.to_string().contains("could not acquire lock"))
}

/// Moves the damaged folder aside, so that an abandoned thread keeps its files and its lock there,
/// and puts a copy without snapshots in its place. Returns where the damaged one is.
fn mend(path: &Path, now: Moment) -> io::Result<PathBuf> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".corrupt-{}", now.0));
    let kept = path.with_file_name(name);
    fs::rename(path, &kept)?;
    copy(&kept, path, |name| !name.starts_with("snap."))?;
    Ok(kept)
}

/// Copies the files whose names are wanted; sockets and the like are no part of a store.
pub(super) fn copy(from: &Path, to: &Path, wanted: fn(&str) -> bool) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target, wanted)?;
        } else if entry.file_type()?.is_file() && wanted(&entry.file_name().to_string_lossy()) {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
