//! Text as people type it becomes segments and tokens that point back into the original. Knows no claim and no channel.
//!
//! The order matters: marks go first, because `**Mol**otov` is one word and `a_b` is not emphasis;
//! characters are folded next, one by one, so that each still knows its bytes; tokens are cut from
//! the folded characters, and only whole tokens show whether a digit is leetspeak or a number.

pub mod fold;
pub mod lexicon;
pub mod markdown;
pub mod number;
pub mod segment;
pub mod token;

use crate::text::segment::Segment;
use crate::text::token::Token;

/// A message ready to be matched.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    /// All tokens in order.
    pub tokens: Vec<Token>,
    /// Sentences and lines, in order; together they cover all tokens.
    pub segments: Vec<Segment>,
}

impl Text {
    /// The place of the segment that holds a token.
    pub fn segment_of(&self, token: usize) -> Option<usize> {
        let at = self.segments.partition_point(|segment| segment.tokens.end <= token);
        self.segments.get(at).filter(|segment| segment.tokens.contains(&token)).map(|_| at)
    }
}

/// So many bytes of a message are read: twice what Discord lets anybody type (4,000 characters), and a
/// bound on the time that any text can cost.
pub const LONGEST: usize = 16_000;

/// So many tokens of a message are read: as many as words fit into 4,000 characters, each with a gap behind it.
/// Single characters that stand for whole phrases or fractions would make six times as many, and no message of
/// 42,902 public ones has a tenth.
pub const TOKENS: usize = 2_000;

/// Reads one message. Never fails: whatever was typed has a reading, be it an empty one. What stands
/// beyond [`LONGEST`] bytes, so many folded characters, or [`TOKENS`] is not read.
pub fn read(original: &str) -> Text {
    let end = (0..=LONGEST.min(original.len())).rev().find(|at| original.is_char_boundary(*at));
    let original = original.get(..end.unwrap_or(0)).unwrap_or("");
    let glyphs = fold::fold_until(&markdown::strip(original), LONGEST);
    let pieces = segment::cut(&glyphs);
    let mut text = Text::default();
    for piece in pieces {
        let start = text.tokens.len();
        let of_piece = glyphs.get(piece.glyphs.clone()).unwrap_or(&[]);
        token::read_into(of_piece, TOKENS, &mut text.tokens);
        number::join(&mut text.tokens, start);
        if text.tokens.len() > start {
            text.segments.push(Segment { tokens: start..text.tokens.len(), end: piece.end });
        } else if let Some(last) = text.segments.last_mut() {
            // "they did ... ?": a lone mark belongs to what stands before it.
            last.end = last.end.max(piece.end);
        }
        if text.tokens.len() >= TOKENS {
            break;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::read;

    fn words(text: &str) -> String {
        let read = read(text);
        let of = |segment: &crate::text::segment::Segment| {
            let tokens = read.tokens.get(segment.tokens.clone()).unwrap_or(&[]);
            tokens.iter().map(|token| token.text.as_str()).collect::<Vec<_>>().join(" ")
        };
        read.segments.iter().map(of).collect::<Vec<_>>().join(" / ")
    }

    #[test]
    fn what_people_type_becomes_words() {
        for (typed, expected) in [
            ("", ""),
            ("   \n ", ""),
            ("Hello, world!", "hello world"),
            ("One. Two? three", "one / two / three"),
            ("**Mol**otov de**man**ded", "molotov demanded"),
            ("||spoiler|| here", "spoiler here"),
            ("`let x = 1` stays out", "stays out"),
            ("```rust\nfn main() {}\n```after", "after"),
            ("see https://example.org/a-b?c=d now", "see now"),
            ("[the words](https://example.org) stay", "the words stay"),
            ("<@123> hi <:smile:42> <#7> there", "hi there"),
            ("B\u{200b}o\u{200b}s\u{200b}p", "bosp"),
            ("decla\u{ad}ration", "declaration"),
            ("Ｊｕｌｙ ４ 𝐬𝐢𝐠𝐧𝐞𝐝", "july 4 signed"),
            ("einstëin fäiled", "einstein failed"),
            ("the Ахіs", "the axis"),
            ("Это по-русски", "это по русски"),
            ("U$$R agr33d j0in n0v m@th h!tler", "ussr agreed join nov math hitler"),
            ("in 1940 the 4th, 1940s, B17 and WW2", "in 1940 the 4th 1940s b17 and ww2"),
            ("a.x.i.s and U.S.S.R. and U.S. troops", "axis and ussr and us troops"),
            ("they j o i n e d it", "they joined it"),
            ("I a m here", "i a m here"),
            ("soooooo goood", "soo good"),
            ("it's Stalin's, they didn't", "its stalin they didnt"),
            ("1,000,000 dead", "1000000 dead"),
            ("#StopTheSteal @realDonald", "stop the steal real donald"),
            ("Nov. 1940 Dr. Who", "nov 1940 dr who"),
            ("four-power pact", "four power pact"),
            ("axis💀power", "axis power"),
            ("a\nb", "a / b"),
            ("℀ and ℅", "a c and c o"),
        ] {
            assert_eq!(words(typed), expected, "{typed:?}");
        }
    }

    #[test]
    fn no_message_has_more_tokens_than_words_fit_in() {
        for typed in ["ﷺ", "½", "❌", "a ", "a;", "6 m "] {
            let read = read(&typed.repeat(4_000));
            assert!(read.tokens.len() <= super::TOKENS, "{typed:?}: {}", read.tokens.len());
            assert_eq!(read.segments.last().map(|last| last.tokens.end), Some(read.tokens.len()));
        }
    }

    #[test]
    fn tokens_point_back_into_the_original() {
        let typed = "**Mol**otov «ist» ｈｉｅｒ";
        let read = read(typed);
        let back = |at: usize| read.tokens.get(at).and_then(|token| typed.get(token.span.clone()));
        assert_eq!(back(0), Some("Mol**otov"));
        assert_eq!(back(1), Some("ist"));
        assert_eq!(back(2), Some("ｈｉｅｒ"));
    }

    proptest::proptest! {
        #[test]
        fn any_text_has_a_reading_with_honest_spans(typed in "\\PC{0,80}|[a-z0-9 .,!?'\"*_`|>\\n$@-]{0,120}") {
            let read = read(&typed);
            let mut covered = 0;
            for segment in &read.segments {
                proptest::prop_assert_eq!(segment.tokens.start, covered);
                covered = segment.tokens.end;
            }
            proptest::prop_assert_eq!(covered, read.tokens.len());
            for token in &read.tokens {
                proptest::prop_assert!(typed.get(token.span.clone()).is_some_and(|s| !s.is_empty()));
                proptest::prop_assert!(!token.text.is_empty());
            }
        }
    }
}
