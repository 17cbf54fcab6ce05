//! Misspellings: which word of the vocabulary an unknown word may be. The only file that names strsim.

use crate::matching::effort::{self, Effort};
use crate::matching::quick::QuickMap;

/// The shortest word that may be a misspelling: below, "fact" meets "face" and "axis" meets "axes".
const SHORTEST: usize = 5;
/// From this length on two errors are forgiven. With two errors in a shorter word more than half of
/// the neighbours are other words.
const TWO_ERRORS: usize = 8;
/// What a word spelled with one error is worth beside the word itself.
const ONE_ERROR_WORTH: f32 = 0.95;
/// And with two.
const TWO_ERRORS_WORTH: f32 = 0.88;
/// What a word is worth that only sounds like another.
const BY_EAR_WORTH: f32 = 0.85;
/// A word of fewer sounds sounds like too many others.
const SOUNDS: usize = 4;
/// By so many silent or doubled letters two spellings of one sound differ at most.
const SILENT: usize = 2;
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
    words: Vec<Word>,
    /// How many letters its longest word has.
    longest: usize,
    rests: QuickMap<u64, Vec<u32>>,
    edges: QuickMap<u64, Vec<u32>>,
    sounds: QuickMap<String, Vec<u32>>,
}

#[derive(Debug, Clone)]
struct Word {
    text: String,
    id: u32,
    length: usize,
    first: Option<char>,
    letters: u64,
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
        let letters: Vec<char> = word.chars().collect();
        let length = letters.len();
        if length + 1 < SHORTEST {
            return;
        }
        self.longest = self.longest.max(length);
        let at = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
        for rest in rests(&letters) {
            self.rests.entry(rest).or_default().push(at);
        }
        if length + 1 >= TWO_ERRORS {
            for edge in edges(&letters) {
                self.edges.entry(edge).or_default().push(at);
            }
        }
        if let Some(sound) = sound(word) {
            self.sounds.entry(sound).or_default().push(at);
        }
        let first = letters.first().copied();
        let letters = letters_of(&letters);
        self.words.push(Word { text: word.to_owned(), id, length, first, letters });
    }

    /// The words that `word` may be a misspelling of, best first.
    pub fn near(&self, word: &str, effort: &mut Effort) -> Vec<Near> {
        if word.len() + 1 < SHORTEST || word.bytes().any(|b| b.is_ascii_digit()) {
            return Vec::new();
        }
        let letters: Vec<char> = word.chars().collect();
        let length = letters.len();
        // What is longer than any word of the vocabulary is none of them, however it was typed.
        let too_long = length > self.longest + SILENT;
        if length + 1 < SHORTEST || too_long || !effort.may_spell() {
            return Vec::new();
        }
        effort.spelled += 1;
        let mut places: Vec<u32> =
            rests(&letters).filter_map(|rest| self.rests.get(&rest)).flatten().copied().collect();
        if length >= TWO_ERRORS {
            places.extend(edges(&letters).iter().filter_map(|edge| self.edges.get(edge)).flatten());
        }
        if places.is_empty() {
            let mut found = self.by_ear(word);
            found.truncate(effort::NEAR);
            return found;
        }
        places.sort_unstable();
        places.dedup();
        let allowed = if length >= TWO_ERRORS { 2 } else { 1 };
        let first = letters.first().copied();
        let letters = letters_of(&letters);
        let mut found: Vec<Near> = places
            .into_iter()
            .filter_map(|at| self.words.get(usize::try_from(at).ok()?))
            .filter_map(|known| {
                let shorter = known.length.min(length);
                // Of four letters only a word that lost one: "slav", "irsh", "perl".
                if length < SHORTEST && (known.length <= length || known.first != first) {
                    return None;
                }
                let limit = if shorter >= TWO_ERRORS - 1 { allowed } else { 1 };
                // An error changes the length by one at most, and adds and takes one letter at most.
                let apart = (known.letters & !letters).count_ones();
                let apart = apart.max((letters & !known.letters).count_ones());
                if known.length.abs_diff(length) > limit
                    || usize::try_from(apart).is_ok_and(|apart| apart > limit)
                {
                    return None;
                }
                if effort.compared >= effort::COMPARED {
                    return None;
                }
                effort.compared += 1;
                let errors = strsim::osa_distance(word, &known.text);
                (1..=limit).contains(&errors).then_some(Near {
                    id: known.id,
                    worth: if errors == 1 { ONE_ERROR_WORTH } else { TWO_ERRORS_WORTH },
                })
            })
            .collect();
        found.sort_by(|a, b| b.worth.total_cmp(&a.worth).then(a.id.cmp(&b.id)));
        found.dedup_by_key(|near| near.id);
        let mut found = if found.is_empty() { self.by_ear(word) } else { found };
        found.truncate(effort::NEAR);
        found
    }

    /// The words that sound like it: "sfinx", "medevil", "mousollini".
    fn by_ear(&self, word: &str) -> Vec<Near> {
        let sounds = sound(word).and_then(|sound| self.sounds.get(&sound)).into_iter().flatten();
        let words = sounds.filter_map(|at| self.words.get(usize::try_from(*at).ok()?));
        let length = word.chars().count();
        let alike = words.filter(|known| known.length.abs_diff(length) <= SILENT);
        alike.map(|known| Near { id: known.id, worth: BY_EAR_WORTH }).collect()
    }
}

