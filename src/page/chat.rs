//! A reply as a channel shows it: the markdown that our replies use, as HTML. Knows Discord's look, not what is said.

use crate::page::html::Html;
use crate::reply::markdown::address;

/// Some of Discord's markdown: a block a line, save that quoted lines and items that follow each other
/// are one quotation and one list.
pub fn markdown(text: &str, html: &mut Html) {
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if let Some(rest) = line.strip_prefix("-# ") {
            html.element("p", &[("class", "small")], |html| runs(rest, html));
        } else if let Some(rest) = line.strip_prefix("> ") {
            html.element("blockquote", &[], |html| {
                paragraph(rest, html);
                while let Some(rest) = lines.peek().and_then(|line| line.strip_prefix("> ")) {
                    paragraph(rest, html);
                    lines.next();
                }
            });
        } else if let Some((mark, rest)) = item(line) {
            let (tag, start) = match mark {
                Mark::Bullet => ("ul", None),
                Mark::Number(first) => ("ol", Some(("start", first))),
            };
            html.element(tag, start.as_slice(), |html| {
                let mut rest = Some(rest);
                while let Some(words) = rest {
                    html.element("li", &[], |html| {
                        runs(words, html);
                        while let Some(more) = lines.peek().and_then(|line| line.strip_prefix("  "))
                        {
                            html.open("br", &[]);
                            runs(more, html);
                            lines.next();
                        }
                    });
                    let next = lines.peek().and_then(|line| item(line));
                    rest = next.filter(|(next, _)| next.is_like(mark)).map(|(_, rest)| rest);
                    if rest.is_some() {
                        lines.next();
                    }
                }
            });
        } else {
            paragraph(line, html);
        }
    }
}

/// A line of text, or an empty one.
fn paragraph(line: &str, html: &mut Html) {
    if line.is_empty() {
        html.element("p", &[("class", "gap")], |_| {});
    } else {
        html.element("p", &[], |html| runs(line, html));
    }
}

/// What stands before an item of a list.
#[derive(Clone, Copy)]
enum Mark<'a> {
    Bullet,
    Number(&'a str),
}

impl Mark<'_> {
    /// Whether both stand in the same list.
    fn is_like(self, other: Mark<'_>) -> bool {
        matches!(self, Mark::Bullet) == matches!(other, Mark::Bullet)
    }
}

/// The mark of an item, and what it says. Where a text merely begins like one, a backslash stands between.
fn item(line: &str) -> Option<(Mark<'_>, &str)> {
    if let Some(rest) = line.strip_prefix("- ") {
        return Some((Mark::Bullet, rest));
    }
    let (number, rest) = line.split_once(". ")?;
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some((Mark::Number(number), rest))
}

/// The shape of a box that an arrow leaves, in a square of 24.
const LEAVES: &str =
    "M11 5H6a2 2 0 0 0-2 2v11a2 2 0 0 0 2 2h11a2 2 0 0 0 2-2v-5M15 3h6v6M20 4l-8 8";

/// A button that leads to a page on the web, with the mark that says so.
pub fn link_button(label: &str, to: &str, html: &mut Html) {
    // Whoever looks at the drawing keeps it, and the site does not hear where they came from.
    let attributes = [("href", to), ("target", "_blank"), ("rel", "noopener noreferrer")];
    html.element("a", &attributes, |html| {
        html.text(label);
        let frame = [("viewBox", "0 0 24 24"), ("role", "img"), ("aria-label", "leaves Discord")];
        html.element("svg", &frame, |html| {
            html.element("path", &[("d", LEAVES)], |_| {});
        });
    });
}

/// What stands in one line.
fn runs(line: &str, html: &mut Html) {
    let mut plain = String::new();
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        let tail = rest.get(c.len_utf8()..).unwrap_or("");
        if c == '\\' {
            let escaped = tail.chars().next();
            plain.extend(escaped);
            rest = tail.get(escaped.map_or(0, char::len_utf8)..).unwrap_or("");
            continue;
        }
        let found = match c {
            '*' if tail.starts_with('*') => {
                tail.get(1..).and_then(|tail| closed(tail, 2)).map(|(inner, after)| {
                    flush(&mut plain, html);
                    html.element("strong", &[], |html| runs(inner, html));
                    after
                })
            }
            '*' => closed(tail, 1).map(|(inner, after)| {
                flush(&mut plain, html);
                html.element("em", &[], |html| runs(inner, html));
                after
            }),
            '`' => tail.split_once('`').map(|(inner, after)| {
                flush(&mut plain, html);
                html.words("code", &[], inner);
                after
            }),
            '[' => link(tail).map(|(inner, to, after)| {
                flush(&mut plain, html);
                html.element("a", &[("href", &to), ("rel", "noreferrer")], |html| {
                    runs(inner, html);
                });
                after
            }),
            _ => None,
        };
        rest = found.unwrap_or_else(|| {
            plain.push(c);
            tail
        });
    }
    flush(&mut plain, html);
}

