//! Finds the marks that `footnote new` leaves, and authors leave themselves: what is still to be written. Knows no field.

use crate::model::code;
use crate::model::diagnostic::Diagnostic;
use crate::model::span::{FileId, Files, Span};

/// The mark, as a word of its own.
pub const MARK: &str = "TODO";

/// Reports each mark, with the line's rest as what is to be done.
pub(super) fn check(text: &str, file: FileId, out: &mut Vec<Diagnostic>) {
    for at in marks(text) {
        out.push(
            Diagnostic::error(
                code::TODO_LEFT,
                Span::new(file, at..at + MARK.len()),
                "something is still to be written",
            )
            .hint("write it and take the mark away; what else its line lacks is said then"),
        );
    }
}

/// Whether a finding is about a place that is still to be written: it has an error of its own, and what
/// else is wrong with a placeholder helps nobody.
pub fn covers(found: &Diagnostic, files: &Files) -> bool {
    if found.code == code::TODO_LEFT {
        return false;
    }
    let text = files.file(found.span.file).map_or("", |file| file.text.as_str());
    let start = text.get(..found.span.start).and_then(|before| before.rfind('\n')).unwrap_or(0);
    let end = text
        .get(found.span.end..)
        .and_then(|after| after.find('\n'))
        .map_or(text.len(), |newline| found.span.end + newline);
    text.get(start..end).is_some_and(|lines| marks(lines).next().is_some())
}

fn marks(text: &str) -> impl Iterator<Item = usize> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(MARK).map(|(at, _)| at).filter(move |at| {
        let before = text.get(..*at).and_then(|before| before.chars().next_back());
        let after = text.get(at + MARK.len()..).and_then(|after| after.chars().next());
        !before.is_some_and(is_word) && !after.is_some_and(is_word)
    })
}

#[cfg(test)]
mod tests {
    use super::{check, covers};
    use crate::model::code;
    use crate::model::diagnostic::Diagnostic;
    use crate::model::span::{FileId, Files, Span};

    #[test]
    fn a_mark_is_a_word_of_its_own() {
        for (text, count) in
            [("TODO", 1), ("a TODO: b\n# TODO", 2), ("TODOS, ÄTODO, todo, TO DO, TODO_1", 0)]
        {
            let mut out = Vec::new();
            check(text, FileId(0), &mut out);
            assert_eq!(out.len(), count, "{text}");
        }
    }

    #[test]
    fn what_is_said_of_a_marked_line_waits() {
        let text = "a = 1\nb = [ # TODO\n  2,\n]\nc = 3\n";
        let mut files = Files::default();
        let file = files.add("a.md", text);
        for (range, waits) in [(0..1, false), (10..21, true), (6..7, true), (22..23, false)] {
            let found = Diagnostic::error(code::EMPTY_VALUE, Span::new(file, range.clone()), "x");
            assert_eq!(covers(&found, &files), waits, "{range:?}");
        }
        let mark = Diagnostic::error(code::TODO_LEFT, Span::new(file, 14..18), "x");
        assert!(!covers(&mark, &files));
    }
}
