//! Shortens and parts runs of text without ever splitting a character, a link, a number or a mark.
//! Knows neither claims nor Discord's markdown: whether something fits is asked of the caller.

use unicode_segmentation::UnicodeSegmentation;

use crate::model::body::Inline;
use crate::reply::limits;
use crate::reply::render::{Line, Numbers, visible};

/// The longest text of a link or piece of code that stays whole; a longer one is set as plain words,
/// so that no single thing can be too large for a page.
const WHOLE: usize = 200;

/// The most bytes of one character as readers see it. Nothing anybody writes is longer; what is longer
/// is a heap of marks, and may be parted.
const CHARACTER: usize = 64;

/// What is shown where something was left out.
const LEFT_OUT: &str = "…";

/// The most runs from the start for which `fits` holds, and the rest. Parted after a sentence where
/// that wastes less than half, else between words, else between characters.
pub fn split(
    runs: &[Inline],
    numbers: &Numbers,
    fits: impl Fn(&[Inline]) -> bool,
) -> (Vec<Inline>, Vec<Inline>) {
    let runs = tame(runs, numbers);
    if fits(&runs) {
        return (runs, Vec::new());
    }
    let mut map = Map::default();
    map.add(&runs, numbers);
    let fit = |units: usize| fits(&head(&runs, units));
    let (mut low, mut high) = (0, map.stops.len());
    while low + 1 < high {
        let middle = usize::midpoint(low, high);
        if fit(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    let mut units = map.nicest(low);
    while units > 0 && !fit(units) {
        units -= 1;
    }
    let (before, mut after) = parted(&runs, units);
    trim_start(&mut after);
    (trimmed(before), after)
}

/// The runs, or as much of them as `fits`, with a visible mark of what was left out. Empty where not
/// even the mark fits.
pub fn cut(runs: &[Inline], numbers: &Numbers, fits: impl Fn(&[Inline]) -> bool) -> Vec<Inline> {
    let all = tame(runs, numbers);
    if fits(&all) {
        return all;
    }
    shortened(&all, numbers, fits)
}

/// As much of the runs as `fits` together with the mark of what was left out, which stands in any case.
fn shortened(runs: &[Inline], numbers: &Numbers, fits: impl Fn(&[Inline]) -> bool) -> Vec<Inline> {
    let (head, _) = split(runs, numbers, |head| fits(&marked(head, numbers)));
    let head = marked(&head, numbers);
    if fits(&head) { head } else { Vec::new() }
}

/// As many lines as `fits`, the last of them cut visibly where something had to go.
pub fn cut_lines(lines: &[Line], numbers: &Numbers, fits: impl Fn(&[Line]) -> bool) -> Vec<Line> {
    let lines: Vec<Line> = lines.iter().map(|line| line.with(tame(&line.runs, numbers))).collect();
    if fits(&lines) {
        return lines;
    }
    for whole in (0..lines.len()).rev() {
        let (before, from) = lines.split_at_checked(whole).unwrap_or((&lines, &[]));
        let Some(next) = from.first() else { continue };
        let with = |runs: &[Inline]| [before, &[next.with(runs.to_vec())]].concat();
        // A line that would fit whole still stands for what comes after it.
        let runs = shortened(&next.runs, numbers, |runs| fits(&with(runs)));
        if !runs.is_empty() {
            return with(&runs);
        }
    }
    Vec::new()
}

/// A text of at most `limit` characters, cut visibly between words or characters.
pub fn clip(text: &str, limit: usize) -> String {
    let numbers = Numbers::default();
    let runs = [Inline::Text(text.to_owned())];
    let runs = cut(&runs, &numbers, |runs| limits::length(&visible(runs, &numbers)) <= limit);
    visible(&runs, &numbers)
}

/// What readers see of some runs, with each place where they may be parted.
#[derive(Default)]
struct Map {
    seen: String,
    /// For each unit the byte of `seen` at which it begins.
    stops: Vec<usize>,
}

impl Map {
    fn add(&mut self, runs: &[Inline], numbers: &Numbers) {
        for run in runs {
            match run {
                Inline::Text(text) => {
                    for unit in units(text) {
                        self.stops.push(self.seen.len());
                        self.seen.push_str(unit);
                    }
                }
                Inline::Emphasis(inner) | Inline::Strong(inner) => self.add(inner, numbers),
                Inline::Code(_) | Inline::Link { .. } | Inline::Cite(_) | Inline::Break => {
                    self.stops.push(self.seen.len());
                    self.seen.push_str(&visible(std::slice::from_ref(run), numbers));
                }
            }
        }
    }

    /// The best number of units to part at, at most `most`.
    fn nicest(&self, most: usize) -> usize {
        let offset = |units: usize| self.stops.get(units).copied().unwrap_or(self.seen.len());
        let half = offset(most) / 2;
        let best = |good: &dyn Fn(&str, &str) -> bool| {
            (1..=most).rev().take_while(|units| offset(*units) > half).find(|units| {
                self.seen
                    .split_at_checked(offset(*units))
                    .is_some_and(|(before, after)| good(before, after))
            })
        };
        best(&|before, after| starts_apart(after) && ends_sentence(before))
            .or_else(|| best(&|_, after| starts_apart(after)))
            .unwrap_or(most)
    }
}

fn starts_apart(after: &str) -> bool {
    after.chars().next().is_none_or(char::is_whitespace)
}

/// Whether a text ends where a sentence does, with its closing quotation marks and source numbers.
fn ends_sentence(before: &str) -> bool {
    let mut text = before;
    while let Some(rest) = text.strip_suffix(']') {
        let digits = rest.trim_end_matches(|c: char| c.is_ascii_digit());
        match digits.strip_suffix('[') {
            Some(shorter) if digits.len() < rest.len() => text = shorter,
            _ => break,
        }
    }
    text.trim_end_matches(['"', '”', '’', '»', ')']).ends_with(['.', '!', '?', '…'])
}

/// The characters of a text as readers see them.
fn units(text: &str) -> impl Iterator<Item = &str> {
    text.graphemes(true).flat_map(|grapheme| {
        let heap = grapheme.len() > CHARACTER;
        let parts = if heap { grapheme.chars().count() } else { 1 };
        let mut rest = grapheme;
        (0..parts).map_while(move |_| {
            let end = if heap { rest.chars().next()?.len_utf8() } else { rest.len() };
            let (one, after) = rest.split_at_checked(end)?;
            rest = after;
            Some(one)
        })
    })
}

fn head(runs: &[Inline], units: usize) -> Vec<Inline> {
    trimmed(parted(runs, units).0)
}

/// The first `count` units and the rest.
fn parted(runs: &[Inline], count: usize) -> (Vec<Inline>, Vec<Inline>) {
    let mut left = count;
    parted_by(runs, &mut left)
}

fn parted_by(runs: &[Inline], left: &mut usize) -> (Vec<Inline>, Vec<Inline>) {
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for run in runs {
        match run {
            Inline::Text(text) => {
                let mut bytes = 0;
                for unit in units(text).take(*left) {
                    bytes += unit.len();
                    *left -= 1;
                }
                let (head, tail) = text.split_at_checked(bytes).unwrap_or((text, ""));
                if !head.is_empty() {
                    before.push(Inline::Text(head.to_owned()));
                }
                if !tail.is_empty() {
                    after.push(Inline::Text(tail.to_owned()));
                }
            }
            Inline::Emphasis(inner) | Inline::Strong(inner) => {
                let wrap = |inner| match run {
                    Inline::Emphasis(_) => Inline::Emphasis(inner),
                    _ => Inline::Strong(inner),
                };
                let (head, tail) = parted_by(inner, left);
                if !head.is_empty() {
                    before.push(wrap(head));
                }
                if !tail.is_empty() {
                    after.push(wrap(tail));
                }
            }
            Inline::Code(_) | Inline::Link { .. } | Inline::Cite(_) | Inline::Break => {
                if *left > 0 {
                    *left -= 1;
                    before.push(run.clone());
                } else {
                    after.push(run.clone());
                }
            }
        }
    }
    (before, after)
}

/// The runs with nothing in them that is too large to stay whole.
fn tame(runs: &[Inline], numbers: &Numbers) -> Vec<Inline> {
    let mut out = Vec::with_capacity(runs.len());
    for run in runs {
        let long = || limits::length(&visible(std::slice::from_ref(run), numbers)) > WHOLE;
        match run {
            Inline::Emphasis(inner) => out.push(Inline::Emphasis(tame(inner, numbers))),
            Inline::Strong(inner) => out.push(Inline::Strong(tame(inner, numbers))),
            Inline::Link { text, .. } if long() => out.extend(tame(text, numbers)),
            Inline::Code(text) if long() => out.push(Inline::Text(text.clone())),
            Inline::Text(_)
            | Inline::Link { .. }
            | Inline::Code(_)
            | Inline::Cite(_)
            | Inline::Break => out.push(run.clone()),
        }
    }
    out
}

/// The runs with the mark of what was left out behind them.
fn marked(runs: &[Inline], numbers: &Numbers) -> Vec<Inline> {
    let mut runs = trimmed(runs.to_vec());
    let seen = visible(&runs, numbers);
    let mark = if ends_sentence(&seen) { format!(" {LEFT_OUT}") } else { LEFT_OUT.to_owned() };
    runs.push(Inline::Text(mark));
    runs
}

fn trimmed(mut runs: Vec<Inline>) -> Vec<Inline> {
    while let Some(last) = runs.pop() {
        match last {
            Inline::Text(text) if text.trim_end().is_empty() => {}
            Inline::Break => {}
            Inline::Text(text) => {
                runs.push(Inline::Text(text.trim_end().to_owned()));
                break;
            }
            Inline::Emphasis(inner) => {
                let inner = trimmed(inner);
                if !inner.is_empty() {
                    runs.push(Inline::Emphasis(inner));
                    break;
                }
            }
            Inline::Strong(inner) => {
                let inner = trimmed(inner);
                if !inner.is_empty() {
                    runs.push(Inline::Strong(inner));
                    break;
                }
            }
            whole @ (Inline::Code(_) | Inline::Link { .. } | Inline::Cite(_)) => {
                runs.push(whole);
                break;
            }
        }
    }
    runs
}

fn trim_start(runs: &mut Vec<Inline>) {
    while let Some(first) = runs.first_mut() {
        let empty = match first {
            Inline::Text(text) => {
                *text = text.trim_start().to_owned();
                text.is_empty()
            }
            Inline::Emphasis(inner) | Inline::Strong(inner) => {
                trim_start(inner);
                inner.is_empty()
            }
            Inline::Break => true,
            Inline::Code(_) | Inline::Link { .. } | Inline::Cite(_) => false,
        };
        if !empty {
            break;
        }
        runs.remove(0);
    }
}

#[cfg(test)]
mod tests {
    use super::{clip, cut, split};
    use crate::model::body::Inline;
    use crate::reply::limits;
    use crate::reply::render::{Numbers, visible};

    #[test]
    fn texts_are_cut_between_sentences_then_words_then_characters() {
        for (text, limit, expected) in [
            ("short", 5, "short"),
            ("One two. Three four five.", 16, "One two. …"),
            ("One two three four", 12, "One two…"),
            ("Ooooooooooooooooone two", 10, "Ooooooooo…"),
            ("👨‍👩‍👧👨‍👩‍👧", 10, "👨‍👩‍👧…"),
            ("👨‍👩‍👧👨‍👩‍👧", 8, "…"),
            ("日本語日本語", 4, "日本語…"),
            ("abc", 0, ""),
        ] {
            assert_eq!(clip(text, limit), expected, "{text} to {limit}");
        }
    }

    #[test]
    fn links_and_numbers_stay_whole() {
        let numbers = Numbers::new(&[], 1);
        let link = Inline::Link {
            url: "https://a.b".to_owned(),
            text: vec![Inline::Text("a long text".to_owned())],
        };
        let runs = [Inline::Text("See ".to_owned()), link.clone(), Inline::Cite(0)];
        let cut_to = |limit: usize| {
            cut(&runs, &numbers, |runs| limits::length(&visible(runs, &numbers)) <= limit)
        };
        assert_eq!(visible(&cut_to(18), &numbers), "See a long text[1]");
        assert_eq!(visible(&cut_to(17), &numbers), "See a long text…");
        assert!(cut_to(17).contains(&link));
        assert_eq!(visible(&cut_to(14), &numbers), "See…");
    }

    #[test]
    fn parts_hold_everything_but_the_space_between_them() {
        let numbers = Numbers::default();
        let words = "One two. Three four five six seven eight nine ten.";
        let mut rest = vec![Inline::Strong(vec![Inline::Text(words.to_owned())])];
        let mut parts = Vec::new();
        while !rest.is_empty() {
            let (head, tail) = split(&rest, &numbers, |runs| visible(runs, &numbers).len() <= 14);
            parts.push(visible(&head, &numbers));
            rest = tail;
        }
        assert_eq!(parts.join(" "), words);
        assert_eq!(parts.first().map(String::as_str), Some("One two."));
    }
}
