//! What every crate of the laboratory shares: ids, spans, virtual time, chance, the event queue
//! and effects, limits, diagnostics and the trace.
//!
//! Nothing here knows Kafka's protocols, SQL or a browser. Start with [`time`] and [`effects`] for
//! how the simulation moves, and with [`trace`] for what it tells about itself.

pub mod chance;
pub mod diagnostic;
pub mod digest;
pub mod effects;
pub mod ids;
pub mod limits;
pub mod order;
pub mod sorted;
pub mod span;
pub mod time;
pub mod trace;

pub use chance::Chance;
pub use diagnostic::{Diagnostic, Fault, Severity};
pub use effects::{Effects, EventQueue};
pub use ids::*;
pub use sorted::{SortedMap, SortedSet};
pub use span::{LineColumn, LineIndex, Span};
pub use time::{Millis, VirtualTime};
pub use trace::{
    HashSink, NoTrace, RebalanceReason, SendError, TraceDetail, TraceEvent, TraceSink,
};
