//! What motions look like: the phases of each kind, and what is painted at a moment of a phase.
//!
//! Everything is found in the settled picture by its target; what is not in the picture is not
//! shown, and the rest goes on without it.

use crate::carry::Carry;
use crate::display::{DisplayList, Item, Layer, Shape, Stroke, Target};
use crate::geometry::{Point, Rect};
use crate::ink::Ink;
use crate::paths;
use crate::tile::SIDE;
use crate::words::{Anchor, TextStyle};
use crate::{Density, compose};
use headwater_base::{RecordId, StationId};
use headwater_view::{Face, Mark, MotionKind};

/// One phase of a motion.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Phase {
    /// Into a lane.
    Land,
    /// Along an arrow, to a query or a ledger.
    Edge,
    /// To a clause, and a moment there.
    Station(StationId),
    /// An arm reaches into a table.
    Arm(StationId, String, bool),
    /// A cup takes a new value.
    Fold(StationId, String, String),
    /// Into the tray of a clause.
    Reject(StationId),
    /// To a reader.
    Hop,
    /// Lanes are given up, then nothing, then lanes are assigned.
    Rebalance,
    /// A lane's old end is torn off.
    Retire,
}

/// The phases of a motion, each with its part of the time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Script {
    pub(crate) phases: Vec<(Phase, f64)>,
}

impl Script {
    /// The phases of a motion with the durations that they like to have.
    pub(crate) fn of(kind: &MotionKind) -> Script {
        let phases = match kind {
            MotionKind::Produce { .. } => vec![(Phase::Land, 180.0)],
            MotionKind::Carry { .. } => phases_of_carry(kind),
            MotionKind::Deliver { .. } => vec![(Phase::Hop, 160.0)],
            MotionKind::Rebalance { .. } => vec![(Phase::Rebalance, 600.0)],
            MotionKind::Retire { .. } => vec![(Phase::Retire, 180.0)],
        };
        Script { phases }
    }

    pub(crate) fn duration(&self) -> f64 {
        self.phases.iter().map(|it| it.1).sum()
    }

    /// The phase at this part of the whole, its place, and how much of it is done, eased.
    fn at(&self, progress: f64) -> Option<(usize, &Phase, f64)> {
        let mut left = progress * self.duration();
        for (place, (phase, duration)) in self.phases.iter().enumerate() {
            if left <= *duration {
                return Some((place, phase, ease(left / duration.max(1.0))));
            }
            left -= duration;
        }
        let (phase, _) = self.phases.last()?;
        Some((self.phases.len() - 1, phase, 1.0))
    }

    /// How much of the landing is still to come, from 1 to 0.
    pub(crate) fn left_to_land(&self, progress: f64) -> f64 {
        match self.at(progress) {
            Some((_, Phase::Land, done)) => 1.0 - done,
            _ => 1.0,
        }
    }
}

fn phases_of_carry(kind: &MotionKind) -> Vec<(Phase, f64)> {
    let MotionKind::Carry {
        passed,
        rejected,
        probes,
        folds,
        became,
        rows,
        ..
    } = kind
    else {
        return Vec::new();
    };
    let mut phases = vec![(Phase::Edge, 420.0)];
    let ended = rejected.as_ref().map(|it| it.0);
    let rest = ended.filter(|it| passed.last() != Some(it));
    for station in passed.iter().copied().chain(rest) {
        phases.push((Phase::Station(station), 120.0));
        for (at, key, found) in probes.iter().filter(|it| it.0 == station) {
            phases.push((Phase::Arm(*at, key.clone(), *found), 240.0));
        }
        for (at, key, value) in folds.iter().filter(|it| it.0 == station) {
            phases.push((Phase::Fold(*at, key.clone(), value.clone()), 300.0));
        }
    }
    match ended {
        Some(station) => phases.push((Phase::Reject(station), 260.0)),
        None if !became.is_empty() || *rows > 0 => phases.push((Phase::Land, 180.0)),
        None => {}
    }
    phases
}

