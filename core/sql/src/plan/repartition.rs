//! The change of key: a stream or a table's changes go through an internal topic and on in a new
//! sub-topology.

use super::build::Request;
use super::builder::{Builder, Stage, StageKey};
use super::{RowReader, SourceNode, TopicLayout};
use crate::analyze::relation::{Relation, RelationColumn, Role};
use crate::expression::Expression;
use crate::format::{Codec, ColumnSet, Part};
use crate::operator::{Operator, Repartition, RepartitionTable};
use crate::types::{Column, SqlType};
use headwater_base::StationId;
use headwater_syntax::ast;

/// Whether the records are keyed by this column alone.
///
/// A join's key has several names; it goes by the first that the projection holds.
pub(super) fn is_keyed_by(stage: &Stage, written: &ast::Expression, request: Request<'_>) -> bool {
    match stage.keys.as_slice() {
        [only] => {
            let canonical = request.analysis.relation.canonical(written);
            only.name(&request.analysis.items) == Some(&canonical)
        }
        _ => false,
    }
}

/// What goes through an internal topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cargo {
    /// Records of a stream; those with a null value are dropped.
    Records,
    /// A table's rows, each replacing the one before; a delete is a null.
    Rows,
    /// A table's changes, old and new row together, to the tasks of their groups.
    Changes,
}

/// A change of key.
pub(super) struct Move<'m> {
    /// The step's name.
    pub(super) step: &'m str,
    /// The new key: as written, compiled, its type.
    pub(super) keys: Vec<(ast::Expression, Expression, SqlType)>,
    /// How it is written.
    pub(super) key_format: crate::format::FormatSpec,
    /// The columns that are needed behind it.
    pub(super) carried: Vec<RelationColumn>,
    /// Whether records with a null in their new key go on.
    pub(super) keeps_null_keys: bool,
    /// What goes through.
    pub(super) cargo: Cargo,
    /// The sub-topology where the chain goes on; a new one if it is not said.
    pub(super) into: Option<usize>,
    /// The clause that asks for it.
    pub(super) station: StationId,
}

/// Sends a stream, or a table's changes, through an internal topic; the chain goes on in a new
/// sub-topology.
pub(super) fn repartition(builder: &mut Builder<'_>, mut stage: Stage, to: Move<'_>) -> Stage {
    let qualified = stage.relation.sources().len() > 1;
    let column_name = |column: &RelationColumn| match qualified {
        true => format!("{}_{}", column.source, column.name),
        false => column.name.clone(),
    };
    let (mut relation, key_columns) = new_key(&to.keys, &stage, &column_name);
    let expressions = to.keys.iter().map(|(_, compiled, _)| compiled.clone());
    let expressions: Vec<Expression> = expressions.collect();
    let (value_columns, slots) = carry(to.carried, &stage, &mut relation, &column_name);
    let mut value_format = stage.value_format.clone();
    value_format.wrap_single = true;
    let layout = TopicLayout {
        key: key_columns.clone(),
        value: value_columns.clone(),
        key_format: to.key_format.clone(),
        value_format: value_format.clone(),
        window: stage.window,
        changes: to.cargo == Cargo::Changes,
        key_suffix: 0,
    };
    let topic = builder.repartition_topic(to.step, stage.partitions, layout);
    let key = Codec::new(&to.key_format, Part::Key, &key_columns);
    let value = Codec::new(&value_format, Part::Value, &value_columns);
    let operator = Repartition {
        topic,
        key_columns: expressions,
        key: key.clone(),
        slots,
        value: value.clone(),
        keeps_null_keys: to.keeps_null_keys,
        keeps_null_values: to.cargo == Cargo::Rows,
        window: stage.window,
    };
    let operator = operator_of(operator, to.cargo);
    builder.append(&mut stage, operator, to.station);
    let sub = to.into.unwrap_or_else(|| builder.sub(stage.partitions));
    let mut reader = internal_reader(key, value);
    reader.window = stage.window;
    let source = SourceNode {
        topic,
        table: to.cargo == Cargo::Rows,
        changes: to.cargo == Cargo::Changes,
        reader,
        next: None,
        station: None,
    };
    let tail = builder.source(sub, source);
    let canonical = |(written, compiled, ty)| (stage.relation.canonical(&written), compiled, ty);
    let keys = to.keys.into_iter().map(canonical);
    let keys = keys.enumerate().map(key_part).collect();
    Stage {
        relation,
        keys,
        key_format: to.key_format,
        sub,
        tail,
        ..stage
    }
}