/// The consonants of a word as English spells its sounds, and whether it starts with a vowel, after the idea of
/// Philips' Metaphone (1990) with fewer rules: what is left is the same however the sounds were written. None for
/// a word of fewer than [`SOUNDS`], too many of which sound alike.
fn sound(word: &str) -> Option<String> {
    let letters: Vec<char> = word.chars().filter(char::is_ascii_lowercase).collect();
    let mut sounds = String::new();
    let mut at = 0;
    while let Some(c) = letters.get(at) {
        let next = letters.get(at + 1).copied();
        let soft = matches!(next, Some('e' | 'i' | 'y'));
        let (heard, taken) = match (c, next) {
            ('p', Some('h')) => ("f", 2),
            // Silent behind a vowel: "light", "fought".
            ('g', Some('h')) => ("", 2),
            ('k' | 'g', Some('n')) | ('w', Some('r')) if at == 0 => ("", 1),
            ('c', Some('k')) => ("k", 2),
            ('s', Some('c')) if matches!(letters.get(at + 2), Some('e' | 'i' | 'y')) => ("s", 2),
            ('d', Some('g')) => ("j", 2),
            ('t', Some('i')) if matches!(letters.get(at + 2), Some('o')) => ("S", 2),
            ('s' | 'c', Some('h')) => ("S", 2),
            ('c', _) if soft => ("s", 1),
            ('g', _) if soft => ("j", 1),
            ('c' | 'q', _) => ("k", 1),
            ('x', _) => ("ks", 1),
            ('z', _) => ("s", 1),
            ('v', _) => ("v", 1),
            ('a' | 'e' | 'i' | 'o' | 'u' | 'y', _) if at == 0 => ("a", 1),
            ('a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'w' | 'h', _) => ("", 1),
            _ => ("=", 1),
        };
        let heard = if heard == "=" { c.to_string() } else { heard.to_owned() };
        if !heard.is_empty() && !sounds.ends_with(&heard) {
            sounds.push_str(&heard);
        }
        at += taken;
    }
    (sounds.len() >= SOUNDS).then_some(sounds)
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
    let allowed = (a.max(b) / SHORTEST_EXPECTED).min(EXPECTED_WORTH.len());
    // An error changes the length by one at most.
    if !same_edge || a.abs_diff(b) > allowed {
        return None;
    }
    let errors = strsim::osa_distance(expected, typed);
    let worth = errors.checked_sub(1).and_then(|at| EXPECTED_WORTH.get(at)).copied();
    worth.filter(|_| errors <= allowed)
}

/// How alike two texts are, letter by letter, 0 to 1: what a scan of all texts would compare.
pub fn similarity(one: &str, other: &str) -> f64 {
    strsim::normalized_damerau_levenshtein(one, other)
}

/// FNV-1a over letters: quick, the same in every run, and where two meet by chance they are compared anyway.
fn hash(letters: impl Iterator<Item = char>, salt: u64) -> u64 {
    letters.fold(0xcbf2_9ce4_8422_2325 ^ salt, |hash, letter| {
        (hash ^ u64::from(letter)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Hashes of the word and of the word without each of its letters.
fn rests(letters: &[char]) -> impl Iterator<Item = u64> {
    let without = (0..letters.len()).map(|gone| {
        let before = letters.iter().take(gone);
        hash(before.chain(letters.iter().skip(gone + 1)).copied(), 0)
    });
    std::iter::once(hash(letters.iter().copied(), 0)).chain(without)
}

/// Hashes of the word's beginning and end.
fn edges(letters: &[char]) -> [u64; 2] {
    [hash(letters.iter().take(EDGE).copied(), 1), hash(letters.iter().rev().take(EDGE).copied(), 2)]
}

/// Which letters a word has, one bit for each 64th of all.
fn letters_of(letters: &[char]) -> u64 {
    letters.iter().fold(0, |bits, letter| bits | 1 << (u32::from(*letter) % 64))
}

#[cfg(test)]
mod tests {
    use super::Speller;
    use crate::matching::effort::Effort;

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
            "mussolini",
            "medieval",
            "sphinx",
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
            ("mousollini", Some("mussolini")),
            ("medevil", Some("medieval")),
            ("sfinx", Some("sphinx")),
            ("medal", None),
            ("horses", None),
        ] {
            let near = speller.near(typed, &mut Effort::default());
            let found =
                near.first().and_then(|near| words.get(usize::try_from(near.id).ok()?)).copied();
            assert_eq!(found, meant, "{typed}");
        }
    }
}
