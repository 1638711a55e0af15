//! A record's tile, taken apart into plain shapes: outline, colour, glyph, marks.
//!
//! Colour never stands alone: metals carry their letter in a corner, the second six colours a
//! stripe, and what is special about a record is a shape.

use crate::display::{Segment, Shape, Stroke};
use crate::geometry::{Point, Rect};
use crate::ink::{Ink, letter, striped};
use crate::words::{Anchor, Font, TextStyle};
use headwater_view::{Colour, Face, Glyph, Mark};

/// The side of a tile.
pub const SIDE: f64 = 18.0;

const RADIUS: f64 = 3.0;
const OUTLINE: f64 = 1.5;

/// The shapes that make up a tile in `rect`, in the order of painting.
///
/// ```
/// use headwater_scene::{Rect, tile};
/// use headwater_view::{Face, Mark};
/// let parts = tile::parts(Rect::new(0.0, 0.0, 18.0, 18.0), &Face::default(), Mark::None);
/// assert_eq!(parts.len(), 1);
/// ```
pub fn parts(rect: Rect, face: &Face, mark: Mark) -> Vec<Shape> {
    let scale = rect.width / SIDE;
    let mut out = Vec::with_capacity(6);
    let fill = match mark {
        Mark::Tombstone => Ink::Paper,
        _ => Ink::Face(face.colour),
    };
    let outline = match mark {
        Mark::Tombstone => Ink::Ink2,
        _ => Ink::Ink,
    };
    out.push(Shape::Box {
        rect: rect.inset(OUTLINE / 2.0),
        radius: RADIUS * scale,
        fill: Some(fill),
        stroke: Some(Stroke::solid(outline, OUTLINE)),
    });
    let written = Ink::OnFace(face.colour);
    match mark {
        Mark::Tombstone => out.push(cross(rect)),
        Mark::Unreadable => out.push(stripes(rect, 3.5, Stroke::solid(Ink::Error, 1.25))),
        Mark::None | Mark::Late(_) => {
            if striped(face.colour) {
                out.push(stripes(
                    rect,
                    18.0,
                    Stroke::solid(Ink::OnFace(Colour::Gold), 2.0),
                ));
            }
            glyph(&mut out, rect, face, written);
        }
    }
    if matches!(mark, Mark::Late(_)) {
        out.push(notch(rect));
    }
    out
}

fn glyph(out: &mut Vec<Shape>, rect: Rect, face: &Face, ink: Ink) {
    let scale = rect.width / SIDE;
    let metal = letter(face.colour);
    match (&face.glyph, metal) {
        (Glyph::Blank, None) => {}
        (Glyph::Blank, Some(metal)) => out.push(written(rect, metal, 10.0 * scale, ink)),
        (Glyph::Pips(count), metal) => {
            // With a metal's letter the pips keep to the left two thirds.
            let shift = if metal.is_some() { -2.6 * scale } else { 0.0 };
            pips(out, rect.moved(shift, 0.0), *count, ink, metal.is_some());
            if let Some(metal) = metal {
                let corner = rect.moved(5.0 * scale, 0.0);
                out.push(written(corner, metal, 7.5 * scale, ink));
            }
        }
        (Glyph::Text(text), _) => {
            let short: String = text.chars().take(3).collect();
            let size = [11.0, 11.0, 9.5, 7.5][short.chars().count().min(3)];
            out.push(written(rect, &short, size * scale, ink));
        }
    }
}

fn written(rect: Rect, text: &str, size: f64, ink: Ink) -> Shape {
    let centre = rect.centre();
    Shape::Text {
        at: Point::new(centre.x, centre.y + size * 0.35),
        text: text.to_owned(),
        style: TextStyle {
            font: Font::Mono,
            size,
            weight: 600,
            line: size,
        },
        ink,
        anchor: Anchor::Middle,
    }
}

/// Places of pips on a three by three grid, numbered row by row, for 0 to 9 pips.
const PIPS: [&[u8]; 10] = [
    &[],
    &[4],
    &[2, 6],
    &[2, 4, 6],
    &[0, 2, 6, 8],
    &[0, 2, 4, 6, 8],
    &[0, 2, 3, 5, 6, 8],
    &[0, 2, 3, 4, 5, 6, 8],
    &[0, 1, 2, 3, 5, 6, 7, 8],
    &[0, 1, 2, 3, 4, 5, 6, 7, 8],
];

fn pips(out: &mut Vec<Shape>, rect: Rect, count: u8, ink: Ink, slim: bool) {
    let scale = rect.width / SIDE;
    let Some(places) = PIPS.get(usize::from(count)) else {
        out.push(written(rect, &count.to_string(), 9.5 * scale, ink));
        return;
    };
    let centre = rect.centre();
    let (across, radius) = if slim { (3.1, 1.35) } else { (4.4, 1.7) };
    for place in *places {
        let column = f64::from(place % 3) - 1.0;
        let row = f64::from(place / 3) - 1.0;
        out.push(Shape::Circle {
            centre: Point::new(
                centre.x + column * across * scale,
                centre.y + row * 4.4 * scale,
            ),
            radius: radius * scale,
            fill: Some(ink),
            stroke: None,
        });
    }
}

fn cross(rect: Rect) -> Shape {
    let inner = rect.inset(rect.width * 0.3);
    Shape::Path {
        path: vec![
            Segment::Move(Point::new(inner.x, inner.y)),
            Segment::Line(Point::new(inner.right(), inner.bottom())),
            Segment::Move(Point::new(inner.right(), inner.y)),
            Segment::Line(Point::new(inner.x, inner.bottom())),
        ],
        fill: None,
        stroke: Some(Stroke::solid(Ink::Ink, 1.5)),
    }
}

/// Diagonal lines over a tile, `apart` from each other along its upper edge.
fn stripes(rect: Rect, apart: f64, stroke: Stroke) -> Shape {
    let inner = rect.inset(2.0);
    let mut path = Vec::new();
    let mut sum = apart.min(inner.width);
    // Points with equal x + y; `sum` is measured from the upper left corner.
    while sum < inner.width + inner.height {
        let high = sum.min(inner.width);
        let low = sum.min(inner.height);
        path.push(Segment::Move(Point::new(
            inner.x + high,
            inner.y + sum - high,
        )));
        path.push(Segment::Line(Point::new(
            inner.x + sum - low,
            inner.y + low,
        )));
        sum += apart;
    }
    Shape::Path {
        path,
        fill: None,
        stroke: Some(stroke),
    }
}

fn notch(rect: Rect) -> Shape {
    let size = rect.width * 0.36;
    Shape::Path {
        path: vec![
            Segment::Move(Point::new(rect.right() - size, rect.y - 0.5)),
            Segment::Line(Point::new(rect.right() + 0.5, rect.y - 0.5)),
            Segment::Line(Point::new(rect.right() + 0.5, rect.y + size)),
            Segment::Close,
        ],
        fill: Some(Ink::Warn),
        stroke: Some(Stroke::solid(Ink::Ink, 1.0)),
    }
}
