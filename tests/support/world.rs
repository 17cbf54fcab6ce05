//! The servers, channels, members and messages the fake knows, and Discord's permission rules over them.
//! Knows neither JSON nor the network.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use footnote::policy::place::{ChannelId, GuildId, MessageId, RoleId, UserId};
use serde_json::Value;

/// Bits of the permission field, written down apart from the bot's own so that neither can mislead the other.
pub(crate) mod permission {
    pub(crate) const ADMINISTRATOR: u64 = 1 << 3;
    pub(crate) const MANAGE_GUILD: u64 = 1 << 5;
    pub(crate) const VIEW_CHANNEL: u64 = 1 << 10;
    pub(crate) const SEND_MESSAGES: u64 = 1 << 11;
    pub(crate) const MANAGE_MESSAGES: u64 = 1 << 13;
    pub(crate) const EMBED_LINKS: u64 = 1 << 14;
    pub(crate) const READ_MESSAGE_HISTORY: u64 = 1 << 16;
    pub(crate) const CONNECT: u64 = 1 << 20;
    pub(crate) const MANAGE_THREADS: u64 = 1 << 34;
    pub(crate) const USE_APPLICATION_COMMANDS: u64 = 1 << 31;
    pub(crate) const SEND_MESSAGES_IN_THREADS: u64 = 1 << 38;
    /// What @everyone may do in a new server here.
    pub(crate) const EVERYONE: u64 = VIEW_CHANNEL
        | SEND_MESSAGES
        | EMBED_LINKS
        | READ_MESSAGE_HISTORY
        | CONNECT
        | USE_APPLICATION_COMMANDS
        | SEND_MESSAGES_IN_THREADS;
    /// What a moderator of these tests may do beside that.
    pub(crate) const MODERATOR: u64 = MANAGE_GUILD | MANAGE_MESSAGES;
}

/// The flag of a message that only one member sees.
pub(crate) const EPHEMERAL: u64 = 1 << 6;
/// The flag of an answer that was put off and not given yet.
pub(crate) const LOADING: u64 = 1 << 7;
/// For how long a nonce counts; Discord says "the past few minutes".
const NONCE_LIFE: Duration = Duration::from_secs(300);
/// 2015-01-01T00:00:00Z in milliseconds, where Discord's ids begin.
const DISCORD_EPOCH: u64 = 1_420_070_400_000;

#[derive(Debug, Clone)]
pub(crate) struct User {
    pub(crate) name: String,
    pub(crate) bot: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Role {
    pub(crate) id: RoleId,
    pub(crate) name: String,
    pub(crate) permissions: u64,
    pub(crate) position: usize,
    pub(crate) managed: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Guild {
    pub(crate) id: GuildId,
    pub(crate) name: String,
    pub(crate) owner: UserId,
    pub(crate) roles: Vec<Role>,
    pub(crate) members: BTreeMap<UserId, Vec<RoleId>>,
    /// Members who may only read for now.
    pub(crate) timed_out: BTreeSet<UserId>,
}

/// Kinds of channels, by Discord's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ChannelKind {
    Text = 0,
    Direct = 1,
    Voice = 2,
    Category = 4,
    Announcement = 5,
    AnnouncementThread = 10,
    PublicThread = 11,
    PrivateThread = 12,
    Forum = 15,
}

impl ChannelKind {
    pub(crate) fn is_thread(self) -> bool {
        matches!(self, Self::AnnouncementThread | Self::PublicThread | Self::PrivateThread)
    }
}

/// An exception to the permissions of a role or member in one channel.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Overwrite {
    pub(crate) of: OverwriteOf,
    pub(crate) allow: u64,
    pub(crate) deny: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OverwriteOf {
    Role(RoleId),
    Member(UserId),
}

#[derive(Debug, Clone)]
pub(crate) struct Channel {
    pub(crate) id: ChannelId,
    pub(crate) guild: Option<GuildId>,
    pub(crate) name: String,
    pub(crate) kind: ChannelKind,
    pub(crate) parent: Option<ChannelId>,
    /// Of a thread: whether only those may write who manage threads.
    pub(crate) locked: bool,
    pub(crate) overwrites: Vec<Overwrite>,
    /// The other side of a direct conversation.
    pub(crate) recipient: Option<UserId>,
}

#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub(crate) id: MessageId,
    pub(crate) channel: ChannelId,
    pub(crate) author: UserId,
    /// Set where a webhook wrote it; the author is then the webhook itself.
    pub(crate) webhook: bool,
    /// Discord's message type: 0 is an ordinary one, 19 a reply.
    pub(crate) kind: u8,
    pub(crate) content: String,
    pub(crate) embeds: Vec<Value>,
    pub(crate) components: Vec<Value>,
    pub(crate) attachments: Vec<Value>,
    pub(crate) mentions: Vec<UserId>,
    pub(crate) reference: Option<MessageId>,
    pub(crate) nonce: Option<(Value, Instant)>,
    pub(crate) flags: u64,
    /// When it was last edited, in milliseconds since 1970.
    pub(crate) edited: Option<u64>,
    /// The body of the request that made it, where the bot did.
    pub(crate) request: Value,
}

