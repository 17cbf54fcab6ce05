//! Rules about what a response rests on: cited, linkable, independent. Knows neither what a source says nor whether its address answers.

use std::collections::BTreeSet;

use crate::lint::finding;
use crate::model::body::citations;
use crate::model::claim::{Claim, Verdict};
use crate::model::code;
use crate::model::diagnostic::Diagnostic;
use crate::model::hosts::{AddressError, Hosts, host};
use crate::model::origin::{Origin, SourceOrigin};
use crate::model::source::{Source, SourceKind};
use crate::model::span::Span;

pub(super) fn check(claim: &Claim, origin: &Origin, hosts: &Hosts, out: &mut Vec<Diagnostic>) {
    let cited = cited(claim);
    for (at, (source, place)) in claim.sources.iter().zip(&origin.sources).enumerate() {
        if !cited.contains(&at) {
            out.push(
                finding(
                    code::SOURCE_NOT_CITED,
                    place.field("key"),
                    format!("the source `{}` is never cited", source.key),
                )
                .hint(format!("cite it with `[^{}]`, or leave it out", source.key)),
            );
        }
        translations(source, place, out);
        addresses(source, place, hosts, out);
        numbers(source, place, out);
        locator(source, place, out);
    }
    for link in &origin.links {
        address(&link.url, link.span, "the link", Excuse::Impossible, hosts, out);
    }
    independence(claim, origin, &cited, out);
}

/// The sources that the text or a field of the claim cites.
fn cited(claim: &Claim) -> BTreeSet<usize> {
    let response = &claim.response;
    let sections = [&response.short, &response.details, &response.disputed];
    let fields = [&claim.claimant, &claim.first_appearance];
    let by_text = sections.into_iter().flat_map(|section| citations(section));
    by_text.chain(fields.into_iter().flatten().map(|said| said.source)).collect()
}

/// A translation is somebody's words too.
fn translations(source: &Source, place: &SourceOrigin, out: &mut Vec<Diagnostic>) {
    for (quote, at) in source.quotes.iter().zip(&place.quotes) {
        if quote.translation.is_some() && quote.translated_by.is_none() {
            out.push(
                finding(
                    code::MISSING_FIELD,
                    *at,
                    "the quotation's translation has no `translated_by`",
                )
                .hint("say who translated it, were it the author of this file"),
            );
        }
    }
}

fn addresses(source: &Source, place: &SourceOrigin, hosts: &Hosts, out: &mut Vec<Diagnostic>) {
    let excuse = if source.link_reason.is_some() { Excuse::Given } else { Excuse::Missing };
    for (name, value) in [("url", &source.url), ("archive", &source.archive)] {
        if let Some(url) = value {
            address(url, place.field(name), &format!("`{name}`"), excuse, hosts, out);
        }
    }
}

/// Whether a `link_reason` speaks for an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Excuse {
    Given,
    Missing,
    /// A link in the text has no place for one.
    Impossible,
}

fn address(
    url: &str,
    at: Span,
    what: &str,
    excuse: Excuse,
    hosts: &Hosts,
    out: &mut Vec<Diagnostic>,
) {
    match host(url) {
        Ok(host) if excuse == Excuse::Given || hosts.allows(host) => {}
        Ok(host) => {
            let message = format!("{what} leads to `{host}`, which is not in hosts.toml");
            out.push(finding(code::HOST_NOT_ALLOWED, at, message).hint(match excuse {
                Excuse::Impossible => "cite a `[[source]]` instead, or add the host to hosts.toml with the reason why",
                Excuse::Given | Excuse::Missing => {
                    "put it into `read_at`, give a `link_reason`, or add the host to hosts.toml with the reason why"
                }
            }));
        }
        Err(error) => {
            let why = match error {
                AddressError::Scheme => "it does not begin with `https://` or `http://`".to_owned(),
                AddressError::Character(c) => format!("it has a {c:?}: write it percent-encoded"),
                AddressError::User => "a user's name stands before the host".to_owned(),
                AddressError::Host => "it names no host".to_owned(),
            };
            out.push(finding(code::BAD_ADDRESS, at, format!("{what} cannot be linked")).hint(why));
        }
    }
}

/// What a place in a source is called.
const PLACES: [&str; 27] = [
    "p",
    "pp",
    "page",
    "pages",
    "para",
    "paras",
    "paragraph",
    "doc",
    "docs",
    "document",
    "no",
    "nos",
    "ch",
    "chapter",
    "vol",
    "n",
    "note",
    "ref",
    "fol",
    "folio",
    "frame",
    "frames",
    "serial",
    "art",
    "article",
    "section",
    "line",
];

