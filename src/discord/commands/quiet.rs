//! `/footnote quiet`: members who want to be left alone. Knows not what that changes.

use serenity::all::{CommandOptionType, CreateCommandOption};

use crate::app::ask::{Ask, Quiet};
use crate::discord::commands::{Given, Subcommand, subcommand};

pub(super) const SUBCOMMAND: Subcommand = Subcommand { name: "quiet", definition: define, parse };

const WHERE: &str = "where";
const HERE: &str = "here";
const EVERYWHERE: &str = "everywhere";
const QUIET: &str = "quiet";

fn define() -> CreateCommandOption {
    let place = "In this server, which is what is meant where this is left out, or in all servers";
    let place = CreateCommandOption::new(CommandOptionType::String, WHERE, place)
        .add_string_choice("in this server", HERE)
        .add_string_choice("everywhere", EVERYWHERE);
    let quiet = "False: to be read and answered again";
    let quiet = CreateCommandOption::new(CommandOptionType::Boolean, QUIET, quiet);
    subcommand(SUBCOMMAND.name, "Have footnote neither read nor answer what you write")
        .add_sub_option(place)
        .add_sub_option(quiet)
}

fn parse(given: &Given<'_>) -> Ask {
    Ask::Quiet(Quiet {
        everywhere: given.text(WHERE) == Some(EVERYWHERE),
        quiet: given.switch(QUIET).unwrap_or(true),
    })
}
