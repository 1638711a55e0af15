//! The sheet that blocks are drawn on: collects items, cards and zones, and fades what is not in
//! focus.

use crate::density::Densities;
use crate::display::{Card, DisplayList, Item, Layer, Segment, Shape, Stroke, Target, Words};
use crate::geometry::{Point, Rect};
use crate::ink::Ink;
use crate::options::Options;
use crate::rough::Hand;
use crate::words::{Anchor, TextStyle};
use headwater_base::{PartitionId, QueryId, RecordId, SortedMap, SortedSet, TopicId};
use headwater_view::LabView;

/// What is left of the ink of things out of focus.
const FADED: f64 = 0.25;

/// Where arrows touch a card.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Ports {
    /// The height at which arrows end.
    pub(crate) enter: f64,
    /// The height at which arrows begin.
    pub(crate) leave: f64,
    /// How far inside the card arrows begin.
    pub(crate) reach: f64,
    /// The card.
    pub(crate) rect: Rect,
}

pub(crate) struct Sheet<'a> {
    pub(crate) view: &'a LabView,
    pub(crate) options: &'a Options,
    pub(crate) densities: &'a Densities,
    pub(crate) list: DisplayList,
    pub(crate) ports: SortedMap<Target, Ports>,
    focus: Option<InFocus>,
}

/// What keeps its ink while there is a focus.
struct InFocus {
    records: SortedSet<RecordId>,
    lanes: SortedSet<PartitionId>,
    topics: SortedSet<TopicId>,
    queries: SortedSet<QueryId>,
}

impl<'a> Sheet<'a> {
    pub(crate) fn new(view: &'a LabView, options: &'a Options, densities: &'a Densities) -> Self {
        Sheet {
            view,
            options,
            densities,
            list: DisplayList::default(),
            ports: SortedMap::new(),
            focus: in_focus(view, options),
        }
    }

    /// How much ink a thing gets.
    pub(crate) fn alpha(&self, target: &Target) -> f64 {
        let Some(focus) = &self.focus else {
            return 1.0;
        };
        let kept = match target {
            Target::Record(record) => focus.records.contains(record),
            Target::Lane(lane) | Target::Readers(lane) => focus.lanes.contains(lane),
            Target::Topic(topic) => focus.topics.contains(topic),
            Target::Query(query)
            | Target::Station(query, _)
            | Target::Tray(query, _)
            | Target::Cup(query, _, _)
            | Target::Failure(query)
            | Target::Result(query) => focus.queries.contains(query),
            Target::Table(name) | Target::Row(name, _) => {
                let table = self.view.tables.iter().find(|it| it.name == *name);
                table
                    .and_then(|it| it.topic)
                    .is_some_and(|it| focus.topics.contains(&it))
            }
            Target::Producer(_) | Target::Reader(_) => false,
        };
        if kept { 1.0 } else { FADED }
    }

    /// Paints `shape` as a part of `target`.
    pub(crate) fn paint(&mut self, layer: Layer, target: &Target, shape: Shape) {
        let alpha = self.alpha(target);
        self.wash(layer, target, alpha, None, shape);
    }

    /// Paints with less ink, or as a part of a lane's moving content.
    pub(crate) fn wash(
        &mut self,
        layer: Layer,
        target: &Target,
        alpha: f64,
        lane: Option<PartitionId>,
        shape: Shape,
    ) {
        self.list.items.push(Item {
            layer,
            target: Some(target.clone()),
            lane,
            alpha,
            shape,
        });
    }

    /// Paints an open or closed line.
    pub(crate) fn path(
        &mut self,
        layer: Layer,
        target: &Target,
        path: Vec<Segment>,
        fill: Option<Ink>,
        stroke: Option<Stroke>,
    ) {
        self.paint(layer, target, Shape::Path { path, fill, stroke });
    }

