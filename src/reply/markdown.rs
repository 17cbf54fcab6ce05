//! Writes runs of text as Discord's markdown, so that nothing in them is read as markdown that the
//! author did not mean. Knows neither lines nor limits of a message.
//!
//! No mention can come out of here: what looks like one is shown as its letters. The request says
//! `allowed_mentions` as well; two locks are better where one failure pings a server.

use crate::model::body::{self, Block, Inline};
use crate::reply::limits;
use crate::reply::render::{Numbers, visible};

/// Some runs as Discord's markdown, after `first` in their first line and `next` in each later one.
pub(super) fn write(runs: &[Inline], first: &str, next: &str, numbers: &Numbers) -> String {
    let mut writer = Writer { out: first.to_owned(), next, numbers, start: true };
    writer.runs(runs, Marks::default());
    writer.out.truncate(writer.out.trim_end_matches(' ').len());
    writer.out
}

/// A text of a claim's as words alone: whatever looks like markdown in it is shown to the letter.
pub fn clean(text: &str) -> String {
    write(&[Inline::Text(text.to_owned())], "", "", &Numbers::default())
}

/// An address in the form in which it may stand in a masked link; none where Discord would not make
/// one of it, or would show a preview.
pub fn address(url: &str) -> Option<String> {
    let web = url.starts_with("https://") || url.starts_with("http://");
    if !web || url.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return None;
    }
    let mut safe = String::with_capacity(url.len());
    for c in url.chars() {
        match c {
            // Whatever could end the link early stands as its code, which means the same.
            '(' => safe.push_str("%28"),
            ')' => safe.push_str("%29"),
            '<' => safe.push_str("%3C"),
            '>' => safe.push_str("%3E"),
            '"' => safe.push_str("%22"),
            '\'' => safe.push_str("%27"),
            '\\' => safe.push_str("%5C"),
            '`' => safe.push_str("%60"),
            '|' => safe.push_str("%7C"),
            // A mention written into an address would still be found by a search of the raw text.
            '@' => safe.push_str("%40"),
            c => safe.push(c),
        }
    }
    (limits::length(&safe) <= limits::URL).then_some(safe)
}

/// Which marks are open.
#[derive(Debug, Clone, Copy, Default)]
struct Marks {
    emphasis: bool,
    strong: bool,
    link: bool,
}

struct Writer<'a> {
    out: String,
    /// What stands before each line after the first.
    next: &'a str,
    numbers: &'a Numbers,
    /// Whether the next character would be the first of a line, not counting spaces.
    start: bool,
}

