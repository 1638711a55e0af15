//! `generator=auto`: from the columns of a source to what its records may plausibly hold.
//!
//! Names say what a column means, types how wide it is. Columns that name the same thing draw
//! from one pool of numbers, so that joins and groupings meet: `CUSTOMER_ID` of a stream, and the
//! key `ID` of a table CUSTOMERS. What names mean is in [`super::naming`].

use super::draw::{Draw, Drawn, Field, Part, Range, Spelling};
use super::encode::{Layout, SourceLayout};
use super::kinds::kind;
use super::naming::{self, Context, Moment};
use super::recipe::Recipe;
use headwater_sql::catalog::{Catalog, Source};
use headwater_sql::types::{Column, SqlType};

/// How many things there are of each kind, where nobody says otherwise.
pub const POOL: u64 = 20;
/// Most things of a kind.
pub const POOL_MAX: u64 = 1_000;

const SECOND: i64 = 1_000;
const DAY: i64 = 86_400 * SECOND;

/// What `generator=auto` makes for a source; `keys` says how many different keys, if not
/// [`POOL`].
///
/// Every value fits its column, so every record decodes.
pub fn recipe(source: &Source, catalog: &Catalog, keys: Option<u64>) -> Recipe {
    let context = Context::of(source);
    let pool = keys.unwrap_or(POOL).clamp(1, POOL_MAX);
    let deriver = Deriver {
        source,
        catalog,
        context: &context,
        pool,
    };
    let columns: Vec<&Column> = source.schema.columns().collect();
    let fields: Vec<Field> = columns
        .iter()
        .enumerate()
        .map(|(at, column)| deriver.field(at, column))
        .collect();
    Recipe {
        about: about(&columns, &fields, &context),
        fields,
        layout: Layout::Source(Box::new(SourceLayout::new(source))),
        rows: if source.is_table() { pool } else { 0 },
    }
}

/// The column that says what a record is about: a person before a thing, else the first pool.
fn about(columns: &[&Column], fields: &[Field], context: &Context) -> Option<usize> {
    let is_pool = |at: &usize| matches!(fields[*at].draw, Draw::Pool { .. });
    let pools: Vec<usize> = (0..fields.len()).filter(is_pool).collect();
    let is_person = |at: &&usize| {
        let entity = naming::entity(&columns[**at].name, context);
        entity.is_some_and(|entity| naming::is_person(&entity))
    };
    pools.iter().find(is_person).or(pools.first()).copied()
}

struct Deriver<'a> {
    source: &'a Source,
    catalog: &'a Catalog,
    context: &'a Context,
    pool: u64,
}

