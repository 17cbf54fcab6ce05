//! footnote recognises historical talking points in Discord channels and answers with sourced context.

pub mod cli;
pub mod content;
pub mod eval;
pub mod lint;
pub mod matching;
pub mod model;
pub mod policy;
pub mod reply;
pub mod text;
