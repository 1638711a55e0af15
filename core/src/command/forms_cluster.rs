//! Forms of commands about readers, groups and brokers, for the list in [`super::forms`].

use super::forms::{NAME, OFFSET_RESETS, PARTITION, PARTITIONS, RATE, START, TOPIC};
use super::table::{Form, FormId, Key, Kind, Need, Subject};
use headwater_base::limits::BROKERS_MAX;

const BROKER: Option<Subject> = Some(Subject {
    label: "ID",
    kind: Kind::Count {
        low: 1,
        high: BROKERS_MAX as i64,
    },
});
const MILLIS: Kind = Kind::Count {
    low: 1,
    high: i32::MAX as i64,
};
const TO: Key = Key {
    name: "to",
    kind: Kind::Place,
    need: Need::Required,
    about: "earliest, latest, an offset, +N or -N records from here, or a time",
};

/// Kafka's settings of a consumer that a command can give.
pub(super) const CONSUMER_SETTINGS: [&str; 9] = [
    "auto.commit.interval.ms",
    "enable.auto.commit",
    "group.protocol",
    "heartbeat.interval.ms",
    "isolation.level",
    "max.partition.fetch.bytes",
    "max.poll.interval.ms",
    "partition.assignment.strategy",
    "session.timeout.ms",
];

pub(super) const fn setting(
    name: &'static str,
    kind: Kind,
    default: &'static str,
    about: &'static str,
) -> Key {
    Key {
        name,
        kind,
        need: Need::Default(default),
        about,
    }
}

