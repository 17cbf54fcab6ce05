//! A response as lines of a message, and what readers see of them. Knows neither claims nor limits.

use crate::model::body::{Block, Inline};
use crate::reply::limits;
use crate::reply::markdown::{self, push_number, push_shown};

/// What stands before a line on Discord.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Prefix {
    /// Nothing.
    None,
    /// Small print.
    Small,
    /// A quotation.
    Quote,
    /// A list's item with its mark.
    Item(String),
}

/// One line of Discord's markdown: a paragraph, an item, a quotation or small print.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Line {
    /// What stands before it.
    pub prefix: Prefix,
    /// What it says.
    pub runs: Vec<Inline>,
}

impl Line {
    /// A plain paragraph.
    pub fn new(runs: Vec<Inline>) -> Self {
        Self { prefix: Prefix::None, runs }
    }

    /// A line of bold words.
    pub fn bold(words: &str) -> Self {
        Self::new(vec![Inline::Strong(vec![Inline::Text(words.to_owned())])])
    }

    /// A line of small print.
    pub fn small(runs: Vec<Inline>) -> Self {
        Self { prefix: Prefix::Small, runs }
    }

    /// The same kind of line with other runs.
    #[must_use]
    pub fn with(&self, runs: Vec<Inline>) -> Self {
        Self { prefix: self.prefix.clone(), runs }
    }
}

/// The lines of some blocks.
pub fn lines(blocks: &[Block]) -> Vec<Line> {
    let mut out = Vec::new();
    for block in blocks {
        match block {
            Block::Paragraph(runs) => out.push(Line::new(runs.clone())),
            Block::Quote(runs) => out.push(Line { prefix: Prefix::Quote, runs: runs.clone() }),
            Block::List { ordered, items } => {
                for (at, runs) in (0_u64..).zip(items) {
                    let mark = ordered
                        .map_or("- ".to_owned(), |first| format!("{}. ", first.saturating_add(at)));
                    out.push(Line { prefix: Prefix::Item(mark), runs: runs.clone() });
                }
            }
        }
    }
    out
}

/// The number under which readers see each source of a claim's list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Numbers(Vec<usize>);

impl Numbers {
    /// Numbers from 1 in the order of `cited`, then the rest of `count` sources in their own order.
    pub fn new(cited: &[usize], count: usize) -> Self {
        let mut order: Vec<usize> = Vec::with_capacity(count);
        for source in cited.iter().copied().chain(0..count) {
            if source < count && !order.contains(&source) {
                order.push(source);
            }
        }
        Self(order)
    }

    /// The sources by their number.
    pub fn order(&self) -> &[usize] {
        &self.0
    }

    /// The number of a source; none for one that the claim does not have.
    pub fn number(&self, source: usize) -> Option<usize> {
        self.0.iter().position(|one| *one == source).map(|at| at + 1)
    }
}

/// A line as Discord's markdown.
pub fn line(line: &Line, numbers: &Numbers) -> String {
    let (first, next) = match &line.prefix {
        Prefix::None => ("", ""),
        Prefix::Small => ("-# ", "-# "),
        Prefix::Quote => ("> ", "> "),
        Prefix::Item(mark) => (mark.as_str(), "  "),
    };
    markdown::write(&line.runs, first, next, numbers)
}

/// Several lines, one below the other, with an empty one between paragraphs where `airy`.
pub fn all(these: &[Line], numbers: &Numbers, airy: bool) -> String {
    let mut out = String::new();
    for (at, one) in these.iter().enumerate() {
        if at > 0 {
            let before = at.checked_sub(1).and_then(|before| these.get(before));
            let apart = airy && before.is_some_and(|before| apart(before, one));
            out.push_str(if apart { "\n\n" } else { "\n" });
        }
        out.push_str(&line(one, numbers));
    }
    out
}

/// Whether an empty line stands between two lines.
fn apart(before: &Line, after: &Line) -> bool {
    matches!(
        (&before.prefix, &after.prefix),
        (Prefix::None | Prefix::Quote, Prefix::None | Prefix::Quote)
    )
}

/// What a reader sees of some runs: words, numbers of sources, no marks and no addresses.
pub fn visible(runs: &[Inline], numbers: &Numbers) -> String {
    let mut out = String::new();
    for run in runs {
        match run {
            Inline::Text(text) | Inline::Code(text) => {
                for c in text.chars() {
                    push_shown(c, &mut out);
                }
            }
            Inline::Emphasis(inner) | Inline::Strong(inner) => {
                out.push_str(&visible(inner, numbers));
            }
            Inline::Link { text, .. } => out.push_str(&visible(text, numbers)),
            Inline::Cite(source) => {
                if let Some(number) = numbers.number(*source) {
                    push_number(number, &mut out);
                }
            }
            Inline::Break => out.push('\n'),
        }
    }
    out
}

/// How many characters a reader sees of some lines, counted as [`limits::length`] does.
pub fn visible_length(these: &[Line], numbers: &Numbers) -> usize {
    let breaks = these.len().saturating_sub(1);
    breaks
        + these
            .iter()
            .map(|line| {
                let mark = if let Prefix::Item(mark) = &line.prefix { mark.len() } else { 0 };
                mark + limits::length(&visible(&line.runs, numbers))
            })
            .sum::<usize>()
}

/// Words that people wrote, as Discord's markdown that shows them to the letter; line breaks stay.
pub fn escape(text: &str) -> String {
    let numbers = Numbers::default();
    let runs = broken(text);
    line(&Line::new(runs), &numbers)
}

