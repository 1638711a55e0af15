//! Running queries: tasks that read partitions, and the way of one record through the operators.
//!
//! One task code, two drivers. [`immediate`] runs each record to its end over a log of its own;
//! the simulation calls the same [`Query`] methods when virtual time says so.

mod batch;
mod cache;
mod change;
mod commit;
mod context;
pub mod immediate;
mod output;
pub mod print;
mod query;
mod scratch;
mod standby;
mod table;
mod task;
mod written;

pub use batch::Batch;
pub use cache::{Cache, CacheConfig, CacheKey, Dirty};
pub use change::{Bounds, Change};
pub use context::{Buffers, CapturedRow, Changelogs, Context, Failure, RunningTopic};
pub use output::{Nowhere, Output, ProcessingError, ProcessingErrorKind, PushRow};
pub use query::{Processed, Query, QueryKind, QueryState, TaskRef};
pub use scratch::Scratch;
pub use standby::{Standby, Unrestorable};
pub use table::TableRow;
pub use task::{Committed, Input, Mark, Task};
pub use written::Written;
