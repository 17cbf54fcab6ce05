//! Asks an author what a new claim needs, one question a line; what is left empty is marked and written later. Knows no file.

use std::io::{BufRead, Write};

use crate::cli::Failure;
use crate::cli::input;
use crate::cli::new::template::{Draft, choices};
use crate::content::schema::CLAIM;

/// The pack that a claim stands in.
pub(super) fn pack(
    packs: &[String],
    reader: &mut impl BufRead,
    out: &mut impl Write,
) -> Result<String, Failure> {
    writeln!(out, "pack: the folder it stands in; there are {}", packs.join(", "))?;
    answer(reader, out)?
        .ok_or_else(|| Failure::Said("a claim stands in a pack: name one".to_owned()))
}

/// Whatever of a draft is not known yet.
pub(super) fn draft(
    draft: &mut Draft,
    reader: &mut impl BufRead,
    out: &mut impl Write,
) -> Result<(), Failure> {
    writeln!(out, "Return alone leaves a mark in the file instead.")?;
    let asked = [
        ("claim", &mut draft.claim),
        ("verdict", &mut draft.verdict),
        ("evidence", &mut draft.evidence),
        ("reason", &mut draft.reason),
        ("action", &mut draft.action),
    ];
    for (name, value) in asked {
        if value.is_none() {
            *value = field(name, reader, out)?;
        }
    }
    let lists = [("phrasings", &mut draft.phrasings), ("near_misses", &mut draft.near_misses)];
    for (name, values) in lists {
        if values.is_empty() {
            let what = CLAIM.field(name).map_or("", |field| field.what);
            writeln!(out, "{name}: {what}; one a line, Return alone ends them")?;
            while let Some(value) = answer(reader, out)? {
                values.push(value);
            }
        }
    }
    Ok(())
}

/// Asked again until the answer is one of the words that the field allows.
fn field(
    name: &str,
    reader: &mut impl BufRead,
    out: &mut impl Write,
) -> Result<Option<String>, Failure> {
    let Some(field) = CLAIM.field(name) else { return Ok(None) };
    let words = choices(field);
    loop {
        write!(out, "{name}: {}", field.what)?;
        writeln!(out, "{}{}", if words.is_empty() { "" } else { ": " }, words.join(", "))?;
        match answer(reader, out)? {
            Some(word) if !words.is_empty() && !words.contains(&word.as_str()) => {
                writeln!(out, "`{word}` is none of them")?;
            }
            answer => return Ok(answer),
        }
    }
}

/// A line with something on it; none where it is empty or there are no more.
fn answer(reader: &mut impl BufRead, out: &mut impl Write) -> Result<Option<String>, Failure> {
    write!(out, "> ")?;
    out.flush()?;
    let line = input::line(reader)?.and_then(|line| line.text().ok());
    Ok(line.map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::draft;
    use crate::cli::new::template::{Draft, text};

    #[test]
    fn what_is_answered_is_written_and_what_is_not_is_marked() {
        let said = "The lake froze.\nwrong\nfalse\n\nNobody \"saw\" it.\nreply\nthe lake froze\n\n";
        let (mut known, mut out) = (Draft::default(), Vec::new());
        draft(&mut known, &mut said.as_bytes(), &mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert!(out.contains("`wrong` is none of them"), "{out}");
        let text = text(&known);
        for line in [
            "claim = \"The lake froze.\"",
            "verdict = \"false\"",
            "evidence = \"insufficient\"             # TODO consensus | majority | contested | insufficient",
            "reason = 'Nobody \"saw\" it.'",
            "  \"the lake froze\",",
            "  \"TODO somebody denies it\",",
        ] {
            assert!(text.lines().any(|one| one == line), "{line}\n{text}");
        }
    }
}
