//! Writes what the fuzzer starts from: the claims' phrasings and near misses, and what parsers trip over. Knows no target's insides.

#![no_main]

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::Write as _;
use std::{fs, process};

use fuzz::soundness::{LONGEST, ODD, seeds};

// Whatever is built for the fuzzer links with it, so its start is where this runs and ends.
libfuzzer_sys::fuzz_target!(
    init: write_and_leave(),
    |bytes: &[u8]| drop(bytes.to_vec())
);

fn write_and_leave() {
    let written = write();
    match &written {
        Ok(count) => println!("{count} seeds"),
        Err(error) => eprintln!("{error}"),
    }
    process::exit(i32::from(written.is_err()))
}

fn write() -> Result<usize, Box<dyn Error>> {
    let seeds = seeds(&fuzz::shipped());
    for target in ["fold", "segment", "matching"] {
        let folder = fuzz::here().join("corpus").join(target);
        fs::create_dir_all(&folder)?;
        for (at, seed) in seeds.iter().map(String::as_str).chain(ODD).enumerate() {
            fs::write(folder.join(format!("seed-{at:05}")), seed)?;
        }
        // Everything at once, for the long messages that no single phrasing leads to.
        let most: String = seeds.join(" ").chars().take(LONGEST).collect();
        fs::write(folder.join("seed-long"), most)?;
    }
    let words: BTreeSet<&str> = seeds.iter().flat_map(|seed| seed.split_whitespace()).collect();
    let mut dictionary = String::new();
    for entry in ODD.into_iter().chain(words) {
        writeln!(dictionary, "\"{}\"", escaped(entry))?;
    }
    fs::write(fuzz::here().join("dictionary.txt"), dictionary)?;
    Ok(seeds.len() + ODD.len() + 1)
}

/// As libFuzzer's dictionaries have it: every byte by its number.
fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("\\x{byte:02x}")).collect()
}
