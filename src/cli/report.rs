//! Prints findings: for people, as JSON lines, or as GitHub's workflow commands. Knows no rule.

use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};

use crate::model::diagnostic::{Diagnostic, Severity};
use crate::model::span::{Files, Place, Span};

/// How findings are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// With the lines they are about, as rustc prints.
    Human,
    /// One line each, `path:line:column: severity[code]: message`, as editors read compilers.
    Short,
    /// One JSON object a line.
    Json,
    /// GitHub's workflow commands, which become notes in a pull request.
    Github,
}

/// A finding in the given format, with a line end.
pub fn render(found: &Diagnostic, files: &Files, format: Format, coloured: bool) -> String {
    match format {
        Format::Human => human(found, files, coloured),
        Format::Short => short(found, files),
        Format::Json => json(found, files),
        Format::Github => github(found, files),
    }
}

fn human(found: &Diagnostic, files: &Files, coloured: bool) -> String {
    let level = match found.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Hint => Level::HELP,
    };
    // Places in one file share a snippet, the finding's own file first.
    let mut of_files = vec![found.span.file];
    for label in &found.labels {
        if !of_files.contains(&label.span.file) {
            of_files.push(label.span.file);
        }
    }
    let remark = (!found.remark.is_empty()).then_some(found.remark.as_str());
    let snippets = of_files.into_iter().map(|file| {
        let text = files.file(file).map_or("", |file| file.text.as_str());
        if text.is_empty() {
            // Nothing to show but the path.
            return Element::from(Origin::path(files.path(file)));
        }
        let own = AnnotationKind::Primary.span(shown(files, found.span)).label(remark);
        let others = found.labels.iter().filter(|label| label.span.file == file).map(|label| {
            let kind = AnnotationKind::Context;
            kind.span(shown(files, label.span)).label(label.text.as_str())
        });
        let snippet = Snippet::source(text)
            .path(files.path(file))
            .annotations((file == found.span.file).then_some(own))
            .annotations(others);
        Element::from(snippet)
    });
    let title = level.primary_title(found.message.as_str()).id(found.code.0);
    let mut group: Group<'_> = title.elements(snippets);
    if let Some(hint) = &found.hint {
        group = group.element(Level::HELP.message(hint.as_str()));
    }
    let renderer = if coloured { Renderer::styled() } else { Renderer::plain() };
    let mut text = renderer.decor_style(DecorStyle::Ascii).render(&[group]);
    text.push_str("\n\n");
    text
}

/// The part of a span that is underlined: within the text, on whole characters, and one line of it.
fn shown(files: &Files, span: Span) -> Range<usize> {
    let text = files.file(span.file).map_or("", |file| file.text.as_str());
    let start = floor(text, span.start);
    let end = floor(text, span.end).max(start);
    let line = text.get(start..end).and_then(|part| part.find('\n'));
    start..line.map_or(end, |length| start + length)
}

fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The places of a span's two ends.
fn ends(files: &Files, span: Span) -> (Place, Place) {
    (files.place(span), files.place(Span::new(span.file, span.end..span.end)))
}

fn short(found: &Diagnostic, files: &Files) -> String {
    let (start, _) = ends(files, found.span);
    let hint = found.hint.as_ref().map_or(String::new(), |hint| format!("; {hint}"));
    let line = format!(
        "{}:{}:{}: {}[{}]: {}{hint}",
        files.path(found.span.file),
        start.line,
        start.column,
        found.severity.word(),
        found.code.0,
        found.message,
    );
    // Whoever reads lines takes each for a finding.
    format!("{}\n", line.replace(['\n', '\r'], " "))
}

fn json(found: &Diagnostic, files: &Files) -> String {
    let (start, end) = ends(files, found.span);
    let string = |text: &str| serde_json::Value::from(text).to_string();
    // Written out, so that the keys keep their order.
    format!(
        "{{\"code\":{},\"severity\":{},\"file\":{},\"line\":{},\"column\":{},\"end_line\":{},\
         \"end_column\":{},\"message\":{},\"hint\":{}}}\n",
        string(found.code.0),
        string(found.severity.word()),
        string(files.path(found.span.file)),
        start.line,
        start.column,
        end.line,
        end.column,
        string(&found.message),
        found.hint.as_deref().map_or_else(|| "null".to_owned(), string),
    )
}

/// <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>. A hint
/// follows the message on a line of its own.
fn github(found: &Diagnostic, files: &Files) -> String {
    let command = match found.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "notice",
    };
    let (start, end) = ends(files, found.span);
    let file = property(files.path(found.span.file));
    // GitHub takes columns only within one line.
    let columns = if start.line == end.line {
        format!(",col={},endColumn={}", start.column, end.column)
    } else {
        String::new()
    };
    let place = format!("file={file},line={},endLine={}{columns}", start.line, end.line);
    let message = match &found.hint {
        Some(hint) => format!("{}\nhint: {hint}", found.message),
        None => found.message.clone(),
    };
    format!("::{command} {place},title={}::{}\n", property(found.code.0), data(&message))
}

/// Text behind the second `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property, where `:` and `,` mean something too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{Format, render};
    use crate::model::code;
    use crate::model::diagnostic::Diagnostic;
    use crate::model::span::{Files, Span};

    fn example() -> (Files, Diagnostic) {
        let mut files = Files::default();
        let id = files.add("a,b/c:d.md", "one\ntwö 100%\nthree\n");
        let other = files.add("other.md", "first\n");
        let found = Diagnostic::error(code::BAD_TOML, Span::new(id, 4..13), "100% \"wrong\"\nhere")
            .remark("this")
            .label(Span::new(other, 0..5), "that")
            .hint("mend it");
        (files, found)
    }

    #[test]
    fn json_lines_keep_their_order() {
        let (files, found) = example();
        assert_eq!(
            render(&found, &files, Format::Json, false),
            "{\"code\":\"bad-toml\",\"severity\":\"error\",\"file\":\"a,b/c:d.md\",\"line\":2,\"column\":1,\
             \"end_line\":2,\"end_column\":9,\"message\":\"100% \\\"wrong\\\"\\nhere\",\"hint\":\"mend it\"}\n"
        );
    }

    #[test]
    fn workflow_commands_are_escaped() {
        let (files, found) = example();
        assert_eq!(
            render(&found, &files, Format::Github, false),
            "::error file=a%2Cb/c%3Ad.md,line=2,endLine=2,col=1,endColumn=9,title=bad-toml::\
             100%25 \"wrong\"%0Ahere%0Ahint: mend it\n"
        );
    }

    #[test]
    fn spans_outside_the_text_are_shown_at_its_end() {
        let mut files = Files::default();
        for (text, range) in [("", 0..0), ("", 5..9), ("ä", 1..1), ("a\n", 2..2), ("a\nb", 0..3)] {
            let id = files.add("a.md", text);
            let found = Diagnostic::error(code::EMPTY_FILE, Span::new(id, range), "wrong");
            for format in [Format::Human, Format::Short, Format::Json, Format::Github] {
                assert!(render(&found, &files, format, false).contains("a.md"), "{text:?}");
            }
        }
    }
}
