//! Reads `[source]` and `[source.name]` as the `[[source]]` that is meant, and says so once: in TOML such a slip upsets all that follows it. Knows the heads of the lists of tables, none of their fields.

use std::ops::Range;

use crate::model::claim::ClaimId;
use crate::model::code;
use crate::model::diagnostic::Diagnostic;
use crate::model::span::{FileId, Span};

/// The lists of tables that a claim file may hold.
const LISTS: [&str; 2] = ["source", "correction"];

/// The list of tables inside a `[[source]]`.
const QUOTE: &str = "quote";

/// How the heads of two kinds are wrong: with one bracket for two, and with a name of their own.
const KINDS: usize = 2;

/// TOML in which the heads are right, and where its parts stood before.
#[derive(Debug, Default)]
pub(super) struct Mended {
    /// The TOML.
    pub(super) text: String,
    /// What was put in the place of what, in order.
    moves: Vec<Move>,
}

#[derive(Debug)]
struct Move {
    /// In the mended text.
    to: Range<usize>,
    /// In the text as it was written.
    from: Range<usize>,
}

impl Mended {
    /// TOML in which nothing has to be mended.
    pub(super) fn nothing(toml: &str) -> Self {
        Self { text: toml.to_owned(), moves: Vec::new() }
    }

    /// Where something of the mended text stood as it was written.
    pub(super) fn written(&self, at: usize) -> usize {
        let before = self.moves.iter().rev().find(|one| one.to.start <= at);
        match before {
            None => at,
            Some(one) if at < one.to.end => one.from.end.min(one.from.start + at - one.to.start),
            Some(one) => one.from.end + at - one.to.end,
        }
    }
}

/// Mends the heads in `toml`, which stands `base` bytes into the file. Of each kind the first is reported.
pub(super) fn mend(toml: &str, file: FileId, base: usize, out: &mut Vec<Diagnostic>) -> Mended {
    let mut mended = Mended::default();
    let mut found: [Vec<(Span, Head)>; KINDS] = Default::default();
    let mut inside = false;
    let mut at = 0;
    for line in toml.split_inclusive('\n') {
        let here = at;
        at += line.len();
        let was_inside = inside;
        for marks in ["\"\"\"", "'''"] {
            inside ^= !line.matches(marks).count().is_multiple_of(2);
        }
        let head = if was_inside { None } else { Head::read(line) };
        let Some(head) = head else {
            mended.text.push_str(line);
            continue;
        };
        let start = line.len() - line.trim_start().len();
        let (before, rest) = line.split_at(start);
        mended.text.push_str(before);
        let to = mended.text.len();
        mended.text.push_str(&head.right(toml.get(at..).unwrap_or("")));
        let from = here + start..here + start + head.length;
        mended.moves.push(Move { to: to..mended.text.len(), from: from.clone() });
        mended.text.push_str(rest.get(head.length..).unwrap_or(""));
        let span = Span::new(file, base + from.start..base + from.end);
        let [brackets, names] = &mut found;
        if head.name.is_some() { names.push((span, head)) } else { brackets.push((span, head)) }
    }
    for all in found {
        let others = all.len().saturating_sub(1);
        let Some((span, head)) = all.into_iter().next() else { continue };
        let one = Diagnostic::error(code::WRONG_TYPE, span, head.fault()).hint(head.way_out());
        out.push(if others > 0 { one.remark(format!("and {others} more")) } else { one });
    }
    mended
}

/// A head that is not written as it should be.
#[derive(Debug)]
struct Head {
    /// As it was written, without space around it.
    text: String,
    length: usize,
    /// `source` or `correction`.
    list: &'static str,
    /// The name that it was given.
    name: Option<String>,
    /// Whether it is the head of a quotation.
    is_quote: bool,
}

impl Head {
    /// The head on a line, where it is one that has to be mended.
    fn read(line: &str) -> Option<Self> {
        let line = line.trim_start();
        let length = line.find(']').map(|end| {
            let close = line.get(end..).unwrap_or("");
            end + close.len() - close.trim_start_matches(']').len()
        })?;
        let text = line.get(..length)?;
        let behind = line.get(length..)?.trim();
        if !behind.is_empty() && !behind.starts_with('#') {
            return None;
        }
        let is_list = text.starts_with("[[");
        let inner = text.trim_matches(['[', ']']);
        let mut parts = inner.split('.').map(|part| part.trim().trim_matches(['"', '\'']));
        let first = parts.next()?;
        let list = LISTS.into_iter().find(|list| *list == first)?;
        let (name, is_quote) = match (parts.next(), parts.next(), parts.next()) {
            (None, ..) => (None, false),
            (Some(QUOTE), None, _) => (None, true),
            (Some(name), None, _) => (Some(name.to_owned()), false),
            (Some(name), Some(QUOTE), None) => (Some(name.to_owned()), true),
            _ => return None,
        };
        let is_right = is_list && name.is_none();
        (!is_right).then(|| Self { text: text.to_owned(), length, list, name, is_quote })
    }

