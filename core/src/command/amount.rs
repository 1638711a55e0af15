//! Lengths of time, ranges of them, and rates, as people write them: `750ms`, `0ms..750ms`,
//! `2.7/s`.
//!
//! All are kept as whole numbers (milliseconds, thousandths of a record a second), so that a pace
//! has no rounding of its own.

use headwater_base::Millis;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Longest length of time that can be written: ten thousand days.
pub const DURATION_MILLIS_MAX: i64 = 10_000 * 24 * 3_600_000;
/// Fastest rate that can be written, in thousandths of a record a second.
pub const RATE_MILLI_MAX: u64 = 1_000_000_000;

const UNITS: [(&str, i64); 5] = [
    ("ms", 1),
    ("s", 1_000),
    ("m", 60_000),
    ("h", 3_600_000),
    ("d", 86_400_000),
];

/// A range of lengths of time, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DurationRange {
    /// The shortest.
    pub low: Millis,
    /// The longest.
    pub high: Millis,
}

impl DurationRange {
    /// Reads `0ms..750ms`, or `750ms` for a range of one length.
    ///
    /// ```
    /// use headwater_core::command::DurationRange;
    /// let range = DurationRange::parse("0ms..750ms").unwrap();
    /// assert_eq!(range.high.0, 750);
    /// assert_eq!(DurationRange::parse("2s..1s"), None);
    /// ```
    pub fn parse(text: &str) -> Option<DurationRange> {
        let (low, high) = text.split_once("..").unwrap_or((text, text));
        let (low, high) = (parse_duration(low)?, parse_duration(high)?);
        (low <= high).then_some(DurationRange { low, high })
    }
}

impl fmt::Display for DurationRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.low == self.high {
            return f.write_str(&duration_text(self.low));
        }
        write!(
            f,
            "{}..{}",
            duration_text(self.low),
            duration_text(self.high)
        )
    }
}

/// So many events a second, in thousandths: `2.7/s` is 2700.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Rate {
    /// Thousandths of an event a second; at least 1.
    pub milli_per_second: u64,
}

impl Rate {
    /// Reads `2.7/s` or `90/m`; at most three decimals, never zero.
    ///
    /// ```
    /// use headwater_core::command::Rate;
    /// assert_eq!(Rate::parse("2.7/s").unwrap().milli_per_second, 2700);
    /// assert_eq!(Rate::parse("90/m"), Rate::parse("1.5/s"));
    /// assert_eq!(Rate::parse("0/s"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Rate> {
        let (number, unit) = text.split_once('/')?;
        let seconds = match unit {
            "s" => 1,
            "m" => 60,
            "h" => 3600,
            _ => return None,
        };
        let milli = parse_thousandths(number)?;
        if milli % seconds != 0 {
            return None;
        }
        let milli_per_second = milli / seconds;
        let possible = (1..=RATE_MILLI_MAX).contains(&milli_per_second);
        possible.then_some(Rate { milli_per_second })
    }

    /// When event `number` (from 1) is due after the start. Rounding never adds up.
    ///
    /// ```
    /// use headwater_core::command::Rate;
    /// let rate = Rate::parse("3/s").unwrap();
    /// let due: Vec<i64> = (1..=3).map(|number| rate.due(number).0).collect();
    /// assert_eq!(due, [333, 666, 1000]);
    /// ```
    pub fn due(self, number: u64) -> headwater_base::Millis {
        let millis = u128::from(number) * 1_000_000 / u128::from(self.milli_per_second.max(1));
        Millis(i64::try_from(millis).unwrap_or(i64::MAX))
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.milli_per_second / 1000, self.milli_per_second % 1000);
        if part == 0 {
            return write!(f, "{whole}/s");
        }
        let decimals = format!("{part:03}");
        write!(f, "{whole}.{}/s", decimals.trim_end_matches('0'))
    }
}

/// Reads `10s`, `750ms`, `1m`, `2h`, `1d`, and sums such as `1m30s`, of at most
/// [`DURATION_MILLIS_MAX`].
///
/// ```
/// use headwater_core::command::amount::parse_duration;
/// assert_eq!(parse_duration("1m30s").unwrap().0, 90_000);
/// assert_eq!(parse_duration("10"), None);
/// ```
pub fn parse_duration(text: &str) -> Option<Millis> {
    let mut rest = text;
    let mut total: i64 = 0;
    let mut last_unit = i64::MAX;
    while !rest.is_empty() || total == 0 && last_unit == i64::MAX {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let letters = rest[digits..]
            .bytes()
            .take_while(u8::is_ascii_alphabetic)
            .count();
        let number: i64 = rest[..digits].parse().ok()?;
        let unit = &rest[digits..digits + letters];
        let millis = UNITS.iter().find(|(name, _)| *name == unit)?.1;
        if millis >= last_unit {
            return None;
        }
        last_unit = millis;
        total = total.checked_add(number.checked_mul(millis)?)?;
        rest = &rest[digits + letters..];
    }
    (total <= DURATION_MILLIS_MAX).then_some(Millis(total))
}

