//! Puts hard typos into a message, the same ones in every run. Knows no claim.

use crate::eval::resample::Random;

/// Shorter words stay as they are: people misspell long ones.
const SHORTEST: usize = 5;

/// The text with `count` of its words of five letters and more misspelled, each by one error: a letter swapped
/// with the next, left out, doubled or replaced by another. First letters stay. Which words and which errors
/// depends on `seed`.
pub fn put_in(text: &str, count: usize, seed: u64) -> String {
    let mut random = Random::new(seed);
    let mut words: Vec<Vec<char>> = text.split(' ').map(|word| word.chars().collect()).collect();
    let mut long: Vec<usize> = (0..words.len())
        .filter(|at| {
            words.get(*at).is_some_and(|word| {
                word.len() >= SHORTEST && word.iter().all(char::is_ascii_alphabetic)
            })
        })
        .collect();
    for _ in 0..count {
        if long.is_empty() {
            break;
        }
        let at = long.swap_remove(random.below(long.len()));
        if let Some(word) = words.get_mut(at) {
            misspell(word, &mut random);
        }
    }
    let words: Vec<String> = words.into_iter().map(|word| word.into_iter().collect()).collect();
    words.join(" ")
}

fn misspell(word: &mut Vec<char>, random: &mut Random) {
    let right = word.clone();
    let at = 1 + random.below(word.len() - 2);
    match random.below(4) {
        0 => word.swap(at, at + 1),
        1 => {
            word.remove(at);
        }
        2 => {
            let letter = word.get(at).copied().unwrap_or('e');
            word.insert(at, letter);
        }
        _ => {
            let letter = ('a'..='z').nth(random.below(26)).unwrap_or('e');
            word.get_mut(at).into_iter().for_each(|here| *here = letter);
        }
    }
    // Two letters alike were swapped, or a letter was replaced by itself.
    if *word == right {
        word.remove(at);
    }
}

#[cfg(test)]
mod tests {
    use super::put_in;

    #[test]
    fn so_many_long_words_change_and_no_others() {
        let text = "they staged the landing of the first astronauts on film";
        for seed in 0..50 {
            let typed = put_in(text, 2, seed);
            assert_eq!(typed, put_in(text, 2, seed));
            let pairs: Vec<_> = text.split(' ').zip(typed.split(' ')).collect();
            assert_eq!(pairs.len(), typed.split(' ').count());
            let changed: Vec<_> = pairs.iter().filter(|(a, b)| a != b).collect();
            assert_eq!(changed.len(), 2, "{typed}");
            assert!(changed.iter().all(|(a, _)| a.len() >= 5), "{typed}");
            assert!(changed.iter().all(|(a, b)| a.chars().next() == b.chars().next()), "{typed}");
        }
        assert!((0..50).all(|seed| put_in("is it so", 3, seed) == "is it so"));
    }
}
