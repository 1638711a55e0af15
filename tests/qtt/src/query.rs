//! Cases of the shape "statements, records in, records out".
//!
//! Each query is run to its end on its own, in the order of creation: all input records of its
//! sources one at a time, each followed through the query's internal topics before the next one;
//! then the topics without inputs, record by record.

use crate::case::Case;
use crate::compare::{Numbers, records};
use crate::json::Json;
use crate::lab::{Lab, Wanted, append, now, read};
use crate::post;
use crate::raised::Raised;
use crate::record::{Stored, encode};
use headwater_base::QueryId;
use headwater_log::Cluster;
use headwater_sql::engine::Action;
use headwater_sql::plan::TopicRole;
use std::collections::{BTreeMap, BTreeSet};

/// The records of topics, in the order in which they came.
type Records = BTreeMap<String, Vec<Stored>>;

/// Runs a case; the error says what is not as expected.
pub(crate) fn run(case: &Case) -> Result<(), String> {
    let played = play(case);
    if let Some(expected) = case.body.get("expectedException") {
        return match played {
            Err(raised) => raised.differs(expected),
            Ok(_) => Err(format!("an error was expected: {expected}")),
        };
    }
    let (lab, records) = played.map_err(|raised| raised.told())?;
    outputs(case, &lab, &records)?;
    post::check(case, &lab)
}

fn play(case: &Case) -> Result<(Lab, Records), Raised> {
    let mut lab = Lab::new(case)?;
    let mut all = Records::new();
    let script = case.statements().join("\n");
    let mut started = Vec::new();
    for statement in read(&script)? {
        let (_, actions) = lab.execute(&statement, &script)?;
        for action in actions {
            match action {
                Action::Append {
                    topic,
                    key,
                    value,
                    headers,
                    timestamp,
                    ..
                } => {
                    let stored = Stored {
                        key,
                        value,
                        headers,
                        timestamp,
                    };
                    all.entry(topic).or_default().push(stored);
                }
                Action::StartQuery(id) => started.push(id),
                Action::EndQuery(id) => started.retain(|known| *known != id),
                Action::CreateTopic { .. } | Action::DeleteTopic { .. } => {}
            }
        }
    }
    let persistent = |id: &QueryId| {
        lab.engine
            .query(*id)
            .is_some_and(|query| query.kind.is_persistent())
    };
    started.retain(persistent);
    if started.is_empty() {
        let message = "The provided statements did not create any queries".to_owned();
        return Err(Raised {
            fault: headwater_base::Fault::Yours,
            ..Raised::by_runner(message)
        });
    }
    let inputs = inputs(case, &lab)?;
    for (topic, record) in &inputs {
        all.entry(topic.clone()).or_default().push(record.clone());
    }
    started.sort();
    started.dedup();
    for query in started {
        feed(&mut lab, query, &inputs, &mut all)?;
    }
    Ok((lab, all))
}

fn inputs(case: &Case, lab: &Lab) -> Result<Vec<(String, Stored)>, Raised> {
    let mut inputs = Vec::new();
    for input in case.list("inputs") {
        let topic = input.get("topic").map_or(String::new(), Json::text);
        let stored = encode(input, lab.layout(&topic)?).map_err(Raised::by_runner)?;
        inputs.push((topic, stored));
    }
    Ok(inputs)
}

/// Runs one query over all that its sources hold.
fn feed(
    lab: &mut Lab,
    query: QueryId,
    inputs: &[(String, Stored)],
    all: &mut Records,
) -> Result<(), Raised> {
    let mut local = lab.log.clone();
    lab.engine
        .start(query, &local)
        .map_err(crate::lab::refused)?;
    let Some(plan) = lab.engine.query(query).map(|query| query.plan.clone()) else {
        return Ok(());
    };
    let names = |role: TopicRole| {
        let topics = plan.topics.iter().filter(move |topic| topic.role == role);
        topics.map(|topic| topic.name.clone())
    };
    let sources: BTreeSet<String> = names(TopicRole::Source).collect();
    let sinks: BTreeSet<String> = names(TopicRole::Sink).collect();
    let has_input = |topic: &String| inputs.iter().any(|(name, _)| name == topic);
    let given = inputs
        .iter()
        .filter(|(topic, _)| sources.contains(topic))
        .cloned();
    let mut fed: Vec<(String, Stored)> = given.collect();
    let mut seen = BTreeSet::new();
    for topic in names(TopicRole::Source).filter(|topic| seen.insert(topic.clone())) {
        if !has_input(&topic) {
            let known = all.get(&topic).into_iter().flatten();
            fed.extend(known.map(|record| (topic.clone(), record.clone())));
        }
    }
    for (topic, record) in fed {
        let id = local.topic_named(&topic).map_err(crate::lab::refused)?.id;
        append(&mut local, id, &record)?;
        settle(lab, query, &mut local, &sinks, all)?;
    }
    Ok(())
}

/// Lets the tasks of a query run until none has anything to do; of those that have, the one
/// furthest down is first.
fn settle(
    lab: &mut Lab,
    query: QueryId,
    local: &mut Cluster,
    sinks: &BTreeSet<String>,
    all: &mut Records,
) -> Result<(), Raised> {
    loop {
        let tasks: Vec<_> = lab.engine.tasks_of(query).collect();
        let mut tasks = tasks.into_iter().rev();
        let Some(task) = tasks.find(|task| lab.engine.fetch(*task, local)) else {
            return Ok(());
        };
        let mut wanted = Wanted::default();
        lab.engine.process(task, local, now(), &mut wanted);
        for (topic, record) in wanted.records {
            let name = local
                .topic(topic)
                .map_err(crate::lab::refused)?
                .name
                .to_string();
            match sinks.contains(&name) {
                true => all.entry(name).or_default().push(record),
                false => append(local, topic, &record)?,
            }
        }
        if let Some(raised) = lab.failure(query) {
            return Err(raised);
        }
    }
}

fn outputs(case: &Case, lab: &Lab, all: &Records) -> Result<(), String> {
    let mut expected: BTreeMap<String, Vec<&Json>> = BTreeMap::new();
    for output in case.list("outputs") {
        let topic = output.get("topic").map_or(String::new(), Json::text);
        expected.entry(topic).or_default().push(output);
    }
    let properties = case.properties();
    let near = properties
        .iter()
        .any(|(name, value)| name == "use.exact.numeric.comparison" && value == "false");
    let numbers = if near { Numbers::Near } else { Numbers::Exact };
    for (topic, expected) in expected {
        let layout = lab.layout(&topic).map_err(|raised| raised.told())?;
        let actual = all.get(&topic).map_or(&[][..], Vec::as_slice);
        if let Some(wrong) = records(&topic, &expected, actual, layout, numbers) {
            return Err(wrong);
        }
    }
    Ok(())
}
