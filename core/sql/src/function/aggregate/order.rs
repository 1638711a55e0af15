//! MIN, MAX, TOPK and TOPKDISTINCT: aggregates by order. None of them can be undone.

use super::super::definition::{AggregateBody, Body};
use super::super::definition::{Definition, Row, aggregate};
use super::{Aggregate, AggregateRequest, Folded};
use crate::arena::Arena;
use crate::expression::order;
use crate::types::{Column, SqlType};
use crate::value::{OwnedValue, Value};
use std::cmp::Ordering;
use std::sync::Arc;

type Made = Result<Arc<dyn Aggregate>, String>;

const fn ordered(body: AggregateBody) -> [Row; 9] {
    [
        aggregate("INT value", "INT", body),
        aggregate("BIGINT value", "BIGINT", body),
        aggregate("DOUBLE value", "DOUBLE", body),
        aggregate("DECIMAL value", "DECIMAL", body),
        aggregate("STRING value", "STRING", body),
        aggregate("BYTES value", "BYTES", body),
        aggregate("DATE value", "DATE", body),
        aggregate("TIME value", "TIME", body),
        aggregate("TIMESTAMP value", "TIMESTAMP", body),
    ]
}

const MIN: [Row; 9] = ordered(min);
const MAX: [Row; 9] = ordered(max);

/// The result of TOPK: an array of values, or of structs where other columns come along.
fn topk_type(types: &[Option<SqlType>]) -> Option<SqlType> {
    // The last argument is k.
    let columns = types.split_last()?.1;
    let first = columns.first()?.clone()?;
    if columns.len() == 1 {
        return Some(SqlType::array(first));
    }
    let mut fields = vec![Column::new("sort_col", first)];
    for (at, ty) in columns[1..].iter().enumerate() {
        fields.push(Column::new(format!("col{at}"), ty.clone()?));
    }
    Some(SqlType::array(SqlType::Struct(fields)))
}

const fn topk_row(parameters: &'static str) -> Row {
    Row {
        parameters,
        result: "",
        rule: Some(topk_type),
        body: Body::Aggregate(topk),
    }
}

/// The table of these functions.
pub(super) const FUNCTIONS: &[Definition] = &[
    Definition {
        name: "MIN",
        spelling: "MIN",
        summary: "The smallest value; nulls are skipped.",
        example: ("MIN(ARRAY[3, NULL, 2])", "2"),
        overloads: &MIN,
    },
    Definition {
        name: "MAX",
        spelling: "MAX",
        summary: "The greatest value; nulls are skipped.",
        example: ("MAX(ARRAY[3, NULL, 2])", "3"),
        overloads: &MAX,
    },
    Definition {
        name: "TOPK",
        spelling: "TOPK",
        summary: "The k greatest values, greatest first; other columns come along in structs.",
        example: ("TOPK(ARRAY[3, NULL, 2, 5], 2)", "[5, 3]"),
        overloads: &[
            topk_row("INT value, literal INT k"),
            topk_row("BIGINT value, literal INT k"),
            topk_row("DOUBLE value, literal INT k"),
            topk_row("STRING value, literal INT k"),
            topk_row("INT value, ANY... others, literal INT k"),
            topk_row("BIGINT value, ANY... others, literal INT k"),
            topk_row("DOUBLE value, ANY... others, literal INT k"),
            topk_row("STRING value, ANY... others, literal INT k"),
        ],
    },
    Definition {
        name: "TOPKDISTINCT",
        spelling: "TOPKDISTINCT",
        summary: "The k greatest different values, greatest first.",
        example: ("TOPKDISTINCT(ARRAY[3, 5, 2, 5], 2)", "[5, 3]"),
        overloads: &[
            aggregate("INT value, literal INT k", "ARRAY<INT>", topk_distinct),
            aggregate(
                "BIGINT value, literal INT k",
                "ARRAY<BIGINT>",
                topk_distinct,
            ),
            aggregate(
                "DOUBLE value, literal INT k",
                "ARRAY<DOUBLE>",
                topk_distinct,
            ),
            aggregate(
                "DECIMAL value, literal INT k",
                "ARRAY<DECIMAL>",
                topk_distinct,
            ),
            aggregate(
                "STRING value, literal INT k",
                "ARRAY<STRING>",
                topk_distinct,
            ),
            aggregate("BYTES value, literal INT k", "ARRAY<BYTES>", topk_distinct),
            aggregate("DATE value, literal INT k", "ARRAY<DATE>", topk_distinct),
            aggregate("TIME value, literal INT k", "ARRAY<TIME>", topk_distinct),
            aggregate(
                "TIMESTAMP value, literal INT k",
                "ARRAY<TIMESTAMP>",
                topk_distinct,
            ),
        ],
    },
];

