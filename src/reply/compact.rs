//! The reply that is posted: one message, small enough to be read in passing. Knows neither who asked nor where it goes.
//!
//! It is one content and no embed: members can switch embeds off and would see an empty message,
//! and where a bot lacks the permission Embed Links Discord drops them without a word. What must be
//! read may not depend on either.

use crate::model::body;
use crate::model::claim::Claim;
use crate::reply::cite::{self, Extent};
use crate::reply::cut;
use crate::reply::limits;
use crate::reply::render::{self, Line, Numbers};
use crate::reply::words;
use crate::reply::{Button, ButtonKind, Reply};

/// The most characters, markup included, of one line of small print about a source: two of them and
/// the verdict leave the Short more than twice the room it needs.
const SOURCE_LINE: usize = 500;

/// The numbers of a claim's sources: in the order in which its texts cite them, so that the Short begins with 1.
pub fn numbers(claim: &Claim) -> Numbers {
    let response = &claim.response;
    let mut cited = Vec::new();
    for blocks in [&response.short, &response.details, &response.disputed] {
        cited.extend(body::citations(blocks));
    }
    Numbers::new(&cited, claim.sources.len())
}

/// How many characters a reader sees of the Short before anything is cut.
pub fn short_length(claim: &Claim) -> usize {
    render::visible_length(&render::lines(&claim.response.short), &numbers(claim))
}

/// The reply to a claim.
pub fn compact(claim: &Claim) -> Reply {
    let numbers = numbers(claim);
    let verdict = verdict_line(claim, &numbers);
    let sources = source_lines(claim, &numbers);
    let around = limits::length(&verdict) + 1 + limits::length(&sources) + 1;
    let room = limits::CONTENT.saturating_sub(around);
    let short = cut::cut_lines(&render::lines(&claim.response.short), &numbers, |lines| {
        render::visible_length(lines, &numbers) <= limits::SHORT
            && limits::length(&render::all(lines, &numbers, false)) <= room
    });
    let short = render::all(&short, &numbers, false);
    let parts = [verdict, short, sources];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    Reply {
        claim: claim.id.clone(),
        revision: claim.revision.clone(),
        content: parts.join("\n"),
        buttons: buttons(),
    }
}

/// The buttons under every reply.
pub fn buttons() -> Vec<Button> {
    ButtonKind::ALL.into_iter().map(|kind| Button { kind, label: words::button(kind) }).collect()
}

fn verdict_line(claim: &Claim, numbers: &Numbers) -> String {
    let verdict = render::line(&Line::bold(words::verdict(claim.verdict)), numbers);
    match words::standing(claim) {
        Some(standing) => format!("{verdict} · {standing}"),
        None => verdict,
    }
}

/// The sources that the Short cites, or else the first ones, in small print.
fn source_lines(claim: &Claim, numbers: &Numbers) -> String {
    let cited = body::citations(&claim.response.short);
    let shown = if cited.is_empty() { numbers.order().to_vec() } else { cited };
    let lines: Vec<String> = shown
        .into_iter()
        .filter_map(|index| claim.sources.get(index).map(|source| (index, source)))
        .take(limits::SHORT_SOURCES)
        .map(|(index, source)| {
            let fits = |runs: &[body::Inline]| {
                let line = render::line(&Line::small(runs.to_vec()), numbers);
                limits::length(&line) <= SOURCE_LINE
            };
            let linked = cite::source(index, source, Extent::Brief, true);
            let runs = if fits(&linked) {
                linked
            } else {
                let plain = cite::source(index, source, Extent::Brief, false);
                cut::cut(&plain, numbers, fits)
            };
            render::line(&Line::small(runs), numbers)
        })
        .collect();
    lines.join("\n")
}
