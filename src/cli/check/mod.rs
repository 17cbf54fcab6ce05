//! `footnote check`: reads, lints and reports. Opens no store and asks no network, so it runs beside a running bot.

mod watch;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, IsTerminal as _, Write};
use std::num::NonZero;
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::cli::check::watch::{Printed, Seen, watch};
use crate::cli::report::{Format, render};
use crate::cli::{Exit, Failure};
use crate::config;
use crate::content::load::{ALIASES, HOSTS, Loaded, is_claim_file, load, shown};
use crate::content::{lock, todo};
use crate::lint::{Context, answered, balance, rule, written};
use crate::matching::Matcher;
use crate::model::catalog::Catalog;
use crate::model::claim::{Claim, ClaimId, Status};
use crate::model::date::Date;
use crate::model::diagnostic::{Diagnostic, Levels, Severity};
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
    /// Goes on, and checks again whenever a file was saved, until Ctrl-C
    #[arg(long, conflicts_with = "balance")]
    watch: bool,
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
    let mut seen: BTreeMap<&Path, Seen> = BTreeMap::new();
    let mut exit = Exit::Done;
    let mut once = || {
        exit = round(args, &levels, &scopes, &mut seen, out)?;
        out.flush()?;
        Ok(())
    };
    if args.watch {
        let folders: Vec<PathBuf> = scopes.keys().cloned().collect();
        watch(&folders, once)?;
    } else {
        once()?;
    }
    Ok(exit)
}

/// Looks at everything once and prints what is wrong; what was seen before and did not change is not
/// tried again.
fn round<'a>(
    args: &Args,
    levels: &Levels,
    scopes: &'a BTreeMap<PathBuf, Scope>,
    seen: &mut BTreeMap<&'a Path, Seen>,
    out: &mut impl Write,
) -> Result<Exit, Failure> {
    let coloured = args.format == Format::Human && io::stdout().is_terminal();
    let mut loaded = Vec::new();
    for (folder, scope) in scopes {
        loaded.push((folder.as_path(), scope, load(folder)?));
    }
    let is_current = |(folder, _, loaded): &(&Path, &Scope, Loaded)| {
        seen.get(folder).is_some_and(|seen| seen.is_current(loaded))
    };
    if loaded.iter().all(is_current) {
        return Ok(Exit::Done);
    }
    if args.watch {
        say(args.format, "checking …", out)?;
    }
    let mut sum = Sum::default();
    for (folder, scope, loaded) in &loaded {
        let seen = seen.entry(folder).or_default();
        let inside = |file: FileId| scope.holds(folder, loaded.files.path(file));
        let printed = |found: Vec<Diagnostic>| -> Vec<Printed> {
            let found = levels.apply(settled(found, loaded));
            let found = found.iter().filter(|found| inside(found.span.file));
            found
                .map(|found| Printed {
                    path: loaded.files.path(found.span.file).to_owned(),
                    place: (found.span.start, found.span.end, found.code),
                    severity: found.severity,
                    text: render(found, &loaded.files, args.format, coloured),
                })
                .collect()
        };
        let has_changed = seen.has_changed(loaded);
        let is_tried = |file: FileId| inside(file) && has_changed(loaded.files.path(file));
        let mut answered = printed(found_by_trying(loaded, &is_tried));
        let is_there = |path: &str| loaded.files.iter().any(|(_, file)| file.path == path);
        let kept = seen.answered.iter().filter(|one| !has_changed(&one.path));
        answered.extend(kept.filter(|one| is_there(&one.path)).cloned());
        let mut found = printed(found_by_reading(loaded, args.today));
        found.extend(answered.iter().cloned());
        found.sort_by(|a, b| (&a.path, a.place).cmp(&(&b.path, b.place)));
        for found in &found {
            sum.count(found.severity);
            out.write_all(found.text.as_bytes())?;
        }
        seen.renew(loaded, answered);
        sum.add(loaded, inside);
    }
    say(args.format, &sum.sentence(), out)?;
    let denied = args.deny == Some(Deny::Warnings) && sum.warnings > 0;
    Ok(if sum.errors > 0 || denied { Exit::Findings } else { Exit::Done })
}

/// A line of prose. The other formats are read by programs, which are not to meet one.
fn say(format: Format, line: &str, out: &mut impl Write) -> Result<(), Failure> {
    match format {
        Format::Human => writeln!(out, "{line}")?,
        Format::Short | Format::Json | Format::Github => {
            out.flush()?;
            writeln!(io::stderr().lock(), "{line}")?;
        }
    }
    Ok(())
}

/// All that is wrong in a responses folder, in the order of its files. Only the claims of files that
/// are `inside` are tried against all others: that is what takes time.
pub fn findings(
    loaded: &Loaded,
    today: Option<Date>,
    inside: &(dyn Fn(FileId) -> bool + Sync),
) -> Vec<Diagnostic> {
    let mut found = found_by_reading(loaded, today);
    found.extend(found_by_trying(loaded, inside));
    settled(found, loaded)
}

/// What the files say, each by itself and all together.
pub(super) fn found_by_reading(loaded: &Loaded, today: Option<Date>) -> Vec<Diagnostic> {
    let context = Context {
        origins: &loaded.origins,
        hosts: &loaded.hosts,
        unread: &loaded.unread,
        read: &loaded.diagnostics,
        today,
    };
    let mut found = loaded.diagnostics.clone();
    found.extend(loaded.verify_lock());
    found.extend(written(&loaded.everything(), &context));
    found
}

/// What is answered that should not be, and what is not that should.
fn found_by_trying(loaded: &Loaded, inside: &(dyn Fn(FileId) -> bool + Sync)) -> Vec<Diagnostic> {
    let catalog = loaded.everything();
    let tried: Vec<&Claim> = catalog
        .claims()
        .iter()
        .filter(|claim| loaded.origins.claim(&claim.id).is_some_and(|at| inside(at.head.file)))
        .collect();
    answered_by_all(&catalog, &loaded.origins, &tried)
}

/// In the order of the files, without what waits until it is written.
fn settled(mut found: Vec<Diagnostic>, loaded: &Loaded) -> Vec<Diagnostic> {
    found.retain(|found| !todo::covers(found, &loaded.files));
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
    fn count(&mut self, severity: Severity) {
        match severity {
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