    /// Paints a straight line.
    pub(crate) fn rule(&mut self, layer: Layer, target: &Target, line: [f64; 4], stroke: Stroke) {
        let path = vec![
            Segment::Move(Point::new(line[0], line[1])),
            Segment::Line(Point::new(line[2], line[3])),
        ];
        self.path(layer, target, path, None, Some(stroke));
    }

    /// Says what lies in `rect`.
    pub(crate) fn zone(&mut self, rect: Rect, target: Target) {
        self.list.zones.push(Zone { rect, target });
    }

    /// The hand for the outlines of `seed`.
    pub(crate) fn hand(&self, seed: u64) -> Hand {
        Hand::new(seed, self.options.plain)
    }

    /// Begins a card: a zone, an outline drawn by hand on a panel.
    pub(crate) fn frame(&mut self, rect: Rect, target: &Target, seed: u64, stroke: Stroke) {
        self.zone(rect, target.clone());
        let path = self.hand(seed).outline(&rect, 3.0);
        self.path(Layer::Cards, target, path, Some(Ink::Panel), Some(stroke));
    }

    /// A card's words.
    pub(crate) fn words(&self, target: &Target, at: Point, room: f64, text: &str) -> WordsMaker {
        WordsMaker {
            words: Words {
                target: target.clone(),
                rect: Rect::new(at.x, at.y, room, 0.0),
                lines: Vec::new(),
                full: None,
                style: TextStyle::NOTE,
                ink: Ink::Ink2,
                anchor: Anchor::Start,
                alpha: self.alpha(target),
                struck: false,
            },
            text: text.to_owned(),
        }
    }

    pub(crate) fn card(&mut self, card: Card) {
        self.list.cards.push(card);
    }
}

use crate::display::Zone;

/// Words under construction.
pub(crate) struct WordsMaker {
    words: Words,
    text: String,
}

impl WordsMaker {
    pub(crate) fn style(mut self, style: TextStyle, ink: Ink) -> Self {
        self.words.style = style;
        self.words.ink = ink;
        self
    }

    pub(crate) fn anchor(mut self, anchor: Anchor) -> Self {
        self.words.anchor = anchor;
        self
    }

    pub(crate) fn struck(mut self) -> Self {
        self.words.struck = true;
        self
    }

    /// In one line.
    pub(crate) fn line(mut self) -> Words {
        let fitted = self.words.style.fit(&self.text, self.words.rect.width);
        self.words.full = (fitted != self.text).then_some(self.text);
        self.words.lines = vec![fitted];
        self.words.rect.height = self.words.style.line;
        self.words
    }

    /// In one line that keeps its end.
    pub(crate) fn name(mut self) -> Words {
        let fitted = self
            .words
            .style
            .fit_middle(&self.text, self.words.rect.width);
        self.words.full = (fitted != self.text).then_some(self.text);
        self.words.lines = vec![fitted];
        self.words.rect.height = self.words.style.line;
        self.words
    }

    /// In as many lines as it takes, up to `lines_max`.
    pub(crate) fn lines(mut self, lines_max: usize) -> Words {
        let style = self.words.style;
        let (lines, cut) = style.wrap(&self.text, self.words.rect.width, lines_max);
        self.words.rect.height = lines.len() as f64 * style.line;
        self.words.full = cut.then_some(self.text);
        self.words.lines = lines;
        self.words
    }
}

fn in_focus(view: &LabView, options: &Options) -> Option<InFocus> {
    let focus = options.focus.as_ref()?;
    // Collecting into a set would sort, with a copy of the algorithm for each type.
    let mut records = SortedSet::from([focus.record]);
    records.extend(&focus.related);
    let mut lanes = SortedSet::new();
    lanes.extend(records.iter().map(|it| it.partition));
    let mut queries = SortedSet::new();
    queries.extend(&focus.queries);
    let topics = view.topics.iter();
    let touched = topics.filter(|it| it.partitions.iter().any(|lane| lanes.contains(&lane.id)));
    let mut topics = SortedSet::new();
    topics.extend(touched.map(|it| it.id));
    Some(InFocus {
        records,
        lanes,
        topics,
        queries,
    })
}
