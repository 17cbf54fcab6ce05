//! `/footnote privacy`: what is kept about people. Knows not what that is.

use serenity::all::CreateCommandOption;

use crate::app::ask::Ask;
use crate::discord::commands::{Subcommand, subcommand};

pub(super) const SUBCOMMAND: Subcommand =
    Subcommand { name: "privacy", definition: define, parse: |_| Ask::Privacy };

fn define() -> CreateCommandOption {
    subcommand(SUBCOMMAND.name, "What footnote reads, what it keeps, and how to stop it")
}
