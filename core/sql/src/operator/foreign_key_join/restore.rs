//! The store of subscriptions, out of its changelog.

use super::ForeignKeySubscription;
use super::wire::Subscribe;
use crate::operator::restore::{Read, Restoring};
use crate::state::{StoreState, Subscription};

impl ForeignKeySubscription {
    pub(in super::super) fn restore(&self, from: &mut Restoring<'_>) -> Read {
        let (length, rest) = from.record.key?.split_first_chunk::<4>()?;
        let length = u32::from_be_bytes(*length) as usize;
        let (foreign_key, primary_key) = rest.split_at_checked(length)?;
        let subscription = match from.record.value {
            Some(value) => {
                let subscribe = Subscribe::read(value)?;
                Some(Subscription {
                    hash: subscribe.hash,
                    instruction: subscribe.instruction as u8,
                    partition: subscribe.partition,
                    time: from.record.timestamp,
                    cause: from.cause(),
                })
            }
            None => None,
        };
        let StoreState::Subscriptions(store) = from.stores.get_mut(self.store)? else {
            return None;
        };
        match subscription {
            Some(subscription) => store.put(foreign_key, primary_key, subscription),
            None => {
                store.remove(foreign_key, primary_key);
            }
        }
        Some(())
    }
}
