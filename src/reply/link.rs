//! Where a claim has its page on the site that `footnote site` writes. Knows neither what stands there nor whether anybody put it up.

use crate::model::claim::{ClaimId, MAX_ID_LENGTH};
use crate::reply::limits;

/// The folder and the ending of the pages of claims.
const BEFORE: &str = "claims/";
const BEHIND: &str = ".html";

/// The longest address of a site whose pages a button may still lead to: Discord's limit less the
/// longest path, with the slash between.
pub const SITE_URL: usize = limits::URL - 1 - BEFORE.len() - MAX_ID_LENGTH - BEHIND.len();

/// The words on the button under a reply that leads there.
pub const LABEL: &str = "Open as a page";

/// The page of a claim, below the site's address.
pub fn path(claim: &ClaimId) -> String {
    format!("{BEFORE}{claim}{BEHIND}")
}

/// The address of that page on a site, whose own has no slash at its end.
pub fn address(site: &str, claim: &ClaimId) -> String {
    format!("{site}/{}", path(claim))
}

#[cfg(test)]
mod tests {
    use super::{LABEL, SITE_URL, address};
    use crate::model::claim::{ClaimId, MAX_ID_LENGTH};
    use crate::reply::limits;

    #[test]
    fn the_longest_address_fits_a_button() {
        let id = ClaimId::new(&"a".repeat(MAX_ID_LENGTH)).expect("an id");
        let site = format!("https://{}", "b".repeat(SITE_URL - 8));
        assert_eq!(limits::length(&address(&site, &id)), limits::URL);
        assert!(limits::length(LABEL) <= limits::BUTTON_LABEL);
    }
}
