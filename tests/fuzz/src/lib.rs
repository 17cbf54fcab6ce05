//! The core of footnote with the shipped claims, compiled by itself for fuzzing. Knows no fuzzer.

#![allow(dead_code, reason = "the core is compiled whole and used in part")]

extern crate self as footnote;

#[path = "../../../src/content/mod.rs"]
pub mod content;
#[path = "../../../src/matching/mod.rs"]
pub mod matching;
#[path = "../../../src/model/mod.rs"]
pub mod model;
#[path = "../../../src/policy/mod.rs"]
pub mod policy;
#[path = "../../suite/soundness.rs"]
pub mod soundness;
#[path = "../../../src/text/mod.rs"]
pub mod text;

use std::path::{Path, PathBuf};

use crate::content::load::load;
use crate::model::catalog::Catalog;

/// The shipped claims.
///
/// # Panics
///
/// Where the checkout has none.
pub fn shipped() -> Catalog {
    let responses = here().join("../../responses");
    load(&responses).expect("the checkout has the claims").catalog
}

/// This package's folder.
pub fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// What somebody may have typed: any bytes as text, at most as long as Discord allows.
pub fn typed(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).chars().take(soundness::LONGEST).collect()
}
