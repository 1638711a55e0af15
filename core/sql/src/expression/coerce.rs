//! The lenient rule that brings the items of IN and of constructors to one type.
//!
//! The first item with a type decides. Numbers widen to hold all of them; literals (alone or in
//! constructors) may change their kind: a text that reads as a number or a boolean, a number or
//! boolean beside texts. Columns may not.

use super::cast;
use super::node::{Expression, Node};
use crate::decimal::Decimal;
use crate::types::{Column, SqlType};
use crate::value::{OwnedValue, write_text};
use headwater_base::{Diagnostic, Fault};

/// An item to be brought to a common type, with its spelling for messages.
pub(super) struct Item {
    pub(super) expression: Expression,
    pub(super) text: String,
}

/// The common type, and the items as values of it; `None` where no item has a type.
pub(super) fn coerce(items: Vec<Item>) -> Result<Option<(SqlType, Vec<Node>)>, Diagnostic> {
    let mut common: Option<SqlType> = None;
    for item in &items {
        let Some(ty) = &item.expression.ty else {
            continue;
        };
        common = Some(match common {
            None => ty.clone(),
            Some(common) => merge(&common, &item.expression.node, ty, &item.text)?,
        });
    }
    let Some(common) = common else {
        return Ok(None);
    };
    let nodes = items.into_iter().map(|item| {
        let Expression { node, ty } = item.expression;
        ty.map_or(Node::Constant(OwnedValue::Null), |ty| {
            convert(node, ty, &common)
        })
    });
    let nodes = nodes.collect();
    Ok(Some((common, nodes)))
}

fn mismatch(common: &SqlType, ty: &SqlType, text: &str) -> Diagnostic {
    let message = format!(
        "Invalid Predicate: operator does not exist: {common} = {ty} ({text})\n\
         Hint: You might need to add explicit type casts."
    );
    Diagnostic::error(Fault::Yours, "no-common-type", message)
}

fn invalid(common: &SqlType, text: &str) -> Diagnostic {
    let message = format!("Invalid Predicate: invalid input syntax for type {common}: \"{text}\".");
    Diagnostic::error(Fault::Yours, "invalid-literal", message)
}

/// The type that holds `common` and one item more.
fn merge(common: &SqlType, node: &Node, ty: &SqlType, text: &str) -> Result<SqlType, Diagnostic> {
    if common == ty {
        return Ok(common.clone());
    }
    if let Some(number) = common.common_number(ty) {
        return Ok(number);
    }
    match (common, ty, node) {
        (_, SqlType::String, Node::Constant(OwnedValue::String(literal))) => {
            merge_text(common, literal)
        }
        (SqlType::String, scalar, Node::Constant(_))
            if scalar.is_number() || *scalar == SqlType::Boolean =>
        {
            Ok(SqlType::String)
        }
        (SqlType::Array(a), SqlType::Array(b), _) => Ok(SqlType::array(merge_parts(
            a,
            b,
            elements(node),
            text,
            (common, ty),
        )?)),
        (SqlType::Map(k1, v1), SqlType::Map(k2, v2), _) => {
            let (keys, values) = entries(node);
            let key = merge_parts(k1, k2, keys, text, (common, ty))?;
            Ok(SqlType::map(
                key,
                merge_parts(v1, v2, values, text, (common, ty))?,
            ))
        }
        (SqlType::Struct(a), SqlType::Struct(b), _) => {
            let mut fields = a.clone();
            for (at, field) in b.iter().enumerate() {
                match fields.iter_mut().find(|known| known.name == field.name) {
                    None => fields.push(Column::clone(field)),
                    Some(known) => {
                        let part = elements(node).and_then(|nodes| nodes.get(at).copied());
                        let part = part.map(|part| vec![part]);
                        known.ty = merge_parts(&known.ty, &field.ty, part, text, (common, ty))?;
                    }
                }
            }
            Ok(SqlType::Struct(fields))
        }
        _ => Err(mismatch(common, ty, text)),
    }
}

/// Merges a part's type; a constructor's parts are literals that may change their kind.
fn merge_parts(
    common: &SqlType,
    ty: &SqlType,
    parts: Option<Vec<&Node>>,
    text: &str,
    whole: (&SqlType, &SqlType),
) -> Result<SqlType, Diagnostic> {
    let outer = |found: Diagnostic| match found.code.as_str() {
        "no-common-type" => mismatch(whole.0, whole.1, text),
        _ => found,
    };
    let Some(parts) = parts else {
        return merge(common, &Node::Variable(0), ty, text).map_err(outer);
    };
    let mut merged = common.clone();
    for part in parts {
        if !matches!(part, Node::Constant(OwnedValue::Null)) {
            merged = merge(&merged, part, ty, text).map_err(outer)?;
        }
    }
    Ok(merged)
}

fn elements(node: &Node) -> Option<Vec<&Node>> {
    match node {
        Node::Array(items) | Node::Struct(items) => Some(items.iter().collect()),
        _ => None,
    }
}

