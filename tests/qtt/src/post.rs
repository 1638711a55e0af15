//! What has to be true of streams, tables and topics once a case has run.

use crate::case::Case;
use crate::json::Json;
use crate::lab::Lab;
use crate::record::window_type;
use fancy_regex::Regex;
use headwater_sql::catalog::{Source, WindowType};
use headwater_sql::expression::sql_type;
use headwater_sql::format::{Format, FormatSpec, Nullable, Part, unwrapping};
use headwater_sql::plan::TopicLayout;
use headwater_sql::types::Column;
use headwater_syntax::ast::{ColumnRoleKind, StatementKind};

/// Checks the case's `post`.
pub(crate) fn check(case: &Case, lab: &Lab) -> Result<(), String> {
    let Some(post) = case.body.get("post") else {
        return Ok(());
    };
    for expected in post.get("sources").map_or(&[][..], Json::items) {
        source(expected, lab)?;
    }
    let Some(topics) = post.get("topics") else {
        return Ok(());
    };
    if let Some(pattern) = topics.get("blacklist").and_then(Json::as_str) {
        let pattern = Regex::new(pattern).map_err(|error| error.to_string())?;
        let forbidden = |name: &str| pattern.is_match(name).unwrap_or(true);
        if let Some(found) = lab.log.topics().find(|topic| forbidden(&topic.name)) {
            return Err(format!("there is a topic {}", found.name));
        }
    }
    for expected in topics.get("topics").map_or(&[][..], Json::items) {
        topic(expected, lab)?;
    }
    Ok(())
}

fn source(expected: &Json, lab: &Lab) -> Result<(), String> {
    let name = expected.get("name").map_or(String::new(), Json::text);
    let catalog = lab.engine.catalog();
    let Some(source) = catalog
        .get(&name)
        .or_else(|| catalog.get(&name.to_uppercase()))
    else {
        return Err(format!("there is no {name}"));
    };
    let kind = expected.get("type").map_or(String::new(), Json::text);
    if !kind.eq_ignore_ascii_case(source.noun()) {
        return Err(format!("{name} is a {}, not a {kind}", source.noun()));
    }
    if let Some(schema) = expected.get("schema").and_then(Json::as_str) {
        same_schema(schema, source)?;
    }
    if let Some(Json::Bool(read_only)) = expected.get("isSource")
        && *read_only != source.read_only
    {
        return Err(format!("{name}: isSource is {}", source.read_only));
    }
    let layout = TopicLayout::from(&**source);
    formats(&name, expected, &layout)?;
    let sides = [
        ("keyFeatures", Part::Key, &layout.key_format, &layout.key),
        (
            "valueFeatures",
            Part::Value,
            &layout.value_format,
            &layout.value,
        ),
    ];
    for (field, part, spec, columns) in sides {
        if let Some(stated) = expected.get(field) {
            same_features(&name, stated, spec, part, columns)?;
        }
    }
    Ok(())
}

/// Columns with a word for their role.
type Columns = Vec<(String, String, &'static str)>;

fn same_schema(expected: &str, source: &Source) -> Result<(), String> {
    let text = format!("CREATE {} X ({expected}) WITH (A='B');", source.noun());
    let parsed = headwater_syntax::parse(&text);
    if let Some(found) = parsed.errors().next() {
        return Err(format!(
            "the schema {expected:?} cannot be read: {}",
            found.message
        ));
    }
    let Some(StatementKind::CreateSource(create)) = parsed.statements.first().map(|it| &it.kind)
    else {
        return Err(format!("the schema {expected:?} cannot be read"));
    };
    let mut wanted = Columns::new();
    for column in &create.columns {
        let aliases = headwater_sql::expression::TypeAliases::new();
        let ty = sql_type(&column.sql_type, &aliases).map_err(|found| found.message)?;
        let role = match column.role.as_ref().map(|role| &role.kind) {
            Some(ColumnRoleKind::Key | ColumnRoleKind::PrimaryKey) => "key",
            _ => "value",
        };
        wanted.push((column.name.text.clone(), ty.to_string(), role));
    }
    let column = |role: &'static str| {
        move |column: &Column| (column.name.clone(), column.ty.to_string(), role)
    };
    let keys = source.schema.key.iter().map(column("key"));
    let mut actual: Columns = keys
        .chain(source.schema.value.iter().map(column("value")))
        .collect();
    let headers = source.headers.iter();
    actual.extend(headers.map(|it| (it.name.clone(), it.ty().to_string(), "value")));
    match wanted == actual {
        true => Ok(()),
        false => Err(format!(
            "the schema is {}, not {expected}",
            source.schema_text()
        )),
    }
}

