//! Mutated messages through reading and matching: nothing panics, spans stand on characters. `FOOTNOTE_TEST_FUZZ` says how many.

use std::env;
use std::ops::Range;
use std::path::Path;

use footnote::content::load::load;
use footnote::eval::resample::Random;
use footnote::matching::Matcher;
use footnote::text::fold::fold;
use footnote::text::markdown::strip;
use footnote::text::read;

/// So many messages in an ordinary run of the tests.
const MESSAGES: usize = 300;

/// What people and their keyboards put between letters, and what parsers trip over.
const ODD: [&str; 31] = [
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
];

fn mutated(seeds: &[String], random: &mut Random) -> String {
    let mut typed: Vec<char> = Vec::new();
    for _ in 0..=random.below(3) {
        let seed = seeds.get(random.below(seeds.len())).map_or("", String::as_str);
        typed.extend(seed.chars());
        typed.push(' ');
    }
    for _ in 0..random.below(12) {
        let at = random.below(typed.len());
        match random.below(4) {
            0 => drop(typed.remove(at)),
            1 => typed.swap(at, 0),
            2 => typed.truncate(at.max(1)),
            _ => {
                let odd = ODD.get(random.below(ODD.len())).copied().unwrap_or("");
                drop(typed.splice(at..at, odd.chars()));
            }
        }
        if typed.is_empty() {
            typed.push('x');
        }
    }
    typed.into_iter().collect()
}

/// How many messages are tried.
#[expect(clippy::disallowed_methods, reason = "the tests have no configuration")]
fn messages() -> usize {
    let given = env::var("FOOTNOTE_TEST_FUZZ").ok().and_then(|count| count.parse().ok());
    given.unwrap_or(MESSAGES)
}

#[test]
fn mutated_messages_are_read_and_matched() {
    let responses = Path::new(env!("CARGO_MANIFEST_DIR")).join("responses");
    let catalog = load(&responses).unwrap().catalog;
    let matcher = Matcher::build(&catalog);
    let mut seeds: Vec<String> = Vec::new();
    for claim in catalog.published() {
        seeds.extend(claim.phrasings.iter().map(|phrasing| phrasing.text.clone()));
        seeds.extend(claim.near_misses.iter().cloned());
    }
    let mut found = 0;
    for seed in 0..messages() {
        let typed = mutated(&seeds, &mut Random::new(u64::try_from(seed).unwrap()));
        let whole = |span: &Range<usize>| typed.get(span.clone()).is_some_and(|s| !s.is_empty());
        let text = read(&typed);
        assert!(text.tokens.iter().all(|token| whole(&token.span)), "{seed}: {typed:?}");
        let folded = fold(&strip(&typed));
        assert_eq!(fold(&folded), folded, "{seed}: {typed:?}");
        for candidate in matcher.find(&text, 3) {
            let span = &candidate.span;
            let begins = text.tokens.iter().any(|token| token.span.start == span.start);
            let ends = text.tokens.iter().any(|token| token.span.end == span.end);
            assert!(whole(span) && begins && ends, "{seed}: {typed:?} {span:?}");
            found += 1;
        }
    }
    assert!(found * 2 > messages(), "mutated so much that nothing is found: {found}");
}
