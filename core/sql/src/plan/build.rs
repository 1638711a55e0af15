//! From an analysed query to its plan: sources, joins, WHERE, GROUP BY, PARTITION BY, SELECT.
//!
//! Records change their partition exactly where ksqlDB sends them through an internal topic: when
//! they are not keyed, by one column alone, by what a join or a grouping needs.

use super::builder::{Builder, Stage, StageKey, Tail};
use super::names;
use super::repartition::{Move, is_keyed_by, repartition};
use super::result::{self, Sinking};
use super::{
    Plan, Port, RowReader, SourceNode, StationKind, TimestampPick, TopicLayout, TopicRole, TopicUse,
};
use crate::analyze::relation::{Relation, RelationColumn};
use crate::analyze::walk::each_node;
use crate::analyze::{Analysis, Bound, BoundJoin, Purpose, World, wrong};
use crate::catalog::Source;
use crate::expression::{Clause, Expression, compile_condition};
use crate::format::{Codec, ColumnSet, Part};
use crate::operator::{FilterStream, FilterTable, FlatMap, Materialize, Operator, StreamTableJoin};
use crate::time::pattern::Pattern;
use crate::types::Column;
use headwater_base::{Diagnostic, Span, StationId};
use headwater_syntax::ast::{self, JoinKind, Query};

/// What to plan.
#[derive(Clone, Copy)]
pub struct Request<'q> {
    /// The query.
    pub query: &'q Query,
    /// What analysis has found.
    pub analysis: &'q Analysis,
    /// What for.
    pub purpose: Purpose,
    /// Catalog, session, topics, text.
    pub world: World<'q>,
    /// What the internal topics' names begin with.
    pub application_id: &'q str,
}

/// Plans a query whose result goes where `sinking` says.
pub fn build(request: Request<'_>, sinking: Sinking<'_>) -> Result<Plan, Diagnostic> {
    let mut builder = Builder::new(request.world.text, request.application_id.to_owned());
    let mut stage = first_source(&mut builder, request)?;
    for index in 0..request.analysis.joins.len() {
        stage = join(&mut builder, request, stage, index)?;
    }
    if let Some(clause) = &request.query.filter {
        let options = request.world.options(Clause::Where);
        let condition = compile_condition(&clause.body, &stage.relation, options)?;
        let station = builder.station(StationKind::Where, clause.span);
        let operator = match stage.is_table {
            true => Operator::FilterTable(FilterTable { condition }),
            false => Operator::FilterStream(FilterStream { condition }),
        };
        builder.append(&mut stage, operator, station);
    }
    let calls = &request.analysis.table_functions;
    if !calls.is_empty() {
        let station = builder.station(StationKind::Select, request.query.select.span);
        let calls: Vec<_> = calls.iter().map(|it| it.call.clone()).collect();
        stage.relation.columns.extend(calls.iter().map(|_| None));
        builder.append(&mut stage, Operator::FlatMap(FlatMap { calls }), station);
    }
    if let Some(grouping) = &request.analysis.grouping {
        stage = super::group::group(&mut builder, request, stage, grouping)?;
    }
    result::finish(builder, request, stage, sinking)
}

fn first_source(builder: &mut Builder<'_>, request: Request<'_>) -> Result<Stage, Diagnostic> {
    let Some(bound) = request.analysis.sources.first() else {
        return Err(wrong(
            "no-source",
            "The query reads nothing.",
            request.query.span,
        ));
    };
    let sub = builder.sub(bound.partitions);
    let station = builder.station(StationKind::From, request.query.from.span);
    builder.station_source(station, &bound.source.name);
    let mut stage = source(builder, request, sub, bound, Some(station))?;
    let grouped = request.analysis.grouping.is_some();
    let needs_store = stage.is_table
        && (request.query.filter.is_some() || grouped || request.purpose.is_persistent());
    if needs_store {
        let step = names::source_step(0, request.analysis.sources.len());
        let store = format!("{step}-Reduce");
        builder.station_store(station, &store);
        materialize(builder, &mut stage, &bound.source, &store, true, station);
        if !grouped {
            builder.make_queryable(&stage);
        }
    }
    Ok(stage)
}

