//! From the files to what answers: good files are kept, and what is broken now answers as it last was. Knows neither when files change nor who reads them.

use std::collections::BTreeSet;

use tracing::{info, warn};

use crate::app::App;
use crate::app::engine::Engine;
use crate::content::aliases;
use crate::content::load::{ALIASES, Loaded};
use crate::content::parse::{Identity, parse};
use crate::model::catalog::Catalog;
use crate::model::claim::{Claim, ClaimId, Revision};
use crate::model::diagnostic::Severity;
use crate::model::phrasing::Aliases;
use crate::model::span::FileId;
use crate::store::claims::Kept;
use crate::store::{Store, StoreError};

/// What answers from now on.
#[derive(Debug)]
pub struct Adopted {
    /// The claims.
    pub catalog: Catalog,
    /// How many values were written: what did not change is not.
    pub written: usize,
    /// Claims whose file has an error now, and which answer as they last were.
    pub held_back: Vec<ClaimId>,
}

/// Keeps the good files, and fills in for those that are broken now what was kept of them. A file
/// that is gone was taken away on purpose: its claim answers no more.
///
/// # Errors
/// Where the store fails.
pub fn adopt(store: &Store, loaded: &Loaded) -> Result<Adopted, StoreError> {
    let (aliases, mut written) = good_aliases(store, loaded)?;
    let mut claims = loaded.catalog.claims().to_vec();
    let mut named: BTreeSet<&str> = loaded.unread.iter().map(String::as_str).collect();
    for claim in &claims {
        let head = loaded.origins.claims.get(&claim.id).map(|origin| origin.head);
        let file = head.and_then(|head| loaded.files.file(head.file));
        let Some(file) = file else { continue };
        let kept = Kept { pack: claim.pack.clone(), text: file.text.clone() };
        // In this order: what is current is not pruned before it is there.
        written += usize::from(store.set_current(&claim.id, Some(&claim.revision))?);
        written += usize::from(store.keep_claim(&claim.id, &claim.revision, &kept)?);
    }
    let mut held_back = Vec::new();
    let good: BTreeSet<ClaimId> = claims.iter().map(|claim| claim.id.clone()).collect();
    named.extend(good.iter().map(ClaimId::as_str));
    for (id, revision) in store.currents()? {
        if !named.contains(id.as_str()) {
            written += usize::from(store.set_current(&id, None)?);
        } else if !good.contains(&id) {
            let kept = store.kept_claim(&id, revision.as_str())?;
            match kept.and_then(|(revision, kept)| reread(&id, revision, &kept, &aliases)) {
                Some(claim) => {
                    claims.push(claim);
                    held_back.push(id);
                }
                None => warn!(claim = id.as_str(), "what was kept of it cannot be read any more"),
            }
        }
    }
    if written > 0 {
        store.flush()?;
    }
    Ok(Adopted { catalog: Catalog::new(claims, aliases), written, held_back })
}

impl App {
    /// Answers with what the files say from now on. What is being read keeps what it began with.
    ///
    /// # Errors
    /// Where the store fails; then everything stays as it was.
    pub fn reload(&self, loaded: &Loaded) -> Result<Vec<ClaimId>, StoreError> {
        let adopted = adopt(&self.store, loaded)?;
        let claims = adopted.catalog.published().count();
        let (written, held_back) = (adopted.written, adopted.held_back.clone());
        self.live.replace(Engine::from(adopted));
        info!(claims, written, "claims reloaded");
        Ok(held_back)
    }

    /// A claim as it was in the revision that begins with these digits, where that is still known.
    pub(super) fn claim_of_revision(&self, id: &ClaimId, start: &str) -> Option<Claim> {
        let engine = self.live.load();
        if let Some(claim) = engine.catalog.claim(id.as_str())
            && claim.revision.as_str().starts_with(start)
        {
            return Some(claim.clone());
        }
        let (revision, kept) = self.store.kept_claim(id, start).ok().flatten()?;
        reread(id, revision, &kept, engine.catalog.aliases())
    }
}

fn reread(id: &ClaimId, revision: Revision, kept: &Kept, aliases: &Aliases) -> Option<Claim> {
    let identity = Identity { id: Some(id.clone()), pack: kept.pack.clone(), revision };
    let parsed = parse(&kept.text, FileId(0), identity, aliases);
    // A group of names may be gone since: that is no error of what is said.
    parsed.claim.or(parsed.flawed)
}

/// The alias groups, or where their file has an error the last ones that had none.
fn good_aliases(store: &Store, loaded: &Loaded) -> Result<(Aliases, usize), StoreError> {
    let now = loaded.catalog.aliases().clone();
    let mut files = loaded.files.iter();
    let Some((id, file)) = files.find(|(_, file)| file.path.ends_with(ALIASES)) else {
        return Ok((now, 0));
    };
    let mut found = loaded.diagnostics.iter();
    if !found.any(|found| found.span.file == id && found.severity == Severity::Error) {
        return Ok((now, usize::from(store.keep_aliases(&file.text)?)));
    }
    let kept = store.kept_aliases()?;
    Ok((kept.map_or(now, |text| aliases::parse(&text, FileId(0), &mut Vec::new())), 0))
}
