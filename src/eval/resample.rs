//! How far a figure could be off by the luck of the sample: bootstrap intervals. Knows neither rankings nor decisions, and no randomness but its own, which is the same in every run.

/// How often the sample is drawn anew: enough for the second digit of a bound to stand still.
pub const DRAWS: usize = 2000;

/// Where every sequence of draws begins; any number would do, and it must stay the same.
const SEED: u64 = 0x666f_6f74_6e6f_7465;

/// A figure with its interval of 95 in 100.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Interval {
    /// The figure.
    pub mean: f64,
    /// The lower bound.
    pub low: f64,
    /// The upper bound.
    pub high: f64,
}

/// The difference between two ways of doing the same.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Difference {
    /// Ours minus theirs.
    pub change: Interval,
    /// In how many of the draws, as a share, theirs was at least as good.
    pub not_better: f64,
}

/// The mean of some figures with its interval.
pub fn interval(figures: &[f64]) -> Interval {
    let means = draws(figures);
    Interval { mean: mean(figures), low: at(&means, 0.025), high: at(&means, 0.975) }
}

/// Compares two ways over the same cases, pair by pair; what has no partner is left out.
pub fn paired(ours: &[f64], theirs: &[f64]) -> Difference {
    let gaps: Vec<f64> = ours.iter().zip(theirs).map(|(a, b)| a - b).collect();
    let means = draws(&gaps);
    let not_better = means.iter().filter(|mean| **mean <= 0.0).count();
    Difference { change: interval(&gaps), not_better: share(not_better, means.len()) }
}

/// A count as a share of a whole with the interval of Wilson (1927), which has a width for none and for all too;
/// 0 to 1 of nothing.
#[expect(clippy::cast_precision_loss, reason = "counts of messages are far below 2^52")]
pub fn wilson(count: usize, whole: usize) -> Interval {
    if whole == 0 {
        return Interval { mean: 0.0, low: 0.0, high: 1.0 };
    }
    let (mean, all) = (share(count, whole), whole as f64);
    let square = DEVIATIONS * DEVIATIONS;
    let middle = (mean + square / (2.0 * all)) / (1.0 + square / all);
    let spread = (mean * (1.0 - mean) / all + square / (4.0 * all * all)).sqrt();
    let half = DEVIATIONS * spread / (1.0 + square / all);
    Interval { mean, low: (middle - half).max(0.0), high: (middle + half).min(1.0) }
}

/// So many standard deviations of a normal distribution hold 95 in 100.
const DEVIATIONS: f64 = 1.959_964;

/// A count as a share of a whole; 0 of nothing.
#[expect(clippy::cast_precision_loss, reason = "counts of messages are far below 2^52")]
pub fn share(count: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { count as f64 / whole as f64 }
}

/// The mean; 0 of nothing.
#[expect(clippy::cast_precision_loss, reason = "counts of messages are far below 2^52")]
pub fn mean(figures: &[f64]) -> f64 {
    if figures.is_empty() { 0.0 } else { figures.iter().sum::<f64>() / figures.len() as f64 }
}

/// The means of [`DRAWS`] samples of the same size, in rising order.
fn draws(figures: &[f64]) -> Vec<f64> {
    let mut random = Random(SEED);
    let mut means: Vec<f64> = (0..DRAWS)
        .map(|_| {
            let drawn = figures.iter().filter_map(|_| figures.get(random.below(figures.len())));
            mean(&drawn.copied().collect::<Vec<f64>>())
        })
        .collect();
    means.sort_by(f64::total_cmp);
    means
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a share of a small count"
)]
fn at(sorted: &[f64], share: f64) -> f64 {
    let last = sorted.len().saturating_sub(1);
    sorted.get((last as f64 * share).round() as usize).copied().unwrap_or(0.0)
}

/// `SplitMix64` (Steele, Lea and Flood 2014): small, well spread, and the same everywhere.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// A sequence that the seed alone decides.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`; 0 for 0.
    pub fn below(&mut self, bound: usize) -> usize {
        let bound = u128::try_from(bound).unwrap_or(0);
        usize::try_from((u128::from(self.next()) * bound) >> 64).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::{Random, interval, paired};

    #[test]
    fn intervals_hold_the_mean_and_are_the_same_each_time() {
        let figures: Vec<f64> = (0..200).map(|at| f64::from(at % 2)).collect();
        let one = interval(&figures);
        assert_eq!(one, interval(&figures));
        assert!((one.mean - 0.5).abs() < 1e-9);
        // The exact interval of a coin thrown 200 times is 0.43 to 0.57.
        assert!((0.41..0.45).contains(&one.low) && (0.55..0.59).contains(&one.high), "{one:?}");
        assert!(interval(&[]).mean.abs() < 1e-9);
    }

    #[test]
    fn pairs_show_a_small_steady_gain() {
        let theirs: Vec<f64> = (0..100).map(|at| f64::from(at % 5)).collect();
        let ours: Vec<f64> = theirs.iter().map(|one| one + 0.1).collect();
        let better = paired(&ours, &theirs);
        assert!(better.change.low > 0.09 && better.not_better < 1e-9, "{better:?}");
        let same = paired(&theirs, &theirs);
        assert!(same.change.high.abs() < 1e-9 && same.not_better > 0.999, "{same:?}");
    }

    #[test]
    fn the_generator_is_the_published_one() {
        // First outputs of SplitMix64 for seed 1234567, as Rosetta Code lists them.
        let mut random = Random(1_234_567);
        assert_eq!(random.next(), 6_457_827_717_110_365_317);
        assert_eq!(random.next(), 3_203_168_211_198_807_973);
    }
}
