//! SHOW and LIST, DESCRIBE, PRINT, and the names of things that keep their case.

use super::cursor::{Parse, Parser, string_value};
use super::failure::{Reason, Terminal};
use crate::ast::{ConnectorKind, Describe, Identifier, Print, Show};
use crate::token::{Keyword, TokenKind};

impl Parser<'_> {
    /// What follows SHOW or LIST.
    pub(super) fn show(&mut self) -> Parse<Show> {
        if self.eat(Keyword::ALL) {
            self.expect(Keyword::TOPICS)?;
            return Ok(self.topics(true));
        }
        if self.eat(Keyword::TOPICS) {
            return Ok(self.topics(false));
        }
        if self.eat(Keyword::STREAMS) {
            let extended = self.eat(Keyword::EXTENDED);
            return Ok(Show::Streams { extended });
        }
        if self.eat(Keyword::TABLES) {
            let extended = self.eat(Keyword::EXTENDED);
            return Ok(Show::Tables { extended });
        }
        if self.eat(Keyword::QUERIES) {
            let extended = self.eat(Keyword::EXTENDED);
            return Ok(Show::Queries { extended });
        }
        let simple = [
            (Keyword::FUNCTIONS, Show::Functions),
            (Keyword::TYPES, Show::Types),
            (Keyword::VARIABLES, Show::Variables),
            (Keyword::PROPERTIES, Show::Properties),
        ];
        for (word, show) in simple {
            if self.eat(word) {
                return Ok(show);
            }
        }
        self.connectors()
    }

    fn topics(&mut self, all: bool) -> Show {
        let extended = self.eat(Keyword::EXTENDED);
        Show::Topics { all, extended }
    }

    fn connectors(&mut self) -> Parse<Show> {
        if self.eat(Keyword::CONNECTOR) {
            self.expect(Keyword::PLUGINS)?;
            return Ok(Show::ConnectorPlugins);
        }
        let kind = if self.eat(Keyword::SOURCE) {
            Some(ConnectorKind::Source)
        } else if self.eat(Keyword::SINK) {
            Some(ConnectorKind::Sink)
        } else {
            None
        };
        if kind.is_none() && !self.at(Keyword::CONNECTORS) {
            return self.fail(Reason::Plain);
        }
        self.expect(Keyword::CONNECTORS)?;
        Ok(Show::Connectors { kind })
    }

    /// What follows DESCRIBE.
    pub(super) fn describe(&mut self) -> Parse<Describe> {
        if self.eat(Keyword::STREAMS) {
            let extended = self.eat(Keyword::EXTENDED);
            return Ok(Describe::Streams { extended });
        }
        if self.eat(Keyword::TABLES) {
            let extended = self.eat(Keyword::EXTENDED);
            return Ok(Describe::Tables { extended });
        }
        if self.at(Keyword::FUNCTION) && self.is_name_ahead(1) {
            self.skip();
            return Ok(Describe::Function(self.identifier()?));
        }
        if self.eat(Keyword::CONNECTOR) {
            return Ok(Describe::Connector(self.identifier()?));
        }
        let name = self.identifier()?;
        let extended = self.eat(Keyword::EXTENDED);
        Ok(Describe::Source { name, extended })
    }

    /// What follows PRINT.
    pub(super) fn print(&mut self) -> Parse<Print> {
        let start = self
            .passed_tokens()
            .last()
            .map_or(0, |token| token.span.start);
        let (topic, topic_name) = self.resource_name()?;
        let from_beginning = self.eat(Keyword::FROM);
        if from_beginning {
            self.expect(Keyword::BEGINNING)?;
        }
        let interval = if self.eat(Keyword::INTERVAL) || self.eat(Keyword::SAMPLE) {
            Some(self.whole_number("INTERVAL")?.into())
        } else {
            None
        };
        let limit = if self.eat(Keyword::LIMIT) {
            Some(self.whole_number("LIMIT")?.into())
        } else {
            None
        };
        Ok(Print {
            topic,
            topic_name,
            from_beginning,
            interval,
            limit,
            span: self.span_from(start),
        })
    }

    /// A name or a string, and its text as written: topics and subjects keep their case.
    pub(super) fn resource_name(&mut self) -> Parse<(Identifier, String)> {
        if self.at(Terminal::String) {
            let token = self.skip();
            let text = string_value(self.text, token);
            let name = Identifier {
                text: text.clone(),
                quoted: true,
                span: token.span,
            };
            return Ok((name, text));
        }
        let token = self.token();
        let name = self.identifier()?;
        let written = match token.kind {
            TokenKind::QuotedIdentifier => name.text.clone(),
            _ => token.span.of(self.text).to_owned(),
        };
        Ok((name, written))
    }
}
