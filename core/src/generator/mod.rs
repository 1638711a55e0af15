//! Generators: what producers append when nobody types records by hand.
//!
//! A [`Generator`] draws records out of a stream of chance of its own: those of a preset
//! ([`preset::PRESETS`]), of fields that a user writes ([`schema`]), of a source's columns
//! ([`auto`]), or of a file ([`rows`]). It knows no topic, partition or clock: it is told what time
//! it is.

pub mod auto;
mod chances;
mod clicks;
mod customers;
mod dictionary;
pub mod draw;
pub mod encode;
mod fixed;
pub mod kinds;
mod naming;
pub mod options;
mod orders;
pub mod preset;
mod ratings;
pub mod recipe;
pub mod rows;
pub mod schema;
pub mod typed;
mod widgets;
mod words;

pub use options::{GeneratorOptions, check};

use crate::command::{DurationRange, Pace, ProducerCreate, Rate};
use fixed::Fixed;
use headwater_base::diagnostic::nearest;
use headwater_base::{Chance, Diagnostic, Fault, Millis, VirtualTime};
use headwater_sql::catalog::Catalog;
use preset::{PRESETS, Preset, Records};
use recipe::Cook;
use rows::Reader;
use std::sync::Arc;

/// Finds a preset by its name.
///
/// ```
/// use headwater_core::generator::preset;
/// assert_eq!(preset("ratings").unwrap().name, "ratings");
/// assert_eq!(preset("rating").unwrap_err().hints[0], "Did you mean ratings?");
/// ```
pub fn preset(name: &str) -> Result<&'static Preset, Diagnostic> {
    if let Some(preset) = PRESETS.iter().find(|preset| preset.name == name) {
        return Ok(preset);
    }
    let known = || {
        ["auto", "custom"]
            .into_iter()
            .chain(PRESETS.iter().map(|it| it.name))
    };
    let message = format!("There is no generator {name}.");
    let mut found = Diagnostic::error(Fault::Yours, "unknown-generator", message);
    if let Some(near) = nearest(name, known()).first() {
        found = found.hint(format!("Did you mean {near}?"));
    }
    Err(found.hint(format!(
        "Possible: {}.",
        known().collect::<Vec<_>>().join(", ")
    )))
}

/// One record of a generator, before the log has given it a partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GeneratedRecord {
    /// The key's bytes; `None` is null.
    pub key: Option<Vec<u8>>,
    /// The value's bytes; `None` is null.
    pub value: Option<Vec<u8>>,
    /// Headers, in order.
    pub headers: Vec<(String, Vec<u8>)>,
    /// Milliseconds since 1970.
    pub timestamp: i64,
}

/// The pace of generators that have none of their own.
pub const PACE: Pace = Pace::Rate(Rate {
    milli_per_second: 1_000,
});

/// A generator at work: what it will produce next depends on its seed, its producer's name and on
/// how often it was asked, and on nothing else.
///
/// ```
/// use headwater_base::VirtualTime;
/// use headwater_core::generator::Generator;
/// let mut generator = Generator::preset("ratings", 7, "ratings", None).unwrap();
/// let wait = generator.pause_before_next();
/// assert!((0..=750).contains(&wait.0));
/// let records = generator.produce(VirtualTime::START + wait);
/// assert_eq!(records[0].key.as_deref(), Some(b"1".as_slice()));
/// ```
#[derive(Clone, Debug)]
pub struct Generator {
    name: Arc<str>,
    work: Work,
    pace: Pace,
    // Streams of their own, so that another pace leaves the records as they are.
    pauses: Chance,
    lateness: Chance,
    paused: u64,
    late: Option<Late>,
    jitter: Millis,
    /// By how much the last record came later than its pace says.
    moved: Millis,
}

/// How records come about.
#[derive(Clone, Debug)]
enum Work {
    Preset(Box<Fixed>, &'static Preset),
    Recipe(Box<Cook>),
    Rows(Reader),
}

/// Which records carry a time that has passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Late {
    by: DurationRange,
    per_mille: u32,
}

impl Generator {
    /// The generator of a preset for the producer with this name; at the preset's own pace where
    /// `None`.
    pub fn preset(
        preset: &str,
        seed: u64,
        producer: &str,
        pace: Option<Pace>,
    ) -> Result<Generator, Diagnostic> {
        let preset = self::preset(preset)?;
        let pace = pace.unwrap_or(preset.pace);
        let work = preset_work(preset, seed, producer)?;
        Ok(Generator::of(preset.name, work, seed, producer, pace))
    }