fn ease(part: f64) -> f64 {
    let left = 1.0 - part.clamp(0.0, 1.0);
    1.0 - left * left * left
}

/// The records that a motion brings into lanes.
pub(crate) fn brings(kind: &MotionKind) -> &[RecordId] {
    match kind {
        MotionKind::Produce { record, .. } => std::slice::from_ref(record),
        MotionKind::Carry { became, .. } => became,
        _ => &[],
    }
}

/// The record that a motion moves.
pub(crate) fn moves(kind: &MotionKind) -> Option<RecordId> {
    match kind {
        MotionKind::Produce { record, .. }
        | MotionKind::Carry { record, .. }
        | MotionKind::Deliver { record, .. } => Some(*record),
        MotionKind::Rebalance { .. } | MotionKind::Retire { .. } => None,
    }
}

/// Whether two motions go the same way, so that one dot can stand for both.
pub(crate) fn same_way(a: &MotionKind, b: &MotionKind) -> bool {
    use MotionKind::{Carry, Deliver, Produce};
    match (a, b) {
        (
            Produce { producer, record },
            Produce {
                producer: p,
                record: r,
            },
        ) => producer == p && record.partition == r.partition,
        (
            Carry {
                query,
                rejected,
                became,
                ..
            },
            Carry {
                query: q,
                rejected: r,
                became: b,
                ..
            },
        ) => query == q && rejected == r && became.is_empty() == b.is_empty(),
        (Deliver { reader, .. }, Deliver { reader: r, .. }) => reader == r,
        _ => false,
    }
}

/// `×12` beside the dot that stands for so many records.
pub(crate) fn times(items: &[Item], count: u32) -> Option<Item> {
    let last = items.last().filter(|_| count > 1)?;
    let centre = match &last.shape {
        Shape::Circle { centre, .. } => *centre,
        Shape::Tile { rect, .. } => Point::new(rect.right() - 5.0, rect.centre().y),
        _ => return None,
    };
    let text = Shape::Text {
        at: Point::new(centre.x + 6.0, centre.y - 4.0),
        text: format!("×{count}"),
        style: TextStyle::STRONG,
        ink: Ink::Ink,
        anchor: Anchor::Start,
    };
    Some(Item {
        alpha: last.alpha,
        shape: text,
        ..last.clone()
    })
}

/// What a motion looks like at a moment.
pub(crate) fn play(
    kind: &MotionKind,
    script: &Script,
    progress: f64,
    picture: &DisplayList,
) -> Vec<Item> {
    let Some((place, phase, done)) = script.at(progress) else {
        return Vec::new();
    };
    match kind {
        MotionKind::Produce { producer, record } => {
            let path = paths::from_producer(picture, *producer, *record);
            let at = paths::along(&path, done);
            at.map(|it| sprite(picture, *record, *record, it, 1.0))
                .into_iter()
                .collect()
        }
        MotionKind::Carry { query, record, .. } => {
            let act = Carry {
                picture,
                query: *query,
                record: *record,
                became: brings(kind),
                script,
                place,
            };
            act.play(phase, done)
        }
        MotionKind::Deliver { reader, record } => {
            let path = paths::to_reader(picture, *reader, *record);
            let at = paths::along(&path, done);
            let alpha = 1.0 - 0.6 * done;
            at.map(|it| sprite(picture, *record, *record, it, alpha))
                .into_iter()
                .collect()
        }
        MotionKind::Rebalance {
            revoked, assigned, ..
        } => {
            let (list, alpha) = match progress {
                early if early < 250.0 / 600.0 => (revoked, 1.0 - early * 600.0 / 250.0),
                late if late >= 350.0 / 600.0 => (assigned, (late * 600.0 - 350.0) / 250.0),
                _ => return Vec::new(),
            };
            let lanes = list.iter().filter_map(|(reader, lane)| {
                let rect = picture.rect_of(&Target::Lane(*lane))?;
                let ink = crate::flags::colour(*reader);
                Some(ring(Target::Lane(*lane), rect, ink, alpha))
            });
            lanes.collect()
        }
        MotionKind::Retire { first } => {
            let lane = Target::Lane(first.partition);
            let end = picture
                .rect_of(&lane)
                .map(|it| Rect::new(it.x, it.y, 6.0, it.height));
            end.map(|it| wash(lane, it, Ink::Warn, 0.5 * (1.0 - done)))
                .into_iter()
                .collect()
        }
    }
}

