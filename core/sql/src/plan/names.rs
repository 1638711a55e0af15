//! The names of internal topics, stores and queries, as ksqlDB and Kafka Streams build them.
//!
//! `_confluent-ksql-<service id>query_<QUERY ID>-<step>-repartition` or `-changelog`. The service
//! id of a laboratory is `default_`, as ksqlDB's own.

use headwater_syntax::ast::SourceKind;

/// What all internal topics of a query begin with.
pub fn application_id(service_id: &str, query: &str) -> String {
    format!("_confluent-ksql-{service_id}query_{query}")
}

/// The topic that carries records to the task of their new key.
pub fn repartition(application_id: &str, step: &str) -> String {
    format!("{application_id}-{step}-repartition")
}

/// The topic that a store's writes are also appended to.
pub fn changelog(application_id: &str, store: &str) -> String {
    format!("{application_id}-{store}-changelog")
}

/// An internal topic whose whole name behind the query's is that of a step.
pub fn internal(application_id: &str, step: &str) -> String {
    format!("{application_id}-{step}")
}

/// `CSAS_<NAME>_<n>` or `CTAS_<NAME>_<n>`.
pub fn create_as(kind: SourceKind, name: &str, number: u64) -> String {
    let verb = match kind {
        SourceKind::Stream => "CSAS",
        SourceKind::Table => "CTAS",
    };
    format!("{verb}_{name}_{number}")
}

/// `INSERTQUERY_<n>`.
pub fn insert(number: u64) -> String {
    format!("INSERTQUERY_{number}")
}

/// `transient_<NAME>_<n>`.
pub fn transient(name: &str, number: u64) -> String {
    format!("transient_{name}_{number}")
}

/// `SCALABLE_PUSH_QUERY_<NAME>_<n>`.
pub fn scalable(name: &str, number: u64) -> String {
    format!("SCALABLE_PUSH_QUERY_{name}_{number}")
}

/// The step name of the source at `position` of so many: `KsqlTopic`, or `KafkaTopic_Left` and
/// `KafkaTopic_Right` around a join; inner joins of a chain carry an `L_` each.
pub fn source_step(position: usize, sources: usize) -> String {
    if sources == 1 {
        return "KsqlTopic".to_owned();
    }
    let (depth, side) = match position {
        0 => (sources - 2, "KafkaTopic_Left"),
        _ => (sources - 1 - position, "KafkaTopic_Right"),
    };
    format!("{}{side}", "L_".repeat(depth))
}

/// The step name of the join at `position` of so many: `Join`, inner ones `L_Join`.
pub fn join_step(position: usize, joins: usize) -> String {
    format!("{}Join", "L_".repeat(joins.saturating_sub(position + 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_ksqldb() {
        let id = application_id("default_", &create_as(SourceKind::Table, "T", 3));
        assert_eq!(
            repartition(&id, "Aggregate-GroupBy"),
            "_confluent-ksql-default_query_CTAS_T_3-Aggregate-GroupBy-repartition"
        );
        assert_eq!(source_step(0, 1), "KsqlTopic");
        assert_eq!(source_step(1, 2), "KafkaTopic_Right");
        assert_eq!(source_step(0, 3), "L_KafkaTopic_Left");
        assert_eq!(
            (join_step(0, 2), join_step(1, 2)),
            ("L_Join".into(), "Join".into())
        );
    }
}
