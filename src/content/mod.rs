//! Hand-edited files become a catalog, and everything wrong in them becomes diagnostics. Knows neither the store nor what is done with a claim.

pub mod aliases;
pub mod body;
mod brackets;
mod build;
mod front;
pub mod hosts;
mod invisible;
pub mod load;
pub mod lock;
pub mod parse;
pub mod schema;
mod shape;
pub mod suggest;
pub mod todo;
mod tree;
pub mod watch;
