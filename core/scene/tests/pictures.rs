//! Writes pictures of the opening laboratory to look at, into the folder that `HEADWATER_PICTURES`
//! names; without it they are only painted.

mod common;

use headwater_base::{ConsumerId, PartitionId, QueryId, RecordId, StationId, TopicId};
use headwater_scene::{Choreography, Densities, Focus, Options, Target, Theme, layout, svg};
use headwater_view::{Colour, LabView, Motion, MotionKind, QueryState};

#[allow(
    clippy::disallowed_methods,
    reason = "where to write is not a matter of the laboratory"
)]
fn save(name: &str, text: &str) {
    if let Ok(folder) = std::env::var("HEADWATER_PICTURES") {
        std::fs::write(format!("{folder}/{name}.svg"), text).expect("the folder can be written to");
    }
}

fn picture(name: &str, view: &LabView, options: &Options, densities: &Densities, theme: Theme) {
    let list = layout(view, options, densities);
    let text = svg::paint(&list, theme, "Headwater at 00:00:30.000");
    assert_eq!(
        text,
        svg::paint(
            &layout(view, options, densities),
            theme,
            "Headwater at 00:00:30.000"
        )
    );
    save(name, &text);
}

fn wide() -> Options {
    Options::default()
}

#[test]
fn the_opening_laboratory() {
    let (view, still) = (common::opening(), Densities::default());
    picture("wide-light", &view, &wide(), &still, Theme::Light);
    picture("wide-dark", &view, &wide(), &still, Theme::Dark);
    let narrow = Options {
        width: 390.0,
        ..Options::default()
    };
    picture("narrow-light", &view, &narrow, &still, Theme::Light);
    let huge = Options {
        width: 1600.0,
        height: 900.0,
        ..Options::default()
    };
    picture("huge-light", &view, &huge, &still, Theme::Light);
}

#[test]
fn opened_focused_and_chosen() {
    let mut view = common::opening();
    let still = Densities::default();
    let mut options = wide();
    options.open_topics.insert(TopicId(4));
    options.open_queries.insert(QueryId(2));
    let record = |partition: u32, offset: u64| RecordId {
        partition: PartitionId(partition),
        offset,
    };
    options.focus = Some(Focus {
        record: record(12, 17),
        related: vec![record(0, 23), record(6, 17), record(12, 17), record(18, 7)],
        queries: vec![QueryId(0), QueryId(2), QueryId(4)],
    });
    options.selected = Some(Target::Record(record(12, 17)));
    options.hovered = Some(Target::Station(QueryId(0), StationId(1)));
    view.queries[1].state = QueryState::Paused;
    picture("focus-light", &view, &options, &still, Theme::Light);
}

#[test]
fn busy_lanes_and_many_readers() {
    let mut view = common::opening();
    for (place, topic) in view.topics.iter_mut().enumerate() {
        for (number, lane) in topic.partitions.iter_mut().enumerate() {
            lane.rate = [0.9, 8.0, 90.0, 4_000.0][(place + number) % 4];
            for tile in lane.tiles.iter_mut() {
                tile.face.colour = Colour::Face((tile.offset % 12) as u8);
            }
        }
    }
    for number in 5..17 {
        let mut reader = view.readers[(number % 3) as usize].clone();
        reader.id = ConsumerId(number);
        reader.name = format!("reader-{number}");
        view.readers.push(reader);
    }
    let push = common::query(
        9,
        "transient_RATINGS_11",
        0,
        None,
        &[
            (headwater_view::StationKind::From, "FROM RATINGS"),
            (
                headwater_view::StationKind::Select,
                "SELECT USER_ID, STARS, CHANNEL",
            ),
        ],
    );
    view.queries.push(push);
    let mut densities = Densities::default();
    densities.update(&view, 1.0);
    picture("busy-light", &view, &wide(), &densities, Theme::Light);
    picture(
        "empty-light",
        &LabView::default(),
        &wide(),
        &densities,
        Theme::Light,
    );
}

#[test]
fn a_join_under_way() {
    let view = common::opening();
    let mut list = layout(&view, &wide(), &Densities::default());
    let record = |partition: u32, offset: u64| RecordId {
        partition: PartitionId(partition),
        offset,
    };
    let carry = |query, from, probes, folds, became| Motion {
        step: 1,
        time_ms: 0,
        kind: MotionKind::Carry {
            query: QueryId(query),
            record: from,
            passed: vec![StationId(0), StationId(1), StationId(2)],
            rejected: None,
            probes,
            folds,
            became,
            rows: 0,
        },
    };
    let probes = vec![(StationId(1), "11".to_owned(), true)];
    let folds = vec![(StationId(1), "gold 00:01".to_owned(), "5".to_owned())];
    let mut choreography = Choreography::new(false);
    choreography.add(
        &[
            carry(2, record(6, 17), probes, Vec::new(), vec![record(12, 17)]),
            carry(4, record(12, 16), Vec::new(), folds, vec![record(18, 7)]),
            carry(
                0,
                record(0, 23),
                Vec::new(),
                Vec::new(),
                vec![record(6, 17)],
            ),
        ],
        0.0,
        1.0,
    );
    let moving = choreography.frame(730.0, &list);
    assert!(moving.items.len() > 5);
    list.items.extend(moving.items);
    save(
        "motion-light",
        &svg::paint(&list, Theme::Light, "on the way"),
    );
}
