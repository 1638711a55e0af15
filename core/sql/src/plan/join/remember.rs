//! The rows of a foreign-key join in a store of their own: the next join looks into it, and WHERE
//! and GROUP BY get to know the rows before.

use super::super::TopicLayout;
use super::super::builder::{Builder, Stage, StageKey};
use super::super::sources::needed;
use super::Joining;
use crate::analyze::relation::{Relation, RelationColumn, Role};
use crate::expression::Expression;
use crate::format::{Codec, Part};
use crate::operator::{Materialize, Operator, Project, ProjectColumn};
use crate::types::Column;

/// Keeps the joined rows: the key, then what is still needed.
pub(super) fn remember(builder: &mut Builder<'_>, joining: Joining<'_>, mut stage: Stage) -> Stage {
    let kept = Kept::of(joining, &stage);
    let project = Operator::Project(Project {
        columns: kept.projected(&stage),
        keeps_old: false,
    });
    builder.append(&mut stage, project, joining.station);
    let store = kept.store(builder, joining, &stage);
    builder.append(&mut stage, store, joining.station);
    let keys = stage.keys.into_iter().enumerate();
    let keys = keys.map(|(slot, key)| StageKey {
        expression: Expression::column(slot, key.ty.clone()),
        ..key
    });
    Stage {
        keys: keys.collect(),
        relation: kept.relation(),
        ..stage
    }
}

/// The columns that are kept: those of the key first.
struct Kept {
    columns: Vec<RelationColumn>,
    key_count: usize,
}

impl Kept {
    fn of(joining: Joining<'_>, stage: &Stage) -> Kept {
        let keys = stage.keys.iter().map(|key| {
            let slot = key.expression.as_column()?;
            stage.relation.column_at(slot).cloned()
        });
        let mut columns: Vec<RelationColumn> = keys.flatten().collect();
        let key_count = columns.len();
        for column in needed(joining.request, joining.index + 1) {
            let same =
                |other: &RelationColumn| other.source == column.source && other.name == column.name;
            let is_there = stage.relation.slot(&column.source, &column.name).is_some();
            if is_there && !columns.iter().any(same) {
                columns.push(column);
            }
        }
        Kept { columns, key_count }
    }

    fn projected(&self, stage: &Stage) -> Vec<ProjectColumn> {
        let column = |(index, column): (usize, &RelationColumn)| {
            let slot = stage.relation.slot(&column.source, &column.name);
            Some(ProjectColumn {
                expression: Expression::column(slot?, column.ty.clone()),
                identifies: index < self.key_count,
            })
        };
        self.columns.iter().enumerate().filter_map(column).collect()
    }

    fn store(&self, builder: &mut Builder<'_>, joining: Joining<'_>, stage: &Stage) -> Operator {
        let flat = |column: &RelationColumn| {
            let name = format!("{}_{}", column.source, column.name);
            Column::new(name, column.ty.clone())
        };
        let (key, value) = self.columns.split_at(self.key_count);
        let key: Vec<Column> = key.iter().map(flat).collect();
        let value: Vec<Column> = value.iter().map(flat).collect();
        let mut value_format = stage.value_format.clone();
        value_format.wrap_single = true;
        let layout = TopicLayout {
            key: key.clone(),
            value: value.clone(),
            key_format: stage.key_format.clone(),
            value_format: value_format.clone(),
            window: None,
            changes: false,
            key_suffix: 0,
        };
        let number = joining.decision.number + 13;
        let name = format!("KTABLE-FK-JOIN-OUTPUT-STATE-STORE-{number:010}");
        let (store, changelog) = builder.store(stage.sub, &name, None, layout);
        Operator::Materialize(Materialize {
            store,
            changelog,
            key: Codec::new(&stage.key_format, Part::Key, &key),
            value: Codec::new(&value_format, Part::Value, &value),
            emits_old: true,
        })
    }

    fn relation(&self) -> Relation {
        let place = |(index, column): (usize, &RelationColumn)| {
            let role = match index < self.key_count {
                true => Role::Key,
                false => Role::Value,
            };
            let column = column.clone();
            Some(RelationColumn { role, ..column })
        };
        Relation {
            columns: self.columns.iter().enumerate().map(place).collect(),
        }
    }
}
