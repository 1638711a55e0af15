//! Readers on a lane: a flag on a pole at each position, the committed offset, the lag.
//!
//! The room above a lane depends on how many readers it has, never on where they are, so that
//! nothing on the page moves when they read.

use crate::display::{Dash, Layer, Segment, Shape, Stroke, Target};
use crate::geometry::{Point, Rect};
use crate::ink::Ink;
use crate::metrics::{ABOVE_LANE, FLAG_ROW};
use crate::sheet::Sheet;
use crate::words::{Anchor, Font, TextStyle};
use headwater_base::{ConsumerId, PartitionId};
use std::collections::BTreeMap;

/// A reader on a lane, by places in pixels.
#[derive(Clone, Debug)]
pub(crate) struct Flag {
    pub(crate) reader: ConsumerId,
    pub(crate) initial: String,
    /// Where the pole stands: left of the record that is read next.
    pub(crate) x: f64,
    /// Where the committed offset is, if it is in sight.
    pub(crate) committed_x: Option<f64>,
    pub(crate) lag: u64,
}

/// From so many readers on, those at one place are drawn as one flag with a count.
const MANY: usize = 10;

const INITIAL: TextStyle = TextStyle {
    font: Font::Sans,
    size: 9.5,
    weight: 600,
    line: 11.0,
};

/// Height of the room above a lane with so many readers.
pub(crate) fn room(readers: usize) -> f64 {
    match readers {
        0 => ABOVE_LANE,
        1 | 2 => FLAG_ROW + 3.0,
        _ => 2.0 * FLAG_ROW + 3.0,
    }
}

/// A reader's colour.
pub(crate) fn colour(reader: ConsumerId) -> Ink {
    Ink::Reader((reader.0 % 6) as u8)
}

/// The first letter of a name, with the number at its end, if there is one.
pub(crate) fn initial(name: &str) -> String {
    let first = name.chars().next().unwrap_or('?');
    let digits = name.len() - name.trim_end_matches(|it: char| it.is_ascii_digit()).len();
    let number = &name[name.len() - digits.min(2)..];
    let mut out: String = first.to_uppercase().collect();
    if digits < name.len() {
        out.push_str(number);
    }
    out
}

/// Draws the readers of one lane, and says how high each one's pole reaches, where it stands
/// alone. `nib_x` is where the next record will land.
pub(crate) fn draw(
    sheet: &mut Sheet<'_>,
    lane: PartitionId,
    channel: &Rect,
    nib_x: f64,
    flags: &[Flag],
) -> Vec<Option<f64>> {
    for flag in flags {
        draw_lag(sheet, channel, nib_x, flag);
    }
    if flags.len() >= MANY {
        draw_stacks(sheet, lane, channel, flags);
        return vec![None; flags.len()];
    }
    let rows = if flags.len() > 2 { 2 } else { 1 };
    let mut taken: Vec<(usize, f64, f64)> = Vec::new();
    let mut tops = Vec::new();
    for flag in flags {
        let seat = seat(&mut taken, rows, channel, flag);
        match seat {
            Some((row, flies_right)) => draw_flag(sheet, channel, flag, row, flies_right),
            None => draw_pole(sheet, channel, flag, channel.y - 5.0),
        }
        tops.push(seat.map(|it| top_of(channel, it.0)));
    }
    tops
}

/// The upper edge of a row of flags.
fn top_of(channel: &Rect, row: usize) -> f64 {
    channel.y - 2.0 - FLAG_ROW * (row as f64 + 1.0)
}

fn seat(
    taken: &mut Vec<(usize, f64, f64)>,
    rows: usize,
    channel: &Rect,
    flag: &Flag,
) -> Option<(usize, bool)> {
    let width = pennant(&flag.initial) + lag_width(flag) + 1.0;
    for row in 0..rows {
        for right in [true, false] {
            let from = if right { flag.x } else { flag.x - width };
            let (low, high) = (channel.x - 16.0, channel.right() + 14.0);
            let inside = from >= low && from + width <= high;
            let overlaps =
                |it: &&(usize, f64, f64)| it.0 == row && it.1 < from + width && from < it.2;
            if inside && taken.iter().find(overlaps).is_none() {
                taken.push((row, from, from + width));
                return Some((row, right));
            }
        }
    }
    None
}

fn pennant(initial: &str) -> f64 {
    INITIAL.width(initial) + 8.0
}

fn lag_width(flag: &Flag) -> f64 {
    match flag.lag {
        0 => 0.0,
        lag => TextStyle::TINY.width(&lag.to_string()) + 3.0,
    }
}

