//! Draws what appears in a channel as lines of a terminal or a pipe. Knows Discord's markdown as far as our replies use it.

use std::fmt::Write;

use crate::cli::chat::room::{Shown, buttons};
use crate::policy::reason::Reason;
use crate::reply::{ButtonKind, Reply, cut, words};

/// Where it is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// A terminal: marks as colours and weights, lines of a readable width.
    Terminal,
    /// A pipe: plain words, every line whole.
    Plain,
}

/// A readable width, in characters.
const WIDTH: usize = 80;

/// The most characters of a message that a reply's spine repeats.
const SPINE: usize = 60;

/// What appears, as lines with their ends.
pub(super) fn draw(shown: &Shown, style: Style) -> String {
    let mut out = String::new();
    match shown {
        Shown::Reply { to, reply } => {
            spine(to, &mut out, style);
            name("footnote", &mut out, style);
            with_buttons(reply, &ButtonKind::ALL, "  ", &mut out, style);
        }
        Shown::Card { to, line, draft } => {
            let title = dim("in the moderators' channel", style);
            line_end(&title, &mut out);
            name("footnote", &mut out, style);
            line_end(&format!("  you: {}\n  {line}", excerpt(to)), &mut out);
            if let Some(draft) = draft {
                markdown(&draft.content, "  │ ", &mut out, style);
                markdown("\\[ Post \\]  \\[ Not now \\]", "  ", &mut out, style);
            }
        }
        Shown::Private(pages) => {
            for page in pages {
                name("footnote", &mut out, style);
                markdown(page, "  ", &mut out, style);
                out.push_str("  ");
                line_end(&dim("only you can see this", style), &mut out);
            }
        }
        Shown::Silent { reason, hint } => {
            let mut line = format!("· silent: {}", reason.word());
            if needs_words(*reason) {
                line.push_str(". ");
                line.push_str(words::reason(*reason));
            }
            if let Some(hint) = hint {
                line.push_str(if needs_words(*reason) { " " } else { "; " });
                line.push_str(hint);
            }
            line_end(&dim(&line, style), &mut out);
        }
        Shown::Note(words) => {
            for line in words.lines() {
                // What somebody typed may not steer the terminal.
                let line: String = line.chars().filter(|c| !c.is_control()).collect();
                line_end(&dim(&line, style), &mut out);
            }
        }
    }
    out
}

/// Whether a reason's name alone would leave a person wondering.
fn needs_words(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::BelowThreshold
            | Reason::CooldownClaim
            | Reason::CooldownChannel
            | Reason::CooldownMember
            | Reason::Budget
            | Reason::Watch
            | Reason::Ambiguous
            | Reason::CommandOnly
    )
}

fn spine(to: &str, out: &mut String, style: Style) {
    let line = format!("╭─ you: {}", excerpt(to));
    line_end(&dim(&line, style), out);
}

fn line_end(line: &str, out: &mut String) {
    out.push_str(line);
    out.push('\n');
}

fn name(name: &str, out: &mut String, style: Style) {
    let line = match style {
        Style::Terminal => format!("\x1b[1m{name}\x1b[0m  \x1b[7m APP \x1b[0m"),
        Style::Plain => format!("{name}  APP"),
    };
    line_end(&line, out);
}

fn with_buttons(reply: &Reply, kinds: &[ButtonKind], indent: &str, out: &mut String, style: Style) {
    markdown(&reply.content, indent, out, style);
    markdown(&buttons(kinds), indent, out, style);
}

fn excerpt(words: &str) -> String {
    let shown: String = words.chars().filter(|c| !c.is_control()).collect();
    cut::clip(&shown, SPINE)
}

fn dim(words: &str, style: Style) -> String {
    match style {
        Style::Terminal => format!("\x1b[2m{words}\x1b[0m"),
        Style::Plain => words.to_owned(),
    }
}

/// How a character looks.
#[expect(clippy::struct_excessive_bools, reason = "four looks that go together freely")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Look {
    bold: bool,
    italic: bool,
    dim: bool,
    underlined: bool,
}

impl Look {
    fn codes(self) -> String {
        let mut codes = String::from("\x1b[0");
        for (on, code) in
            [(self.bold, ";1"), (self.dim, ";2"), (self.italic, ";3"), (self.underlined, ";4")]
        {
            if on {
                codes.push_str(code);
            }
        }
        codes.push('m');
        codes
    }
}

type Cell = (char, Look);

/// Some of Discord's markdown as lines, each after `indent`.
fn markdown(text: &str, indent: &str, out: &mut String, style: Style) {
    for line in text.lines() {
        let mut look = Look::default();
        let (mark, rest) = if let Some(rest) = line.strip_prefix("-# ") {
            look.dim = true;
            ("", rest)
        } else if let Some(rest) = line.strip_prefix("> ") {
            ("│ ", rest)
        } else {
            ("", line)
        };
        let cells = cells(rest, look);
        let width = WIDTH.saturating_sub(indent.chars().count() + mark.chars().count());
        let lines = match style {
            Style::Terminal => wrapped(&cells, width),
            Style::Plain => vec![cells],
        };
        for cells in lines {
            out.push_str(indent);
            out.push_str(mark);
            push(&cells, out, style);
            out.truncate(out.trim_end_matches(' ').len());
            out.push('\n');
        }
    }
}

