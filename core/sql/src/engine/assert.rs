//! ASSERT TOPIC and ASSERT SCHEMA: whether something is there, or is not.
//!
//! The engine looks once. Whoever drives it looks again until [`Engine::assert_timeout`] of virtual
//! time has passed.

use super::{Engine, Execution};
use crate::analyze::{gaps, wrong};
use headwater_base::{Diagnostic, Millis, Span};
use headwater_log::Cluster;
use headwater_syntax::ast::{Assert, Identifier, Literal, Properties, StringLiteral};

impl Engine {
    /// For how long an assertion may be false before it fails.
    pub fn assert_timeout(&self, it: &Assert) -> Millis {
        let (timeout, property) = match it {
            Assert::Topic { timeout, .. } => (timeout, "ksql.assert.topic.default.timeout.ms"),
            Assert::Schema { timeout, .. } => (timeout, "ksql.assert.schema.default.timeout.ms"),
            Assert::Values(_) | Assert::NullValues(_) | Assert::Source(_) => return Millis::ZERO,
        };
        let said = timeout.as_ref().and_then(|timeout| timeout.millis());
        Millis(said.or_else(|| self.session.number(property)).unwrap_or(0))
    }

    pub(super) fn assert(
        &self,
        it: &Assert,
        log: &Cluster,
        at: Span,
    ) -> Result<Execution, Diagnostic> {
        match it {
            Assert::Topic {
                exists,
                name,
                topic_name,
                properties,
                ..
            } => assert_topic(*exists, name, topic_name, properties, log),
            Assert::Schema {
                exists,
                subject,
                id,
                ..
            } => self.assert_schema(*exists, subject.as_ref(), *id, at),
            Assert::Values(_) | Assert::NullValues(_) | Assert::Source(_) => {
                Err(gaps::refuse("assert-values", at))
            }
        }
    }

    /// A subject is there where a source's side is written in a registry format.
    fn assert_schema(
        &self,
        exists: bool,
        subject: Option<&StringLiteral>,
        id: Option<i32>,
        at: Span,
    ) -> Result<Execution, Diagnostic> {
        let mut what = "Schema".to_owned();
        if let Some(subject) = subject {
            what.push_str(&format!(" with subject name {}", subject.value));
        }
        if let Some(id) = id {
            what.push_str(&format!(" id {id}"));
        }
        let Some(subject) = subject.filter(|_| id.is_none()) else {
            // Ids are given by the registry, which is not there yet.
            return match exists {
                true => Err(gaps::refuse("assert-schema-id", at)),
                false => Ok(Execution::said(format!("{what} does not exist"))),
            };
        };
        let has = |topic: &str, key: bool| {
            let mut sources = self.catalog.over_topic(topic);
            sources.any(|source| match key {
                true => source.key_format.format.can_infer() && !source.schema.key.is_empty(),
                false => source.value_format.format.can_infer(),
            })
        };
        let name = subject.value.as_str();
        let found = match (name.strip_suffix("-key"), name.strip_suffix("-value")) {
            (Some(topic), _) => has(topic, true),
            (None, Some(topic)) => has(topic, false),
            (None, None) => false,
        };
        let word = if found { "exists" } else { "does not exist" };
        match found == exists {
            true => Ok(Execution::said(format!("{what} {word}"))),
            false => Err(wrong("assertion-failed", format!("{what} {word}"), at)),
        }
    }
}

fn assert_topic(
    exists: bool,
    name: &Identifier,
    topic_name: &str,
    properties: &Properties,
    log: &Cluster,
) -> Result<Execution, Diagnostic> {
    let expected = expected(properties)?;
    let topic = log.find(topic_name).or_else(|| log.find(&name.text));
    let Some(topic) = topic else {
        let message = format!("Topic {topic_name} does not exist");
        if !exists {
            return Ok(Execution::said(message));
        }
        let failed = wrong("assertion-failed", message, name.span);
        let names = log.topics().map(|topic| &*topic.name);
        let near = headwater_base::diagnostic::nearest(topic_name, names);
        let hint = |found: Diagnostic, near| found.hint(format!("Did you mean {near}?"));
        return Err(near.into_iter().fold(failed, hint));
    };
    let wrong_ones: Vec<String> = expected
        .iter()
        .map(|(property, wanted, _)| match *property {
            "partitions" => (property, *wanted, i64::from(topic.partition_count())),
            _ => (property, *wanted, i64::from(topic.replication_factor)),
        })
        .filter(|(_, wanted, is)| wanted != is)
        .map(|(property, wanted, is)| {
            format!("For config {property}, expected {wanted} actual {is}")
        })
        .collect();
    let span = expected.first().map_or(name.span, |(_, _, span)| *span);
    match (exists, wrong_ones.is_empty()) {
        (true, true) => Ok(Execution::said(format!("Topic {} exists", topic.name))),
        (true, false) => {
            let message = format!(
                "Mismatched configuration for topic {}: {}",
                topic.name,
                wrong_ones.join("\n")
            );
            Err(wrong("assertion-failed", message, span))
        }
        // With a configuration, a topic that has another one is not the one that is meant.
        (false, false) => Ok(Execution::said(format!(
            "Topic {} does not exist with this configuration",
            topic.name
        ))),
        (false, true) => {
            let message = format!("Topic {} exists", topic.name);
            Err(wrong("assertion-failed", message, name.span))
        }
    }
}

/// What WITH says about the topic: `partitions` and `replicas`.
fn expected(properties: &Properties) -> Result<Vec<(&'static str, i64, Span)>, Diagnostic> {
    let mut expected = Vec::new();
    for entry in &properties.entries {
        let name = match entry.name.to_ascii_uppercase().as_str() {
            "PARTITIONS" => "partitions",
            "REPLICAS" => "replicas",
            _ => {
                let message = format!("Cannot assert unknown topic property: {}", entry.name);
                return Err(wrong("unknown-property", message, entry.name_span)
                    .hint("Possible: PARTITIONS, REPLICAS."));
            }
        };
        let number = match &entry.value {
            Literal::Int(number) => Some(i64::from(*number)),
            Literal::BigInt(number) => Some(*number),
            _ => None,
        };
        let Some(number) = number else {
            let message = format!("{} has to be a whole number.", entry.name);
            return Err(wrong("property-value", message, entry.value_span));
        };
        expected.push((name, number, entry.value_span));
    }
    Ok(expected)
}
