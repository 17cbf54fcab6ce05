//! A whole site of claims as files: which there are, and what they have in common. Knows neither the disk nor the clock.

use std::collections::BTreeMap;

use crate::model::catalog::Catalog;
use crate::model::claim::{Claim, Status};
use crate::model::date::Date;
use crate::page::frame::{self, Frame};
use crate::page::html::Html;
use crate::page::looks::{BASE, SITE};
use crate::page::{article, contents, feed, method};
use crate::reply::link;

/// The script of the contents' search.
const SEARCH: &str = include_str!("search.js");

/// Nothing from elsewhere and nothing inline. A page cannot forbid frames by itself; servers can.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; form-action 'none'; \
                      base-uri 'none'";

/// The claims that a site shows, and whose it is.
#[derive(Debug, Clone)]
pub struct Site<'a> {
    /// Whose it is: it stands behind each page's name, and as the author of each review.
    pub name: &'a str,
    /// Where it will stand, without a slash at the end. Feed, sitemap and canonical addresses need it.
    pub url: Option<&'a str>,
    claims: Vec<&'a Claim>,
}

impl<'a> Site<'a> {
    /// The site of a catalog: drafts are left out.
    pub fn new(catalog: &'a Catalog, name: &'a str, url: Option<&'a str>) -> Self {
        let claims = catalog.claims().iter().filter(|claim| claim.status != Status::Draft);
        Self { name, url, claims: claims.collect() }
    }

    /// The claims, in the order of their ids; retired ones too.
    pub fn claims(&self) -> &[&'a Claim] {
        &self.claims
    }

    /// Those that stand.
    pub fn published(&self) -> impl Iterator<Item = &'a Claim> {
        self.claims.iter().copied().filter(|claim| claim.status == Status::Published)
    }

    /// Those that were withdrawn.
    pub fn retired(&self) -> impl Iterator<Item = &'a Claim> {
        self.claims.iter().copied().filter(|claim| claim.status == Status::Retired)
    }

    /// Every file by its path below the site's folder, with `/`. The same claims give the same bytes.
    pub fn files(&self) -> BTreeMap<String, String> {
        let mut files = BTreeMap::from([
            ("index.html".to_owned(), contents::page(self)),
            ("method.html".to_owned(), method::page(self)),
            ("style.css".to_owned(), format!("{BASE}{SITE}")),
            ("search.js".to_owned(), SEARCH.to_owned()),
            ("robots.txt".to_owned(), feed::robots(self.url)),
        ]);
        for claim in &self.claims {
            files.insert(link::path(&claim.id), article::page(self, claim));
        }
        if let Some(url) = self.url {
            files.insert("feed.xml".to_owned(), feed::atom(self, url));
            files.insert("sitemap.xml".to_owned(), feed::sitemap(self, url));
        }
        files
    }

    /// A page of the site, `path` below its folder. `head` and `inside` as for [`frame::page`].
    pub(super) fn page(
        &self,
        path: &str,
        title: &str,
        head: impl FnOnce(&mut Html),
        inside: impl FnOnce(&mut Html),
    ) -> String {
        let root = "../".repeat(path.matches('/').count());
        let style = format!("{root}style.css");
        let script = (path == "index.html").then_some("search.js");
        let [home, method] = ["index.html", "method.html"].map(|file| format!("{root}{file}"));
        let mut ways = vec![(home.as_str(), "All claims"), (method.as_str(), "How to read this")];
        let feed = format!("{root}feed.xml");
        if self.url.is_some() {
            ways.push((feed.as_str(), "Feed"));
        }
        let frame = Frame { title, name: self.name, style: &style, script, ways: &ways };
        let all_of_head = |html: &mut Html| {
            let policy = [("http-equiv", "Content-Security-Policy"), ("content", POLICY)];
            html.open("meta", &policy);
            html.open("meta", &[("name", "referrer"), ("content", "no-referrer")]);
            if let Some(url) = self.url {
                let path = if path == "index.html" { "" } else { path };
                let to = format!("{url}/{path}");
                html.open("link", &[("rel", "canonical"), ("href", &to)]);
                let atom = "application/atom+xml";
                let attributes =
                    [("rel", "alternate"), ("type", atom), ("href", &feed), ("title", self.name)];
                html.open("link", &attributes);
            }
            head(html);
        };
        frame::page(frame, all_of_head, inside)
    }
}

/// The last day on which something changed for readers of a claim.
pub(super) fn changed(claim: &Claim) -> Date {
    let corrected = claim.corrections.iter().map(|correction| correction.date);
    corrected.chain([claim.published, claim.reviewed]).max().unwrap_or(claim.reviewed)
}

/// A name in kebab-case as words: `soviet-axis` is `Soviet axis`.
pub(super) fn words_of(name: &str) -> String {
    let words = name.replace('-', " ");
    let mut letters = words.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}
