//! Where, who and when, as plain values. Knows neither Discord's types nor a clock.

use std::fmt;
use std::time::Duration;

macro_rules! snowflake {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

snowflake!(
    /// A server.
    GuildId
);
snowflake!(
    /// A channel, thread or forum post.
    ChannelId
);
snowflake!(
    /// A message.
    MessageId
);
snowflake!(
    /// A member.
    UserId
);
snowflake!(
    /// A role.
    RoleId
);

/// The first millisecond that Discord's ids count from: 2015-01-01T00:00:00Z, in milliseconds since 1970.
/// Source: Discord's API reference, section "Snowflakes".
const DISCORD_EPOCH: u64 = 1_420_070_400_000;

impl MessageId {
    /// When the message was made, which its id says.
    pub const fn made_at(self) -> Moment {
        Moment((self.0 >> 22) + DISCORD_EPOCH)
    }
}

/// A point in time: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Moment(pub u64);

impl Moment {
    /// The time from `earlier` to `self`; zero where `earlier` is later.
    pub const fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }

    /// This moment moved into the future.
    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        Self(self.0.saturating_add(u64::try_from(span.as_millis()).unwrap_or(u64::MAX)))
    }

    /// This moment moved into the past, not before 1970.
    #[must_use]
    pub fn minus(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(u64::try_from(span.as_millis()).unwrap_or(u64::MAX)))
    }
}

/// What a place stands in, and what its name says. Learned from the connection, never stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Surroundings {
    /// The category of the channel.
    pub category: Option<ChannelId>,
    /// Whether its name says that nobody should be corrected there.
    pub is_delicate: bool,
}

/// A member as a keyed hash that expires: says "the same one as before", never who.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MemberKey(pub u64);

/// What kind of author a message has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AuthorKind {
    /// A person.
    Member,
    /// Ourselves.
    Own,
    /// Another bot.
    Bot,
    /// A webhook.
    Webhook,
    /// The platform itself: joins, pins, boosts.
    System,
}

/// Where and by whom something was said; all that [`crate::policy::admit::admit`] may look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Situation {
    /// The server; none in direct messages.
    pub guild: Option<GuildId>,
    /// The channel or thread.
    pub channel: ChannelId,
    /// The message.
    pub message: MessageId,
    /// Who wrote it.
    pub author: UserId,
    /// What kind of author that is.
    pub author_kind: AuthorKind,
    /// The author under the key of member cooldowns.
    pub member: MemberKey,
    /// The author's roles.
    pub roles: Vec<RoleId>,
    /// Whether the author asked not to be read or answered.
    pub opted_out: bool,
    /// Whether we may do here what an answer needs.
    pub permitted: bool,
    /// Whether the lane was full when the message came.
    pub overloaded: bool,
}
