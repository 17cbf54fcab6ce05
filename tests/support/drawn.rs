//! Draws a message of the bot as Discord shows it, as SVG, for the documents. Knows the few signs of markdown that our messages use, and nothing of what is said.

use std::fmt::Write;

/// All measures are in pixels of the picture.
const WIDTH: usize = 760;
const LEFT: usize = 72;
const LINE: usize = 21;
/// How wide a letter is, in hundredths of its size; the widest of the fonts that may draw it.
const LETTER: usize = 51;
const BUTTON: usize = 32;

/// How some words look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Look {
    bold: bool,
    italic: bool,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Kind {
    #[default]
    Plain,
    Code,
    Link,
}

type Word = (String, Look);

/// A line as it stands in a picture.
struct Row {
    words: Vec<Word>,
    size: usize,
    indent: usize,
    is_quote: bool,
    is_block: bool,
}

/// A message with its buttons; `only_you` is said of what nobody else sees.
pub(crate) fn picture(title: &str, content: &str, buttons: &[&str], only_you: bool) -> String {
    let rows = rows(content);
    let (mut body, mut y) = (String::new(), 40);
    let mut was_block = false;
    for row in &rows {
        // A block stands a little apart.
        y += if row.is_block == was_block { 0 } else { 5 };
        was_block = row.is_block;
        y += if row.size < 15 { LINE - 3 } else { LINE };
        draw(row, y, &mut body);
    }
    if !buttons.is_empty() {
        y += 14;
        draw_buttons(buttons, &mut y, &mut body);
    }
    if only_you {
        y += LINE;
        text(LEFT, y, 12, "#949ba4", "Only you can see this", &mut body);
    }
    let height = y + 20;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" \
         height=\"{height}\" role=\"img\" aria-labelledby=\"what\" font-family=\"'gg sans', 'Noto Sans', \
         'Helvetica Neue', Helvetica, Arial, sans-serif\">\n  <title id=\"what\">{}</title>\n  \
         <rect width=\"{WIDTH}\" height=\"{height}\" rx=\"8\" fill=\"#313338\"/>\n  \
         <circle cx=\"36\" cy=\"44\" r=\"20\" fill=\"#8a6d3b\"/>\n",
        escaped(title)
    );
    svg.push_str("  <text x=\"36\" y=\"55\" font-size=\"26\" fill=\"#f2f3f5\" text-anchor=\"middle\">¹</text>\n");
    svg.push_str("  <text x=\"72\" y=\"38\" font-size=\"15\" fill=\"#f2f3f5\" font-weight=\"600\">footnote</text>\n");
    svg.push_str(
        "  <rect x=\"146\" y=\"25\" width=\"34\" height=\"16\" rx=\"4\" fill=\"#5865f2\"/>\n",
    );
    svg.push_str("  <text x=\"151\" y=\"37\" font-size=\"11\" fill=\"#ffffff\" font-weight=\"600\">APP</text>\n");
    svg.push_str(&body);
    svg.push_str("</svg>\n");
    svg
}

fn text(x: usize, y: usize, size: usize, fill: &str, words: &str, out: &mut String) {
    let words = escaped(words);
    writeln!(
        out,
        "  <text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" fill=\"{fill}\">{words}</text>"
    )
    .expect("a string");
}

fn draw(row: &Row, y: usize, out: &mut String) {
    if row.is_quote {
        let top = y - 16;
        writeln!(
            out,
            "  <rect x=\"{LEFT}\" y=\"{top}\" width=\"4\" height=\"{LINE}\" fill=\"#4e5058\"/>"
        )
        .expect("a string");
    }
    if row.is_block {
        let (top, width) = (y - 16, WIDTH - LEFT - 24);
        writeln!(
            out,
            "  <rect x=\"{LEFT}\" y=\"{top}\" width=\"{width}\" height=\"{LINE}\" fill=\"#2b2d31\"/>"
        )
        .expect("a string");
    }
    let mut spans = String::new();
    for (words, look) in &row.words {
        let words = escaped(words);
        let mut style = String::new();
        if look.bold {
            style.push_str(" font-weight=\"600\"");
        }
        if look.italic {
            style.push_str(" font-style=\"italic\"");
        }
        if look.kind == Kind::Code {
            style.push_str(" font-family=\"monospace\" fill=\"#e3e5e8\"");
        }
        if look.kind == Kind::Link {
            style.push_str(" fill=\"#00a8fc\"");
        }
        if style.is_empty() {
            spans.push_str(&words);
        } else {
            write!(spans, "<tspan{style}>{words}</tspan>").expect("a string");
        }
    }
    let (x, size) = (LEFT + row.indent, row.size);
    let fill = if size < 15 && !row.is_block { "#b5bac1" } else { "#dbdee1" };
    writeln!(
        out,
        "  <text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" fill=\"{fill}\" xml:space=\"preserve\">{spans}</text>"
    )
    .expect("a string");
}

