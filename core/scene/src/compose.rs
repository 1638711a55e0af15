//! From a view to a settled picture: graph, places, cards, arrows, marks.

use crate::density::Densities;
use crate::display::{DisplayList, Item, Layer, Shape, Stroke, Target};
use crate::geometry::{Point, Rect};
use crate::graph::{Block, graph};
use crate::ink::Ink;
use crate::metrics::{LANE, MARGIN, TOP};
use crate::options::Options;
use crate::place::plan;
use crate::sheet::Sheet;
use crate::words::{Anchor, Font, TextStyle};
use crate::{ledger, people, query, route, topic};
use headwater_base::order;
use headwater_view::LabView;

/// The settled picture of a view: equal arguments give equal pictures.
pub fn layout(view: &LabView, options: &Options, densities: &Densities) -> DisplayList {
    let graph = graph(view, options);
    let mut plan = plan(view, options, &graph);
    let mut short = options.clone();
    if plan.height > options.height && !plan.narrow {
        short.short = true;
        plan = crate::place::plan(view, &short, &graph);
    }
    let options = &short;
    let mut sheet = Sheet::new(view, options, densities);
    if plan.blocks.is_empty() {
        let width = plan.width - 2.0 * MARGIN;
        topic::draw_ghost(&mut sheet, Rect::new(MARGIN, TOP, width, 2.0 * LANE));
    }
    for (block, rect) in &plan.blocks {
        match block {
            Block::Producers(places) => people::draw_producers(&mut sheet, places, *rect),
            Block::Topic(at) => topic::draw(&mut sheet, &view.topics[*at], *rect),
            Block::Readers(places) => people::draw_readers(&mut sheet, places, *rect),
            Block::Query(at) => query::draw(&mut sheet, &view.queries[*at], *rect),
            Block::Ledger(at) => ledger::draw(&mut sheet, &view.tables[*at], *rect),
            Block::Result(at) => people::draw_result(&mut sheet, &view.queries[*at], *rect),
        }
    }
    route::draw(&mut sheet, &plan, &graph.links);
    draw_marks(&mut sheet);
    let mut list = sheet.list;
    (list.width, list.height) = (plan.width, plan.height);
    order::sort_by(&mut list.items, |one, other| one.layer.cmp(&other.layer));
    list
}

/// Rings around what is pointed at and what is chosen, numbers on the way of a record in focus.
fn draw_marks(sheet: &mut Sheet<'_>) {
    let options = sheet.options;
    let rings = [
        (&options.hovered, Stroke::solid(Ink::Ink2, 1.25)),
        (&options.selected, Stroke::solid(Ink::Focus, 2.0)),
    ];
    for (target, stroke) in rings {
        let found = target.as_ref().and_then(|it| sheet.list.rect_of(it));
        if let (Some(target), Some(rect)) = (target, found) {
            ring(sheet, target, rect, stroke);
        }
    }
    let Some(focus) = &options.focus else {
        return;
    };
    for (place, record) in focus.related.iter().enumerate() {
        let target = Target::Record(*record);
        if let Some(rect) = sheet.list.rect_of(&target) {
            let at = Point::new(rect.x, rect.y);
            sheet.list.items.extend(number(&target, at, place + 1));
        }
    }
}

fn ring(sheet: &mut Sheet<'_>, target: &Target, rect: Rect, stroke: Stroke) {
    let shape = Shape::Box {
        rect: rect.inset(-2.0),
        radius: 4.0,
        fill: None,
        stroke: Some(stroke),
    };
    sheet.wash(Layer::Marks, target, 1.0, None, shape);
}

/// A numbered dot.
pub(crate) fn number(target: &Target, centre: Point, number: usize) -> [Item; 2] {
    let item = |shape: Shape| Item {
        layer: Layer::Marks,
        target: Some(target.clone()),
        lane: None,
        alpha: 1.0,
        shape,
    };
    let dot = Shape::Circle {
        centre,
        radius: 6.5,
        fill: Some(Ink::Focus),
        stroke: Some(Stroke::solid(Ink::Paper, 1.0)),
    };
    let text = Shape::Text {
        at: Point::new(centre.x, centre.y + 3.2),
        text: number.to_string(),
        style: TextStyle {
            font: Font::Mono,
            size: 9.0,
            weight: 600,
            line: 11.0,
        },
        ink: Ink::OnSolid,
        anchor: Anchor::Middle,
    };
    [item(dot), item(text)]
}
