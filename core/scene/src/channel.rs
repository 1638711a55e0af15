//! Draws a lane: the ruled channel, its records at the density that their rate asks for, offsets,
//! segments and the open end. What is in it is decided in [`crate::lane`].

use crate::density::Density;
use crate::display::{Dash, Layer, Segment, Shape, Stroke, Target};
use crate::geometry::{Point, Rect};
use crate::ink::Ink;
use crate::lane::{Content, slot_x};
use crate::metrics::{NIB, OFFSETS};
use crate::sheet::Sheet;
use crate::tile::SIDE;
use crate::words::{Anchor, TextStyle};
use headwater_view::Colour;

/// Draws a lane; `channel` is the ruled channel alone.
pub(crate) fn draw(sheet: &mut Sheet<'_>, channel: Rect, content: &Content<'_>) {
    let target = Target::Lane(content.partition);
    sheet.zone(channel, target.clone());
    draw_channel(sheet, &channel, content, &target);
    draw_segments(sheet, &channel, content, &target);
    draw_offsets(sheet, &channel, content, &target);
    match content.density {
        Density::Tiles => draw_tiles(sheet, &channel, content),
        Density::Blocks | Density::Ticks => draw_dense(sheet, &channel, content),
        Density::Ribbon => draw_ribbon(sheet, &channel, content, &target),
    }
    draw_landing(sheet, &channel, content, &target);
    content.replicas.draw(sheet, &channel, content, &target);
}

fn draw_channel(sheet: &mut Sheet<'_>, channel: &Rect, content: &Content<'_>, target: &Target) {
    let (left, top, right, bottom) = (channel.x, channel.y, channel.right(), channel.bottom());
    let torn = content.torn.is_some() && !content.more;
    let mut outline = vec![Segment::Move(Point::new(left, top))];
    outline.push(Segment::Line(Point::new(right, top)));
    outline.push(Segment::Line(Point::new(right, bottom)));
    outline.push(Segment::Line(Point::new(left, bottom)));
    let mut edge = vec![Segment::Move(Point::new(left, bottom))];
    let teeth = if torn {
        [3.0, -2.0, 2.0, -3.0, 3.0]
    } else {
        [0.0; 5]
    };
    for (place, tooth) in teeth.iter().enumerate() {
        let y = bottom - channel.height * (place as f64 + 1.0) / 6.0;
        outline.push(Segment::Line(Point::new(left + tooth, y)));
        edge.push(Segment::Line(Point::new(left + tooth, y)));
    }
    edge.push(Segment::Line(Point::new(left, top)));
    outline.push(Segment::Close);
    sheet.path(Layer::Lanes, target, outline, Some(Ink::Sunken), None);
    let rule = Stroke::solid(Ink::Line, 1.0);
    sheet.rule(Layer::Lanes, target, [left, top, right, top], rule);
    sheet.rule(Layer::Lanes, target, [left, bottom, right, bottom], rule);
    let stroke = match content.more {
        true => Stroke::broken(Ink::Line, 1.0, Dash::Dotted),
        false => Stroke::solid(Ink::Line, if torn { 1.25 } else { 1.0 }),
    };
    sheet.path(Layer::Lanes, target, edge, None, Some(stroke));
}

fn draw_segments(sheet: &mut Sheet<'_>, channel: &Rect, content: &Content<'_>, target: &Target) {
    let boundary = |slot: usize| slot_x(channel, content.density, slot) - 1.0;
    let active = content
        .segments
        .last()
        .map_or(channel.x + 1.0, |slot| boundary(*slot));
    if content.offset_of_first.is_some() && active < channel.right() {
        let lit = Rect::new(
            active,
            channel.y + 1.0,
            channel.right() - active,
            channel.height - 2.0,
        );
        let shape = Shape::Box {
            rect: lit,
            radius: 0.0,
            fill: Some(Ink::Panel),
            stroke: None,
        };
        let alpha = 0.6 * sheet.alpha(target);
        sheet.wash(Layer::Lanes, target, alpha, None, shape);
    }
    for slot in &content.segments {
        let x = boundary(*slot);
        let line = [x, channel.y - 2.0, x, channel.bottom() + 2.0];
        sheet.rule(Layer::Lanes, target, line, Stroke::solid(Ink::Line, 1.0));
    }
}

fn draw_offsets(sheet: &mut Sheet<'_>, channel: &Rect, content: &Content<'_>, target: &Target) {
    let Some(first) = content.offset_of_first else {
        return;
    };
    let style = TextStyle::TINY;
    let y = channel.bottom() + OFFSETS - 3.0;
    let write = |sheet: &mut Sheet<'_>, x: f64, text: String, anchor: Anchor| {
        let shape = Shape::Text {
            at: Point::new(x, y),
            text,
            style,
            ink: Ink::Ink2,
            anchor,
        };
        sheet.paint(Layer::Lanes, target, shape);
    };
    let mut free = channel.x;
    let until = channel.right() - content.replicas.width();
    if let Some(start) = content.torn {
        let text = format!("from @{start}");
        free += style.width(&text) + 6.0;
        write(sheet, channel.x, text, Anchor::Start);
    }
    if content.density != Density::Tiles {
        return;
    }
    for slot in 0..content.landing {
        let offset = first + slot as u64;
        let x = slot_x(channel, content.density, slot) + SIDE / 2.0;
        let text = offset.to_string();
        let half = style.width(&text) / 2.0;
        if offset.is_multiple_of(5) && x - half >= free - 2.0 && x + half <= until {
            write(sheet, x, text, Anchor::Middle);
        }
    }
}

