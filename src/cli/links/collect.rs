//! Every address of the responses with the places where it stands. Asks nobody.

use std::collections::BTreeMap;

use crate::content::load::Loaded;
use crate::model::span::Span;

/// A place where an address stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// The claim.
    pub(super) claim: String,
    /// The file.
    pub(super) file: String,
    /// The line, from 1.
    pub(super) line: usize,
    /// The field, or `text`.
    pub(super) field: &'static str,
    /// Whether readers have an archived copy beside it, or it is one.
    pub(super) has_copy: bool,
}

/// By address; what a `#` leads to within a page is no address of its own.
pub(super) fn addresses(loaded: &Loaded) -> BTreeMap<String, Vec<Place>> {
    let mut found: BTreeMap<String, Vec<Place>> = BTreeMap::new();
    for claim in loaded.everything().claims() {
        let Some(origin) = loaded.origins.claim(&claim.id) else { continue };
        let mut add = |url: &str, field, span: Span, has_copy| {
            let address = url.split('#').next().unwrap_or(url);
            if address.starts_with("http://") || address.starts_with("https://") {
                found.entry(address.to_owned()).or_default().push(Place {
                    claim: claim.id.to_string(),
                    file: loaded.files.path(span.file).to_owned(),
                    line: loaded.files.place(span).line,
                    field,
                    has_copy,
                });
            }
        };
        for (source, at) in claim.sources.iter().zip(&origin.sources) {
            let has_copy = source.archive.is_some();
            for (field, url, has_copy) in [
                ("url", &source.url, has_copy),
                ("archive", &source.archive, true),
                ("read_at", &source.read_at, has_copy),
            ] {
                if let Some(url) = url {
                    add(url, field, at.field(field), has_copy);
                }
            }
        }
        for link in &origin.links {
            add(&link.url, "text", link.span, false);
        }
    }
    found
}
