//! `footnote eval train`: learns the weights of the score and prints them as they stand in the code. Knows the mixture that they are learned on; the method is `eval`'s.

use std::fmt::Write as _;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::cli::eval::decide::Half;
use crate::cli::eval::{Stopped, each, read};
use crate::cli::judge::Judge;
use crate::cli::output;
use crate::eval::rows::{self, Message, Qrels, Query};
use crate::eval::store::PublicStore;
use crate::eval::training::{Example, Model, learn};
use crate::matching::Matcher;
use crate::matching::weights::{FACTORS, HELD, WEIGHTS};
use crate::model::claim::ClaimId;
use crate::text;

/// Arguments of `footnote eval train`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A public store, tab-separated: id, text, and a title or none
    #[arg(long, value_name = "F")]
    claims: PathBuf,
    /// Its queries to learn from, tab-separated: id, text
    #[arg(long, value_name = "F")]
    queries: PathBuf,
    /// Which of its claims are right, tab-separated: query id, claim id
    #[arg(long, value_name = "F")]
    qrels: PathBuf,
    /// Messages that make no claim of the store, one a line
    #[arg(long, value_name = "F", num_args = 1.., required = true)]
    store_negatives: Vec<PathBuf>,
    /// The folder with our own claims
    #[arg(long, value_name = "DIR")]
    responses: PathBuf,
    /// Labelled messages about them, of which those to tune on are used
    #[arg(long, value_name = "F", num_args = 1.., required = true)]
    messages: Vec<PathBuf>,
    /// Messages that make none of our claims, one a line
    #[arg(long, value_name = "F", num_args = 1.., required = true)]
    negatives: Vec<PathBuf>,
}

/// Of a message that makes no claim the nearest claims are the ones that could be answered by mistake ...
const NEAREST: usize = 4;
/// ... where the present weights give it a chance of one in ten thousand: the rest would drown what is hard.
const HARD: f32 = -9.2;
/// How much a message about our claims counts beside one about the public store's: they are few, and what
/// footnote is for.
const OURS: f64 = 10.0;
/// How much a near miss counts: less than a message, since an author thinks of neither typos nor of what else a
/// message says.
const NEAR_MISS: f64 = 5.0;
/// The same for the public store by itself: 0.001 lost right replies at one false in 10,000, 0.01 lost order.
const STATED_PENALTY: f64 = 0.003;
/// Near misses are far rarer in a channel than among the examples, so every chance is learned too low: by three
/// to one, which lifts the threshold that was chosen on innocent messages (250) to even odds.
const SCARCITY: f64 = 1.098_612;
/// How strongly weights are drawn to 0; of 0.001, 0.003 and 0.01 the best on the messages to tune on.
const PENALTY: f64 = 0.01;

type Examples = Vec<Example<FACTORS>>;

pub(super) fn run(args: &Args, out: &mut impl Write) -> Result<(), Stopped> {
    let mut problems = Vec::new();
    let claims = read(&args.claims, &mut problems, rows::claims);
    let queries = read(&args.queries, &mut problems, rows::queries);
    let qrels = match (&claims, &queries) {
        (Some(claims), Some(queries)) => {
            read(&args.qrels, &mut problems, |input| rows::qrels(input, claims, queries))
        }
        _ => None,
    };
    let messages: Vec<Message> = args
        .messages
        .iter()
        .filter_map(|path| read(path, &mut problems, rows::messages))
        .flatten()
        .collect();
    let theirs = lines(&args.store_negatives, &mut problems);
    let ours = lines(&args.negatives, &mut problems);
    let (Some(claims), Some(queries), Some(qrels)) = (claims, queries, qrels) else {
        return Err(Stopped::Faults(problems));
    };
    if !problems.is_empty() {
        return Err(Stopped::Faults(problems));
    }
    let theirs = public(&PublicStore::build(claims), &queries, &qrels, &theirs);
    let mut examples = theirs.clone();
    examples.extend(own(&args.responses, messages, &ours)?);
    let held = WEIGHTS.map(|(name, weight)| HELD.contains(&name).then_some(f64::from(weight)));
    let about = examples.iter().filter(|example| example.about).count();
    output::note(format_args!("{} examples, {about} of them about the claim", examples.len()));
    let learned = learn(&examples, &held, PENALTY).zip(learn(&theirs, &held, STATED_PENALTY));
    let Some((mut model, stated)) = learned else {
        let cause = "these examples determine no weights: are there messages about a claim?";
        return Err(Stopped::Faults(vec![cause.to_owned()]));
    };
    model.intercept += SCARCITY;
    out.write_all(constants(&model, &stated).as_bytes())?;
    Ok(())
}

