//! A record that a query carries along its stations: where it is in each phase, and what else
//! moves.

use crate::display::{DisplayList, Item, Shape, Stroke, Target};
use crate::geometry::Point;
use crate::ink::Ink;
use crate::paths;
use crate::performance::{Phase, Script, item, ring, sprite, wash};
use crate::tile::SIDE;
use crate::words::{Anchor, TextStyle};
use headwater_base::{QueryId, RecordId, StationId};

/// A record on its way through a query.
pub(crate) struct Carry<'a> {
    pub(crate) picture: &'a DisplayList,
    pub(crate) query: QueryId,
    pub(crate) record: RecordId,
    pub(crate) became: &'a [RecordId],
    pub(crate) script: &'a Script,
    pub(crate) place: usize,
}

impl Carry<'_> {
    /// The record whose face the tile wears: once a table was looked into, that of the result.
    fn wears(&self) -> RecordId {
        let done = &self.script.phases[..self.place];
        let joined = done.iter().any(|it| matches!(it.0, Phase::Arm(..)));
        let result = self
            .became
            .iter()
            .find(|it| self.picture.faces.contains_key(it));
        match result {
            Some(result) if joined => *result,
            _ => self.record,
        }
    }

    fn tile(&self, at: Point, alpha: f64) -> Item {
        sprite(self.picture, self.record, self.wears(), at, alpha)
    }

    /// Where the tile rests at a station.
    fn rest(&self, station: StationId) -> Option<Point> {
        let rect = self
            .picture
            .rect_of(&Target::Station(self.query, station))?;
        Some(Point::new(
            rect.x + 12.0,
            rect.y + (SIDE / 2.0 + 1.0).min(rect.height / 2.0),
        ))
    }

    /// Where the tile was before the present phase.
    fn before(&self) -> Option<Point> {
        let stations = self.script.phases[..self.place].iter().rev();
        let mut stations = stations.filter_map(|(phase, _)| match phase {
            Phase::Station(station) => self.rest(*station),
            _ => None,
        });
        stations.next().or_else(|| {
            let path = paths::to_query(self.picture, self.query, self.record);
            path.last().copied()
        })
    }

    /// What is painted at this moment.
    pub(crate) fn play(&self, phase: &Phase, done: f64) -> Vec<Item> {
        match phase {
            Phase::Edge => {
                let path = paths::to_query(self.picture, self.query, self.record);
                let at = paths::along(&path, done);
                at.map(|it| self.tile(it, 1.0)).into_iter().collect()
            }
            Phase::Station(station) => {
                let (from, to) = (self.before(), self.rest(*station));
                let at = from.or(to).zip(to).map(|(from, to)| from.towards(to, done));
                at.map(|it| self.tile(it, 1.0)).into_iter().collect()
            }
            Phase::Arm(station, key, found) => self.arm(*station, key, *found, done),
            Phase::Fold(station, key, value) => self.fold(*station, key, value, done),
            Phase::Reject(station) => self.reject(*station, done),
            Phase::Land => self.land(done),
            Phase::Hop | Phase::Rebalance | Phase::Retire => Vec::new(),
        }
    }

    fn arm(&self, station: StationId, key: &str, found: bool, done: f64) -> Vec<Item> {
        let mut items: Vec<Item> = self
            .rest(station)
            .map(|it| self.tile(it, 1.0))
            .into_iter()
            .collect();
        let Some((path, row)) = paths::arm(self.picture, self.query, station, key) else {
            return items;
        };
        // Out in the first half, back in the second.
        let reach = if done < 0.5 {
            done * 2.0
        } else {
            2.0 - done * 2.0
        };
        let target = Target::Station(self.query, station);
        let ink = if found { Ink::Table } else { Ink::Warn };
        let line = Shape::Path {
            path: paths::part(&path, reach),
            fill: None,
            stroke: Some(Stroke::solid(ink, 3.0)),
        };
        items.push(item(target.clone(), 1.0, line));
        items.push(wash(target.clone(), row, ink, 0.3 * reach));
        if let Some(tip) = paths::along(&path, reach) {
            let text = if found {
                key.to_owned()
            } else {
                format!("{key}: no row")
            };
            let text = Shape::Text {
                at: Point::new(tip.x + 4.0, tip.y - 5.0),
                text: TextStyle::STRONG.fit(&text, 120.0),
                style: TextStyle::STRONG,
                ink,
                anchor: Anchor::Start,
            };
            items.push(item(target, 1.0, text));
        }
        items
    }

    fn fold(&self, station: StationId, key: &str, value: &str, done: f64) -> Vec<Item> {
        let cup = Target::Cup(self.query, station, key.to_owned());
        let station_target = Target::Station(self.query, station);
        let mut items: Vec<Item> = self
            .rest(station)
            .map(|it| self.tile(it, 1.0 - done))
            .into_iter()
            .collect();
        let rect = self
            .picture
            .rect_of(&cup)
            .or_else(|| self.picture.rect_of(&station_target));
        if let Some(rect) = rect {
            items.push(wash(cup.clone(), rect, Ink::Table, 0.35 * (1.0 - done)));
            items.push(ring(cup, rect, Ink::Table, 1.0 - done));
            let text = Shape::Text {
                at: Point::new(rect.centre().x, rect.y - 3.0 - 6.0 * done),
                text: TextStyle::STRONG.fit(value, 80.0),
                style: TextStyle::STRONG,
                ink: Ink::Table,
                anchor: Anchor::Middle,
            };
            items.push(item(station_target, 1.0 - done, text));
        }
        items
    }

    fn reject(&self, station: StationId, done: f64) -> Vec<Item> {
        let Some(from) = self.rest(station).or_else(|| self.before()) else {
            return Vec::new();
        };
        let tray = self.picture.rect_of(&Target::Tray(self.query, station));
        let to = tray.map_or(Point::new(from.x, from.y + 22.0), |it| it.centre());
        let at = from.towards(to, done);
        // It falls: up a little at first, then down into the tray.
        let lift = 10.0 * (1.0 - done) * done * 4.0;
        let mut tile = self.tile(Point::new(at.x, at.y - lift), 1.0 - 0.8 * done * done);
        if let Shape::Tile { rect, .. } = &mut tile.shape {
            *rect = rect.inset(rect.width * 0.2 * done);
        }
        vec![tile]
    }

    fn land(&self, done: f64) -> Vec<Item> {
        let from = self.before();
        let mut items = Vec::new();
        for record in self.became {
            let path = paths::to_sink(self.picture, self.query, from, *record);
            if let Some(at) = paths::along(&path, done) {
                items.push(sprite(self.picture, *record, *record, at, 1.0));
            }
        }
        if self.became.is_empty() {
            let path = paths::to_result(self.picture, self.query, from);
            let at = paths::along(&path, done);
            items.extend(at.map(|it| self.tile(it, 1.0 - 0.5 * done)));
        }
        items
    }
}
