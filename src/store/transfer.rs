//! All that the store holds as JSON Lines, out and in. Knows neither files nor who asks.
//!
//! The first line says what it is, each further one is a record, and the last one has the number of
//! records and the SHA-256 of all bytes before it: what was cut short or changed is not taken in.

use std::fmt::Write as _;
use std::io::{self, Write};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use crate::policy::place::Moment;
use crate::store::keys::id_of;
use crate::store::kinds::{Form, Kind};
use crate::store::schema::SCHEMA;
use crate::store::{MEMBER_KEY, Store, StoreError};

/// What the first line says.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    footnote_export: u32,
    schema: u32,
    at: u64,
}

/// The form of an export; another form gets another number.
const FORM: u32 = 1;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    kind: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    key: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    version: Option<u8>,
    value: Box<RawValue>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct End {
    records: usize,
    sha256: String,
}

/// Why an export cannot be taken in.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// It is none.
    #[error("line {line} is no line of an export: {why}")]
    Malformed {
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        why: String,
    },
    /// It has no last line, or another one.
    #[error(
        "the export is not whole: its last line does not fit the lines before it; take another one"
    )]
    NotWhole,
    /// A newer footnote wrote it.
    #[error("a newer footnote wrote the export (form {form}, schema {schema}); use that version")]
    Newer {
        /// Its form.
        form: u32,
        /// Its schema.
        schema: u32,
    },
    /// What members asked for is kept under another key.
    #[error(
        "the export is of another store, whose members are kept under another key: stop the bot, give it a new [store] path, and import there"
    )]
    AnotherKey,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whether somebody works with the store that takes an export in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nobody.
    Idle,
    /// A bot, which holds the key of member hashes.
    InUse,
}

/// What was taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Imported {
    /// Records that were not there before, or were different.
    pub written: usize,
    /// Records that were there already. Answers that are there stay: the running bot knows more of them.
    pub known: usize,
}

/// How many records of a kind there are, and how many of them cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// The kind, as an export names it.
    pub kind: &'static str,
    /// How many.
    pub records: usize,
    /// How many of them cannot be read.
    pub unreadable: usize,
}

impl Store {
    /// Writes everything out; how many records. What cannot be read is left out: [`Store::stats`]
    /// counts it.
    ///
    /// # Errors
    /// Where the store or the writing fails.
    pub fn export(&self, out: &mut dyn Write, now: Moment) -> Result<usize, StoreError> {
        let mut out = Hashing { out, hash: Sha256::new() };
        let head = Head { footnote_export: FORM, schema: SCHEMA, at: now.0 };
        out.line(&head)?;
        let mut records = 0;
        for kind in Kind::ALL {
            for entry in kind.tree(self).scan_prefix(kind.prefix()) {
                let (key, value) = entry?;
                if let Some(line) = line(kind, &key, &value) {
                    out.line(&line)?;
                    records += 1;
                }
            }
        }
        let sha256 = hex(&out.hash.clone().finalize());
        out.line(&End { records, sha256 })?;
        out.out.flush()?;
        Ok(records)
    }

    /// Takes an export in, wholly or not at all as far as anything is wrong with it. What is here
    /// and not there stays.
    ///
    /// # Errors
    /// Where anything is wrong with it, or the store fails.
    pub fn import(&self, export: &[u8], standing: Standing) -> Result<Imported, ImportError> {
        let records = read(export)?;
        self.accept_key(&records, standing)?;
        let mut imported = Imported { written: 0, known: 0 };
        for kind in Kind::ALL {
            let tree = kind.tree(self);
            let mut batch = sled::Batch::default();
            for (_, key, value) in records.iter().filter(|(of, _, _)| *of == kind) {
                let before = tree.get(key).map_err(StoreError::from)?;
                let stays = before.is_some() && matches!(kind, Kind::Answer | Kind::Card);
                if stays || before.as_deref() == Some(value.as_slice()) {
                    imported.known += 1;
                } else {
                    batch.insert(key.as_slice(), value.as_slice());
                    imported.written += 1;
                }
            }
            tree.apply_batch(batch).map_err(StoreError::from)?;
        }
        self.flush()?;
        Ok(imported)
    }

