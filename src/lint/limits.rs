//! Rules about how much is posted. Knows the limits of `reply`, not how it renders.

use crate::lint::finding;
use crate::model::body::{citations, plain_blocks};
use crate::model::claim::{Claim, ClaimAction};
use crate::model::code;
use crate::model::diagnostic::Diagnostic;
use crate::model::origin::Origin;
use crate::reply::cite::clipped;
use crate::reply::compact::short_length;
use crate::reply::limits::{SHORT, SHORT_SOURCES};

/// The claim heads every page, and stands in lists of search: two lines on a telephone.
const CLAIM: usize = 160;
/// The reason stands behind the verdict, in one sentence.
const REASON: usize = 150;
/// A section fits on one page of Discord's 2000 characters, with the claim above it and sources below.
const SECTION: usize = 1500;

pub(super) fn check(claim: &Claim, origin: &Origin, out: &mut Vec<Diagnostic>) {
    surfaces(claim, origin, out);
    let at = origin.short;
    let words = plain_blocks(&claim.response.short);
    if words.trim().is_empty() {
        out.push(
            finding(
                code::SHORT_MISSING,
                at,
                "nothing stands between the front matter and the first heading",
            )
            .hint("write one to three sentences, fact first: they are what is posted"),
        );
        return;
    }
    let length = short_length(claim);
    if length > SHORT {
        out.push(
            finding(
                code::SHORT_TOO_LONG,
                at,
                format!("what is posted has {length} characters, and {SHORT} are the most"),
            )
            .hint("move what is not the answer itself below `## Details`"),
        );
    }
    let cited = citations(&claim.response.short).len();
    if cited > SHORT_SOURCES {
        out.push(
            finding(
                code::SHORT_TOO_MANY_SOURCES,
                at,
                format!("what is posted cites {cited} sources, and {SHORT_SOURCES} are the most"),
            )
            .hint("cite the others below `## Details`"),
        );
    }
    // What moderators alone see may rest on the sections below.
    if cited == 0 && claim.action != ClaimAction::Alert {
        out.push(
            finding(code::SHORT_WITHOUT_SOURCE, at, "what is posted cites no source")
                .hint("end the sentence that a source carries with `[^key]`"),
        );
    }
}

/// What is shown elsewhere than in the posted text.
fn surfaces(claim: &Claim, origin: &Origin, out: &mut Vec<Diagnostic>) {
    let response = &claim.response;
    let parts = [
        ("`claim`", claim.claim.clone(), CLAIM, origin.field("claim")),
        ("`reason`", claim.reason.clone(), REASON, origin.field("reason")),
        ("`## Details`", plain_blocks(&response.details), SECTION, origin.text),
        ("`## What is disputed`", plain_blocks(&response.disputed), SECTION, origin.text),
    ];
    for (name, words, most, at) in parts {
        let length = words.chars().count();
        if length > most {
            let message = format!("{name} has {length} characters, and {most} are the most");
            out.push(
                finding(code::SURFACE_TOO_LONG, at, message).hint("say less, or say it shorter"),
            );
        }
    }
    // Only what is posted is clipped; the pages show sources whole.
    for index in citations(&response.short) {
        let (Some(source), Some(place)) = (claim.sources.get(index), origin.sources.get(index))
        else {
            continue;
        };
        if let Some((field, most)) = clipped(source) {
            let message =
                format!("the {field} of `{}` has more than {most} characters", source.key);
            out.push(
                finding(code::SURFACE_TOO_LONG, place.field(field), message)
                    .remark("it is cut off where it is posted")
                    .hint("shorten it: what it stands in is its `container`"),
            );
        }
    }
}
