//! A stream of (key, value) looks into a table of (key, value).

use super::StreamTableJoin;
use crate::format::Part;
use crate::operator::testing::{Bench, codec, slot, target};
use crate::operator::{Materialize, Operator};
use crate::plan::{Port, StoreKind};

fn bench(left_outer: bool) -> Bench {
    let join = StreamTableJoin {
        store: 0,
        probe: slot(0),
        key: codec(Part::Key, "K STRING"),
        right_slots: 2,
        left_outer,
    };
    let table = Materialize {
        store: 0,
        changelog: 0,
        key: codec(Part::Key, "K STRING"),
        value: codec(Part::Value, "V STRING"),
        emits_old: false,
    };
    let nodes = vec![
        (Operator::StreamTableJoin(join), None),
        (Operator::Materialize(table), Some(target(0, Port::Right))),
    ];
    let mut bench = Bench::new(nodes, &[StoreKind::Keyed], 1);
    bench.entries[1] = target(1, Port::Left);
    bench
}

#[test]
fn a_record_meets_the_table_as_it_is_now() {
    bench(false).check(
        "
        L + a l1 @10
          ! no-match
        R + a r1 @20
        L + a l2 @10
          > + a l2 a r1 @10
        R + a r2 @5
        L + a l3 @30
          > + a l3 a r2 @30
        R - a @31
        L + a l4 @32
          ! no-match
        L + _ l5 @33
          ! null-key
        L - a @34
          ! null-value
        ",
    );
}

#[test]
fn left_pads_with_nulls() {
    bench(true).check(
        "
        L + a l1 @10
          > + a l1 _ _ @10
        L + _ l2 @11
          > + _ l2 _ _ @11
        R + a r1 @20
        L + a l3 @12
          > + a l3 a r1 @12
        ",
    );
}
