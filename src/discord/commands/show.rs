//! `/footnote show`: a response by its name, to whoever asks alone. Knows not what is shown.

use serenity::all::{
    CommandDataOption, CommandOptionType, CommandType, CreateCommand, CreateCommandOption,
    InteractionContext,
};

use crate::app::event::Ask;
use crate::discord::commands::text;
use crate::model::claim::MAX_ID_LENGTH;

pub(super) const NAME: &str = "footnote";

const SHOW: &str = "show";
const ID: &str = "id";

pub(super) fn definition() -> CreateCommand {
    let longest = u16::try_from(MAX_ID_LENGTH).unwrap_or(u16::MAX);
    let id = CreateCommandOption::new(CommandOptionType::String, ID, "The name of the response")
        .required(true)
        .min_length(1)
        .max_length(longest);
    let show = "Show a response with its sources, to you alone";
    let show = CreateCommandOption::new(CommandOptionType::SubCommand, SHOW, show);
    CreateCommand::new(NAME)
        .kind(CommandType::ChatInput)
        .description("Sourced context on historical talking points")
        .contexts(vec![InteractionContext::Guild, InteractionContext::BotDm])
        .add_option(show.add_sub_option(id))
}

pub(super) fn parse(subcommand: &str, options: &[CommandDataOption]) -> Ask {
    match (subcommand, text(options, ID)) {
        (SHOW, Some(id)) => Ask::Show(id.trim().to_lowercase()),
        _ => Ask::Unknown,
    }
}
