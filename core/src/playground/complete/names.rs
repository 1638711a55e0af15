//! Names that fit at a place: sources, their columns and fields, functions, types, words.

use super::Candidate;
use super::place::Place;
use crate::world::World;
use headwater_base::order;
use headwater_log::Topic;
use headwater_sql::catalog::{Source, SourceKind};
use headwater_sql::engine::processing_log;
use headwater_sql::function::{Function, registry};
use headwater_sql::types::{Column, SqlType};
use headwater_syntax::ExpectedPlace;
use headwater_syntax::token::{Keyword, Symbol, TokenKind};
use headwater_view::CompletionKind as Kind;
use std::sync::Arc;

/// The names of types, with what is written.
const TYPES: [(&str, &str); 14] = [
    ("ARRAY", "ARRAY<"),
    ("BIGINT", "BIGINT"),
    ("BOOLEAN", "BOOLEAN"),
    ("BYTES", "BYTES"),
    ("DATE", "DATE"),
    ("DECIMAL", "DECIMAL("),
    ("DOUBLE", "DOUBLE"),
    ("INT", "INT"),
    ("MAP", "MAP<"),
    ("STRING", "STRING"),
    ("STRUCT", "STRUCT<"),
    ("TIME", "TIME"),
    ("TIMESTAMP", "TIMESTAMP"),
    ("VARCHAR", "VARCHAR"),
];

/// Pseudo columns: name, type, whether only windowed sources have them.
const PSEUDO_COLUMNS: [(&str, &str, bool); 5] = [
    ("ROWOFFSET", "BIGINT", false),
    ("ROWPARTITION", "INTEGER", false),
    ("ROWTIME", "BIGINT", false),
    ("WINDOWEND", "BIGINT", true),
    ("WINDOWSTART", "BIGINT", true),
];

/// What fits at a place that is not within a WITH clause.
pub(super) fn candidates(place: &Place<'_>, world: &World) -> Vec<Candidate> {
    let mut found = match place.back(0) {
        Some(TokenKind::Symbol(Symbol::Dot)) => return behind_dot(place, world),
        Some(TokenKind::Symbol(Symbol::Arrow)) => return behind_arrow(place, world),
        _ => Vec::new(),
    };
    match place.expected.place {
        ExpectedPlace::Nothing | ExpectedPlace::Statement | ExpectedPlace::String => {}
        ExpectedPlace::Type => types(world, &mut found),
        ExpectedPlace::Name => named(place, world, &mut found),
        ExpectedPlace::Expression => expression(place, world, &mut found),
        ExpectedPlace::Unknown => {
            expression(place, world, &mut found);
            found.extend(sources(world));
        }
    }
    if place.expected.place == ExpectedPlace::String && is_print(place) {
        topics(world, &mut found);
    }
    let all = place.expected.place == ExpectedPlace::Unknown;
    let words: &[Keyword] = match all {
        true => Keyword::EVERY,
        false => &place.expected.keywords,
    };
    let word = |word: &Keyword| Candidate::new(Kind::Keyword, word.text(), "");
    found.extend(words.iter().map(word));
    found
}

fn is_print(place: &Place<'_>) -> bool {
    place.back_keyword(0) == Some(Keyword::PRINT)
}

/// The names that fit where a name is wanted: the word before it says of what.
fn named(place: &Place<'_>, world: &World, found: &mut Vec<Candidate>) {
    let catalog = world.engine().catalog();
    let behind_exists = usize::from(place.back_keyword(0) == Some(Keyword::EXISTS)) * 2;
    let word = place.back_keyword(behind_exists);
    let is_drop = matches!(place.first_keyword(), Some(Keyword::DROP | Keyword::ALTER));
    match word {
        Some(Keyword::FROM | Keyword::JOIN | Keyword::INTO | Keyword::DESCRIBE) => {
            found.extend(sources(world));
        }
        Some(Keyword::STREAM) if is_drop => {
            found.extend(catalog.of_kind(SourceKind::Stream).map(|it| source(it)));
        }
        Some(Keyword::TABLE) if is_drop => {
            found.extend(catalog.of_kind(SourceKind::Table).map(|it| source(it)));
        }
        Some(Keyword::TYPE) if is_drop => user_types(world, found),
        Some(Keyword::FUNCTION) => found.extend(registry().all().map(function_name)),
        Some(Keyword::TERMINATE | Keyword::PAUSE | Keyword::RESUME | Keyword::EXPLAIN) => {
            let query = |it: &headwater_sql::runtime::Query| {
                Candidate::new(Kind::Query, &it.name, one_line(&it.sql))
            };
            found.extend(world.engine().queries().map(query));
        }
        Some(Keyword::PRINT) => topics(world, found),
        Some(Keyword::UNDEFINE) => {
            let variables = world.engine().session().variables();
            let variable =
                |(name, value): (&String, &String)| Candidate::new(Kind::Variable, name, value);
            found.extend(variables.iter().map(variable));
        }
        _ => {
            if let Some(target) = inserted_into(place, world) {
                found.extend(columns_of(&target));
            }
        }
    }
}

