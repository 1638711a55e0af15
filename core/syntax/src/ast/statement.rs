//! Statements: everything that ends with a semicolon.

use super::{
    ConnectorKind, Describe, Duration, Expression, Identifier, Literal, Print, Query, Show,
    SqlType, StringLiteral,
};
use headwater_base::Span;

/// A statement.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// Which.
    pub kind: StatementKind,
    /// Where, from its first word to its semicolon, which is included; but within EXPLAIN not.
    pub span: Span,
}

/// Which statement.
#[derive(Clone, Debug, PartialEq)]
pub enum StatementKind {
    /// `CREATE STREAM | TABLE name (columns) WITH (…)`.
    CreateSource(CreateSource),
    /// `CREATE STREAM | TABLE name WITH (…) AS query`.
    CreateAs(CreateAs),
    /// `INSERT INTO name query`.
    InsertQuery(InsertQuery),
    /// `INSERT INTO name (columns) VALUES (…)`.
    InsertValues(InsertValues),
    /// `ALTER STREAM | TABLE name ADD COLUMN …`.
    AlterSource(AlterSource),
    /// `DROP STREAM | TABLE name`.
    DropSource(DropSource),
    /// `CREATE TYPE name AS type`.
    CreateType(CreateType),
    /// `DROP TYPE name`.
    DropType(DropNamed),
    /// `TERMINATE`, `PAUSE`, `RESUME`.
    QueryControl(QueryControl),
    /// `EXPLAIN …`.
    Explain(Explain),
    /// A SELECT on its own: pull or push.
    Query(Query),
    /// `SHOW …` or `LIST …`.
    Show(Show),
    /// `DESCRIBE …`.
    Describe(Describe),
    /// `PRINT topic`.
    Print(Print),
    /// `CREATE SOURCE | SINK CONNECTOR name WITH (…)`.
    CreateConnector(CreateConnector),
    /// `DROP CONNECTOR name`.
    DropConnector(DropNamed),
    /// `SET 'name' = 'value'`.
    SetProperty(SetProperty),
    /// `UNSET 'name'`.
    UnsetProperty(StringLiteral),
    /// `ALTER SYSTEM 'name' = 'value'`.
    AlterSystem(SetProperty),
    /// `DEFINE name = 'value'`.
    Define(Define),
    /// `UNDEFINE name`.
    Undefine(Identifier),
    /// `RUN SCRIPT 'path'`.
    RunScript(StringLiteral),
    /// `ASSERT …`.
    Assert(Assert),
}

/// A stream or a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// `STREAM`.
    Stream,
    /// `TABLE`.
    Table,
}

impl SourceKind {
    /// `STREAM` or `TABLE`.
    pub const fn keyword(self) -> &'static str {
        match self {
            SourceKind::Stream => "STREAM",
            SourceKind::Table => "TABLE",
        }
    }
}

/// `CREATE [OR REPLACE] [SOURCE] STREAM | TABLE [IF NOT EXISTS] name (columns) WITH (…)`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateSource {
    /// Stream or table.
    pub kind: SourceKind,
    /// Whether `OR REPLACE` is said.
    pub or_replace: bool,
    /// Whether `SOURCE` is said: read-only.
    pub read_only: bool,
    /// Whether `IF NOT EXISTS` is said.
    pub if_not_exists: bool,
    /// Its name.
    pub name: Identifier,
    /// Its columns; none where the schema registry knows them.
    pub columns: Vec<ColumnDefinition>,
    /// The WITH clause.
    pub properties: Properties,
}

/// `name type [KEY]`.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnDefinition {
    /// Its name.
    pub name: Identifier,
    /// Its type.
    pub sql_type: SqlType,
    /// What else is said of it.
    pub role: Option<ColumnRole>,
    /// Where, name to role.
    pub span: Span,
}

/// `KEY`, `PRIMARY KEY`, `HEADERS` or `HEADER('key')`.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnRole {
    /// Which.
    pub kind: ColumnRoleKind,
    /// Where.
    pub span: Span,
}

/// Which role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnRoleKind {
    /// `KEY`, of a stream.
    Key,
    /// `PRIMARY KEY`, of a table.
    PrimaryKey,
    /// `HEADERS`: all of a record's headers.
    Headers,
    /// `HEADER('key')`: one header.
    Header(String),
}

/// A WITH clause, in order of writing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Properties {
    /// Its entries.
    pub entries: Vec<Property>,
    /// Where, from WITH to the closing bracket; empty where there is none.
    pub span: Span,
}