fn topic(expected: &Json, lab: &Lab) -> Result<(), String> {
    let name = expected.get("name").map_or(String::new(), Json::text);
    let Some(found) = lab.log.find(&name) else {
        let names: Vec<&str> = lab.log.topics().map(|topic| &*topic.name).collect();
        return Err(format!(
            "there is no topic {name}; there are {}",
            names.join(", ")
        ));
    };
    let partitions = expected.get("partitions").and_then(Json::as_i64);
    let actual = found.partition_count();
    if partitions.is_some_and(|count| count != i64::from(actual)) {
        return Err(format!("topic {name} has {actual} partitions"));
    }
    let layout = lab
        .layouts
        .get(&name)
        .cloned()
        .or_else(|| lab.engine.layout_of(&name));
    if let Some(layout) = layout {
        formats(&name, expected, &layout)?;
    }
    match expected.get("keySchema").or(expected.get("valueSchema")) {
        Some(_) => Err("schemas of a registry are not made yet".to_owned()),
        None => Ok(()),
    }
}

fn formats(name: &str, expected: &Json, layout: &TopicLayout) -> Result<(), String> {
    let sides = [
        ("keyFormat", Part::Key, &layout.key_format, &layout.key),
        (
            "valueFormat",
            Part::Value,
            &layout.value_format,
            &layout.value,
        ),
    ];
    for (field, part, spec, columns) in sides {
        let Some(stated) = expected.get(field) else {
            continue;
        };
        let word = stated.get("format").unwrap_or(stated).text();
        if !word.eq_ignore_ascii_case(spec.format.name()) {
            return Err(format!("{name}: {field} is {}, not {word}", spec.format));
        }
        if let Some(features) = stated.get("features") {
            same_features(name, features, spec, part, columns)?;
        }
        if let Some(properties) = stated.get("properties") {
            same_properties(name, properties, spec, part)?;
        }
        if part == Part::Key {
            same_window(name, stated, layout.window)?;
        }
    }
    Ok(())
}

/// What a format says beside its name, as ksqlDB writes it down.
fn same_properties(name: &str, stated: &Json, spec: &FormatSpec, part: Part) -> Result<(), String> {
    let mut actual: Vec<(&str, String)> = Vec::new();
    if let (Format::Avro, Part::Key, Some(schema)) = (spec.format, part, &spec.schema_name) {
        actual.push(("fullSchemaName", schema.clone()));
    }
    if let Some(nullable) = spec.nullable {
        let word = match nullable {
            Nullable::Optional => "optional",
            Nullable::Wrapper => "wrapper",
        };
        actual.push(("nullableRepresentation", word.to_owned()));
    }
    if spec.format == Format::Protobuf {
        actual.push(("unwrapPrimitives", "true".to_owned()));
    }
    let stated = stated.fields().iter();
    let mut wanted: Vec<(&str, String)> = stated.map(|(at, it)| (at.as_str(), it.text())).collect();
    wanted.sort();
    match wanted.is_empty() || wanted == actual {
        true => Ok(()),
        false => Err(format!(
            "{name}: the properties are {actual:?}, not {wanted:?}"
        )),
    }
}

fn same_window(name: &str, stated: &Json, actual: Option<WindowType>) -> Result<(), String> {
    let Some(word) = stated.get("windowType").and_then(Json::as_str) else {
        return Ok(());
    };
    let size = stated.get("windowSize").and_then(Json::as_i64);
    let size = size.or(actual.and_then(WindowType::size_millis));
    match window_type(word, size) == actual {
        true => Ok(()),
        false => Err(format!("{name}: the windows are {actual:?}, not {stated}")),
    }
}

fn same_features(
    name: &str,
    stated: &Json,
    spec: &FormatSpec,
    part: Part,
    columns: &[Column],
) -> Result<(), String> {
    let mut wanted: Vec<String> = stated.items().iter().map(Json::text).collect();
    wanted.sort();
    let unwraps = spec.format.can_choose_wrapping() && unwrapping(spec, part, columns);
    let actual = if unwraps {
        vec!["UNWRAP_SINGLES"]
    } else {
        Vec::new()
    };
    match wanted == actual {
        true => Ok(()),
        false => Err(format!(
            "{name}: the features are {actual:?}, not {wanted:?}"
        )),
    }
}