    /// The generator that a command asks for.
    ///
    /// # Errors
    /// Where the command asks for what is not possible, such as the columns of a topic over which
    /// no source is declared.
    pub fn new(
        new: &ProducerCreate,
        seed: u64,
        catalog: &Catalog,
    ) -> Result<Generator, Diagnostic> {
        let options = &new.options;
        check(&new.generator, options)?;
        let cook = |recipe| Work::Recipe(Box::new(Cook::new(recipe, seed, &new.name)));
        let (work, pace) = match new.generator.as_str() {
            "auto" => (cook(options::auto(&new.topic, options, catalog)?), PACE),
            "custom" => (cook(options::custom(options)?), PACE),
            "file" => (
                Work::Rows(options::rows(&new.topic, options, catalog)?),
                PACE,
            ),
            name => {
                let preset = self::preset(name)?;
                (preset_work(preset, seed, &new.name)?, preset.pace)
            }
        };
        let pace = new.pace.unwrap_or(pace);
        let mut made = Generator::of(&new.generator, work, seed, &new.name, pace);
        made.jitter = options.jitter;
        made.late = options.lateness.map(|by| Late {
            by,
            per_mille: options.late_per_mille.unwrap_or(1000),
        });
        Ok(made)
    }

    fn of(name: &str, work: Work, seed: u64, producer: &str, pace: Pace) -> Generator {
        Generator {
            name: Arc::from(name),
            work,
            pace,
            pauses: Chance::new(seed, &format!("producer {producer} pause")),
            lateness: Chance::new(seed, &format!("producer {producer} lateness")),
            paused: 0,
            late: None,
            jitter: Millis::ZERO,
            moved: Millis::ZERO,
        }
    }

    /// Its pace.
    pub fn pace(&self) -> Pace {
        self.pace
    }

    /// Goes on at another pace; waits are counted anew.
    pub fn set_pace(&mut self, pace: Pace) {
        self.pace = pace;
        self.paused = self.paused.min(1);
        self.moved = Millis::ZERO;
    }

    /// Whether there is nothing left to produce.
    pub fn is_done(&self) -> bool {
        matches!(&self.work, Work::Rows(rows) if rows.is_done())
    }

    /// How long to wait before the next call of [`Generator::produce`].
    pub fn pause_before_next(&mut self) -> Millis {
        self.paused += 1;
        let loads_first = match &self.work {
            Work::Preset(_, preset) => matches!(preset.records, Records::Table(_)),
            Work::Recipe(cook) => cook.loads_first(),
            Work::Rows(_) => true,
        };
        if loads_first && self.paused == 1 {
            return Millis::ZERO;
        }
        let wait = match self.pace {
            Pace::Between(range) => Millis(self.pauses.range(range.low.0, range.high.0)),
            Pace::Rate(rate) => evenly(rate, self.paused - u64::from(loads_first)),
        };
        if self.jitter == Millis::ZERO {
            return wait;
        }
        // The pace stays; each record comes later than it by a draw of its own.
        let moved = Millis(self.pauses.range(0, self.jitter.0));
        let wait = Millis((wait.0 + moved.0 - self.moved.0).max(0));
        self.moved = moved;
        wait
    }

    /// The next records: usually one; a table gives all its rows at first and a changed one later.
    pub fn produce(&mut self, now: VirtualTime) -> Vec<GeneratedRecord> {
        let time = now + Millis(-self.late_by());
        match &mut self.work {
            Work::Preset(fixed, preset) => match &preset.records {
                Records::Drawn(fields) => fixed.drawn(fields, time),
                Records::Table(table) => fixed.row_changes(table, time),
                // Schemas are cooked.
                Records::Schema(_) => Vec::new(),
            },
            Work::Recipe(cook) => cook.produce(time.epoch_millis()),
            Work::Rows(rows) => rows.next(time.epoch_millis()).into_iter().collect(),
        }
    }

    fn late_by(&mut self) -> i64 {
        let Some(Late { by, per_mille }) = self.late else {
            return 0;
        };
        match chances::happens(per_mille, &mut self.lateness) {
            true => self.lateness.range(by.low.0, by.high.0),
            false => 0,
        }
    }

    /// What it makes and how fast, in words, such as `ratings, about 2.7/s`.
    pub fn about(&self) -> String {
        let name = &self.name;
        match self.pace {
            Pace::Rate(rate) => format!("{name}, {rate}"),
            Pace::Between(range) if range.low == range.high => format!("{name}, every {range}"),
            Pace::Between(range) => {
                // Twice the middle, so that no half is lost.
                let twice = (range.low.0 + range.high.0).max(1);
                let tenths = (20_000 + twice / 2) / twice;
                match tenths {
                    0..10 => format!("{name}, about every {} s", (twice + 1000) / 2000),
                    _ => format!("{name}, about {}.{}/s", tenths / 10, tenths % 10),
                }
            }
        }
    }
}

fn preset_work(preset: &'static Preset, seed: u64, producer: &str) -> Result<Work, Diagnostic> {
    Ok(match &preset.records {
        Records::Schema(fields) => {
            let recipe = options::json_recipe(schema::parse(fields)?, Some(preset.key))?;
            Work::Recipe(Box::new(Cook::new(recipe, seed, producer)))
        }
        _ => {
            let records = Chance::new(seed, &format!("producer {producer}"));
            Work::Preset(Box::new(Fixed::new(preset, records)), preset)
        }
    })
}

/// The wait before event `number`, so that the sum of all waits has no rounding.
fn evenly(rate: Rate, number: u64) -> Millis {
    Millis(rate.due(number).0 - rate.due(number.saturating_sub(1)).0)
}

#[cfg(test)]
mod auto_tests;
#[cfg(test)]
mod tests;
