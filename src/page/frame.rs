//! What stands around every page: its head, the ways to other pages, its heading. Knows not what a page is about.

use crate::page::html::Html;

/// What stands around one page.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// The heading, and the name of the page.
    pub title: &'a str,
    /// Whose page it is; stands behind its name.
    pub name: &'a str,
    /// The style sheet.
    pub style: &'a str,
    /// The script, where it has one.
    pub script: Option<&'a str>,
    /// The ways to other pages, each with its words.
    pub ways: &'a [(&'a str, &'a str)],
}

/// A whole page. `head` writes more into its head, ahead of style and script; `inside` what stands
/// below the heading.
pub fn page(
    frame: Frame<'_>,
    head: impl FnOnce(&mut Html),
    inside: impl FnOnce(&mut Html),
) -> String {
    let mut html = Html::default();
    html.element("html", &[("lang", "en")], |html| {
        html.element("head", &[], |html| {
            html.open("meta", &[("charset", "utf-8")]);
            let width = "width=device-width, initial-scale=1";
            html.open("meta", &[("name", "viewport"), ("content", width)]);
            head(html);
            html.words("title", &[], &format!("{} · {}", frame.title, frame.name));
            html.open("link", &[("rel", "stylesheet"), ("href", frame.style)]);
            if let Some(script) = frame.script {
                html.element("script", &[("src", script), ("defer", "")], |_| {});
            }
        });
        html.element("body", &[], |html| {
            html.element("nav", &[("aria-label", "Pages")], |html| {
                for (at, (to, words)) in frame.ways.iter().enumerate() {
                    if at > 0 {
                        html.text(" · ");
                    }
                    html.words("a", &[("href", to)], words);
                }
            });
            html.element("main", &[], |html| {
                html.words("h1", &[], frame.title);
                inside(html);
            });
        });
    });
    html.document()
}
