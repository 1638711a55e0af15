//! The stores of a stream-stream join, out of their changelogs.

use super::held::VARIABLE_SIZES;
use super::{JoinSide, StreamStreamJoin};
use crate::operator::restore::{Read, Restoring};
use crate::operator::sink::split_bounds;
use crate::runtime::Bounds;
use crate::state::{HeldKey, JoinRow, StoreState};
use crate::value::OwnedValue;
use std::sync::Arc;

impl StreamStreamJoin {
    pub(in super::super) fn restore(&self, from: &mut Restoring<'_>) -> Read {
        match from.store {
            store if store == self.left.store => self.restore_side(from, &self.left),
            store if store == self.right.store => self.restore_side(from, &self.right),
            _ => self.restore_held(from),
        }
    }

    /// A record of one side: key, time, number.
    fn restore_side(&self, from: &mut Restoring<'_>, side: &JoinSide) -> Read {
        let (key, sequence) = from.record.key?.split_last_chunk::<4>()?;
        let (key, time) = key.split_last_chunk::<8>()?;
        let row = self.row_of(
            from,
            side,
            key,
            (i64::from_be_bytes(*time), from.record.value?),
        )?;
        let StoreState::Join(store) = from.stores.get_mut(side.store)? else {
            return None;
        };
        let time = row.time;
        store.put(key, row, u32::from_be_bytes(*sequence));
        // The time of the join is that of both sides together.
        if let Some(StoreState::Held(held)) =
            self.held.and_then(|held| from.stores.get_mut(held.store))
        {
            held.stream_time = held.stream_time.max(time);
        }
        Some(())
    }

    /// All that waits at a place: time, side, key; a list of values, each with its side.
    fn restore_held(&self, from: &mut Restoring<'_>) -> Read {
        let (time, rest) = from.record.key?.split_first_chunk::<8>()?;
        let ([left], key) = rest.split_first_chunk::<1>()?;
        let key = HeldKey {
            time: i64::from_be_bytes(*time),
            left: *left == 1,
            key: key.into(),
        };
        let side = if key.left { &self.left } else { &self.right };
        let mut rows = Vec::new();
        if let Some(value) = from.record.value {
            let ([strategy], rest) = value.split_first_chunk::<1>()?;
            let (count, mut rest) = rest.split_first_chunk::<4>()?;
            if *strategy != VARIABLE_SIZES {
                return None;
            }
            for _ in 0..u32::from_be_bytes(*count) {
                let (length, behind) = rest.split_first_chunk::<4>()?;
                let length = u32::from_be_bytes(*length) as usize;
                let (item, behind) = behind.split_at_checked(length)?;
                let (_, item) = item.split_first()?;
                rows.push(self.row_of(from, side, &key.key, (key.time, item))?);
                rest = behind;
            }
        }
        let StoreState::Held(store) = from.stores.get_mut(self.held?.store)? else {
            return None;
        };
        match rows.is_empty() {
            true => {
                store.remove(&key);
            }
            false => store.set(key, rows),
        }
        Some(())
    }

    fn row_of<'r>(
        &self,
        from: &Restoring<'r>,
        side: &JoinSide,
        key: &[u8],
        (time, value): (i64, &'r [u8]),
    ) -> Option<Arc<JoinRow>> {
        let window: Option<Bounds> = match self.window {
            Some(kind) => Some(split_bounds(key, kind)?.1),
            None => None,
        };
        let mut values = vec![OwnedValue::Null; side.slots];
        for (slot, value) in side.stored.iter().zip(from.values(&side.value, value)?) {
            *values.get_mut(*slot)? = value;
        }
        Some(Arc::new(JoinRow {
            values,
            time,
            window,
        }))
    }
}
