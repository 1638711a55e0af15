//! The one list of nouns, verbs and keys, as data. What its parts mean is in [`super::table`].

use super::table::{Form, FormId, Key, Kind, Need, Subject};
use super::{forms_cluster as cluster, forms_nodes as nodes};
use headwater_base::limits::PARTITIONS_MAX;

pub(super) const TOPIC: Option<Subject> = Some(Subject {
    label: "TOPIC",
    kind: Kind::Name,
});
pub(super) const NAME: Option<Subject> = Some(Subject {
    label: "NAME",
    kind: Kind::Name,
});
pub(super) const INTERVAL: Key = Key {
    name: "interval",
    kind: Kind::DurationRange,
    need: Need::Default("the generator's own"),
    about: "the wait before a record; of a range, a uniform draw",
};
pub(super) const START: Key = Key {
    name: "start",
    kind: Kind::Duration,
    need: Need::Default("at once"),
    about: "how long after its creation it begins",
};
pub(super) const RATE: Key = Key {
    name: "rate",
    kind: Kind::Rate,
    need: Need::Default("see interval"),
    about: "so many records a second, evenly",
};
/// The offset reset policies, by Kafka's names.
pub(super) const OFFSET_RESETS: [&str; 3] = ["earliest", "latest", "none"];

/// All forms, in the order of the alphabet.
pub static FORMS: &[Form] = &[
    cluster::BROKER_ALTER,
    cluster::BROKER_ISOLATE,
    cluster::BROKER_START,
    cluster::BROKER_STOP,
    nodes::USE,
    cluster::CONSUMER_COMMIT,
    cluster::CONSUMER_CREATE,
    cluster::CONSUMER_KILL,
    cluster::CONSUMER_PAUSE,
    cluster::CONSUMER_RESUME,
    cluster::CONSUMER_SEEK,
    cluster::CONSUMER_STALL,
    cluster::CONSUMER_STOP,
    cluster::GROUP_RESET,
    nodes::CREATE,
    nodes::KILL,
    nodes::START,
    nodes::STOP,
    Form::new(
        FormId::PageChart,
        ["page", "chart"],
        None,
        &[
            Key {
                name: "topic",
                kind: Kind::Name,
                need: Need::Required,
                about: "the topic whose records are counted",
            },
            Key {
                name: "by",
                kind: Kind::Name,
                need: Need::Required,
                about: "the field that gives the series",
            },
            Key {
                name: "bucket",
                kind: Kind::Duration,
                need: Need::Default("10s"),
                about: "the length of a bucket of virtual time",
            },
        ],
        "The page shows a chart of a topic's records over virtual time.",
        "page chart topic=ratings by=channel bucket=10s",
    ),
    Form::new(
        FormId::PageDuality,
        ["page", "duality"],
        None,
        &[Key {
            name: "table",
            kind: Kind::Name,
            need: Need::Required,
            about: "the table",
        }],
        "The page shows this table beside its changelog at first.",
        "page duality table=RATINGS_BY_CLUB_STATUS",
    ),
    Form::new(
        FormId::PageFace,
        ["page", "face"],
        None,
        &[
            Key {
                name: "glyph",
                kind: Kind::Name,
                need: Need::Default("the key"),
                about: "the field that gives the sign on a tile",
            },
            Key {
                name: "colour",
                kind: Kind::Name,
                need: Need::Default("the key"),
                about: "the field that gives a tile's colour",
            },
            Key {
                name: "topic",
                kind: Kind::Name,
                need: Need::Default("every topic"),
                about: "only in this topic",
            },
        ],
        "The page draws records so that these fields can be seen.",
        "page face glyph=stars colour=club_status",
    ),
    Form::new(
        FormId::Produce,
        ["produce", ""],
        TOPIC,
        &[
            Key {
                name: "key",
                kind: Kind::Text,
                need: Need::Default("a null key"),
                about: "the key's text",
            },
            Key {
                name: "header.NAME",
                kind: Kind::Text,
                need: Need::Default("no header"),
                about: "a header; can be given more than once",
            },
            Key {
                name: "partition",
                kind: PARTITION,
                need: Need::Default("the key decides"),
                about: "the partition",
            },
            Key {
                name: "timestamp",
                kind: Kind::Count {
                    low: 0,
                    high: i64::MAX,
                },
                need: Need::Default("the present moment"),
                about: "the record's time in milliseconds since 1970",
            },
            Key {
                name: "value",
                kind: Kind::Text,
                need: Need::Default("a null value, which is a tombstone"),
                about: "the value's text",
            },
        ],
        "Appends one record.",
        r#"produce ratings key=1 header.source=hand value={"stars": 2}"#,
    ),
    Form::new(
        FormId::ProducerAlter,
        ["producer", "alter"],
        NAME,
        super::producer_keys::ALTER,
        "A generator goes on at another pace.",
        "producer alter ratings rate=20/s",
    ),
    Form::new(
        FormId::ProducerCreate,
        ["producer", "create"],
        NAME,
        super::producer_keys::CREATE,
        "A generator begins to append records.",
        "producer create ratings topic=ratings generator=ratings interval=0ms..750ms",
    ),
    Form::new(
        FormId::ProducerStop,
        ["producer", "stop"],
        NAME,
        &[],
        "A generator stops for good.",
        "producer stop ratings",
    ),
    Form::new(
        FormId::QueryClose,
        ["query", "close"],
        NAME,
        &[],
        "Ends a push query.",
        "query close transient_RATINGS_4",
    ),
    Form::new(
        FormId::Run,
        ["run", ""],
        Some(Subject {
            label: "DURATION",
            kind: Kind::Duration,
        }),
        &[],
        "Lets virtual time go on; for files that run from top to bottom.",
        "run 60s",
    ),
    Form::new(
        FormId::Seed,
        ["seed", ""],
        Some(Subject {
            label: "N",
            kind: Kind::Count {
                low: 0,
                high: i64::MAX,
            },
        }),
        &[],
        "The number from which all chance is drawn; before the first command.",
        "seed 7",
    ),
    Form::new(
        FormId::Sql,
        ["sql", ""],
        Some(Subject {
            label: "TEXT",
            kind: Kind::Text,
        }),
        &[nodes::SQL_CLUSTER],
        "Runs SQL, as one quoted word.",
        "sql 'SHOW TOPICS;'",
    ),
    Form {
        takes_topic_config: true,
        ..Form::new(
            FormId::TopicAlter,
            ["topic", "alter"],
            TOPIC,
            &[Key {
                name: "partitions",
                kind: PARTITIONS,
                need: Need::Default("as many as before"),
                about: "a new, larger number of partitions",
            }],
            "Gives a topic other settings, or more partitions.",
            "topic alter ratings retention.ms=60000",
        )
    },
    Form {
        takes_topic_config: true,
        ..Form::new(
            FormId::TopicCreate,
            ["topic", "create"],
            TOPIC,
            &[
                Key {
                    name: "partitions",
                    kind: PARTITIONS,
                    need: Need::Default("1, or num.partitions"),
                    about: "how many partitions",
                },
                Key {
                    name: "replication-factor",
                    kind: Kind::Count { low: 1, high: 5 },
                    need: Need::Default("1, or default.replication.factor"),
                    about: "how many copies of each record",
                },
            ],
            "Makes a topic.",
            "topic create ratings partitions=3 retention.ms=600000",
        )
    },
    Form::new(
        FormId::TopicDelete,
        ["topic", "delete"],
        TOPIC,
        &[],
        "Removes a topic with all its records.",
        "topic delete ratings",
    ),
    cluster::TOPIC_DELETE_RECORDS,
    cluster::TOPIC_ELECT,
];

pub(super) const PARTITIONS: Kind = Kind::Count {
    low: 1,
    high: PARTITIONS_MAX as i64,
};
pub(super) const PARTITION: Kind = Kind::Count {
    low: 0,
    high: PARTITIONS_MAX as i64 - 1,
};