/// A text of several lines as runs with breaks between them.
pub fn broken(text: &str) -> Vec<Inline> {
    let mut runs = Vec::new();
    for (at, line) in text.trim_end().split('\n').enumerate() {
        if at > 0 {
            runs.push(Inline::Break);
        }
        runs.push(Inline::Text(line.trim_end_matches('\r').to_owned()));
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::{Line, Numbers, Prefix, escape, line, lines, visible};
    use crate::model::body::{Block, Inline};
    use crate::reply::markdown::address;

    fn text(words: &str) -> Inline {
        Inline::Text(words.to_owned())
    }

    fn rendered(runs: Vec<Inline>) -> String {
        line(&Line::new(runs), &Numbers::new(&[], 3))
    }

    #[test]
    fn nothing_in_words_is_markup() {
        for (words, expected) in [
            ("plain, words.", "plain, words."),
            ("*a* _b_ ~~c~~ `d` ||e||", r"\*a\* \_b\_ \~\~c\~\~ \`d\` \|\|e\|\|"),
            (r"a\b", r"a\\b"),
            ("# a", r"\# a"),
            ("  # a", r"  \# a"),
            ("-# a", r"\-# a"),
            ("- a - b", r"\- a - b"),
            ("> a > b", r"\> a > b"),
            ("1. a 2. b", r"1\. a 2. b"),
            ("1940 was", "1940 was"),
            ("1940. It", r"1940\. It"),
            ("<@123> <#1> <:a:1>", r"\<@123> \<#1> \<\:a:1>"),
            ("@everyone", "@\u{200b}everyone"),
            ("@here.", "@\u{200b}here."),
            ("a@b.c", "a@b.c"),
            ("[a](http://b.c)", r"\[a\]\(http\://b.c)"),
            ("see https://a.b/c", r"see https\://a.b/c"),
            (":smile: at 10:30", r"\:smile: at 10:30"),
            ("a\u{7}b\tc", "ab c"),
        ] {
            assert_eq!(rendered(vec![text(words)]), expected, "{words}");
        }
    }

    #[test]
    fn lines_of_a_text_stay_lines() {
        assert_eq!(escape("a\r\n- b\n\n# c\n"), "a\n\\- b\n\n\\# c");
    }

    #[test]
    fn marks_touch_words_and_not_each_other() {
        let em = |words: &str| Inline::Emphasis(vec![text(words)]);
        let strong = |words: &str| Inline::Strong(vec![text(words)]);
        for (runs, expected) in [
            (vec![em("a")], "*a*"),
            (vec![strong("a"), em("b")], "**a**\u{200b}*b*"),
            (vec![em(" a ")], " a"),
            (vec![em("")], ""),
            (vec![Inline::Strong(vec![em("a"), text(" b")])], "**\u{200b}*a* b**"),
            (vec![Inline::Emphasis(vec![em("a")])], "*a*"),
            (vec![Inline::Code("a*b".to_owned())], "`a*b`"),
            (vec![Inline::Code("a`b".to_owned())], r"a\`b"),
            (vec![Inline::Cite(0), text("(see")], r"[1]\(see"),
            (vec![Inline::Cite(9), text("a")], "a"),
            (vec![text("a"), Inline::Break, text("- b")], "a\n\\- b"),
        ] {
            assert_eq!(rendered(runs.clone()), expected, "{runs:?}");
        }
    }

    #[test]
    fn links_have_no_preview_and_cannot_be_left_early() {
        let link = |url: &str, inner| Inline::Link { url: url.to_owned(), text: inner };
        for (run, expected) in [
            (link("https://a.b/c", vec![text("d")]), "[d](<https://a.b/c>)"),
            (link("https://a.b/c_(d)>", vec![text("e]")]), r"[e\]](<https://a.b/c_%28d%29%3E>)"),
            (link("javascript:x", vec![text("d")]), "d"),
            (link("https://a.b/ c", vec![text("d")]), "d"),
            (link("https://a.b", vec![text(" ")]), ""),
            (link("https://a.b", vec![text("d"), Inline::Cite(1)]), "[d](<https://a.b>)[2]"),
        ] {
            assert_eq!(rendered(vec![run.clone()]), expected, "{run:?}");
        }
        assert_eq!(address(&format!("https://a.b/{}", "c".repeat(600))), None);
    }

    #[test]
    fn blocks_become_lines_with_their_prefix() {
        let blocks = [
            Block::Paragraph(vec![text("a")]),
            Block::List { ordered: None, items: vec![vec![text("b")]] },
            Block::List { ordered: Some(3), items: vec![vec![text("c")], vec![text("d")]] },
            Block::Quote(vec![text("e"), Inline::Break, text("f")]),
        ];
        let numbers = Numbers::default();
        let out: Vec<String> = lines(&blocks).iter().map(|one| line(one, &numbers)).collect();
        assert_eq!(out, ["a", "- b", "3. c", "4. d", "> e\n> f"]);
        let small = Line { prefix: Prefix::Small, runs: vec![text("g")] };
        assert_eq!(line(&small, &numbers), "-# g");
    }

    #[test]
    fn sources_are_numbered_in_the_order_in_which_they_are_cited() {
        let numbers = Numbers::new(&[2, 0, 2, 7], 4);
        assert_eq!(numbers.order(), [2, 0, 1, 3]);
        assert_eq!(numbers.number(2), Some(1));
        assert_eq!(numbers.number(7), None);
        assert_eq!(visible(&[text("a"), Inline::Cite(0)], &numbers), "a[2]");
    }
}