fn flush(plain: &mut String, html: &mut Html) {
    html.text(plain);
    plain.clear();
}

/// What stands before the stars that close a mark of one or two, and behind them. Of three in a row the
/// last belong to the mark that was opened first.
fn closed(text: &str, stars: usize) -> Option<(&str, &str)> {
    let mut rest = text;
    while let Some((before, _)) = until(rest, "*") {
        let start = text.len() - rest.len() + before.len();
        let from = text.get(start..)?;
        let row = from.len() - from.trim_start_matches('*').len();
        if if stars == 1 { row % 2 == 1 } else { row >= 2 } {
            let end = start + row;
            return Some((text.get(..end - stars)?, text.get(end..)?));
        }
        rest = text.get(start + row..)?;
    }
    None
}

/// What stands before the next unescaped mark, and behind it.
fn until<'a>(text: &'a str, mark: &str) -> Option<(&'a str, &'a str)> {
    let at = text.match_indices(mark).map(|(at, _)| at).find(|at| {
        let before = text.get(..*at).unwrap_or("");
        let slashes = before.len() - before.trim_end_matches('\\').len();
        slashes % 2 == 0
    })?;
    Some((text.get(..at)?, text.get(at + mark.len()..)?))
}

/// Text, address and what follows, where a masked link to the web begins here.
fn link(tail: &str) -> Option<(&str, String, &str)> {
    let (inner, rest) = until(tail, "]")?;
    let (to, after) = rest.strip_prefix("(<")?.split_once(">)")?;
    Some((inner, address(to)?, after))
}

#[cfg(test)]
mod tests {
    use super::{link_button, markdown};
    use crate::page::html::Html;

    #[test]
    fn a_way_out_opens_elsewhere_and_is_marked_for_ears_too() {
        let mut html = Html::default();
        link_button("Open", "https://a.b/?c&d", &mut html);
        let html = html.document();
        for part in [
            "<a href=\"https://a.b/?c&amp;d\" target=\"_blank\" rel=\"noopener noreferrer\">Open<svg",
            "role=\"img\" aria-label=\"leaves Discord\"",
        ] {
            assert!(html.contains(part), "{part}\n{html}");
        }
    }

    #[test]
    fn marks_become_elements_and_nothing_else_does() {
        for (text, expected) in [
            ("**a** *b* `c`", "<p><strong>a</strong> <em>b</em> <code>c</code></p>"),
            ("**a *b***", "<p><strong>a <em>b</em></strong></p>"),
            ("*a **b***", "<p><em>a <strong>b</strong></em></p>"),
            (r"\*a\* 1\. <b>", "<p>*a* 1. &lt;b&gt;</p>"),
            (
                "-# s\n> q\n\n- i",
                "<p class=\"small\">s</p><blockquote><p>q</p></blockquote><p class=\"gap\"></p><ul><li>i</li></ul>",
            ),
            (
                "> a\n> \n> *b*\nc\n> d",
                "<blockquote><p>a</p><p class=\"gap\"></p><p><em>b</em></p></blockquote><p>c</p><blockquote><p>d</p></blockquote>",
            ),
            (
                "- a\n  b\n- c\n3. d\n4. e\n4.5. f",
                "<ul><li>a<br>b</li><li>c</li></ul><ol start=\"3\"><li>d</li><li>e</li></ol><p>4.5. f</p>",
            ),
            (
                "[*a \\]b*](<https://c.d/e>), [1]",
                "<p><a href=\"https://c.d/e\" rel=\"noreferrer\"><em>a ]b</em></a>, [1]</p>",
            ),
            ("[a](<javascript:x>)", "<p>[a](&lt;javascript:x&gt;)</p>"),
            ("*a", "<p>*a</p>"),
        ] {
            let mut html = Html::default();
            markdown(text, &mut html);
            assert_eq!(html.document(), format!("<!doctype html>\n{expected}\n"), "{text}");
        }
    }
}
