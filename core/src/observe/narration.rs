//! One sentence about a step: what just happened, in the words of Kafka and ksqlDB.

use crate::observe::{motion, protocol, text};
use crate::world::{CLUSTER, World};
use headwater_base::trace::Rejection;
use headwater_base::{NodeId, QueryId, RecordId, TraceDetail, TraceEvent};
use headwater_sql::plan::TopicRole;
use headwater_view::{MotionKind, Narration};

/// What a step's events tell.
pub fn narrate(events: &[TraceEvent], world: &World) -> Option<Narration> {
    let step = events.first()?.step;
    let told_by = |event: &TraceEvent| protocol::told(event.detail, world);
    let mut because: Vec<String> = events.iter().filter_map(told_by).collect();
    because.dedup();
    let text = match motion(events, world).map(|it| it.kind) {
        Some(MotionKind::Rebalance {
            revoked, assigned, ..
        }) if !(revoked.is_empty() && assigned.is_empty()) => {
            protocol::moved(&revoked, &assigned, world)
        }
        Some(kind) => {
            because.push(told(&kind, world));
            because.join(". ")
        }
        None if !because.is_empty() => because.join(". "),
        None => events
            .iter()
            .find_map(|event| changed(event.detail, world))?,
    };
    Some(Narration { step, text })
}

fn told(kind: &MotionKind, world: &World) -> String {
    match kind {
        MotionKind::Produce { producer, record } => {
            let producers = || world.producers();
            let name = producer.and_then(|id| producers().find(|it| it.id == id));
            let who = name.map_or("A record", |it| &it.name);
            let value = text::record_value(world, *record);
            match name {
                Some(_) => format!("{who} appends {}: {value}", text::place(world, *record)),
                None => format!(
                    "{who} is appended at {}: {value}",
                    text::place(world, *record)
                ),
            }
        }
        MotionKind::Carry { .. } => carried(kind, world),
        MotionKind::Deliver { reader, record } => {
            let name = world.consumer(*reader).map_or("A consumer", |it| &it.name);
            format!("{name} reads {}", text::place(world, *record))
        }
        MotionKind::Rebalance {
            group,
            generation,
            assigned,
            ..
        } => {
            let what = if assigned.is_empty() {
                "shares its partitions anew"
            } else {
                "is shared"
            };
            format!("Group {group} {what}: generation {generation}")
        }
        MotionKind::Retire { first } => format!(
            "Retention removes the oldest records of {}: it now begins at {}",
            text::topic_name(world, first.partition),
            first.offset
        ),
    }
}

fn carried(kind: &MotionKind, world: &World) -> String {
    let MotionKind::Carry {
        query,
        record,
        rejected,
        became,
        rows,
        folds,
        ..
    } = kind
    else {
        return String::new();
    };
    let from = text::place(world, *record);
    let name = query_name(world, *query);
    if let Some((station, reason)) = rejected {
        let clause = text::shortened(text::clause(world, *query, *station), 60);
        return format!("{from} ends in {name} at {clause}: {}", because(*reason));
    }
    let result = became.iter().rev().find(|id| !is_internal(world, **id));
    match (result, became.last(), folds.last()) {
        (Some(to), ..) => {
            let to_text = text::place(world, *to);
            format!(
                "{name} makes {to_text} of {from}: {}",
                text::record_value(world, *to)
            )
        }
        (None, Some(to), _) => {
            let key = text::record_key(world, *to);
            format!(
                "{name} sends {from} to the partition of key {key}: {}",
                text::place(world, *to)
            )
        }
        (None, None, Some((_, key, _))) => format!("{name} keeps {from} as the row of key {key}"),
        (None, None, None) if *rows > 0 => format!("{name} answers with a row made of {from}"),
        (None, None, None) => format!("{name} reads {from}"),
    }
}

fn is_internal(world: &World, record: RecordId) -> bool {
    let topic = world
        .cluster()
        .partition(record.partition)
        .map(|it| it.topic());
    let role = topic.ok().and_then(|topic| world.topic_role(topic));
    role.is_some_and(|(_, role)| role != TopicRole::Sink)
}

fn query_name(world: &World, query: QueryId) -> String {
    world
        .ksql()
        .query(query)
        .map_or_else(|| "A query".to_owned(), |it| it.name.clone())
}

fn node(world: &World, id: NodeId) -> String {
    let Some(node) = world.nodes().get(id) else {
        return "A node".to_owned();
    };
    match world.cluster_of(node) {
        CLUSTER => format!("Node {}", node.name),
        other => format!("Node {} of {other}", node.name),
    }
}