impl Message {
    pub(crate) fn is_ephemeral(&self) -> bool {
        self.flags & EPHEMERAL != 0
    }
}

#[derive(Debug)]
pub(crate) struct World {
    last_id: u64,
    pub(crate) bot: UserId,
    pub(crate) users: BTreeMap<UserId, User>,
    pub(crate) guilds: BTreeMap<GuildId, Guild>,
    pub(crate) channels: BTreeMap<ChannelId, Channel>,
    pub(crate) messages: BTreeMap<MessageId, Message>,
}

impl World {
    pub(crate) fn new() -> Self {
        let mut world = Self {
            last_id: 0,
            bot: UserId(0),
            users: BTreeMap::new(),
            guilds: BTreeMap::new(),
            channels: BTreeMap::new(),
            messages: BTreeMap::new(),
        };
        world.bot = world.add_user("footnote", true);
        world
    }

    /// A new id that says the present time, as Discord's do: the bot reads ages from them.
    pub(crate) fn id(&mut self) -> u64 {
        self.last_id = id_at(Duration::ZERO).max(self.last_id + 1);
        self.last_id
    }

    pub(crate) fn add_user(&mut self, name: &str, bot: bool) -> UserId {
        let id = UserId(self.id());
        self.users.insert(id, User { name: name.to_owned(), bot });
        id
    }

    /// A server with its owner, and the bot as a member with a role of its own.
    pub(crate) fn add_guild(&mut self, name: &str) -> GuildId {
        let (id, bot_role) = (GuildId(self.id()), RoleId(self.id()));
        let owner = self.add_user("owner", false);
        let role = |id, name: &str, permissions, position| Role {
            id,
            name: name.to_owned(),
            permissions,
            position,
            managed: position > 0,
        };
        let roles = vec![
            role(RoleId(id.0), "@everyone", permission::EVERYONE, 0),
            role(bot_role, "footnote", 0, 1),
        ];
        let members = BTreeMap::from([(owner, Vec::new()), (self.bot, vec![bot_role])]);
        let (name, timed_out) = (name.to_owned(), BTreeSet::new());
        self.guilds.insert(id, Guild { id, name, owner, roles, members, timed_out });
        id
    }

    pub(crate) fn add_channel(
        &mut self,
        guild: Option<GuildId>,
        name: &str,
        kind: ChannelKind,
    ) -> ChannelId {
        let id = ChannelId(self.id());
        let channel = Channel {
            id,
            guild,
            name: name.to_owned(),
            kind,
            parent: None,
            locked: false,
            overwrites: Vec::new(),
            recipient: None,
        };
        self.channels.insert(id, channel);
        id
    }

    /// An empty message that is not in the world yet.
    pub(crate) fn draft(&mut self, channel: ChannelId, author: UserId) -> Message {
        Message {
            id: MessageId(self.id()),
            channel,
            author,
            webhook: false,
            kind: 0,
            content: String::new(),
            embeds: Vec::new(),
            components: Vec::new(),
            attachments: Vec::new(),
            mentions: Vec::new(),
            reference: None,
            nonce: None,
            flags: 0,
            edited: None,
            request: Value::Null,
        }
    }

    pub(crate) fn guild_of(&self, channel: ChannelId) -> Option<GuildId> {
        self.channels.get(&channel)?.guild
    }

    /// Whom the text names as `<@id>` or `<@!id>`.
    pub(crate) fn mentioned(&self, content: &str) -> Vec<UserId> {
        let mut found: Vec<UserId> = content
            .split("<@")
            .skip(1)
            .filter_map(|rest| rest.split_once('>'))
            .filter_map(|(id, _)| id.trim_start_matches('!').parse().ok().map(UserId))
            .filter(|id| self.users.contains_key(id))
            .collect();
        found.dedup();
        found
    }

