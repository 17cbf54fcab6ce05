//! `check --watch`: checks again whenever a file was saved, and tries only what changed. Knows no rule.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::mpsc::sync_channel;

use crate::cli::Failure;
use crate::content::load::{ALIASES, Loaded};
use crate::content::watch::{Mode, Watch};
use crate::model::diagnostic::{Code, Severity};

/// A finding as it is printed.
#[derive(Debug, Clone)]
pub(super) struct Printed {
    /// The file it is about.
    pub(super) path: String,
    /// Where in it, and which rule: the order of findings.
    pub(super) place: (usize, usize, Code),
    /// How grave.
    pub(super) severity: Severity,
    /// The words.
    pub(super) text: String,
}

/// What was seen of a folder when it was last checked.
#[derive(Debug, Default)]
pub(super) struct Seen {
    texts: BTreeMap<String, String>,
    /// What trying the claims against each other found, which is what takes time.
    pub(super) answered: Vec<Printed>,
}

impl Seen {
    /// Whether a file must be tried again: it changed, or the names that all files share did.
    pub(super) fn has_changed(&self, loaded: &Loaded) -> impl Fn(&str) -> bool + use<> {
        let now = texts(loaded);
        let is_new = |path: &str| now.get(path) != self.texts.get(path);
        let all = now.keys().any(|path| path.ends_with(ALIASES) && is_new(path));
        let changed: Vec<String> = now.keys().filter(|path| all || is_new(path)).cloned().collect();
        move |path| changed.iter().any(|one| one == path)
    }

    /// Whether nothing at all is different.
    pub(super) fn is_current(&self, loaded: &Loaded) -> bool {
        self.texts == texts(loaded)
    }

    /// Keeps what was found.
    pub(super) fn renew(&mut self, loaded: &Loaded, answered: Vec<Printed>) {
        self.texts = texts(loaded);
        self.answered = answered;
    }
}

fn texts(loaded: &Loaded) -> BTreeMap<String, String> {
    loaded.files.iter().map(|(_, file)| (file.path.clone(), file.text.clone())).collect()
}

/// Calls `again` after every change below one of the folders, until it fails or the program is ended.
pub(super) fn watch(
    folders: &[PathBuf],
    mut again: impl FnMut() -> Result<(), Failure>,
) -> Result<(), Failure> {
    // One signal waiting is enough: a check reads everything.
    let (signal, changes) = sync_channel(1);
    let mut watches = Vec::new();
    for folder in folders {
        let signal = signal.clone();
        let notice = move || {
            let _ = signal.try_send(());
        };
        let watch = Watch::start(folder, Mode::Events, notice)
            .map_err(|error| Failure::Said(error.to_string()))?;
        watches.push(watch);
    }
    again()?;
    while changes.recv().is_ok() {
        // First the watch, then the files: what changes in between is read.
        watches.iter_mut().for_each(Watch::renew);
        again()?;
    }
    Ok(())
}
