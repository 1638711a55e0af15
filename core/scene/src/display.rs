//! The display list: everything a painter needs, in pixels and meanings, with what each thing is.
//!
//! `items` are painted in order (structure, lanes, tiles, flags). `cards` carry the words: a page
//! lays them out as DOM over the canvas, the SVG painter writes them. `zones` say what lies where.

use crate::density::Density;
use crate::geometry::{Point, Rect};
use crate::ink::Ink;
use crate::words::{Anchor, TextStyle};
use headwater_base::{
    ConsumerId, PartitionId, ProducerId, QueryId, RecordId, SortedMap, StationId, TopicId,
};
use headwater_view::{Face, Mark};
use serde::{Deserialize, Serialize};

/// A settled picture.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DisplayList {
    /// The picture's width; at least the viewport's.
    pub width: f64,
    /// The picture's height; more than the viewport's where there is much to show.
    pub height: f64,
    /// What is drawn, in the order of painting.
    pub items: Vec<Item>,
    /// Cards and their words, in reading order.
    pub cards: Vec<Card>,
    /// Arrows between cards, as the lines that records travel along.
    pub edges: Vec<Edge>,
    /// What lies where; later ones lie above earlier ones.
    pub zones: Vec<Zone>,
    /// Where the next record of a partition will land.
    pub landings: SortedMap<PartitionId, Landing>,
    /// The faces of the records in the picture.
    pub faces: SortedMap<RecordId, (Face, Mark)>,
}

/// The open end of a partition's lane.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Landing {
    /// The topic.
    pub topic: TopicId,
    /// Whose zone the lane is: the partition's own, or that of the folded topic's first partition.
    pub lane: PartitionId,
    /// Where the next record's tile will lie.
    pub rect: Rect,
    /// From one record to the next.
    pub pitch: f64,
    /// How many records have gone out of sight at the left because of newer ones.
    pub scrolled: u64,
    /// How densely the lane is drawn.
    pub density: Density,
}

/// What lies where.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Zone {
    /// Where.
    pub rect: Rect,
    /// What.
    pub target: Target,
}

/// A thing in the picture that can be pointed at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Target {
    /// A producer.
    Producer(ProducerId),
    /// A topic's card; its header opens and folds it.
    Topic(TopicId),
    /// A lane.
    Lane(PartitionId),
    /// A tile.
    Record(RecordId),
    /// A query's card.
    Query(QueryId),
    /// A clause of a query.
    Station(QueryId, StationId),
    /// The tray of a clause, where rejected records lie.
    Tray(QueryId, StationId),
    /// A group of a GROUP BY, by its key.
    Cup(QueryId, StationId, String),
    /// A table, by name.
    Table(String),
    /// A row of a table, by its place among the table's rows.
    Row(String, u32),
    /// A reader, by its line in the dock or its flag.
    Reader(ConsumerId),
    /// Ten readers or more at one lane.
    Readers(PartitionId),
    /// The rows of a push query.
    Result(QueryId),
    /// The note on a query that an error stopped; it leads to the record that did it.
    Failure(QueryId),
}

/// Which sheet a thing is painted on; later ones cover earlier ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Layer {
    /// Arrows.
    Edges,
    /// Outlines of cards and their headers.
    Cards,
    /// Channels, ticks, offsets, washes.
    Lanes,
    /// Records.
    Tiles,
    /// Readers' flags.
    Flags,
    /// Rings around what is chosen.
    Marks,
}

/// One thing to paint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// Its sheet.
    pub layer: Layer,
    /// What it is a part of.
    pub target: Option<Target>,
    /// The lane that it slides with, clipped to the lane's zone.
    pub lane: Option<PartitionId>,
    /// From 0 (not there) to 1.
    pub alpha: f64,
    /// What it looks like.
    pub shape: Shape,
}

