//! TOML as a tree with positions, read as far as it can be. Knows TOML and where it stands in the file, no field by name.

use std::ops::Range;

use toml::de::{DeTable, DeValue, Error};

use crate::content::brackets::Mended;
use crate::model::code;
use crate::model::date::Date;
use crate::model::diagnostic::Diagnostic;
use crate::model::span::{FileId, Span};

/// After this many rounds of leaving out a broken line, what is left is not TOML with a slip but no TOML.
const MAX_ROUNDS: usize = 20;

/// Reads TOML that stands `base` bytes into `file` and gives `visit` the table with all that is wrong with its syntax.
pub(super) fn read<T>(
    toml: &str,
    file: FileId,
    base: usize,
    visit: impl FnOnce(&View<'_>, Vec<Diagnostic>) -> T,
) -> T {
    read_mended(&Mended::nothing(toml), file, base, visit)
}

/// The same for TOML that was mended; places are those of the text as it was written.
///
/// A line at which the parser gives up is blanked and the rest read again, so that one slip hides no other.
pub(super) fn read_mended<T>(
    toml: &Mended,
    file: FileId,
    base: usize,
    visit: impl FnOnce(&View<'_>, Vec<Diagnostic>) -> T,
) -> T {
    let mut text = toml.text.clone();
    let mut errors = Vec::new();
    for _ in 0..MAX_ROUNDS {
        let (table, found) = DeTable::parse_recoverable(&text);
        let broken = found.last().and_then(Error::span).map(|span| line_around(&text, span.start));
        let gave_up = broken.as_ref().is_some_and(|line| {
            let later = text.get(line.end..).is_some_and(|rest| !rest.trim().is_empty());
            let is_blank = text.get(line.clone()).is_none_or(|line| line.trim().is_empty());
            later && !is_blank && !reaches_beyond(table.get_ref(), line.end)
        });
        keep(&mut errors, &found, &text);
        match broken {
            Some(line) if gave_up => {
                let blank = " ".repeat(line.len());
                text.replace_range(line, &blank);
            }
            _ => break,
        }
    }
    let (table, _) = DeTable::parse_recoverable(&text);
    let view = View { table: table.get_ref(), file, base, toml };
    let diagnostics = errors
        .into_iter()
        .map(|(span, message)| syntax(view.place(span.clone()), &toml.text, span, &message))
        .collect();
    visit(&view, diagnostics)
}

/// Adds what was not said before. A line is blamed once, for one slip upsets all that follows it.
fn keep(errors: &mut Vec<(Range<usize>, String)>, found: &[Error], text: &str) {
    for error in found {
        let span = error.span().unwrap_or(0..0);
        let line = line_around(text, span.start);
        if !errors.iter().any(|(known, _)| line_around(text, known.start) == line) {
            errors.push((span, error.message().to_owned()));
        }
    }
}

fn syntax(at: Span, toml: &str, span: Range<usize>, message: &str) -> Diagnostic {
    let first = message.split('\n').next().unwrap_or(message);
    let found = Diagnostic::error(code::BAD_TOML, at, first);
    let word = toml.get(span.clone()).unwrap_or("");
    let line = toml.get(line_around(toml, span.start)).unwrap_or("");
    if begins_with_typographic_mark(line) {
        found.hint(
            "a string stands between straight marks, `\"`, which word processors turn into others",
        )
    } else if first.contains("must be quoted") {
        found.hint(format!("write `\"{word}\"`"))
    } else if first.contains("key with no value") {
        found.hint("a field is written `name = value`")
    } else if first.contains("invalid basic string") {
        found.hint("close the string with `\"`; a string of several lines stands between `\"\"\"`")
    } else {
        found
    }
}

/// Whether the value of a line is between marks that TOML does not know.
fn begins_with_typographic_mark(line: &str) -> bool {
    let value = line.split_once('=').map_or(line, |(_, value)| value);
    value.trim_start_matches([' ', '\t', '[']).starts_with(['“', '”', '„', '‘', '’', '«'])
}

fn line_around(text: &str, at: usize) -> Range<usize> {
    let at = at.min(text.len());
    let start =
        text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1);
    let end = text.get(at..).and_then(|rest| rest.find('\n')).map_or(text.len(), |end| at + end);
    start..end
}

/// Whether anything in the table stands behind `at`.
fn reaches_beyond(table: &DeTable<'_>, at: usize) -> bool {
    table.iter().any(|(key, value)| {
        key.span().start >= at
            || value.span().end > at
            || match value.get_ref() {
                DeValue::Table(inner) => reaches_beyond(inner, at),
                DeValue::Array(items) => items.iter().any(|item| match item.get_ref() {
                    DeValue::Table(inner) => reaches_beyond(inner, at),
                    _ => item.span().end > at,
                }),
                _ => false,
            }
    })
}

/// A table, where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'a> {
    /// The table.
    pub(super) table: &'a DeTable<'a>,
    /// The file.
    pub(super) file: FileId,
    /// Where the TOML begins in the file.
    pub(super) base: usize,
    /// The TOML that the table was read from.
    pub(super) toml: &'a Mended,
}

