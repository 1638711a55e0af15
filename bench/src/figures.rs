//! Contents of a topic in one number, to find two results equal or not.

use headwater_base::digest;
use headwater_log::Partition;

/// How many records there are, and a digest of their keys, values and times, in order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// How many records.
    pub records: u64,
    /// The digest.
    pub digest: u64,
}

impl Contents {
    /// Adds one.
    pub fn add(&mut self, key: Option<&[u8]>, value: Option<&[u8]>, timestamp: i64) {
        let record = headwater_log::record::contents_digest(key, value, timestamp);
        self.records += 1;
        self.digest = digest::fold(self.digest, &[record]);
    }

    /// What a partition holds.
    pub fn of(partition: &Partition) -> Contents {
        let mut contents = Contents::default();
        for record in partition {
            contents.add(record.key, record.value, record.timestamp);
        }
        contents
    }
}
