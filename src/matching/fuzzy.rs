//! Misspellings: which word of the vocabulary an unknown word may be. The only file that names strsim.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

/// The shortest word that may be a misspelling: below, "fact" meets "face" and "axis" meets "axes".
const SHORTEST: usize = 5;
/// From this length on two errors are forgiven. With two errors in a shorter word more than half of
/// the neighbours are other words.
const TWO_ERRORS: usize = 8;
/// What a word spelled with one error is worth beside the word itself.
const ONE_ERROR_WORTH: f32 = 0.95;
/// And with two.
const TWO_ERRORS_WORTH: f32 = 0.88;
/// The shortest word that context may recognise: three letters are too many words.
const SHORTEST_EXPECTED: usize = 4;
/// What an expected word is worth with one, two and three errors.
const EXPECTED_WORTH: [f32; 3] = [0.9, 0.8, 0.6];
/// Beginnings or ends of this many letters are enough to look whether two words are two errors apart.
const EDGE: usize = 4;

/// An index of words by what is left when a letter is taken out of them, after Garbe's `SymSpell`:
/// two words one error apart share such a rest, so only those are compared.
#[derive(Debug, Clone, Default)]
pub struct Speller {
    words: Vec<(String, u32)>,
    rests: HashMap<u64, Vec<u32>>,
    edges: HashMap<u64, Vec<u32>>,
}

/// A word of the vocabulary that another may be a misspelling of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    /// What the caller calls the word.
    pub id: u32,
    /// What it is worth beside the word itself, 0 to 1.
    pub worth: f32,
}

impl Speller {
    /// Adds a word under a name of the caller's. Words too short to be misspelled are left out.
    pub fn add(&mut self, word: &str, id: u32) {
        let length = word.chars().count();
        if length + 1 < SHORTEST {
            return;
        }
        let at = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
        self.words.push((word.to_owned(), id));
        for rest in rests(word) {
            self.rests.entry(rest).or_default().push(at);
        }
        if length + 1 >= TWO_ERRORS {
            for edge in edges(word) {
                self.edges.entry(edge).or_default().push(at);
            }
        }
    }

    /// The words that `word` may be a misspelling of, best first.
    pub fn near(&self, word: &str) -> Vec<Near> {
        let length = word.chars().count();
        if length + 1 < SHORTEST || word.bytes().any(|b| b.is_ascii_digit()) {
            return Vec::new();
        }
        let mut places: Vec<u32> =
            rests(word).iter().filter_map(|rest| self.rests.get(rest)).flatten().copied().collect();
        if length >= TWO_ERRORS {
            places.extend(edges(word).iter().filter_map(|edge| self.edges.get(edge)).flatten());
        }
        places.sort_unstable();
        places.dedup();
        let allowed = if length >= TWO_ERRORS { 2 } else { 1 };
        let first = word.chars().next();
        let mut found: Vec<Near> = places
            .into_iter()
            .filter_map(|at| self.words.get(usize::try_from(at).ok()?))
            .filter_map(|(known, id)| {
                let shorter = known.chars().count().min(length);
                // Of four letters only a word that lost one: "slav", "irsh", "perl".
                if length < SHORTEST
                    && (known.chars().count() <= length || known.chars().next() != first)
                {
                    return None;
                }
                let errors = strsim::osa_distance(word, known);
                let limit = if shorter >= TWO_ERRORS - 1 { allowed } else { 1 };
                (1..=limit).contains(&errors).then_some(Near {
                    id: *id,
                    worth: if errors == 1 { ONE_ERROR_WORTH } else { TWO_ERRORS_WORTH },
                })
            })
            .collect();
        found.sort_by(|a, b| b.worth.total_cmp(&a.worth).then(a.id.cmp(&b.id)));
        found.dedup_by_key(|near| near.id);
        found
    }
}

/// What a typed word is worth as a misspelling of one that the words around it lead to expect: more
/// errors are forgiven than without that context, and real words too ("singed" for "signed").
/// At least four letters, the same first letter or the same end; one error for each four letters.
pub fn resembles(expected: &str, typed: &str) -> Option<f32> {
    let (a, b) = (expected.chars().count(), typed.chars().count());
    let digits = |word: &str| word.bytes().any(|b| b.is_ascii_digit());
    if a.min(b) < SHORTEST_EXPECTED || digits(expected) || digits(typed) {
        return None;
    }
    let same_edge = expected.chars().next() == typed.chars().next()
        || expected.chars().rev().take(EDGE - 1).eq(typed.chars().rev().take(EDGE - 1));
    let errors = strsim::osa_distance(expected, typed);
    let allowed = (a.max(b) / SHORTEST_EXPECTED).min(EXPECTED_WORTH.len());
    let worth = errors.checked_sub(1).and_then(|at| EXPECTED_WORTH.get(at)).copied();
    worth.filter(|_| same_edge && errors <= allowed)
}

fn hash(parts: impl Iterator<Item = char>, salt: u8) -> u64 {
    let mut hasher = DefaultHasher::new();
    salt.hash(&mut hasher);
    for c in parts {
        c.hash(&mut hasher);
    }
    hasher.finish()
}

/// Hashes of the word and of the word without each of its letters.
fn rests(word: &str) -> Vec<u64> {
    let letters: Vec<char> = word.chars().collect();
    let without = (0..letters.len()).map(|gone| {
        let left = letters.iter().enumerate().filter(|(at, _)| *at != gone).map(|(_, c)| *c);
        hash(left, 0)
    });
    std::iter::once(hash(letters.iter().copied(), 0)).chain(without).collect()
}

/// Hashes of the word's beginning and end.
fn edges(word: &str) -> [u64; 2] {
    [hash(word.chars().take(EDGE), 1), hash(word.chars().rev().take(EDGE), 2)]
}

#[cfg(test)]
mod tests {
    use super::Speller;

    #[test]
    fn errors_are_forgiven_by_length() {
        let mut speller = Speller::default();
        let words = [
            "vikings",
            "helmets",
            "declaration",
            "axis",
            "horned",
            "einstein",
            "bosporus",
            "soviet",
        ];
        for (word, id) in words.iter().zip(0..) {
            speller.add(word, id);
        }
        for (typed, meant) in [
            ("vikngs", Some("vikings")),
            ("helmits", Some("helmets")),
            ("declearation", Some("declaration")),
            ("decleartion", Some("declaration")),
            ("hornd", Some("horned")),
            ("enstein", Some("einstein")),
            ("bosphorous", Some("bosporus")),
            ("sovit", Some("soviet")),
            ("axes", None),
            ("helm", None),
            ("deoration", None),
            ("viking5", None),
            ("horses", None),
        ] {
            let near = speller.near(typed);
            let found =
                near.first().and_then(|near| words.get(usize::try_from(near.id).ok()?)).copied();
            assert_eq!(found, meant, "{typed}");
        }
    }
}
