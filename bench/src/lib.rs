//! What the engine and the log reach beside hand-written programs for the same work.
//!
//! Every figure is measured in the same run as what it is compared with, in turns. `run` is all
//! of it; `main` calls it natively and `wasm` under Node, each with its own clock. How to read the
//! tables is in `docs/performance.md`.

mod engine;
mod figures;
mod hand;
mod log_figures;
mod measure;
pub mod memory;
mod report;
#[cfg(target_arch = "wasm32")]
pub mod wasm;
mod workload;

pub use engine::{QUERIES, QueryCase, Ran, prepare, run_query, topic};
pub use figures::Contents;
pub use hand::{Fair, Lane, Output, Plain, run_by_hand};
pub use measure::Sample;
pub use report::{Options, run};

use headwater_base::Diagnostic;
use headwater_log::LogError;
use std::fmt;

/// Why nothing was measured.
#[derive(Clone, Debug)]
pub struct Failed(pub String);

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failed {}

impl From<LogError> for Failed {
    fn from(error: LogError) -> Failed {
        Failed(error.to_string())
    }
}

impl From<Diagnostic> for Failed {
    fn from(error: Diagnostic) -> Failed {
        Failed(error.message)
    }
}

impl From<serde_json::Error> for Failed {
    fn from(error: serde_json::Error) -> Failed {
        Failed(error.to_string())
    }
}
