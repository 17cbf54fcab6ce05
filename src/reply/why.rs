//! The explanation of a decision in words, for people who ask why. Knows neither weights nor where it is shown: it is plain text, one fact a line.

use std::ops::Range;

use crate::model::explanation::{Candidate, Cue, Met};
use crate::policy::decide::Decision;
use crate::reply::cut;
use crate::reply::words;

/// The most characters of anything quoted in one line.
const QUOTED: usize = 120;

/// The most pairs, missing words or cues named of each kind; an explanation that nobody reads explains nothing.
const NAMED: usize = 12;

/// Why `decision` was made about the message `original`, whose candidates were `candidates`, best first.
pub fn why(decision: &Decision, candidates: &[Candidate], original: &str) -> String {
    let mut lines =
        vec![format!("{}: {}", words::verb(decision.verb), words::reason(decision.reason))];
    let decided = decision.candidate.or_else(|| (!candidates.is_empty()).then_some(0));
    let Some((at, candidate)) = decided.and_then(|at| Some((at, candidates.get(at)?))) else {
        return lines.concat();
    };
    about(candidate, original, &mut lines);
    let others = candidates.iter().enumerate().filter(|(other, _)| *other != at);
    let others: Vec<String> = others
        .take(NAMED)
        .map(|(_, other)| format!("{} ({}, {})", other.claim, other.score, other.assertion.word()))
        .collect();
    if !others.is_empty() {
        lines.push(format!("Also considered: {}", others.join(", ")));
    }
    lines.join("\n")
}

pub(super) fn about(candidate: &Candidate, original: &str, lines: &mut Vec<String>) {
    let counter = if candidate.counter { " (the opposite assertion)" } else { "" };
    lines.push(format!(
        "Claim: {}, {} of 1000, {}",
        candidate.claim,
        candidate.score,
        words::score(candidate.score)
    ));
    lines.push(format!("Closest phrasing{counter}: {}", quoted(&candidate.phrasing)));
    if let Some(words) = written(original, &candidate.span) {
        lines.push(format!("Where: {words}"));
    }
    let explanation = &candidate.explanation;
    for pair in explanation.pairs.iter().take(NAMED) {
        let written = written(original, &pair.message).unwrap_or_else(|| quoted(&pair.phrasing));
        let share = f64::from(pair.weight) / 10.0;
        let line = match pair.met {
            Met::Exact => format!("  {written} is {} ({share:.0} %)", pair.met.word()),
            Met::Alias | Met::Stem | Met::Typo => format!(
                "  {written} met {}: {} ({share:.0} %)",
                quoted(&pair.phrasing),
                pair.met.word()
            ),
        };
        lines.push(line);
    }
    more(explanation.pairs.len(), lines);
    if !explanation.missing.is_empty() {
        let missing: Vec<String> =
            explanation.missing.iter().take(NAMED).map(|word| quoted(word)).collect();
        lines.push(format!("Not in the message: {}", missing.join(", ")));
    }
    if !explanation.against.is_empty() {
        lines.push("Against it:".to_owned());
        cues(&explanation.against, original, lines);
    }
    lines.push(format!("The message {}.", words::assertion(candidate.assertion)));
    cues(&explanation.cues, original, lines);
}

fn cues(cues: &[Cue], original: &str, lines: &mut Vec<String>) {
    for cue in cues.iter().take(NAMED) {
        let words = cue.span.as_ref().and_then(|span| written(original, span));
        let words = words.map(|words| format!(": {words}")).unwrap_or_default();
        lines.push(format!("  {}{words}", cut::clip(&cue.what, QUOTED)));
    }
    more(cues.len(), lines);
}

fn more(count: usize, lines: &mut Vec<String>) {
    if let Some(left) = count.checked_sub(NAMED).filter(|left| *left > 0) {
        lines.push(format!("  and {left} more"));
    }
}

/// The words of the message at `span`, quoted; none where it has no such place.
fn written(original: &str, span: &Range<usize>) -> Option<String> {
    original.get(span.clone()).filter(|words| !words.is_empty()).map(quoted)
}

fn quoted(words: &str) -> String {
    let one_line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("“{}”", cut::clip(&one_line, QUOTED))
}

#[cfg(test)]
mod tests {
    use super::why;
    use crate::model::claim::ClaimId;
    use crate::model::explanation::{Assertion, Candidate, Cue, Explanation, Met, Pair};
    use crate::model::score::Score;
    use crate::policy::decide::{Decision, Verb};
    use crate::policy::reason::Reason;

    fn candidate() -> Candidate {
        Candidate {
            claim: ClaimId::new("moon-cheese").unwrap(),
            score: Score::new(840).unwrap(),
            assertion: Assertion::Denied,
            counter: false,
            phrasing: "the moon is cheese".to_owned(),
            span: 3..19,
            explanation: Explanation {
                pairs: vec![
                    Pair {
                        phrasing: "moon".to_owned(),
                        message: 7..12,
                        met: Met::Typo,
                        weight: 400,
                    },
                    Pair {
                        phrasing: "cheese".to_owned(),
                        message: 20..26,
                        met: Met::Exact,
                        weight: 500,
                    },
                ],
                missing: vec!["green".to_owned()],
                against: vec![Cue { what: "a name is missing".to_owned(), span: None }],
                cues: vec![Cue { what: "a negation".to_owned(), span: Some(16..19) }],
            },
        }
    }

    #[test]
    fn every_fact_has_its_line() {
        let decision = Decision { verb: Verb::Silent, reason: Reason::Denied, candidate: Some(0) };
        let words = why(&decision, &[candidate()], "no the mooon is not cheese");
        assert_eq!(
            words,
            "Silent: The message speaks against the claim, so there is nothing to add.\n\
             Claim: moon-cheese, 840 of 1000, probably about it\n\
             Closest phrasing: “the moon is cheese”\n\
             Where: “the mooon is not”\n\
             \x20 “mooon” met “moon”: a misspelling of it (40 %)\n\
             \x20 “cheese” is the same word (50 %)\n\
             Not in the message: “green”\n\
             Against it:\n\
             \x20 a name is missing\n\
             The message denies it.\n\
             \x20 a negation: “not”"
        );
    }

    #[test]
    fn silence_without_a_candidate_is_one_sentence() {
        let words = why(&Decision::silent(Reason::NoCandidate), &[], "hello");
        assert_eq!(words, "Silent: Nothing in the message resembles a claim that footnote knows.");
    }
}
