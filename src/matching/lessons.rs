//! What the claims' own files teach about the score: each near miss, as if nobody had written it. Knows neither weights nor how they are learned.

use crate::matching::Matcher;
use crate::matching::contender::Given;
use crate::matching::pattern::{Origin, Role};
use crate::matching::score::Features;
use crate::model::catalog::Catalog;
use crate::text;

impl Matcher {
    /// How each near miss looks to the rest of its claim's file, for a catalog that this matcher was built from:
    /// none of them says the claim. One that denies the claim, asks about it or quotes it teaches nothing, and
    /// neither does one in which nothing of the claim is found.
    ///
    /// Phrasings that are left out in the same way are no lessons: no author writes two that say the same in the
    /// same words, so one without itself fits its claim worse than messages do. (With them, at 111 right replies
    /// on the messages to check on, 42 of 469 innocent sentences were answered instead of 19.)
    pub fn near_misses(&self, catalog: &Catalog) -> Vec<Features> {
        let mut lessons = Vec::new();
        for (at, claim) in catalog.published().enumerate() {
            for (number, message) in claim.near_misses.iter().enumerate() {
                let origin = Origin { claim: at, number, role: Role::NearMiss };
                // Those that read otherwise than as an assertion were left out of the patterns.
                if self.patterns.iter().all(|pattern| pattern.origin != origin) {
                    continue;
                }
                let given = Given { left_out: Some(origin), ..Given::default() };
                let contenders = self.contenders(&text::read(message), &given);
                let own = contenders.iter().find(|one| one.claim() == at);
                lessons.extend(own.map(|one| one.best.features));
            }
        }
        lessons
    }
}
