//! Reading of dates and times by a pattern. What is missing is 1970-01-01 at midnight.

use super::{MONTHS, Part, Pattern, PatternError, WEEKDAYS};
use crate::time::{TimeZone, days_of, millis_in_zone, offset_of, time_of, zone_of};
use jiff_core::civil::{Date, DateTime};

/// What a text says, field by field.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    year: Option<i64>,
    month: Option<i64>,
    day: Option<i64>,
    day_of_year: Option<i64>,
    weekday: Option<i64>,
    hour: Option<i64>,
    half_day_hour: Option<i64>,
    afternoon: Option<bool>,
    minute: Option<i64>,
    second: Option<i64>,
    nanos: Option<i64>,
    milli_of_day: Option<i64>,
    zone: Option<TimeZone>,
}

impl Fields {
    /// Whether any part of a time of day has been read.
    pub fn has_time(&self) -> bool {
        self.hour
            .or(self.half_day_hour)
            .or(self.minute)
            .or(self.second)
            .or(self.nanos)
            .or(self.milli_of_day)
            .is_some()
    }

    /// The date. A day of the week that is not the date's is an error.
    pub fn date(&self) -> Result<Date, PatternError> {
        let date = self.calendar_date()?;
        let whole = self.year.is_some() && (self.day.is_some() || self.day_of_year.is_some());
        let own = i64::from(date.weekday().to_monday_zero_offset());
        match self.weekday {
            Some(weekday) if whole && weekday != own => Err(PatternError(
                "the day of the week is not that of the date".to_owned(),
            )),
            _ => Ok(date),
        }
    }

    fn calendar_date(&self) -> Result<Date, PatternError> {
        let wrong = || PatternError("the fields are no date".to_owned());
        let year = i16::try_from(self.year.unwrap_or(1970)).map_err(|_| wrong())?;
        if let Some(day) = self.day_of_year {
            let first = Date::new(year, 1, 1).map_err(|_| wrong())?;
            let ahead = i32::try_from(day - 1).map_err(|_| wrong())?;
            let date = first.checked_add(ahead).map_err(|_| wrong())?;
            return if date.year() == year {
                Ok(date)
            } else {
                Err(wrong())
            };
        }
        let (month, day) = (self.month.unwrap_or(1), self.day.unwrap_or(1));
        let first = Date::new(year, month as i8, 1).map_err(|_| wrong())?;
        // A day that the month does not have is its last one, as Java's smart resolver has it.
        let day = (day as i8).min(first.days_in_month());
        Date::new(year, month as i8, day).map_err(|_| wrong())
    }

    /// The day since 1970.
    pub fn days(&self) -> Result<i32, PatternError> {
        self.date().map(days_of)
    }

    /// The millisecond of the day.
    pub fn millis_of_day(&self) -> i32 {
        if let Some(millis) = self.milli_of_day {
            return millis as i32;
        }
        let afternoon = if self.afternoon == Some(true) { 12 } else { 0 };
        let hour = self
            .hour
            .or(self.half_day_hour.map(|hour| hour % 12 + afternoon));
        let seconds =
            hour.unwrap_or(0) * 3600 + self.minute.unwrap_or(0) * 60 + self.second.unwrap_or(0);
        (seconds * 1000 + self.nanos.unwrap_or(0) / 1_000_000) as i32
    }

    /// The epoch millisecond; in `zone` where the text says none.
    pub fn millis(&self, zone: &TimeZone) -> Result<i64, PatternError> {
        let time = time_of(i64::from(self.millis_of_day()));
        let at = DateTime::from_parts(self.date()?, time);
        let zone = self.zone.as_ref().unwrap_or(zone);
        millis_in_zone(at, zone).ok_or_else(|| PatternError("the time is out of range".to_owned()))
    }
}

impl Pattern {
    /// Reads a whole text.
    pub fn parse(&self, text: &str) -> Result<Fields, PatternError> {
        let mut fields = Fields::default();
        let rest = read_parts(&self.parts, text, &mut fields)
            .ok_or_else(|| PatternError(format!("Text '{text}' could not be parsed")))?;
        if rest.is_empty() {
            return Ok(fields);
        }
        let at = text.len() - rest.len();
        Err(PatternError(format!(
            "Text '{text}' could not be parsed, unparsed text at {at}"
        )))
    }
}

fn read_parts<'t>(parts: &[Part], text: &'t str, fields: &mut Fields) -> Option<&'t str> {
    let mut rest = text;
    for (at, part) in parts.iter().enumerate() {
        rest = match part {
            Part::Literal(literal) => strip_ignoring_case(rest, literal)?,
            Part::Optional(inner) => {
                let mut tried = fields.clone();
                match read_parts(inner, rest, &mut tried) {
                    Some(after) => {
                        *fields = tried;
                        after
                    }
                    None => rest,
                }
            }
            Part::Field(letter, count) => {
                let reserved = parts[at + 1..].iter().map_while(fixed_width).sum();
                read_field(*letter, *count, reserved, rest, fields)?
            }
        };
    }
    Some(rest)
}

