//! Writes trees as ksqlDB does in its messages: full brackets, clauses on lines of their own.
//!
//! `statement` and `query` give the reformatted SQL, `expression` and `sql_type` what messages
//! quote. Read `expression.rs` for the brackets and `query.rs` for the lines.

mod expression;
mod normal;
mod query;
mod statement;
mod types;

pub use expression::expression;
pub use normal::normal_form;
pub use query::{QueryUse, query};
pub use statement::statement;
pub use types::sql_type;

use crate::lexer::is_plain_word;
use crate::token::Keyword;

/// When names are put into back-quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quoting {
    /// Always, as in schemas: `` `A` INTEGER ``.
    Always,
    /// Where they would not read back, as in reformatted SQL.
    Needed,
    /// Never, as in expressions that messages quote.
    Never,
}

/// A name.
///
/// ```
/// use headwater_syntax::printer::{Quoting, name};
/// assert_eq!(name("A", Quoting::Needed), "A");
/// assert_eq!(name("a`b", Quoting::Needed), "`a``b`");
/// ```
pub fn name(text: &str, quoting: Quoting) -> String {
    let quoted = match quoting {
        Quoting::Always => true,
        Quoting::Needed => needs_quotes(text),
        Quoting::Never => false,
    };
    if quoted {
        return format!("`{}`", text.replace('`', "``"));
    }
    text.to_owned()
}

/// Whether a name would not read back as itself without quotes.
pub fn needs_quotes(text: &str) -> bool {
    if text.starts_with("${") && crate::lexer::variable_length(text) == Some(text.len()) {
        return false;
    }
    let reserved = Keyword::of(text).is_some_and(Keyword::is_reserved);
    let all_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let lower_case = text.bytes().any(|byte| byte.is_ascii_lowercase());
    let is_number = is_exponent(text);
    reserved || all_digits || lower_case || is_number || !is_plain_word(text)
}

/// `1E5` would read back as a number.
fn is_exponent(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    text.split_once('E')
        .is_some_and(|(mantissa, exponent)| digits(mantissa) && digits(exponent))
}

fn string_literal(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

fn joined<T>(items: &[T], separator: &str, write: impl Fn(&T) -> String) -> String {
    let items: Vec<String> = items.iter().map(write).collect();
    items.join(separator)
}
