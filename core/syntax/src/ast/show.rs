//! Statements that look around: SHOW and LIST, DESCRIBE, PRINT.

use super::Identifier;
use headwater_base::Span;

/// What `SHOW …` or `LIST …` lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    /// `STREAMS [EXTENDED]`.
    Streams {
        /// Whether each is described, too.
        extended: bool,
    },
    /// `TABLES [EXTENDED]`.
    Tables {
        /// Whether each is described, too.
        extended: bool,
    },
    /// `QUERIES [EXTENDED]`.
    Queries {
        /// Whether each is explained, too.
        extended: bool,
    },
    /// `[ALL] TOPICS [EXTENDED]`.
    Topics {
        /// Whether hidden topics are listed, too.
        all: bool,
        /// Whether consumers are counted.
        extended: bool,
    },
    /// `FUNCTIONS`.
    Functions,
    /// `TYPES`.
    Types,
    /// `VARIABLES`.
    Variables,
    /// `PROPERTIES`.
    Properties,
    /// `[SOURCE | SINK] CONNECTORS`.
    Connectors {
        /// Only those of one kind.
        kind: Option<ConnectorKind>,
    },
    /// `CONNECTOR PLUGINS`.
    ConnectorPlugins,
}

/// Which way a connector carries records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectorKind {
    /// Into topics.
    Source,
    /// Out of topics.
    Sink,
}

/// What `DESCRIBE …` describes.
#[derive(Clone, Debug, PartialEq)]
pub enum Describe {
    /// `name [EXTENDED]`: one stream or table.
    Source {
        /// Its name.
        name: Identifier,
        /// Whether run-time facts are shown, too.
        extended: bool,
    },
    /// `STREAMS [EXTENDED]`.
    Streams {
        /// Whether run-time facts are shown, too.
        extended: bool,
    },
    /// `TABLES [EXTENDED]`.
    Tables {
        /// Whether run-time facts are shown, too.
        extended: bool,
    },
    /// `FUNCTION name`.
    Function(Identifier),
    /// `CONNECTOR name`.
    Connector(Identifier),
}

/// `PRINT topic [FROM BEGINNING] [INTERVAL n] [LIMIT n]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Print {
    /// The topic; its `topic_name` is what counts.
    pub topic: Identifier,
    /// The topic's name as written, for topics keep their case even without quotes.
    pub topic_name: String,
    /// Whether it begins with the oldest record.
    pub from_beginning: bool,
    /// Only every n-th record (`INTERVAL` or `SAMPLE`).
    pub interval: Option<i64>,
    /// At most so many records.
    pub limit: Option<i64>,
    /// Where.
    pub span: Span,
}
