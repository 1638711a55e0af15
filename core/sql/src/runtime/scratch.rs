//! Memory that is used again for each record.

use super::context::Buffers;
use crate::arena::Arena;
use crate::expression::ErrorLog;

/// Memory that is used again for each record; shared by all tasks of an engine.
#[derive(Debug, Default)]
pub struct Scratch {
    pub(super) arena: Arena,
    pub(super) errors: ErrorLog,
    pub(super) buffers: Buffers,
}

impl Clone for Scratch {
    /// Scratch holds nothing between records, so a copy begins empty.
    fn clone(&self) -> Scratch {
        Scratch::default()
    }
}
