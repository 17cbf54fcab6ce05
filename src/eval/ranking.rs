//! How near the top the right claims stand. Knows neither scores nor texts: only names in order.

use crate::eval::resample::{self, Difference, Interval};
use crate::eval::rows::Qrels;

/// How deep average precision looks.
pub const DEPTH: usize = 5;

/// The claims of one query, best first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranked {
    /// The query.
    pub query: String,
    /// The claims.
    pub claims: Vec<String>,
}

/// The figures of one query.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Figures {
    /// Average precision at [`DEPTH`].
    pub average_precision: f64,
    /// One over the rank of the first right claim; 0 where none was found.
    pub reciprocal_rank: f64,
    /// Whether the first is right.
    pub first: f64,
    /// The share of the right claims that were found at any rank listed.
    pub recall: f64,
}

/// The figures of many queries.
#[derive(Debug, Clone, Default)]
pub struct Measured {
    /// Queries that were measured: those with at least one right claim.
    pub queries: usize,
    /// Queries left out because nobody said what is right.
    pub unjudged: usize,
    /// Mean average precision at [`DEPTH`].
    pub map: Interval,
    /// Mean reciprocal rank.
    pub mrr: Interval,
    /// The share of first claims that are right.
    pub first: Interval,
    /// Mean recall.
    pub recall: Interval,
    each: Vec<Figures>,
}

/// The figures of one ranking.
pub fn figures(ranked: &[String], right: &[String]) -> Figures {
    let hits = |upto: usize| ranked.iter().take(upto).filter(|one| right.contains(one)).count();
    let mut precision = 0.0;
    for (at, claim) in ranked.iter().take(DEPTH).enumerate() {
        if right.contains(claim) {
            precision += resample::share(hits(at + 1), at + 1);
        }
    }
    let first = ranked.iter().position(|one| right.contains(one));
    Figures {
        // More right claims than places cannot all be found, so the places are the whole then.
        average_precision: precision * resample::share(1, right.len().min(DEPTH)),
        reciprocal_rank: first.map_or(0.0, |at| resample::share(1, at + 1)),
        first: if first == Some(0) { 1.0 } else { 0.0 },
        recall: resample::share(hits(ranked.len()), right.len()),
    }
}

/// The figures of all queries that have a right claim.
pub fn measure(ranked: &[Ranked], qrels: &Qrels) -> Measured {
    let each: Vec<Figures> = ranked
        .iter()
        .filter_map(|one| qrels.get(&one.query).map(|right| figures(&one.claims, right)))
        .collect();
    let over = |figure: fn(&Figures) -> f64| {
        resample::interval(&each.iter().map(figure).collect::<Vec<f64>>())
    };
    Measured {
        queries: each.len(),
        unjudged: ranked.len() - each.len(),
        map: over(|one| one.average_precision),
        mrr: over(|one| one.reciprocal_rank),
        first: over(|one| one.first),
        recall: over(|one| one.recall),
        each,
    }
}

/// How mean average precision and the share of right first claims differ between two runs over the same queries.
pub fn compare(ours: &Measured, theirs: &Measured) -> (Difference, Difference) {
    let over = |figure: fn(&Figures) -> f64| {
        let of = |measured: &Measured| measured.each.iter().map(figure).collect::<Vec<f64>>();
        resample::paired(&of(ours), &of(theirs))
    };
    (over(|one| one.average_precision), over(|one| one.first))
}

#[cfg(test)]
mod tests {
    use super::{Ranked, compare, figures, measure};
    use crate::eval::rows::Qrels;

    fn names(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn one_query_is_measured_as_the_books_say() {
        for (ranked, right, precision, reciprocal, first, recall) in [
            ("a b c", "a", 1.0, 1.0, 1.0, 1.0),
            ("b a c", "a", 0.5, 0.5, 0.0, 1.0),
            ("b c d e f a", "a", 0.0, 1.0 / 6.0, 0.0, 1.0),
            ("a b c", "a c", 5.0 / 6.0, 1.0, 1.0, 1.0),
            ("a b", "a c", 0.5, 1.0, 1.0, 0.5),
            ("", "a", 0.0, 0.0, 0.0, 0.0),
        ] {
            let got = figures(&names(ranked), &names(right));
            let expected = [precision, reciprocal, first, recall];
            let figures = [got.average_precision, got.reciprocal_rank, got.first, got.recall];
            for (a, b) in figures.iter().zip(expected) {
                assert!((a - b).abs() < 1e-9, "{ranked} / {right}: {figures:?}");
            }
        }
    }

    #[test]
    fn queries_without_a_right_claim_are_left_out_and_counted() {
        let ranked =
            |query: &str, claims: &str| Ranked { query: query.to_owned(), claims: names(claims) };
        let runs = [ranked("q", "a b"), ranked("r", "b a"), ranked("s", "a")];
        let qrels = Qrels::from([("q".to_owned(), names("a")), ("r".to_owned(), names("a"))]);
        let measured = measure(&runs, &qrels);
        assert_eq!((measured.queries, measured.unjudged), (2, 1));
        assert!((measured.map.mean - 0.75).abs() < 1e-9);
        let (map, _) = compare(&measured, &measured);
        assert!(map.change.mean.abs() < 1e-9);
    }
}
