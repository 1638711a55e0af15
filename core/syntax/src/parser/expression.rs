//! Expressions, from OR down to signs; what binds tighter is in `primary`.
//!
//! Every node's height is counted, so that no tree is deeper than the limit, however it came
//! about: whoever walks it later may recurse.

use super::cursor::{Parse, Parser};
use super::failure::Reason;
use crate::ast::{
    ArithmeticOperator, ComparisonOperator, Expression, ExpressionKind, FunctionCall, Identifier,
    Literal, LogicalOperator, Sign,
};
use crate::token::{Keyword, Symbol, TokenKind};
use headwater_base::Span;
use headwater_base::limits::DEPTH_MAX;

/// An expression and how many nodes lie above each other in it.
#[derive(Debug)]
pub(super) struct Tree {
    /// Boxed, so that the parser's own frames stay small.
    pub(super) expression: Box<Expression>,
    pub(super) height: u32,
    /// Where it begins, with brackets around it; so begins what it is the left side of.
    pub(super) outer_start: u32,
}

impl Tree {
    pub(super) fn boxed(self) -> Box<Expression> {
        self.expression
    }

    pub(super) fn start(&self) -> u32 {
        self.outer_start
    }
}

/// The greatest height among some trees.
pub(super) fn height_of<'a>(trees: impl IntoIterator<Item = &'a Tree>) -> u32 {
    trees.into_iter().map(|tree| tree.height).max().unwrap_or(0)
}

/// How tight an operator between two operands binds; a greater number binds tighter.
const CONCAT_POWER: u8 = 1;
const SUM_POWER: u8 = 2;
const PRODUCT_POWER: u8 = 3;
const SIGN_POWER: u8 = 4;

#[derive(Clone, Copy)]
enum Infix {
    Arithmetic(ArithmeticOperator),
    Concat,
}

