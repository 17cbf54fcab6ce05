//! What footnote is compared with: BM25 over words, the same with character trigrams, and a scan by edit distance. Knows no claim, only texts and their places.

use std::collections::BTreeMap;

use crate::matching::fuzzy;

/// A way of ranking texts that is not footnote's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// BM25 over words.
    Words,
    /// BM25 over words and over the trigrams of each word.
    Trigrams,
}

/// How soon a term's repetition counts for less, as Robertson and Zaragoza (2009) advise.
const K: f64 = 1.2;
/// How much a long text is marked down.
const B: f64 = 0.75;
/// What a trigram counts beside a word.
const TRIGRAM: f64 = 0.3;

/// Texts that are all compared with every query, letter by letter.
#[derive(Debug, Clone, Default)]
pub struct Scan {
    texts: Vec<String>,
}

impl Scan {
    /// Keeps the texts, folded to lower case.
    pub fn build<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        Self { texts: texts.map(str::to_lowercase).collect() }
    }

    /// The places of the most similar texts with their similarity, 0 to 1, best first; of two alike the earlier.
    pub fn rank(&self, query: &str, top: usize) -> Vec<(usize, f64)> {
        let query = query.to_lowercase();
        let similar = |text: &String| fuzzy::similarity(&query, text);
        let mut ranked: Vec<(usize, f64)> = self.texts.iter().map(similar).enumerate().collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        ranked.truncate(top);
        ranked
    }
}

/// Texts indexed for one way of ranking.
#[derive(Debug, Clone, Default)]
pub struct Baseline {
    trigrams: bool,
    terms: BTreeMap<String, Vec<(usize, f64)>>,
    lengths: Vec<f64>,
    mean: f64,
}

impl Baseline {
    /// Indexes the texts by their places.
    pub fn build<'a>(way: Way, texts: impl Iterator<Item = &'a str>) -> Self {
        let mut baseline = Self { trigrams: way == Way::Trigrams, ..Self::default() };
        for (at, text) in texts.enumerate() {
            let mut counts: BTreeMap<String, f64> = BTreeMap::new();
            for term in baseline.terms_of(text) {
                *counts.entry(term).or_default() += 1.0;
            }
            baseline.lengths.push(counts.values().sum());
            for (term, count) in counts {
                baseline.terms.entry(term).or_default().push((at, count));
            }
        }
        baseline.mean = crate::eval::resample::mean(&baseline.lengths).max(1.0);
        baseline
    }

    /// The places of the best texts with their scores, best first; of two alike the earlier.
    pub fn rank(&self, query: &str, top: usize) -> Vec<(usize, f64)> {
        let mut scores = vec![0.0; self.lengths.len()];
        let mut asked = self.terms_of(query);
        asked.sort();
        asked.dedup();
        for term in &asked {
            let Some(postings) = self.terms.get(term) else { continue };
            let rarity = self.rarity(postings.len());
            let worth = if term.starts_with(MARK) { TRIGRAM } else { 1.0 };
            for (at, count) in postings {
                let length = self.lengths.get(*at).copied().unwrap_or(0.0) / self.mean;
                let met = count * (K + 1.0) / (count + K * (1.0 - B + B * length));
                scores.get_mut(*at).into_iter().for_each(|score| *score += worth * rarity * met);
            }
        }
        let mut ranked: Vec<(usize, f64)> =
            scores.into_iter().enumerate().filter(|(_, score)| *score > 0.0).collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        ranked.truncate(top);
        ranked
    }

    #[expect(clippy::cast_precision_loss, reason = "counts of claims are far below 2^52")]
    fn rarity(&self, with: usize) -> f64 {
        let (all, with) = (self.lengths.len() as f64, with as f64);
        (1.0 + (all - with + 0.5) / (with + 0.5)).ln()
    }

    fn terms_of(&self, text: &str) -> Vec<String> {
        let mut terms = Vec::new();
        let lower = text.to_lowercase();
        for word in lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            terms.push(word.to_owned());
            if self.trigrams {
                let letters: Vec<char> = format!(" {word} ").chars().collect();
                let of_three =
                    |three: &[char]| format!("{MARK}{}", three.iter().collect::<String>());
                terms.extend(letters.windows(3).map(of_three));
            }
        }
        terms
    }
}

/// Opens a trigram, so that it is no word; no word has it.
const MARK: char = '#';

#[cfg(test)]
mod tests {
    use super::{Baseline, Scan, Way};

    const TEXTS: [&str; 4] = [
        "the moon landing was staged",
        "the earth is flat",
        "the moon is made of cheese",
        "the flat was let the flat was sold the flat was empty the flat stood",
    ];

    fn first(way: Way, query: &str) -> Option<usize> {
        Baseline::build(way, TEXTS.into_iter()).rank(query, 5).first().map(|(at, _)| *at)
    }

    #[test]
    fn rare_words_count_and_long_texts_count_less() {
        assert_eq!(first(Way::Words, "they staged the landing"), Some(0));
        assert_eq!(first(Way::Words, "the cheese"), Some(2));
        assert_eq!(first(Way::Words, "a flat earth"), Some(1));
        assert_eq!(first(Way::Words, "xyzzy"), None);
    }

    #[test]
    fn a_scan_finds_the_text_with_the_fewest_errors() {
        let scan = Scan::build(TEXTS.into_iter());
        let first = |query: &str| scan.rank(query, 1).first().map(|(at, _)| *at);
        assert_eq!(first("The mon landing was stagd"), Some(0));
        assert_eq!(first("earth is flat"), Some(1));
        assert_eq!(scan.rank("x", 9).len(), TEXTS.len(), "each is compared");
    }

    #[test]
    fn trigrams_see_through_typos() {
        assert_eq!(first(Way::Words, "landign stagedd"), None);
        assert_eq!(first(Way::Trigrams, "landign stagedd"), Some(0));
    }
}
