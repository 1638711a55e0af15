//! Every function's example is run, and every signature can be read.

use super::{Aggregate, CollectLimits, Kind, ParameterType, registry};
use crate::arena::Arena;
use crate::expression::{
    Clause, ColumnScope, ErrorLog, EvalContext, Options, compile, compile_aggregate,
    compile_table_function,
};
use crate::state::StoredRow;
use crate::types::SqlType;
use crate::value::{OwnedValue, Value, write_text};
use headwater_syntax::ast::{self, ExpressionKind};
use std::sync::Arc;

fn call_of(text: &str) -> ast::FunctionCall {
    match headwater_syntax::parse_expression(text).unwrap().kind {
        ExpressionKind::Call(call) => call,
        other => panic!("an example must be a call: {other:?}"),
    }
}

fn spelled(value: Value<'_>, ty: &SqlType) -> String {
    let mut text = String::new();
    write_text(&mut text, value, Some(ty)).unwrap();
    text
}

fn scalar(text: &str) -> String {
    let aliases = Default::default();
    let options = Options {
        clause: Clause::Select,
        aliases: &aliases,
    };
    let parsed = headwater_syntax::parse_expression(text).map_err(|found| found.message);
    let compiled = compile(&parsed.unwrap(), &ColumnScope::default(), options);
    let compiled = match compiled {
        Ok(compiled) => compiled,
        Err(found) => return found.message,
    };
    let (arena, errors) = (Arena::new(), ErrorLog::default());
    let value = compiled.value(&[], &EvalContext::new(&arena, &errors, 0, 1));
    spelled(value, compiled.ty().unwrap())
}

/// The aggregate of an example, and the values that each record brings: its arguments that are
/// lists give one value to each record.
fn example_aggregate(text: &str) -> (Arc<dyn Aggregate>, Vec<Vec<OwnedValue>>) {
    let mut call = call_of(text);
    let aliases = Default::default();
    let options = Options {
        clause: Clause::Select,
        aliases: &aliases,
    };
    let (arena, errors) = (Arena::new(), ErrorLog::default());
    let cx = EvalContext::new(&arena, &errors, 0, 1);
    let mut scope = ColumnScope::default();
    let mut records: Vec<Vec<OwnedValue>> = Vec::new();
    for (at, argument) in call.arguments.iter_mut().enumerate() {
        if !matches!(argument.kind, ExpressionKind::Array(_)) {
            continue;
        }
        let list = compile(argument, &ColumnScope::default(), options).unwrap();
        let (Value::Array(items), Some(SqlType::Array(element))) =
            (list.value(&[], &cx), list.ty())
        else {
            panic!("{text} needs an array")
        };
        scope.push(None, &format!("V{at}"), (**element).clone());
        *argument = headwater_syntax::parse_expression(&format!("v{at}")).unwrap();
        records.resize_with(items.len(), Vec::new);
        for (record, item) in records.iter_mut().zip(items) {
            record.push(item.to_owned());
        }
    }
    let compiled = compile_aggregate(&call, &scope, options, CollectLimits::default()).unwrap();
    (compiled.aggregate, records)
}

fn add(aggregate: &dyn Aggregate, state: &mut OwnedValue, record: &[OwnedValue]) {
    let arena = Arena::new();
    let values: Vec<Value<'_>> = record.iter().map(|value| value.borrow(&arena)).collect();
    aggregate.add(state, &values).unwrap();
}

fn undo(aggregate: &dyn Aggregate, state: &mut OwnedValue, record: &[OwnedValue]) {
    let arena = Arena::new();
    let values: Vec<Value<'_>> = record.iter().map(|value| value.borrow(&arena)).collect();
    aggregate.undo(state, &values).unwrap();
}

fn folded(aggregate: &dyn Aggregate, records: &[Vec<OwnedValue>]) -> String {
    let arena = Arena::new();
    let mut state = aggregate.initial();
    for record in records {
        add(aggregate, &mut state, record);
    }
    spelled(aggregate.result(&state, &arena), &aggregate.result_type())
}

fn table(text: &str) -> String {
    let aliases = Default::default();
    let options = Options {
        clause: Clause::Select,
        aliases: &aliases,
    };
    let call = compile_table_function(&call_of(text), &ColumnScope::default(), options).unwrap();
    let (arena, errors) = (Arena::new(), ErrorLog::default());
    let rows = call.rows(&[], &EvalContext::new(&arena, &errors, 0, 1));
    spelled(Value::Array(rows), &SqlType::array(call.ty().clone()))
}

