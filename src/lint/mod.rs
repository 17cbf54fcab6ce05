//! Finds what is wrong with claims that could be read: unfair, unsourced, too long, or not doing what their phrasings promise. Knows neither files nor how findings are printed.
//!
//! What it costs: every variant of every phrasing, every alias name once, and every near miss is one
//! `Matcher::find`; a hundred claims with ten phrasings each are some ten thousand of them. All else is cheap.

mod answers;
mod claims;
mod limits;
mod phrasings;
pub mod rule;
mod sources;
pub mod trial;

use std::collections::BTreeSet;

use crate::matching::Matcher;
use crate::model::catalog::Catalog;
use crate::model::claim::Claim;
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
    /// Names of claims whose files hold errors: they exist, though the catalog lacks them.
    pub unread: &'a BTreeSet<String>,
    /// The day on which reviews are due or not; none: no rule asks.
    pub today: Option<Date>,
}

/// Everything wrong with the claims, in the order of the files. `matcher` was built from `catalog`.
pub fn lint(catalog: &Catalog, matcher: &Matcher, context: &Context<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (claim, origin) in located(catalog, context.origins) {
        claims::check(claim, origin, catalog, context, &mut found);
        sources::check(claim, origin, context.hosts, &mut found);
        limits::check(claim, origin, &mut found);
    }
    phrasings::check(catalog, context.origins, &mut found);
    answers::check(catalog, matcher, context.origins, &mut found);
    found.sort_by_key(|found| (found.span.file, found.span.start, found.span.end, found.code));
    found
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