    /// The head as it should be; its name as the `key`, where none stands below. `behind` is what follows.
    fn right(&self, behind: &str) -> String {
        let list = self.list;
        if self.is_quote {
            return format!("[[{list}.{QUOTE}]]");
        }
        let own = behind.lines().take_while(|line| !line.trim_start().starts_with('['));
        let is_key = |line: &str| {
            line.trim_start().strip_prefix("key").is_some_and(|rest| rest.trim().starts_with('='))
        };
        match self.name.as_deref().and_then(ClaimId::new) {
            Some(key) if !own.into_iter().any(is_key) => format!("[[{list}]]\nkey = \"{key}\""),
            _ => format!("[[{list}]]"),
        }
    }

    fn fault(&self) -> String {
        match &self.name {
            Some(_) => format!("`{}` names a table, and a {} has no name", self.text, self.list),
            None => format!("`{}` is one table, where a list is meant", self.text),
        }
    }

    fn way_out(&self) -> String {
        let (list, quote) = (self.list, if self.is_quote { ".quote" } else { "" });
        match &self.name {
            Some(name) if !self.is_quote => {
                format!("write `[[{list}]]`, and below it `key = \"{name}\"`")
            }
            Some(_) => format!("write `[[{list}{quote}]]`: it belongs to the {list} above it"),
            None => format!("write `[[{list}{quote}]]` with two brackets, each time"),
        }
    }
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "a wrong span should stop the test")]
mod tests {
    use super::mend;
    use crate::model::span::FileId;

    fn check(toml: &str, mended: &str, faults: &[&str]) {
        let mut out = Vec::new();
        let found = mend(toml, FileId(0), 0, &mut out);
        assert_eq!(found.text, mended, "{toml}");
        let places: Vec<&str> = out.iter().map(|one| &toml[one.span.start..one.span.end]).collect();
        assert_eq!(places, faults, "{toml}");
        for (at, c) in toml.char_indices().filter(|(_, c)| matches!(c, '=' | '#')) {
            let moved: Vec<usize> =
                found.text.match_indices(c).map(|(at, _)| found.written(at)).collect();
            assert!(moved.contains(&at), "{toml}: {at} of {moved:?}");
        }
    }

    #[test]
    fn heads_of_lists_get_two_brackets() {
        check("a = 1\n[[source]]\nb = 2\n", "a = 1\n[[source]]\nb = 2\n", &[]);
        check("[source]\nb = 2\n", "[[source]]\nb = 2\n", &["[source]"]);
        check(
            "[source]\na = 1\n  [ source ] # x\nb = 2\n[source.quote]\nc = 3",
            "[[source]]\na = 1\n  [[source]] # x\nb = 2\n[[source.quote]]\nc = 3",
            &["[source]"],
        );
        check("[correction]\na = 1", "[[correction]]\na = 1", &["[correction]"]);
        check("[claimant]\na = 1", "[claimant]\na = 1", &[]);
        check("[source", "[source", &[]);
        check("a = \"\"\"\n[source]\n\"\"\"\n", "a = \"\"\"\n[source]\n\"\"\"\n", &[]);
        check("a = [\n[source], 1]", "a = [\n[source], 1]", &[]);
    }

    #[test]
    fn a_name_is_a_key() {
        check(
            "[source.diary]\na = 1\n[[source.diary.quote]]\nb = 2\n[source.\"x y\"]\nc = 3",
            "[[source]]\nkey = \"diary\"\na = 1\n[[source.quote]]\nb = 2\n[[source]]\nc = 3",
            &["[source.diary]"],
        );
        check(
            "[[source.diary]]\nkey = \"d\"\n[source]\na = 1",
            "[[source]]\nkey = \"d\"\n[[source]]\na = 1",
            &["[source]", "[[source.diary]]"],
        );
    }
}