impl<'a> View<'a> {
    /// A range of the TOML as a place in the file.
    pub(super) fn place(&self, range: Range<usize>) -> Span {
        let written = |at| self.base + self.toml.written(at);
        Span::new(self.file, written(range.start)..written(range.end))
    }

    /// Where a field's value stands.
    pub(super) fn span(&self, name: &str) -> Option<Span> {
        self.table.get(name).map(|value| self.place(value.span()))
    }

    /// The places of all values, by name.
    pub(super) fn spans(&self) -> std::collections::BTreeMap<String, Span> {
        let place = |(key, value): (&toml::Spanned<_>, &toml::Spanned<DeValue<'_>>)| {
            let key: &std::borrow::Cow<'_, str> = key.get_ref();
            (key.to_string(), self.place(value.span()))
        };
        self.table.iter().map(place).collect()
    }

    /// A string that is not empty. Line ends are LF, whatever the file has.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        text(self.table.get(name)?.get_ref())
    }

    /// A string out of a closed list, as the value that it names.
    pub(super) fn word<T: Copy>(
        &self,
        name: &str,
        all: &[T],
        word: impl Fn(T) -> &'static str,
    ) -> Option<T> {
        let text = self.text(name)?;
        all.iter().copied().find(|value| word(*value) == text)
    }

    /// A day.
    pub(super) fn date(&self, name: &str) -> Option<Date> {
        date(self.table.get(name)?.get_ref())
    }

    /// A whole number.
    pub(super) fn number(&self, name: &str) -> Option<u16> {
        number(self.table.get(name)?.get_ref())
    }

    /// The strings of a list with their places; empty where the field is left out.
    pub(super) fn texts(&self, name: &str) -> Vec<(String, Span)> {
        let Some(DeValue::Array(items)) = self.table.get(name).map(toml::Spanned::get_ref) else {
            return Vec::new();
        };
        let read = |item: &toml::Spanned<DeValue<'_>>| {
            text(item.get_ref()).map(|text| (text, self.place(item.span())))
        };
        items.iter().filter_map(read).collect()
    }

    /// A table inside this one.
    pub(super) fn inner(&self, name: &str) -> Option<Self> {
        match self.table.get(name)?.get_ref() {
            DeValue::Table(table) => Some(Self { table, ..*self }),
            _ => None,
        }
    }

    /// The tables of a list, each with the place of its `[[name]]`. `[name]` is read as a list of
    /// one: that the brackets are wrong is said elsewhere.
    pub(super) fn tables(&self, name: &str) -> Vec<(View<'a>, Span)> {
        let Some(value) = self.table.get(name) else { return Vec::new() };
        let items = match value.get_ref() {
            DeValue::Array(items) => items.as_ref(),
            DeValue::Table(_) => std::slice::from_ref(value),
            _ => &[],
        };
        let mut tables = Vec::new();
        for item in items {
            if let DeValue::Table(table) = item.get_ref() {
                tables.push((View { table, ..*self }, self.place(item.span())));
            }
        }
        tables
    }
}

/// The string of a value, where it is one with something in it.
pub(super) fn text(value: &DeValue<'_>) -> Option<String> {
    let text = value.as_str()?;
    (!text.trim().is_empty()).then(|| text.replace("\r\n", "\n"))
}

/// The day of a value, where it is one without a time.
pub(super) fn date(value: &DeValue<'_>) -> Option<Date> {
    let DeValue::Datetime(datetime) = value else { return None };
    if datetime.time.is_some() || datetime.offset.is_some() {
        return None;
    }
    let date = datetime.date?;
    Date::new(date.year, date.month, date.day)
}

/// The number of a value, where it is a small one.
pub(super) fn number(value: &DeValue<'_>) -> Option<u16> {
    let integer = value.as_integer()?;
    u16::from_str_radix(integer.as_str(), integer.radix()).ok()
}
