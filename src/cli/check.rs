//! `footnote check`: reads, lints and reports. Opens no store and asks no network, so it runs beside a running bot.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, IsTerminal as _, Write};
use std::num::NonZero;
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::cli::report::{Format, render};
use crate::cli::{Exit, Failure};
use crate::config;
use crate::content::load::{ALIASES, HOSTS, Loaded, is_claim_file, load, shown};
use crate::content::lock;
use crate::lint::{Context, answered, balance, rule, written};
use crate::matching::Matcher;
use crate::model::catalog::Catalog;
use crate::model::claim::{Claim, ClaimId, Status};
use crate::model::date::Date;
use crate::model::diagnostic::{Diagnostic, Severity};
use crate::model::origin::Origins;
use crate::model::span::FileId;

/// The arguments of `footnote check`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Responses folders, packs or claim files; what surrounds them is read too, and not reported
    #[arg(value_name = "PATH", default_value = "responses")]
    paths: Vec<PathBuf>,
    /// How findings are printed
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Makes warnings fail the check
    #[arg(long, value_enum, value_name = "WHAT")]
    deny: Option<Deny>,
    /// The day on which reviews are due or not, as YYYY-MM-DD; without it no review is called due
    #[arg(long, value_name = "DATE", value_parser = day)]
    today: Option<Date>,
    /// The settings whose `[lint]` section gives rules other levels; `config.toml` in the working directory where it is left out
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Prints how the claims are spread over sides, periods and verdicts instead of checking
    #[arg(long, conflicts_with_all = ["format", "deny", "today"])]
    balance: bool,
    /// Explains a rule instead of checking
    #[arg(long, value_name = "CODE", exclusive = true)]
    explain: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Deny {
    Warnings,
}

fn day(text: &str) -> Result<Date, String> {
    Date::parse(text).ok_or_else(|| "a day is written YYYY-MM-DD".to_owned())
}

/// Checks the paths and prints what is wrong.
pub fn run(args: &Args, out: &mut impl Write) -> Result<Exit, Failure> {
    if let Some(code) = &args.explain {
        return explain(code, out);
    }
    let levels = config::load_levels(args.config.as_deref())
        .map_err(|error| Failure::Said(error.to_string()))?;
    let mut scopes: BTreeMap<PathBuf, Scope> = BTreeMap::new();
    for path in &args.paths {
        let (folder, part) = surroundings(path)?;
        scopes.entry(folder).or_default().add(part);
    }
    if args.balance {
        for folder in scopes.keys() {
            out.write_all(balance::table(&load(folder)?.catalog).as_bytes())?;
        }
        return Ok(Exit::Done);
    }
    let coloured = args.format == Format::Human && io::stdout().is_terminal();
    let mut sum = Sum::default();
    for (folder, scope) in &scopes {
        let loaded = load(folder)?;
        let inside = |file: FileId| scope.holds(folder, loaded.files.path(file));
        let found = levels.apply(findings(&loaded, args.today, &inside));
        for found in found.iter().filter(|found| inside(found.span.file)) {
            sum.count(found);
            out.write_all(render(found, &loaded.files, args.format, coloured).as_bytes())?;
        }
        sum.add(&loaded, inside);
    }
    // The other formats are read by programs, which are not to meet a line of prose.
    if args.format == Format::Human {
        writeln!(out, "{}", sum.sentence())?;
    } else {
        writeln!(io::stderr().lock(), "{}", sum.sentence())?;
    }
    let denied = args.deny == Some(Deny::Warnings) && sum.warnings > 0;
    Ok(if sum.errors > 0 || denied { Exit::Findings } else { Exit::Done })
}

/// All that is wrong in a responses folder, in the order of its files. Only the claims of files that
/// are `inside` are tried against all others: that is what takes time.
pub fn findings(
    loaded: &Loaded,
    today: Option<Date>,
    inside: &(dyn Fn(FileId) -> bool + Sync),
) -> Vec<Diagnostic> {
    let catalog = loaded.everything();
    let context = Context {
        origins: &loaded.origins,
        hosts: &loaded.hosts,
        unread: &loaded.unread,
        read: &loaded.diagnostics,
        today,
    };
    let mut found = loaded.diagnostics.clone();
    found.extend(loaded.verify_lock());
    found.extend(written(&catalog, &context));
    let tried: Vec<&Claim> = catalog
        .claims()
        .iter()
        .filter(|claim| loaded.origins.claim(&claim.id).is_some_and(|at| inside(at.head.file)))
        .collect();
    found.extend(answered_by_all(&catalog, &loaded.origins, &tried));
    found.sort_by(|a, b| {
        let place = |found: &Diagnostic| (found.span.start, found.span.end, found.code);
        let path = |found: &Diagnostic| loaded.files.path(found.span.file);
        path(a).cmp(path(b)).then_with(|| place(a).cmp(&place(b)))
    });
    found
}

