//! "Find sourced context", in the menu of a message. Knows not what is found.

use serenity::all::CommandInteraction;

use crate::app::ask::Ask;
use crate::discord::convert;
use crate::discord::topology::Topology;

pub(super) const NAME: &str = "Find sourced context";

pub(super) fn parse(command: &CommandInteraction, topology: &Topology) -> Ask {
    let target = command.data.target_id.map(serenity::all::TargetId::to_message_id);
    let Some(message) = target.and_then(|id| command.data.resolved.messages.get(&id)) else {
        return Ask::Unknown;
    };
    let mut message = message.clone();
    // What comes with a command does not say which server it is from.
    message.guild_id = command.guild_id;
    message.channel_id = command.channel_id;
    Ask::Find(convert::message(topology, message))
}
