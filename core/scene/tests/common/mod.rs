//! A view made by hand that resembles the opening laboratory, for the tests of this crate.

mod queries;

use headwater_base::{ConsumerId, PartitionId, ProducerId, QueryId, RecordId, TopicId};
use headwater_view::*;
#[allow(
    unused_imports,
    reason = "not every test file makes queries of its own"
)]
pub(crate) use queries::query;
use queries::{queries, tables};

pub(crate) const START_MS: i64 = 1_704_067_200_000;

pub(crate) fn tile(offset: u64, stars: u8, colour: Colour) -> Tile {
    let time = START_MS + 400 * offset as i64;
    Tile {
        offset,
        timestamp_ms: time,
        appended_ms: time,
        key: offset.to_string(),
        face: Face {
            glyph: if stars == 0 {
                Glyph::Blank
            } else {
                Glyph::Pips(stars)
            },
            colour,
        },
        mark: Mark::None,
        cause: None,
    }
}

const METALS: [Colour; 5] = [
    Colour::Platinum,
    Colour::Gold,
    Colour::Silver,
    Colour::Bronze,
    Colour::None,
];

pub(crate) fn lane(id: u32, number: u32, start: u64, end: u64, metals: bool) -> LaneView {
    let first = start.max(end.saturating_sub(40));
    let tiles = (first..end).map(|offset| {
        let mixed = offset * 7 + u64::from(id) * 3;
        let colour = if metals {
            METALS[(mixed % 5) as usize]
        } else {
            Colour::None
        };
        tile(offset, (mixed % 4) as u8 + 1, colour)
    });
    LaneView {
        id: PartitionId(id),
        partition: number,
        start_offset: start,
        end_offset: end,
        segment_starts: (start..end).step_by(16).collect(),
        tiles: tiles.collect(),
        rate: 0.9,
        histogram: vec![1, 0, 2, 1, 1, 0, 1, 2, 1, 0],
    }
}

fn topic(id: u32, name: &str, role: TopicRole, kind: TopicKind, lanes: Vec<LaneView>) -> TopicView {
    TopicView {
        id: TopicId(id),
        name: name.to_owned(),
        role,
        kind,
        declared: vec![name.to_uppercase()],
        retention: if id == 0 {
            "10 min or 1 MiB".to_owned()
        } else {
            String::new()
        },
        partitions: lanes,
    }
}

fn lanes(first: u32, ends: [u64; 3], metals: bool) -> Vec<LaneView> {
    let numbered = ends.iter().zip(0u32..);
    numbered
        .map(|(end, number)| lane(first + number, number, 0, *end, metals))
        .collect()
}

fn derived(query: u32) -> TopicRole {
    TopicRole::Derived {
        query: QueryId(query),
    }
}

fn reader(
    id: u32,
    name: &str,
    group: Option<&str>,
    about: &str,
    at: &[(u32, u64, u64)],
) -> ReaderView {
    let position = |(number, position, end): &(u32, u64, u64)| ReaderPosition {
        topic: TopicId(0),
        partition: PartitionId(*number),
        number: *number,
        position: *position,
        committed: Some(position.saturating_sub(1)),
        lag: end - position,
    };
    ReaderView {
        id: ConsumerId(id),
        name: name.to_owned(),
        group: group.map(str::to_owned),
        about: about.to_owned(),
        running: true,
        state: ReaderState::Reading,
        delivered: 70,
        positions: at.iter().map(position).collect(),
    }
}

fn readers() -> Vec<ReaderView> {
    vec![
        reader(
            0,
            "Sally",
            None,
            "keeps up",
            &[(0, 24, 24), (1, 18, 18), (2, 20, 20)],
        ),
        reader(
            1,
            "Fred",
            None,
            "every 10 s, all there is",
            &[(0, 19, 24), (1, 15, 18), (2, 18, 20)],
        ),
        reader(
            2,
            "George",
            None,
            "from the beginning, 1/s",
            &[(0, 6, 24), (1, 14, 18), (2, 16, 20)],
        ),
        reader(
            3,
            "dashboard-1",
            Some("dashboard"),
            "as it comes",
            &[(0, 23, 24), (1, 18, 18)],
        ),
        reader(
            4,
            "dashboard-2",
            Some("dashboard"),
            "as it comes",
            &[(2, 20, 20)],
        ),
    ]
}

fn producer(id: u32, name: &str, topic: u32, about: &str) -> ProducerView {
    ProducerView {
        id: ProducerId(id),
        name: name.to_owned(),
        topic: TopicId(topic),
        about: about.to_owned(),
        running: true,
        produced: 62,
    }
}

fn topics() -> Vec<TopicView> {
    use TopicKind::{Stream, Table};
    let mut topics = vec![
        topic(
            0,
            "ratings",
            TopicRole::Source,
            Stream,
            lanes(0, [24, 18, 20], false),
        ),
        topic(
            1,
            "customers",
            TopicRole::Source,
            Table,
            lanes(3, [9, 5, 8], true),
        ),
        topic(
            2,
            "RATINGS_LIVE",
            derived(0),
            Stream,
            lanes(6, [18, 14, 17], false),
        ),
        topic(
            3,
            "POOR_RATINGS",
            derived(1),
            Stream,
            lanes(9, [9, 7, 8], false),
        ),
        topic(
            4,
            "RATINGS_WITH_CUSTOMER_DATA",
            derived(2),
            Stream,
            lanes(12, [18, 14, 16], true),
        ),
        topic(
            5,
            "UNHAPPY_PLATINUM_CUSTOMERS",
            derived(3),
            Stream,
            lanes(15, [2, 1, 2], true),
        ),
        topic(
            6,
            "RATINGS_BY_CLUB_STATUS",
            derived(4),
            Table,
            lanes(18, [8, 5, 6], true),
        ),
        topic(
            7,
            "_confluent-ksql-join-repartition",
            TopicRole::Internal { query: QueryId(2) },
            Stream,
            lanes(21, [8, 5, 6], false),
        ),
    ];
    mark(&mut topics);
    topics
}

/// Retention, and one record of each special kind.
fn mark(topics: &mut [TopicView]) {
    topics[0].partitions[0].start_offset = 8;
    topics[0].partitions[0].tiles.retain(|it| it.offset >= 8);
    topics[0].partitions[1].start_offset = 11;
    topics[0].partitions[1].tiles.retain(|it| it.offset >= 11);
    topics[0].partitions[1].tiles[2].mark = Mark::Late(4200);
    topics[0].partitions[2].tiles[12].mark = Mark::Unreadable;
    topics[1].partitions[0].tiles[8].mark = Mark::Tombstone;
    topics[1].partitions[2].tiles[7].face = Face {
        glyph: Glyph::Text("13".into()),
        colour: Colour::Gold,
    };
    topics[4].partitions[0].tiles[17].cause = Some(RecordId {
        partition: PartitionId(6),
        offset: 17,
    });
}

/// The opening laboratory, about half a minute old.
pub(crate) fn opening() -> LabView {
    LabView {
        position: Position {
            step: 512,
            time_ms: START_MS + 30_000,
            hash: "0123456789abcdef".to_owned(),
        },
        producers: vec![
            producer(0, "ratings", 0, "ratings, about 2.7/s"),
            producer(1, "customers", 1, "a change about every 20 s"),
        ],
        topics: topics(),
        queries: queries(),
        tables: tables(),
        readers: readers(),
        ..LabView::default()
    }
}
