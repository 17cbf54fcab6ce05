//! `footnote match`: what would be done about messages, as a stream others can build on. Knows neither Discord nor the store, and keeps no message.

use std::io::{self, BufReader, BufWriter, IsTerminal, Write};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::cli::input;
use crate::cli::judge::{Judge, Judged};
use crate::cli::output;
use crate::cli::{Exit, Failure};
use crate::model::explanation::Candidate;
use crate::reply::cut;
use crate::reply::why::why;

/// Arguments of `footnote match`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// One message; without it, messages are read from standard input
    #[arg(conflicts_with = "input")]
    text: Option<String>,
    /// The folder with the claims
    #[arg(long, default_value = "responses", value_name = "DIR")]
    responses: PathBuf,
    /// One message a line, or one object {"id": …, "text": …} a line [default: text]
    #[arg(long, value_enum)]
    input: Option<Form>,
    /// For people, or one object a message
    #[arg(long, value_enum, default_value = "text")]
    format: Form,
    /// Say in words where each score and decision comes from
    #[arg(long)]
    explain: bool,
    /// How many candidates to show
    #[arg(long, default_value_t = 3, value_name = "N")]
    top: usize,
}

/// How messages are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    Text,
    Jsonl,
}

/// The most characters of a message that the text format repeats.
const EXCERPT: usize = 100;

/// Answers every message.
pub fn run(args: &Args, out: &mut impl Write) -> Result<Exit, Failure> {
    let (judge, problems) = Judge::load(&args.responses)?;
    if let Some(problems) = problems {
        output::note(problems);
    }
    let mut printer = Printer { out: BufWriter::new(out), args, judge: &judge, blocks: 0 };
    match &args.text {
        Some(text) => {
            printer.answer(&number(1), text)?;
            printer.out.flush()?;
            Ok(Exit::Done)
        }
        None => stream(args, &mut printer),
    }
}

fn stream(args: &Args, printer: &mut Printer<'_, impl Write>) -> Result<Exit, Failure> {
    let stdin = io::stdin();
    if stdin.is_terminal() {
        output::note("reading messages, one a line; Ctrl-D ends");
    }
    let mut reader = BufReader::with_capacity(1 << 16, stdin.lock());
    let mut exit = Exit::Done;
    let mut count: u64 = 0;
    loop {
        // Flushed before whoever writes to us is waited for, so that a program can ask and wait.
        if !reader.buffer().contains(&b'\n') {
            printer.out.flush()?;
        }
        let line = input::line(&mut reader)
            .map_err(|error| Failure::Said(format!("the input cannot be read: {error}")))?;
        let Some(line) = line else { break };
        count += 1;
        let message = line.text().and_then(|line| match args.input {
            Some(Form::Jsonl) => object(&line, count),
            Some(Form::Text) | None => Ok((number(count), line)),
        });
        match message {
            Ok((id, text)) => printer.answer(&id, &text)?,
            Err(error) => {
                printer.refuse(count, &error)?;
                exit = Exit::Incomplete;
            }
        }
    }
    printer.out.flush()?;
    Ok(exit)
}

/// A message as an object; what else stands in it is not ours to judge.
#[derive(Deserialize)]
struct Object {
    id: Option<Box<RawValue>>,
    text: String,
}

/// What a line of objects must be.
const WANTED: &str = "no object {\"id\": any, \"text\": string}";

fn object(line: &str, count: u64) -> Result<(Box<RawValue>, String), String> {
    // A byte order mark is how some editors begin a file, and no part of its first object.
    let line = if count == 1 { line.trim_start_matches('\u{feff}') } else { line };
    // serde would take a list for the object with its fields in order.
    if !line.trim_start().starts_with('{') {
        return Err(WANTED.to_owned());
    }
    let object: Object =
        serde_json::from_str(line).map_err(|error| format!("{WANTED}: {error}"))?;
    let id = match object.id {
        Some(id) => id,
        // `null` is a value too, and is echoed; only a missing id is numbered.
        None if names_an_id(line) => RawValue::NULL.to_owned(),
        None => number(count),
    };
    Ok((id, object.text))
}

fn names_an_id(line: &str) -> bool {
    serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(line)
        .is_ok_and(|object| object.contains_key("id"))
}

fn number(count: u64) -> Box<RawValue> {
    RawValue::from_string(count.to_string()).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

/// The answer to one message; the order of the fields is the contract's.
#[derive(Serialize)]
struct Answer<'a> {
    id: &'a RawValue,
    decision: &'static str,
    reason: &'static str,
    claim: Option<&'a str>,
    score: u16,
    assertion: Option<&'static str>,
    span: Option<[usize; 2]>,
    candidates: Vec<Shown<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

/// One candidate; the order of the fields is the contract's.
#[derive(Serialize)]
struct Shown<'a> {
    claim: &'a str,
    score: u16,
    assertion: &'static str,
    phrasing: &'a str,
}

/// What stands in the place of a line that is no message.
#[derive(Serialize)]
struct Refusal<'a> {
    id: Option<()>,
    error: &'a str,
}

