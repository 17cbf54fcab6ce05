//! A public store of claims as a catalog, without files. Knows neither how it is matched nor where it came from.

use crate::eval::rows::StoredClaim;
use crate::model::body::Response;
use crate::model::catalog::Catalog;
use crate::model::claim::{Claim, ClaimAction, ClaimId, Evidence, Revision, Status, Verdict};
use crate::model::date::Date;
use crate::model::phrasing::{Aliases, Phrasing, Piece, Variant};

/// A catalog of claims whose own ids are too long for ours.
#[derive(Debug, Clone, Default)]
pub struct PublicStore {
    /// The claims, under the ids `c0000000` and so on in the order of their own.
    pub catalog: Catalog,
    ids: Vec<String>,
}

impl PublicStore {
    /// Each stored claim with its text and its title as phrasings.
    pub fn build(mut stored: Vec<StoredClaim>) -> Self {
        stored.sort_by(|a, b| a.id.cmp(&b.id));
        // The order of our ids is that of theirs, so ties fall by claim id on both sides.
        let claims = stored.iter().enumerate().filter_map(|(at, one)| claim(at, one)).collect();
        let catalog = Catalog::new(claims, Aliases::default());
        Self { catalog, ids: stored.into_iter().map(|one| one.id).collect() }
    }

    /// The claim's own id; empty for one of another store.
    pub fn own_id(&self, id: &ClaimId) -> &str {
        let at = id.as_str().strip_prefix('c').and_then(|digits| digits.parse::<usize>().ok());
        at.and_then(|at| self.ids.get(at)).map_or("", String::as_str)
    }

    /// The first id in order; none in an empty store.
    pub fn first_id(&self) -> Option<&str> {
        self.ids.first().map(String::as_str)
    }
}

fn claim(at: usize, stored: &StoredClaim) -> Option<Claim> {
    let day = Date::new(1970, 1, 1)?;
    let texts = std::iter::once(&stored.text).chain(&stored.title);
    Some(Claim {
        id: ClaimId::new(&format!("c{at:07}"))?,
        pack: String::new(),
        revision: Revision::new(&format!("{at:08x}"))?,
        claim: stored.text.clone(),
        // What a fact-checker's store mostly holds; nothing that is measured depends on it.
        verdict: Verdict::False,
        evidence: Evidence::Consensus,
        reason: String::new(),
        action: ClaimAction::Reply,
        status: Status::Published,
        topics: Vec::new(),
        phrasings: texts.map(|text| phrasing(text)).collect(),
        counter_phrasings: Vec::new(),
        near_misses: Vec::new(),
        threshold: None,
        cooldown: None,
        language: "en".to_owned(),
        period: None,
        side: None,
        claimant: None,
        first_appearance: None,
        published: day,
        reviewed: day,
        review_due: None,
        corrections: Vec::new(),
        related: Vec::new(),
        sources: Vec::new(),
        response: Response::default(),
    })
}

/// The words to the letter: brackets of people who know nothing of ours are no choices.
fn phrasing(text: &str) -> Phrasing {
    let pieces = vec![Piece::Words(text.to_owned())];
    Phrasing { text: text.to_owned(), variants: vec![Variant { pieces }] }
}

#[cfg(test)]
mod tests {
    use super::PublicStore;
    use crate::eval::rows::StoredClaim;

    #[test]
    fn claims_keep_the_order_and_names_of_their_own_ids() {
        let stored = |id: &str, title: Option<&str>| StoredClaim {
            id: id.to_owned(),
            text: "the [odd|even] {x}".to_owned(),
            title: title.map(str::to_owned),
        };
        let store = PublicStore::build(vec![stored("Z_1", None), stored("A_2", Some("Title"))]);
        let claims = store.catalog.claims();
        assert_eq!(store.own_id(&claims[0].id), "A_2");
        assert_eq!(store.own_id(&claims[1].id), "Z_1");
        assert_eq!(claims[0].phrasings.len(), 2);
        assert_eq!(claims[1].phrasings[0].variants.len(), 1);
    }
}
