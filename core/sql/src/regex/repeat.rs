//! Repetitions: `?`, `*`, `+`, `{2,3}`, and what behind them says which number is tried first.

use super::PatternError;
use super::parse::Parser;
use super::tree::{Kind, Node, Repeat};

impl Parser {
    /// A node with the repetition behind it, if there is one.
    pub(super) fn repeated(&mut self, node: Node) -> Result<Node, PatternError> {
        let (min, max) = match self.peek() {
            Some('?') => (0, 1),
            Some('*') => (0, u32::MAX),
            Some('+') => (1, u32::MAX),
            Some('{') => {
                self.at += 1;
                return self.counted(node);
            }
            _ => return Ok(node),
        };
        self.at += 1;
        Ok(self.repeat(node, min, max))
    }

    fn repeat(&mut self, node: Node, min: u32, max: u32) -> Node {
        let kind = if self.eat('?') {
            Kind::Lazy
        } else if self.eat('+') {
            Kind::Possessive
        } else {
            Kind::Greedy
        };
        Node::Repeat(Box::new(Repeat {
            node,
            min,
            max,
            kind,
        }))
    }

    fn counted(&mut self, node: Node) -> Result<Node, PatternError> {
        let min = self.count()?;
        let max = match self.eat(',') {
            false => min,
            true if self.peek() == Some('}') => u32::MAX,
            true => self.count()?,
        };
        if !self.eat('}') {
            return Err(self.error("Unclosed counted closure"));
        }
        if max < min {
            return Err(self.error("Illegal repetition range"));
        }
        Ok(self.repeat(node, min, max))
    }

    fn count(&mut self) -> Result<u32, PatternError> {
        let mut count = None;
        while let Some(digit) = self.peek().and_then(|next| next.to_digit(10)) {
            self.at += 1;
            let grown = count
                .unwrap_or(0u32)
                .checked_mul(10)
                .and_then(|x| x.checked_add(digit));
            count = Some(
                grown
                    .filter(|x| *x <= i32::MAX as u32)
                    .ok_or_else(|| self.error("Illegal repetition range"))?,
            );
        }
        count.ok_or_else(|| self.error("Illegal repetition"))
    }
}
