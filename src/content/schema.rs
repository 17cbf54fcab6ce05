//! The fields of a response file, as they stand on disk: one table that the checks, the hints and the documentation share.
//! Knows neither how a value is read nor what it means.
//!
//! These are tables and not serde structs: serde stops at the first fault, and an author is to see all of them at once.

use crate::model::claim::{ClaimAction, Evidence, Status, Verdict};
use crate::model::source::{Checked, SourceKind};

/// What a field may hold.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// A string with something in it.
    Text,
    /// A string out of a closed list.
    Word(fn() -> Vec<&'static str>),
    /// A day, written without quotation marks.
    Date,
    /// A whole number from 0 to 1000.
    Thousandths,
    /// A span of time such as `"90m"`, `"12h"` or `"2d"`.
    Time,
    /// A list of strings.
    Texts,
    /// A table, written `{ … }`.
    Table(&'static Schema),
    /// Tables, each below its own `[[name]]`.
    Tables(&'static Schema),
}

/// One field.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// What it may hold.
    pub kind: Kind,
    /// Whether it must be there.
    pub required: bool,
    /// What it says, for people.
    pub what: &'static str,
}

/// One table with its fields.
#[derive(Debug, Clone, Copy)]
pub struct Schema {
    /// How it is called in messages.
    pub title: &'static str,
    /// Its fields, in the order in which they are best written.
    pub fields: &'static [Field],
}

impl Schema {
    /// The field of this name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

const fn must(name: &'static str, kind: Kind, what: &'static str) -> Field {
    Field { name, kind, required: true, what }
}

const fn may(name: &'static str, kind: Kind, what: &'static str) -> Field {
    Field { name, kind, required: false, what }
}

/// The claim itself: everything above the first `[[source]]`.
pub const CLAIM: Schema = Schema {
    title: "the claim",
    fields: &[
        must("claim", Kind::Text, "the claim as one neutral sentence"),
        must(
            "verdict",
            Kind::Word(|| Verdict::ALL.map(Verdict::word).to_vec()),
            "what the record shows of it",
        ),
        must(
            "evidence",
            Kind::Word(|| Evidence::ALL.map(Evidence::word).to_vec()),
            "the state of scholarship",
        ),
        must("reason", Kind::Text, "why this verdict, in one sentence"),
        must(
            "action",
            Kind::Word(|| ClaimAction::ALL.map(ClaimAction::word).to_vec()),
            "the most it may do by itself",
        ),
        may(
            "status",
            Kind::Word(|| Status::ALL.map(Status::word).to_vec()),
            "whether it takes part; published unless said otherwise",
        ),
        may("topics", Kind::Texts, "subjects, in kebab-case"),
        must("phrasings", Kind::Texts, "ways of asserting it, each standing alone"),
        may(
            "counter_phrasings",
            Kind::Texts,
            "ways of asserting the opposite, where the question is contested",
        ),
        must("near_misses", Kind::Texts, "messages that must stay unanswered"),
        may("threshold", Kind::Thousandths, "the least score at which it may be answered"),
        may("cooldown", Kind::Time, "the least time between two answers in a channel"),
        may("language", Kind::Text, "BCP 47 tag of the file's language; en unless said otherwise"),
        may("period", Kind::Text, "the time it is about"),
        may("side", Kind::Text, "for the balance table"),
        may(
            "claimant",
            Kind::Table(&ATTRIBUTED),
            "who made the claim, with the source that says so",
        ),
        may(
            "first_appearance",
            Kind::Table(&ATTRIBUTED),
            "where it first appeared, with the source that says so",
        ),
        must("published", Kind::Date, "first publication"),
        must("reviewed", Kind::Date, "last review"),
        may("review_due", Kind::Date, "when it should be reviewed again"),
        may("related", Kind::Texts, "ids of other claims worth reading"),
        may(
            "correction",
            Kind::Tables(&CORRECTION),
            "changes that readers of earlier replies should know",
        ),
        must("source", Kind::Tables(&SOURCE), "what it rests on"),
    ],
};

/// A `[[source]]`.
pub const SOURCE: Schema = Schema {
    title: "`[[source]]`",
    fields: &[
        must("key", Kind::Text, "the name by which the text cites it, in kebab-case"),
        must(
            "kind",
            Kind::Word(|| SourceKind::ALL.map(SourceKind::word).to_vec()),
            "primary, secondary or tertiary",
        ),
        may("author", Kind::Text, "who wrote it"),
        must("title", Kind::Text, "what it is called"),
        may("container", Kind::Text, "the book, series or archive it stands in"),
        may("date", Kind::Text, "when it was made, as the source gives it"),
        may("locator", Kind::Text, "page or document number, only where it was seen"),
        may("url", Kind::Text, "the address that readers get"),
        may("link_reason", Kind::Text, "why a host outside the allow list is linked"),
        may("read_at", Kind::Text, "where it was read; never shown"),
        may("archive", Kind::Text, "the address of an archived copy"),
        may("doi", Kind::Text, "digital object identifier"),
        may("isbn", Kind::Text, "book number"),
        may("accessed", Kind::Date, "when the address was opened"),
        may("checked_by", Kind::Text, "who compared the quotations with the original"),
        may("quote", Kind::Tables(&QUOTE), "words copied to the letter"),
    ],
};

/// A `[[source.quote]]`.
pub const QUOTE: Schema = Schema {
    title: "`[[source.quote]]`",
    fields: &[
        must("text", Kind::Text, "the words, copied to the letter; our cuts are […]"),
        must(
            "checked",
            Kind::Word(|| Checked::ALL.map(Checked::word).to_vec()),
            "how they were compared with the original",
        ),
        may("language", Kind::Text, "BCP 47 tag of their language, where it is not the file's"),
        may("translation", Kind::Text, "a translation"),
        may("translated_by", Kind::Text, "who translated"),
    ],
};

/// A `[[correction]]`.
pub const CORRECTION: Schema = Schema {
    title: "`[[correction]]`",
    fields: &[
        must("date", Kind::Date, "when"),
        must("what", Kind::Text, "what was changed"),
        may("why", Kind::Text, "why"),
    ],
};

/// Something that needs a source to be said: `{ text = "…", source = "key" }`.
pub const ATTRIBUTED: Schema = Schema {
    title: "this table",
    fields: &[
        must("text", Kind::Text, "what is said"),
        must("source", Kind::Text, "the key of the source that says so"),
    ],
};

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{ATTRIBUTED, CLAIM, CORRECTION, QUOTE, SOURCE};

    #[test]
    fn each_field_stands_once_and_says_what_it_is() {
        for schema in [CLAIM, SOURCE, QUOTE, CORRECTION, ATTRIBUTED] {
            let mut seen = BTreeSet::new();
            for field in schema.fields {
                assert!(seen.insert(field.name), "{} twice in {}", field.name, schema.title);
                assert!(!field.what.is_empty(), "{} says nothing", field.name);
            }
        }
    }
}