impl Writer<'_> {
    fn runs(&mut self, runs: &[Inline], marks: Marks) {
        for run in runs {
            match run {
                Inline::Text(text) => self.text(text),
                Inline::Code(text) => self.code(text, marks),
                Inline::Emphasis(inner) if marks.emphasis => self.runs(inner, marks),
                Inline::Strong(inner) if marks.strong => self.runs(inner, marks),
                Inline::Emphasis(inner) => {
                    self.marked("*", inner, Marks { emphasis: true, ..marks });
                }
                Inline::Strong(inner) => self.marked("**", inner, Marks { strong: true, ..marks }),
                Inline::Link { url, text } => self.link(url, text, marks),
                // Brackets inside a link's text could end it.
                Inline::Cite(_) if marks.link => {}
                Inline::Cite(source) => {
                    if let Some(number) = self.numbers.number(*source) {
                        push_number(number, &mut self.out);
                        self.start = false;
                    }
                }
                Inline::Break if marks.link => self.out.push(' '),
                Inline::Break => {
                    self.out.push('\n');
                    self.out.push_str(self.next);
                    self.start = true;
                }
            }
        }
    }

    /// Runs inside a pair of marks. A mark must touch a word on its inner side, and two marks must
    /// not touch each other, or Discord reads them as another one.
    fn marked(&mut self, mark: &str, inner: &[Inline], marks: Marks) {
        let words = visible(inner, self.numbers);
        if words.trim().is_empty() || words.contains('\n') || words != words.trim() {
            // An empty pair would show as asterisks; a broken one is not a pair. Better no mark
            // than a stray one.
            self.runs(inner, marks);
            return;
        }
        self.part();
        self.out.push_str(mark);
        self.start = false;
        self.runs(inner, marks);
        self.part();
        self.out.push_str(mark);
    }

    fn part(&mut self) {
        if self.out.ends_with('*') {
            self.out.push(ZERO_WIDTH_SPACE);
        }
    }

    fn link(&mut self, url: &str, text: &[Inline], marks: Marks) {
        let words = visible(text, self.numbers);
        let address = address(url).filter(|_| !marks.link && !words.trim().is_empty());
        let Some(address) = address else {
            self.runs(text, marks);
            return;
        };
        self.out.push('[');
        self.start = false;
        self.runs(text, Marks { link: true, ..marks });
        self.out.push_str("](<");
        self.out.push_str(&address);
        self.out.push_str(">)");
        // What the text cites is named after the link.
        let cited = body::citations(&[Block::Paragraph(text.to_vec())]);
        for source in cited {
            self.runs(&[Inline::Cite(source)], marks);
        }
    }

    fn code(&mut self, text: &str, marks: Marks) {
        let plain = text.contains(['`', '\n', '@']) || text.trim() != text || text.is_empty();
        if plain || marks.link {
            self.text(text);
            return;
        }
        // Two pieces of code that touch would be read as one longer mark.
        if self.out.ends_with('`') {
            self.out.push(ZERO_WIDTH_SPACE);
        }
        self.out.push('`');
        for c in text.chars() {
            push_shown(c, &mut self.out);
        }
        self.out.push('`');
        self.start = false;
    }

    fn text(&mut self, text: &str) {
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let tail = rest.get(c.len_utf8()..).unwrap_or("");
            if self.must_escape(c, tail) {
                self.out.push('\\');
            }
            push_shown(c, &mut self.out);
            if c == '@' && names_everybody(tail) {
                self.out.push(ZERO_WIDTH_SPACE);
            }
            if self.start && c.is_ascii_digit() {
                // `1.` and `1)` at a line's start would become a list: the mark behind the digits counts.
                let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
                let (number, after) = rest.split_at_checked(digits).unwrap_or((rest, ""));
                self.out.push_str(number.get(1..).unwrap_or(""));
                if after.starts_with(['.', ')']) {
                    self.out.push('\\');
                    self.out.push_str(after.get(..1).unwrap_or(""));
                    rest = after.get(1..).unwrap_or("");
                } else {
                    rest = after;
                }
                self.start = false;
                continue;
            }
            self.start = self.start && c.is_whitespace();
            rest = tail;
        }
    }

    fn must_escape(&self, c: char, tail: &str) -> bool {
        match c {
            '\\' | '*' | '_' | '~' | '`' | '|' | '[' | ']' | '<' => true,
            '#' | '-' | '+' | '>' => self.start,
            // A number of a source followed by a bracket would become a link.
            '(' => self.out.ends_with(']'),
            ':' => tail.starts_with("//") || is_emoji_name(tail),
            _ => false,
        }
    }
}

const ZERO_WIDTH_SPACE: char = '\u{200b}';

/// The number of a source.
pub(super) fn push_number(number: usize, out: &mut String) {
    out.push('[');
    out.push_str(&number.to_string());
    out.push(']');
}

/// A character as it is shown: line breaks and tabs are spaces inside a run, other controls are nothing.
pub(super) fn push_shown(c: char, out: &mut String) {
    if c == '\n' || c == '\t' {
        out.push(' ');
    } else if !c.is_control() {
        out.push(c);
    }
}

/// Whether what follows an `@` makes it a mention of everybody, which Discord's servers find even
/// behind a backslash.
fn names_everybody(tail: &str) -> bool {
    tail.starts_with("everyone") || tail.starts_with("here")
}

/// Whether what follows a `:` makes it an emoji.
fn is_emoji_name(tail: &str) -> bool {
    let name = tail.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '+' | '-')));
    name.is_some_and(|end| end > 0 && tail.get(end..).is_some_and(|rest| rest.starts_with(':')))
}
