//! The keys of `producer create` and `producer alter`.

use super::forms::{INTERVAL, RATE, START};
use super::table::{Key, Kind, Need};
use crate::generator::auto::POOL_MAX;

/// The client's own settings are whole numbers of 31 bits.
const SETTING: Kind = Kind::Count {
    low: 0,
    high: i32::MAX as i64,
};
const LINGER: Key = Key {
    name: "linger.ms",
    kind: SETTING,
    need: Need::Default("0"),
    about: "how many milliseconds a record waits for others of its partition",
};
const BATCH: Key = Key {
    name: "batch.size",
    kind: SETTING,
    need: Need::Default("16384"),
    about: "after how many bytes a batch goes without waiting, and records without a key change \
            partition",
};

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
    Key {
        name: "acks",
        kind: Kind::OneOf(&["0", "1", "all"]),
        need: Need::Default("all"),
        about: "whose word it waits for: nobody's, the leader's, all in-sync replicas'",
    },
    START,
    LINGER,
    BATCH,
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
