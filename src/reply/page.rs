//! What stands behind the buttons: pages of quotations, and the whole response. Knows neither who pressed nor how pages are turned.

use crate::model::body::Inline;
use crate::model::claim::Claim;
use crate::model::source::{Quote, Source};
use crate::reply::ButtonKind;
use crate::reply::cite::{self, Extent};
use crate::reply::compact;
use crate::reply::cut;
use crate::reply::limits;
use crate::reply::render::{self, Line, Numbers, Prefix};
use crate::reply::words;

/// Room for `page n of m` under a page.
const FOOTER: usize = 40;

/// A page with less room than this is left, where what comes next must be parted: two lines on a
/// telephone are not worth a cut.
const WORTH_A_CUT: usize = 300;

/// The pages behind a button, each at most [`limits::CONTENT`] characters. The button that takes a
/// reply away has none.
pub fn pages(claim: &Claim, kind: ButtonKind) -> Vec<String> {
    let numbers = compact::numbers(claim);
    let pieces = match kind {
        ButtonKind::Quotes => quotes(claim, &numbers),
        ButtonKind::Full => full(claim, &numbers),
        ButtonKind::NotSaid => return Vec::new(),
    };
    paginate(pieces, &numbers)
}

/// A plain text of several lines as pages that Discord shows to the letter.
pub fn plain_pages(text: &str) -> Vec<String> {
    let pieces = text.lines().map(|line| Piece::new(Line::new(render::broken(line)))).collect();
    paginate(pieces, &Numbers::default())
}

/// One line with how it hangs together with its neighbours.
#[derive(Debug, Clone)]
struct Piece {
    line: Line,
    /// Whether an empty line stands before it.
    apart: bool,
    /// Whether it may not be the last of its page.
    heads: bool,
}

impl Piece {
    fn new(line: Line) -> Self {
        Self { line, apart: false, heads: false }
    }

    fn apart(self) -> Self {
        Self { apart: true, ..self }
    }

    fn heads(self) -> Self {
        Self { heads: true, ..self }
    }
}

fn text(words: impl Into<String>) -> Inline {
    Inline::Text(words.into())
}

fn labelled(label: &str, words: &str) -> Line {
    Line::new(vec![Inline::Strong(vec![text(label)]), text(" "), text(words)])
}

fn quotes(claim: &Claim, numbers: &Numbers) -> Vec<Piece> {
    let mut pieces = vec![
        Piece::new(Line::bold(words::button(ButtonKind::Quotes))).heads(),
        Piece::new(labelled("Claim:", &claim.claim)),
    ];
    for index in numbers.order() {
        let Some(source) = claim.sources.get(*index) else { continue };
        let head = Line::new(cite::source(*index, source, Extent::Whole, true));
        pieces.push(Piece::new(head).apart().heads());
        pieces.push(Piece {
            heads: !source.quotes.is_empty(),
            ..Piece::new(Line::small(vec![text(standing(source))]))
        });
        for quote in &source.quotes {
            pieces.extend(quotation(quote, source));
        }
    }
    pieces
}

/// What kind of source it is, and whether words are quoted from it.
pub fn standing(source: &Source) -> String {
    let kind = words::source_kind(source.kind);
    if source.quotes.is_empty() {
        format!("{kind}; named only, no words are quoted from it")
    } else {
        kind.to_owned()
    }
}

/// A quotation to the letter, its translation, and how it was checked.
fn quotation(quote: &Quote, source: &Source) -> Vec<Piece> {
    let block =
        |words: &str| Piece::new(Line { prefix: Prefix::Quote, runs: render::broken(words) });
    let mut pieces = vec![block(&quote.text)];
    if let Some(translation) = &quote.translation {
        let by = quote.translated_by.as_ref().map(|by| format!(" by {by}")).unwrap_or_default();
        pieces.push(Piece::new(Line::small(vec![text(format!("translation{by}:"))])).heads());
        pieces.push(block(translation));
    }
    pieces.push(Piece::new(Line::small(vec![text(how_checked(quote, source))])));
    pieces
}

/// In which language a quotation stands, and how it was compared with its original.
pub fn how_checked(quote: &Quote, source: &Source) -> String {
    let mut how = Vec::new();
    if let Some(tag) = &quote.language {
        how.push(format!("quoted in {}", words::language(tag).unwrap_or(tag)));
    }
    how.push(words::checked(quote.checked).to_owned());
    how.extend(source.checked_by.as_ref().map(|by| format!("compared with the original by {by}")));
    how.join(" · ")
}

