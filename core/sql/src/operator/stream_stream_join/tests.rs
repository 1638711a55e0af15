//! Two streams of rows (key, value), joined on the key within 10 before and 5 after the left time.

use super::*;
use crate::format::Part;
use crate::operator::Operator;
use crate::operator::testing::{Bench, codec, slot};
use crate::plan::StoreKind;

fn side(index: usize, keeps_unmatched: bool) -> JoinSide {
    JoinSide {
        store: index,
        changelog: index,
        key: vec![slot(0)],
        codec: codec(Part::Key, "K STRING"),
        slots: 2,
        stored: vec![0, 1],
        value: codec(Part::Value, "K STRING, V STRING"),
        keeps_unmatched,
    }
}

/// `kept` says which sides keep rows without a match; `grace` makes them wait.
fn bench(kept: (bool, bool), grace: Option<i64>) -> Bench {
    let grace_millis = grace.unwrap_or(86_400_000 - 15);
    let waits = grace.is_some() && (kept.0 || kept.1);
    let join = StreamStreamJoin {
        left: side(0, kept.0),
        right: side(1, kept.1),
        before_millis: 10,
        after_millis: 5,
        grace_millis,
        held: waits.then_some(HeldRows {
            store: 2,
            changelog: 2,
            interval_millis: 1000,
        }),
        window: None,
    };
    let retention = 15 + grace_millis;
    let stores = [
        StoreKind::Join(retention),
        StoreKind::Join(retention),
        StoreKind::Held,
    ];
    Bench::new(vec![(Operator::StreamStreamJoin(join), None)], &stores, 3)
}

#[test]
fn records_meet_within_the_window_by_time_and_then_by_arrival() {
    bench((false, false), None).check(
        "
        L + a l1 @100
        R + a r1 @105
          > + a l1 a r1 a @105
        R + a r2 @90
          > + a l1 a r2 a @100
        R + a r3 @89
        R + a r4 @106
        R + b r5 @100
        R + a r6 @90
          > + a l1 a r6 a @100
        L + a l2 @99
          > + a l2 a r3 a @99
          > + a l2 a r2 a @99
          > + a l2 a r6 a @99
        ",
    );
}

#[test]
fn without_key_or_value() {
    bench((true, false), None).check(
        "
        L + _ l1 @1
          > + _ l1 _ _ _ @1
        R + _ r1 @1
          ! null-key
        L - a @1
          ! null-value
        ",
    );
}

#[test]
fn without_grace_period_outer_rows_go_on_at_once() {
    bench((true, false), None).check(
        "
        L + a l1 @100
          > + a l1 _ _ a @100
        R + a r1 @100
          > + a l1 a r1 a @100
        R + b r2 @100
        ",
    );
    bench((true, true), None).check(
        "
        R + a r1 @100
          > + _ _ a r1 a @100
        L + b l1 @100
          > + b l1 _ _ b @100
        ",
    );
}

#[test]
fn with_grace_period_outer_rows_wait_until_their_window_has_closed() {
    bench((true, true), Some(2)).check(
        "
        clock 1000
        L + a l1 @100
        L + b l2 @100
        R + c r1 @99
        clock 2000
        R + b r2 @105
          > + b l2 b r2 b @105
        clock 3000
        L + z z1 @107
        clock 4000
        L + z z2 @108
          > + a l1 _ _ a @100
        clock 5000
        R + z z3 @112
          > + _ _ c r1 c @99
          > + z z1 z z3 z @112
          > + z z2 z z3 z @112
        L + y l3 @90
          > + y l3 _ _ y @90
        ",
    );
}

#[test]
fn on_a_clock_that_stands_still_nothing_that_waits_goes_on() {
    bench((true, false), Some(0)).check(
        "
        L + a l1 @100
        L + b l2 @1000
        R + b r1 @1001
          > + b l2 b r1 b @1001
        L + c l3 @100000
        L + d l4 @5
          > + d l4 _ _ d @5
        ",
    );
}

#[test]
fn a_side_forgets_by_its_own_time() {
    bench((false, false), Some(0)).check(
        "
        L + a l1 @100
        L + a l2 @1000
        R + a r1 @100
        R + a r2 @1000
          > + a l2 a r2 a @1000
        L + a l3 @986
        R + a r3 @986
          > + a l3 a r3 a @986
        L + a l4 @985
          > + a l4 a r3 a @986
        R + a r4 @985
          > + a l3 a r4 a @986
        ",
    );
}
