//! The catalog: the streams, tables and type aliases that statements have made.
//!
//! It only remembers. What may be added or dropped is decided in `engine`; cloning is cheap.

use crate::format::FormatSpec;
use crate::types::{Schema, SqlType};
use headwater_base::{Diagnostic, Fault, QueryId, SortedMap, Span, diagnostic::nearest};
use std::fmt;
use std::sync::Arc;

pub use headwater_syntax::ast::SourceKind;

/// What kind of windows a key carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WindowType {
    /// Side by side, of this size in milliseconds.
    Tumbling(i64),
    /// Overlapping, of this size in milliseconds.
    Hopping(i64),
    /// As long as records come.
    Session,
}

impl WindowType {
    /// The size in milliseconds, if it is the same for all windows.
    pub const fn size_millis(self) -> Option<i64> {
        match self {
            WindowType::Tumbling(size) | WindowType::Hopping(size) => Some(size),
            WindowType::Session => None,
        }
    }
}

impl fmt::Display for WindowType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            WindowType::Tumbling(_) => "TUMBLING",
            WindowType::Hopping(_) => "HOPPING",
            WindowType::Session => "SESSION",
        })
    }
}

/// A column that is read from a record's headers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderColumn {
    /// Its name.
    pub name: String,
    /// The header that it shows; `None` for all of them.
    pub header: Option<String>,
}

impl HeaderColumn {
    /// Its type, which its role fixes.
    pub fn ty(&self) -> SqlType {
        match self.header {
            Some(_) => SqlType::Bytes,
            None => headers_type(),
        }
    }
}

/// The type of a column that holds all headers.
pub fn headers_type() -> SqlType {
    let column = crate::types::Column::new;
    SqlType::array(SqlType::Struct(vec![
        column("KEY", SqlType::String),
        column("VALUE", SqlType::Bytes),
    ]))
}

/// The column that gives a record its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimestampColumn {
    /// Its name.
    pub column: String,
    /// How a STRING is read; a number or TIMESTAMP needs none.
    pub pattern: Option<String>,
}

/// A stream or a table over a topic.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// Its name.
    pub name: String,
    /// Stream or table.
    pub kind: SourceKind,
    /// Its columns, without those of headers.
    pub schema: Schema,
    /// Its columns that show headers.
    pub headers: Vec<HeaderColumn>,
    /// The topic.
    pub topic: String,
    /// How keys are written.
    pub key_format: FormatSpec,
    /// How values are written.
    pub value_format: FormatSpec,
    /// The windows in its keys.
    pub window: Option<WindowType>,
    /// What gives records their time, if it is not the record's own.
    pub timestamp: Option<TimestampColumn>,
    /// Whether it was made with SOURCE: nobody may write to it.
    pub read_only: bool,
    /// The statement that made it.
    pub sql: String,
    /// The query that fills it, if CREATE … AS made it.
    pub query: Option<QueryId>,
}

impl Source {
    /// Whether it is a table.
    pub fn is_table(&self) -> bool {
        self.kind == SourceKind::Table
    }

    /// `stream` or `table`.
    pub fn noun(&self) -> &'static str {
        match self.kind {
            SourceKind::Stream => "stream",
            SourceKind::Table => "table",
        }
    }

    /// The columns as ksqlDB lists them: `` `K` STRING KEY, `V` INTEGER ``.
    pub fn schema_text(&self) -> String {
        let text = match self.kind {
            SourceKind::Stream => self.schema.to_string(),
            SourceKind::Table => {
                let keys = self
                    .schema
                    .key
                    .iter()
                    .map(|column| format!("{column} PRIMARY KEY"));
                let values = self.schema.value.iter().map(|column| column.to_string());
                keys.chain(values).collect::<Vec<_>>().join(", ")
            }
        };
        let headers = self.headers.iter().map(|column| {
            let role = match &column.header {
                Some(header) => format!("HEADER('{header}')"),
                None => "HEADERS".to_owned(),
            };
            format!("`{}` {} {role}", column.name, column.ty())
        });
        let all = std::iter::once(text)
            .filter(|text| !text.is_empty())
            .chain(headers);
        all.collect::<Vec<_>>().join(", ")
    }
}

/// All streams, tables and type aliases.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    sources: Arc<SortedMap<String, Arc<Source>>>,
    types: Arc<SortedMap<String, SqlType>>,
}

impl Catalog {
    /// The stream or table of this name.
    pub fn get(&self, name: &str) -> Option<&Arc<Source>> {
        self.sources.get(name)
    }

    /// The same, or an error in ksqlDB's words that tells the nearest names.
    pub fn named(&self, name: &str, at: Span) -> Result<&Arc<Source>, Diagnostic> {
        self.get(name).ok_or_else(|| self.unknown(name, at))
    }

    /// "X does not exist", with what to do.
    pub fn unknown(&self, name: &str, at: Span) -> Diagnostic {
        let message = format!("{name} does not exist.");
        let wrong = Diagnostic::error(Fault::Yours, "unknown-source", message).at(at);
        self.near(name).into_iter().fold(wrong, |wrong, near| {
            wrong.hint(format!("Did you mean {near}?"))
        })
    }

    /// Names near to one that is not known.
    pub fn near(&self, name: &str) -> Vec<&str> {
        let upper = name.to_uppercase();
        if upper != name && self.sources.contains_key(&upper) {
            return self
                .sources
                .get_key_value(&upper)
                .map(|(k, _)| k.as_str())
                .into_iter()
                .collect();
        }
        nearest(name, self.sources.keys().map(String::as_str))
    }

    /// All of them, by name.
    pub fn sources(&self) -> impl Iterator<Item = &Arc<Source>> {
        self.sources.values()
    }

    /// All of one kind, by name.
    pub fn of_kind(&self, kind: SourceKind) -> impl Iterator<Item = &Arc<Source>> {
        self.sources
            .values()
            .filter(move |source| source.kind == kind)
    }

    /// The sources over a topic, by name.
    pub fn over_topic<'c>(&'c self, topic: &'c str) -> impl Iterator<Item = &'c Arc<Source>> {
        self.sources
            .values()
            .filter(move |source| source.topic == topic)
    }

    /// Adds or replaces one.
    pub fn put(&mut self, source: Source) {
        Arc::make_mut(&mut self.sources).insert(source.name.clone(), Arc::new(source));
    }

    /// Takes one out.
    pub fn remove(&mut self, name: &str) -> Option<Arc<Source>> {
        Arc::make_mut(&mut self.sources).remove(name)
    }

    /// The type aliases, by name.
    pub fn types(&self) -> &SortedMap<String, SqlType> {
        &self.types
    }

    /// Adds a type alias.
    pub fn put_type(&mut self, name: &str, ty: SqlType) {
        Arc::make_mut(&mut self.types).insert(name.to_owned(), ty);
    }

    /// Takes a type alias out; whether it was there.
    pub fn remove_type(&mut self, name: &str) -> bool {
        Arc::make_mut(&mut self.types).remove(name).is_some()
    }
}
