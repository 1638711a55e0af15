//! Motion over the settled picture: where things are at which moment, and that it ends.

mod common;

use headwater_base::trace::Rejection;
use headwater_base::{ConsumerId, PartitionId, ProducerId, QueryId, RecordId, StationId};
use headwater_scene::{
    Choreography, Densities, DisplayList, FINISH_MS, IN_FLIGHT_MAX, Options, Point, Shape, Target,
    layout,
};
use headwater_view::{Motion, MotionKind};

fn picture() -> DisplayList {
    layout(
        &common::opening(),
        &Options::default(),
        &Densities::default(),
    )
}

fn record(partition: u32, offset: u64) -> RecordId {
    RecordId {
        partition: PartitionId(partition),
        offset,
    }
}

fn motion(kind: MotionKind) -> Motion {
    Motion {
        step: 1,
        time_ms: 0,
        kind,
    }
}

fn produce(offset: u64) -> Motion {
    motion(MotionKind::Produce {
        producer: Some(ProducerId(0)),
        record: record(0, offset),
    })
}

fn carry(query: u32, from: RecordId, became: Vec<RecordId>) -> Motion {
    motion(MotionKind::Carry {
        query: QueryId(query),
        record: from,
        passed: vec![StationId(0), StationId(1), StationId(2)],
        rejected: None,
        probes: Vec::new(),
        folds: Vec::new(),
        became,
        rows: 0,
    })
}

fn tiles(list: &[headwater_scene::Item]) -> Vec<Point> {
    let centre = |it: &headwater_scene::Item| match &it.shape {
        Shape::Tile { rect, .. } => Some(rect.centre()),
        _ => None,
    };
    list.iter().filter_map(centre).collect()
}

#[test]
fn a_record_flies_from_its_producer_into_its_lane() {
    let picture = picture();
    let mut choreography = Choreography::new(false);
    choreography.add(&[produce(23)], 1000.0, 1.0);
    let first = choreography.frame(1000.0, &picture);
    assert!(first.hidden.contains(&record(0, 23)));
    assert!(
        first.slides[&PartitionId(0)] > 0.0,
        "the lane has not moved on yet"
    );
    let late = choreography.frame(1179.9, &picture);
    let end = picture
        .rect_of_record(record(0, 23))
        .expect("the record is drawn")
        .centre();
    assert!(tiles(&late.items)[0].distance(end) < 1.0);
    assert!(!choreography.is_still(1179.9));
    assert!(choreography.is_still(1180.0));
    let settled = choreography.frame(1180.0, &picture);
    assert_eq!(settled, headwater_scene::Moving::default());
}

#[test]
fn a_carried_record_passes_its_stations_and_lands_in_the_sink() {
    let picture = picture();
    let mut choreography = Choreography::new(false);
    choreography.add(&[carry(0, record(0, 23), vec![record(6, 17)])], 0.0, 1.0);
    let station = Target::Station(QueryId(0), StationId(1));
    let station = picture.rect_of(&station).expect("the station is drawn");
    let mut seen = false;
    for millis in 0..960 {
        let moving = choreography.frame(f64::from(millis), &picture);
        let tiles = tiles(&moving.items);
        assert_eq!(tiles.len(), 1, "at {millis} ms");
        seen |= station.contains(tiles[0]);
    }
    assert!(seen, "it did not pass the WHERE");
    assert!(choreography.is_still(960.0));
}

#[test]
fn a_rejected_record_falls_into_the_tray() {
    let picture = picture();
    let mut choreography = Choreography::new(false);
    choreography.add(
        &[motion(MotionKind::Carry {
            query: QueryId(0),
            record: record(0, 22),
            passed: vec![StationId(0)],
            rejected: Some((StationId(1), Rejection::Predicate)),
            probes: Vec::new(),
            folds: Vec::new(),
            became: Vec::new(),
            rows: 0,
        })],
        0.0,
        1.0,
    );
    let end = 420.0 + 2.0 * 120.0 + 260.0;
    let moving = choreography.frame(end - 0.1, &picture);
    let tray = picture
        .rect_of(&Target::Tray(QueryId(0), StationId(1)))
        .expect("a tray");
    assert!(tray.contains(tiles(&moving.items)[0]));
}

#[test]
fn an_arm_reaches_to_the_very_row_and_a_cup_takes_its_value() {
    let picture = picture();
    let mut choreography = Choreography::new(false);
    choreography.add(
        &[motion(MotionKind::Carry {
            query: QueryId(2),
            record: record(6, 17),
            passed: vec![StationId(0), StationId(1), StationId(2)],
            rejected: None,
            probes: vec![(StationId(1), "10".into(), true)],
            folds: vec![(StationId(2), "gold".into(), "5".into())],
            became: vec![record(12, 17)],
            rows: 0,
        })],
        0.0,
        1.0,
    );
    let row = picture
        .rect_of(&Target::Row("CUSTOMERS".into(), 1))
        .expect("the row is drawn");
    let moving = choreography.frame(420.0 + 240.0 + 120.0 - 95.0, &picture);
    let washed =
        |it: &headwater_scene::Item| matches!(&it.shape, Shape::Box { rect, .. } if *rect == row);
    assert!(moving.items.iter().any(washed), "{:?}", moving.items);
}

