//! Reads a responses folder. The only file of `content` that touches the disk; it judges nothing but names and bytes.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::content::lock::{self, Lock, hex};
use crate::content::parse::{Identity, in_order, parse};
use crate::content::suggest::kebab;
use crate::content::{aliases, hosts};
use crate::model::catalog::Catalog;
use crate::model::claim::{Claim, ClaimId, MAX_ID_LENGTH, Revision};
use crate::model::code;
use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::hosts::Hosts;
use crate::model::origin::Origins;
use crate::model::phrasing::Aliases;
use crate::model::span::{FileId, Files, Span};

/// The alias groups' file.
pub const ALIASES: &str = "aliases.toml";
/// The allow list's file.
pub const HOSTS: &str = "hosts.toml";

/// No response is longer than a short book chapter; what is larger was put there by mistake.
const MAX_FILE_BYTES: u64 = 256 * 1024;
/// What all claims share grows with them: room for the quotations of ten thousand claims.
const MAX_SHARED_BYTES: u64 = 8 * 1024 * 1024;

/// All that a responses folder holds.
#[derive(Debug)]
pub struct Loaded {
    /// The texts, so that findings can be shown.
    pub files: Files,
    /// The claims without errors.
    pub catalog: Catalog,
    /// Those with errors, as far as they could be read: for checking, not for answering.
    pub flawed: Vec<Claim>,
    /// Where they stand.
    pub origins: Origins,
    /// The hosts that may be linked.
    pub hosts: Hosts,
    /// The quotations as they were locked.
    pub lock: Lock,
    /// The file of the lock, also where there is none yet.
    pub lock_file: FileId,
    /// The names of claim files that hold an error, so that their claims are not called missing.
    pub unread: BTreeSet<String>,
    /// All that is wrong, file by file.
    pub diagnostics: Vec<Diagnostic>,
}

impl Loaded {
    /// All claims that could be read, flawed ones too, so that a check sees everything at once.
    pub fn everything(&self) -> Cow<'_, Catalog> {
        if self.flawed.is_empty() {
            return Cow::Borrowed(&self.catalog);
        }
        let claims = self.catalog.claims().iter().chain(&self.flawed).cloned().collect();
        Cow::Owned(Catalog::new(claims, self.catalog.aliases().clone()))
    }

    /// What differs between the quotations and `quotes.lock`.
    pub fn verify_lock(&self) -> Vec<Diagnostic> {
        lock::verify(&self.lock, &self.catalog, &self.origins, &self.unread, self.lock_file)
    }
}

/// Why a folder could not be read at all.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// There is no such folder.
    #[error("`{}` does not exist", .0.display())]
    Missing(PathBuf),
    /// It is something else.
    #[error("`{}` is not a folder", .0.display())]
    NotAFolder(PathBuf),
    /// The system refused.
    #[error("`{}` cannot be read: {error}", path.display())]
    Io {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
}

/// Reads `folder` with all its packs. What is wrong in the files is in the result; only a folder
/// that cannot be listed is an error.
pub fn load(folder: &Path) -> Result<Loaded, LoadError> {
    let mut loader = Loader::default();
    let (aliases_file, text) = loader.optional(folder, ALIASES);
    let aliases = aliases::parse(&text, aliases_file, &mut loader.diagnostics);
    let (hosts_file, text) = loader.optional(folder, HOSTS);
    let hosts = hosts::parse(&text, hosts_file, &mut loader.diagnostics);
    let (lock_file, text) = loader.optional(folder, lock::FILE_NAME);
    let lock = lock::parse(&text, lock_file, &mut loader.diagnostics);

    for entry in list(folder)? {
        if entry.is_folder {
            loader.pack(&entry, &aliases)?;
        } else if entry.is_claim_file() {
            loader.stray(&entry, "a claim file stands outside a pack", "move it into a folder");
        }
    }
    if !loader.has_claim_files {
        let name = Some(shown(folder)).filter(|name| !name.is_empty());
        let at = Span::new(loader.files.add(name.unwrap_or(".".to_owned()), ""), 0..0);
        let hint = "a claim is a file `<pack>/<id>.md` in the folder: is this the right one?";
        loader.error(code::NO_CLAIMS, at, "the folder holds no claim file".to_owned(), hint);
    }
    in_order(&mut loader.diagnostics);
    Ok(Loaded {
        files: loader.files,
        catalog: Catalog::new(loader.claims, aliases),
        flawed: loader.flawed,
        origins: loader.origins,
        hosts,
        lock,
        lock_file,
        unread: loader.unread,
        diagnostics: loader.diagnostics,
    })
}

