//! ASSERT: of a running server's topics and schemas, and of what a test script expects.

use super::cursor::{Parse, Parser};
use super::failure::Reason;
use crate::ast::{Assert, Duration, SourceKind, StringLiteral};
use crate::token::Keyword;

impl Parser<'_> {
    /// What follows ASSERT.
    pub(super) fn assert(&mut self) -> Parse<Assert> {
        if self.eat(Keyword::VALUES) {
            let target = self.identifier()?;
            return Ok(Assert::Values(self.values_of(target, Keyword::VALUES)?));
        }
        if self.eat_all(&[Keyword::NULL, Keyword::VALUES]) {
            let target = self.identifier()?;
            return Ok(Assert::NullValues(self.values_of(target, Keyword::KEY)?));
        }
        if self.eat(Keyword::STREAM) {
            return Ok(Assert::Source(self.asserted_source(SourceKind::Stream)?));
        }
        if self.eat(Keyword::TABLE) {
            return Ok(Assert::Source(self.asserted_source(SourceKind::Table)?));
        }
        let exists = !self.eat_all(&[Keyword::NOT, Keyword::EXISTS]);
        if self.eat(Keyword::TOPIC) {
            return self.assert_topic(exists);
        }
        if self.eat(Keyword::SCHEMA) {
            return self.assert_schema(exists);
        }
        self.fail(Reason::Plain)
    }

    fn assert_topic(&mut self, exists: bool) -> Parse<Assert> {
        let (name, topic_name) = self.resource_name()?;
        Ok(Assert::Topic {
            exists,
            name,
            topic_name,
            properties: self.with_clause()?,
            timeout: self.timeout()?,
        })
    }

    fn assert_schema(&mut self, exists: bool) -> Parse<Assert> {
        let subject = if self.eat(Keyword::SUBJECT) {
            let (name, value) = self.resource_name()?;
            let span = name.span;
            Some(StringLiteral { value, span })
        } else {
            None
        };
        let id = if self.eat(Keyword::ID) {
            Some(self.whole_number("ID")?)
        } else {
            None
        };
        Ok(Assert::Schema {
            exists,
            subject,
            id,
            timeout: self.timeout()?,
        })
    }

    fn timeout(&mut self) -> Parse<Option<Duration>> {
        if self.eat(Keyword::TIMEOUT) {
            return Ok(Some(self.duration()?));
        }
        Ok(None)
    }
}
