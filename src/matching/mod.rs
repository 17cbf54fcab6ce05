//! Finds which claims a message is about, how surely, and what it says of them. Knows neither channels nor what is done about it.

use crate::model::catalog::Catalog;
use crate::model::explanation::Candidate;
use crate::text::Text;

/// All phrasings of a catalog, indexed.
#[derive(Debug, Clone, Default)]
pub struct Matcher {}

impl Matcher {
    /// Indexes the published claims.
    pub fn build(_catalog: &Catalog) -> Self {
        Self {}
    }

    /// The claims that a message may be about, best first, at most `top`, one candidate a claim.
    pub fn find(&self, _text: &Text, _top: usize) -> Vec<Candidate> {
        Vec::new()
    }
}