/// Whether a file of this name in a pack is read as a claim. Others may keep notes beside the claims.
pub fn is_claim_file(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("");
    let has_ending = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("md"));
    has_ending && !name.eq_ignore_ascii_case("README.md") && !name.starts_with('.')
}

#[derive(Debug, Default)]
struct Loader {
    files: Files,
    has_claim_files: bool,
    claims: Vec<Claim>,
    flawed: Vec<Claim>,
    /// Every id with its first file, also of files with errors.
    seen: BTreeMap<ClaimId, Span>,
    origins: Origins,
    unread: BTreeSet<String>,
    diagnostics: Vec<Diagnostic>,
}

impl Loader {
    fn pack(&mut self, pack: &Entry, aliases: &Aliases) -> Result<(), LoadError> {
        for entry in list(&pack.path)? {
            if entry.is_folder {
                self.stray(
                    &entry,
                    "a folder inside a pack is not read",
                    "packs stand side by side",
                );
            } else if entry.is_claim_file() {
                self.claim(&entry, &pack.name, aliases);
            } else if !entry.is_readme() {
                self.stray(
                    &entry,
                    "only `*.md` files are read in a pack",
                    "remove it, or move it elsewhere",
                );
            }
        }
        Ok(())
    }

    fn claim(&mut self, entry: &Entry, pack: &str, aliases: &Aliases) {
        self.has_claim_files = true;
        let stem = entry.path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        let stem = stem.unwrap_or_default();
        let bytes = match bytes(&entry.path, MAX_FILE_BYTES) {
            Ok(bytes) => bytes,
            Err(why) => {
                self.unread.insert(stem);
                let file = self.files.add(shown(&entry.path), "");
                return self.error(why.code, Span::new(file, 0..0), why.message, why.hint);
            }
        };
        let (text, broken) = decoded(bytes.clone());
        let file = self.files.add(shown(&entry.path), text.as_str());
        if let Some(at) = broken {
            self.unread.insert(stem);
            let message = format!("byte {at} is not UTF-8");
            let span = Span::new(file, at..at + '\u{fffd}'.len_utf8());
            return self.error(code::NOT_UTF8, span, message, "save it as UTF-8");
        }
        // An ending in capitals is no `.md` everywhere.
        let id = ClaimId::new(&stem).filter(|id| entry.name == format!("{id}.md"));
        let here = first_line(file, &text);
        if id.is_none() {
            let rules = format!(
                "an id has small letters, digits and single `-` between them, {MAX_ID_LENGTH} at most"
            );
            let hint = match kebab(&stem, MAX_ID_LENGTH) {
                Some(fitting) => format!("name it `{fitting}.md`: {rules}"),
                None => rules,
            };
            let message = format!("the file's name `{}` is no id", entry.name);
            self.error(code::BAD_FILE_NAME, here, message, &hint);
        }
        let Some(revision) = Revision::new(&hex(&Sha256::digest(&bytes))) else { return };
        let identity = Identity { id: id.clone(), pack: pack.to_owned(), revision };
        let parsed = parse(&text, file, identity, aliases);
        self.diagnostics.extend(parsed.diagnostics);
        let first = id.clone().and_then(|id| self.seen.get(&id).copied());
        if let Some(first) = first {
            self.diagnostics.push(
                Diagnostic::error(
                    code::DUPLICATE_CLAIM,
                    here,
                    format!("two files have the id `{stem}`"),
                )
                .label(first, "the first")
                .hint("an id is unique among all packs: rename one of the files"),
            );
            return;
        }
        self.seen.extend(id.map(|id| (id, here)));
        if parsed.claim.is_none() {
            self.unread.insert(stem);
        }
        let read = parsed.claim.as_ref().or(parsed.flawed.as_ref());
        if let (Some(claim), Some(origin)) = (read, parsed.origin) {
            self.origins.claims.insert(claim.id.clone(), origin);
        }
        self.claims.extend(parsed.claim);
        self.flawed.extend(parsed.flawed);
    }

    /// A file of the responses folder itself; a missing one is an empty one.
    fn optional(&mut self, folder: &Path, name: &str) -> (FileId, String) {
        let path = folder.join(name);
        let read = if path.exists() { bytes(&path, MAX_SHARED_BYTES) } else { Ok(Vec::new()) };
        let (text, broken) = match read {
            Ok(bytes) => decoded(bytes),
            Err(why) => {
                let file = self.files.add(shown(&path), "");
                self.error(why.code, Span::new(file, 0..0), why.message, why.hint);
                return (file, String::new());
            }
        };
        let file = self.files.add(shown(&path), text.as_str());
        if let Some(at) = broken {
            let span = Span::new(file, at..at + '\u{fffd}'.len_utf8());
            self.error(code::NOT_UTF8, span, format!("byte {at} is not UTF-8"), "save it as UTF-8");
            return (file, String::new());
        }
        (file, text)
    }

