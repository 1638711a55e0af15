//! Chains of one operator that may be grouped either way: AND, OR and `||`.
//!
//! A short chain leans to the left, as ksqlDB reprints it. A long one becomes a tree as flat as
//! possible, so that thousands of terms are no deeper than a dozen brackets: whoever walks a tree
//! recurses.

use super::cursor::{Parse, Parser};
use super::expression::Tree;
use super::failure::Reason;
use crate::ast::{Expression, ExpressionKind};
use headwater_base::Span;

/// Longest chain that leans to the left.
const LEANING_MAX: usize = 32;

/// An operand of a chain.
#[derive(Debug)]
pub(super) struct Link {
    tree: Tree,
    /// Where it ends, with brackets around it.
    end: u32,
    /// The operator before it.
    at: Span,
}

impl Link {
    /// The same behind an operator at this place.
    pub(super) fn behind(self, at: Span) -> Link {
        Link { at, ..self }
    }
}

/// Makes a node of two operands and the place of the operator between them.
type Connect = fn(Span, Expression, Expression) -> ExpressionKind;

impl Parser<'_> {
    /// A chain that begins with an operand.
    pub(super) fn chain(&self, first: Tree) -> Vec<Link> {
        vec![self.link(first)]
    }

    /// The operand that ends with the last token.
    pub(super) fn link(&self, tree: Tree) -> Link {
        let end = self.span_from(tree.start()).end;
        let at = Span::default();
        Link { tree, end, at }
    }

    /// The tree of a chain.
    pub(super) fn joined(&mut self, chain: Vec<Link>, connect: Connect) -> Parse<Tree> {
        let leans = chain.len() <= LEANING_MAX;
        let mut level: Vec<Link> = Vec::with_capacity(chain.len());
        for link in chain {
            let next = match leans.then(|| level.pop()).flatten() {
                Some(left) => self.connected(left, link, connect)?,
                None => link,
            };
            level.push(next);
        }
        while level.len() > 1 {
            let mut next = Vec::with_capacity(level.len().div_ceil(2));
            let mut links = level.into_iter();
            while let Some(left) = links.next() {
                next.push(match links.next() {
                    Some(right) => self.connected(left, right, connect)?,
                    None => left,
                });
            }
            level = next;
        }
        match level.pop() {
            Some(link) => Ok(link.tree),
            None => self.fail(Reason::Plain),
        }
    }

    fn connected(&mut self, left: Link, right: Link, connect: Connect) -> Parse<Link> {
        let (start, end, at) = (left.tree.start(), right.end, left.at);
        let height = left.tree.height.max(right.tree.height);
        let kind = connect(right.at, *left.tree.boxed(), *right.tree.boxed());
        let span = Span::new(start, end);
        let tree = self.node_at(kind, span, height)?;
        Ok(Link { tree, end, at })
    }
}
