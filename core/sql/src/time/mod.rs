//! Dates, times and timestamps: their ISO spelling, partial ISO reading, and zones.
//!
//! Days, milliseconds of the day and epoch milliseconds are plain integers everywhere else; only
//! here, in [`pattern`] and in `zone` they meet a calendar, jiff's.

pub mod pattern;
mod zone;

pub use zone::{TimeZone, date_of, days_of};

use jiff_core::Timestamp;
use jiff_core::civil::{Date, DateTime, Time};
use std::fmt::{self, Write};
use zone::at_time;

/// Milliseconds of one day.
pub const DAY_MILLIS: i64 = 86_400_000;

/// The clock's time of a millisecond of the day.
pub fn time_of(millis: i64) -> Time {
    let millis = millis.rem_euclid(DAY_MILLIS);
    let part = |unit: i64, modulus: i64| (millis / unit % modulus) as i8;
    let nanos = (millis % 1000) as i32 * 1_000_000;
    Time::new(part(3_600_000, 24), part(60_000, 60), part(1000, 60), nanos).unwrap_or(Time::MIN)
}

/// The millisecond of the day of a clock's time.
pub fn millis_of_day(time: Time) -> i32 {
    let seconds =
        i32::from(time.hour()) * 3600 + i32::from(time.minute()) * 60 + i32::from(time.second());
    seconds * 1000 + time.subsec_nanosecond() / 1_000_000
}

/// Date and time in UTC of an epoch millisecond; `None` outside the years -9999 to 9999.
pub fn date_time_of(millis: i64) -> Option<DateTime> {
    let date = date_of(millis.div_euclid(DAY_MILLIS))?;
    Some(at_time(date, time_of(millis)))
}

/// The epoch millisecond of a date and time in UTC.
pub fn millis_of(at: DateTime) -> i64 {
    i64::from(days_of(at.date())) * DAY_MILLIS + i64::from(millis_of_day(at.time()))
}

/// Date and time of an epoch millisecond as clocks in `zone` show it.
pub fn in_zone(millis: i64, zone: &TimeZone) -> Option<DateTime> {
    Timestamp::from_millisecond(millis).ok()?;
    let offset = zone.offset_at(millis.div_euclid(1000));
    date_time_of(millis + i64::from(offset) * 1000)
}

/// The epoch millisecond at which clocks in `zone` show `at`; in a gap the later reading, in a
/// fold the earlier one, as Java has it.
pub fn millis_in_zone(at: DateTime, zone: &TimeZone) -> Option<i64> {
    let shown = millis_of(at);
    let second = zone.second_of(shown.div_euclid(1000));
    let millis = second * 1000 + shown.rem_euclid(1000);
    Timestamp::from_millisecond(millis).ok().map(|_| millis)
}

/// A zone by the name that Java's `ZoneId.of` takes: a region, `Z`, `UTC`, `GMT`, an offset such
/// as `+01:00`, or one of the first with an offset.
///
/// ```
/// use headwater_sql::time::zone_of;
/// assert!(zone_of("Europe/Berlin").is_some());
/// assert!(zone_of("GMT+2").is_some());
/// assert!(zone_of("Nowhere").is_none());
/// ```
pub fn zone_of(name: &str) -> Option<TimeZone> {
    if matches!(name, "Z" | "UTC" | "GMT" | "UT") {
        return Some(TimeZone::UTC);
    }
    let prefixes = ["UTC", "GMT", "UT"];
    let offset = prefixes.iter().find_map(|prefix| name.strip_prefix(prefix));
    match offset_of(offset.unwrap_or(name)) {
        Some(seconds) => Some(TimeZone::fixed(seconds)),
        None => TimeZone::region(name),
    }
}

/// A zone with the name that Java's `ZoneId.getId` gives it, for texts that show it.
#[derive(Clone, Debug)]
pub struct Zone {
    /// How its clocks go.
    pub rules: TimeZone,
    /// Such as `Europe/Berlin`, `GMT`, `+02:00` or `UTC+02:00`.
    pub id: String,
}

impl Zone {
    /// GMT, the default of functions that write dates.
    pub fn gmt() -> Zone {
        Zone {
            rules: TimeZone::UTC,
            id: "GMT".to_owned(),
        }
    }

    /// A zone by a name that [`zone_of`] takes.
    pub fn named(name: &str) -> Option<Zone> {
        let rules = zone_of(name)?;
        let at = name.find(['+', '-']).unwrap_or(name.len());
        let (prefix, offset) = name.split_at(at);
        let id = match offset_of(offset) {
            Some(0) if prefix.is_empty() => "Z".to_owned(),
            Some(0) => prefix.to_owned(),
            Some(seconds) => {
                let sign = if seconds < 0 { '-' } else { '+' };
                let minutes = seconds.abs() / 60;
                format!("{prefix}{sign}{:02}:{:02}", minutes / 60, minutes % 60)
            }
            None => name.to_owned(),
        };
        Some(Zone { rules, id })
    }
}

/// The seconds of `+h`, `+hh`, `+hh:mm`, `+hhmm`, `+hh:mm:ss`, `+hhmmss`.
pub fn offset_of(text: &str) -> Option<i32> {
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let digits: String = rest.chars().filter(|c| *c != ':').collect();
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part = |at: usize| {
        digits
            .get(at..at + 2)
            .map_or(Some(0), |two| two.parse::<i32>().ok())
    };
    let (hours, minutes, seconds) = match digits.len() {
        1 => (digits.parse().ok()?, 0, 0),
        2 | 4 | 6 => (part(0)?, part(2)?, part(4)?),
        _ => return None,
    };
    (hours <= 18 && minutes < 60 && seconds < 60)
        .then_some(sign * (hours * 3600 + minutes * 60 + seconds))
}

