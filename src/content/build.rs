//! Reads a claim out of a tree of TOML. Reports only what the table of fields cannot see: phrasings, slots, names of sources.

use std::time::Duration;

use crate::content::suggest::nearest;
use crate::content::tree::View;
use crate::model::body::Response;
use crate::model::claim::{
    Attributed, Claim, ClaimAction, ClaimId, Correction, Evidence, LONGEST_COOLDOWN, Revision,
    Status, Verdict,
};
use crate::model::code;
use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::origin::SourceOrigin;
use crate::model::phrasing::{Aliases, MAX_VARIANTS, Phrasing, PhrasingError};
use crate::model::score::Score;
use crate::model::source::{Checked, Quote, Source, SourceKind};
use crate::model::span::Span;

/// The language of a file that does not say.
const DEFAULT_LANGUAGE: &str = "en";

/// What a claim has that its fields do not say.
#[derive(Debug)]
pub(super) struct Given {
    pub(super) id: Option<ClaimId>,
    pub(super) pack: String,
    pub(super) revision: Revision,
    pub(super) response: Response,
    pub(super) sources: Sources,
}

/// The sources of a file.
#[derive(Debug, Default)]
pub(super) struct Sources {
    /// Those that could be read. Where one could not, the claim is not used and no index counts.
    pub(super) read: Vec<Source>,
    /// The keys of all, so that a source without its title is not called unknown as well.
    pub(super) keys: Vec<String>,
    /// Where all of them stand.
    pub(super) origins: Vec<SourceOrigin>,
}

/// What was read of a claim, and where the parts stand that could be.
#[derive(Debug, Default)]
pub(super) struct Places {
    pub(super) phrasings: Vec<Span>,
    pub(super) counter_phrasings: Vec<Span>,
    pub(super) related: Vec<Span>,
    pub(super) corrections: Vec<Span>,
}

/// The claim, where all its required fields could be read. What is wrong inside a list is left out of it.
pub(super) fn claim(
    view: &View<'_>,
    given: Given,
    aliases: &Aliases,
    places: &mut Places,
    out: &mut Vec<Diagnostic>,
) -> Option<Claim> {
    // All fields are read before the first `?`: none may keep another from being checked.
    let (phrasings, at) = phrasings(view, "phrasings", aliases, out);
    places.phrasings = at;
    let (counter_phrasings, at) = self::phrasings(view, "counter_phrasings", aliases, out);
    places.counter_phrasings = at;
    let claimant = attributed(view, "claimant", &given.sources.keys, out);
    let first_appearance = attributed(view, "first_appearance", &given.sources.keys, out);
    let (related, at) = related(view, given.id.as_ref(), out);
    places.related = at;
    let (corrections, at) = corrections(view);
    places.corrections = at;
    if given.sources.read.len() < given.sources.keys.len() {
        // The text's footnotes would mean other sources than the author's.
        return None;
    }
    Some(Claim {
        id: given.id?,
        pack: given.pack,
        revision: given.revision,
        claim: view.text("claim")?,
        verdict: view.word("verdict", &Verdict::ALL, Verdict::word)?,
        evidence: view.word("evidence", &Evidence::ALL, Evidence::word)?,
        reason: view.text("reason")?,
        action: view.word("action", &ClaimAction::ALL, ClaimAction::word)?,
        status: view.word("status", &Status::ALL, Status::word).unwrap_or(Status::Published),
        topics: texts(view, "topics"),
        phrasings,
        counter_phrasings,
        near_misses: texts(view, "near_misses"),
        threshold: view.number("threshold").and_then(Score::new),
        cooldown: view.text("cooldown").as_deref().and_then(time),
        language: view.text("language").unwrap_or_else(|| DEFAULT_LANGUAGE.to_owned()),
        period: view.text("period"),
        side: view.text("side"),
        claimant,
        first_appearance,
        published: view.date("published")?,
        reviewed: view.date("reviewed")?,
        review_due: view.date("review_due"),
        corrections,
        related,
        sources: given.sources.read,
        response: given.response,
    })
}

