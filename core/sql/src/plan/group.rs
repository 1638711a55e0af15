//! GROUP BY: the change of key it may need, the aggregation, and HAVING behind it.

use super::build::{Request, in_words_of_join};
use super::builder::{Builder, Stage, StageKey};
use super::repartition::{Cargo, Move, is_keyed_by, repartition};
use super::{StationKind, TopicLayout};
use crate::analyze::grouping::{Finds, Grouping};
use crate::analyze::relation::{Relation, RelationColumn};
use crate::analyze::walk::each_node;
use crate::analyze::{GroupScope, wrong};
use crate::expression::{Clause, Expression, compile_condition};
use crate::format::{Codec, Format, FormatSpec, Part, check_columns};
use crate::operator::{AggregateCall, AggregateSession, AggregateStream, FilterTable, Operator};
use crate::types::{Column, SqlType};
use headwater_base::{Diagnostic, order};
use headwater_syntax::ast;

const STORE: &str = "Aggregate-Aggregate-Materialize";

/// Groups what has been built.
pub(super) fn group(
    builder: &mut Builder<'_>,
    request: Request<'_>,
    mut stage: Stage,
    grouping: &Grouping,
) -> Result<Stage, Diagnostic> {
    let Request { query, world, .. } = request;
    let clause_span = query
        .group_by
        .as_ref()
        .map_or(query.span, |clause| clause.span);
    if stage.is_table {
        check_undo(grouping, request)?;
    }
    let mut keys: Vec<(ast::Expression, Expression, SqlType)> = Vec::new();
    for key in &grouping.keys {
        let compiled = world.compile(&key.expression, &stage.relation, Clause::GroupBy)?;
        keys.push((key.expression.clone(), compiled, key.ty.clone()));
    }
    let shown = query
        .window
        .as_ref()
        .map_or(clause_span, |window| window.span.to(clause_span));
    let station = builder.station(StationKind::GroupBy, shown);
    builder.station_store(station, STORE);
    // A table's rows leave one group and enter another, which may be another task's. The window is
    // part of a windowed stream's key, so that none of its columns is the key alone.
    let keyed = !stage.is_table
        && stage.window.take().is_none()
        && keys.len() == 1
        && keys
            .iter()
            .all(|(written, ..)| is_keyed_by(&stage, written, request));
    let key_format = internal_key_format(&stage.key_format, &keys, request)?;
    let mut stage = match keyed {
        true => stage,
        false => {
            let move_to = Move {
                step: "Aggregate-GroupBy",
                keys: keys.clone(),
                key_format: key_format.clone(),
                carried: carried(request, grouping),
                keeps_null_keys: false,
                cargo: match stage.is_table {
                    true => Cargo::Changes,
                    false => Cargo::Records,
                },
                into: None,
                station,
            };
            repartition(builder, stage, move_to)
        }
    };
    let key_slots = stage
        .keys
        .iter()
        .filter_map(|key| key.expression.as_column())
        .collect();
    aggregate(builder, request, &mut stage, grouping, key_slots, station)?;
    having(builder, request, &mut stage, grouping)?;
    Ok(stage)
}

/// HAVING, if there is one.
fn having(
    builder: &mut Builder<'_>,
    request: Request<'_>,
    stage: &mut Stage,
    grouping: &Grouping,
) -> Result<(), Diagnostic> {
    let Some(clause) = &request.query.having else {
        return Ok(());
    };
    let scope = GroupScope {
        grouping,
        relation: &request.analysis.relation,
    };
    let options = request.world.options(Clause::Having);
    let condition = compile_condition(&clause.body, &scope, options);
    let condition = condition.map_err(|found| {
        let again = || having_in_words_of_join(&clause.body, grouping, request).err();
        in_words_of_join(found, request, again)
    })?;
    let station = builder.station(StationKind::Having, clause.span);
    let operator = Operator::FilterTable(FilterTable { condition });
    builder.append(stage, operator, station);
    Ok(())
}