/// Reads a share, in thousandths: `2.5%` is 25.
pub(super) fn parse_percent(text: &str) -> Option<u32> {
    let number = text.strip_suffix('%')?;
    let (whole, tenths) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |text: &str| text.bytes().all(|it| it.is_ascii_digit()) && !text.is_empty();
    if !digits(whole) || !digits(tenths) || tenths.len() != 1 || whole.len() > 3 {
        return None;
    }
    let per_mille = whole.parse::<u32>().ok()? * 10 + tenths.parse::<u32>().ok()?;
    (per_mille <= 1000).then_some(per_mille)
}

/// A length of time in the largest unit that leaves no rest.
///
/// ```
/// use headwater_base::Millis;
/// use headwater_core::command::amount::duration_text;
/// assert_eq!(duration_text(Millis(60_000)), "1m");
/// assert_eq!(duration_text(Millis(1_500)), "1500ms");
/// ```
pub fn duration_text(length: Millis) -> String {
    let fits = |(_, millis): &&(&str, i64)| length.0 != 0 && length.0 % millis == 0;
    let (unit, millis) = UNITS.iter().rev().find(fits).unwrap_or(&UNITS[0]);
    format!("{}{unit}", length.0 / millis)
}

/// Reads a moment in UTC, in milliseconds since 1970: `2024-01-01T00:00:30Z`, also with
/// milliseconds.
///
/// ```
/// use headwater_core::command::amount::{parse_time, time_text};
/// assert_eq!(parse_time("2024-01-01T00:00:30.250Z"), Some(1_704_067_230_250));
/// assert_eq!(time_text(1_704_067_230_250), "2024-01-01T00:00:30.250Z");
/// assert_eq!(parse_time("2023-02-29T00:00:00Z"), None);
/// ```
pub fn parse_time(text: &str) -> Option<i64> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let (time, part) = time.split_once('.').unwrap_or((time, "000"));
    let number = |text: &str, digits: usize| {
        let is_number = text.len() == digits && text.bytes().all(|it| it.is_ascii_digit());
        is_number.then(|| text.parse::<i64>().ok()).flatten()
    };
    let mut dates = date.splitn(3, '-');
    let (year, month) = (number(dates.next()?, 4)?, number(dates.next()?, 2)?);
    let day = number(dates.next()?, 2)?;
    let mut times = time.splitn(3, ':');
    let (hour, minute) = (number(times.next()?, 2)?, number(times.next()?, 2)?);
    let (second, milli) = (number(times.next()?, 2)?, number(part, 3)?);
    let days = days_from_civil(year, month, day);
    let millis = ((days * 24 + hour) * 60 + minute) * 60_000 + second * 1000 + milli;
    let is_date = (1970..=9999).contains(&year) && (1..=12).contains(&month);
    let is_time = hour < 24 && minute < 60 && second < 60;
    // A date that there is prints as it was read.
    let exists = is_date && is_time && time_text(millis).starts_with(date);
    exists.then_some(millis)
}

/// A moment in UTC, from milliseconds since 1970.
pub fn time_text(epoch_millis: i64) -> String {
    let (days, of_day) = (
        epoch_millis.div_euclid(86_400_000),
        epoch_millis.rem_euclid(86_400_000),
    );
    let (year, month, day) = civil_from_days(days);
    let (seconds, millis) = (of_day / 1000, of_day % 1000);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let part = match millis {
        0 => String::new(),
        _ => format!(".{millis:03}"),
    };
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{part}Z")
}

/// Days since 1970-01-01 of a date (Howard Hinnant, "chrono-Compatible Low-Level Date
/// Algorithms").
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    (era * 400 + year + i64::from(month <= 2), month, day)
}

fn parse_thousandths(text: &str) -> Option<u64> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let well_formed = !whole.is_empty()
        && all_digits(whole)
        && all_digits(decimals)
        && decimals.len() <= 3
        && (text.contains('.') != decimals.is_empty());
    if !well_formed {
        return None;
    }
    let whole: u64 = whole.parse().ok()?;
    let part: u64 = format!("{decimals:0<3}").parse().ok()?;
    whole.checked_mul(1000)?.checked_add(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn malformed_amounts_are_refused() {
        for text in [
            "",
            "s",
            "10",
            "1s1m",
            "1s1s",
            "-1s",
            "1.5s",
            "99999999999d",
            "1µs",
        ] {
            assert_eq!(parse_duration(text), None, "{text}");
        }
        for text in [
            "", "2", "2/x", ".5/s", "1./s", "1.2345/s", "-1/s", "1/m", "2e3/s",
        ] {
            assert_eq!(Rate::parse(text), None, "{text}");
        }
    }

    #[test]
    fn amounts_print_as_they_are_read() {
        for text in ["0ms", "750ms", "10s", "1m", "36h", "1d"] {
            assert_eq!(duration_text(parse_duration(text).unwrap()), text);
        }
        for text in ["2.7/s", "0.025/s", "100/s"] {
            assert_eq!(Rate::parse(text).unwrap().to_string(), text);
        }
        for text in ["0ms..750ms", "10s"] {
            assert_eq!(DurationRange::parse(text).unwrap().to_string(), text);
        }
    }
}