/// The keys and the values of a map's constructor.
type Entries<'n> = (Option<Vec<&'n Node>>, Option<Vec<&'n Node>>);

fn entries(node: &Node) -> Entries<'_> {
    match node {
        Node::Map(pairs) => {
            let keys = pairs.iter().map(|(key, _)| key).collect();
            (
                Some(keys),
                Some(pairs.iter().map(|(_, value)| value).collect()),
            )
        }
        _ => (None, None),
    }
}

/// A text literal beside values of `common`.
fn merge_text(common: &SqlType, literal: &str) -> Result<SqlType, Diagnostic> {
    let fits = match common {
        SqlType::Boolean => cast::read_boolean_exactly(literal).is_some(),
        SqlType::Time => crate::time::parse_time(literal.trim()).is_some(),
        SqlType::Date | SqlType::Timestamp => crate::time::parse_timestamp(literal).is_some(),
        SqlType::Int | SqlType::BigInt | SqlType::Double | SqlType::Decimal { .. } => {
            let number = number_of(literal).ok_or_else(|| invalid(common, literal))?;
            return Ok(common
                .common_number(&number)
                .unwrap_or_else(|| common.clone()));
        }
        SqlType::Bytes => crate::format::decode_base64(literal).is_some(),
        _ => return Err(mismatch(common, &SqlType::String, literal)),
    };
    if fits {
        Ok(common.clone())
    } else {
        Err(invalid(common, literal))
    }
}

/// The narrowest type of the number that a text spells.
fn number_of(literal: &str) -> Option<SqlType> {
    let trimmed = literal.trim();
    let decimal = Decimal::parse(trimmed)?;
    let whole = decimal.with_scale(0, crate::decimal::Rounding::Unnecessary);
    let plain = !trimmed.contains(['.', 'e', 'E']);
    let integer = whole
        .filter(|whole| plain && whole.precision() < 19)
        .map(|x| x.to_i64_wrapping());
    Some(match integer {
        Some(x) if i32::try_from(x).is_ok() => SqlType::Int,
        Some(_) => SqlType::BigInt,
        None => {
            let scale = decimal.scale().max(0) as u32;
            SqlType::decimal(decimal.precision().max(scale + 1), scale)
        }
    })
}

/// The item as a value of the common type; literals are converted once.
fn convert(node: Node, ty: SqlType, common: &SqlType) -> Node {
    if ty == *common {
        return node;
    }
    match (node, &ty, common) {
        (Node::Constant(OwnedValue::String(text)), SqlType::String, _) => {
            literal(&text, common).unwrap_or(Node::Constant(OwnedValue::Null))
        }
        (Node::Constant(value), _, SqlType::String) => {
            let mut text = String::new();
            let _ = write_text(&mut text, value.borrow_scalar(), Some(&ty));
            Node::Constant(OwnedValue::from(text.as_str()))
        }
        (Node::Array(items), SqlType::Array(from), SqlType::Array(to)) => {
            Node::Array(items.into_iter().map(|item| part(item, from, to)).collect())
        }
        (Node::Map(entries), SqlType::Map(k1, v1), SqlType::Map(k2, v2)) => Node::Map(
            entries
                .into_iter()
                .map(|(k, v)| (part(k, k1, k2), part(v, v1, v2)))
                .collect(),
        ),
        (Node::Struct(parts), SqlType::Struct(from), SqlType::Struct(to)) => {
            let fields = to.iter().map(|field| {
                let at = from.iter().position(|known| known.name == field.name);
                at.map_or(Node::Constant(OwnedValue::Null), |at| {
                    part(parts[at].clone(), &from[at].ty, &field.ty)
                })
            });
            Node::Struct(fields.collect())
        }
        (node, ..) => cast::node(node, ty, common.clone()),
    }
}

fn part(node: Node, from: &SqlType, to: &SqlType) -> Node {
    match node {
        Node::Constant(OwnedValue::Null) => node,
        node => convert(node, from.clone(), to),
    }
}

/// A text literal as a constant of a type.
fn literal(text: &str, to: &SqlType) -> Option<Node> {
    let trimmed = text.trim();
    let (value, from) = match to {
        SqlType::Boolean => {
            let truth = cast::read_boolean_exactly(text)?;
            return Some(Node::Constant(OwnedValue::Boolean(truth)));
        }
        SqlType::Int | SqlType::BigInt | SqlType::Double | SqlType::Decimal { .. } => {
            let decimal = Decimal::parse(trimmed)?;
            let scale = decimal.scale().max(0) as u32;
            let ty = SqlType::decimal(crate::decimal::DIGITS_MAX, scale);
            (OwnedValue::from(decimal), ty)
        }
        _ => (OwnedValue::from(trimmed), SqlType::String),
    };
    Some(super::comparison::folded(cast::node(
        Node::Constant(value),
        from,
        to.clone(),
    )))
}
