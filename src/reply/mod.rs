//! What is said: a claim becomes a reply and its pages, within every limit of Discord. Knows neither Discord's types nor how a decision came about.

pub mod limits;
pub mod wording;

use crate::model::claim::{ClaimId, Revision};

/// What a button does when pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ButtonKind {
    /// Shows the quotations with their sources, to the presser alone.
    Quotes,
    /// Shows the whole response, to the presser alone.
    Full,
    /// Takes the reply away: for the author of the message and for moderators.
    NotSaid,
}

impl ButtonKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Quotes, Self::Full, Self::NotSaid];
}

/// A button under a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    /// What it does.
    pub kind: ButtonKind,
    /// What it says; at most 80 characters.
    pub label: &'static str,
}

/// A reply ready to be posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Which claim.
    pub claim: ClaimId,
    /// From which revision of its file.
    pub revision: Revision,
    /// Discord markdown, at most [`limits::CONTENT`] characters.
    pub content: String,
    /// The buttons, in order.
    pub buttons: Vec<Button>,
}

/// The reply that is posted.
pub fn compact(claim: &crate::model::claim::Claim) -> Reply {
    Reply {
        claim: claim.id.clone(),
        revision: claim.revision.clone(),
        content: crate::model::body::plain_blocks(&claim.response.short),
        buttons: vec![
            Button { kind: ButtonKind::Quotes, label: "Quotes and sources" },
            Button { kind: ButtonKind::Full, label: "Full context" },
            Button { kind: ButtonKind::NotSaid, label: "Not what I said" },
        ],
    }
}

/// What a button shows, page by page.
pub fn pages(claim: &crate::model::claim::Claim, _kind: ButtonKind) -> Vec<String> {
    vec![crate::model::body::plain_blocks(&claim.response.details)]
}
