//! PRINT: a push reader over a topic.

use super::{Action, Engine, Execution, Outcome};
use crate::analyze::wrong;
use crate::catalog::Source;
use crate::format::{Codec, ColumnSet, Format, FormatSpec, Part};
use crate::inspect::inspect;
use crate::plan::{
    Plan, ResultColumns, RowReader, SourceNode, SubTopology, TopicLayout, TopicRole, TopicUse,
};
use crate::runtime::print::Printer;
use crate::runtime::{Query, QueryKind, QueryState};
use headwater_base::Diagnostic;
use headwater_log::{Cluster, Topic};
use headwater_syntax::ast::Print;
use std::sync::Arc;

/// How many records of each partition are looked at to tell the formats.
const RECORDS_LOOKED_AT: usize = 10;

impl Engine {
    pub(super) fn print(
        &mut self,
        it: &Print,
        sql: &str,
        log: &Cluster,
    ) -> Result<Execution, Diagnostic> {
        let found = [it.topic_name.as_str(), it.topic.text.as_str()]
            .into_iter()
            .find_map(|name| log.find(name));
        let Some(topic) = found else {
            let message = format!(
                "Could not find topic '{}', or the KSQL user does not have permissions to list \
                 the topic. Topic names are case-sensitive.",
                it.topic_name
            );
            let unknown = wrong("unknown-topic", message, it.topic.span);
            let names = log.topics().map(|topic| &*topic.name);
            let near = headwater_base::diagnostic::nearest(&it.topic_name, names);
            let hint = |found: Diagnostic, near| found.hint(format!("Did you mean {near}?"));
            return Err(near.into_iter().fold(unknown, hint));
        };
        self.check_query_limit(it.span)?;
        let name = topic.name.to_string();
        let message = formats(topic, self.layout_of(&name).as_ref(), log);
        let layout = self.layout_of(&name);
        let printer = Printer {
            layout: layout.clone(),
            interval: it.interval.and_then(|n| u64::try_from(n).ok()).unwrap_or(1),
        };
        let plan = plan(&name, topic.partition_count(), layout);
        let transient = crate::plan::names::transient("PRINT", self.transients);
        self.transients += 1;
        let limit = it.limit.map(|limit| u64::try_from(limit).unwrap_or(0));
        let from_latest = !it.from_beginning;
        let id = self.add_query(|id| Query {
            id,
            name: transient,
            kind: QueryKind::Print,
            sql: sql.to_owned(),
            sources: Vec::new(),
            sink: None,
            plan: Arc::new(plan),
            printer: Some(printer),
            from_latest,
            limit,
            state: QueryState::Planned,
            failed_at: None,
            failed_place: None,
            topics: Vec::new(),
            tasks: Vec::new(),
            emitted: 0,
            seen: 0,
        });
        let actions = vec![Action::StartQuery(id)];
        Ok(Execution {
            actions,
            outcome: Outcome::Push(id),
            ..Execution::said(message)
        })
    }

    /// How the records of a topic are written, as far as the engine knows: by a stream or table
    /// over it, or by the plan that made it.
    pub fn layout_of(&self, topic: &str) -> Option<TopicLayout> {
        if let Some(source) = self.catalog.over_topic(topic).next() {
            let source: &Source = source;
            return Some(TopicLayout::from(source));
        }
        let uses = self.queries().flat_map(|query| &query.plan.topics);
        uses.filter(|used| used.name == topic)
            .find_map(|used| used.layout.clone())
    }
}

/// How keys and values look, judged by the first record that has one: what PRINT says first.
fn formats(topic: &Topic, layout: Option<&TopicLayout>, log: &Cluster) -> String {
    let (mut key, mut value) = (None, None);
    for id in &topic.partitions {
        let records = log.partition(*id).map(|it| it.iter());
        let Ok(records) = records else { continue };
        for record in records.take(RECORDS_LOOKED_AT) {
            let seen = inspect(layout, &record);
            let key_format = record.key.map(|_| seen.key_format.clone());
            let value_format = record.value.map(|_| seen.value_format.clone());
            key = key.or(key_format);
            value = value.or(value_format);
        }
    }
    let unknown = || "¯\\_(ツ)_/¯ - no data processed".to_owned();
    let (key, value) = (key.unwrap_or_else(unknown), value.unwrap_or_else(unknown));
    format!("Key format: {key}\nValue format: {value}")
}

/// A plan that only reads.
fn plan(topic: &str, partitions: u32, layout: Option<TopicLayout>) -> Plan {
    let none = FormatSpec::new(Format::None);
    let reader = RowReader {
        key: Codec::new(&none, Part::Key, &[]),
        value: Codec::new(&none, Part::Value, &[]),
        wanted_key: ColumnSet::none(0),
        wanted_value: ColumnSet::none(0),
        headers: Vec::new(),
        window: None,
        timestamp: None,
        strict_time: false,
    };
    let source = SourceNode {
        topic: 0,
        table: false,
        changes: false,
        reader,
        next: None,
        station: None,
    };
    Plan {
        topics: vec![TopicUse {
            name: topic.to_owned(),
            role: TopicRole::Source,
            partitions,
            compacted: false,
            layout,
        }],
        subs: vec![SubTopology {
            sources: vec![source],
            nodes: Vec::new(),
            stores: Vec::new(),
            partitions,
        }],
        stations: Vec::new(),
        result: ResultColumns {
            key: Vec::new(),
            value: Printer::columns(),
            window: None,
        },
        queryable: None,
        cache: None,
        commit_interval_millis: crate::plan::COMMIT_INTERVAL_MILLIS,
        availability: crate::plan::Availability::default(),
    }
}
