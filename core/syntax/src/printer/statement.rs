//! Statements on the lines that ksqlDB gives them; definitions end with a semicolon, others not.

use super::expression::literal;
use super::query::duration;
use super::{QueryUse, Quoting, expression, joined, name, query, sql_type, string_literal};
use crate::ast::{
    AlterSource, Assert, ColumnDefinition, ColumnRoleKind, ConnectorKind, CreateAs,
    CreateConnector, CreateSource, CreateType, Describe, DropNamed, Duration, Explain, Identifier,
    InsertValues, Print, Properties, Property, SetProperty, Show, Statement, StatementKind,
};

/// A statement as ksqlDB reformats it.
///
/// ```
/// use headwater_syntax::printer::statement;
/// let parsed = headwater_syntax::parse("create stream o with (partitions=2) as select * from i;");
/// assert_eq!(
///     statement(&parsed.statements[0]),
///     "CREATE STREAM O WITH (PARTITIONS=2) AS SELECT *\nFROM I I\nEMIT CHANGES"
/// );
/// ```
pub fn statement(statement: &Statement) -> String {
    match &statement.kind {
        StatementKind::CreateSource(it) => create_source(it),
        StatementKind::CreateAs(it) => create_as(it),
        StatementKind::InsertQuery(it) => {
            let with = if it.properties.is_empty() {
                String::new()
            } else {
                format!("{} ", with_clause(&it.properties))
            };
            let body = query(&it.query, QueryUse::Persistent);
            format!("INSERT INTO {} {with}{body}", ident(&it.target))
        }
        StatementKind::InsertValues(it) => values("INSERT INTO", it, "VALUES"),
        StatementKind::AlterSource(it) => alter_source(it),
        StatementKind::DropSource(it) => {
            let named = DropNamed {
                if_exists: it.if_exists,
                name: it.name.clone(),
            };
            let topic = flag(it.delete_topic, " DELETE TOPIC");
            format!("{}{topic}", drop_named(it.kind.keyword(), &named))
        }
        StatementKind::CreateType(it) => create_type(it),
        StatementKind::DropType(it) => drop_named("TYPE", it),
        StatementKind::QueryControl(it) => {
            let which = it.query.as_ref().map_or("ALL".to_owned(), ident);
            format!("{} {which}", it.action.keyword())
        }
        StatementKind::Explain(Explain::Query(id)) => format!("EXPLAIN \n{}", ident(id)),
        StatementKind::Explain(Explain::Statement(inner)) => {
            format!("EXPLAIN \n{}", self::statement(inner))
        }
        StatementKind::Query(it) => query(it, QueryUse::Transient),
        StatementKind::Show(it) => format!("SHOW {}", show(*it)),
        StatementKind::Describe(it) => describe(it),
        StatementKind::Print(it) => print(it),
        StatementKind::CreateConnector(it) => create_connector(it),
        StatementKind::DropConnector(it) => drop_named("CONNECTOR", it),
        StatementKind::SetProperty(it) => format!("SET {}", assignment(it)),
        StatementKind::UnsetProperty(it) => format!("UNSET {}", string_literal(&it.value)),
        StatementKind::AlterSystem(it) => format!("ALTER SYSTEM {}", assignment(it)),
        StatementKind::Define(it) => {
            format!(
                "DEFINE {}={}",
                it.name.text,
                string_literal(&it.value.value)
            )
        }
        StatementKind::Undefine(it) => format!("UNDEFINE {}", it.text),
        StatementKind::RunScript(it) => format!("RUN SCRIPT {}", string_literal(&it.value)),
        StatementKind::Assert(it) => assert(it),
    }
}

fn ident(identifier: &Identifier) -> String {
    name(&identifier.text, Quoting::Needed)
}

