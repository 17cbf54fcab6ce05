//! All claims, checked and frozen. Knows nothing of the files they came from.

use crate::model::claim::{Claim, ClaimId, Status};
use crate::model::phrasing::Aliases;

/// All claims in the order of their ids, each id once.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    claims: Vec<Claim>,
    aliases: Aliases,
}

impl Catalog {
    /// Freezes some claims. Of two with one id the first stays.
    pub fn new(mut claims: Vec<Claim>, aliases: Aliases) -> Self {
        claims.sort_by(|a, b| a.id.cmp(&b.id));
        claims.dedup_by(|later, first| later.id == first.id);
        Self { claims, aliases }
    }

    /// The claim of this name, whatever its status.
    pub fn claim(&self, id: &str) -> Option<&Claim> {
        let at = self.claims.binary_search_by(|claim| claim.id.as_str().cmp(id)).ok()?;
        self.claims.get(at)
    }

    /// Every claim, drafts and retired ones too.
    pub fn claims(&self) -> &[Claim] {
        &self.claims
    }

    /// The claims that take part.
    pub fn published(&self) -> impl Iterator<Item = &Claim> {
        self.claims.iter().filter(|claim| claim.status == Status::Published)
    }

    /// The names for the same things.
    pub fn aliases(&self) -> &Aliases {
        &self.aliases
    }

    /// The ids in order.
    pub fn ids(&self) -> impl Iterator<Item = &ClaimId> {
        self.claims.iter().map(|claim| &claim.id)
    }
}
