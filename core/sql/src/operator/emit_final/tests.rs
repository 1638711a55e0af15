//! EMIT FINAL: rows go on when their windows have closed.

use crate::operator::testing::{Bench, STREAM};

fn bench(window: &str, interval: i64) -> Bench {
    const PROPERTY: &str = "ksql.streams.__emit.interval.ms.kstreams.windowed.aggregation__";
    let select = format!("k, COUNT(*) AS n FROM s WINDOW {window} GROUP BY k EMIT FINAL");
    let script =
        format!("SET '{PROPERTY}' = '{interval}'; {STREAM} CREATE TABLE c AS SELECT {select};");
    Bench::of(&script, "Aggregate")
}

const TUMBLING: &str = "TUMBLING (SIZE 10 MILLISECONDS, GRACE PERIOD 5 MILLISECONDS)";

#[test]
fn windows_go_on_once_by_start_and_then_by_key() {
    bench(TUMBLING, 0).check(
        "
        + b g 1 @3
        + a g 1 @9
        + a g 1 @10
        + a g 1 @4
        + c g 1 @15
          > + a 2 0 10 [0..10] @9
          > + b 1 0 10 [0..10] @3
        + a g 1 @9
          ! late
        + a g 1 @25
          > + a 1 10 20 [10..20] @10
          > + c 1 10 20 [10..20] @15
        ",
    );
}

#[test]
fn what_retention_has_taken_never_goes_on() {
    bench(TUMBLING, 0).check(
        "
        + a g 1 @3
        + a g 1 @1000
        + a g 1 @1015
          > + a 1 1000 1010 [1000..1010] @1000
        ",
    );
}

#[test]
fn the_clock_says_how_often_windows_are_looked_for() {
    bench(TUMBLING, 1000).check(
        "
        + a g 1 @3
        + a g 1 @15
        clock 999
        + a g 1 @16
        clock 1000
        + a g 1 @16
          > + a 1 0 10 [0..10] @3
        ",
    );
}

#[test]
fn sessions_go_on_by_end_and_then_by_key() {
    bench("SESSION (10 MILLISECONDS, GRACE PERIOD 5 MILLISECONDS)", 0).check(
        "
        + b g 1 @3
        + a g 1 @3
        + b g 1 @5
        + c g 1 @20
          > + a 1 3 3 [3..3] @3
        + c g 1 @21
          > + b 2 3 5 [3..5] @5
        ",
    );
}
