//! Joins: one file a shape; `decide` says beforehand which sides go through internal topics.
//!
//! Both sides of a join run in one sub-topology, the left side's at that point. The joined row
//! holds the left slots and the right slots; but for a stream that looks into a table, one slot
//! more holds the key.

mod decide;
mod foreign_key;
mod numbers;
mod remember;
mod stream;
mod table;

pub(super) use decide::{Decision, decide};

use super::StationKind;
use super::build::Request;
use super::builder::{Builder, Stage, StageKey};
use super::names;
use super::repartition::{Cargo, Move, repartition};
use super::sources::{materialize, needed, source};
use crate::analyze::relation::column_expression;
use crate::analyze::{BoundJoin, JoinShape};
use crate::expression::{Clause, Expression};
use crate::format::{Codec, Part};
use crate::types::Column;
use headwater_base::{Diagnostic, StationId};
use headwater_syntax::ast;

/// Joins what has been built with one more source.
pub(super) fn join(
    builder: &mut Builder<'_>,
    request: Request<'_>,
    left: Stage,
    index: usize,
    decision: &Decision,
) -> Result<Stage, Diagnostic> {
    let (join, bound) = (
        &request.analysis.joins[index],
        &request.analysis.sources[index + 1],
    );
    let station = builder.station(StationKind::Join, join.span);
    builder.station_source(station, &bound.source.name);
    let joining = Joining {
        request,
        join,
        index,
        decision,
        station,
    };
    match join.shape {
        JoinShape::StreamTable => stream::stream_table(builder, joining, left),
        JoinShape::StreamStream(window) => stream::stream_stream(builder, joining, left, window),
        JoinShape::TableTable => table::table_table(builder, joining, left),
        JoinShape::ForeignKey => foreign_key::foreign_key(builder, joining, left),
    }
}

/// One join in the making.
#[derive(Clone, Copy)]
struct Joining<'j> {
    request: Request<'j>,
    join: &'j BoundJoin,
    /// Its place among the joins.
    index: usize,
    decision: &'j Decision,
    station: StationId,
}

/// One side of a join.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

impl Side {
    const fn word(self) -> &'static str {
        match self {
            Side::Left => "Left",
            Side::Right => "Right",
        }
    }
}

impl Joining<'_> {
    /// `L_` for each join behind this one.
    fn prefix(&self) -> String {
        "L_".repeat(self.request.analysis.joins.len() - 1 - self.index)
    }

    /// A stream, sent to the tasks of the key that is compared where it is not there already.
    fn stream(
        &self,
        builder: &mut Builder<'_>,
        stage: Stage,
        (side, step): (Side, &str),
        into: Option<usize>,
        keeps_null_keys: bool,
    ) -> Result<Stage, Diagnostic> {
        let change = Move {
            step,
            keys: vec![self.key(&stage, side)?],
            key_format: self.decision.key_format.clone(),
            carried: needed(self.request, self.index + 1),
            keeps_null_keys,
            cargo: Cargo::Records,
            into,
            station: self.station,
        };
        Ok(repartition(builder, stage, change))
    }

    /// A table with a store, with another key format where it needs one; gives the store too.
    fn table(
        &self,
        builder: &mut Builder<'_>,
        mut stage: Stage,
        side: Side,
        (moves, into): (bool, Option<usize>),
        emits_old: bool,
    ) -> Result<(Stage, usize), Diagnostic> {
        let mut store = format!("{}KafkaTopic_{}-Reduce", self.prefix(), side.word());
        if moves {
            let keyed = format!("{}{}SourceKeyed", self.prefix(), side.word());
            let change = Move {
                step: &format!("{keyed}-SelectKey"),
                keys: vec![self.key(&stage, side)?],
                key_format: self.decision.key_format.clone(),
                carried: needed(self.request, self.index + 1),
                keeps_null_keys: false,
                cargo: Cargo::Rows,
                into,
                station: self.station,
            };
            stage = repartition(builder, stage, change);
            store = format!("{keyed}-Materialize");
        }
        // The left table is FROM's, unless the join itself has moved it.
        let station = match (side, moves) {
            (Side::Left, false) => builder.first_station().unwrap_or(self.station),
            _ => self.station,
        };
        builder.station_store(station, &store);
        let store = materialize(builder, &mut stage, &store, emits_old, station);
        Ok((stage, store))
    }

    /// The joined source, at the end of which `into` goes on unless it has to move first.
    fn right_source(&self, builder: &mut Builder<'_>, into: usize) -> Result<Stage, Diagnostic> {
        let bound = &self.request.analysis.sources[self.index + 1];
        let sub = match self.decision.right_moves {
            true => builder.sub(bound.partitions),
            false => into,
        };
        source(builder, self.request, sub, bound, None)
    }

    /// What a side compares: as written, compiled, its type.
    fn key(
        &self,
        stage: &Stage,
        side: Side,
    ) -> Result<(ast::Expression, Expression, crate::types::SqlType), Diagnostic> {
        let (written, is_key) = match side {
            Side::Left => (&self.join.left, self.decision.left_keyed),
            Side::Right => (&self.join.right, self.decision.right_keyed),
        };
        let compiled = match stage.keys.as_slice() {
            [only] if is_key => only.expression.clone(),
            _ => self
                .request
                .world
                .compile(written, &stage.relation, Clause::JoinOn)?,
        };
        Ok((written.clone(), compiled, self.join.ty.clone()))
    }

    /// Writes the key that is compared.
    fn key_codec(&self) -> Codec {
        let column = Column::new("KEY", self.join.ty.clone());
        Codec::new(&self.decision.key_format, Part::Key, &[column])
    }

    /// The key behind the join, whose value is in `slot`.
    fn result_key(&self, slot: Expression) -> StageKey {
        let key = &self.join.key;
        let viable = match self.synthetic() {
            Some(name) => vec![column_expression("", name)],
            None => key.viable.clone(),
        };
        StageKey {
            expression: slot,
            ty: self.join.ty.clone(),
            viable,
        }
    }

    /// The name of the key that the join makes, if the query can say it: that of its last join.
    fn synthetic(&self) -> Option<&str> {
        let is_last = self.index + 1 == self.request.analysis.joins.len();
        let name = self.join.key.synthetic.as_deref();
        name.filter(|_| is_last)
    }

    /// The chain behind the join: both rows side by side, and the key in one slot more.
    fn joined(&self, left: Stage, right: Stage) -> Stage {
        let slot = left.relation.columns.len() + right.relation.columns.len();
        let key = self.result_key(Expression::column(slot, self.join.ty.clone()));
        let relation = left.relation.joined(right.relation);
        Stage {
            relation: relation.with_key(self.synthetic(), &self.join.ty),
            keys: vec![key],
            key_noun: "join expression",
            key_format: self.decision.key_format.clone(),
            ..left
        }
    }

    /// The step's name: `Join`, of an inner one of several `L_Join`.
    fn step(&self) -> String {
        names::join_step(self.index, self.request.analysis.joins.len())
    }
}

/// What the key of a side is at its records.
fn key_expression(stage: &Stage) -> Vec<Expression> {
    stage
        .keys
        .iter()
        .map(|key| key.expression.clone())
        .collect()
}
