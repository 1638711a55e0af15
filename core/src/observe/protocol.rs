//! Sentences about what happens below the records: groups that rebalance, brokers that fail.

use crate::observe::text;
use crate::world::World;
use headwater_base::{
    BrokerId, ConsumerId, PartitionId, ProducerId, RebalanceReason, SendError, TraceDetail,
};

/// What an event of a group or of the brokers tells.
pub(super) fn told(detail: TraceDetail, world: &World) -> Option<String> {
    of_groups(detail, world)
        .or_else(|| of_brokers(detail, world))
        .or_else(|| of_producers(detail, world))
}

fn of_groups(detail: TraceDetail, world: &World) -> Option<String> {
    let name = |id| reader(world, id);
    Some(match detail {
        TraceDetail::RebalanceStarted { group, reason } => {
            let group = world.group_name(group);
            let why = match reason {
                RebalanceReason::MemberJoined => "somebody joins",
                RebalanceReason::MemberRejoined => "a member joins again",
                RebalanceReason::MemberLeft => "a member has left",
                RebalanceReason::SessionTimeout => "a member is taken for dead",
                RebalanceReason::PollTimeout => "a member no longer polls",
                RebalanceReason::TopicChanged => "its topics have changed",
            };
            format!("Group {group} has to share anew, since {why}")
        }
        TraceDetail::MemberRemoved {
            consumer, reason, ..
        } => {
            let name = name(consumer);
            match reason {
                RebalanceReason::SessionTimeout => {
                    format!("{name} was silent for session.timeout.ms")
                }
                RebalanceReason::PollTimeout => {
                    format!("{name} has not polled for max.poll.interval.ms")
                }
                _ => return None,
            }
        }
        TraceDetail::CommitRefused { consumer, .. } => {
            format!(
                "A commit of {} comes too late: others read on",
                name(consumer)
            )
        }
        TraceDetail::GroupOffsetReset { group, record } => format!(
            "Group {} is reset to {}",
            world.group_name(group),
            text::place(world, record)
        ),
        TraceDetail::PollFailed {
            consumer,
            partition,
        } => format!(
            "{} stops: NoOffsetForPartitionException: Undefined offset with no reset policy for \
             partition {}",
            name(consumer),
            text::lane(world, partition).replace('/', "-")
        ),
        TraceDetail::ConsumerKilled { consumer } => {
            format!("{} is gone, and tells nobody", name(consumer))
        }
        TraceDetail::ConsumerPaused { consumer } => format!("{} pauses", name(consumer)),
        TraceDetail::ConsumerResumed { consumer } => format!("{} reads on", name(consumer)),
        TraceDetail::ConsumerStalled { consumer } => {
            format!("{} hangs: it polls no more", name(consumer))
        }
        _ => return None,
    })
}

fn of_brokers(detail: TraceDetail, world: &World) -> Option<String> {
    let lane = |partition| text::lane(world, partition);
    Some(match detail {
        TraceDetail::BrokerStopped { broker } => format!("Broker {broker} stops"),
        TraceDetail::BrokerStarted { broker } => format!("Broker {broker} runs"),
        TraceDetail::BrokerIsolated { broker } => {
            format!("Broker {broker} is cut off from the others")
        }
        TraceDetail::LeaderElected {
            partition,
            broker: BrokerId(0),
            ..
        } => format!(
            "{} has no leader: no in-sync replica is left",
            lane(partition)
        ),
        TraceDetail::LeaderElected {
            partition,
            broker,
            epoch,
        } => format!(
            "Broker {broker} leads {} now, in epoch {epoch}",
            lane(partition)
        ),
        TraceDetail::InSyncChanged {
            partition,
            broker,
            in_sync: true,
        } => format!("Broker {broker} is in sync with {} again", lane(partition)),
        TraceDetail::InSyncChanged {
            partition, broker, ..
        } => format!(
            "Broker {broker} is no longer in sync with {}",
            lane(partition)
        ),
        TraceDetail::LogTruncated {
            partition,
            broker,
            from,
            to,
        } => format!(
            "Broker {broker} throws away {} to {} of {}: the new leader never had them",
            from,
            to - 1,
            lane(partition)
        ),
        _ => return None,
    })
}

fn of_producers(detail: TraceDetail, world: &World) -> Option<String> {
    Some(match detail {
        TraceDetail::SendRefused {
            producer,
            in_sync: 0,
        } => format!(
            "{} finds no leader, and tries again",
            producer_name(world, producer)
        ),
        TraceDetail::SendRefused { producer, .. } => format!(
            "{} is refused: too few replicas are in sync. It tries again",
            producer_name(world, producer)
        ),
        TraceDetail::SendRetried {
            producer,
            partition,
            records,
        } => format!(
            "{} has no answer for {records} of {}, and sends again",
            producer_name(world, producer),
            text::lane(world, partition)
        ),
        TraceDetail::SendFailed {
            producer,
            partition,
            error,
            records,
        } => {
            let lane = text::lane(world, partition);
            let found = world.producers().find(|it| it.id == producer);
            let waited = found.map_or(0, |it| it.delivery_timeout().0);
            let why = match error {
                SendError::Timeout => format!(
                    "TimeoutException: Expiring {records} record(s) for {}:{waited} ms has passed \
                     since batch creation",
                    lane.replace('/', "-")
                ),
                SendError::NotLeader => "NotLeaderOrFollowerException".to_owned(),
                SendError::NotEnoughReplicas => "NotEnoughReplicasException: Messages are \
                    rejected since there are fewer in-sync replicas than required."
                    .to_owned(),
                SendError::RecordTooLarge => "RecordTooLargeException".to_owned(),
                SendError::InvalidRecord => "InvalidRecordException".to_owned(),
                SendError::BufferFull => "BufferExhaustedException: no room in buffer.memory \
                    within max.block.ms"
                    .to_owned(),
            };
            let name = producer_name(world, producer);
            format!("{name} gives up {records} of {lane}: {why}")
        }
        _ => return None,
    })
}

/// Who gives up what, and who is given what.
pub(super) fn moved(
    revoked: &[(ConsumerId, PartitionId)],
    assigned: &[(ConsumerId, PartitionId)],
    world: &World,
) -> String {
    let part = |moved: &[(ConsumerId, PartitionId)], verb: &str| {
        let who = moved.first().map(|it| reader(world, it.0))?;
        let lanes: Vec<String> = moved.iter().map(|it| text::lane(world, it.1)).collect();
        Some(format!("{who} {verb} {}", lanes.join(", ")))
    };
    let parts = [part(revoked, "gives up"), part(assigned, "is given")];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join(". ")
}

fn reader(world: &World, id: ConsumerId) -> String {
    world
        .consumer(id)
        .map_or_else(|| "A member".to_owned(), |it| it.name.to_string())
}

fn producer_name(world: &World, id: ProducerId) -> String {
    let found = world.producers().find(|it| it.id == id);
    found.map_or_else(|| "A producer".to_owned(), |it| it.name.to_string())
}
