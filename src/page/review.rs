//! A claim as schema.org's `ClaimReview`, which search engines read. Knows only what a page says anyway.
//!
//! `claimant` and `first_appearance` stay out: readers are not shown them either, and whether a
//! claimant is a person or an organization, which schema.org wants to know, no file says.

use serde_json::{Map, Value, json};

use crate::model::claim::{Claim, Verdict};
use crate::model::source::Source;
use crate::page::site::changed;
use crate::reply::{link, words};

/// The ends of the scale, as Google's documentation of fact checks has it.
pub const WORST: u8 = 1;
/// See [`WORST`].
pub const BEST: u8 = 5;

/// A verdict as a number for programs, from [`WORST`] (false) to [`BEST`] (true). The middle stands
/// for half the truth, and for what the record leaves open.
pub const fn rating(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::False => WORST,
        Verdict::Misleading => 2,
        Verdict::MissingContext | Verdict::Unproven | Verdict::Disputed => 3,
        Verdict::MostlyTrue => 4,
        Verdict::True => BEST,
    }
}

/// The review as JSON-LD. Without `url` its addresses are relative to the page it stands on.
pub fn json(claim: &Claim, name: &str, url: Option<&str>) -> String {
    let page =
        url.map_or_else(|| format!("{}.html", claim.id), |url| link::address(url, &claim.id));
    let home = url.map_or_else(|| "../index.html".to_owned(), |url| format!("{url}/"));
    let citations: Vec<Value> = claim.sources.iter().map(citation).collect();
    json!({
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": page,
        "claimReviewed": claim.claim,
        "reviewBody": claim.reason,
        "datePublished": claim.published.to_string(),
        "dateModified": changed(claim).to_string(),
        "inLanguage": claim.language,
        "author": { "@type": "Organization", "name": name, "url": home },
        "itemReviewed": { "@type": "Claim", "text": claim.claim },
        "reviewRating": {
            "@type": "Rating",
            "ratingValue": rating(claim.verdict),
            "bestRating": BEST,
            "worstRating": WORST,
            "alternateName": words::verdict(claim.verdict),
        },
        "citation": citations,
    })
    .to_string()
}

fn citation(source: &Source) -> Value {
    let mut work = Map::from_iter([
        ("@type".to_owned(), Value::from("CreativeWork")),
        ("name".to_owned(), Value::from(source.title.as_str())),
    ]);
    // The address stands in `url` only where readers may have it.
    work.extend(source.url.as_ref().map(|url| ("url".to_owned(), Value::from(url.as_str()))));
    Value::Object(work)
}
