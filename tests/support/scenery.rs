//! Building the world of a test: servers, channels, members, roles.
//! What comes after the bot connected is dispatched to it, as Discord does.

use footnote::policy::place::{ChannelId, GuildId, RoleId, UserId};
use serde_json::json;

use super::fake::Fake;
use super::hub::State;
use super::wire;
use super::world::{ChannelKind, Overwrite, OverwriteOf, Role, permission};

impl Fake {
    pub(crate) fn bot(&self) -> UserId {
        self.hub.with(|state| state.world.bot)
    }

    pub(crate) fn guild(&self, name: &str) -> GuildId {
        self.hub.with(|state| {
            let id = state.world.add_guild(name);
            let data = wire::guild_create(&state.world, id);
            state.dispatch_guild("GUILD_CREATE", &data);
            id
        })
    }

    pub(crate) fn channel(&self, guild: GuildId, name: &str) -> ChannelId {
        self.channel_of_kind(guild, name, ChannelKind::Text)
    }

    pub(crate) fn channel_of_kind(
        &self,
        guild: GuildId,
        name: &str,
        kind: ChannelKind,
    ) -> ChannelId {
        self.hub.with(|state| {
            let id = state.world.add_channel(Some(guild), name, kind);
            tell_of_channel(state, "CHANNEL_CREATE", id);
            id
        })
    }

    /// A channel of text within a category.
    pub(crate) fn channel_in(&self, category: ChannelId, name: &str) -> ChannelId {
        self.hub.with(|state| {
            let guild = state.world.guild_of(category);
            let id = state.world.add_channel(guild, name, ChannelKind::Text);
            if let Some(channel) = state.world.channels.get_mut(&id) {
                channel.parent = Some(category);
            }
            tell_of_channel(state, "CHANNEL_CREATE", id);
            id
        })
    }

    /// A public thread, or a post where the parent is a forum.
    pub(crate) fn thread(&self, parent: ChannelId, name: &str) -> ChannelId {
        self.thread_of_kind(parent, name, ChannelKind::PublicThread)
    }

    pub(crate) fn thread_of_kind(
        &self,
        parent: ChannelId,
        name: &str,
        kind: ChannelKind,
    ) -> ChannelId {
        self.hub.with(|state| {
            let guild = state.world.guild_of(parent);
            let id = state.world.add_channel(guild, name, kind);
            if let Some(thread) = state.world.channels.get_mut(&id) {
                thread.parent = Some(parent);
            }
            tell_of_channel(state, "THREAD_CREATE", id);
            id
        })
    }

    /// The direct conversation with the bot.
    pub(crate) fn direct(&self, with: UserId) -> ChannelId {
        self.hub.with(|state| state.direct(with))
    }

    pub(crate) fn member(&self, guild: GuildId, name: &str) -> UserId {
        self.join(guild, name, false)
    }

    pub(crate) fn other_bot(&self, guild: GuildId, name: &str) -> UserId {
        self.join(guild, name, true)
    }

    /// A member with a role that may manage the server and its messages.
    pub(crate) fn moderator(&self, guild: GuildId, name: &str) -> UserId {
        let member = self.member(guild, name);
        let role = self.role(guild, "moderators", permission::MODERATOR);
        self.grant(guild, member, role);
        member
    }

    pub(crate) fn owner(&self, guild: GuildId) -> UserId {
        self.hub.with(|state| state.world.guilds[&guild].owner)
    }

    pub(crate) fn role(&self, guild: GuildId, name: &str, permissions: u64) -> RoleId {
        self.hub.with(|state| {
            let id = RoleId(state.world.id());
            let known = state.world.guilds.get_mut(&guild).expect("the server exists");
            let position = known.roles.len();
            let role = Role { id, name: name.to_owned(), permissions, position, managed: false };
            known.roles.push(role.clone());
            let data = json!({
                "guild_id": guild.to_string(), "role": wire::role(&role),
            });
            state.dispatch_guild("GUILD_ROLE_CREATE", &data);
            id
        })
    }

