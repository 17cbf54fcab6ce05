//! `/footnote show`: a response by its name, to whoever asks alone. Knows not what is shown.

use serenity::all::CreateCommandOption;

use crate::app::ask::Ask;
use crate::discord::commands::{Given, Subcommand, claim_name, claim_option, subcommand};

pub(super) const SUBCOMMAND: Subcommand = Subcommand { name: "show", definition: define, parse };

const ID: &str = "id";

fn define() -> CreateCommandOption {
    subcommand(SUBCOMMAND.name, "Show a response with its sources, to you alone")
        .add_sub_option(claim_option(ID, "The name of the response"))
}

fn parse(given: &Given<'_>) -> Ask {
    given.text(ID).map_or(Ask::Unknown, |id| Ask::Show(claim_name(id)))
}
