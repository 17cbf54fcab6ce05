//! Cuts words out of folded text and undoes what is done to hide them. Knows no phrasing.

use std::ops::Range;

use crate::text::fold::look_alike;
use crate::text::lexicon;
use crate::text::markdown::Glyph;

/// A word or number as it is compared, with the place it was typed at.
#[expect(clippy::struct_excessive_bools, reason = "each says something else of how it was typed")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The folded word: lower case, no accents, no apostrophes, leetspeak undone.
    pub text: String,
    /// What its other forms share: see [`lexicon::stem`].
    pub stem: String,
    /// The bytes it was typed as.
    pub span: Range<usize>,
    /// Whether it stands in somebody else's words.
    pub quoted: bool,
    /// Whether a comma, dash, colon or bracket stands between it and the token before it.
    pub after_break: bool,
    /// Whether it was typed wholly in capitals.
    pub capitals: bool,
    /// Whether it owns what stands behind it: "Stalin's".
    pub owns: bool,
}

/// At least so many single letters in a row are one word spelled out: "j o i n". Three would join "I a m".
const SPELLED_OUT: usize = 4;
/// With dots or dashes between them two are enough: "U.S.".
const DOTTED: usize = 2;

/// Reads the tokens of one segment, until there are `most` with those before it.
pub fn read_into(glyphs: &[Glyph], most: usize, tokens: &mut Vec<Token>) {
    let mut words = words(glyphs);
    join_spelled_out(glyphs, &mut words);
    let mut previous_end = 0;
    for word in words {
        let gap = glyphs.get(previous_end..word.start).unwrap_or(&[]);
        let after_break = previous_end > 0
            && gap
                .iter()
                .any(|glyph| matches!(glyph.c, ',' | ':' | '-' | '(' | ')' | '=' | '>' | '/'))
            && !matches!(gap, [hyphen] if hyphen.c == '-');
        previous_end = word.end;
        let of_word = glyphs.get(word.clone()).unwrap_or(&[]);
        for part in humps(glyphs, &word, of_word) {
            if tokens.len() >= most {
                return;
            }
            push(part, after_break, tokens);
        }
    }
}

/// The ranges of glyphs that are words: letters and digits, with what may stand inside.
fn words(glyphs: &[Glyph]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut start = None;
    for at in 0..=glyphs.len() {
        let inside = glyphs.get(at).is_some_and(|glyph| {
            glyph.c.is_alphanumeric()
                || start.map_or_else(|| opens(glyphs, at), |_| joins(glyphs, at))
        });
        match (start, inside) {
            (None, true) => start = Some(at),
            (Some(first), false) => {
                found.push(first..at);
                start = None;
            }
            (None, false) | (Some(_), true) => {}
        }
    }
    found
}

fn near(glyphs: &[Glyph], at: usize, step: isize) -> Option<char> {
    at.checked_add_signed(step).and_then(|at| glyphs.get(at)).map(|glyph| glyph.c)
}

/// Whether a symbol stands for a letter at the start of a word: "$talin", "@xis".
fn opens(glyphs: &[Glyph], at: usize) -> bool {
    let here = near(glyphs, at, 0);
    let next_is_letter = near(glyphs, at, 1).is_some_and(char::is_alphabetic);
    here == Some('$') && next_is_letter
}

/// Whether a mark inside a word belongs to it.
fn joins(glyphs: &[Glyph], at: usize) -> bool {
    let (before, after) = (near(glyphs, at, -1), near(glyphs, at, 1));
    let letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    match near(glyphs, at, 0) {
        // "don't", "Stalin's", "m@th", "h!tler"
        Some('\'' | '@' | '!') => letter(before) && letter(after),
        // "1,000,000", "1.5"
        Some(',' | '.') => (digit(before) && digit(after)) || oh_for_zero(glyphs, at),
        // "U$$R"
        Some('$') => word(before) || before == Some('$'),
        _ => false,
    }
}

/// Whether a mark stands among digits of which some are typed as the letter O: "5OO.OOO".
fn oh_for_zero(glyphs: &[Glyph], at: usize) -> bool {
    let numeral = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit() || c == 'o');
    let digit_before =
        (1..=3).any(|back| near(glyphs, at, -back).is_some_and(|c| c.is_ascii_digit()));
    digit_before
        && numeral(near(glyphs, at, -1))
        && (1..=3).all(|ahead| numeral(near(glyphs, at, ahead)))
}

