//! Notices that something in a responses folder changed. Knows neither what changed nor what is done about it.
//!
//! The folder is watched and not its files: editors replace files by renaming others over them. Its
//! parent is watched too, without what lies below it, so that a folder that was deleted or replaced is
//! noticed when it comes back; [`Watch::renew`] then takes it up again.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use notify::event::{AccessKind, AccessMode};
use notify::{EventKind, PollWatcher, RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{
    DebounceEventResult, DebouncedEvent, Debouncer, NoCache, RecommendedCache, new_debouncer_opt,
};

/// So long nothing must happen to a file before it counts as written: an editor's save is several steps, done
/// within a few thousandths of a second. Of whoever writes more slowly the last good form answers meanwhile.
const QUIET: Duration = Duration::from_millis(100);

/// How changes are noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// The system reports them.
    Events,
    /// The files are looked at, so often: on network disks and in containers nobody reports.
    Poll(Duration),
}

/// Why a folder cannot be watched.
#[derive(Debug, thiserror::Error)]
#[error("`{}` cannot be watched: {error}", folder.display())]
pub struct WatchError {
    folder: PathBuf,
    error: notify::Error,
}

/// A folder under watch, until this is dropped.
pub struct Watch {
    folder: PathBuf,
    watcher: Watcher,
}

enum Watcher {
    Events(Debouncer<RecommendedWatcher, RecommendedCache>),
    Poll(Debouncer<PollWatcher, NoCache>),
}

impl Watch {
    /// Calls `changed`, in a thread of its own, whenever something in `folder` was changed and a
    /// moment has passed. It should return soon.
    ///
    /// # Errors
    /// Where the system gives no watch.
    pub fn start(
        folder: &Path,
        mode: Mode,
        changed: impl Fn() + Send + 'static,
    ) -> Result<Self, WatchError> {
        // Events name whole paths. Where the folder is not there yet its parent's must do.
        let whole = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        let below = whole.clone();
        let notice = move |result: DebounceEventResult| match result {
            Ok(events) if !events.iter().any(|event| concerns(event, &below)) => {}
            // After an error nobody knows what was missed.
            Ok(_) | Err(_) => changed(),
        };
        let config = notify::Config::default();
        let made = match mode {
            Mode::Events => new_debouncer_opt(QUIET, None, notice, RecommendedCache::new(), config)
                .map(Watcher::Events),
            Mode::Poll(interval) => {
                // Times are compared in whole seconds: of two edits within one the second would be missed.
                let config = config.with_poll_interval(interval).with_compare_contents(true);
                new_debouncer_opt(QUIET, None, notice, NoCache::new(), config).map(Watcher::Poll)
            }
        };
        let failed = |error| WatchError { folder: folder.to_owned(), error };
        let mut watch = Self { folder: whole, watcher: made.map_err(failed)? };
        if let Some(parent) = watch.folder.parent().map(Path::to_owned) {
            watch.watcher.watch(&parent, RecursiveMode::NonRecursive).map_err(failed)?;
        }
        watch.renew();
        Ok(watch)
    }

    /// Takes the folder up again, whatever became of it: a watch belongs to what stood there when it
    /// began. A folder that is not there is taken up when its parent reports it.
    pub fn renew(&mut self) {
        let folder = self.folder.clone();
        // Not watched yet, or gone with the folder.
        let _ = self.watcher.unwatch(&folder);
        let _ = self.watcher.watch(&folder, RecursiveMode::Recursive);
    }
}

impl Watcher {
    fn watch(&mut self, path: &Path, mode: RecursiveMode) -> notify::Result<()> {
        match self {
            Self::Events(debouncer) => debouncer.watch(path, mode),
            Self::Poll(debouncer) => debouncer.watch(path, mode),
        }
    }

    fn unwatch(&mut self, path: &Path) -> notify::Result<()> {
        match self {
            Self::Events(debouncer) => debouncer.unwatch(path),
            Self::Poll(debouncer) => debouncer.unwatch(path),
        }
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch").field("folder", &self.folder).finish_non_exhaustive()
    }
}

/// Whether an event may have changed what stands in the folder. Reading does not, and we read ourselves.
fn concerns(event: &DebouncedEvent, folder: &Path) -> bool {
    let is_change = match event.kind {
        EventKind::Access(how) => how == AccessKind::Close(AccessMode::Write),
        EventKind::Any
        | EventKind::Create(_)
        | EventKind::Modify(_)
        | EventKind::Remove(_)
        | EventKind::Other => true,
    };
    is_change && (event.need_rescan() || event.paths.iter().any(|path| path.starts_with(folder)))
}
