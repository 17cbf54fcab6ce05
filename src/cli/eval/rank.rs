//! `footnote eval rank`: the claims of a public store in order for each query. Knows no threshold and no decision.

use std::io::{self, Write};
use std::path::PathBuf;

use serde::Serialize;

use crate::cli::eval::figures::{Json, interval, row, table};
use crate::cli::eval::{Stopped, each, read};
use crate::cli::output;
use crate::eval::baseline::{Baseline, Scan, Way};
use crate::eval::ranking::{Measured, Ranked, compare, measure};
use crate::eval::resample::Difference;
use crate::eval::rows::{self, Qrels, Query, RUN_NAME, StoredClaim};
use crate::eval::store::PublicStore;
use crate::eval::typos;
use crate::matching::Matcher;
use crate::matching::score::Features;
use crate::text;

/// Arguments of `footnote eval rank`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Claims, tab-separated: id, text, and a title or none
    #[arg(long, value_name = "F")]
    claims: PathBuf,
    /// Queries, tab-separated: id, text
    #[arg(long, value_name = "F")]
    queries: PathBuf,
    /// Which claims are right, tab-separated: query id, claim id
    #[arg(long, value_name = "F", required_if_eq_any([("format", "table"), ("format", "json")]))]
    qrels: Option<PathBuf>,
    /// How many claims to list for a query
    #[arg(long, default_value_t = 20, value_name = "N", value_parser = at_least_one)]
    top: usize,
    /// A run as TREC has it (measures go to stderr), or the measures
    #[arg(long, value_enum, default_value = "trec")]
    format: Format,
    /// What ranks: footnote, or one of the usual ways to compare it with
    #[arg(long, value_enum, default_value = "footnote")]
    by: By,
    /// Misspell so many words of each query, the same ones in every run
    #[arg(long, default_value_t = 0, value_name = "N")]
    typos: usize,
    /// Another run of the same queries to compare with, query by query
    #[arg(long, value_name = "RUN", requires = "qrels")]
    against: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Trec,
    Table,
    Json,
}

/// What ranks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum By {
    Footnote,
    Bm25,
    Bm25Trigrams,
    /// Damerau-Levenshtein over whole texts; slow
    EditDistance,
}

impl By {
    /// What its runs are called in their last column.
    const fn name(self) -> &'static str {
        match self {
            Self::Footnote => RUN_NAME,
            Self::Bm25 => "bm25",
            Self::Bm25Trigrams => "bm25-trigrams",
            Self::EditDistance => "edit-distance",
        }
    }
}

fn at_least_one(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|top| *top > 0).ok_or_else(|| "a number from 1 on".to_owned())
}

/// A claim with its score.
type Scored = (String, f64);

/// How average precision and right first claims changed.
type Gains = (Difference, Difference);

pub(super) fn run(args: &Args, out: &mut impl Write) -> Result<(), Stopped> {
    let mut problems = Vec::new();
    let claims = read(&args.claims, &mut problems, rows::claims);
    let queries = read(&args.queries, &mut problems, rows::queries);
    let against = args.against.as_ref().and_then(|path| read(path, &mut problems, rows::run));
    let (Some(claims), Some(mut queries)) = (claims, queries) else {
        return Err(Stopped::Faults(problems));
    };
    for (query, seed) in queries.iter_mut().zip(0..) {
        query.text = typos::put_in(&query.text, args.typos, seed);
    }
    let qrels = args
        .qrels
        .as_ref()
        .and_then(|path| read(path, &mut problems, |input| rows::qrels(input, &claims, &queries)));
    if !problems.is_empty() {
        return Err(Stopped::Faults(problems));
    }
    let lists = match args.by {
        By::Footnote => find(claims, &queries, args.top),
        By::Bm25 => find_by(Way::Words, &claims, &queries, args.top),
        By::Bm25Trigrams => find_by(Way::Trigrams, &claims, &queries, args.top),
        By::EditDistance => scan(&claims, &queries, args.top),
    };
    let ours = lists.ranked(&queries);
    let measured = qrels.as_ref().map(|qrels| measure(&ours, qrels));
    let gains = qrels.zip(against).map(|(qrels, mut other)| {
        let theirs = |query: &Query| Ranked {
            query: query.id.clone(),
            claims: other.remove(&query.id).unwrap_or_default(),
        };
        gains(&ours, &queries.iter().map(theirs).collect::<Vec<_>>(), &qrels)
    });
    let measures = || measured.as_ref().map(|measured| text(measured, gains.as_ref()));
    match args.format {
        Format::Trec => {
            trec(args.by, &queries, &lists, out)?;
            if let Some(measures) = measures() {
                output::note(format_args!("measured\n{measures}"));
            }
        }
        Format::Table => print(out, &measures().unwrap_or_default())?,
        Format::Json => {
            if let Some(measured) = measured {
                json(out, &measured, gains)?;
            }
        }
    }
    Ok(())
}

fn gains(ours: &[Ranked], theirs: &[Ranked], qrels: &Qrels) -> Gains {
    compare(&measure(ours, qrels), &measure(theirs, qrels))
}

/// What was found for each query.
struct Lists {
    found: Vec<Vec<Scored>>,
    /// What stands for nothing: the first claim by id, with which the tie of all that score 0 begins.
    first: String,
}

impl Lists {
    fn ranked(&self, queries: &[Query]) -> Vec<Ranked> {
        let ranked = |(query, list): (&Query, &Vec<Scored>)| Ranked {
            query: query.id.clone(),
            claims: list.iter().map(|(claim, _)| claim.clone()).collect(),
        };
        queries.iter().zip(&self.found).map(ranked).collect()
    }
}

