//! Parameter types: their spelling in function tables and in messages, and what they accept.
//!
//! The spelling of tables: `STRING text, INT... positions, ARRAY<T> list, (K, V) => R mapping,
//! literal INT count`. A single capital letter is a type variable.

use crate::types::{Column, SqlType};
use headwater_base::SortedMap;
use std::fmt;

/// A parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name, for help and messages.
    pub name: &'static str,
    /// What it accepts.
    pub ty: ParameterType,
    /// Whether it takes any number of arguments, none included.
    pub variadic: bool,
    /// Whether its argument must be a literal.
    pub literal: bool,
}

/// What a parameter accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParameterType {
    /// Exactly this type, or what widens to it.
    Type(SqlType),
    /// A decimal of any precision.
    Decimal,
    /// Anything, the same for the same letter.
    Variable(char),
    /// Anything at all.
    Any,
    /// An array.
    Array(Box<ParameterType>),
    /// A map.
    Map(Box<ParameterType>, Box<ParameterType>),
    /// A struct with these fields.
    Struct(Vec<(&'static str, ParameterType)>),
    /// A lambda: what it takes, what it gives.
    Lambda(Vec<ParameterType>, Box<ParameterType>),
    /// A unit of time, such as DAYS.
    Unit,
}

/// What type variables have been found to be.
pub type Bindings = SortedMap<char, SqlType>;

/// Reads a list of parameters.
pub(super) fn parse_parameters(text: &'static str) -> Vec<Parameter> {
    let parts = split(text);
    parts.into_iter().map(parse_parameter).collect()
}

fn parse_parameter(text: &'static str) -> Parameter {
    let (ty, name) = text.trim().rsplit_once(' ').unwrap_or((text, ""));
    let literal = ty.starts_with("literal ");
    let ty = ty.trim_start_matches("literal ").trim();
    let variadic = ty.ends_with("...");
    Parameter {
        name,
        ty: parse_type(ty.trim_end_matches("...")),
        variadic,
        literal,
    }
}

/// Splits at commas that are not inside brackets.
fn split(text: &'static str) -> Vec<&'static str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0, 0);
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        let arrow = at > 0 && bytes[at - 1] == b'=';
        match byte {
            b'<' | b'(' => depth += 1,
            b'>' if !arrow => depth -= 1,
            b')' => depth -= 1,
            b',' if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    if !text[start..].trim().is_empty() {
        parts.push(&text[start..]);
    }
    parts
}

/// Reads a type. What it does not know is a type variable that nothing binds, which the test of
/// the registry finds.
pub(super) fn parse_type(text: &'static str) -> ParameterType {
    let text = text.trim();
    if let Some((from, to)) = text.split_once("=>") {
        let from = from.trim().trim_start_matches('(').trim_end_matches(')');
        let from = split(from).into_iter().map(parse_type).collect();
        return ParameterType::Lambda(from, Box::new(parse_type(to)));
    }
    if let Some(inner) = inside(text, "ARRAY<") {
        return ParameterType::Array(Box::new(parse_type(inner)));
    }
    if let Some(inner) = inside(text, "MAP<") {
        let parts = split(inner);
        let part = |at: usize| Box::new(parse_type(parts.get(at).copied().unwrap_or("")));
        return ParameterType::Map(part(0), part(1));
    }
    if let Some(inner) = inside(text, "STRUCT<") {
        let field = |text: &'static str| {
            let (name, ty) = text.trim().split_once(' ').unwrap_or((text, ""));
            (name, parse_type(ty))
        };
        return ParameterType::Struct(split(inner).into_iter().map(field).collect());
    }
    ParameterType::Type(match text {
        "BOOLEAN" => SqlType::Boolean,
        "INT" => SqlType::Int,
        "BIGINT" => SqlType::BigInt,
        "DOUBLE" => SqlType::Double,
        "STRING" => SqlType::String,
        "BYTES" => SqlType::Bytes,
        "TIME" => SqlType::Time,
        "DATE" => SqlType::Date,
        "TIMESTAMP" => SqlType::Timestamp,
        "DECIMAL" => return ParameterType::Decimal,
        "ANY" => return ParameterType::Any,
        "UNIT" => return ParameterType::Unit,
        letter => return ParameterType::Variable(letter.chars().next().unwrap_or('?')),
    })
}

