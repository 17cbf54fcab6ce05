//! Tests of what holds for every claim that anybody could write. Knows no particular one.

use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};
use proptest::test_runner::Config as ProptestConfig;
use proptest::{collection, option, sample};

use crate::model::body::{Block, Inline, Response};
use crate::model::claim::{Claim, ClaimAction, ClaimId, Evidence, Revision, Status, Verdict};
use crate::model::date::Date;
use crate::model::source::{Checked, Quote, Source, SourceKind};
use crate::reply::{ButtonKind, compact, cut, limits, page, render};

/// A plain claim with one source, cited by its Short.
pub(super) fn claim(short: Vec<Block>, sources: Vec<Source>) -> Claim {
    let day = Date::new(2026, 11, 22).unwrap();
    Claim {
        id: ClaimId::new("moon-cheese").unwrap(),
        pack: "invented".to_owned(),
        revision: Revision::new("0123456789abcdef").unwrap(),
        claim: "The moon is made of cheese.".to_owned(),
        verdict: Verdict::False,
        evidence: Evidence::Consensus,
        reason: "Samples are rock.".to_owned(),
        action: ClaimAction::Reply,
        status: Status::Published,
        topics: Vec::new(),
        phrasings: Vec::new(),
        counter_phrasings: Vec::new(),
        near_misses: Vec::new(),
        threshold: None,
        cooldown: None,
        language: "en".to_owned(),
        period: None,
        side: None,
        claimant: None,
        first_appearance: None,
        published: day,
        reviewed: day,
        review_due: None,
        corrections: Vec::new(),
        related: Vec::new(),
        sources,
        response: Response { short, details: Vec::new(), disputed: Vec::new() },
    }
}

pub(super) fn source(title: &str, url: Option<&str>) -> Source {
    Source {
        key: "a".to_owned(),
        kind: SourceKind::Primary,
        author: Some("An Author".to_owned()),
        title: title.to_owned(),
        container: Some("A Book".to_owned()),
        date: Some("1970".to_owned()),
        locator: Some("p. 7".to_owned()),
        url: url.map(str::to_owned),
        read_at: Some("https://secret.example/where-it-was-read".to_owned()),
        archive: None,
        doi: None,
        isbn: None,
        accessed: None,
        link_reason: None,
        checked_by: None,
        quotes: vec![Quote {
            text: "It is *rock*.\nAll of it.".to_owned(),
            checked: Checked::ExcerptRead,
            language: Some("de".to_owned()),
            translation: Some("Rock.".to_owned()),
            translated_by: Some("us".to_owned()),
        }],
    }
}

/// Words with everything in them that Discord or a careless cut could trip over.
fn words() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-z]{1,9}[.!?]? ",
        1 => any::<String>(),
        1 => sample::select(vec![
            "@everyone ", "@here", "<@1>", "**", "*", "_", "`", "||", "](", "[1](", "> ", "\n- ",
            "# ", "https://a.b/c ", "👩‍👩‍👧‍👦", "e\u{301}\u{301}", "日本語", "𝔘𝔫𝔦", "\u{202e}", ":a:", "1. ",
        ]).prop_map(str::to_owned),
    ];
    collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn runs() -> impl Strategy<Value = Vec<Inline>> {
    let leaf = prop_oneof![
        6 => words().prop_map(Inline::Text),
        1 => words().prop_map(Inline::Code),
        1 => (0_usize..5).prop_map(Inline::Cite),
        1 => Just(Inline::Break),
    ];
    let run = leaf.prop_recursive(3, 20, 4, |inner| {
        let many = collection::vec(inner, 0..4);
        prop_oneof![
            many.clone().prop_map(Inline::Emphasis),
            many.clone().prop_map(Inline::Strong),
            ("(https?://)?[a-z.()<>@]{1,30}", many)
                .prop_map(|(url, text)| Inline::Link { url, text }),
        ]
    });
    collection::vec(run, 0..6)
}

fn blocks() -> impl Strategy<Value = Vec<Block>> {
    let block = prop_oneof![
        3 => runs().prop_map(Block::Paragraph),
        1 => runs().prop_map(Block::Quote),
        1 => (option::of(0_u64..9), collection::vec(runs(), 0..4))
            .prop_map(|(ordered, items)| Block::List { ordered, items }),
    ];
    collection::vec(block, 0..5)
}

fn sources() -> impl Strategy<Value = Vec<Source>> {
    let one = (words(), words(), option::of("https://[a-z/()]{1,700}"), words(), words()).prop_map(
        |(author, title, url, locator, quote)| {
            let mut source = source(&title, url.as_deref());
            source.author = Some(author);
            source.locator = Some(locator);
            for one in &mut source.quotes {
                one.text.clone_from(&quote);
                one.translation = Some(quote.repeat(4));
            }
            source
        },
    );
    collection::vec(one, 0..5)
}

fn claims() -> impl Strategy<Value = Claim> {
    let states = (sample::select(&Verdict::ALL[..]), sample::select(&Evidence::ALL[..]));
    (blocks(), blocks(), blocks(), sources(), words(), states).prop_map(
        |(short, details, disputed, sources, sentence, (verdict, evidence))| {
            let mut claim = claim(short, sources);
            claim.response.details = details;
            claim.response.disputed = disputed;
            claim.claim.clone_from(&sentence);
            claim.reason = sentence;
            (claim.verdict, claim.evidence) = (verdict, evidence);
            claim
        },
    )
}