fn draw_tiles(sheet: &mut Sheet<'_>, channel: &Rect, content: &Content<'_>) {
    let top = channel.y + (channel.height - SIDE) / 2.0;
    let mut expected = content.slots.first().map_or(0, |it| it.slot);
    for slot in &content.slots {
        while expected < slot.slot {
            draw_gap(sheet, channel, content, expected);
            expected += 1;
        }
        expected = slot.slot + 1;
        let x = slot_x(channel, content.density, slot.slot);
        let rect = Rect::new(x, top, SIDE, SIDE);
        let target = Target::Record(slot.record);
        let shape = Shape::Tile {
            rect,
            face: slot.tile.face.clone(),
            mark: slot.tile.mark,
        };
        let alpha = sheet.alpha(&target);
        sheet.wash(Layer::Tiles, &target, alpha, Some(content.partition), shape);
        sheet.zone(rect, target);
        let looks = (slot.tile.face.clone(), slot.tile.mark);
        sheet.list.faces.insert(slot.record, looks);
    }
}

/// Compacted away: a dotted baseline.
fn draw_gap(sheet: &mut Sheet<'_>, channel: &Rect, content: &Content<'_>, slot: usize) {
    let x = slot_x(channel, content.density, slot);
    let y = channel.y + (channel.height + SIDE) / 2.0;
    let stroke = Stroke::broken(Ink::Line, 1.0, Dash::Dotted);
    let target = Target::Lane(content.partition);
    sheet.rule(Layer::Lanes, &target, [x, y, x + SIDE, y], stroke);
}

fn draw_dense(sheet: &mut Sheet<'_>, channel: &Rect, content: &Content<'_>) {
    let (width, height) = match content.density {
        Density::Ticks => (2.0, 18.0),
        _ => (8.0, 14.0),
    };
    for slot in &content.slots {
        let x = slot_x(channel, content.density, slot.slot);
        let rect = Rect::new(
            x,
            channel.y + (channel.height - height) / 2.0,
            width,
            height,
        );
        let blank = slot.tile.face.colour == Colour::None;
        let outlined = content.density == Density::Blocks;
        let shape = Shape::Box {
            rect,
            radius: if outlined { 1.5 } else { 0.0 },
            fill: Some(match blank && !outlined {
                true => Ink::Ink2,
                false => Ink::Face(slot.tile.face.colour),
            }),
            stroke: outlined.then_some(Stroke::solid(Ink::Ink, 1.0)),
        };
        let target = Target::Record(slot.record);
        let alpha = sheet.alpha(&target);
        sheet.wash(Layer::Tiles, &target, alpha, Some(content.partition), shape);
        sheet.zone(rect, target);
        let looks = (slot.tile.face.clone(), slot.tile.mark);
        sheet.list.faces.insert(slot.record, looks);
    }
}

/// A bar a virtual second, divided by the shares of the colours among the newest records.
fn draw_ribbon(sheet: &mut Sheet<'_>, channel: &Rect, content: &Content<'_>, target: &Target) {
    let mut shares: Vec<(Colour, f64)> = Vec::new();
    for slot in &content.slots {
        let colour = slot.tile.face.colour;
        match shares.iter_mut().find(|it| it.0 == colour) {
            Some(share) => share.1 += 1.0,
            None => shares.push((colour, 1.0)),
        }
    }
    let highest = content.histogram.iter().copied().max().unwrap_or(0).max(1);
    let bars = content.histogram.len().max(1) as f64;
    let width = (channel.width - 4.0 - NIB) / bars;
    for (place, count) in content.histogram.iter().enumerate() {
        let height = (channel.height - 4.0) * f64::from(*count) / f64::from(highest);
        let mut bottom = channel.bottom() - 2.0;
        for (colour, share) in &shares {
            let part = height * share / content.slots.len().max(1) as f64;
            bottom -= part;
            let x = channel.x + 4.0 + width * place as f64;
            let rect = Rect::new(x, bottom, (width - 1.0).max(1.0), part);
            let shape = Shape::Box {
                rect,
                radius: 0.0,
                fill: Some(match colour {
                    Colour::None => Ink::Ink2,
                    other => Ink::Face(*other),
                }),
                stroke: None,
            };
            sheet.paint(Layer::Tiles, target, shape);
        }
    }
}

/// The open end: a small nib where the next record will land, and the rate where it is high.
fn draw_landing(sheet: &mut Sheet<'_>, channel: &Rect, content: &Content<'_>, target: &Target) {
    let dense = content.density == Density::Ribbon;
    let x = match dense {
        true => channel.right() - NIB,
        false => slot_x(channel, content.density, content.landing),
    };
    let middle = channel.centre().y;
    let nib = vec![
        Segment::Move(Point::new(x, middle)),
        Segment::Quad(
            Point::new(x + 4.0, middle - 1.0),
            Point::new(x + 8.0, middle - 4.5),
        ),
        Segment::Line(Point::new(x + 8.0, middle + 4.5)),
        Segment::Quad(Point::new(x + 4.0, middle + 1.0), Point::new(x, middle)),
        Segment::Close,
    ];
    let stroke = Stroke::solid(Ink::Ink2, 1.0);
    sheet.path(Layer::Lanes, target, nib, Some(Ink::Paper), Some(stroke));
    if content.density >= Density::Ticks && content.offset_of_first.is_some() {
        let x = channel.right() - content.replicas.width();
        let shape = Shape::Text {
            at: Point::new(x, channel.bottom() + OFFSETS - 3.0),
            text: format!("{:.0}/s", content.rate),
            style: TextStyle::TINY,
            ink: Ink::Ink,
            anchor: Anchor::End,
        };
        sheet.paint(Layer::Lanes, target, shape);
    }
}
