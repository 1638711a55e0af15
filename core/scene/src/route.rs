//! Arrows: along the gaps between columns and between groups, never across a lane.
//!
//! Arrows from one thing share their stretches: they are one bundle until they part.

use crate::display::{Edge, Layer, Segment, Shape, Stroke, Target};
use crate::flow;
use crate::geometry::Point;
use crate::graph::Link;
use crate::ink::Ink;
use crate::metrics::{BUS_X, GAP};
use crate::place::Plan;
use crate::sheet::{Ports, Sheet};
use headwater_base::order;

/// Between neighbouring tracks in a gap.
const TRACK: f64 = 6.0;
/// Between neighbouring tracks in the gutter, and how many there are.
const GUTTER_TRACK: f64 = 5.0;
const GUTTER_TRACKS: usize = 4;

/// Which sources already have a track, by gap (even numbers) and corridor (odd numbers).
#[derive(Default)]
struct Tracks {
    taken: Vec<(usize, Target)>,
    gutter: Vec<(Target, usize)>,
}

impl Tracks {
    /// The place of `source` among those that pass through `gap`.
    fn of(&mut self, gap: usize, source: &Target) -> usize {
        let here = self.taken.iter().filter(|it| it.0 == gap);
        let mut here = here.enumerate();
        if let Some((place, _)) = here.find(|(_, it)| it.1 == *source) {
            return place;
        }
        self.taken.push((gap, source.clone()));
        self.taken.iter().filter(|it| it.0 == gap).count() - 1
    }
}

/// Finds the way of every link and draws it.
pub(crate) fn draw(sheet: &mut Sheet<'_>, plan: &Plan, links: &[Link]) {
    let mut tracks = Tracks {
        gutter: gutter(sheet, links),
        ..Tracks::default()
    };
    let mut drawn: Vec<Vec<Point>> = Vec::new();
    for link in links {
        let ports = (sheet.ports.get(&link.from), sheet.ports.get(&link.to));
        let (Some(from), Some(to)) = (ports.0.copied(), ports.1.copied()) else {
            continue;
        };
        let points = way(plan, &mut tracks, link, from, to);
        if !drawn.contains(&points) {
            draw_arrow(sheet, link, &points);
            draw_reach(sheet, link, &from, &points);
            drawn.push(points.clone());
        }
        sheet.list.edges.push(Edge {
            from: link.from.clone(),
            to: link.to.clone(),
            points,
        });
    }
}

/// Tracks in the gutter of the narrow picture: sources whose arrows run side by side get different
/// ones, as long as there are enough.
fn gutter(sheet: &Sheet<'_>, links: &[Link]) -> Vec<(Target, usize)> {
    let mut spans: Vec<(Target, f64, f64)> = Vec::new();
    for link in links {
        let (Some(from), Some(to)) = (sheet.ports.get(&link.from), sheet.ports.get(&link.to))
        else {
            continue;
        };
        if goes_down(link, from, to) {
            continue;
        }
        let (low, high) = (from.leave.min(to.enter), from.leave.max(to.enter));
        match spans.iter_mut().find(|it| it.0 == link.from) {
            Some(span) => (span.1, span.2) = (span.1.min(low), span.2.max(high)),
            None => spans.push((link.from.clone(), low, high)),
        }
    }
    order::sort_by(&mut spans, |a, b| a.1.total_cmp(&b.1));
    let mut ends = [f64::NEG_INFINITY; GUTTER_TRACKS];
    let mut out = Vec::new();
    for (source, low, high) in spans {
        let free = ends.iter().position(|end| *end + 4.0 < low);
        let track = free.unwrap_or(out.len() % GUTTER_TRACKS);
        ends[track] = ends[track].max(high);
        out.push((source, track));
    }
    out
}

/// Inside a topic's card: from its lanes to its edge, where an arrow begins there.
fn draw_reach(sheet: &mut Sheet<'_>, link: &Link, from: &Ports, points: &[Point]) {
    let Some(start) = points.first() else {
        return;
    };
    let at_edge = (start.x - from.rect.right()).abs() < 0.5;
    let again = sheet
        .list
        .edges
        .iter()
        .any(|it| it.from == link.from && it.points[0] == *start);
    if from.reach > 0.0 && at_edge && !again {
        let line = [start.x - from.reach, start.y, start.x, start.y];
        let stroke = Stroke::solid(Ink::Ink, 1.25);
        sheet.rule(Layer::Lanes, &link.from, line, stroke);
    }
}

/// Whether an arrow goes straight down from one block to the next.
fn goes_down(link: &Link, from: &Ports, to: &Ports) -> bool {
    let same_column = (from.rect.x - to.rect.x).abs() < 1.0;
    let below = to.rect.y - from.rect.bottom();
    same_column && (0.0..40.0).contains(&below) && is_neighbour(link)
}

fn way(plan: &Plan, tracks: &mut Tracks, link: &Link, from: Ports, to: Ports) -> Vec<Point> {
    if goes_down(link, &from, &to) {
        let x = from.rect.right() - BUS_X;
        let start = match link.from {
            Target::Producer(_) => Point::new(x, from.leave),
            _ => Point::new(x, from.rect.bottom()),
        };
        let mut points = vec![start, Point::new(x, to.rect.y)];
        if matches!(link.from, Target::Producer(_)) {
            points.insert(0, Point::new(x - 8.0, from.leave));
        }
        return points;
    }
    match plan.narrow {
        true => way_in_gutter(plan, tracks, link, from, to),
        false => way_between_columns(plan, tracks, link, from, to),
    }
}

