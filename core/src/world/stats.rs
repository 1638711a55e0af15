//! Counters that the page shows on query cards, kept from the trace.

use crate::world::World;
use headwater_base::{QueryId, SortedMap, StationId, TraceDetail, trace::Rejection};
use std::sync::Arc;

/// What passed a station and what ended there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StationStats {
    /// Records that passed.
    pub passed: u64,
    /// Records that ended here, by reason.
    pub rejected: SortedMap<Rejection, u64>,
}

/// Counters of one query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueryStats {
    /// Records that it has taken up.
    pub read: u64,
    /// Its stations' counters, by id.
    pub stations: Vec<StationStats>,
}

impl QueryStats {
    /// The counters of one station.
    pub fn station(&self, id: StationId) -> StationStats {
        self.stations
            .get(usize::from(id.0))
            .cloned()
            .unwrap_or_default()
    }

    fn station_mut(&mut self, id: StationId) -> &mut StationStats {
        let at = usize::from(id.0);
        if self.stations.len() <= at {
            self.stations.resize_with(at + 1, StationStats::default);
        }
        &mut self.stations[at]
    }
}

impl World {
    /// The counters of a query.
    pub fn stats(&self, query: QueryId) -> Option<&QueryStats> {
        self.stats.get(query.index()).map(|it| &**it)
    }

    fn stats_mut(&mut self, query: QueryId) -> &mut QueryStats {
        if self.stats.len() <= query.index() {
            self.stats.resize_with(query.index() + 1, Arc::default);
        }
        Arc::make_mut(&mut self.stats[query.index()])
    }

    pub(super) fn count(&mut self, detail: &TraceDetail) {
        match *detail {
            TraceDetail::RecordRead { query, .. } => self.stats_mut(query).read += 1,
            TraceDetail::StationPassed { query, station } => {
                self.stats_mut(query).station_mut(station).passed += 1;
            }
            TraceDetail::StationRejected {
                query,
                station,
                reason,
            } => {
                let station = self.stats_mut(query).station_mut(station);
                *station.rejected.entry(reason).or_default() += 1;
            }
            _ => {}
        }
    }
}
