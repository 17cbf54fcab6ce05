//! Rules about how much is posted. Knows the limits of `reply`, not how it renders.

use crate::lint::finding;
use crate::model::body::{citations, plain_blocks};
use crate::model::claim::{Claim, ClaimAction};
use crate::model::code;
use crate::model::diagnostic::Diagnostic;
use crate::model::origin::Origin;
use crate::reply::compact::short_length;
use crate::reply::limits::{SHORT, SHORT_SOURCES};

pub(super) fn check(claim: &Claim, origin: &Origin, out: &mut Vec<Diagnostic>) {
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