/// Links that may go straight down from one block to the next.
fn is_neighbour(link: &Link) -> bool {
    matches!(
        (&link.from, &link.to),
        (Target::Producer(_), Target::Topic(_))
            | (Target::Query(_), Target::Topic(_) | Target::Result(_))
            | (Target::Topic(_), Target::Table(_))
    )
}

fn way_in_gutter(plan: &Plan, tracks: &Tracks, link: &Link, from: Ports, to: Ports) -> Vec<Point> {
    let mut gutter = tracks.gutter.iter();
    let track = gutter.find(|it| it.0 == link.from).map_or(0, |it| it.1);
    let x = plan.width - 7.0 - GUTTER_TRACK * track as f64;
    vec![
        Point::new(from.rect.right(), from.leave),
        Point::new(x, from.leave),
        Point::new(x, to.enter),
        Point::new(to.rect.right(), to.enter),
    ]
}

fn column_of(plan: &Plan, ports: &Ports) -> usize {
    let mut columns = plan.columns.iter();
    columns
        .position(|it| (it.x - ports.rect.x).abs() < 1.0)
        .unwrap_or(0)
}

fn way_between_columns(
    plan: &Plan,
    tracks: &mut Tracks,
    link: &Link,
    from: Ports,
    to: Ports,
) -> Vec<Point> {
    // Gap `n` lies left of column `n`.
    let (mut gap, goal) = (column_of(plan, &from) + 1, column_of(plan, &to));
    let mut points = vec![Point::new(from.rect.right(), from.leave)];
    let mut y = from.leave;
    loop {
        let x = track_x(plan, tracks, gap, &link.from);
        points.push(Point::new(x, y));
        if gap == goal {
            points.push(Point::new(x, to.enter));
            break;
        }
        let crossed = if goal > gap { gap } else { gap - 1 };
        y = corridor(plan, tracks, crossed, &link.from, y, to.enter);
        points.push(Point::new(x, y));
        gap = if goal > gap { gap + 1 } else { gap - 1 };
    }
    points.push(Point::new(to.rect.x, to.enter));
    points.dedup_by(|a, b| a.distance(*b) < 0.5);
    points
}

fn track_x(plan: &Plan, tracks: &mut Tracks, gap: usize, source: &Target) -> f64 {
    let track = tracks.of(2 * gap, source);
    let seats = ((GAP - 20.0) / TRACK).floor().max(1.0) as usize;
    match (gap, plan.columns.get(gap), plan.columns.last()) {
        // The margins are slim; only arrows of a cycle pass there.
        (0, _, _) => 3.0 + 3.0 * (track % 2) as f64,
        (_, Some(column), _) => column.x - GAP + 10.0 + TRACK * (track % seats) as f64,
        (_, None, Some(last)) => last.x + last.width + 4.0 + 3.0 * (track % 3) as f64,
        (_, None, None) => 0.0,
    }
}

/// A height at which one can pass through a column between its groups.
fn corridor(
    plan: &Plan,
    tracks: &mut Tracks,
    column: usize,
    source: &Target,
    from: f64,
    to: f64,
) -> f64 {
    let taken = &plan.columns[column].taken;
    let mut heights = Vec::new();
    let mut upper = 0.0;
    for (top, bottom) in taken {
        heights.push((upper + top) / 2.0);
        upper = *bottom;
    }
    heights.push(upper + 10.0);
    let cost = |it: &f64| (it - from).abs() + (it - to).abs();
    let mut heights_by_cost = heights.into_iter().enumerate();
    let first = heights_by_cost.next().unwrap_or((0, 8.0));
    let (place, height) = heights_by_cost.fold(first, |best, it| {
        if cost(&it.1) < cost(&best.1) {
            it
        } else {
            best
        }
    });
    let seat = tracks.of(1 + 2 * (column * 1_000 + place), source) % 3;
    height + [0.0, -4.0, 4.0][seat]
}

fn draw_arrow(sheet: &mut Sheet<'_>, link: &Link, points: &[Point]) {
    let ink = match (&link.from, &link.to) {
        (Target::Table(_), _) => Ink::Table,
        _ => Ink::Ink,
    };
    let seed = match &link.from {
        Target::Topic(id) => 11 + u64::from(id.0),
        Target::Query(id) => 7001 + u64::from(id.0),
        _ => 3,
    };
    let alpha = sheet.alpha(&link.from).min(sheet.alpha(&link.to));
    let path = sheet.hand(seed).line(points, 6.0);
    let rate = flow::rate_along(sheet, link);
    let line = Shape::Path {
        path: path.clone(),
        fill: None,
        stroke: Some(Stroke::solid(
            ink,
            rate.map_or(1.5, |it| flow::width(it) + 2.5),
        )),
    };
    sheet.wash(Layer::Edges, &link.from, alpha, None, line);
    if let Some(rate) = rate {
        flow::draw_bed(sheet, &link.from, alpha, path, (points, rate));
    }
    let [.., before, end] = points else {
        return;
    };
    let length = before.distance(*end).max(0.001);
    let (dx, dy) = ((end.x - before.x) / length, (end.y - before.y) / length);
    let back = Point::new(end.x - 7.0 * dx, end.y - 7.0 * dy);
    let head = vec![
        Segment::Move(*end),
        Segment::Line(Point::new(back.x - 3.5 * dy, back.y + 3.5 * dx)),
        Segment::Line(Point::new(back.x + 3.5 * dy, back.y - 3.5 * dx)),
        Segment::Close,
    ];
    let head = Shape::Path {
        path: head,
        fill: Some(ink),
        stroke: None,
    };
    sheet.wash(Layer::Edges, &link.from, alpha, None, head);
}