/// Digits that the next field needs, if it is a number of a fixed width.
fn fixed_width(part: &Part) -> Option<usize> {
    match part {
        Part::Field('S', width) => Some(*width),
        Part::Field('y' | 'u', 2) => None,
        Part::Field('M' | 'L' | 'd' | 'H' | 'h' | 'k' | 'K' | 'm' | 's', 2) => Some(2),
        Part::Field('D', 3) => Some(3),
        _ => None,
    }
}

fn strip_ignoring_case<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix)
        .then(|| &text[prefix.len()..])
}

/// A number of `min` to `max` digits, leaving `reserved` digits of a longer run.
fn number(text: &str, min: usize, max: usize, reserved: usize) -> Option<(i64, &str)> {
    let run = text.bytes().take_while(u8::is_ascii_digit).count();
    let mut take = run.min(max);
    if run - take < reserved && max > min {
        take = run.saturating_sub(reserved).min(max);
    }
    if take < min {
        return None;
    }
    Some((text[..take].parse().ok()?, &text[take..]))
}

fn read_field<'t>(
    letter: char,
    width: usize,
    reserved: usize,
    text: &'t str,
    fields: &mut Fields,
) -> Option<&'t str> {
    let max = if width == 1 { 19 } else { width };
    let bounded = |low: i64, high: i64| {
        let (value, rest) = number(text, width, max, reserved)?;
        (low..=high).contains(&value).then_some((value, rest))
    };
    let (slot, (value, rest)) = match letter {
        'y' | 'u' if width == 2 => {
            let (value, rest) = number(text, 2, 2, 0)?;
            (&mut fields.year, (2000 + value, rest))
        }
        'y' | 'u' => {
            let (sign, digits) = match text.strip_prefix('-') {
                Some(digits) => (-1, digits),
                None => (1, text.strip_prefix('+').unwrap_or(text)),
            };
            let (value, rest) = number(digits, width, 19, reserved)?;
            // Only a sign allows more digits than the pattern has.
            let signed = digits.len() < text.len();
            if width >= 4 && !signed && digits.len() - rest.len() > width {
                return None;
            }
            (&mut fields.year, (sign * value, rest))
        }
        'M' | 'L' if width < 3 => (&mut fields.month, bounded(1, 12)?),
        'd' => (&mut fields.day, bounded(1, 31)?),
        'D' => (&mut fields.day_of_year, bounded(1, 366)?),
        'H' => (&mut fields.hour, bounded(0, 23)?),
        'k' => {
            let (value, rest) = bounded(1, 24)?;
            (&mut fields.hour, (value % 24, rest))
        }
        'h' => (&mut fields.half_day_hour, bounded(1, 12)?),
        'K' => (&mut fields.half_day_hour, bounded(0, 11)?),
        'm' => (&mut fields.minute, bounded(0, 59)?),
        's' => (&mut fields.second, bounded(0, 59)?),
        'A' => (&mut fields.milli_of_day, bounded(0, 86_399_999)?),
        'n' => (&mut fields.nanos, bounded(0, 999_999_999)?),
        'N' => {
            let (value, rest) = bounded(0, 86_399_999_999_999)?;
            (&mut fields.milli_of_day, (value / 1_000_000, rest))
        }
        'S' => {
            let (_, rest) = number(text, width, width, 0)?;
            let digits = &text[..text.len() - rest.len()];
            let nanos = format!("{digits:0<9}").get(..9)?.parse().ok()?;
            (&mut fields.nanos, (nanos, rest))
        }
        _ => return read_word(letter, width, text, fields),
    };
    *slot = Some(value);
    Some(rest)
}

fn read_word<'t>(
    letter: char,
    width: usize,
    text: &'t str,
    fields: &mut Fields,
) -> Option<&'t str> {
    let named = |names: &[&str]| {
        names.iter().enumerate().find_map(|(at, name)| {
            let name = if width >= 4 { name } else { name.get(..3)? };
            Some((at as i64, strip_ignoring_case(text, name)?))
        })
    };
    match letter {
        'M' | 'L' => {
            let (month, rest) = named(&MONTHS)?;
            fields.month = Some(month + 1);
            Some(rest)
        }
        'E' | 'e' => {
            let (weekday, rest) = named(&WEEKDAYS)?;
            fields.weekday = Some(weekday);
            Some(rest)
        }
        'a' => {
            let (half, rest) = named_half(text)?;
            fields.afternoon = Some(half);
            Some(rest)
        }
        'G' => strip_ignoring_case(text, "AD"),
        'z' | 'V' | 'X' | 'x' | 'Z' | 'O' => {
            let ends = |c: char| !(c.is_ascii_alphanumeric() || "+-:/_".contains(c));
            let end = text.find(ends).unwrap_or(text.len());
            let (name, rest) = text.split_at(end);
            let zone = match offset_of(name) {
                Some(seconds) => Some(TimeZone::fixed(seconds)),
                None => zone_of(name),
            };
            fields.zone = Some(zone?);
            Some(rest)
        }
        _ => None,
    }
}

fn named_half(text: &str) -> Option<(bool, &str)> {
    let morning = strip_ignoring_case(text, "AM").map(|rest| (false, rest));
    morning.or_else(|| strip_ignoring_case(text, "PM").map(|rest| (true, rest)))
}
