//! What Kafka's topic settings mean, for completion and forms; their names, defaults and limits
//! are in `headwater_log::config`.

/// What a topic setting does, as a phrase; empty where there is none of that name.
pub(crate) fn about(name: &str) -> &'static str {
    match name {
        "cleanup.policy" => "delete old records, compact to the last of each key, or both",
        "delete.retention.ms" => "how long a tombstone stays after compaction",
        "max.compaction.lag.ms" => "after which time a record is compacted whatever the ratio",
        "max.message.bytes" => "how large a batch can be",
        "message.timestamp.type" => "whose time a record carries: the producer's or the log's",
        "min.cleanable.dirty.ratio" => "the share that is not compacted before compaction begins",
        "min.compaction.lag.ms" => "how long a record is left out of compaction",
        "min.insync.replicas" => "how many replicas have to be in sync for acks=all",
        "retention.bytes" => "how large a partition grows until old segments go; -1 is no limit",
        "retention.ms" => "how long records are kept; -1 is for ever",
        "segment.bytes" => "how large a segment grows",
        "segment.ms" => "how long a segment is written to",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_setting_is_explained() {
        for name in headwater_log::config::NAMES {
            assert_ne!(super::about(name), "", "{name}");
        }
    }
}
