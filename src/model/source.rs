//! What a response rests on: sources and their quotations. Knows neither files nor addresses that may be printed.

use crate::model::date::Date;

/// What kind of source it is, in the historians' sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SourceKind {
    /// Made at the time by those who took part.
    Primary,
    /// A study of primary sources.
    Secondary,
    /// A digest of studies: encyclopaedias, textbooks.
    Tertiary,
}

impl SourceKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Primary, Self::Secondary, Self::Tertiary];

    /// The word in a file and on the screen.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Secondary => "secondary",
            Self::Tertiary => "tertiary",
        }
    }
}

/// How a quotation was compared with its original. It is never upgraded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Checked {
    /// Read in an excerpt of a public copy.
    ExcerptRead,
    /// Read on the whole page.
    PageRead,
}

impl Checked {
    /// All ways.
    pub const ALL: [Self; 2] = [Self::ExcerptRead, Self::PageRead];

    /// The word in a file.
    pub const fn word(self) -> &'static str {
        match self {
            Self::ExcerptRead => "excerpt-read",
            Self::PageRead => "page-read",
        }
    }
}

/// Words copied to the letter; our cuts are `[…]`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Quote {
    /// The words.
    pub text: String,
    /// How they were compared with the original.
    pub checked: Checked,
    /// BCP 47 tag of their language where it is not the response's.
    pub language: Option<String>,
    /// A translation.
    pub translation: Option<String>,
    /// Who translated.
    pub translated_by: Option<String>,
}

/// One source of a claim's response. A source without a quotation is named only.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Source {
    /// The name by which the body cites it.
    pub key: String,
    /// Primary, secondary or tertiary.
    pub kind: SourceKind,
    /// Who wrote it.
    pub author: Option<String>,
    /// What it is called.
    pub title: String,
    /// The book, series or archive it stands in.
    pub container: Option<String>,
    /// When it was made, as the source gives it.
    pub date: Option<String>,
    /// Page or document number, only where it was seen.
    pub locator: Option<String>,
    /// The address that readers get.
    pub url: Option<String>,
    /// Where it was read; never shown.
    pub read_at: Option<String>,
    /// An archived copy.
    pub archive: Option<String>,
    /// Digital object identifier.
    pub doi: Option<String>,
    /// Book number.
    pub isbn: Option<String>,
    /// When the address was opened.
    pub accessed: Option<Date>,
    /// Why a host outside the allow list is linked.
    pub link_reason: Option<String>,
    /// The person who compared the quotations with the original.
    pub checked_by: Option<String>,
    /// The quotations.
    pub quotes: Vec<Quote>,
}
