//! Reading: what panels show, derived from the lab's pieces. Pure functions, no document.

pub mod results;
pub mod time;

use headwater_base::RecordId;
use headwater_view::{Cell, TopicView};

/// Where a record lies, in words: `ratings/1@17`; its ids if its topic is gone.
pub fn record_text(topics: &[TopicView], record: RecordId) -> String {
    let lanes = topics.iter().flat_map(|topic| topic.partitions.iter().map(move |it| (topic, it)));
    match lanes.into_iter().find(|(_, lane)| lane.id == record.partition) {
        Some((topic, lane)) => format!("{}/{}@{}", topic.name, lane.partition, record.offset),
        None => format!("partition {}@{}", record.partition, record.offset),
    }
}

/// A value as a table shows it.
pub fn cell_text(cell: &Cell) -> String {
    cell.to_string()
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
    let cut: String = one_line.chars().take(length_max.saturating_sub(1)).collect();
    format!("{}…", cut.trim_end())
}
