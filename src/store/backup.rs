//! Exports as files: written whole or not at all, one a day, a number of them kept. Knows neither the clock nor what a record says.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::model::date::Date;
use crate::policy::place::Moment;
use crate::store::transfer::Standing;
use crate::store::{Store, StoreError};

/// What the names of backups begin and end with; between them stands the day.
const PREFIX: &str = "footnote-";
const ENDING: &str = ".jsonl";

/// How often it is looked whether today's backup is there.
pub const LOOKED_FOR: Duration = Duration::from_secs(3600);

/// Where backups go, and how many stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backups {
    /// The folder.
    pub folder: PathBuf,
    /// How many are kept, the newest; with 0 none is made.
    pub kept: usize,
}

impl Backups {
    /// The backups beside a store.
    pub fn beside(store: &Path, kept: usize) -> Self {
        let mut name = store.file_name().unwrap_or_default().to_owned();
        name.push("-backups");
        Self { folder: store.with_file_name(name), kept }
    }

    /// Makes today's, where there is none yet, and removes the oldest; where it was written.
    ///
    /// # Errors
    /// Where the store or the folder fails.
    pub fn make(&self, store: &Store, now: Moment) -> Result<Option<PathBuf>, StoreError> {
        let Some(day) = Date::from_unix_seconds(now.0 / 1000) else { return Ok(None) };
        let path = self.folder.join(format!("{PREFIX}{day}{ENDING}"));
        if self.kept == 0 || path.exists() {
            return Ok(None);
        }
        fs::create_dir_all(&self.folder)?;
        write_whole(&path, |out| store.export(out, now).map(drop))?;
        let all = self.all()?;
        for old in all.iter().rev().skip(self.kept) {
            fs::remove_file(old)?;
        }
        Ok(Some(path))
    }

    /// All there are, the oldest first.
    ///
    /// # Errors
    /// Where the folder cannot be read.
    pub fn all(&self) -> io::Result<Vec<PathBuf>> {
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut all = Vec::new();
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name();
            let day =
                name.to_str().and_then(|name| name.strip_prefix(PREFIX)?.strip_suffix(ENDING));
            if day.and_then(Date::parse).is_some() {
                all.push(entry.path());
            }
        }
        all.sort();
        Ok(all)
    }
}

/// An opened store, and the backup it was made from where it was beyond repair.
#[derive(Debug)]
pub struct Restored {
    /// The store.
    pub store: Store,
    /// The backup.
    pub from: Option<PathBuf>,
}

impl Store {
    /// Opens the store; where it is beyond repair, makes a new one from the newest whole backup.
    /// The damaged one is kept aside.
    ///
    /// # Errors
    /// As [`Store::open`], and where no backup can be taken in.
    pub fn open_or_restore(
        path: &Path,
        backups: &Backups,
        now: Moment,
    ) -> Result<Restored, StoreError> {
        let broken = match Self::open(path, now) {
            Ok(store) => return Ok(Restored { store, from: None }),
            Err(error @ StoreError::Broken { .. }) => error,
            Err(error) => return Err(error),
        };
        for backup in backups.all()?.into_iter().rev() {
            let Ok(export) = fs::read(&backup) else { continue };
            // What is left of the mended copy goes too, or it would be mended again.
            let aside = aside(path, now);
            fs::rename(path, &aside)?;
            let store = Self::open(path, now)?;
            match store.import(&export, Standing::Idle) {
                Ok(_) => return Ok(Restored { store, from: Some(backup) }),
                Err(error) => tracing::warn!(backup = %backup.display(), %error, "not taken in"),
            }
            drop(store);
        }
        Err(broken)
    }
}

/// A name beside the folder that is not taken.
fn aside(path: &Path, now: Moment) -> PathBuf {
    let named = |number: u32| {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".broken-{}-{number}", now.0));
        path.with_file_name(name)
    };
    (0..1000).map(named).find(|path| !path.exists()).unwrap_or_else(|| named(0))
}

/// Writes a file that others see whole or not at all, and only its owner reads.
///
/// # Errors
/// Where the writing fails; then no file of the name was made or changed.
pub fn write_whole(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part = path.with_file_name(name);
    let written = (|| {
        let mut out = BufWriter::new(private(&part)?);
        write(&mut out)?;
        let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        fs::rename(&part, path)?;
        // The name itself is on disk only once its folder is.
        let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
        Ok(())
    })();
    if written.is_err() {
        // Whatever it is that failed: what is half written helps nobody.
        let _ = fs::remove_file(&part);
    }
    written
}

fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
