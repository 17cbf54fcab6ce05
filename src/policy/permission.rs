//! Discord's permission arithmetic on plain numbers: who may do what in a place. Knows no names and asks nobody.
//!
//! Source: Discord's documentation, topics "Permissions" (base, overwrites, implicit permissions,
//! timeouts) and "Threads".

use crate::policy::place::{GuildId, RoleId, UserId};

/// A set of permissions as Discord's bit field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Permissions(pub u64);

impl Permissions {
    /// Nothing at all.
    pub const NONE: Self = Self(0);
    /// Everything, also what Discord may add one day.
    pub const ALL: Self = Self(u64::MAX);
    /// Everything, everywhere.
    pub const ADMINISTRATOR: Self = Self(1 << 3);
    /// Change the server's settings.
    pub const MANAGE_GUILD: Self = Self(1 << 5);
    /// See the channel.
    pub const VIEW_CHANNEL: Self = Self(1 << 10);
    /// Post in the channel.
    pub const SEND_MESSAGES: Self = Self(1 << 11);
    /// Have messages read aloud.
    pub const SEND_TTS_MESSAGES: Self = Self(1 << 12);
    /// Delete others' messages.
    pub const MANAGE_MESSAGES: Self = Self(1 << 13);
    /// Have links shown with a preview.
    pub const EMBED_LINKS: Self = Self(1 << 14);
    /// Post files.
    pub const ATTACH_FILES: Self = Self(1 << 15);
    /// See earlier messages, which a reply needs.
    pub const READ_MESSAGE_HISTORY: Self = Self(1 << 16);
    /// Ping everybody.
    pub const MENTION_EVERYONE: Self = Self(1 << 17);
    /// Enter a voice channel, and with it its text.
    pub const CONNECT: Self = Self(1 << 20);
    /// Everything about threads; needed to post in a locked one.
    pub const MANAGE_THREADS: Self = Self(1 << 34);
    /// Post in a thread.
    pub const SEND_MESSAGES_IN_THREADS: Self = Self(1 << 38);

    /// Whether all of `needed` are there; an administrator has all.
    pub const fn allows(self, needed: Self) -> bool {
        self.missing(needed).0 == 0
    }

    /// What of `needed` is not there; an administrator lacks nothing.
    #[must_use]
    pub const fn missing(self, needed: Self) -> Self {
        if self.0 & Self::ADMINISTRATOR.0 != 0 { Self::NONE } else { needed.without(self) }
    }

    /// Both sets together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// This set without what is in the other.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// What is in both sets.
    #[must_use]
    pub const fn only(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The single permissions of the set, in Discord's order.
    pub fn each(self) -> impl Iterator<Item = Self> {
        (0..u64::BITS).map(|bit| Self(1 << bit)).filter(move |one| self.only(*one) == *one)
    }
}

/// What is left to those who are timed out.
const TIMED_OUT: Permissions = Permissions::VIEW_CHANNEL.and(Permissions::READ_MESSAGE_HISTORY);

/// What nobody can do who cannot post.
const WITH_SENDING: Permissions = Permissions::MENTION_EVERYONE
    .and(Permissions::SEND_TTS_MESSAGES)
    .and(Permissions::ATTACH_FILES)
    .and(Permissions::EMBED_LINKS);

/// A server, as far as permissions go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Which; the role of everybody has the same number.
    pub id: GuildId,
    /// Who may do everything.
    pub owner: UserId,
    /// What each role allows.
    pub roles: Vec<(RoleId, Permissions)>,
}

/// A member, as far as permissions go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub user: UserId,
    /// The roles, without the one of everybody.
    pub roles: Vec<RoleId>,
    /// Whether moderators have silenced them for now.
    pub timed_out: bool,
}

/// What kind of place it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlaceKind {
    /// A channel of text, announcements or posts.
    Text,
    /// The text of a voice or stage channel.
    Voice,
    /// A thread or a post of a forum.
    Thread {
        /// Whether only those may post who may manage threads.
        locked: bool,
    },
}

