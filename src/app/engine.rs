//! One frozen snapshot of all claims with their index, and the holder it is swapped in. Knows neither files nor when it is swapped.

use std::fmt;
use std::sync::Arc;

use arc_swap::{ArcSwap, Guard};

use crate::app::reload::Problem;
use crate::app::search::Shelf;
use crate::matching::Matcher;
use crate::model::catalog::Catalog;

/// All claims and their index.
#[derive(Debug, Default)]
pub struct Engine {
    /// The claims.
    pub catalog: Catalog,
    /// Their index.
    pub matcher: Matcher,
    /// Their words, for those who search.
    pub shelf: Shelf,
}

impl Engine {
    /// Indexes a catalog.
    pub fn build(catalog: Catalog) -> Self {
        Self { matcher: Matcher::build(&catalog), shelf: Shelf::build(&catalog), catalog }
    }
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
