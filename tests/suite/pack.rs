//! What the shipped claims promise as a whole, and the pages that are made from them and from the rules.
//!
//! `UPDATE_CASES=1 cargo test` writes the pages as they should be; look at the difference before committing it.

#![expect(clippy::expect_used, reason = "a test that cannot go on should stop")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use footnote::content::load::{Loaded, load};
use footnote::lint::{balance, rule};
use footnote::model::claim::{ClaimAction, Status};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn loaded() -> Loaded {
    load(&root().join("responses")).expect("the responses are read")
}

/// The page stands in the repository as the program makes it.
#[track_caller]
fn holds(page: &Path, made: &str) {
    let path = root().join(page);
    if env::var_os("UPDATE_CASES").is_some_and(|value| value == "1") {
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder is made");
        fs::write(&path, made).expect("the page is written");
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == made,
        "{} is stale: run `UPDATE_CASES=1 cargo test --test suite pack`",
        page.display()
    );
}

#[test]
fn the_page_of_rules_is_made_from_the_table() {
    let mut page = String::from(
        "# Rules of `footnote check`\n\n\
         Made from the table in `src/lint/rule/`; `footnote check --explain CODE` prints one.\n\
         An error keeps a file from being used, a warning fails only `--deny warnings`, a hint never fails.\n\
         Other levels, or `\"off\"`, stand in the section `[lint]` of `config.toml`; what cannot be read stays unread at any level.\n",
    );
    for rule in rule::all() {
        let _ = write!(
            page,
            "\n## `{}`\n\n{} · Finds {}.\nBecause {}.\n\n- bad: {}\n- good: {}\n",
            rule.code.0,
            rule.level.word(),
            rule.what,
            rule.why,
            rule.bad,
            rule.good
        );
    }
    holds(Path::new("docs/rules.md"), &page);
}

#[test]
fn the_table_of_balance_is_made_from_the_claims() {
    let page = format!(
        "# How the claims are spread\n\n\
         Made from the files in `responses/`; `footnote check --balance` prints it.\n\
         `side` is whom a claim speaks for or against, and says nothing of who makes it; most claims have none.\n\
         A claim that is answered to both sides has `counter_phrasings`: whoever asserts the opposite gets the same text.\n\n{}",
        balance::table(&loaded().catalog)
    );
    holds(Path::new("docs/balance.md"), &page);
}

/// The least that is published, and that each claim brings along.
#[test]
fn the_pack_is_large_enough_and_each_claim_well_tried() {
    let loaded = loaded();
    let published: Vec<_> = loaded.catalog.published().collect();
    let quotations: usize =
        published.iter().flat_map(|claim| &claim.sources).map(|source| source.quotes.len()).sum();
    assert!(published.len() >= 50, "{} published", published.len());
    assert!(quotations >= 100, "{quotations} quotations");
    for claim in loaded.catalog.claims().iter().filter(|claim| claim.status != Status::Retired) {
        let (phrasings, near_misses) = (claim.phrasings.len(), claim.near_misses.len());
        assert!(phrasings >= 10, "{}: {phrasings} phrasings", claim.id);
        assert!(near_misses >= 8, "{}: {near_misses} near misses", claim.id);
    }
}

/// Denial of an atrocity goes to the moderators; a dispute about its name is answered only when asked.
#[test]
fn denial_is_an_alert_and_a_dispute_about_a_label_a_command() {
    let loaded = loaded();
    for claim in loaded.catalog.claims() {
        let id = claim.id.as_str();
        if id.ends_with("-denial") {
            assert_eq!(claim.action, ClaimAction::Alert, "{id}");
        }
        if id.ends_with("-label") {
            assert_eq!(claim.action, ClaimAction::Command, "{id}");
        }
    }
}
