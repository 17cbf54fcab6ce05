//! Discord's permission arithmetic on plain numbers. Knows no roles by name and asks nobody.

/// A set of permissions as Discord's bit field. Bits: Discord's documentation, "Permissions".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Permissions(pub u64);

impl Permissions {
    /// Everything, everywhere.
    pub const ADMINISTRATOR: Self = Self(1 << 3);
    /// Change the server's settings.
    pub const MANAGE_GUILD: Self = Self(1 << 5);
    /// See the channel.
    pub const VIEW_CHANNEL: Self = Self(1 << 10);
    /// Post in the channel.
    pub const SEND_MESSAGES: Self = Self(1 << 11);
    /// Delete others' messages.
    pub const MANAGE_MESSAGES: Self = Self(1 << 13);
    /// See earlier messages, which a reply needs.
    pub const READ_MESSAGE_HISTORY: Self = Self(1 << 16);
    /// Post in a thread.
    pub const SEND_MESSAGES_IN_THREADS: Self = Self(1 << 38);

    /// Whether all of `needed` are there; an administrator has all.
    pub const fn allows(self, needed: Self) -> bool {
        self.0 & Self::ADMINISTRATOR.0 != 0 || self.0 & needed.0 == needed.0
    }

    /// Both sets together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}
