//! What a message costs: reading it, and finding its claims in the published pack. Knows no other store.

use std::path::Path;

use footnote::content::load::load;
use footnote::matching::Matcher;
use footnote::text;

/// One message that makes a claim among other talk, and one that makes none.
const MESSAGES: [&str; 2] = [
    "been reading about lend lease all evening, and stalin literally tried to join the axis in 1940",
    "does anybody have a scan of the old atlas? the one in the library is cut off at the gutter",
];

fn main() {
    divan::main();
}

#[divan::bench(args = MESSAGES)]
fn read(message: &str) -> text::Text {
    text::read(divan::black_box(message))
}

#[divan::bench(args = MESSAGES)]
fn find(bencher: divan::Bencher<'_, '_>, message: &str) {
    let responses = Path::new(env!("CARGO_MANIFEST_DIR")).join("responses");
    let Ok(loaded) = load(&responses) else { return };
    let matcher = Matcher::build(&loaded.catalog);
    bencher.bench(|| matcher.find(&text::read(divan::black_box(message)), 3));
}
