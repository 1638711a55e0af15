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
use headwater_base::{ConsumerId, PartitionId, SortedMap};
use headwater_view::ReaderState;

/// A reader on a lane, by places in pixels.
#[derive(Clone, Debug)]
pub(crate) struct Flag {
    pub(crate) reader: ConsumerId,
    pub(crate) initial: String,
    pub(crate) state: ReaderState,
    /// Where the pole stands: left of the record that is read next.
    pub(crate) x: f64,
    /// Where the committed offset is, if it is in sight.
    pub(crate) committed_x: Option<f64>,
    pub(crate) lag: u64,
}

/// From so many readers on, those at one place are drawn as one flag with a count.
const MANY: usize = 10;

/// Height of a flag's cloth.
const CLOTH: f64 = 12.0;

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
    let mut out = String::from(first.to_ascii_uppercase());
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
    let width = pennant(&flag.initial) + bars(flag.state) + lag_width(flag) + 1.0;
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

/// Room for the bars behind the cloth of who pauses.
fn bars(state: ReaderState) -> f64 {
    if state == ReaderState::Paused {
        6.0
    } else {
        0.0
    }
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
    let fly = flag.x + sign * width;
    let looks = (ink, flag.state, flag.initial.as_str());
    draw_cloth(sheet, Layer::Flags, &target, looks, [flag.x, top, fly]);
    if flag.lag > 0 {
        let anchor = if flies_right {
            Anchor::Start
        } else {
            Anchor::End
        };
        let lag = Shape::Text {
            at: Point::new(fly + sign * (2.0 + bars(flag.state)), top + 9.5),
            text: flag.lag.to_string(),
            style: TextStyle::TINY,
            ink,
            anchor,
        };
        sheet.paint(Layer::Flags, &target, lag);
    }
    let left = if flies_right { flag.x } else { fly };
    sheet.zone(Rect::new(left, top, width, CLOTH), target);
}

/// A flag's cloth with what is written on it, from the pole at `x` to `fly`. Only the cloth of who
/// reads is filled: who pauses has bars at its end, who hangs a cloth that hangs, and of who is
/// gone there is a broken outline, struck through.
pub(crate) fn draw_cloth(
    sheet: &mut Sheet<'_>,
    layer: Layer,
    target: &Target,
    (ink, state, initial): (Ink, ReaderState, &str),
    [x, top, fly]: [f64; 3],
) {
    let sign = if fly > x { 1.0 } else { -1.0 };
    let drop = if state == ReaderState::Stalled {
        4.0
    } else {
        0.0
    };
    let at = |x: f64, y: f64| Segment::Line(Point::new(x, top + y));
    let cloth = vec![
        Segment::Move(Point::new(x, top)),
        at(fly, drop),
        at(fly - sign * 3.0, drop + CLOTH / 2.0),
        at(fly, drop + CLOTH),
        at(x, CLOTH),
        Segment::Close,
    ];
    let reads = state == ReaderState::Reading;
    let dash = match state {
        ReaderState::Killed => Dash::Dotted,
        _ => Dash::Solid,
    };
    let fill = if reads { ink } else { Ink::Paper };
    let stroke = (!reads).then_some(Stroke::broken(ink, 1.25, dash));
    sheet.path(layer, target, cloth, Some(fill), stroke);
    let name = Shape::Text {
        at: Point::new(x + (fly - x - sign * 2.5) / 2.0, top + 9.5 + drop / 2.0),
        text: initial.to_owned(),
        style: INITIAL,
        ink: if reads { Ink::OnSolid } else { ink },
        anchor: Anchor::Middle,
    };
    sheet.paint(layer, target, name);
    let line = |sheet: &mut Sheet<'_>, from: f64, to: f64, low: f64, high: f64| {
        let line = [from, top + low, to, top + high];
        sheet.rule(layer, target, line, Stroke::solid(ink, 1.5));
    };
    match state {
        ReaderState::Paused => {
            for bar in [1.5, 4.5] {
                line(sheet, fly + sign * bar, fly + sign * bar, 1.0, CLOTH - 1.0);
            }
        }
        ReaderState::Killed => line(sheet, x, fly, CLOTH, 0.0),
        ReaderState::Reading | ReaderState::Stalled => {}
    }
}

fn draw_stacks(sheet: &mut Sheet<'_>, lane: PartitionId, channel: &Rect, flags: &[Flag]) {
    let mut places: SortedMap<i64, Vec<&Flag>> = SortedMap::new();
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