fn full(claim: &Claim, numbers: &Numbers) -> Vec<Piece> {
    let response = &claim.response;
    let mut verdict = words::verdict(claim.verdict).to_owned();
    verdict.push_str(" (");
    verdict.push_str(words::evidence(claim.evidence));
    verdict.push_str("). ");
    verdict.push_str(&claim.reason);
    let mut pieces = vec![
        Piece::new(Line::bold(words::button(ButtonKind::Full))).heads(),
        Piece::new(labelled("Claim:", &claim.claim)),
        Piece::new(labelled("Verdict:", &verdict)),
    ];
    for (title, blocks) in [
        (None, &response.short),
        (Some("Details"), &response.details),
        (Some("What is disputed"), &response.disputed),
    ] {
        let mut apart = true;
        if let Some(title) = title.filter(|_| !blocks.is_empty()) {
            pieces.push(Piece::new(Line::bold(title)).apart().heads());
            apart = false;
        }
        for line in render::lines(blocks) {
            let item = matches!(line.prefix, Prefix::Item(_));
            pieces.push(Piece { apart: apart && !item, ..Piece::new(line) });
            apart = true;
        }
    }
    if !claim.sources.is_empty() {
        pieces.push(Piece::new(Line::bold("Sources")).apart().heads());
    }
    for index in numbers.order() {
        let Some(source) = claim.sources.get(*index) else { continue };
        let runs = cite::source(*index, source, Extent::Whole, true);
        pieces.push(Piece::new(Line::small(runs)));
    }
    if !claim.corrections.is_empty() {
        pieces.push(Piece::new(Line::bold("Corrections")).apart().heads());
    }
    for correction in &claim.corrections {
        let why = correction.why.as_ref().map(|why| format!(" ({why})")).unwrap_or_default();
        let line = format!("{}: {}{why}", correction.date, correction.what);
        pieces.push(Piece::new(Line::new(vec![text(line)])));
    }
    let dates = format!(
        "published {} · reviewed {} · revision {}",
        claim.published,
        claim.reviewed,
        claim.revision.start()
    );
    pieces.push(Piece::new(Line::small(vec![text(dates)])).apart());
    pieces
}

/// A page as it grows: its text, and where its last run of headings begins.
#[derive(Default)]
struct Page {
    parts: Vec<(Piece, String)>,
    length: usize,
}

impl Page {
    fn room(&self, piece: &Piece) -> usize {
        let between = if self.parts.is_empty() { 0 } else { 1 + usize::from(piece.apart) };
        (limits::CONTENT - FOOTER).saturating_sub(self.length + between)
    }

    fn push(&mut self, piece: Piece, rendered: String) {
        if !self.parts.is_empty() {
            self.length += 1 + usize::from(piece.apart);
        }
        self.length += limits::length(&rendered);
        self.parts.push((piece, rendered));
    }

    /// Whether nothing but headings stands on it.
    fn is_bare(&self) -> bool {
        self.parts.iter().all(|(piece, _)| piece.heads)
    }

    /// A new page that begins with the headings that would have ended this one.
    fn turn(&mut self) -> Self {
        let body = self.parts.iter().rposition(|(piece, _)| !piece.heads).map_or(0, |at| at + 1);
        let mut next = Self::default();
        for (piece, rendered) in self.parts.split_off(body) {
            next.push(piece, rendered);
        }
        next
    }

    fn text(&self) -> String {
        let mut out = String::new();
        for (piece, rendered) in &self.parts {
            if !out.is_empty() {
                out.push_str(if piece.apart { "\n\n" } else { "\n" });
            }
            out.push_str(rendered);
        }
        out
    }
}

/// Lays pieces out on pages: whole where they fit on one, and otherwise parted between sentences.
fn paginate(pieces: Vec<Piece>, numbers: &Numbers) -> Vec<String> {
    let whole = limits::CONTENT - FOOTER;
    let mut done: Vec<Page> = Vec::new();
    let mut page = Page::default();
    for mut piece in pieces {
        loop {
            let rendered = render::line(&piece.line, numbers);
            let room = page.room(&piece);
            let length = limits::length(&rendered);
            if length <= room {
                page.push(piece, rendered);
                break;
            }
            if !page.is_bare() && (length <= whole || room < WORTH_A_CUT) {
                let next = page.turn();
                done.push(std::mem::replace(&mut page, next));
                continue;
            }
            let fits = |runs: &[Inline]| {
                limits::length(&render::line(&piece.line.with(runs.to_vec()), numbers)) <= room
            };
            let (head, tail) = cut::split(&piece.line.runs, numbers, fits);
            if head.is_empty() {
                if page.parts.is_empty() {
                    // Something that is too large even alone goes on as plain words, which can be parted anywhere.
                    let words = render::visible(&piece.line.runs, numbers);
                    piece.line.runs = render::broken(words.trim_start());
                } else {
                    done.push(std::mem::take(&mut page));
                }
                continue;
            }
            let rest = piece.line.with(tail);
            let head = piece.line.with(head);
            let rendered = render::line(&head, numbers);
            page.push(Piece { line: head, heads: false, ..piece.clone() }, rendered);
            done.push(std::mem::take(&mut page));
            piece = Piece { line: rest, apart: false, ..piece };
        }
    }
    if !page.parts.is_empty() {
        done.push(page);
    }
    numbered(&done)
}

fn numbered(pages: &[Page]) -> Vec<String> {
    let count = pages.len();
    let number = |(at, page): (usize, &Page)| match count {
        1 => page.text(),
        _ => format!("{}\n-# page {} of {count}", page.text(), at + 1),
    };
    pages.iter().enumerate().map(number).collect()
}
