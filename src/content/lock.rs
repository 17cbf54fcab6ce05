//! `quotes.lock`: a hash of each quotation, so that a changed letter shows. Knows neither folders nor when it is written.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::model::catalog::Catalog;
use crate::model::code;
use crate::model::diagnostic::Diagnostic;
use crate::model::origin::Origins;
use crate::model::source::{Quote, Source};
use crate::model::span::{FileId, Span};

/// The file's name.
pub const FILE_NAME: &str = "quotes.lock";

/// The first line; its number changes when what is hashed does.
const VERSION_LINE: &str = "# footnote quotes.lock 1";

const EXPLANATION: &str = "\
# One quotation a line: claim, source, how it was checked, a hash of the quotation with its\n\
# translation, locator, addresses and `checked`, and its first words.\n\
# Written by `footnote lock`; a line that changes is a quotation that changed.\n";

/// So many hexadecimal digits of SHA-256 are kept: 128 bits, which nobody hits by accident or by trying.
const HASH_DIGITS: usize = 32;

/// So many characters of a quotation stand in its line: enough to know it by.
const START_LENGTH: usize = 60;

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// The claim's id.
    pub claim: String,
    /// The source's key.
    pub source: String,
    /// How the quotation was checked.
    pub checked: String,
    /// The hash.
    pub hash: String,
    /// The quotation's first words, for people.
    pub start: String,
}

impl Entry {
    fn new(claim: &str, source: &Source, quote: &Quote) -> Self {
        Self {
            claim: claim.to_owned(),
            source: source.key.clone(),
            checked: quote.checked.word().to_owned(),
            hash: hash(source, quote),
            start: start(&quote.text),
        }
    }

    fn line(&self) -> String {
        format!("{} {} {} {} {}", self.claim, self.source, self.checked, self.hash, self.start)
    }
}

/// The quotations that were locked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lock {
    /// The lines, in order.
    pub entries: Vec<Entry>,
    /// Where each stands; empty for a lock that was made and not read.
    pub spans: Vec<Span>,
}

impl Lock {
    /// The lock of a catalog as it is now.
    pub fn of(catalog: &Catalog) -> Self {
        let mut entries = Vec::new();
        for claim in catalog.claims() {
            for source in &claim.sources {
                for quote in &source.quotes {
                    entries.push(Entry::new(claim.id.as_str(), source, quote));
                }
            }
        }
        entries.sort();
        Self { entries, spans: Vec::new() }
    }

    /// This lock with the lines that `old` has for claims that could not be read: what nobody sees does not change.
    #[must_use]
    pub fn keeping(mut self, old: &Self, unread: &BTreeSet<String>) -> Self {
        let kept = old.entries.iter().filter(|entry| unread.contains(&entry.claim)).cloned();
        self.entries.extend(kept);
        self.entries.sort();
        self.spans.clear();
        self
    }

    /// The file's text.
    pub fn render(&self) -> String {
        let mut text = format!("{VERSION_LINE}\n{EXPLANATION}");
        for entry in &self.entries {
            text.push_str(entry.line().trim_end());
            text.push('\n');
        }
        text
    }
}

/// Reads the file's text.
pub fn parse(text: &str, file: FileId, out: &mut Vec<Diagnostic>) -> Lock {
    let mut lock = Lock::default();
    let mut at = 0;
    for (number, raw) in text.split_inclusive('\n').enumerate() {
        let line = raw.trim_end();
        let span = Span::new(file, at..at + line.len());
        at += raw.len();
        if number == 0 && line != VERSION_LINE {
            out.push(
                Diagnostic::error(
                    code::LOCK_UNREADABLE,
                    span,
                    format!("the first line is not `{VERSION_LINE}`"),
                )
                .hint("run `footnote lock`, and look at what it changes"),
            );
            return lock;
        }
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(entry) = entry(line) {
            lock.entries.push(entry);
            lock.spans.push(span);
        } else {
            out.push(
                Diagnostic::error(code::LOCK_UNREADABLE, span, "the line is no locked quotation")
                    .hint("run `footnote lock`, and look at what it changes"),
            );
        }
    }
    lock
}

