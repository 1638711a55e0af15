//! The lines that moving things follow, found in a settled picture.
//!
//! Records leave a lane at its right end, follow the arrows that are drawn, and enter a topic from
//! above its nibs. An empty path means that nothing of the way is in the picture.

use crate::display::{DisplayList, Segment, Target};
use crate::geometry::{Point, Rect};
use crate::metrics::BUS_X;
use headwater_base::{ConsumerId, ProducerId, QueryId, RecordId, StationId};

/// The point a `part` (0 to 1) along a path.
pub(crate) fn along(path: &[Point], part: f64) -> Option<Point> {
    let length: f64 = path.windows(2).map(|it| it[0].distance(it[1])).sum();
    let mut left = length * part.clamp(0.0, 1.0);
    for pair in path.windows(2) {
        let piece = pair[0].distance(pair[1]);
        if left <= piece && piece > 0.0 {
            return Some(pair[0].towards(pair[1], left / piece));
        }
        left -= piece;
    }
    path.last().copied()
}

/// The first `part` of a path, to draw.
pub(crate) fn part(path: &[Point], part: f64) -> Vec<Segment> {
    let length: f64 = path.windows(2).map(|it| it[0].distance(it[1])).sum();
    let mut left = length * part.clamp(0.0, 1.0);
    let mut out: Vec<Segment> = path
        .first()
        .map(|it| Segment::Move(*it))
        .into_iter()
        .collect();
    for pair in path.windows(2) {
        let piece = pair[0].distance(pair[1]);
        if left < piece {
            out.push(Segment::Line(
                pair[0].towards(pair[1], left / piece.max(0.001)),
            ));
            break;
        }
        out.push(Segment::Line(pair[1]));
        left -= piece;
    }
    out
}

/// A record's tile, or the place where it would lie.
fn tile(picture: &DisplayList, record: RecordId) -> Option<Rect> {
    let landing = picture.landings.get(&record.partition);
    picture.rect_of_record(record).or(landing.map(|it| it.rect))
}

/// From a producer, or from above for a hand, into the lane.
pub(crate) fn from_producer(
    picture: &DisplayList,
    producer: Option<ProducerId>,
    record: RecordId,
) -> Vec<Point> {
    let (Some(landing), Some(tile)) = (
        picture.landings.get(&record.partition),
        tile(picture, record),
    ) else {
        return Vec::new();
    };
    let topic = Target::Topic(landing.topic);
    let edge = producer.and_then(|it| picture.edge(&Target::Producer(it), &topic));
    let card = picture.rect_of(&topic);
    let mut path = match (edge, card) {
        (Some(edge), _) => edge.points.clone(),
        (None, Some(card)) => vec![Point::new(card.right() - BUS_X, card.y - 14.0)],
        (None, None) => Vec::new(),
    };
    enter(&mut path, tile);
    path
}

/// Down beside the lanes and into one of them.
fn enter(path: &mut Vec<Point>, tile: Rect) {
    let end = tile.centre();
    if let Some(last) = path.last().copied() {
        path.push(Point::new(last.x, end.y));
    }
    path.push(end);
}

/// From a lane to a query that reads it, or to the ledger through which the query reads it.
pub(crate) fn to_query(picture: &DisplayList, query: QueryId, record: RecordId) -> Vec<Point> {
    let Some(landing) = picture.landings.get(&record.partition) else {
        return Vec::new();
    };
    let topic = Target::Topic(landing.topic);
    let direct = picture.edge(&topic, &Target::Query(query));
    let to_ledger = || {
        let of_query = |it: &Target| matches!(it, Target::Station(id, _) if *id == query);
        let mut arms = picture.edges.iter().filter(|it| of_query(&it.to));
        arms.find_map(|arm| match arm.from == topic {
            true => Some(arm),
            false => picture.edge(&topic, &arm.from),
        })
    };
    let Some(edge) = direct.or_else(to_ledger) else {
        return Vec::new();
    };
    let start = tile(picture, record).map(|it| it.centre());
    let mut path: Vec<Point> = start.into_iter().collect();
    if let (Some(start), Some(first)) = (start, edge.points.first()) {
        // Beside the lanes there is a line that all of them share.
        path.push(Point::new(first.x - BUS_X, start.y));
        path.push(Point::new(first.x - BUS_X, first.y));
    }
    path.extend(&edge.points);
    path
}

/// From a lane to the nearest flag of a reader, in an arc.
pub(crate) fn to_reader(picture: &DisplayList, reader: ConsumerId, record: RecordId) -> Vec<Point> {
    let Some(tile) = picture.rect_of_record(record) else {
        return Vec::new();
    };
    let start = tile.centre();
    let target = Target::Reader(reader);
    let places = picture.zones.iter().filter(|it| it.target == target);
    let places = places.map(|it| it.rect.centre());
    let nearest = places.min_by(|a, b| start.distance(*a).total_cmp(&start.distance(*b)));
    let Some(end) = nearest else {
        return Vec::new();
    };
    let middle = start.towards(end, 0.5);
    vec![start, Point::new(middle.x, middle.y.min(end.y) - 8.0), end]
}

/// From a query into a lane of its sink.
pub(crate) fn to_sink(
    picture: &DisplayList,
    query: QueryId,
    from: Option<Point>,
    record: RecordId,
) -> Vec<Point> {
    let (Some(landing), Some(tile)) = (
        picture.landings.get(&record.partition),
        tile(picture, record),
    ) else {
        return Vec::new();
    };
    let edge = picture.edge(&Target::Query(query), &Target::Topic(landing.topic));
    let mut path: Vec<Point> = from.into_iter().collect();
    path.extend(edge.iter().flat_map(|it| &it.points));
    enter(&mut path, tile);
    path
}

/// From a push query to its rows.
pub(crate) fn to_result(picture: &DisplayList, query: QueryId, from: Option<Point>) -> Vec<Point> {
    let edge = picture.edge(&Target::Query(query), &Target::Result(query));
    let Some(edge) = edge else {
        return Vec::new();
    };
    let mut path: Vec<Point> = from.into_iter().collect();
    path.extend(&edge.points);
    if let Some(end) = edge.points.last() {
        path.push(Point::new(end.x, end.y + 14.0));
    }
    path
}

/// From a station to the row that it looks for, and that row's place; the ledger's foot where the
/// row is not among those in the picture.
pub(crate) fn arm(
    picture: &DisplayList,
    query: QueryId,
    station: StationId,
    key: &str,
) -> Option<(Vec<Point>, Rect)> {
    let target = Target::Station(query, station);
    let edge = picture.edges.iter().find(|it| it.to == target)?;
    let card = picture.cards.iter().find(|it| it.target == edge.from)?;
    let holds = |it: &&crate::Words| {
        matches!(it.target, Target::Row(..)) && it.lines.first().is_some_and(|line| line == key)
    };
    let row = card
        .words
        .iter()
        .find(holds)
        .and_then(|it| picture.rect_of(&it.target));
    let foot = Rect::new(
        card.rect.x,
        card.rect.bottom() - 15.0,
        card.rect.width,
        15.0,
    );
    let row = row.unwrap_or(foot);
    let mut path: Vec<Point> = edge.points.iter().rev().copied().collect();
    if let Some(last) = path.last().copied() {
        let side = if last.x > row.centre().x {
            row.right() - 6.0
        } else {
            row.x + 6.0
        };
        path.push(Point::new(last.x, row.centre().y));
        path.push(Point::new(side, row.centre().y));
    }
    Some((path, row))
}
