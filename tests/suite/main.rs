//! All integration tests, one binary.

#![recursion_limit = "256"]

mod fake;
// Joins at the merge with the bot itself.
// mod gateway;
#[path = "../support/mod.rs"]
mod support;
