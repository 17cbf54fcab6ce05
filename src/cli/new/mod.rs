//! `footnote new`: begins a claim's file, with what was said already and a mark wherever something is still to be written. Knows no rule but the names.

mod ask;
mod template;

use std::fs;
use std::io::{self, IsTerminal as _, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::cli::judge::Judge;
use crate::cli::new::template::{Draft, text};
use crate::cli::{Exit, Failure};
use crate::content::load::load;
use crate::content::suggest::kebab;
use crate::model::claim::{ClaimAction, ClaimId, Evidence, MAX_ID_LENGTH, Verdict};
use crate::model::date::Date;

/// A claim with this score for the new one's sentence may be the same claim: half of such pairs are.
const ALIKE: u16 = 500;

/// Arguments of `footnote new`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The claim's name in kebab-case; `PACK/ID` names its folder too
    #[arg(value_name = "ID")]
    id: String,
    /// The folder with the claims
    #[arg(long, default_value = "responses", value_name = "DIR")]
    responses: PathBuf,
    /// The pack it stands in; asked for where it is left out
    #[arg(long, value_name = "NAME")]
    pack: Option<String>,
    /// The claim as one neutral sentence
    #[arg(long, value_name = "SENTENCE")]
    claim: Option<String>,
    /// What the record shows of it
    #[arg(long, value_name = "WORD", value_parser = words(Verdict::ALL.map(Verdict::word)))]
    verdict: Option<String>,
    /// The state of scholarship
    #[arg(long, value_name = "WORD", value_parser = words(Evidence::ALL.map(Evidence::word)))]
    evidence: Option<String>,
    /// Why this verdict, in one sentence
    #[arg(long, value_name = "SENTENCE")]
    reason: Option<String>,
    /// The most it may do by itself
    #[arg(long, value_name = "WORD", value_parser = words(ClaimAction::ALL.map(ClaimAction::word)))]
    action: Option<String>,
    /// A way of asserting it, standing alone; may be given again
    #[arg(long, value_name = "TEXT")]
    phrasing: Vec<String>,
    /// A message that must stay unanswered; may be given again
    #[arg(long, value_name = "TEXT")]
    near_miss: Vec<String>,
}

fn words<const N: usize>(words: [&'static str; N]) -> clap::builder::PossibleValuesParser {
    clap::builder::PossibleValuesParser::new(words)
}

/// Writes the file and says what comes next.
pub fn run(args: &Args, out: &mut impl Write) -> Result<Exit, Failure> {
    let (pack, id) = match args.id.trim_end_matches(".md").rsplit_once('/') {
        Some((pack, id)) => (Some(pack.to_owned()), id),
        None => (args.pack.clone(), args.id.trim_end_matches(".md")),
    };
    let id = name(id)?;
    let loaded = load(&args.responses)?;
    if let Some(known) = loaded.everything().claim(id.as_str()) {
        return Err(Failure::Said(format!(
            "`{id}` stands in the pack `{}` already: an id is unique among all packs",
            known.pack
        )));
    }
    let mut draft = Draft {
        claim: args.claim.clone(),
        verdict: args.verdict.clone(),
        evidence: args.evidence.clone(),
        reason: args.reason.clone(),
        action: args.action.clone(),
        phrasings: args.phrasing.clone(),
        near_misses: args.near_miss.clone(),
        today: today(),
    };
    let packs = packs(&args.responses);
    let asks = io::stdin().is_terminal();
    let pack = match pack {
        Some(pack) => pack,
        None if asks => ask::pack(&packs, &mut io::stdin().lock(), out)?,
        None => {
            return Err(Failure::Said(format!(
                "a claim stands in a pack: name it with `--pack`, or write `PACK/{id}`; there are {}",
                packs.join(", ")
            )));
        }
    };
    let pack = name(&pack)?;
    if asks {
        ask::draft(&mut draft, &mut io::stdin().lock(), out)?;
    }
    let alike = draft.claim.as_deref().and_then(|claim| {
        let best = Judge::new(loaded.catalog).find(claim, 1).into_iter().next()?;
        (best.score.thousandths() >= ALIKE).then_some(best.claim)
    });
    let path = args.responses.join(pack.as_str()).join(format!("{id}.md"));
    write(&path, &text(&draft))?;
    let path = path.display();
    writeln!(out, "written: {path}")?;
    if let Some(alike) = alike {
        writeln!(out, "look first: `{alike}` is much like it, and one claim has one file")?;
    }
    writeln!(out, "next:    footnote check {path} --watch")?;
    writeln!(out, "then:    footnote preview, footnote lock, and take `status = \"draft\"` away")?;
    Ok(Exit::Done)
}

fn name(text: &str) -> Result<ClaimId, Failure> {
    ClaimId::new(text).ok_or_else(|| {
        let way_out = kebab(text, MAX_ID_LENGTH)
            .map_or(String::new(), |fitting| format!(": `{fitting}` would be one"));
        Failure::Said(format!(
            "`{text}` is no name, which has small letters, digits and single `-` between them, \
             {MAX_ID_LENGTH} at most{way_out}"
        ))
    })
}

/// The packs that there are, in order.
fn packs(folder: &Path) -> Vec<String> {
    let Ok(entries) = folder.read_dir() else { return Vec::new() };
    let mut packs: Vec<String> = entries
        .flatten()
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| ClaimId::new(name).is_some())
        .collect();
    packs.sort();
    packs
}

/// Never over what stands there already, whoever wrote it.
fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let said = |error: io::Error| {
        Failure::Said(match error.kind() {
            io::ErrorKind::AlreadyExists => format!("`{}` exists already", path.display()),
            _ => format!("`{}` cannot be written: {error}", path.display()),
        })
    };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(said)?;
    }
    let mut file = fs::File::create_new(path).map_err(said)?;
    file.write_all(text.as_bytes()).map_err(said)
}

#[expect(clippy::disallowed_methods, reason = "the command line is an edge, and has the clock")]
fn today() -> Option<Date> {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).ok()?;
    Date::from_unix_seconds(since.as_secs())
}
