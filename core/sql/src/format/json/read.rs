//! JSON values as values of SQL types, as lenient as ksqlDB: numbers may be texts, STRING takes
//! anything, a fraction is cut to an integer.

use super::scan::Scanner;
use super::write::write_string;
use super::{ColumnSet, FieldName, FormatError};
use crate::arena::Arena;
use crate::decimal::{Decimal, Rounding};
use crate::expression::read_double;
use crate::format::decode_base64;
use crate::types::{Column, SqlType};
use crate::value::Value;

type Read<'a> = Result<Value<'a>, FormatError>;

/// Reads the fields of an object into slots, one a column. Columns that are not wanted are
/// checked and left null. `names` may be empty; else it has one name a column.
pub(super) fn read_fields<'a>(
    scanner: &mut Scanner<'a>,
    columns: &[Column],
    names: &[FieldName],
    arena: &'a Arena,
    wanted: Option<&ColumnSet>,
    slots: &mut [Value<'a>],
) -> Result<(), FormatError> {
    if scanner.peek() != Some(b'{') {
        return Err(FormatError::new("This is no JSON object"));
    }
    let mut small = false;
    let mut hint = read_usual_fields(scanner, columns, names, wanted, slots, &mut small);
    let mut first = hint == 0;
    // Columns that were found by exact name; another field does not replace them.
    let mut exact = match small {
        false if hint < 64 => (1u64 << hint) - 1,
        false => u64::MAX,
        true => 0,
    };
    scanner.enter_at(b'{', first)?;
    loop {
        let found = match expected(scanner, names, (hint, first), &mut small) {
            Some(found) => Some(found),
            None if !scanner.next_item(first, b'}')? => break,
            None => find(columns, scanner.name(arena)?, hint),
        };
        first = false;
        let Some((at, is_exact)) = found else {
            scanner.skip_value()?;
            continue;
        };
        hint = at + 1;
        let bit = if at < 64 { 1u64 << at } else { 0 };
        if !is_exact && exact & bit != 0 {
            scanner.skip_value()?;
            continue;
        }
        exact |= if is_exact { bit } else { 0 };
        let column = &columns[at];
        let needed = wanted.is_none_or(|wanted| wanted.contains(at));
        if !needed && matches!(column.ty, SqlType::String) {
            scanner.skip_value()?;
            continue;
        }
        let value = read(scanner, &column.ty, arena).map_err(|found| FormatError {
            path: format!(".{}{}", column.name, found.path),
            ..found
        })?;
        slots[at] = if needed { value } else { Value::Null };
    }
    Ok(())
}

/// Fields mostly come in the order of the columns and without white space: then what stands
/// between two values is known, and need not be looked for. `small` is how the last name was
/// spelled, as the next one mostly is.
#[inline]
fn expected(
    scanner: &mut Scanner<'_>,
    names: &[FieldName],
    (hint, first): (usize, bool),
    small: &mut bool,
) -> Option<(usize, bool)> {
    let name = names.get(hint)?;
    // The bracket before the first field has been taken.
    let start = usize::from(first);
    for _ in 0..2 {
        let spelled = if *small {
            name.small.as_deref()
        } else {
            Some(&*name.written)
        };
        if let Some(spelled) = spelled
            && scanner.take_all(&spelled[start..])
        {
            return Some((hint, !*small));
        }
        *small = !*small;
    }
    None
}

/// Reads the first fields, as long as they are the columns in their order, spelled and spaced as
/// usual, with all names in one case; gives how many. What is not so is left to the slower way.
fn read_usual_fields<'a>(
    scanner: &mut Scanner<'a>,
    columns: &[Column],
    names: &[FieldName],
    wanted: Option<&ColumnSet>,
    slots: &mut [Value<'a>],
    small: &mut bool,
) -> usize {
    let has_small = |name: &FieldName| name.small.as_deref().is_some_and(|it| scanner.has(it));
    *small = names.first().is_some_and(has_small);
    let fields = columns.iter().zip(names).zip(slots.iter_mut());
    for (at, ((column, name), slot)) in fields.enumerate() {
        let spelled = match small {
            true => name.small.as_deref(),
            false => Some(&*name.written),
        };
        let begin = scanner.place();
        if !spelled.is_some_and(|spelled| scanner.take_all(spelled)) {
            return at;
        }
        let value = match column.ty {
            _ if scanner.take_all(b"null") => Some(Value::Null),
            SqlType::Int => scanner.short_integer().map(|x| Value::Int(x as i32)),
            SqlType::BigInt => scanner.short_integer().map(Value::BigInt),
            SqlType::String => scanner.plain_string().map(Value::String),
            _ => None,
        };
        let Some(value) = value else {
            scanner.go_back(begin);
            return at;
        };
        if wanted.is_none_or(|wanted| wanted.contains(at)) {
            *slot = value;
        }
    }
    names.len().min(columns.len())
}

