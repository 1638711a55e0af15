//! What a task remembers between records: rows by key, by window and by session; records that may
//! still be joined, records that wait for a match, and subscriptions to foreign keys.
//!
//! A store is a cache of its changelog topic: whoever writes to it (an operator) also appends to
//! the changelog, through `runtime::context`.

mod contents;
mod emitted;
mod held;
mod join;
mod session;
mod shards;
mod store;
mod subscription;
mod window;

pub use emitted::Emitted;
pub use held::{HeldFor, HeldKey, HeldList, HeldMark, HeldStore};
pub use join::{JoinRow, JoinStore};
pub use session::{Session, SessionStore};
pub use shards::{Keyed, Shards};
pub use store::{Store, Stored, StoredKey, StoredRow};
pub use subscription::{Subscription, SubscriptionStore};
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
    /// The records of one side of a stream-stream join.
    Join(JoinStore),
    /// Records of a stream-stream join that wait for a match.
    Held(HeldStore),
    /// Subscriptions to foreign keys.
    Subscriptions(SubscriptionStore),
}

impl StoreState {
    /// An empty store.
    pub fn new(kind: StoreKind) -> StoreState {
        match kind {
            StoreKind::Windowed(retention) => StoreState::Windowed(WindowStore::new(retention)),
            StoreKind::Sessions(retention) => StoreState::Sessions(SessionStore::new(retention)),
            StoreKind::Keyed => StoreState::Keyed(Store::default()),
            StoreKind::Join(retention) => StoreState::Join(JoinStore::new(retention)),
            StoreKind::Held => StoreState::Held(HeldStore::default()),
            StoreKind::Subscriptions => StoreState::Subscriptions(SubscriptionStore::default()),
        }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        match self {
            StoreState::Keyed(store) => store.len(),
            StoreState::Windowed(store) => store.len(),
            StoreState::Sessions(store) => store.len(),
            StoreState::Join(store) => store.len(),
            StoreState::Held(store) => store.len(),
            StoreState::Subscriptions(store) => store.len(),
        }
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
