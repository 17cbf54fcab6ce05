//! A source as a line that readers can follow. Knows neither where it is shown nor which sources are cited.

use crate::model::body::Inline;
use crate::model::source::Source;
use crate::reply::cut;

/// How much of a source is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Author, title, date and place, each clipped to a length that suits small print.
    Brief,
    /// Everything that readers may see.
    Whole,
}

/// The most characters of each part of a brief line: together they fill few lines on a telephone.
const AUTHOR: usize = 90;
const TITLE: usize = 110;
const DATE: usize = 30;
const LOCATOR: usize = 50;

/// The first field of a source that a brief line has no room for, with the most characters it may have.
pub fn clipped(source: &Source) -> Option<(&'static str, usize)> {
    let fields = [
        ("author", source.author.as_deref(), AUTHOR),
        ("title", Some(source.title.as_str()), TITLE),
        ("date", source.date.as_deref(), DATE),
        ("locator", source.locator.as_deref(), LOCATOR),
    ];
    let is_long =
        |text: Option<&str>, limit: usize| text.is_some_and(|text| cut::clip(text, limit) != text);
    fields
        .into_iter()
        .find(|(_, text, limit)| is_long(*text, *limit))
        .map(|(name, _, limit)| (name, limit))
}

/// The source at `index` as runs: its number, and what [`named`] says of it.
pub fn source(index: usize, source: &Source, extent: Extent, linked: bool) -> Vec<Inline> {
    let mut runs = vec![Inline::Cite(index), Inline::Text(" ".to_owned())];
    runs.extend(named(source, extent, linked));
    runs
}

/// A source as runs: author, title with its link where one may be printed, container, date and place
/// in it.
pub fn named(source: &Source, extent: Extent, linked: bool) -> Vec<Inline> {
    let text = |text: &str, limit: usize| match extent {
        Extent::Brief => Inline::Text(cut::clip(text, limit)),
        Extent::Whole => Inline::Text(text.to_owned()),
    };
    let title = Inline::Emphasis(vec![text(&source.title, TITLE)]);
    let title = match &source.url {
        // The address stands in `url` only where readers may have it.
        Some(url) if linked => Inline::Link { url: url.clone(), text: vec![title] },
        _ => title,
    };
    let mut parts: Vec<Inline> = Vec::new();
    parts.extend(source.author.as_ref().map(|author| text(author, AUTHOR)));
    parts.push(title);
    if extent == Extent::Whole {
        parts.extend(source.container.as_ref().map(|container| text(container, TITLE)));
    }
    parts.extend(source.date.as_ref().map(|date| text(date, DATE)));
    parts.extend(source.locator.as_ref().map(|locator| text(locator, LOCATOR)));
    if extent == Extent::Whole {
        parts.extend(source.doi.as_ref().map(|doi| Inline::Text(format!("doi {doi}"))));
        parts.extend(source.isbn.as_ref().map(|isbn| Inline::Text(format!("ISBN {isbn}"))));
    }
    let mut runs = Vec::new();
    for (at, part) in parts.into_iter().enumerate() {
        if at > 0 {
            runs.push(Inline::Text(", ".to_owned()));
        }
        runs.push(part);
    }
    runs
}
