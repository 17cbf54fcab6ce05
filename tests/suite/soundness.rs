//! What holds of every message, whatever it says: folded, read, matched and decided about. Makes no messages; the suite's own tests and the fuzz targets of `tests/fuzz` do.

use std::ops::Range;

use footnote::matching::Matcher;
use footnote::matching::effort::{self, Effort};
use footnote::model::catalog::Catalog;
use footnote::policy::cooldown::History;
use footnote::policy::decide::{CONSIDERED, Considered, Verb, decide};
use footnote::policy::place::{
    AuthorKind, ChannelId, GuildId, MemberKey, MessageId, Moment, Situation, UserId,
};
use footnote::policy::reason::Reason;
use footnote::policy::settings::{Mode, Settings};
use footnote::text::fold::fold;
use footnote::text::markdown::{Glyph, strip};
use footnote::text::{TOKENS, Text, read};

/// The longest message that Discord lets anybody send, in characters.
pub const LONGEST: usize = 4_000;

/// What people and their keyboards put between letters, and what parsers trip over.
pub const ODD: [&str; 47] = [
    " ",
    "\n",
    "||",
    "**",
    "`",
    "```",
    "> ",
    ">>> ",
    "[",
    "](https://a.b)",
    "<@1>",
    "\u{200b}",
    "\u{301}",
    "ⅷ",
    "ﬁ",
    "İ",
    "ß",
    "а",
    "💀",
    "👩\u{200d}👩",
    "\"",
    "”",
    "1,0",
    "5OO.OOO",
    "half a million",
    "\u{202e}",
    "\\",
    "❌",
    ";",
    "?!",
    "...",
    "= ",
    "<https://a.b/c>",
    ":sob:",
    "$talin",
    "ﷺ",
    "½",
    "\u{fe58}",
    "ŉ",
    "#StopTheSteal",
    "j o i n",
    "U.S.S.R.",
    "'s",
    "4xis",
    "-# ",
    "__",
    "999999999999k",
];

/// The phrasings and near misses of the published claims.
pub fn seeds(catalog: &Catalog) -> Vec<String> {
    let mut seeds: Vec<String> = Vec::new();
    for claim in catalog.published() {
        seeds.extend(claim.phrasings.iter().map(|phrasing| phrasing.text.clone()));
        seeds.extend(claim.counter_phrasings.iter().map(|phrasing| phrasing.text.clone()));
        seeds.extend(claim.near_misses.iter().cloned());
    }
    seeds
}

/// Folding twice is folding once, of characters as typed and as read, and each keeps a place in the text.
pub fn folds(typed: &str) {
    let plain = typed.char_indices().map(|(start, c)| Glyph {
        c,
        start,
        end: start + c.len_utf8(),
        quoted: false,
        capital: c.is_uppercase(),
    });
    for glyphs in [plain.collect(), strip(typed)] {
        let folded = fold(&glyphs);
        assert_eq!(characters(&fold(&folded)), characters(&folded), "{typed:?} folded twice");
        let mut before = 0;
        for glyph in &folded {
            is_in(typed, &(glyph.start..glyph.end));
            assert!(before <= glyph.start, "{glyph:?} stands before {before} in {typed:?}");
            before = glyph.start;
        }
    }
}

fn characters(glyphs: &[Glyph]) -> String {
    glyphs.iter().map(|glyph| glyph.c).collect()
}

/// A span is not empty, stands in the text, and cuts no character.
fn is_in(typed: &str, span: &Range<usize>) {
    let whole = typed.get(span.clone()).is_some_and(|typed| !typed.is_empty());
    assert!(whole, "{span:?} is no part of {typed:?}");
}

/// Tokens stand in the text, in its order; segments part them without a gap; reading again reads the same.
pub fn reads(typed: &str) -> Text {
    let text = read(typed);
    let mut before = 0..0;
    for token in &text.tokens {
        is_in(typed, &token.span);
        let in_order = before.start <= token.span.start && before.end <= token.span.end;
        assert!(in_order, "{token:?} stands before {before:?} in {typed:?}");
        assert!(!token.text.is_empty() && !token.stem.is_empty(), "{token:?} in {typed:?}");
        before = token.span.clone();
    }
    let mut covered = 0;
    for segment in &text.segments {
        assert_eq!(segment.tokens.start, covered, "a gap between segments of {typed:?}");
        assert!(segment.tokens.end > covered, "an empty segment in {typed:?}");
        covered = segment.tokens.end;
    }
    assert!(covered <= TOKENS, "{covered} tokens in {typed:?}");
    assert_eq!(covered, text.tokens.len(), "tokens behind the last segment of {typed:?}");
    text
}

