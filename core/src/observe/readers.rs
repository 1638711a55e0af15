//! Producers, consumers and groups as the page shows them.

use crate::command::amount::duration_text;
use crate::command::{ConsumerPace, DurationRange, Pace};
use crate::world::{ConsumerActor, ProducerActor, ReaderState, World};
use headwater_base::order;
use headwater_log::{Group, PartitionLag};
use headwater_view::{GroupLagView, GroupView, LagPoint, ProducerView, ReaderPosition, ReaderView};

/// All producers.
pub(super) fn producers(world: &World) -> Vec<ProducerView> {
    world.producers().map(producer).collect()
}

fn producer(actor: &ProducerActor) -> ProducerView {
    let pace = match actor.pace {
        Pace::Between(range) if range.low == range.high => format!(", every {range}"),
        Pace::Between(DurationRange { low, high }) => {
            format!(
                ", one every {} to {}",
                duration_text(low),
                duration_text(high)
            )
        }
        Pace::Rate(rate) => format!(", {rate}"),
    };
    ProducerView {
        id: actor.id,
        name: actor.name.to_string(),
        topic: actor.topic,
        about: format!("{}{pace}", actor.preset),
        running: actor.running,
        produced: actor.produced,
    }
}

/// All consumers that still read, and those that failed while their group has not noticed.
pub(super) fn readers(world: &World) -> Vec<ReaderView> {
    world
        .consumers()
        .filter(|it| it.running || is_missed(world, it))
        .map(|it| reader(world, it))
        .collect()
}

/// Whether a consumer is gone and still counts as a member.
fn is_missed(world: &World, actor: &ConsumerActor) -> bool {
    let mut members = world.groups().iter().flat_map(Group::members);
    actor.group.is_some() && members.any(|it| it.subscription.consumer == actor.id)
}

fn reader(world: &World, actor: &ConsumerActor) -> ReaderView {
    ReaderView {
        id: actor.id,
        name: actor.name.to_string(),
        group: actor.group.map(|group| world.group_name(group).to_owned()),
        about: about(actor),
        running: actor.running,
        state: match actor.state {
            _ if !actor.running => headwater_view::ReaderState::Killed,
            ReaderState::Reading => headwater_view::ReaderState::Reading,
            ReaderState::Paused => headwater_view::ReaderState::Paused,
            ReaderState::Stalled => headwater_view::ReaderState::Stalled,
        },
        delivered: actor.delivered,
        positions: positions(world, actor),
    }
}

fn about(actor: &ConsumerActor) -> String {
    let pace = match actor.pace {
        ConsumerPace::KeepUp => "keeps up".to_owned(),
        ConsumerPace::Every(length) => format!("every {}, all there is", duration_text(length)),
        ConsumerPace::Rate(rate) => format!("{rate}"),
    };
    match actor.state {
        _ if !actor.running => "gone, not missed yet".to_owned(),
        ReaderState::Reading => pace,
        ReaderState::Paused => format!("{pace}, paused"),
        ReaderState::Stalled => format!("{pace}, hangs"),
    }
}

/// Where a consumer is on each of its partitions.
pub fn positions(world: &World, actor: &ConsumerActor) -> Vec<ReaderPosition> {
    let places = actor.positions();
    let mut found: Vec<ReaderPosition> = places
        .filter_map(|(partition, position)| {
            let log = world.cluster().partition(partition).ok()?;
            let position = position
                .unwrap_or(log.start_offset())
                .max(log.start_offset());
            Some(ReaderPosition {
                topic: log.topic(),
                partition,
                number: log.number(),
                position,
                committed: actor.committed(partition),
                lag: log.high_watermark().saturating_sub(position),
            })
        })
        .collect();
    order::sort_by_key(&mut found, |it| (it.topic, it.number));
    found
}

/// All groups that have had members.
pub(super) fn groups(world: &World) -> Vec<GroupView> {
    let groups = world.groups().iter().filter(|it| it.generation > 0);
    groups.map(|it| group(world, it)).collect()
}

fn group(world: &World, group: &Group) -> GroupView {
    let lags = group.lag(world.cluster(), world.now());
    let notes = world.lag_notes(group.id).map(|it| LagPoint {
        time_ms: it.time.epoch_millis(),
        records: it.records,
        waited_ms: it.waited.0,
    });
    let lag_of = |it: &PartitionLag| group_lag(world, group, it);
    GroupView {
        name: group.name.to_string(),
        generation: group.generation,
        members: group.members().map(|it| it.subscription.consumer).collect(),
        lag: lags.iter().filter_map(|it| it.lag).sum(),
        state: group.state.name().to_owned(),
        assignor: group.assignor.name().to_owned(),
        partitions: lags.iter().filter_map(lag_of).collect(),
        history: notes.collect(),
    }
}

fn group_lag(world: &World, group: &Group, lag: &PartitionLag) -> Option<GroupLagView> {
    let log = world.cluster().partition(lag.partition).ok()?;
    Some(GroupLagView {
        topic: log.topic(),
        partition: lag.partition,
        number: log.number(),
        member: group.owner(lag.partition),
        committed: lag.committed,
        end_offset: lag.end,
        lag: lag.lag,
        waited_ms: lag.waited.map(|it| it.0),
    })
}