/// The columns of the new key, as the slots of the new relation and as the topic's.
fn new_key(
    keys: &[(ast::Expression, Expression, SqlType)],
    stage: &Stage,
    column_name: &dyn Fn(&RelationColumn) -> String,
) -> (Relation, Vec<Column>) {
    let mut relation = Relation::default();
    let mut columns = Vec::new();
    for (index, (written, compiled, ty)) in keys.iter().enumerate() {
        // Behind an outer join the key is not what either side's column holds.
        let slot = stage.relation.slot_of(written);
        let slot = slot.filter(|slot| compiled.as_column() == Some(*slot));
        let column = slot.and_then(|slot| stage.relation.column_at(slot).cloned());
        let name = column
            .as_ref()
            .map_or(format!("KSQL_COL_{index}"), column_name);
        columns.push(Column::new(name, ty.clone()));
        let role = Role::Key;
        let column = column.map(|column| RelationColumn { role, ..column });
        relation.columns.push(column);
    }
    (relation, columns)
}

/// The operator for a stream's records or for a table's changes.
fn operator_of(of_stream: Repartition, cargo: Cargo) -> Operator {
    if cargo != Cargo::Changes {
        return Operator::Repartition(of_stream);
    }
    let Repartition {
        topic,
        key_columns,
        key,
        slots,
        value,
        ..
    } = of_stream;
    Operator::RepartitionTable(RepartitionTable {
        topic,
        key_columns,
        key,
        slots,
        value,
    })
}

/// The columns that go along in the value, with their slots; they follow in the new relation.
fn carry(
    carried: Vec<RelationColumn>,
    stage: &Stage,
    relation: &mut Relation,
    column_name: &dyn Fn(&RelationColumn) -> String,
) -> (Vec<Column>, Vec<usize>) {
    let (mut value_columns, mut slots) = (Vec::new(), Vec::new());
    for column in carried {
        let in_key = relation.slot(&column.source, &column.name).is_some();
        let Some(slot) = stage.relation.slot(&column.source, &column.name) else {
            continue;
        };
        if in_key || column.role == Role::Bound && stage.window.is_some() {
            continue;
        }
        value_columns.push(Column::new(column_name(&column), column.ty.clone()));
        slots.push(slot);
        relation.columns.push(Some(column));
    }
    // The window is in the key, and its bounds are read from there.
    let bounds = stage.relation.named().map(|(_, column)| column);
    let bounds = bounds.filter(|column| column.role == Role::Bound && stage.window.is_some());
    relation.columns.extend(bounds.cloned().map(Some));
    relation.columns.extend([None, None, None]);
    (value_columns, slots)
}

fn key_part(
    (index, (written, _, ty)): (usize, (ast::Expression, Expression, SqlType)),
) -> StageKey {
    StageKey {
        expression: Expression::column(index, ty.clone()),
        ty,
        viable: vec![written],
    }
}

/// Reads what the internal topic holds, all of it.
pub(super) fn internal_reader(key: Codec, value: Codec) -> RowReader {
    RowReader {
        wanted_key: ColumnSet::all(key.columns().len()),
        wanted_value: ColumnSet::all(value.columns().len()),
        key,
        value,
        headers: Vec::new(),
        window: None,
        timestamp: None,
        strict_time: false,
    }
}