#[test]
fn examples_give_what_they_say() {
    let mut wrong = Vec::new();
    for function in registry().all() {
        let (text, expected) = function.example;
        let found = match function.kind {
            Kind::Scalar => scalar(text),
            Kind::Table => table(text),
            Kind::Aggregate => {
                let (aggregate, values) = example_aggregate(text);
                folded(aggregate.as_ref(), &values)
            }
        };
        if found != expected {
            wrong.push(format!("{text} gives {found}, not {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn signatures_can_be_read_and_names_are_unique() {
    fn known(ty: &ParameterType) -> bool {
        match ty {
            ParameterType::Variable(letter) => letter.is_ascii_uppercase(),
            ParameterType::Array(inner) => known(inner),
            ParameterType::Map(key, value) => known(key) && known(value),
            _ => true,
        }
    }
    for function in registry().all() {
        assert_eq!(function.name, function.name.to_uppercase());
        assert!(
            function.spelling.eq_ignore_ascii_case(function.name),
            "{}",
            function.name
        );
        for overload in &function.overloads {
            for parameter in &overload.parameters {
                let shown = format!("{} {parameter}", function.name);
                assert!(
                    known(&parameter.ty) && !parameter.name.is_empty(),
                    "{shown}"
                );
            }
        }
    }
}

#[test]
fn undo_and_merge_agree_with_folding_from_the_start() {
    for function in registry()
        .all()
        .filter(|function| function.kind == Kind::Aggregate)
    {
        let (aggregate, values) = example_aggregate(function.example.0);
        let arena = Arena::new();
        let (mut left, mut right) = (aggregate.initial(), aggregate.initial());
        let (first, second) = values.split_at(1);
        for (state, part) in [(&mut left, first), (&mut right, second)] {
            for record in part {
                add(aggregate.as_ref(), state, record);
            }
        }
        aggregate.merge(&mut left, &right).unwrap();
        let merged = spelled(aggregate.result(&left, &arena), &aggregate.result_type());
        assert_eq!(merged, function.example.1, "merge of {}", function.name);
        if !aggregate.can_undo() {
            continue;
        }
        let mut state = aggregate.initial();
        for record in &values {
            add(aggregate.as_ref(), &mut state, record);
        }
        for record in values.iter().rev() {
            undo(aggregate.as_ref(), &mut state, record);
        }
        assert_eq!(state, aggregate.initial(), "undo of {}", function.name);
    }
}

#[test]
fn states_side_by_side_give_what_states_in_one_piece_give() {
    for function in registry()
        .all()
        .filter(|function| function.kind == Kind::Aggregate)
    {
        let (aggregate, values) = example_aggregate(function.example.0);
        let arena = Arena::new();
        let kept = |records: &[Vec<OwnedValue>]| {
            let mut kept = StoredRow::new();
            aggregate.keep(aggregate.initial(), &mut kept);
            assert_eq!(kept.len(), aggregate.width(), "{}", function.name);
            for (record, offset) in records.iter().zip(0..) {
                let values: Vec<Value<'_>> = record.iter().map(|it| it.borrow(&arena)).collect();
                aggregate.add_kept(&mut kept, &values, offset).unwrap();
            }
            kept
        };
        let (first, second) = values.split_at(1);
        let (mut left, right) = (kept(first), kept(second));
        aggregate.merge_kept(&mut left, &right).unwrap();
        let merged = aggregate.result_kept(&left, &arena);
        let merged = spelled(merged, &aggregate.result_type());
        assert_eq!(merged, function.example.1, "{}", function.name);
        if aggregate.can_undo() {
            let mut state = kept(&values);
            for record in values.iter().rev() {
                let values: Vec<Value<'_>> = record.iter().map(|it| it.borrow(&arena)).collect();
                aggregate.undo_kept(&mut state, &values).unwrap();
            }
            assert_eq!(state, kept(&[]), "{}", function.name);
        }
    }
}

#[test]
fn constant_patterns_are_made_once() {
    use crate::expression::Node;
    let aliases = Default::default();
    let options = Options {
        clause: Clause::Select,
        aliases: &aliases,
    };
    let text = "FORMAT_TIMESTAMP(FROM_UNIXTIME(0), 'HH:mm', 'Europe/Berlin')";
    let parsed = headwater_syntax::parse_expression(text).map_err(|found| found.message);
    let compiled = compile(&parsed.unwrap(), &ColumnScope::default(), options).unwrap();
    let (arena, errors) = (Arena::new(), ErrorLog::default());
    let made = || {
        compiled.value(&[], &EvalContext::new(&arena, &errors, 0, 1));
        let Node::Call(call) = &compiled.node else {
            panic!("a call")
        };
        call.made
            .iter()
            .map(|made| made.get().cloned())
            .collect::<Vec<_>>()
    };
    let (first, second) = (made(), made());
    assert!(first[0].is_none() && first[1].is_some() && first[2].is_some());
    for (a, b) in first.iter().flatten().zip(second.iter().flatten()) {
        assert!(Arc::ptr_eq(a, b));
    }
}
