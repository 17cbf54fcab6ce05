//! The corpus: messages that nobody wrote with the phrasings in view, and what the shipped claims do about them. `tests/corpus/README.md` says what stands there.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on should stop"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use footnote::cli::judge::Judge;
use serde_json::Value;

const PACKS: [&str; 5] =
    ["science", "second-world-war", "soviet-axis", "united-states", "world-history"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn corpus(file: &str) -> PathBuf {
    root().join("tests/corpus").join(file)
}

/// What the program says of all packs' messages.
fn decided() -> Value {
    let files = PACKS.map(|pack| corpus(&format!("{pack}.tsv")));
    let output = Command::new(env!("CARGO_BIN_EXE_footnote"))
        .args(["eval", "decide", "--format", "json", "--responses"])
        .arg(root().join("responses"))
        .arg("--messages")
        .args(files)
        .output()
        .expect("the program runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// One in a thousand of the messages of some kinds that ended in some way.
fn share(decided: &Value, kinds: &[&str], end: &str) -> u64 {
    let count = |kind: &&str, end: &str| {
        let found = decided["kinds"][*kind][end].as_u64();
        found.unwrap_or_else(|| panic!("{kind} has no {end}: {decided}"))
    };
    let all: u64 = kinds.iter().map(|kind| count(kind, "messages")).sum();
    let ended: u64 = kinds.iter().map(|kind| count(kind, end)).sum();
    assert!(all >= 100, "{kinds:?} has {all} messages");
    1000 * ended / all
}

#[test]
fn what_asserts_is_answered_and_what_does_not_is_left_alone() {
    let decided = decided();
    // Each bound is what was measured, less one message in a hundred: a change of the matcher moves a few either
    // way, and a bound that it crosses asks for a look.
    for (kinds, least) in [
        (&["plain"][..], 980),
        (&["slang", "typo", "long", "evasion", "multi"], 910),
        (&["paraphrase"], 450),
    ] {
        let right = share(&decided, kinds, "right");
        assert!(right >= least, "{kinds:?}: {right} of 1000 right, {least} are expected");
        let wrong = share(&decided, kinds, "wrong_claim");
        assert!(wrong <= 10, "{kinds:?}: {wrong} of 1000 answered with another claim");
    }
    for (kinds, most) in [
        (&["debunk", "question", "quote", "reported", "hypothetical"][..], 28),
        (&["neighbour"], 34),
        (&["unrelated"], 31),
    ] {
        let answered = share(&decided, kinds, "false");
        assert!(answered <= most, "{kinds:?}: {answered} of 1000 answered, {most} are borne");
    }
}

#[test]
fn near_misses_outnumber_hits() {
    let rows: Vec<String> = PACKS
        .iter()
        .map(|pack| fs::read_to_string(corpus(&format!("{pack}.tsv"))).unwrap())
        .collect();
    let rows: Vec<&str> = rows.iter().flat_map(|file| file.lines()).collect();
    let silent = rows.iter().filter(|row| row.starts_with("-\t")).count();
    assert!(silent > rows.len() - silent, "{silent} of {}", rows.len());
}

#[test]
fn mistakes_in_reading_stay_mended() {
    let (judge, left_out) = Judge::load(&root().join("responses")).unwrap();
    assert_eq!(left_out, None);
    let rows = fs::read_to_string(Path::new(&corpus("stances.tsv"))).unwrap();
    let mut wrong = Vec::new();
    for row in rows.lines() {
        let [stance, claim, text] = row.splitn(3, '\t').collect::<Vec<_>>()[..] else {
            panic!("{row}: three columns");
        };
        let text = text.replace("\\n", "\n");
        let candidates = judge.find(&text, 5);
        let found = candidates.iter().find(|candidate| candidate.claim.as_str() == claim);
        let read = found.map_or("no candidate", |candidate| candidate.assertion.word());
        if read != stance {
            wrong.push(format!("{read}, not {stance}: {text}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