/// What a thing looks like.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the fields are what the words say")]
pub enum Shape {
    /// A box.
    Box {
        rect: Rect,
        radius: f64,
        fill: Option<Ink>,
        stroke: Option<Stroke>,
    },
    /// A circle.
    Circle {
        centre: Point,
        radius: f64,
        fill: Option<Ink>,
        stroke: Option<Stroke>,
    },
    /// A line or an area.
    Path {
        path: Vec<Segment>,
        fill: Option<Ink>,
        stroke: Option<Stroke>,
    },
    /// One line of text; `at` is on its baseline.
    Text {
        at: Point,
        text: String,
        style: TextStyle,
        ink: Ink,
        anchor: Anchor,
    },
    /// A record's tile; [`crate::tile::parts`] takes it apart into the shapes above.
    Tile { rect: Rect, face: Face, mark: Mark },
}

/// A piece of a path.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Segment {
    /// Goes there without drawing.
    Move(Point),
    /// A straight line to there.
    Line(Point),
    /// A quadratic curve with this control point, to there.
    Quad(Point, Point),
    /// Back to where the path began.
    Close,
}

/// How a line is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stroke {
    /// Its colour.
    pub ink: Ink,
    /// Its width.
    pub width: f64,
    /// Solid or broken.
    pub dash: Dash,
}

impl Stroke {
    /// A solid line.
    pub const fn solid(ink: Ink, width: f64) -> Stroke {
        Stroke {
            ink,
            width,
            dash: Dash::Solid,
        }
    }

    /// A broken line.
    pub const fn broken(ink: Ink, width: f64, dash: Dash) -> Stroke {
        Stroke { ink, width, dash }
    }
}

/// Solid or broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Dash {
    /// Without gaps.
    Solid,
    /// 4 on, 3 off.
    Dashed,
    /// 1 on, 2 off.
    Dotted,
}

impl Dash {
    /// Lengths on and off, as canvas and SVG take them.
    pub const fn lengths(self) -> &'static [f64] {
        match self {
            Dash::Solid => &[],
            Dash::Dashed => &[4.0, 3.0],
            Dash::Dotted => &[1.0, 2.0],
        }
    }
}

/// A card: a frame that a page fills with its own elements.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// What it stands for.
    pub target: Target,
    /// Where it lies.
    pub rect: Rect,
    /// What to call it aloud, such as `query CSAS_POOR_RATINGS_3`.
    pub label: String,
    /// Whether it can be opened, and whether it is.
    pub open: Option<bool>,
    /// Its words, in reading order.
    pub words: Vec<Words>,
    /// A lab command that would bring it to life, and where a button for it has room.
    pub offer: Option<(String, Rect)>,
}

/// Words on a card, already broken into lines.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Words {
    /// What they are about: the card itself, or a station, row or reader in it.
    pub target: Target,
    /// Where they lie: `lines.len() * style.line` high.
    pub rect: Rect,
    /// The lines, with an ellipsis where something had to be cut.
    pub lines: Vec<String>,
    /// All of it, if something had to be cut.
    pub full: Option<String>,
    /// Their type.
    pub style: TextStyle,
    /// Their colour.
    pub ink: Ink,
    /// Which end of `rect` the lines keep to.
    pub anchor: Anchor,
    /// From 0 to 1, as for items.
    pub alpha: f64,
    /// Whether they are struck out.
    pub struck: bool,
}

/// An arrow between two cards.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Edge {
    /// Where it begins.
    pub from: Target,
    /// Where it ends.
    pub to: Target,
    /// The corners of its line.
    pub points: Vec<Point>,
}

impl DisplayList {
    /// What lies at this point, the uppermost thing.
    pub fn hit(&self, x: f64, y: f64) -> Option<&Target> {
        let point = Point::new(x, y);
        let found = self.zones.iter().rev().find(|it| it.rect.contains(point));
        found.map(|it| &it.target)
    }

    /// Where a thing lies, if it is in the picture: for focus rings and for motion.
    pub fn rect_of(&self, target: &Target) -> Option<Rect> {
        let found = self.zones.iter().find(|it| it.target == *target);
        found.map(|it| it.rect)
    }

    /// Where a record's tile lies.
    pub fn rect_of_record(&self, record: RecordId) -> Option<Rect> {
        self.rect_of(&Target::Record(record))
    }

    /// The arrow between two things.
    pub fn edge(&self, from: &Target, to: &Target) -> Option<&Edge> {
        let mut edges = self.edges.iter();
        edges.find(|it| it.from == *from && it.to == *to)
    }
}
