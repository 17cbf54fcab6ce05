//! What serenity's cache says about a place, as owned values. The only reader of the cache; knows nothing of messages.

use std::sync::Arc;

use serenity::all::{Cache, Guild, GuildChannel, UserId};

use crate::policy::permission::Permissions;
use crate::policy::place::{ChannelId, GuildId};

/// The cache of a connection.
pub(super) struct Topology {
    cache: Arc<Cache>,
}

/// A channel as far as it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Here {
    /// The channel that a thread belongs to.
    pub(super) parent: Option<ChannelId>,
    /// Whether we may do here what an answer needs; also where we cannot tell: then Discord does.
    pub(super) permitted: bool,
}

impl Topology {
    pub(super) fn of(cache: &Arc<Cache>) -> Self {
        Self { cache: Arc::clone(cache) }
    }

    /// Our own id.
    pub(super) fn us(&self) -> u64 {
        self.cache.current_user().id.get()
    }

    /// What is known about a channel or thread.
    pub(super) fn here(&self, guild: Option<GuildId>, channel: ChannelId) -> Here {
        let unknown = Here { parent: None, permitted: true };
        let us = self.us();
        let Some(id) = guild.filter(|guild| guild.0 != 0) else { return unknown };
        let Some(guild) = self.cache.guild(id.0) else { return unknown };
        let thread = guild.threads.iter().find(|thread| thread.id.get() == channel.0);
        let parent = thread.and_then(|thread| thread.parent_id);
        let place = parent.map_or(channel.0, serenity::all::ChannelId::get);
        let place = guild.channels.values().find(|one| one.id.get() == place);
        let needed = Permissions::VIEW_CHANNEL.and(Permissions::READ_MESSAGE_HISTORY).and(
            if thread.is_some() {
                Permissions::SEND_MESSAGES_IN_THREADS
            } else {
                Permissions::SEND_MESSAGES
            },
        );
        let permitted = place
            .and_then(|place| ours(&guild, place, us))
            .is_none_or(|permissions| permissions.allows(needed));
        Here { parent: parent.map(|id| ChannelId(id.get())), permitted }
    }
}

/// Our permissions in a channel; none where our own membership is not cached.
fn ours(guild: &Guild, channel: &GuildChannel, us: u64) -> Option<Permissions> {
    let us = guild.members.get(&UserId::new(us.max(1)))?;
    Some(Permissions(guild.user_permissions_in(channel, us).bits()))
}
