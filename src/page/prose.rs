//! The text of a response as HTML, each citation a link to its source on the same page. Knows not what the text is about.

use crate::model::body::{self, Block, Inline};
use crate::page::html::Html;
use crate::reply::markdown::address;
use crate::reply::render::Numbers;

/// Blocks of text.
pub fn blocks(blocks: &[Block], numbers: &Numbers, html: &mut Html) {
    for block in blocks {
        match block {
            Block::Paragraph(inlines) => {
                html.element("p", &[], |html| runs(inlines, numbers, html));
            }
            Block::Quote(inlines) => {
                html.element("blockquote", &[], |html| {
                    html.element("p", &[], |html| runs(inlines, numbers, html));
                });
            }
            Block::List { ordered, items } => {
                let first = ordered.map(|first| first.to_string());
                let (tag, attributes) = match &first {
                    Some(first) => ("ol", vec![("start", first.as_str())]),
                    None => ("ul", Vec::new()),
                };
                html.element(tag, &attributes, |html| {
                    for item in items {
                        html.element("li", &[], |html| runs(item, numbers, html));
                    }
                });
            }
        }
    }
}

/// Runs of text.
pub fn runs(inlines: &[Inline], numbers: &Numbers, html: &mut Html) {
    for inline in inlines {
        run(inline, numbers, false, html);
    }
}

/// The place of a source's entry on its page, by its number.
pub fn anchor(number: usize) -> String {
    format!("source-{number}")
}

fn run(inline: &Inline, numbers: &Numbers, linked: bool, html: &mut Html) {
    let all = |inner: &[Inline], linked: bool, html: &mut Html| {
        for inline in inner {
            run(inline, numbers, linked, html);
        }
    };
    match inline {
        Inline::Text(text) => {
            html.text(text);
        }
        Inline::Code(text) => {
            html.words("code", &[], text);
        }
        Inline::Emphasis(inner) => {
            html.element("em", &[], |html| all(inner, linked, html));
        }
        Inline::Strong(inner) => {
            html.element("strong", &[], |html| all(inner, linked, html));
        }
        Inline::Break => {
            html.open("br", &[]);
        }
        Inline::Link { url, text } => match address(url).filter(|_| !linked) {
            Some(to) => {
                html.element("a", &[("href", &to), ("rel", "noreferrer")], |html| {
                    all(text, true, html);
                });
                // A link cannot stand in a link: what its words cite is named behind it.
                let cited = body::citations(&[Block::Paragraph(text.clone())]);
                for source in cited {
                    cite(source, numbers, html);
                }
            }
            None => all(text, linked, html),
        },
        Inline::Cite(_) if linked => {}
        Inline::Cite(source) => cite(*source, numbers, html),
    }
}

fn cite(source: usize, numbers: &Numbers, html: &mut Html) {
    let Some(number) = numbers.number(source) else { return };
    let to = format!("#{}", anchor(number));
    let label = format!("Source {number}");
    html.element("sup", &[], |html| {
        html.words("a", &[("href", &to), ("aria-label", &label)], &format!("[{number}]"));
    });
}

#[cfg(test)]
mod tests {
    use super::blocks;
    use crate::model::body::{Block, Inline};
    use crate::page::html::Html;
    use crate::reply::render::Numbers;

    #[test]
    fn each_run_becomes_its_element() {
        let text = |words: &str| Inline::Text(words.to_owned());
        let link = |url: &str, text| Inline::Link { url: url.to_owned(), text };
        let one = "<sup><a href=\"#source-1\" aria-label=\"Source 1\">[1]</a></sup>";
        for (block, expected) in [
            (Block::Paragraph(vec![text("a<b"), Inline::Cite(1)]), format!("<p>a&lt;b{one}</p>")),
            (Block::Paragraph(vec![text("a"), Inline::Cite(9)]), "<p>a</p>".to_owned()),
            (
                Block::Quote(vec![Inline::Emphasis(vec![text("a")]), Inline::Break]),
                "<blockquote><p><em>a</em><br></p></blockquote>".to_owned(),
            ),
            (
                Block::List { ordered: Some(3), items: vec![vec![Inline::Code("a".to_owned())]] },
                "<ol start=\"3\"><li><code>a</code></li></ol>".to_owned(),
            ),
            (
                Block::List { ordered: None, items: vec![vec![Inline::Strong(vec![text("a")])]] },
                "<ul><li><strong>a</strong></li></ul>".to_owned(),
            ),
            (
                Block::Paragraph(vec![link("https://a.b/c", vec![text("d"), Inline::Cite(1)])]),
                format!("<p><a href=\"https://a.b/c\" rel=\"noreferrer\">d</a>{one}</p>"),
            ),
            (Block::Paragraph(vec![link("javascript:x", vec![text("d")])]), "<p>d</p>".to_owned()),
        ] {
            let mut html = Html::default();
            blocks(&[block], &Numbers::new(&[1], 2), &mut html);
            assert_eq!(html.document(), format!("<!doctype html>\n{expected}\n"));
        }
    }
}
