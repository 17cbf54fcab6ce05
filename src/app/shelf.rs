//! What answers, kept in the store: only what changed is written, what is broken at a start answers as it last was, and a reply shows what it was made from. Knows neither folders nor when files change.
//!
//! A store that fails here costs no answer: it is logged, and the files go on answering.

use std::collections::BTreeMap;

use tracing::{error, warn};

use crate::app::App;
use crate::content::load::Loaded;
use crate::content::parse::{Identity, parse};
use crate::model::catalog::Catalog;
use crate::model::claim::{Claim, ClaimId, Revision};
use crate::model::phrasing::Aliases;
use crate::model::span::FileId;
use crate::store::claims::Kept;
use crate::store::{Store, StoreError};

/// The claims that answered last, with the names that their phrasings were written for.
pub fn recall(store: &Store) -> Catalog {
    read(store).unwrap_or_else(|error| {
        error!(%error, "the claims that answered last cannot be read from the store");
        Catalog::default()
    })
}

/// Keeps what answers now, as far as it came from these files; how many values were written.
pub fn keep(store: &Store, catalog: &Catalog, loaded: &Loaded) -> usize {
    write(store, catalog, loaded).unwrap_or_else(|error| {
        error!(%error, "the claims that answer cannot be written into the store");
        0
    })
}

impl App {
    /// A claim as it was in the revision that begins with these digits, where that is still known.
    pub(super) fn claim_of_revision(&self, id: &ClaimId, start: &str) -> Option<Claim> {
        let engine = self.live.load();
        if let Some(claim) = engine.catalog.claim(id.as_str())
            && claim.revision.as_str().starts_with(start)
        {
            return Some(claim.clone());
        }
        let (revision, kept) = self.store.kept_claim(id, start).ok().flatten()?;
        parsed(id, revision, &kept)
    }
}

fn read(store: &Store) -> Result<Catalog, StoreError> {
    let mut claims = Vec::new();
    let mut aliases = Aliases::default();
    for (id, revision) in store.currents()? {
        let Some((revision, kept)) = store.kept_claim(&id, revision.as_str())? else { continue };
        let Some(claim) = parsed(&id, revision, &kept) else {
            warn!(claim = id.as_str(), "what was kept of it cannot be read any more");
            continue;
        };
        for (group, names) in kept.aliases {
            if aliases.names(&group).is_none() {
                aliases.add(group, names);
            }
        }
        claims.push(claim);
    }
    Ok(Catalog::new(claims, aliases))
}

fn write(store: &Store, catalog: &Catalog, loaded: &Loaded) -> Result<usize, StoreError> {
    let mut written = 0;
    for claim in catalog.claims() {
        let from_files = loaded.catalog.claim(claim.id.as_str());
        if from_files.is_none_or(|one| one.revision != claim.revision) {
            // It answers as it was before: that is kept already.
            continue;
        }
        let head = loaded.origins.claims.get(&claim.id).map(|origin| origin.head);
        let Some(file) = head.and_then(|head| loaded.files.file(head.file)) else { continue };
        let kept = Kept {
            pack: claim.pack.clone(),
            text: file.text.clone(),
            aliases: names(claim, catalog.aliases()),
        };
        // In this order: what is current is not pruned before it is there.
        written += usize::from(store.set_current(&claim.id, Some(&claim.revision))?);
        written += usize::from(store.keep_claim(&claim.id, &claim.revision, &kept)?);
    }
    for (id, _) in store.currents()? {
        if catalog.claim(id.as_str()).is_none() {
            // Its file was taken away.
            written += usize::from(store.set_current(&id, None)?);
        }
    }
    if written > 0 {
        store.flush()?;
    }
    Ok(written)
}

/// The names that the claim's phrasings use.
fn names(claim: &Claim, aliases: &Aliases) -> BTreeMap<String, Vec<String>> {
    let phrasings = claim.phrasings.iter().chain(&claim.counter_phrasings);
    phrasings
        .flat_map(|phrasing| phrasing.groups())
        .filter_map(|group| Some((group.to_owned(), aliases.names(group)?.to_vec())))
        .collect()
}

/// The claim of a kept file. What a newer version finds wrong with it was fine when it was kept.
fn parsed(id: &ClaimId, revision: Revision, kept: &Kept) -> Option<Claim> {
    let mut aliases = Aliases::default();
    for (group, names) in &kept.aliases {
        aliases.add(group, names.clone());
    }
    let identity = Identity { id: Some(id.clone()), pack: kept.pack.clone(), revision };
    let parsed = parse(&kept.text, FileId(0), identity, &aliases);
    parsed.claim.or(parsed.flawed)
}
