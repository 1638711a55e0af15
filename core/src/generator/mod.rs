//! Generators: what producers append when nobody types records by hand.
//!
//! A preset is data ([`preset::PRESETS`]); a [`Generator`] draws records from it out of a stream
//! of chance of its own. It knows no topic, partition or clock: it is told what time it is.

mod customers;
pub mod preset;
mod ratings;

use crate::command::{Pace, Rate};
use headwater_base::diagnostic::nearest;
use headwater_base::{Chance, Diagnostic, Fault, Millis, VirtualTime};
use headwater_view::cell::quoted;
use preset::{Column, Constant, Draw, Header, PRESETS, Preset, Records, Table};

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
    let known = || PRESETS.iter().map(|preset| preset.name);
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

/// A preset at work: what it will produce next depends on its seed, its producer's name and on
/// how often it was asked, and on nothing else.
///
/// ```
/// use headwater_base::VirtualTime;
/// use headwater_core::generator::Generator;
/// let mut generator = Generator::new("ratings", 7, "ratings", None).unwrap();
/// let wait = generator.pause_before_next();
/// assert!((0..=750).contains(&wait.0));
/// let records = generator.produce(VirtualTime::START + wait);
/// assert_eq!(records[0].key.as_deref(), Some(b"1".as_slice()));
/// ```
#[derive(Clone, Debug)]
pub struct Generator {
    preset: &'static Preset,
    pace: Pace,
    // Two streams, so that another pace leaves the records as they are.
    records: Chance,
    pauses: Chance,
    paused: u64,
    calls: u64,
    /// The present value of the changing column, by row; for tables only.
    present: Vec<&'static str>,
    /// When each row was last changed; for tables only.
    changed_ms: Vec<i64>,
    created_ms: i64,
}

impl Generator {
    /// The generator of the producer with this name; at the preset's own pace where `None`.
    pub fn new(
        preset: &str,
        seed: u64,
        producer: &str,
        pace: Option<Pace>,
    ) -> Result<Generator, Diagnostic> {
        let preset = self::preset(preset)?;
        Ok(Generator {
            preset,
            pace: pace.unwrap_or(preset.pace),
            records: Chance::new(seed, &format!("producer {producer}")),
            pauses: Chance::new(seed, &format!("producer {producer} pause")),
            paused: 0,
            calls: 0,
            present: Vec::new(),
            changed_ms: Vec::new(),
            created_ms: 0,
        })
    }

    /// How long to wait before the next call of [`Generator::produce`].
    pub fn pause_before_next(&mut self) -> Millis {
        self.paused += 1;
        let loads_first = matches!(self.preset.records, Records::Table(_));
        if loads_first && self.paused == 1 {
            return Millis::ZERO;
        }
        match self.pace {
            Pace::Between(range) => Millis(self.pauses.range(range.low.0, range.high.0)),
            Pace::Rate(rate) => evenly(rate, self.paused - u64::from(loads_first)),
        }
    }

    /// The next records: usually one; a table gives all its rows at first and a changed one later.
    pub fn produce(&mut self, now: VirtualTime) -> Vec<GeneratedRecord> {
        let preset = self.preset;
        let iteration = self.calls;
        self.calls += 1;
        match &preset.records {
            Records::Drawn(fields) => {
                let drawn: Vec<(&str, Constant)> = fields
                    .iter()
                    .map(|(name, draw)| (*name, self.draw(draw, iteration)))
                    .collect();
                vec![self.record(&drawn, now, iteration)]
            }
            Records::Table(table) if iteration == 0 => self.load(table, now),
            Records::Table(table) => self.change(table, now, iteration),
        }
    }