impl Deriver<'_> {
    fn field(&self, at: usize, column: &Column) -> Field {
        let timestamp = self.source.timestamp.as_ref();
        let is_time = timestamp.is_some_and(|it| it.column == column.name);
        let is_key = at < self.source.schema.key.len();
        let draw = match is_time {
            true => NOW,
            false => self.reference(column, is_key),
        };
        let draw = draw_or(draw, || self.value(&column.name, &column.ty));
        Field::new(&column.name, draw)
    }

    /// A column that names a thing: the source's own, or one of another source.
    fn reference(&self, column: &Column, is_key: bool) -> Option<Draw> {
        let plain = matches!(
            column.ty,
            SqlType::Int
                | SqlType::BigInt
                | SqlType::String
                | SqlType::Double
                | SqlType::Decimal { .. }
        );
        if !plain {
            return None;
        }
        let entity = naming::entity(&column.name, self.context);
        let is_own = entity.as_deref() == Some(&self.context.entity);
        let pool = |in_turn: bool, count: u64| Some(Draw::Pool { count, in_turn });
        if is_key && (self.source.is_table() || is_own) {
            let in_turn = is_own || self.source.schema.key.len() == 1;
            let named = naming::kind_of(&column.name, self.context);
            let is_text = column.ty == SqlType::String && entity.is_none() && named.is_some();
            return if is_text {
                None
            } else {
                pool(in_turn, self.pool)
            };
        }
        if is_own {
            return Some(Draw::Sequence { first: 1, step: 1 });
        }
        let is_known = entity.is_some() || self.is_key_elsewhere(&column.name);
        let count = if is_key { self.pool } else { POOL };
        match is_known {
            true if !naming::is_session(&column.name) => pool(false, count),
            true => pool(false, POOL * 2),
            false => None,
        }
    }

    /// Whether another source has a key column of this name.
    fn is_key_elsewhere(&self, name: &str) -> bool {
        let mut others = self
            .catalog
            .sources()
            .filter(|it| it.name != self.source.name);
        others.any(|it| it.schema.key.iter().any(|key| key.name == name))
    }

    /// A draw for what a column or field of this name and type may hold.
    fn value(&self, name: &str, ty: &SqlType) -> Draw {
        match ty {
            SqlType::Boolean => Draw::Truth {
                per_mille: naming::truth(name),
            },
            SqlType::Int => match naming::moment(name) {
                // 32 bits hold the seconds of this age, not its milliseconds.
                Some(moment) => moved(moment, Spelling::Seconds),
                None => self.number(name, 9, 0),
            },
            SqlType::BigInt => match naming::moment(name) {
                Some(moment) => moved(moment, Spelling::Millis),
                None => self.number(name, 18, 0),
            },
            SqlType::Double => self.number(name, 15, 2),
            SqlType::Decimal { precision, scale } => {
                self.number(name, precision.saturating_sub(*scale), *scale)
            }
            SqlType::String => self.text(name),
            SqlType::Bytes => Draw::Bytes(8),
            SqlType::Time | SqlType::Date | SqlType::Timestamp => moved(
                naming::moment(name).unwrap_or(Moment::Now),
                Spelling::Millis,
            ),
            SqlType::Array(element) => Draw::List {
                low: 1,
                high: 3,
                item: Box::new(self.value(&naming::singular(name), element)),
            },
            SqlType::Map(key, value) => Draw::Map {
                keys: map_keys(key),
                value: Box::new(self.value(&naming::singular(name), value)),
            },
            SqlType::Struct(fields) => {
                let field = |it: &Column| {
                    let entity = naming::entity(&it.name, self.context);
                    let is_pool = matches!(it.ty, SqlType::Int | SqlType::BigInt | SqlType::String);
                    let pool = Draw::Pool {
                        count: POOL,
                        in_turn: false,
                    };
                    let pool = Some(pool).filter(|_| is_pool && entity.is_some());
                    Field::new(&it.name, draw_or(pool, || self.value(&it.name, &it.ty)))
                };
                Draw::Record(fields.iter().map(field).collect())
            }
        }
    }

    /// A number of at most `whole` digits before its point and `scale` behind it.
    fn number(&self, name: &str, whole: u32, scale: u32) -> Draw {
        if let Some(named) = naming::kind_of(name, self.context)
            && naming::gives_numbers(named)
            && scale > 0
            && whole >= 3
        {
            return kind(named).map_or(Draw::About, Draw::Kind);
        }
        let found = naming::range(name).unwrap_or(Range {
            low: 1,
            high: 100,
            scale: scale.min(2),
        });
        Draw::Uniform(fitted(found, whole, scale))
    }

    fn text(&self, name: &str) -> Draw {
        if let Some(moment) = naming::moment(name) {
            return moved(moment, Spelling::Iso);
        }
        if let Some(found) = naming::kind_of(name, self.context).and_then(kind) {
            return Draw::Kind(found);
        }
        if let Some(range) = naming::range(name) {
            return Draw::Template(vec![Part::Draw(Draw::Uniform(range))]);
        }
        let words = naming::tokens(name);
        if words.last().is_some_and(|it| it == "name") {
            let label = naming::capitalised(&self.context.entity);
            return Draw::Template(vec![
                Part::Text(format!("{label} ")),
                Part::Draw(Draw::About),
            ]);
        }
        let label = format!("{}-", words.join("-"));
        let pool = Draw::Pool {
            count: 9,
            in_turn: false,
        };
        Draw::Template(vec![Part::Text(label), Part::Draw(pool)])
    }
}

const NOW: Option<Draw> = Some(Draw::Moment {
    low: 0,
    high: 0,
    spelling: Spelling::Millis,
});

fn draw_or(draw: Option<Draw>, other: impl FnOnce() -> Draw) -> Draw {
    draw.unwrap_or_else(other)
}

fn moved(moment: Moment, spelling: Spelling) -> Draw {
    let (low, high) = match moment {
        Moment::Now => (0, 0),
        Moment::Past => (-365 * DAY, -DAY),
        Moment::Birth => (-70 * 365 * DAY, -18 * 365 * DAY),
        Moment::Future => (DAY, 30 * DAY),
    };
    Draw::Moment {
        low,
        high,
        spelling,
    }
}

/// The range in numbers that a column can hold.
fn fitted(range: Range, whole: u32, scale: u32) -> Range {
    let ten = |power: u32| 10_i64.saturating_pow(power);
    let mut fitted = range;
    if fitted.scale > scale {
        let less = ten(fitted.scale - scale);
        fitted.low /= less;
        fitted.high /= less;
        fitted.scale = scale;
    }
    let digits = whole.min(18 - fitted.scale.min(18)) + fitted.scale;
    let most = ten(digits.min(18)).saturating_sub(1);
    fitted.high = fitted.high.clamp(0, most);
    fitted.low = fitted.low.clamp(-most, fitted.high);
    fitted
}

/// The keys of a map: texts, or what its key type wants.
fn map_keys(ty: &SqlType) -> Vec<Drawn> {
    match ty {
        SqlType::String => ["alpha", "beta", "gamma"].map(Drawn::text).to_vec(),
        SqlType::Boolean => vec![Drawn::Truth(false), Drawn::Truth(true)],
        _ => [1, 2, 3].map(Drawn::whole).to_vec(),
    }
}