fn lines(paths: &[PathBuf], problems: &mut Vec<String>) -> Vec<String> {
    paths.iter().filter_map(|path| read(path, problems, rows::plain)).flatten().collect()
}

/// The public store: queries with every claim near them, and messages with the claims nearest to them.
fn public(store: &PublicStore, queries: &[Query], qrels: &Qrels, negatives: &[String]) -> Examples {
    let matcher = Matcher::build(&store.catalog);
    let mut examples = each("queries", queries, |query| {
        let right = qrels.get(&query.id);
        let about = |id: &ClaimId| {
            right.is_some_and(|right| right.iter().any(|claim| claim == store.own_id(id)))
        };
        // Where nobody said which claim is right, nothing can be learned.
        if right.is_some() {
            examples(&matcher, &query.text, usize::MAX, 1.0, about)
        } else {
            Vec::new()
        }
    });
    examples.extend(each("messages", negatives, |text| {
        self::examples(&matcher, text, NEAREST, 1.0, |_| false)
    }));
    examples.into_iter().flatten().collect()
}

/// Our own claims: the labelled messages to tune on with every claim near them, and others.
fn own(
    responses: &Path,
    mut messages: Vec<Message>,
    negatives: &[String],
) -> Result<Examples, Stopped> {
    let (judge, left_out) = Judge::load(responses)?;
    if let Some(left_out) = left_out {
        output::note(left_out);
    }
    messages.retain(|row| Half::Tune.has(&row.column));
    let matcher = &judge.engine().matcher;
    let mut examples = each("labelled messages", &messages, |row| {
        examples(matcher, &row.text, usize::MAX, OURS, |id| row.is_about(id.as_str()))
    });
    examples.extend(each("other messages", negatives, |text| {
        self::examples(matcher, text, NEAREST, OURS, |_| false)
    }));
    let mut examples: Examples = examples.into_iter().flatten().collect();
    examples.extend(matcher.near_misses(judge.catalog()).iter().map(|features| Example {
        factors: features.factors().map(f64::from),
        about: false,
        weight: NEAR_MISS,
    }));
    Ok(examples)
}

fn examples(
    matcher: &Matcher,
    text: &str,
    nearest: usize,
    weight: f64,
    about: impl Fn(&ClaimId) -> bool,
) -> Examples {
    let mut measured = matcher.measure(&text::read(text));
    measured.truncate(nearest);
    measured.retain(|(_, features)| nearest == usize::MAX || features.log_odds() > HARD);
    let example = |(claim, features): (ClaimId, crate::matching::score::Features)| Example {
        factors: features.factors().map(f64::from),
        about: about(&claim),
        weight,
    };
    measured.into_iter().map(example).collect()
}

/// The model as Rust.
fn constants(model: &Model<FACTORS>, stated: &Model<FACTORS>) -> String {
    let mut text = String::from("pub const WEIGHTS: [(&str, f32); FACTORS] = [\n");
    for ((name, _), weight) in WEIGHTS.iter().zip(model.weights) {
        let _ = writeln!(text, "    ({name:?}, {weight:.3}),");
    }
    let _ = writeln!(text, "];\npub const INTERCEPT: f32 = {:.3};", model.intercept);
    text.push_str("pub const STATED_WEIGHTS: [f32; FACTORS] = [\n");
    for weight in stated.weights {
        let _ = writeln!(text, "    {weight:.3},");
    }
    let _ = writeln!(text, "];\npub const STATED_INTERCEPT: f32 = {:.3};", stated.intercept);
    text
}