/// Tries claims on all processors: each is tried by itself, save the drafts, for which an index of their
/// own is made.
fn answered_by_all(catalog: &Catalog, origins: &Origins, tried: &[&Claim]) -> Vec<Diagnostic> {
    let matcher = Matcher::build(catalog);
    let workers = std::thread::available_parallelism().map_or(1, NonZero::get);
    let (drafts, others): (Vec<&Claim>, Vec<&Claim>) =
        tried.iter().partition(|claim| claim.status == Status::Draft);
    // The longest work first: whoever is done takes the next.
    let mut shares: Vec<BTreeSet<&ClaimId>> = vec![drafts.iter().map(|one| &one.id).collect()];
    shares.extend(others.iter().map(|one| BTreeSet::from([&one.id])));
    let next = AtomicUsize::new(0);
    let work = || {
        let mut found = Vec::new();
        while let Some(share) = shares.get(next.fetch_add(1, Ordering::Relaxed)) {
            let is_tried = |claim: &Claim| share.contains(&claim.id);
            found.extend(answered(catalog, &matcher, origins, &is_tried));
        }
        found
    };
    std::thread::scope(|scope| {
        let at_work: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        at_work
            .into_iter()
            .flat_map(|work| work.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}

/// What of a responses folder is reported.
#[derive(Debug, Default)]
struct Scope {
    whole: bool,
    parts: BTreeSet<PathBuf>,
}

impl Scope {
    fn add(&mut self, part: Option<PathBuf>) {
        match part {
            Some(part) => drop(self.parts.insert(part)),
            None => self.whole = true,
        }
    }

    fn holds(&self, folder: &Path, path: &str) -> bool {
        let within = |part: &PathBuf| {
            let part = shown(&folder.join(part));
            path.strip_prefix(&part).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.whole || self.parts.iter().any(within)
    }
}

/// The responses folder around a path, and the part of it that the path names; none for the whole.
fn surroundings(path: &Path) -> Result<(PathBuf, Option<PathBuf>), Failure> {
    if !path.exists() {
        return Err(Failure::Said(format!("`{}` does not exist", path.display())));
    }
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let is_part =
        name.is_some_and(|name| [ALIASES, HOSTS, lock::FILE_NAME].contains(&name.as_str()));
    let depth = if path.is_dir() {
        usize::from(is_pack(path))
    } else if is_part {
        1
    } else if is_claim_file(path) {
        2
    } else {
        return Err(Failure::Said(format!("`{}` is no claim file", path.display())));
    };
    if depth == 0 {
        return Ok((path.to_owned(), None));
    }
    // `a.md` and `..` do not say in which folder they stand.
    let says =
        path.components().rev().take(depth).filter(|part| matches!(part, Component::Normal(_)));
    let path = if says.count() == depth { path.to_owned() } else { path.canonicalize()? };
    let folder = path.ancestors().nth(depth).unwrap_or(Path::new(""));
    let part = path.strip_prefix(folder).map(Path::to_owned).unwrap_or_default();
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    Ok((folder.to_owned(), Some(part)))
}

/// Whether a folder holds claim files and none of the files that stand beside packs.
fn is_pack(folder: &Path) -> bool {
    let beside = [ALIASES, HOSTS, lock::FILE_NAME].iter().any(|name| folder.join(name).exists());
    let has_claims = || {
        let Ok(entries) = folder.read_dir() else { return false };
        entries.flatten().any(|entry| is_claim_file(&entry.path()) && entry.path().is_file())
    };
    !beside && has_claims()
}

/// What was looked at and what was found.
#[derive(Debug, Default)]
struct Sum {
    claims: usize,
    phrasings: usize,
    near_misses: usize,
    quotations: usize,
    errors: usize,
    warnings: usize,
}

impl Sum {
    fn count(&mut self, found: &Diagnostic) {
        match found.severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
            Severity::Hint => {}
        }
    }

    fn add(&mut self, loaded: &Loaded, inside: impl Fn(FileId) -> bool) {
        for claim in loaded.everything().claims() {
            if !loaded.origins.claim(&claim.id).is_some_and(|origin| inside(origin.head.file)) {
                continue;
            }
            self.claims += 1;
            self.phrasings += claim.phrasings.len() + claim.counter_phrasings.len();
            self.near_misses += claim.near_misses.len();
            self.quotations +=
                claim.sources.iter().map(|source| source.quotes.len()).sum::<usize>();
        }
    }

    /// A claim that cannot be read is not counted; what keeps it from being read is.
    fn sentence(&self) -> String {
        format!(
            "{}, {}, {}, {}: {}, {}",
            many(self.claims, "claim", "claims"),
            many(self.phrasings, "phrasing", "phrasings"),
            many(self.near_misses, "near miss", "near misses"),
            many(self.quotations, "quotation", "quotations"),
            many(self.errors, "error", "errors"),
            many(self.warnings, "warning", "warnings"),
        )
    }
}

fn many(count: usize, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}

fn explain(code: &str, out: &mut impl Write) -> Result<Exit, Failure> {
    let Some(rule) = rule::rule(code) else {
        let all: Vec<_> = rule::all().map(|rule| rule.code.0).collect();
        return Err(Failure::Said(format!(
            "there is no rule `{code}`; there are {}",
            all.join(", ")
        )));
    };
    writeln!(out, "{} ({})", rule.code.0, rule.level.word())?;
    writeln!(out, "  finds   {}", rule.what)?;
    writeln!(out, "  because {}", rule.why)?;
    writeln!(out, "  bad     {}", rule.bad)?;
    writeln!(out, "  good    {}", rule.good)?;
    Ok(Exit::Done)
}