/// Appends a date as `2020-01-31`.
pub fn write_date(out: &mut impl Write, days: i32) -> fmt::Result {
    match date_of(i64::from(days)) {
        Some(date) => write_civil(out, date),
        None => write!(out, "{days}"),
    }
}

fn write_civil(out: &mut impl Write, date: Date) -> fmt::Result {
    let (year, sign) = (
        date.year().unsigned_abs(),
        if date.year() < 0 { "-" } else { "" },
    );
    let width = if date.year() < 0 { 6 } else { 4 };
    let (month, day) = (date.month(), date.day());
    write!(out, "{sign}{year:0width$}-{month:02}-{day:02}")
}

/// Appends a time as Java's `LocalTime.toString`: `10:00`, `10:00:05`, `10:00:05.250`.
pub fn write_time(out: &mut impl Write, millis: i32) -> fmt::Result {
    let time = time_of(i64::from(millis));
    write!(out, "{:02}:{:02}", time.hour(), time.minute())?;
    if time.second() != 0 || time.subsec_nanosecond() != 0 {
        write!(out, ":{:02}", time.second())?;
    }
    match time.subsec_nanosecond() / 1_000_000 {
        0 => Ok(()),
        millis => write!(out, ".{millis:03}"),
    }
}

/// Appends a timestamp as `2020-01-31T10:00:05.250`.
pub fn write_timestamp(out: &mut impl Write, millis: i64) -> fmt::Result {
    let Some(at) = date_time_of(millis) else {
        return write!(out, "{millis}");
    };
    let (date, time) = (at.date(), at.time());
    let (hour, minute, second) = (time.hour(), time.minute(), time.second());
    let millis = time.subsec_nanosecond() / 1_000_000;
    write_civil(out, date)?;
    write!(out, "T{hour:02}:{minute:02}:{second:02}.{millis:03}")
}

/// Reads an ISO date, perhaps without day or month: `2020-01-31`, `2020-01`, `2020`; a time
/// behind it is read and left out.
pub fn parse_date(text: &str) -> Option<i32> {
    parse_timestamp(text).map(|millis| millis.div_euclid(DAY_MILLIS) as i32)
}

/// Reads an ISO time: `10`, `10:00`, `10:00:05`, `10:00:05.250`.
pub fn parse_time(text: &str) -> Option<i32> {
    let mut parts = text.splitn(3, ':');
    let hour = two_digits(parts.next()?, 23)?;
    let minute = parts.next().map_or(Some(0), |part| two_digits(part, 59))?;
    let (second, fraction) = match parts.next() {
        None => (0, 0),
        Some(part) => {
            let (second, fraction) = part.split_once('.').unwrap_or((part, "0"));
            (two_digits(second, 59)?, millis_of_fraction(fraction)?)
        }
    };
    Some(((hour * 60 + minute) * 60 + second) * 1000 + fraction)
}

fn two_digits(text: &str, max: i32) -> Option<i32> {
    let plain = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    plain
        .then(|| text.parse().ok())
        .flatten()
        .filter(|x| *x <= max)
}

fn millis_of_fraction(text: &str) -> Option<i32> {
    if text.is_empty() || text.len() > 9 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    format!("{text:0<3}").get(..3)?.parse().ok()
}

/// Reads an ISO date-time, perhaps cut short anywhere (`2020`, `2020-01-01T10`), with or without
/// a zone (`Z`, `+01:00`, a region's name); the default is UTC.
///
/// ```
/// use headwater_sql::time::parse_timestamp;
/// assert_eq!(parse_timestamp("1970-01-01T00:00:01.5"), Some(1500));
/// assert_eq!(parse_timestamp("1970-01-01T02:00+01:00"), Some(3_600_000));
/// assert_eq!(parse_timestamp("1970-01-01T24"), Some(86_400_000));
/// assert_eq!(parse_timestamp("yesterday"), None);
/// ```
pub fn parse_timestamp(text: &str) -> Option<i64> {
    let text = text.trim();
    let (date, rest) = match text.find(['T', ' ']) {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text, ""),
    };
    let zone_at = rest.find(|c: char| c == '+' || c == '-' || c.is_ascii_alphabetic());
    let (time, zone) = rest.split_at(zone_at.unwrap_or(rest.len()));
    let mut parts = date.splitn(3, '-');
    let year = parts.next().filter(|year| year.len() == 4)?.parse().ok()?;
    let month = parts.next().map_or(Some(1), |part| two_digits(part, 12))?;
    let day = parts.next().map_or(Some(1), |part| two_digits(part, 31))?;
    let date = Date::new(year, month as i8, day as i8).ok()?;
    let (date, millis) = match time {
        "" => (date, 0),
        // The end of a day is the beginning of the next.
        "24" | "24:00" | "24:00:00" => (date.tomorrow().ok()?, 0),
        _ => (date, parse_time(time)?),
    };
    let at = at_time(date, time_of(i64::from(millis)));
    if zone.is_empty() {
        return Some(millis_of(at));
    }
    millis_in_zone(at, &zone_of(zone)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn timestamps_read_back(millis in -60_000_000_000_000i64..250_000_000_000_000) {
            let mut text = String::new();
            write_timestamp(&mut text, millis).unwrap();
            prop_assert_eq!(parse_timestamp(&text), Some(millis));
        }

        #[test]
        fn times_read_back(millis in 0i32..86_400_000) {
            let mut text = String::new();
            write_time(&mut text, millis).unwrap();
            prop_assert_eq!(parse_time(&text), Some(millis));
        }

        #[test]
        fn days_come_back(days in -3_000_000i64..2_900_000) {
            prop_assert_eq!(i64::from(days_of(date_of(days).unwrap())), days);
        }
    }
}