#[test]
fn a_whole_way_is_short_and_few_things_move_at_once() {
    let picture = picture();
    let mut choreography = Choreography::new(false);
    choreography.add(
        &[
            produce(23),
            carry(0, record(0, 23), vec![record(6, 17)]),
            carry(2, record(6, 17), vec![record(12, 17)]),
            carry(4, record(12, 17), vec![record(18, 7)]),
        ],
        0.0,
        1.0,
    );
    assert!(!choreography.is_still(700.0));
    assert!(
        choreography.is_still(1500.0),
        "the whole way takes longer than 1.5 s"
    );
    let many: Vec<Motion> = (0..100).map(|_| produce(23)).collect();
    choreography.add(&many, 2000.0, 100.0);
    let moving = choreography.frame(2000.0, &picture);
    assert_eq!(tiles(&moving.items).len(), IN_FLIGHT_MAX);
    assert!(
        choreography.is_still(2120.0),
        "fast motion takes longer than 120 ms"
    );
}

#[test]
fn everything_ends_soon_after_a_pause() {
    let mut choreography = Choreography::new(false);
    choreography.add(
        &[
            produce(23),
            carry(0, record(0, 23), vec![record(6, 17)]),
            carry(3, record(12, 9), vec![]),
        ],
        0.0,
        1.0,
    );
    choreography.frame(100.0, &picture());
    choreography.finish(100.0);
    assert!(choreography.is_still(100.0 + FINISH_MS + 0.001));
    choreography.add(&[produce(23)], 600.0, 1.0);
    choreography.clear();
    assert!(choreography.is_still(600.0));
}

#[test]
fn with_reduced_motion_nothing_travels() {
    let picture = picture();
    let mut choreography = Choreography::new(true);
    choreography.add(
        &[
            carry(0, record(0, 23), vec![record(6, 17)]),
            motion(MotionKind::Deliver {
                reader: ConsumerId(0),
                record: record(0, 22),
            }),
        ],
        0.0,
        50.0,
    );
    let early = choreography.frame(1.0, &picture);
    let late = choreography.frame(599.0, &picture);
    assert_eq!(early, late);
    assert!(early.hidden.is_empty() && tiles(&early.items).is_empty());
    let text = |it: &headwater_scene::Item| match &it.shape {
        Shape::Text { text, .. } => Some(text.clone()),
        _ => None,
    };
    let numbers: Vec<String> = early.items.iter().filter_map(text).collect();
    assert_eq!(numbers, ["1", "2", "1", "2"]);
    assert!(choreography.is_still(600.0));
}

#[test]
fn what_is_not_in_the_picture_is_not_shown() {
    let mut choreography = Choreography::new(false);
    choreography.add(
        &[
            carry(77, record(900, 1), vec![record(901, 1)]),
            motion(MotionKind::Rebalance {
                group: "dashboard".into(),
                generation: 2,
                revoked: vec![(ConsumerId(3), PartitionId(900))],
                assigned: vec![(ConsumerId(4), PartitionId(901))],
            }),
            motion(MotionKind::Retire {
                first: record(900, 4),
            }),
        ],
        0.0,
        1.0,
    );
    for millis in 0..100 {
        let moving = choreography.frame(f64::from(millis) * 10.0, &DisplayList::default());
        assert!(moving.items.is_empty());
    }
}

#[test]
fn where_records_cannot_be_told_apart_one_dot_stands_for_many() {
    let view = common::opening();
    let mut densities = Densities::default();
    let rate = view.topics[0].partitions[0].rate;
    densities.update(&view, 30.0 / rate);
    let picture = layout(&view, &Options::default(), &densities);
    let mut choreography = Choreography::new(false);
    choreography.follow(&densities);
    let many: Vec<Motion> = (0..12).map(|_| produce(23)).collect();
    choreography.add(&many, 0.0, 10.0);
    let moving = choreography.frame(60.0, &picture);
    let said =
        |it: &headwater_scene::Item| matches!(&it.shape, Shape::Text { text, .. } if text == "×12");
    assert!(moving.items.iter().any(said), "{:?}", moving.items);
    densities.update(&view, 100_000.0);
    let mut choreography = Choreography::new(false);
    choreography.follow(&densities);
    choreography.add(&many, 0.0, 1000.0);
    assert!(choreography.is_still(1.0), "on a ribbon nothing flies");
}
