//! Where a record came from and what became of it: a replay that watches it and its kin.

use crate::lab::Lab;
use crate::observe::{narration, text};
use crate::world::World;
use headwater_base::trace::Rejection;
use headwater_base::{
    Millis, QueryId, RecordId, StationId, TraceDetail, TraceEvent, TraceSink, VirtualTime,
};
use headwater_view::{ChangeDetail, PassedStation};
use std::collections::BTreeSet;

/// How long after a record was appended its consequences are looked for.
const LOOK_AHEAD: Millis = Millis::seconds(30);
/// Longest chain of causes that is followed back.
const CAUSES_MAX: usize = 32;
/// Most changes that are told.
const CHANGES_MAX: usize = 200;

/// Steps in which a query took up a record of interest.
#[derive(Debug, Default)]
struct Watch {
    records: BTreeSet<RecordId>,
    steps: Vec<Vec<TraceEvent>>,
    present: Vec<TraceEvent>,
}

impl TraceSink for Watch {
    fn take(&mut self, event: &TraceEvent) {
        if self
            .present
            .first()
            .is_some_and(|first| first.step != event.step)
        {
            self.end_step();
        }
        self.present.push(*event);
    }
}

impl Watch {
    fn end_step(&mut self) {
        let events = std::mem::take(&mut self.present);
        let read = events.iter().find_map(|event| match event.detail {
            TraceDetail::RecordRead { record, .. } => Some(record),
            _ => None,
        });
        let is_watched = read.is_some_and(|record| self.records.contains(&record));
        if !is_watched || self.steps.len() == CHANGES_MAX {
            return;
        }
        for event in &events {
            if let TraceDetail::RecordAppended { record, .. } = event.detail {
                self.records.insert(record);
            }
        }
        self.steps.push(events);
    }
}

/// The changes that led to a record, the nearest first, and those that came of it, in order.
pub(super) fn lineage(lab: &Lab, id: RecordId) -> (Vec<ChangeDetail>, Vec<ChangeDetail>) {
    let world = lab.world();
    let chain = causes(world, id);
    let appended = |id: &RecordId| world.cluster().record(*id).map(|it| it.append_time);
    let oldest = chain
        .iter()
        .filter_map(appended)
        .min()
        .unwrap_or(VirtualTime::START);
    let newest = appended(&id).unwrap_or(oldest) + LOOK_AHEAD;
    let mut watch = Watch {
        records: chain.iter().copied().collect(),
        ..Watch::default()
    };
    // What was appended in the same millisecond comes after the snapshot only if that is earlier.
    let mut past = lab.rewound(oldest + Millis(-1));
    past.catch_up_until(lab, newest, &mut watch);
    watch.end_step();
    let changes: Vec<ChangeDetail> = watch
        .steps
        .iter()
        .flat_map(|events| changes(events, world))
        .collect();
    let mut came_from: Vec<ChangeDetail> = Vec::new();
    for link in &chain {
        came_from.extend(
            changes
                .iter()
                .filter(|it| it.output == Some(*link))
                .cloned(),
        );
    }
    (came_from, descendants(changes, id))
}

/// The record itself and the records it was made from, the nearest first.
fn causes(world: &World, id: RecordId) -> Vec<RecordId> {
    let next = |id: &RecordId| world.cluster().record(*id)?.cause;
    std::iter::successors(Some(id), next)
        .take(CAUSES_MAX)
        .collect()
}

fn descendants(changes: Vec<ChangeDetail>, id: RecordId) -> Vec<ChangeDetail> {
    let mut kin = BTreeSet::from([id]);
    let mut found = Vec::new();
    for change in changes {
        if change.input.is_some_and(|input| kin.contains(&input)) {
            kin.extend(change.output);
            found.push(change);
        }
    }
    found
}

/// What one step made of the record it took up: a change for each record that came out, or one
/// without.
fn changes(events: &[TraceEvent], world: &World) -> Vec<ChangeDetail> {
    let mut read: Option<(QueryId, RecordId)> = None;
    let mut passed = Vec::new();
    let mut rejected: Option<(StationId, Rejection)> = None;
    let mut outputs = Vec::new();
    for event in events {
        match event.detail {
            TraceDetail::RecordRead { query, record } => read = Some((query, record)),
            TraceDetail::StationPassed { station, .. } => passed.push(station),
            TraceDetail::StationRejected {
                station, reason, ..
            } => rejected = Some((station, reason)),
            TraceDetail::RecordAppended { record, .. } if !world.is_changelog(record) => {
                outputs.push(record);
            }
            _ => {}
        }
    }
    let Some((query, input)) = read else {
        return Vec::new();
    };
    let made = |output: Option<RecordId>| change(world, query, input, &passed, rejected, output);
    match outputs.is_empty() {
        true => vec![made(None)],
        false => outputs
            .into_iter()
            .map(|output| made(Some(output)))
            .collect(),
    }
}

fn change(
    world: &World,
    query: QueryId,
    input: RecordId,
    passed: &[StationId],
    rejected: Option<(StationId, Rejection)>,
    output: Option<RecordId>,
) -> ChangeDetail {
    let sql = |id: StationId| text::clause(world, query, id).to_owned();
    let name = world
        .ksql()
        .query(query)
        .map_or_else(String::new, |it| it.name.clone());
    ChangeDetail {
        query: Some(query),
        name,
        input: Some(input),
        passed: passed
            .iter()
            .map(|id| PassedStation {
                station: *id,
                sql: sql(*id),
            })
            .collect(),
        rejected: rejected
            .map(|(id, reason)| (id, reason, why_rejected(world, input, &sql(id), reason))),
        output,
        output_text: output.map_or_else(String::new, |id| text::place(world, id)),
        output_partition: output.map(|id| id.partition),
    }
}

/// Why a record ended at a clause, with the values of the columns that the clause names.
fn why_rejected(world: &World, input: RecordId, clause: &str, reason: Rejection) -> String {
    let because = narration::because(reason);
    let Some(record) = world.cluster().record(input) else {
        return because.to_owned();
    };
    let topic = text::topic_name(world, input.partition);
    let inspected = world.ksql().over_topic(topic).inspect(topic, &record);
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let names: Vec<&str> = clause.split(|c| !is_part(c)).collect();
    let named = inspected.columns.iter().filter(|column| {
        names
            .iter()
            .any(|name| name.eq_ignore_ascii_case(&column.name))
    });
    let values: Vec<String> = named
        .map(|it| format!("{} is {}", it.name, it.text))
        .collect();
    match values.is_empty() {
        true => because.to_owned(),
        false => format!("{}; {because}", values.join(", ")),
    }
}
