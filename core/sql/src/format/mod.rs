//! Formats: how the columns of a record's key or value become bytes and come back.
//!
//! One file a format. A [`Codec`] is a format bound to the columns of one side of a record; it
//! decodes only the columns that are wanted, but finds the same records bad as if it had decoded
//! all of them. Formats know nothing of topics or of the log.

mod base64;
mod check;
mod codec;
mod columns;
mod delimited;
mod json;
mod kafka;
mod registry;

pub use base64::{decode_base64, encode_base64};
pub use check::{check_columns, unwrapping};
pub use codec::Codec;
pub use columns::ColumnSet;
pub use json::{JsonItem, Scanner as JsonScanner};
pub use json::{read as read_json, write as write_json, write_string as write_json_string};

use headwater_base::{Diagnostic, Fault};
use std::fmt;

/// A format that can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Format {
    /// JSON texts.
    Json,
    /// Comma-separated fields.
    Delimited,
    /// Kafka's own serialisers: one column, no envelope.
    Kafka,
    /// No columns at all.
    None,
    /// Avro, with a schema registry.
    Avro,
    /// JSON with a schema registry.
    JsonSr,
    /// Protocol buffers, with a schema registry.
    Protobuf,
    /// Protocol buffers without a schema registry.
    ProtobufNosr,
}

/// How PROTOBUF tells a null scalar from a default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Nullable {
    /// By `optional` fields.
    Optional,
    /// By messages around the scalars.
    Wrapper,
}

impl Format {
    /// All formats that can be used.
    pub const ALL: [Format; 8] = [
        Format::Json,
        Format::Delimited,
        Format::Kafka,
        Format::None,
        Format::Avro,
        Format::JsonSr,
        Format::Protobuf,
        Format::ProtobufNosr,
    ];

    /// The name, in capitals.
    pub const fn name(self) -> &'static str {
        match self {
            Format::Json => "JSON",
            Format::Delimited => "DELIMITED",
            Format::Kafka => "KAFKA",
            Format::None => "NONE",
            Format::Avro => "AVRO",
            Format::JsonSr => "JSON_SR",
            Format::Protobuf => "PROTOBUF",
            Format::ProtobufNosr => "PROTOBUF_NOSR",
        }
    }

    /// The format of a name, whatever its case.
    ///
    /// ```
    /// use headwater_sql::format::Format;
    /// assert_eq!(Format::named("json").unwrap(), Format::Json);
    /// assert_eq!(Format::named("FOO").unwrap_err().message, "Unknown format: FOO");
    /// ```
    pub fn named(name: &str) -> Result<Format, Diagnostic> {
        let same = |known: &str| known.eq_ignore_ascii_case(name);
        if let Some(format) = Format::ALL.into_iter().find(|format| same(format.name())) {
            return Ok(format);
        }
        let upper = name.to_uppercase();
        let message = format!("Unknown format: {upper}");
        let found = Diagnostic::error(Fault::Yours, "unknown-format", message);
        let names: Vec<&str> = Format::ALL.iter().map(|format| format.name()).collect();
        Err(found.hint(format!("The formats are {}.", names.join(", "))))
    }

    /// Whether a schema registry knows its schemas, so that columns need not be listed.
    pub const fn can_infer(self) -> bool {
        matches!(self, Format::Avro | Format::JsonSr | Format::Protobuf)
    }

    /// Whether the bytes here are a stand-in for the format's own encoding.
    pub const fn is_stand_in(self) -> bool {
        self.can_infer() || matches!(self, Format::ProtobufNosr)
    }

    /// Whether it is one of the two kinds of PROTOBUF.
    pub const fn is_protobuf(self) -> bool {
        matches!(self, Format::Protobuf | Format::ProtobufNosr)
    }

    /// Whether a single value column may be inside an object or bare, as WRAP_SINGLE_VALUE says.
    pub const fn can_choose_wrapping(self) -> bool {
        matches!(self, Format::Json | Format::Avro | Format::JsonSr)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A format with what a statement says about it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FormatSpec {
    /// Which format.
    pub format: Format,
    /// Between the fields of DELIMITED; a comma where nothing is said.
    pub delimiter: char,
    /// Whether a single value column stands inside an object; keys never do.
    pub wrap_single: bool,
    /// How PROTOBUF tells a null scalar from a default, if it does.
    pub nullable: Option<Nullable>,
    /// The full name of the schema in the registry, where a statement says one.
    pub schema_name: Option<String>,
}

impl FormatSpec {
    /// The format with its defaults: comma, wrapped.
    pub const fn new(format: Format) -> FormatSpec {
        FormatSpec {
            format,
            delimiter: ',',
            wrap_single: true,
            nullable: None,
            schema_name: None,
        }
    }

    /// The format as that of a key of this source: AVRO names the key's schema after the source,
    /// unless a statement says another name.
    ///
    /// ```
    /// use headwater_sql::format::{Format, FormatSpec};
    /// let spec = FormatSpec::new(Format::Avro).for_key_of("POOR_RATINGS");
    /// let name = "io.confluent.ksql.avro_schemas.PoorRatingsKey";
    /// assert_eq!(spec.schema_name.as_deref(), Some(name));
    /// ```
    #[must_use]
    pub fn for_key_of(mut self, source: &str) -> FormatSpec {
        if self.format == Format::Avro && self.schema_name.is_none() {
            let name = camel_case(source);
            self.schema_name = Some(format!("io.confluent.ksql.avro_schemas.{name}Key"));
        }
        self
    }

    /// The format's name; where the bytes are a stand-in, with a word on that.
    pub fn shown(&self) -> String {
        match self.format.is_stand_in() {
            true => format!("{} (JSON in place of the real encoding)", self.format),
            false => self.format.to_string(),
        }
    }
}

/// `POOR_RATINGS` as `PoorRatings`.
fn camel_case(name: &str) -> String {
    let mut out = String::new();
    for word in name.split('_') {
        let mut letters = word.chars();
        out.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        out.extend(letters.flat_map(char::to_lowercase));
    }
    out
}

/// A side of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// The record's key.
    Key,
    /// The record's value.
    Value,
}

/// What decoding found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decoded {
    /// Columns: the slots are filled.
    Row,
    /// No row: the record's side is null, or says that it is. All slots are null.
    Null,
}

/// What encoding wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoded {
    /// Bytes, appended to what was given.
    Bytes,
    /// Nothing: this side of the record is to be null.
    Null,
}

/// Why bytes are no row of these columns, or a row cannot become bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatError {
    /// What is wrong.
    pub message: String,
    /// The column or path where it is wrong, such as `$.STARS`; empty if it is none.
    pub path: String,
}

impl FormatError {
    pub(crate) fn new(message: impl Into<String>) -> FormatError {
        FormatError {
            message: message.into(),
            path: String::new(),
        }
    }
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            return f.write_str(&self.message);
        }
        write!(f, "{}, path: {}", self.message, self.path)
    }
}

impl std::error::Error for FormatError {}

#[cfg(test)]
mod tests;
