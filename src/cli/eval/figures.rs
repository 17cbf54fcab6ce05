//! Figures for people and for programs: aligned columns and JSON. Knows no measure.

use std::fmt::{Display, Write};

use crate::eval::resample::Interval;

/// How figures are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    /// Aligned columns.
    Table,
    /// One object.
    Json,
}

/// Rows of cells, the first of each row to the left and the others to the right.
pub(crate) fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        })
        .collect();
    let mut out = String::new();
    for row in rows {
        let mut line = String::new();
        for (at, (cell, width)) in row.iter().zip(&widths).enumerate() {
            // Writing into a String cannot fail.
            let _ = match at {
                0 => write!(line, "{cell:<width$}"),
                _ => write!(line, "  {cell:>width$}"),
            };
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// A row of what can be shown.
pub(crate) fn row<const N: usize>(cells: [&dyn Display; N]) -> Vec<String> {
    cells.iter().map(ToString::to_string).collect()
}

/// A figure with its interval.
pub(super) fn interval(interval: &Interval) -> String {
    format!("{:.3} [{:.3}, {:.3}]", interval.mean, interval.low, interval.high)
}

/// A figure with its interval, as JSON.
#[derive(Debug, serde::Serialize)]
pub(super) struct Json {
    value: f64,
    low: f64,
    high: f64,
}

impl From<Interval> for Json {
    fn from(interval: Interval) -> Self {
        Self { value: interval.mean, low: interval.low, high: interval.high }
    }
}

#[cfg(test)]
mod tests {
    use super::{row, table};

    #[test]
    fn columns_are_aligned() {
        let rows = [row([&"kind", &"right"]), row([&"plain", &7])];
        assert_eq!(table(&rows), "kind   right\nplain      7\n");
    }
}
