//! Producers, consumers and groups as the page shows them.

use crate::command::amount::duration_text;
use crate::command::{ConsumerPace, DurationRange, Pace};
use crate::world::{ConsumerActor, ProducerActor, World};
use headwater_view::{GroupView, ProducerView, ReaderPosition, ReaderView};

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

/// All consumers that still read.
pub(super) fn readers(world: &World) -> Vec<ReaderView> {
    world
        .consumers()
        .filter(|it| it.running)
        .map(|it| reader(world, it))
        .collect()
}

fn reader(world: &World, actor: &ConsumerActor) -> ReaderView {
    ReaderView {
        id: actor.id,
        name: actor.name.to_string(),
        group: actor.group.map(|group| world.group_name(group).to_owned()),
        about: match actor.pace {
            ConsumerPace::KeepUp => "keeps up".to_owned(),
            ConsumerPace::Every(length) => {
                format!("every {}, all there is", duration_text(length))
            }
            ConsumerPace::Rate(rate) => format!("{rate}"),
        },
        running: actor.running,
        delivered: actor.delivered,
        positions: positions(world, actor),
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
                lag: log.end_offset().saturating_sub(position),
            })
        })
        .collect();
    found.sort_by_key(|it| (it.topic, it.number));
    found
}

/// All groups that have had members.
pub(super) fn groups(world: &World) -> Vec<GroupView> {
    let groups = world.groups().iter().filter(|it| it.generation > 0);
    groups
        .map(|group| GroupView {
            name: group.name.to_string(),
            generation: group.generation,
            members: group.members().map(|it| it.subscription.consumer).collect(),
            lag: group
                .lag(world.cluster())
                .iter()
                .filter_map(|it| it.lag)
                .sum(),
        })
        .collect()
}
