//! Maps that look up quickly: for keys of our own, which nobody can choose so that they collide. Knows no words.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

/// A map for keys of our own: what authors wrote, never what members type.
pub type QuickMap<K, V> = HashMap<K, V, BuildHasherDefault<Quick>>;

/// A set for keys of our own.
pub type QuickSet<K> = HashSet<K, BuildHasherDefault<Quick>>;

/// The hash of Firefox and of rustc: a rotation, an exclusive or and a multiplication for each eight bytes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Quick(u64);

/// The golden ratio's digits, as far as they fit.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

impl Quick {
    const fn take(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(SPREAD);
    }
}

impl Hasher for Quick {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.take(u64::from_le_bytes(*word));
        }
        if !rest.is_empty() {
            self.take(rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)));
        }
    }

    fn write_u8(&mut self, byte: u8) {
        self.take(u64::from(byte));
    }

    fn write_u32(&mut self, word: u32) {
        self.take(u64::from(word));
    }

    fn write_u64(&mut self, word: u64) {
        self.take(word);
    }

    /// A multiplication spreads upwards only, and a map looks at the lowest bits.
    fn finish(&self) -> u64 {
        self.0.rotate_left(26)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::hash::{BuildHasher, BuildHasherDefault};

    use super::Quick;

    /// How many of 1,024 places a map finds taken by 1,024 keys; chance takes 647 of them.
    fn taken<K: std::hash::Hash>(keys: impl Iterator<Item = K>) -> usize {
        let hasher = BuildHasherDefault::<Quick>::default();
        keys.take(1024).map(|key| hasher.hash_one(key) & 1023).collect::<BTreeSet<_>>().len()
    }

    #[test]
    fn keys_that_are_alike_fall_apart() {
        assert!(taken(0_u32..) > 500, "neighbouring numbers");
        assert!(taken((0..).map(|n| format!("word{n}"))) > 500, "words with the same beginning");
    }
}