fn task(world: &World, query: QueryId, number: u32) -> String {
    let found = world.ksql().query(query);
    let task = found.and_then(|it| it.tasks.get(number as usize));
    let id = task.map_or_else(String::new, |it| format!(" {}_{}", it.sub, it.partition));
    format!("task{id} of {}", query_name(world, query))
}

/// Why a record went no further, in words.
pub(super) fn because(reason: Rejection) -> &'static str {
    match reason {
        Rejection::Predicate => "the condition is not true",
        Rejection::Error => "an expression failed; see the processing log",
        Rejection::Unreadable => "its bytes are not of the declared format",
        Rejection::NullValue => "its value is null",
        Rejection::NullKey => "its key, or what it is grouped by, is null",
        Rejection::NoMatch => "the other side has no such key",
        Rejection::Late => "it came after its window had closed",
        Rejection::NothingToDelete => "there was no row to take back",
    }
}

/// What a change of the ksqlDB nodes and of their tasks tells.
fn node_changed(detail: TraceDetail, world: &World) -> Option<String> {
    Some(match detail {
        TraceDetail::NodeStarted { node } => format!("{} starts", self::node(world, node)),
        TraceDetail::NodeStopped { node } => format!("{} leaves", self::node(world, node)),
        TraceDetail::NodeKilled { node } => {
            format!(
                "{} is killed; nobody has noticed yet",
                self::node(world, node)
            )
        }
        TraceDetail::NodeLost { node } => {
            let name = self::node(world, node);
            format!("The session of {name} has run out; its tasks go to others")
        }
        TraceDetail::TaskAssigned { node, query, task } => {
            let (node, task) = (self::node(world, node), self::task(world, query, task));
            format!("{node} is given {task}")
        }
        TraceDetail::TaskRestored {
            node,
            query,
            task,
            left,
        }
        | TraceDetail::TaskWarmed {
            node,
            query,
            task,
            left,
        } => {
            let warms_up = matches!(detail, TraceDetail::TaskWarmed { .. });
            let (node, task) = (self::node(world, node), self::task(world, query, task));
            match (left, warms_up) {
                (0, false) => format!("{node} has restored {task} and goes on with it"),
                (0, true) => format!("{node} has warmed up for {task}"),
                (left, false) => format!("{node} restores {task}; {left} records are left"),
                (left, true) => format!("{node} warms up for {task}; {left} records are left"),
            }
        }
        _ => return None,
    })
}

/// What a change of the cluster tells.
fn changed(detail: TraceDetail, world: &World) -> Option<String> {
    let topic = |id| {
        world
            .cluster()
            .topic(id)
            .map_or_else(|_| "a topic", |it| &*it.name)
    };
    let producer = |id| {
        world
            .producers()
            .find(|it| it.id == id)
            .map_or("?", |it| &*it.name)
    };
    let consumer = |id| world.consumer(id).map_or("?", |it| &*it.name);
    Some(match detail {
        TraceDetail::TopicCreated {
            topic: id,
            partitions: 1,
        } => format!("Topic {} is created", topic(id)),
        TraceDetail::TopicCreated {
            topic: id,
            partitions,
        } => format!(
            "Topic {} is created with {partitions} partitions",
            topic(id)
        ),
        TraceDetail::TopicDeleted { .. } => "A topic is deleted".to_owned(),
        TraceDetail::ProducerStarted { producer: id } => format!("{} starts", producer(id)),
        TraceDetail::ProducerStopped { producer: id } => format!("{} stops", producer(id)),
        TraceDetail::QueryStarted { query } => format!("{} starts", query_name(world, query)),
        TraceDetail::QueryEnded { .. } => "A query ends".to_owned(),
        TraceDetail::QueryFailed { query, .. } => {
            format!("{} stops because of an error", query_name(world, query))
        }
        TraceDetail::ConsumerStarted { consumer: id } => {
            format!("{} begins to read", consumer(id))
        }
        TraceDetail::ConsumerStopped { consumer: id } => format!("{} leaves", consumer(id)),
        TraceDetail::PartitionAssigned {
            consumer: id,
            partition,
        } => format!(
            "{} is given partitions of {}",
            consumer(id),
            text::topic_name(world, partition)
        ),
        TraceDetail::PartitionRevoked {
            consumer: id,
            partition,
        } => format!(
            "{} gives up partitions of {}",
            consumer(id),
            text::topic_name(world, partition)
        ),
        TraceDetail::OffsetCommitted {
            consumer: id,
            record,
        } => format!("{} commits {}", consumer(id), text::place(world, record)),
        TraceDetail::PositionMoved {
            consumer: id,
            record,
        } => format!("{} goes to {}", consumer(id), text::place(world, record)),
        _ => return node_changed(detail, world),
    })
}
