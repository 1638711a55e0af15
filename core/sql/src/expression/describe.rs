//! Expressions as messages spell them: brackets round every operation, no quotes round names.

use headwater_syntax::ast::Expression;
use headwater_syntax::printer::{self, Quoting};

/// The spelling of an expression in a message.
///
/// ```
/// use headwater_sql::expression::describe;
/// let sum = headwater_syntax::parse_expression("a + 1").unwrap();
/// assert_eq!(describe(&sum), "(A + 1)");
/// ```
pub fn describe(expression: &Expression) -> String {
    printer::expression(expression, Quoting::Never)
}
