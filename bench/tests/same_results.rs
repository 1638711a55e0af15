//! The engine's queries and the hand-written programs give the same records, byte for byte.
//! How fast they are is not looked at here.

use headwater_bench::{Contents, Fair, Lane, Output, Plain, QUERIES, prepare, run_by_hand};
use headwater_bench::{run_query, topic};
use headwater_sql::runtime::immediate::Immediate;

#[test]
fn the_engine_writes_what_the_programs_write() {
    let mut lab = prepare(7, 10_000).expect("the workload can be made");
    let clock = || 0.0;
    for case in &QUERIES {
        let ran = run_query(&lab, case, &clock).expect("the query runs");
        let wanted = Contents::of(topic(&ran.lab, case.name).expect("there is a result"));
        let fair = Fair::new().expect("a log can be made");
        let (fair, _) = run_by_hand(&lab, case, fair, &clock).expect("the program runs");
        assert_eq!(fair.contents(Lane::Sink), wanted, "{} fair", case.name);
        let (plain, _) =
            run_by_hand(&lab, case, Plain::default(), &clock).expect("the program runs");
        assert_eq!(plain.contents(Lane::Sink), wanted, "{} plain", case.name);
        for (name, wanted) in internal(&ran.lab, case.name) {
            let lane = match name.ends_with("changelog") {
                true => Lane::Changelog,
                false => Lane::Repartition,
            };
            assert_eq!(fair.contents(lane), wanted, "{name}");
        }
        if case.name == "Q2" {
            lab = ran.lab;
        }
    }
}

/// The internal topics of the query that fills a topic, the changelog of its customers apart.
fn internal(lab: &Immediate, sink: &str) -> Vec<(String, Contents)> {
    let query = lab
        .engine
        .queries()
        .find(|it| it.sink.as_deref() == Some(sink));
    let topics = query.map_or(&[][..], |query| &query.plan.topics);
    let names = topics.iter().map(|topic| topic.name.clone());
    let internal = names.filter(|name| {
        (name.ends_with("repartition") || name.ends_with("changelog"))
            && !name.contains("KafkaTopic_Right")
    });
    let contents = |name: String| {
        let found = topic(lab, &name).ok()?;
        Some((name, Contents::of(found)))
    };
    internal.filter_map(contents).collect()
}
