//! footnote recognises historical talking points in Discord channels and answers with sourced context.

pub mod eval;
pub mod matching;
pub mod model;
pub mod policy;
pub mod reply;
pub mod text;
