//! Cuts folded text into sentences and lines. Knows marks and spaces, no words but a few abbreviations.

use std::ops::Range;

use crate::text::markdown::Glyph;

/// How a segment ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum End {
    /// With a full stop, a line break, or nothing.
    #[default]
    Plain,
    /// With an exclamation mark.
    Exclamation,
    /// With a question mark.
    Question,
}

/// A sentence or a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Its tokens, as a range of the text's.
    pub tokens: Range<usize>,
    /// How it ends.
    pub end: End,
}

/// A segment before its tokens are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Its characters.
    pub glyphs: Range<usize>,
    /// How it ends.
    pub end: End,
}

/// A full stop after one of these ends no sentence.
const ABBREVIATIONS: &[&str] = &[
    "mr", "mrs", "ms", "dr", "prof", "st", "vs", "etc", "jan", "feb", "aug", "sep", "sept", "oct",
    "nov", "dec", "gov", "gen", "col", "lt", "sgt", "rev", "sen", "rep", "pres", "jr", "sr", "ca",
    "cf", "approx", "inc", "vol", "pp", "ed", "eds",
];

/// Cuts at line breaks, and at sentence marks that end a sentence.
pub fn cut(glyphs: &[Glyph]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while let Some(glyph) = glyphs.get(at) {
        let mut end = End::Plain;
        let mut stop = at + 1;
        let cuts = match glyph.c {
            '\n' | ';' => true,
            '.' | '!' | '?' => {
                while let Some(mark) =
                    glyphs.get(stop).filter(|next| matches!(next.c, '.' | '!' | '?'))
                {
                    let _ = mark;
                    stop += 1;
                }
                let marks = glyphs.get(at..stop).unwrap_or(&[]);
                if marks.iter().any(|mark| mark.c == '?') {
                    end = End::Question;
                } else if marks.iter().any(|mark| mark.c == '!') {
                    end = End::Exclamation;
                }
                // A closing mark behind the full stop still belongs to the sentence.
                while glyphs.get(stop).is_some_and(|next| matches!(next.c, '"' | '\'' | ')' | ']'))
                {
                    stop += 1;
                }
                ends_sentence(glyphs, at, stop, marks.len())
            }
            _ => false,
        };
        if cuts {
            pieces.push(Piece { glyphs: start..stop, end });
            start = stop;
        }
        at = stop;
    }
    pieces.push(Piece { glyphs: start..glyphs.len(), end: End::Plain });
    pieces
}

fn ends_sentence(glyphs: &[Glyph], at: usize, stop: usize, marks: usize) -> bool {
    let gap = glyphs.get(stop).is_none_or(|next| next.c.is_whitespace());
    if !gap {
        return false;
    }
    if marks > 1 || glyphs.get(at).is_some_and(|mark| mark.c != '.') {
        return true;
    }
    let word: String = glyphs
        .get(..at)
        .unwrap_or(&[])
        .iter()
        .rev()
        .take_while(|glyph| glyph.c.is_alphanumeric())
        .map(|glyph| glyph.c)
        .collect();
    let word: String = word.chars().rev().collect();
    let initial = word.chars().count() == 1 && word.chars().all(char::is_alphabetic);
    let dotted = initial
        && at >= 2
        && glyphs.get(at - 2).is_some_and(|before| before.c == '.' || before.c.is_whitespace());
    // "I." ends a sentence, "J. Edgar" and "U.S." do not.
    if dotted && word != "i" || ABBREVIATIONS.contains(&word.as_str()) {
        return glyphs.get(stop).is_none();
    }
    true
}
