//! Reads `hosts.toml`: the hosts that may be linked, each with the reason why. Knows no source that links there.

use toml::de::DeValue;

use crate::content::tree::{self, View, text};
use crate::content::{front, parse::in_order};
use crate::model::code;
use crate::model::diagnostic::Diagnostic;
use crate::model::hosts::{Hosts, is_host_name};
use crate::model::span::FileId;

/// Reads the table `[hosts]`: `"host" = "why"`.
pub fn parse(text: &str, file: FileId, out: &mut Vec<Diagnostic>) -> Hosts {
    let base = front::encoding(text, file, out);
    let hosts = tree::read(text.get(base..).unwrap_or(""), file, base, |view, syntax| {
        out.extend(syntax);
        table(view, out)
    });
    in_order(out);
    hosts
}

fn table(view: &View<'_>, out: &mut Vec<Diagnostic>) -> Hosts {
    let mut hosts = Hosts::default();
    for (key, value) in view.table {
        match (key.get_ref().as_ref(), value.get_ref()) {
            ("hosts", DeValue::Table(table)) => {
                entries(&View { table, ..*view }, "", &mut hosts, out);
            }
            (name, _) => out.push(
                Diagnostic::error(
                    code::UNKNOWN_FIELD,
                    view.place(key.span()),
                    format!("unknown field `{name}`"),
                )
                .hint("the file has one table, `[hosts]`, with lines `\"host\" = \"why\"`"),
            ),
        }
    }
    hosts
}

/// `archives.example.org = "why"` without quotation marks is a table of tables in TOML. It is plain
/// what is meant, so both spellings are read.
fn entries(view: &View<'_>, under: &str, hosts: &mut Hosts, out: &mut Vec<Diagnostic>) {
    for (key, value) in view.table {
        let host = if under.is_empty() {
            key.get_ref().to_string()
        } else {
            format!("{under}.{}", key.get_ref())
        };
        let at = view.place(value.span());
        match value.get_ref() {
            DeValue::Table(table) => {
                entries(&View { table, ..*view }, &host, hosts, out);
                continue;
            }
            DeValue::String(_) => {}
            _ => {
                out.push(
                    Diagnostic::error(
                        code::WRONG_TYPE,
                        at,
                        format!("the reason for `{host}` is no string"),
                    )
                    .hint("write `\"host\" = \"why it may be linked\"`"),
                );
                continue;
            }
        }
        let Some(why) = text(value.get_ref()) else {
            out.push(
                Diagnostic::error(code::EMPTY_VALUE, at, format!("`{host}` has no reason"))
                    .hint("say why it may be linked: archive, university, government, publisher …"),
            );
            continue;
        };
        if is_host_name(&host) && host == host.to_ascii_lowercase() {
            hosts.add(host, why);
        } else {
            out.push(
                Diagnostic::error(
                    code::BAD_VALUE,
                    view.place(key.span()),
                    format!("`{host}` is no host"),
                )
                .hint("write the bare name in small letters, without `https://`, path or `*`"),
            );
        }
    }
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "a wrong span should stop the test")]
mod tests {
    use super::parse;
    use crate::model::span::FileId;

    #[test]
    fn every_slip_is_reported_and_every_good_host_kept() {
        let mut out = Vec::new();
        let text = "x = 1\n[hosts]\n\"example.org\" = \"examples\"\nexample.com = \"dotted\"\n\
                    \"https://a.org\" = \"why\"\n\"b.org\" = \"\"\n\"c.org\" = 3\n\"D.org\" = \"why\"\n";
        let hosts = parse(text, FileId(0), &mut out);
        let found: Vec<_> =
            out.iter().map(|d| (d.code.0, &text[d.span.start..d.span.end])).collect();
        assert_eq!(
            found,
            [
                ("unknown-field", "x"),
                ("bad-value", "\"https://a.org\""),
                ("empty-value", "\"\""),
                ("wrong-type", "3"),
                ("bad-value", "\"D.org\""),
            ]
        );
        assert_eq!(
            hosts.iter().collect::<Vec<_>>(),
            [("example.com", "dotted"), ("example.org", "examples")]
        );
    }
}