fn flag(is_set: bool, words: &'static str) -> &'static str {
    if is_set { words } else { "" }
}

fn create_source(create: &CreateSource) -> String {
    let replace = flag(create.or_replace, "OR REPLACE ");
    let read_only = flag(create.read_only, "SOURCE ");
    let if_not_exists = flag(create.if_not_exists, "IF NOT EXISTS ");
    let kind = create.kind.keyword();
    let rest = named_source(create);
    format!("CREATE {replace}{read_only}{kind} {if_not_exists}{rest};")
}

/// Name, columns and properties.
fn named_source(create: &CreateSource) -> String {
    let columns = if create.columns.is_empty() {
        String::new()
    } else {
        format!(" ({})", joined(&create.columns, ", ", column))
    };
    format!(
        "{}{columns}{}",
        ident(&create.name),
        with_clause(&create.properties)
    )
}

fn column(column: &ColumnDefinition) -> String {
    let role = match column.role.as_ref().map(|role| &role.kind) {
        None => String::new(),
        Some(ColumnRoleKind::Key) => " KEY".to_owned(),
        Some(ColumnRoleKind::PrimaryKey) => " PRIMARY KEY".to_owned(),
        Some(ColumnRoleKind::Headers) => " HEADERS".to_owned(),
        Some(ColumnRoleKind::Header(key)) => format!(" HEADER({})", string_literal(key)),
    };
    let written = sql_type(&column.sql_type, Quoting::Needed);
    format!("{} {written}{role}", ident(&column.name))
}

fn with_clause(properties: &Properties) -> String {
    if properties.is_empty() {
        return String::new();
    }
    format!(" WITH ({})", joined(&properties.entries, ", ", property))
}

fn property(property: &Property) -> String {
    let name = name(&property.name, Quoting::Needed);
    format!("{name}={}", literal(&property.value))
}

fn create_as(create: &CreateAs) -> String {
    let replace = flag(create.or_replace, "OR REPLACE ");
    let if_not_exists = flag(create.if_not_exists, "IF NOT EXISTS ");
    let (kind, name) = (create.kind.keyword(), ident(&create.name));
    let with = with_clause(&create.properties);
    let body = query(&create.query, QueryUse::Persistent);
    format!("CREATE {replace}{kind} {if_not_exists}{name}{with} AS {body}")
}

fn values(words: &str, insert: &InsertValues, values_word: &str) -> String {
    let columns = if insert.columns.is_empty() {
        String::new()
    } else {
        format!("({}) ", joined(&insert.columns, ", ", ident))
    };
    let list = joined(&insert.values, ", ", |it| expression(it, Quoting::Needed));
    format!(
        "{words} {} {columns}{values_word} ({list})",
        ident(&insert.target)
    )
}

fn alter_source(alter: &AlterSource) -> String {
    let columns = joined(&alter.columns, ",\n", |it| {
        format!("ADD COLUMN {}", column(it))
    });
    format!(
        "ALTER {} {}\n{columns};",
        alter.kind.keyword(),
        ident(&alter.name)
    )
}

fn create_type(create: &CreateType) -> String {
    let if_not_exists = flag(create.if_not_exists, "IF NOT EXISTS ");
    let written = sql_type(&create.sql_type, Quoting::Needed);
    format!(
        "CREATE TYPE {if_not_exists}{} AS {written};",
        ident(&create.name)
    )
}

fn drop_named(kind: &str, named: &DropNamed) -> String {
    let if_exists = flag(named.if_exists, "IF EXISTS ");
    format!("DROP {kind} {if_exists}{}", ident(&named.name))
}

fn show(show: Show) -> String {
    let extended = |word: &str, is_set: bool| format!("{word}{}", flag(is_set, " EXTENDED"));
    match show {
        Show::Streams { extended: it } => extended("STREAMS", it),
        Show::Tables { extended: it } => extended("TABLES", it),
        Show::Queries { extended: it } => extended("QUERIES", it),
        Show::Topics {
            all: true,
            extended: it,
        } => extended("ALL TOPICS", it),
        Show::Topics {
            all: false,
            extended: it,
        } => extended("TOPICS", it),
        Show::Functions => "FUNCTIONS".to_owned(),
        Show::Types => "TYPES".to_owned(),
        Show::Variables => "VARIABLES".to_owned(),
        Show::Properties => "PROPERTIES".to_owned(),
        Show::Connectors { kind: None } => "CONNECTORS".to_owned(),
        Show::Connectors { kind: Some(kind) } => format!("{} CONNECTORS", connector_kind(kind)),
        Show::ConnectorPlugins => "CONNECTOR PLUGINS".to_owned(),
    }
}

fn connector_kind(kind: ConnectorKind) -> &'static str {
    match kind {
        ConnectorKind::Source => "SOURCE",
        ConnectorKind::Sink => "SINK",
    }
}

fn describe(describe: &Describe) -> String {
    let (what, extended) = match describe {
        Describe::Source { name, extended } => (ident(name), *extended),
        Describe::Streams { extended } => ("STREAMS".to_owned(), *extended),
        Describe::Tables { extended } => ("TABLES".to_owned(), *extended),
        Describe::Function(name) => (format!("FUNCTION {}", ident(name)), false),
        Describe::Connector(name) => (format!("CONNECTOR {}", ident(name)), false),
    };
    format!("DESCRIBE {what}{}", flag(extended, " EXTENDED"))
}

fn print(print: &Print) -> String {
    let from = flag(print.from_beginning, " FROM BEGINNING");
    let number = |word: &str, count: Option<i64>| {
        count.map_or(String::new(), |count| format!(" {word} {count}"))
    };
    let (interval, limit) = (
        number("INTERVAL", print.interval),
        number("LIMIT", print.limit),
    );
    format!(
        "PRINT {}{from}{interval}{limit}",
        string_literal(&print.topic_name)
    )
}

fn create_connector(create: &CreateConnector) -> String {
    let if_not_exists = flag(create.if_not_exists, "IF NOT EXISTS ");
    let (kind, name) = (connector_kind(create.kind), ident(&create.name));
    let with = with_clause(&create.properties);
    format!("CREATE {kind} CONNECTOR {if_not_exists}{name}{with};")
}

fn assignment(set: &SetProperty) -> String {
    let (name, value) = (&set.name.value, &set.value.value);
    format!("{}={}", string_literal(name), string_literal(value))
}

fn timeout(length: &Option<Duration>) -> String {
    let length = length.as_ref().map(duration);
    length.map_or(String::new(), |length| format!(" TIMEOUT {length}"))
}

fn assert(assert: &Assert) -> String {
    match assert {
        Assert::Topic {
            exists,
            topic_name,
            properties,
            timeout: wait,
            ..
        } => {
            let not = flag(!exists, "NOT EXISTS ");
            let (topic, with) = (string_literal(topic_name), with_clause(properties));
            format!("ASSERT {not}TOPIC {topic}{with}{}", timeout(wait))
        }
        Assert::Schema {
            exists,
            subject,
            id,
            timeout: wait,
        } => {
            let not = flag(!exists, "NOT EXISTS ");
            let subject = subject.as_ref().map(|it| string_literal(&it.value));
            let subject = subject.map_or(String::new(), |it| format!(" SUBJECT {it}"));
            let id = id.map_or(String::new(), |id| format!(" ID {id}"));
            format!("ASSERT {not}SCHEMA{subject}{id}{}", timeout(wait))
        }
        Assert::Values(insert) => values("ASSERT VALUES", insert, "VALUES"),
        Assert::NullValues(insert) => values("ASSERT NULL VALUES", insert, "KEY"),
        Assert::Source(source) => {
            format!("ASSERT {} {};", source.kind.keyword(), named_source(source))
        }
    }
}
