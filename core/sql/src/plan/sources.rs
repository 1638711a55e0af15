//! FROM and JOIN as a plan reads them: records of a topic become slots, and a table's rows are
//! remembered, those of a result too.

use super::build::Request;
use super::builder::{Builder, Stage, StageKey, Tail};
use super::{RowReader, SourceNode, TimestampPick, TopicLayout, TopicRole, TopicUse};
use crate::analyze::relation::{Relation, RelationColumn};
use crate::analyze::walk::each_node;
use crate::analyze::{Bound, World, wrong};
use crate::catalog::Source;
use crate::expression::Expression;
use crate::format::{Codec, ColumnSet, Part};
use crate::operator::{Materialize, Operator};
use crate::time::pattern::Pattern;
use crate::types::{Column, Schema};
use headwater_base::{Diagnostic, Span, StationId};
use headwater_syntax::ast;

/// Reads a source in a sub-topology.
pub(super) fn source(
    builder: &mut Builder<'_>,
    request: Request<'_>,
    sub: usize,
    bound: &Bound,
    station: Option<StationId>,
) -> Result<Stage, Diagnostic> {
    let source = &bound.source;
    let topic = builder.topic(TopicUse {
        name: source.topic.clone(),
        role: TopicRole::Source,
        partitions: bound.partitions,
        compacted: source.is_table(),
        layout: Some(TopicLayout::from(&**source)),
    });
    let reader = reader(request, bound)?;
    let table = source.is_table();
    let tail = builder.source(
        sub,
        SourceNode {
            topic,
            table,
            changes: false,
            reader,
            next: None,
            station,
        },
    );
    let relation = Relation::of_source(&bound.alias, source);
    let key = |(slot, column): (usize, &Column)| StageKey {
        expression: Expression::column(slot, column.ty.clone()),
        ty: column.ty.clone(),
        viable: vec![crate::analyze::relation::column_expression(
            &bound.alias,
            &column.name,
        )],
    };
    Ok(Stage {
        keys: source.schema.key.iter().enumerate().map(key).collect(),
        key_noun: "key column",
        relation,
        key_format: source.key_format.clone(),
        value_format: source.value_format.clone(),
        is_table: table,
        window: source.window,
        sub,
        tail,
        partitions: bound.partitions,
    })
}

/// How records of a source become slots, with only the columns that the query needs.
fn reader(request: Request<'_>, bound: &Bound) -> Result<RowReader, Diagnostic> {
    let source = &bound.source;
    let needed = needed(request, 0);
    let is_needed = |column: &Column| {
        needed
            .iter()
            .any(|known| known.source == bound.alias && known.name == column.name)
    };
    let mut reader = whole_reader(source, request.world)?;
    let wanted = |columns: &[Column], all: bool| {
        let mut set = ColumnSet::none(columns.len());
        let chosen = columns
            .iter()
            .enumerate()
            .filter(|(_, column)| all || is_needed(column));
        chosen.for_each(|(index, _)| set.insert(index));
        set
    };
    reader.wanted_key = wanted(
        &source.schema.key,
        source.is_table() || source.window.is_some(),
    );
    reader.wanted_value = wanted(&source.schema.value, false);
    let keys = source.schema.key.len();
    if let Some(pick) = &reader.timestamp {
        match pick.slot.checked_sub(keys) {
            Some(value) => reader.wanted_value.insert(value),
            None => reader.wanted_key.insert(pick.slot),
        }
    }
    Ok(reader)
}

/// How records of a source become slots, with all columns.
fn whole_reader(source: &Source, world: World<'_>) -> Result<RowReader, Diagnostic> {
    let timestamp = match &source.timestamp {
        None => None,
        Some(column) => {
            let slot = source.schema.position(&column.column);
            let pattern = column.pattern.as_deref().map(time_pattern).transpose()?;
            slot.map(|slot| TimestampPick { slot, pattern })
        }
    };
    Ok(RowReader {
        key: Codec::new(&source.key_format, Part::Key, &source.schema.key),
        value: Codec::new(&source.value_format, Part::Value, &source.schema.value),
        wanted_key: ColumnSet::all(source.schema.key.len()),
        wanted_value: ColumnSet::all(source.schema.value.len()),
        headers: source.headers.clone(),
        window: source.window,
        timestamp,
        strict_time: world.session.is_on("ksql.timestamp.throw.on.invalid"),
    })
}

/// A pattern of TIMESTAMP_FORMAT.
pub(crate) fn time_pattern(text: &str) -> Result<Pattern, Diagnostic> {
    Pattern::new(text).map_err(|why| {
        let message = format!("The TIMESTAMP_FORMAT '{text}' cannot be read: {why}");
        wrong("timestamp-format", message, Span::default())
    })
}

/// The columns that are needed behind the first `joined` joins, each once, in slot order.
pub(super) fn needed(request: Request<'_>, joined: usize) -> Vec<RelationColumn> {
    let Request {
        query, analysis, ..
    } = request;
    let mut slots = ColumnSet::none(analysis.relation.columns.len());
    let mut add = |expression: &ast::Expression| {
        each_node(expression, &mut |node| {
            if let Some(slot) = analysis.relation.slot_of(node) {
                slots.insert(slot);
            }
        });
    };
    for join in analysis.joins.iter().skip(joined) {
        add(&join.left);
        add(&join.right);
    }
    analysis.items.iter().for_each(|item| add(&item.canonical));
    query.filter.iter().for_each(|clause| add(&clause.body));
    query.having.iter().for_each(|clause| add(&clause.body));
    let lists = [&query.group_by, &query.partition_by].into_iter().flatten();
    lists.flat_map(|clause| &clause.body).for_each(&mut add);
    let named = analysis
        .relation
        .named()
        .filter(|(slot, _)| slots.contains(*slot));
    named.map(|(_, column)| column.clone()).collect()
}

/// Remembers the rows of a table that the chain has just read; gives the store.
pub(super) fn materialize(
    builder: &mut Builder<'_>,
    stage: &mut Stage,
    name: &str,
    emits_old: bool,
    station: StationId,
) -> usize {
    let Tail::Source(source) = stage.tail else {
        debug_assert!(false, "a table is remembered where it is read");
        return 0;
    };
    let (layout, key, value) = builder.read_by(stage.sub, source);
    let (store, changelog) = builder.store(stage.sub, name, None, layout);
    let operator = Operator::Materialize(Materialize {
        store,
        changelog,
        key,
        value,
        emits_old,
    });
    builder.append(stage, operator, station);
    store
}

/// The result of joined tables has a store of its own, which pull queries read.
pub(super) fn remember_result(
    builder: &mut Builder<'_>,
    stage: &mut Stage,
    schema: &Schema,
    station: StationId,
) {
    let mut value_format = stage.value_format.clone();
    value_format.wrap_single = true;
    let layout = TopicLayout {
        key: schema.key.clone(),
        value: schema.value.clone(),
        key_format: stage.key_format.clone(),
        value_format: value_format.clone(),
        window: None,
        changes: false,
        key_suffix: 0,
    };
    let (store, changelog) = builder.store(stage.sub, "Project", None, layout);
    let operator = Operator::Materialize(Materialize {
        store,
        changelog,
        key: Codec::new(&stage.key_format, Part::Key, &schema.key),
        value: Codec::new(&value_format, Part::Value, &schema.value),
        emits_old: false,
    });
    builder.append(stage, operator, station);
    builder.make_queryable(stage);
}