/// Joins runs of single letters: "a.x.i.s", "j o i n e d".
fn join_spelled_out(glyphs: &[Glyph], words: &mut Vec<Range<usize>>) {
    // "a **C h r i s t i a n**": the marks of emphasis that were dropped part "a" from the word.
    let gap_of = |a: &Range<usize>, b: &Range<usize>| -> Option<(char, usize)> {
        match glyphs.get(a.end..b.start) {
            Some([one]) => {
                let start = glyphs.get(a.end - 1).map_or(one.start, |before| before.end);
                let end = glyphs.get(b.start).map_or(one.end, |after| after.start);
                // Characters taken apart out of one have all the same place: "℀".
                Some((one.c, end.saturating_sub(start)))
            }
            _ => None,
        }
    };
    let single = |word: &Range<usize>| {
        word.len() == 1 && glyphs.get(word.start).is_some_and(|glyph| glyph.c.is_alphabetic())
    };
    // "S S", "U S S R", but not "I A": a pronoun and an article are words in capitals too.
    let initials = |from: usize, to: usize| {
        words.get(from..=to).unwrap_or(&[]).iter().all(|word| {
            glyphs
                .get(word.start)
                .is_some_and(|glyph| glyph.capital && !matches!(glyph.c, 'i' | 'a'))
        })
    };
    let mut joined: Vec<Range<usize>> = Vec::with_capacity(words.len());
    let mut at = 0;
    while let Some(first) = words.get(at) {
        let mut last = at;
        let mut gap = None;
        if single(first) {
            while let (Some(here), Some(next)) = (words.get(last), words.get(last + 1)) {
                let between = gap_of(here, next);
                let fits = between.is_some_and(|(c, _)| matches!(c, '.' | ' ' | '-' | '_' | '*'))
                    && (gap.is_none() || gap == between);
                if !single(next) || !fits {
                    break;
                }
                gap = between;
                last += 1;
            }
        }
        let letters = last - at + 1;
        let spaced = gap.is_some_and(|(c, _)| c == ' ') && !initials(at, last);
        let enough = if spaced { SPELLED_OUT } else { DOTTED };
        if letters >= enough
            && let Some(end) = words.get(last)
        {
            joined.push(first.start..end.end);
            at = last + 1;
        } else {
            joined.push(first.clone());
            at += 1;
        }
    }
    *words = joined;
}

/// Words written as one have at least so many letters where no `#` says that they are several: "`SpiritAirlines`",
/// but "`YouTube`" and "`McDonald`" are one.
const HUMP: usize = 4;

/// The words inside a hashtag or a handle, `#StopTheSteal`, and inside `SpiritAirlines`; any other word is one.
fn humps<'a>(glyphs: &[Glyph], word: &Range<usize>, of_word: &'a [Glyph]) -> Vec<&'a [Glyph]> {
    let tagged = near(glyphs, word.start, -1).is_some_and(|c| matches!(c, '#' | '@'));
    let least = if tagged { 1 } else { HUMP };
    let mut parts = Vec::new();
    let mut start = 0;
    for at in 1..of_word.len() {
        let (Some(before), Some(here)) = (of_word.get(at - 1), of_word.get(at)) else { continue };
        if before.capital || !here.capital || at - start < least {
            continue;
        }
        let rest = of_word.get(at + 1..).unwrap_or(&[]);
        if rest.iter().take_while(|glyph| !glyph.capital).count() + 1 >= least {
            parts.extend(of_word.get(start..at));
            start = at;
        }
    }
    parts.extend(of_word.get(start..));
    parts
}

fn push(part: &[Glyph], after_break: bool, tokens: &mut Vec<Token>) {
    let (Some(first), Some(last)) = (part.first(), part.last()) else { return };
    let typed: String = part.iter().map(|glyph| glyph.c).collect();
    let text = clean(&typed);
    let owns = typed.strip_suffix("'s").is_some_and(|owner| !lexicon::takes_is(owner));
    if text.is_empty() {
        return;
    }
    let letters = part.iter().filter(|glyph| glyph.c.is_alphabetic()).count();
    let capitals =
        letters > 0 && part.iter().all(|glyph| !glyph.c.is_alphabetic() || glyph.capital);
    let quoted = 2 * part.iter().filter(|glyph| glyph.quoted).count() > part.len();
    let stem = lexicon::stem(&text);
    let span = first.start..last.end;
    tokens.push(Token { text, stem, span, quoted, after_break, capitals, owns });
}