/// The source whose columns INSERT INTO lists at this place.
fn inserted_into(place: &Place<'_>, world: &World) -> Option<Arc<Source>> {
    let bracket = place.open_bracket()?;
    let tokens = place.tokens_before();
    let is_insert = place.first_keyword() == Some(Keyword::INSERT) && bracket == 3;
    let name = place.name(*tokens.get(2)?).filter(|_| is_insert)?;
    world.engine().catalog().get(&name).cloned()
}

fn expression(place: &Place<'_>, world: &World, found: &mut Vec<Candidate>) {
    let sources = sources_of(place, world);
    let among = |name: &str| {
        let has = |(_, source): &&(String, Arc<Source>)| has_column(source, name);
        sources.iter().filter(has).count()
    };
    for (alias, source) in &sources {
        for column in columns_of(source) {
            let is_shared = among(&column.label) > 1;
            let qualified = format!("{}.{}", quoted(alias), column.insert);
            found.push(match is_shared {
                true => Candidate::new(Kind::Column, &qualified, column.detail),
                false => column,
            });
        }
        if sources.len() > 1 {
            let detail = format!("{} {}", source.noun(), source.name);
            let dotted = format!("{}.", quoted(alias));
            found.push(Candidate::new(kind_of(source), alias, detail).inserting(dotted));
        }
    }
    found.extend(registry().all().map(function));
}

/// The sources in the FROM and JOIN clauses of the statement, before the cursor or behind it, by
/// the names they have there.
fn sources_of(place: &Place<'_>, world: &World) -> Vec<(String, Arc<Source>)> {
    let catalog = world.engine().catalog();
    let mut found = Vec::new();
    let tokens = &place.statement;
    for (at, token) in tokens.iter().enumerate() {
        let is_from = matches!(
            token.kind,
            TokenKind::Keyword(Keyword::FROM | Keyword::JOIN)
        );
        let name = tokens.get(at + 1).and_then(|it| place.name(*it));
        let (true, Some(name)) = (is_from, name) else {
            continue;
        };
        let Some(source) = catalog.get(&name) else {
            continue;
        };
        let is_as =
            |it: &&headwater_syntax::token::Token| it.kind == TokenKind::Keyword(Keyword::AS);
        let alias_at = at + 2 + usize::from(tokens.get(at + 2).filter(is_as).is_some());
        let alias = tokens
            .get(alias_at)
            .filter(|it| matches!(it.kind, TokenKind::Identifier | TokenKind::QuotedIdentifier));
        let alias = alias.and_then(|it| place.name(*it)).unwrap_or(name);
        found.push((alias, source.clone()));
    }
    found
}

fn behind_dot(place: &Place<'_>, world: &World) -> Vec<Candidate> {
    let alias = place.back_token(1).and_then(|it| place.name(it));
    let mut sources = sources_of(place, world).into_iter();
    let named = sources.find(|(name, _)| Some(name) == alias.as_ref());
    named.map_or_else(Vec::new, |(_, source)| columns_of(&source))
}

/// The fields of the STRUCT before an arrow.
fn behind_arrow(place: &Place<'_>, world: &World) -> Vec<Candidate> {
    let mut path = Vec::new();
    let mut back = 0;
    while place.back(back) == Some(TokenKind::Symbol(Symbol::Arrow)) {
        let Some(name) = place.back_token(back + 1).and_then(|it| place.name(it)) else {
            return Vec::new();
        };
        path.push(name);
        back += 2;
    }
    let is_dotted = place.back(back) == Some(TokenKind::Symbol(Symbol::Dot));
    let alias = place.back_token(back + 1).and_then(|it| place.name(it));
    let Some(column) = path.pop() else {
        return Vec::new();
    };
    let sources = sources_of(place, world);
    let mut ty = sources
        .iter()
        .filter(|(name, _)| !is_dotted || Some(name) == alias.as_ref())
        .find_map(|(_, source)| field(source.schema.columns(), &column));
    for name in path.iter().rev() {
        ty = match ty {
            Some(SqlType::Struct(fields)) => field(fields.iter(), name),
            _ => None,
        };
    }
    let Some(SqlType::Struct(fields)) = ty else {
        return Vec::new();
    };
    let candidate = |field: &Column| {
        let named = Candidate::new(Kind::Field, &field.name, field.ty.to_string());
        named.inserting(quoted(&field.name))
    };
    fields.iter().map(candidate).collect()
}

fn field<'c>(mut columns: impl Iterator<Item = &'c Column>, name: &str) -> Option<&'c SqlType> {
    columns.find(|it| it.name == name).map(|it| &it.ty)
}

