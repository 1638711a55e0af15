//! Reading of dates as Java's older `SimpleDateFormat` does, which PARSE_DATE is made of.
//!
//! It is lenient: numbers may have any width, a month of 13 is January of the next year, blanks
//! before a field are skipped, and what stands behind the last field is not looked at.

use super::{MONTHS, PatternError, WEEKDAYS, quoted};
use crate::time::days_of;
use jiff_core::civil::Date;

/// The letters of `SimpleDateFormat` that say a date.
const DATE_LETTERS: &str = "GyYuMLdDE";
/// Those that say a time of day or a zone.
const TIME_LETTERS: &str = "aHkKhmsSzZX";

/// A pattern, cut into parts.
///
/// ```
/// use headwater_sql::time::pattern::LenientDate;
/// let pattern = LenientDate::new("dd/MM/yyyy").unwrap();
/// assert_eq!(pattern.days("2/1/1970", 0), Ok(1));
/// assert_eq!(pattern.days("1/13/1970", 0), Ok(365));
/// assert!(LenientDate::new("yyyy HH").is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LenientDate {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Literal(String),
    Field(char, usize),
}

/// What has been read; what has not is 1970-01-01.
#[derive(Clone, Copy, Debug)]
struct Said {
    year: i64,
    month: i64,
    day: i64,
    day_of_year: Option<i64>,
    before_christ: bool,
}

impl LenientDate {
    /// Cuts a pattern. One with parts of a time is refused, as a date has none.
    pub fn new(pattern: &str) -> Result<LenientDate, PatternError> {
        let mut rest: Vec<char> = pattern.chars().rev().collect();
        let mut parts = Vec::new();
        while let Some(next) = rest.pop() {
            match next {
                '\'' => parts.push(Part::Literal(quoted(&mut rest)?)),
                letter if letter.is_ascii_alphabetic() => {
                    if TIME_LETTERS.contains(letter) {
                        return Err(PatternError("Date format contains time field.".to_owned()));
                    }
                    if !DATE_LETTERS.contains(letter) {
                        return Err(PatternError(format!(
                            "Illegal pattern character '{letter}'"
                        )));
                    }
                    let more = rest.iter().rev().take_while(|c| **c == letter).count();
                    rest.truncate(rest.len() - more);
                    parts.push(Part::Field(letter, more + 1));
                }
                other => parts.push(Part::Literal(other.to_string())),
            }
        }
        Ok(LenientDate { parts })
    }

    /// The day since 1970 that a text spells. A year of two digits lies at most 80 years before
    /// and 20 years after `now_millis`.
    pub fn days(&self, text: &str, now_millis: i64) -> Result<i32, PatternError> {
        let wrong = || PatternError(format!("Unparseable date: \"{text}\""));
        let mut said = Said {
            year: 1970,
            month: 1,
            day: 1,
            day_of_year: None,
            before_christ: false,
        };
        let mut rest = text;
        for (at, part) in self.parts.iter().enumerate() {
            rest = match part {
                Part::Literal(literal) => rest.strip_prefix(literal.as_str()).ok_or_else(wrong)?,
                Part::Field(letter, width) => {
                    let joined = matches!(self.parts.get(at + 1), Some(Part::Field(..)));
                    let limit = if joined { *width } else { usize::MAX };
                    let field = Field {
                        letter: *letter,
                        width: *width,
                        limit,
                    };
                    let text = rest.trim_start_matches([' ', '\t']);
                    field.read(text, now_millis, &mut said).ok_or_else(wrong)?
                }
            };
        }
        said.days().ok_or_else(wrong)
    }
}

struct Field {
    letter: char,
    width: usize,
    /// Most digits, where another field follows at once.
    limit: usize,
}

impl Field {
    fn read<'t>(&self, text: &'t str, now_millis: i64, said: &mut Said) -> Option<&'t str> {
        match self.letter {
            'G' => {
                let eras = [("AD", false), ("BC", true)];
                let (before, rest) = eras
                    .iter()
                    .find_map(|(name, before)| Some((*before, without_case(text, name)?)))?;
                said.before_christ = before;
                return Some(rest);
            }
            'E' => return name(text, &WEEKDAYS).map(|(_, rest)| rest),
            'M' | 'L' if self.width > 2 => {
                let (month, rest) = name(text, &MONTHS)?;
                said.month = month;
                return Some(rest);
            }
            _ => {}
        }
        let (number, digits, rest) = self.number(text)?;
        match self.letter {
            'y' | 'Y' if self.width <= 2 && digits == 2 && number >= 0 => {
                said.year = full_year(number, now_millis);
            }
            'y' | 'Y' => said.year = number,
            'M' | 'L' => said.month = number,
            'd' => {
                said.day = number;
                said.day_of_year = None;
            }
            'D' => said.day_of_year = Some(number),
            // The day of the week does not say which week.
            _ => {}
        }
        Some(rest)
    }

    /// A whole number, how many digits it has, and what is behind it.
    fn number<'t>(&self, text: &'t str) -> Option<(i64, usize, &'t str)> {
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let run = unsigned.bytes().take_while(u8::is_ascii_digit).count();
        let digits = run.min(self.limit);
        let end = text.len() - unsigned.len() + digits;
        // Longer numbers are no years.
        let number = (1..=9).contains(&digits).then(|| text[..end].parse())?;
        Some((number.ok()?, digits, &text[end..]))
    }
}

