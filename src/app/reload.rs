//! Brings changed files live: what is good replaces what was there, and what is not leaves its last good revision answering. Knows neither when files change nor how they are watched.
//!
//! **Invariant:** what answers is one whole snapshot, and each claim in it is one whole file without an
//! error. An error in `aliases.toml` or `hosts.toml`, on which all claims lean, keeps everything as it was.
//!
//! What it costs: reading grows with all claims. Where only texts changed the index stays; otherwise it
//! is made anew, by far the most, and the phrasings of what changed are tried. `cargo bench --bench reload` measures it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use tracing::{info, warn};

use crate::app::engine::{Engine, Live, is_heard_alike};
use crate::app::shelf;
use crate::content::load::{ALIASES, HOSTS, LoadError, Loaded, is_claim_file, load};
use crate::lint::{Context, answered, answered_texts, written};
use crate::model::catalog::Catalog;
use crate::model::claim::{Claim, ClaimId, Status};
use crate::model::code;
use crate::model::diagnostic::{Diagnostic, Levels, Severity};
use crate::model::phrasing::Aliases;
use crate::store::Store;

/// Something that keeps a file, or all of them, from being used. Plain words, for the log and for whoever shows how the bot is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// File and line, or the folder.
    pub place: String,
    /// The rule; none where the folder itself cannot be read.
    pub code: Option<&'static str>,
    /// What is wrong.
    pub message: String,
}

/// The claims of a folder as a bot starts with them, and what keeps others out. A claim with an error answers as it last was, where
/// a store has that; otherwise it is left out. Phrasings are not tried: that would take long, and `footnote check` does.
///
/// # Errors
/// Where the folder cannot be read.
pub fn start(
    folder: &Path,
    levels: &Levels,
    store: Option<&Store>,
) -> Result<(Engine, Vec<Problem>), LoadError> {
    let loaded = load(folder)?;
    let before = store.map(shelf::recall).unwrap_or_default();
    let found = Found::over(&before, &loaded, folder, levels);
    let catalog = if found.is_shared_bad && !before.claims().is_empty() {
        before
    } else {
        merged(&before, &loaded, &found)
    };
    if let Some(store) = store {
        shelf::keep(store, &catalog, &loaded);
    }
    Ok((Engine::build(catalog), found.problems))
}

/// Reads the folder again, and keeps in the store what answers then. Whether anything else answers now.
pub fn reload(live: &Live, folder: &Path, levels: &Levels, store: Option<&Store>) -> bool {
    let loaded = match load(folder) {
        Ok(loaded) => loaded,
        Err(error) => {
            let place = folder.display().to_string();
            report(live, vec![Problem { place, code: None, message: error.to_string() }]);
            return false;
        }
    };
    let before = live.load();
    let mut found = Found::over(&before.catalog, &loaded, folder, levels);
    if found.is_shared_bad {
        report(live, found.problems);
        return false;
    }
    let Some((next, changed)) = next(&before.catalog, &loaded, &found) else {
        report(live, found.problems);
        return false;
    };
    let mut engine = Engine::build_after(&before, next);
    let is_anew = |claim: &Claim| changed.get(&claim.id) == Some(&Change::Anew);
    let mut tried = answered(&engine.catalog, &engine.matcher, &loaded.origins, &|claim| {
        // A draft takes no part: `footnote check` tries it, which takes an index of its own.
        is_anew(claim) && claim.status == Status::Published
    });
    tried.extend(answered_texts(&engine.catalog, &engine.matcher, &loaded.origins, &|claim| {
        changed.get(&claim.id) == Some(&Change::Text)
    }));
    if found.add(&loaded, levels.apply(tried)) {
        let Some((good, _)) = self::next(&before.catalog, &loaded, &found) else {
            report(live, found.problems);
            return false;
        };
        engine = Engine::build_after(&before, good);
    }
    info!(claims = engine.catalog.published().count(), changed = changed.len(), "files were read");
    if let Some(store) = store {
        shelf::keep(store, &engine.catalog, &loaded);
    }
    live.replace(engine);
    report(live, found.problems);
    true
}

/// What is wrong, and whom it concerns.
#[derive(Debug, Default)]
struct Found {
    /// Names of claim files with errors.
    bad: BTreeSet<String>,
    /// Whether a file is bad on which all claims lean.
    is_shared_bad: bool,
    problems: Vec<Problem>,
}

impl Found {
    /// What is wrong with the files that follow others. Where all are gone, somebody is moving them
    /// away, or is about to fill the folder.
    fn over(before: &Catalog, loaded: &Loaded, folder: &Path, levels: &Levels) -> Self {
        let mut found = Self::new(loaded, levels);
        if loaded.everything().claims().is_empty() && !before.claims().is_empty() {
            found.is_shared_bad = true;
            let is_told = |problem: &Problem| problem.code == Some(code::NO_CLAIMS.0);
            if !found.problems.iter().any(is_told) {
                let message = "the folder holds no claims, so those of before stay".to_owned();
                let place = folder.display().to_string();
                found.problems.push(Problem { place, code: None, message });
            }
        }
        found
    }

