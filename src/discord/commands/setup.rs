//! `/footnote-mod setup`: the guided first run. Knows not what its steps are.

use serenity::all::CreateCommandOption;

use crate::app::ask::{Ask, Setup, Step};
use crate::discord::commands::status::survey;
use crate::discord::commands::{Given, Subcommand, subcommand};
use crate::policy::place::GuildId;

pub(super) const SUBCOMMAND: Subcommand = Subcommand { name: "setup", definition: define, parse };

fn define() -> CreateCommandOption {
    subcommand(SUBCOMMAND.name, "Begin with footnote in this server: three choices")
}

fn parse(given: &Given<'_>) -> Ask {
    let guild = given.command.guild_id.map(|id| GuildId(id.get()));
    Ask::Setup(Setup { step: Step::Begin, replaces: false, survey: survey(given.topology, guild) })
}
