//! Members as keyed hashes. Knows neither names nor what is counted by them.

use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::policy::place::{GuildId, MemberKey, UserId};
use crate::store::MemberSecret;

/// The key of a member of a server. Another server gives another key, so that nothing can be joined.
pub(super) fn member_key(
    secret: MemberSecret,
    guild: Option<GuildId>,
    member: UserId,
) -> MemberKey {
    hashed(secret, &[guild.map_or(0, |guild| guild.0), member.0])
}

/// The key of a member's own wishes, which hold in all servers: another one than any server's.
pub(super) fn wisher_key(secret: MemberSecret, member: UserId) -> MemberKey {
    hashed(secret, &[member.0])
}

fn hashed(secret: MemberSecret, numbers: &[u64]) -> MemberKey {
    // HMAC takes keys of any length, so this never falls back to the key that all share.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&secret.0) else { return MemberKey(0) };
    for number in numbers {
        mac.update(&number.to_be_bytes());
    }
    let hash = mac.finalize().into_bytes();
    let start = hash.iter().take(8).fold(0u64, |sum, byte| (sum << 8) | u64::from(*byte));
    MemberKey(start)
}

#[cfg(test)]
mod tests {
    use super::{member_key, wisher_key};
    use crate::policy::place::{GuildId, UserId};
    use crate::store::MemberSecret;

    #[test]
    fn the_key_depends_on_secret_server_and_member() {
        let key = |secret, guild, member| {
            member_key(MemberSecret([secret; 32]), Some(GuildId(guild)), UserId(member))
        };
        let one = key(1, 2, 3);
        assert_eq!(one, key(1, 2, 3));
        for other in [key(9, 2, 3), key(1, 9, 3), key(1, 2, 9)] {
            assert_ne!(one, other);
        }
        let wisher = |secret, member| wisher_key(MemberSecret([secret; 32]), UserId(member));
        for other in [one, wisher(9, 3), wisher(1, 9), key(1, 0, 3)] {
            assert_ne!(wisher(1, 3), other);
        }
    }
}
