//! Oracles: what windows, sessions, aggregates and joins give for random records is compared with
//! slow computations from scratch over the whole list of records, written from Kafka's rules and
//! sharing no code with the engine.
//!
//! Each case also draws a way to run it: the driver (immediate or simulated), one to four
//! partitions, batches of one or several records, how many records a task takes at once, a record
//! cache. What may depend on the way, as it does in Kafka, and so is not compared across ways:
//!
//! - Stream time is each task's own, so what is late depends on which records share a partition.
//!   The oracles therefore compute one task at a time, over the records of its partition.
//! - A task of one topic sees its partition in the order of offsets, whatever the batches: its
//!   change stream is compared record by record.
//! - A task of several topics takes, of what it knows of, the record with the lowest time. Batches
//!   decide what it knows of, so the oracles are given the records in the order that follows from
//!   the batches (`drive::tasks`), and the change stream is again compared record by record.
//! - Behind a repartition topic, the order in which the tasks before it ran decides the order of
//!   records. Change streams are compared where each record settles before the next; else only what
//!   no order changes: final tables of aggregates without lateness, and pairs that are joined.
//! - Order between partitions means nothing: partitions are compared one by one, and behind a
//!   repartition topic keys one by one.
//! - EMIT FINAL, and the looks of outer joins for rows that have waited, are throttled by the
//!   clock. EMIT FINAL runs without throttle here; with outer joins, more than the throttle passes
//!   between records.
//! - A foreign-key join over several tasks may lose a tombstone for good if a left row is deleted
//!   and made again before the answer is back, and an INNER one skips changes from and to null. Its
//!   final tables are compared without such changes where records do not settle one by one.
//! - The record cache leaves changes out, never final tables; but a group that became empty before
//!   it was first committed was never there. Joins see what the cache holds back, and their
//!   tables can end otherwise where rows are deleted: both rows of an INNER join deleted between
//!   two commits, or one that came and went between them, take back nothing that was joined with
//!   them. Kafka is the same; joins with a cache are tried without deletes.
//! - Which partition a record without a key goes to is the producer's choice.
//!
//! Cases are drawn from a fixed seed; `ORACLE_SEED` sets another, `ORACLE_CASES` multiplies their
//! number: 1250 in 20 properties, 60 to 80 each. A failure names its seed.

mod aggregates;
mod cases;
mod drive;
mod expect;
mod joins;
mod streams;
mod tables;
mod windows;