/// HAVING with the columns called as a join's result calls them.
fn having_in_words_of_join(
    condition: &ast::Expression,
    grouping: &Grouping,
    request: Request<'_>,
) -> Result<Expression, Diagnostic> {
    let relation = &request.analysis.relation;
    let mut flat = grouping.clone();
    for key in &mut flat.keys {
        key.canonical = relation.flatten(&key.canonical);
    }
    for call in &mut flat.aggregates {
        call.canonical = relation.flatten(&call.canonical);
    }
    let scope = GroupScope {
        grouping: &flat,
        relation: &relation.flattened(),
    };
    let options = request.world.options(Clause::Having);
    compile_condition(&relation.flatten(condition), &scope, options)
}

/// Over a table an aggregate must be able to take a row back.
fn check_undo(grouping: &Grouping, request: Request<'_>) -> Result<(), Diagnostic> {
    if let Some(window) = &request.query.window {
        let message = "WINDOW clause is only supported for streams, not for tables.";
        return Err(wrong("window-over-table", message, window.span));
    }
    let mut names: Vec<String> = Vec::new();
    for aggregated in &grouping.aggregates {
        let ast::ExpressionKind::Call(call) = &aggregated.canonical.kind else {
            continue;
        };
        if !aggregated.aggregate.can_undo() && !names.contains(&call.name.text) {
            names.push(call.name.text.clone());
        }
    }
    let Some((last, before)) = names.split_last() else {
        return Ok(());
    };
    let (noun, names) = match before {
        [] => ("function", last.clone()),
        _ => ("functions", format!("{} and {last}", before.join(", "))),
    };
    let message = format!(
        "The aggregation {noun} {names} cannot be applied to a table source, only to a stream \
         source."
    );
    Err(wrong(
        "aggregate-over-table",
        message,
        request.query.select.span,
    ))
}

fn aggregate(
    builder: &mut Builder<'_>,
    request: Request<'_>,
    stage: &mut Stage,
    grouping: &Grouping,
    key_slots: Vec<usize>,
    station: headwater_base::StationId,
) -> Result<(), Diagnostic> {
    let (calls, states) = calls(request, stage, grouping)?;
    let key_columns: Vec<Column> = grouping
        .keys
        .iter()
        .enumerate()
        .map(|(index, key)| Column::new(key_name(&key.canonical, index), key.ty.clone()))
        .collect();
    let mut state_format = stage.value_format.clone();
    state_format.wrap_single = true;
    let layout = TopicLayout {
        key: key_columns.clone(),
        value: states.clone(),
        key_format: stage.key_format.clone(),
        value_format: state_format.clone(),
        window: grouping.window.map(|window| window.kind),
        changes: false,
        key_suffix: 0,
    };
    let retention = grouping.window.map(|window| window.retention_millis);
    let (store, changelog) = builder.store(stage.sub, STORE, retention, layout);
    let fold = AggregateStream {
        store,
        changelog,
        keys: key_slots,
        key: Codec::new(&stage.key_format, Part::Key, &key_columns),
        calls,
        state: Codec::new(&state_format, Part::Value, &states),
        windows: match grouping.window.map(|window| window.finds) {
            Some(Finds::Fixed(windows)) => Some(windows),
            _ => None,
        },
        emits_old: request.query.having.is_some(),
        final_interval_millis: final_interval(request),
    };
    let operator = match grouping.window.map(|window| window.finds) {
        Some(Finds::Sessions { gap, grace }) => {
            Operator::AggregateSession(AggregateSession { fold, gap, grace })
        }
        _ => Operator::AggregateStream(fold),
    };
    builder.append(stage, operator, station);
    builder.make_queryable(stage);
    let key = |(index, key): (usize, &crate::analyze::grouping::GroupKey)| StageKey {
        expression: Expression::column(index, key.ty.clone()),
        ty: key.ty.clone(),
        viable: vec![key.canonical.clone()],
    };
    stage.keys = grouping.keys.iter().enumerate().map(key).collect();
    stage.key_noun = "grouping expression";
    stage.relation = Relation::default();
    stage.window = grouping.window.map(|window| window.kind);
    stage.is_table = true;
    Ok(())
}