    /// What the member may do in the channel: Discord's documentation, "Permission Overwrites".
    pub(crate) fn permissions(&self, user: UserId, channel: ChannelId) -> u64 {
        let Some(channel) = self.channels.get(&channel) else { return 0 };
        let Some(guild) = channel.guild.and_then(|id| self.guilds.get(&id)) else {
            return permission::EVERYONE;
        };
        if guild.owner == user {
            return u64::MAX >> 1;
        }
        let Some(roles) = guild.members.get(&user) else { return 0 };
        let everyone = RoleId(guild.id.0);
        let base = guild
            .roles
            .iter()
            .filter(|role| role.id == everyone || roles.contains(&role.id))
            .fold(0, |sum, role| sum | role.permissions);
        if base & permission::ADMINISTRATOR != 0 {
            return u64::MAX >> 1;
        }
        let above = channel.parent.filter(|_| channel.kind.is_thread());
        let overwrites = above
            .and_then(|id| self.channels.get(&id))
            .map_or(&channel.overwrites, |parent| &parent.overwrites);
        let apply = |base: u64, concerns: &dyn Fn(OverwriteOf) -> bool| {
            let of = overwrites.iter().filter(|overwrite| concerns(overwrite.of));
            let (allow, deny) = of.fold((0, 0), |(a, d), o| (a | o.allow, d | o.deny));
            base & !deny | allow
        };
        let base = apply(base, &|of| of == OverwriteOf::Role(everyone));
        let base = apply(base, &|of| matches!(of, OverwriteOf::Role(id) if roles.contains(&id)));
        let base = apply(base, &|of| of == OverwriteOf::Member(user));
        let base = if guild.timed_out.contains(&user) {
            base & (permission::VIEW_CHANNEL | permission::READ_MESSAGE_HISTORY)
        } else {
            base
        };
        // Denials that bring others with them.
        let enters = channel.kind != ChannelKind::Voice || base & permission::CONNECT != 0;
        match (base & permission::VIEW_CHANNEL != 0, enters) {
            (false, _) => 0,
            (true, false) => permission::VIEW_CHANNEL,
            (true, true) => base,
        }
    }

    /// The message that a post with this nonce would double.
    pub(crate) fn same_nonce(&self, author: UserId, nonce: &Value) -> Option<MessageId> {
        self.messages
            .values()
            .find(|message| {
                message.author == author
                    && message
                        .nonce
                        .as_ref()
                        .is_some_and(|(known, at)| known == nonce && at.elapsed() < NONCE_LIFE)
            })
            .map(|message| message.id)
    }

    /// The next moment of an edit: later than the one before, as somebody's two edits are.
    pub(crate) fn edit_time(&self, message: MessageId) -> u64 {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let now = u64::try_from(now.as_millis()).unwrap_or(u64::MAX);
        let last = self.messages.get(&message).and_then(|message| message.edited);
        now.max(last.map_or(0, |last| last + 1))
    }

    /// The messages of a channel that everybody there sees, oldest first.
    pub(crate) fn visible(&self, channel: ChannelId) -> impl DoubleEndedIterator<Item = &Message> {
        self.messages.values().filter(move |m| m.channel == channel && !m.is_ephemeral())
    }
}

/// The first id of the moment `age` ago.
pub(crate) fn id_at(age: Duration) -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let millis = u64::try_from(now.saturating_sub(age).as_millis()).unwrap_or(u64::MAX);
    millis.saturating_sub(DISCORD_EPOCH) << 22
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permissions_follow_roles_then_overwrites() {
        let mut world = World::new();
        let guild = world.add_guild("g");
        let channel = world.add_channel(Some(guild), "c", ChannelKind::Text);
        let bot = world.bot;
        let everyone = RoleId(guild.0);
        assert_eq!(world.permissions(bot, channel), permission::EVERYONE);
        let mut forbid = |of, allow, deny| {
            let overwrite = Overwrite { of, allow, deny };
            world.channels.get_mut(&channel).unwrap().overwrites.push(overwrite);
            world.permissions(bot, channel) & permission::SEND_MESSAGES != 0
        };
        let send = permission::SEND_MESSAGES;
        assert!(!forbid(OverwriteOf::Role(everyone), 0, send), "@everyone may not send");
        assert!(forbid(OverwriteOf::Member(bot), send, 0), "but the bot may");
        let stranger = world.add_user("stranger", false);
        assert_eq!(world.permissions(stranger, channel), 0);
    }

    #[test]
    fn ids_grow_and_say_their_time() {
        let mut world = World::new();
        let (first, second) = (world.id(), world.id());
        assert!(first < second);
        let old = MessageId(id_at(Duration::from_secs(120)));
        let age = MessageId(second).made_at().since(old.made_at());
        assert!(age >= Duration::from_secs(120) && age < Duration::from_secs(180), "{age:?}");
    }
}
