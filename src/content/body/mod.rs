//! Reads the text of a response: Markdown becomes blocks. Knows which Markdown a reply can carry, not how it is rendered.

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, TextMergeWithOffset};

use crate::content::build::no_source;
use crate::content::suggest::nearest;
use crate::model::body::{Block, Inline, Response, plain};
use crate::model::code;
use crate::model::diagnostic::Diagnostic;
use crate::model::origin::LinkOrigin;
use crate::model::span::{FileId, Span};

/// The headings of the two sections that stand behind buttons.
const DETAILS: &str = "Details";
const DISPUTED: &str = "What is disputed";

/// Marks inside marks inside marks: no sentence needs more, and it bounds how deep a reader has to go.
const MAX_DEPTH: usize = 6;

/// What was read of a text.
#[derive(Debug)]
pub struct Body {
    /// The blocks.
    pub response: Response,
    /// Where the part before the first heading stands.
    pub short: Span,
    /// The links, in order.
    pub links: Vec<LinkOrigin>,
}

/// Reads `text[body]`, the part below the front matter. `keys` are the keys of the sources, in order.
pub fn parse(
    text: &str,
    body: Range<usize>,
    file: FileId,
    keys: &[String],
    out: &mut Vec<Diagnostic>,
) -> Body {
    let markdown = text.get(body.clone()).unwrap_or("");
    // For Markdown a footnote without a definition is no footnote, and ours are defined in the front
    // matter: each one that the text names gets a definition behind the text, where it is skipped.
    let mut whole = markdown.to_owned();
    for label in labels(markdown) {
        whole.push_str("\n\n[^");
        whole.push_str(label);
        whole.push_str("]: x");
    }
    let options = Options::ENABLE_FOOTNOTES
        | Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS;
    let end = body.start + markdown.trim_end().len();
    let start = body.start + (markdown.len() - markdown.trim_start().len()).min(end - body.start);
    let mut reader = Reader {
        markdown,
        file,
        base: body.start,
        keys,
        section: Section::Short,
        seen: Vec::new(),
        open: Vec::new(),
        skipped: 0,
        short_end: None,
        body: Body {
            response: Response::default(),
            short: Span::new(file, start..end),
            links: Vec::new(),
        },
        out,
    };
    let events = TextMergeWithOffset::new(Parser::new_ext(&whole, options).into_offset_iter());
    for (event, range) in events.take_while(|(_, range)| range.start < markdown.len()) {
        reader.event(event, range.start..range.end.min(markdown.len()));
    }
    reader.finish()
}

/// The labels of all that looks like a footnote, each once.
fn labels(markdown: &str) -> Vec<&str> {
    let mut labels = Vec::new();
    for part in markdown.split("[^").skip(1) {
        let Some((label, _)) = part.split_once(']') else { continue };
        let plain = label.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
        if plain && !label.is_empty() && !labels.contains(&label) {
            labels.push(label);
        }
    }
    labels
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    Short,
    Details,
    Disputed,
}

/// What is open around the words being read.
#[derive(Debug)]
enum Open {
    Paragraph(Vec<Inline>),
    Quote(Vec<Inline>),
    List { ordered: Option<u64>, items: Vec<Vec<Inline>> },
    Item(Vec<Inline>),
    Emphasis(Vec<Inline>),
    Strong(Vec<Inline>),
    Link { url: String, text: Vec<Inline> },
    Heading { at: Range<usize>, good: bool, text: Vec<Inline> },
}

impl Open {
    fn inlines(&mut self) -> Option<&mut Vec<Inline>> {
        match self {
            Self::Paragraph(inlines)
            | Self::Quote(inlines)
            | Self::Item(inlines)
            | Self::Emphasis(inlines)
            | Self::Strong(inlines)
            | Self::Link { text: inlines, .. }
            | Self::Heading { text: inlines, .. } => Some(inlines),
            Self::List { .. } => None,
        }
    }
}