/// Whether every masked link that begins also ends.
fn links_are_whole(content: &str) -> bool {
    content.split("](<").skip(1).all(|rest| {
        let address = rest.split(">)").next().unwrap_or("");
        rest.contains(">)") && !address.contains(char::is_whitespace)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn whatever_the_claim_replies_and_pages_stay_within_their_limits(claim in claims()) {
        let mut all = vec![compact::compact(&claim).content];
        assert!(!all[0].trim().is_empty());
        for kind in ButtonKind::ALL {
            all.extend(page::pages(&claim, kind));
        }
        for content in all {
            assert!(limits::length(&content) <= limits::CONTENT, "{}", content.len());
            assert!(links_are_whole(&content), "{content}");
            assert!(!content.contains("@everyone") && !content.contains("@here"), "{content}");
            assert!(!content.contains("secret.example"));
        }
    }

    #[test]
    fn whatever_the_short_it_is_whole_or_visibly_cut(short in blocks()) {
        let claim = claim(short, Vec::new());
        let whole = compact::short_length(&claim) <= limits::SHORT;
        let numbers = compact::numbers(&claim);
        let lines = render::lines(&claim.response.short);
        let cut = cut::cut_lines(&lines, &numbers, |lines| {
            render::visible_length(lines, &numbers) <= limits::SHORT
        });
        assert!(render::visible_length(&cut, &numbers) <= limits::SHORT);
        if !whole {
            let last = cut.last().map(|line| render::visible(&line.runs, &numbers));
            assert!(last.is_some_and(|last| last.ends_with('…')));
        }
    }

    #[test]
    fn whatever_is_quoted_no_word_is_lost_between_pages(quote in "([a-z]{1,12} ){1,900}") {
        let mut one = source("A Title", None);
        one.quotes[0].text.clone_from(&quote);
        let pages = page::pages(&claim(Vec::new(), vec![one]), ButtonKind::Quotes).join("\n");
        let shown: Vec<&str> = pages
            .lines()
            .filter_map(|line| line.strip_prefix("> "))
            .flat_map(str::split_whitespace)
            .collect();
        let written: Vec<&str> = quote.split_whitespace().chain(["Rock."]).collect();
        assert_eq!(shown, written);
    }
}

/// Found by the property above: the first paragraph fits, and the mark behind it does not.
#[test]
fn a_paragraph_that_fills_the_limit_makes_room_for_the_mark() {
    let words = |count| Block::Paragraph(vec![Inline::Text("word ".repeat(count) + "last!")]);
    let claim = claim(vec![words(69), words(3)], Vec::new());
    let reply = compact::compact(&claim).content;
    assert!(reply.ends_with("word…") && reply.contains("word word"), "{reply}");
}

#[test]
fn a_reply_is_verdict_short_and_sources() {
    let short = vec![Block::Paragraph(vec![
        Inline::Text("Samples brought back in 1969 are rock.".to_owned()),
        Inline::Cite(1),
    ])];
    let sources = vec![source("Unused", None), source("On Rock", Some("https://a.example/b"))];
    let mut claim = claim(short, sources);
    let reply = compact::compact(&claim);
    assert_eq!(
        reply.content,
        "**Not what the record shows**\n\
         Samples brought back in 1969 are rock.[1]\n\
         -# [1] An Author, [*On Rock*](<https://a.example/b>), 1970, p. 7"
    );
    assert_eq!(reply.buttons.len(), 3);

    claim.response.disputed = vec![Block::Paragraph(vec![Inline::Text("How old.".to_owned())])];
    let reply = compact::compact(&claim);
    assert!(reply.content.starts_with("**Not what the record shows** · part is disputed\n"));
}

#[test]
fn pages_say_everything_that_readers_may_see() {
    let short = vec![Block::Paragraph(vec![Inline::Text("Rock.".to_owned()), Inline::Cite(0)])];
    let claim = claim(short, vec![source("On Rock", Some("https://a.example/b"))]);
    assert_eq!(
        page::pages(&claim, ButtonKind::Quotes),
        ["**Quotes and sources**\n\
          **Claim:** The moon is made of cheese.\n\n\
          [1] An Author, [*On Rock*](<https://a.example/b>), A Book, 1970, p. 7\n\
          -# primary source\n\
          > It is \\*rock\\*.\n\
          > All of it.\n\
          -# translation by us:\n\
          > Rock.\n\
          -# quoted in German · read in an excerpt of a public copy"]
    );
    assert_eq!(
        page::pages(&claim, ButtonKind::Full),
        ["**Full context**\n\
          **Claim:** The moon is made of cheese.\n\
          **Verdict:** Not what the record shows (those who study the record agree). Samples are rock.\n\n\
          Rock.[1]\n\n\
          **Sources**\n\
          -# [1] An Author, [*On Rock*](<https://a.example/b>), A Book, 1970, p. 7\n\n\
          -# published 2026-11-22 · reviewed 2026-11-22 · revision 01234567"]
    );
    assert!(page::pages(&claim, ButtonKind::NotSaid).is_empty());
}