fn inside(text: &'static str, opening: &str) -> Option<&'static str> {
    text.strip_prefix(opening)?.strip_suffix('>')
}

impl ParameterType {
    /// Whether an argument of type `ty` fits, binding type variables; `widening` allows the
    /// implicit casts: between numbers, and of texts that spell times.
    pub fn accepts(&self, ty: &SqlType, bindings: &mut Bindings, widening: bool) -> bool {
        match (self, ty) {
            (ParameterType::Any, _) => true,
            (ParameterType::Type(SqlType::Double), number) if widening => number.is_number(),
            (ParameterType::Type(SqlType::BigInt), SqlType::Int) => widening,
            (
                ParameterType::Type(SqlType::Date | SqlType::Time | SqlType::Timestamp),
                SqlType::String,
            ) => widening,
            (ParameterType::Type(own), ty) => own == ty,
            (ParameterType::Decimal, SqlType::Decimal { .. }) => true,
            (ParameterType::Decimal, SqlType::Int | SqlType::BigInt) => widening,
            (ParameterType::Variable(letter), ty) => match bindings.get(letter) {
                Some(bound) => bound == ty,
                None => {
                    bindings.insert(*letter, ty.clone());
                    true
                }
            },
            (ParameterType::Array(inner), SqlType::Array(element)) => {
                inner.accepts(element, bindings, false)
            }
            (ParameterType::Map(key, value), SqlType::Map(k, v)) => {
                key.accepts(k, bindings, false) && value.accepts(v, bindings, false)
            }
            (ParameterType::Struct(own), SqlType::Struct(fields)) => {
                let same = |((name, ty), field): (&(&str, ParameterType), &Column)| {
                    *name == field.name && ty.accepts(&field.ty, bindings, false)
                };
                own.len() == fields.len() && own.iter().zip(fields).all(same)
            }
            _ => false,
        }
    }

    /// The type with its variables replaced; a DECIMAL is `decimal`. `None` where a variable is
    /// not bound.
    pub fn bound(&self, bindings: &Bindings, decimal: Option<(u32, u32)>) -> Option<SqlType> {
        Some(match self {
            ParameterType::Type(ty) => ty.clone(),
            ParameterType::Decimal => {
                let (precision, scale) = decimal?;
                SqlType::decimal(precision, scale)
            }
            ParameterType::Variable(letter) => bindings.get(letter)?.clone(),
            ParameterType::Array(inner) => SqlType::array(inner.bound(bindings, decimal)?),
            ParameterType::Map(key, value) => SqlType::map(
                key.bound(bindings, decimal)?,
                value.bound(bindings, decimal)?,
            ),
            ParameterType::Struct(fields) => {
                let field = |(name, ty): &(&'static str, ParameterType)| {
                    Some(Column::new(*name, ty.bound(bindings, decimal)?))
                };
                SqlType::Struct(fields.iter().map(field).collect::<Option<_>>()?)
            }
            ParameterType::Any | ParameterType::Lambda(..) | ParameterType::Unit => return None,
        })
    }

    /// How many type variables stand in it.
    pub(super) fn variables(&self) -> usize {
        match self {
            ParameterType::Variable(_) => 1,
            ParameterType::Array(inner) => inner.variables(),
            ParameterType::Map(key, value) => key.variables() + value.variables(),
            _ => 0,
        }
    }
}

/// As ksqlDB's messages about functions spell it.
impl fmt::Display for ParameterType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ParameterType::Type(SqlType::String) => f.write_str("VARCHAR"),
            ParameterType::Type(SqlType::Int) => f.write_str("INT"),
            ParameterType::Type(ty) => write!(f, "{ty}"),
            ParameterType::Decimal => f.write_str("DECIMAL"),
            ParameterType::Variable(letter) => write!(f, "{letter}"),
            ParameterType::Any => f.write_str("ANY"),
            ParameterType::Array(inner) => write!(f, "ARRAY<{inner}>"),
            ParameterType::Map(key, value) => write!(f, "MAP<{key}, {value}>"),
            ParameterType::Struct(fields) => {
                f.write_str("STRUCT<")?;
                for (at, (name, ty)) in fields.iter().enumerate() {
                    write!(f, "{}{name} {ty}", if at == 0 { "" } else { ", " })?;
                }
                f.write_str(">")
            }
            ParameterType::Lambda(from, to) => {
                let from: Vec<String> = from.iter().map(ParameterType::to_string).collect();
                write!(f, "LAMBDA ({}) => {to}", from.join(", "))
            }
            ParameterType::Unit => f.write_str("INTERVALUNIT"),
        }
    }
}

impl fmt::Display for Parameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dots = if self.variadic { "..." } else { "" };
        write!(f, "{}{dots} {}", self.ty, self.name)
    }
}
