//! A push query over (key, group, value).

use super::Push;
use crate::operator::Operator;
use crate::operator::testing::Bench;

fn bench(table: bool, limit: Option<u64>) -> Bench {
    let push = Push {
        visible: 3,
        table,
        limit,
    };
    Bench::new(vec![(Operator::Push(push), None)], &[], 0)
}

#[test]
fn a_reader_sees_rows_and_the_deletes_of_tables() {
    bench(false, None).check(
        "
        + a g 1 @5
          > row a g 1
        - a @6
          ! null-value
        + b g 2 @1
          > row b g 2
        ",
    );
    bench(true, None).check(
        "
        + a g 1 a @5
          > row a g 1
        - a _ _ a @6
          > row a _ _
        ",
    );
}

#[test]
fn nothing_comes_after_the_limit() {
    bench(false, Some(0)).check("+ a g 1 @5");
}
