//! The change of key: a stream or a table's changes go through an internal topic and on in a new
//! sub-topology.

use super::builder::{Builder, Stage, StageKey};
use super::{RowReader, SourceNode, TopicLayout};
use crate::analyze::relation::{Relation, RelationColumn, Role};
use crate::expression::Expression;
use crate::format::{Codec, ColumnSet, Part};
use crate::operator::{Operator, Repartition, RepartitionTable};
use crate::types::{Column, SqlType};
use headwater_base::StationId;
use headwater_syntax::ast;

/// Whether the records are keyed by this expression alone.
pub(super) fn is_keyed_by(stage: &Stage, expression: &Expression) -> bool {
    match stage.keys.as_slice() {
        [only] => {
            only.expression.as_column().is_some()
                && only.expression.as_column() == expression.as_column()
        }
        _ => false,
    }
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
    let mut relation = Relation::default();
    let mut key_columns = Vec::new();
    let mut expressions = Vec::new();
    for (index, (written, compiled, ty)) in to.keys.iter().enumerate() {
        let slot = stage.relation.slot_of(written);
        let column = slot
            .and_then(|slot| stage.relation.column_at(slot))
            .cloned();
        let name = column
            .as_ref()
            .map_or(format!("KSQL_COL_{index}"), &column_name);
        key_columns.push(Column::new(name, ty.clone()));
        expressions.push(compiled.clone());
        relation.columns.push(column.map(|column| RelationColumn {
            role: Role::Key,
            ..column
        }));
    }
    let (value_columns, slots) = carry(to.carried, &stage, &mut relation, &column_name);
    let mut value_format = stage.value_format.clone();
    value_format.wrap_single = true;
    let layout = TopicLayout {
        key: key_columns.clone(),
        value: value_columns.clone(),
        key_format: to.key_format.clone(),
        value_format: value_format.clone(),
        window: None,
        changes: stage.is_table,
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
    };
    let operator = operator_of(operator, stage.is_table);
    builder.append(&mut stage, operator, to.station);
    let sub = builder.sub(stage.partitions);
    let reader = internal_reader(key, value);
    let source = SourceNode {
        topic,
        table: false,
        changes: stage.is_table,
        reader,
        next: None,
        station: None,
    };
    let tail = builder.source(sub, source);
    let keys = to.keys.into_iter().enumerate().map(key_part).collect();
    Stage {
        relation,
        keys,
        key_format: to.key_format,
        sub,
        tail,
        ..stage
    }
}

/// The operator for a stream's records or for a table's changes.
fn operator_of(of_stream: Repartition, is_table: bool) -> Operator {
    if !is_table {
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
        if in_key {
            continue;
        }
        value_columns.push(Column::new(column_name(&column), column.ty.clone()));
        slots.push(slot);
        relation.columns.push(Some(column));
    }
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
fn internal_reader(key: Codec, value: Codec) -> RowReader {
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
