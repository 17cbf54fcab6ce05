//! All integration tests, one binary.

#![recursion_limit = "256"]

mod architecture;
mod authoring;
mod browser;
mod card_storm;
mod cards;
mod catalogue;
mod claim_review;
mod cli;
mod commands;
mod content;
mod corpus;
mod documents;
mod edges;
mod fake;
mod faults;
mod feedback;
mod figures;
mod fuzz;
mod gateway;
mod kill;
mod limiter;
mod links;
mod operation;
mod pack;
mod pictures;
mod preview;
mod privacy;
mod quotations;
mod reload;
mod replay;
mod scenario;
mod settings;
mod shelf;
mod site;
#[expect(unreachable_pub, reason = "the fuzz targets see it from another package")]
mod soundness;
mod store;
mod storm;
#[path = "../support/mod.rs"]
mod support;
mod transcript;
mod transfer;
mod waiting;