/// A catalog with its matcher.
#[derive(Debug)]
pub struct Claims {
    catalog: Catalog,
    matcher: Matcher,
}

impl Claims {
    /// Builds the matcher.
    pub fn new(catalog: Catalog) -> Self {
        let matcher = Matcher::build(&catalog);
        Self { catalog, matcher }
    }

    /// Whatever is found stands in the text from one token to another, the likeliest first and each claim once, and so
    /// does whatever explains it; the decision is about one of these. Says how many were found.
    pub fn match_soundly(&self, typed: &str) -> usize {
        let text = reads(typed);
        let (candidates, effort) = self.matcher.find_counted(&text, CONSIDERED);
        is_bounded(&effort, typed);
        assert!(candidates.len() <= CONSIDERED);
        for pair in candidates.windows(2) {
            let [first, second] = pair else { continue };
            assert!(first.score >= second.score, "the likelier stands behind, for {typed:?}");
        }
        for (at, one) in candidates.iter().enumerate() {
            is_in(typed, &one.span);
            let begins = text.tokens.iter().any(|token| token.span.start == one.span.start);
            let ends = text.tokens.iter().any(|token| token.span.end == one.span.end);
            assert!(begins && ends, "{:?} cuts a word of {typed:?}", one.span);
            let again = candidates.iter().take(at).any(|other| other.claim == one.claim);
            assert!(!again, "{} is named twice for {typed:?}", one.claim);
            let cues = one.explanation.cues.iter().chain(&one.explanation.against);
            let of_cues = cues.filter_map(|cue| cue.span.as_ref());
            for span in one.explanation.pairs.iter().map(|pair| &pair.message).chain(of_cues) {
                is_in(typed, span);
            }
        }
        let considered: Vec<Considered<'_>> = candidates
            .iter()
            .filter_map(|candidate| {
                let claim = self.catalog.claim(candidate.claim.as_str())?;
                Some(Considered { candidate, claim })
            })
            .collect();
        assert_eq!(
            considered.len(),
            candidates.len(),
            "a candidate without a claim, for {typed:?}"
        );
        let settings =
            Settings { mode: Mode::Reply, has_review_channel: true, ..Settings::default() };
        let decision = decide(&considered, &somewhere(), &settings, &History::default(), Moment(0));
        let named = decision.candidate.is_some_and(|at| at < candidates.len());
        assert_eq!(named, !candidates.is_empty(), "{decision:?} for {typed:?}");
        let speaks = decision.verb != Verb::Silent;
        assert_eq!(speaks, decision.reason == Reason::Asserted, "{decision:?} for {typed:?}");
        candidates.len()
    }
}

/// No phrasing or near miss of the shipped claims has more terms.
const LONGEST_PATTERN: usize = 128;

/// No message takes more steps than `matching::effort` states.
fn is_bounded(effort: &Effort, typed: &str) {
    let counts = [
        (effort.spelled, effort::SPELLED),
        (effort.compared, effort::COMPARED),
        (effort.sightings, effort::SIGHTINGS),
        (effort.patterns, effort::LAID),
        (effort.windows, effort::WINDOWS),
        (effort.pairs, effort::PAIRS + LONGEST_PATTERN * effort::RELEVANT),
        (effort.expected, effort::EXPECTED + LONGEST_PATTERN * effort::RELEVANT),
        (effort.readings, effort::READINGS),
    ];
    assert!(counts.iter().all(|(took, most)| took <= most), "{effort:?} for {typed:?}");
}

/// A member's message in a channel of which nothing is known.
fn somewhere() -> Situation {
    Situation {
        guild: Some(GuildId(1)),
        channel: ChannelId(1),
        message: MessageId(1),
        author: UserId(1),
        author_kind: AuthorKind::Member,
        member: MemberKey(1),
        roles: Vec::new(),
        opted_out: false,
        permitted: true,
        overloaded: false,
    }
}