impl PlaceKind {
    /// What we need to answer there: see the message, post, and read back, which a reply needs.
    pub const fn needed(self) -> Permissions {
        let needed = Permissions::VIEW_CHANNEL.and(Permissions::READ_MESSAGE_HISTORY);
        match self {
            Self::Text => needed.and(Permissions::SEND_MESSAGES),
            Self::Voice => needed.and(Permissions::SEND_MESSAGES).and(Permissions::CONNECT),
            Self::Thread { locked: false } => needed.and(Permissions::SEND_MESSAGES_IN_THREADS),
            Self::Thread { locked: true } => {
                needed.and(Permissions::SEND_MESSAGES_IN_THREADS).and(Permissions::MANAGE_THREADS)
            }
        }
    }
}

/// Whom an overwrite concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Those with a role.
    Role(RoleId),
    /// One member.
    Member(UserId),
}

/// An exception of one channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overwrite {
    /// Whom it concerns.
    pub whose: Whose,
    /// What it allows.
    pub allow: Permissions,
    /// What it denies.
    pub deny: Permissions,
}

/// What a member may do in a place. A thread has the overwrites of its channel.
pub fn permissions(
    server: &Server,
    kind: PlaceKind,
    overwrites: &[Overwrite],
    member: &Member,
) -> Permissions {
    if member.user == server.owner {
        return Permissions::ALL;
    }
    let everyone = RoleId(server.id.0);
    let has = |role: RoleId| role == everyone || member.roles.contains(&role);
    let base = server
        .roles
        .iter()
        .filter(|(role, _)| has(*role))
        .fold(Permissions::NONE, |sum, (_, allowed)| sum.and(*allowed));
    if base.allows(Permissions::ADMINISTRATOR) {
        return Permissions::ALL;
    }
    // Everybody's first, then those of all roles together, of which an allowance beats a denial,
    // and the member's own last.
    let apply = |base: Permissions, concerns: &dyn Fn(Whose) -> bool| {
        let of = overwrites.iter().filter(|one| concerns(one.whose));
        let (allow, deny) = of
            .fold((Permissions::NONE, Permissions::NONE), |(allow, deny), one| {
                (allow.and(one.allow), deny.and(one.deny))
            });
        base.without(deny).and(allow)
    };
    let of_everyone = apply(base, &|whose| whose == Whose::Role(everyone));
    let of_roles = apply(
        of_everyone,
        &|whose| matches!(whose, Whose::Role(role) if role != everyone && has(role)),
    );
    let of_member = apply(of_roles, &|whose| whose == Whose::Member(member.user));
    let allowed = if member.timed_out { of_member.only(TIMED_OUT) } else { of_member };
    implied(allowed, kind)
}

/// What is left where one denial brings others with it.
fn implied(allowed: Permissions, kind: PlaceKind) -> Permissions {
    let enters = match kind {
        PlaceKind::Voice => Permissions::VIEW_CHANNEL.and(Permissions::CONNECT),
        PlaceKind::Text | PlaceKind::Thread { .. } => Permissions::VIEW_CHANNEL,
    };
    if enters.without(allowed) != Permissions::NONE {
        // Who sees a voice channel but may not enter still sees that it is there.
        return if kind == PlaceKind::Voice {
            allowed.only(Permissions::VIEW_CHANNEL)
        } else {
            Permissions::NONE
        };
    }
    let sends = match kind {
        // What SEND_MESSAGES says of the channel says nothing of its threads.
        PlaceKind::Thread { .. } => Permissions::SEND_MESSAGES_IN_THREADS,
        PlaceKind::Text | PlaceKind::Voice => Permissions::SEND_MESSAGES,
    };
    if sends.without(allowed) == Permissions::NONE {
        allowed
    } else {
        allowed.without(WITH_SENDING)
    }
}

