//! Charts of the lesson: a topic's records by a field, in buckets of virtual time.

use crate::command::PageCommand;
use crate::observe::face::find;
use crate::world::World;
use headwater_base::{Millis, PartitionId, order};
use headwater_log::Topic;
use headwater_view::{Bucket, ChartView};
use std::collections::BTreeMap;

/// Most buckets of a chart; older ones fall off.
const BUCKETS_MAX: i64 = 30;
/// Most values of the field that have a series of their own; the rest are `other`.
const SERIES_MAX: usize = 8;
/// The series of all other values.
const OTHER: &str = "other";

/// Counts that were made before, by partition: records cannot change, so only new ones are read.
#[derive(Clone, Debug, Default)]
pub(super) struct Charts {
    counted: BTreeMap<(u32, PartitionId), Counted>,
    made_after: u64,
}

/// What was counted of one partition.
#[derive(Clone, Debug, Default)]
struct Counted {
    first_offset: u64,
    next_offset: u64,
    /// Value of the field and count, by bucket.
    buckets: BTreeMap<i64, BTreeMap<String, u32>>,
}

impl Charts {
    /// The charts that the page's settings ask for.
    pub(super) fn view(&mut self, world: &World) -> Vec<ChartView> {
        if self.made_after != world.commands_applied() {
            *self = Charts {
                made_after: world.commands_applied(),
                ..Charts::default()
            };
        }
        let settings = world.page().iter().enumerate();
        settings
            .filter_map(|(number, setting)| match setting {
                PageCommand::Chart { topic, by, bucket } => {
                    let topic = world.cluster().find(topic)?;
                    Some(self.chart(world, number as u32, topic, by, *bucket))
                }
                _ => None,
            })
            .collect()
    }

    fn chart(
        &mut self,
        world: &World,
        number: u32,
        topic: &Topic,
        field: &str,
        bucket: Millis,
    ) -> ChartView {
        let length = bucket.0.max(1);
        let newest = world.now().epoch_millis().div_euclid(length);
        let oldest = newest - BUCKETS_MAX + 1;
        let mut sums: BTreeMap<i64, BTreeMap<String, u32>> = BTreeMap::new();
        for id in &topic.partitions {
            let counted = self.counted.entry((number, *id)).or_default();
            counted.catch_up(world, topic, *id, field, length);
            counted.buckets.retain(|at, _| *at >= oldest);
            for (at, counts) in &counted.buckets {
                let sum = sums.entry(*at).or_default();
                for (value, count) in counts {
                    *sum.entry(value.clone()).or_default() += count;
                }
            }
        }
        let first = sums.keys().next().copied().unwrap_or(newest);
        let series = series(&sums);
        let buckets = (first..=newest).map(|at| Bucket {
            start_ms: at * length,
            counts: counts(sums.get(&at), &series),
        });
        ChartView {
            title: format!("{} by {field}", topic.name),
            topic: topic.id,
            field: field.to_owned(),
            bucket_ms: length,
            buckets: buckets.collect(),
            series,
        }
    }
}

impl Counted {
    /// Reads what is new; begins again where retention has removed what was counted, so that the
    /// chart is always that of the records that are there.
    fn catch_up(
        &mut self,
        world: &World,
        topic: &Topic,
        id: PartitionId,
        field: &str,
        length: i64,
    ) {
        let Ok(log) = world.cluster().partition(id) else {
            return;
        };
        if log.start_offset() > self.first_offset || log.end_offset() < self.next_offset {
            *self = Counted {
                first_offset: log.start_offset(),
                ..Counted::default()
            };
        }
        let first = self.next_offset.max(log.start_offset());
        self.next_offset = log.end_offset();
        let reader = world
            .ksql()
            .over_topic(&topic.name)
            .record_reader(&topic.name);
        for record in log.read(first, u64::MAX, u64::MAX).into_iter().flatten() {
            let inspected = reader.read(&record);
            let value = find(&inspected, field).unwrap_or_else(|| "null".to_owned());
            let at = record.append_time.epoch_millis().div_euclid(length);
            *self
                .buckets
                .entry(at)
                .or_default()
                .entry(value)
                .or_default() += 1;
        }
    }
}

/// The values with a series of their own, in alphabetical order: the most frequent ones.
fn series(sums: &BTreeMap<i64, BTreeMap<String, u32>>) -> Vec<String> {
    let mut totals: BTreeMap<&str, u32> = BTreeMap::new();
    for (value, count) in sums.values().flatten() {
        *totals.entry(value).or_default() += count;
    }
    let mut ranked: Vec<(&str, u32)> = totals.into_iter().collect();
    order::sort_by(&mut ranked, |a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let has_rest = ranked.len() > SERIES_MAX;
    ranked.truncate(if has_rest { SERIES_MAX - 1 } else { SERIES_MAX });
    let mut names: Vec<String> = ranked.into_iter().map(|it| it.0.to_owned()).collect();
    order::sort(&mut names);
    if has_rest {
        names.push(OTHER.to_owned());
    }
    names
}

fn counts(bucket: Option<&BTreeMap<String, u32>>, series: &[String]) -> Vec<u32> {
    let mut counts = vec![0; series.len()];
    for (value, count) in bucket.into_iter().flatten() {
        let own = series.iter().position(|name| name == value);
        let at = own.or_else(|| series.iter().position(|name| name == OTHER));
        if let Some(at) = at {
            counts[at] += count;
        }
    }
    counts
}
