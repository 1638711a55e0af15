//! The four queries as SQL, run by the engine as the laboratory runs them, without a trace.

use crate::Failed;
use crate::measure::{Sample, Sampler};
use crate::memory;
use crate::workload;
use headwater_log::Partition;
use headwater_sql::runtime::QueryState;
use headwater_sql::runtime::immediate::Immediate;

/// How many records a task takes before what it has written is appended: `max.poll.records`.
pub(crate) const POLL_RECORDS: usize = 500;

/// One of the measured queries.
#[derive(Clone, Copy, Debug)]
pub struct QueryCase {
    /// Its name, which is that of its topic in small letters.
    pub name: &'static str,
    /// The statement.
    pub sql: &'static str,
    /// What it reads.
    pub input: &'static str,
    /// What it does, in a few words.
    pub about: &'static str,
}

/// The queries, in the order in which they run: the third reads the second's result.
pub const QUERIES: [QueryCase; 4] = [
    QueryCase {
        name: "Q1",
        sql: "CREATE STREAM q1 AS SELECT * FROM ratings WHERE stars < 3;",
        input: "ratings",
        about: "filter",
    },
    QueryCase {
        name: "Q2",
        sql: "CREATE STREAM q2 AS SELECT * FROM ratings r \
              LEFT JOIN customers c ON r.user_id = c.id;",
        input: "ratings",
        about: "left join of a table",
    },
    QueryCase {
        name: "Q3",
        sql: "CREATE TABLE q3 AS SELECT c_club_status, COUNT(*) AS n FROM q2 \
              WINDOW TUMBLING (SIZE 1 MINUTE) GROUP BY c_club_status;",
        input: "Q2",
        about: "count a status and minute",
    },
    QueryCase {
        name: "Q4",
        sql: "CREATE TABLE q4 AS SELECT route_id, COUNT(*) AS n, AVG(stars) AS average \
              FROM ratings GROUP BY route_id;",
        input: "ratings",
        about: "count and average a route",
    },
];

const SOURCES: &str = "
    SET 'auto.offset.reset' = 'earliest';
    CREATE STREAM ratings (
        rating_id BIGINT, user_id INT, stars INT, route_id INT, rating_time BIGINT,
        channel VARCHAR, message VARCHAR
    ) WITH (kafka_topic = 'ratings', value_format = 'JSON', timestamp = 'rating_time');
    CREATE TABLE customers (
        id INT PRIMARY KEY, first_name VARCHAR, last_name VARCHAR, email VARCHAR,
        club_status VARCHAR
    ) WITH (kafka_topic = 'customers', value_format = 'JSON');";

/// An engine with the sources and with the workload in its topics.
pub fn prepare(seed: u64, events: u32) -> Result<Immediate, Failed> {
    let mut lab = Immediate::default();
    workload::fill(&mut lab.log, seed, events)?;
    lab.run(SOURCES)?;
    lab.poll_records = POLL_RECORDS;
    Ok(lab)
}

/// What a run of a query gave.
#[derive(Debug)]
pub struct Ran {
    /// The engine after the query has taken everything.
    pub lab: Immediate,
    /// What it took.
    pub sample: Sample,
}

/// Starts a query in a copy of `lab` and lets it take everything there is.
pub fn run_query(
    lab: &Immediate,
    case: &QueryCase,
    clock: &dyn Fn() -> f64,
) -> Result<Ran, Failed> {
    let mut lab = lab.clone();
    let events = topic(&lab, case.input)?.end_offset();
    lab.start(case.sql)?;
    let mut sampler = Sampler::start(clock);
    while lab.poll()? {
        sampler.observe(memory::now());
    }
    let sample = sampler.finish(clock, events);
    if let Some(failed) = lab
        .engine
        .queries()
        .find(|it| it.state != QueryState::Running)
    {
        return Err(Failed(format!(
            "{} has stopped: {:?}",
            failed.name, failed.state
        )));
    }
    if let Some(error) = lab.errors.first() {
        return Err(Failed(format!("{}: {}", case.name, error.message)));
    }
    Ok(Ran { lab, sample })
}

/// The only partition of a topic.
pub fn topic<'l>(lab: &'l Immediate, name: &str) -> Result<&'l Partition, Failed> {
    let topic = lab.log.topic_named(name)?;
    Ok(lab.log.partition(topic.partition(0)?)?)
}