impl Properties {
    /// The last entry of a name, which is compared without case.
    pub fn get(&self, name: &str) -> Option<&Property> {
        let mut entries = self.entries.iter().rev();
        entries.find(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// `NAME = literal`.
#[derive(Clone, Debug, PartialEq)]
pub struct Property {
    /// Its name; upper-cased if it was an unquoted identifier.
    pub name: String,
    /// Where the name is.
    pub name_span: Span,
    /// Its value.
    pub value: Literal,
    /// Where the value is.
    pub value_span: Span,
}

/// `CREATE [OR REPLACE] STREAM | TABLE [IF NOT EXISTS] name WITH (…) AS query`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateAs {
    /// Stream or table.
    pub kind: SourceKind,
    /// Whether `OR REPLACE` is said.
    pub or_replace: bool,
    /// Whether `IF NOT EXISTS` is said.
    pub if_not_exists: bool,
    /// Its name.
    pub name: Identifier,
    /// The WITH clause.
    pub properties: Properties,
    /// What fills it.
    pub query: Query,
}

/// `INSERT INTO name [WITH (…)] query`.
#[derive(Clone, Debug, PartialEq)]
pub struct InsertQuery {
    /// The stream that is added to.
    pub target: Identifier,
    /// The WITH clause.
    pub properties: Properties,
    /// What is added.
    pub query: Query,
}

/// `INSERT INTO name [(columns)] VALUES (values)`.
#[derive(Clone, Debug, PartialEq)]
pub struct InsertValues {
    /// The stream or table.
    pub target: Identifier,
    /// The columns, if they are said.
    pub columns: Vec<Identifier>,
    /// Their values.
    pub values: Vec<Expression>,
}

/// `ALTER STREAM | TABLE name ADD [COLUMN] column type, …`.
#[derive(Clone, Debug, PartialEq)]
pub struct AlterSource {
    /// Stream or table.
    pub kind: SourceKind,
    /// Its name.
    pub name: Identifier,
    /// The new columns, without roles.
    pub columns: Vec<ColumnDefinition>,
}

/// `DROP STREAM | TABLE [IF EXISTS] name [DELETE TOPIC]`.
#[derive(Clone, Debug, PartialEq)]
pub struct DropSource {
    /// Stream or table.
    pub kind: SourceKind,
    /// Whether `IF EXISTS` is said.
    pub if_exists: bool,
    /// Its name.
    pub name: Identifier,
    /// Whether its topic goes, too.
    pub delete_topic: bool,
}

/// `CREATE TYPE [IF NOT EXISTS] name AS type`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateType {
    /// Whether `IF NOT EXISTS` is said.
    pub if_not_exists: bool,
    /// The alias.
    pub name: Identifier,
    /// What it stands for.
    pub sql_type: SqlType,
}

/// `DROP TYPE | CONNECTOR [IF EXISTS] name`.
#[derive(Clone, Debug, PartialEq)]
pub struct DropNamed {
    /// Whether `IF EXISTS` is said.
    pub if_exists: bool,
    /// What is dropped.
    pub name: Identifier,
}

/// `TERMINATE | PAUSE | RESUME id | ALL`.
#[derive(Clone, Debug, PartialEq)]
pub struct QueryControl {
    /// What is done.
    pub action: QueryAction,
    /// To which query; `None` is ALL.
    pub query: Option<Identifier>,
}

/// What is done to a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueryAction {
    /// `TERMINATE`.
    Terminate,
    /// `PAUSE`.
    Pause,
    /// `RESUME`.
    Resume,
}

impl QueryAction {
    /// Its key word.
    pub const fn keyword(self) -> &'static str {
        match self {
            QueryAction::Terminate => "TERMINATE",
            QueryAction::Pause => "PAUSE",
            QueryAction::Resume => "RESUME",
        }
    }
}

/// `EXPLAIN id | statement`.
#[derive(Clone, Debug, PartialEq)]
pub enum Explain {
    /// A running query.
    Query(Identifier),
    /// A statement that is not run.
    Statement(Box<Statement>),
}

/// `CREATE SOURCE | SINK CONNECTOR [IF NOT EXISTS] name WITH (…)`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateConnector {
    /// Which way.
    pub kind: ConnectorKind,
    /// Whether `IF NOT EXISTS` is said.
    pub if_not_exists: bool,
    /// Its name.
    pub name: Identifier,
    /// Its configuration.
    pub properties: Properties,
}

/// `'name' = 'value'` of SET and ALTER SYSTEM.
#[derive(Clone, Debug, PartialEq)]
pub struct SetProperty {
    /// The property.
    pub name: StringLiteral,
    /// Its value.
    pub value: StringLiteral,
}

/// `DEFINE name = 'value'`.
#[derive(Clone, Debug, PartialEq)]
pub struct Define {
    /// The variable.
    pub name: Identifier,
    /// Its value.
    pub value: StringLiteral,
}

/// `ASSERT …`.
#[derive(Clone, Debug, PartialEq)]
pub enum Assert {
    /// `[NOT EXISTS] TOPIC name [WITH (…)] [TIMEOUT …]`.
    Topic {
        /// Whether it must be there, and not be absent.
        exists: bool,
        /// The topic.
        name: Identifier,
        /// The topic's name as written, for topics keep their case even without quotes.
        topic_name: String,
        /// What it must be like.
        properties: Properties,
        /// How long to wait.
        timeout: Option<Duration>,
    },
    /// `[NOT EXISTS] SCHEMA [SUBJECT name] [ID n] [TIMEOUT …]`.
    Schema {
        /// Whether it must be there, and not be absent.
        exists: bool,
        /// The subject: an identifier's or a string's text as written.
        subject: Option<StringLiteral>,
        /// The schema's id.
        id: Option<i32>,
        /// How long to wait.
        timeout: Option<Duration>,
    },
    /// `VALUES name [(columns)] VALUES (…)`: the next record is this one.
    Values(InsertValues),
    /// `NULL VALUES name [(columns)] KEY (…)`: the next record is a tombstone.
    NullValues(InsertValues),
    /// `STREAM | TABLE name (columns) WITH (…)`: the source is like this.
    Source(CreateSource),
}
