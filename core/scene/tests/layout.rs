//! The settled picture: nothing overlaps, nothing sticks out, arrows cross no lane, every tile can
//! be hit, and equal views give equal pictures; on the opening laboratory and on any other graph.

mod common;

use headwater_base::{ConsumerId, PartitionId, ProducerId, QueryId, TopicId};
use headwater_scene::{Densities, DisplayList, Options, Rect, Target, layout};
use headwater_view::*;
use proptest::prelude::*;

const SIZES: [(f64, f64); 5] = [
    (1000.0, 600.0),
    (1600.0, 900.0),
    (700.0, 500.0),
    (390.0, 700.0),
    (0.0, 0.0),
];

fn at_size((width, height): (f64, f64)) -> Options {
    Options {
        width,
        height,
        ..Options::default()
    }
}

/// The part of an arrow between two corners, as a thin rectangle.
fn stretch(a: headwater_scene::Point, b: headwater_scene::Point) -> Rect {
    let (x, y) = (a.x.min(b.x), a.y.min(b.y));
    Rect::new(x, y, (a.x - b.x).abs().max(0.1), (a.y - b.y).abs().max(0.1))
}

fn check(list: &DisplayList) {
    let page = Rect::new(0.0, 0.0, list.width, list.height);
    let inside = |it: &Rect| {
        it.x >= -0.5
            && it.y >= -0.5
            && it.right() <= page.right() + 0.5
            && it.bottom() <= page.bottom() + 0.5
    };
    for (place, card) in list.cards.iter().enumerate() {
        assert!(inside(&card.rect), "{:?} sticks out", card.target);
        for other in &list.cards[..place] {
            assert!(
                !card.rect.overlaps(&other.rect),
                "{:?} on {:?}",
                card.target,
                other.target
            );
        }
        for words in &card.words {
            let roomy = card.rect.inset(-3.0);
            let (words, lines) = (&words.rect, &words.lines);
            let fits = words.y >= roomy.y
                && words.bottom() <= roomy.bottom()
                && words.right() <= roomy.right();
            assert!(fits, "{lines:?} sticks out of {:?}", card.target);
        }
    }
    let lanes: Vec<&Rect> = list
        .zones
        .iter()
        .filter(|it| matches!(it.target, Target::Lane(_)))
        .map(|it| &it.rect)
        .collect();
    for edge in &list.edges {
        for pair in edge.points.windows(2) {
            let line = stretch(pair[0], pair[1]);
            assert!(
                inside(&line),
                "{:?} to {:?} leaves the page",
                edge.from,
                edge.to
            );
            let crossed = lanes.iter().any(|it| it.overlaps(&line));
            assert!(!crossed, "{:?} to {:?} crosses a lane", edge.from, edge.to);
        }
    }
    for zone in &list.zones {
        assert!(inside(&zone.rect), "{:?} sticks out", zone.target);
    }
}

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

#[test]
fn the_cup_that_changed_shows_what_it_held_before_struck_out() {
    let list = layout(
        &common::opening(),
        &Options::default(),
        &Densities::default(),
    );
    let cup = |it: &&headwater_scene::Words| matches!(&it.target, Target::Cup(..));
    let words = || list.cards.iter().flat_map(|card| &card.words).filter(cup);
    let old = words().find(|it| it.lines == ["6"] && it.style.size < 10.0);
    let old = old.expect("the old value is written");
    let new = words()
        .find(|it| it.lines == ["7"])
        .expect("the new value is written");
    assert_eq!(old.target, new.target);
    assert!(old.rect.x < new.rect.x && old.style.size < new.style.size);
}

#[test]
fn at_high_rates_arrows_are_channels_with_their_rate_on_them() {
    let view = common::opening();
    let mut densities = Densities::default();
    let still = layout(&view, &Options::default(), &densities);
    densities.update(&view, 300.0);
    let fast = layout(&view, &Options::default(), &densities);
    check(&fast);
    let rates = |list: &DisplayList| {
        let written = list.items.iter().filter(|it| {
            matches!(&it.shape, headwater_scene::Shape::Text { text, .. } if text.ends_with("/s"))
                && it.layer == headwater_scene::Layer::Flags
        });
        written.count()
    };
    assert_eq!(rates(&still), 0);
    assert!(rates(&fast) > 2, "{} rates on arrows", rates(&fast));
}

#[test]
fn one_density_fades_into_the_next() {
    let view = common::opening();
    let mut densities = Densities::default();
    let still = layout(&view, &Options::default(), &densities);
    let before = densities.clone();
    densities.update(&view, 300.0);
    let fast = layout(&view, &Options::default(), &densities);
    let changed = densities.changed_since(&before);
    assert!(!changed.is_empty());
    let blend = |part: f64| headwater_scene::blend(&still, &fast, &changed, part);
    let ink = |list: &DisplayList| list.items.iter().map(|it| it.alpha).sum::<f64>();
    assert!(blend(0.5).items.len() > fast.items.len());
    assert!((ink(&blend(1.0)) - ink(&fast)).abs() < 1e-9);
    assert!(ink(&blend(0.0)) > 0.0);
}

#[test]
fn a_query_that_an_error_stopped_says_why_and_leads_to_the_record() {
    let mut view = common::opening();
    view.queries[0].state = QueryState::Error;
    view.queries[0].failure = Some(QueryFailure {
        message: "Offset 7 of ratings has a timestamp before 1970, which no window can hold".into(),
        record: Some(headwater_base::RecordId {
            partition: PartitionId(0),
            offset: 7,
        }),
        place: "ratings/0@7".into(),
    });
    for size in SIZES {
        let list = layout(&view, &at_size(size), &Densities::default());
        check(&list);
        let note = Target::Failure(QueryId(0));
        let rect = list.rect_of(&note).expect("the note is drawn");
        assert_eq!(list.hit(rect.centre().x, rect.centre().y), Some(&note));
        let mut words = list.cards.iter().flat_map(|it| &it.words);
        assert!(words.any(|it| it.lines == ["stopped by ratings/0@7"]));
    }
}

#[test]
fn a_source_without_data_offers_the_command_that_fills_it() {
    let mut view = common::opening();
    let offers = |view: &LabView| -> Vec<(Target, String)> {
        let list = layout(view, &Options::default(), &Densities::default());
        let cards = list.cards.iter();
        let offers = cards.filter_map(|it| Some((it.target.clone(), it.offer.clone()?.0)));
        offers.collect()
    };
    assert_eq!(offers(&view), []);
    let command = "producer create ratings topic=ratings generator=auto rate=2/s";
    view.offers = vec![OfferView {
        source: "RATINGS".into(),
        topic: "ratings".into(),
        command: command.into(),
    }];
    assert_eq!(
        offers(&view),
        [(Target::Topic(TopicId(0)), command.to_owned())]
    );
}

#[test]
fn the_other_stream_of_a_join_enters_at_its_clause() {
    let mut view = common::opening();
    let (left, right) = (view.topics[2].id, view.topics[3].id);
    view.topics[3].declared = vec!["POOR".into()];
    let join = &mut view.queries[2];
    join.sources = vec![left, right];
    join.stations[1].table = Some("POOR".into());
    let clause = Target::Station(join.id, join.stations[1].id);
    let query = Target::Query(join.id);
    let list = layout(&view, &Options::default(), &Densities::default());
    check(&list);
    assert!(list.edge(&Target::Topic(left), &query).is_some());
    assert!(list.edge(&Target::Topic(right), &clause).is_some());
    assert!(list.edge(&Target::Topic(right), &query).is_none());
}
