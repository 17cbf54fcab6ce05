//! One frozen snapshot of all claims with their index, and the holder it is swapped in. Knows neither files nor when it is swapped.

use std::fmt;
use std::sync::Arc;

use arc_swap::{ArcSwap, Guard};

use crate::app::reload::Adopted;
use crate::app::search::Shelf;
use crate::matching::Matcher;
use crate::model::catalog::Catalog;
use crate::model::claim::ClaimId;

/// All claims and their index.
#[derive(Debug, Default)]
pub struct Engine {
    /// The claims.
    pub catalog: Catalog,
    /// Their index.
    pub matcher: Matcher,
    /// Their words, for those who search.
    pub shelf: Shelf,
    /// Claims whose file has an error now, and which answer as they last were.
    pub held_back: Vec<ClaimId>,
}

impl Engine {
    /// Indexes a catalog.
    pub fn build(catalog: Catalog) -> Self {
        Self {
            held_back: Vec::new(),
            matcher: Matcher::build(&catalog),
            shelf: Shelf::build(&catalog),
            catalog,
        }
    }
}

impl From<Adopted> for Engine {
    fn from(adopted: Adopted) -> Self {
        Self { held_back: adopted.held_back, ..Self::build(adopted.catalog) }
    }
}

/// The snapshot that answers now.
pub struct Live(ArcSwap<Engine>);

impl Live {
    /// Starts with a snapshot.
    pub fn new(engine: Engine) -> Self {
        Self(ArcSwap::from_pointee(engine))
    }

    /// The snapshot; it stays whole however long it is held.
    pub fn load(&self) -> Guard<Arc<Engine>> {
        self.0.load()
    }

    /// Replaces the snapshot; messages being read keep the one they began with.
    pub fn replace(&self, engine: Engine) {
        self.0.store(Arc::new(engine));
    }
}

impl fmt::Debug for Live {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Live({} claims)", self.load().catalog.claims().len())
    }
}
