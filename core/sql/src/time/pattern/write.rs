//! Writing of dates and times by a pattern.

use super::{MONTHS, Part, Pattern, PatternError, WEEKDAYS, week};
use crate::time::{Zone, in_zone};
use jiff_core::civil::DateTime;
use std::fmt::Write;

impl Pattern {
    /// An epoch millisecond as clocks in `zone` show it.
    pub fn format(&self, millis: i64, zone: &Zone) -> Result<String, PatternError> {
        let beyond = || PatternError(format!("{millis} is beyond the years that can be written"));
        let at = in_zone(millis, &zone.rules).ok_or_else(beyond)?;
        let second = millis.div_euclid(1000);
        let moment = Moment {
            at,
            offset: zone.rules.offset_at(second),
            name: match zone.rules.region_name() {
                Some(region) if region != "UTC" => zone.rules.abbreviation_at(second).to_string(),
                _ => zone.id.clone(),
            },
            zone: zone.id.clone(),
        };
        let mut out = String::new();
        // Writing to a String cannot fail.
        let _ = write_parts(&self.parts, &moment, &mut out);
        Ok(out)
    }
}

struct Moment {
    at: DateTime,
    offset: i32,
    name: String,
    zone: String,
}

fn write_parts(parts: &[Part], moment: &Moment, out: &mut String) -> std::fmt::Result {
    for part in parts {
        match part {
            Part::Literal(text) => out.push_str(text),
            Part::Optional(parts) => write_parts(parts, moment, out)?,
            Part::Field(letter, count) => write_field(*letter, *count, moment, out)?,
        }
    }
    Ok(())
}

fn write_field(letter: char, width: usize, moment: &Moment, out: &mut String) -> std::fmt::Result {
    let (date, time) = (moment.at.date(), moment.at.time());
    let (hour, month) = (i64::from(time.hour()), i64::from(date.month()));
    let nanos = i64::from(time.subsec_nanosecond());
    let second_of_day = hour * 3600 + i64::from(time.minute()) * 60 + i64::from(time.second());
    let number = match letter {
        'y' | 'u' if width == 2 => i64::from(date.year()).rem_euclid(100),
        'y' if date.year() < 1 => 1 - i64::from(date.year()),
        'y' | 'u' => i64::from(date.year()),
        'M' | 'L' if width < 3 => month,
        'Q' | 'q' if width < 3 => (month - 1) / 3 + 1,
        'F' => (i64::from(date.day()) - 1) / 7 + 1,
        'w' => i64::from(week::of_year(date).1),
        'W' => i64::from(week::of_month(date)),
        'Y' if width == 2 => i64::from(week::of_year(date).0).rem_euclid(100),
        'Y' => i64::from(week::of_year(date).0),
        'e' | 'c' if width < 3 => i64::from(date.weekday().to_monday_one_offset()),
        'd' => i64::from(date.day()),
        'D' => i64::from(date.day_of_year()),
        'H' => hour,
        'k' => (hour + 23) % 24 + 1,
        'K' => hour % 12,
        'h' => (hour + 11) % 12 + 1,
        'm' => i64::from(time.minute()),
        's' => i64::from(time.second()),
        'n' => nanos,
        'N' => second_of_day * 1_000_000_000 + nanos,
        'A' => second_of_day * 1000 + nanos / 1_000_000,
        'S' => {
            let digits = format!("{nanos:09}");
            return out.write_str(digits.get(..width.min(9)).unwrap_or(&digits));
        }
        _ => return write_word(letter, width, moment, out),
    };
    write!(out, "{number:0width$}")
}

fn write_word(letter: char, width: usize, moment: &Moment, out: &mut String) -> std::fmt::Result {
    let date = moment.at.date();
    let named = |name: &str| match width {
        4 => name.to_owned(),
        5 => name[..1].to_owned(),
        _ => name[..3].to_owned(),
    };
    let text = match letter {
        'M' | 'L' => named(MONTHS[(date.month() - 1).rem_euclid(12) as usize]),
        'Q' | 'q' => quarter(width, (date.month() - 1) / 3 + 1),
        'E' | 'e' | 'c' => {
            let day = date.weekday().to_monday_zero_offset();
            named(WEEKDAYS[day.rem_euclid(7) as usize])
        }
        'a' => if moment.at.time().hour() < 12 {
            "AM"
        } else {
            "PM"
        }
        .to_owned(),
        'G' => era(width, date.year() > 0).to_owned(),
        'V' => moment.zone.clone(),
        'z' => moment.name.clone(),
        _ => offset(letter, width, moment.offset),
    };
    out.write_str(&text)
}

fn quarter(width: usize, number: i8) -> String {
    let place = ["1st", "2nd", "3rd", "4th"][(number - 1).rem_euclid(4) as usize];
    match width {
        3 => format!("Q{number}"),
        4 => format!("{place} quarter"),
        _ => number.to_string(),
    }
}

fn era(width: usize, after: bool) -> &'static str {
    match (width, after) {
        (4, true) => "Anno Domini",
        (4, false) => "Before Christ",
        (5, true) => "A",
        (5, false) => "B",
        (_, true) => "AD",
        (_, false) => "BC",
    }
}

/// `Z`, `X`, `x` and `O`.
fn offset(letter: char, width: usize, seconds: i32) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let (hours, minutes) = (seconds.abs() / 3600, seconds.abs() / 60 % 60);
    let zero = seconds == 0;
    match (letter, width) {
        ('X', _) | ('Z', 5) if zero => "Z".to_owned(),
        ('O', _) | ('Z', 4) if zero => "GMT".to_owned(),
        ('O', 1) if minutes == 0 => format!("GMT{sign}{hours}"),
        ('O', _) | ('Z', 4) => format!("GMT{sign}{hours:02}:{minutes:02}"),
        ('X' | 'x', 1) if minutes == 0 => format!("{sign}{hours:02}"),
        ('X' | 'x', 3 | 5) | ('Z', 5) => format!("{sign}{hours:02}:{minutes:02}"),
        _ => format!("{sign}{hours:02}{minutes:02}"),
    }
}
