//! Draws counts over time as bars, in the page itself. Knows no claim and no message: dates and counts in, a picture and its words out.

use crate::model::date::Date;
use crate::page::html::Html;
use crate::policy::shadow::{Period, Said};

/// The picture's own measures; the page scales it to its width.
const WIDTH: usize = 720;
const HEIGHT: usize = 200;
/// Room for the numbers at the left, and for the dates below.
const LEFT: usize = 44;
const BELOW: usize = 28;
const ABOVE: usize = 12;
/// How many dates stand below the bars at the most: on a telephone more would touch each other.
const LABELS: usize = 4;

/// Bars of replies with the suggestions on top, and beside them the same as a table.
pub(super) fn chart(period: Period, periods: &[(Date, Said)], html: &mut Html) {
    let most = periods.iter().map(|(_, said)| shown(*said)).max().unwrap_or(0);
    let top = rounded(most);
    let all: u64 = periods.iter().map(|(_, said)| shown(*said)).sum();
    let label =
        format!("Bars by {}: {all} in all, at most {most} in one {}", period.word(), period.word());
    let size = format!("0 0 {WIDTH} {HEIGHT}");
    html.element("figure", &[], |html| {
        html.element(
            "svg",
            &[("viewBox", &size), ("role", "img"), ("aria-label", &label)],
            |html| {
                scale(top, html);
                bars(period, periods, top, html);
            },
        );
        html.element("figcaption", &[], |html| {
            html.words("span", &[("class", "key replies")], "replies").text(" ");
            html.words("span", &[("class", "key suggestions")], "suggestions to moderators");
        });
        table(period, periods, html);
    });
}

fn shown(said: Said) -> u64 {
    said.replies + said.suggestions
}

/// The next number that is 2, 4, 6 or 10 with zeros behind it: its half is a number too.
fn rounded(most: u64) -> u64 {
    let tens = (0..18).map(|exponent| 10_u64.pow(exponent));
    tens.flat_map(|ten| [2 * ten, 4 * ten, 6 * ten, 10 * ten])
        .find(|top| *top >= most)
        .unwrap_or(most)
}

fn scale(top: u64, html: &mut Html) {
    for part in [0, 1, 2] {
        let value = top * part / 2;
        let y = y_of(value, top).to_string();
        let (left, right) = (LEFT.to_string(), WIDTH.to_string());
        let line = [("class", "grid"), ("x1", &left), ("x2", &right), ("y1", &y), ("y2", &y)];
        html.element("line", &line, |_| {});
        let (x, below) = ((LEFT - 8).to_string(), (y_of(value, top) + 5).to_string());
        let place = [("x", x.as_str()), ("y", &below), ("text-anchor", "end")];
        html.words("text", &place, &value.to_string());
    }
}

fn y_of(value: u64, top: u64) -> usize {
    let room = (HEIGHT - BELOW - ABOVE) as u64;
    let height = usize::try_from(room * value.min(top) / top.max(1)).unwrap_or(0);
    HEIGHT - BELOW - height
}

fn bars(period: Period, periods: &[(Date, Said)], top: u64, html: &mut Html) {
    let count = periods.len().max(1);
    let left = |at: usize| LEFT + (WIDTH - LEFT) * at / count;
    // Wide bars say no more than narrow ones, and a few of them look like a wall.
    let width = |at: usize| (left(at + 1) - left(at)).saturating_sub(2).clamp(1, 48);
    let every = count.div_ceil(LABELS);
    for (at, (date, said)) in periods.iter().enumerate() {
        let middle = usize::midpoint(left(at), left(at + 1));
        let x = (middle - width(at) / 2).to_string();
        let (base, replies) = (y_of(0, top), y_of(said.replies, top));
        let both = y_of(shown(*said), top);
        html.element("g", &[], |html| {
            html.words("title", &[], &words(period, *date, *said));
            for (class, from, to) in [("replies", base, replies), ("suggestions", replies, both)] {
                if from > to {
                    let (y, height) = (to.to_string(), (from - to).to_string());
                    let width = width(at).to_string();
                    let place = [
                        ("class", class),
                        ("x", &x),
                        ("y", &y),
                        ("width", &width),
                        ("height", &height),
                    ];
                    html.element("rect", &place, |_| {});
                }
            }
        });
        if at % every == 0 {
            let (x, y) = (middle.to_string(), (HEIGHT - 8).to_string());
            let place = [("x", x.as_str()), ("y", &y), ("text-anchor", "middle")];
            html.words("text", &place, &name(period, *date));
        }
    }
}

fn words(period: Period, date: Date, said: Said) -> String {
    let Said { replies, suggestions, .. } = said;
    format!("{}: {replies} replies, {suggestions} suggestions", name(period, date))
}

/// A part of time by what tells it from its neighbours.
fn name(period: Period, date: Date) -> String {
    match period {
        Period::Day | Period::Week => date.to_string(),
        Period::Month => format!("{:04}-{:02}", date.year(), date.month()),
        Period::Year => format!("{:04}", date.year()),
    }
}

fn table(period: Period, periods: &[(Date, Said)], html: &mut Html) {
    html.element("details", &[], |html| {
        html.words("summary", &[], "The same as numbers");
        html.element("table", &[], |html| {
            html.element("tr", &[], |html| {
                let part = match period {
                    Period::Week => "week from",
                    other => other.word(),
                };
                for head in [part, "replies", "suggestions"] {
                    html.words("th", &[("scope", "col")], head);
                }
            });
            for (date, said) in periods.iter().filter(|(_, said)| shown(*said) > 0) {
                html.element("tr", &[], |html| {
                    html.words("th", &[("scope", "row")], &name(period, *date));
                    html.words("td", &[], &said.replies.to_string());
                    html.words("td", &[], &said.suggestions.to_string());
                });
            }
        });
    });
}

#[cfg(test)]
mod tests {
    use super::{HEIGHT, chart, rounded, y_of};
    use crate::model::date::Date;
    use crate::page::html::Html;
    use crate::policy::shadow::{Period, Said};

    #[test]
    fn a_scale_ends_at_a_round_number_above_all() {
        for (most, top) in
            [(0, 2), (2, 2), (3, 4), (5, 6), (7, 10), (11, 20), (501, 600), (601, 1000)]
        {
            assert_eq!(rounded(most), top, "{most}");
        }
        assert!(y_of(5, 5) < y_of(4, 5) && y_of(0, 5) < HEIGHT && y_of(9, 5) == y_of(5, 5));
    }

    #[test]
    fn there_is_a_bar_for_each_count_and_none_for_nothing() {
        let mut html = Html::default();
        let date = |day| Date::new(2026, 11, day).unwrap();
        let said = |replies, suggestions| Said { replies, suggestions, alerts: 9 };
        let periods = [(date(2), said(3, 1)), (date(9), said(0, 0)), (date(16), said(0, 2))];
        chart(Period::Week, &periods, &mut html);
        let page = html.document();
        assert_eq!(page.matches("<rect").count(), 3, "{page}");
        assert!(page.contains("Bars by week: 6 in all, at most 4 in one week"), "{page}");
        assert!(page.contains("<title>2026-11-02: 3 replies, 1 suggestions</title>"), "{page}");
        assert_eq!(page.matches("scope=\"row\"").count(), 2, "{page}");
    }
}
