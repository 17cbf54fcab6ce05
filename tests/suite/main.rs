//! All integration tests, one binary.

#![recursion_limit = "256"]

mod architecture;
mod catalogue;
mod cli;
mod content;
mod documents;
mod edges;
mod fake;
mod faults;
mod gateway;
mod limiter;
mod operation;
mod pack;
mod quotations;
mod reload;
mod scenario;
mod store;
#[path = "../support/mod.rs"]
mod support;
