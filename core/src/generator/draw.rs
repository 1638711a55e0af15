//! How fields come about: a tree of draws, and the values that it gives.
//!
//! A draw knows no column and no format. What it gives becomes JSON in [`super::encode`], or the
//! value of a column in [`super::typed`].

use super::chances::{choice, happens, normal, template, zipf};
use super::kinds::Kind;
use headwater_base::Chance;
use std::sync::Arc;

/// Most items of a list.
pub const ITEMS_MAX: i64 = 100;

/// A field: its name, how it is drawn, and how often it is null.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its name, in the case that is written.
    pub name: Arc<str>,
    /// How it is drawn.
    pub draw: Draw,
    /// In how many of a thousand records it is null.
    pub null_per_mille: u32,
}

/// How a value is drawn. Numbers are kept without their point: `unscaled`, with `scale` decimals.
#[derive(Clone, Debug, PartialEq)]
pub enum Draw {
    /// Always this.
    Constant(Drawn),
    /// The first, and for each record after it so much more.
    Sequence {
        /// The first.
        first: i64,
        /// What is added each time.
        step: i64,
    },
    /// The numbers of one pool, 1 to `count`: those who share a pool meet.
    Pool {
        /// How many there are.
        count: u64,
        /// One after the other, and then again; else by chance.
        in_turn: bool,
    },
    /// A number from `low` to `high`, each equally likely.
    Uniform(Range),
    /// Around `mean`; what falls outside of the range is drawn again, at last moved to its end.
    Normal {
        /// The mean.
        mean: i64,
        /// The standard deviation.
        deviation: i64,
        /// Where it has to stay.
        range: Range,
    },
    /// Small ones often, great ones seldom, with this mean.
    Exponential {
        /// The mean.
        mean: i64,
        /// Where it has to stay.
        range: Range,
    },
    /// Whole numbers of which the `n`th is `n` times rarer than the first.
    Zipf {
        /// The first number.
        low: i64,
        /// Sums of the weights up to each number.
        sums: Arc<[u64]>,
    },
    /// Each a step up or down from the one before.
    Walk {
        /// Which of the generator's walks it is.
        slot: usize,
        /// Where it begins.
        first: i64,
        /// The longest step.
        step: i64,
        /// Where it has to stay.
        range: Range,
    },
    /// One of these, by weight.
    Choice(Vec<(Drawn, u32)>),
    /// True in so many of a thousand records.
    Truth {
        /// In how many of a thousand.
        per_mille: u32,
    },
    /// The record's time, moved by a number of milliseconds between these.
    Moment {
        /// The least that is added.
        low: i64,
        /// The most.
        high: i64,
        /// How it is written where no column's type says it.
        spelling: Spelling,
    },
    /// The number of what the record is about.
    About,
    /// Something of a known kind, such as a first name.
    Kind(&'static Kind),
    /// A text with draws in it.
    Template(Vec<Part>),
    /// A list of `low` to `high` items.
    List {
        /// The fewest.
        low: i64,
        /// The most.
        high: i64,
        /// Each item.
        item: Box<Draw>,
    },
    /// A map of these keys to drawn values, each key in one of two records.
    Map {
        /// The keys.
        keys: Vec<Drawn>,
        /// Each value.
        value: Box<Draw>,
    },
    /// Fields within a field.
    Record(Vec<Field>),
    /// So many bytes.
    Bytes(usize),
}

/// Numbers from `low` to `high`, both included, with `scale` decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// The least.
    pub low: i64,
    /// The greatest.
    pub high: i64,
    /// Digits behind the point.
    pub scale: u32,
}

/// How a moment is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// Milliseconds since 1970.
    Millis,
    /// Seconds since 1970.
    Seconds,
    /// Such as `2024-01-01T00:00:20.125Z`.
    Iso,
}

/// A piece of a template.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// Text as it is.
    Text(String),
    /// What is drawn.
    Draw(Draw),
}

/// What was drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Drawn {
    /// Nothing.
    Null,
    /// True or false.
    Truth(bool),
    /// A number, without its point.
    Number {
        /// The number times ten to the power of `scale`.
        unscaled: i64,
        /// Digits behind the point.
        scale: u32,
    },
    /// A text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A moment, in milliseconds since 1970.
    Moment(i64),
    /// Items.
    List(Vec<Drawn>),
    /// Keys and values.
    Map(Vec<(Drawn, Drawn)>),
    /// Fields.
    Record(Vec<(Arc<str>, Drawn)>),
}

impl Drawn {
    /// A whole number.
    pub const fn whole(number: i64) -> Drawn {
        Drawn::Number {
            unscaled: number,
            scale: 0,
        }
    }

    /// A text.
    pub fn text(text: &str) -> Drawn {
        Drawn::Text(text.to_owned())
    }
}

/// What is drawn from, for one record.
#[derive(Debug)]
pub struct Luck<'a> {
    /// Chance.
    pub chance: &'a mut Chance,
    /// Where the generator's walks are.
    pub walks: &'a mut Vec<Option<i64>>,
    /// How many records came before.
    pub iteration: u64,
    /// The record's time, in milliseconds since 1970.
    pub time: i64,
    /// Whom or what the record is about: names, addresses and places follow from it.
    pub about: u64,
}

impl Field {
    /// A field that is never null.
    pub fn new(name: &str, draw: Draw) -> Field {
        Field {
            name: Arc::from(name),
            draw,
            null_per_mille: 0,
        }
    }

