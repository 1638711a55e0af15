//! SELECT with its clauses, in ksqlDB's order.

use super::cursor::{Parse, Parser};
use super::failure::{Reason, Terminal};
use crate::ast::{
    AliasedSource, Clause, Duration, Emit, Expression, ExpressionKind, Identifier, Join, JoinKind,
    Query, SelectItem, SelectItemKind, TimeUnit, Window, WindowKind, Within,
};
use crate::token::{Keyword, Symbol, TokenKind};

impl Parser<'_> {
    /// A query, from SELECT on.
    pub(super) fn query(&mut self) -> Parse<Query> {
        let start = self.span().start;
        self.expect(Keyword::SELECT)?;
        let body = self.list(Parser::select_item)?;
        let select = self.clause(start, body);
        let from_start = self.span().start;
        self.expect(Keyword::FROM)?;
        let body = self.aliased_source()?;
        let from = self.clause(from_start, body);
        let mut joins = Vec::new();
        while let Some(join) = self.join()? {
            joins.push(join);
        }
        Ok(Query {
            select,
            from,
            joins,
            window: self.window()?,
            filter: self.optional(&[Keyword::WHERE], Parser::expression)?,
            group_by: self.optional(&[Keyword::GROUP, Keyword::BY], Parser::grouping)?,
            partition_by: self.optional(&[Keyword::PARTITION, Keyword::BY], Parser::grouping)?,
            having: self.optional(&[Keyword::HAVING], Parser::expression)?,
            emit: self.optional(&[Keyword::EMIT], Parser::emit)?,
            limit: self.optional(&[Keyword::LIMIT], |parser| parser.whole_number("LIMIT"))?,
            span: self.span_from(start),
        })
    }

    fn clause<T>(&self, start: u32, body: T) -> Clause<T> {
        let span = self.span_from(start);
        Clause { body, span }
    }

    /// A clause that begins with these words, if it is there.
    fn optional<T>(
        &mut self,
        words: &[Keyword],
        read: impl FnOnce(&mut Self) -> Parse<T>,
    ) -> Parse<Option<Clause<T>>> {
        let start = self.span().start;
        if !self.eat(words[0]) {
            return Ok(None);
        }
        for word in &words[1..] {
            self.expect(*word)?;
        }
        let body = read(self)?;
        Ok(Some(self.clause(start, body)))
    }

    fn select_item(&mut self) -> Parse<SelectItem> {
        let start = self.span().start;
        let kind = self.select_item_kind()?;
        let span = self.span_from(start);
        Ok(SelectItem { kind, span })
    }

    fn select_item_kind(&mut self) -> Parse<SelectItemKind> {
        if self.eat(Symbol::Asterisk) {
            return Ok(SelectItemKind::All { source: None });
        }
        let dotted_star = self.symbol_ahead(1) == Some(Symbol::Dot)
            && self.symbol_ahead(2) == Some(Symbol::Asterisk);
        if self.is_name_ahead(0) && dotted_star {
            let source = Some(self.identifier()?);
            self.skip();
            self.skip();
            return Ok(SelectItemKind::All { source });
        }
        let expression = self.expression()?;
        if self.symbol_ahead(0) == Some(Symbol::Arrow) && is_primary(&expression) {
            self.skip();
            self.expect(Symbol::Asterisk)?;
            return Ok(SelectItemKind::AllFields { base: expression });
        }
        let alias = self.alias()?;
        Ok(SelectItemKind::Expression { expression, alias })
    }

    /// `[AS] name`. EMIT and PARTITION are names, too, unless they begin their clauses.
    fn alias(&mut self) -> Parse<Option<Identifier>> {
        if self.eat(Keyword::AS) {
            return Ok(Some(self.identifier()?));
        }
        let next = self.keyword_ahead(1);
        let begins_clause = match self.keyword() {
            Some(Keyword::EMIT) => matches!(next, Some(Keyword::CHANGES | Keyword::FINAL)),
            Some(Keyword::PARTITION) => next == Some(Keyword::BY),
            _ => false,
        };
        if begins_clause || !self.is_name_ahead(0) {
            return Ok(None);
        }
        Ok(Some(self.identifier()?))
    }

    fn aliased_source(&mut self) -> Parse<AliasedSource> {
        let name = self.identifier()?;
        let alias = self.alias()?;
        let span = self.span_from(name.span.start);
        Ok(AliasedSource { name, alias, span })
    }

    fn join(&mut self) -> Parse<Option<Join>> {
        let start = self.span().start;
        let kind = if self.eat(Keyword::INNER) {
            JoinKind::Inner
        } else if self.eat(Keyword::LEFT) {
            JoinKind::Left
        } else if self.eat(Keyword::RIGHT) {
            JoinKind::Right
        } else if self.eat(Keyword::FULL) {
            JoinKind::Full
        } else if self.at(Keyword::JOIN) {
            JoinKind::Inner
        } else {
            return Ok(None);
        };
        if kind != JoinKind::Inner {
            self.eat(Keyword::OUTER);
        }
        self.expect(Keyword::JOIN)?;
        let source = self.aliased_source()?;
        let within = self.within()?;
        self.expect(Keyword::ON)?;
        let on = self.expression()?;
        let span = self.span_from(start);
        Ok(Some(Join {
            kind,
            source,
            within,
            on,
            span,
        }))
    }

    fn within(&mut self) -> Parse<Option<Within>> {
        let start = self.span().start;
        if !self.eat(Keyword::WITHIN) {
            return Ok(None);
        }
        let (before, after) = if self.eat(Symbol::LeftParenthesis) {
            let before = self.duration()?;
            self.expect(Symbol::Comma)?;
            let after = self.duration()?;
            self.expect(Symbol::RightParenthesis)?;
            (before, after)
        } else {
            let both = self.duration()?;
            (both, both)
        };
        let grace = if self.at(Keyword::GRACE) {
            Some(self.grace()?)
        } else {
            None
        };
        let span = self.span_from(start);
        Ok(Some(Within {
            before,
            after,
            grace,
            span,
        }))
    }

    fn grace(&mut self) -> Parse<Duration> {
        self.expect(Keyword::GRACE)?;
        self.expect(Keyword::PERIOD)?;
        self.duration()
    }

    /// `10 MINUTES`.
    pub(super) fn duration(&mut self) -> Parse<Duration> {
        let start = self.span().start;
        if !self.at(Terminal::Integer) {
            return self.fail(Reason::One(Terminal::Integer));
        }
        let Ok(count) = self.span().of(self.text).parse() else {
            return self.fail(Reason::Near("a whole number"));
        };
        self.skip();
        let unit = self.window_unit()?;
        let span = self.span_from(start);
        Ok(Duration { count, unit, span })
    }

    fn window_unit(&mut self) -> Parse<TimeUnit> {
        use Keyword::*;
        const UNITS: &[(Keyword, TimeUnit)] = &[
            (MILLISECOND, TimeUnit::Milliseconds),
            (MILLISECONDS, TimeUnit::Milliseconds),
            (SECOND, TimeUnit::Seconds),
            (SECONDS, TimeUnit::Seconds),
            (MINUTE, TimeUnit::Minutes),
            (MINUTES, TimeUnit::Minutes),
            (HOUR, TimeUnit::Hours),
            (HOURS, TimeUnit::Hours),
            (DAY, TimeUnit::Days),
            (DAYS, TimeUnit::Days),
        ];
        for (word, unit) in UNITS {
            if self.eat(*word) {
                return Ok(*unit);
            }
        }
        self.fail(Reason::Plain)
    }

    fn window(&mut self) -> Parse<Option<Window>> {
        let start = self.span().start;
        if !self.eat(Keyword::WINDOW) {
            return Ok(None);
        }
        let name = if self.token().kind == TokenKind::Identifier {
            Some(self.identifier()?)
        } else {
            None
        };
        let kind = self.window_kind()?;
        let (mut retention, mut grace) = (None, None);
        while self.eat(Symbol::Comma) {
            if retention.is_none() && grace.is_none() && self.eat(Keyword::RETENTION) {
                retention = Some(self.duration()?);
            } else if grace.is_none() {
                grace = Some(self.grace()?);
            } else {
                return self.fail(Reason::One(Symbol::RightParenthesis.into()));
            }
        }
        self.end_list(Symbol::RightParenthesis)?;
        let span = self.span_from(start);
        Ok(Some(Window {
            name,
            kind,
            retention,
            grace,
            span,
        }))
    }

    /// A window's kind with its own lengths; what follows them in the brackets is left.
    fn window_kind(&mut self) -> Parse<WindowKind> {
        if self.eat(Keyword::TUMBLING) {
            let size = self.window_size()?;
            return Ok(WindowKind::Tumbling { size });
        }
        if self.eat(Keyword::HOPPING) {
            let size = self.window_size()?;
            self.expect(Symbol::Comma)?;
            self.expect(Keyword::ADVANCE)?;
            self.expect(Keyword::BY)?;
            let advance = self.duration()?;
            return Ok(WindowKind::Hopping { size, advance });
        }
        if self.eat(Keyword::SESSION) {
            self.expect(Symbol::LeftParenthesis)?;
            let gap = self.duration()?;
            return Ok(WindowKind::Session { gap });
        }
        self.fail(Reason::Plain)
    }

    fn window_size(&mut self) -> Parse<Duration> {
        self.expect(Symbol::LeftParenthesis)?;
        self.expect(Keyword::SIZE)?;
        self.duration()
    }

    /// `a, b` or `(a, b)` or `()`.
    fn grouping(&mut self) -> Parse<Vec<Expression>> {
        if !self.is_bracketed_grouping() {
            return self.list(Parser::value_expression);
        }
        self.expect(Symbol::LeftParenthesis)?;
        if self.eat(Symbol::RightParenthesis) {
            return Ok(Vec::new());
        }
        let items = self.list(Parser::value_expression)?;
        self.end_list(Symbol::RightParenthesis)?;
        Ok(items)
    }

    /// Whether a bracket opens here that holds all of the clause, and not just an expression.
    fn is_bracketed_grouping(&self) -> bool {
        use Symbol::*;
        if self.symbol_ahead(0) != Some(LeftParenthesis) {
            return false;
        }
        let (mut depth, mut ahead, mut commas) = (0u32, 0, 0u32);
        loop {
            match self.symbol_ahead(ahead) {
                Some(LeftParenthesis | LeftBracket) => depth += 1,
                Some(RightParenthesis | RightBracket) => depth -= 1,
                Some(Comma) if depth == 1 => commas += 1,
                Some(Semicolon) => return false,
                _ if self.token_ahead(ahead).kind == TokenKind::End => return false,
                _ => {}
            }
            ahead += 1;
            if depth == 0 {
                break;
            }
        }
        let ends = match self.token_ahead(ahead).kind {
            TokenKind::Symbol(symbol) => symbol == Semicolon,
            TokenKind::Keyword(_) | TokenKind::End => true,
            _ => false,
        };
        (commas > 0 || ahead == 2) && ends
    }

    fn emit(&mut self) -> Parse<Emit> {
        if self.eat(Keyword::CHANGES) {
            return Ok(Emit::Changes);
        }
        if self.eat(Keyword::FINAL) {
            return Ok(Emit::Final);
        }
        const FITTING: &[Terminal] = &[
            Terminal::Keyword(Keyword::CHANGES),
            Terminal::Keyword(Keyword::FINAL),
        ];
        self.fail(Reason::Few(FITTING))
    }
}

fn is_primary(expression: &Expression) -> bool {
    use ExpressionKind::*;
    !matches!(
        expression.kind,
        Sign { .. }
            | Not(_)
            | Arithmetic { .. }
            | Comparison { .. }
            | Logical { .. }
            | Between { .. }
            | In { .. }
            | Like { .. }
            | IsNull { .. }
    )
}
