//! The hand: lines that waver a little, always the same for the same seed and place.
//!
//! The wavering is a function of seed and place on the page, so two arrows of one bundle that run
//! along the same stretch lie exactly on each other.

use crate::display::Segment;
use crate::geometry::{Point, Rect};

/// How far a line may stray.
const STRAY: f64 = 0.6;
/// Length of a piece of line.
const PIECE: f64 = 26.0;

/// How a line is drawn by hand; without a seed it is straight.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hand {
    seed: Option<u64>,
}

impl Hand {
    pub(crate) fn new(seed: u64, plain: bool) -> Hand {
        Hand {
            seed: (!plain).then_some(seed),
        }
    }

    /// The outline of a card.
    pub(crate) fn outline(&self, rect: &Rect, radius: f64) -> Vec<Segment> {
        let (left, top, right, bottom) = (rect.x, rect.y, rect.right(), rect.bottom());
        let corners = [
            (left, top, right, top),
            (right, top, right, bottom),
            (right, bottom, left, bottom),
            (left, bottom, left, top),
        ];
        let mut path = Vec::new();
        for (ax, ay, bx, by) in corners {
            let (a, b) = (Point::new(ax, ay), Point::new(bx, by));
            let part = radius / a.distance(b).max(2.0 * radius);
            let (start, end) = (a.towards(b, part), b.towards(a, part));
            match path.is_empty() {
                true => path.push(Segment::Move(start)),
                false => path.push(Segment::Quad(a, start)),
            }
            self.stroke_to(&mut path, start, end);
        }
        let first = Point::new(left, top);
        if let Some(Segment::Move(start)) = path.first().copied() {
            path.push(Segment::Quad(first, start));
        }
        path.push(Segment::Close);
        path
    }

    /// A line through these corners, which are rounded.
    pub(crate) fn line(&self, points: &[Point], radius: f64) -> Vec<Segment> {
        let Some(first) = points.first() else {
            return Vec::new();
        };
        let mut path = vec![Segment::Move(*first)];
        let mut at = *first;
        for (place, corner) in points.iter().enumerate().skip(1) {
            let Some(next) = points.get(place + 1) else {
                self.stroke_to(&mut path, at, *corner);
                break;
            };
            let before = points[place - 1].distance(*corner);
            let room = radius.min(before / 2.0).min(corner.distance(*next) / 2.0);
            let enter = corner.towards(points[place - 1], room / before.max(0.001));
            let leave = corner.towards(*next, room / corner.distance(*next).max(0.001));
            self.stroke_to(&mut path, at, enter);
            path.push(Segment::Quad(*corner, leave));
            at = leave;
        }
        path
    }

    /// A stroke along an axis: strays at places that lie on one grid over the whole page.
    fn stroke_to(&self, path: &mut Vec<Segment>, from: Point, to: Point) {
        if let Some(seed) = self.seed {
            let level = (from.y - to.y).abs() < 0.01;
            let (start, end, across) = match level {
                true => (from.x, to.x, from.y),
                false => (from.y, to.y, from.x),
            };
            let (low, high) = (start.min(end), start.max(end));
            let first = (low / PIECE).floor() as i64 + 1;
            let last = (high / PIECE).ceil() as i64 - 1;
            let mut grid: Vec<i64> = (first..=last).collect();
            if start > end {
                grid.reverse();
            }
            for cell in grid {
                let along = cell as f64 * PIECE;
                if along - low < 3.0 || high - along < 3.0 {
                    continue;
                }
                let strayed = across + STRAY * noise(seed, cell, across as i64);
                path.push(Segment::Line(match level {
                    true => Point::new(along, strayed),
                    false => Point::new(strayed, along),
                }));
            }
        }
        path.push(Segment::Line(to));
    }
}

/// A number from -1 to 1 that depends on nothing but its arguments.
fn noise(seed: u64, cell: i64, across: i64) -> f64 {
    let mut state = seed ^ (cell as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    state ^= (across as u64).wrapping_mul(0xC2B2_AE3D_27D4_EB4F);
    state = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    state = (state ^ (state >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    let high = (state ^ (state >> 31)) >> 40;
    high as f64 / f64::from(1u32 << 23) - 1.0
}