/// A year of two digits in the hundred years around now.
fn full_year(two: i64, now_millis: i64) -> i64 {
    let now =
        crate::time::date_time_of(now_millis).map_or(1970, |now| i64::from(now.date().year()));
    let first = now - 80;
    let year = first - first.rem_euclid(100) + two;
    if year < first { year + 100 } else { year }
}

fn without_case<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let head = text.get(..name.len())?;
    head.eq_ignore_ascii_case(name).then(|| &text[name.len()..])
}

/// A name, in full or its first three letters, counted from 1.
fn name<'t>(text: &'t str, names: &[&str]) -> Option<(i64, &'t str)> {
    let short = |name: &&str| without_case(text, name.get(..3)?);
    names.iter().enumerate().find_map(|(at, name)| {
        let rest = without_case(text, name).or_else(|| short(name))?;
        Some((at as i64 + 1, rest))
    })
}

impl Said {
    fn days(&self) -> Option<i32> {
        let year = if self.before_christ {
            1 - self.year
        } else {
            self.year
        };
        let (year, month, day) = match self.day_of_year {
            Some(day) => (year, 0, day),
            None => (
                year.checked_add((self.month - 1).div_euclid(12))?,
                (self.month - 1).rem_euclid(12),
                self.day,
            ),
        };
        let first = Date::new(i16::try_from(year).ok()?, month as i8 + 1, 1).ok()?;
        let days = i64::from(days_of(first)) + day - 1;
        i32::try_from(days).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::LenientDate;

    /// A pattern, a text, and the date it spells.
    const TABLE: &[(&str, &str, Option<&str>)] = &[
        ("yyyy-MM-dd", "2024-02-29", Some("2024-02-29")),
        ("yyyy-MM-dd", "2023-02-29", Some("2023-03-01")),
        ("yyyy-MM-dd", "2023-14-01", Some("2024-02-01")),
        ("yyyy-MM-dd", "2023-00-00", Some("2022-11-30")),
        ("yyyy-MM-dd", "2023-1-2 and more", Some("2023-01-02")),
        ("yyyy-MM-dd", "  2023- 1-2", Some("2023-01-02")),
        ("yyyyMMdd", "20230102", Some("2023-01-02")),
        ("ddMMyy", "020150", Some("1950-01-02")),
        ("ddMMyy", "020142", Some("2042-01-02")),
        ("d MMM yyyy", "7 SEP 2021", Some("2021-09-07")),
        ("MMMM d, yyyy", "march 3, 2021", Some("2021-03-03")),
        ("EEE dd MMM yyyy", "Fri 05 Mar 2021", Some("2021-03-05")),
        ("yyyy-DDD", "2020-366", Some("2020-12-31")),
        ("yyyy", "1999", Some("1999-01-01")),
        ("dd.MM", "24.12", Some("1970-12-24")),
        ("yyyy-MM-dd'T'", "2021-01-01T", Some("2021-01-01")),
        ("yyyy-MM-dd", "21st of May", None),
        ("yyyy-MM-dd", "2021/01/01", None),
        ("d MMM yyyy", "7 9 2021", None),
        ("yyyy-MM-dd", "", None),
    ];

    #[test]
    fn dates_are_read_as_simple_date_format_reads_them() {
        let now = 1_700_000_000_000;
        for (pattern, text, expected) in TABLE {
            let days = LenientDate::new(pattern).unwrap().days(text, now);
            let found = days.ok().map(|days| {
                let mut date = String::new();
                crate::time::write_date(&mut date, days).unwrap();
                date
            });
            assert_eq!(found.as_deref(), *expected, "{text} by {pattern}");
        }
        for pattern in ["yyyy HH", "dd 'open", "yyyy-ee"] {
            assert!(LenientDate::new(pattern).is_err(), "{pattern}");
        }
    }
}
