//! Stable 64-bit digests (XXH3), equal on every target: for seeds, state hashes and shard choice.

use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

/// The digest of some bytes.
pub fn bytes(bytes: &[u8]) -> u64 {
    xxh3_64(bytes)
}

/// The digest of a name under a seed.
pub fn named(seed: u64, name: &str) -> u64 {
    xxh3_64_with_seed(name.as_bytes(), seed)
}

/// Folds words into a running hash, one multiplication a word.
///
/// The constant is the 64-bit golden ratio, as in splitmix64 (Steele, Lea, Flood 2014).
pub fn fold(hash: u64, words: &[u64]) -> u64 {
    words.iter().fold(hash, |hash, word| {
        let mixed = (hash ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        mixed ^ (mixed >> 29)
    })
}
