//! Where in the files each part of a claim stands, so that a finding can point at it. Knows positions, not what they mean.

use std::collections::BTreeMap;

use crate::model::claim::ClaimId;
use crate::model::span::Span;

/// Where one source stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceOrigin {
    /// Its `[[source]]` line.
    pub head: Span,
    /// The values of its fields, by name.
    pub fields: BTreeMap<String, Span>,
    /// The words of its quotations, in order.
    pub quotes: Vec<Span>,
}

impl SourceOrigin {
    /// The value of a field, or the `[[source]]` line where the field is left out.
    pub fn field(&self, name: &str) -> Span {
        self.fields.get(name).copied().unwrap_or(self.head)
    }
}

/// A link in the text of a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkOrigin {
    /// The address.
    pub url: String,
    /// The whole link.
    pub span: Span,
}

/// Where one claim stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The first line of the file: where something is missing, it is missing here.
    pub head: Span,
    /// The values of the claim's fields, by name.
    pub fields: BTreeMap<String, Span>,
    /// The phrasings, in order.
    pub phrasings: Vec<Span>,
    /// The counter-phrasings, in order.
    pub counter_phrasings: Vec<Span>,
    /// The near misses, in order.
    pub near_misses: Vec<Span>,
    /// The related claims, in order.
    pub related: Vec<Span>,
    /// The dates of the corrections, in order.
    pub corrections: Vec<Span>,
    /// The sources, in order.
    pub sources: Vec<SourceOrigin>,
    /// The text before the first heading.
    pub short: Span,
    /// The text with all its sections.
    pub text: Span,
    /// The links of the text, in order.
    pub links: Vec<LinkOrigin>,
}

impl Origin {
    /// The value of a field, or the file's first line where the field is left out.
    pub fn field(&self, name: &str) -> Span {
        self.fields.get(name).copied().unwrap_or(self.head)
    }
}

/// Where everything stands that was read together.
#[derive(Debug, Clone, Default)]
pub struct Origins {
    /// By claim.
    pub claims: BTreeMap<ClaimId, Origin>,
}

impl Origins {
    /// Where a claim stands; none for a claim that came from no file.
    pub fn claim(&self, id: &ClaimId) -> Option<&Origin> {
        self.claims.get(id)
    }
}
