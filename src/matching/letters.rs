//! How much of a statement's spelling a message has, in runs of three letters: what compounds, inflections and slips leave in common. Knows neither words' meaning nor their order.

use crate::matching::quick::QuickMap;
use crate::text::token::Token;

/// The statements of a store by their runs of three letters.
#[derive(Debug, Clone, Default)]
pub struct Letters {
    numbers: QuickMap<u64, u32>,
    /// The inverse document frequency of each run, in nats.
    rarity: Vec<f32>,
    claims: Vec<Spelling>,
}

/// The runs of one claim's statements.
#[derive(Debug, Clone, Default)]
struct Spelling {
    /// Each run, sorted, with what it is worth where a message has it, in nats.
    runs: Vec<(u32, f32)>,
    /// What all of them are rare, in nats.
    weight: f32,
}

/// What a message and a claim's statements have in common.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Shared {
    /// The share of the statements' runs, the rare ones counting more, 0 to 1.
    pub share: f32,
    /// BM25 over the runs, in nats: how well the claim answers to the message beside other claims.
    pub relevance: f32,
}

/// How soon a run's repetition counts for less, as Robertson and Zaragoza (2009) advise.
const K: f32 = 1.2;
/// How much a long statement is marked down; theirs too.
const B: f32 = 0.75;
/// So many letters are a run. Of two and four, two are in every message and four miss a slip.
const RUN: usize = 3;

impl Letters {
    /// Learns the statements of each claim by its place; a claim without any resembles nothing.
    pub fn build(claims: &[Vec<Token>]) -> Self {
        let mut letters = Self::default();
        let mut counted: Vec<Vec<(u32, f32)>> = Vec::with_capacity(claims.len());
        let mut with: Vec<f32> = Vec::new();
        for tokens in claims {
            let mut numbers: Vec<u32> = Vec::new();
            for run in runs(tokens) {
                let next = u32::try_from(letters.numbers.len()).unwrap_or(u32::MAX);
                numbers.push(*letters.numbers.entry(run).or_insert(next));
            }
            numbers.sort_unstable();
            with.resize(letters.numbers.len(), 0.0);
            let mut counts: Vec<(u32, f32)> = Vec::new();
            for number in numbers {
                match counts.last_mut() {
                    Some((last, count)) if *last == number => *count += 1.0,
                    _ => counts.push((number, 1.0)),
                }
            }
            for (number, _) in &counts {
                with.get_mut(*number as usize).into_iter().for_each(|claims| *claims += 1.0);
            }
            counted.push(counts);
        }
        let lengths: Vec<f32> =
            counted.iter().map(|runs| runs.iter().map(|(_, count)| count).sum()).collect();
        let spelled = count(lengths.iter().filter(|length| **length > 0.0).count());
        let mean = lengths.iter().sum::<f32>() / spelled.max(1.0);
        letters.rarity =
            with.iter().map(|with| (1.0 + (spelled - with + 0.5) / (with + 0.5)).ln()).collect();
        letters.claims = counted
            .into_iter()
            .zip(lengths)
            .map(|(runs, length)| letters.spelling(runs, length / mean.max(1.0)))
            .collect();
        letters
    }

    /// `length` is the statements' in runs, as a multiple of the mean.
    fn spelling(&self, mut runs: Vec<(u32, f32)>, length: f32) -> Spelling {
        let mut weight = 0.0;
        for (number, count) in &mut runs {
            let rarity = self.rarity(*number);
            weight += rarity;
            *count = rarity * *count * (K + 1.0) / (*count + K * (1.0 - B + B * length));
        }
        Spelling { runs, weight }
    }

    fn rarity(&self, number: u32) -> f32 {
        self.rarity.get(number as usize).copied().unwrap_or(0.0)
    }

    /// The runs of a message that any statement has, sorted.
    pub fn seen(&self, tokens: &[Token]) -> Vec<u32> {
        let mut seen: Vec<u32> =
            runs(tokens).filter_map(|run| self.numbers.get(&run)).copied().collect();
        seen.sort_unstable();
        seen.dedup();
        seen
    }

    /// What a message whose runs are `seen` shares with a claim, by its place.
    pub fn shared(&self, claim: usize, seen: &[u32]) -> Shared {
        let Some(spelling) = self.claims.get(claim).filter(|one| !one.runs.is_empty()) else {
            return Shared::default();
        };
        let (mut met, mut relevance) = (0.0, 0.0);
        let mut rest = seen;
        for (number, worth) in &spelling.runs {
            let behind = rest.iter().take_while(|other| *other < number).count();
            rest = rest.get(behind..).unwrap_or(&[]);
            if rest.first() == Some(number) {
                met += self.rarity(*number);
                relevance += worth;
            }
        }
        Shared { share: met / spelling.weight.max(f32::MIN_POSITIVE), relevance }
    }
}

/// The runs of each word, which has a space before it and behind it.
fn runs(tokens: &[Token]) -> impl Iterator<Item = u64> {
    tokens.iter().flat_map(|token| {
        let mut window = [u64::from(' '); RUN];
        let letters = token.text.chars().chain(std::iter::once(' '));
        letters.enumerate().filter_map(move |(at, letter)| {
            window.rotate_left(1);
            *window.last_mut()? = u64::from(letter);
            // A letter of Unicode has 21 bits.
            (at > 0).then(|| window.iter().fold(0, |run, letter| run << 21 | letter))
        })
    })
}

#[expect(clippy::cast_precision_loss, reason = "counts of claims are far below 2^24")]
fn count(claims: usize) -> f32 {
    claims as f32
}

#[cfg(test)]
mod tests {
    use super::Letters;
    use crate::text;

    const STATEMENTS: [&str; 4] =
        ["the moon landings were staged", "the earth is flat", "cheese is made of milk", ""];

    fn shared(message: &str) -> Vec<(f32, f32)> {
        let tokens: Vec<_> = STATEMENTS.iter().map(|one| text::read(one).tokens).collect();
        let letters = Letters::build(&tokens);
        let seen = letters.seen(&text::read(message).tokens);
        (0..=STATEMENTS.len())
            .map(|at| letters.shared(at, &seen))
            .map(|one| (one.share, one.relevance))
            .collect()
    }

    #[test]
    fn a_statement_shares_all_with_itself_and_little_with_another() {
        let all = shared(STATEMENTS[0]);
        assert!((all[0].0 - 1.0).abs() < 1e-6, "{all:?}");
        assert!(all[1].0 < 0.4 && all[2].0 < 0.2, "{all:?}");
        assert!(all[0].1 > 3.0 * all[1].1, "{all:?}");
    }

    #[test]
    fn compounds_and_slips_share_most() {
        for message in ["moonlanding stage", "the mooon landngs wre stagedd"] {
            let all = shared(message);
            assert!(all[0].0 > 0.4 && all[0].1 > 2.0 * all[1].1, "{message}: {all:?}");
        }
    }

    #[test]
    fn nothing_shares_nothing() {
        assert!(shared("xyzzy").iter().all(|one| *one == (0.0, 0.0)));
        assert_eq!(shared(STATEMENTS[0])[3], (0.0, 0.0), "a claim without a statement");
        assert_eq!(shared(STATEMENTS[0])[4], (0.0, 0.0), "a claim that there is not");
    }

    #[test]
    fn a_run_ends_with_its_word() {
        let all = shared("m oon");
        assert!(all[0].0 < 0.2, "{all:?}");
    }
}
