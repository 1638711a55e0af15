//! Reading: what tape and ledger show of a table. Which columns have room, and which cells a record
//! changed.

use crate::queries::ledger_text;
use headwater_base::{RecordId, order};
use headwater_view::{Cell, ColumnView, DualityView, TapeEntry};

/// What a column takes, in pixels, as the style sheet has it.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// A character of a cell.
    character: f64,
    /// Both edges of a column.
    edges: f64,
    /// Widest that a column's head makes it, and where room is short.
    head_max: [f64; 2],
    /// The offsets beside the tape.
    offsets: f64,
    /// Between tape and ledger.
    pub threads: f64,
}

/// Widest that anything makes a column.
const COLUMN_MAX: f64 = 200.0;
/// Below this many pixels everything is set closer.
const SLIM_BELOW: f64 = 400.0;

impl Sizes {
    /// The sizes where there is so much room.
    pub fn within(room: f64) -> Sizes {
        match room < SLIM_BELOW {
            true => Sizes {
                character: 6.7,
                edges: 7.0,
                head_max: [57.0, 27.0],
                offsets: 36.0,
                threads: 22.0,
            },
            false => Sizes {
                character: 7.2,
                edges: 13.0,
                head_max: [77.0, 33.0],
                offsets: 52.0,
                threads: 44.0,
            },
        }
    }

    /// Whether everything is set closer.
    pub fn is_slim(&self) -> bool {
        self.threads < 40.0
    }
}

/// A column's name as it stands at its head.
pub fn heading(column: &ColumnView) -> &str {
    match column.name.as_str() {
        "WINDOWSTART" => "WINDOW",
        name => name,
    }
}

/// A window's end says nothing that its start does not.
fn is_told(column: &ColumnView) -> bool {
    column.name != "WINDOWEND"
}

/// What is shown where room is what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Places of the columns.
    pub columns: Vec<usize>,
    /// Whether heads are cut, so that columns are as slim as their cells.
    pub tight: bool,
}

/// What is shown where tape, threads and ledger have `room` pixels together: keys first, then what
/// the newest records change most often. Always the keys and a value.
pub fn shown(duality: &DualityView, room: f64) -> Shown {
    let columns = &duality.table.columns;
    let counts = change_counts(duality);
    let rank = |at: usize| (!columns[at].key, std::cmp::Reverse(counts[at]));
    let mut order = order::places(columns.len(), &|one, other| rank(one).cmp(&rank(other)));
    order.retain(|at| is_told(&columns[*at]));
    let sizes = Sizes::within(room);
    let room = room - sizes.offsets - sizes.threads;
    let widths = |tight: bool| {
        order
            .iter()
            .map(move |at| width(duality, *at, sizes, tight))
    };
    let tight = 2.0 * widths(false).sum::<f64>() > room;
    let mut left = room;
    let mut shown: Vec<usize> = Vec::new();
    for (at, width) in order.iter().zip(widths(tight)) {
        left -= 2.0 * width;
        let has_value = shown.iter().any(|it| !columns[*it].key);
        if left < 0.0 && has_value {
            break;
        }
        shown.push(*at);
    }
    order::sort_by(&mut shown, Ord::cmp);
    Shown {
        columns: shown,
        tight,
    }
}

/// How wide a column wants to be.
fn width(duality: &DualityView, at: usize, sizes: Sizes, tight: bool) -> f64 {
    let column = &duality.table.columns[at];
    let rows = duality.table.rows.iter().map(|row| &row.cells);
    let entries = duality.tape.iter().map(|entry| &entry.cells);
    let cells = rows.chain(entries).filter_map(|cells| cells.get(at));
    let widest = cells.map(|it| ledger_text(column, it).chars().count());
    let widest = widest.max().unwrap_or(0) as f64 * sizes.character;
    let head = heading(column).chars().count() as f64 * sizes.character;
    let head = head.min(sizes.head_max[usize::from(tight)]);
    widest.max(head).min(COLUMN_MAX) + sizes.edges
}

/// How often each column differs from the record before it of the same key.
fn change_counts(duality: &DualityView) -> Vec<usize> {
    let columns = &duality.table.columns;
    let mut counts = vec![0; columns.len()];
    for place in 0..duality.tape.len() {
        for (count, changed) in counts
            .iter_mut()
            .zip(changed(columns, &duality.tape, place))
        {
            *count += usize::from(changed);
        }
    }
    counts
}

