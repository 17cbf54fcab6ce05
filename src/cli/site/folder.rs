//! A folder of files that takes the place of an older one as a whole. Knows not what the files say, and touches no folder that it did not write.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// The file by which we know a folder of ours: it lists every other file in it.
const MARKER: &str = ".footnote-site";

/// The first line of that file.
const HEAD: &str = "Written by `footnote site`, which replaces this folder as a whole.";

/// What stands where the folder is to be.
enum There {
    /// Nothing, or an empty folder.
    Nothing,
    /// What we wrote before.
    Ours,
}

/// Puts `files`, by their path with `/`, where `out` is. They are written beside it first, so whoever
/// looks sees the old folder or the new one, save for the blink between two renames.
///
/// # Errors
/// One sentence for people, where something else stands there or the disk refuses; then what stood
/// there still does.
pub(super) fn replace(out: &Path, files: &BTreeMap<String, String>) -> Result<(), String> {
    let refused = |error: io::Error| format!("`{}` cannot be written: {error}", out.display());
    // The folder that a link leads to is replaced, and not the link.
    let out = if out.exists() { fs::canonicalize(out).map_err(refused)? } else { out.to_owned() };
    let there = look(&out)?;
    let (Some(parent), Some(name)) = (out.parent(), out.file_name()) else {
        return Err(format!("`{}` has no name: give a folder of its own", out.display()));
    };
    fs::create_dir_all(parent).map_err(refused)?;
    let [new, old] = ["new", "old"].map(|what| beside(parent, name, what));
    let written = write(&new, files).and_then(|()| match there {
        There::Nothing => fs::rename(&new, &out),
        There::Ours => {
            fs::rename(&out, &old)?;
            fs::rename(&new, &out).inspect_err(|_| {
                // What stood there is better than nothing.
                let _ = fs::rename(&old, &out);
            })
        }
    });
    if let Err(error) = written {
        let _ = remove(&new);
        return Err(refused(error));
    }
    if matches!(there, There::Ours) {
        remove(&old).map_err(|error| {
            format!("the new pages stand, but `{}` cannot be removed: {error}", old.display())
        })?;
    }
    Ok(())
}

/// A hidden name beside the folder; the process id keeps two runs apart.
fn beside(parent: &Path, name: &std::ffi::OsStr, what: &str) -> PathBuf {
    let mut hidden = OsString::from(".");
    hidden.push(name);
    hidden.push(format!(".{}.{what}", std::process::id()));
    parent.join(hidden)
}

/// What stands there; an error where it is not ours to replace.
fn look(out: &Path) -> Result<There, String> {
    let shown = out.display();
    let unreadable = |error: io::Error| format!("`{shown}` cannot be read: {error}");
    if !out.exists() {
        return Ok(There::Nothing);
    }
    if !out.is_dir() {
        return Err(format!("`{shown}` is a file: give a folder"));
    }
    let found = list(out, "").map_err(unreadable)?;
    if found.is_empty() && fs::read_dir(out).map_err(unreadable)?.next().is_none() {
        return Ok(There::Nothing);
    }
    let marker = fs::read_to_string(out.join(MARKER)).unwrap_or_default();
    let mut lines = marker.lines();
    if lines.next() != Some(HEAD) {
        return Err(format!(
            "`{shown}` is not empty, and this command did not write it: nothing was touched; give a new or an empty folder"
        ));
    }
    let ours: BTreeSet<&str> = lines.chain([MARKER]).collect();
    match found.iter().find(|path| !ours.contains(path.as_str())) {
        None => Ok(There::Ours),
        Some(other) => Err(format!(
            "`{shown}` is replaced as a whole, and `{other}` in it is not from this command: nothing was touched; move it out of the folder"
        )),
    }
}

/// Every file below `folder`, by its path with `/`; what a link leads to is not looked into.
fn list(folder: &Path, below: &str) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = format!("{below}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            found.extend(list(&entry.path(), &format!("{path}/"))?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn write(folder: &Path, files: &BTreeMap<String, String>) -> io::Result<()> {
    fs::create_dir(folder)?;
    let mut marker = format!("{HEAD}\n");
    for path in files.keys() {
        marker.push_str(path);
        marker.push('\n');
    }
    let marker = (MARKER.to_owned(), marker);
    for (path, text) in std::iter::once((&marker.0, &marker.1)).chain(files) {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        let mut file = File::create(&path)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
    }
    Ok(())
}

/// Removes a folder of ours. Whoever put a file into it in the meantime keeps that file.
fn remove(folder: &Path) -> io::Result<()> {
    let marker = fs::read_to_string(folder.join(MARKER))?;
    let paths: Vec<&str> = marker.lines().skip(1).chain([MARKER]).collect();
    let found: BTreeSet<String> = list(folder, "")?.into_iter().collect();
    let mut folders = BTreeSet::new();
    for path in paths.into_iter().filter(|path| found.contains(*path)) {
        let path = folder.join(path);
        fs::remove_file(&path)?;
        folders.extend(path.parent().map(Path::to_owned));
    }
    folders.insert(folder.to_owned());
    // The deepest first.
    for empty in folders.iter().rev() {
        fs::remove_dir(empty)?;
    }
    Ok(())
}
