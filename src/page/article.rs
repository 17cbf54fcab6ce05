//! The page of one claim: verdict, response, what is disputed, sources with their quotations, corrections. Knows not where it will stand.

use crate::model::body::Block;
use crate::model::claim::{Claim, Status};
use crate::model::source::Source;
use crate::page::html::Html;
use crate::page::site::Site;
use crate::page::{prose, review};
use crate::reply::cite::{self, Extent};
use crate::reply::compact::numbers;
use crate::reply::markdown::address;
use crate::reply::render::Numbers;
use crate::reply::{link, page, words};

/// The page of a claim. Of a retired one only that it was withdrawn, and why.
pub fn page(site: &Site<'_>, claim: &Claim) -> String {
    let path = link::path(&claim.id);
    let stands = claim.status == Status::Published;
    let head = |html: &mut Html| {
        let about = if stands { &claim.reason } else { WITHDRAWN };
        html.open("meta", &[("name", "description"), ("content", about)]);
        if stands {
            html.data("application/ld+json", &review::json(claim, site.name, site.url));
        } else {
            html.open("meta", &[("name", "robots"), ("content", "noindex")]);
        }
    };
    // What is only said must not read as if the page said it, in a list of search results either.
    let title = format!("Claim: {}", claim.claim);
    site.page(&path, &title, head, |html| {
        html.element("article", &[("lang", &claim.language)], |html| {
            if stands {
                standing(site, claim, html);
            } else {
                html.words("p", &[("class", "verdict")], WITHDRAWN);
                corrections(claim, html);
            }
        });
        let dates = format!("Published {} · reviewed {}", claim.published, claim.reviewed);
        html.element("footer", &[], |html| {
            html.text(&dates).text(" · revision ");
            html.words("code", &[], claim.revision.start());
        });
    })
}

/// What stands in place of a retired response.
const WITHDRAWN: &str = "This response was withdrawn. Nothing of it is upheld.";

fn standing(site: &Site<'_>, claim: &Claim, html: &mut Html) {
    let numbers = numbers(claim);
    verdict(claim, html);
    if let Some(last) = claim.corrections.last() {
        html.element("p", &[("class", "note")], |html| {
            html.words("strong", &[], &format!("Corrected {}:", last.date)).text(" ");
            html.text(&last.what);
        });
    }
    prose::blocks(&claim.response.short, &numbers, html);
    for (title, blocks) in
        [("Details", &claim.response.details), ("What is disputed", &claim.response.disputed)]
    {
        section(title, blocks, &numbers, html);
    }
    sources(claim, &numbers, html);
    corrections(claim, html);
    related(site, claim, html);
}

fn verdict(claim: &Claim, html: &mut Html) {
    html.element("p", &[("class", "verdict")], |html| {
        html.words("strong", &[], words::verdict(claim.verdict));
        if let Some(standing) = words::standing(claim) {
            html.text(" · ").text(standing);
        }
    });
    html.element("p", &[("class", "reason")], |html| {
        html.text(&claim.reason).text(" ");
        html.words("span", &[], &sentence(words::evidence(claim.evidence)));
    });
}

/// Words as a sentence.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters
        .next()
        .map_or(String::new(), |first| first.to_uppercase().chain(letters).chain(['.']).collect())
}

fn section(title: &str, blocks: &[Block], numbers: &Numbers, html: &mut Html) {
    if blocks.is_empty() {
        return;
    }
    html.element("section", &[], |html| {
        html.words("h2", &[], title);
        prose::blocks(blocks, numbers, html);
    });
}

fn sources(claim: &Claim, numbers: &Numbers, html: &mut Html) {
    html.element("section", &[], |html| {
        html.words("h2", &[], "Sources");
        html.element("ol", &[("class", "sources")], |html| {
            for (number, index) in (1..).zip(numbers.order()) {
                if let Some(source) = claim.sources.get(*index) {
                    html.element("li", &[("id", &prose::anchor(number))], |html| {
                        entry(source, numbers, html);
                    });
                }
            }
        });
    });
}

fn entry(source: &Source, numbers: &Numbers, html: &mut Html) {
    html.element("p", &[], |html| {
        prose::runs(&cite::named(source, Extent::Whole, true), numbers, html);
        if let Some(copy) = source.archive.as_deref().and_then(address) {
            html.text(" (");
            html.words("a", &[("href", &copy), ("rel", "noreferrer")], "archived copy").text(")");
        }
    });
    html.words("p", &[("class", "small")], &page::standing(source));
    for quote in &source.quotes {
        html.element("figure", &[], |html| {
            let language: Vec<_> =
                quote.language.iter().map(|tag| ("lang", tag.as_str())).collect();
            html.words("blockquote", &language, &quote.text);
            if let Some(translation) = &quote.translation {
                let by = quote.translated_by.as_ref();
                let by = by.map_or(String::new(), |by| format!(" by {by}"));
                html.words("p", &[("class", "small")], &format!("Translation{by}:"));
                html.words("blockquote", &[], translation);
            }
            html.words("figcaption", &[], &page::how_checked(quote, source));
        });
    }
}

fn corrections(claim: &Claim, html: &mut Html) {
    if claim.corrections.is_empty() {
        return;
    }
    html.element("section", &[], |html| {
        html.words("h2", &[], "Corrections");
        html.element("ul", &[], |html| {
            for correction in &claim.corrections {
                html.element("li", &[], |html| {
                    html.text(&format!("{}: {}", correction.date, correction.what));
                    if let Some(why) = &correction.why {
                        html.text(&format!(" ({why})"));
                    }
                });
            }
        });
    });
}

/// Other claims worth reading, where the site has them.
fn related(site: &Site<'_>, claim: &Claim, html: &mut Html) {
    let others: Vec<_> =
        site.published().filter(|other| claim.related.contains(&other.id)).collect();
    if others.is_empty() {
        return;
    }
    html.element("section", &[], |html| {
        html.words("h2", &[], "Related");
        html.element("ul", &[], |html| {
            for other in others {
                html.element("li", &[], |html| {
                    // Both stand in the same folder.
                    let to = format!("{}.html", other.id);
                    html.words("a", &[("href", &to)], &other.claim);
                });
            }
        });
    });
}
