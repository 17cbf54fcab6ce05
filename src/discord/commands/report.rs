//! `/footnote-mod report`: what would have been said where footnote only watches. Knows not what is counted.

use serenity::all::CreateCommandOption;

use crate::app::ask::Ask;
use crate::discord::commands::{Given, Subcommand, subcommand};

pub(super) const SUBCOMMAND: Subcommand = Subcommand { name: "report", definition: define, parse };

fn define() -> CreateCommandOption {
    subcommand(
        SUBCOMMAND.name,
        "What would have been said in the channels that are only watched, with links and no text",
    )
}

fn parse(_: &Given<'_>) -> Ask {
    Ask::Report
}
