//! How the offsets topic's keys and values are written: Kafka's published message formats.
//!
//! `OffsetCommitKey` version 1 with `OffsetCommitValue` version 3, `GroupMetadataKey` version 2
//! with `GroupMetadataValue` version 3, and within it the consumer protocol's subscription
//! (version 2) and assignment (version 1). All numbers are big-endian; a text is its length in 16
//! bits and its bytes, a list its length in 32 bits and its items; -1 is null.

/// The partitions of a topic, by name.
pub(crate) type NamedPartitions = Vec<(String, Vec<u32>)>;

/// A decoded key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    /// What a group committed for a partition.
    Offset {
        group: String,
        topic: String,
        partition: u32,
    },
    /// A group's generation and members.
    Group { group: String },
}

/// What was committed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OffsetValue {
    pub(crate) offset: u64,
    pub(crate) time: i64,
}

/// A generation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct GroupValue {
    pub(crate) generation: u32,
    pub(crate) protocol: Option<String>,
    pub(crate) time: i64,
    pub(crate) members: Vec<MemberValue>,
}

/// A member of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct MemberValue {
    pub(crate) member_id: String,
    pub(crate) client_id: String,
    pub(crate) rebalance_timeout_ms: i64,
    pub(crate) session_timeout_ms: i64,
    pub(crate) topics: Vec<String>,
    pub(crate) owned: NamedPartitions,
    pub(crate) owned_generation: Option<u32>,
    pub(crate) assigned: NamedPartitions,
}

impl Key {
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut out = Writer(Vec::new());
        match self {
            Key::Offset {
                group,
                topic,
                partition,
            } => {
                out.short(1);
                out.text(group);
                out.text(topic);
                out.int(i64::from(*partition));
            }
            Key::Group { group } => {
                out.short(2);
                out.text(group);
            }
        }
        out.0
    }

    pub(crate) fn decode(bytes: &[u8]) -> Option<Key> {
        let mut from = Reader(bytes);
        match from.short()? {
            0 | 1 => Some(Key::Offset {
                group: from.text()??,
                topic: from.text()??,
                partition: u32::try_from(from.int()?).ok()?,
            }),
            2 => Some(Key::Group {
                group: from.text()??,
            }),
            _ => None,
        }
    }
}

impl OffsetValue {
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut out = Writer(Vec::new());
        out.short(3);
        out.long(self.offset as i64);
        // No leader epoch, no metadata.
        out.int(-1);
        out.text("");
        out.long(self.time);
        out.0
    }

    pub(crate) fn decode(bytes: &[u8]) -> Option<OffsetValue> {
        let mut from = Reader(bytes);
        if from.short()? != 3 {
            return None;
        }
        let offset = u64::try_from(from.long()?).ok()?;
        from.int()?;
        from.text()?;
        let time = from.long()?;
        Some(OffsetValue { offset, time })
    }
}

impl GroupValue {
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut out = Writer(Vec::new());
        out.short(3);
        out.text("consumer");
        out.int(i64::from(self.generation));
        out.nullable(self.protocol.as_deref());
        out.nullable(self.members.first().map(|it| it.member_id.as_str()));
        out.long(self.time);
        out.int(self.members.len() as i64);
        for member in &self.members {
            out.text(&member.member_id);
            out.nullable(None);
            out.text(&member.client_id);
            out.text("/127.0.0.1");
            out.int(member.rebalance_timeout_ms);
            out.int(member.session_timeout_ms);
            out.bytes(&member.subscription());
            out.bytes(&member.assignment());
        }
        out.0
    }

    pub(crate) fn decode(bytes: &[u8]) -> Option<GroupValue> {
        let mut from = Reader(bytes);
        if from.short()? != 3 {
            return None;
        }
        from.text()?;
        let generation = u32::try_from(from.int()?).ok()?;
        let protocol = from.text()?;
        from.text()?;
        let time = from.long()?;
        let count = from.int()?;
        let mut members = Vec::new();
        for _ in 0..count {
            members.push(MemberValue::decode(&mut from)?);
        }
        Some(GroupValue {
            generation,
            protocol,
            time,
            members,
        })
    }
}

impl MemberValue {
    fn subscription(&self) -> Vec<u8> {
        let mut out = Writer(Vec::new());
        out.short(2);
        out.int(self.topics.len() as i64);
        self.topics.iter().for_each(|topic| out.text(topic));
        out.int(-1);
        out.partitions(&self.owned);
        out.int(self.owned_generation.map_or(-1, i64::from));
        out.0
    }

    fn assignment(&self) -> Vec<u8> {
        let mut out = Writer(Vec::new());
        out.short(1);
        out.partitions(&self.assigned);
        out.int(-1);
        out.0
    }

