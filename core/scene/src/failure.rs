//! The note pinned to a query that an error stopped for good: what happened, and at which record.

use crate::display::{Layer, Shape, Target, Words};
use crate::geometry::{Point, Rect};
use crate::ink::Ink;
use crate::metrics::PAD;
use crate::options::Options;
use crate::sheet::Sheet;
use crate::words::TextStyle;
use headwater_view::{QueryFailure, QueryView};

/// Lines of the message while the query is folded, and while it is open.
const LINES: [usize; 2] = [3, 12];
/// Above and below the text.
const ROOM: f64 = 5.0;

fn lines_max(query: &QueryView, options: &Options) -> usize {
    LINES[usize::from(options.open_queries.contains(&query.id))]
}

/// How much higher the note makes the card.
pub(crate) fn height(query: &QueryView, options: &Options, width: f64) -> f64 {
    let Some(failure) = &query.failure else {
        return 0.0;
    };
    let style = TextStyle::NOTE;
    let (lines, _) = style.wrap(
        &failure.message,
        width - 2.0 * PAD - 4.0,
        lines_max(query, options),
    );
    let place = if failure.record.is_some() { 1 } else { 0 };
    (lines.len() + place) as f64 * style.line + 2.0 * ROOM
}

/// Draws the note at the foot of the card.
pub(crate) fn draw(sheet: &mut Sheet<'_>, query: &QueryView, card: Rect, top: f64) -> Vec<Words> {
    let Some(failure) = &query.failure else {
        return Vec::new();
    };
    let target = Target::Failure(query.id);
    let height = height(query, sheet.options, card.width);
    let place = Rect::new(card.x + 2.0, top, card.width - 4.0, height);
    let wash = |ink: Ink, rect: Rect| Shape::Box {
        rect,
        radius: 0.0,
        fill: Some(ink),
        stroke: None,
    };
    let alpha = sheet.alpha(&target);
    sheet.wash(
        Layer::Cards,
        &target,
        0.12 * alpha,
        None,
        wash(Ink::Error, place),
    );
    let edge = Rect::new(place.x, place.y, 3.0, place.height);
    sheet.wash(Layer::Cards, &target, alpha, None, wash(Ink::Error, edge));
    sheet.zone(place, target.clone());
    words(sheet, query, failure, card, top)
}

fn words(
    sheet: &Sheet<'_>,
    query: &QueryView,
    failure: &QueryFailure,
    card: Rect,
    top: f64,
) -> Vec<Words> {
    let target = Target::Failure(query.id);
    let room = card.width - 2.0 * PAD - 4.0;
    let at = Point::new(card.x + PAD + 2.0, top + ROOM);
    let message = sheet.words(&target, at, room, &failure.message);
    let message = message
        .style(TextStyle::NOTE, Ink::Error)
        .lines(lines_max(query, sheet.options));
    let below = at.y + message.rect.height;
    let mut out = vec![message];
    if failure.record.is_some() {
        let text = format!("stopped by {}", failure.place);
        let place = sheet.words(&target, Point::new(at.x, below), room, &text);
        out.push(place.style(TextStyle::NOTE, Ink::Ink).line());
    }
    out
}