fn draw_buttons(labels: &[&str], y: &mut usize, out: &mut String) {
    let mut x = LEFT;
    for label in labels {
        let width = 32 + wide(label, 15);
        if x + width > WIDTH - 24 {
            (x, *y) = (LEFT, *y + BUTTON + 8);
        }
        let (middle, base) = (x + width / 2, *y + 21);
        writeln!(
            out,
            "  <rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{BUTTON}\" rx=\"6\" fill=\"#4e5058\"/>\n  \
             <text x=\"{middle}\" y=\"{base}\" font-size=\"14\" fill=\"#ffffff\" text-anchor=\"middle\">{}</text>",
            escaped(label)
        )
        .expect("a string");
        x += width + 8;
    }
    *y += BUTTON;
}

fn wide(words: &str, size: usize) -> usize {
    words.chars().count() * size * LETTER / 100
}

fn escaped(words: &str) -> String {
    words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn rows(content: &str) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut in_block = false;
    for line in content.lines() {
        if line.starts_with("```") {
            in_block = !in_block;
            continue;
        }
        if in_block {
            let look = Look { kind: Kind::Code, ..Look::default() };
            let words = vec![(line.to_owned(), look)];
            rows.push(Row { words, size: 14, indent: 10, is_quote: false, is_block: true });
            continue;
        }
        let (is_quote, line) = line.strip_prefix("> ").map_or((false, line), |rest| (true, rest));
        let (size, line) = line.strip_prefix("-# ").map_or((15, line), |rest| (12, rest));
        let (bullet, line) = line.strip_prefix("- ").map_or(("", line), |rest| ("•  ", rest));
        let mut words = vec![(bullet.to_owned(), Look::default())];
        runs(line, Look::default(), &mut words);
        let indent = if is_quote { 14 } else { 0 };
        for words in wrapped(words, size, WIDTH - LEFT - 24 - indent) {
            rows.push(Row { words, size, indent, is_quote, is_block: false });
        }
    }
    rows
}

/// The words of a line with their looks.
fn runs(line: &str, look: Look, words: &mut Vec<Word>) {
    let mut plain = String::new();
    let mut rest = line;
    loop {
        let mut chars = rest.chars();
        let Some(c) = chars.next() else { break };
        let tail = chars.as_str();
        if c == '\\' {
            plain.extend(chars.next());
            rest = chars.as_str();
            continue;
        }
        let bold = tail.strip_prefix('*').filter(|_| c == '*');
        let found = match (c, bold) {
            ('*', Some(tail)) => {
                tail.split_once("**").map(|cut| (cut, Look { bold: true, ..look }))
            }
            ('*', None) => tail.split_once('*').map(|cut| (cut, Look { italic: true, ..look })),
            ('`', _) => tail.split_once('`').map(|cut| (cut, Look { kind: Kind::Code, ..look })),
            ('[', _) => tail.split_once("](").and_then(|(inner, after)| {
                let (_, after) = after.split_once(')')?;
                // The number of a source stands in brackets too.
                let is_link = !inner.contains('[');
                is_link.then_some(((inner, after), Look { kind: Kind::Link, ..look }))
            }),
            _ => None,
        };
        let Some(((inner, after), inside)) = found else {
            plain.push(c);
            rest = tail;
            continue;
        };
        words.push((std::mem::take(&mut plain), look));
        if inside.kind == Kind::Code {
            words.push((inner.to_owned(), inside));
        } else {
            runs(inner, inside, words);
        }
        rest = after;
    }
    words.push((plain, look));
}

/// Lines that are no wider than so much, broken between words.
fn wrapped(words: Vec<Word>, size: usize, width: usize) -> Vec<Vec<Word>> {
    let mut lines: Vec<Vec<Word>> = vec![Vec::new()];
    let mut at = 0;
    for (run, look) in words {
        for piece in run.split_inclusive(' ') {
            let length = wide(piece.trim_end(), size);
            if at > 0 && at + length > width {
                lines.push(Vec::new());
                at = 0;
            }
            at += wide(piece, size);
            let line = lines.last_mut().expect("there is one");
            match line.last_mut() {
                Some((before, same)) if *same == look => before.push_str(piece),
                _ => line.push((piece.to_owned(), look)),
            }
        }
    }
    lines
}
