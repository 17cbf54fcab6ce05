//! Every published claim as schema.org's `ClaimReview`, held against schema.org's own definitions of the types and properties that are used, and against what Google asks of a fact check.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::fs;

use serde_json::{Value, json};

use crate::site::{between, shipped};

/// The types that are used, each with the one that it is a kind of. Read on
/// 2026-12-01 in the package `schema-dts` 2.1.0, which is made from the vocabulary.
const TYPES: &[(&str, &str)] = &[
    ("ClaimReview", "Review"),
    ("Review", "CreativeWork"),
    ("Claim", "CreativeWork"),
    ("CreativeWork", "Thing"),
    ("Organization", "Thing"),
    ("Person", "Thing"),
    ("Rating", "Intangible"),
    ("Language", "Intangible"),
    ("Intangible", "Thing"),
];

/// Property, the types that have it, and what its values may be.
const PROPERTIES: &[(&str, &[&str], &[&str])] = &[
    ("name", &["Thing"], &["Text"]),
    ("alternateName", &["Thing"], &["Text"]),
    ("url", &["Thing"], &["URL"]),
    ("author", &["CreativeWork", "Rating"], &["Organization", "Person"]),
    ("citation", &["CreativeWork"], &["CreativeWork", "Text"]),
    ("dateModified", &["CreativeWork"], &["Date", "DateTime"]),
    ("datePublished", &["CreativeWork"], &["Date", "DateTime"]),
    ("inLanguage", &["CreativeWork"], &["Language", "Text"]),
    ("text", &["CreativeWork"], &["Text"]),
    ("itemReviewed", &["Review"], &["Thing"]),
    ("reviewBody", &["Review"], &["Text"]),
    ("reviewRating", &["Review"], &["Rating"]),
    ("claimReviewed", &["ClaimReview"], &["Text"]),
    ("bestRating", &["Rating"], &["Number", "Text"]),
    ("ratingValue", &["Rating"], &["Number", "Text"]),
    ("worstRating", &["Rating"], &["Number", "Text"]),
];

fn is_a(one: &str, other: &str) -> bool {
    one == other
        || TYPES.iter().find(|(name, _)| *name == one).is_some_and(|(_, above)| is_a(above, other))
}

fn is_date(text: &str) -> bool {
    let parts: Vec<_> = text.split('-').map(str::len).collect();
    parts == [4, 2, 2] && text.bytes().all(|b| b.is_ascii_digit() || b == b'-')
}

fn is_web(text: &str) -> bool {
    text.split_once("://").is_some_and(|(scheme, rest)| {
        matches!(scheme, "https" | "http") && rest.contains('.') && !rest.contains([' ', '<', '"'])
    })
}

fn may_be(value: &Value, kind: &str) -> bool {
    match (kind, value) {
        ("Text", Value::String(text)) => !text.trim().is_empty(),
        ("URL", Value::String(text)) => is_web(text),
        ("Date", Value::String(text)) => is_date(text),
        ("Number", Value::Number(_)) => true,
        (kind, Value::Object(object)) => {
            object.get("@type").and_then(Value::as_str).is_some_and(|own| is_a(own, kind))
        }
        _ => false,
    }
}

/// All that schema.org would not have.
fn faults(object: &Value, found: &mut Vec<String>) {
    let object = object.as_object().unwrap();
    let own = object.get("@type").and_then(Value::as_str).unwrap_or("");
    if !TYPES.iter().any(|(name, _)| *name == own) {
        found.push(format!("`{own}` is no type that is known here"));
    }
    for (name, value) in object.iter().filter(|(name, _)| !name.starts_with('@')) {
        let Some((_, domains, ranges)) = PROPERTIES.iter().find(|(known, ..)| known == name) else {
            found.push(format!("`{name}` is no property that is known here"));
            continue;
        };
        if !domains.iter().any(|domain| is_a(own, domain)) {
            found.push(format!("`{own}` has no `{name}`"));
        }
        let values = value.as_array().map_or_else(|| vec![value], |many| many.iter().collect());
        for value in values {
            if !ranges.iter().any(|range| may_be(value, range)) {
                found.push(format!("`{name}` of `{own}` may not be {value}"));
            }
            if value.is_object() {
                faults(value, found);
            }
        }
    }
}

