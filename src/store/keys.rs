//! Keys: a byte that says what it is, and ids in big-endian order behind it, so that a prefix finds all of one kind and they come sorted. Knows no value.

use crate::policy::place::GuildId;

pub(super) fn id_key(id: u64) -> [u8; 8] {
    id.to_be_bytes()
}

pub(super) fn id_of(key: &[u8]) -> Option<u64> {
    Some(u64::from_be_bytes(key.try_into().ok()?))
}

pub(super) fn server_key(kind: u8, guild: GuildId) -> [u8; 9] {
    let mut key = [kind; 9];
    let [_, id @ ..] = &mut key;
    *id = id_key(guild.0);
    key
}

pub(super) fn pair_key(kind: u8, first: u64, second: u64) -> [u8; 17] {
    let mut key = [kind; 17];
    let ids = (u128::from(first) << 64) | u128::from(second);
    let [_, pair @ ..] = &mut key;
    *pair = ids.to_be_bytes();
    key
}

/// The ids behind the first byte.
pub(super) fn pair_of(key: &[u8]) -> Option<(u64, u64)> {
    let (first, second) = key.get(1..)?.split_at_checked(8)?;
    Some((id_of(first)?, id_of(second)?))
}

/// A key with a name behind the server.
pub(super) fn named_key(kind: u8, guild: GuildId, name: &str) -> Vec<u8> {
    [&server_key(kind, guild), name.as_bytes()].concat()
}

/// The server and the name behind the first byte.
pub(super) fn named_of(key: &[u8]) -> Option<(u64, &str)> {
    let (guild, name) = key.get(1..)?.split_at_checked(8)?;
    Some((id_of(guild)?, std::str::from_utf8(name).ok()?))
}

#[cfg(test)]
mod tests {
    use super::{pair_key, pair_of, server_key};
    use crate::policy::place::GuildId;

    #[test]
    fn pairs_come_back_and_begin_with_their_server() {
        let key = pair_key(b'c', 0x0102_0304_0506_0708, u64::MAX);
        assert_eq!(pair_of(&key), Some((0x0102_0304_0506_0708, u64::MAX)));
        assert!(key.starts_with(&server_key(b'c', GuildId(0x0102_0304_0506_0708))));
        assert_eq!(pair_of(&key[..16]), None);
    }
}
