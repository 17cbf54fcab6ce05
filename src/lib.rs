//! footnote recognises historical talking points in Discord channels and answers with sourced context.

pub mod app;
pub mod cli;
pub mod config;
pub mod content;
pub mod discord;
pub mod eval;
pub mod lint;
pub mod matching;
pub mod model;
pub mod ops;
pub mod page;
pub mod policy;
pub mod reply;
pub mod store;
pub mod text;
