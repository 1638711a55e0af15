//! The replicas of a partition: a leader that takes records, followers that fetch them, and the
//! high watermark that they agree on.
//!
//! A follower's log is a beginning of the leader's, so it is kept as one number: where it ends. It
//! shares all memory. Only a replica that has what a new leader does not have keeps a log of its
//! own, until it fetches again and throws that away. Who leads is decided in `election`.

use crate::partition::Partition;
use crate::record::RecordRef;
use crate::segment::Segment;
use headwater_base::{BrokerId, Millis, TraceDetail, VirtualTime};
use std::sync::Arc;

/// Where the records of a leader's term begin: (leader epoch, offset).
pub(crate) type Epochs = Vec<(u32, u64)>;

/// A log that is not a beginning of the leader's.
#[derive(Clone, Debug)]
pub(crate) struct OwnLog {
    pub(crate) segments: Vec<Arc<Segment>>,
    pub(crate) epochs: Epochs,
}

/// One replica.
#[derive(Clone, Debug)]
pub struct Replica {
    /// The broker that has it.
    pub broker: BrokerId,
    /// Whether it counts among the in-sync replicas.
    pub in_sync: bool,
    /// Its log end offset; the leader's own is that of the partition.
    pub(crate) end: u64,
    /// What the leader knows of that: the offset of its last fetch.
    pub(crate) reported: u64,
    /// When it had last caught up.
    pub(crate) caught_up: VirtualTime,
    pub(crate) own: Option<OwnLog>,
}

impl Replica {
    fn new(broker: BrokerId) -> Replica {
        Replica {
            broker,
            in_sync: true,
            end: 0,
            reported: 0,
            caught_up: VirtualTime::START,
            own: None,
        }
    }

    /// Whether it has records that the leader does not have.
    pub fn has_diverged(&self) -> bool {
        self.own.is_some()
    }
}

/// The replicas of a partition.
#[derive(Clone, Debug)]
pub struct Replication {
    /// Them all; the first one is the preferred leader.
    pub replicas: Vec<Replica>,
    /// Who leads; nobody while no in-sync replica is there.
    pub leader: Option<BrokerId>,
    /// How many leaders there have been before.
    pub epoch: u32,
    pub(crate) epochs: Epochs,
    /// How many replicas have to be in sync for the high watermark to move.
    pub(crate) least_in_sync: u16,
}

impl Replication {
    pub(crate) fn new(brokers: &[BrokerId]) -> Replication {
        Replication {
            replicas: brokers.iter().copied().map(Replica::new).collect(),
            leader: brokers.first().copied(),
            epoch: 0,
            epochs: vec![(0, 0)],
            least_in_sync: 1,
        }
    }

    /// Takes over the topic's `min.insync.replicas`, as far as there are so many replicas.
    pub(crate) fn set_least_in_sync(&mut self, least: u16) {
        self.least_in_sync = least.min(self.replicas.len() as u16);
    }

    /// How many replicas are in sync.
    pub fn in_sync_count(&self) -> u16 {
        self.replicas.iter().filter(|it| it.in_sync).count() as u16
    }

    /// The replica of a broker.
    pub fn replica(&self, broker: BrokerId) -> Option<&Replica> {
        self.replicas.iter().find(|it| it.broker == broker)
    }
}

/// How far two logs agree. Records of one epoch are of one leader, so logs agree as long as their
/// epochs do.
fn common_end(a: (&Epochs, u64), b: (&Epochs, u64)) -> u64 {
    let pairs = a.0.iter().zip(b.0);
    let equal = pairs.take_while(|(a, b)| a == b).count();
    let end = |(epochs, end): (&Epochs, u64)| epochs.get(equal).map_or(end, |next| next.1);
    end(a).min(end(b))
}

impl Partition {
    /// Its replicas.
    pub fn replication(&self) -> &Replication {
        &self.replication
    }

    /// The log end offset of a broker's replica.
    pub fn replica_end(&self, broker: BrokerId) -> Option<u64> {
        if self.replication.leader == Some(broker) {
            return Some(self.end_offset());
        }
        Some(self.replication.replica(broker)?.end)
    }

