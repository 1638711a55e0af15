//! Which partition a record goes to: Kafka's murmur2 of the key; without a key, one partition at
//! a time, changed by chance when a batch is full (KIP-480 and KIP-794).

use headwater_base::Chance;

/// Kafka's 32-bit murmur2 (`org.apache.kafka.common.utils.Utils.murmur2`).
///
/// ```
/// use headwater_log::murmur2;
/// assert_eq!(murmur2(b"21"), -973_932_308);
/// assert_eq!(murmur2(b"foobar"), -790_332_482);
/// ```
pub fn murmur2(data: &[u8]) -> i32 {
    const SEED: u32 = 0x9747_B28C;
    const MIX: u32 = 0x5BD1_E995;
    let mut hash = SEED ^ data.len() as u32;
    let (words, tail) = data.as_chunks::<4>();
    for word in words {
        let mut k = u32::from_le_bytes(*word).wrapping_mul(MIX);
        k ^= k >> 24;
        hash = hash.wrapping_mul(MIX) ^ k.wrapping_mul(MIX);
    }
    if !tail.is_empty() {
        let rest = tail
            .iter()
            .rev()
            .fold(0, |rest, byte| rest << 8 | u32::from(*byte));
        hash = (hash ^ rest).wrapping_mul(MIX);
    }
    hash ^= hash >> 13;
    hash = hash.wrapping_mul(MIX);
    (hash ^ hash >> 15) as i32
}

/// The hash with its sign bit cleared, as Kafka makes hashes positive.
pub const fn to_positive(hash: i32) -> u32 {
    (hash & i32::MAX) as u32
}

/// The partition of a key among `partitions` of them.
pub fn partition_for_key(key: &[u8], partitions: u32) -> u32 {
    explain(key, partitions).partition
}

/// How a key came to its partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyExplanation {
    /// murmur2 of the key's bytes.
    pub hash: i32,
    /// The hash with its sign bit cleared.
    pub positive: u32,
    /// How many partitions there are.
    pub partitions: u32,
    /// The remainder: the partition.
    pub partition: u32,
}

/// Explains how a key comes to its partition.
///
/// ```
/// let explained = headwater_log::explain(b"21", 3);
/// assert_eq!(explained.positive % 3, explained.partition);
/// ```
pub fn explain(key: &[u8], partitions: u32) -> KeyExplanation {
    let hash = murmur2(key);
    let positive = to_positive(hash);
    KeyExplanation {
        hash,
        positive,
        partitions,
        partition: positive % partitions.max(1),
    }
}

/// The partition for records without a key, of one topic and one producer.
///
/// It stays until `batch.size` bytes have gone there, then chance draws the next one. Kafka also
/// weighs brokers that are slow; here all are equally fast.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sticky {
    current: Option<u32>,
    bytes: u64,
}

impl Sticky {
    /// The partition for a record of `record_bytes`.
    pub fn choose(
        &mut self,
        partitions: u32,
        record_bytes: u64,
        batch_bytes: u64,
        chance: &mut Chance,
    ) -> u32 {
        let stays = self.bytes < batch_bytes;
        let kept = self
            .current
            .filter(|current| stays && *current < partitions);
        let chosen = match kept {
            Some(current) => current,
            None => {
                self.bytes = 0;
                chance.range(0, i64::from(partitions) - 1) as u32
            }
        };
        self.current = Some(chosen);
        self.bytes += record_bytes;
        chosen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The cases of Kafka's `UtilsTest.testMurmur2`.
    const PUBLISHED: [(&str, i32); 6] = [
        ("21", -973_932_308),
        ("foobar", -790_332_482),
        ("a-little-bit-long-string", -985_981_536),
        ("a-little-bit-longer-string", -1_486_304_829),
        (
            "lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8",
            -58_897_971,
        ),
        ("abc", 479_470_107),
    ];

    #[test]
    fn murmur2_equals_the_published_cases() {
        for (key, hash) in PUBLISHED {
            assert_eq!(murmur2(key.as_bytes()), hash, "{key}");
        }
    }

    #[test]
    fn positive_clears_the_sign_bit() {
        assert_eq!(to_positive(-1), 0x7FFF_FFFF);
        assert_eq!(to_positive(i32::MIN), 0);
        assert_eq!(to_positive(5), 5);
        assert_eq!(
            partition_for_key(b"21", 3),
            (-973_932_308_i32 & i32::MAX) as u32 % 3
        );
    }

    #[test]
    fn sticky_stays_for_a_batch() {
        let mut chance = Chance::new(7, "sticky");
        let mut sticky = Sticky::default();
        let chosen: Vec<u32> = (0..64)
            .map(|_| sticky.choose(4, 25, 100, &mut chance))
            .collect();
        assert!(
            chosen
                .chunks(4)
                .all(|batch| batch.iter().all(|p| *p == batch[0]))
        );
        assert!((0..4).all(|partition| chosen.contains(&partition)));
        assert_eq!(sticky.choose(1, 25, 100, &mut chance), 0);
    }
}