pub(crate) fn item(target: Target, alpha: f64, shape: Shape) -> Item {
    Item {
        layer: Layer::Marks,
        target: Some(target),
        lane: None,
        alpha,
        shape,
    }
}

pub(crate) fn wash(target: Target, rect: Rect, ink: Ink, alpha: f64) -> Item {
    let shape = Shape::Box {
        rect,
        radius: 2.0,
        fill: Some(ink),
        stroke: None,
    };
    item(target, alpha, shape)
}

pub(crate) fn ring(target: Target, rect: Rect, ink: Ink, alpha: f64) -> Item {
    let shape = Shape::Box {
        rect: rect.inset(-2.0),
        radius: 4.0,
        fill: None,
        stroke: Some(Stroke::solid(ink, 2.0)),
    };
    item(target, alpha, shape)
}

/// A moving tile with the face of `wears`; a small dot where the lane of `record` is dense.
pub(crate) fn sprite(
    picture: &DisplayList,
    record: RecordId,
    wears: RecordId,
    at: Point,
    alpha: f64,
) -> Item {
    let blank = (Face::default(), Mark::None);
    let known = picture
        .faces
        .get(&wears)
        .or_else(|| picture.faces.get(&record));
    let landing = picture.landings.get(&record.partition);
    // What has neither a lane nor a face in the picture, such as a record between two parts of a
    // query, is a dot as well.
    let dense = landing.map_or(known.is_none(), |it| it.density != Density::Tiles);
    let (face, mark) = known.cloned().unwrap_or(blank);
    let shape = match dense {
        true => Shape::Circle {
            centre: at,
            radius: 3.5,
            fill: Some(Ink::Face(face.colour)),
            stroke: Some(Stroke::solid(Ink::Ink, 1.0)),
        },
        false => Shape::Tile {
            rect: Rect::new(0.0, 0.0, SIDE, SIDE).centred_at(at),
            face,
            mark,
        },
    };
    item(Target::Record(record), alpha, shape)
}

/// Both ends of a motion, outlined and numbered, for those who want nothing to travel.
pub(crate) fn outlined(kind: &MotionKind, picture: &DisplayList) -> Vec<Item> {
    let mut ends: Vec<Target> = Vec::new();
    match kind {
        MotionKind::Produce { producer, record } => {
            ends.extend(producer.map(Target::Producer));
            ends.push(Target::Record(*record));
        }
        MotionKind::Carry {
            query,
            record,
            rejected,
            became,
            rows,
            ..
        } => {
            ends.push(Target::Record(*record));
            ends.extend(rejected.as_ref().map(|it| Target::Station(*query, it.0)));
            ends.extend(became.iter().map(|it| Target::Record(*it)));
            if *rows > 0 {
                ends.push(Target::Result(*query));
            }
        }
        MotionKind::Deliver { reader, record } => {
            ends.extend([Target::Record(*record), Target::Reader(*reader)]);
        }
        MotionKind::Rebalance { assigned, .. } => {
            ends.extend(assigned.iter().map(|it| Target::Lane(it.1)));
        }
        MotionKind::Retire { first } => ends.push(Target::Lane(first.partition)),
    }
    let mut items = Vec::new();
    for target in ends {
        if let Some(rect) = picture.rect_of(&target) {
            let place = items.len() / 3 + 1;
            items.push(ring(target.clone(), rect, Ink::Focus, 1.0));
            items.extend(compose::number(&target, Point::new(rect.x, rect.y), place));
        }
    }
    items
}