/// The column of a field's name, and whether the name is exactly the column's. Fields mostly come
/// in the order of the columns, so the search begins at `hint`.
#[inline]
fn find(columns: &[Column], name: &str, hint: usize) -> Option<(usize, bool)> {
    if columns.get(hint).is_some_and(|column| column.name == name) {
        return Some((hint, true));
    }
    if let Some(at) = columns.iter().position(|column| column.name == name) {
        return Some((at, true));
    }
    let upper = |column: &Column| {
        if name.is_ascii() {
            let same = |(a, b): (u8, u8)| a.to_ascii_uppercase() == b;
            return column.name.len() == name.len()
                && name.bytes().zip(column.name.bytes()).all(same);
        }
        column.name == name.to_uppercase()
    };
    if columns.get(hint).is_some_and(upper) {
        return Some((hint, false));
    }
    columns.iter().position(upper).map(|at| (at, false))
}

fn cannot(ty: &SqlType, found: &str) -> FormatError {
    FormatError::new(format!(
        "Can't convert type. sourceType: {found}, requiredType: {ty}"
    ))
}

/// Reads one value of a type.
pub fn read<'a>(scanner: &mut Scanner<'a>, ty: &SqlType, arena: &'a Arena) -> Read<'a> {
    let next = scanner.peek();
    if next == Some(b'n') && scanner.word("null") {
        return Ok(Value::Null);
    }
    match (ty, next) {
        (SqlType::String, Some(b'"')) => scanner.string(arena).map(Value::String),
        (SqlType::String, _) => {
            let mut text = Vec::new();
            as_text(scanner, arena, &mut text)?;
            Ok(Value::String(arena.string(&String::from_utf8_lossy(&text))))
        }
        (SqlType::Boolean, Some(b't')) if scanner.word("true") => Ok(Value::Boolean(true)),
        (SqlType::Boolean, Some(b'f')) if scanner.word("false") => Ok(Value::Boolean(false)),
        (SqlType::Bytes, Some(b'"')) => {
            let text = scanner.string(arena)?;
            let bytes = decode_base64(text).ok_or_else(|| cannot(ty, "text that is no base64"))?;
            Ok(Value::Bytes(arena.bytes(&bytes)))
        }
        (SqlType::Array(element), Some(b'[')) => read_array(scanner, element, arena),
        (SqlType::Map(_, value), Some(b'{')) => read_map(scanner, value, arena),
        (SqlType::Struct(fields), Some(b'{')) => {
            let slots = arena.slots(fields.len());
            read_fields(scanner, fields, &[], arena, None, slots)?;
            Ok(Value::Struct(slots))
        }
        (SqlType::Time | SqlType::Date | SqlType::Timestamp, Some(b'-' | b'0'..=b'9')) => {
            let number = scanner.number()?;
            let millis = integer(number).ok_or_else(|| cannot(ty, "number"))?;
            Ok(match ty {
                SqlType::Time => Value::Time(millis as i32),
                SqlType::Date => Value::Date(millis as i32),
                _ => Value::Timestamp(millis),
            })
        }
        (ty, Some(b'-' | b'0'..=b'9')) if ty.is_number() => {
            let spelled = scanner.number()?;
            number(spelled, ty, arena).ok_or_else(|| cannot(ty, "number"))
        }
        (ty, Some(b'"')) if ty.is_number() => {
            let text = scanner.string(arena)?;
            from_text(text, ty, arena).ok_or_else(|| cannot(ty, "text"))
        }
        (ty, next) => Err(mismatch(scanner, ty, next)),
    }
}

/// A kind of value that the type does not take, or text that is no JSON at all.
fn mismatch(scanner: &mut Scanner<'_>, ty: &SqlType, next: Option<u8>) -> FormatError {
    if let Err(found) = scanner.skip_value() {
        return found;
    }
    cannot(
        ty,
        match next {
            Some(b'{') => "object",
            Some(b'[') => "array",
            Some(b'"') => "text",
            Some(b't' | b'f') => "boolean",
            _ => "number",
        },
    )
}

/// A JSON number as a value; a fraction is cut, and an integer wraps, as Jackson has it.
fn number<'a>(spelled: &str, ty: &SqlType, arena: &'a Arena) -> Option<Value<'a>> {
    match ty {
        SqlType::Int => integer(spelled).map(|x| Value::Int(x as i32)),
        SqlType::BigInt => integer(spelled).map(Value::BigInt),
        SqlType::Double => spelled.parse().ok().map(Value::Double),
        _ => decimal(spelled, ty, arena),
    }
}