fn entry(line: &str) -> Option<Entry> {
    let mut parts = line.splitn(5, ' ');
    let mut next = || parts.next().filter(|part| !part.is_empty()).map(str::to_owned);
    let (claim, source, checked, hash) = (next()?, next()?, next()?, next()?);
    let is_hash = hash.len() == HASH_DIGITS && hash.bytes().all(|b| b.is_ascii_hexdigit());
    is_hash.then(|| Entry { claim, source, checked, hash, start: next().unwrap_or_default() })
}

/// What happened to one quotation since it was locked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its place in the old lock; none where it is new.
    pub before: Option<usize>,
    /// Its place in the new lock; none where it is gone.
    pub after: Option<usize>,
}

/// Compares two locks. Within one source what is gone is paired with what is new, in order.
pub fn changes(old: &Lock, new: &Lock) -> Vec<Change> {
    let mut groups = BTreeMap::<(&str, &str), (Vec<usize>, Vec<usize>)>::new();
    for (at, entry) in old.entries.iter().enumerate() {
        groups.entry((&entry.claim, &entry.source)).or_default().0.push(at);
    }
    for (at, entry) in new.entries.iter().enumerate() {
        let (before, after) = groups.entry((&entry.claim, &entry.source)).or_default();
        let same = before.iter().position(|old_at| {
            old.entries
                .get(*old_at)
                .is_some_and(|old| old.hash == entry.hash && old.checked == entry.checked)
        });
        match same {
            Some(same) => drop(before.remove(same)),
            None => after.push(at),
        }
    }
    let mut changes = Vec::new();
    for (before, after) in groups.into_values() {
        for turn in 0..before.len().max(after.len()) {
            changes.push(Change {
                before: before.get(turn).copied(),
                after: after.get(turn).copied(),
            });
        }
    }
    changes
}

/// Holds the quotations of a catalog against the lock. `unread` are the claims whose files have
/// errors: nothing is said about their quotations. `file` is where the lock stands.
pub fn verify(
    lock: &Lock,
    catalog: &Catalog,
    origins: &Origins,
    unread: &BTreeSet<String>,
    file: FileId,
) -> Vec<Diagnostic> {
    let now = Lock::of(catalog).keeping(lock, unread);
    let mut found = Vec::new();
    for change in changes(lock, &now) {
        let before = change.before.and_then(|at| lock.entries.get(at));
        let locked_at = change.before.and_then(|at| lock.spans.get(at)).copied();
        let after = change.after.and_then(|at| now.entries.get(at));
        let written_at = after.and_then(|entry| written(entry, catalog, origins));
        let whole = Span::new(file, 0..0);
        match (before, after) {
            (Some(before), Some(after)) => {
                let mut one = Diagnostic::error(
                    code::QUOTE_CHANGED,
                    written_at.unwrap_or(whole),
                    format!("the quotation is not the one that was locked for `{}`", after.source),
                );
                if let Some(at) = locked_at {
                    one = one.label(at, "what was locked");
                }
                let what = if before.start == after.start {
                    "its wording, translation, locator, address or `checked` was changed"
                } else {
                    "its wording was changed"
                };
                found.push(one.hint(format!(
                    "{what}: compare it with the original, then run `footnote lock`"
                )));
            }
            (None, Some(after)) => found.push(
                Diagnostic::error(
                    code::QUOTE_NOT_LOCKED,
                    written_at.unwrap_or(whole),
                    format!("the quotation of `{}` is not locked", after.source),
                )
                .hint("compare it with the original, then run `footnote lock`"),
            ),
            (Some(before), None) => found.push(
                Diagnostic::error(
                    code::QUOTE_GONE,
                    locked_at.unwrap_or(whole),
                    format!(
                        "`{}` has no such quotation of `{}` any more",
                        before.claim, before.source
                    ),
                )
                .hint("if it was taken out on purpose, run `footnote lock`"),
            ),
            (None, None) => {}
        }
    }
    found
}

