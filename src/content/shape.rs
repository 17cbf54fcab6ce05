//! Holds a tree of TOML against the table of fields and reports everything that differs. Knows which fields there are, not what they are for.

use std::borrow::Cow;

use toml::Spanned;
use toml::de::DeValue;

use crate::content::schema::{Field, Kind, Schema};
use crate::content::suggest::nearest;
use crate::content::tree::{View, date, number};
use crate::model::code;
use crate::model::diagnostic::Diagnostic;
use crate::model::span::Span;

/// Everything in which a file's table differs from its schema.
#[derive(Debug)]
pub(super) struct Shape {
    /// What was found.
    pub(super) found: Vec<Diagnostic>,
    /// The file's first line: a field that is missing is missing there.
    head: Span,
    /// Whether the TOML could be read to its end. Otherwise nothing is called missing.
    complete: bool,
    /// Fields of the claim that stand in an inner table, by name: they are misplaced, not missing.
    strayed: Vec<&'static str>,
}

impl Shape {
    /// Checks the table and all tables in it.
    pub(super) fn check(
        schema: &'static Schema,
        view: &View<'_>,
        head: Span,
        complete: bool,
    ) -> Self {
        let mut shape = Self { found: Vec::new(), head, complete, strayed: Vec::new() };
        shape.table(&[schema], view, head);
        shape
    }

