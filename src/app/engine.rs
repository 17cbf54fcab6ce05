//! One frozen snapshot of all claims with their index, and the holder it is swapped in. Knows neither files nor when it is swapped.

use std::fmt;
use std::sync::Arc;

use arc_swap::{ArcSwap, Guard};

use crate::app::reload::Problem;
use crate::app::search::Shelf;
use crate::matching::Matcher;
use crate::model::catalog::Catalog;
use crate::model::claim::Claim;

/// All claims and their index.
#[derive(Debug, Default)]
pub struct Engine {
    /// The claims.
    pub catalog: Catalog,
    /// Their index.
    pub matcher: Arc<Matcher>,
    /// Their words, for those who search.
    pub shelf: Shelf,
}

impl Engine {
    /// Indexes a catalog.
    pub fn build(catalog: Catalog) -> Self {
        Self::of(Arc::new(Matcher::build(&catalog)), catalog)
    }

    /// The same, with the index of `before` where that would not be another: making it is what costs.
    pub fn build_after(before: &Self, catalog: Catalog) -> Self {
        let old: Vec<&Claim> = before.catalog.published().collect();
        let new: Vec<&Claim> = catalog.published().collect();
        let is_heard_alike = before.catalog.aliases() == catalog.aliases()
            && old.len() == new.len()
            && old.iter().zip(&new).all(|(old, new)| is_heard_alike(old, new));
        if is_heard_alike {
            Self::of(before.matcher.clone(), catalog)
        } else {
            Self::build(catalog)
        }
    }

    fn of(matcher: Arc<Matcher>, catalog: Catalog) -> Self {
        Self { matcher, shelf: Shelf::build(&catalog), catalog }
    }
}

/// Whether the same messages are about both, and the same is done about them: they differ at most in
/// what is said, on what it rests, and when. A field that is not named here counts.
pub(super) fn is_heard_alike(one: &Claim, other: &Claim) -> bool {
    let as_other = Claim {
        revision: other.revision.clone(),
        reason: other.reason.clone(),
        topics: other.topics.clone(),
        period: other.period.clone(),
        side: other.side.clone(),
        claimant: other.claimant.clone(),
        first_appearance: other.first_appearance.clone(),
        published: other.published,
        reviewed: other.reviewed,
        review_due: other.review_due,
        corrections: other.corrections.clone(),
        sources: other.sources.clone(),
        response: other.response.clone(),
        ..one.clone()
    };
    as_other == *other
}

/// The snapshot that answers now.
#[derive(Default)]
pub struct Live {
    engine: ArcSwap<Engine>,
    problems: ArcSwap<Vec<Problem>>,
}

impl Live {
    /// Starts with a snapshot.
    pub fn new(engine: impl Into<Arc<Engine>>) -> Self {
        Self { engine: ArcSwap::new(engine.into()), problems: ArcSwap::default() }
    }

    /// The snapshot; it stays whole however long it is held.
    pub fn load(&self) -> Guard<Arc<Engine>> {
        self.engine.load()
    }

    /// Replaces the snapshot; messages being read keep the one they began with.
    pub fn replace(&self, engine: Engine) {
        self.engine.store(Arc::new(engine));
    }
}

impl Live {
    /// The snapshot, to be held for as long as somebody likes.
    pub fn snapshot(&self) -> Arc<Engine> {
        self.engine.load_full()
    }

    /// What keeps files from being used; empty where all is well.
    pub fn problems(&self) -> Arc<Vec<Problem>> {
        self.problems.load_full()
    }

    /// Replaces the problems.
    pub fn note(&self, problems: Vec<Problem>) {
        self.problems.store(Arc::new(problems));
    }
}

impl fmt::Debug for Live {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Live({} claims)", self.load().catalog.claims().len())
    }
}
