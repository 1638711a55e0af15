//! Paints a display list on a canvas. It must not decide what is in the picture or where.

use crate::canvas::palette::Palette;
use headwater_base::{PartitionId, SortedMap};
use headwater_scene::{
    Anchor, DisplayList, Ink, Item, Moving, Rect, Segment, Shape, Stroke, Target, TextStyle, tile,
};
use js_sys::Array;
use std::f64::consts::TAU;
use wasm_bindgen::JsValue;
use web_sys::CanvasRenderingContext2d;

/// A canvas and the colours to paint with.
pub(super) struct Painter<'a> {
    pub(super) context: &'a CanvasRenderingContext2d,
    pub(super) palette: Palette,
    /// Canvas pixels a CSS pixel.
    pub(super) density: f64,
}

// The canvas refuses only numbers that are no numbers, which a layout does not hold; what it
// refuses is not drawn.
impl Painter<'_> {
    pub(super) fn clear(&self, width: f64, height: f64) {
        let density = self.density;
        let _ = self
            .context
            .set_transform(density, 0.0, 0.0, density, 0.0, 0.0);
        self.context.set_global_alpha(1.0);
        self.context.clear_rect(0.0, 0.0, width, height);
    }

    /// The settled picture, without what has not arrived, with lanes that slide.
    pub(super) fn settled(&self, picture: &DisplayList, moving: &Moving) {
        let lanes: SortedMap<PartitionId, Rect> = lanes(picture);
        for item in &picture.items {
            let hidden = matches!(
                (&item.target, &item.shape),
                (Some(Target::Record(record)), Shape::Tile { .. }) if moving.hidden.contains(record)
            );
            if hidden {
                continue;
            }
            let sliding = item.lane.and_then(|lane| {
                let slide = moving.slides.get(&lane).copied()?;
                Some((slide, *lanes.get(&lane)?))
            });
            match sliding {
                Some((slide, lane)) if slide != 0.0 => self.slid(item, slide, lane),
                _ => self.item(item),
            }
        }
    }

    pub(super) fn moving(&self, moving: &Moving) {
        for item in &moving.items {
            self.item(item);
        }
    }

    /// The keyboard's focus: two lines, so that it shows on any colour.
    pub(super) fn ring(&self, rect: Rect) {
        self.context.set_global_alpha(1.0);
        for (outside, ink, width) in [(3.0, Ink::Panel, 4.0), (3.0, Ink::Focus, 2.0)] {
            self.shape(&Shape::Box {
                rect: rect.inset(-outside),
                radius: 4.0,
                fill: None,
                stroke: Some(Stroke::solid(ink, width)),
            });
        }
    }

    fn slid(&self, item: &Item, slide: f64, lane: Rect) {
        self.context.save();
        self.context.begin_path();
        self.context.rect(lane.x, lane.y, lane.width, lane.height);
        self.context.clip();
        let _ = self.context.translate(slide, 0.0);
        self.item(item);
        self.context.restore();
    }

    fn item(&self, item: &Item) {
        if item.alpha <= 0.0 {
            return;
        }
        self.context.set_global_alpha(item.alpha.min(1.0));
        self.shape(&item.shape);
    }

    fn shape(&self, shape: &Shape) {
        match shape {
            Shape::Box {
                rect,
                radius,
                fill,
                stroke,
            } => {
                self.context.begin_path();
                if *radius > 0.0 {
                    let _ = self.context.round_rect_with_f64(
                        rect.x,
                        rect.y,
                        rect.width,
                        rect.height,
                        *radius,
                    );
                } else {
                    self.context.rect(rect.x, rect.y, rect.width, rect.height);
                }
                self.ink(fill.as_ref(), stroke.as_ref());
            }
            Shape::Circle {
                centre,
                radius,
                fill,
                stroke,
            } => {
                self.context.begin_path();
                let _ = self.context.arc(centre.x, centre.y, *radius, 0.0, TAU);
                self.ink(fill.as_ref(), stroke.as_ref());
            }
            Shape::Path { path, fill, stroke } => {
                self.trace(path);
                self.ink(fill.as_ref(), stroke.as_ref());
            }
            Shape::Text {
                at,
                text,
                style,
                ink,
                anchor,
            } => {
                self.write(at.x, at.y, text, style, *ink, *anchor);
            }
            Shape::Tile { rect, face, mark } => {
                for part in tile::parts(*rect, face, *mark) {
                    self.shape(&part);
                }
            }
        }
    }

    fn trace(&self, path: &[Segment]) {
        self.context.begin_path();
        for segment in path {
            match segment {
                Segment::Move(to) => self.context.move_to(to.x, to.y),
                Segment::Line(to) => self.context.line_to(to.x, to.y),
                Segment::Quad(by, to) => {
                    self.context.quadratic_curve_to(by.x, by.y, to.x, to.y);
                }
                Segment::Close => self.context.close_path(),
            }
        }
    }

    fn ink(&self, fill: Option<&Ink>, stroke: Option<&Stroke>) {
        if let Some(ink) = fill {
            self.context.set_fill_style_str(self.palette.colour(*ink));
            self.context.fill();
        }
        if let Some(stroke) = stroke {
            self.context
                .set_stroke_style_str(self.palette.colour(stroke.ink));
            self.context.set_line_width(stroke.width);
            let lengths = stroke
                .dash
                .lengths()
                .iter()
                .map(|it| JsValue::from_f64(*it));
            let _ = self.context.set_line_dash(&lengths.collect::<Array>());
            self.context.stroke();
        }
    }

    fn write(&self, x: f64, y: f64, text: &str, style: &TextStyle, ink: Ink, anchor: Anchor) {
        let font = format!("{} {}px {}", style.weight, style.size, style.font.css());
        self.context.set_font(&font);
        self.context.set_text_align(match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "center",
            Anchor::End => "end",
        });
        self.context.set_text_baseline("alphabetic");
        self.context.set_fill_style_str(self.palette.colour(ink));
        let _ = self.context.fill_text(text, x, y);
    }
}

fn lanes(picture: &DisplayList) -> SortedMap<PartitionId, Rect> {
    let mut lanes = SortedMap::new();
    for zone in &picture.zones {
        if let Target::Lane(partition) = zone.target {
            lanes.insert(partition, zone.rect);
        }
    }
    lanes
}