fn has_column(source: &Source, name: &str) -> bool {
    let pseudo = PSEUDO_COLUMNS.iter().any(|(known, ..)| *known == name);
    pseudo
        || source.schema.position(name).is_some()
        || source.headers.iter().any(|it| it.name == name)
}

/// The columns of a source, those of headers and the pseudo columns last.
pub(super) fn columns_of(source: &Source) -> Vec<Candidate> {
    let candidate = |name: &str, about: String| {
        Candidate::new(Kind::Column, name, about).inserting(quoted(name))
    };
    let role = match source.is_table() {
        true => " PRIMARY KEY",
        false => " KEY",
    };
    let keys = source.schema.key.iter().map(|it| (it, role));
    let values = source.schema.value.iter().map(|it| (it, ""));
    let declared = keys.chain(values).map(|(column, role)| {
        candidate(
            &column.name,
            format!("{}{role} of {}", column.ty, source.name),
        )
    });
    let headers = source.headers.iter().map(|column| {
        candidate(
            &column.name,
            format!("{} HEADERS of {}", column.ty(), source.name),
        )
    });
    let pseudo = PSEUDO_COLUMNS
        .iter()
        .filter(|(.., windowed)| !windowed || source.window.is_some())
        .map(|(name, ty, _)| candidate(name, format!("{ty} of {}", source.name)));
    declared.chain(headers).chain(pseudo).collect()
}

fn kind_of(source: &Source) -> Kind {
    match source.kind {
        SourceKind::Stream => Kind::Stream,
        SourceKind::Table => Kind::Table,
    }
}

/// All sources; the processing log, which nobody has made, comes last among the streams.
fn sources(world: &World) -> Vec<Candidate> {
    let mut sources: Vec<_> = world.engine().catalog().sources().collect();
    order::sort_by_key(&mut sources, |it| it.name == processing_log::STREAM);
    sources.into_iter().map(|it| source(it)).collect()
}

fn source(source: &Source) -> Candidate {
    let columns: Vec<&str> = source.schema.columns().map(|it| it.name.as_str()).collect();
    let detail = format!("{}: {}", source.noun(), columns.join(", "));
    Candidate::new(kind_of(source), &source.name, detail).inserting(quoted(&source.name))
}

fn function(function: &Function) -> Candidate {
    let help = function.help();
    let more = match help.signatures.len() {
        0 | 1 => String::new(),
        count => format!(" (and {} more)", count - 1),
    };
    let detail = format!("{}{more}", help.signatures.first().map_or("", |it| it));
    let takes_none = |it: &headwater_sql::function::Overload| it.parameters.is_empty();
    let close = if function.overloads.iter().all(takes_none) {
        ")"
    } else {
        ""
    };
    let insert = format!("{}({close}", help.name);
    Candidate::new(Kind::Function, function.name, detail).inserting(insert)
}

fn function_name(named: &Function) -> Candidate {
    function(named).inserting(named.name)
}

fn types(world: &World, found: &mut Vec<Candidate>) {
    let plain =
        |(name, insert): &(&str, &str)| Candidate::new(Kind::Type, name, "type").inserting(*insert);
    found.extend(TYPES.iter().map(plain));
    user_types(world, found);
}

fn user_types(world: &World, found: &mut Vec<Candidate>) {
    let aliases = world.engine().catalog().types().iter();
    let alias = |(name, ty): (&String, &SqlType)| {
        Candidate::new(Kind::Type, name, ty.to_string()).inserting(quoted(name))
    };
    found.extend(aliases.map(alias));
}

/// The topics, as PRINT takes them: their case counts, and some need quotes.
fn topics(world: &World, found: &mut Vec<Candidate>) {
    let topic = |it: &Topic| {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        let starts = it
            .name
            .bytes()
            .next()
            .is_some_and(|byte| !byte.is_ascii_digit());
        let plain = starts && it.name.bytes().all(is_plain) && Keyword::of(&it.name).is_none();
        let insert = match plain {
            true => it.name.to_string(),
            false => format!("'{}'", it.name),
        };
        let detail = format!("topic, partitions: {}", it.partition_count());
        Candidate::new(Kind::Topic, &it.name, detail).inserting(insert)
    };
    // Those that the engine made for itself come last.
    let is_internal = |it: &&Topic| it.name.starts_with('_');
    let topics = || world.cluster().topics();
    found.extend(topics().filter(|it| !is_internal(it)).map(topic));
    found.extend(topics().filter(is_internal).map(topic));
}

/// A name as SQL has to spell it.
pub(super) fn quoted(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    let starts = name
        .bytes()
        .next()
        .is_some_and(|byte| !byte.is_ascii_digit());
    let reserved = Keyword::of(name).is_some_and(Keyword::is_reserved);
    match starts && name.bytes().all(plain) && !reserved {
        true => name.to_owned(),
        false => format!("`{}`", name.replace('`', "``")),
    }
}

fn one_line(sql: &str) -> String {
    sql.split_whitespace().collect::<Vec<_>>().join(" ")
}
