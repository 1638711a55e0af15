//! What a task remembers between records: keyed stores, windowed stores and session
//! stores.
//!
//! A store is a cache of its changelog topic: whoever writes to it (an operator) also appends to
//! the changelog, through `runtime::context`.

mod emitted;
mod session;
mod store;
mod window;

pub use emitted::Emitted;
pub use session::{Session, SessionStore};
pub use store::{Store, Stored};
pub use window::WindowStore;

use crate::plan::StoreKind;

/// One store of one task.
#[derive(Clone, Debug)]
pub enum StoreState {
    /// Rows by key.
    Keyed(Store),
    /// Rows by window and key.
    Windowed(WindowStore),
    /// Rows by key and session.
    Sessions(SessionStore),
}

impl StoreState {
    /// An empty store.
    pub fn new(kind: StoreKind) -> StoreState {
        match kind {
            StoreKind::Windowed(retention) => StoreState::Windowed(WindowStore::new(retention)),
            StoreKind::Sessions(retention) => StoreState::Sessions(SessionStore::new(retention)),
            _ => StoreState::Keyed(Store::default()),
        }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        match self {
            StoreState::Keyed(store) => store.len(),
            StoreState::Windowed(store) => store.len(),
            StoreState::Sessions(store) => store.len(),
        }
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
