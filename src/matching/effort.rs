//! What one message costs the matcher, in steps, and the most that it may cost. Knows no clock and no message.
//!
//! A message has at most [`TOKENS`](crate::text::TOKENS) tokens. From there the steps grow so:
//!
//! | what | grows with | is at most |
//! | --- | --- | --- |
//! | words looked for among misspellings | unknown words | [`SPELLED`] |
//! | words that these are compared with | the store's words of like letters | [`COMPARED`] |
//! | terms seen | tokens, by misspellings and by names that start alike | [`SIGHTINGS`] |
//! | patterns laid over the message | claims whose words are seen | [`LAID`] |
//! | windows | patterns, by their words that are seen | [`WINDOWS`] |
//! | pairs in windows | windows, by the pattern's length and what is seen of it there | [`PAIRS`], and one window's |
//! | words compared with what a pattern expects | windows, by the same | [`EXPECTED`], and one window's |
//! | readings of what is done with a claim | phrasings that fit as well, near misses that fit better | [`READINGS`] |
//!
//! A reading looks at [`AROUND`](crate::matching::assertion::AROUND) words on each side. What does not grow with the message
//! is the index: a message of every word touches every entry of it once.
//! Without these bounds one phrasing repeated through 4,000 characters took 30,000 times as long as a chat message,
//! 0.64 seconds; the dearest message found now takes 24 milliseconds.
//! None of 42,902 public messages and none of the corpus meets one of them, and neither does any of 1,409 messages
//! of 4,000 characters that are made of the public ones.

use crate::matching::index::{CLAIMS, PATTERNS};

/// So many words of a message are looked for among misspellings, the first ones. In 1,500 characters of chat at
/// most 112 are unknown, in 4,000 at most 352.
pub const SPELLED: usize = 500;
/// So many words of the store are compared with these, letter by letter. Messages of 4,000 characters take 835.
pub const COMPARED: usize = 20_000;
/// So many words of the store may be meant by one misspelled word, the likeliest ones. There are at most 10.
pub const NEAR: usize = 16;
/// So many terms are seen, the first ones. Messages of 4,000 characters have 803.
pub const SIGHTINGS: usize = 4_000;
/// So many sightings of its terms are looked at for one pattern, the first ones. Messages of 4,000 characters that
/// are about nothing but one claim have 458.
pub const RELEVANT: usize = 512;
/// So many patterns are laid over a message: of each claim that the index takes so many.
pub const LAID: usize = CLAIMS * PATTERNS;
/// So many windows are laid under all patterns together. One of 1,400 characters made of claims has 4,097, of
/// 4,000 characters about politics 9,850.
pub const WINDOWS: usize = 12_000;
/// A message that takes so many pairs is about nothing: it is made to cost. The dearest found in the shipped claims takes 5.7 million.
pub const PAIRS: usize = 8_000_000;
/// And one that takes so many comparisons with expected words. The dearest found takes 140,000.
pub const EXPECTED: usize = 500_000;
/// So many near misses are read for one claim, the ones of which most is seen.
pub const READ: usize = 8;
/// So many readings one message takes: of each claim's near misses, and of its phrasings where they differ. The most
/// of an ordinary one are 49.
pub const READINGS: usize = CLAIMS * (READ + PATTERNS);

/// The steps that one message took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Effort {
    /// Words of the message that were looked for among misspellings.
    pub spelled: usize,
    /// Words that these were compared with, letter by letter.
    pub compared: usize,
    /// Terms that were seen.
    pub sightings: usize,
    /// Patterns that were laid over the message.
    pub patterns: usize,
    /// Windows of the message that they were laid over, all together.
    pub windows: usize,
    /// Pairs of a pattern's term and a term seen in a window.
    pub pairs: usize,
    /// Words of windows that were compared with one that a pattern leads to expect there.
    pub expected: usize,
    /// Readings of what the message does with a pattern.
    pub readings: usize,
}

impl Effort {
    /// Whether another word may be looked for among misspellings.
    pub const fn may_spell(&self) -> bool {
        self.spelled < SPELLED
    }

    /// Whether the message takes more than any message that says something.
    pub const fn is_spent(&self) -> bool {
        self.pairs >= PAIRS || self.expected >= EXPECTED
    }
}

/// The most windows that each pattern may have, so that patterns with so many have at most [`WINDOWS`] together: what
/// those with few leave over is the others'.
pub fn room(mut counts: Vec<usize>) -> usize {
    if counts.iter().sum::<usize>() <= WINDOWS {
        return usize::MAX;
    }
    counts.sort_unstable();
    let mut left = WINDOWS;
    let mut others = counts.len();
    for count in counts {
        let room = left / others;
        if count > room {
            return room;
        }
        left -= count;
        others -= 1;
    }
    usize::MAX
}

#[cfg(test)]
mod tests {
    use super::{WINDOWS, room};

    #[test]
    fn windows_are_shared_out_and_never_too_many() {
        assert_eq!(room(vec![1, 2, WINDOWS - 3]), usize::MAX);
        assert_eq!(room(vec![10, WINDOWS, WINDOWS]), (WINDOWS - 10) / 2);
        for counts in [vec![WINDOWS + 1], vec![7; 5_000], vec![1, 400, 3_000, 9_000, 9_000]] {
            let room = room(counts.clone());
            let all: usize = counts.iter().map(|count| count.min(&room)).sum();
            assert!(all <= WINDOWS && room > 0, "{counts:?}: {room}");
        }
    }
}
