//! Where in a hand-edited file something stands. Knows text and positions, not what they mean.

use std::ops::Range;

/// A file among those that were read together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A range of bytes in one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte, counted from 0.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The bytes `range` of `file`.
    pub fn new(file: FileId, range: Range<usize>) -> Self {
        Self { file, start: range.start, end: range.end.max(range.start) }
    }
}

/// A position as people count it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// The texts that were read, so that a [`Span`] can be shown.
#[derive(Debug, Clone, Default)]
pub struct Files {
    files: Vec<File>,
}

/// One text with the path it was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// The path as the reader named it, with `/` between its parts.
    pub path: String,
    /// The whole text.
    pub text: String,
}

impl Files {
    /// Adds a text and says which [`FileId`] it has from now on.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(File { path: path.into(), text: text.into() });
        id
    }

    /// The file, where this collection made the id.
    pub fn file(&self, id: FileId) -> Option<&File> {
        self.files.get(usize::try_from(id.0).ok()?)
    }

    /// The path of a file; empty for an id of another collection.
    pub fn path(&self, id: FileId) -> &str {
        self.file(id).map_or("", |file| file.path.as_str())
    }

    /// All files in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &File)> {
        self.files
            .iter()
            .enumerate()
            .map(|(at, file)| (FileId(u32::try_from(at).unwrap_or(u32::MAX)), file))
    }

    /// Line and column of a span's first byte.
    pub fn place(&self, span: Span) -> Place {
        let text = self.file(span.file).map_or("", |file| file.text.as_str());
        let mut at = span.start.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let before = text.get(..at).unwrap_or("");
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Place {
            line: before.matches('\n').count() + 1,
            column: before.get(line_start..).unwrap_or("").chars().count() + 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Files, Place, Span};

    #[test]
    fn places_count_lines_and_characters_from_one() {
        let mut files = Files::default();
        let id = files.add("a.md", "ä\nbö€d\n");
        for (byte, line, column) in
            [(0, 1, 1), (2, 1, 2), (3, 2, 1), (6, 2, 3), (7, 2, 3), (99, 3, 1)]
        {
            let place = files.place(Span::new(id, byte..byte));
            assert_eq!(place, Place { line, column }, "byte {byte}");
        }
    }
}