    fn new(loaded: &Loaded, levels: &Levels) -> Self {
        let catalog = loaded.everything();
        let context = Context {
            origins: &loaded.origins,
            hosts: &loaded.hosts,
            unread: &loaded.unread,
            read: &loaded.diagnostics,
            today: None,
        };
        let mut all = loaded.verify_lock();
        all.extend(written(&catalog, &context));
        let mut found = Self { bad: loaded.unread.clone(), ..Self::default() };
        // What cannot be read stays unread, whatever level somebody gave the rule.
        found.add(loaded, loaded.diagnostics.clone());
        found.add(loaded, levels.apply(all));
        found
    }

    /// Whether there was an error among them.
    fn add(&mut self, loaded: &Loaded, all: Vec<Diagnostic>) -> bool {
        let mut any = false;
        for one in all.into_iter().filter(|one| one.severity == Severity::Error) {
            any = true;
            let path = Path::new(loaded.files.path(one.span.file));
            let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
            if is_claim_file(path) {
                self.bad.extend(stem);
            } else {
                let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("");
                self.is_shared_bad |= [ALIASES, HOSTS].contains(&name);
            }
            let line = loaded.files.place(one.span).line;
            self.problems.push(Problem {
                place: format!("{}:{line}", path.display()),
                code: Some(one.code.0),
                message: one.message,
            });
        }
        any
    }

    fn is_bad(&self, id: &ClaimId) -> bool {
        self.bad.contains(id.as_str())
    }
}

/// The good claims of the files, and of those with errors the ones that were live. A kept claim keeps
/// the names that its phrasings were written for.
fn merged(before: &Catalog, loaded: &Loaded, found: &Found) -> Catalog {
    let good = loaded.catalog.claims().iter().filter(|claim| !found.is_bad(&claim.id));
    let kept: Vec<&Claim> =
        before.claims().iter().filter(|claim| found.is_bad(&claim.id)).collect();
    let mut aliases = loaded.catalog.aliases().clone();
    for group in kept.iter().flat_map(|claim| groups(claim)) {
        if aliases.names(group).is_none()
            && let Some(names) = before.aliases().names(group)
        {
            aliases.add(group, names.to_vec());
        }
    }
    Catalog::new(good.chain(kept).cloned().collect(), aliases)
}

/// What changed of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    /// What it is recognised by, or what may be done about it.
    Anew,
    /// Only what is said, or what it rests on.
    Text,
}

/// What should answer next, with what changed; none where that is what answers now.
fn next(
    before: &Catalog,
    loaded: &Loaded,
    found: &Found,
) -> Option<(Catalog, BTreeMap<ClaimId, Change>)> {
    let next = merged(before, loaded, found);
    let changed = changed(before, &next);
    let is_same = changed.is_empty() && before.ids().eq(next.ids());
    (!is_same).then_some((next, changed))
}

/// The claims whose file changed, or names that their phrasings use.
fn changed(before: &Catalog, next: &Catalog) -> BTreeMap<ClaimId, Change> {
    let renamed = |group: &str| names(before, group) != names(next, group);
    let change = |claim: &Claim| {
        let Some(known) = before.claim(claim.id.as_str()) else { return Some(Change::Anew) };
        if groups(claim).into_iter().any(renamed) {
            Some(Change::Anew)
        } else if known.revision == claim.revision && known.pack == claim.pack {
            None
        } else if is_heard_alike(known, claim) {
            Some(Change::Text)
        } else {
            Some(Change::Anew)
        }
    };
    let changes = |claim: &Claim| Some((claim.id.clone(), change(claim)?));
    next.claims().iter().filter_map(changes).collect()
}

fn names<'a>(catalog: &'a Catalog, group: &str) -> Option<&'a [String]> {
    let aliases: &Aliases = catalog.aliases();
    aliases.names(group)
}

fn groups(claim: &Claim) -> BTreeSet<&str> {
    let phrasings = claim.phrasings.iter().chain(&claim.counter_phrasings);
    phrasings.flat_map(|phrasing| phrasing.groups()).collect()
}

/// Keeps the problems where they can be read, and logs those that were not there before.
pub fn report(live: &Live, mut problems: Vec<Problem>) {
    problems.sort();
    let known = live.problems();
    for problem in problems.iter().filter(|problem| !known.contains(problem)) {
        let code = problem.code.unwrap_or("folder");
        warn!(place = %problem.place, code, "{}; `footnote check` says more", problem.message);
    }
    if problems.is_empty() && !known.is_empty() {
        info!("all files are good again");
    }
    live.note(problems);
}
