//! What a front end wants to see; the engine's side shows nothing else.

use headwater_base::QueryId;
use serde::{Deserialize, Serialize};

/// What is on screen. The cost of a frame depends on this, never on the rate of events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewRequest {
    /// Newest records wanted of each partition.
    pub tiles_per_lane: u32,
    /// Rows wanted of each table.
    pub rows_per_table: u32,
    /// Push queries whose results are wanted; all that run where `None`.
    pub results: Option<Vec<QueryId>>,
    /// Newest rows wanted of each result.
    pub rows_per_result: u32,
    /// The table whose duality is wanted; the lesson's own where `None`.
    pub duality: Option<String>,
    /// Newest changelog records wanted of it.
    pub tape_length: u32,
    /// Motions wanted a frame.
    pub motions_max: u32,
    /// Whether Kafka's own topics, such as `__consumer_offsets`, are wanted, too.
    pub all_topics: bool,
}

impl Default for ViewRequest {
    fn default() -> Self {
        ViewRequest {
            tiles_per_lane: 40,
            rows_per_table: 50,
            results: None,
            rows_per_result: 200,
            duality: None,
            tape_length: 40,
            motions_max: 64,
            all_topics: false,
        }
    }
}
