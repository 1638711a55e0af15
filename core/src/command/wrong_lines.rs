//! Lines that cannot be read, for the tests: what is told about each, and where.

/// Lines that are wrong: code, place, first hint.
pub(super) const WRONG: [(&str, &str, &str, &str); 17] = [
    (
        "topci create a",
        "unknown-noun",
        "topci",
        "Did you mean topic?",
    ),
    (
        "topic crate a",
        "unknown-verb",
        "topic crate",
        "Did you mean topic create?",
    ),
    (
        "topic a=1",
        "missing-verb",
        "topic",
        "Possible: topic alter, topic create, topic delete, topic delete-records, topic elect.",
    ),
    (
        "topic create a partition=3",
        "unknown-key",
        "partition",
        "Did you mean partitions?",
    ),
    (
        "topic create a retention.m=3",
        "unknown-key",
        "retention.m",
        "Did you mean retention.ms?",
    ),
    (
        "topic delete a x=1",
        "unknown-key",
        "x",
        "topic delete takes no keys.",
    ),
    (
        "topic delete a b",
        "unexpected-word",
        "b",
        "Its form is: topic delete TOPIC",
    ),
    (
        "query close",
        "missing-part",
        "query close",
        "Its form is: query close NAME",
    ),
    (
        "producer create p topic=a generator=rating",
        "unknown-generator",
        "rating",
        "Did you mean ratings?",
    ),
    (
        "consumer create c topic=a rate=1/s interval=1s",
        "two-paces",
        "rate=1/s",
        "Keep one of them.",
    ),
    (
        "produce t key=1 key=2",
        "repeated-key",
        "key=2",
        "Keep one of them.",
    ),
    (
        "produce t value={\"a\": 1} key=1",
        "malformed-json",
        "key=1",
        "Put value= last, and other keys before it.",
    ),
    (
        "topic create t flush.ms=1",
        "unsupported-config",
        "flush.ms=1",
        "",
    ),
    (
        "producer create p topic=t generator=users transactional.id=t",
        "unsupported-config",
        "transactional.id=t",
        "",
    ),
    (
        "consumer create c topic=t isolation.level=read_committed",
        "unsupported-config",
        "isolation.level=read_committed",
        "",
    ),
    (
        "consumer create c topic=t group.protocol=consumer",
        "unsupported-config",
        "group.protocol=consumer",
        "",
    ),
    (
        "consumer create c topic=t group.instance.id=c",
        "unsupported-config",
        "group.instance.id=c",
        "",
    ),
];
