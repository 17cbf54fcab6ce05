//! `footnote site`: the claims as a folder of pages that any web server can show. Knows neither their looks nor how a folder is replaced.

mod folder;

use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;

use crate::cli::check::found_by_reading;
use crate::cli::{Exit, Failure, output};
use crate::config::{self, given::SITE_URL};
use crate::content::load::{Loaded, load, shown};
use crate::model::claim::Status;
use crate::model::diagnostic::{Levels, Severity};
use crate::model::span::FileId;
use crate::page::site::Site;
use crate::reply::link;

/// A site's address that the settings take leaves room for the path of every page on a button.
const _: () = assert!(SITE_URL <= link::SITE_URL, "an address would not fit");

/// The arguments of `footnote site`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder for the pages; what this command wrote there before is replaced as a whole
    #[arg(value_name = "OUT")]
    out: PathBuf,
    /// The folder with the claims
    #[arg(long, default_value = "responses", value_name = "DIR")]
    responses: PathBuf,
    /// The address at which the site will stand; without it `[responses] site_url` of the settings
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// Whose site it is: the name behind each page's title, and the author of its reviews
    #[arg(long, default_value = "footnote", value_name = "NAME")]
    name: String,
    /// The settings; `config.toml` in the working directory where it is left out
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// Writes the site. Where a claim has an error nothing is written: a page would be missing that stood before.
pub fn run(args: &Args, out: &mut impl Write) -> Result<Exit, Failure> {
    let said = |error: config::ConfigError| Failure::Said(error.to_string());
    let levels = config::load_levels(args.config.as_deref()).map_err(said)?;
    let url = match &args.url {
        Some(url) => config::site_url(url)
            .map_err(|expected| Failure::Said(format!("`--url {url}`: {expected}")))?,
        None => config::load_site_url(args.config.as_deref()).map_err(said)?,
    };
    let loaded = load(&args.responses)?;
    let errors = flawed_files(&loaded, &levels);
    if !errors.is_empty() {
        let paths: Vec<_> = errors.iter().map(|path| format!("`{path}`")).collect();
        output::error(format!(
            "nothing was written, since there are errors in {}; `footnote check {}` says which",
            paths.join(", "),
            shown(&args.responses)
        ));
        return Ok(Exit::Findings);
    }
    let site = Site::new(&loaded.catalog, args.name.trim(), url.as_deref());
    let files = site.files();
    folder::replace(&args.out, &files).map_err(Failure::Said)?;
    if url.is_none() {
        output::note(
            "feed, sitemap and canonical addresses are left out: they need `--url`, or `[responses] site_url` in the settings",
        );
    }
    let (published, retired) = (site.published().count(), site.retired().count());
    let drafts = loaded.everything().claims().len().saturating_sub(published + retired);
    writeln!(
        out,
        "{}: {} files, {published} claims, {retired} withdrawn; drafts left out: {drafts}",
        shown(&args.out),
        files.len()
    )?;
    Ok(Exit::Done)
}

/// The files that hold an error, drafts aside: those have no page.
fn flawed_files<'a>(loaded: &'a Loaded, levels: &Levels) -> BTreeSet<&'a str> {
    let everything = loaded.everything();
    let drafts: BTreeSet<FileId> = everything
        .claims()
        .iter()
        .filter(|claim| claim.status == Status::Draft)
        .filter_map(|claim| Some(loaded.origins.claim(&claim.id)?.head.file))
        .collect();
    let found = levels.apply(found_by_reading(loaded, None));
    found
        .iter()
        .filter(|found| found.severity == Severity::Error && !drafts.contains(&found.span.file))
        .map(|found| loaded.files.path(found.span.file))
        .collect()
}