pub(super) const BROKER_ALTER: Form = Form::new(
    FormId::BrokerAlter,
    ["broker", "alter"],
    None,
    &[
        setting(
            "auto.leader.rebalance.enable",
            Kind::OneOf(&["true", "false"]),
            "true at first",
            "whether preferred leaders lead again by themselves",
        ),
        setting(
            "leader.imbalance.check.interval.seconds",
            MILLIS,
            "300 at first",
            "how often the controller looks for that",
        ),
        setting(
            "broker.session.timeout.ms",
            MILLIS,
            "9000 at first",
            "how long a broker can be silent until others lead",
        ),
        setting(
            "replica.lag.time.max.ms",
            MILLIS,
            "30000 at first",
            "how long a follower can lag until it is not in sync",
        ),
        setting(
            "num.partitions",
            PARTITIONS,
            "1 at first",
            "partitions of topics that do not say",
        ),
        setting(
            "default.replication.factor",
            Kind::Count {
                low: 1,
                high: BROKERS_MAX as i64,
            },
            "1 at first",
            "replicas of topics that do not say",
        ),
        setting(
            "min.insync.replicas",
            Kind::Count {
                low: 1,
                high: u16::MAX as i64,
            },
            "1 at first",
            "the same of topics that are created later",
        ),
        setting(
            "log.segment.bytes",
            Kind::Count {
                low: 14,
                high: i32::MAX as i64,
            },
            "65536 at first",
            "segment.bytes of topics that are created later",
        ),
        setting(
            "log.retention.bytes",
            Kind::Count {
                low: -1,
                high: i64::MAX,
            },
            "4194304 at first",
            "retention.bytes of topics that are created later",
        ),
    ],
    "Gives all brokers other settings.",
    "broker alter replica.lag.time.max.ms=5000",
);
pub(super) const TOPIC_DELETE_RECORDS: Form = Form::new(
    FormId::TopicDeleteRecords,
    ["topic", "delete-records"],
    TOPIC,
    &[
        Key {
            name: "to",
            kind: Kind::Place,
            need: Need::Required,
            about: "the first place that is left: latest, an offset, +N from the start, or a time",
        },
        ONLY_PARTITION,
    ],
    "Deletes the oldest records, as kafka-delete-records.",
    "topic delete-records ratings to=100",
);
pub(super) const TOPIC_ELECT: Form = Form::new(
    FormId::TopicElect,
    ["topic", "elect"],
    TOPIC,
    &[ONLY_PARTITION],
    "Preferred leaders, the first replicas, lead again.",
    "topic elect ratings",
);
const ONLY_PARTITION: Key = setting(
    "partition",
    PARTITION,
    "all its partitions",
    "only in this partition",
);
pub(super) const BROKER_ISOLATE: Form = Form::new(
    FormId::BrokerIsolate,
    ["broker", "isolate"],
    BROKER,
    &[],
    "Cuts a broker off from the other brokers and the controller; clients still reach it.",
    "broker isolate 2",
);
pub(super) const BROKER_START: Form = Form::new(
    FormId::BrokerStart,
    ["broker", "start"],
    BROKER,
    &[],
    "Starts a broker again, heals its links, or adds a new one.",
    "broker start 4",
);
pub(super) const BROKER_STOP: Form = Form::new(
    FormId::BrokerStop,
    ["broker", "stop"],
    BROKER,
    &[],
    "Stops a broker, as by a power cut; what it has on disk stays.",
    "broker stop 1",
);
pub(super) const CONSUMER_COMMIT: Form = Form::new(
    FormId::ConsumerCommit,
    ["consumer", "commit"],
    NAME,
    &[],
    "A reader commits what it has taken, by hand.",
    "consumer commit fred",
);
pub(super) const CONSUMER_CREATE: Form = Form::new(
    FormId::ConsumerCreate,
    ["consumer", "create"],
    NAME,
    &[
        Key {
            name: "topic",
            kind: Kind::Names,
            need: Need::Required,
            about: "the topic it reads, or several with commas between them",
        },
        Key {
            name: "group",
            kind: Kind::Name,
            need: Need::Default("alone"),
            about: "the group whose partitions it shares",
        },
        Key {
            name: "interval",
            kind: Kind::Duration,
            need: Need::Default("it keeps up"),
            about: "how often it comes to take what is there",
        },
        RATE,
        Key {
            name: "auto.offset.reset",
            kind: Kind::OneOf(&OFFSET_RESETS),
            need: Need::Default("earliest"),
            about: "where it begins where nothing is committed",
        },
        Key {
            name: "max.poll.records",
            kind: Kind::Count { low: 1, high: 500 },
            need: Need::Default("500; 1 where it keeps up or has a rate"),
            about: "most records that one poll gives",
        },
        START,
        setting(
            "enable.auto.commit",
            Kind::OneOf(&["true", "false"]),
            "true",
            "whether it commits by itself",
        ),
        setting(
            "auto.commit.interval.ms",
            MILLIS,
            "5000",
            "how often it does so",
        ),
        setting(
            "session.timeout.ms",
            MILLIS,
            "45000",
            "how long it can be silent until its group takes it for dead",
        ),
        setting(
            "heartbeat.interval.ms",
            MILLIS,
            "3000",
            "how often it tells its group that it is alive",
        ),
        setting(
            "max.poll.interval.ms",
            MILLIS,
            "300000",
            "how long it can go without a poll until it leaves its group",
        ),
        setting(
            "partition.assignment.strategy",
            Kind::Names,
            "range,cooperative-sticky",
            "how its group shares partitions: range, roundrobin, sticky, cooperative-sticky",
        ),
        setting(
            "max.partition.fetch.bytes",
            Kind::Count {
                low: 0,
                high: i32::MAX as i64,
            },
            "1048576",
            "most bytes that one poll takes of a partition",
        ),
        setting(
            "isolation.level",
            Kind::Name,
            "read_uncommitted",
            "which records of transactions it reads; there are none yet",
        ),
        setting(
            "group.protocol",
            Kind::Name,
            "classic",
            "how its group is coordinated",
        ),
    ],
    "A reader joins, alone or as a member of a group.",
    "consumer create fred topic=ratings group=dashboard interval=10s",
);
pub(super) const CONSUMER_KILL: Form = Form::new(
    FormId::ConsumerKill,
    ["consumer", "kill"],
    NAME,
    &[],
    "A reader's machine fails: it neither commits nor leaves, and its group has to notice.",
    "consumer kill fred",
);
pub(super) const CONSUMER_PAUSE: Form = Form::new(
    FormId::ConsumerPause,
    ["consumer", "pause"],
    NAME,
    &[],
    "A reader's partitions are left out of its polls; it stays a member of its group.",
    "consumer pause fred",
);
pub(super) const CONSUMER_RESUME: Form = Form::new(
    FormId::ConsumerResume,
    ["consumer", "resume"],
    NAME,
    &[],
    "A reader that was paused, or that hung, reads on.",
    "consumer resume fred",
);
pub(super) const CONSUMER_SEEK: Form = Form::new(
    FormId::ConsumerSeek,
    ["consumer", "seek"],
    NAME,
    &[
        TO,
        Key {
            name: "topic",
            kind: Kind::Name,
            need: Need::Default("all its topics"),
            about: "only in this topic",
        },
        ONLY_PARTITION,
    ],
    "A reader goes on from another place.",
    "consumer seek fred to=earliest",
);
pub(super) const CONSUMER_STALL: Form = Form::new(
    FormId::ConsumerStall,
    ["consumer", "stall"],
    NAME,
    &[],
    "A reader's application hangs: it polls no more, though its heartbeats go on.",
    "consumer stall fred",
);
pub(super) const CONSUMER_STOP: Form = Form::new(
    FormId::ConsumerStop,
    ["consumer", "stop"],
    NAME,
    &[],
    "A reader leaves.",
    "consumer stop fred",
);
pub(super) const GROUP_RESET: Form = Form::new(
    FormId::GroupReset,
    ["group", "reset"],
    NAME,
    &[
        TO,
        Key {
            name: "topic",
            kind: Kind::Name,
            need: Need::Default("all that it has committed for"),
            about: "the topic whose offsets move",
        },
        ONLY_PARTITION,
    ],
    "Moves what a group has committed; refused while it has members.",
    "group reset dashboard topic=ratings to=earliest",
);