fn min(request: &AggregateRequest<'_>) -> Made {
    Ok(Arc::new(Extreme {
        ty: request.result.clone(),
        wanted: Ordering::Less,
    }))
}

fn max(request: &AggregateRequest<'_>) -> Made {
    Ok(Arc::new(Extreme {
        ty: request.result.clone(),
        wanted: Ordering::Greater,
    }))
}

#[derive(Debug)]
struct Extreme {
    ty: SqlType,
    wanted: Ordering,
}

impl Aggregate for Extreme {
    fn initial(&self) -> OwnedValue {
        OwnedValue::Null
    }

    fn add(&self, state: &mut OwnedValue, args: &[Value<'_>]) -> Folded {
        let value = args.first().copied().unwrap_or_default();
        let better = !value.is_null()
            && (state.is_null() || order(value, state.borrow_scalar()) == Some(self.wanted));
        if better {
            *state = value.to_owned();
        }
        Ok(())
    }

    fn merge(&self, state: &mut OwnedValue, other: &OwnedValue) -> Folded {
        self.add(state, &[other.borrow_scalar()])
    }

    fn result_type(&self) -> SqlType {
        self.ty.clone()
    }
}

fn topk(request: &AggregateRequest<'_>) -> Made {
    top(request, false)
}

fn topk_distinct(request: &AggregateRequest<'_>) -> Made {
    top(request, true)
}

fn top(request: &AggregateRequest<'_>, distinct: bool) -> Made {
    let k = request
        .count(0)
        .filter(|k| *k > 0)
        .ok_or("k must be a positive number")?;
    Ok(Arc::new(Top {
        k: k as usize,
        distinct,
        with_others: request.types.len() > 1,
        ty: request.result.clone(),
    }))
}

/// The state is the result: values in descending order, the older of equal ones first.
#[derive(Debug)]
struct Top {
    k: usize,
    distinct: bool,
    with_others: bool,
    ty: SqlType,
}

impl Top {
    fn sort_value<'v>(&self, item: &'v OwnedValue) -> Value<'v> {
        match item {
            OwnedValue::Struct(fields) => fields
                .first()
                .map(OwnedValue::borrow_scalar)
                .unwrap_or_default(),
            scalar => scalar.borrow_scalar(),
        }
    }

    fn enter(&self, state: &mut OwnedValue, item: OwnedValue) {
        let OwnedValue::Array(items) = state else {
            return;
        };
        let value = self.sort_value(&item);
        let below =
            |known: &OwnedValue| order(self.sort_value(known), value) == Some(Ordering::Less);
        let at = items.iter().position(below).unwrap_or(items.len());
        let known =
            at > 0 && order(self.sort_value(&items[at - 1]), value) == Some(Ordering::Equal);
        if at >= self.k || self.distinct && known {
            return;
        }
        let items = Arc::make_mut(items);
        items.insert(at, item);
        items.truncate(self.k);
    }
}

impl Aggregate for Top {
    fn initial(&self) -> OwnedValue {
        OwnedValue::array(Vec::new())
    }

    fn add(&self, state: &mut OwnedValue, args: &[Value<'_>]) -> Folded {
        match args {
            [] | [Value::Null, ..] => {}
            many if self.with_others => {
                let fields = many.iter().map(Value::to_owned).collect();
                self.enter(state, OwnedValue::structure(fields));
            }
            [one, ..] => self.enter(state, one.to_owned()),
        }
        Ok(())
    }

    fn merge(&self, state: &mut OwnedValue, other: &OwnedValue) -> Folded {
        if let OwnedValue::Array(items) = other {
            items
                .iter()
                .for_each(|item| self.enter(state, item.clone()));
        }
        Ok(())
    }

    fn result<'a>(&self, state: &'a OwnedValue, arena: &'a Arena) -> Value<'a> {
        state.borrow(arena)
    }

    fn result_type(&self) -> SqlType {
        self.ty.clone()
    }
}
