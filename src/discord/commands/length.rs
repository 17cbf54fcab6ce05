//! Lengths of time as people type them: a number with its unit. Knows not what they are for.

use std::time::Duration;

/// Longer than any time that can be typed sensibly, short enough that a slip is noticed.
const MOST_DAYS: u64 = 366;

/// Reads a number with its unit; 0 is a length too.
pub(super) fn length(typed: &str) -> Option<Duration> {
    let typed = typed.trim().to_lowercase();
    let (number, seconds) = [('m', 60), ('h', 3600), ('d', 86_400)]
        .into_iter()
        .find_map(|(unit, seconds)| Some((typed.strip_suffix(unit)?, seconds)))?;
    let total = number.trim().parse::<u32>().ok()?.checked_mul(seconds)?;
    let total = u64::from(total);
    (total <= MOST_DAYS * 86_400).then(|| Duration::from_secs(total))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::length;

    #[test]
    fn lengths_are_numbers_with_a_unit() {
        for (typed, seconds) in [
            ("30m", Some(1800)),
            (" 2 H ", Some(7200)),
            ("7d", Some(604_800)),
            ("366d", Some(31_622_400)),
            ("0m", Some(0)),
            ("367d", None),
            ("99999999d", None),
            ("-1h", None),
            ("30", None),
            ("m", None),
            ("forever", None),
            ("", None),
        ] {
            assert_eq!(length(typed), seconds.map(Duration::from_secs), "{typed}");
        }
    }
}
