//! Finds what is wrong with claims that could be read: unfair, unsourced, too long, or not doing what their phrasings promise. Knows neither files nor how findings are printed.
//!
//! What it costs: [`answered`] asks for every variant of every phrasing, every alias name once, and every
//! near miss: one `Matcher::find` each, some three hundred a claim. [`written`] is cheap beside that.

mod answers;
pub mod balance;
mod claims;
mod limits;
mod phrasings;
pub mod rule;
mod sources;
pub mod trial;
mod wording;

use std::collections::BTreeSet;

use crate::matching::Matcher;
use crate::model::catalog::Catalog;
use crate::model::claim::{Claim, Status};
use crate::model::code;
use crate::model::date::Date;
use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::hosts::Hosts;
use crate::model::origin::{Origin, Origins};
use crate::model::span::Span;

/// What the rules need beside the claims.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Where the claims stand. A claim without an origin is not checked: nothing could be pointed at.
    pub origins: &'a Origins,
    /// The hosts that may be linked.
    pub hosts: &'a Hosts,
    /// Names of claims whose files hold errors: they exist, though not all could be read.
    pub unread: &'a BTreeSet<String>,
    /// What was found while reading: what only follows from it is not said again.
    pub read: &'a [Diagnostic],
    /// The day on which reviews are due or not; none: no rule asks.
    pub today: Option<Date>,
}

/// What is wrong with the claims as they are written, in the order of the files.
pub fn written(catalog: &Catalog, context: &Context<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (claim, origin) in located(catalog, context.origins) {
        let mut of_claim = Vec::new();
        claims::check(claim, origin, catalog, context, &mut of_claim);
        sources::check(claim, origin, context.hosts, &mut of_claim);
        limits::check(claim, origin, &mut of_claim);
        wording::check(claim, origin, &mut of_claim);
        of_claim.retain(|found| !is_echo(found, origin, context.read));
        found.extend(of_claim);
    }
    phrasings::check(catalog, context.origins, &mut found);
    balance::check(catalog, context.origins, &mut found);
    found.sort_by_key(|found| (found.span.file, found.span.start, found.span.end, found.code));
    found
}

/// What phrasings and near misses of some claims do, with all others there; in the order of the files.
/// `matcher` was built from `catalog`. Claims are tried each by itself, so that the work can be shared out.
pub fn answered(
    catalog: &Catalog,
    matcher: &Matcher,
    origins: &Origins,
    is_tried: &dyn Fn(&Claim) -> bool,
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let is_published = |claim: &Claim| claim.status == Status::Published && is_tried(claim);
    answers::check(catalog, matcher, origins, is_published, &mut found);
    answers::check_drafts(catalog, origins, is_tried, &mut found);
    found.sort_by_key(|found| (found.span.file, found.span.start, found.span.end, found.code));
    found
}

/// The part of [`answered`] that depends on what is posted: for published claims whose phrasings and near
/// misses are as they were.
pub fn answered_texts(
    catalog: &Catalog,
    matcher: &Matcher,
    origins: &Origins,
    is_tried: &dyn Fn(&Claim) -> bool,
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let is_published = |claim: &Claim| claim.status == Status::Published && is_tried(claim);
    answers::check_texts(catalog, matcher, origins, is_published, &mut found);
    found
}

/// Findings that may only follow from what was found while reading, each with what it may follow from.
const ECHOES: &[(Code, &[Code])] = &[
    (code::SHORT_MISSING, UNREAD_TEXT),
    (code::SHORT_WITHOUT_SOURCE, UNREAD_TEXT),
    (code::SOURCE_NOT_CITED, UNREAD_TEXT),
    (code::SOURCES_NOT_INDEPENDENT, UNREAD_TEXT),
    (code::UNREAD_WORDS, UNREAD_QUOTES),
    (code::ONE_SIDED, UNREAD_PHRASINGS),
];

const UNREAD_TEXT: &[Code] = &[
    code::UNKNOWN_HEADING,
    code::UNSUPPORTED_MARKDOWN,
    code::FOOTNOTE_WITHOUT_SOURCE,
    code::FOOTNOTE_DEFINITION,
    code::UNKNOWN_SOURCE,
];

/// Where a source cannot be read its quotations are missing.
const UNREAD_QUOTES: &[Code] = &[code::MISSING_FIELD, code::EMPTY_VALUE, code::BAD_VALUE];

const UNREAD_PHRASINGS: &[Code] =
    &[code::BAD_PHRASING, code::TOO_MANY_VARIANTS, code::UNKNOWN_ALIAS, code::MISPLACED_FIELD];

/// Whether a finding of a claim only follows from one that its file has anyway.
fn is_echo(found: &Diagnostic, origin: &Origin, read: &[Diagnostic]) -> bool {
    let causes = ECHOES.iter().find(|(code, _)| *code == found.code).map(|(_, causes)| *causes);
    let in_file = |earlier: &&Diagnostic| earlier.span.file == origin.head.file;
    causes.is_some_and(|causes| {
        read.iter().filter(in_file).any(|earlier| causes.contains(&earlier.code))
    })
}

/// The claims with the places where they stand.
fn located<'a>(
    catalog: &'a Catalog,
    origins: &'a Origins,
) -> impl Iterator<Item = (&'a Claim, &'a Origin)> {
    catalog.claims().iter().filter_map(|claim| Some((claim, origins.claim(&claim.id)?)))
}

/// A finding as grave as its rule says.
fn finding(code: Code, at: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(code, rule::level(code), at, message)
}
