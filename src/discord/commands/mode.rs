//! `/footnote-mod mode`: what footnote may do in a channel. Knows not what the modes mean.

use serenity::all::{CommandOptionType, CreateCommandOption};

use crate::app::ask::Ask;
use crate::discord::commands::{Given, Subcommand, subcommand};
use crate::policy::settings::Mode;

pub(super) const SUBCOMMAND: Subcommand = Subcommand { name: "mode", definition: define, parse };

const MODE: &str = "mode";
const CHANNEL: &str = "channel";

/// The modes that can be chosen, with what they are called.
const CHOICES: [(Mode, &str); 4] = [
    (Mode::Off, "off: read nothing"),
    (Mode::Watch, "watch: read and count, say nothing"),
    (Mode::Suggest, "suggest: ask the moderators in their channel"),
    (Mode::Reply, "reply: answer"),
];

fn define() -> CreateCommandOption {
    let mode = "What footnote may do there";
    let mode = CreateCommandOption::new(CommandOptionType::String, MODE, mode).required(true);
    let mode = CHOICES
        .into_iter()
        .fold(mode, |option, (mode, label)| option.add_string_choice(label, mode.word()));
    let channel = "The channel, thread or post; this one where it is left out";
    let channel = CreateCommandOption::new(CommandOptionType::Channel, CHANNEL, channel);
    subcommand(SUBCOMMAND.name, "Switch footnote on or off in a channel and its threads")
        .add_sub_option(mode)
        .add_sub_option(channel)
}

fn parse(given: &Given<'_>) -> Ask {
    let channel = given.channel(CHANNEL).unwrap_or(given.here());
    given.text(MODE).and_then(Mode::parse).map_or(Ask::Unknown, |mode| Ask::Mode(channel, mode))
}