/// The sources with the places where they stand. What one of them lacks was reported by the table of fields.
pub(super) fn sources(view: &View<'_>, out: &mut Vec<Diagnostic>) -> Sources {
    let mut sources = Sources::default();
    for (view, head) in view.tables("source") {
        let quotes = view
            .tables("quote")
            .into_iter()
            .map(|(quote, head)| quote.span("text").unwrap_or(head))
            .collect();
        let origin = SourceOrigin { head, fields: view.spans(), quotes };
        let key = view.text("key").unwrap_or_default();
        let at = origin.field("key");
        if !key.is_empty() && ClaimId::new(&key).is_none() {
            out.push(
                Diagnostic::error(code::BAD_VALUE, at, format!("`{key}` is no key")).hint(
                    "a key has small letters, digits and single `-` between them, 40 at most",
                ),
            );
        }
        let first = sources.keys.iter().position(|other| !key.is_empty() && *other == key);
        if let Some(first) = first.and_then(|first| sources.origins.get(first)) {
            let message = format!("two sources have the key `{key}`");
            out.push(
                Diagnostic::error(code::DUPLICATE_SOURCE, at, message)
                    .label(first.field("key"), "the first")
                    .hint("give each source a key of its own"),
            );
        }
        sources.read.extend(source(&view));
        sources.keys.push(key);
        sources.origins.push(origin);
    }
    sources
}

fn source(view: &View<'_>) -> Option<Source> {
    let quotes = view.tables("quote").into_iter().filter_map(|(view, _)| {
        Some(Quote {
            text: view.text("text")?,
            checked: view.word("checked", &Checked::ALL, Checked::word)?,
            language: view.text("language"),
            translation: view.text("translation"),
            translated_by: view.text("translated_by"),
        })
    });
    Some(Source {
        key: view.text("key")?,
        kind: view.word("kind", &SourceKind::ALL, SourceKind::word)?,
        author: view.text("author"),
        title: view.text("title")?,
        container: view.text("container"),
        date: view.text("date"),
        locator: view.text("locator"),
        url: view.text("url"),
        read_at: view.text("read_at"),
        archive: view.text("archive"),
        doi: view.text("doi"),
        isbn: view.text("isbn"),
        accessed: view.date("accessed"),
        link_reason: view.text("link_reason"),
        checked_by: view.text("checked_by"),
        quotes: quotes.collect(),
    })
}

fn texts(view: &View<'_>, name: &str) -> Vec<String> {
    view.texts(name).into_iter().map(|(text, _)| text).collect()
}

fn phrasings(
    view: &View<'_>,
    name: &str,
    aliases: &Aliases,
    out: &mut Vec<Diagnostic>,
) -> (Vec<Phrasing>, Vec<Span>) {
    let mut read = (Vec::new(), Vec::new());
    for (text, at) in view.texts(name) {
        match Phrasing::parse(&text) {
            Ok(phrasing) => {
                let unknown: Vec<_> = phrasing
                    .groups()
                    .into_iter()
                    .filter(|group| aliases.names(group).is_none())
                    .map(|group| unknown_group(group, aliases, at))
                    .collect();
                if unknown.is_empty() {
                    read.0.push(phrasing);
                    read.1.push(at);
                }
                out.extend(unknown);
            }
            Err(error) => out.push(unread(&text, &error, at)),
        }
    }
    read
}

fn unknown_group(group: &str, aliases: &Aliases, at: Span) -> Diagnostic {
    let found =
        Diagnostic::error(code::UNKNOWN_ALIAS, at, format!("unknown alias group `{group}`"));
    match nearest(group, aliases.iter().map(|(known, _)| known)) {
        Some(known) => found.hint(format!("did you mean `{{{known}}}`?")),
        None => found.hint(format!("add `{group} = [\"…\"]` to aliases.toml")),
    }
}

