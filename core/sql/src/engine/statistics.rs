//! What DESCRIBE EXTENDED tells of a source's records: how many went in and were read, and how far
//! the queries that read them are.

use super::section::{Section, row, texts};
use super::{Engine, Row};
use crate::catalog::Source;
use crate::runtime::{Input, Query};
use headwater_base::{VirtualTime, order};
use headwater_log::{Cluster, Topic};

/// How far back the rate of messages looks, in milliseconds.
const RATE_MILLIS: i64 = 10_000;

impl Engine {
    /// The statistics of a source, and a summary for each query that reads its topic.
    pub(super) fn statistics(
        &self,
        source: &Source,
        log: &Cluster,
        now: VirtualTime,
    ) -> Vec<Section> {
        let Some(topic) = log.find(&source.topic) else {
            return Vec::new();
        };
        let consumed: u64 = self
            .shown_queries()
            .flat_map(|query| inputs(query, topic))
            .map(|input| read(input, log))
            .sum();
        let (total, recent, last) = produced(topic, log, now);
        let mut text = String::new();
        if consumed > 0 {
            text.push_str(&format!("consumer-total-messages: {consumed:>9}\n"));
        }
        let per_second = recent as f64 * 1000.0 / RATE_MILLIS as f64;
        let last = last.map_or("n/a".to_owned(), timestamp_text);
        text.push_str(&format!(
            "messages-per-sec: {per_second:>9.2}   total-messages: {total:>9}   last-message: \
             {last}\n\n(Statistics of the local KSQL server interaction with the Kafka topic {})",
            source.topic
        ));
        let mut sections = vec![Section::text("Local runtime statistics", text)];
        let groups = self
            .shown_queries()
            .filter(|query| inputs(query, topic).next().is_some());
        sections.extend(groups.map(|query| self.group(query, topic, log)));
        sections
    }

    /// A query as the consumer group that it is to Kafka.
    fn group(&self, query: &Query, topic: &Topic, log: &Cluster) -> Section {
        let name = self.application_id(&query.name);
        let mut rows: Vec<(u32, Row)> = Vec::new();
        let mut lag_max = 0;
        for input in inputs(query, topic) {
            let Ok(partition) = log.partition(input.partition) else {
                continue;
            };
            let end = partition.high_watermark();
            let lag = end.saturating_sub(input.position);
            lag_max = lag_max.max(lag);
            let numbers = [partition.start_offset(), end, input.position, lag];
            let mut cells = vec![partition.number().to_string()];
            cells.extend(numbers.iter().map(u64::to_string));
            let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
            rows.push((partition.number(), row(&cells)));
        }
        order::sort_by_key(&mut rows, |(number, _)| *number);
        let headings = ["Partition", "Start Offset", "End Offset", "Offset", "Lag"];
        Section {
            title: "Consumer Groups summary".to_owned(),
            text: format!(
                "Consumer Group       : {name}\n\nKafka topic          : {}\nMax lag              \
                 : {lag_max}",
                topic.name
            ),
            columns: texts(&headings),
            rows: rows.into_iter().map(|(_, row)| row).collect(),
        }
    }
}

fn timestamp_text(millis: i64) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = crate::time::write_timestamp(&mut text, millis);
    text
}

/// The places of a query's tasks in a topic.
fn inputs<'q>(query: &'q Query, topic: &'q Topic) -> impl Iterator<Item = &'q Input> {
    let all = query.tasks.iter().flat_map(|task| &task.inputs);
    all.filter(|input| topic.partitions.contains(&input.partition))
}

/// How many records were taken, of those that are still there.
fn read(input: &Input, log: &Cluster) -> u64 {
    let start = log
        .partition(input.partition)
        .map_or(0, |it| it.start_offset());
    input.position.saturating_sub(start)
}

/// Records in all, records of the last seconds, and when the newest came.
fn produced(topic: &Topic, log: &Cluster, now: VirtualTime) -> (u64, u64, Option<i64>) {
    let oldest = now.epoch_millis() - RATE_MILLIS;
    let (mut total, mut recent, mut last) = (0, 0, None);
    for id in &topic.partitions {
        let Ok(partition) = log.partition(*id) else {
            continue;
        };
        let end = partition.end_offset();
        total += end;
        let mut offset = end;
        while offset > partition.start_offset() {
            offset -= 1;
            let found = partition.read(offset, 1, u64::MAX);
            let record = found.ok().and_then(|mut records| records.next());
            let Some(at) = record.map(|record| record.append_time.epoch_millis()) else {
                continue;
            };
            last = last.max(Some(at));
            if at <= oldest {
                break;
            }
            recent += 1;
        }
    }
    (total, recent, last)
}
