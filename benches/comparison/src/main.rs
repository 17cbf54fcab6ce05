//! footnote's matcher beside other ways of finding a phrasing: the same messages, one run, one thread, time of the processor. Knows the matcher's core only, which it compiles by itself.
//!
//! `comparison CLAIMS MESSAGES... [--sizes 1000,10000] [--messages N] [--only footnote,bm25]`

#![allow(dead_code, reason = "the core is compiled whole and used in part")]

#[path = "../../../src/matching/mod.rs"]
mod matching;
#[path = "../../../src/model/mod.rs"]
mod model;
#[path = "../../../src/text/mod.rs"]
mod text;

#[path = "../../../src/eval"]
mod eval {
    pub mod rows;
    pub mod store;
}

mod clock;
mod drawn;
#[cfg(feature = "rivals")]
mod rivals;
mod ways;

use std::error::Error;
use std::path::PathBuf;

use crate::drawn::Messages;
use crate::ways::Way;

/// What was asked for.
struct Args {
    claims: PathBuf,
    messages: Vec<PathBuf>,
    sizes: Vec<usize>,
    count: usize,
    only: Vec<String>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let args = arguments()?;
    if let Some(absent) = std::iter::once(&args.claims).chain(&args.messages).find(|p| !p.is_file()) {
        println!("skipped: {} is not there", absent.display());
        return Ok(());
    }
    let messages = Messages::draw(&args.messages, args.count)?;
    println!("{} messages of {} characters on average", messages.len(), messages.length());
    println!("machine: {}", clock::machine());
    println!("phrasings\tway\tbuild, s\tµs a message\ttimes footnote");
    for size in &args.sizes {
        let store = drawn::store(&args.claims, *size)?;
        let mut ours = None;
        for way in Way::ALL.iter().filter(|way| args.only.is_empty() || args.only.iter().any(|o| o == way.name())) {
            let measured = way.measure(&store, &messages)?;
            let Some((build, each)) = measured else { continue };
            let times = ours.get_or_insert(each);
            println!(
                "{size}\t{}\t{:.2}\t{:.1}\t{:.1}",
                way.name(),
                build.as_secs_f64(),
                each.as_secs_f64() * 1e6,
                each.as_secs_f64() / times.as_secs_f64(),
            );
        }
    }
    Ok(())
}

fn arguments() -> Result<Args, Box<dyn Error>> {
    let mut args = Args {
        claims: PathBuf::new(),
        messages: Vec::new(),
        sizes: vec![1_000, 10_000, 100_000],
        count: 40,
        only: Vec::new(),
    };
    let mut given = std::env::args().skip(1);
    let mut paths = Vec::new();
    while let Some(arg) = given.next() {
        match arg.as_str() {
            "--sizes" => {
                let list = given.next().ok_or("--sizes needs a list")?;
                args.sizes = list.split(',').map(str::parse).collect::<Result<_, _>>()?;
            }
            "--messages" => args.count = given.next().ok_or("--messages needs a number")?.parse()?,
            "--only" => {
                let list = given.next().ok_or("--only needs a list")?;
                args.only = list.split(',').map(str::to_owned).collect();
            }
            // What cargo passes to whatever it takes for a benchmark.
            "--bench" => {}
            _ => paths.push(PathBuf::from(arg)),
        }
    }
    if paths.len() < 2 {
        return Err("usage: comparison CLAIMS MESSAGES... [--sizes N,N] [--messages N] [--only WAY,WAY]".into());
    }
    args.claims = paths.remove(0);
    args.messages = paths;
    Ok(args)
}
