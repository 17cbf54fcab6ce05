//! Mutated messages through reading and matching: nothing panics, spans stand on characters. `FOOTNOTE_TEST_FUZZ` says how many.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::env;
use std::path::Path;

use footnote::content::load::load;
use footnote::eval::resample::Random;
use footnote::matching::{Matcher, effort};
use footnote::model::catalog::Catalog;
use footnote::model::phrasing::{Aliases, Phrasing, Piece, Variant};
use footnote::text::fold::fold;
use footnote::text::markdown::Glyph;
use footnote::text::read;
use proptest::collection::vec;
use proptest::prelude::{any, proptest};

use crate::soundness::{self, Claims, ODD};

/// So many messages in an ordinary run of the tests.
const MESSAGES: usize = 300;

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

/// The shipped claims.
#[expect(clippy::expect_used, reason = "a test that cannot read its files should stop")]
fn shipped() -> Catalog {
    let responses = Path::new(env!("CARGO_MANIFEST_DIR")).join("responses");
    load(&responses).expect("the checkout has the claims").catalog
}

/// How many messages are tried.
#[expect(clippy::disallowed_methods, reason = "the tests have no configuration")]
fn messages() -> usize {
    let given = env::var("FOOTNOTE_TEST_FUZZ").ok().and_then(|count| count.parse().ok());
    given.unwrap_or(MESSAGES)
}

#[test]
fn mutated_messages_are_read_and_matched() {
    let catalog = shipped();
    let seeds = soundness::seeds(&catalog);
    let claims = Claims::new(catalog);
    let mut found = 0;
    for seed in 0..messages() {
        let typed = mutated(&seeds, &mut Random::new(u64::try_from(seed).unwrap()));
        soundness::folds(&typed);
        found += claims.match_soundly(&typed);
    }
    assert!(found * 2 > messages(), "mutated so much that nothing is found: {found}");
}

/// What the fuzzer found, made as short as it goes.
#[test]
fn what_was_found_stays_mended() {
    for typed in ["℀", "ŉ", "\u{fe58}", "⁗", "a```\u{1b}ou```4er"] {
        soundness::folds(typed);
        drop(soundness::reads(typed));
    }
}

/// Characters that are taken apart, each alone, inside a word and beside itself.
#[test]
fn any_character_is_read() {
    let several = |c: &char| {
        let glyph =
            Glyph { c: *c, start: 0, end: c.len_utf8(), quoted: false, capital: c.is_uppercase() };
        fold(&[glyph]).len() > 1
    };
    let mut taken_apart = 0;
    for c in ('\0'..=char::MAX).filter(several) {
        for typed in [format!("{c}"), format!("a{c}b"), format!("{c}{c} 1{c}2")] {
            drop(soundness::reads(&typed));
        }
        taken_apart += 1;
    }
    assert!(taken_apart > 1_000, "only {taken_apart} characters are taken apart");
}

proptest! {
    #[test]
    fn any_text_is_folded_and_read(typed in "\\PC{0,200}|[a-z0-9 .,!?'\"*_`|>\\n$@<:\\[\\]()/-]{0,400}") {
        soundness::folds(&typed);
        drop(soundness::reads(&typed));
    }

    #[test]
    fn any_mixture_of_what_parsers_trip_over_is_read(parts in vec(0..ODD.len(), 0..200)) {
        let typed: String = parts.iter().filter_map(|at| ODD.get(*at)).copied().collect();
        soundness::folds(&typed);
        drop(soundness::reads(&typed));
    }

    #[test]
    fn any_bytes_are_read(bytes in vec(any::<u8>(), 0..4_000)) {
        let typed = String::from_utf8_lossy(&bytes);
        soundness::folds(&typed);
        drop(soundness::reads(&typed));
    }
}

/// As many characters as a message may have, of something said again and again.
fn repeated(typed: &str) -> String {
    typed.chars().chain([' ']).cycle().take(soundness::LONGEST).collect()
}

/// What was made to cost: no message takes more steps than `matching::effort` states. Counts, no clock.
#[test]
fn messages_made_to_cost_are_bounded() {
    let catalog = shipped();
    let seeds = soundness::seeds(&catalog);
    let claims = Claims::new(catalog);
    let words: BTreeSet<&str> = seeds.iter().flat_map(|seed| seed.split(' ')).collect();
    let mut longest: Vec<&str> = words.iter().copied().collect();
    longest.sort_by_key(|word| Reverse(word.len()));
    // One letter in the middle of each word twice: unknown words, each near to a known one.
    let misspelled = longest.iter().map(|word| {
        let middle = word.chars().count() / 2;
        let letters = word.chars().enumerate();
        letters.flat_map(|(at, c)| vec![c; 1 + usize::from(at == middle)]).collect()
    });
    let misspelled: Vec<String> = misspelled.collect();
    let mut made = vec![
        seeds.join(" "),
        seeds.join(". "),
        longest.join(" "),
        misspelled.join(" "),
        words.into_iter().collect::<Vec<_>>().join(" "),
        "the great wall is the only man made thing visible from the moon".to_owned(),
        "himmler killed the jews without hitler's order".to_owned(),
        "the treaty of tripoli settles it, the us is not a christian nation".to_owned(),
        "what, if so, ".to_owned(),
    ];
    made.extend(seeds.iter().step_by(seeds.len() / 8).cloned());
    for typed in made {
        claims.match_soundly(&repeated(&typed));
    }
}

/// A store of phrasings that nobody writes: the message is given up before it costs more than is stated.
#[test]
fn phrasings_of_hundreds_of_words_are_given_up() {
    let shipped = shipped();
    let words = "soviets wanted the axis and hitler knew of the pact with stalin in november ";
    let found = |times: usize| {
        let said = words.repeat(times);
        let mut claim = shipped.published().next().unwrap().clone();
        let phrasing = Phrasing {
            text: said.clone(),
            variants: vec![Variant { pieces: vec![Piece::Words(said.clone())] }],
        };
        claim.phrasings = vec![phrasing; effort::LAID];
        claim.near_misses = Vec::new();
        let matcher = Matcher::build(&Catalog::new(vec![claim], Aliases::default()));
        let (found, effort) = matcher.find_counted(&read(&repeated(&said)), 1);
        (found.len(), effort)
    };
    assert_eq!(found(1).0, 1);
    let (candidates, effort) = found(4);
    assert_eq!(candidates, 0, "{effort:?}");
    // One window more at most: all that is looked at of a pattern, for each of its terms.
    let terms = 4 * words.split_whitespace().count();
    assert!(effort.pairs <= effort::PAIRS + terms * effort::RELEVANT, "{effort:?}");
}
