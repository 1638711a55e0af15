//! Brokers: which run, which are stopped, which are cut off, and when the controller notices.
//!
//! What follows for partitions is in `election`; how followers copy is in `replication`.

use headwater_base::{BrokerId, Millis, VirtualTime};

/// How a broker is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BrokerState {
    /// It runs, and all can reach it.
    Running,
    /// It stopped, as by a power cut; what it has on disk stays.
    Stopped,
    /// It runs, and clients reach it, but neither the controller nor other brokers do.
    Isolated,
}

impl BrokerState {
    /// The state in a word.
    pub const fn name(self) -> &'static str {
        match self {
            BrokerState::Running => "running",
            BrokerState::Stopped => "stopped",
            BrokerState::Isolated => "isolated",
        }
    }
}

/// One broker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broker {
    /// Its id, from 1 (`node.id`).
    pub id: BrokerId,
    /// How it is.
    pub state: BrokerState,
    /// Since when it is so.
    pub since: VirtualTime,
    /// Whether the controller has fenced it.
    pub is_fenced: bool,
}

impl Broker {
    pub(crate) const fn new(id: BrokerId) -> Broker {
        Broker {
            id,
            state: BrokerState::Running,
            since: VirtualTime::START,
            is_fenced: false,
        }
    }

    /// When the controller will fence it, if nothing changes before.
    pub(crate) fn fenced_at(&self, session_timeout: Millis) -> Option<VirtualTime> {
        let is_silent = self.state != BrokerState::Running && !self.is_fenced;
        is_silent.then(|| self.since + session_timeout)
    }
}
