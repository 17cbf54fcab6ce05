//! docs/faults.md, docs/abuse.md and the tests agree: each row of theirs names a test that is there.

#![expect(clippy::expect_used, reason = "a test that cannot read its files should stop")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The names of all tests in a text: functions below an attribute that says so.
fn tests(text: &str, found: &mut BTreeSet<String>) {
    let mut is_test = false;
    for line in text.lines().map(str::trim) {
        if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
            is_test = true;
        } else if let Some((_, rest)) = line.split_once("fn ").filter(|_| is_test) {
            found.extend(rest.split('(').next().map(str::to_owned));
            is_test = false;
        }
    }
}

fn tests_below(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("the sources can be read") {
        let path = entry.expect("the sources can be read").path();
        if path.is_dir() {
            tests_below(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            tests(&fs::read_to_string(&path).expect("the sources are UTF-8"), found);
        }
    }
}

/// The rows of the table: fault, behaviour, tests.
fn rows(page: &str) -> Vec<[String; 3]> {
    let lines = page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| ---"));
    let rows = lines.map(|line| {
        let mut cells = line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned());
        let row = [cells.next(), cells.next(), cells.next()].map(Option::unwrap_or_default);
        assert!(cells.next().is_none(), "a row has three cells: {line}");
        row
    });
    rows.filter(|[fault, _, _]| fault != "fault" && fault != "misuse").collect()
}

#[test]
fn each_fault_has_a_behaviour_and_a_test_that_exists() {
    holds("docs/faults.md", 30);
}

#[test]
fn each_misuse_has_a_defence_and_a_test_that_exists() {
    holds("docs/abuse.md", 12);
}

/// Each row of a page names tests that exist, and there are so many rows at least.
fn holds(page: &str, least: usize) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join(page)).expect("the page can be read");
    let mut known = BTreeSet::new();
    tests_below(&root.join("src"), &mut known);
    tests_below(&root.join("tests"), &mut known);
    let rows = rows(&page);
    assert!(rows.len() >= least, "{} rows", rows.len());
    for [fault, behaviour, named] in &rows {
        assert!(!fault.is_empty() && !behaviour.is_empty(), "{fault}: {behaviour}");
        let named: Vec<_> = named.split('`').skip(1).step_by(2).collect();
        assert!(!named.is_empty(), "{fault}: no test");
        for name in named {
            assert!(known.contains(name), "{fault}: there is no test `{name}`");
        }
    }
    let faults: BTreeSet<_> = rows.iter().map(|[fault, _, _]| fault).collect();
    assert_eq!(faults.len(), rows.len(), "a fault stands twice");
}

#[test]
fn only_what_is_marked_as_a_test_is_one() {
    let mut found = BTreeSet::new();
    tests("fn a() {}\n#[test]\nfn b() {}\n#[tokio::test]\nasync fn c() {}\nfn d() {}", &mut found);
    assert_eq!(found.into_iter().collect::<Vec<_>>(), ["b", "c"]);
}