    /// What there is, kind by kind.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn stats(&self) -> Result<Vec<Count>, StoreError> {
        let mut counts = Vec::new();
        for kind in Kind::ALL {
            let mut count = Count { kind: kind.word(), records: 0, unreadable: 0 };
            for entry in kind.tree(self).scan_prefix(kind.prefix()) {
                let (key, value) = entry?;
                count.records += 1;
                count.unreadable += usize::from(line(kind, &key, &value).is_none());
            }
            counts.push(count);
        }
        Ok(counts)
    }

    /// Another key makes all wishes here unreadable: it is taken only where there are none, and nobody
    /// goes on with the old one.
    fn accept_key(&self, records: &[Record], standing: Standing) -> Result<(), ImportError> {
        let ours = self.db.get(MEMBER_KEY).map_err(StoreError::from)?;
        let theirs = records.iter().find(|(kind, _, _)| *kind == Kind::MemberKey);
        let same = match (&ours, theirs) {
            (Some(ours), Some((_, _, theirs))) => ours.as_ref() == theirs.as_slice(),
            (None, _) => true,
            (Some(_), None) => !records.iter().any(|(kind, _, _)| *kind == Kind::Wishes),
        };
        let replaceable = standing == Standing::Idle && self.members.is_empty();
        if same || replaceable { Ok(()) } else { Err(ImportError::AnotherKey) }
    }
}

type Record = (Kind, Vec<u8>, Vec<u8>);

/// A record as a line; none where it cannot be read.
fn line(kind: Kind, key: &[u8], value: &[u8]) -> Option<Line> {
    if !kind.is_readable(value) {
        return None;
    }
    let key = kind.words(key)?;
    let (version, value) = match kind.form() {
        Form::Json => {
            let (version, json) = value.split_first()?;
            let json = std::str::from_utf8(json).ok().filter(|json| !json.contains('\n'))?;
            (Some(*version), RawValue::from_string(json.to_owned()).ok()?)
        }
        Form::Text => (None, raw(&std::str::from_utf8(value).ok()?)?),
        Form::Number => (None, raw(&id_of(value)?)?),
        Form::Bytes => (None, raw(&hex(value))?),
    };
    Some(Line { kind: kind.word().to_owned(), key, version, value })
}

fn raw(value: &impl Serialize) -> Option<Box<RawValue>> {
    RawValue::from_string(serde_json::to_string(value).ok()?).ok()
}

/// All records of an export, in order, once nothing is wrong with any of it.
fn read(export: &[u8]) -> Result<Vec<Record>, ImportError> {
    let malformed = |line: usize, why: String| ImportError::Malformed { line, why };
    let body = export.strip_suffix(b"\n").ok_or(ImportError::NotWhole)?;
    let split = body.iter().rposition(|byte| *byte == b'\n').ok_or(ImportError::NotWhole)?;
    let (lines, end) = body.split_at_checked(split + 1).ok_or(ImportError::NotWhole)?;
    let end: End = serde_json::from_slice(end).map_err(|_| ImportError::NotWhole)?;
    if end.sha256 != hex(&Sha256::digest(lines)) {
        return Err(ImportError::NotWhole);
    }
    let text = std::str::from_utf8(lines).map_err(|error| malformed(0, error.to_string()))?;
    let mut numbered = (1..).zip(text.lines());
    let (_, head) = numbered.next().ok_or(ImportError::NotWhole)?;
    let head: Head = serde_json::from_str(head).map_err(|error| malformed(1, error.to_string()))?;
    if head.footnote_export > FORM || head.schema > SCHEMA {
        return Err(ImportError::Newer { form: head.footnote_export, schema: head.schema });
    }
    let mut records = Vec::new();
    for (number, text) in numbered {
        let line: Line =
            serde_json::from_str(text).map_err(|error| malformed(number, error.to_string()))?;
        let record = record(&line).ok_or_else(|| {
            malformed(number, format!("this version knows no such `{}`", line.kind))
        })?;
        records.push(record);
    }
    if records.len() == end.records { Ok(records) } else { Err(ImportError::NotWhole) }
}

fn record(line: &Line) -> Option<Record> {
    let kind = Kind::parse(&line.kind)?;
    let key = kind.key(&line.key)?;
    let json = line.value.get();
    let value = match kind.form() {
        Form::Json => [&[line.version?], json.as_bytes()].concat(),
        Form::Text => serde_json::from_str::<String>(json).ok()?.into_bytes(),
        Form::Number => serde_json::from_str::<u64>(json).ok()?.to_be_bytes().to_vec(),
        Form::Bytes => unhex(&serde_json::from_str::<String>(json).ok()?)?,
    };
    kind.is_readable(&value).then_some((kind, key, value))
}

struct Hashing<'a> {
    out: &'a mut dyn Write,
    hash: Sha256,
}

impl Hashing<'_> {
    fn line(&mut self, value: &impl Serialize) -> io::Result<()> {
        let mut line = serde_json::to_vec(value)?;
        line.push(b'\n');
        self.hash.update(&line);
        self.out.write_all(&line)
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing into a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes().chunks(2);
    digits.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}
