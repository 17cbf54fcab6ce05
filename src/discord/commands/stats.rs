//! `/footnote-mod stats`: figures by claim, revision and reason. Knows not what is counted.

use serenity::all::CreateCommandOption;

use crate::app::ask::Ask;
use crate::discord::commands::{Given, Subcommand, subcommand};

pub(super) const SUBCOMMAND: Subcommand = Subcommand { name: "stats", definition: define, parse };

fn define() -> CreateCommandOption {
    subcommand(
        SUBCOMMAND.name,
        "What became of answers and suggestions, by claim; no person is counted",
    )
}

fn parse(_: &Given<'_>) -> Ask {
    Ask::Stats
}
