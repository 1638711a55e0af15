//! HISTOGRAM and ATTR: aggregates that count how often each value is there. Both can be undone.

use super::super::definition::{Definition, aggregate};
use super::{Aggregate, AggregateRequest, Folded};
use crate::arena::Arena;
use crate::types::{Column, SqlType};
use crate::value::{OwnedValue, Value};
use std::sync::Arc;

type Made = Result<Arc<dyn Aggregate>, String>;

/// Most different values that HISTOGRAM counts.
const HISTOGRAM_MAX: usize = 1000;

/// The table of these functions.
pub(super) const FUNCTIONS: &[Definition] = &[
    Definition {
        name: "HISTOGRAM",
        spelling: "histogram",
        summary: "How often each text is there, for the first 1000 different ones.",
        example: ("HISTOGRAM(ARRAY['a', 'b', 'a'])", "{a=2, b=1}"),
        overloads: &[aggregate("STRING val", "MAP<STRING, BIGINT>", histogram)],
    },
    Definition {
        name: "ATTR",
        spelling: "ATTR",
        summary: "The one value that all records have; null if they have none or several.",
        example: ("ATTR(ARRAY[5, 5])", "5"),
        overloads: &[aggregate("T colIn", "T", attr)],
    },
];

fn histogram(request: &AggregateRequest<'_>) -> Made {
    Ok(Arc::new(Tally {
        ty: request.result.clone(),
        single: false,
    }))
}

fn attr(request: &AggregateRequest<'_>) -> Made {
    Ok(Arc::new(Tally {
        ty: request.result.clone(),
        single: true,
    }))
}

/// The state of HISTOGRAM is its result; that of ATTR is an array of structs of value and count.
#[derive(Debug)]
struct Tally {
    ty: SqlType,
    single: bool,
}

impl Tally {
    fn change(&self, state: &mut OwnedValue, value: OwnedValue, by: i64) {
        match state {
            OwnedValue::Map(entries) if !value.is_null() => {
                let entries = Arc::make_mut(entries);
                let known = entries.iter().position(|(known, _)| *known == value);
                match known {
                    Some(at) => {
                        if let (_, OwnedValue::BigInt(count)) = &mut entries[at] {
                            *count += by;
                        }
                        entries.retain(|(_, count)| *count != OwnedValue::BigInt(0));
                    }
                    None if entries.len() < HISTOGRAM_MAX => {
                        entries.push((value, OwnedValue::BigInt(by)));
                    }
                    None => {}
                }
            }
            OwnedValue::Array(items) => {
                let items = Arc::make_mut(items);
                let same = |item: &OwnedValue| match item {
                    OwnedValue::Struct(fields) => fields.first() == Some(&value),
                    _ => false,
                };
                let Some(at) = items.iter().position(same) else {
                    items.push(OwnedValue::structure(vec![value, OwnedValue::BigInt(by)]));
                    return;
                };
                let left = count_of(&items[at]) + by;
                if left == 0 {
                    items.remove(at);
                } else {
                    items[at] = OwnedValue::structure(vec![value, OwnedValue::BigInt(left)]);
                }
            }
            _ => {}
        }
    }
}

fn count_of(item: &OwnedValue) -> i64 {
    match item {
        OwnedValue::Struct(fields) => match fields.get(1) {
            Some(OwnedValue::BigInt(count)) => *count,
            _ => 0,
        },
        _ => 0,
    }
}

impl Aggregate for Tally {
    fn initial(&self) -> OwnedValue {
        if self.single {
            OwnedValue::array(Vec::new())
        } else {
            OwnedValue::Map(Arc::new(Vec::new()))
        }
    }

    fn add(&self, state: &mut OwnedValue, args: &[Value<'_>]) -> Folded {
        self.change(
            state,
            args.first().copied().unwrap_or_default().to_owned(),
            1,
        );
        Ok(())
    }

    fn can_undo(&self) -> bool {
        true
    }

    fn undo(&self, state: &mut OwnedValue, args: &[Value<'_>]) -> Folded {
        self.change(
            state,
            args.first().copied().unwrap_or_default().to_owned(),
            -1,
        );
        Ok(())
    }

    fn merge(&self, state: &mut OwnedValue, other: &OwnedValue) -> Folded {
        match other {
            OwnedValue::Map(entries) => {
                for (value, count) in entries.iter() {
                    if let OwnedValue::BigInt(count) = count {
                        self.change(state, value.clone(), *count);
                    }
                }
            }
            OwnedValue::Array(items) => {
                for item in items.iter() {
                    if let OwnedValue::Struct(fields) = item {
                        let value = fields.first().cloned().unwrap_or_default();
                        self.change(state, value, count_of(item));
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn result<'a>(&self, state: &'a OwnedValue, arena: &'a Arena) -> Value<'a> {
        match state {
            OwnedValue::Array(items) => match items.as_slice() {
                [OwnedValue::Struct(fields)] => fields
                    .first()
                    .map(|value| value.borrow(arena))
                    .unwrap_or_default(),
                _ => Value::Null,
            },
            map => map.borrow(arena),
        }
    }

    fn state_type(&self) -> SqlType {
        if !self.single {
            return self.ty.clone();
        }
        SqlType::array(SqlType::Struct(vec![
            Column::new("VALUE", self.ty.clone()),
            Column::new("COUNT", SqlType::BigInt),
        ]))
    }

    fn result_type(&self) -> SqlType {
        self.ty.clone()
    }
}
