//! Folds characters that people take for the same: case, width, accents, quotation marks, invisible ones. Knows no words.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::text::markdown::Glyph;

/// The same text in fewer characters; each still knows the bytes it came from.
pub fn fold(glyphs: &[Glyph]) -> Vec<Glyph> {
    fold_until(glyphs, usize::MAX)
}

/// The same until there are `most` characters: one that stands for a phrase is taken apart into up to 18.
pub fn fold_until(glyphs: &[Glyph], most: usize) -> Vec<Glyph> {
    let mut folded: Vec<Glyph> = Vec::with_capacity(glyphs.len());
    for glyph in glyphs {
        if folded.len() >= most {
            break;
        }
        // Nearly every character, so it is looked at first.
        if glyph.c.is_ascii() {
            folded.push(Glyph { c: glyph.c.to_ascii_lowercase(), ..*glyph });
            continue;
        }
        if is_invisible(glyph.c) || is_combining_mark(glyph.c) {
            // It belongs to the letter before it: a span must not end inside what people see as one.
            if let Some(before) = folded.last_mut().filter(|before| before.c.is_alphanumeric()) {
                before.end = glyph.end;
            }
            continue;
        }
        let plain = punctuation(glyph.c).unwrap_or(glyph.c);
        for part in std::iter::once(plain).nfkd().filter(|c| !is_combining_mark(*c)) {
            for lower in part.to_lowercase().filter(|c| !is_combining_mark(*c)) {
                // What a mark is taken apart into may be such marks again: "‴", "ŉ".
                let lower = punctuation(lower).unwrap_or(lower);
                match letters(lower) {
                    Some(two) => folded.extend(two.chars().map(|c| Glyph { c, ..*glyph })),
                    None => folded.push(Glyph { c: lower, ..*glyph }),
                }
            }
        }
    }
    folded
}

/// Characters that nobody sees: format characters, joiners, variation selectors, tags.
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// Typographic marks as their plain kin.
fn punctuation(c: char) -> Option<char> {
    Some(match c {
        '‘' | '’' | '‚' | '‛' | '′' | 'ʼ' | '`' | '´' => '\'',
        '“' | '”' | '„' | '‟' | '″' | '«' | '»' => '"',
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => '-',
        '…' => '.',
        '¿' => '?',
        '¡' => '!',
        _ => return None,
    })
}

/// Letters that Unicode does not take apart, as people type them without their keyboard, and a few marks read as words.
fn letters(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ı' => "i",
        'ħ' => "h",
        // Marks that people put beside what they call untrue.
        '❌' | '✖' | '🚫' => " false, ",
        '🧢' => " cap, ",
        _ => return None,
    })
}

/// The Latin letter that a Cyrillic, Greek or other letter is taken for at a glance.
///
/// Only used inside a word that mixes scripts: by itself a Cyrillic word is Cyrillic.
/// The pairs are those of Unicode's `confusables.txt` that are lower-case letters after folding.
pub fn look_alike(c: char) -> Option<char> {
    Some(match c {
        'а' | 'α' | 'ɑ' => 'a',
        'в' | 'ь' | 'β' => 'b',
        'с' | 'ϲ' => 'c',
        'ԁ' => 'd',
        'е' | 'є' | 'ε' | 'ҽ' => 'e',
        'ԍ' | 'ɡ' => 'g',
        'н' | 'һ' => 'h',
        'і' | 'ι' | 'ӏ' | 'ɩ' => 'i',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'м' | 'μ' => 'm',
        'п' | 'η' | 'ո' => 'n',
        'о' | 'ο' | 'σ' | 'օ' => 'o',
        'р' | 'ρ' => 'p',
        'ԛ' => 'q',
        'г' | 'ɾ' => 'r',
        'ѕ' => 's',
        'т' | 'τ' => 't',
        'υ' | 'ս' | 'и' => 'u',
        'ѵ' | 'ν' => 'v',
        'ԝ' | 'ω' | 'ш' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'γ' => 'y',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::fold;
    use crate::text::markdown::Glyph;

    fn folded(typed: &str) -> String {
        let glyph = |(start, c): (usize, char)| Glyph {
            c,
            start,
            end: start + c.len_utf8(),
            quoted: false,
            capital: c.is_uppercase(),
        };
        let glyphs: Vec<Glyph> = typed.char_indices().map(glyph).collect();
        fold(&glyphs).iter().map(|glyph| glyph.c).collect()
    }

    /// Characters fold one by one, so this holds of every text.
    #[test]
    fn folding_any_character_twice_is_folding_it_once() {
        let changes = |c: &char| {
            let once = folded(&c.to_string());
            folded(&once) != once
        };
        let changed: Vec<char> = ('\0'..=char::MAX).filter(changes).collect();
        assert!(changed.is_empty(), "{changed:?}");
    }

    #[test]
    fn marks_that_hide_in_others_are_folded_too() {
        for (typed, expected) in [("ŉ", "'n"), ("\u{fe58}", "-"), ("‴", "'''"), ("ǆ", "dz")] {
            assert_eq!(folded(typed), expected, "{typed:?}");
        }
    }
}
