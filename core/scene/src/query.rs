//! A query's card: its name, and a station a clause, with what each rejected and counted.

use crate::cups;
use crate::display::{Card, Dash, Layer, Segment, Shape, Stroke, Target, Words};
use crate::failure;
use crate::flow;
use crate::geometry::{Point, Rect};
use crate::ink::Ink;
use crate::metrics::{CLAUSE_LINES, CUPS, HEADER, ICON, PAD, TRAY};
use crate::options::Options;
use crate::sheet::{Ports, Sheet};
use crate::words::{Anchor, TextStyle};
use headwater_view::{QueryKind, QueryState, QueryView, StationKind, StationView};

const STATION_PAD: f64 = 3.0;

fn has_tray(station: &StationView) -> bool {
    let rejects = matches!(station.kind, StationKind::Where | StationKind::Having);
    rejects || !station.rejected.is_empty()
}

fn clause_room(station: &StationView, width: f64) -> f64 {
    let tray = if has_tray(station) { TRAY } else { 0.0 };
    width - ICON - PAD - 2.0 - tray
}

fn lines_max(query: &QueryView, station: &StationView, options: &Options) -> usize {
    let open = options.open_queries.contains(&query.id);
    let short = options.short && station.kind == StationKind::Select;
    match short && !open {
        true => 1,
        false => CLAUSE_LINES[usize::from(open)],
    }
}

fn station_height(query: &QueryView, station: &StationView, options: &Options, width: f64) -> f64 {
    let style = TextStyle::CLAUSE;
    let max = lines_max(query, station, options);
    let (lines, _) = style.wrap(&station.sql, clause_room(station, width), max);
    let text = lines.len().max(1) as f64 * style.line + 2.0 * STATION_PAD;
    match station.kind {
        StationKind::GroupBy => text + CUPS,
        _ => text,
    }
}

/// The card's height.
pub(crate) fn height(query: &QueryView, options: &Options, width: f64) -> f64 {
    let stations = query.stations.iter();
    let sum: f64 = stations
        .map(|it| station_height(query, it, options, width))
        .sum();
    HEADER + sum + 1.0 + failure::height(query, options, width)
}

/// Draws the card.
pub(crate) fn draw(sheet: &mut Sheet<'_>, query: &QueryView, rect: Rect) {
    let target = Target::Query(query.id);
    let stroke = match (query.kind, query.state) {
        (_, QueryState::Error) => Stroke::solid(Ink::Error, 1.75),
        (QueryKind::Push, _) => Stroke::broken(Ink::Ink, 1.5, Dash::Dashed),
        (QueryKind::Persistent, _) => Stroke::solid(Ink::Ink, 1.5),
    };
    sheet.frame(rect, &target, 0x9000 + u64::from(query.id.0), stroke);
    let mut words = draw_header(sheet, query, rect, &target);
    let mut top = rect.y + HEADER;
    let mut first = None;
    let mut last = top;
    for station in &query.stations {
        let height = station_height(query, station, sheet.options, rect.width);
        let place = Rect::new(rect.x, top, rect.width, height);
        words.push(draw_station(sheet, query, station, place));
        if station.kind == StationKind::GroupBy {
            cups::draw(sheet, query, station, place, &mut words);
        }
        let middle = top + TextStyle::CLAUSE.line / 2.0 + STATION_PAD;
        first.get_or_insert(middle);
        last = middle;
        let ports = Ports {
            enter: middle,
            leave: middle,
            reach: 0.0,
            rect,
        };
        sheet
            .ports
            .insert(Target::Station(query.id, station.id), ports);
        top += height;
    }
    words.extend(failure::draw(sheet, query, rect, top));
    let ports = Ports {
        enter: first.unwrap_or(rect.y + HEADER / 2.0),
        leave: last,
        reach: 0.0,
        rect,
    };
    sheet.ports.insert(target.clone(), ports);
    sheet.card(Card {
        offer: None,
        label: format!("query {}", query.name),
        open: Some(sheet.options.open_queries.contains(&query.id)),
        target,
        rect,
        words,
    });
}

fn draw_header(
    sheet: &mut Sheet<'_>,
    query: &QueryView,
    rect: Rect,
    target: &Target,
) -> Vec<Words> {
    let (state, ink) = match query.state {
        QueryState::Running | QueryState::Ended => (query.emitted.to_string(), Ink::Ink2),
        QueryState::Paused => ("paused".to_owned(), Ink::Warn),
        QueryState::Error => ("error".to_owned(), Ink::Error),
    };
    let y = rect.y + HEADER;
    let line = [rect.x + 1.0, y, rect.right() - 1.0, y];
    sheet.rule(Layer::Cards, target, line, Stroke::solid(Ink::Ink, 1.0));
    let style = TextStyle::DATA;
    let note = style.width(&state);
    let room = rect.width - 2.0 * PAD - note - 8.0;
    let at = Point::new(rect.x + PAD, rect.y + 3.0);
    let name = sheet.words(target, at, room, &query.name);
    let at = Point::new(rect.right() - PAD - note, rect.y + 3.0);
    let state = sheet.words(target, at, note + 1.0, &state);
    vec![
        name.style(TextStyle::NAME, Ink::Ink).name(),
        state.style(style, ink).anchor(Anchor::End).line(),
    ]
}

