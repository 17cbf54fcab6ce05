//! The reply as it is posted, in the style that holds in a place. Knows neither the place nor who chose.

use crate::model::claim::{Claim, Correction};
use crate::policy::settings::Style;
use crate::reply::compact::compact;
use crate::reply::cut::clip;
use crate::reply::markdown::clean;
use crate::reply::page::pages;
use crate::reply::{ButtonKind, Reply, limits};

/// The reply to a claim. In full it is the first page of what the button "Full context" shows, and
/// the pages behind it stay behind that button.
pub fn posted(claim: &Claim, style: Style) -> Reply {
    let reply = compact(claim);
    let page = match style {
        Style::Compact => None,
        Style::Full => pages(claim, ButtonKind::Full).into_iter().next(),
    };
    match page {
        Some(content) => Reply { content, ..reply },
        None => reply,
    }
}

/// The most characters of a correction above a reply; the whole stands behind the button.
const CORRECTION: usize = 200;

/// The reply to a claim that was corrected since it was posted: what was corrected first, so that who
/// read the reply before sees it, and then the reply as it is now.
pub fn corrected(claim: &Claim, style: Style, correction: &Correction) -> String {
    let what = clean(&clip(&correction.what, CORRECTION));
    let line = format!("**Corrected {}:** {what}", correction.date);
    // A response in full may leave no room for it; a compact one does, but for the most crowded.
    let compact = posted(claim, Style::Compact).content;
    let whole = limits::joined(&line, &posted(claim, style).content);
    whole.or_else(|| limits::joined(&line, &compact)).unwrap_or_else(|| {
        let lines: Vec<String> =
            std::iter::once(line.clone()).chain(compact.lines().map(str::to_owned)).collect();
        limits::fitted(&lines)
    })
}
