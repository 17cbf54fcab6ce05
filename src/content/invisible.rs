//! Finds characters that nobody sees in what may be shown: they turn a line round, break a link or hide words. Knows characters, not what they were meant for.

use toml::de::DeValue;

use crate::content::tree::View;
use crate::model::code;
use crate::model::diagnostic::Diagnostic;
use crate::model::span::{FileId, Span};

/// The one field that is never shown, and whose messages may try what people try to slip past the bot.
const UNSHOWN: &str = "near_misses";

/// Checks all strings of a table. `file_text` is the whole file, in which the places stand.
pub(super) fn check_fields(view: &View<'_>, file_text: &str, out: &mut Vec<Diagnostic>) {
    for (name, value) in view.table {
        if name.get_ref().as_ref() != UNSHOWN {
            check_value(view, value, file_text, out);
        }
    }
}

fn check_value(
    view: &View<'_>,
    value: &toml::Spanned<DeValue<'_>>,
    file_text: &str,
    out: &mut Vec<Diagnostic>,
) {
    match value.get_ref() {
        DeValue::String(text) => {
            let at = view.place(value.span());
            let as_written = file_text.get(at.start..at.end).unwrap_or("");
            let before = out.len();
            check(as_written, at.start, at.file, out);
            // Written as an escape it is as invisible where it is shown.
            if out.len() == before
                && let Some((_, c)) = first(text)
            {
                out.push(fault(c, at));
            }
        }
        DeValue::Array(items) => {
            items.iter().for_each(|item| check_value(view, item, file_text, out));
        }
        DeValue::Table(table) => check_fields(&View { table, ..*view }, file_text, out),
        DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_) => {}
    }
}

/// Checks a text that stands `base` bytes into the file: of each line the first is reported.
pub(super) fn check(text: &str, base: usize, file: FileId, out: &mut Vec<Diagnostic>) {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if let Some((at, c)) = first(line) {
            let at = base + start + at;
            out.push(fault(c, Span::new(file, at..at + c.len_utf8())));
        }
        start += line.len();
    }
}

/// One that was written in another way, as `&#8203;` in Markdown.
pub(super) fn check_shown(shown: &str, at: Span, out: &mut Vec<Diagnostic>) {
    out.extend(first(shown).map(|(_, c)| fault(c, at)));
}

fn fault(c: char, at: Span) -> Diagnostic {
    let message = format!("U+{:04X} is {}", u32::from(c), what(c));
    Diagnostic::error(code::INVISIBLE_CHARACTER, at, message)
        .hint("delete it: type the words around it anew, for it hides when it is copied")
}

fn what(c: char) -> &'static str {
    match c {
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            "invisible, and turns the direction of what is read"
        }
        '\u{ad}' => "a soft hyphen, which is seen only at the end of a line",
        '\u{2028}' | '\u{2029}' => "a line break that no editor shows",
        _ => "invisible",
    }
}

/// The first character that nobody sees, with its place.
fn first(text: &str) -> Option<(usize, char)> {
    let mut before = None;
    text.char_indices().find(|(_, c)| {
        // Persian and the scripts of India write words with the joiners.
        let is_spelling =
            matches!(c, '\u{200c}' | '\u{200d}') && before.replace(*c).is_some_and(joins);
        before = Some(*c);
        is_invisible(*c) && !is_spelling
    })
}

/// Arabic and the scripts of India and its neighbours.
fn joins(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{8ff}' | '\u{900}'..='\u{dff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
}

/// Controls, marks of direction, characters without width, fillers, selectors and tags. Spaces of other widths are seen.
fn is_invisible(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::{check, first};
    use crate::model::span::FileId;

    #[test]
    fn what_nobody_sees_is_found() {
        for (text, expected) in [
            ("plain words, “marks”, ünd — ‘so’ on…\n\ttab\r\n", None),
            ("a\u{a0}b\u{202f}c\u{2009}d", None),
            ("Гитлер 你好 日本 שלום العربية", None),
            ("می\u{200c}خواهم", None),
            ("क्\u{200d}ष", None),
            ("a\u{200c}b", Some(1)),
            ("\u{202e}abc", Some(0)),
            ("ab\u{2066}c", Some(2)),
            ("zero\u{200b}width", Some(4)),
            ("word\u{2060}join", Some(4)),
            ("soft\u{ad}hyphen", Some(4)),
            ("bom\u{feff}", Some(3)),
            ("tag\u{e0041}", Some(3)),
            ("heart\u{fe0f}", Some(5)),
            ("bell\u{7}", Some(4)),
            ("می\u{200c}\u{200c}", Some(7)),
        ] {
            assert_eq!(first(text).map(|(at, _)| at), expected, "{text:?}");
        }
    }

    #[test]
    fn each_line_is_reported_once() {
        let mut out = Vec::new();
        check("ok\na\u{200b}\u{200b}b\n\u{202e}\n", 10, FileId(0), &mut out);
        let places: Vec<usize> = out.iter().map(|one| one.span.start).collect();
        assert_eq!(places, [14, 22]);
    }
}
