//! The keys of `producer create` and `producer alter`.

use super::forms::{INTERVAL, RATE, START};
use super::forms_cluster::setting;
use super::table::{Key, Kind, Need};
use crate::generator::auto::POOL_MAX;

/// The client's own settings are whole numbers of 31 bits.
const SETTING: Kind = Kind::Count {
    low: 0,
    high: i32::MAX as i64,
};
const POSITIVE: Kind = Kind::Count {
    low: 1,
    high: i32::MAX as i64,
};
const LINGER: Key = setting(
    "linger.ms",
    SETTING,
    "0",
    "how many milliseconds a record waits for others of its partition",
);
const BATCH: Key = setting(
    "batch.size",
    SETTING,
    "16384",
    "after how many bytes a batch goes without waiting, and records without a key change partition",
);

/// The keys of `producer alter`.
pub(super) const ALTER: &[Key] = &[INTERVAL, RATE, LINGER, BATCH];

/// The keys, in the order in which the help shows them.
pub(super) const CREATE: &[Key] = &[
    Key {
        name: "topic",
        kind: Kind::Name,
        need: Need::Required,
        about: "the topic it appends to",
    },
    Key {
        name: "generator",
        kind: Kind::Generator,
        need: Need::Default("what fields= or file= say"),
        about: "a preset, or auto: records for the columns that are declared over the topic",
    },
    Key {
        name: "fields",
        kind: Kind::Fields,
        need: Need::Default("the generator's own"),
        about: "what records hold, field by field; with auto, other draws for some columns",
    },
    Key {
        name: "key",
        kind: Kind::Name,
        need: Need::Default("a null key"),
        about: "the field whose text is the key; with fields= and file=",
    },
    Key {
        name: "keys",
        kind: Kind::Count {
            low: 1,
            high: POOL_MAX as i64,
        },
        need: Need::Default("20"),
        about: "how many different keys there are; with auto",
    },
    INTERVAL,
    RATE,
    Key {
        name: "jitter",
        kind: Kind::Duration,
        need: Need::Default("none"),
        about: "by how much at most a record comes later than its pace says",
    },
    Key {
        name: "lateness",
        kind: Kind::DurationRange,
        need: Need::Default("none"),
        about: "by how much the records' times lie behind the moment they are appended",
    },
    Key {
        name: "late",
        kind: Kind::Percent,
        need: Need::Default("100%"),
        about: "how many of the records are late",
    },
    Key {
        name: "count",
        kind: Kind::Count {
            low: 1,
            high: i64::MAX,
        },
        need: Need::Default("without end"),
        about: "after how many records it stops",
    },
    START,
    setting(
        "acks",
        Kind::OneOf(&["0", "1", "all", "-1"]),
        "all",
        "whose word it waits for: nobody's, the leader's, all in-sync replicas'",
    ),
    LINGER,
    BATCH,
    setting(
        "enable.idempotence",
        Kind::OneOf(&["true", "false"]),
        "true where acks and retries allow it",
        "whether the brokers recognise what is sent twice",
    ),
    setting(
        "max.in.flight.requests.per.connection",
        POSITIVE,
        "5",
        "how many requests to a partition can wait for their answers",
    ),
    setting(
        "retries",
        SETTING,
        "2147483647",
        "how often a record is sent again",
    ),
    setting(
        "retry.backoff.ms",
        SETTING,
        "100",
        "how long it waits before it sends again",
    ),
    setting(
        "request.timeout.ms",
        SETTING,
        "30000",
        "after which time without an answer it sends again",
    ),
    setting(
        "delivery.timeout.ms",
        SETTING,
        "120000",
        "after which time a record is given up",
    ),
    setting(
        "max.request.size",
        SETTING,
        "1048576",
        "the largest record that it sends, in bytes",
    ),
    setting(
        "buffer.memory",
        Kind::Count {
            low: 0,
            high: i64::MAX,
        },
        "33554432",
        "how many bytes can wait to be sent",
    ),
    setting(
        "max.block.ms",
        SETTING,
        "60000",
        "how long a record waits for room among them until it is given up",
    ),
    Key {
        name: "file",
        kind: Kind::Name,
        need: Need::Default("no file"),
        about: "a file of JSON lines, or of CSV with names in its first line, whose records it \
                appends in order; a data block of a lesson, or a file of the command line",
    },
    Key {
        name: "data",
        kind: Kind::Text,
        need: Need::Default("the content of file="),
        about: "the file's content itself",
    },
];