    /// `schemas` are the table's own and those of the tables around it, innermost first.
    fn table(&mut self, schemas: &[&'static Schema], view: &View<'_>, at: Span) {
        let Some((schema, outer)) = schemas.split_first() else { return };
        // Fields that a mistyped name stands for: they are mistyped, not missing.
        let mut meant = Vec::new();
        for (key, value) in view.table {
            match schema.field(key.get_ref()) {
                Some(field) => self.value(field, schemas, view, value),
                None => meant.extend(self.unknown(schema, outer, view, key)),
            }
        }
        for field in schema.fields.iter().filter(|field| field.required) {
            let strayed = outer.is_empty() && self.strayed.contains(&field.name);
            if self.complete
                && !strayed
                && !meant.contains(&field.name)
                && !view.table.contains_key(field.name)
            {
                self.missing(schema, field, at);
            }
        }
    }

    fn value(
        &mut self,
        field: &'static Field,
        schemas: &[&'static Schema],
        view: &View<'_>,
        value: &Spanned<DeValue<'_>>,
    ) {
        let at = view.place(value.span());
        match (field.kind, value.get_ref()) {
            (Kind::Text, DeValue::String(text)) => self.text(field, text, at),
            (Kind::Word(words), DeValue::String(text)) => self.word(field, &words(), text, at),
            (Kind::Time, DeValue::String(text)) => {
                if crate::content::build::time(text).is_none() {
                    self.push(
                        Diagnostic::error(
                            code::BAD_VALUE,
                            at,
                            format!("`{}` is no span of time", field.name),
                        )
                        .hint(
                            "write a whole number with its unit, `\"90m\"`, `\"12h\"` or `\"2d\"`, and at most thirty days",
                        ),
                    );
                }
            }
            (Kind::Date, value @ DeValue::Datetime(_)) => {
                if date(value).is_none() {
                    self.push(
                        Diagnostic::error(
                            code::BAD_DATE,
                            at,
                            format!("`{}` is no day of the calendar", field.name),
                        )
                        .hint("write year, month and day, as in `2026-11-24`"),
                    );
                }
            }
            (Kind::Thousandths, value @ DeValue::Integer(_)) => {
                if number(value).is_none_or(|number| number > 1000) {
                    self.push(
                        Diagnostic::error(
                            code::BAD_VALUE,
                            at,
                            format!("`{}` is out of range", field.name),
                        )
                        .hint("a score is a whole number from 0 to 1000"),
                    );
                }
            }
            (Kind::Texts, DeValue::Array(items)) => {
                if items.is_empty() && field.required {
                    self.push(
                        Diagnostic::error(
                            code::EMPTY_VALUE,
                            at,
                            format!("`{}` has nothing in it", field.name),
                        )
                        .hint(format!("write {}", field.what)),
                    );
                }
                for item in items {
                    let at = view.place(item.span());
                    match item.get_ref() {
                        DeValue::String(text) => self.text(field, text, at),
                        other => self.wrong_type(field, "a list of strings", other, at),
                    }
                }
            }
            (Kind::Table(inner), DeValue::Table(table)) => {
                self.table(&stacked(inner, schemas), &View { table, ..*view }, at);
            }
            (Kind::Tables(inner), DeValue::Array(items)) => {
                if items.is_empty() && field.required {
                    self.missing_table(field, at);
                }
                for item in items {
                    let at = view.place(item.span());
                    match item.get_ref() {
                        DeValue::Table(table) => {
                            self.table(&stacked(inner, schemas), &View { table, ..*view }, at);
                        }
                        other => self.wrong_type(field, &tables(inner), other, at),
                    }
                }
            }
            (Kind::Tables(inner), DeValue::Table(table)) => {
                self.wrong_type(field, &tables(inner), value.get_ref(), at);
                // What stands in it is checked all the same: the brackets are one fault, its fields may have others.
                self.table(&stacked(inner, schemas), &View { table, ..*view }, at);
            }
            (kind, other) => self.wrong_type(field, &expected(kind), other, at),
        }
    }

    fn text(&mut self, field: &Field, text: &str, at: Span) {
        if text.trim().is_empty() {
            let hint = if field.required {
                format!("write {}", field.what)
            } else {
                "leave the field out".to_owned()
            };
            self.push(
                Diagnostic::error(
                    code::EMPTY_VALUE,
                    at,
                    format!("`{}` is an empty string", field.name),
                )
                .hint(hint),
            );
        }
    }

    fn word(&mut self, field: &Field, words: &[&'static str], text: &str, at: Span) {
        if text.trim().is_empty() {
            self.text(field, text, at);
        } else if !words.contains(&text) {
            let all = words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
            let hint = match nearest(text, words.iter().copied()) {
                Some(word) => format!("did you mean `{word}`? There are {all}"),
                None => format!("there are {all}"),
            };
            self.push(
                Diagnostic::error(
                    code::BAD_VALUE,
                    at,
                    format!("`{}` cannot be `{text}`", field.name),
                )
                .hint(hint),
            );
        }
    }

    fn wrong_type(&mut self, field: &Field, expected: &str, value: &DeValue<'_>, at: Span) {
        let mut found = Diagnostic::error(
            code::WRONG_TYPE,
            at,
            format!("`{}` is {expected}, not {}", field.name, kind_of(value)),
        );
        found = match (field.kind, value) {
            (Kind::Word(words), DeValue::Boolean(said))
                if words().contains(&said.to_string().as_str()) =>
            {
                found.hint(format!("write it in quotation marks: `\"{said}\"`"))
            }
            (Kind::Date, DeValue::String(text)) => {
                found.hint(format!("write it without quotation marks: `{text}`"))
            }
            (Kind::Text, DeValue::Datetime(_) | DeValue::Integer(_) | DeValue::Float(_)) => {
                found.hint("write it in quotation marks")
            }
            (Kind::Thousandths, DeValue::String(_)) => {
                found.hint("write it without quotation marks")
            }
            (Kind::Texts, DeValue::String(_)) => found.hint("put it between `[` and `]`"),
            (Kind::Tables(inner), DeValue::Table(_)) => {
                found.hint(format!("write {} with two brackets", inner.title))
            }
            _ => found,
        };
        self.push(found);
    }

    /// Reports a field that the table does not have; says which of its fields was meant.
    fn unknown(
        &mut self,
        schema: &'static Schema,
        outer: &[&'static Schema],
        view: &View<'_>,
        key: &Spanned<Cow<'_, str>>,
    ) -> Option<&'static str> {
        let name = key.get_ref().as_ref();
        let at = view.place(key.span());
        let owner = outer.iter().find_map(|owner| Some((owner, owner.field(name)?)));
        if let Some((owner, field)) = owner {
            self.strayed.push(field.name);
            self.push(
                Diagnostic::error(
                    code::MISPLACED_FIELD,
                    at,
                    format!("`{name}` stands below {}, so it does not belong to {}", schema.title, owner.title),
                )
                .hint(format!(
                    "move it above the first {}: in TOML a field belongs to the last table that was opened",
                    inner_of(outer, owner).unwrap_or(schema).title,
                )),
            );
            return None;
        }
        let near = nearest(name, schema.fields.iter().map(|field| field.name));
        let hint = if outer.is_empty() && name == "id" {
            "the file's name is the id: leave the field out".to_owned()
        } else if let Some(near) = near {
            format!("did you mean `{near}`?")
        } else if let Some(inner) = inner_with(schema, name) {
            format!("`{name}` is a field of {}", inner.title)
        } else {
            let all = schema.fields.iter().map(|field| field.name).collect::<Vec<_>>().join(", ");
            format!("the fields of {} are {all}", schema.title)
        };
        self.push(
            Diagnostic::error(code::UNKNOWN_FIELD, at, format!("unknown field `{name}`"))
                .hint(hint),
        );
        near
    }

    fn missing(&mut self, schema: &Schema, field: &Field, at: Span) {
        if matches!(field.kind, Kind::Tables(_)) {
            return self.missing_table(field, self.head);
        }
        self.push(
            Diagnostic::error(
                code::MISSING_FIELD,
                at,
                format!("`{}` is missing from {}", field.name, schema.title),
            )
            .hint(format!("add `{} = …`: {}", field.name, field.what)),
        );
    }

    fn missing_table(&mut self, field: &Field, at: Span) {
        let message = format!("there is no `[[{}]]`", field.name);
        self.push(
            Diagnostic::error(code::MISSING_FIELD, at, message)
                .hint(format!("write at least one: {}", field.what)),
        );
    }

    fn push(&mut self, found: Diagnostic) {
        self.found.push(found);
    }
}

fn stacked(inner: &'static Schema, outer: &[&'static Schema]) -> Vec<&'static Schema> {
    std::iter::once(inner).chain(outer.iter().copied()).collect()
}

/// Of the tables around a stray field the one directly inside its owner: above it the field should stand.
fn inner_of(outer: &[&'static Schema], owner: &Schema) -> Option<&'static Schema> {
    let at = outer.iter().position(|schema| schema.title == owner.title)?;
    outer.get(at.checked_sub(1)?).copied()
}

/// The inner table that has a field of this name.
fn inner_with(schema: &Schema, name: &str) -> Option<&'static Schema> {
    schema.fields.iter().find_map(|field| match field.kind {
        Kind::Table(inner) | Kind::Tables(inner) if inner.field(name).is_some() => Some(inner),
        _ => None,
    })
}

fn tables(inner: &Schema) -> String {
    format!("written as {}", inner.title)
}

fn expected(kind: Kind) -> String {
    match kind {
        Kind::Text | Kind::Word(_) | Kind::Time => "a string".to_owned(),
        Kind::Date => "a date".to_owned(),
        Kind::Thousandths => "a whole number".to_owned(),
        Kind::Texts => "a list of strings".to_owned(),
        Kind::Table(_) => "a table".to_owned(),
        Kind::Tables(inner) => tables(inner),
    }
}

fn kind_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a point",
        DeValue::Boolean(_) => "true or false without quotation marks",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
