//! What travels between the tasks of a foreign-key join, as bytes: subscriptions and answers.
//!
//! Both begin with a version; its upper bits say what is missing. A subscription goes on with the
//! instruction, the digest of the subscribing row, the partition of its task, its primary key; an
//! answer with the digest and the row.

/// The version of both; Kafka's own second one, which has partitions in it.
const VERSION: u8 = 1;
/// There is no digest: the row that asked is deleted.
const NO_HASH: u8 = 0x80;
/// There is no row to answer with.
const NO_ROW: u8 = 0x40;

/// What a subscriber asks for, numbered as in Kafka.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Instruction {
    /// To be forgotten, without an answer.
    DeleteSilently = 0,
    /// To be forgotten, and an answer without a row.
    Delete = 1,
    /// The row, now and later; now also if there is none.
    Always = 2,
    /// The row, now and later; now only if there is one.
    IfAvailable = 3,
}

impl Instruction {
    fn of(number: u8) -> Option<Instruction> {
        use Instruction::*;
        [DeleteSilently, Delete, Always, IfAvailable]
            .into_iter()
            .find(|it| *it as u8 == number)
    }
}

/// Says who wants which row; the foreign key is the record's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Subscribe<'a> {
    pub(super) instruction: Instruction,
    /// The digest of the subscribing row; `None` if it is deleted.
    pub(super) hash: Option<[u64; 2]>,
    /// The partition of the subscribing task.
    pub(super) partition: u32,
    /// The subscribing row's primary key.
    pub(super) primary_key: &'a [u8],
}

impl<'a> Subscribe<'a> {
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let missing = if self.hash.is_none() { NO_HASH } else { 0 };
        out.extend_from_slice(&[VERSION | missing, self.instruction as u8]);
        write_hash(self.hash, out);
        out.extend_from_slice(&self.partition.to_be_bytes());
        out.extend_from_slice(self.primary_key);
    }

    /// `None` if the bytes are no subscription.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Subscribe<'a>> {
        let ([head, instruction], rest) = bytes.split_first_chunk::<2>()?;
        let (hash, rest) = read_hash(*head, rest)?;
        let (partition, primary_key) = rest.split_first_chunk::<4>()?;
        Some(Subscribe {
            instruction: Instruction::of(*instruction)?,
            hash,
            partition: u32::from_be_bytes(*partition),
            primary_key,
        })
    }
}

/// Answers a subscription; the subscriber's primary key is the record's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Answer<'a> {
    /// The digest of the row that asked.
    pub(super) hash: Option<[u64; 2]>,
    /// The row that was asked for, if there is one.
    pub(super) row: Option<&'a [u8]>,
}

impl<'a> Answer<'a> {
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let no_hash = if self.hash.is_none() { NO_HASH } else { 0 };
        let no_row = if self.row.is_none() { NO_ROW } else { 0 };
        out.push(VERSION | no_hash | no_row);
        write_hash(self.hash, out);
        out.extend_from_slice(self.row.unwrap_or_default());
    }

    /// `None` if the bytes are no answer.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Answer<'a>> {
        let (head, rest) = bytes.split_first()?;
        let (hash, rest) = read_hash(*head, rest)?;
        let row = (head & NO_ROW == 0).then_some(rest);
        Some(Answer { hash, row })
    }
}

fn write_hash(hash: Option<[u64; 2]>, out: &mut Vec<u8>) {
    for word in hash.into_iter().flatten() {
        out.extend_from_slice(&word.to_be_bytes());
    }
}

fn read_hash(head: u8, bytes: &[u8]) -> Option<(Option<[u64; 2]>, &[u8])> {
    if head & NO_HASH != 0 {
        return Some((None, bytes));
    }
    let (first, rest) = bytes.split_first_chunk::<8>()?;
    let (second, rest) = rest.split_first_chunk::<8>()?;
    let hash = [u64::from_be_bytes(*first), u64::from_be_bytes(*second)];
    Some((Some(hash), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for hash in [None, Some([1, u64::MAX])] {
            let subscribe = Subscribe {
                instruction: Instruction::IfAvailable,
                hash,
                partition: 3,
                primary_key: b"key",
            };
            let mut bytes = Vec::new();
            subscribe.write(&mut bytes);
            assert_eq!(Subscribe::read(&bytes), Some(subscribe));
            for row in [None, Some(&b""[..]), Some(b"row")] {
                let answer = Answer { hash, row };
                let mut bytes = Vec::new();
                answer.write(&mut bytes);
                assert_eq!(Answer::read(&bytes), Some(answer));
            }
        }
        assert_eq!(Subscribe::read(&[1, 9, 0, 0, 0, 0]), None);
        assert_eq!(Answer::read(&[1]), None);
    }
}
