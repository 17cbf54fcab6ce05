//! `footnote links`: whether every address of the responses still answers. Reads files and asks servers; changes nothing but its cache.

mod archive;
mod ask;
mod cache;
mod collect;
mod outcome;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use futures_util::stream::{self, StreamExt as _};
use serde::Serialize;

use crate::cli::links::ask::{Asker, Manners};
use crate::cli::links::cache::{Cache, Entry};
use crate::cli::links::collect::{Place, addresses};
use crate::cli::links::outcome::Outcome;
use crate::cli::progress::Progress;
use crate::cli::{Exit, Failure, output};
use crate::content::load::load;
use crate::discord::now;

/// The arguments of `footnote links`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder with the claims
    #[arg(long, default_value = "responses", value_name = "D")]
    responses: PathBuf,
    /// How findings are printed; json has one object a line for every place of every address
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Where what was found is kept, so that the next run asks less
    #[arg(long, default_value = "data/links.json", value_name = "FILE")]
    cache: PathBuf,
    /// For so many days an address is not asked again; 0 asks for all
    #[arg(long, default_value_t = 7, value_name = "DAYS")]
    fresh: u64,
    /// So many hosts are asked at once, each for one address at a time
    #[arg(long, default_value_t = 8, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64))]
    concurrency: u16,
    /// The pause between two requests to one host
    #[arg(long, default_value_t = 1000, value_name = "MILLISECONDS")]
    pause: u64,
    /// The longest that one request may take
    #[arg(long, default_value_t = 20, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    timeout: u64,
    /// How often an address is tried that is busy, fails, or does not answer
    #[arg(long, default_value_t = 3, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10))]
    tries: u32,
    /// The longest wait before another try, whatever a server asks for
    #[arg(long, default_value_t = 60, value_name = "SECONDS")]
    longest_wait: u64,
    /// Whom to ask for archived copies of what is lost: the Wayback Machine's availability API, or `off`
    #[arg(long, default_value = "https://archive.org/wayback/available", value_name = "URL")]
    archive_api: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Human,
    Json,
}

const DAY: u64 = 24 * 3600;

/// Asks, and prints what somebody has to look at.
pub fn run(args: &Args, out: &mut impl Write) -> Result<Exit, Failure> {
    let loaded = load(&args.responses)?;
    let places = addresses(&loaded);
    let now = now().0 / 1000;
    let cache = Cache::load(&args.cache).unwrap_or_else(|error| {
        output::note(format!("{error}; every address is asked"));
        None
    });
    let mut cache = cache.unwrap_or_default();
    cache.keep_fresh(now, args.fresh.saturating_mul(DAY));
    let mut seen = cache.seen;
    seen.retain(|address, _| places.contains_key(address));
    let stale: Vec<&str> =
        places.keys().filter(|address| !seen.contains_key(*address)).map(String::as_str).collect();

    let asker = Asker::new(Manners {
        timeout: Duration::from_secs(args.timeout),
        pause: Duration::from_millis(args.pause),
        tries: args.tries,
        longest_wait: Duration::from_secs(args.longest_wait),
    })
    .map_err(Failure::Said)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::Said(format!("the system gives no sockets: {error}")))?;
    let asked = runtime.block_on(ask_all(&asker, &stale, usize::from(args.concurrency)));
    let is_offline = is_offline(&asked);
    for (address, outcome) in asked {
        seen.insert(address, Entry { at: now, outcome, copy: None });
    }
    if is_offline {
        return Err(Failure::Said(
            "no address could be reached at all: is this machine on the network?".to_owned(),
        ));
    }
    if args.archive_api != "off" {
        runtime.block_on(look_for_copies(&asker, &args.archive_api, &places, &mut seen));
    }
    Cache::save(&seen, &args.cache).map_err(Failure::Said)?;
    print(args.format, &places, &seen, stale.len(), out)
}

