//! Rules about a claim as a whole: fairness, dates, and the claims it names. Knows neither its words nor its sources.

use crate::lint::{Context, finding};
use crate::model::catalog::Catalog;
use crate::model::claim::{Claim, ClaimAction};
use crate::model::code;
use crate::model::diagnostic::Diagnostic;
use crate::model::origin::Origin;

pub(super) fn check(
    claim: &Claim,
    origin: &Origin,
    catalog: &Catalog,
    context: &Context<'_>,
    out: &mut Vec<Diagnostic>,
) {
    one_sided(claim, origin, out);
    dates(claim, origin, context, out);
    for (id, at) in claim.related.iter().zip(&origin.related) {
        if catalog.claim(id.as_str()).is_none() && !context.unread.contains(id.as_str()) {
            out.push(
                finding(code::UNKNOWN_CLAIM, *at, format!("there is no claim `{id}`"))
                    .hint("an id is a claim file's name without `.md`"),
            );
        }
    }
}

/// Answering only those who assert one side of an open question takes the other side.
fn one_sided(claim: &Claim, origin: &Origin, out: &mut Vec<Diagnostic>) {
    if !claim.is_contested() || claim.answers_both_sides() || claim.action != ClaimAction::Reply {
        return;
    }
    let by_evidence = matches!(
        claim.evidence,
        crate::model::claim::Evidence::Contested | crate::model::claim::Evidence::Insufficient
    );
    let (name, word) = if by_evidence {
        ("evidence", claim.evidence.word())
    } else {
        ("verdict", claim.verdict.word())
    };
    out.push(
        finding(
            code::ONE_SIDED,
            origin.field("action"),
            format!("`action` is `reply` although `{name}` is `{word}`"),
        )
        .label(origin.field(name), "so both sides must get the same answer")
        .hint("write `counter_phrasings`, the opposite assertion, or make the action `suggest`"),
    );
}

fn dates(claim: &Claim, origin: &Origin, context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let mut order = |at, message: &str, earlier, hint: &str| {
        out.push(
            finding(code::DATE_ORDER, at, message)
                .label(origin.field(earlier), format!("`{earlier}`"))
                .hint(hint),
        );
    };
    if claim.reviewed < claim.published {
        order(
            origin.field("reviewed"),
            "`reviewed` lies before `published`",
            "published",
            "the first review is the day of publication",
        );
    }
    if claim.review_due.is_some_and(|due| due <= claim.reviewed) {
        order(
            origin.field("review_due"),
            "`review_due` does not lie after `reviewed`",
            "reviewed",
            "set the day of the next review",
        );
    }
    for (correction, at) in claim.corrections.iter().zip(&origin.corrections) {
        if correction.date < claim.published {
            order(
                *at,
                "the correction lies before `published`",
                "published",
                "what was never published needs no correction",
            );
        }
    }
    if let (Some(due), Some(today)) = (claim.review_due, context.today)
        && due < today
    {
        out.push(
            finding(
                code::REVIEW_DUE,
                origin.field("review_due"),
                format!("the review was due on {due}"),
            )
            .hint("look at the sources again, then set `reviewed` and `review_due`"),
        );
    }
}
