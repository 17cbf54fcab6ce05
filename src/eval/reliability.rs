//! Whether a score means what it says: of the messages with such a score, how many are about the claim. Knows no claim and no threshold.

use std::collections::BTreeMap;

use crate::eval::resample::{Interval, share, wilson};

/// Scores fall into so many bands of equal width.
pub const BANDS: usize = 10;
/// A band's width, in thousandths; 1000 itself stands in the last band.
const WIDTH: usize = 1000 / BANDS;

/// Messages by the score of their first candidate.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reliability {
    /// By the least score of the band.
    bands: BTreeMap<usize, Band>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Band {
    messages: usize,
    about: usize,
    scores: usize,
}

/// What was found in a band.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found {
    /// The least score of the band, in thousandths.
    pub from: usize,
    /// How many messages have such a score.
    pub messages: usize,
    /// Their mean score, in thousandths: the share that should be about the claim.
    pub score: f64,
    /// The share that is, with its interval.
    pub about: Interval,
}

impl Reliability {
    /// Adds a message with the score of its first candidate, in thousandths, and whether it is about that claim.
    pub fn add(&mut self, score: u16, about: bool) {
        let from = (usize::from(score) / WIDTH).min(BANDS - 1) * WIDTH;
        let band = self.bands.entry(from).or_default();
        band.messages += 1;
        band.about += usize::from(about);
        band.scores += usize::from(score);
    }

    /// The bands that have messages, by rising score.
    pub fn bands(&self) -> Vec<Found> {
        let found = |(from, band): (&usize, &Band)| Found {
            from: *from,
            messages: band.messages,
            score: share(band.scores, band.messages),
            about: wilson(band.about, band.messages),
        };
        self.bands.iter().map(found).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Reliability;

    #[test]
    fn messages_stand_in_the_band_of_their_score() {
        let mut all = Reliability::default();
        for (score, about) in [(499, false), (500, true), (560, false), (1000, true), (0, false)] {
            all.add(score, about);
        }
        let bands = all.bands();
        let seen: Vec<(usize, usize)> = bands.iter().map(|b| (b.from, b.messages)).collect();
        assert_eq!(seen, [(0, 1), (400, 1), (500, 2), (900, 1)]);
        assert!((bands[2].score - 530.0).abs() < 1e-9, "{:?}", bands[2]);
        assert!((bands[2].about.mean - 0.5).abs() < 1e-9, "{:?}", bands[2]);
    }
}
