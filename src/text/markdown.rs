//! Takes Discord's marks off a message: code, links, mentions and custom emoji go, emphasis and spoilers
//! leave their words. Knows neither letters' look-alikes nor what words mean.

use std::ops::Range;

/// A character of the original that people read, with the bytes it came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glyph {
    /// The character.
    pub c: char,
    /// First byte in the original.
    pub start: usize,
    /// One past its last byte in the original.
    pub end: usize,
    /// Whether it stands in somebody else's words: a block quotation or quotation marks.
    pub quoted: bool,
    /// Whether it was typed as a capital letter.
    pub capital: bool,
}

/// Longer passages between quotation marks are two marks that do not belong together.
const LONGEST_QUOTATION: usize = 400;

/// The characters people read. What was dropped leaves a space where it parted words.
pub fn strip(original: &str) -> Vec<Glyph> {
    let mut glyphs = Vec::with_capacity(original.len());
    let mut rest_quoted = false;
    let mut at = 0;
    let fences = fences(original);
    while at < original.len() {
        if let Some(fence) = fences.iter().find(|fence| fence.contains(&at)) {
            push(&mut glyphs, '\n', fence.clone(), false);
            at = fence.end;
            continue;
        }
        let tail = original.get(at..).unwrap_or("");
        let next_fence = fences.iter().map(|fence| fence.start).find(|start| *start > at);
        let line_end = tail.find('\n').map_or(original.len(), |newline| at + newline + 1);
        let line_end = next_fence.map_or(line_end, |fence| line_end.min(fence));
        let line = original.get(at..line_end).unwrap_or("");
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        let body = line.get(indent..).unwrap_or("");
        let mut skip = indent;
        let mut quoted = rest_quoted;
        if body.starts_with(">>> ") {
            (rest_quoted, quoted, skip) = (true, true, indent + 4);
        } else if body.starts_with("> ") || body.trim_end() == ">" {
            (quoted, skip) = (true, indent + 1);
        } else if let Some(mark) =
            ["### ", "## ", "# ", "-# ", "- ", "* "].iter().find(|mark| body.starts_with(**mark))
        {
            skip = indent + mark.len();
        }
        inline(original, at + skip..line_end, quoted, &mut glyphs);
        at = line_end;
    }
    mark_quotations(&mut glyphs);
    glyphs
}

/// The code blocks of a message; one that is never closed is no code block.
fn fences(original: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = original.get(at..).and_then(|tail| tail.find("```")) {
        let start = at + open;
        let Some(close) = original.get(start + 3..).and_then(|tail| tail.find("```")) else {
            break;
        };
        let end = start + 3 + close + 3;
        found.push(start..end);
        at = end;
    }
    found
}

fn push(glyphs: &mut Vec<Glyph>, c: char, bytes: Range<usize>, quoted: bool) {
    glyphs.push(Glyph { c, start: bytes.start, end: bytes.end, quoted, capital: c.is_uppercase() });
}

