//! Nested values: fields, subscripts, and the constructors of arrays, maps and structs.

use super::coerce::{self, Item};
use super::compile::{Compiler, Result, error, in_hint, spelled};
use super::describe::describe;
use super::node::{Expression, Node};
use crate::types::{Column, SqlType};
use headwater_base::{Diagnostic, Fault};
use headwater_syntax::ast;

impl Compiler<'_> {
    pub(super) fn field(
        &mut self,
        base: &ast::Expression,
        field: &ast::Identifier,
    ) -> Result<Expression> {
        let compiled = self.compile(base)?;
        let Some(SqlType::Struct(fields)) = &compiled.ty else {
            let message = format!(
                "Expected STRUCT type, got: {}. Only a STRUCT has fields.",
                spelled(&compiled.ty)
            );
            return Err(error("not-a-struct", message, base));
        };
        let Some(at) = fields.iter().position(|known| known.name == field.text) else {
            let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
            let message = format!(
                "Could not find field '{}' in '{}'.",
                field.text,
                describe(base)
            );
            let mut found = error("unknown-field", message, base).at(field.span);
            for near in headwater_base::diagnostic::nearest(&field.text, names.iter().copied()) {
                found = found.hint(format!("Did you mean {near}?"));
            }
            return Err(found.hint(format!("Its fields are {}.", names.join(", "))));
        };
        let ty = Some(fields[at].ty.clone());
        Ok(Expression {
            node: Node::Field(Box::new(compiled.node), at),
            ty,
        })
    }

    pub(super) fn subscript(
        &mut self,
        base: &ast::Expression,
        index: &ast::Expression,
    ) -> Result<Expression> {
        let (compiled, at) = (self.compile(base)?, self.compile(index)?);
        let (node, at_node) = (Box::new(compiled.node), Box::new(at.node));
        match (compiled.ty, at.ty) {
            (Some(SqlType::Array(element)), Some(SqlType::Int | SqlType::BigInt)) => {
                Ok(Expression {
                    node: Node::Element(node, at_node),
                    ty: Some(*element),
                })
            }
            (Some(SqlType::Map(key, value)), Some(ty)) if ty == *key => Ok(Expression {
                node: Node::Entry(node, at_node),
                ty: Some(*value),
            }),
            (Some(SqlType::Array(_)), ty) => {
                let message = format!("An array's index is a whole number, not {}.", spelled(&ty));
                Err(error("index-type", message, index))
            }
            (Some(SqlType::Map(key, _)), ty) => {
                let message = format!("This map's keys are {key}, not {}.", spelled(&ty));
                Err(error("index-type", message, index))
            }
            (ty, _) => {
                let message = format!(
                    "Subscript expression: {} has type {}; only an ARRAY or a MAP has elements.",
                    describe(base),
                    spelled(&ty)
                );
                Err(error("no-elements", message, base))
            }
        }
    }

    pub(super) fn items(&mut self, expressions: &[&ast::Expression]) -> Result<Vec<Item>> {
        let item = |expression: &&ast::Expression| {
            let text = in_hint(expression);
            Ok(Item {
                expression: self.compile(expression)?,
                text,
            })
        };
        expressions.iter().map(item).collect()
    }

    pub(super) fn array(&mut self, expressions: &[ast::Expression]) -> Result<Expression> {
        const ISSUE: &str = "(see https://github.com/confluentinc/ksql/issues/4239).";
        let yours = |message| Diagnostic::error(Fault::Yours, "constructor", message);
        if expressions.is_empty() {
            return Err(yours(format!(
                "Array constructor cannot be empty. Please supply at least one element {ISSUE}"
            )));
        }
        let items = self.items(&expressions.iter().collect::<Vec<_>>())?;
        let (element, nodes) = coerce::coerce(items)?.ok_or_else(|| {
            yours(format!(
                "Cannot construct an array with all NULL elements {ISSUE} As a workaround, you \
                 may cast a NULL value to the desired type."
            ))
        })?;
        Ok(Expression {
            node: Node::Array(nodes),
            ty: Some(SqlType::array(element)),
        })
    }

    pub(super) fn map(&mut self, entries: &[ast::MapEntry]) -> Result<Expression> {
        const ISSUE: &str = "(see https://github.com/confluentinc/ksql/issues/4239).";
        let yours = |message| Diagnostic::error(Fault::Yours, "constructor", message);
        if entries.is_empty() {
            return Err(yours(format!(
                "Map constructor cannot be empty. Please supply at least one key value pair {ISSUE}"
            )));
        }
        let keys = self.items(&entries.iter().map(|entry| &entry.key).collect::<Vec<_>>())?;
        let values = self.items(&entries.iter().map(|entry| &entry.value).collect::<Vec<_>>())?;
        let null = |part| {
            yours(format!(
                "Cannot construct a map with all NULL {part} {ISSUE} As a workaround, you may \
                 cast a NULL value to the desired type."
            ))
        };
        let (key, keys) = coerce::coerce(keys)?.ok_or_else(|| null("keys"))?;
        let (value, values) = coerce::coerce(values)?.ok_or_else(|| null("values"))?;
        let node = Node::Map(keys.into_iter().zip(values).collect());
        Ok(Expression {
            node,
            ty: Some(SqlType::map(key, value)),
        })
    }

    pub(super) fn structure(&mut self, entries: &[ast::StructEntry]) -> Result<Expression> {
        let (mut fields, mut nodes) = (Vec::new(), Vec::new());
        for entry in entries {
            let compiled = self.compile(&entry.value)?;
            let name = &entry.name.text;
            if fields.iter().any(|field: &Column| field.name == *name) {
                let message = format!("Duplicate struct field names found in STRUCT: '{name}'.");
                return Err(error("duplicate-field", message, &entry.value).at(entry.name.span));
            }
            let Some(ty) = compiled.ty else {
                let message = format!(
                    "Struct field '{name}' is NULL and has no type. \
                     Please explicitly cast it to a required type, e.g. CAST(null AS VARCHAR)."
                );
                return Err(error("untyped-null", message, &entry.value));
            };
            fields.push(Column::new(name, ty));
            nodes.push(compiled.node);
        }
        Ok(Expression {
            node: Node::Struct(nodes),
            ty: Some(SqlType::Struct(fields)),
        })
    }
}
