//! Cuts a response file into front matter and text, and says what is wrong with the file as a whole. Knows neither TOML nor Markdown.

use std::ops::Range;

use crate::model::code;
use crate::model::diagnostic::Diagnostic;
use crate::model::span::{FileId, Span};

/// The line before and after the front matter.
const FENCE: &str = "+++";

/// The two parts of a file, as ranges of bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Parts {
    /// The first line.
    pub(super) head: Range<usize>,
    /// What stands between the `+++` lines.
    pub(super) front: Range<usize>,
    /// What stands below them.
    pub(super) body: Range<usize>,
}

/// Finds the parts. Without both `+++` lines nothing can be read, and the one diagnostic says so.
pub(super) fn split(text: &str, file: FileId, out: &mut Vec<Diagnostic>) -> Option<Parts> {
    let start = encoding(text, file, out);
    if text.get(start..).unwrap_or("").trim().is_empty() {
        out.push(
            Diagnostic::error(
                code::EMPTY_FILE,
                Span::new(file, 0..text.len()),
                "the file is empty",
            )
            .hint("copy the file of another claim, or remove this one"),
        );
        return None;
    }
    let mut lines = lines(text, start);
    let head = lines.next()?;
    let first = text.get(head.clone()).unwrap_or("").trim_end();
    if first != FENCE {
        let hint = match first {
            "---" => "front matter is TOML between `+++` lines, not YAML between `---` lines",
            _ if first.trim() == FENCE => "nothing may stand before `+++` on its line",
            _ => "the first line is `+++`, then come the fields, then another `+++` line",
        };
        out.push(
            Diagnostic::error(
                code::NO_FRONT_MATTER,
                Span::new(file, head),
                "the file does not begin with a `+++` line",
            )
            .hint(hint),
        );
        return None;
    }
    let front_start = lines.clone().next().map_or(text.len(), |line| line.start);
    let close = lines.find(|line| text.get(line.clone()).is_some_and(|l| l.trim_end() == FENCE));
    let Some(close) = close else {
        out.push(
            Diagnostic::error(
                code::NO_FRONT_MATTER,
                Span::new(file, head),
                "the front matter is not closed",
            )
            .remark("opened here")
            .hint("write a line with nothing but `+++` between the fields and the text"),
        );
        return None;
    };
    let body_start = lines.next().map_or(text.len(), |line| line.start);
    Some(Parts { head, front: front_start..close.start, body: body_start..text.len() })
}

/// Reports a byte-order mark and CR LF; says where the text begins.
pub(super) fn encoding(text: &str, file: FileId, out: &mut Vec<Diagnostic>) -> usize {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    if start > 0 {
        let hint = "save it as UTF-8 without a byte-order mark (BOM)";
        out.push(
            Diagnostic::warning(
                code::BYTE_ORDER_MARK,
                Span::new(file, 0..start),
                "the file begins with a byte-order mark",
            )
            .hint(hint),
        );
    }
    if let Some(at) = text.find("\r\n") {
        out.push(
            Diagnostic::warning(code::CRLF, Span::new(file, at..at), "lines end in CR LF")
                .remark("the first of them ends here")
                .hint("save it with line ends of one LF, as every other file has"),
        );
    }
    start
}

/// The lines from `start` on without their line ends. The last may be empty.
fn lines(text: &str, start: usize) -> impl Iterator<Item = Range<usize>> + Clone {
    let mut next = Some(start);
    std::iter::from_fn(move || {
        let start = next?;
        let rest = text.get(start..)?;
        let length = rest.find('\n');
        next = length.map(|length| start + length + 1);
        Some(start..start + length.unwrap_or(rest.len()))
    })
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "a wrong span should stop the test")]
mod tests {
    use super::split;
    use crate::model::span::FileId;

    fn check(text: &str, expected: Option<(&str, &str)>, codes: &[&str]) {
        let mut out = Vec::new();
        let parts = split(text, FileId(0), &mut out);
        let found = parts.map(|parts| (&text[parts.front], &text[parts.body]));
        assert_eq!(found, expected, "{text:?}");
        assert_eq!(out.iter().map(|d| d.code.0).collect::<Vec<_>>(), codes, "{text:?}");
    }

    #[test]
    fn parts_of_a_file() {
        check("+++\na = 1\n+++\nText.\n", Some(("a = 1\n", "Text.\n")), &[]);
        check("+++\n+++", Some(("", "")), &[]);
        check("+++\r\na = 1\r\n+++\r\nText.", Some(("a = 1\r\n", "Text.")), &["crlf"]);
        check("\u{feff}+++\na = 1\n+++ \nText.", Some(("a = 1\n", "Text.")), &["byte-order-mark"]);
        check("", None, &["empty-file"]);
        check(" \n\n", None, &["empty-file"]);
        check("\u{feff}", None, &["byte-order-mark", "empty-file"]);
        check("Text", None, &["no-front-matter"]);
        check("---\na: 1\n---\n", None, &["no-front-matter"]);
        check("+++\na = 1\n", None, &["no-front-matter"]);
        check("+++", None, &["no-front-matter"]);
    }
}