/// A word as it is compared.
pub fn clean(typed: &str) -> String {
    // Nearly every word: there is nothing to undo.
    if typed.bytes().all(|b| b.is_ascii_lowercase()) {
        return squeeze(typed);
    }
    let mut word: String =
        typed.chars().filter(|c| !matches!(c, '.' | ' ' | '-' | '_' | '*')).collect();
    if word.contains('.') || typed.contains('.') && typed.bytes().any(|b| b.is_ascii_digit()) {
        typed.clone_into(&mut word);
    }
    let mut word = unmask(&word);
    if let Some(owner) = word.strip_suffix("'s") {
        // "Stalin's" is Stalin; "it's" is a pronoun with its verb.
        word = if lexicon::takes_is(owner) { format!("{owner}s") } else { owner.to_owned() };
    }
    word.retain(|c| c != '\'');
    let numeric = word.starts_with(|c: char| c.is_ascii_digit());
    if numeric {
        word.retain(|c| c != ',');
    }
    let word = unleet(&digits(&word));
    squeeze(&word)
}

/// Letters among digits that stand for digits: "5OO.OOO", "l940".
fn digits(word: &str) -> String {
    let is_digit = |c: char| c.is_ascii_digit();
    let stands_for = |c: char| matches!(c, 'o' | 'l' | 'i');
    let count = word.chars().filter(|c| is_digit(*c)).count();
    let only = word.chars().all(|c| is_digit(c) || stands_for(c) || matches!(c, '.' | ','));
    if count == 0 || !only || word.len() < 3 || word.chars().all(|c| is_digit(c) || c == '.') {
        return word.to_owned();
    }
    let read = word.chars().filter(|c| *c != ',').map(|c| match c {
        'o' => '0',
        'l' | 'i' => '1',
        other => other,
    });
    read.collect()
}

/// Look-alike letters of a word that mixes scripts become Latin.
fn unmask(word: &str) -> String {
    let latin = word.chars().any(|c| c.is_ascii_alphabetic());
    if word.is_ascii() || !latin {
        return word.to_owned();
    }
    word.chars().map(|c| look_alike(c).unwrap_or(c)).collect()
}

/// Digits and symbols that stand for letters. A number with a suffix or a name with a number
/// ("1940s", "4th", "ww2", "b17") is left alone: its digits stand together at one end.
fn unleet(word: &str) -> String {
    let letters = word.chars().filter(char::is_ascii_alphabetic).count();
    if letters == 0 || !word.is_ascii() {
        return word.to_owned();
    }
    let symbol = word.contains(['$', '@', '!']);
    let bytes = word.as_bytes();
    let digit_between = bytes.iter().enumerate().any(|(at, b)| {
        b.is_ascii_digit()
            && bytes.iter().take(at).any(u8::is_ascii_alphabetic)
            && bytes.iter().skip(at).any(u8::is_ascii_alphabetic)
    });
    // "4xis": one digit before letters that are no suffix of a number.
    let leading = bytes.first().is_some_and(u8::is_ascii_digit)
        && bytes.iter().filter(|b| b.is_ascii_digit()).count() == 1
        && letters >= 3;
    if !symbol && !digit_between && !leading {
        return word.to_owned();
    }
    word.chars()
        .map(|c| match c {
            '0' => 'o',
            '1' | '!' => 'i',
            '3' => 'e',
            '4' | '@' => 'a',
            '5' | '$' => 's',
            '7' => 't',
            '8' => 'b',
            other => other,
        })
        .collect()
}

/// No letter stands more than twice in a row in an English word.
fn squeeze(word: &str) -> String {
    let mut before = [0; 2];
    let thrice = word.bytes().any(|b| {
        let again = before == [b, b];
        before = [before[1], b];
        again
    });
    if word.is_ascii() && !thrice {
        return word.to_owned();
    }
    let mut out = String::with_capacity(word.len());
    let (mut last, mut run) = ('\0', 0);
    for c in word.chars() {
        run = if c == last { run + 1 } else { 1 };
        last = c;
        if run <= 2 || !c.is_alphabetic() {
            out.push(c);
        }
    }
    out
}
