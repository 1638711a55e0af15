//! Left rows (key, foreign key, value), right rows (key, value); answers go round at once.

use super::*;
use crate::format::Part;
use crate::operator::testing::{Bench, codec, slot, target};
use crate::operator::{Materialize, Operator};
use crate::plan::{Port, StoreKind};

const SUBSCRIPTIONS: usize = 3;
const ANSWERS: usize = 4;

fn materialize(store: usize, value: &str) -> Operator {
    Operator::Materialize(Materialize {
        store,
        changelog: store,
        key: codec(Part::Key, "K STRING"),
        value: codec(Part::Value, value),
        emits_old: true,
    })
}

fn bench(left_outer: bool) -> Bench {
    let key = || codec(Part::Key, "K STRING");
    let left = || codec(Part::Value, "F STRING, V STRING");
    let right = || codec(Part::Value, "K STRING, V STRING");
    let subscribe = ForeignKeySubscribe {
        topic: SUBSCRIPTIONS,
        foreign_key: slot(1),
        foreign: key(),
        primary: key(),
        value: left(),
        left_outer,
    };
    let subscription = ForeignKeySubscription {
        store: 2,
        changelog: 2,
        table: 1,
        foreign: key(),
        carried: vec![0, 1],
        value: right(),
        topic: ANSWERS,
    };
    let response = ForeignKeyResponse {
        store: 0,
        primary: key(),
        value: left(),
        foreign_key: slot(1),
        left_slots: 3,
        right_slots: 2,
        carried: vec![0, 1],
        carried_value: right(),
        left_outer,
    };
    let nodes = vec![
        (
            materialize(0, "F STRING, V STRING"),
            Some(target(1, Port::Left)),
        ),
        (Operator::ForeignKeySubscribe(subscribe), None),
        (materialize(1, "V STRING"), Some(target(3, Port::Right))),
        (Operator::ForeignKeySubscription(subscription), None),
        (Operator::ForeignKeyResponse(response), None),
    ];
    let stores = [StoreKind::Keyed, StoreKind::Keyed, StoreKind::Subscriptions];
    let mut bench = Bench::new(nodes, &stores, 5);
    bench.entries = [target(0, Port::Left), target(2, Port::Left)];
    bench.loops = vec![
        (SUBSCRIPTIONS, key(), target(3, Port::Left)),
        (ANSWERS, key(), target(4, Port::Left)),
    ];
    bench
}

#[test]
fn an_inner_join() {
    bench(false).check(
        "
        L + a x l1 @10
          ! no-match
        R + x r1 @20
          > + a x l1 x r1 x @20
        L + b x l2 @15
          > + b x l2 x r1 x @20
        R + x r2 @18
          > + a x l1 x r2 x @18
          > + b x l2 x r2 x @18
        L + a y l3 @30
          > - a _ _ _ _ _ @30
        L + a y l4 @31
          > - a _ _ _ _ _ @31
        L + a x l5 @32
          > + a x l5 x r2 x @32
        R - x @33
          > - a _ _ _ _ _ @33
          > - b _ _ _ _ _ @33
        L - a @34
          > - a _ _ _ _ _ @34
        L - a @35
          ! nothing-to-delete
        R + x r3 @36
          > + b x l2 x r3 x @36
        ",
    );
}

#[test]
fn a_left_join() {
    bench(true).check(
        "
        L + a x l1 @10
          > + a x l1 _ _ x @10
        R + x r1 @20
          > + a x l1 x r1 x @20
        L + a y l2 @21
          > + a y l2 _ _ y @21
        R + x r2 @22
        R - x @23
        L + a x l3 @24
          > + a x l3 _ _ x @24
        R + x r3 @25
          > + a x l3 x r3 x @25
        R - x @26
          > + a x l3 _ _ x @26
        L - a @27
          > - a _ _ _ _ _ @27
        ",
    );
}

#[test]
fn null_foreign_keys() {
    bench(false).check(
        "
        R + x r1 @1
        L + a x l1 @2
          > + a x l1 x r1 x @2
        L + a _ l2 @3
          ! null-key
        L + a x l3 @4
          ! null-key
        L - a @5
          > - a _ _ _ _ _ @5
        ",
    );
    bench(true).check(
        "
        R + x r1 @1
        L + a _ l1 @2
          > + a _ l1 _ _ _ @2
        L + a x l2 @3
          > + a x l2 x r1 x @3
        L + a _ l3 @4
          > + a _ l3 _ _ _ @4
        L - a @5
          > - a _ _ _ _ _ @5
        ",
    );
}

#[test]
fn an_answer_to_an_earlier_row_says_nothing() {
    let mut bench = bench(false);
    bench.check("R + x r1 @1");
    // The answer is held back until the left row has changed.
    let (topic, codec, entry) = bench.loops.pop().unwrap();
    bench.check("L + a x l1 @2");
    let kept = bench.kept.clone();
    bench.check("L + a x l2 @3");
    bench.loops.push((topic, codec, entry));
    assert_eq!(bench.deliver(kept), ["! no-match"]);
}

#[test]
fn bytes_that_are_none_of_ours() {
    let mut bench = bench(true);
    let answer = vec![(ANSWERS, Some(b"a".to_vec()), Some(vec![1]), 5)];
    assert_eq!(
        bench.deliver(answer),
        ["! error: deserialization", "! unreadable"]
    );
}
