//! Answers in PROTOBUF: the schema of the rows as proto3 text, and each row as a text message.
//!
//! They are made of the rows of a pull query, by the rules of the format: what is its type's
//! default is not written, and neither is a null. It knows nothing of running queries.

use crate::json::Json;
use headwater_sql::engine::Rows;
use headwater_sql::types::{Column, SqlType};
use headwater_sql::value::OwnedValue;
use std::fmt::Write;

/// What differs between an answer and what is expected of it; rows come in any order.
pub(crate) fn check(lines: &[Json], rows: &Rows) -> Result<(), String> {
    let (mut wanted, mut ending) = (Vec::new(), None);
    for line in lines {
        let stated = line.get("header").and_then(|it| it.get("protoSchema"));
        if let Some(stated) = stated.and_then(Json::as_str) {
            let schema = schema(&rows.columns)?;
            if schema != stated {
                return Err(format!("the schema is {schema}, not {stated}"));
            }
        } else if let Some(row) = line.get("row") {
            wanted.push(in_order(&row.text()));
        } else if let Some(message) = line.get("finalMessage") {
            ending = message.as_str();
        }
    }
    let made = rows.rows.iter().map(|row| {
        let mut out = String::new();
        fields(&row.values, &rows.columns, 0, &mut out);
        in_order(&out)
    });
    let mut made: Vec<String> = made.collect();
    wanted.sort();
    made.sort();
    match (wanted == made, ending == rows.ending) {
        (true, true) => Ok(()),
        (false, _) => Err(format!("the rows are {made:?}, not {wanted:?}")),
        (_, false) => Err(format!("it ended with {:?}, not {ending:?}", rows.ending)),
    }
}

/// A message with its fields sorted: the entries of a map have no order.
fn in_order(message: &str) -> String {
    let mut blocks: Vec<String> = Vec::new();
    for line in message.lines() {
        match blocks.last_mut() {
            Some(block) if line.starts_with([' ', '}']) => *block += &format!("\n{line}"),
            _ => blocks.push(line.to_owned()),
        }
    }
    blocks.sort();
    blocks.join("\n")
}

fn schema(columns: &[Column]) -> Result<String, String> {
    let mut out = "syntax = \"proto3\";\n\n".to_owned();
    message("ConnectDefault1", columns, &mut 1, 0, &mut out)?;
    Ok(out)
}

/// A message, with those that its fields need inside it; `last` numbers them.
fn message(
    name: &str,
    columns: &[Column],
    last: &mut u32,
    depth: usize,
    out: &mut String,
) -> Result<(), String> {
    let margin = "  ".repeat(depth);
    let mut inner = String::new();
    *out += &format!("{margin}message {name} {{\n");
    for (at, column) in columns.iter().enumerate() {
        let (repeated, ty) = match &column.ty {
            SqlType::Array(element) => ("repeated ", &**element),
            SqlType::Map(..) => ("repeated ", &column.ty),
            ty => ("", ty),
        };
        let nested = match ty {
            SqlType::Struct(columns) => Some((columns.clone(), "")),
            SqlType::Map(key, value) => {
                let key = Column::new("key".to_owned(), (**key).clone());
                let value = Column::new("value".to_owned(), (**value).clone());
                Some((vec![key, value], "Entry"))
            }
            _ => None,
        };
        let ty = match nested {
            None => scalar(ty)?.to_owned(),
            Some((columns, end)) => {
                *last += 1;
                let name = format!("ConnectDefault{last}{end}");
                inner.push('\n');
                message(&name, &columns, last, depth + 1, &mut inner)?;
                name
            }
        };
        *out += &format!("{margin}  {repeated}{ty} {} = {};\n", column.name, at + 1);
    }
    *out += &format!("{inner}{margin}}}\n");
    Ok(())
}

fn scalar(ty: &SqlType) -> Result<&'static str, String> {
    Ok(match ty {
        SqlType::Boolean => "bool",
        SqlType::Int => "int32",
        SqlType::BigInt => "int64",
        SqlType::Double => "double",
        SqlType::String => "string",
        SqlType::Bytes => "bytes",
        ty => return Err(format!("{ty} in PROTOBUF answers is not written yet")),
    })
}