/// All that Google's documentation of fact checks asks for and is not there, or out of its bounds.
fn lacks(review: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for pointer in [
        "/claimReviewed",
        "/url",
        "/author/name",
        "/itemReviewed/@type",
        "/reviewRating/ratingValue",
        "/reviewRating/bestRating",
        "/reviewRating/worstRating",
        "/reviewRating/alternateName",
    ] {
        if review.pointer(pointer).is_none_or(Value::is_null) {
            found.push(format!("no {pointer}"));
        }
    }
    let rating = review.pointer("/reviewRating").unwrap_or(&Value::Null);
    let number = |name: &str| rating.get(name).and_then(Value::as_f64).unwrap_or(f64::NAN);
    let (worst, value, best) = (number("worstRating"), number("ratingValue"), number("bestRating"));
    if !(worst > 0.0 && worst < best && worst <= value && value <= best) {
        found.push(format!("the rating {value} is not within {worst} and {best}"));
    }
    found
}

fn wrong(review: &Value) -> Vec<String> {
    let mut found = lacks(review);
    if review["@context"] != "https://schema.org" || review["@type"] != "ClaimReview" {
        found.push("no ClaimReview of schema.org".to_owned());
    }
    faults(review, &mut found);
    found
}

#[test]
fn every_published_claim_is_a_valid_review() {
    let (_folder, out) = shipped();
    let mut seen = 0;
    for entry in fs::read_dir(out.join("claims")).unwrap() {
        let path = entry.unwrap().path();
        let page = fs::read_to_string(&path).unwrap();
        let data = between(&page, "<script type=\"application/ld+json\">", "</script>");
        let [data] = data[..] else { panic!("{}: one review a page", path.display()) };
        let review: Value = serde_json::from_str(data).unwrap();
        assert_eq!(wrong(&review), [""; 0], "{}: {review:#}", path.display());
        // It says what the page says.
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        assert!(review["url"].as_str().unwrap().ends_with(&name), "{name}");
        let escaped = review["reviewRating"]["alternateName"].as_str().unwrap();
        assert!(
            page.contains(&format!("<p class=\"verdict\"><strong>{escaped}</strong>")),
            "{name}"
        );
        seen += 1;
    }
    assert!(seen > 50, "{seen} claims were found");
}

/// One violation of each kind is seen.
#[test]
fn what_schema_org_would_not_have_is_seen() {
    let good = json!({
        "@context": "https://schema.org", "@type": "ClaimReview",
        "url": "https://example.org/a.html", "claimReviewed": "A", "datePublished": "2026-01-10",
        "author": { "@type": "Organization", "name": "B", "url": "https://example.org/" },
        "itemReviewed": { "@type": "Claim", "text": "A" },
        "reviewRating": { "@type": "Rating", "ratingValue": 1, "bestRating": 5, "worstRating": 1,
                          "alternateName": "No" },
        "citation": [{ "@type": "CreativeWork", "name": "C" }, "D"],
    });
    assert_eq!(wrong(&good), [""; 0]);
    for (pointer, value, expected) in [
        ("/@type", json!("Review"), "no ClaimReview"),
        ("/url", json!("a.html"), "`url` of `ClaimReview` may not be"),
        ("/claimReviewed", json!(7), "`claimReviewed` of `ClaimReview` may not be 7"),
        ("/claimReviewed", json!(null), "no /claimReviewed"),
        ("/datePublished", json!("January"), "`datePublished` of"),
        ("/author", json!("B"), "no /author/name"),
        ("/author/@type", json!("Rating"), "`author` of `ClaimReview` may not be"),
        ("/itemReviewed/text", json!(["A", 1]), "`text` of `Claim` may not be 1"),
        ("/itemReviewed/@type", json!("Thing"), "`Thing` is no type"),
        ("/reviewRating/ratingValue", json!(6), "the rating 6 is not within"),
        ("/reviewRating/worstRating", json!(0), "the rating 1 is not within"),
        ("/reviewRating/alternateName", json!(null), "no /reviewRating/alternateName"),
        ("/citation/0/@type", json!("Organization"), "`citation` of `ClaimReview` may not be"),
        ("/citation/0/name", json!({ "@type": "Claim" }), "`name` of `CreativeWork` may not be"),
    ] {
        let mut bad = good.clone();
        *bad.pointer_mut(pointer).unwrap() = value;
        let found = wrong(&bad);
        assert!(found.iter().any(|fault| fault.contains(expected)), "{pointer}: {found:?}");
    }
    let mut strange = good;
    strange["author"]["claimReviewed"] = json!("A");
    strange["verdict"] = json!("false");
    let found = wrong(&strange).join("\n");
    assert!(found.contains("`Organization` has no `claimReviewed`"), "{found}");
    assert!(found.contains("`verdict` is no property"), "{found}");
}
