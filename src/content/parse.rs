//! One response file becomes a claim, or diagnostics about all that keeps it from being one. Knows no folder: what the file's name says is given.

use std::collections::BTreeMap;

use crate::content::build::{Given, Places, claim, sources};
use crate::content::front::split;
use crate::content::schema::CLAIM;
use crate::content::shape::Shape;
use crate::content::{body, brackets, invisible, todo, tree};
use crate::model::body::plain_blocks;
use crate::model::claim::{Claim, ClaimId, Revision};
use crate::model::code;
use crate::model::diagnostic::{Diagnostic, Severity};
use crate::model::origin::Origin;
use crate::model::phrasing::Aliases;
use crate::model::span::{FileId, Span};

/// What a file's place and bytes say of its claim.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The file's name without `.md`. Where that is no id, the text is checked all the same and no claim comes of it.
    pub id: Option<ClaimId>,
    /// The folder's name.
    pub pack: String,
    /// The bytes by hash.
    pub revision: Revision,
}

/// What became of a file.
#[derive(Debug)]
pub struct Parsed {
    /// The claim, where no error was found.
    pub claim: Option<Claim>,
    /// The claim as far as it could be read, where there are errors. It is for checking, not for answering.
    pub flawed: Option<Claim>,
    /// Where its parts stand; none where the file has no front matter.
    pub origin: Option<Origin>,
    /// All that was found, in the order of the file.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a response file. Never stops at the first fault.
pub fn parse(text: &str, file: FileId, identity: Identity, aliases: &Aliases) -> Parsed {
    let mut out = Vec::new();
    todo::check(text, file, &mut out);
    let (mut claim, origin) = match split(text, file, &mut out) {
        Some(parts) => {
            let toml = text.get(parts.front.clone()).unwrap_or("");
            let head = Span::new(file, parts.head);
            let start = parts.front.start;
            let toml = brackets::mend(toml, file, start, &mut out);
            let (claim, origin) = tree::read_mended(&toml, file, start, |view, syntax| {
                let shape = Shape::check(&CLAIM, view, head, syntax.is_empty());
                let sources = sources(view, &mut out);
                let whole = Span::new(file, parts.body.clone());
                invisible::check_fields(view, text, &mut out);
                let body = read_body(text, whole, &sources.keys, &mut out);
                let source_origins = sources.origins.clone();
                let Identity { id, pack, revision } = identity;
                let given = Given { id, pack, revision, response: body.response, sources };
                let mut places = Places::default();
                let claim = claim(view, given, aliases, &mut places, &mut out);
                let near_misses = view.texts("near_misses").into_iter().map(|(_, at)| at);
                let origin = Origin {
                    head,
                    fields: view.spans(),
                    phrasings: places.phrasings,
                    counter_phrasings: places.counter_phrasings,
                    near_misses: near_misses.collect(),
                    related: places.related,
                    corrections: places.corrections,
                    sources: source_origins,
                    short: body.short,
                    text: whole,
                    links: body.links,
                };
                out.extend(without_echoes(syntax, &shape.found));
                out.extend(shape.found);
                (claim, origin)
            });
            (claim, Some(origin))
        }
        None => (None, None),
    };
    let mut flawed = None;
    if out.iter().any(|found| found.severity == Severity::Error) {
        flawed = claim.take();
    }
    in_order(&mut out);
    Parsed { claim, flawed, origin, diagnostics: out }
}

/// Reads the text, and looks for what nobody sees in it.
fn read_body(text: &str, at: Span, keys: &[String], out: &mut Vec<Diagnostic>) -> body::Body {
    let before = out.len();
    let markdown = text.get(at.start..at.end).unwrap_or("");
    invisible::check(markdown, at.start, at.file, out);
    let is_seen = out.len() == before;
    let body = body::parse(text, at.start..at.end, at.file, keys, out);
    let response = &body.response;
    for blocks in [&response.short, &response.details, &response.disputed] {
        if is_seen {
            invisible::check_shown(&plain_blocks(blocks), at, out);
        }
    }
    body
}

/// Sorts findings by where they stand.
pub(super) fn in_order(found: &mut [Diagnostic]) {
    found.sort_by_key(|found| (found.span.file, found.span.start, found.span.end, found.code));
}

/// What TOML says of a date that is none was said better by the table of fields.
fn without_echoes(syntax: Vec<Diagnostic>, shape: &[Diagnostic]) -> Vec<Diagnostic> {
    let mut said: BTreeMap<usize, usize> = BTreeMap::new();
    for found in shape.iter().filter(|found| found.code == code::BAD_DATE) {
        said.insert(found.span.start, found.span.end);
    }
    syntax
        .into_iter()
        .filter(|error| {
            let before = said.range(..=error.span.start).next_back();
            before.is_none_or(|(_, end)| error.span.start >= *end)
        })
        .collect()
}