/// A locator names a kind of place and its number; a part with no numbers, as an abstract, may follow.
fn locator(source: &Source, place: &SourceOrigin, out: &mut Vec<Diagnostic>) {
    let Some(locator) = &source.locator else { return };
    let first = locator.split(|c: char| !c.is_alphabetic()).next().unwrap_or("").to_lowercase();
    let has_number = locator.chars().any(|c| c.is_ascii_digit());
    if has_number && PLACES.contains(&first.as_str()) && !locator.contains("://") {
        return;
    }
    out.push(
        finding(
            code::BAD_LOCATOR,
            place.field("locator"),
            format!("`{locator}` names no place in the source"),
        )
        .hint("write `p. 7`, `doc. 12` or the like, where it was seen; an address is a `url`"),
    );
}

fn numbers(source: &Source, place: &SourceOrigin, out: &mut Vec<Diagnostic>) {
    if let Some(doi) = &source.doi
        && !is_doi(doi)
    {
        out.push(
            finding(code::BAD_NUMBER, place.field("doi"), format!("`{doi}` is no DOI"))
                .hint("write it bare, as in `10.1000/182`"),
        );
    }
    if let Some(isbn) = &source.isbn
        && !is_isbn(isbn)
    {
        out.push(
            finding(code::BAD_NUMBER, place.field("isbn"), format!("`{isbn}` is no ISBN"))
                .hint("its check digit does not fit: copy it again"),
        );
    }
}

fn is_doi(text: &str) -> bool {
    let registrant =
        |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    text.strip_prefix("10.").and_then(|rest| rest.split_once('/')).is_some_and(|(who, what)| {
        registrant(who) && !what.is_empty() && !what.contains(char::is_whitespace)
    })
}

/// Ten digits weighted 10 to 1 give a multiple of 11, thirteen weighted 1 and 3 one of 10.
fn is_isbn(text: &str) -> bool {
    let mut digits = Vec::new();
    for c in text.chars().filter(|c| !matches!(c, '-' | ' ')) {
        match c.to_digit(10) {
            Some(digit) => digits.push(digit),
            None if matches!(c, 'X' | 'x') && digits.len() == 9 => digits.push(10),
            None => return false,
        }
    }
    let sum = |weight: fn(u32) -> u32| -> u32 {
        (0..).zip(&digits).map(|(at, digit)| digit * weight(at)).sum()
    };
    match digits.len() {
        10 => sum(|at| 10 - at).is_multiple_of(11),
        13 => sum(|at| if at.is_multiple_of(2) { 1 } else { 3 }).is_multiple_of(10),
        _ => false,
    }
}

/// "False" rests on two cited sources by different authors in different places, one of them more than a digest.
fn independence(
    claim: &Claim,
    origin: &Origin,
    cited: &BTreeSet<usize>,
    out: &mut Vec<Diagnostic>,
) {
    if claim.verdict != Verdict::False {
        return;
    }
    let sources: Vec<&Source> = cited.iter().filter_map(|at| claim.sources.get(*at)).collect();
    let apart = |a: &Option<String>, b: &Option<String>| match (a, b) {
        (Some(a), Some(b)) => a.to_lowercase() != b.to_lowercase(),
        _ => true,
    };
    let independent = sources.iter().enumerate().any(|(at, one)| {
        sources.iter().skip(at + 1).any(|other| {
            let original = [one, other].iter().any(|source| source.kind != SourceKind::Tertiary);
            let named = |source: &Source| source.author.is_some() || source.container.is_some();
            original
                && (named(one) || named(other))
                && apart(&one.author, &other.author)
                && apart(&one.container, &other.container)
        })
    });
    if !independent {
        out.push(
            finding(
                code::SOURCES_NOT_INDEPENDENT,
                origin.field("verdict"),
                "the verdict `false` does not rest on two independent sources",
            )
            .hint("cite two of different author and `container`, one of them primary or secondary"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{is_doi, is_isbn};

    #[test]
    fn numbers_of_books() {
        for (text, good) in [
            ("0-306-40615-2", true),
            ("0306406153", false),
            ("080442957X", true),
            ("978-0-306-40615-7", true),
            ("9780306406158", false),
            ("978 0 306 40615 7", true),
            ("X306406152", false),
            ("", false),
            ("123", false),
        ] {
            assert_eq!(is_isbn(text), good, "{text}");
        }
    }

    #[test]
    fn identifiers_of_articles() {
        for (text, good) in [
            ("10.1000/182", true),
            ("10.1000.5/x(1)", true),
            ("https://doi.org/10.1000/182", false),
            ("10.1000", false),
            ("10./x", false),
            ("10.1000/a b", false),
        ] {
            assert_eq!(is_doi(text), good, "{text}");
        }
    }
}
