//! A table looks up the rows that its columns point at, as Kafka's KIP-213 says.
//!
//! The left table's tasks send subscriptions to the right table's tasks through one internal
//! topic, and get answers through another; so both tables stay where they are, and their topics
//! need not have the same number of partitions.

use super::super::builder::{Builder, Stage, StageKey, Tail};
use super::super::keys::FOREIGN_KEY_NOUN;
use super::super::repartition::internal_reader;
use super::super::sources::needed;
use super::super::{Port, RowReader, SourceNode, StoreKind, TopicRole, TopicUse, names};
use super::remember::remember;
use super::{Joining, Side};
use crate::analyze::relation::Relation;
use crate::expression::Clause;
use crate::format::{Codec, Format, FormatSpec, Part};
use crate::operator::{ForeignKeyResponse, ForeignKeySubscribe, ForeignKeySubscription, Operator};
use crate::types::{Column, SqlType};
use headwater_base::Diagnostic;
use headwater_syntax::ast::JoinKind;

/// Joins a table with the rows of another that it points at.
pub(super) fn foreign_key(
    builder: &mut Builder<'_>,
    joining: Joining<'_>,
    left: Stage,
) -> Result<Stage, Diagnostic> {
    let compile = |stage: &Stage| {
        let world = joining.request.world;
        world.compile(&joining.join.left, &stage.relation, Clause::JoinOn)
    };
    let (mut left, left_store) = joining.table(builder, left, Side::Left, (false, None), true)?;
    let bound = &joining.request.analysis.sources[joining.index + 1];
    let right_sub = builder.sub(bound.partitions);
    let right = joining.right_source(builder, right_sub)?;
    let (mut right, right_store) =
        joining.table(builder, right, Side::Right, (false, None), true)?;
    let foreign_key = compile(&left)?;
    let left_outer = joining.join.kind == JoinKind::Left;
    let parts = Parts::new(builder, joining, &left, &right);
    let subscribe = Operator::ForeignKeySubscribe(ForeignKeySubscribe {
        topic: parts.questions,
        foreign_key: foreign_key.clone(),
        foreign: parts.foreign.clone(),
        primary: parts.primary.clone(),
        value: parts.left_value.clone(),
        left_outer,
    });
    builder.append(&mut left, subscribe, joining.station);
    parts.answer(builder, joining, &mut right, right_store);
    let reader = envelope_reader(&parts.primary);
    left.tail = internal_source(builder, left.sub, parts.answers, reader);
    let response = Operator::ForeignKeyResponse(ForeignKeyResponse {
        store: left_store,
        primary: parts.primary.clone(),
        value: parts.left_value.clone(),
        foreign_key,
        left_slots: left.relation.columns.len(),
        right_slots: right.relation.columns.len(),
        carried: parts.carried.clone(),
        carried_value: parts.carried_value.clone(),
        left_outer,
    });
    builder.append(&mut left, response, joining.station);
    let joined = joined(joining, left, right.relation);
    // Whoever comes next asks for its rows, or for the rows before.
    let request = joining.request;
    let is_last = joining.index + 1 == request.analysis.joins.len();
    let is_asked = request.query.filter.is_some() || request.analysis.grouping.is_some();
    match is_last && !is_asked {
        true => Ok(joined),
        false => Ok(remember(builder, joining, joined)),
    }
}

/// Both rows side by side and the foreign key; the key stays the left table's.
fn joined(joining: Joining<'_>, left: Stage, right: Relation) -> Stage {
    let keys = left.keys.iter().zip(&joining.join.key.viable);
    let keys = keys.map(|(key, name)| StageKey {
        viable: vec![name.clone()],
        ..key.clone()
    });
    Stage {
        keys: keys.collect(),
        relation: left.relation.joined(right).with_key(None, &joining.join.ty),
        key_noun: FOREIGN_KEY_NOUN,
        ..left
    }
}

/// What the three pieces of the join share.
struct Parts {
    /// The topic of subscriptions.
    questions: usize,
    /// The topic of answers.
    answers: usize,
    primary: Codec,
    foreign: Codec,
    left_value: Codec,
    /// The slots of the right row that answers carry.
    carried: Vec<usize>,
    carried_value: Codec,
}

impl Parts {
    fn new(builder: &mut Builder<'_>, joining: Joining<'_>, left: &Stage, right: &Stage) -> Parts {
        let sources = &joining.request.analysis.sources;
        let left_source = &sources[joining.index].source;
        let right_source = &sources[joining.index + 1].source;
        let key = |source: &crate::catalog::Source| {
            Codec::new(&source.key_format, Part::Key, &source.schema.key)
        };
        let wanted = needed(joining.request, joining.index + 1);
        let carried = wanted.iter().filter_map(|column| {
            let slot = right.relation.slot(&column.source, &column.name)?;
            Some((slot, Column::new(column.name.clone(), column.ty.clone())))
        });
        let (carried, columns): (Vec<usize>, Vec<Column>) = carried.unzip();
        let number = joining.decision.number;
        let mut topic = |word: &str, number: u32, partitions: u32| {
            let step = format!("KTABLE-FK-JOIN-SUBSCRIPTION-{word}-{number:010}-topic");
            let name = names::internal(builder.application_id(), &step);
            builder.topic(TopicUse {
                name,
                role: TopicRole::Repartition,
                partitions,
                compacted: false,
                layout: None,
            })
        };
        let mut wrapped = right_source.value_format.clone();
        wrapped.wrap_single = true;
        Parts {
            questions: topic("REGISTRATION", number, right.partitions),
            answers: topic("RESPONSE", number + 8, left.partitions),
            primary: key(left_source),
            foreign: key(right_source),
            left_value: Codec::new(
                &left_source.value_format,
                Part::Value,
                &left_source.schema.value,
            ),
            carried_value: Codec::new(&wrapped, Part::Value, &columns),
            carried,
        }
    }

    /// The right table's tasks: they keep subscriptions and answer them.
    fn answer(
        &self,
        builder: &mut Builder<'_>,
        joining: Joining<'_>,
        right: &mut Stage,
        table: usize,
    ) {
        let number = joining.decision.number + 4;
        let name = format!("KTABLE-FK-JOIN-SUBSCRIPTION-STATE-STORE-{number:010}");
        let kind = StoreKind::Subscriptions;
        let (store, changelog) = builder.store_of(right.sub, &name, kind, None);
        let table_end = right.tail;
        let reader = envelope_reader(&self.foreign);
        right.tail = internal_source(builder, right.sub, self.questions, reader);
        let operator = Operator::ForeignKeySubscription(ForeignKeySubscription {
            store,
            changelog,
            table,
            foreign: self.foreign.clone(),
            carried: self.carried.clone(),
            value: self.carried_value.clone(),
            topic: self.answers,
        });
        builder.append(right, operator, joining.station);
        if let Tail::Node(node) = right.tail {
            builder.connect(right.sub, table_end, node, Port::Right);
        }
    }
}

/// Reads records whose value is an envelope of the join's own: one column of bytes.
fn envelope_reader(key: &Codec) -> RowReader {
    let bytes = [Column::new("ENVELOPE", SqlType::Bytes)];
    let value = Codec::new(&FormatSpec::new(Format::Kafka), Part::Value, &bytes);
    internal_reader(key.clone(), value)
}

fn internal_source(builder: &mut Builder<'_>, sub: usize, topic: usize, reader: RowReader) -> Tail {
    let source = SourceNode {
        topic,
        table: false,
        changes: false,
        reader,
        next: None,
        station: None,
    };
    builder.source(sub, source)
}