struct Printer<'a, W> {
    out: W,
    args: &'a Args,
    judge: &'a Judge,
    blocks: u64,
}

impl<W: Write> Printer<'_, W> {
    fn answer(&mut self, id: &RawValue, message: &str) -> io::Result<()> {
        let judged = self.judge.judge_alone(message, self.args.top);
        match self.args.format {
            Form::Jsonl => {
                let answer = answer(id, message, &judged, self.args);
                self.object(&answer)
            }
            Form::Text => self.block(id, message, &judged),
        }
    }

    fn refuse(&mut self, count: u64, error: &str) -> io::Result<()> {
        match self.args.format {
            Form::Jsonl => self.object(&Refusal { id: None, error }),
            Form::Text => {
                self.gap()?;
                writeln!(self.out, "{count}: error: {error}")
            }
        }
    }

    fn object(&mut self, object: &impl Serialize) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, object)?;
        self.out.write_all(b"\n")
    }

    /// An empty line between two messages.
    fn gap(&mut self) -> io::Result<()> {
        self.blocks += 1;
        if self.blocks > 1 { self.out.write_all(b"\n") } else { Ok(()) }
    }

    fn block(&mut self, id: &RawValue, message: &str, judged: &Judged) -> io::Result<()> {
        self.gap()?;
        let decision = &judged.decision;
        let (verb, reason) = (decision.verb.word(), decision.reason.word());
        if self.args.text.is_some() {
            writeln!(self.out, "{verb} ({reason})")?;
        } else {
            writeln!(self.out, "{id}: {verb} ({reason})  {}", excerpt(message))?;
        }
        if self.args.explain {
            for line in why(decision, &judged.candidates, message).lines() {
                writeln!(self.out, "  {line}")?;
            }
            return Ok(());
        }
        for candidate in judged.candidates.iter().take(self.args.top) {
            let words = message.get(candidate.span.clone()).unwrap_or("");
            writeln!(
                self.out,
                "  {:>4} {} {}: {}",
                candidate.score,
                candidate.claim,
                candidate.assertion.word(),
                excerpt(words)
            )?;
        }
        Ok(())
    }
}

fn answer<'a>(id: &'a RawValue, message: &str, judged: &'a Judged, args: &Args) -> Answer<'a> {
    let decided = judged.decided();
    Answer {
        id,
        decision: judged.decision.verb.word(),
        reason: judged.decision.reason.word(),
        claim: decided.map(|one| one.claim.as_str()),
        score: decided.map_or(0, |one| one.score.thousandths()),
        assertion: decided.map(|one| one.assertion.word()),
        span: decided.map(|one| span(one, message)),
        candidates: judged.candidates.iter().take(args.top).map(shown).collect(),
        why: args.explain.then(|| why(&judged.decision, &judged.candidates, message)),
    }
}

fn shown(candidate: &Candidate) -> Shown<'_> {
    Shown {
        claim: candidate.claim.as_str(),
        score: candidate.score.thousandths(),
        assertion: candidate.assertion.word(),
        phrasing: &candidate.phrasing,
    }
}

/// The candidate's span, which is promised to lie on characters of the message.
fn span(candidate: &Candidate, message: &str) -> [usize; 2] {
    let on = |at: usize| (0..=at.min(message.len())).rev().find(|at| message.is_char_boundary(*at));
    let start = on(candidate.span.start).unwrap_or(0);
    [start, on(candidate.span.end).unwrap_or(0).max(start)]
}

/// Some words in one line of the text format.
fn excerpt(words: &str) -> String {
    let one_line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    cut::clip(&one_line, EXCERPT)
}

#[cfg(test)]
mod tests {
    use super::object;

    #[test]
    fn ids_are_echoed_to_the_letter() {
        for (line, id) in [
            (r#"{"id": 7, "text": ""}"#, "7"),
            (r#"{"id":"a\u0062","text":"x"}"#, r#""a\u0062""#),
            (r#"{"text":"x","id":{"b":1, "a":[1.0]}}"#, r#"{"b":1, "a":[1.0]}"#),
            (
                r#"{"id":123456789012345678901234567890,"text":"x"}"#,
                "123456789012345678901234567890",
            ),
            (r#"{"id":null,"text":"x"}"#, "null"),
            (r#"{"text":"x","extra":true}"#, "4"),
            (r#"  {"text":"x"}  "#, "4"),
        ] {
            let (found, _) = object(line, 4).unwrap();
            assert_eq!(found.get(), id, "{line}");
        }
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for line in [
            "",
            "x",
            "[]",
            "{}",
            r#"{"text":1}"#,
            r#"{"id":1}"#,
            r#"{"text":"x"} y"#,
            r#"{"text":"\ud800"}"#,
            r#"["a","b"]"#,
            "null",
            r#"{"text":null}"#,
        ] {
            assert!(object(line, 1).is_err(), "{line}");
        }
        assert!(object("\u{feff}{\"text\":\"x\"}", 1).is_ok());
    }
}