impl Parser<'_> {
    /// Any expression.
    pub(super) fn expression(&mut self) -> Parse<Expression> {
        Ok(*self.expression_tree()?.expression)
    }

    /// An expression without AND, OR, NOT and comparisons, unless in brackets.
    pub(super) fn value_expression(&mut self) -> Parse<Expression> {
        Ok(*self.value_tree()?.expression)
    }

    pub(super) fn expression_tree(&mut self) -> Parse<Tree> {
        self.nested(Parser::disjunction)
    }

    pub(super) fn value_tree(&mut self) -> Parse<Tree> {
        self.nested(|parser| parser.value(0))
    }

    /// A node over children of this height, ending with the last token.
    pub(super) fn node(&mut self, kind: ExpressionKind, start: u32, height: u32) -> Parse<Tree> {
        let span = self.span_from(start);
        self.node_at(kind, span, height)
    }

    /// The same with a place of its own.
    pub(super) fn node_at(&mut self, kind: ExpressionKind, span: Span, height: u32) -> Parse<Tree> {
        if height >= DEPTH_MAX {
            return self.fail(Reason::TooDeep);
        }
        Ok(Tree {
            expression: Box::new(Expression { kind, span }),
            height: height + 1,
            outer_start: span.start,
        })
    }

    fn disjunction(&mut self) -> Parse<Tree> {
        let first = self.conjunction()?;
        if !self.at(Keyword::OR) {
            return Ok(first);
        }
        let mut chain = self.chain(first);
        while self.eat(Keyword::OR) {
            let right = self.conjunction()?;
            chain.push(self.link(right));
        }
        self.joined(chain, |_, left, right| {
            logical(LogicalOperator::Or, left, right)
        })
    }

    fn conjunction(&mut self) -> Parse<Tree> {
        let first = self.negation()?;
        if !self.at(Keyword::AND) {
            return Ok(first);
        }
        let mut chain = self.chain(first);
        while self.eat(Keyword::AND) {
            let right = self.negation()?;
            chain.push(self.link(right));
        }
        self.joined(chain, |_, left, right| {
            logical(LogicalOperator::And, left, right)
        })
    }

    fn negation(&mut self) -> Parse<Tree> {
        let start = self.span().start;
        if !self.eat(Keyword::NOT) {
            return self.predicated();
        }
        let operand = self.nested(Parser::negation)?;
        self.negated(operand, start)
    }

    fn negated(&mut self, operand: Tree, start: u32) -> Parse<Tree> {
        let height = operand.height;
        self.node(ExpressionKind::Not(operand.boxed()), start, height)
    }

    /// A value, perhaps with one predicate; predicates do not chain.
    fn predicated(&mut self) -> Parse<Tree> {
        let value = self.value(0)?;
        if let Some(operator) = self.comparison_operator() {
            let right = self.value(0)?;
            return self.comparison(operator, value, right);
        }
        if self.eat(Keyword::IS) {
            return self.is_predicate(value);
        }
        let start = value.start();
        let negated = match (self.at(Keyword::NOT), self.keyword_ahead(1)) {
            (true, Some(Keyword::BETWEEN | Keyword::IN | Keyword::LIKE)) => {
                self.skip();
                true
            }
            _ => false,
        };
        let predicate = if self.eat(Keyword::BETWEEN) {
            self.between(value)?
        } else if self.eat(Keyword::IN) {
            self.in_list(value)?
        } else if self.eat(Keyword::LIKE) {
            self.like(value)?
        } else {
            return Ok(value);
        };
        if negated {
            return self.negated(predicate, start);
        }
        Ok(predicate)
    }

    fn comparison_operator(&mut self) -> Option<ComparisonOperator> {
        const OPERATORS: &[(Symbol, ComparisonOperator)] = &[
            (Symbol::Equal, ComparisonOperator::Equal),
            (Symbol::NotEqual, ComparisonOperator::NotEqual),
            (Symbol::BangEqual, ComparisonOperator::NotEqual),
            (Symbol::Less, ComparisonOperator::LessThan),
            (Symbol::LessOrEqual, ComparisonOperator::LessThanOrEqual),
            (Symbol::Greater, ComparisonOperator::GreaterThan),
            (
                Symbol::GreaterOrEqual,
                ComparisonOperator::GreaterThanOrEqual,
            ),
        ];
        let found = OPERATORS.iter().find(|(symbol, _)| self.eat(*symbol));
        found.map(|(_, operator)| *operator)
    }

    fn comparison(&mut self, operator: ComparisonOperator, left: Tree, right: Tree) -> Parse<Tree> {
        let (start, height) = (left.start(), left.height.max(right.height));
        let (left, right) = (left.boxed(), right.boxed());
        let kind = ExpressionKind::Comparison {
            operator,
            left,
            right,
        };
        self.node(kind, start, height)
    }

    /// What follows IS.
    fn is_predicate(&mut self, value: Tree) -> Parse<Tree> {
        let negated = self.eat(Keyword::NOT);
        if self.eat(Keyword::DISTINCT) {
            self.expect(Keyword::FROM)?;
            let right = self.value(0)?;
            let operator = if negated {
                ComparisonOperator::IsNotDistinctFrom
            } else {
                ComparisonOperator::IsDistinctFrom
            };
            return self.comparison(operator, value, right);
        }
        self.expect(Keyword::NULL)?;
        let (start, height) = (value.start(), value.height);
        let value = value.boxed();
        self.node(ExpressionKind::IsNull { value, negated }, start, height)
    }

    fn between(&mut self, value: Tree) -> Parse<Tree> {
        let low = self.value(0)?;
        self.expect(Keyword::AND)?;
        let high = self.value(0)?;
        let (start, height) = (value.start(), height_of([&value, &low, &high]));
        let (value, low, high) = (value.boxed(), low.boxed(), high.boxed());
        self.node(ExpressionKind::Between { value, low, high }, start, height)
    }

    fn in_list(&mut self, value: Tree) -> Parse<Tree> {
        let list = self.bracketed_list(Parser::expression_tree)?;
        let (start, height) = (value.start(), height_of(&list).max(value.height));
        let kind = ExpressionKind::In {
            value: value.boxed(),
            list: list.into_iter().map(|tree| *tree.expression).collect(),
        };
        self.node(kind, start, height)
    }

    fn like(&mut self, value: Tree) -> Parse<Tree> {
        let pattern = self.value(0)?;
        let escape = if self.eat(Keyword::ESCAPE) {
            Some(self.escape_character()?)
        } else {
            None
        };
        let (start, height) = (value.start(), value.height.max(pattern.height));
        let kind = ExpressionKind::Like {
            value: value.boxed(),
            pattern: pattern.boxed(),
            escape,
        };
        self.node(kind, start, height)
    }

    fn escape_character(&mut self) -> Parse<char> {
        let at = self.position();
        let text = self.string()?.value;
        let mut characters = text.chars();
        if let (Some(character), None) = (characters.next(), characters.next()) {
            return Ok(character);
        }
        let message = format!("Expected single character escape but got: {text}");
        let reason = Reason::Refused {
            code: "escape-character",
            message,
            hint: "Write one character between the quotes.",
        };
        self.fail_at(at, reason)
    }

    /// Values joined by operators that bind at least as tight as `power`.
    fn value(&mut self, power: u8) -> Parse<Tree> {
        let mut left = self.signed()?;
        while let Some((infix, infix_power)) = self.infix(power) {
            let Infix::Arithmetic(operator) = infix else {
                // Whatever binds tighter belongs to the operands, so nothing else follows.
                return self.concatenations(left);
            };
            self.skip();
            let right = self.value(infix_power + 1)?;
            let (start, height) = (left.start(), left.height.max(right.height));
            let (inner, right) = (left.boxed(), right.boxed());
            let kind = ExpressionKind::Arithmetic {
                operator,
                left: inner,
                right,
            };
            left = self.node(kind, start, height)?;
        }
        Ok(left)
    }

    fn concatenations(&mut self, first: Tree) -> Parse<Tree> {
        let mut chain = self.chain(first);
        while self.at(Symbol::Concat) {
            let at = self.skip().span;
            let right = self.value(CONCAT_POWER + 1)?;
            chain.push(self.link(right).behind(at));
        }
        self.joined(chain, concatenation)
    }

    fn infix(&mut self, power: u8) -> Option<(Infix, u8)> {
        use ArithmeticOperator::*;
        const OPERATORS: &[(Symbol, Infix, u8)] = &[
            (Symbol::Concat, Infix::Concat, CONCAT_POWER),
            (Symbol::Plus, Infix::Arithmetic(Add), SUM_POWER),
            (Symbol::Minus, Infix::Arithmetic(Subtract), SUM_POWER),
            (Symbol::Asterisk, Infix::Arithmetic(Multiply), PRODUCT_POWER),
            (Symbol::Slash, Infix::Arithmetic(Divide), PRODUCT_POWER),
            (Symbol::Percent, Infix::Arithmetic(Modulus), PRODUCT_POWER),
        ];
        let mut fitting = OPERATORS.iter().filter(|(_, _, own)| *own >= power);
        let found = fitting.find(|(symbol, _, _)| self.at(*symbol));
        found.map(|(_, infix, own)| (*infix, *own))
    }

    fn signed(&mut self) -> Parse<Tree> {
        let start = self.span().start;
        let is_number = self.is_literal();
        let operator = match self.symbol_ahead(0) {
            Some(Symbol::Plus) => Sign::Plus,
            Some(Symbol::Minus) if !is_number => Sign::Minus,
            _ => return self.with_time_zone(),
        };
        self.skip();
        let operand = self.nested(|parser| parser.value(SIGN_POWER))?;
        self.sign_node(operator, operand, start)
    }

    fn sign_node(&mut self, operator: Sign, operand: Tree, start: u32) -> Parse<Tree> {
        let height = operand.height;
        let operand = operand.boxed();
        self.node(ExpressionKind::Sign { operator, operand }, start, height)
    }

    fn with_time_zone(&mut self) -> Parse<Tree> {
        let mut value = self.primary()?;
        while self.eat(Keyword::AT) {
            value = self.time_zone(value)?;
        }
        Ok(value)
    }

    fn time_zone(&mut self, value: Tree) -> Parse<Tree> {
        self.expect(Keyword::TIME)?;
        self.expect(Keyword::ZONE)?;
        let zone = self.string()?;
        let (start, height) = (value.start(), value.height);
        let value = value.boxed();
        let zone = Box::new(Expression {
            kind: ExpressionKind::Literal(Literal::String(zone.value)),
            span: zone.span,
        });
        self.node(ExpressionKind::AtTimeZone { value, zone }, start, height)
    }

    /// Whether the token there is of this kind.
    pub(super) fn kind_ahead(&self, ahead: usize, kind: TokenKind) -> bool {
        self.token_ahead(ahead).kind == kind
    }
}

fn logical(operator: LogicalOperator, left: Expression, right: Expression) -> ExpressionKind {
    let (left, right) = (Box::new(left), Box::new(right));
    ExpressionKind::Logical {
        operator,
        left,
        right,
    }
}

/// ksqlDB reads `a || b` as a call.
fn concatenation(operator: Span, left: Expression, right: Expression) -> ExpressionKind {
    let name = Identifier {
        text: "CONCAT".to_owned(),
        quoted: false,
        span: operator,
    };
    let arguments = vec![left, right];
    ExpressionKind::Call(FunctionCall { name, arguments })
}