/// The characters of a line with their looks, marks taken away.
fn cells(line: &str, base: Look) -> Vec<Cell> {
    let mut cells = Vec::new();
    let mut look = base;
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        let tail = rest.get(c.len_utf8()..).unwrap_or("");
        rest = tail;
        match c {
            '\\' => {
                if let Some(escaped) = tail.chars().next() {
                    cells.push((escaped, look));
                    rest = tail.get(escaped.len_utf8()..).unwrap_or("");
                }
            }
            '*' => {
                if let Some(after) = tail.strip_prefix('*') {
                    look.bold = !look.bold;
                    rest = after;
                } else {
                    look.italic = !look.italic;
                }
            }
            // A code mark, and the space without width that keeps marks apart.
            '`' | '\u{200b}' => {}
            '[' => {
                if let Some((inner, address, after)) = link(tail) {
                    cells.extend(self::cells(inner, Look { underlined: true, ..look }));
                    cells.push((' ', look));
                    cells.extend(address.chars().map(|c| (c, Look { dim: true, ..look })));
                    rest = after;
                } else {
                    cells.push((c, look));
                }
            }
            c => cells.push((c, look)),
        }
    }
    cells
}

/// Text, address and what follows, where a masked link begins here.
fn link(after_bracket: &str) -> Option<(&str, &str, &str)> {
    let mut escaped = false;
    let end = after_bracket.find(|c: char| {
        let ends = c == ']' && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    })?;
    let (inner, rest) = after_bracket.split_at_checked(end)?;
    let rest = rest.strip_prefix("](")?;
    let (address, after) = rest.split_once(')')?;
    Some((inner, address, after))
}

fn wrapped(cells: &[Cell], width: usize) -> Vec<Vec<Cell>> {
    let mut lines = vec![Vec::new()];
    for word in cells.split_inclusive(|(c, _)| *c == ' ') {
        let length = word.iter().filter(|(c, _)| *c != ' ').count();
        if let Some(line) = lines.last_mut() {
            if line.is_empty() || line.len() + length <= width {
                line.extend_from_slice(word);
            } else {
                lines.push(word.to_vec());
            }
        }
    }
    lines
}

fn push(cells: &[Cell], out: &mut String, style: Style) {
    let mut now = Look::default();
    for (c, look) in cells {
        if style == Style::Terminal && *look != now {
            out.push_str(&look.codes());
            now = *look;
        }
        // What somebody quoted may not steer the terminal.
        if !c.is_control() {
            let _ = out.write_char(*c);
        }
    }
    if now != Look::default() {
        out.push_str(&Look::default().codes());
    }
}

#[cfg(test)]
mod tests {
    use super::{Style, draw, markdown};
    use crate::cli::chat::room::Shown;
    use crate::policy::reason::Reason;

    fn drawn(text: &str, style: Style) -> String {
        let mut out = String::new();
        markdown(text, "", &mut out, style);
        out
    }

    #[test]
    fn markdown_becomes_plain_words_in_a_pipe() {
        for (text, expected) in [
            ("**a** *b* `c`", "a b c\n"),
            (r"\*a\* 1\. b\_c", "*a* 1. b_c\n"),
            ("[*a \\]b*](<https://c.d/e>), [1]", "a ]b <https://c.d/e>, [1]\n"),
            ("-# small\n> quoted\n\nend", "small\n│ quoted\n\nend\n"),
            ("@\u{200b}everyone", "@everyone\n"),
        ] {
            assert_eq!(drawn(text, Style::Plain), expected, "{text}");
        }
    }

    #[test]
    fn a_terminal_gets_looks_and_lines_of_a_readable_width() {
        assert_eq!(drawn("**a** b", Style::Terminal), "\x1b[0;1ma\x1b[0m b\n");
        let long = drawn(&"word ".repeat(40), Style::Terminal);
        assert!(long.lines().count() == 3 && long.lines().all(|line| line.len() <= 80), "{long}");
    }

    #[test]
    fn a_note_cannot_steer_the_terminal() {
        let note = Shown::Note("no claim is called `\x1b[2J`\nsecond line".to_owned());
        assert_eq!(draw(&note, Style::Plain), "no claim is called `[2J`\nsecond line\n");
    }

    #[test]
    fn silence_says_how_to_go_on() {
        let silent = |reason, hint| draw(&Shown::Silent { reason, hint }, Style::Plain);
        assert_eq!(silent(Reason::Asked, None), "· silent: asked\n");
        assert_eq!(
            silent(Reason::CooldownClaim, Some("/reset forgets")),
            "· silent: cooldown-claim. This claim was answered in this channel a short while ago. /reset forgets\n"
        );
    }
}
