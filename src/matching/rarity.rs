//! How rare a word is in English and among the claims: the weight of evidence that it carries. Knows no phrasing.

use crate::matching::quick::QuickMap;
use crate::text::lexicon;

/// Of this many messages the table below counts how many contain a word.
const MESSAGES: f32 = 10_000.0;

/// What the commonest word weighs, in nats: never nothing, or nothing would meet it.
pub const LEAST_WEIGHT: f32 = 0.1;

/// A word that the table lacks stood in fewer than 3 of 10,000 messages; half of that is assumed.
const UNSEEN: f32 = 1.5;

const COMMON: &str = include_str!("data/common-en.txt");

/// Message frequencies by stem.
#[derive(Debug, Clone, Default)]
pub struct Rarity {
    stems: QuickMap<String, f32>,
    words: QuickMap<&'static str, f32>,
    claims: f32,
}

impl Rarity {
    /// The table for a store of `claims` claims.
    pub fn new(claims: usize) -> Self {
        let mut rarity = Self { claims: count(claims), ..Self::default() };
        for (word, messages) in entries() {
            rarity.words.insert(word, messages);
            *rarity.stems.entry(lexicon::stem(word)).or_default() += messages;
        }
        rarity
    }

    /// The weight of a stem that `claims` claims contain: the inverse document frequency of
    /// Spärck Jones (1972) over English messages and claims together, in nats.
    /// About 0.5 for "the", 6 for "join", 9 for a name that nobody mentions.
    pub fn weight(&self, stem: &str, claims: usize) -> f32 {
        self.weight_of(self.messages(stem), claims)
    }

    /// The weight of something that `messages` of 10,000 messages and `claims` claims contain.
    pub fn weight_of(&self, messages: f32, claims: usize) -> f32 {
        ((MESSAGES + self.claims) / (messages + count(claims))).ln().max(LEAST_WEIGHT)
    }

    /// In how many of 10,000 messages words of this stem stand.
    pub fn messages(&self, stem: &str) -> f32 {
        self.stems.get(stem).copied().unwrap_or(UNSEEN).min(MESSAGES)
    }

    /// Whether this very word is an English word that people use: such a word is no misspelling of another.
    pub fn is_common(&self, word: &str) -> bool {
        self.words.contains_key(word)
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of claims are far below 2^24")]
fn count(claims: usize) -> f32 {
    claims as f32
}

fn entries() -> impl Iterator<Item = (&'static str, f32)> {
    COMMON.lines().filter(|line| !line.starts_with('#')).flat_map(|line| {
        let mut parts = line.split(' ');
        let messages = parts.next().and_then(|count| count.parse().ok()).unwrap_or(UNSEEN);
        parts.map(move |word| (word, messages))
    })
}

#[cfg(test)]
mod tests {
    use super::Rarity;

    #[test]
    fn rare_words_weigh_more() {
        let rarity = Rarity::new(4);
        let weight = |word: &str| rarity.weight(word, 1);
        assert!(weight("the") < weight("want"));
        assert!(weight("want") < weight("join"));
        assert!(weight("join") < weight("gjermundbu"));
        assert!(rarity.weight("join", 4_000) < rarity.weight("join", 1));
        assert!(rarity.is_common("face") && !rarity.is_common("vikngs"));
    }
}