/// A text as a number; unlike a JSON number it must be of the right kind.
fn from_text<'a>(text: &str, ty: &SqlType, arena: &'a Arena) -> Option<Value<'a>> {
    match ty {
        SqlType::Int => text.parse().ok().map(Value::Int),
        SqlType::BigInt => text.parse().ok().map(Value::BigInt),
        SqlType::Double => read_double(text.trim()).map(Value::Double),
        _ => decimal(text, ty, arena),
    }
}

fn decimal<'a>(spelled: &str, ty: &SqlType, arena: &'a Arena) -> Option<Value<'a>> {
    let (precision, scale) = ty.as_decimal()?;
    let exact = Decimal::parse(spelled)?.fitted(precision, scale)?;
    Some(Value::Decimal(arena.decimal(exact)))
}

fn integer(spelled: &str) -> Option<i64> {
    if let Ok(x) = spelled.parse() {
        return Some(x);
    }
    let exact = Decimal::parse(spelled)?.with_scale(0, Rounding::Down)?;
    Some(exact.to_i64_wrapping())
}

fn read_array<'a>(scanner: &mut Scanner<'a>, element: &SqlType, arena: &'a Arena) -> Read<'a> {
    scanner.enter(b'[')?;
    let mut items = arena.list();
    while scanner.next_item(items.is_empty(), b']')? {
        let at = items.len();
        items.push(read(scanner, element, arena).map_err(|found| FormatError {
            path: format!("[{at}]{}", found.path),
            ..found
        })?);
    }
    Ok(Value::Array(items.into_bump_slice()))
}

fn read_map<'a>(scanner: &mut Scanner<'a>, value: &SqlType, arena: &'a Arena) -> Read<'a> {
    scanner.enter(b'{')?;
    let mut entries = arena.list();
    let mut first = true;
    while scanner.next_item(first, b'}')? {
        first = false;
        let name = scanner.name(arena)?;
        let value = read(scanner, value, arena).map_err(|found| FormatError {
            path: format!(".{name}{}", found.path),
            ..found
        })?;
        crate::function::put(&mut entries, Value::String(name), value);
    }
    Ok(Value::Map(entries.into_bump_slice()))
}

/// What a STRING makes of a value that is no text: scalars as text, objects as JSON, arrays as
/// Java's lists.
fn as_text<'a>(
    scanner: &mut Scanner<'a>,
    arena: &'a Arena,
    out: &mut Vec<u8>,
) -> Result<(), FormatError> {
    match scanner.peek() {
        Some(b'"') => out.extend_from_slice(scanner.string(arena)?.as_bytes()),
        Some(b'[') => {
            scanner.enter(b'[')?;
            out.push(b'[');
            let mut first = true;
            while scanner.next_item(first, b']')? {
                if !first {
                    out.extend_from_slice(b", ");
                }
                first = false;
                as_text(scanner, arena, out)?;
            }
            out.push(b']');
        }
        _ => compact(scanner, arena, out)?,
    }
    Ok(())
}

/// Copies a value without white space, numbers as Java's `BigDecimal` spells them.
pub(super) fn compact<'a>(
    scanner: &mut Scanner<'a>,
    arena: &'a Arena,
    out: &mut Vec<u8>,
) -> Result<(), FormatError> {
    match scanner.peek() {
        Some(b'"') => write_string(scanner.string(arena)?, out),
        Some(b'{') => {
            scanner.enter(b'{')?;
            out.push(b'{');
            let mut first = true;
            while scanner.next_item(first, b'}')? {
                if !first {
                    out.push(b',');
                }
                first = false;
                write_string(scanner.name(arena)?, out);
                out.push(b':');
                compact(scanner, arena, out)?;
            }
            out.push(b'}');
        }
        Some(b'[') => {
            scanner.enter(b'[')?;
            out.push(b'[');
            let mut first = true;
            while scanner.next_item(first, b']')? {
                if !first {
                    out.push(b',');
                }
                first = false;
                compact(scanner, arena, out)?;
            }
            out.push(b']');
        }
        Some(b't') if scanner.word("true") => out.extend_from_slice(b"true"),
        Some(b'f') if scanner.word("false") => out.extend_from_slice(b"false"),
        Some(b'n') if scanner.word("null") => out.extend_from_slice(b"null"),
        _ => {
            let spelled = scanner.number()?;
            let whole = spelled
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'-');
            match Decimal::parse(spelled).filter(|_| !whole) {
                Some(exact) => out.extend_from_slice(exact.to_java_string().as_bytes()),
                None => out.extend_from_slice(spelled.as_bytes()),
            }
        }
    }
    Ok(())
}
