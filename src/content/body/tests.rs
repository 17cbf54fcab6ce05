//! What the text of a response may hold.

#![expect(clippy::string_slice, reason = "a wrong span should stop the test")]

use crate::content::body::{Body, parse};
use crate::model::body::{Block, Inline, citations, plain_blocks};
use crate::model::span::FileId;

fn read(text: &str) -> (Body, Vec<(&'static str, &str)>) {
    let mut out = Vec::new();
    let keys = ["alpha".to_owned(), "beta-2".to_owned()];
    let body = parse(text, 0..text.len(), FileId(0), &keys, &mut out);
    let found = out.iter().map(|d| (d.code.0, &text[d.span.start..d.span.end])).collect();
    (body, found)
}

#[test]
fn sections_and_citations() {
    let text = "Fact.[^beta-2] More,\nreally.[^alpha][^beta-2]\n\n## Details\n\n- one\n- *two*[^alpha]\n\n\
                > said\n\n## What is disputed\n\nThis.\n";
    let (body, found) = read(text);
    assert_eq!(found, []);
    assert_eq!(plain_blocks(&body.response.short), "Fact. More, really.");
    assert_eq!(citations(&body.response.short), [1, 0]);
    assert_eq!(plain_blocks(&body.response.details), "one\ntwo\nsaid");
    assert_eq!(citations(&body.response.details), [0]);
    assert_eq!(plain_blocks(&body.response.disputed), "This.");
    assert_eq!(
        &text[body.short.start..body.short.end],
        "Fact.[^beta-2] More,\nreally.[^alpha][^beta-2]\n\n"
    );
}

#[test]
fn what_a_reply_cannot_carry_is_reported_and_left_out() {
    for (text, expected) in [
        ("a <b>c</b>", vec![("unsupported-markdown", "<b>"), ("unsupported-markdown", "</b>")]),
        ("![a](b)", vec![("unsupported-markdown", "![a](b)")]),
        ("|a|\n|-|\n|b|\n", vec![("unsupported-markdown", "|a|\n|-|\n|b|\n")]),
        ("~~a~~", vec![("unsupported-markdown", "~~a~~")]),
        ("```\n[^alpha]\n", vec![("unsupported-markdown", "```\n[^alpha]\n")]),
        ("a\n\n---\n", vec![("unsupported-markdown", "---\n")]),
        ("- a\n  - b\n", vec![("unsupported-markdown", "- b\n")]),
        ("# Details\n", vec![("unknown-heading", "# Details\n")]),
        ("## Detials\n", vec![("unknown-heading", "## Detials\n")]),
        ("## Details\n\n## Details\n", vec![("unknown-heading", "## Details\n")]),
        ("a[^alpah]", vec![("footnote-without-source", "[^alpah]")]),
        ("a[^my key]", vec![("footnote-without-source", "[^my key")]),
        ("a[^alpha]\n\n[^alpha]: b", vec![("footnote-definition", "[^alpha]:")]),
        ("see https://example.org/ there", vec![("bare-address", "https://example.org/")]),
    ] {
        assert_eq!(read(text).1, expected, "{text}");
    }
}

#[test]
fn code_and_escapes_are_no_footnotes() {
    let (body, found) = read("a `[^alpha]` b");
    assert_eq!(found, []);
    assert_eq!(citations(&body.response.short), [] as [usize; 0]);
}

#[test]
fn items_and_quotations_of_several_paragraphs_are_parted_by_breaks() {
    let (body, found) = read("> a\n>\n> b\n\n1. c\n\n   d\n2. e\n");
    assert_eq!(found, []);
    let text = |text: &str| Inline::Text(text.to_owned());
    assert_eq!(
        body.response.short,
        [
            Block::Quote(vec![text("a"), Inline::Break, text("b")]),
            Block::List {
                ordered: Some(1),
                items: vec![vec![text("c"), Inline::Break, text("d")], vec![text("e")]],
            },
        ]
    );
}
