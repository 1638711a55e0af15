//! The presets that are given field by field in Rust: `ratings` and the rows of `customers`.
//!
//! What they draw is part of lessons, so it stays as it is; other presets are schemas.

use super::GeneratedRecord;
use super::draw::iso;
use super::preset::{Column, Constant, Draw, Field, Header, Preset, Table};
use headwater_base::{Chance, VirtualTime};
use headwater_view::cell::quoted;

/// Such a preset at work.
#[derive(Clone, Debug)]
pub(super) struct Fixed {
    preset: &'static Preset,
    records: Chance,
    calls: u64,
    /// The present value of the changing column, by row; for tables only.
    present: Vec<&'static str>,
    /// When each row was last changed; for tables only.
    changed_ms: Vec<i64>,
    created_ms: i64,
}

impl Fixed {
    pub(super) fn new(preset: &'static Preset, records: Chance) -> Fixed {
        Fixed {
            preset,
            records,
            calls: 0,
            present: Vec::new(),
            changed_ms: Vec::new(),
            created_ms: 0,
        }
    }

    /// The next record, field by field.
    pub(super) fn drawn(&mut self, fields: &[Field], now: VirtualTime) -> Vec<GeneratedRecord> {
        let iteration = self.next_call();
        let drawn: Vec<(&str, Constant)> = fields
            .iter()
            .map(|(name, draw)| (*name, self.draw(draw, iteration)))
            .collect();
        vec![self.record(&drawn, now, iteration)]
    }

    /// All rows at first, a changed one later.
    pub(super) fn row_changes(&mut self, table: &Table, now: VirtualTime) -> Vec<GeneratedRecord> {
        match self.next_call() {
            0 => self.load(table, now),
            iteration => self.change(table, now, iteration),
        }
    }

    fn next_call(&mut self) -> u64 {
        self.calls += 1;
        self.calls - 1
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

/// A moment as change capture writes it.
fn moment(millis: i64) -> Constant {
    Constant::Made(iso(millis))
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
