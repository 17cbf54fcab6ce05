//! The tab-separated files of the measures as values, with every fault and its line. Knows no disk: it is given bytes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// The name that our runs bear in their last column.
pub const RUN_NAME: &str = "footnote";

/// What is wrong with one line of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The file as it was named.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.what)
    }
}

/// A file that was read.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// Its name, for faults.
    pub name: &'a str,
    /// What stands in it.
    pub bytes: &'a [u8],
}

/// A claim of a public store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredClaim {
    /// Its name.
    pub id: String,
    /// The claim.
    pub text: String,
    /// The title of what was written about it.
    pub title: Option<String>,
}

/// A message with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// Its name.
    pub id: String,
    /// The message.
    pub text: String,
}

/// For each query the claims that are right.
pub type Qrels = BTreeMap<String, Vec<String>>;

/// A message with what should be done about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The claims that may be answered; none: the message should stay unanswered. Plain names: a list
    /// of labels may name claims that nobody has written yet, under ids that no file could have.
    pub expected: Vec<String>,
    /// What kind of message it is.
    pub kind: String,
    /// The claim that the kind is tied to.
    pub tied: Option<String>,
    /// The text as it stands in the file, by which halves are told apart.
    pub column: String,
    /// The text with its line breaks.
    pub text: String,
}

/// Kinds of message that are about no claim, though one may be tied to them.
const ELSEWHERE: [&str; 2] = ["neighbour", "unrelated"];

impl Message {
    /// Whether it is about a claim, whatever it says of it.
    pub fn is_about(&self, claim: &str) -> bool {
        let tied = self.tied.iter().filter(|_| !ELSEWHERE.contains(&self.kind.as_str()));
        self.expected.iter().chain(tied).any(|about| about == claim)
    }
}

/// Claims: `id text [title]`.
pub fn claims(input: Input<'_>) -> Result<Vec<StoredClaim>, Vec<Fault>> {
    let mut reader = Reader::new(input);
    let mut found = Vec::new();
    let mut seen = BTreeMap::new();
    reader.each(2..=3, |line, columns| {
        let [id, text, rest @ ..] = columns else { return Err(String::new()) };
        fresh(&mut seen, id, line)?;
        filled("text", text)?;
        let title = rest.first().filter(|title| !title.trim().is_empty());
        found.push(StoredClaim {
            id: (*id).to_owned(),
            text: (*text).to_owned(),
            title: title.map(|title| (*title).to_owned()),
        });
        Ok(())
    });
    reader.done(found)
}

/// Queries: `id text`.
pub fn queries(input: Input<'_>) -> Result<Vec<Query>, Vec<Fault>> {
    let mut reader = Reader::new(input);
    let mut found = Vec::new();
    let mut seen = BTreeMap::new();
    reader.each(2..=2, |line, columns| {
        let [id, text] = columns else { return Err(String::new()) };
        fresh(&mut seen, id, line)?;
        found.push(Query { id: (*id).to_owned(), text: (*text).to_owned() });
        Ok(())
    });
    reader.done(found)
}

/// Which claims are right for which query: `query-id claim-id`, both of which must exist.
pub fn qrels(
    input: Input<'_>,
    claims: &[StoredClaim],
    queries: &[Query],
) -> Result<Qrels, Vec<Fault>> {
    let known_claims: BTreeSet<&str> = claims.iter().map(|one| one.id.as_str()).collect();
    let known_queries: BTreeSet<&str> = queries.iter().map(|one| one.id.as_str()).collect();
    let mut reader = Reader::new(input);
    let mut found = Qrels::new();
    reader.each(2..=2, |_, columns| {
        let [query, claim] = columns else { return Err(String::new()) };
        if !known_queries.contains(query) {
            return Err(format!("no query is called `{query}`"));
        }
        if !known_claims.contains(claim) {
            return Err(format!("no claim is called `{claim}`"));
        }
        let right = found.entry((*query).to_owned()).or_default();
        if right.iter().any(|one| one == claim) {
            return Err(format!("`{query}` and `{claim}` stand here for the second time"));
        }
        right.push((*claim).to_owned());
        Ok(())
    });
    reader.done(found)
}

