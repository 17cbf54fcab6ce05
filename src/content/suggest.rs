//! "Did you mean": the known word nearest to a mistyped one. Knows words only; what members type is `matching::fuzzy`'s.

/// The known word nearest to `word`, where it is near enough to be what was meant: a third of its letters may differ.
pub(super) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase().replace('-', "_");
    known
        .into_iter()
        .map(|candidate| (distance(&word, &candidate.replace('-', "_")), candidate))
        .filter(|(distance, candidate)| *distance <= (candidate.chars().count() / 3).max(1))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The text as kebab-case of at most `length` letters, where anything of it is left.
pub fn kebab(text: &str, length: usize) -> Option<String> {
    let mut out = String::new();
    for c in text.to_lowercase().chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    // Cut between words where the whole does not fit.
    while out.len() > length {
        let end = out.rfind('-').unwrap_or(length);
        out.truncate(end);
    }
    let out = out.trim_end_matches('-');
    (!out.is_empty()).then(|| out.to_owned())
}

/// Letters to insert, delete, replace or swap with their neighbour, at the least.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    // Three rows of the usual table: before the last, the last, and the one being filled.
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    let mut previous = None;
    for (row, from) in a.chars().enumerate() {
        let mut next = vec![row + 1];
        for (column, to) in b.iter().enumerate() {
            let at =
                |cells: &[usize], column: usize| cells.get(column).copied().unwrap_or(usize::MAX);
            let replaced = at(&last, column).saturating_add(usize::from(from != *to));
            let inserted = at(&next, column).saturating_add(1);
            let deleted = at(&last, column + 1).saturating_add(1);
            let mut least = replaced.min(inserted).min(deleted);
            let swapped = previous == Some(*to)
                && column.checked_sub(1).and_then(|left| b.get(left)) == Some(&from);
            if swapped && let Some(left) = column.checked_sub(1) {
                least = least.min(at(&before, left).saturating_add(1));
            }
            next.push(least);
        }
        before = std::mem::replace(&mut last, next);
        previous = Some(from);
    }
    last.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::{distance, kebab, nearest};

    #[test]
    fn distances() {
        for (a, b, expected) in [
            ("", "", 0),
            ("", "abc", 3),
            ("titel", "title", 1),
            ("title", "title", 0),
            ("ttle", "title", 1),
            ("verdikt", "verdict", 1),
            ("abc", "xyz", 3),
        ] {
            assert_eq!(distance(a, b), expected, "{a} {b}");
            assert_eq!(distance(b, a), expected, "{b} {a}");
        }
    }

    #[test]
    fn only_near_words_are_meant() {
        let known = ["title", "date", "near_misses", "missing-context"];
        for (word, expected) in [
            ("titel", Some("title")),
            ("Title", Some("title")),
            ("near-misses", Some("near_misses")),
            ("missing_context", Some("missing-context")),
            ("nonsense", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, known), expected, "{word}");
        }
    }

    #[test]
    fn names_become_kebab_case() {
        for (text, length, expected) in [
            ("Axis_Talks (1940)", 40, Some("axis-talks-1940")),
            ("a--b", 40, Some("a-b")),
            ("one-two-three", 12, Some("one-two")),
            ("abcdefghijklmnopqrst", 12, Some("abcdefghijkl")),
            ("äöü", 40, None),
            ("", 40, None),
        ] {
            assert_eq!(kebab(text, length).as_deref(), expected, "{text}");
        }
    }
}
