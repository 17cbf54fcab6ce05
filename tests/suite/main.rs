//! All integration tests, one binary.

#![recursion_limit = "256"]

mod fake;
// Joins at the merge with the bot itself, and then `dead_code` below goes.
// mod gateway;
#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "what only `gateway` uses waits for it")]
mod support;
