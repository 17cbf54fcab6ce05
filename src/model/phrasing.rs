//! Phrasings: ways of asserting a claim, with choices and alias slots. Knows neither files nor matching.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

/// At most this many variants of one phrasing: enough for two choices of eight, few enough that
/// every variant can be checked against every claim at each edit.
pub const MAX_VARIANTS: usize = 64;

/// A name in `aliases.toml` with the names that stand for the same thing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Aliases {
    groups: BTreeMap<String, Vec<String>>,
}

impl Aliases {
    /// Adds a group; names are as people write them, the first is the one shown.
    pub fn add(&mut self, group: impl Into<String>, names: Vec<String>) {
        self.groups.insert(group.into(), names);
    }

    /// The names of a group.
    pub fn names(&self, group: &str) -> Option<&[String]> {
        self.groups.get(group).map(Vec::as_slice)
    }

    /// All groups in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.groups.iter().map(|(group, names)| (group.as_str(), names.as_slice()))
    }
}

/// A piece of a variant: plain words, or a slot that any name of an alias group fills.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Piece {
    /// Plain words.
    Words(String),
    /// The name of an alias group.
    Alias(String),
}

/// One way to read a phrasing after its choices were made; alias slots are still open.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Variant {
    /// The pieces in order.
    pub pieces: Vec<Piece>,
}

impl Variant {
    /// The variant as a plain sentence, each slot filled with the name at `turn` (modulo the group's size).
    pub fn sentence(&self, aliases: &Aliases, turn: usize) -> String {
        let mut out = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Words(words) => out.push_str(words),
                Piece::Alias(group) => {
                    let names = aliases.names(group).unwrap_or(&[]);
                    let at = turn.checked_rem(names.len()).unwrap_or(0);
                    out.push_str(names.get(at).map_or(group.as_str(), String::as_str));
                }
            }
        }
        out.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// A phrasing as written, with its variants.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Phrasing {
    /// As the author wrote it.
    pub text: String,
    /// What it expands to; never empty, at most [`MAX_VARIANTS`].
    pub variants: Vec<Variant>,
}

/// Why a phrasing could not be read; the range is in bytes of its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PhrasingError {
    /// A bracket without its partner.
    Unbalanced(Range<usize>),
    /// A choice inside a choice, or a bracket inside a slot.
    Nested(Range<usize>),
    /// A choice or slot with nothing in it.
    Empty(Range<usize>),
    /// More than [`MAX_VARIANTS`] variants; has their number.
    TooMany(usize),
}

impl fmt::Display for PhrasingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unbalanced(_) => f.write_str("a bracket without its partner"),
            Self::Nested(_) => f.write_str("a bracket inside a choice or slot"),
            Self::Empty(_) => f.write_str("an empty choice or slot"),
            Self::TooMany(count) => {
                write!(
                    f,
                    "{count} variants, and {MAX_VARIANTS} is the most that one phrasing may have"
                )
            }
        }
    }
}

impl Phrasing {
    /// Reads `[a|b]` as a choice and `{name}` as an alias slot. An option of a choice may be empty
    /// (`[really|] did`), and may hold a slot (`[{ussr}|stalin]`).
    pub fn parse(text: &str) -> Result<Self, PhrasingError> {
        let mut variants = vec![Vec::new()];
        for part in parts(text)? {
            let count = variants.len().saturating_mul(part.len());
            if count > MAX_VARIANTS {
                return Err(PhrasingError::TooMany(count));
            }
            variants = variants
                .iter()
                .flat_map(|before| {
                    part.iter().map(move |option| [before.as_slice(), option.as_slice()].concat())
                })
                .collect();
        }
        let variants = variants.into_iter().map(|pieces| Variant { pieces }).collect();
        Ok(Self { text: text.to_owned(), variants })
    }

    /// The names of the alias groups it uses, each once.
    pub fn groups(&self) -> Vec<&str> {
        let mut groups = Vec::new();
        for variant in &self.variants {
            for piece in &variant.pieces {
                if let Piece::Alias(group) = piece
                    && !groups.contains(&group.as_str())
                {
                    groups.push(group.as_str());
                }
            }
        }
        groups
    }
}