fn draw_lag(sheet: &mut Sheet<'_>, channel: &Rect, nib_x: f64, flag: &Flag) {
    let target = Target::Reader(flag.reader);
    let ink = colour(flag.reader);
    if nib_x > flag.x + 2.0 {
        let rect = Rect::new(
            flag.x,
            channel.y + 1.0,
            nib_x - flag.x,
            channel.height - 2.0,
        );
        let shape = Shape::Box {
            rect,
            radius: 0.0,
            fill: Some(ink),
            stroke: None,
        };
        let alpha = 0.13 * sheet.alpha(&target);
        sheet.wash(Layer::Lanes, &target, alpha, None, shape);
    }
    if let Some(x) = flag.committed_x {
        let shape = Shape::Circle {
            centre: Point::new(x, channel.bottom()),
            radius: 2.5,
            fill: Some(Ink::Paper),
            stroke: Some(Stroke::solid(ink, 1.25)),
        };
        sheet.paint(Layer::Flags, &target, shape);
    }
}

fn draw_pole(sheet: &mut Sheet<'_>, channel: &Rect, flag: &Flag, top: f64) {
    let line = [flag.x, top, flag.x, channel.bottom()];
    let stroke = Stroke::solid(colour(flag.reader), 1.25);
    sheet.rule(Layer::Flags, &Target::Reader(flag.reader), line, stroke);
}

fn draw_flag(sheet: &mut Sheet<'_>, channel: &Rect, flag: &Flag, row: usize, flies_right: bool) {
    let target = Target::Reader(flag.reader);
    let ink = colour(flag.reader);
    let top = top_of(channel, row);
    draw_pole(sheet, channel, flag, top);
    let width = pennant(&flag.initial);
    let sign = if flies_right { 1.0 } else { -1.0 };
    let (height, fly) = (12.0, flag.x + sign * width);
    let cloth = vec![
        Segment::Move(Point::new(flag.x, top)),
        Segment::Line(Point::new(fly, top)),
        Segment::Line(Point::new(fly - sign * 3.0, top + height / 2.0)),
        Segment::Line(Point::new(fly, top + height)),
        Segment::Line(Point::new(flag.x, top + height)),
        Segment::Close,
    ];
    sheet.path(Layer::Flags, &target, cloth, Some(ink), None);
    let middle = flag.x + sign * (width - 2.5) / 2.0;
    let write = |at: f64, text: String, style: TextStyle, ink: Ink, anchor: Anchor| Shape::Text {
        at: Point::new(at, top + 9.5),
        text,
        style,
        ink,
        anchor,
    };
    let name = write(
        middle,
        flag.initial.clone(),
        INITIAL,
        Ink::OnSolid,
        Anchor::Middle,
    );
    sheet.paint(Layer::Flags, &target, name);
    if flag.lag > 0 {
        let anchor = if flies_right {
            Anchor::Start
        } else {
            Anchor::End
        };
        let at = fly + sign * 2.0;
        let lag = write(at, flag.lag.to_string(), TextStyle::TINY, ink, anchor);
        sheet.paint(Layer::Flags, &target, lag);
    }
    let left = if flies_right { flag.x } else { fly };
    sheet.zone(Rect::new(left, top, width, height), target);
}

fn draw_stacks(sheet: &mut Sheet<'_>, lane: PartitionId, channel: &Rect, flags: &[Flag]) {
    let mut places: BTreeMap<i64, Vec<&Flag>> = BTreeMap::new();
    for flag in flags {
        places.entry(flag.x.round() as i64).or_default().push(flag);
    }
    let mut taken = Vec::new();
    for stack in places.values() {
        let count = stack.len();
        let mut drawn = stack[0].clone();
        drawn.lag = stack.iter().map(|it| it.lag).max().unwrap_or(0);
        if count > 1 {
            drawn.initial = format!("x{count}");
        }
        let Some((row, flies_right)) = seat(&mut taken, 2, channel, &drawn) else {
            draw_pole(sheet, channel, &drawn, channel.y - 5.0);
            continue;
        };
        draw_flag(sheet, channel, &drawn, row, flies_right);
        if count > 1
            && let Some(zone) = sheet.list.zones.last_mut()
        {
            zone.target = Target::Readers(lane);
        }
    }
}

/// A slack line from one lane's pole to the same reader's pole on the next lane.
pub(crate) fn draw_slack(sheet: &mut Sheet<'_>, reader: ConsumerId, from: Point, to: Point) {
    let middle = from.towards(to, 0.5);
    let path = vec![
        Segment::Move(from),
        Segment::Quad(Point::new(middle.x, middle.y + 5.0), to),
    ];
    let shape = Shape::Path {
        path,
        fill: None,
        stroke: Some(Stroke::broken(colour(reader), 1.0, Dash::Dotted)),
    };
    let target = Target::Reader(reader);
    let alpha = 0.7 * sheet.alpha(&target);
    sheet.wash(Layer::Lanes, &target, alpha, None, shape);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_tell_the_members_of_a_group_apart() {
        assert_eq!(initial("Sally"), "S");
        assert_eq!(initial("dashboard-2"), "D2");
        assert_eq!(initial("7"), "7");
        assert_eq!(initial(""), "?");
    }
}