/// Messages: `expected kind text`.
pub fn messages(input: Input<'_>) -> Result<Vec<Message>, Vec<Fault>> {
    let mut reader = Reader::new(input);
    let mut found = Vec::new();
    reader.each(3..=3, |_, columns| {
        let [expected, kind, text] = columns else { return Err(String::new()) };
        let id = |text: &str| {
            let named = !text.is_empty() && !text.contains(char::is_whitespace);
            if named { Ok(text.to_owned()) } else { Err(format!("`{text}` is no claim's id")) }
        };
        let ids: Result<Vec<String>, String> = match *expected {
            "-" => Ok(Vec::new()),
            ids => ids.split('|').map(id).collect(),
        };
        let (kind, tied) = match kind.split_once(':') {
            Some((kind, tied)) => (kind, Some(id(tied)?)),
            None => (*kind, None),
        };
        filled("kind", kind)?;
        found.push(Message {
            expected: ids?,
            kind: kind.to_owned(),
            tied,
            column: (*text).to_owned(),
            text: text.replace("\\n", "\n"),
        });
        Ok(())
    });
    reader.done(found)
}

/// Plain messages, one a line; empty ones are messages.
pub fn plain(input: Input<'_>) -> Result<Vec<String>, Vec<Fault>> {
    let mut reader = Reader::new(input);
    let mut found = Vec::new();
    reader.lines(|_, text| {
        found.push(text.to_owned());
        Ok(())
    });
    reader.done(found)
}

/// A run of somebody's: `query-id Q0 claim-id rank score name`, parted by spaces or tabs. The order is that of the ranks.
pub fn run(input: Input<'_>) -> Result<BTreeMap<String, Vec<String>>, Vec<Fault>> {
    let mut reader = Reader::new(input);
    let mut found: BTreeMap<String, Vec<(u64, String)>> = BTreeMap::new();
    reader.lines(|_, text| {
        let columns: Vec<&str> = text.split_whitespace().collect();
        let [query, _, claim, rank, score, name] = columns.as_slice() else {
            return Err(format!("6 columns expected, found {}", columns.len()));
        };
        let rank = rank.parse().map_err(|_| format!("`{rank}` is no rank"))?;
        let score: f64 = score.parse().map_err(|_| format!("`{score}` is no score"))?;
        let ranked = found.entry((*query).to_owned()).or_default();
        // Our own runs list a query without candidates at score 0: nothing was found for it.
        if score > 0.0 || *name != RUN_NAME {
            ranked.push((rank, (*claim).to_owned()));
        }
        Ok(())
    });
    let ranked = |mut claims: Vec<(u64, String)>| {
        claims.sort();
        claims.into_iter().map(|(_, claim)| claim).collect()
    };
    let found = found.into_iter().map(|(query, claims)| (query, ranked(claims))).collect();
    reader.done(found)
}

/// Rows of so many columns; lines that open with `# ` are remarks.
pub fn columns(
    input: Input<'_>,
    counts: std::ops::RangeInclusive<usize>,
    mut take: impl FnMut(&[&str]) -> Result<(), String>,
) -> Result<(), Vec<Fault>> {
    let (least, most) = (*counts.start(), *counts.end());
    let mut reader = Reader::new(input);
    reader.lines(|_, text| {
        let columns: Vec<&str> = text.split('\t').collect();
        if text.starts_with("# ") {
            return Ok(());
        }
        if !counts.contains(&columns.len()) {
            return Err(wrong_count(least, most, columns.len()));
        }
        take(&columns)
    });
    reader.done(())
}

fn wrong_count(least: usize, most: usize, found: usize) -> String {
    let wanted = if least == most { least.to_string() } else { format!("{least} or {most}") };
    format!("{wanted} columns parted by tabs expected, found {found}")
}

struct Reader<'a> {
    input: Input<'a>,
    faults: Vec<Fault>,
}

impl<'a> Reader<'a> {
    fn new(input: Input<'a>) -> Self {
        Self { input, faults: Vec::new() }
    }

    fn lines(&mut self, mut take: impl FnMut(usize, &str) -> Result<(), String>) {
        let bytes = self.input.bytes.strip_suffix(b"\n").unwrap_or(self.input.bytes);
        if bytes.is_empty() {
            return;
        }
        for (at, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let taken = match std::str::from_utf8(line) {
                Ok(text) => take(at + 1, text),
                Err(error) => Err(format!("byte {} is not UTF-8", error.valid_up_to() + 1)),
            };
            if let Err(what) = taken {
                let file = self.input.name.to_owned();
                self.faults.push(Fault { file, line: at + 1, what });
            }
        }
    }