/// Which cells of the record at `place` differ from the one before it of the same key. Nothing
/// does where none is in sight: what is not known is not marked.
pub fn changed(columns: &[ColumnView], tape: &[TapeEntry], place: usize) -> Vec<bool> {
    let entry = &tape[place];
    match before(columns, tape, place) {
        Some(before) => {
            let pairs = entry.cells.iter().zip(&before.cells);
            pairs.map(|(now, was)| now != was).collect()
        }
        None => vec![false; entry.cells.len()],
    }
}

/// The record before the one at `place` with the same key.
fn before<'a>(
    columns: &[ColumnView],
    tape: &'a [TapeEntry],
    place: usize,
) -> Option<&'a TapeEntry> {
    let key = |entry: &'a TapeEntry| -> Vec<&'a Cell> {
        let pairs = columns.iter().zip(&entry.cells);
        pairs.filter(|it| it.0.key).map(|it| it.1).collect()
    };
    let wanted = key(&tape[place]);
    tape[..place].iter().rev().find(|it| key(it) == wanted)
}

/// What the newest record of the tape replaced in the row that it set: the old cell where it was
/// another.
pub fn replaced(duality: &DualityView, set_by: Option<RecordId>) -> Vec<Option<&Cell>> {
    let none = || vec![None; duality.table.columns.len()];
    let Some(place) = duality.tape.len().checked_sub(1) else {
        return none();
    };
    if set_by != Some(duality.tape[place].record) {
        return none();
    }
    let columns = &duality.table.columns;
    let Some(before) = before(columns, &duality.tape, place) else {
        return none();
    };
    let pairs = before.cells.iter().zip(&duality.tape[place].cells);
    pairs
        .map(|(was, now)| (was != now).then_some(was))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use headwater_base::PartitionId;
    use headwater_view::{TableRow, TableView};

    fn record(offset: u64) -> RecordId {
        RecordId {
            partition: PartitionId(0),
            offset,
        }
    }

    fn sample() -> DualityView {
        let column = |name: &str, key: bool| ColumnView {
            name: name.to_owned(),
            sql_type: "VARCHAR".to_owned(),
            key,
        };
        let cells = |words: [&str; 4]| words.map(|it| Cell::Text(it.to_owned())).to_vec();
        let entry = |offset: u64, words: [&str; 4]| TapeEntry {
            record: record(offset),
            partition: 0,
            timestamp_ms: 0,
            cells: cells(words),
            tombstone: false,
            current: offset > 0,
        };
        let rows = vec![TableRow {
            cells: cells(["7", "Rica", "gold", "x"]),
            timestamp_ms: 0,
            set_by: Some(record(2)),
            cause: None,
        }];
        DualityView {
            table: TableView {
                name: "CUSTOMERS".to_owned(),
                topic: None,
                columns: vec![
                    column("ID", true),
                    column("NAME", false),
                    column("STATUS", false),
                    column("WINDOWEND", true),
                ],
                rows,
                row_count: 1,
            },
            tape: vec![
                entry(0, ["7", "Rica", "silver", "x"]),
                entry(1, ["8", "Oren", "silver", "x"]),
                entry(2, ["7", "Rica", "gold", "x"]),
            ],
        }
    }

    #[test]
    fn only_what_differs_from_the_same_key_is_changed() {
        let duality = sample();
        let columns = &duality.table.columns;
        assert_eq!(changed(columns, &duality.tape, 1), [false; 4]);
        assert_eq!(
            changed(columns, &duality.tape, 2),
            [false, false, true, false]
        );
        let old = replaced(&duality, Some(record(2)));
        assert_eq!(old[2], Some(&Cell::Text("silver".into())));
        assert_eq!(old[1], None);
        assert_eq!(replaced(&duality, Some(record(1))), vec![None; 4]);
    }

    #[test]
    fn where_room_is_short_the_column_that_changes_stays() {
        let duality = sample();
        assert_eq!(shown(&duality, 2_000.0).columns, [0, 1, 2]);
        assert!(!shown(&duality, 2_000.0).tight);
        assert_eq!(shown(&duality, 230.0).columns, [0, 2]);
        assert_eq!(shown(&duality, 10.0).columns, [0, 2]);
    }
}