/// Reads the inline marks of one line.
fn inline(original: &str, line: Range<usize>, quoted: bool, glyphs: &mut Vec<Glyph>) {
    let mut at = line.start;
    // Ends of masked links whose text is being read: there the address is skipped.
    let mut links: Vec<(usize, usize)> = Vec::new();
    // The second of two marks of code around a word that is read.
    let mut ticked: Option<usize> = None;
    while at < line.end {
        // Nearly every character opens and closes nothing; "h" may open an address.
        let plain = original.as_bytes().get(at).copied();
        let plain =
            plain.filter(|byte| byte.is_ascii_alphanumeric() && *byte != b'h' || *byte == b' ');
        if let Some(byte) = plain.filter(|_| links.is_empty()) {
            push(glyphs, char::from(byte), at..at + 1, quoted);
            at += 1;
            continue;
        }
        let tail = original.get(at..line.end).unwrap_or("");
        let Some(c) = tail.chars().next() else { break };
        if let Some(at_link) = links.iter().position(|(text_end, _)| *text_end == at) {
            at = links.swap_remove(at_link).1;
            continue;
        }
        if ticked == Some(at) {
            ticked = None;
            at += 1;
            continue;
        }
        if let Some(length) = emphasised(tail) {
            ticked = Some(at + 1 + length);
            at += 1;
            continue;
        }
        if let Some(length) = dropped(tail, glyphs.last().map(|glyph| glyph.c)) {
            push(glyphs, ' ', at..at + length, quoted);
            at += length;
            continue;
        }
        if c == '['
            && let Some((text_end, link_end)) = masked_link(tail)
        {
            links.push((at + text_end, at + link_end));
            at += 1;
            continue;
        }
        // "nazis = socialists"
        let spaced = glyphs.last().is_some_and(|glyph| glyph.c == ' ') && tail.starts_with("= ");
        if spaced {
            for letter in "is".chars() {
                push(glyphs, letter, at..at + 1, quoted);
            }
            at += 1;
            continue;
        }
        if let Some(length) = mark(tail, glyphs.last().map(|glyph| glyph.c)) {
            at += length;
            continue;
        }
        if c == '\\' && tail.chars().nth(1).is_some_and(|next| next.is_ascii_punctuation()) {
            at += 1;
            let next = original.get(at..).and_then(|rest| rest.chars().next()).unwrap_or(' ');
            push(glyphs, next, at..at + next.len_utf8(), quoted);
            at += next.len_utf8();
            continue;
        }
        // The text of a link is a headline: the words of whoever wrote what it leads to.
        let headline = !links.is_empty();
        push(glyphs, c, at..at + c.len_utf8(), quoted || headline);
        at += c.len_utf8();
    }
}

/// The length of something at the start of `tail` that is not read: code, an address, a mention, an emoji's name.
fn dropped(tail: &str, before: Option<char>) -> Option<usize> {
    if tail.starts_with('`') {
        let ticks = tail.len() - tail.trim_start_matches('`').len();
        let rest = tail.get(ticks..)?;
        let fence = tail.get(..ticks)?;
        return rest.find(fence).filter(|length| *length > 0).map(|length| ticks + length + ticks);
    }
    if tail.starts_with('<') {
        let close = tail.find('>')?;
        let inner = tail.get(1..close)?;
        let mention = inner.starts_with(['@', '#', '/', ':'])
            || inner.starts_with("a:")
            || inner.starts_with("t:")
            || inner.starts_with("id:")
            || inner.starts_with("http://")
            || inner.starts_with("https://");
        return (mention && !inner.contains(char::is_whitespace) || inner.starts_with('/'))
            .then_some(close + 1);
    }
    if tail.starts_with("http://") || tail.starts_with("https://") {
        let end = tail
            .find(|c: char| c.is_whitespace() || matches!(c, '>' | '<' | '"'))
            .unwrap_or(tail.len());
        let address = tail.get(..end)?;
        // Discord leaves the mark that ends the sentence out of the link.
        return Some(address.trim_end_matches(['.', ',', '!', '?', ')', ';', ':']).len());
    }
    if tail.starts_with(':') && !before.is_some_and(char::is_alphanumeric) {
        let name = tail.get(1..)?;
        let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '~')?;
        let closed = name.get(end..)?.starts_with(':');
        let letters = name.get(..end)?.bytes().filter(u8::is_ascii_alphabetic).count();
        return (closed && end >= 2 && letters > 0).then_some(end + 2);
    }
    None
}

/// Marks of code around so few words are emphasis: people who write about history seldom write programs.
const EMPHASISED: usize = 2;

/// How many bytes of code at the start of `tail` are a word or two between two marks.
fn emphasised(tail: &str) -> Option<usize> {
    let rest = tail.strip_prefix('`')?;
    let length = rest.find('`').filter(|length| *length > 0)?;
    rest.get(..length).is_some_and(reads_as_words).then_some(length)
}

fn reads_as_words(code: &str) -> bool {
    code.split(' ').count() <= EMPHASISED
        && code.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '\'' | '’'))
}

/// Where the text and the whole of `[text](address)` end, counted from the start of `tail`.
fn masked_link(tail: &str) -> Option<(usize, usize)> {
    let text_end = tail.find("](")?;
    if tail.get(1..text_end)?.contains('\n') {
        return None;
    }
    let address = tail.get(text_end + 2..)?;
    let close = address.find(')')?;
    let starts = address.trim_start_matches('<');
    (starts.starts_with("http://") || starts.starts_with("https://"))
        .then_some((text_end, text_end + 2 + close + 1))
}