    /// A record that only replicas have which are no longer led by its leader.
    pub fn superseded(&self, offset: u64) -> Option<RecordRef<'_>> {
        let logs = self.replication.replicas.iter();
        let mut logs = logs.filter_map(|it| it.own.as_ref());
        logs.find_map(|own| {
            let holds = |it: &&Arc<Segment>| it.base_offset() <= offset;
            let segment = own.segments.iter().rev().find(holds)?;
            segment.records().find(|it| it.offset == offset)
        })
    }

    /// The in-sync replicas agree up to where the one ends that has least. It never goes back, and
    /// stands still while fewer than `min.insync.replicas` are in sync.
    pub(crate) fn advance_high_watermark(&mut self) -> bool {
        let end = self.end_offset();
        let leader = self.replication.leader;
        let replicas = self.replication.replicas.iter();
        let in_sync = replicas.filter(|it| it.in_sync && Some(it.broker) != leader);
        let least = in_sync.map(|it| it.reported).min().unwrap_or(end).min(end);
        let is_enough = self.replication.in_sync_count() >= self.replication.least_in_sync;
        let moves = leader.is_some() && is_enough && least > self.high_watermark;
        if moves {
            self.high_watermark = least;
        }
        moves
    }

    /// Followers on brokers that `reaches` the leader fetch once; what changes is noted. Tells
    /// whether there is more to fetch or to report.
    pub(crate) fn replicate(
        &mut self,
        reaches: impl Fn(BrokerId) -> bool,
        now: VirtualTime,
        notes: &mut Vec<TraceDetail>,
    ) -> bool {
        let Some(leader) = self.replication.leader.filter(|it| reaches(*it)) else {
            return false;
        };
        let (partition, end, watermark) = (self.id(), self.end_offset(), self.high_watermark);
        let Replication {
            replicas, epochs, ..
        } = &mut self.replication;
        let term = epochs.last().map_or(0, |last| last.1);
        let mut has_more = false;
        for replica in replicas.iter_mut().filter(|it| it.broker != leader) {
            if !reaches(replica.broker) {
                continue;
            }
            let broker = replica.broker;
            if let Some(own) = replica.own.take() {
                let agreed = common_end((&own.epochs, replica.end), (epochs, end));
                let (from, to) = (agreed, replica.end);
                if from < to {
                    notes.push(TraceDetail::LogTruncated {
                        partition,
                        broker,
                        from,
                        to,
                    });
                }
                replica.end = agreed;
            }
            replica.reported = replica.end;
            replica.end = end;
            if replica.reported >= end {
                replica.caught_up = now;
            } else {
                has_more = true;
            }
            if !replica.in_sync && replica.reported >= watermark.max(term) {
                replica.in_sync = true;
                replica.caught_up = now;
                notes.push(TraceDetail::InSyncChanged {
                    partition,
                    broker,
                    in_sync: true,
                });
            }
        }
        self.note_high_watermark(notes);
        has_more
    }

    pub(crate) fn note_high_watermark(&mut self, notes: &mut Vec<TraceDetail>) {
        if self.advance_high_watermark() {
            notes.push(TraceDetail::HighWatermarkAdvanced {
                partition: self.id(),
                offset: self.high_watermark,
            });
        }
    }

    /// Followers that have not caught up for `replica.lag.time.max.ms` are no longer in sync. Only
    /// a leader that the controller hears can say so.
    pub(crate) fn drop_laggards(
        &mut self,
        lag_max: Millis,
        now: VirtualTime,
        notes: &mut Vec<TraceDetail>,
    ) {
        let (partition, end) = (self.id(), self.end_offset());
        let leader = self.replication.leader;
        for replica in &mut self.replication.replicas {
            let is_follower = leader.is_some() && Some(replica.broker) != leader;
            let lags = replica.reported < end && now - replica.caught_up > lag_max;
            if is_follower && replica.in_sync && lags {
                replica.in_sync = false;
                notes.push(TraceDetail::InSyncChanged {
                    partition,
                    broker: replica.broker,
                    in_sync: false,
                });
            }
        }
        self.note_high_watermark(notes);
    }

    /// Makes `broker` the leader. Its log becomes that of the partition; whoever has more keeps it
    /// until it fetches.
    pub(crate) fn lead(&mut self, broker: BrokerId, now: VirtualTime) {
        let old = OwnLog {
            segments: self.segments.clone(),
            epochs: self.replication.epochs.clone(),
        };
        let (old_end, old_leader) = (self.end_offset(), self.replication.leader);
        for replica in &mut self.replication.replicas {
            if Some(replica.broker) == old_leader {
                replica.end = old_end;
            }
        }
        let replicas = &mut self.replication.replicas;
        let Some(new) = replicas.iter_mut().find(|it| it.broker == broker) else {
            return;
        };
        let (new_end, own) = (new.end, new.own.take());
        match own {
            Some(own) => {
                self.replication.epochs = own.epochs;
                self.take_log(own.segments, new_end);
            }
            None => self.truncate(new_end),
        }
        self.replication.epochs.retain(|it| it.1 < new_end);
        let agreed = common_end((&old.epochs, old_end), (&self.replication.epochs, new_end));
        for replica in &mut self.replication.replicas {
            replica.reported = 0;
            replica.caught_up = now;
            if replica.broker != broker && replica.own.is_none() && replica.end > agreed {
                replica.own = Some(OwnLog {
                    segments: old.segments.clone(),
                    epochs: old.epochs.clone(),
                });
            }
        }
        self.replication.epoch += 1;
        self.replication.leader = Some(broker);
        let epoch = self.replication.epoch;
        self.replication.epochs.push((epoch, new_end));
    }
}
