//! The topics that CREATE makes or finds, and what CREATE OR REPLACE may replace.

use super::Action;
use crate::analyze::with::With;
use crate::analyze::wrong;
use crate::catalog::{Source, SourceKind};
use headwater_base::{Diagnostic, Span};
use headwater_log::{CleanupPolicy, Cluster, TopicConfig};

/// The topic has to exist, or PARTITIONS says how to make it.
pub(super) fn topic_actions(
    topic: &str,
    topic_span: Span,
    with: &With,
    kind: SourceKind,
    log: &Cluster,
) -> Result<Vec<Action>, Diagnostic> {
    if let Some(found) = log.find(topic) {
        check_same(
            "partitions",
            with.partitions,
            i64::from(found.partition_count()),
            topic,
        )?;
        check_same(
            "replicas",
            with.replicas,
            i64::from(found.replication_factor),
            topic,
        )?;
        return Ok(Vec::new());
    }
    let Some((partitions, span)) = with.partitions else {
        let message = format!(
            "Kafka topic does not exist: {topic}. Either create it, or say how many PARTITIONS it \
             has to have."
        );
        let found = wrong("unknown-topic", message, topic_span);
        let names = log.topics().map(|topic| &*topic.name);
        let near = headwater_base::diagnostic::nearest(topic, names);
        return Err(near
            .into_iter()
            .fold(found, |f, near| f.hint(format!("Did you mean {near}?"))));
    };
    Ok(vec![create_topic(
        topic,
        partitions,
        span,
        with,
        kind == SourceKind::Table,
        log,
    )?])
}

fn check_same(
    what: &str,
    said: Option<(i64, Span)>,
    is: i64,
    topic: &str,
) -> Result<(), Diagnostic> {
    match said {
        Some((said, span)) if said != is => {
            let message = format!(
                "A Kafka topic with the name '{topic}' already exists, with different \
                 partition/replica configuration than required. KSQL expects {said} {what}, topic \
                 has {is} {what}."
            );
            Err(wrong("topic-differs", message, span))
        }
        _ => Ok(()),
    }
}

/// The action that makes a topic of a WITH clause.
pub(super) fn create_topic(
    topic: &str,
    partitions: i64,
    at: Span,
    with: &With,
    compacted: bool,
    log: &Cluster,
) -> Result<Action, Diagnostic> {
    headwater_log::topic::check_name(topic).map_err(|error| error.to_diagnostic().at(at))?;
    let most = headwater_base::limits::PARTITIONS_MAX;
    let count = u32::try_from(partitions)
        .ok()
        .filter(|count| (1..=most).contains(count));
    let Some(partitions) = count else {
        let message = format!("PARTITIONS has to lie between 1 and {most}; it is {partitions}.");
        return Err(wrong("partitions", message, at));
    };
    let replication_factor = match with.replicas {
        None => 1,
        Some((count, span)) => {
            let possible = log.check_replication_factor(count);
            possible.map_err(|error| error.to_diagnostic().at(span))?;
            count as u16
        }
    };
    let mut config = TopicConfig::default();
    if compacted {
        config.cleanup_policy = CleanupPolicy::Compact;
    }
    if let Some((policy, span)) = &with.cleanup_policy {
        let set = config.set("cleanup.policy", &policy.to_lowercase());
        set.map_err(|error| error.to_diagnostic().at(*span))?;
    }
    if let Some(millis) = with.retention_millis {
        config.retention_ms = millis;
    }
    let name = topic.to_owned();
    Ok(Action::CreateTopic {
        name,
        partitions,
        replication_factor,
        config,
    })
}

/// CREATE OR REPLACE keeps kind, topic and keys, and only adds value columns at the end.
pub(super) fn check_replacement(
    before: &Source,
    after: &Source,
    at: Span,
) -> Result<(), Diagnostic> {
    let refuse = |what: &str, old: &str, new: &str, why: String| {
        let message = format!(
            "Cannot upgrade data source: DataSource '`{}`' has {what} = {old} which is not \
             upgradeable to {new}{why}",
            after.name
        );
        Err(wrong("replace", message, at))
    };
    if before.kind != after.kind {
        let (old, new) = (before.noun().to_uppercase(), after.noun().to_uppercase());
        return refuse("type", &old, &new, String::new());
    }
    if before.topic != after.topic {
        return refuse("topic", &before.topic, &after.topic, String::new());
    }
    let (old, new) = (&before.schema, &after.schema);
    let (role, mark, kept, now) = match old.key == new.key {
        true => ("", "", &old.value, &new.value),
        false => ("key ", " KEY", &old.key, &new.key),
    };
    let changed = kept.iter().enumerate();
    let changed = changed.filter(|(index, column)| now.get(*index) != Some(column));
    let changed: Vec<String> = changed.map(|(_, it)| format!("{it}{mark}")).collect();
    if changed.is_empty() && (mark.is_empty() || kept.len() == now.len()) {
        return Ok(());
    }
    let why = format!(
        ". (The following {role}columns are changed, missing or reordered: [{}])",
        changed.join(", ")
    );
    refuse("schema", &before.schema_text(), &after.schema_text(), why)
}
