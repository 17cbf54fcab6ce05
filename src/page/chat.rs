//! A reply as a channel shows it: the markdown that our replies use, as HTML. Knows Discord's look, not what is said.

use crate::page::html::Html;
use crate::reply::markdown::address;

/// Some of Discord's markdown, a block a line.
pub fn markdown(text: &str, html: &mut Html) {
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("-# ") {
            html.element("p", &[("class", "small")], |html| runs(rest, html));
        } else if let Some(rest) = line.strip_prefix("> ") {
            html.element("blockquote", &[], |html| runs(rest, html));
        } else if let Some(rest) = line.strip_prefix("- ") {
            html.element("p", &[("class", "item")], |html| runs(rest, html));
        } else if line.is_empty() {
            html.element("p", &[("class", "gap")], |_| {});
        } else {
            html.element("p", &[], |html| runs(line, html));
        }
    }
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
    use super::markdown;
    use crate::page::html::Html;

    #[test]
    fn marks_become_elements_and_nothing_else_does() {
        for (text, expected) in [
            ("**a** *b* `c`", "<p><strong>a</strong> <em>b</em> <code>c</code></p>"),
            ("**a *b***", "<p><strong>a <em>b</em></strong></p>"),
            ("*a **b***", "<p><em>a <strong>b</strong></em></p>"),
            (r"\*a\* 1\. <b>", "<p>*a* 1. &lt;b&gt;</p>"),
            (
                "-# s\n> q\n\n- i",
                "<p class=\"small\">s</p><blockquote>q</blockquote><p class=\"gap\"></p><p class=\"item\">i</p>",
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