#[cfg(test)]
mod tests {
    use super::{Member, Overwrite, Permissions, PlaceKind, Server, Whose, permissions};
    use crate::policy::place::{GuildId, RoleId, UserId};

    const SERVER: GuildId = GuildId(1);
    const EVERYONE: RoleId = RoleId(1);
    const BOT_ROLE: RoleId = RoleId(2);
    const OTHER_ROLE: RoleId = RoleId(3);
    const BOT: UserId = UserId(10);
    const OWNER: UserId = UserId(11);
    const SEND: Permissions = Permissions::SEND_MESSAGES;
    const VIEW: Permissions = Permissions::VIEW_CHANNEL;
    const NONE: Permissions = Permissions::NONE;
    const USUAL: Permissions = VIEW
        .and(SEND)
        .and(Permissions::READ_MESSAGE_HISTORY)
        .and(Permissions::EMBED_LINKS)
        .and(Permissions::CONNECT)
        .and(Permissions::SEND_MESSAGES_IN_THREADS);

    fn server(everyone: Permissions, bot_role: Permissions) -> Server {
        let roles = vec![(EVERYONE, everyone), (BOT_ROLE, bot_role), (OTHER_ROLE, NONE)];
        Server { id: SERVER, owner: OWNER, roles }
    }

    fn bot() -> Member {
        Member { user: BOT, roles: vec![BOT_ROLE, OTHER_ROLE], timed_out: false }
    }

    fn role(role: RoleId, allow: Permissions, deny: Permissions) -> Overwrite {
        Overwrite { whose: Whose::Role(role), allow, deny }
    }

    fn own(allow: Permissions, deny: Permissions) -> Overwrite {
        Overwrite { whose: Whose::Member(BOT), allow, deny }
    }

    #[test]
    fn roles_add_up_and_only_ones_own_count() {
        let text = PlaceKind::Text;
        let stranger = Member { user: UserId(99), roles: vec![], timed_out: false };
        let server = server(VIEW, SEND);
        assert_eq!(permissions(&server, text, &[], &bot()), VIEW.and(SEND));
        assert_eq!(permissions(&server, text, &[], &stranger), VIEW);
    }

    #[test]
    fn owners_and_administrators_may_everything_whatever_a_channel_says() {
        let denied = [role(EVERYONE, NONE, Permissions::ALL), own(NONE, Permissions::ALL)];
        let owner = Member { user: OWNER, roles: vec![], timed_out: true };
        let plain = server(NONE, NONE);
        assert_eq!(permissions(&plain, PlaceKind::Text, &denied, &owner), Permissions::ALL);
        let admin = server(NONE, Permissions::ADMINISTRATOR);
        let bot = Member { timed_out: true, ..bot() };
        assert_eq!(permissions(&admin, PlaceKind::Voice, &denied, &bot), Permissions::ALL);
    }

    #[test]
    fn overwrites_apply_in_their_order_and_not_in_the_lists() {
        let server = server(USUAL, NONE);
        let sends = |overwrites: &[Overwrite]| {
            permissions(&server, PlaceKind::Text, overwrites, &bot()).allows(SEND)
        };
        for (overwrites, expected) in [
            (vec![], true),
            (vec![role(EVERYONE, NONE, SEND)], false),
            (vec![role(BOT_ROLE, SEND, NONE), role(EVERYONE, NONE, SEND)], true),
            (vec![role(BOT_ROLE, NONE, SEND)], false),
            // Of several roles one that allows is enough, in either order.
            (vec![role(BOT_ROLE, NONE, SEND), role(OTHER_ROLE, SEND, NONE)], true),
            (vec![role(OTHER_ROLE, SEND, NONE), role(BOT_ROLE, NONE, SEND)], true),
            (vec![own(NONE, SEND), role(BOT_ROLE, SEND, NONE)], false),
            (vec![own(SEND, NONE), role(BOT_ROLE, NONE, SEND), role(EVERYONE, NONE, SEND)], true),
            (vec![role(RoleId(77), NONE, SEND)], true),
            (vec![Overwrite { whose: Whose::Member(UserId(77)), allow: NONE, deny: SEND }], true),
            // A member whose number is a role's is not that role.
            (vec![role(RoleId(BOT.0), NONE, SEND)], true),
        ] {
            assert_eq!(sends(&overwrites), expected, "{overwrites:?}");
        }
    }