/// Reads a source in a sub-topology.
fn source(
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
fn needed(request: Request<'_>, joined: usize) -> Vec<RelationColumn> {
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

/// Remembers a table's rows; gives the store.
fn materialize(
    builder: &mut Builder<'_>,
    stage: &mut Stage,
    source: &Source,
    name: &str,
    emits_old: bool,
    station: StationId,
) -> usize {
    let layout = TopicLayout::from(source);
    let (store, changelog) = builder.store(stage.sub, name, None, layout);
    let operator = Operator::Materialize(Materialize {
        store,
        changelog,
        key: Codec::new(&source.key_format, Part::Key, &source.schema.key),
        value: Codec::new(&source.value_format, Part::Value, &source.schema.value),
        emits_old,
    });
    builder.append(stage, operator, station);
    store
}

/// Joins what has been built with one more source, a table.
fn join(
    builder: &mut Builder<'_>,
    request: Request<'_>,
    left: Stage,
    index: usize,
) -> Result<Stage, Diagnostic> {
    let Request {
        analysis, world, ..
    } = request;
    let (join, bound) = (&analysis.joins[index], &analysis.sources[index + 1]);
    let table = &bound.source;
    let step = names::join_step(index, analysis.joins.len());
    let probe = world.compile(&join.left, &left.relation, Clause::JoinOn)?;
    let keyed = is_keyed_by(&left, &probe) && left.key_format == table.key_format;
    let left_outer = join.kind == JoinKind::Left;
    let station = builder.station(StationKind::Join, join.span);
    let mut left = match keyed {
        true => left,
        false => {
            let move_to = Move {
                step: &step,
                keys: vec![(join.left.clone(), probe, join.ty.clone())],
                key_format: table.key_format.clone(),
                carried: needed(request, index + 1),
                keeps_null_keys: left_outer,
                station,
            };
            repartition(builder, left, move_to)
        }
    };
    let right_step = names::source_step(index + 1, analysis.sources.len());
    let store_name = format!("{right_step}-Reduce");
    let mut right = source(builder, request, left.sub, bound, None)?;
    let store = materialize(builder, &mut right, table, &store_name, false, station);
    builder.station_source(station, &table.name);
    builder.station_store(station, &store_name);
    let key = join_key(&left, request, join)?;
    let operator = Operator::StreamTableJoin(StreamTableJoin {
        store,
        probe: key.expression.clone(),
        key: Codec::new(&table.key_format, Part::Key, &table.schema.key),
        right_slots: right.relation.columns.len(),
        left_outer,
    });
    builder.append(&mut left, operator, station);
    if let Tail::Node(node) = left.tail {
        builder.connect(left.sub, right.tail, node, Port::Right);
    }
    left.relation = left.relation.joined(right.relation);
    left.keys = vec![key];
    left.key_noun = "join expression";
    Ok(left)
}

/// The key behind a join: the column or columns that were compared, the left one first.
fn join_key(left: &Stage, request: Request<'_>, join: &BoundJoin) -> Result<StageKey, Diagnostic> {
    let relation = &request.analysis.relation;
    let sides = [&join.left, &join.right];
    let columns = sides
        .into_iter()
        .filter(|side| relation.slot_of(side).is_some());
    let mut viable: Vec<ast::Expression> = Vec::new();
    // A chain of joins on one key has all its columns as names of the key.
    let same_key = left.keys.iter().find(|key| {
        left.key_noun == "join expression" && key.viable.contains(&relation.canonical(&join.left))
    });
    viable.extend(same_key.iter().flat_map(|key| key.viable.clone()));
    for side in columns {
        let canonical = relation.canonical(side);
        if !viable.contains(&canonical) {
            viable.push(canonical);
        }
    }
    let expression = match left.keys.as_slice() {
        [only] => only.expression.clone(),
        _ => request
            .world
            .compile(&join.left, &left.relation, Clause::JoinOn)?,
    };
    Ok(StageKey {
        expression,
        ty: join.ty.clone(),
        viable,
    })
}
