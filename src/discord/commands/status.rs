//! `/footnote-mod status`: how things stand in a server. Knows not what is told of it.

use serenity::all::CreateCommandOption;

use crate::app::ask::{Ask, Survey};
use crate::discord::commands::{Given, Subcommand, subcommand};
use crate::discord::now;
use crate::discord::topology::Topology;
use crate::policy::place::GuildId;

pub(super) const SUBCOMMAND: Subcommand = Subcommand { name: "status", definition: define, parse };

fn define() -> CreateCommandOption {
    let what = "Channels, missing permissions, response files, and what was said lately";
    subcommand(SUBCOMMAND.name, what)
}

fn parse(given: &Given<'_>) -> Ask {
    let guild = given.command.guild_id.map(|id| GuildId(id.get()));
    Ask::Status(survey(given.topology, guild))
}

/// How things stand in a server.
pub(in crate::discord) fn survey(topology: &Topology, guild: Option<GuildId>) -> Survey {
    let places = guild.map_or_else(Vec::new, |guild| topology.survey(guild, now()));
    Survey { reads_content: topology.reads_content(), places }
}
