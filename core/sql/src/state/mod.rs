//! What a task remembers between records: keyed stores and windowed stores.
//!
//! A store is a cache of its changelog topic: whoever writes to it (an operator) also appends to
//! the changelog, through `runtime::context`.

mod store;
mod window;

pub use store::{Store, Stored};
pub use window::WindowStore;

/// One store of one task.
#[derive(Clone, Debug)]
pub enum StoreState {
    /// Rows by key.
    Keyed(Store),
    /// Rows by window and key.
    Windowed(WindowStore),
}

impl StoreState {
    /// How many rows there are.
    pub fn len(&self) -> usize {
        match self {
            StoreState::Keyed(store) => store.len(),
            StoreState::Windowed(store) => store.len(),
        }
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