    fn stray(&mut self, entry: &Entry, what: &str, hint: &str) {
        let file = self.files.add(shown(&entry.path), "");
        self.diagnostics
            .push(Diagnostic::warning(code::STRAY_FILE, Span::new(file, 0..0), what).hint(hint));
    }

    fn error(&mut self, code: Code, at: Span, message: String, hint: &str) {
        self.diagnostics.push(Diagnostic::error(code, at, message).hint(hint));
    }
}

/// Something in a folder.
#[derive(Debug)]
struct Entry {
    name: String,
    path: PathBuf,
    is_folder: bool,
}

impl Entry {
    fn is_claim_file(&self) -> bool {
        is_claim_file(&self.path)
    }

    fn is_readme(&self) -> bool {
        self.name.eq_ignore_ascii_case("README.md")
    }
}

/// What a folder holds, in the order of the names. Hidden files and editors' backups are no part of it.
fn list(folder: &Path) -> Result<Vec<Entry>, LoadError> {
    if !folder.exists() {
        return Err(LoadError::Missing(folder.to_owned()));
    }
    if !folder.is_dir() {
        return Err(LoadError::NotAFolder(folder.to_owned()));
    }
    let io = |error| LoadError::Io { path: folder.to_owned(), error };
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(io)? {
        let path = entry.map_err(io)?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        let Some(name) = name else { continue };
        if !name.starts_with('.') && !name.ends_with('~') {
            entries.push(Entry { is_folder: path.is_dir(), name, path });
        }
    }
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(entries)
}

/// Why a file's bytes are not there.
struct Unread {
    code: Code,
    message: String,
    hint: &'static str,
}

/// The bytes of a file that has at most so many.
fn bytes(path: &Path, most: u64) -> Result<Vec<u8>, Unread> {
    let unreadable = |what: String| Unread {
        code: code::UNREADABLE,
        message: format!("the file cannot be read: {what}"),
        hint: "give footnote the right to read it, or remove it",
    };
    let about = fs::metadata(path).map_err(|error| unreadable(error.to_string()))?;
    if !about.is_file() {
        return Err(unreadable("it is no regular file".to_owned()));
    }
    if about.len() > most {
        return Err(Unread {
            code: code::FILE_TOO_LARGE,
            message: format!("the file has {} bytes, and {most} are the most", about.len()),
            hint: "split it, or remove what does not belong there",
        });
    }
    fs::read(path).map_err(|error| unreadable(error.to_string()))
}

/// The text, and where its first byte stands that is not UTF-8. What cannot be read is replaced, so
/// that the rest can be shown.
fn decoded(bytes: Vec<u8>) -> (String, Option<usize>) {
    match String::from_utf8(bytes) {
        Ok(text) => (text, None),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            (String::from_utf8_lossy(error.as_bytes()).into_owned(), Some(at))
        }
    }
}

/// The path as it was named, with `/` between its parts.
pub fn shown(path: &Path) -> String {
    let mut parts = Vec::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::RootDir => parts.push(String::new()),
            other => parts.push(other.as_os_str().to_string_lossy().into_owned()),
        }
    }
    parts.join("/")
}

fn first_line(file: FileId, text: &str) -> Span {
    Span::new(file, 0..text.find('\n').unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{decoded, is_claim_file, shown};

    #[test]
    fn paths_are_shown_as_named() {
        for (path, expected) in [
            ("responses/pack/a.md", "responses/pack/a.md"),
            ("./pack/a.md", "pack/a.md"),
            ("/tmp/pack/a.md", "/tmp/pack/a.md"),
            ("../pack/a.md", "../pack/a.md"),
        ] {
            assert_eq!(shown(Path::new(path)), expected);
        }
    }

    #[test]
    fn claim_files() {
        for (path, expected) in [
            ("a.md", true),
            ("A.MD", true),
            ("README.md", false),
            (".a.md", false),
            ("a.txt", false),
        ] {
            assert_eq!(is_claim_file(Path::new(path)), expected, "{path}");
        }
    }

    #[test]
    fn what_is_not_utf8_is_found_and_the_rest_kept() {
        assert_eq!(
            decoded(b"caf\xe9 au lait".to_vec()),
            ("caf\u{fffd} au lait".to_owned(), Some(3))
        );
        assert_eq!(decoded(b"caf".to_vec()), ("caf".to_owned(), None));
    }
}
