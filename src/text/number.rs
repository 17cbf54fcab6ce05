//! Quantities as people write them become one token with its value: "500k", "500.000", "half a million". Knows no units.

use std::ops::Range;

use crate::text::token::Token;

/// Joins the tokens of each quantity from `start` on into one.
pub fn join(tokens: &mut Vec<Token>, start: usize) {
    let mut at = start;
    // What is kept moves up once: a message may be all quantities.
    let mut kept = start;
    while at < tokens.len() {
        let mut next = at + 1;
        if let Some((range, value)) = quantity(tokens, at) {
            let end = tokens.get(range.end - 1).map(|last| last.span.end);
            if let (Some(end), Some(first)) = (end, tokens.get_mut(at)) {
                first.text = value.to_string();
                first.stem = value.to_string();
                first.span.end = end;
                next = range.end;
            }
        }
        tokens.swap(kept, at);
        kept += 1;
        at = next;
    }
    tokens.truncate(kept);
}

/// The quantity that starts at a token, where it is more than a plain number.
fn quantity(tokens: &[Token], at: usize) -> Option<(Range<usize>, u64)> {
    let word = |at: usize| tokens.get(at).map(|token| token.text.as_str());
    let first = word(at)?;
    if first == "half" && matches!(word(at + 1), Some("a" | "of")) {
        let scale = scale(word(at + 2)?)?;
        return Some((at..at + 3, scale / 2));
    }
    if let Some(value) = with_suffix(first) {
        return Some((at..at + 1, value));
    }
    let scale_after = word(at + 1).and_then(scale);
    if let Some(scale) = scale_after
        && let Some(thousandths) = number(first)
    {
        return Some((at..at + 2, thousandths.checked_mul(scale)? / 1000));
    }
    // "500.000": groups of three are a whole number.
    if !first.contains('.') {
        return None;
    }
    let groups: Vec<&str> = first.split('.').collect();
    let grouped = groups.len() > 1
        && groups.iter().skip(1).all(|group| group.len() == 3)
        && groups
            .iter()
            .all(|group| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit()));
    if grouped {
        return groups.concat().parse().ok().map(|value| (at..at + 1, value));
    }
    None
}

/// "271k", "6m", "1.5mil".
fn with_suffix(word: &str) -> Option<u64> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let scale = match word.get(digits.len()..)? {
        "k" => 1_000,
        "m" | "mil" | "mill" | "mio" => 1_000_000,
        _ => return None,
    };
    number(digits)
        .filter(|_| digits.starts_with(|c: char| c.is_ascii_digit()))?
        .checked_mul(scale)
        .map(|v| v / 1000)
}

fn scale(word: &str) -> Option<u64> {
    Some(match word {
        "hundred" => 100,
        "thousand" | "k" | "thousands" => 1_000,
        "million" | "mil" | "mill" | "millions" | "milion" => 1_000_000,
        "billion" | "bil" | "billions" => 1_000_000_000,
        _ => return None,
    })
}

/// A number in digits or a word, in thousandths.
fn number(word: &str) -> Option<u64> {
    const WORDS: [&str; 13] = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve",
    ];
    const TENS: [&str; 8] =
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    if word == "a" {
        return Some(1_000);
    }
    if let Some(value) = WORDS.iter().zip(0u64..).find(|(known, _)| **known == word) {
        return Some(value.1 * 1000);
    }
    if let Some(value) = TENS.iter().zip(2u64..).find(|(known, _)| **known == word) {
        return Some(value.1 * 10_000);
    }
    let (whole, part) = word.split_once('.').unwrap_or((word, ""));
    let all_digits = !whole.is_empty() && whole.len() <= 9 && part.len() <= 3;
    if !all_digits || !word.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return None;
    }
    let part_value: u64 = format!("{part:0<3}").parse().ok()?;
    Some(whole.parse::<u64>().ok()? * 1000 + part_value)
}

#[cfg(test)]
mod tests {
    use crate::text::read;

    #[test]
    fn quantities_are_one_number_however_written() {
        for (typed, expected) in [
            ("500k dead", "500000 dead"),
            ("500,000 dead", "500000 dead"),
            ("500.000 dead", "500000 dead"),
            ("5OO.OOO dead", "500000 dead"),
            ("half a million dead", "500000 dead"),
            ("half a mil dead", "500000 dead"),
            ("six million dead", "6000000 dead"),
            ("6 million dead", "6000000 dead"),
            ("6m dead", "6000000 dead"),
            ("1.5 million dead", "1500000 dead"),
            ("271 thousand dead", "271000 dead"),
            ("a million dead", "1000000 dead"),
            ("in 1940 they", "in 1940 they"),
            ("half of them", "half of them"),
            ("4th of july", "4th of july"),
            ("1.5 metres", "1.5 metres"),
            ("ww2 and b17", "ww2 and b17"),
        ] {
            let words: Vec<String> =
                read(typed).tokens.into_iter().map(|token| token.text).collect();
            assert_eq!(words.join(" "), expected, "{typed}");
        }
    }
}