    #[test]
    fn who_does_not_see_a_channel_may_nothing_there() {
        let server = server(USUAL, NONE);
        let hidden = [own(SEND, VIEW)];
        for kind in [PlaceKind::Text, PlaceKind::Voice, PlaceKind::Thread { locked: false }] {
            assert_eq!(permissions(&server, kind, &hidden, &bot()), NONE, "{kind:?}");
        }
    }

    #[test]
    fn a_voice_channels_text_needs_connect() {
        let server = server(USUAL, NONE);
        let denied = [own(NONE, Permissions::CONNECT)];
        let of = |kind: PlaceKind| permissions(&server, kind, &denied, &bot());
        let missing = of(PlaceKind::Voice).missing(PlaceKind::Voice.needed());
        assert!(missing.only(Permissions::CONNECT) == Permissions::CONNECT, "{missing:?}");
        assert_eq!(of(PlaceKind::Voice), VIEW);
        assert!(of(PlaceKind::Text).allows(PlaceKind::Text.needed()));
    }

    #[test]
    fn threads_have_a_permission_of_their_own_and_locks() {
        let server = server(USUAL, NONE);
        let (open, locked) =
            (PlaceKind::Thread { locked: false }, PlaceKind::Thread { locked: true });
        let missing = |kind: PlaceKind, overwrites: &[Overwrite]| {
            permissions(&server, kind, overwrites, &bot()).missing(kind.needed())
        };
        assert_eq!(missing(open, &[own(NONE, SEND)]), NONE, "SEND_MESSAGES has no effect there");
        let in_threads = Permissions::SEND_MESSAGES_IN_THREADS;
        assert_eq!(missing(open, &[own(NONE, in_threads)]), in_threads);
        assert_eq!(missing(PlaceKind::Text, &[own(NONE, in_threads)]), NONE);
        assert_eq!(missing(locked, &[]), Permissions::MANAGE_THREADS);
        assert_eq!(missing(locked, &[own(Permissions::MANAGE_THREADS, NONE)]), NONE);
    }

    #[test]
    fn a_timeout_leaves_reading() {
        let server = server(USUAL, NONE);
        let bot = Member { timed_out: true, ..bot() };
        let allowed = permissions(&server, PlaceKind::Text, &[own(SEND, NONE)], &bot);
        assert_eq!(allowed, VIEW.and(Permissions::READ_MESSAGE_HISTORY));
    }

    #[test]
    fn who_cannot_post_cannot_embed() {
        let server = server(USUAL, NONE);
        let embeds = |kind, deny| {
            permissions(&server, kind, &[own(NONE, deny)], &bot()).allows(Permissions::EMBED_LINKS)
        };
        assert!(!embeds(PlaceKind::Text, SEND));
        assert!(embeds(PlaceKind::Thread { locked: false }, SEND));
        assert!(embeds(PlaceKind::Text, NONE));
    }

    #[test]
    fn a_set_has_its_single_permissions() {
        let set = VIEW.and(Permissions::SEND_MESSAGES_IN_THREADS);
        let each: Vec<_> = set.each().collect();
        assert_eq!(each, [VIEW, Permissions::SEND_MESSAGES_IN_THREADS]);
        assert_eq!(Permissions::NONE.each().count(), 0);
        assert_eq!(Permissions::ADMINISTRATOR.missing(set), NONE);
    }
}