    /// Draws it.
    pub fn draw(&self, luck: &mut Luck<'_>) -> Drawn {
        let is_null = self.null_per_mille > 0 && happens(self.null_per_mille, luck.chance);
        match is_null {
            true => Drawn::Null,
            false => self.draw.draw(luck),
        }
    }
}

impl Range {
    /// Every number with so many decimals.
    pub const fn any(scale: u32) -> Range {
        Range {
            low: -1_000_000_000_000_000_000,
            high: 1_000_000_000_000_000_000,
            scale,
        }
    }

    pub(super) fn number(self, unscaled: i64) -> Drawn {
        Drawn::Number {
            unscaled: unscaled.clamp(self.low, self.high),
            scale: self.scale,
        }
    }
}

impl Draw {
    /// Whether a row of a table keeps it when the row changes.
    pub fn is_lasting(&self) -> bool {
        match self {
            Draw::Constant(_) | Draw::Pool { .. } | Draw::Sequence { .. } => true,
            Draw::About | Draw::Bytes(_) => true,
            Draw::Kind(kind) => kind.is_lasting,
            Draw::Moment { low, .. } => *low < 0,
            Draw::Template(parts) => parts.iter().all(|part| match part {
                Part::Text(_) => true,
                Part::Draw(draw) => draw.is_lasting(),
            }),
            Draw::List { item, .. } => item.is_lasting(),
            Draw::Record(fields) => fields.iter().all(|field| field.draw.is_lasting()),
            _ => false,
        }
    }

    /// Draws a value.
    pub fn draw(&self, luck: &mut Luck<'_>) -> Drawn {
        match self {
            Draw::Constant(constant) => constant.clone(),
            Draw::Sequence { first, step } => {
                let steps = i64::try_from(luck.iteration).unwrap_or(i64::MAX);
                Drawn::whole(first.saturating_add(step.saturating_mul(steps)))
            }
            Draw::Pool { count, in_turn } => {
                let last = i64::try_from(*count).unwrap_or(i64::MAX).max(1);
                Drawn::whole(match in_turn {
                    true => (luck.iteration % last as u64) as i64 + 1,
                    false => luck.chance.range(1, last),
                })
            }
            Draw::Uniform(range) => range.number(luck.chance.range(range.low, range.high)),
            Draw::Normal {
                mean,
                deviation,
                range,
            } => normal(*mean, *deviation, *range, luck.chance),
            Draw::Exponential { mean, range } => {
                let drawn = -libm::log(1.0 - luck.chance.unit()) * *mean as f64;
                range.number(drawn as i64)
            }
            Draw::Zipf { low, sums } => zipf(*low, sums, luck.chance),
            Draw::Walk { .. } => self.walk(luck),
            Draw::Choice(options) => choice(options, luck.chance),
            Draw::Truth { per_mille } => Drawn::Truth(happens(*per_mille, luck.chance)),
            Draw::Moment {
                low,
                high,
                spelling,
            } => {
                let moved = luck.time.saturating_add(luck.chance.range(*low, *high));
                spelling.write(moved)
            }
            Draw::About => Drawn::whole(i64::try_from(luck.about).unwrap_or(i64::MAX)),
            Draw::Kind(kind) => (kind.make)(luck),
            Draw::Template(parts) => Drawn::Text(template(parts, luck)),
            Draw::List { low, high, item } => {
                let length = luck.chance.range(*low, *high).clamp(0, ITEMS_MAX);
                Drawn::List((0..length).map(|_| item.draw(luck)).collect())
            }
            Draw::Map { keys, value } => {
                let first = luck.chance.range(0, keys.len().max(1) as i64 - 1) as usize;
                let mut entries = Vec::new();
                for (at, key) in keys.iter().enumerate() {
                    if at == first || happens(500, luck.chance) {
                        entries.push((key.clone(), value.draw(luck)));
                    }
                }
                Drawn::Map(entries)
            }
            Draw::Record(fields) => {
                let drawn = fields.iter().map(|it| (it.name.clone(), it.draw(luck)));
                Drawn::Record(drawn.collect())
            }
            Draw::Bytes(length) => {
                let byte = |_| luck.chance.range(0, 255) as u8;
                Drawn::Bytes((0..*length).map(byte).collect())
            }
        }
    }

    fn walk(&self, luck: &mut Luck<'_>) -> Drawn {
        let Draw::Walk {
            slot,
            first,
            step,
            range,
        } = self
        else {
            return Drawn::Null;
        };
        if luck.walks.len() <= *slot {
            luck.walks.resize(*slot + 1, None);
        }
        let next = match luck.walks[*slot] {
            None => *first,
            Some(last) => last.saturating_add(luck.chance.range(-*step, *step)),
        };
        let next = next.clamp(range.low, range.high);
        luck.walks[*slot] = Some(next);
        range.number(next)
    }
}

impl Spelling {
    /// A moment in this spelling; milliseconds stay a moment, so that columns can read it.
    pub fn write(self, millis: i64) -> Drawn {
        match self {
            Spelling::Millis => Drawn::Moment(millis),
            Spelling::Seconds => Drawn::whole(millis.div_euclid(1000)),
            Spelling::Iso => Drawn::Text(iso(millis)),
        }
    }
}

/// A moment as change capture writes it, such as `2024-01-01T00:00:20.125Z`.
pub fn iso(millis: i64) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = headwater_sql::time::write_timestamp(&mut text, millis);
    // Only what says something of the fraction of a second is written.
    format!("{}Z", text.trim_end_matches('0').trim_end_matches('.'))
}
