//! What is said: a claim becomes a reply and its pages, within every limit of Discord. Knows neither Discord's types nor how a decision came about.

pub mod card;
pub mod cite;
pub mod compact;
pub mod cut;
pub mod limits;
pub mod link;
pub mod markdown;
pub mod page;
pub mod posted;
pub mod render;
pub mod table;
pub mod why;
pub mod wording;
pub mod wording_feedback;
pub mod wording_members;
pub mod wording_moderators;
pub mod wording_report;
pub mod wording_setup;
pub mod words;

#[cfg(test)]
mod bounds;

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