/// How often EMIT FINAL looks for closed windows; `None` for EMIT CHANGES.
fn final_interval(request: Request<'_>) -> Option<i64> {
    const PROPERTY: &str = "ksql.streams.__emit.interval.ms.kstreams.windowed.aggregation__";
    let emit = request.query.emit.as_ref()?;
    let interval = || request.world.session.number(PROPERTY).unwrap_or(1000);
    (emit.body == ast::Emit::Final).then(interval)
}

/// The aggregates over the columns of a stage, and the columns of their states.
fn calls(
    request: Request<'_>,
    stage: &Stage,
    grouping: &Grouping,
) -> Result<(Vec<AggregateCall>, Vec<Column>), Diagnostic> {
    let mut calls = Vec::new();
    let mut states = Vec::new();
    for (index, aggregated) in grouping.aggregates.iter().enumerate() {
        let compile = |argument: &ast::Expression| {
            request
                .world
                .compile(argument, &stage.relation, Clause::Select)
        };
        let arguments = aggregated
            .arguments
            .iter()
            .map(compile)
            .collect::<Result<_, _>>()?;
        let aggregate = aggregated.aggregate.clone();
        states.push(Column::new(
            format!("KSQL_AGG_VARIABLE_{index}"),
            aggregate.state_type(),
        ));
        calls.push(AggregateCall {
            aggregate,
            arguments,
        });
    }
    if check_columns(&stage.value_format, Part::Value, &states).is_err() {
        let message = "One of the functions used in the statement has an intermediate type that \
                       the value format can not handle. Please remove the function or change the \
                       format.";
        return Err(wrong(
            "intermediate-type",
            message,
            request.query.select.span,
        ));
    }
    for (state, call) in states.iter_mut().zip(&calls) {
        state.ty = call.aggregate.written_type();
    }
    Ok((calls, states))
}

fn key_name(canonical: &ast::Expression, index: usize) -> String {
    match &canonical.kind {
        ast::ExpressionKind::Column { name, .. } => name.text.clone(),
        ast::ExpressionKind::Field { field, .. } => field.text.clone(),
        _ => format!("KSQL_COL_{index}"),
    }
}

/// The format of the internal key: the stream's, unless that cannot carry it; then JSON.
fn internal_key_format(
    format: &FormatSpec,
    keys: &[(ast::Expression, Expression, SqlType)],
    request: Request<'_>,
) -> Result<FormatSpec, Diagnostic> {
    let columns: Vec<Column> = keys
        .iter()
        .map(|(_, _, ty)| Column::new("KEY", ty.clone()))
        .collect();
    let format = match format.format {
        Format::None => {
            let default = request
                .world
                .session
                .get("ksql.persistence.default.format.key");
            FormatSpec::new(Format::named(default.unwrap_or("KAFKA"))?)
        }
        _ => format.clone(),
    };
    Ok(match check_columns(&format, Part::Key, &columns) {
        Ok(()) => format,
        Err(_) => FormatSpec::new(Format::Json),
    })
}

/// The columns that the aggregates read.
fn carried(request: Request<'_>, grouping: &Grouping) -> Vec<RelationColumn> {
    let relation = &request.analysis.relation;
    let mut slots: Vec<usize> = Vec::new();
    for argument in grouping
        .aggregates
        .iter()
        .flat_map(|aggregate| &aggregate.arguments)
    {
        each_node(argument, &mut |node| slots.extend(relation.slot_of(node)));
    }
    order::sort(&mut slots);
    slots.dedup();
    slots
        .into_iter()
        .filter_map(|slot| relation.column_at(slot).cloned())
        .collect()
}
