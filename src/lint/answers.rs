//! Asks the matcher about every phrasing and every near miss: the first must be answered, the second must not. Knows what was promised, not how it is found.

use std::collections::BTreeSet;

use crate::lint::phrasings::is_question;
use crate::lint::trial::{Outcome, Trial};
use crate::lint::{finding, located};
use crate::matching::Matcher;
use crate::model::body::plain_blocks;
use crate::model::catalog::Catalog;
use crate::model::claim::{Claim, ClaimId, Status};
use crate::model::code;
use crate::model::diagnostic::Diagnostic;
use crate::model::explanation::Assertion;
use crate::model::origin::{Origin, Origins};
use crate::model::phrasing::{Aliases, Phrasing, Piece, Variant};
use crate::model::span::Span;
use crate::policy::decide::Verb;
use crate::policy::reason::Reason;

/// So many sentences of one phrasing are tried: all its variants, and alias names up to this number.
const MAX_TRIES: usize = 128;

/// Checks the claims of one status. `catalog` and `matcher` treat them as published.
pub(super) fn check(
    catalog: &Catalog,
    matcher: &Matcher,
    origins: &Origins,
    takes_part: impl Fn(&Claim) -> bool,
    out: &mut Vec<Diagnostic>,
) {
    let trial = Trial::new(catalog, matcher);
    for (claim, origin) in located(catalog, origins) {
        if !takes_part(claim) {
            continue;
        }
        let sides = [
            (&claim.phrasings, &origin.phrasings),
            (&claim.counter_phrasings, &origin.counter_phrasings),
        ];
        for (phrasings, spans) in sides {
            for (phrasing, at) in phrasings.iter().zip(spans) {
                out.extend(promise(&trial, claim, phrasing, *at, catalog, origins));
            }
        }
        let mut silences: BTreeSet<Reason> = BTreeSet::new();
        for (words, at) in claim.near_misses.iter().zip(&origin.near_misses) {
            let outcome = trial.decide(words, 1);
            silences.insert(outcome.decision.reason);
            out.extend(near_miss(&trial, claim, &outcome, *at, origins));
        }
        out.extend(alike(&silences, origin));
        out.extend(repeats(&trial, claim, origin));
    }
}

/// Checks only what depends on the posted text, of published claims.
pub(super) fn check_texts(
    catalog: &Catalog,
    matcher: &Matcher,
    origins: &Origins,
    takes_part: impl Fn(&Claim) -> bool,
    out: &mut Vec<Diagnostic>,
) {
    let trial = Trial::new(catalog, matcher);
    for (claim, origin) in located(catalog, origins) {
        if takes_part(claim) {
            out.extend(repeats(&trial, claim, origin));
        }
    }
}

/// Checks the drafts as if they were published already: an author wants to know before, and not after.
pub(super) fn check_drafts(
    catalog: &Catalog,
    origins: &Origins,
    is_tried: &dyn Fn(&Claim) -> bool,
    out: &mut Vec<Diagnostic>,
) {
    let is_draft = |claim: &Claim| claim.status == Status::Draft;
    if !catalog.claims().iter().any(|claim| is_draft(claim) && is_tried(claim)) {
        return;
    }
    let drafts: BTreeSet<&ClaimId> =
        catalog.claims().iter().filter(|claim| is_draft(claim)).map(|claim| &claim.id).collect();
    let as_published = catalog.claims().iter().cloned().map(|mut claim| {
        if is_draft(&claim) {
            claim.status = Status::Published;
        }
        claim
    });
    let as_published = Catalog::new(as_published.collect(), catalog.aliases().clone());
    let matcher = Matcher::build(&as_published);
    let takes_part = |claim: &Claim| drafts.contains(&claim.id) && is_tried(claim);
    check(&as_published, &matcher, origins, takes_part, out);
}

/// The first sentence of a phrasing that is not answered for its own claim.
fn promise(
    trial: &Trial<'_>,
    claim: &Claim,
    phrasing: &Phrasing,
    at: Span,
    catalog: &Catalog,
    origins: &Origins,
) -> Option<Diagnostic> {
    let tried = sentences(phrasing, catalog.aliases());
    let mut faults = tried.iter().filter_map(|sentence| {
        broken_promise(trial, claim, sentence, &trial.decide(sentence, 1), at, origins)
    });
    let first = faults.next()?;
    let others = faults.count();
    Some(match others {
        0 => first,
        _ => first.remark(format!("and {others} more of its {} sentences", tried.len())),
    })
}

