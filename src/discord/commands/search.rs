//! `/footnote search`: responses about some words, to whoever asks alone. Knows not how they are found.

use serenity::all::{CommandOptionType, CreateCommandOption};

use crate::app::ask::Ask;
use crate::discord::commands::{Given, Subcommand, subcommand};

pub(super) const SUBCOMMAND: Subcommand = Subcommand { name: "search", definition: define, parse };

const QUERY: &str = "query";

/// As long as a claim may be: whoever pastes a sentence is answered too.
const LONGEST: u16 = 300;

fn define() -> CreateCommandOption {
    let query = "Some words, or a sentence that you have read";
    let query = CreateCommandOption::new(CommandOptionType::String, QUERY, query)
        .required(true)
        .min_length(1)
        .max_length(LONGEST)
        .set_autocomplete(true);
    subcommand(SUBCOMMAND.name, "Find a response with its sources, for you alone")
        .add_sub_option(query)
}

fn parse(given: &Given<'_>) -> Ask {
    given.text(QUERY).map_or(Ask::Unknown, |query| Ask::Search(query.trim().to_owned()))
}
