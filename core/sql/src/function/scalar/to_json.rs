//! TO_JSON_STRING: any value as JSON text.

use super::super::Call;
use super::super::definition::{Definition, nullable};
use super::row;
use crate::expression::EvalError;
use crate::format::{encode_base64, write_json_string};
use crate::types::SqlType;
use crate::value::{Value, write_java_double, write_text};
use headwater_base::order;

type Result<'a> = std::result::Result<Value<'a>, EvalError>;

/// The table of these functions.
pub(super) const FUNCTIONS: &[Definition] = &[row(
    "TO_JSON_STRING",
    "TO_JSON_STRING",
    "The value as JSON text.",
    ("TO_JSON_STRING(ARRAY[1, 2])", "[1,2]"),
    &[nullable("T value", "STRING", to_json)],
)];

fn to_json<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let mut text = Vec::new();
    write(
        call.arg(0),
        call.types.first().and_then(Option::as_ref),
        &mut text,
    );
    call.text(&String::from_utf8_lossy(&text))
}

/// A value as JSON: keys sorted, times as ISO texts.
fn write(value: Value<'_>, ty: Option<&SqlType>, out: &mut Vec<u8>) {
    let mut text = String::new();
    match (value, ty) {
        (Value::Null, _) => out.extend_from_slice(b"null"),
        (Value::String(x), _) => write_json_string(x, out),
        (Value::Bytes(x), _) => {
            out.push(b'"');
            encode_base64(x, out);
            out.push(b'"');
        }
        (Value::Double(x), _) => {
            // Writing to memory cannot fail.
            let _ = write_java_double(&mut text, x);
            if x.is_finite() {
                out.extend(text.bytes())
            } else {
                write_json_string(&text, out)
            }
        }
        (Value::Time(_) | Value::Date(_) | Value::Timestamp(_), _) => {
            let _ = write_text(&mut text, value, ty);
            write_json_string(&text, out);
        }
        (Value::Array(items), Some(SqlType::Array(element))) => {
            out.push(b'[');
            for (at, item) in items.iter().enumerate() {
                out.extend((at > 0).then_some(b','));
                write(*item, Some(element), out);
            }
            out.push(b']');
        }
        (Value::Struct(fields), Some(SqlType::Struct(columns))) => {
            let fields = columns.iter().zip(fields);
            let fields = fields.map(|(column, value)| (column.name.clone(), *value, &column.ty));
            write_sorted(fields.collect(), out);
        }
        (Value::Map(entries), Some(SqlType::Map(_, ty))) => {
            let fields = entries.iter().map(|(key, value)| {
                let mut name = String::new();
                let _ = write_text(&mut name, *key, None);
                (name, *value, ty.as_ref())
            });
            write_sorted(fields.collect(), out);
        }
        (scalar, ty) => {
            let _ = write_text(&mut text, scalar, ty);
            out.extend(text.bytes());
        }
    }
}

fn write_sorted(mut fields: Vec<(String, Value<'_>, &SqlType)>, out: &mut Vec<u8>) {
    order::sort_by(&mut fields, |(a, ..), (b, ..)| a.cmp(b));
    out.push(b'{');
    for (at, (name, value, ty)) in fields.into_iter().enumerate() {
        out.extend((at > 0).then_some(b','));
        write_json_string(&name, out);
        out.push(b':');
        write(value, Some(ty), out);
    }
    out.push(b'}');
}
