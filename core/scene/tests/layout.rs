//! The settled picture: nothing overlaps, nothing sticks out, arrows cross no lane, every tile can
//! be hit, and equal views give equal pictures; on the opening laboratory and on any other graph.

mod common;
mod orderly;

use headwater_base::{ConsumerId, PartitionId, ProducerId, QueryId, TopicId};
use headwater_scene::{Densities, Options, Target, layout};
use headwater_view::*;
use orderly::{SIZES, at_size, check};
use proptest::prelude::*;

#[test]
fn the_opening_laboratory_is_orderly_at_every_size() {
    let view = common::opening();
    for size in SIZES {
        let mut options = at_size(size);
        check(&layout(&view, &options, &Densities::default()));
        options
            .open_topics
            .extend(view.topics.iter().map(|it| it.id));
        options
            .open_queries
            .extend(view.queries.iter().map(|it| it.id));
        check(&layout(&view, &options, &Densities::default()));
    }
}

#[test]
fn every_tile_can_be_hit() {
    let list = layout(
        &common::opening(),
        &Options::default(),
        &Densities::default(),
    );
    let mut tiles = 0;
    for zone in &list.zones {
        if let Target::Record(record) = &zone.target {
            tiles += 1;
            let middle = zone.rect.centre();
            assert_eq!(list.hit(middle.x, middle.y), Some(&zone.target));
            assert_eq!(list.rect_of_record(*record), Some(zone.rect));
            assert!(list.faces.contains_key(record));
        }
    }
    assert!(tiles > 60, "only {tiles} tiles");
    let where_ = Target::Query(QueryId(0));
    let rect = list.rect_of(&where_).expect("the query is drawn");
    assert_eq!(list.hit(rect.x + 4.0, rect.y + 4.0), Some(&where_));
    assert_eq!(list.hit(-1.0, -1.0), None);
}

#[test]
fn the_join_reaches_into_its_table_and_internal_topics_are_folded() {
    let view = common::opening();
    let list = layout(&view, &Options::default(), &Densities::default());
    let arm = Target::Station(QueryId(2), headwater_base::StationId(1));
    assert!(
        list.edge(&Target::Table("CUSTOMERS".into()), &arm)
            .is_some()
    );
    assert!(
        list.edge(&Target::Topic(TopicId(1)), &Target::Query(QueryId(2)))
            .is_none()
    );
    assert_eq!(list.rect_of(&Target::Topic(TopicId(7))), None);
    let mut options = Options::default();
    options.open_queries.insert(QueryId(2));
    let list = layout(&view, &options, &Densities::default());
    assert!(list.rect_of(&Target::Topic(TopicId(7))).is_some());
}

#[test]
fn pausing_brings_the_tiles_back() {
    let mut view = common::opening();
    let mut densities = Densities::default();
    let still = layout(&view, &Options::default(), &densities);
    densities.update(&view, 300.0);
    assert_ne!(layout(&view, &Options::default(), &densities), still);
    densities.update(&view, 0.0);
    assert_eq!(layout(&view, &Options::default(), &densities), still);
    view.topics.clear();
    check(&layout(&view, &Options::default(), &densities));
}

/// Readers that move, rows and cups that come must not push anything about.
#[test]
fn the_frame_stands_still_while_data_moves() {
    let view = common::opening();
    let mut later = view.clone();
    for lane in later.topics.iter_mut().flat_map(|it| &mut it.partitions) {
        *lane = common::lane(
            lane.id.0,
            lane.partition,
            lane.start_offset,
            lane.end_offset + 3,
            true,
        );
    }
    for position in later.readers.iter_mut().flat_map(|it| &mut it.positions) {
        position.position += 2;
    }
    for query in later.queries.iter_mut() {
        query.stations.iter_mut().for_each(|it| it.cups.truncate(1));
    }
    later.tables[0].rows.truncate(2);
    let frames = |view: &LabView| {
        let list = layout(view, &Options::default(), &Densities::default());
        list.cards.iter().map(|it| it.rect).collect::<Vec<_>>()
    };
    assert_eq!(frames(&view), frames(&later));
}

/// The bound is generous because tests are built without optimisation, on busy machines; what it
/// guards against is a cost that grows with the square of what is drawn.
#[test]
#[allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "it measures wall time"
)]
fn a_layout_is_quick() {
    let view = common::opening();
    let (options, densities) = (Options::default(), Densities::default());
    let times = (0..10).map(|_| {
        let begun = std::time::Instant::now();
        std::hint::black_box(layout(&view, &options, &densities));
        begun.elapsed()
    });
    let least = times.min().unwrap_or_default();
    println!("{least:?} a layout");
    assert!(least.as_millis() < 40, "{least:?}");
}