/// Where the quotation of a line stands.
fn written(entry: &Entry, catalog: &Catalog, origins: &Origins) -> Option<Span> {
    let claim = catalog.claim(&entry.claim)?;
    let source_at = claim.sources.iter().position(|source| source.key == entry.source)?;
    let source = claim.sources.get(source_at)?;
    let quote_at = source.quotes.iter().position(|quote| hash(source, quote) == entry.hash)?;
    let origin = origins.claim(&claim.id)?.sources.get(source_at)?;
    origin.quotes.get(quote_at).copied()
}

/// Each part goes in with its name and length, so that no letter can move from one part to another unseen.
fn hash(source: &Source, quote: &Quote) -> String {
    let mut hasher = Sha256::new();
    let mut add = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            hasher.update(format!("{name} {}\n{value}\n", value.len()));
        }
    };
    add("text", Some(&quote.text));
    add("checked", Some(quote.checked.word()));
    add("language", quote.language.as_deref());
    add("translation", quote.translation.as_deref());
    add("translated_by", quote.translated_by.as_deref());
    add("locator", source.locator.as_deref());
    add("url", source.url.as_deref());
    add("read_at", source.read_at.as_deref());
    add("archive", source.archive.as_deref());
    let mut digits = hex(&hasher.finalize());
    digits.truncate(HASH_DIGITS);
    digits
}

/// Bytes in lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    let mut digits = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a String cannot fail.
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}

fn start(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let cut: String = words.chars().take(START_LENGTH).collect();
    if cut.len() < words.len() { format!("{}…", cut.trim_end()) } else { cut }
}

#[cfg(test)]
mod tests {
    use super::{Change, Entry, Lock, changes, parse};
    use crate::model::span::FileId;

    fn entry(source: &str, hash: char) -> Entry {
        Entry {
            claim: "a-claim".to_owned(),
            source: source.to_owned(),
            checked: "excerpt-read".to_owned(),
            hash: hash.to_string().repeat(32),
            start: "Some words".to_owned(),
        }
    }

    fn lock(entries: &[(&str, char)]) -> Lock {
        let entries = entries.iter().map(|(source, hash)| entry(source, *hash)).collect();
        Lock { entries, spans: Vec::new() }
    }

    #[test]
    fn what_was_rendered_is_read_again() {
        let lock = lock(&[("alpha", 'a'), ("alpha", 'b'), ("beta", 'c')]);
        let mut out = Vec::new();
        let read = parse(&lock.render(), FileId(0), &mut out);
        assert_eq!((read.entries, out), (lock.entries, Vec::new()));
    }

    #[test]
    fn lines_that_are_none_are_reported_each() {
        for (text, count) in [
            ("", 0),
            ("# footnote quotes.lock 1\n\n# words\n", 0),
            ("# footnote quotes.lock 2\nx\n", 1),
            ("# footnote quotes.lock 1\n<<<<<<< ours\na b c d e\n=======\n", 3),
        ] {
            let mut out = Vec::new();
            parse(text, FileId(0), &mut out);
            assert_eq!(out.len(), count, "{text}");
        }
    }

    #[test]
    fn changes_pair_within_a_source_only() {
        let change = |before, after| Change { before, after };
        for (old, new, expected) in [
            (vec![("s", 'a')], vec![("s", 'a')], vec![]),
            (vec![("s", 'a')], vec![("s", 'b')], vec![change(Some(0), Some(0))]),
            (vec![("s", 'a')], vec![("s", 'b'), ("s", 'a')], vec![change(None, Some(0))]),
            (vec![("s", 'a'), ("s", 'a')], vec![("s", 'a')], vec![change(Some(1), None)]),
            (
                vec![("s", 'a')],
                vec![("t", 'a')],
                vec![change(Some(0), None), change(None, Some(0))],
            ),
        ] {
            assert_eq!(changes(&lock(&old), &lock(&new)), expected, "{old:?} {new:?}");
        }
    }
}