    fn decode(from: &mut Reader<'_>) -> Option<MemberValue> {
        let member_id = from.text()??;
        from.text()?;
        let client_id = from.text()??;
        from.text()?;
        let (rebalance_timeout_ms, session_timeout_ms) = (from.int()?, from.int()?);
        let mut subscription = Reader(from.bytes()?);
        let mut assignment = Reader(from.bytes()?);
        subscription.short()?;
        let mut topics = Vec::new();
        for _ in 0..subscription.int()? {
            topics.push(subscription.text()??);
        }
        subscription.int()?;
        let owned = subscription.partitions()?;
        let owned_generation = u32::try_from(subscription.int()?).ok();
        assignment.short()?;
        Some(MemberValue {
            member_id,
            client_id,
            rebalance_timeout_ms,
            session_timeout_ms,
            topics,
            owned,
            owned_generation,
            assigned: assignment.partitions()?,
        })
    }
}

struct Writer(Vec<u8>);

impl Writer {
    fn short(&mut self, number: i16) {
        self.0.extend_from_slice(&number.to_be_bytes());
    }

    /// 32 bits; what does not fit is the nearest that does.
    fn int(&mut self, number: i64) {
        let number = number.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32;
        self.0.extend_from_slice(&number.to_be_bytes());
    }

    fn long(&mut self, number: i64) {
        self.0.extend_from_slice(&number.to_be_bytes());
    }

    fn text(&mut self, text: &str) {
        self.short(i16::try_from(text.len()).unwrap_or(i16::MAX));
        self.0
            .extend_from_slice(&text.as_bytes()[..text.len().min(i16::MAX as usize)]);
    }

    fn nullable(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.text(text),
            None => self.short(-1),
        }
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.int(bytes.len() as i64);
        self.0.extend_from_slice(bytes);
    }

    fn partitions(&mut self, topics: &NamedPartitions) {
        self.int(topics.len() as i64);
        for (topic, partitions) in topics {
            self.text(topic);
            self.int(partitions.len() as i64);
            partitions.iter().for_each(|it| self.int(i64::from(*it)));
        }
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn short(&mut self) -> Option<i16> {
        let bytes = self.take(2)?;
        Some(i16::from_be_bytes(bytes.try_into().ok()?))
    }

    fn int(&mut self) -> Option<i64> {
        let bytes = self.take(4)?;
        Some(i64::from(i32::from_be_bytes(bytes.try_into().ok()?)))
    }

    fn long(&mut self) -> Option<i64> {
        let bytes = self.take(8)?;
        Some(i64::from_be_bytes(bytes.try_into().ok()?))
    }

    /// A text that may be null.
    fn text(&mut self) -> Option<Option<String>> {
        let Ok(length) = usize::try_from(self.short()?) else {
            return Some(None);
        };
        let bytes = self.take(length)?;
        Some(Some(String::from_utf8(bytes.to_vec()).ok()?))
    }

    fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.int()?).ok()?;
        self.take(length)
    }

    fn partitions(&mut self) -> Option<NamedPartitions> {
        let mut topics = Vec::new();
        for _ in 0..self.int()? {
            let topic = self.text()??;
            let mut partitions = Vec::new();
            for _ in 0..self.int()? {
                partitions.push(u32::try_from(self.int()?).ok()?);
            }
            topics.push((topic, partitions));
        }
        Some(topics)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_values_are_written_as_kafka_writes_them() {
        let key = Key::Offset {
            group: "dash".to_owned(),
            topic: "ratings".to_owned(),
            partition: 2,
        };
        assert_eq!(key.encode(), b"\0\x01\0\x04dash\0\x07ratings\0\0\0\x02");
        assert_eq!(Key::decode(&key.encode()), Some(key));
        let value = OffsetValue {
            offset: 300,
            time: 5,
        };
        let bytes = b"\0\x03\0\0\0\0\0\0\x01\x2c\xff\xff\xff\xff\0\0\0\0\0\0\0\0\0\x05";
        assert_eq!(value.encode(), bytes);
        assert_eq!(OffsetValue::decode(bytes), Some(value));
    }

    #[test]
    fn a_generation_round_trips_and_broken_bytes_are_nothing() {
        let group = GroupValue {
            generation: 7,
            protocol: Some("range".to_owned()),
            time: 9,
            members: vec![MemberValue {
                member_id: "left-0".to_owned(),
                client_id: "left".to_owned(),
                rebalance_timeout_ms: 300_000,
                session_timeout_ms: 45_000,
                topics: vec!["ratings".to_owned()],
                owned: vec![("ratings".to_owned(), vec![0])],
                owned_generation: Some(6),
                assigned: vec![("ratings".to_owned(), vec![0, 1])],
            }],
        };
        let bytes = group.encode();
        assert_eq!(GroupValue::decode(&bytes), Some(group));
        for length in 0..bytes.len() {
            assert_eq!(GroupValue::decode(&bytes[..length]), None);
        }
        assert_eq!(Key::decode(b"\0\x09"), None);
    }
}
