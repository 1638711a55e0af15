//! EXPLODE over (key, list, other list).

use crate::operator::testing::Bench;

#[test]
fn one_record_for_each_element_of_the_longest_list() {
    let script = "
        CREATE STREAM e (k STRING KEY, x ARRAY<BIGINT>, y ARRAY<BIGINT>)
          WITH (KAFKA_TOPIC='e', PARTITIONS=1, VALUE_FORMAT='JSON');
        CREATE STREAM f AS SELECT k, EXPLODE(x) AS a, EXPLODE(y) AS b FROM e;";
    Bench::of(script, "Table functions").check(
        "
        + a [1,2] [3] @5
          > + a [1,2] [3] 1 3 @5
          > + a [1,2] [3] 2 _ @5
        + a [] _ @6
          ! predicate
        - a @7
          ! null-value
        + a _ [4] @1
          > + a _ [4] _ 4 @1
        ",
    );
}