fn unread(text: &str, error: &PhrasingError, at: Span) -> Diagnostic {
    let (code, hint) = match error {
        PhrasingError::TooMany(_) => {
            (code::TOO_MANY_VARIANTS, format!("split it: at most {MAX_VARIANTS} variants are checked one by one"))
        }
        PhrasingError::Unbalanced(_) | PhrasingError::Nested(_) | PhrasingError::Empty(_) => (
            code::BAD_PHRASING,
            "`[a|b]` is a choice, `{name}` a group of aliases.toml; neither stands inside a choice of choices"
                .to_owned(),
        ),
    };
    let found = Diagnostic::error(code, at, format!("the phrasing has {error}"));
    match error {
        PhrasingError::Unbalanced(part)
        | PhrasingError::Nested(part)
        | PhrasingError::Empty(part) => {
            let part = text.get(part.clone()).unwrap_or("");
            found.remark(format!("at `{part}`")).hint(hint)
        }
        PhrasingError::TooMany(_) => found.hint(hint),
    }
}

fn attributed(
    view: &View<'_>,
    name: &str,
    keys: &[String],
    out: &mut Vec<Diagnostic>,
) -> Option<Attributed> {
    let inner = view.inner(name)?;
    let key = inner.text("source")?;
    let Some(source) = keys.iter().position(|known| *known == key) else {
        let at = inner.span("source")?;
        out.push(no_source(code::UNKNOWN_SOURCE, at, &key, keys));
        return None;
    };
    Some(Attributed { text: inner.text("text")?, source })
}

/// A key that no source has.
pub(super) fn no_source(code: Code, at: Span, key: &str, keys: &[String]) -> Diagnostic {
    let keys: Vec<&str> = keys.iter().map(String::as_str).filter(|key| !key.is_empty()).collect();
    let found = Diagnostic::error(code, at, format!("no source has the key `{key}`"));
    if let Some(near) = nearest(key, keys.iter().copied()) {
        found.hint(format!("did you mean `{near}`?"))
    } else if keys.is_empty() {
        found.hint("write a `[[source]]` with this key")
    } else {
        let all = keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
        found.hint(format!("the keys are {all}"))
    }
}

fn related(
    view: &View<'_>,
    own: Option<&ClaimId>,
    out: &mut Vec<Diagnostic>,
) -> (Vec<ClaimId>, Vec<Span>) {
    let mut related = (Vec::new(), Vec::new());
    for (text, at) in view.texts("related") {
        match ClaimId::new(&text) {
            Some(id) if Some(&id) == own => out.push(
                Diagnostic::error(code::UNKNOWN_CLAIM, at, "the claim is related to itself")
                    .hint("leave it out"),
            ),
            Some(id) => {
                related.0.push(id);
                related.1.push(at);
            }
            None => out.push(
                Diagnostic::error(code::UNKNOWN_CLAIM, at, format!("`{text}` is no claim's id"))
                    .hint("an id is a claim file's name without `.md`"),
            ),
        }
    }
    related
}

fn corrections(view: &View<'_>) -> (Vec<Correction>, Vec<Span>) {
    let read = view.tables("correction").into_iter().filter_map(|(view, head)| {
        let (date, what) = (view.date("date")?, view.text("what")?);
        let correction = Correction { date, what, why: view.text("why") };
        Some((correction, view.span("date").unwrap_or(head)))
    });
    read.unzip()
}

/// A span of time: a whole number above zero with `s`, `m`, `h` or `d`, not longer than answers are
/// remembered.
pub(super) fn time(text: &str) -> Option<Duration> {
    let unit = text.chars().last()?;
    let seconds: u64 = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 24 * 3600,
        _ => return None,
    };
    let digits = text.strip_suffix(unit)?;
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let count: u64 = digits.parse().ok()?;
    let span = Duration::from_secs(count.checked_mul(seconds)?);
    (count > 0 && span <= LONGEST_COOLDOWN).then_some(span)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::time;

    #[test]
    fn spans_of_time() {
        for (text, seconds) in [
            ("45s", Some(45)),
            ("90m", Some(5400)),
            ("12h", Some(43_200)),
            ("2d", Some(172_800)),
            ("0h", None),
            ("12", None),
            ("h", None),
            ("+1h", None),
            ("1.5h", None),
            ("30d", Some(2_592_000)),
            ("31d", None),
            ("12 h", None),
            ("99999999999999999999d", None),
            ("", None),
            ("1ö", None),
        ] {
            assert_eq!(time(text), seconds.map(Duration::from_secs), "{text}");
        }
    }
}
