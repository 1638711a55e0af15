//! What is in a store as text: for tests, and for those who look into it.

use super::{JoinRow, StoreState, Stored};
use std::fmt::Write;

impl StoreState {
    /// Every entry as text, in the order of key bytes: key, values, times, what caused it.
    pub fn contents(&self) -> Vec<String> {
        match self {
            StoreState::Keyed(store) => store.sorted().into_iter().map(|it| stored(it)).collect(),
            StoreState::Windowed(store) => {
                let windows = store.windows().filter(|(_, rows)| !rows.is_empty());
                let rows = windows.flat_map(|(start, rows)| {
                    let rows = rows.sorted().into_iter();
                    rows.map(move |it| format!("[{start}] {}", stored(it)))
                });
                rows.collect()
            }
            StoreState::Sessions(store) => store
                .iter()
                .map(|it| {
                    let (start, end) = (it.bounds.start, it.bounds.end);
                    format!("[{start}..{end}] {}", stored(&it.stored))
                })
                .collect(),
            StoreState::Join(store) => store
                .sorted()
                .into_iter()
                .map(|(key, sequence, row)| format!("{} #{sequence} {}", bytes(key), joined(row)))
                .collect(),
            StoreState::Held(store) => store
                .iter()
                .map(|(key, rows)| {
                    let rows: Vec<String> = rows.iter().map(|row| joined(row)).collect();
                    let side = if key.left { "left" } else { "right" };
                    format!("@{} {side} {} {rows:?}", key.time, bytes(&key.key))
                })
                .collect(),
            StoreState::Subscriptions(store) => store
                .sorted()
                .into_iter()
                .map(|(foreign, primary, it)| {
                    format!("{} <- {} {it:?}", bytes(foreign), bytes(primary))
                })
                .collect(),
        }
    }
}

fn stored(stored: &Stored) -> String {
    let Stored {
        key,
        values,
        time,
        cause,
        ..
    } = stored;
    let (partition, offset) = (cause.partition.0, cause.offset);
    format!("{} {values:?} @{time} <- {partition}:{offset}", bytes(key))
}

fn joined(row: &JoinRow) -> String {
    let mut text = format!("{:?} @{}", row.values, row.time);
    if let Some(window) = row.window {
        // Writing to a String cannot fail.
        let _ = write!(text, " [{}..{}]", window.start, window.end);
    }
    text
}

fn bytes(bytes: &[u8]) -> String {
    bytes.escape_ascii().to_string()
}
