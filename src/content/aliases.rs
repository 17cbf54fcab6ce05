//! Reads `aliases.toml`: groups of names for the same thing. Knows no phrasing that uses them.

use std::collections::BTreeMap;

use toml::de::DeValue;

use crate::content::tree::{self, View, text as read_text};
use crate::content::{front, invisible, parse::in_order};
use crate::model::claim::ClaimId;
use crate::model::code;
use crate::model::diagnostic::Diagnostic;
use crate::model::phrasing::Aliases;
use crate::model::span::{FileId, Span};

/// How a group is written.
const FORM: &str = "a group is written `name = [\"one name\", \"another\"]`";

/// Reads the groups: flat, `group = ["name", …]`. A group with an error is kept as far as it can be,
/// so that one slip here is not reported again by every phrasing.
pub fn parse(text: &str, file: FileId, out: &mut Vec<Diagnostic>) -> Aliases {
    let base = front::encoding(text, file, out);
    let aliases = tree::read(text.get(base..).unwrap_or(""), file, base, |view, syntax| {
        out.extend(syntax);
        invisible::check_fields(view, text, out);
        groups(view, out)
    });
    in_order(out);
    aliases
}

fn groups(view: &View<'_>, out: &mut Vec<Diagnostic>) -> Aliases {
    let mut aliases = Aliases::default();
    let mut seen: BTreeMap<String, Span> = BTreeMap::new();
    for (key, value) in view.table {
        let group = key.get_ref().as_ref();
        if ClaimId::new(group).is_none() {
            out.push(
                Diagnostic::error(
                    code::BAD_VALUE,
                    view.place(key.span()),
                    format!("`{group}` is no group's name"),
                )
                .hint("a group's name has small letters, digits and single `-` between them"),
            );
        }
        let at = view.place(value.span());
        let DeValue::Array(items) = value.get_ref() else {
            out.push(
                Diagnostic::error(code::WRONG_TYPE, at, format!("`{group}` is no list of names"))
                    .hint(FORM),
            );
            aliases.add(group, Vec::new());
            continue;
        };
        let mut names = Vec::new();
        for item in items {
            let at = view.place(item.span());
            match read_text(item.get_ref()) {
                Some(name) => {
                    if let Some(first) = seen.insert(name.to_lowercase(), at) {
                        out.push(
                            Diagnostic::error(
                                code::DUPLICATE_ALIAS,
                                at,
                                format!("`{name}` stands twice"),
                            )
                            .label(first, "the first")
                            .hint("a name belongs to one group: keep one of them"),
                        );
                    }
                    names.push(name.trim().to_owned());
                }
                None if item.get_ref().is_str() => out.push(
                    Diagnostic::error(
                        code::EMPTY_VALUE,
                        at,
                        format!("`{group}` has an empty name"),
                    )
                    .hint("leave it out"),
                ),
                None => out.push(
                    Diagnostic::error(
                        code::WRONG_TYPE,
                        at,
                        format!("`{group}` has a name that is no string"),
                    )
                    .hint(FORM),
                ),
            }
        }
        if items.is_empty() {
            out.push(
                Diagnostic::error(code::EMPTY_VALUE, at, format!("`{group}` has no names"))
                    .hint("write the names, or leave the group out"),
            );
        }
        aliases.add(group, names);
    }
    aliases
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "a wrong span should stop the test")]
mod tests {
    use super::parse;
    use crate::model::span::FileId;

    #[test]
    fn every_slip_is_reported_and_every_group_kept() {
        let mut out = Vec::new();
        let text = "river = [\"the river\", \"brook\"]\nBad = [\"x\"]\nempty = []\nno = \"list\"\n\
                    twice = [\"Brook\", \"\", 3]\n";
        let aliases = parse(text, FileId(0), &mut out);
        let found: Vec<_> =
            out.iter().map(|d| (d.code.0, &text[d.span.start..d.span.end])).collect();
        assert_eq!(
            found,
            [
                ("bad-value", "Bad"),
                ("empty-value", "[]"),
                ("wrong-type", "\"list\""),
                ("duplicate-alias", "\"Brook\""),
                ("empty-value", "\"\""),
                ("wrong-type", "3"),
            ]
        );
        assert_eq!(aliases.iter().count(), 5);
        assert_eq!(aliases.names("river").map(<[String]>::len), Some(2));
    }
}
