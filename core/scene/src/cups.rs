//! The cups of a GROUP BY: one a group, with its newest value; the one that changed last is lit,
//! and the value that it had before is struck out.

use crate::display::{Dash, Layer, Segment, Shape, Stroke, Target, Words};
use crate::flow;
use crate::geometry::{Point, Rect};
use crate::ink::Ink;
use crate::metrics::{CUP, CUPS, PAD};
use crate::sheet::Sheet;
use crate::words::{Anchor, TextStyle};
use headwater_base::order;
use headwater_view::{QueryView, StationView};

/// A cup's depth.
const DEPTH: f64 = 18.0;

/// A place in the row of cups.
struct Seat {
    x: f64,
    top: f64,
    pitch: f64,
}

/// Draws the cups in the order of their keys, those that changed last if not all have room.
pub(crate) fn draw(
    sheet: &mut Sheet<'_>,
    query: &QueryView,
    station: &StationView,
    place: Rect,
    words: &mut Vec<Words>,
) {
    let room = place.width - 2.0 * PAD;
    let seats = (room / CUP).floor().max(1.0) as usize;
    let pitch = room / seats as f64;
    let newest = station.cups.len().saturating_sub(seats);
    let changed = station.cups.last().map(|it| it.0.as_str());
    let mut cups: Vec<&(String, String)> = station.cups[newest..].iter().collect();
    order::sort_by(&mut cups, |a, b| a.0.cmp(&b.0));
    let fast = flow::is_fast(sheet, query);
    for place_in_row in 0..seats {
        let seat = Seat {
            x: place.x + PAD + place_in_row as f64 * pitch,
            top: place.bottom() - CUPS + 2.0,
            pitch,
        };
        let Some((key, value)) = cups.get(place_in_row).copied() else {
            let target = Target::Station(query.id, station.id);
            let stroke = Stroke::broken(Ink::Line, 1.0, Dash::Dotted);
            draw_cup(sheet, &target, &seat, stroke);
            continue;
        };
        let target = Target::Cup(query.id, station.id, key.clone());
        let last = changed == Some(key.as_str());
        let ink = if last { Ink::Table } else { Ink::Ink2 };
        let stroke = Stroke::solid(ink, if last { 2.0 } else { 1.25 });
        draw_cup(sheet, &target, &seat, stroke);
        if let Some(level) = flow::level(value, &station.cups).filter(|_| fast) {
            draw_level(sheet, &target, &seat, level);
        }
        let zone = Rect::new(seat.x, seat.top, pitch - 4.0, CUPS - 4.0);
        sheet.zone(zone, target.clone());
        let was = station
            .was
            .as_deref()
            .filter(|it| last && !fast && *it != value);
        words.extend(values(sheet, &target, &seat, value, was, last));
        let key = sheet.words(
            &target,
            Point::new(seat.x - 2.0, seat.top + 20.0),
            pitch,
            key,
        );
        words.push(
            key.style(TextStyle::TINY, Ink::Ink2)
                .anchor(Anchor::Middle)
                .line(),
        );
    }
}

/// The value in a cup, and before it the one that it replaced, struck out, where both have room.
fn values(
    sheet: &mut Sheet<'_>,
    target: &Target,
    seat: &Seat,
    value: &str,
    was: Option<&str>,
    last: bool,
) -> Vec<Words> {
    let style = if last {
        TextStyle::STRONG
    } else {
        TextStyle::DATA
    };
    let room = seat.pitch - 10.0;
    let mut from = seat.x + 3.0;
    let mut out = Vec::new();
    let old_style = TextStyle::TINY;
    let old_width = was.map_or(0.0, |it| old_style.width(it));
    let both = old_width + 3.0 + style.width(value);
    let was = was.filter(|_| both <= room + 2.0);
    if let Some(was) = was {
        from += (room - both).max(0.0) / 2.0;
        let at = Point::new(from, seat.top + 3.0);
        let old = sheet.words(target, at, old_width + 1.0, was);
        out.push(old.style(old_style, Ink::Ink2).struck().line());
        from += old_width + 3.0;
    }
    let (width, anchor) = match was {
        Some(_) => (style.width(value) + 1.0, Anchor::Start),
        None => (room, Anchor::Middle),
    };
    let value = sheet.words(target, Point::new(from, seat.top), width, value);
    out.push(value.style(style, Ink::Ink).anchor(anchor).line());
    out
}

fn draw_cup(sheet: &mut Sheet<'_>, target: &Target, seat: &Seat, stroke: Stroke) {
    let (x, right) = (seat.x, seat.x + seat.pitch - 4.0);
    let path = vec![
        Segment::Move(Point::new(x, seat.top)),
        Segment::Line(Point::new(x + 4.0, seat.top + DEPTH)),
        Segment::Line(Point::new(right - 4.0, seat.top + DEPTH)),
        Segment::Line(Point::new(right, seat.top)),
    ];
    sheet.path(Layer::Cards, target, path, Some(Ink::Paper), Some(stroke));
}

/// A cup filled to a level, as a bar: at high rates its number cannot be read anyway.
fn draw_level(sheet: &mut Sheet<'_>, target: &Target, seat: &Seat, level: f64) {
    let height = (DEPTH - 2.0) * level;
    let shape = Shape::Box {
        rect: Rect::new(
            seat.x + 4.0,
            seat.top + DEPTH - 1.0 - height,
            seat.pitch - 12.0,
            height,
        ),
        radius: 0.0,
        fill: Some(Ink::Table),
        stroke: None,
    };
    let alpha = 0.3 * sheet.alpha(target);
    sheet.wash(Layer::Cards, target, alpha, None, shape);
}
