//! CREATE and INSERT: sources with their columns and WITH clauses, types, connectors.

use super::cursor::{Parse, Parser};
use super::failure::Reason;
use crate::ast::{
    ColumnDefinition, ColumnRole, ColumnRoleKind, ConnectorKind, CreateAs, CreateConnector,
    CreateSource, CreateType, Identifier, InsertQuery, InsertValues, Properties, Property,
    SourceKind, StatementKind,
};
use crate::token::{Keyword, Symbol, TokenKind};
use headwater_base::Span;

impl Parser<'_> {
    /// What follows CREATE.
    pub(super) fn create(&mut self) -> Parse<StatementKind> {
        let or_replace = self.eat_all(&[Keyword::OR, Keyword::REPLACE]);
        if !or_replace && self.eat(Keyword::TYPE) {
            return self.create_type();
        }
        if !or_replace && self.eat(Keyword::SINK) {
            return self.create_connector(ConnectorKind::Sink);
        }
        let read_only = self.eat(Keyword::SOURCE);
        if read_only && !or_replace && self.at(Keyword::CONNECTOR) {
            return self.create_connector(ConnectorKind::Source);
        }
        let kind = self.source_kind()?;
        let if_not_exists = self.if_not_exists();
        let name = self.identifier()?;
        let columns = self.columns()?;
        let properties = self.with_clause()?;
        let may_be_query = columns.is_empty() && !read_only;
        if may_be_query && self.eat(Keyword::AS) {
            let query = self.query()?;
            return Ok(StatementKind::CreateAs(CreateAs {
                kind,
                or_replace,
                if_not_exists,
                name,
                properties,
                query,
            }));
        }
        Ok(StatementKind::CreateSource(CreateSource {
            kind,
            or_replace,
            read_only,
            if_not_exists,
            name,
            columns,
            properties,
        }))
    }

    fn if_not_exists(&mut self) -> bool {
        self.eat_all(&[Keyword::IF, Keyword::NOT, Keyword::EXISTS])
    }

    fn create_type(&mut self) -> Parse<StatementKind> {
        let if_not_exists = self.if_not_exists();
        let name = self.identifier()?;
        self.expect(Keyword::AS)?;
        let sql_type = self.sql_type()?;
        Ok(StatementKind::CreateType(CreateType {
            if_not_exists,
            name,
            sql_type,
        }))
    }

    fn create_connector(&mut self, kind: ConnectorKind) -> Parse<StatementKind> {
        self.expect(Keyword::CONNECTOR)?;
        let if_not_exists = self.if_not_exists();
        let name = self.identifier()?;
        if !self.at(Keyword::WITH) {
            return self.fail(Reason::One(Keyword::WITH.into()));
        }
        let properties = self.with_clause()?;
        Ok(StatementKind::CreateConnector(CreateConnector {
            kind,
            if_not_exists,
            name,
            properties,
        }))
    }

    /// A source that a test script asserts, from its kind on.
    pub(super) fn asserted_source(&mut self, kind: SourceKind) -> Parse<CreateSource> {
        Ok(CreateSource {
            kind,
            or_replace: false,
            read_only: false,
            if_not_exists: false,
            name: self.identifier()?,
            columns: self.columns()?,
            properties: self.with_clause()?,
        })
    }

    fn columns(&mut self) -> Parse<Vec<ColumnDefinition>> {
        if !self.at(Symbol::LeftParenthesis) {
            return Ok(Vec::new());
        }
        self.bracketed_list(Parser::column)
    }

    fn column(&mut self) -> Parse<ColumnDefinition> {
        let name = self.identifier()?;
        let sql_type = self.sql_type()?;
        let role = self.column_role()?;
        let span = self.span_from(name.span.start);
        Ok(ColumnDefinition {
            name,
            sql_type,
            role,
            span,
        })
    }

    fn column_role(&mut self) -> Parse<Option<ColumnRole>> {
        let start = self.span().start;
        let kind = if self.eat(Keyword::KEY) {
            ColumnRoleKind::Key
        } else if self.eat(Keyword::PRIMARY) {
            self.expect(Keyword::KEY)?;
            ColumnRoleKind::PrimaryKey
        } else if self.eat(Keyword::HEADERS) {
            ColumnRoleKind::Headers
        } else if self.eat(Keyword::HEADER) {
            self.expect(Symbol::LeftParenthesis)?;
            let key = self.string()?;
            self.expect(Symbol::RightParenthesis)?;
            ColumnRoleKind::Header(key.value)
        } else {
            return Ok(None);
        };
        let span = self.span_from(start);
        Ok(Some(ColumnRole { kind, span }))
    }

    /// `WITH (name = value, …)`; empty where there is none.
    pub(super) fn with_clause(&mut self) -> Parse<Properties> {
        let start = self.span().start;
        if !self.eat(Keyword::WITH) {
            return Ok(Properties {
                entries: Vec::new(),
                span: Span::new(start, start),
            });
        }
        let entries = self.bracketed_list(Parser::property)?;
        let span = self.span_from(start);
        Ok(Properties { entries, span })
    }

    fn property(&mut self) -> Parse<Property> {
        let (name, name_span) = if self.token().kind == TokenKind::String {
            let name = self.string()?;
            (name.value, name.span)
        } else {
            let name = self.identifier()?;
            (name.text, name.span)
        };
        self.expect(Symbol::Equal)?;
        let start = self.span().start;
        let value = self.literal()?;
        let value_span = self.span_from(start);
        Ok(Property {
            name,
            name_span,
            value,
            value_span,
        })
    }

    /// What follows INSERT.
    pub(super) fn insert(&mut self) -> Parse<StatementKind> {
        self.expect(Keyword::INTO)?;
        let target = self.identifier()?;
        if self.at(Symbol::LeftParenthesis) || self.at(Keyword::VALUES) {
            let values = self.values_of(target, Keyword::VALUES)?;
            return Ok(StatementKind::InsertValues(values));
        }
        let properties = self.with_clause()?;
        let query = self.query()?;
        Ok(StatementKind::InsertQuery(InsertQuery {
            target,
            properties,
            query,
        }))
    }

    /// `[(columns)] VALUES (values)`, or with another word for VALUES.
    pub(super) fn values_of(&mut self, target: Identifier, word: Keyword) -> Parse<InsertValues> {
        let columns = if self.at(Symbol::LeftParenthesis) {
            self.bracketed_list(Parser::identifier)?
        } else {
            Vec::new()
        };
        self.expect(word)?;
        self.expect(Symbol::LeftParenthesis)?;
        let values = if self.at(Symbol::RightParenthesis) {
            Vec::new()
        } else {
            self.list(Parser::value_expression)?
        };
        self.end_list(Symbol::RightParenthesis)?;
        Ok(InsertValues {
            target,
            columns,
            values,
        })
    }
}