fn find(claims: Vec<StoredClaim>, queries: &[Query], top: usize) -> Lists {
    let store = PublicStore::build(claims);
    let first = store.first_id().unwrap_or("-").to_owned();
    let matcher = Matcher::build(&store.catalog);
    let found = each("queries", queries, |query| {
        // However unlikely, a claim has its place in the order: no score is too low here, and the score is
        // not rounded to thousandths, which would make ties of the surest.
        let score = |features: &Features| 1000.0 / (1.0 + (-f64::from(features.log_odds())).exp());
        let measured = matcher.measure(&text::read(&query.text)).into_iter().take(top);
        measured.map(|(claim, of)| (store.own_id(&claim).to_owned(), score(&of))).collect()
    });
    Lists { found, first }
}

/// What another way finds in each claim with its title.
fn find_by(way: Way, claims: &[StoredClaim], queries: &[Query], top: usize) -> Lists {
    let mut claims: Vec<&StoredClaim> = claims.iter().collect();
    claims.sort_by(|a, b| a.id.cmp(&b.id));
    let texts: Vec<String> = claims
        .iter()
        .map(|one| format!("{} {}", one.text, one.title.as_deref().unwrap_or_default()))
        .collect();
    let baseline = Baseline::build(way, texts.iter().map(String::as_str));
    let named = |(at, score): (usize, f64)| Some((claims.get(at)?.id.clone(), score));
    let found = each("queries", queries, |query| {
        baseline.rank(&query.text, top).into_iter().filter_map(named).collect()
    });
    let first = claims.first().map_or("-", |one| one.id.as_str()).to_owned();
    Lists { found, first }
}

/// What a scan by edit distance finds: of a claim's text and its title the more similar one counts.
fn scan(claims: &[StoredClaim], queries: &[Query], top: usize) -> Lists {
    let mut claims: Vec<&StoredClaim> = claims.iter().collect();
    claims.sort_by(|a, b| a.id.cmp(&b.id));
    let texts: Vec<(&str, &str)> = claims
        .iter()
        .flat_map(|one| {
            std::iter::once(&one.text)
                .chain(&one.title)
                .map(|text| (one.id.as_str(), text.as_str()))
        })
        .collect();
    let scan = Scan::build(texts.iter().map(|(_, text)| *text));
    let found = each("queries", queries, |query| {
        let mut list: Vec<Scored> = Vec::new();
        // A claim has two texts at most.
        for (at, score) in scan.rank(&query.text, 2 * top) {
            let Some((claim, _)) = texts.get(at) else { continue };
            if list.iter().all(|(known, _)| known != claim) {
                list.push(((*claim).to_owned(), score));
            }
        }
        list.truncate(top);
        list
    });
    let first = claims.first().map_or("-", |one| one.id.as_str()).to_owned();
    Lists { found, first }
}

/// Every query is listed: one without candidates by the first claim at score 0.
fn trec(by: By, queries: &[Query], lists: &Lists, out: impl Write) -> io::Result<()> {
    let mut out = io::BufWriter::new(out);
    for (query, list) in queries.iter().zip(&lists.found) {
        let nothing = [(lists.first.clone(), 0.0)];
        let list = if list.is_empty() { &nothing[..] } else { list };
        for (at, (claim, score)) in list.iter().enumerate() {
            writeln!(out, "{} Q0 {claim} {} {score:.6} {}", query.id, at + 1, by.name())?;
        }
    }
    out.flush()
}

fn print(mut out: impl Write, text: &str) -> io::Result<()> {
    out.write_all(text.as_bytes())?;
    out.flush()
}

fn text(measured: &Measured, gains: Option<&Gains>) -> String {
    let mut rows = vec![
        row([&"queries", &measured.queries]),
        row([&"without a right claim, left out", &measured.unjudged]),
        row([&"mean average precision at 5", &interval(&measured.map)]),
        row([&"mean reciprocal rank", &interval(&measured.mrr)]),
        row([&"right claim first", &interval(&measured.first)]),
        row([&"right claim listed", &interval(&measured.recall)]),
    ];
    if let Some((map, first)) = gains {
        for (name, gain) in [("average precision", map), ("right claim first", first)] {
            rows.push(row([&format!("{name}: gain"), &interval(&gain.change)]));
            let chance = format!("{:.3}", gain.not_better);
            rows.push(row([&format!("{name}: share of draws without gain"), &chance]));
        }
    }
    table(&rows)
}

#[derive(Serialize)]
struct Report {
    queries: usize,
    unjudged: usize,
    map_at_5: Json,
    mrr: Json,
    precision_at_1: Json,
    recall: Json,
    #[serde(skip_serializing_if = "Option::is_none")]
    gain: Option<Gain>,
}

#[derive(Serialize)]
struct Gain {
    map_at_5: Json,
    map_at_5_not_better: f64,
    precision_at_1: Json,
    precision_at_1_not_better: f64,
}

fn json(mut out: impl Write, measured: &Measured, gains: Option<Gains>) -> io::Result<()> {
    let report = Report {
        queries: measured.queries,
        unjudged: measured.unjudged,
        map_at_5: measured.map.into(),
        mrr: measured.mrr.into(),
        precision_at_1: measured.first.into(),
        recall: measured.recall.into(),
        gain: gains.map(|(map, first)| Gain {
            map_at_5: map.change.into(),
            map_at_5_not_better: map.not_better,
            precision_at_1: first.change.into(),
            precision_at_1_not_better: first.not_better,
        }),
    };
    serde_json::to_writer_pretty(&mut out, &report)?;
    out.write_all(b"\n")?;
    out.flush()
}
