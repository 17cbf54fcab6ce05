//! `/footnote-mod settings`: what holds in a channel, and changes of it. Knows not what the settings mean.

use serenity::all::{CommandDataOptionValue, CommandOptionType, CreateCommandOption};

use crate::app::ask::{Ask, Change, Cooldown};
use crate::discord::commands::length::length;
use crate::discord::commands::{Given, Subcommand, claim_name, claim_option, subcommand};
use crate::discord::now;
use crate::model::claim::ClaimId;
use crate::model::score::Score;
use crate::policy::place::{ChannelId, GuildId, RoleId};

pub(super) const GROUP: Subcommand = Subcommand { name: "settings", definition: define, parse };

const SHOW: &str = "show";
const THRESHOLD: &str = "threshold";
const COOLDOWN: &str = "cooldown";
const MUTE: &str = "mute";
const EXEMPT: &str = "exempt";
const SENSITIVE: &str = "sensitive";
const MODERATORS: &str = "moderators";

const CHANNEL: &str = "channel";
const VALUE: &str = "value";
const BETWEEN: &str = "between";
const CLAIM: &str = "claim";
const ROLE: &str = "role";
const ON: &str = "on";
const WHERE: &str = "where";

/// Between which answers, with what that is called.
const COOLDOWNS: [(&str, &str, Cooldown); 3] = [
    ("claim", "answers to one claim in a channel", Cooldown::Claim),
    ("channel", "answers in a channel", Cooldown::Channel),
    ("member", "answers to one member", Cooldown::Member),
];

fn define() -> CreateCommandOption {
    let what = "What holds in a channel, and changes of it";
    let group = CreateCommandOption::new(CommandOptionType::SubCommandGroup, GROUP.name, what);
    [show(), moderators(), threshold(), cooldown(), mute(), exempt(), sensitive()]
        .into_iter()
        .fold(group, CreateCommandOption::add_sub_option)
}

fn show() -> CreateCommandOption {
    subcommand(SHOW, "What holds in a channel, and where it was set").add_sub_option(here())
}

fn moderators() -> CreateCommandOption {
    let place = "The moderators' channel; nowhere where it is left out";
    let place = CreateCommandOption::new(CommandOptionType::Channel, WHERE, place);
    subcommand(MODERATORS, "Where footnote asks and tells the moderators")
        .add_sub_option(place)
        .add_sub_option(only_in())
}

fn threshold() -> CreateCommandOption {
    let value = "0 to 1000: the higher, the quieter; as before any change where it is left out";
    let value = CreateCommandOption::new(CommandOptionType::Integer, VALUE, value)
        .min_int_value(0)
        .max_int_value(1000);
    subcommand(THRESHOLD, "How sure footnote must be before it speaks")
        .add_sub_option(value)
        .add_sub_option(only_in())
}

fn cooldown() -> CreateCommandOption {
    let between = "Between which answers";
    let between = CreateCommandOption::new(CommandOptionType::String, BETWEEN, between);
    let between = COOLDOWNS.into_iter().fold(between.required(true), |option, (word, label, _)| {
        option.add_string_choice(label, word)
    });
    let value = "As in 30m, 2h or 7d; as before any change where it is left out";
    let value = CreateCommandOption::new(CommandOptionType::String, VALUE, value).max_length(8);
    subcommand(COOLDOWN, "The least time between two answers")
        .add_sub_option(between)
        .add_sub_option(value)
        .add_sub_option(only_in())
}

fn mute() -> CreateCommandOption {
    subcommand(MUTE, "Never answer a claim here, or answer it again")
        .add_sub_option(claim_option(CLAIM, "The name of the response"))
        .add_sub_option(on("False: it is answered again"))
        .add_sub_option(only_in())
}

fn exempt() -> CreateCommandOption {
    let role = "The role";
    let role = CreateCommandOption::new(CommandOptionType::Role, ROLE, role).required(true);
    subcommand(EXEMPT, "Leave the members of a role alone, or no longer")
        .add_sub_option(role)
        .add_sub_option(on("False: they are read and answered again"))
        .add_sub_option(only_in())
}

fn sensitive() -> CreateCommandOption {
    subcommand(SENSITIVE, "Mark a channel as one where nobody should be corrected")
        .add_sub_option(on("False: it is a channel like any other"))
        .add_sub_option(here())
}

fn on(description: &str) -> CreateCommandOption {
    CreateCommandOption::new(CommandOptionType::Boolean, ON, description)
}

fn here() -> CreateCommandOption {
    let channel = "The channel, thread or post; this one where it is left out";
    CreateCommandOption::new(CommandOptionType::Channel, CHANNEL, channel)
}

fn only_in() -> CreateCommandOption {
    let channel = "Only in this channel and its threads; in the whole server where it is left out";
    CreateCommandOption::new(CommandOptionType::Channel, CHANNEL, channel)
}

fn parse(group: &Given<'_>) -> Ask {
    let Some(first) = group.options.first() else { return Ask::Unknown };
    let CommandDataOptionValue::SubCommand(options) = &first.value else { return Ask::Unknown };
    let given = Given { options, ..*group };
    let channel = given.channel(CHANNEL);
    let on = given.switch(ON).unwrap_or(true);
    let change = match first.name.as_str() {
        SHOW => return shown(&given, channel.unwrap_or(given.here())),
        SENSITIVE => {
            return Ask::Set(Some(channel.unwrap_or(given.here())), Change::Sensitive(on));
        }
        MODERATORS => Some(Change::Review(given.channel(WHERE))),
        THRESHOLD => parse_threshold(&given),
        COOLDOWN => parse_cooldown(&given),
        MUTE => {
            let name = given.text(CLAIM).map(claim_name).and_then(|name| ClaimId::new(&name));
            name.map(|claim| Change::Mute(claim, on))
        }
        EXEMPT => {
            let role = given.value(ROLE).and_then(CommandDataOptionValue::as_role_id);
            role.map(|role| Change::Exempt(RoleId(role.get()), on))
        }
        _ => return Ask::Unknown,
    };
    Ask::Set(channel, change.unwrap_or(Change::Unclear))
}

fn shown(given: &Given<'_>, channel: ChannelId) -> Ask {
    let guild = given.command.guild_id.map(|id| GuildId(id.get()));
    Ask::Settings(channel, given.topology.here(guild, channel, now()).parent)
}

fn parse_threshold(given: &Given<'_>) -> Option<Change> {
    let Some(number) = given.number(VALUE) else { return Some(Change::Threshold(None)) };
    let score = u16::try_from(number).ok().and_then(Score::new)?;
    Some(Change::Threshold(Some(score)))
}

fn parse_cooldown(given: &Given<'_>) -> Option<Change> {
    let word = given.text(BETWEEN)?;
    let (_, _, which) = COOLDOWNS.into_iter().find(|(known, _, _)| *known == word)?;
    let Some(typed) = given.text(VALUE) else { return Some(Change::Cooldown(which, None)) };
    Some(Change::Cooldown(which, Some(length(typed)?)))
}
