//! Which columns a format can carry, with ksqlDB's words where it cannot.

use super::{Format, FormatSpec, Part};
use crate::types::{BaseType, Column, SqlType};
use headwater_base::{Diagnostic, Fault};

/// Whether these columns stand bare, without an object around them; in PROTOBUF they never do.
pub fn unwrapping(spec: &FormatSpec, part: Part, columns: &[Column]) -> bool {
    let may = part == Part::Key || !spec.wrap_single;
    columns.len() == 1 && may && !spec.format.is_protobuf()
}

/// Whether the format can carry these columns on this side of a record.
///
/// ```
/// use headwater_sql::format::{check_columns, Format, FormatSpec, Part};
/// use headwater_sql::types::{Column, SqlType};
/// let flags = [Column::new("A", SqlType::Boolean)];
/// let found = check_columns(&FormatSpec::new(Format::Kafka), Part::Value, &flags).unwrap_err();
/// assert!(found.message.ends_with("The 'KAFKA' format does not support type 'BOOLEAN'"));
/// ```
pub fn check_columns(spec: &FormatSpec, part: Part, columns: &[Column]) -> Result<(), Diagnostic> {
    if spec.format == Format::None && !columns.is_empty() {
        let role = if part == Part::Key { " KEY" } else { "" };
        let listed: Vec<String> = columns.iter().map(|c| format!("{c}{role}")).collect();
        let message = format!(
            "The 'NONE' format can only be used when no columns are defined. Got: [{}]",
            listed.join(", ")
        );
        return Err(Diagnostic::error(Fault::Yours, "format-none", message));
    }
    if part == Part::Key {
        check_map_keys(columns)?;
    }
    let role = if part == Part::Key { " KEY" } else { "" };
    let listed: Vec<String> = columns
        .iter()
        .map(|column| format!("{column}{role}"))
        .collect();
    let Some(reason) = refusal(spec.format, columns, &listed) else {
        return Ok(());
    };
    let side = if part == Part::Key { "Key" } else { "Value" };
    let chosen = spec.format.can_choose_wrapping() && unwrapping(spec, part, columns);
    let features = if chosen { "UNWRAP_SINGLES" } else { "" };
    let message = format!(
        "{side} format does not support schema.\nformat: {}\nschema: Persistence{{columns=[{}], \
         features=[{features}]}}\nreason: {reason}",
        spec.format,
        listed.join(", "),
    );
    Err(Diagnostic::error(Fault::Yours, "format-schema", message))
}

fn check_map_keys(columns: &[Column]) -> Result<(), Diagnostic> {
    let Some(column) = columns.iter().find(|column| column.ty.contains_map()) else {
        return Ok(());
    };
    let message = format!(
        "Map keys, including types that contain maps, are not supported as they may lead to \
         unexpected behavior due to inconsistent serialization. Key column name: `{}`. Column \
         type: {}. See https://github.com/confluentinc/ksql/issues/6621 for more.",
        column.name, column.ty
    );
    Err(Diagnostic::error(Fault::Yours, "map-key", message))
}

fn refusal(format: Format, columns: &[Column], listed: &[String]) -> Option<String> {
    match format {
        Format::None => None,
        Format::Json | Format::JsonSr => {
            odd_map(columns).then(|| "JSON only supports MAP types with STRING keys".to_owned())
        }
        Format::Avro => avro_refusal(columns),
        Format::Protobuf | Format::ProtobufNosr => odd_map(columns)
            .then(|| "PROTOBUF format only supports MAP types with STRING keys".to_owned()),
        Format::Delimited => columns.iter().find_map(|column| {
            let base = column.ty.base();
            let nested = matches!(base, BaseType::Array | BaseType::Map | BaseType::Struct);
            nested.then(|| {
                format!(
                    "The 'DELIMITED' format does not support type '{}', column: `{}`",
                    base.name(),
                    column.name
                )
            })
        }),
        Format::Kafka => kafka_refusal(columns, listed),
    }
}

fn kafka_refusal(columns: &[Column], listed: &[String]) -> Option<String> {
    if columns.len() > 1 {
        let listed = listed.join(", ");
        return Some(format!(
            "The 'KAFKA' format only supports a single field. Got: [{listed}]"
        ));
    }
    let ty = &columns.first()?.ty;
    let plain = matches!(
        ty,
        SqlType::Int | SqlType::BigInt | SqlType::Double | SqlType::String | SqlType::Bytes
    );
    let name = ty.base().name();
    (!plain).then(|| format!("The 'KAFKA' format does not support type '{name}'"))
}

/// Avro's names begin with a letter or `_` and go on with those and digits.
fn avro_refusal(columns: &[Column]) -> Option<String> {
    if odd_map(columns) {
        return Some("Avro only supports MAPs with STRING keys".to_owned());
    }
    let mut names = Vec::new();
    columns
        .iter()
        .for_each(|column| names_in(column, &mut names));
    let is_start = |c: char| c.is_alphabetic() || c == '_';
    let odd = |name: &&str| {
        let mut letters = name.chars();
        let start = letters.next();
        !start.is_some_and(is_start) || letters.any(|c| !is_start(c) && !c.is_numeric())
    };
    let name = names.into_iter().find(odd)?;
    let starts = name.chars().next().is_some_and(is_start);
    let place = if starts {
        "character in"
    } else {
        "initial character"
    };
    Some(format!(
        "Schema is not compatible with Avro: Illegal {place}: {name}"
    ))
}

/// The names of a column and of the fields in it.
fn names_in<'c>(column: &'c Column, names: &mut Vec<&'c str>) {
    names.push(&column.name);
    let mut types = vec![&column.ty];
    while let Some(ty) = types.pop() {
        match ty {
            SqlType::Struct(fields) => fields.iter().for_each(|field| names_in(field, names)),
            SqlType::Array(inner) | SqlType::Map(_, inner) => types.push(inner),
            _ => {}
        }
    }
}

fn odd_map(columns: &[Column]) -> bool {
    columns.iter().any(|column| has_odd_map(&column.ty))
}

fn has_odd_map(ty: &SqlType) -> bool {
    match ty {
        SqlType::Map(key, value) => **key != SqlType::String || has_odd_map(value),
        SqlType::Array(element) => has_odd_map(element),
        SqlType::Struct(fields) => fields.iter().any(|field| has_odd_map(&field.ty)),
        _ => false,
    }
}
