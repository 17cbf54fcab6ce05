//! Whether the claims, all together, are of one kind: the table of `docs/balance.md`, and a hint where it leans. Knows counts, not what is fair.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::lint::{finding, located};
use crate::model::catalog::Catalog;
use crate::model::claim::{Claim, Status};
use crate::model::code;
use crate::model::diagnostic::Diagnostic;
use crate::model::origin::Origins;

/// With fewer claims one more of a kind says nothing.
const LEAST_CLAIMS: usize = 12;

/// What a claim is, of the kinds that are counted together.
type Kind = fn(&Claim) -> Option<String>;

/// What is counted, by the field of the file that says it.
const KINDS: [(&str, Kind); 3] = [("side", side), ("period", period), ("verdict", verdict)];

fn side(claim: &Claim) -> Option<String> {
    claim.side.clone()
}

fn period(claim: &Claim) -> Option<String> {
    claim.period.as_deref().and_then(age).map(str::to_owned)
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "one of several kinds, of which others may be missing"
)]
fn verdict(claim: &Claim) -> Option<String> {
    Some(claim.verdict.word().to_owned())
}

/// A hint where more than three quarters of the published claims share a side, a period or a verdict.
pub(super) fn check(catalog: &Catalog, origins: &Origins, out: &mut Vec<Diagnostic>) {
    for (field, kind) in KINDS {
        let mut counts: BTreeMap<String, Vec<_>> = BTreeMap::new();
        for (claim, origin) in located(catalog, origins) {
            if claim.status == Status::Published
                && let Some(kind) = kind(claim)
            {
                counts.entry(kind).or_default().push(origin.field(field));
            }
        }
        let all: usize = counts.values().map(Vec::len).sum();
        let most = counts.iter().max_by_key(|(_, places)| places.len());
        if let Some((kind, places)) = most
            && all >= LEAST_CLAIMS
            && places.len() * 4 > all * 3
            && let Some(first) = places.first()
        {
            out.push(
                finding(
                    code::UNBALANCED,
                    *first,
                    format!("of {all} claims with a `{field}`, {} have `{kind}`", places.len()),
                )
                .hint("look for claims of another kind before the next of this one"),
            );
        }
    }
}

/// The table of all claims that take part, as Markdown: by pack, side, age, verdict, action, and where both sides are answered.
pub fn table(catalog: &Catalog) -> String {
    let claims: Vec<&Claim> = catalog.published().collect();
    let mut text = String::new();
    let none = || Some("(none given)".to_owned());
    let sections: [(&str, Kind); 6] = [
        ("pack", |claim| Some(claim.pack.clone())),
        ("side", side),
        ("period", period),
        ("verdict", verdict),
        ("evidence", |claim| Some(claim.evidence.word().to_owned())),
        ("action", |claim| Some(claim.action.word().to_owned())),
    ];
    for (title, kind) in sections {
        // Writing to a String cannot fail, here and below.
        let _ = writeln!(text, "| {title} | claims | of these answered to both sides |");
        text.push_str("| --- | --: | --: |\n");
        let mut counts: BTreeMap<Option<String>, (usize, usize)> = BTreeMap::new();
        for claim in &claims {
            let (all, both) = counts.entry(kind(claim).or_else(none)).or_default();
            *all += 1;
            *both += usize::from(claim.answers_both_sides());
        }
        for (kind, (all, both)) in counts {
            let kind = kind.unwrap_or_default();
            let _ = writeln!(text, "| {kind} | {all} | {both} |");
        }
        text.push('\n');
    }
    let _ = writeln!(text, "{} claims take part.", claims.len());
    text
}

/// The age that a period lies in, by the first year it names, or by its name.
fn age(period: &str) -> Option<&'static str> {
    let lower = period.to_lowercase();
    if lower.contains("bc") || lower.contains("antiquity") || lower.starts_with("ad ") {
        return Some("antiquity");
    }
    if lower.contains("middle ages") || lower.contains("medieval") {
        return Some("middle ages");
    }
    let number: String = lower
        .chars()
        .skip_while(|c| !c.is_ascii_digit())
        .take_while(char::is_ascii_digit)
        .collect();
    let number: u32 = number.parse().ok()?;
    // "11th century" names the hundreds.
    let year = if lower.contains("th century") { (number.max(1) - 1) * 100 } else { number };
    Some(match year {
        0..500 => "antiquity",
        500..1500 => "middle ages",
        1500..1800 => "1500 to 1799",
        1800..1900 => "1800 to 1899",
        1900..1945 => "1900 to 1944",
        _ => "1945 and later",
    })
}

#[cfg(test)]
mod tests {
    use super::age;

    #[test]
    fn periods_lie_in_ages() {
        for (period, expected) in [
            ("1940-11", Some("1900 to 1944")),
            ("48 BC", Some("antiquity")),
            ("AD 64", Some("antiquity")),
            ("Middle Ages", Some("middle ages")),
            ("11th–15th century", Some("middle ages")),
            ("1861/1865", Some("1800 to 1899")),
            ("1969–1972", Some("1945 and later")),
            ("long ago", None),
        ] {
            assert_eq!(age(period), expected, "{period}");
        }
    }
}