/// The length of an emphasis or spoiler mark at the start of `tail`.
fn mark(tail: &str, before: Option<char>) -> Option<usize> {
    if tail.starts_with("||") || tail.starts_with("~~") {
        return Some(2);
    }
    // Only these come in runs that are looked to the end of.
    let c = tail.chars().next().filter(|c| matches!(c, '*' | '_'))?;
    let run = tail.len() - tail.trim_start_matches(c).len();
    match c {
        '*' => {
            // `5 * 3` is no emphasis, and a letter starred out is one letter of a word.
            let after = tail.get(run..).and_then(|rest| rest.chars().next());
            let spaced =
                before.is_none_or(char::is_whitespace) && after.is_none_or(char::is_whitespace);
            (!spaced).then_some(run)
        }
        '_' => {
            let after = tail.get(run..).and_then(|rest| rest.chars().next());
            let inside = before.is_some_and(char::is_alphanumeric)
                && after.is_some_and(char::is_alphanumeric);
            (!inside).then_some(run)
        }
        _ => None,
    }
}

/// Marks what stands between quotation marks of one line.
fn mark_quotations(glyphs: &mut [Glyph]) {
    let mut open: Option<(usize, char)> = None;
    for at in 0..glyphs.len() {
        let Some(glyph) = glyphs.get(at).copied() else { continue };
        if glyph.c == '\n' {
            open = None;
            continue;
        }
        if let Some((start, close)) = open {
            if glyph.c == close || (close == '”' && matches!(glyph.c, '“' | '"')) {
                if at - start <= LONGEST_QUOTATION {
                    glyphs
                        .iter_mut()
                        .take(at)
                        .skip(start + 1)
                        .for_each(|inner| inner.quoted = true);
                }
                open = None;
            }
            continue;
        }
        let closing = match glyph.c {
            '"' => '"',
            '“' | '„' => '”',
            '«' => '»',
            '»' => '«',
            '‘' => '’',
            _ => continue,
        };
        // An inch mark or a stray closing mark opens nothing: an opening mark follows a gap.
        let before = at.checked_sub(1).and_then(|before| glyphs.get(before)).map(|glyph| glyph.c);
        if before.is_none_or(|c| !c.is_alphanumeric()) {
            open = Some((at, closing));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::strip;

    fn shown(typed: &str) -> String {
        strip(typed).iter().map(|glyph| glyph.c).collect()
    }

    fn quoted(typed: &str) -> String {
        strip(typed).iter().filter(|glyph| glyph.quoted).map(|glyph| glyph.c).collect()
    }

    #[test]
    fn marks_go_and_words_stay() {
        for (typed, expected) in [
            ("**bold** and *it* and __u__", "bold and it and u"),
            ("snake_case stays", "snake_case stays"),
            ("5 * 3", "5 * 3"),
            ("a `x = 1` b", "a   b"),
            ("a ``code`` b", "a   b"),
            ("a `let us go` b", "a   b"),
            ("the `Axis` pact", "the Axis pact"),
            ("it = that", "it is that"),
            ("a == b, a=b", "a == b, a=b"),
            ("a ` b", "a ` b"),
            ("~~gone~~ ||hid||", "gone hid"),
            ("- item", "item"),
            ("# Head", "Head"),
            ("\\*kept\\*", "*kept*"),
            (":sob: at 10:30:00", "  at 10:30:00"),
            ("[x](https://e.org) y", "x y"),
            ("(https://e.org/x).", "( )."),
            ("a < b > c", "a < b > c"),
        ] {
            assert_eq!(shown(typed), expected, "{typed:?}");
        }
    }

    #[test]
    fn others_words_are_marked() {
        for (typed, expected) in [
            ("> all of it\nnot this", " all of it\n"),
            (">>> all\nof it", "all\nof it"),
            ("he said \"this\" here", "this"),
            ("curly “this one” too", "this one"),
            ("5\" and 6\" wide", ""),
            ("never \"closed", ""),
            ("it's John's", ""),
        ] {
            assert_eq!(quoted(typed), expected, "{typed:?}");
        }
    }
}
