//! Reads types such as `DECIMAL(4, 2)`, `ARRAY<INT>` and `STRUCT<a INT>`; the tree of them is in
//! `ast::types`.

use super::cursor::{Parse, Parser, Role};
use super::failure::{Reason, Terminal};
use crate::ast::{SqlType, SqlTypeKind, StructField};
use crate::token::{Keyword, Symbol, TokenKind};
use headwater_base::limits::DEPTH_MAX;

impl Parser<'_> {
    /// A type.
    pub(super) fn sql_type(&mut self) -> Parse<SqlType> {
        let start = self.span().start;
        let mut kind = self.nested(Parser::plain_type)?;
        let mut wrapped = 0;
        while self.at(Keyword::ARRAY) {
            wrapped += 1;
            if wrapped > DEPTH_MAX {
                return self.fail(Reason::TooDeep);
            }
            let span = self.span_from(start);
            let token = self.skip();
            self.mark(token.span, Role::Type);
            kind = SqlTypeKind::Array(Box::new(SqlType { kind, span }));
        }
        let span = self.span_from(start);
        Ok(SqlType { kind, span })
    }

    /// Whether the token there may begin a type.
    pub(super) fn begins_type_ahead(&self, ahead: usize) -> bool {
        self.is_name_ahead(ahead) || self.keyword_ahead(ahead) == Some(Keyword::DECIMAL)
    }

    fn plain_type(&mut self) -> Parse<SqlTypeKind> {
        let opens = self.symbol_ahead(1) == Some(Symbol::Less);
        match self.keyword() {
            Some(Keyword::ARRAY) if opens => self.array_type(),
            Some(Keyword::MAP) if opens => self.map_type(),
            // The lexer reads the brackets of an empty struct, `STRUCT<>`, as one symbol.
            Some(Keyword::STRUCT) if opens || self.is_empty_struct() => self.struct_type(),
            Some(Keyword::DECIMAL) => self.decimal_type(),
            _ => self.named_type(),
        }
    }

    fn is_empty_struct(&self) -> bool {
        self.symbol_ahead(1) == Some(Symbol::NotEqual)
    }

    fn type_word(&mut self) {
        let token = self.skip();
        self.mark(token.span, Role::Type);
    }

    fn array_type(&mut self) -> Parse<SqlTypeKind> {
        self.type_word();
        self.expect(Symbol::Less)?;
        let element = self.sql_type()?;
        self.expect(Symbol::Greater)?;
        Ok(SqlTypeKind::Array(Box::new(element)))
    }

    fn map_type(&mut self) -> Parse<SqlTypeKind> {
        self.type_word();
        self.expect(Symbol::Less)?;
        let key = Box::new(self.sql_type()?);
        self.expect(Symbol::Comma)?;
        let value = Box::new(self.sql_type()?);
        self.expect(Symbol::Greater)?;
        Ok(SqlTypeKind::Map { key, value })
    }

    fn struct_type(&mut self) -> Parse<SqlTypeKind> {
        self.type_word();
        if self.symbol_ahead(0) == Some(Symbol::NotEqual) {
            self.skip();
            return Ok(SqlTypeKind::Struct(Vec::new()));
        }
        self.expect(Symbol::Less)?;
        if self.eat(Symbol::Greater) {
            return Ok(SqlTypeKind::Struct(Vec::new()));
        }
        let fields = self.list(Parser::struct_field)?;
        self.end_list(Symbol::Greater)?;
        Ok(SqlTypeKind::Struct(fields))
    }

    fn struct_field(&mut self) -> Parse<StructField> {
        let name = self.identifier()?;
        let sql_type = self.sql_type()?;
        let span = self.span_from(name.span.start);
        Ok(StructField {
            name,
            sql_type,
            span,
        })
    }

    fn decimal_type(&mut self) -> Parse<SqlTypeKind> {
        self.type_word();
        self.expect(Symbol::LeftParenthesis)?;
        let precision = self.digits_count()?;
        self.expect(Symbol::Comma)?;
        let scale = self.digits_count()?;
        self.expect(Symbol::RightParenthesis)?;
        Ok(SqlTypeKind::Decimal { precision, scale })
    }

    fn digits_count(&mut self) -> Parse<u32> {
        if !self.at(Terminal::Integer) {
            return self.fail(Reason::One(Terminal::Integer));
        }
        match self.span().of(self.text).parse() {
            Ok(count) => {
                self.skip();
                Ok(count)
            }
            Err(_) => self.fail(Reason::Near("a small whole number")),
        }
    }

    /// A type without brackets, or an alias; lengths as in `VARCHAR(10)` are passed over.
    fn named_type(&mut self) -> Parse<SqlTypeKind> {
        if !self.is_name_ahead(0) {
            return self.fail(Reason::Near("a type"));
        }
        let name = self.identifier()?;
        self.mark(name.span, Role::Type);
        if self.eat(Symbol::LeftParenthesis) {
            self.list(Parser::type_parameter)?;
            self.end_list(Symbol::RightParenthesis)?;
        }
        Ok(match name.text.to_ascii_uppercase().as_str() {
            "BOOLEAN" => SqlTypeKind::Boolean,
            "INT" | "INTEGER" => SqlTypeKind::Int,
            "BIGINT" => SqlTypeKind::BigInt,
            "DOUBLE" => SqlTypeKind::Double,
            "STRING" | "VARCHAR" => SqlTypeKind::String,
            "BYTES" => SqlTypeKind::Bytes,
            "TIME" => SqlTypeKind::Time,
            "DATE" => SqlTypeKind::Date,
            "TIMESTAMP" => SqlTypeKind::Timestamp,
            _ => SqlTypeKind::Named(name),
        })
    }

    fn type_parameter(&mut self) -> Parse<()> {
        const FITTING: &[Terminal] = &[Terminal::Keyword(Keyword::STRING), Terminal::Integer];
        let is_string = self.token().kind == TokenKind::Keyword(Keyword::STRING);
        if is_string || self.token().kind == TokenKind::Integer {
            self.skip();
            return Ok(());
        }
        self.fail(Reason::Few(FITTING))
    }
}