#[derive(Clone, Debug)]
struct Sketch {
    topics: Vec<(u8, u32, String)>,
    queries: Vec<(Vec<u8>, Option<u8>, u8)>,
    tables: Vec<u8>,
    readers: Vec<(u8, u8)>,
    producers: Vec<u8>,
}

fn sketch() -> impl Strategy<Value = Sketch> {
    let topics = prop::collection::vec((0u8..4, 1u32..21, "\\PC{0,40}"), 0..9);
    let queries = prop::collection::vec(
        (
            prop::collection::vec(0u8..9, 0..3),
            prop::option::of(0u8..9),
            0u8..6,
        ),
        0..9,
    );
    let tables = prop::collection::vec(0u8..12, 0..4);
    let readers = prop::collection::vec((0u8..9, 0u8..40), 0..15);
    let producers = prop::collection::vec(0u8..9, 0..4);
    (topics, queries, tables, readers, producers).prop_map(
        |(topics, queries, tables, readers, producers)| Sketch {
            topics,
            queries,
            tables,
            readers,
            producers,
        },
    )
}

fn drawn(sketch: &Sketch) -> LabView {
    let mut view = common::opening();
    let base = view.clone();
    view.topics.clear();
    let mut next = 0;
    for (place, (role, count, name)) in sketch.topics.iter().enumerate() {
        let mut topic = base.topics[place % base.topics.len()].clone();
        topic.id = TopicId(place as u32);
        topic.name.clone_from(name);
        topic.role = match role {
            0 | 1 => TopicRole::Source,
            2 => TopicRole::Derived {
                query: QueryId(place as u32 % 5),
            },
            _ => TopicRole::Internal {
                query: QueryId(place as u32 % 5),
            },
        };
        topic.partitions = (0..*count)
            .map(|number| {
                common::lane(
                    next + number,
                    number,
                    u64::from(number),
                    30 * u64::from(number % 3),
                    true,
                )
            })
            .collect();
        next += count;
        view.topics.push(topic);
    }
    add_queries(&mut view, &base, sketch);
    add_others(&mut view, &base, sketch);
    view
}

fn add_queries(view: &mut LabView, base: &LabView, sketch: &Sketch) {
    view.queries.clear();
    for (place, (sources, sink, kind)) in sketch.queries.iter().enumerate() {
        let mut query = base.queries[usize::from(*kind) % base.queries.len()].clone();
        query.id = QueryId(place as u32);
        query.sources = sources.iter().map(|it| TopicId(u32::from(*it))).collect();
        query.sink = sink.map(|it| TopicId(u32::from(it)));
        if query.sink.is_none() {
            query.kind = QueryKind::Push;
        }
        view.queries.push(query);
    }
}

fn add_others(view: &mut LabView, base: &LabView, sketch: &Sketch) {
    view.tables = sketch
        .tables
        .iter()
        .enumerate()
        .map(|(place, topic)| TableView {
            name: if place == 0 {
                "CUSTOMERS".into()
            } else {
                format!("T{place}")
            },
            topic: (*topic < 9).then_some(TopicId(u32::from(*topic))),
            ..base.tables[place % 2].clone()
        })
        .collect();
    view.readers = sketch
        .readers
        .iter()
        .enumerate()
        .map(|(place, (topic, position))| {
            let mut reader = base.readers[place % 5].clone();
            reader.id = ConsumerId(place as u32);
            let lanes = view
                .topics
                .iter()
                .find(|it| it.id.0 == u32::from(*topic))
                .map_or(&[][..], |it| &it.partitions);
            reader.positions = lanes
                .iter()
                .map(|lane| ReaderPosition {
                    topic: TopicId(u32::from(*topic)),
                    partition: PartitionId(lane.id.0),
                    number: lane.partition,
                    position: u64::from(*position),
                    committed: None,
                    lag: lane.end_offset.saturating_sub(u64::from(*position)),
                })
                .collect();
            reader
        })
        .collect();
    view.producers = sketch
        .producers
        .iter()
        .enumerate()
        .map(|(place, topic)| ProducerView {
            id: ProducerId(place as u32),
            topic: TopicId(u32::from(*topic)),
            ..base.producers[0].clone()
        })
        .collect();
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(96)
    })]
    #[test]
    fn any_graph_is_orderly(
        sketch in sketch(),
        size in 0usize..SIZES.len(),
        speed in 0.0f64..2000.0,
    ) {
        let view = drawn(&sketch);
        let options = at_size(SIZES[size]);
        let mut densities = Densities::default();
        densities.update(&view, speed);
        let list = layout(&view, &options, &densities);
        check(&list);
        prop_assert_eq!(layout(&view, &options, &densities), list);
    }
}

#[test]
fn beside_an_open_inspector_the_columns_have_room() {
    let view = common::opening();
    let list = layout(&view, &at_size((790.0, 520.0)), &Densities::default());
    assert_eq!(list.width, 790.0, "the stage scrolls sideways");
    check(&list);
}
