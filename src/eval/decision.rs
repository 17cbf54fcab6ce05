//! How often footnote speaks rightly, and how often when it should not. Knows neither texts nor how an answer came about: only what was expected and what was done.

use std::collections::BTreeMap;

use crate::eval::resample::{self, Interval};
use crate::model::claim::{ClaimAction, ClaimId};
use crate::policy::decide::Verb;

/// What was done about a message, as far as it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Which claim.
    pub claim: String,
    /// Its score, in thousandths.
    pub score: u16,
}

/// The answer in what was done, where it counts as one: a reply or an alert, and a suggestion where
/// the claim may do no more than suggest.
pub fn answer(verb: Verb, claim: &ClaimId, action: ClaimAction, score: u16) -> Option<Answer> {
    let counts = match verb {
        Verb::Reply | Verb::Alert => true,
        Verb::Suggest => action == ClaimAction::Suggest,
        Verb::Silent => false,
    };
    counts.then(|| Answer { claim: claim.as_str().to_owned(), score })
}

/// How one message ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// It was answered with a claim that was expected.
    Right,
    /// It was answered with another one.
    Wrong,
    /// It should have been answered and was not.
    Missed,
    /// It should not have been answered and was.
    False,
    /// It should not have been answered and was not.
    Quiet,
    /// It denies a claim in an open question and got the text that both sides get: no mistake.
    OtherSide,
}

/// How a message ended, by what was expected and what was done. `other_side` is the claim whose
/// denial is an assertion too.
pub fn outcome(expected: &[String], other_side: Option<&str>, answer: Option<&Answer>) -> Outcome {
    let is = |id: &str| answer.is_some_and(|answer| answer.claim == id);
    match (expected.is_empty(), answer) {
        (false, None) => Outcome::Missed,
        (false, Some(_)) if expected.iter().any(|id| is(id)) => Outcome::Right,
        (false, Some(_)) => Outcome::Wrong,
        (true, None) => Outcome::Quiet,
        (true, Some(_)) if other_side.is_some_and(is) => Outcome::OtherSide,
        (true, Some(_)) => Outcome::False,
    }
}

/// How many messages ended how.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counts(BTreeMap<Outcome, usize>);

impl Counts {
    /// Counts one more.
    pub fn add(&mut self, outcome: Outcome) {
        *self.0.entry(outcome).or_default() += 1;
    }

    /// How many ended so.
    pub fn of(&self, outcome: Outcome) -> usize {
        self.0.get(&outcome).copied().unwrap_or(0)
    }

    /// Messages that should be answered.
    pub fn positives(&self) -> usize {
        self.of(Outcome::Right) + self.of(Outcome::Wrong) + self.of(Outcome::Missed)
    }

    /// Messages that should not.
    pub fn negatives(&self) -> usize {
        self.of(Outcome::False) + self.of(Outcome::Quiet) + self.of(Outcome::OtherSide)
    }

    /// The share that tells how a kind of message fares, with its interval: of messages that should be answered
    /// those answered rightly, of others those answered.
    pub fn told(&self) -> Interval {
        if self.positives() > 0 {
            resample::wilson(self.of(Outcome::Right), self.positives())
        } else {
            resample::wilson(self.of(Outcome::False), self.negatives())
        }
    }

    /// Of all answers the share that was right; 0 without answers.
    pub fn precision(&self) -> f64 {
        let right = self.of(Outcome::Right);
        resample::share(right, right + self.of(Outcome::Wrong) + self.of(Outcome::False))
    }

    /// Of the messages that should be answered the share that was, rightly.
    pub fn recall(&self) -> f64 {
        resample::share(self.of(Outcome::Right), self.positives())
    }
}

/// Many outcomes: in all and by kind, with the intervals of the two figures that are quoted.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// All.
    pub all: Counts,
    /// By kind of message.
    pub kinds: BTreeMap<String, Counts>,
    answered: Vec<f64>,
    rightly: Vec<f64>,
}

impl Tally {
    /// Adds one message of a kind.
    pub fn add(&mut self, kind: &str, outcome: Outcome) {
        self.all.add(outcome);
        self.kinds.entry(kind.to_owned()).or_default().add(outcome);
        match outcome {
            Outcome::Right => {
                self.answered.push(1.0);
                self.rightly.push(1.0);
            }
            Outcome::Wrong => {
                self.answered.push(0.0);
                self.rightly.push(0.0);
            }
            Outcome::Missed => self.rightly.push(0.0),
            Outcome::False => self.answered.push(0.0),
            Outcome::Quiet | Outcome::OtherSide => {}
        }
    }

    /// Precision with its interval.
    pub fn precision(&self) -> Interval {
        resample::interval(&self.answered)
    }

    /// Recall with its interval.
    pub fn recall(&self) -> Interval {
        resample::interval(&self.rightly)
    }
}

/// A threshold at which at most a given number of false replies come.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AtRate {
    /// False replies allowed among ten thousand messages.
    pub per_ten_thousand: u32,
    /// The lowest threshold that keeps to it; above 1000 nothing is ever said.
    pub threshold: u16,
    /// False replies at that threshold.
    pub false_replies: usize,
    /// The share of positives answered rightly, with its interval.
    pub right: Interval,
    /// The share of positives answered with another claim.
    pub wrong: f64,
}

