//! What programs read of a site: an Atom feed, a sitemap, and what robots may do. Knows neither pages nor the clock: days are the claims' own.

use crate::model::claim::{Claim, Status};
use crate::model::date::Date;
use crate::page::html::Html;
use crate::page::site::{Site, changed};
use crate::reply::{link, words};

/// The newest first, and among those of one day by their ids.
pub fn atom(site: &Site<'_>, url: &str) -> String {
    let mut claims = site.claims().to_vec();
    claims.sort_by_key(|claim| (std::cmp::Reverse(changed(claim)), claim.id.clone()));
    let home = format!("{url}/");
    let own = format!("{url}/feed.xml");
    let mut xml = Html::default();
    xml.element("feed", &[("xmlns", "http://www.w3.org/2005/Atom"), ("xml:lang", "en")], |xml| {
        xml.words("title", &[], site.name);
        xml.words("id", &[], &home);
        xml.element("link", &[("rel", "self"), ("href", &own)], |_| {});
        xml.element("link", &[("href", &home)], |_| {});
        // A site without a claim has no day; a feed must have one.
        let newest = claims
            .first()
            .map_or("1970-01-01T00:00:00Z".to_owned(), |claim| moment(changed(claim)));
        xml.words("updated", &[], &newest);
        xml.element("author", &[], |xml| {
            xml.words("name", &[], site.name);
        });
        for claim in &claims {
            entry(claim, url, xml);
        }
    });
    xml.xml()
}

fn entry(claim: &Claim, url: &str, xml: &mut Html) {
    let page = link::address(url, &claim.id);
    let withdrawn = claim.status == Status::Retired;
    xml.element("entry", &[], |xml| {
        // What is only said must not read as if the feed said it.
        let head = if withdrawn { "Withdrawn" } else { "Claim" };
        xml.words("title", &[], &format!("{head}: {}", claim.claim));
        xml.words("id", &[], &page);
        xml.element("link", &[("href", &page)], |_| {});
        xml.words("published", &[], &moment(claim.published));
        xml.words("updated", &[], &moment(changed(claim)));
        let corrected = claim.corrections.last();
        let mut summary = corrected
            .map_or(String::new(), |last| format!("Corrected {}: {} ", last.date, last.what));
        if withdrawn {
            summary.push_str("This response was withdrawn.");
        } else {
            summary.push_str(words::verdict(claim.verdict));
            summary.push_str(". ");
            summary.push_str(&claim.reason);
        }
        xml.words("summary", &[], &summary);
    });
}

/// Every page that somebody may want to find.
pub fn sitemap(site: &Site<'_>, url: &str) -> String {
    let mut xml = Html::default();
    let schema = "http://www.sitemaps.org/schemas/sitemap/0.9";
    xml.element("urlset", &[("xmlns", schema)], |xml| {
        for page in [format!("{url}/"), format!("{url}/method.html")] {
            xml.element("url", &[], |xml| {
                xml.words("loc", &[], &page);
            });
        }
        for claim in site.published() {
            xml.element("url", &[], |xml| {
                xml.words("loc", &[], &link::address(url, &claim.id));
                xml.words("lastmod", &[], &changed(claim).to_string());
            });
        }
    });
    xml.xml()
}

/// Robots may read everything, and learn where the sitemap is.
pub fn robots(url: Option<&str>) -> String {
    let sitemap = url.map_or(String::new(), |url| format!("\nSitemap: {url}/sitemap.xml\n"));
    format!("User-agent: *\nAllow: /\n{sitemap}")
}

/// The first moment of a day.
fn moment(day: Date) -> String {
    format!("{day}T00:00:00Z")
}