    fn each(
        &mut self,
        counts: std::ops::RangeInclusive<usize>,
        mut take: impl FnMut(usize, &[&str]) -> Result<(), String>,
    ) {
        let (least, most) = (*counts.start(), *counts.end());
        self.lines(|line, text| {
            let columns: Vec<&str> = text.split('\t').collect();
            if !counts.contains(&columns.len()) {
                return Err(wrong_count(least, most, columns.len()));
            }
            take(line, &columns)
        });
    }

    fn done<T>(self, found: T) -> Result<T, Vec<Fault>> {
        if self.faults.is_empty() { Ok(found) } else { Err(self.faults) }
    }
}

fn fresh(seen: &mut BTreeMap<String, usize>, id: &str, line: usize) -> Result<(), String> {
    filled("id", id)?;
    if id.contains(char::is_whitespace) {
        return Err(format!("the id `{id}` has a space in it"));
    }
    match seen.insert(id.to_owned(), line) {
        Some(first) => Err(format!("`{id}` stands already in line {first}")),
        None => Ok(()),
    }
}

fn filled(what: &str, text: &str) -> Result<(), String> {
    if text.trim().is_empty() { Err(format!("the {what} is empty")) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::{Fault, Input, claims, messages, plain, qrels, queries, run};

    fn input(text: &str) -> Input<'_> {
        Input { name: "f.tsv", bytes: text.as_bytes() }
    }

    fn words<T>(result: Result<T, Vec<Fault>>) -> Vec<String> {
        result.err().unwrap_or_default().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_fault_is_named_with_its_line() {
        assert_eq!(
            words(claims(input("a\tb\nc\n\na\tb\nd\t \ne f\tg\n"))),
            [
                "f.tsv:2: 2 or 3 columns parted by tabs expected, found 1",
                "f.tsv:3: 2 or 3 columns parted by tabs expected, found 1",
                "f.tsv:4: `a` stands already in line 1",
                "f.tsv:5: the text is empty",
                "f.tsv:6: the id `e f` has a space in it",
            ]
        );
        assert_eq!(
            words(plain(Input { name: "f.tsv", bytes: b"a\n\xff\n" })),
            ["f.tsv:2: byte 1 is not UTF-8"]
        );
        let (known, asked) = (claims(input("a\tb")).unwrap(), queries(input("q\tr\n")).unwrap());
        assert_eq!(
            words(qrels(input("q\ta\nq\tx\nr\ta\nq\ta\n"), &known, &asked)),
            [
                "f.tsv:2: no claim is called `x`",
                "f.tsv:3: no query is called `r`",
                "f.tsv:4: `q` and `a` stand here for the second time",
            ]
        );
        assert_eq!(
            words(messages(input("-\tchat\thi\na||b\tplain\tx\na\t:b\tx\na b\tplain\tx\n"))),
            [
                "f.tsv:2: `` is no claim's id",
                "f.tsv:3: the kind is empty",
                "f.tsv:4: `a b` is no claim's id",
            ]
        );
    }

    #[test]
    fn messages_have_their_line_breaks_and_ties() {
        let rows = messages(input("a|b\tplain\tone\\ntwo\r\n-\tdebunk:a\tno\n")).unwrap();
        assert_eq!(rows[0].text, "one\ntwo");
        assert_eq!(rows[0].column, "one\\ntwo");
        assert_eq!(rows[0].expected, ["a", "b"]);
        assert_eq!(rows[1].kind, "debunk");
        assert_eq!(rows[1].tied.as_deref(), Some("a"));
    }

    #[test]
    fn empty_lines_are_messages_and_empty_files_are_none() {
        assert_eq!(plain(input("a\n\nb")).unwrap(), ["a", "", "b"]);
        assert!(plain(input("")).unwrap().is_empty());
    }

    #[test]
    fn runs_are_ordered_by_rank() {
        let ranked = run(input("q Q0 b 2 -5 x\nq\tQ0\ta 1 9 x\nr Q0 a 1 0 footnote\n")).unwrap();
        assert_eq!(ranked["q"], ["a", "b"]);
        assert!(ranked["r"].is_empty());
    }
}
