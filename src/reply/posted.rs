//! The reply as it is posted, in the style that holds in a place. Knows neither the place nor who chose.

use crate::model::claim::Claim;
use crate::policy::settings::Style;
use crate::reply::compact::compact;
use crate::reply::page::pages;
use crate::reply::{ButtonKind, Reply};

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