/// How many of the answers would be given at a threshold.
pub fn at_least(answers: &[Option<Answer>], threshold: u16) -> usize {
    answers.iter().flatten().filter(|answer| answer.score >= threshold).count()
}

/// What can be had at a rate of false replies. `positives` has for each message whether its answer
/// is right.
pub fn at_rate(
    per_ten_thousand: u32,
    negatives: &[Option<Answer>],
    positives: &[(Option<Answer>, bool)],
) -> AtRate {
    let rate = usize::try_from(per_ten_thousand).unwrap_or(usize::MAX);
    let allowed = negatives.len().saturating_mul(rate) / 10_000;
    // Falls from above: the more the threshold yields, the more is said.
    let threshold = (0..=1001)
        .rev()
        .take_while(|threshold| at_least(negatives, *threshold) <= allowed)
        .last()
        .unwrap_or(1001);
    let spoken =
        |answer: &Option<Answer>| answer.as_ref().is_some_and(|answer| answer.score >= threshold);
    let right: Vec<f64> = positives
        .iter()
        .map(|(answer, right)| if *right && spoken(answer) { 1.0 } else { 0.0 })
        .collect();
    let wrong = positives.iter().filter(|(answer, right)| !*right && spoken(answer)).count();
    AtRate {
        per_ten_thousand,
        threshold,
        false_replies: at_least(negatives, threshold),
        right: resample::interval(&right),
        wrong: resample::share(wrong, positives.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Answer, Outcome, Tally, answer, at_rate, outcome};
    use crate::model::claim::{ClaimAction, ClaimId};
    use crate::policy::decide::Verb;

    fn id(text: &str) -> ClaimId {
        ClaimId::new(text).unwrap()
    }

    #[expect(clippy::unnecessary_wraps, reason = "the tables hold answers and silence")]
    fn with(claim: &str, score: u16) -> Option<Answer> {
        Some(Answer { claim: claim.to_owned(), score })
    }

    #[test]
    fn a_suggestion_counts_where_the_claim_may_do_no_more() {
        for (verb, action, counts) in [
            (Verb::Reply, ClaimAction::Reply, true),
            (Verb::Alert, ClaimAction::Alert, true),
            (Verb::Suggest, ClaimAction::Suggest, true),
            (Verb::Suggest, ClaimAction::Reply, false),
            (Verb::Silent, ClaimAction::Reply, false),
        ] {
            assert_eq!(answer(verb, &id("a"), action, 9).is_some(), counts, "{verb:?}");
        }
    }

    #[test]
    fn outcomes_follow_from_what_was_expected() {
        let expected = ["a".to_owned(), "b".to_owned()];
        for (expected, other, answer, ends) in [
            (&expected[..], None, with("b", 1), Outcome::Right),
            (&expected[..], None, with("c", 1), Outcome::Wrong),
            (&expected[..], None, None, Outcome::Missed),
            (&[], None, None, Outcome::Quiet),
            (&[], None, with("a", 1), Outcome::False),
            (&[], Some("a"), with("a", 1), Outcome::OtherSide),
            (&[], Some("a"), with("b", 1), Outcome::False),
        ] {
            assert_eq!(outcome(expected, other, answer.as_ref()), ends);
        }
    }

    #[test]
    fn precision_counts_wrong_claims_and_false_replies() {
        let mut tally = Tally::default();
        for (kind, outcome, times) in [
            ("plain", Outcome::Right, 6),
            ("plain", Outcome::Wrong, 1),
            ("slang", Outcome::Missed, 3),
            ("debunk", Outcome::False, 1),
            ("debunk", Outcome::OtherSide, 5),
            ("chat", Outcome::Quiet, 9),
        ] {
            for _ in 0..times {
                tally.add(kind, outcome);
            }
        }
        assert!((tally.all.precision() - 0.75).abs() < 1e-9);
        assert!((tally.precision().mean - 0.75).abs() < 1e-9);
        assert!((tally.all.recall() - 0.6).abs() < 1e-9);
        assert_eq!((tally.all.positives(), tally.all.negatives()), (10, 15));
        assert_eq!(tally.kinds["plain"].positives(), 7);
    }

    #[test]
    fn the_threshold_is_the_lowest_that_keeps_to_the_rate() {
        let mut negatives = vec![None; 9_997];
        negatives.extend([with("a", 900), with("a", 800), with("a", 500)]);
        let positives = [
            (with("b", 850), true),
            (with("b", 950), true),
            (with("c", 990), false),
            (None, false),
        ];
        for (rate, threshold, false_replies, right) in
            [(0, 901, 0, 0.25), (1, 801, 1, 0.5), (2, 501, 2, 0.5), (3, 0, 3, 0.5)]
        {
            let got = at_rate(rate, &negatives, &positives);
            assert_eq!((got.threshold, got.false_replies), (threshold, false_replies));
            assert!((got.right.mean - right).abs() < 1e-9, "{got:?}");
            assert!((got.wrong - 0.25).abs() < 1e-9);
        }
    }
}