fn broken_promise(
    trial: &Trial<'_>,
    claim: &Claim,
    sentence: &str,
    outcome: &Outcome,
    at: Span,
    origins: &Origins,
) -> Option<Diagnostic> {
    let kept = matches!(outcome.decision.reason, Reason::Asserted | Reason::CommandOnly);
    let best = outcome.candidates.first();
    let chosen = outcome.chosen();
    if kept && chosen.is_some_and(|chosen| chosen.claim == claim.id) {
        return None;
    }
    // Where the two fit equally well neither is found; that is said further down.
    let found = match outcome.decision.reason {
        Reason::Ambiguous => None,
        _ if kept => chosen,
        _ => best,
    };
    let other = found.filter(|other| other.claim != claim.id);
    let own = outcome.candidates.iter().find(|candidate| candidate.claim == claim.id);
    let own_score = own.map_or(0, |own| own.score.thousandths());
    if let Some(other) = other.filter(|other| kept || other.score >= trial.threshold(claim)) {
        let mut found = finding(
            code::PHRASING_FINDS_ANOTHER,
            at,
            format!(
                "`{sentence}` finds `{}` with {}, its own claim with {own_score}",
                other.claim, other.score
            ),
        )
        .hint(
            "say what sets this claim apart, or make the sentence a near miss of the other claim",
        );
        if let Some(origin) = origins.claim(&other.claim) {
            found = found.label(origin.field("claim"), "this is what it finds");
        }
        return Some(found);
    }
    let Some(own) = own else {
        return Some(
            finding(code::PHRASING_UNANSWERED, at, format!("`{sentence}` finds nothing"))
                .hint("use the words that people use, and enough of them to stand alone"),
        );
    };
    let threshold = trial.threshold(claim);
    if own.score < threshold {
        return Some(
            finding(
                code::PHRASING_UNANSWERED,
                at,
                format!("`{sentence}` scores {own_score}, and {threshold} is needed"),
            )
            .hint("add the words that make it this claim and no other"),
        );
    }
    if own.assertion == Assertion::Asked && is_question(sentence) {
        // The rules about how phrasings are written have said so.
        return None;
    }
    if own.assertion != Assertion::Asserted {
        let cue = own.explanation.cues.first().map(|cue| format!(": {}", cue.what));
        return Some(
            finding(
                code::PHRASING_NOT_ASSERTED,
                at,
                format!(
                    "`{sentence}` is read as {}{}",
                    own.assertion.word(),
                    cue.unwrap_or_default()
                ),
            )
            .hint("a phrasing asserts the claim; make this one a near miss, or reword it"),
        );
    }
    let rival = outcome.candidates.iter().find(|candidate| candidate.claim != claim.id);
    let mut found = finding(
        code::PHRASING_FINDS_ANOTHER,
        at,
        match rival {
            Some(rival) => format!("`{sentence}` fits `{}` as well as its own claim", rival.claim),
            None => format!("`{sentence}` is silent: {}", outcome.decision.reason.word()),
        },
    )
    .hint("say what sets the two apart, or name each in the other's `related`");
    if let Some(origin) = rival.and_then(|rival| origins.claim(&rival.claim)) {
        found = found.label(origin.field("claim"), "the other claim");
    }
    Some(found)
}

/// A near miss that would be answered, by whatever claim.
fn near_miss(
    trial: &Trial<'_>,
    claim: &Claim,
    outcome: &Outcome,
    at: Span,
    origins: &Origins,
) -> Option<Diagnostic> {
    let chosen = outcome.chosen()?;
    let own_command = outcome.decision.reason == Reason::CommandOnly && chosen.claim == claim.id;
    if outcome.decision.verb == Verb::Silent && !own_command {
        return None;
    }
    let mut found = finding(
        code::NEAR_MISS_FIRES,
        at,
        format!("the near miss is answered by `{}` with {}", chosen.claim, chosen.score),
    )
    .hint("narrow the phrasing, or raise the claim's `threshold`");
    let origin = origins.claim(&chosen.claim);
    let fired = trial.phrasing(chosen).zip(origin).and_then(|((counter, number), origin)| {
        let spans = if counter { &origin.counter_phrasings } else { &origin.phrasings };
        spans.get(number).copied()
    });
    if let Some(fired) = fired {
        found = found.label(fired, "by this phrasing");
    }
    Some(found)
}