/// Every address, several hosts at once and each host for one address after the other.
async fn ask_all(asker: &Asker, stale: &[&str], hosts: usize) -> Vec<(String, Outcome)> {
    let mut by_host: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for address in stale {
        let host = address.split('/').nth(2).unwrap_or_default();
        by_host.entry(host).or_default().push(address);
    }
    let bar = Progress::new("asking", stale.len());
    let lanes = by_host.into_values().map(|addresses| async {
        let mut found = Vec::new();
        for address in addresses {
            found.push((address.to_owned(), asker.look(address).await));
            bar.add(1);
        }
        found
    });
    let found: Vec<Vec<_>> = stream::iter(lanes).buffer_unordered(hosts).collect().await;
    bar.end();
    found.into_iter().flatten().collect()
}

/// Whether the fault is more likely ours: several hosts, and none could be reached.
fn is_offline(asked: &[(String, Outcome)]) -> bool {
    let hosts: BTreeSet<_> = asked.iter().map(|(address, _)| address.split('/').nth(2)).collect();
    let is_unreached = |outcome: &Outcome| matches!(outcome, Outcome::Unreachable { .. });
    hosts.len() > 1 && asked.iter().all(|(_, outcome)| is_unreached(outcome))
}

/// Looks for copies of what is lost and has none beside it. One fault of the archive is enough.
async fn look_for_copies(
    asker: &Asker,
    api: &str,
    places: &BTreeMap<String, Vec<Place>>,
    seen: &mut BTreeMap<String, Entry>,
) {
    let lacks_one = |address: &String| {
        places.get(address).is_some_and(|places| places.iter().any(|place| !place.has_copy))
    };
    let lost: Vec<(&String, &mut Entry)> = seen
        .iter_mut()
        .filter(|(address, entry)| {
            entry.outcome.is_lost() && entry.copy.is_none() && lacks_one(address)
        })
        .collect();
    let bar = Progress::new("looking for copies", lost.len());
    for (address, entry) in lost {
        match archive::copy(asker, api, address).await {
            Ok(copy) => entry.copy = copy,
            Err(error) => {
                output::note(format!("archived copies are not proposed: {error}"));
                break;
            }
        }
        bar.add(1);
    }
    bar.end();
}

/// A line of `--format json`; the keys keep this order.
#[derive(Serialize)]
struct Told<'a> {
    outcome: &'static str,
    url: &'a str,
    file: &'a str,
    line: usize,
    claim: &'a str,
    field: &'static str,
    message: &'a str,
    moved_to: Option<&'a str>,
    copy: Option<&'a str>,
}

fn print(
    format: Format,
    places: &BTreeMap<String, Vec<Place>>,
    seen: &BTreeMap<String, Entry>,
    asked: usize,
    out: &mut impl Write,
) -> Result<Exit, Failure> {
    let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut exit = Exit::Done;
    for (address, entry) in seen {
        let (word, message) = entry.outcome.words();
        *counts.entry(word).or_default() += 1;
        if entry.outcome.is_finding() {
            exit = Exit::Findings;
        }
        for place in places.get(address).into_iter().flatten() {
            let Place { claim, file, line, field, has_copy } = place;
            let copy = entry.copy.as_deref().filter(|_| !has_copy);
            if format == Format::Json {
                let moved_to = match &entry.outcome {
                    Outcome::Moved { to } => Some(to.as_str()),
                    _ => None,
                };
                let (line, field, message) = (*line, *field, message.as_str());
                let url = address.as_str();
                let all =
                    Told { outcome: word, url, file, line, claim, field, message, moved_to, copy };
                let text = serde_json::to_string(&all).map_err(std::io::Error::from)?;
                writeln!(out, "{text}")?;
            } else if entry.outcome != Outcome::Fine {
                writeln!(out, "{file}:{line}: {field} {message}\n  {address}")?;
                if let Some(copy) = copy {
                    writeln!(out, "  archived copy: archive = \"{copy}\"")?;
                }
            }
        }
    }
    if format == Format::Human {
        let each: Vec<_> = counts.iter().map(|(word, count)| format!("{count} {word}")).collect();
        let each = if each.is_empty() { "none".to_owned() } else { each.join(", ") };
        writeln!(out, "{} addresses, {asked} asked now: {each}", seen.len())?;
    }
    Ok(exit)
}
