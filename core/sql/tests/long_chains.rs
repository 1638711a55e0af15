//! Conditions of thousands of terms, as programs write them, run in the stack of a browser's
//! thread.

use headwater_log::NewRecord;
use headwater_sql::runtime::immediate::Immediate;

#[test]
#[allow(
    clippy::disallowed_methods,
    reason = "only a new thread has a stack of a chosen size"
)]
fn thousands_of_terms_are_evaluated() {
    let work = || {
        let terms = |operator: &str, term: fn(i32) -> String| {
            let all: Vec<String> = (0..3_000).map(term).collect();
            all.join(operator)
        };
        let and = terms(" AND ", |n| format!("v <> {n}"));
        let or = terms(" OR ", |n| format!("v = {}", n + 5_000));
        let text = format!(
            "CREATE STREAM s (k STRING KEY, v INT) \
             WITH (KAFKA_TOPIC='s', VALUE_FORMAT='JSON', PARTITIONS=1);
             CREATE STREAM o AS SELECT k, {} AS joined FROM s WHERE {and} AND ({or});",
            terms(" || ", |n| format!("'{}'", n % 10)),
        );
        let mut lab = Immediate::default();
        lab.run(&text).expect("it runs");
        for (key, value) in [("in", 6_000), ("out", 60), ("beyond", 9_000)] {
            let value = format!("{{\"V\":{value}}}");
            let record = NewRecord::new(1, Some(key.as_bytes()), Some(value.as_bytes()));
            lab.append("s", None, record).expect("it is appended");
        }
        let topic = lab.log.topic_named("O").expect("the sink");
        let partition = lab
            .log
            .partition(topic.partitions[0])
            .expect("its partition");
        let keys: Vec<_> = partition
            .iter()
            .map(|it| it.key.map(<[u8]>::to_vec))
            .collect();
        assert_eq!(keys, [Some(b"in".to_vec())]);
    };
    let thread = std::thread::Builder::new().stack_size(1 << 20).spawn(work);
    thread.expect("a thread starts").join().expect("no panic");
}
