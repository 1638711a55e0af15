//! Reading: the rows of push queries, as changes and as a table, and why there are none yet.

use headwater_base::SortedMap;
use headwater_view::{QueryView, ResultRow, ResultView};

/// One row a key, with the cells that its last change touched.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptRow<'a> {
    /// The newest row of the key.
    pub row: &'a ResultRow,
    /// A flag a column: whether the newest row differs from the one before.
    pub changed: Vec<bool>,
}

/// The rows as a table: for each key its newest row, in key order, without deleted ones.
pub fn table<'a>(rows: impl IntoIterator<Item = &'a ResultRow>) -> Vec<KeptRow<'a>> {
    let mut kept: SortedMap<&str, KeptRow<'a>> = SortedMap::new();
    for row in rows {
        if row.tombstone {
            kept.remove(row.key.as_str());
            continue;
        }
        let before = kept.get(row.key.as_str()).map(|kept| kept.row);
        let cells = row.cells.iter().enumerate();
        let changed =
            cells.map(|(at, cell)| before.is_some_and(|it| it.cells.get(at) != Some(cell)));
        let changed = changed.collect();
        kept.insert(&row.key, KeptRow { row, changed });
    }
    kept.into_values().collect()
}

/// Why a push query shows no rows: `0 rows · 41 read, 41 rejected by WHERE stars < 1`.
pub fn emptiness(result: &ResultView, query: Option<&QueryView>) -> String {
    if result.read == 0 {
        return "0 rows yet · nothing read so far, it reads as time moves".to_owned();
    }
    let mut text = format!("0 rows yet · {} read", result.read);
    let stations = query
        .map(|query| query.stations.as_slice())
        .unwrap_or_default();
    for station in stations {
        let rejected: u64 = station.rejected.iter().map(|(_, count)| *count).sum();
        if rejected > 0 {
            text.push_str(&format!(", {rejected} rejected by {}", station.sql.trim()));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use headwater_view::Cell;

    fn row(number: u64, key: &str, value: &str, tombstone: bool) -> ResultRow {
        ResultRow {
            number,
            cells: vec![Cell::Text(key.into()), Cell::Number(value.into())],
            key: key.to_owned(),
            tombstone,
            timestamp_ms: 0,
            cause: None,
        }
    }

    #[test]
    fn a_table_keeps_the_newest_row_of_a_key_and_marks_what_changed() {
        let rows = [
            row(0, "b", "1", false),
            row(1, "a", "1", false),
            row(2, "b", "2", false),
            row(3, "a", "1", true),
        ];
        let table = table(&rows);
        assert_eq!(table.len(), 1);
        assert_eq!(table[0].row.number, 2);
        assert_eq!(table[0].changed, [false, true]);
    }
}