/// So many different reasons keep a claim's near misses unanswered, at the least.
const LEAST_REASONS: usize = 3;

/// Near misses of one kind try one way of going wrong.
fn alike(silences: &BTreeSet<Reason>, origin: &Origin) -> Option<Diagnostic> {
    if silences.is_empty() || silences.len() >= LEAST_REASONS {
        return None;
    }
    Some(
        finding(
            code::NEAR_MISSES_ALIKE,
            origin.field("near_misses"),
            format!("the near misses stay silent for fewer than {LEAST_REASONS} different reasons"),
        )
        .hint("write a denial, a question, a quotation, a neighbouring fact"),
    )
}

/// A wrong claim is named once at the most where it is answered.
fn repeats(trial: &Trial<'_>, claim: &Claim, origin: &Origin) -> Option<Diagnostic> {
    if claim.is_contested() || !claim.language.starts_with("en") {
        return None;
    }
    let short = plain_blocks(&claim.response.short);
    let says = |sentence: &&str| {
        let outcome = trial.decide(sentence, 1);
        outcome.candidates.iter().any(|found| {
            found.claim == claim.id
                && found.assertion == Assertion::Asserted
                && found.score >= trial.threshold(claim)
        })
    };
    let said = short.split_inclusive(". ").filter(says).count();
    (said > 1).then(|| {
        finding(
            code::SHORT_REPEATS_CLAIM,
            origin.short,
            format!("what is posted says the claim in {said} sentences"),
        )
        .hint("say what is so instead, and name the claim once at the most")
    })
}

/// The sentences that a phrasing stands for: every variant once, with a different name in its slots
/// each time, then the names that had no turn.
fn sentences(phrasing: &Phrasing, aliases: &Aliases) -> Vec<String> {
    let mut sentences = Vec::new();
    let mut named: BTreeSet<(&str, usize)> = BTreeSet::new();
    let size = |group: &str| aliases.names(group).map_or(0, <[String]>::len);
    let say = |variant: &Variant, turn: usize| variant.sentence(aliases, turn);
    for (turn, variant) in phrasing.variants.iter().enumerate() {
        sentences.push(say(variant, turn));
        for group in groups(variant) {
            named.insert((group, turn.checked_rem(size(group)).unwrap_or(0)));
        }
    }
    for group in phrasing.groups() {
        let Some(variant) = phrasing.variants.iter().find(|v| groups(v).any(|g| g == group)) else {
            continue;
        };
        for turn in 0..size(group) {
            if sentences.len() < MAX_TRIES && named.insert((group, turn)) {
                sentences.push(say(variant, turn));
            }
        }
    }
    sentences
}

fn groups(variant: &Variant) -> impl Iterator<Item = &str> {
    variant.pieces.iter().filter_map(|piece| match piece {
        Piece::Alias(group) => Some(group.as_str()),
        Piece::Words(_) => None,
    })
}

#[cfg(test)]
mod tests {
    use super::sentences;
    use crate::model::phrasing::{Aliases, Phrasing};

    #[test]
    fn every_variant_and_every_name_has_its_turn() {
        let mut aliases = Aliases::default();
        aliases.add("river", ["elbe", "rhine", "oder"].map(str::to_owned).to_vec());
        for (text, expected) in [
            ("plain words", vec!["plain words"]),
            ("the {river} froze", vec!["the elbe froze", "the rhine froze", "the oder froze"]),
            (
                "the {river} [froze|dried up]",
                vec!["the elbe froze", "the rhine dried up", "the oder froze"],
            ),
            (
                "[the {river}|it] froze",
                vec!["the elbe froze", "it froze", "the rhine froze", "the oder froze"],
            ),
        ] {
            let phrasing = Phrasing::parse(text).unwrap();
            assert_eq!(sentences(&phrasing, &aliases), expected, "{text}");
        }
    }
}
