//! Every quotation of the response files stands to the letter in the dossier it was taken from.
//!
//! What is normalised, and nothing else: runs of white space are one space; curly quotation marks are
//! straight; on the dossier's side `\"` is `"` and the `>` that begins a line is no part of it. The rest of
//! the dossier's own Markdown (`*`, `_`, `>`) may be left out, all of it or none, since a quotation may have
//! such a mark of its own ("[support*]"). Our ` [sic]` behind a misprint is left out. Each part between
//! our cuts `[…]` is compared by itself; where the dossier marks a cut of its own (`[...]` or `…`), ours
//! stands in its place. The dossier is looked for at `DOSSIER`, then beside the checkout in
//! `../shared/dossier`; it is not ours to commit, and a run without it says so.

#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on should stop")]

use std::io::Write as _;
use std::path::{Path, PathBuf};

use footnote::content::load::load;

/// Names the folder; without it the places beside the checkout are searched.
const VARIABLE: &str = "DOSSIER";

/// The files that quotations were taken from: the dossier, and the rules beside it, which give the better
/// words of a few sources. The essay in the same folder is no source.
const FILES: [&str; 3] = ["soviet-axis.md", "general.md", "README.md"];

/// How a cut is written in a quotation.
const CUT: &str = "[…]";

/// How a misprint of the original is marked that stays.
const SIC: &str = " [sic]";

/// The dossier with its Markdown and without.
struct Dossier {
    as_written: String,
    without_marks: String,
}

impl Dossier {
    fn new(text: &str) -> Self {
        let quoted = |line: &str| line.trim_start().trim_start_matches('>').to_owned();
        let text = text.lines().map(quoted).collect::<Vec<_>>().join("\n").replace("\\\"", "\"");
        let without_marks = plain(&text.replace(['*', '_', '>'], ""));
        Self { as_written: plain(&text), without_marks }
    }

    /// The parts of a quotation that stand nowhere in the dossier.
    fn missing(&self, quotation: &str) -> Vec<String> {
        let quotation = quotation.replace(SIC, "");
        let parts = quotation.split(CUT).map(plain).filter(|part| !part.is_empty());
        parts
            .filter(|part| {
                !self.as_written.contains(part.as_str())
                    && !self.without_marks.contains(part.as_str())
            })
            .collect()
    }
}

/// One space for each run of white space, straight quotation marks for curly ones.
fn plain(text: &str) -> String {
    let straight = text.replace(['‘', '’'], "'").replace(['“', '”'], "\"");
    straight.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn find() -> Option<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "a test's own switch, not a setting of the bot")]
    if let Ok(named) = std::env::var(VARIABLE) {
        let named = PathBuf::from(named);
        assert!(named.is_dir(), "{VARIABLE} names no folder: {}", named.display());
        return Some(named);
    }
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR"));
    ["../shared/dossier", "../../shared/dossier"]
        .into_iter()
        .map(|path| checkout.join(path))
        .find(|path| path.is_dir())
}

fn dossier() -> Option<Dossier> {
    let Some(folder) = find() else {
        // Not `eprintln!`, which the test harness would keep to itself while all is well.
        let _nobody_listens = writeln!(
            std::io::stderr(),
            "note: no dossier at hand ({VARIABLE} or ../shared/dossier): quotations are compared \
             with quotes.lock only"
        );
        return None;
    };
    let texts = FILES.map(|name| {
        let path = folder.join(name);
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    });
    Some(Dossier::new(&texts.join("\n")))
}

/// The quotations of the response files, each with where it stands.
fn quotations() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("responses");
    let loaded = load(&folder).expect("the responses are read");
    let mut all = Vec::new();
    for claim in loaded.everything().claims() {
        for source in &claim.sources {
            let place = format!("{} [{}]", claim.id, source.key);
            all.extend(source.quotes.iter().map(|quote| (place.clone(), quote.text.clone())));
        }
    }
    all
}

#[test]
fn every_quotation_stands_in_the_dossier_to_the_letter() {
    let Some(dossier) = dossier() else { return };
    let mut wrong = Vec::new();
    for (place, quotation) in quotations() {
        wrong
            .extend(dossier.missing(&quotation).into_iter().map(|part| format!("{place}: {part}")));
    }
    assert!(wrong.is_empty(), "not in the dossier:\n{}", wrong.join("\n"));
}

/// Another letter in the place of the one in the middle.
fn changed(quotation: &str) -> String {
    let letters: Vec<usize> =
        quotation.char_indices().filter(|(_, c)| c.is_alphabetic()).map(|(at, _)| at).collect();
    let middle = letters.get(letters.len() / 2).copied().expect("a quotation has letters");
    let swap = |(at, c): (usize, char)| match c {
        _ if at != middle => c,
        'x' => 'y',
        _ => 'x',
    };
    quotation.char_indices().map(swap).collect()
}

#[test]
fn a_changed_letter_shows_in_every_quotation() {
    let Some(dossier) = dossier() else { return };
    for (place, quotation) in quotations() {
        let changed = changed(&quotation);
        assert!(!dossier.missing(&changed).is_empty(), "{place}: nobody sees {changed:?}");
    }
}

#[test]
fn only_what_is_named_is_normalised() {
    let dossier = Dossier::new(
        "1. A *letter*. Quote: \"He wrote \\\"no\\\"\n   > and [support*] of ‘it’ [...] at last\" read at: x_y",
    );
    for (quotation, stands) in [
        ("He wrote \"no\" and [support*] of 'it'", true),
        ("He wrote “no” and   [support*]", true),
        ("He wrote \"no\" […] at last", true),
        ("He wrote \"no\" [...] at last", false),
        ("of 'it' at last", false),
        ("he wrote", false),
        ("He wrote \"no\" - and", false),
        ("He wrote \"no\" [sic] and", true),
        ("He wrote \"no\" and [sic] of", false),
        ("He  wrote no", false),
        ("and [support] of", true),
    ] {
        assert_eq!(dossier.missing(quotation).is_empty(), stands, "{quotation}");
    }
}
