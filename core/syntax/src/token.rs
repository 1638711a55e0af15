//! Tokens: key words, symbols, literals, comments, and what cannot be read.
//!
//! Which word is reserved is ksqlDB's choice; a word that is not may also be a name.

use headwater_base::Span;

/// One token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where.
    pub span: Span,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A key word, in any case.
    Keyword(Keyword),
    /// A word that is no key word, or one that begins with a digit.
    Identifier,
    /// A name in double quotes or back-quotes.
    QuotedIdentifier,
    /// A text in single quotes.
    String,
    /// Digits.
    Integer,
    /// Digits with a point.
    Decimal,
    /// Digits with an exponent.
    Float,
    /// `${name}`.
    Variable,
    /// Punctuation or an operator.
    Symbol(Symbol),
    /// `-- …` or `/* … */`.
    Comment,
    /// `--@ …`.
    Directive,
    /// A character that begins no token.
    Unknown,
    /// A string, quoted name or comment without its end.
    Unterminated,
    /// The end of the text.
    End,
}

impl TokenKind {
    /// Whether the parser passes over it.
    pub const fn is_trivia(self) -> bool {
        matches!(self, TokenKind::Comment | TokenKind::Directive)
    }
}

macro_rules! keywords {
    (reserved { $($reserved:ident)* } free { $($free:ident)* }) => {
        /// A key word.
        #[allow(missing_docs, clippy::upper_case_acronyms, reason = "the words say it all")]
        #[allow(non_camel_case_types, reason = "spelt as in SQL")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Keyword { $($reserved,)* $($free,)* }

        impl Keyword {
            /// All of them: first the reserved ones, each group in alphabetical order.
            pub const EVERY: &'static [Keyword] = &[$(Keyword::$reserved,)* $(Keyword::$free,)*];

            /// The word in capital letters.
            pub const fn text(self) -> &'static str {
                match self {
                    $(Keyword::$reserved => stringify!($reserved),)*
                    $(Keyword::$free => stringify!($free),)*
                }
            }

            /// Whether it must be quoted to be a name.
            pub const fn is_reserved(self) -> bool {
                matches!(self, $(Keyword::$reserved)|*)
            }
        }
    };
}

keywords! {
    reserved {
        ADVANCE ALL AND AS AT BEGINNING BETWEEN BY CASE CAST CATALOG CONNECTOR CONNECTORS CREATE
        DAYS DECIMAL DELETE DESCRIBE DISTINCT DROP ELSE END EXISTS EXPORT EXTENDED FALSE FROM FULL
        GROUP HAVING HOPPING HOURS IN INNER INSERT INTO IS JOIN LEFT LIKE LIMIT LIST LOAD
        MATERIALIZED MILLISECOND MILLISECONDS MINUTES MONTHS NAMESPACE NOT NULL ON OR OUTER PAUSE
        PRINT PROPERTIES QUERIES QUERY RENAME RESUME RETENTION RIGHT RUN SAMPLE SCRIPT SECONDS
        SELECT SIZE STREAM STREAMS TABLE TERMINATE THEN TO TOPIC TOPICS TRUE TUMBLING UNSET VALUES
        VIEW WHEN WHERE WINDOW WITH WITHIN YEARS
    }
    free {
        ADD ALTER ANALYZE ARRAY ASSERT CHANGES COLUMN COLUMNS DATE DAY DEFINE EMIT ESCAPE EXPLAIN
        FINAL FUNCTION FUNCTIONS GRACE HEADER HEADERS HOUR ID IF INTEGER INTERVAL KEY MAP MINUTE
        MONTH PARTITION PARTITIONS PERIOD PLUGINS PRIMARY REPLACE RESET SCHEMA SECOND SESSION SET
        SHOW SINK SOURCE STRING STRUCT SUBJECT SYSTEM TABLES TIME TIMEOUT TIMESTAMP TYPE TYPES
        UNDEFINE VARIABLES YEAR ZONE
    }
}

impl Keyword {
    /// The key word of this spelling, in any case.
    ///
    /// ```
    /// use headwater_syntax::token::Keyword;
    /// assert_eq!(Keyword::of("select"), Some(Keyword::SELECT));
    /// assert_eq!(Keyword::of("selected"), None);
    /// ```
    pub fn of(word: &str) -> Option<Keyword> {
        let same = |keyword: &&Keyword| keyword.text().eq_ignore_ascii_case(word);
        Keyword::EVERY.iter().find(same).copied()
    }
}

macro_rules! symbols {
    ($($(#[$doc:meta])* $name:ident $text:literal)*) => {
        /// Punctuation and operators.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Symbol { $($(#[$doc])* $name,)* }

        impl Symbol {
            /// All of them, no symbol behind one that it begins with.
            pub const ALL: &'static [Symbol] = &[$(Symbol::$name,)*];

            /// As written.
            pub const fn text(self) -> &'static str {
                match self { $(Symbol::$name => $text,)* }
            }
        }
    };
}

symbols! {
    /// `;`
    Semicolon ";"
    /// `,`
    Comma ","
    /// `(`
    LeftParenthesis "("
    /// `)`
    RightParenthesis ")"
    /// `.`
    Dot "."
    /// `[`
    LeftBracket "["
    /// `]`
    RightBracket "]"
    /// `=>`
    FatArrow "=>"
    /// `=`
    Equal "="
    /// `<>`
    NotEqual "<>"
    /// `!=`
    BangEqual "!="
    /// `<=`
    LessOrEqual "<="
    /// `<`
    Less "<"
    /// `>=`
    GreaterOrEqual ">="
    /// `>`
    Greater ">"
    /// `+`
    Plus "+"
    /// `->`
    Arrow "->"
    /// `-`
    Minus "-"
    /// `*`
    Asterisk "*"
    /// `/`
    Slash "/"
    /// `%`
    Percent "%"
    /// `||`
    Concat "||"
    /// `:=`
    Assign ":="
}

/// Every key word, for completion.
///
/// ```
/// assert!(headwater_syntax::keywords().any(|word| word == "TUMBLING"));
/// ```
pub fn keywords() -> impl Iterator<Item = &'static str> {
    Keyword::EVERY.iter().map(|keyword| keyword.text())
}
