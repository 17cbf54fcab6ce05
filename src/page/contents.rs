//! The first page of a site: all claims by pack, and a box that narrows them down where scripts run. Knows not how anybody searches.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::claim::Claim;
use crate::page::html::Html;
use crate::page::site::{Site, words_of};
use crate::reply::{link, words};

/// The first page.
pub fn page(site: &Site<'_>) -> String {
    let about =
        "What people say about history, what the record shows, and the words of the sources.";
    let head = |html: &mut Html| {
        html.open("meta", &[("name", "description"), ("content", about)]);
    };
    site.page("index.html", "Claims", head, |html| {
        html.words("p", &[], about);
        search(html);
        let count = site.published().count();
        let count = format!("{count} {}", if count == 1 { "claim" } else { "claims" });
        html.words("p", &[("role", "status"), ("id", "found")], &count);
        let mut packs: BTreeMap<&str, Vec<&Claim>> = BTreeMap::new();
        for claim in site.published() {
            packs.entry(&claim.pack).or_default().push(claim);
        }
        for (pack, claims) in packs {
            group(&words_of(pack), &claims, html);
        }
        let retired: Vec<_> = site.retired().collect();
        if !retired.is_empty() {
            group("Withdrawn", &retired, html);
        }
    })
}

/// Hidden until the script has something to do with it: without one it would do nothing.
fn search(html: &mut Html) {
    html.element("form", &[("id", "search"), ("role", "search"), ("hidden", "")], |html| {
        html.element("label", &[], |html| {
            html.text("Search the claims");
            let box_of_words =
                [("type", "search"), ("id", "words"), ("autocomplete", "off"), ("name", "words")];
            html.open("input", &box_of_words);
        });
    });
}

fn group(title: &str, claims: &[&Claim], html: &mut Html) {
    html.element("section", &[("class", "group")], |html| {
        html.words("h2", &[], title);
        html.element("ul", &[("class", "claims")], |html| {
            for claim in claims {
                html.element("li", &[("data-words", &said(claim))], |html| {
                    html.words("a", &[("href", &link::path(&claim.id))], &claim.claim);
                    if title != "Withdrawn" {
                        let verdict = words::verdict(claim.verdict);
                        html.words("p", &[("class", "small")], verdict);
                    }
                });
            }
        });
    });
}

/// The words by which somebody may look for a claim and that do not stand in its entry, each once.
fn said(claim: &Claim) -> String {
    let phrasings = claim.phrasings.iter().map(|phrasing| phrasing.text.as_str());
    let topics = claim.topics.iter().map(String::as_str);
    let all = phrasings.chain(topics).chain([claim.reason.as_str()]);
    let words: BTreeSet<String> = all
        .flat_map(|text| text.split(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.into_iter().collect::<Vec<_>>().join(" ")
}