fn draw_station(
    sheet: &mut Sheet<'_>,
    query: &QueryView,
    station: &StationView,
    place: Rect,
) -> Words {
    let target = Target::Station(query.id, station.id);
    sheet.zone(place, target.clone());
    if place.y > sheet.ports.get(&target).map_or(0.0, |it| it.rect.y) + HEADER {
        let line = [place.x + ICON, place.y, place.right() - PAD, place.y];
        let rule = Stroke::broken(Ink::Line, 0.75, Dash::Dotted);
        sheet.rule(Layer::Cards, &target, line, rule);
    }
    let middle = place.y + STATION_PAD + TextStyle::CLAUSE.line / 2.0;
    draw_icon(
        sheet,
        &target,
        station.kind,
        Point::new(place.x + 12.0, middle),
    );
    if has_tray(station) {
        draw_tray(sheet, query, station, place);
        if flow::is_fast(sheet, query) {
            let room = Rect::new(
                place.x + ICON,
                place.y,
                place.width - ICON - PAD,
                place.height,
            );
            flow::draw_split(sheet, &target, station, room);
        }
    }
    let at = Point::new(place.x + ICON, place.y + STATION_PAD);
    let words = sheet.words(&target, at, clause_room(station, place.width), &station.sql);
    let max = lines_max(query, station, sheet.options);
    words.style(TextStyle::CLAUSE, Ink::Ink).lines(max)
}

/// A shallow tray with the number of records that ended here.
fn draw_tray(sheet: &mut Sheet<'_>, query: &QueryView, station: &StationView, place: Rect) {
    let target = Target::Tray(query.id, station.id);
    let rect = Rect::new(place.right() - TRAY, place.y + 3.0, TRAY - 6.0, 17.0);
    let count: u64 = station.rejected.iter().map(|it| it.1).sum();
    let (left, right, top, bottom) = (rect.x, rect.right(), rect.y + 5.0, rect.bottom());
    let tray = vec![
        Segment::Move(Point::new(left, top)),
        Segment::Line(Point::new(left + 3.0, bottom)),
        Segment::Line(Point::new(right - 3.0, bottom)),
        Segment::Line(Point::new(right, top)),
    ];
    let ink = if count > 0 { Ink::Error } else { Ink::Line };
    let stroke = Stroke::solid(ink, 1.25);
    sheet.path(Layer::Cards, &target, tray, Some(Ink::Sunken), Some(stroke));
    if count > 0 {
        let shape = Shape::Text {
            at: Point::new(rect.centre().x, bottom - 2.5),
            text: short(count),
            style: TextStyle::TINY,
            ink: Ink::Ink,
            anchor: Anchor::Middle,
        };
        sheet.paint(Layer::Cards, &target, shape);
    }
    sheet.zone(rect, target);
}

/// A count in at most five characters.
///
/// Counts are exact up to 9999; what is larger is rounded down.
pub(crate) fn short(count: u64) -> String {
    match count {
        0..=9_999 => count.to_string(),
        10_000..=999_999 => format!("{}k", count / 1_000),
        _ => format!("{}M", count / 1_000_000),
    }
}

/// What kind of station it is, at twelve pixels.
fn draw_icon(sheet: &mut Sheet<'_>, target: &Target, kind: StationKind, at: Point) {
    let p = |x: f64, y: f64| Point::new(at.x + x, at.y + y);
    let (mv, ln) = (Segment::Move, Segment::Line);
    let path = match kind {
        // An arrow that comes in.
        StationKind::From => vec![
            mv(p(-5.0, 0.0)),
            ln(p(4.0, 0.0)),
            mv(p(1.0, -3.5)),
            ln(p(4.5, 0.0)),
            ln(p(1.0, 3.5)),
        ],
        // An arm with a hand.
        StationKind::Join => vec![
            mv(p(5.0, 0.0)),
            ln(p(-1.0, 0.0)),
            mv(p(-5.0, -3.5)),
            Segment::Quad(p(-0.5, -3.5), p(-0.5, 0.0)),
            Segment::Quad(p(-0.5, 3.5), p(-5.0, 3.5)),
        ],
        // A sieve.
        StationKind::Where | StationKind::Having => vec![
            mv(p(-5.5, -4.0)),
            ln(p(5.5, -4.0)),
            ln(p(1.5, 1.0)),
            ln(p(1.5, 5.0)),
            ln(p(-1.5, 5.0)),
            ln(p(-1.5, 1.0)),
            Segment::Close,
        ],
        // A cup.
        StationKind::GroupBy => vec![
            mv(p(-4.5, -4.0)),
            ln(p(-3.0, 4.5)),
            ln(p(3.0, 4.5)),
            ln(p(4.5, -4.0)),
        ],
        // A fork.
        StationKind::PartitionBy => vec![
            mv(p(-5.0, 0.0)),
            ln(p(-1.0, 0.0)),
            ln(p(4.5, -4.0)),
            mv(p(-1.0, 0.0)),
            ln(p(4.5, 0.0)),
            mv(p(-1.0, 0.0)),
            ln(p(4.5, 4.0)),
        ],
        // Lines that are written.
        StationKind::Select => vec![
            mv(p(-4.5, -3.5)),
            ln(p(4.5, -3.5)),
            mv(p(-4.5, 0.0)),
            ln(p(4.5, 0.0)),
            mv(p(-4.5, 3.5)),
            ln(p(1.0, 3.5)),
        ],
    };
    let ink = match kind {
        StationKind::Join => Ink::Table,
        _ => Ink::Ink2,
    };
    sheet.path(
        Layer::Cards,
        target,
        path,
        None,
        Some(Stroke::solid(ink, 1.25)),
    );
}