fn fields(values: &[OwnedValue], columns: &[Column], depth: usize, out: &mut String) {
    for (value, column) in values.iter().zip(columns) {
        match (value, &column.ty) {
            (OwnedValue::Array(items), SqlType::Array(element)) => {
                let item = |item| field(&column.name, item, element, depth, true, out);
                items.iter().for_each(item);
            }
            (OwnedValue::Map(entries), SqlType::Map(key, inner)) => {
                let sides = [("key", key), ("value", inner)];
                let sides = sides.map(|(name, ty)| Column::new(name.to_owned(), (**ty).clone()));
                let entry_type = SqlType::Struct(sides.to_vec());
                for (key, value) in entries.iter() {
                    let entry = OwnedValue::Struct(vec![key.clone(), value.clone()].into());
                    field(&column.name, &entry, &entry_type, depth, true, out);
                }
            }
            (value, ty) => field(&column.name, value, ty, depth, false, out),
        }
    }
}

/// One field; its type's default is only written where an array repeats it.
fn field(
    name: &str,
    value: &OwnedValue,
    ty: &SqlType,
    depth: usize,
    repeated: bool,
    out: &mut String,
) {
    let margin = "  ".repeat(depth);
    let text = match (value, ty) {
        (OwnedValue::Struct(values), SqlType::Struct(columns)) => {
            *out += &format!("{margin}{name} {{\n");
            fields(values, columns, depth + 1, out);
            *out += &format!("{margin}}}\n");
            return;
        }
        (OwnedValue::Boolean(it), _) if *it || repeated => it.to_string(),
        (OwnedValue::Int(it), _) if *it != 0 || repeated => it.to_string(),
        (OwnedValue::BigInt(it), _) if *it != 0 || repeated => it.to_string(),
        (OwnedValue::Double(it), _) if *it != 0.0 || repeated => format!("{it:?}"),
        (OwnedValue::String(it), _) if !it.is_empty() || repeated => quoted(it.as_bytes()),
        (OwnedValue::Bytes(it), _) if !it.is_empty() || repeated => quoted(it),
        _ => return,
    };
    *out += &format!("{margin}{name}: {text}\n");
}

/// Bytes as a text message has them: what is not printable in octal.
fn quoted(bytes: &[u8]) -> String {
    let mut out = "\"".to_owned();
    for byte in bytes {
        match byte {
            b'"' | b'\\' | b'\'' => {
                out.push('\\');
                out.push(char::from(*byte));
            }
            b'\n' => out += "\\n",
            b' '..=b'~' => out.push(char::from(*byte)),
            // Writing to a String cannot fail.
            _ => drop(write!(out, "\\{byte:03o}")),
        }
    }
    out + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_numbered_and_defaults_are_left_out() {
        let entry = SqlType::Struct(vec![Column::new("N".to_owned(), SqlType::Int)]);
        let columns = [
            Column::new("A".to_owned(), SqlType::Array(Box::new(entry))),
            Column::new("B".to_owned(), SqlType::Bytes),
        ];
        let expected = "syntax = \"proto3\";\n\nmessage ConnectDefault1 {\n  repeated \
                        ConnectDefault2 A = 1;\n  bytes B = 2;\n\n  message ConnectDefault2 \
                        {\n    int32 N = 1;\n  }\n}\n";
        assert_eq!(schema(&columns).unwrap(), expected);
        let one = |n| OwnedValue::Struct(vec![OwnedValue::Int(n)].into());
        let values = [
            OwnedValue::Array(vec![one(0), one(7)].into()),
            OwnedValue::Bytes(vec![b'!', 0].into()),
        ];
        let mut out = String::new();
        fields(&values, &columns, 0, &mut out);
        assert_eq!(out, "A {\n}\nA {\n  N: 7\n}\nB: \"!\\000\"\n");
    }
}
