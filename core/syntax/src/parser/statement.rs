//! The first words of a statement decide which it is; short statements are read here.

use super::cursor::{Parse, Parser};
use super::failure::Reason;
use crate::ast::{
    AlterSource, ColumnDefinition, Define, DropNamed, DropSource, Explain, QueryAction,
    QueryControl, SetProperty, SourceKind, Statement, StatementKind,
};
use crate::token::{Keyword, Symbol, TokenKind};

pub(super) const FIRST_WORDS: &[Keyword] = &[
    Keyword::ALTER,
    Keyword::ASSERT,
    Keyword::CREATE,
    Keyword::DEFINE,
    Keyword::DESCRIBE,
    Keyword::DROP,
    Keyword::EXPLAIN,
    Keyword::INSERT,
    Keyword::LIST,
    Keyword::PAUSE,
    Keyword::PRINT,
    Keyword::RESUME,
    Keyword::RUN,
    Keyword::SELECT,
    Keyword::SET,
    Keyword::SHOW,
    Keyword::TERMINATE,
    Keyword::UNDEFINE,
    Keyword::UNSET,
];

/// The words that statements begin with.
pub(super) fn first_words() -> impl Iterator<Item = &'static str> {
    FIRST_WORDS.iter().map(|keyword| keyword.text())
}

pub(super) fn begins_statement(keyword: Keyword) -> bool {
    FIRST_WORDS.contains(&keyword)
}

impl Parser<'_> {
    /// A statement without its semicolon.
    pub(super) fn statement_kind(&mut self) -> Parse<StatementKind> {
        let Some(first) = self.keyword().filter(|word| begins_statement(*word)) else {
            return self.not_a_statement();
        };
        if first == Keyword::EXPLAIN {
            self.skip();
            return self.explain();
        }
        self.plain_statement(first)
    }

    /// Any statement but EXPLAIN, which holds another one: the frames of that recursion stay
    /// small without the many results here.
    fn plain_statement(&mut self, first: Keyword) -> Parse<StatementKind> {
        if first == Keyword::SELECT {
            return Ok(StatementKind::Query(self.query()?));
        }
        self.skip();
        match first {
            Keyword::CREATE => self.create(),
            Keyword::INSERT => self.insert(),
            Keyword::ALTER => self.alter(),
            Keyword::DROP => self.drop_something(),
            Keyword::TERMINATE => self.query_control(QueryAction::Terminate),
            Keyword::PAUSE => self.query_control(QueryAction::Pause),
            Keyword::RESUME => self.query_control(QueryAction::Resume),
            Keyword::LIST | Keyword::SHOW => Ok(StatementKind::Show(self.show()?)),
            Keyword::DESCRIBE => Ok(StatementKind::Describe(self.describe()?)),
            Keyword::PRINT => Ok(StatementKind::Print(self.print()?)),
            Keyword::SET => Ok(StatementKind::SetProperty(self.set_property()?)),
            Keyword::UNSET => Ok(StatementKind::UnsetProperty(self.string()?)),
            Keyword::DEFINE => self.define(),
            Keyword::UNDEFINE => Ok(StatementKind::Undefine(self.any_word()?)),
            Keyword::RUN => {
                self.expect(Keyword::SCRIPT)?;
                Ok(StatementKind::RunScript(self.string()?))
            }
            _ => Ok(StatementKind::Assert(self.assert()?)),
        }
    }

    fn not_a_statement<T>(&mut self) -> Parse<T> {
        match self.token().kind {
            TokenKind::Keyword(_) | TokenKind::Identifier => self.fail(Reason::UnknownStatement),
            _ => self.fail(Reason::Near("a statement")),
        }
    }

    /// `STREAM` or `TABLE`.
    pub(super) fn source_kind(&mut self) -> Parse<SourceKind> {
        if self.eat(Keyword::STREAM) {
            return Ok(SourceKind::Stream);
        }
        if self.eat(Keyword::TABLE) {
            return Ok(SourceKind::Table);
        }
        self.fail(Reason::Plain)
    }

    fn alter(&mut self) -> Parse<StatementKind> {
        if self.eat(Keyword::SYSTEM) {
            return Ok(StatementKind::AlterSystem(self.set_property()?));
        }
        let kind = self.source_kind()?;
        let name = self.identifier()?;
        let columns = self.list(Parser::new_column)?;
        Ok(StatementKind::AlterSource(AlterSource {
            kind,
            name,
            columns,
        }))
    }

    fn new_column(&mut self) -> Parse<ColumnDefinition> {
        self.expect(Keyword::ADD)?;
        // COLUMN may also be the column's name: `ADD COLUMN INT`.
        if self.keyword() == Some(Keyword::COLUMN) && self.is_name_ahead(1) {
            let named_column = !self.begins_type_ahead(2);
            if !named_column {
                self.skip();
            }
        }
        let name = self.identifier()?;
        let sql_type = self.sql_type()?;
        let span = self.span_from(name.span.start);
        Ok(ColumnDefinition {
            name,
            sql_type,
            role: None,
            span,
        })
    }

    fn drop_something(&mut self) -> Parse<StatementKind> {
        if self.eat(Keyword::TYPE) {
            return Ok(StatementKind::DropType(self.drop_named()?));
        }
        if self.eat(Keyword::CONNECTOR) {
            return Ok(StatementKind::DropConnector(self.drop_named()?));
        }
        let kind = self.source_kind()?;
        let DropNamed { if_exists, name } = self.drop_named()?;
        let delete_topic = self.eat(Keyword::DELETE);
        if delete_topic {
            self.expect(Keyword::TOPIC)?;
        }
        Ok(StatementKind::DropSource(DropSource {
            kind,
            if_exists,
            name,
            delete_topic,
        }))
    }

    fn drop_named(&mut self) -> Parse<DropNamed> {
        Ok(DropNamed {
            if_exists: self.eat_all(&[Keyword::IF, Keyword::EXISTS]),
            name: self.identifier()?,
        })
    }

    fn query_control(&mut self, action: QueryAction) -> Parse<StatementKind> {
        let query = if self.eat(Keyword::ALL) {
            None
        } else {
            Some(self.identifier()?)
        };
        Ok(StatementKind::QueryControl(QueryControl { action, query }))
    }

    fn explain(&mut self) -> Parse<StatementKind> {
        let ends = self.symbol_ahead(1) == Some(Symbol::Semicolon)
            || self.token_ahead(1).kind == TokenKind::End;
        if self.is_name_ahead(0) && ends {
            let query = self.identifier()?;
            return Ok(StatementKind::Explain(Explain::Query(query)));
        }
        let start = self.span().start;
        let kind = self.nested(Parser::statement_kind)?;
        let span = self.span_from(start);
        let statement = Box::new(Statement { kind, span });
        Ok(StatementKind::Explain(Explain::Statement(statement)))
    }

    fn set_property(&mut self) -> Parse<SetProperty> {
        let name = self.string()?;
        self.expect(Symbol::Equal)?;
        let value = self.string()?;
        Ok(SetProperty { name, value })
    }

    fn define(&mut self) -> Parse<StatementKind> {
        let name = self.any_word()?;
        self.expect(Symbol::Equal)?;
        let value = self.string()?;
        Ok(StatementKind::Define(Define { name, value }))
    }
}