    /// Gives the member, who may be the bot itself, the role.
    pub(crate) fn grant(&self, guild: GuildId, member: UserId, role: RoleId) {
        self.hub.with(|state| {
            let known = state.world.guilds.get_mut(&guild).expect("the server exists");
            known.members.entry(member).or_default().push(role);
            // Of others the bot would hear only with the members' intent.
            if member == state.world.bot
                && let Some(mut data) = wire::member(&state.world, guild, member)
            {
                data["guild_id"] = json!(guild.to_string());
                state.dispatch_guild("GUILD_MEMBER_UPDATE", &data);
            }
        });
    }

    /// Only those write in the thread who manage threads.
    pub(crate) fn lock(&self, thread: ChannelId) {
        self.hub.with(|state| {
            let known = state.world.channels.get_mut(&thread).expect("the thread exists");
            known.locked = true;
            tell_of_channel(state, "THREAD_UPDATE", thread);
        });
    }

    /// Moderators silence a member, who may be the bot itself.
    pub(crate) fn time_out(&self, guild: GuildId, member: UserId) {
        self.hub.with(|state| {
            let known = state.world.guilds.get_mut(&guild).expect("the server exists");
            known.timed_out.insert(member);
            if member == state.world.bot
                && let Some(mut data) = wire::member(&state.world, guild, member)
            {
                data["guild_id"] = json!(guild.to_string());
                state.dispatch_guild("GUILD_MEMBER_UPDATE", &data);
            }
        });
    }

    /// A server that has not installed the bot; its members may have, each for themselves. To be
    /// made before the bot connects.
    pub(crate) fn foreign(&self, guild: GuildId) {
        self.hub.with(|state| {
            let bot = state.world.bot;
            let known = state.world.guilds.get_mut(&guild).expect("the server exists");
            known.members.remove(&bot);
        });
    }

    pub(crate) fn overwrite(&self, channel: ChannelId, of: OverwriteOf, allow: u64, deny: u64) {
        self.hub.with(|state| {
            let known = state.world.channels.get_mut(&channel).expect("the channel exists");
            known.overwrites.push(Overwrite { of, allow, deny });
            tell_of_channel(state, "CHANNEL_UPDATE", channel);
        });
    }

    /// Somebody throws the bot out of the server, or it is gone for all: `unavailable` says that it
    /// is an outage of Discord's instead.
    pub(crate) fn leave(&self, guild: GuildId, unavailable: bool) {
        self.hub.with(|state| {
            if !unavailable {
                let known = state.world.guilds.get_mut(&guild).expect("the server exists");
                known.members.remove(&state.world.bot);
            }
            let mut data = json!({ "id": guild.to_string() });
            if unavailable {
                data["unavailable"] = json!(true);
            }
            state.dispatch_guild("GUILD_DELETE", &data);
        });
    }

    /// The bot is invited again, or the outage is over.
    pub(crate) fn rejoin(&self, guild: GuildId) {
        self.hub.with(|state| {
            let bot = state.world.bot;
            let known = state.world.guilds.get_mut(&guild).expect("the server exists");
            let roles = known.roles.iter().filter(|role| role.managed).map(|role| role.id);
            let roles = roles.collect();
            known.members.entry(bot).or_insert(roles);
            let data = wire::guild_create(&state.world, guild);
            state.dispatch_guild("GUILD_CREATE", &data);
        });
    }

    /// The channel is gone, without an event: as where it and our request cross.
    pub(crate) fn lose_channel(&self, channel: ChannelId) {
        self.hub.with(|state| state.world.channels.remove(&channel));
    }

    /// The message is gone, without an event.
    pub(crate) fn lose_message(&self, message: footnote::policy::place::MessageId) {
        self.hub.with(|state| state.world.messages.remove(&message));
    }

    fn join(&self, guild: GuildId, name: &str, bot: bool) -> UserId {
        self.hub.with(|state| {
            let id = state.world.add_user(name, bot);
            let known = state.world.guilds.get_mut(&guild).expect("the server exists");
            known.members.insert(id, Vec::new());
            id
        })
    }
}

fn tell_of_channel(state: &mut State, event: &str, id: ChannelId) {
    let known = state.world.channels.get(&id).expect("it was just made or changed");
    let data = wire::channel(&state.world, known);
    state.dispatch_guild(event, &data);
}
