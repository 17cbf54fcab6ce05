//! The commands: one file each with its definition and how what is typed becomes an [`Ask`]. Knows not what they do.

mod data;
mod find;
mod length;
mod mode;
mod pause;
mod privacy;
mod quiet;
mod register;
mod report;
mod search;
mod settings;
mod setup;
mod show;
mod stats;
pub(super) mod status;
pub(super) mod suggest;
mod why;

use serenity::all::{
    CommandData, CommandDataOption, CommandDataOptionValue, CommandInteraction, CommandOptionType,
    CommandType, CreateCommand, CreateCommandOption, InstallationContext, InteractionContext,
    Permissions,
};

pub(super) use register::register;

use crate::app::ask::Ask;
use crate::discord::topology::Topology;
use crate::model::claim::MAX_ID_LENGTH;
use crate::policy::place::ChannelId;

/// All commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Command {
    /// `/footnote`, for everybody.
    Footnote,
    /// `/footnote-mod`, for moderators.
    Moderation,
    /// In the menu of a message.
    Find,
}

/// What a subcommand was used with.
struct Given<'a> {
    /// The use.
    command: &'a CommandInteraction,
    /// The subcommand's options.
    options: &'a [CommandDataOption],
    /// The servers and channels.
    topology: &'a Topology,
}

/// A subcommand.
struct Subcommand {
    name: &'static str,
    definition: fn() -> CreateCommandOption,
    parse: fn(&Given<'_>) -> Ask,
}

const FOR_EVERYBODY: [Subcommand; 7] = [
    search::SUBCOMMAND,
    show::SUBCOMMAND,
    suggest::SUBCOMMAND,
    quiet::SUBCOMMAND,
    privacy::SUBCOMMAND,
    data::MY_DATA,
    data::FORGET_ME,
];

const FOR_MODERATORS: [Subcommand; 9] = [
    setup::SUBCOMMAND,
    mode::SUBCOMMAND,
    pause::PAUSE,
    pause::RESUME,
    status::SUBCOMMAND,
    why::SUBCOMMAND,
    stats::SUBCOMMAND,
    report::SUBCOMMAND,
    settings::GROUP,
];

impl Command {
    const ALL: [Self; 3] = [Self::Footnote, Self::Moderation, Self::Find];

    const fn name(self) -> &'static str {
        match self {
            Self::Footnote => "footnote",
            Self::Moderation => "footnote-mod",
            Self::Find => find::NAME,
        }
    }

    const fn subcommands(self) -> &'static [Subcommand] {
        match self {
            Self::Footnote => &FOR_EVERYBODY,
            Self::Moderation => &FOR_MODERATORS,
            Self::Find => &[],
        }
    }

    fn definition(self) -> CreateCommand {
        let named = CreateCommand::new(self.name());
        let defined = match self {
            Self::Footnote => everywhere(named.kind(CommandType::ChatInput))
                .description("Sourced context on historical talking points"),
            Self::Moderation => named
                .kind(CommandType::ChatInput)
                .description("Moderators' settings of footnote")
                .integration_types(vec![InstallationContext::Guild])
                .contexts(vec![InteractionContext::Guild])
                .default_member_permissions(Permissions::MANAGE_GUILD),
            Self::Find => everywhere(named.kind(CommandType::Message)),
        };
        let options = self.subcommands().iter().map(|one| (one.definition)());
        options.fold(defined, CreateCommand::add_option)
    }
}

/// Who has not the bot in their server may have it for themselves.
fn everywhere(command: CreateCommand) -> CreateCommand {
    command.integration_types(vec![InstallationContext::Guild, InstallationContext::User]).contexts(
        vec![
            InteractionContext::Guild,
            InteractionContext::BotDm,
            InteractionContext::PrivateChannel,
        ],
    )
}

/// What a command asks for.
pub(super) fn parse(command: &CommandInteraction, topology: &Topology) -> Ask {
    let data = &command.data;
    let known = Command::ALL.into_iter().find(|one| one.name() == data.name);
    let Some(known) = known else { return Ask::Unknown };
    if known == Command::Find {
        return find::parse(command, topology);
    }
    let Some(first) = data.options.first() else { return Ask::Unknown };
    let (CommandDataOptionValue::SubCommand(options)
    | CommandDataOptionValue::SubCommandGroup(options)) = &first.value
    else {
        return Ask::Unknown;
    };
    let subcommand = known.subcommands().iter().find(|one| one.name == first.name);
    subcommand.map_or(Ask::Unknown, |one| (one.parse)(&Given { command, options, topology }))
}

/// What somebody is typing. Whatever completes does so with the names of responses.
pub(super) fn parse_partial(data: &CommandData) -> Ask {
    let typed = data.autocomplete().map(|option| option.value.to_owned());
    Ask::Complete(typed.unwrap_or_default())
}

impl Given<'_> {
    fn value(&self, name: &str) -> Option<&CommandDataOptionValue> {
        self.options.iter().find(|option| option.name == name).map(|option| &option.value)
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.value(name)?.as_str()
    }

    fn number(&self, name: &str) -> Option<i64> {
        self.value(name)?.as_i64()
    }

    fn switch(&self, name: &str) -> Option<bool> {
        self.value(name)?.as_bool()
    }

    fn channel(&self, name: &str) -> Option<ChannelId> {
        Some(ChannelId(self.value(name)?.as_channel_id()?.get()))
    }

    /// Where the command is used.
    fn here(&self) -> ChannelId {
        ChannelId(self.command.channel_id.get())
    }
}

fn subcommand(name: &str, description: &str) -> CreateCommandOption {
    CreateCommandOption::new(CommandOptionType::SubCommand, name, description)
}

/// An option that takes a response's name and offers those that fit what is typed.
fn claim_option(name: &str, description: &str) -> CreateCommandOption {
    let longest = u16::try_from(MAX_ID_LENGTH).unwrap_or(u16::MAX);
    CreateCommandOption::new(CommandOptionType::String, name, description)
        .required(true)
        .min_length(1)
        .max_length(longest)
        .set_autocomplete(true)
}

/// A name as people may type it.
fn claim_name(typed: &str) -> String {
    typed.trim().to_lowercase()
}
