//! From an analysed query to its plan: sources, joins, WHERE, GROUP BY, PARTITION BY, SELECT.
//!
//! Records change their partition exactly where ksqlDB sends them through an internal topic: when
//! they are not keyed, by one column alone, by what a join or a grouping needs.

use super::builder::{Builder, Stage};
use super::join::{decide, join};
use super::result::{self, Sinking};
use super::sources::{materialize, source};
use super::{Availability, COMMIT_INTERVAL_MILLIS, Plan, StationKind};
use crate::analyze::{Analysis, Purpose, World, wrong};
use crate::expression::{Clause, compile_condition};
use crate::operator::{FilterStream, FilterTable, FlatMap, Operator};
use crate::runtime::CacheConfig;
use headwater_base::Diagnostic;
use headwater_syntax::ast::Query;

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
    for (index, decision) in decide(request)?.into_iter().enumerate() {
        stage = join(&mut builder, request, stage, index, &decision)?;
    }
    if let Some(clause) = &request.query.filter {
        let options = request.world.options(Clause::Where);
        let condition = compile_condition(&clause.body, &stage.relation, options);
        let condition = condition.map_err(|found| {
            let flat = stage.relation.flatten(&clause.body);
            let again = || compile_condition(&flat, &stage.relation.flattened(), options).err();
            in_words_of_join(found, request, again)
        })?;
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
    let mut plan = result::finish(builder, request, stage, sinking)?;
    plan.cache = cache(request);
    let number = |name: &str| request.world.session.number(name);
    let interval = number("commit.interval.ms").filter(|millis| *millis > 0);
    plan.commit_interval_millis = interval.unwrap_or(COMMIT_INTERVAL_MILLIS);
    let count = |name: &str| number(name).map_or(0, |it| it.unsigned_abs());
    plan.availability = Availability {
        standby_replicas: count("num.standby.replicas") as u32,
        warmup_replicas: count("max.warmup.replicas") as u32,
        recovery_lag: count("acceptable.recovery.lag"),
        probing_interval_millis: number("probing.rebalance.interval.ms").unwrap_or(0),
    };
    Ok(plan)
}

/// What the session says of the record cache.
fn cache(request: Request<'_>) -> Option<CacheConfig> {
    let number = |name: &str| request.world.session.number(name);
    let bytes_max = u64::try_from(number("cache.max.bytes.buffering")?).ok()?;
    (bytes_max > 0).then_some(CacheConfig { bytes_max })
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
    // A table that is joined is remembered where the join finds it, perhaps with another key.
    let needs_store = stage.is_table
        && request.analysis.joins.is_empty()
        && (request.query.filter.is_some() || grouped || request.purpose.is_persistent());
    if needs_store {
        let store = "KsqlTopic-Reduce";
        builder.station_store(station, store);
        materialize(builder, &mut stage, store, true, station);
        if !grouped {
            builder.make_queryable(&stage);
        }
    }
    Ok(stage)
}

/// What is wrong with an expression behind a join, with its columns called as the join's result
/// calls them: `L_A`. `again` finds the mistake in those words.
pub(super) fn in_words_of_join(
    found: Diagnostic,
    request: Request<'_>,
    again: impl FnOnce() -> Option<Diagnostic>,
) -> Diagnostic {
    let is_name = matches!(
        found.code.as_str(),
        "unknown-column" | "ambiguous-column" | "unknown-source"
    );
    if is_name || request.analysis.joins.is_empty() {
        return found;
    }
    match again() {
        Some(other) => Diagnostic {
            message: other.message,
            ..found
        },
        None => found,
    }
}