#[derive(Debug)]
struct Reader<'a> {
    markdown: &'a str,
    file: FileId,
    base: usize,
    keys: &'a [String],
    section: Section,
    seen: Vec<Section>,
    open: Vec<Open>,
    /// How many tags are open inside something that cannot be carried.
    skipped: usize,
    short_end: Option<usize>,
    body: Body,
    out: &'a mut Vec<Diagnostic>,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, at: Range<usize>) {
        if self.skipped > 0 {
            match event {
                Event::Start(_) => self.skipped += 1,
                Event::End(_) => self.skipped -= 1,
                _ => {}
            }
            return;
        }
        match event {
            Event::Start(tag) => self.start(tag, at),
            Event::End(end) => self.end(end),
            Event::Text(words) => self.text(&words, at),
            Event::Code(words) => self.push(Inline::Code(words.into_string())),
            Event::SoftBreak => self.words(" "),
            Event::HardBreak => self.push(Inline::Break),
            Event::FootnoteReference(label) => self.cite(&label, at),
            Event::InlineHtml(_) | Event::Html(_) => self.unsupported("raw HTML", at),
            Event::Rule => self.unsupported("a horizontal line", at),
            Event::TaskListMarker(_) => self.unsupported("a check box", at),
            Event::InlineMath(_) | Event::DisplayMath(_) => self.unsupported("a formula", at),
        }
    }

    fn start(&mut self, tag: Tag<'_>, at: Range<usize>) {
        let open = match tag {
            // A paragraph inside an item or quotation only parts its lines.
            Tag::Paragraph => match self.open.last_mut() {
                Some(Open::Item(inlines) | Open::Quote(inlines)) => {
                    if !inlines.is_empty() {
                        inlines.push(Inline::Break);
                    }
                    return;
                }
                _ => Open::Paragraph(Vec::new()),
            },
            Tag::BlockQuote(_) if self.open.is_empty() => Open::Quote(Vec::new()),
            Tag::List(ordered) if self.open.is_empty() => Open::List { ordered, items: Vec::new() },
            Tag::Item => Open::Item(Vec::new()),
            Tag::Emphasis if self.open.len() < MAX_DEPTH => Open::Emphasis(Vec::new()),
            Tag::Strong if self.open.len() < MAX_DEPTH => Open::Strong(Vec::new()),
            Tag::Link { dest_url, .. } if self.open.len() < MAX_DEPTH => {
                let url = dest_url.into_string();
                self.body.links.push(LinkOrigin { url: url.clone(), span: self.place(at) });
                Open::Link { url, text: Vec::new() }
            }
            Tag::Heading { level, .. } => {
                Open::Heading { at, good: level == HeadingLevel::H2, text: Vec::new() }
            }
            Tag::FootnoteDefinition(label) => {
                let first = at.start..at.end.min(at.start + label.len() + "[^]:".len());
                self.out.push(
                    Diagnostic::error(
                        code::FOOTNOTE_DEFINITION,
                        self.place(first),
                        "footnotes are not defined in the text",
                    )
                    .hint(format!("write a `[[source]]` with `key = \"{label}\"` instead")),
                );
                return self.skipped = 1;
            }
            other => return self.skip(&other, at),
        };
        self.open.push(open);
    }

    fn skip(&mut self, tag: &Tag<'_>, at: Range<usize>) {
        let what = match tag {
            Tag::HtmlBlock => "raw HTML",
            Tag::Image { .. } => "an image",
            Tag::Table(_) | Tag::TableHead | Tag::TableRow | Tag::TableCell => "a table",
            Tag::CodeBlock(_) => "a code block",
            Tag::Strikethrough => "struck-out text",
            Tag::List(_) => "a list inside a list or quotation",
            Tag::BlockQuote(_) => "a quotation inside a list or quotation",
            Tag::Emphasis | Tag::Strong | Tag::Link { .. } => {
                "text with so many marks inside each other"
            }
            _ => "this Markdown",
        };
        self.unsupported(what, at);
        self.skipped = 1;
    }

    fn end(&mut self, end: TagEnd) {
        if end == TagEnd::Paragraph
            && matches!(self.open.last(), Some(Open::Item(_) | Open::Quote(_)))
        {
            return;
        }
        match self.open.pop() {
            Some(Open::Paragraph(inlines)) => self.block(Block::Paragraph(inlines)),
            Some(Open::Quote(inlines)) => self.block(Block::Quote(inlines)),
            Some(Open::List { ordered, items }) => self.block(Block::List { ordered, items }),
            Some(Open::Item(inlines)) => {
                if let Some(Open::List { items, .. }) = self.open.last_mut() {
                    items.push(inlines);
                }
            }
            Some(Open::Emphasis(inlines)) => self.push(Inline::Emphasis(inlines)),
            Some(Open::Strong(inlines)) => self.push(Inline::Strong(inlines)),
            Some(Open::Link { url, text }) => self.push(Inline::Link { url, text }),
            Some(Open::Heading { at, good, text }) => self.heading(at, good, &plain(&text)),
            None => {}
        }
    }

    fn heading(&mut self, at: Range<usize>, good: bool, title: &str) {
        self.short_end.get_or_insert(at.start);
        let section = match title {
            DETAILS if good => Section::Details,
            DISPUTED if good => Section::Disputed,
            _ => {
                let found = Diagnostic::error(
                    code::UNKNOWN_HEADING,
                    self.place(at),
                    format!("unknown heading `{title}`"),
                );
                self.out.push(found.hint(match nearest(title, [DETAILS, DISPUTED]) {
                    Some(near) => format!("did you mean `## {near}`?"),
                    None => format!("the headings are `## {DETAILS}` and `## {DISPUTED}`"),
                }));
                return;
            }
        };
        if self.seen.contains(&section) {
            self.out.push(
                Diagnostic::error(
                    code::UNKNOWN_HEADING,
                    self.place(at),
                    format!("the heading `{title}` stands twice"),
                )
                .hint("put both parts below one heading"),
            );
        }
        self.seen.push(section);
        self.section = section;
    }

    fn text(&mut self, words: &str, at: Range<usize>) {
        let in_link = self.open.iter().any(|open| matches!(open, Open::Link { .. }));
        if !in_link && (words.contains("https://") || words.contains("http://")) {
            let at = self.part(&at, "http", char::is_whitespace);
            self.out.push(
                Diagnostic::error(code::BARE_ADDRESS, at, "a bare address stands in the text")
                    .hint("cite a `[[source]]` with this `url`, or write `[words](address)`"),
            );
        }
        if words.contains("[^") {
            let at = self.part(&at, "[^", |c| c == ']');
            self.out.push(
                Diagnostic::error(
                    code::FOOTNOTE_WITHOUT_SOURCE,
                    at,
                    "`[^` stands in the text and begins no footnote",
                )
                .hint("a footnote is written `[^key]`, with small letters, digits and `-`"),
            );
        }
        self.words(words);
    }

    /// The place inside `at` from `start` up to where `ends` holds.
    fn part(&self, at: &Range<usize>, start: &str, ends: impl Fn(char) -> bool) -> Span {
        let raw = self.markdown.get(at.clone()).unwrap_or("");
        let from = raw.find(start).unwrap_or(0);
        let to = raw.get(from..).and_then(|rest| rest.find(ends)).map_or(raw.len(), |to| from + to);
        self.place(at.start + from..at.start + to)
    }

    fn cite(&mut self, label: &str, at: Range<usize>) {
        if let Some(source) = self.keys.iter().position(|key| key == label) {
            self.push(Inline::Cite(source));
        } else {
            let at = self.place(at);
            self.out.push(no_source(code::FOOTNOTE_WITHOUT_SOURCE, at, label, self.keys));
        }
    }

    fn words(&mut self, words: &str) {
        if let Some(inlines) = self.open.last_mut().and_then(Open::inlines) {
            match inlines.last_mut() {
                Some(Inline::Text(last)) => last.push_str(words),
                _ => inlines.push(Inline::Text(words.to_owned())),
            }
        }
    }

    fn push(&mut self, inline: Inline) {
        if let Some(inlines) = self.open.last_mut().and_then(Open::inlines) {
            inlines.push(inline);
        }
    }

    fn block(&mut self, block: Block) {
        let response = &mut self.body.response;
        match self.section {
            Section::Short => response.short.push(block),
            Section::Details => response.details.push(block),
            Section::Disputed => response.disputed.push(block),
        }
    }

    fn unsupported(&mut self, what: &str, at: Range<usize>) {
        self.out.push(
            Diagnostic::error(
                code::UNSUPPORTED_MARKDOWN,
                self.place(at),
                format!("{what} cannot stand in a reply"),
            )
            .hint("paragraphs, lists, quotations, emphasis, `code`, links and footnotes can"),
        );
    }

    fn place(&self, at: Range<usize>) -> Span {
        Span::new(self.file, self.base + at.start..self.base + at.end)
    }

    fn finish(mut self) -> Body {
        if let Some(end) = self.short_end {
            let end = (self.base + end).max(self.body.short.start).min(self.body.short.end);
            self.body.short.end = end;
        }
        self.body
    }
}

#[cfg(test)]
mod tests;
