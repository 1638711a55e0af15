//! Tables of rows (key, value), each behind its `Materialize`.

use super::*;
use crate::format::Part;
use crate::operator::Materialize;
use crate::operator::testing::{Bench, codec, slot, target};
use crate::plan::StoreKind;

fn materialize(store: usize) -> Operator {
    Operator::Materialize(Materialize {
        store,
        changelog: store,
        key: codec(Part::Key, "K STRING"),
        value: codec(Part::Value, "V STRING"),
        emits_old: true,
    })
}

fn side(current: TableView, slots: usize, keeps_unmatched: bool) -> TableSide {
    TableSide {
        key: vec![slot(slots - if slots > 2 { 1 } else { 2 })],
        codec: codec(Part::Key, "K STRING"),
        slots,
        keeps_unmatched,
        current,
    }
}

fn bench(left: bool, right: bool) -> Bench {
    let join = TableTableJoin {
        left: side(TableView::Store(0), 2, left),
        right: side(TableView::Store(1), 2, right),
    };
    let nodes = vec![
        (materialize(0), Some(target(2, Port::Left))),
        (materialize(1), Some(target(2, Port::Right))),
        (Operator::TableTableJoin(join), None),
    ];
    let mut bench = Bench::new(nodes, &[StoreKind::Keyed; 2], 2);
    bench.entries = [target(0, Port::Left), target(1, Port::Left)];
    bench
}

#[test]
fn an_inner_join_needs_both_rows() {
    bench(false, false).check(
        "
        L + a l1 @10
          ! no-match
        R + a r1 @7
          > + a l1 a r1 a @10
        L + a l2 @12
          > + a l2 a r1 a was a l1 a r1 a @12
        R - a @13
          > - _ _ a _ a was a l2 a r1 a @13
        R - a @14
          > - _ _ a _ a @14
        L - a @15
          ! nothing-to-delete
        L - b @15
          ! nothing-to-delete
        L + _ l3 @16
          ! null-key
        ",
    );
}

#[test]
fn a_left_join_keeps_left_rows() {
    bench(true, false).check(
        "
        L + a l1 @10
          > + a l1 _ _ a @10
        R + a r1 @20
          > + a l1 a r1 a was a l1 _ _ a @20
        R + b r2 @20
          ! no-match
        L - b @21
          > - b _ _ _ b @21
        R - a @22
          > + a l1 _ _ a was a l1 a r1 a @22
        L - a @23
          > - a _ _ _ a was a l1 _ _ a @23
        L - a @24
          ! nothing-to-delete
        ",
    );
}

#[test]
fn a_right_join_mirrors_it() {
    bench(false, true).check(
        "
        R + a r1 @10
          > + _ _ a r1 a @10
        L + a l1 @20
          > + a l1 a r1 a was _ _ a r1 a @20
        L - a @22
          > + _ _ a r1 a was a l1 a r1 a @22
        R - a @23
          > - _ _ a _ a was _ _ a r1 a @23
        ",
    );
}

#[test]
fn a_full_join_keeps_all_rows() {
    bench(true, true).check(
        "
        L + a l1 @10
          > + a l1 _ _ a @10
        R + a r1 @5
          > + a l1 a r1 a was a l1 _ _ a @10
        L - a @11
          > + _ _ a r1 a was a l1 a r1 a @11
        R - a @12
          > - _ _ a _ a was _ _ a r1 a @12
        R - a @13
          ! nothing-to-delete
        ",
    );
}

/// (A left join B) full join C: what the first join has now is asked of its tables.
#[test]
fn joins_of_joins() {
    let first = TableTableJoin {
        left: side(TableView::Store(0), 2, true),
        right: side(TableView::Store(1), 2, false),
    };
    let second = TableTableJoin {
        left: side(TableView::Join(2), 5, true),
        right: side(TableView::Store(2), 2, true),
    };
    let nodes = vec![
        (materialize(0), Some(target(2, Port::Left))),
        (materialize(1), Some(target(2, Port::Right))),
        (Operator::TableTableJoin(first), Some(target(4, Port::Left))),
        (materialize(2), Some(target(4, Port::Right))),
        (Operator::TableTableJoin(second), None),
    ];
    let mut bench = Bench::new(nodes, &[StoreKind::Keyed; 3], 3);
    bench.entries = [target(0, Port::Left), target(3, Port::Left)];
    bench.check(
        "
        R + a c1 @1
          > + _ _ _ _ _ a c1 a @1
        L + a a1 @2
          > + a a1 _ _ a a c1 a was _ _ _ _ _ a c1 a @2
        ",
    );
    bench.entries[0] = target(1, Port::Left);
    bench.check(
        "
        L + a b1 @9
          > + a a1 a b1 a a c1 a was a a1 _ _ a a c1 a @9
        R + a c2 @3
          > + a a1 a b1 a a c2 a was a a1 a b1 a a c1 a @9
        R - a @4
          > + a a1 a b1 a _ _ a was a a1 a b1 a a c2 a @9
        ",
    );
    bench.entries[0] = target(0, Port::Left);
    bench.check(
        "
        L - a @10
          > - a _ _ _ a _ _ a was a a1 a b1 a _ _ a @10
        R + a c3 @3
          > + _ _ _ _ _ a c3 a @3
        ",
    );
}
