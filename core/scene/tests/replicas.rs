//! What lanes say of their replicas, and flags of readers who do not read.

mod common;
mod orderly;

use headwater_base::{BrokerId, PartitionId};
use headwater_scene::{Densities, DisplayList, Ink, Shape, layout};
use headwater_view::*;
use orderly::{SIZES, at_size, check};

/// The opening laboratory, with three replicas of the first partition of `ratings`: its log ends
/// at 24, and so far readers see what is before 20.
fn replicated(leader: Option<u32>, in_sync: [bool; 3]) -> LabView {
    let mut view = common::opening();
    let replicas = in_sync.into_iter().zip(1..);
    view.replication.push(ReplicationView {
        partition: PartitionId(0),
        leader: leader.map(BrokerId),
        available: leader.is_some(),
        epoch: 4,
        high_watermark: 20,
        replicas: replicas
            .map(|(in_sync, broker)| ReplicaView {
                broker: BrokerId(broker),
                end_offset: if leader == Some(broker) { 24 } else { 20 },
                in_sync,
                diverged: false,
            })
            .collect(),
    });
    view
}

/// The line that speaks of in-sync replicas, with its colour.
fn note(list: &DisplayList) -> Option<(String, Ink)> {
    list.items.iter().find_map(|it| match &it.shape {
        Shape::Text { text, ink, .. } if text.contains("ISR") => Some((text.clone(), *ink)),
        _ => None,
    })
}

#[test]
fn a_lane_says_who_leads_and_who_is_in_sync() {
    for size in SIZES {
        let view = replicated(Some(2), [false, true, true]);
        let list = layout(&view, &at_size(size), &Densities::default());
        check(&list);
        let (text, ink) = note(&list).expect("the lane says it");
        assert!(
            "L2 · ISR 2,3 · HW 20".starts_with(text.trim_end_matches('…')),
            "{text}"
        );
        assert_eq!(ink, Ink::Warn);
    }
    let whole = replicated(Some(1), [true; 3]);
    let list = layout(&whole, &at_size(SIZES[0]), &Densities::default());
    assert_eq!(note(&list).map(|it| it.1), Some(Ink::Ink2));
}

#[test]
fn a_partition_without_a_leader_is_hatched_and_called_offline() {
    let view = replicated(None, [false, true, false]);
    for size in SIZES {
        let list = layout(&view, &at_size(size), &Densities::default());
        check(&list);
        let (text, ink) = note(&list).expect("the lane says it");
        assert!(text.starts_with("offline"), "{text}");
        assert_eq!(ink, Ink::Error);
    }
}

#[test]
fn partitions_with_one_replica_say_nothing() {
    let list = layout(
        &common::opening(),
        &at_size(SIZES[0]),
        &Densities::default(),
    );
    assert_eq!(note(&list), None);
}

#[test]
fn who_does_not_read_flies_no_filled_flag() {
    let reading = common::opening();
    let painted = |view: &LabView| layout(view, &at_size(SIZES[0]), &Densities::default());
    let filled = |list: &DisplayList| {
        let cloths = list.items.iter().filter(|it| {
            matches!(
                &it.shape,
                Shape::Path {
                    fill: Some(Ink::Reader(_)),
                    ..
                }
            )
        });
        cloths.count()
    };
    let all = filled(&painted(&reading));
    for state in [
        ReaderState::Paused,
        ReaderState::Stalled,
        ReaderState::Killed,
    ] {
        let mut view = reading.clone();
        view.readers[1].state = state;
        let list = painted(&view);
        check(&list);
        assert!(filled(&list) < all);
    }
}
