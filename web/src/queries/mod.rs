//! Reading: what panels show, derived from the lab's pieces. Pure functions, no document.

pub mod cluster;
pub mod duality;
pub mod results;
pub mod script;
pub mod time;
pub mod tree;

use headwater_base::{PartitionId, RecordId};
use headwater_view::{Cell, ColumnView, TopicView};

/// Where a record lies, in words: `ratings/1@17`; its ids if its topic is gone.
pub fn record_text(topics: &[TopicView], record: RecordId) -> String {
    match lane_name(topics, record.partition) {
        Some(lane) => format!("{lane}@{}", record.offset),
        None => format!("partition {}@{}", record.partition, record.offset),
    }
}

/// A partition in words: `ratings/1`.
pub fn lane_name(topics: &[TopicView], partition: PartitionId) -> Option<String> {
    for topic in topics {
        let mut lanes = topic.partitions.iter();
        if let Some(lane) = lanes.find(|it| it.id == partition) {
            return Some(format!("{}/{}", topic.name, lane.partition));
        }
    }
    None
}

/// A value as a ledger shows it: the bounds of windows as times of day, everything else as it is.
///
/// ```
/// use headwater_view::{Cell, ColumnView};
/// let column = ColumnView {
///     name: "WINDOWSTART".into(),
///     sql_type: "BIGINT".into(),
///     key: true,
/// };
/// let cell = Cell::Number("1704067260000".into());
/// assert_eq!(headwater_web::queries::ledger_text(&column, &cell), "00:01:00");
/// ```
pub fn ledger_text(column: &ColumnView, cell: &Cell) -> String {
    let is_bound = matches!(column.name.as_str(), "WINDOWSTART" | "WINDOWEND");
    match cell {
        Cell::Number(number) if is_bound => match number.parse() {
            Ok(time_ms) => time::of_day(time_ms).trim_end_matches(".000").to_owned(),
            Err(_) => number.clone(),
        },
        _ => cell.to_string(),
    }
}

/// A count and what is counted: `1 row`, `12 rows`.
///
/// ```
/// assert_eq!(headwater_web::queries::counted(1, "row"), "1 row");
/// assert_eq!(headwater_web::queries::counted(0, "row"), "0 rows");
/// ```
pub fn counted(count: u64, what: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{} {what}{ending}", count_text(count))
}

/// A count with thin gaps between thousands: `12 345`.
///
/// ```
/// assert_eq!(headwater_web::queries::count_text(12345), "12\u{202f}345");
/// ```
pub fn count_text(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::with_capacity(digits.len() + 4);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

/// `text` cut to `length_max` characters with an ellipsis.
pub fn shortened(text: &str, length_max: usize) -> String {
    let one_line: Vec<&str> = text.split_whitespace().collect();
    let one_line = one_line.join(" ");
    if one_line.chars().count() <= length_max {
        return one_line;
    }
    let cut: String = one_line
        .chars()
        .take(length_max.saturating_sub(1))
        .collect();
    format!("{}…", cut.trim_end())
}
