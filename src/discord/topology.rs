//! What serenity's cache says about a place, as owned values. The only reader of the cache; knows nothing of messages.

use std::sync::Arc;

use serenity::all::{
    Cache, ChannelType, Guild, GuildChannel, PermissionOverwrite, PermissionOverwriteType,
    UserId as DiscordUser,
};

use crate::app::ask::Place;
use crate::policy::permission::{
    Member, Overwrite, Permissions, PlaceKind, Server, Whose, permissions,
};
use crate::policy::place::{ChannelId, GuildId, Moment, RoleId, UserId};

/// The cache of a connection.
pub(super) struct Topology {
    cache: Arc<Cache>,
    reads_content: bool,
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
    /// `reads_content` says whether we asked for what people write without mentioning us.
    pub(super) fn of(cache: &Arc<Cache>, reads_content: bool) -> Self {
        Self { cache: Arc::clone(cache), reads_content }
    }

    /// Whether we hear what people write without mentioning us.
    pub(super) fn reads_content(&self) -> bool {
        self.reads_content
    }

    /// Our own id.
    pub(super) fn us(&self) -> u64 {
        self.cache.current_user().id.get()
    }

    /// What is known about a channel or thread.
    pub(super) fn here(&self, guild: Option<GuildId>, channel: ChannelId, now: Moment) -> Here {
        let unknown = Here { parent: None, permitted: true };
        self.in_guild(guild, |guild| {
            let spot = Spot::of(guild, channel)?;
            let missing = missing(guild, &spot, self.us(), now);
            let permitted = missing == Permissions::NONE;
            Some(Here { parent: spot.parent(), permitted })
        })
        .unwrap_or(unknown)
    }

    /// Whether a member sees the messages of a channel of their server. Private threads are seen by
    /// those whom we cannot list, so there only those who manage threads are sure.
    pub(super) fn sees(&self, guild: GuildId, channel: ChannelId, by: &Member) -> bool {
        let needed = Permissions::VIEW_CHANNEL.and(Permissions::READ_MESSAGE_HISTORY);
        self.in_guild(Some(guild), |guild| {
            let spot = Spot::of(guild, channel)?;
            let allowed = spot.permissions(guild, by);
            let manages = allowed.allows(Permissions::MANAGE_THREADS);
            Some(allowed.allows(needed) && (!spot.is_private() || manages))
        })
        .unwrap_or(false)
    }

    /// All channels and threads of a server where messages are written, with what we lack in each.
    pub(super) fn survey(&self, guild: GuildId, now: Moment) -> Vec<Place> {
        let surveyed = self.in_guild(Some(guild), |guild| {
            let ids = guild.channels.keys().copied();
            let ids = ids.chain(guild.threads.iter().map(|thread| thread.id));
            let each = ids.filter_map(|id| {
                let channel = ChannelId(id.get());
                let spot = Spot::of(guild, channel)?;
                let missing = missing(guild, &spot, self.us(), now);
                let nobody = Member { user: UserId(0), roles: Vec::new(), timed_out: false };
                let is_open = spot.permissions(guild, &nobody).allows(Permissions::VIEW_CHANNEL);
                Some(Place { channel, parent: spot.parent(), missing, is_open })
            });
            let mut all: Vec<_> = each.collect();
            all.sort_by_key(|one| one.channel);
            Some(all)
        });
        surveyed.unwrap_or_default()
    }

    /// What is read of a server while the cache's guard is held; nothing where it is not cached.
    fn in_guild<T>(
        &self,
        guild: Option<GuildId>,
        read: impl FnOnce(&Guild) -> Option<T>,
    ) -> Option<T> {
        let id = guild.filter(|guild| guild.0 != 0)?;
        read(&*self.cache.guild(id.0)?)
    }
}

/// A channel with the one whose overwrites count there.
struct Spot<'a> {
    /// The thread itself; none in a channel.
    thread: Option<&'a GuildChannel>,
    /// The channel, or the one of the thread.
    channel: &'a GuildChannel,
}

impl<'a> Spot<'a> {
    fn of(guild: &'a Guild, id: ChannelId) -> Option<Self> {
        let thread = guild.threads.iter().find(|thread| thread.id.get() == id.0);
        let channel = match thread {
            Some(thread) => guild.channels.get(&thread.parent_id?)?,
            None => guild.channels.values().find(|one| one.id.get() == id.0)?,
        };
        (channel.kind != ChannelType::Category).then_some(Self { thread, channel })
    }

    fn parent(&self) -> Option<ChannelId> {
        self.thread.map(|_| ChannelId(self.channel.id.get()))
    }

    fn is_private(&self) -> bool {
        self.thread.is_some_and(|thread| thread.kind == ChannelType::PrivateThread)
    }

    fn kind(&self) -> PlaceKind {
        let Some(thread) = self.thread else {
            return match self.channel.kind {
                ChannelType::Voice | ChannelType::Stage => PlaceKind::Voice,
                _ => PlaceKind::Text,
            };
        };
        let locked = thread.thread_metadata.is_some_and(|about| about.locked);
        PlaceKind::Thread { locked }
    }

    fn permissions(&self, guild: &Guild, member: &Member) -> Permissions {
        let overwrites: Vec<_> =
            self.channel.permission_overwrites.iter().filter_map(overwrite).collect();
        permissions(&server(guild), self.kind(), &overwrites, member)
    }
}

/// What we lack for an answer; nothing where our own membership is not cached: then Discord tells.
fn missing(guild: &Guild, spot: &Spot<'_>, us: u64, now: Moment) -> Permissions {
    let Some(us) = guild.members.get(&DiscordUser::new(us.max(1))) else {
        return Permissions::NONE;
    };
    let until = us.communication_disabled_until.map_or(0, |until| until.unix_timestamp());
    let member = Member {
        user: UserId(us.user.id.get()),
        roles: us.roles.iter().map(|role| RoleId(role.get())).collect(),
        timed_out: u64::try_from(until).is_ok_and(|until| until > now.0 / 1000),
    };
    spot.permissions(guild, &member).missing(spot.kind().needed())
}

fn server(guild: &Guild) -> Server {
    let roles = guild.roles.values();
    Server {
        id: GuildId(guild.id.get()),
        owner: UserId(guild.owner_id.get()),
        roles: roles
            .map(|one| (RoleId(one.id.get()), Permissions(one.permissions.bits())))
            .collect(),
    }
}

fn overwrite(given: &PermissionOverwrite) -> Option<Overwrite> {
    let whose = match given.kind {
        PermissionOverwriteType::Member(id) => Whose::Member(UserId(id.get())),
        PermissionOverwriteType::Role(id) => Whose::Role(RoleId(id.get())),
        _ => return None,
    };
    let (allow, deny) = (Permissions(given.allow.bits()), Permissions(given.deny.bits()));
    Some(Overwrite { whose, allow, deny })
}
