//! What binds tightest in an expression: literals, columns, calls with their lambdas, CASE, CAST,
//! constructors, brackets, and the `[i]` and `->f` behind them.

use super::cursor::{Parse, Parser, Role};
use super::expression::{Tree, height_of};
use super::failure::{Reason, Terminal};
use crate::ast::{
    DecimalLiteral, ExpressionKind, FunctionCall, Identifier, Literal, MapEntry, SqlType,
    SqlTypeKind, StructEntry, TimeUnit, WhenBranch,
};
use crate::token::{Keyword, Symbol, TokenKind};
use headwater_base::Span;

impl Parser<'_> {
    /// A primary expression with all that is hung on it.
    pub(super) fn primary(&mut self) -> Parse<Tree> {
        let start = self.span().start;
        let mut base = self.plain_primary()?;
        loop {
            if self.eat(Symbol::LeftBracket) {
                let index = self.value_tree()?;
                base = self.subscript(base, index, start)?;
            } else if self.at(Symbol::Arrow) && !self.is_arrow_star() {
                base = self.field(base, start)?;
            } else {
                return Ok(base);
            }
        }
    }

    fn subscript(&mut self, base: Tree, index: Tree, start: u32) -> Parse<Tree> {
        self.expect(Symbol::RightBracket)?;
        let height = base.height.max(index.height);
        let (base, index) = (base.boxed(), index.boxed());
        self.node(ExpressionKind::Subscript { base, index }, start, height)
    }

    fn field(&mut self, base: Tree, start: u32) -> Parse<Tree> {
        self.skip();
        let field = self.identifier()?;
        let height = base.height;
        let base = base.boxed();
        self.node(ExpressionKind::Field { base, field }, start, height)
    }

    /// `->*` is part of a SELECT item, not of an expression.
    fn is_arrow_star(&self) -> bool {
        self.symbol_ahead(1) == Some(Symbol::Asterisk)
    }

    fn literal_node(&mut self) -> Parse<Tree> {
        let start = self.span().start;
        let literal = self.literal()?;
        self.node(ExpressionKind::Literal(literal), start, 0)
    }

    fn plain_primary(&mut self) -> Parse<Tree> {
        let opens = self.symbol_ahead(1);
        match self.keyword() {
            Some(Keyword::CASE) => return self.case(),
            Some(Keyword::CAST) => return self.cast(),
            Some(Keyword::ARRAY) if opens == Some(Symbol::LeftBracket) => return self.array(),
            Some(Keyword::MAP) if opens == Some(Symbol::LeftParenthesis) => return self.map(),
            Some(Keyword::STRUCT) if opens == Some(Symbol::LeftParenthesis) => {
                return self.structure();
            }
            Some(Keyword::DECIMAL) if self.kind_ahead(1, TokenKind::String) => {
                return self.typed_literal();
            }
            _ => {}
        }
        if self.token().kind != TokenKind::Variable && self.is_literal() {
            return self.literal_node();
        }
        let start = self.span().start;
        if self.eat(Symbol::LeftParenthesis) {
            let mut inner = self.expression_tree()?;
            self.expect(Symbol::RightParenthesis)?;
            inner.outer_start = start;
            return Ok(inner);
        }
        self.named()
    }

    /// What begins with a name: a column, a call, a typed literal.
    fn named(&mut self) -> Parse<Tree> {
        if !self.is_name_ahead(0) {
            self.at(Terminal::Identifier);
            return self.fail(Reason::Near("an expression"));
        }
        if self.symbol_ahead(1) == Some(Symbol::LeftParenthesis) {
            return self.call();
        }
        if self.kind_ahead(1, TokenKind::String) {
            return self.typed_literal();
        }
        self.column_reference()
    }

    fn column_reference(&mut self) -> Parse<Tree> {
        let start = self.span().start;
        let first = self.identifier()?;
        let has_column = self.symbol_ahead(0) == Some(Symbol::Dot);
        let (source, name) = if has_column {
            self.skip();
            (Some(first), self.identifier()?)
        } else {
            (None, first)
        };
        self.node(ExpressionKind::Column { source, name }, start, 0)
    }

    /// `DECIMAL '1.2'`, `TIMESTAMP '2020-01-01'`: the latter are casts of their texts.
    fn typed_literal(&mut self) -> Parse<Tree> {
        let type_token = self.skip();
        self.mark(type_token.span, Role::Type);
        let string_at = self.position();
        let literal = self.string()?;
        let start = type_token.span.start;
        let written = type_token.span.of(self.text);
        let kind = match written.to_ascii_uppercase().as_str() {
            "DECIMAL" => {
                let Some(number) = DecimalLiteral::new(&literal.value) else {
                    return self.fail_at(string_at, Reason::Near("a number in quotes"));
                };
                return self.node(ExpressionKind::Literal(Literal::Decimal(number)), start, 0);
            }
            "TIME" => SqlTypeKind::Time,
            "DATE" => SqlTypeKind::Date,
            "TIMESTAMP" => SqlTypeKind::Timestamp,
            _ => return self.unknown_type(string_at - 1, written),
        };
        let span = literal.span;
        let value = ExpressionKind::Literal(Literal::String(literal.value));
        let mut value = self.node(value, start, 0)?;
        value.expression.span = span;
        let sql_type = SqlType {
            kind,
            span: type_token.span,
        };
        let value = value.boxed();
        self.node(ExpressionKind::Cast { value, sql_type }, start, 1)
    }

    fn unknown_type<T>(&mut self, at: usize, written: &str) -> Parse<T> {
        let reason = Reason::Refused {
            code: "unknown-type",
            message: format!("Unknown type: {written}"),
            hint: "Only DECIMAL, TIME, DATE and TIMESTAMP may stand before a text.",
        };
        self.fail_at(at, reason)
    }

    fn call(&mut self) -> Parse<Tree> {
        let start = self.span().start;
        let name = self.identifier()?;
        self.mark(name.span, Role::Function);
        self.expect(Symbol::LeftParenthesis)?;
        let star = self.symbol_ahead(0) == Some(Symbol::Asterisk);
        let mut arguments: Vec<Tree> = Vec::new();
        if star {
            self.skip();
            self.expect(Symbol::RightParenthesis)?;
        } else if !self.eat(Symbol::RightParenthesis) {
            arguments = self.arguments()?;
        }
        let height = height_of(&arguments);
        let arguments = arguments.into_iter().map(|tree| *tree.expression).collect();
        let call = FunctionCall { name, arguments };
        self.node(ExpressionKind::Call(call), start, height)
    }

    /// Arguments with the closing bracket. Lambdas come last and never first.
    fn arguments(&mut self) -> Parse<Vec<Tree>> {
        let mut arguments = vec![self.argument()?];
        let mut lambdas = false;
        while self.eat(Symbol::Comma) {
            let parameters = self.lambda_parameters();
            let argument = match parameters {
                0 if lambdas => return self.fail(Reason::Near("a lambda")),
                0 => self.argument()?,
                count => {
                    lambdas = true;
                    self.nested(|parser| parser.lambda(count))?
                }
            };
            arguments.push(argument);
        }
        self.end_list(Symbol::RightParenthesis)?;
        Ok(arguments)
    }

    fn argument(&mut self) -> Parse<Tree> {
        let start = self.span().start;
        match self.keyword().and_then(unit_argument) {
            Some(unit) => {
                self.skip();
                self.node(ExpressionKind::Unit(unit), start, 0)
            }
            None => self.expression_tree(),
        }
    }

    /// How many parameters the lambda has that begins here; none if there is no lambda.
    fn lambda_parameters(&self) -> usize {
        use Symbol::*;
        if self.is_name_ahead(0) && self.symbol_ahead(1) == Some(FatArrow) {
            return 1;
        }
        if self.symbol_ahead(0) != Some(LeftParenthesis) {
            return 0;
        }
        let mut count = 0;
        while self.is_name_ahead(1 + 2 * count) {
            count += 1;
            if self.symbol_ahead(2 * count) != Some(Comma) {
                break;
            }
        }
        let closes = self.symbol_ahead(2 * count) == Some(RightParenthesis)
            && self.symbol_ahead(2 * count + 1) == Some(FatArrow);
        if closes { count } else { 0 }
    }

    fn lambda(&mut self, count: usize) -> Parse<Tree> {
        let start = self.span().start;
        let bracketed = self.eat(Symbol::LeftParenthesis);
        let mut parameters: Vec<Identifier> = Vec::with_capacity(count);
        for index in 0..count {
            if index > 0 {
                self.expect(Symbol::Comma)?;
            }
            parameters.push(self.identifier()?);
        }
        if bracketed {
            self.expect(Symbol::RightParenthesis)?;
        }
        self.expect(Symbol::FatArrow)?;
        let body = self.expression_tree()?;
        let height = body.height;
        let body = body.boxed();
        self.node(ExpressionKind::Lambda { parameters, body }, start, height)
    }

    fn case(&mut self) -> Parse<Tree> {
        let start = self.skip().span.start;
        let mut height = 0;
        let operand = if self.at(Keyword::WHEN) {
            None
        } else {
            let operand = self.value_tree()?;
            height = operand.height;
            Some(operand.boxed())
        };
        let mut branches = Vec::new();
        while branches.is_empty() || self.at(Keyword::WHEN) {
            let (branch, branch_height) = self.when_branch()?;
            branches.push(branch);
            height = height.max(branch_height);
        }
        let default = if self.eat(Keyword::ELSE) {
            let default = self.expression_tree()?;
            height = height.max(default.height);
            Some(default.boxed())
        } else {
            None
        };
        self.expect(Keyword::END)?;
        let kind = ExpressionKind::Case {
            operand,
            branches,
            default,
        };
        self.node(kind, start, height)
    }

    fn when_branch(&mut self) -> Parse<(WhenBranch, u32)> {
        let start = self.expect(Keyword::WHEN)?.span.start;
        let condition = self.expression_tree()?;
        self.expect(Keyword::THEN)?;
        let result = self.expression_tree()?;
        let height = condition.height.max(result.height);
        let branch = WhenBranch {
            condition: *condition.expression,
            result: *result.expression,
            span: self.span_from(start),
        };
        Ok((branch, height))
    }

    fn cast(&mut self) -> Parse<Tree> {
        let start = self.skip().span.start;
        self.expect(Symbol::LeftParenthesis)?;
        let value = self.expression_tree()?;
        self.expect(Keyword::AS)?;
        let sql_type = self.sql_type()?;
        self.expect(Symbol::RightParenthesis)?;
        let height = value.height;
        let value = value.boxed();
        self.node(ExpressionKind::Cast { value, sql_type }, start, height)
    }

    /// Passes over a constructor's word and opening bracket.
    fn open_constructor(&mut self) -> Span {
        let word = self.skip();
        self.mark(word.span, Role::Function);
        self.skip();
        word.span
    }

    fn array(&mut self) -> Parse<Tree> {
        let start = self.open_constructor().start;
        let mut items = Vec::new();
        if !self.eat(Symbol::RightBracket) {
            items = self.list(Parser::expression_tree)?;
            self.end_list(Symbol::RightBracket)?;
        }
        let height = height_of(&items);
        let items = items.into_iter().map(|tree| *tree.expression).collect();
        self.node(ExpressionKind::Array(items), start, height)
    }

    fn map(&mut self) -> Parse<Tree> {
        let start = self.open_constructor().start;
        let mut height = 0;
        let mut entries = Vec::new();
        if !self.eat(Symbol::RightParenthesis) {
            entries = self.list(|parser| {
                let key = parser.expression_tree()?;
                parser.expect(Symbol::Assign)?;
                let value = parser.expression_tree()?;
                height = height_of([&key, &value]).max(height);
                let (key, value) = (*key.expression, *value.expression);
                Ok(MapEntry { key, value })
            })?;
            self.end_list(Symbol::RightParenthesis)?;
        }
        self.node(ExpressionKind::Map(entries), start, height)
    }

    fn structure(&mut self) -> Parse<Tree> {
        let start = self.open_constructor().start;
        let mut height = 0;
        let mut entries = Vec::new();
        if !self.eat(Symbol::RightParenthesis) {
            entries = self.list(|parser| {
                let name = parser.identifier()?;
                parser.expect(Symbol::Assign)?;
                let value = parser.expression_tree()?;
                height = height.max(value.height);
                let value = *value.expression;
                Ok(StructEntry { name, value })
            })?;
            self.end_list(Symbol::RightParenthesis)?;
        }
        self.node(ExpressionKind::Struct(entries), start, height)
    }
}

/// Units that are reserved words; the others, such as DAY, are read as columns, as ksqlDB does.
fn unit_argument(keyword: Keyword) -> Option<TimeUnit> {
    match keyword {
        Keyword::MILLISECOND | Keyword::MILLISECONDS => Some(TimeUnit::Milliseconds),
        Keyword::SECONDS => Some(TimeUnit::Seconds),
        Keyword::MINUTES => Some(TimeUnit::Minutes),
        Keyword::HOURS => Some(TimeUnit::Hours),
        Keyword::DAYS => Some(TimeUnit::Days),
        Keyword::MONTHS => Some(TimeUnit::Months),
        Keyword::YEARS => Some(TimeUnit::Years),
        _ => None,
    }
}