/// The parts of a phrasing in order, each a list of options of which one is taken.
fn parts(text: &str) -> Result<Vec<Vec<Vec<Piece>>>, PhrasingError> {
    let mut parts = Vec::new();
    let mut rest = 0;
    while let Some(found) = text.get(rest..).and_then(|tail| tail.find(['[', ']', '{', '}'])) {
        let at = rest + found;
        push_words(text, rest..at, &mut parts);
        let tail = text.get(at..).unwrap_or("");
        let (open, close) = match tail.chars().next() {
            Some('[') => ('[', ']'),
            Some('{') => ('{', '}'),
            _ => return Err(PhrasingError::Unbalanced(at..at + 1)),
        };
        let end = at + tail.find(close).ok_or(PhrasingError::Unbalanced(at..at + 1))?;
        let inner = text.get(at + 1..end).unwrap_or("");
        parts.push(if open == '{' {
            vec![vec![slot(inner, at..end + 1)?]]
        } else {
            options(inner, at..end + 1)?
        });
        rest = end + 1;
    }
    push_words(text, rest..text.len(), &mut parts);
    Ok(parts)
}

fn push_words(text: &str, range: Range<usize>, parts: &mut Vec<Vec<Vec<Piece>>>) {
    if let Some(words) = text.get(range)
        && !words.is_empty()
    {
        parts.push(vec![vec![Piece::Words(words.to_owned())]]);
    }
}

fn slot(inner: &str, range: Range<usize>) -> Result<Piece, PhrasingError> {
    if inner.contains(['[', '{', '|']) {
        return Err(PhrasingError::Nested(range));
    }
    if inner.trim().is_empty() {
        return Err(PhrasingError::Empty(range));
    }
    Ok(Piece::Alias(inner.trim().to_owned()))
}

fn options(inner: &str, range: Range<usize>) -> Result<Vec<Vec<Piece>>, PhrasingError> {
    if inner.contains('[') {
        return Err(PhrasingError::Nested(range));
    }
    if inner.split('|').all(|option| option.trim().is_empty()) {
        return Err(PhrasingError::Empty(range));
    }
    inner
        .split('|')
        .map(|option| {
            let mut pieces = Vec::new();
            for part in parts(option).map_err(|_| PhrasingError::Unbalanced(range.clone()))? {
                pieces.extend(part.into_iter().flatten());
            }
            Ok(pieces)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Aliases, Phrasing, PhrasingError};

    fn sentences(text: &str) -> Vec<String> {
        let mut aliases = Aliases::default();
        aliases.add("ussr", vec!["soviet union".to_owned(), "ussr".to_owned()]);
        let phrasing = Phrasing::parse(text).expect("a good phrasing");
        phrasing.variants.iter().map(|variant| variant.sentence(&aliases, 0)).collect()
    }

    #[test]
    fn choices_multiply_and_slots_do_not() {
        for (text, expected) in [
            ("plain words", vec!["plain words"]),
            ("{ussr} fell", vec!["soviet union fell"]),
            ("a [b|c] d", vec!["a b d", "a c d"]),
            ("[really |]did", vec!["really did", "did"]),
            ("[a|b][c|d]", vec!["ac", "ad", "bc", "bd"]),
            ("[{ussr}|stalin] fell", vec!["soviet union fell", "stalin fell"]),
        ] {
            assert_eq!(sentences(text), expected, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_says_where() {
        let long = "[a|b|c|d|e|f|g|h|i][a|b|c|d|e|f|g|h]";
        for (text, expected) in [
            ("a [b", PhrasingError::Unbalanced(2..3)),
            ("a b]", PhrasingError::Unbalanced(3..4)),
            ("{ussr", PhrasingError::Unbalanced(0..1)),
            ("[a|[b|c]]", PhrasingError::Nested(0..8)),
            ("{}", PhrasingError::Empty(0..2)),
            ("[|]", PhrasingError::Empty(0..3)),
            (long, PhrasingError::TooMany(72)),
        ] {
            assert_eq!(Phrasing::parse(text), Err(expected), "{text}");
        }
    }
}