    /// What it makes and how fast, in words, such as `ratings, about 2.7/s`.
    pub fn about(&self) -> String {
        let name = self.preset.name;
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

    fn draw(&mut self, draw: &Draw, iteration: u64) -> Constant {
        match draw {
            Draw::Sequence { first, step } => {
                let steps = i64::try_from(iteration).unwrap_or(i64::MAX);
                Constant::Number(first.saturating_add(step.saturating_mul(steps)))
            }
            Draw::Uniform { low, high } => Constant::Number(self.records.range(*low, *high)),
            Draw::OneOf(texts) => Constant::Text(self.records.pick(texts).copied().unwrap_or("")),
        }
    }

    fn load(&mut self, table: &Table, now: VirtualTime) -> Vec<GeneratedRecord> {
        self.created_ms = now.epoch_millis();
        let column = table.changing.column;
        let present = table.rows.iter().map(|row| match row.get(column) {
            Some(Constant::Text(text)) => *text,
            _ => "",
        });
        self.present = present.collect();
        self.changed_ms = vec![self.created_ms; table.rows.len()];
        (0..table.rows.len())
            .map(|row| self.row(table, row, now, row as u64))
            .collect()
    }

    fn change(&mut self, table: &Table, now: VirtualTime, iteration: u64) -> Vec<GeneratedRecord> {
        let Some(last) = table.rows.len().checked_sub(1) else {
            return Vec::new();
        };
        let row = self.records.range(0, last as i64) as usize;
        let present = self.present[row];
        let others: Vec<&'static str> = table
            .changing
            .among
            .iter()
            .copied()
            .filter(|value| *value != present)
            .collect();
        self.present[row] = self.records.pick(&others).copied().unwrap_or(present);
        self.changed_ms[row] = now.epoch_millis();
        vec![self.row(table, row, now, last as u64 + iteration)]
    }

    fn row(&self, table: &Table, row: usize, now: VirtualTime, number: u64) -> GeneratedRecord {
        let given = table.rows[row];
        let value = |(at, column): (usize, &Column)| match column {
            Column::Given(name) if at == table.changing.column => {
                (*name, Constant::Text(self.present[row]))
            }
            Column::Given(name) => (*name, given.get(at).cloned().unwrap_or(Constant::Text(""))),
            Column::Created(name) => (*name, moment(self.created_ms)),
            Column::Changed(name) => (*name, moment(self.changed_ms[row])),
        };
        let values: Vec<(&str, Constant)> = table.columns.iter().enumerate().map(value).collect();
        self.record(&values, now, number)
    }

    fn record(
        &self,
        values: &[(&str, Constant)],
        now: VirtualTime,
        iteration: u64,
    ) -> GeneratedRecord {
        let key = values
            .iter()
            .find(|(name, _)| *name == self.preset.key)
            .map(|(_, value)| value.text().into_bytes());
        let header = |header: &Header| match header {
            Header::Fixed(name, value) => ((*name).to_owned(), value.as_bytes().to_vec()),
            Header::Iteration(name) => ((*name).to_owned(), iteration.to_string().into_bytes()),
        };
        GeneratedRecord {
            key,
            value: Some(json(values).into_bytes()),
            headers: self.preset.headers.iter().map(header).collect(),
            timestamp: now.epoch_millis(),
        }
    }
}

/// The wait before event `number`, so that the sum of all waits has no rounding.
fn evenly(rate: Rate, number: u64) -> Millis {
    Millis(rate.due(number).0 - rate.due(number.saturating_sub(1)).0)
}

/// A moment as change capture writes it, such as `2024-01-01T00:00:20.125Z`.
fn moment(millis: i64) -> Constant {
    let text = jiff::Timestamp::from_millisecond(millis).map(|moment| moment.to_string());
    Constant::Made(text.unwrap_or_default())
}

fn json(values: &[(&str, Constant)]) -> String {
    let fields: Vec<String> = values
        .iter()
        .map(|(name, value)| match value {
            Constant::Number(number) => format!("{}:{number}", quoted(name)),
            text => format!("{}:{}", quoted(name), quoted(&text.text())),
        })
        .collect();
    format!("{{{}}}", fields.join(","))
}

#[cfg(test)]
mod tests;
