//! What is drawn where records come too fast to be followed: arrows become channels, a sieve a
//! split ribbon, cups bars.
//!
//! The rate is that of wall time, as for [`crate::density`]; while time stands still there is none.

use crate::density::Density;
use crate::display::{Layer, Segment, Shape, Stroke, Target};
use crate::geometry::{Point, Rect};
use crate::graph::Link;
use crate::ink::Ink;
use crate::query::short;
use crate::sheet::Sheet;
use crate::words::{Anchor, TextStyle};
use headwater_base::TopicId;
use headwater_view::{QueryView, StationView, TopicView};

/// Records a wall second from which an arrow is a channel.
const CHANNEL_FROM: f64 = 40.0;
/// How much a channel widens while its rate grows tenfold.
const WIDER: f64 = 2.0;
/// A channel is never wider: two have to fit side by side into a gap.
const WIDTH_MAX: f64 = 9.0;
/// A number has to have so much of a straight channel for itself.
const NUMBER_FROM: f64 = 26.0;
/// Height of a sieve's ribbon.
const RIBBON: f64 = 3.0;

/// Records a wall second on all lanes of a topic, where there are too many to follow.
pub(crate) fn dense_rate(sheet: &Sheet<'_>, topic: &TopicView) -> Option<f64> {
    let lanes = topic.partitions.iter();
    let dense = lanes
        .clone()
        .any(|it| sheet.densities.of(it.id) >= Density::Ticks);
    let rate: f64 = lanes.map(|it| it.rate).sum();
    dense.then(|| rate * sheet.densities.speed())
}

/// The rate along an arrow, where it is a channel.
pub(crate) fn rate_along(sheet: &Sheet<'_>, link: &Link) -> Option<f64> {
    let view = sheet.view;
    let of_topic = |id: TopicId| {
        let topic = view.topics.iter().find(|it| it.id == id)?;
        dense_rate(sheet, topic)
    };
    let rate = match (&link.from, &link.to) {
        (Target::Topic(topic), _) | (_, Target::Topic(topic)) => of_topic(*topic),
        _ => None,
    };
    rate.filter(|it| *it >= CHANNEL_FROM)
}

/// How wide a channel is.
pub(crate) fn width(rate: f64) -> f64 {
    // Powers of ten, and straight lines between them: no eye can tell that from a logarithm.
    let (mut tens, mut rest) = (0.0, (rate / CHANNEL_FROM).max(1.0));
    while rest >= 10.0 && tens < WIDTH_MAX {
        (tens, rest) = (tens + 1.0, rest / 10.0);
    }
    (3.0 + WIDER * (tens + (rest - 1.0) / 9.0)).min(WIDTH_MAX)
}

/// A rate in few characters: `310/s`, `50k/s`.
pub(crate) fn rate_text(rate: f64) -> String {
    format!("{}/s", short(rate.round().max(0.0) as u64))
}

/// Fills an arrow, drawn as a broad stroke, to a channel: a lighter bed, and the number on it.
pub(crate) fn draw_bed(
    sheet: &mut Sheet<'_>,
    target: &Target,
    alpha: f64,
    path: Vec<Segment>,
    (points, rate): (&[Point], f64),
) {
    let bed = Shape::Path {
        path,
        fill: None,
        stroke: Some(Stroke::solid(Ink::Panel, width(rate))),
    };
    sheet.wash(Layer::Edges, target, alpha, None, bed);
    let pairs = points.windows(2);
    let longest = pairs.max_by(|a, b| a[0].distance(a[1]).total_cmp(&b[0].distance(b[1])));
    let Some([from, to]) = longest else {
        return;
    };
    if from.distance(*to) < NUMBER_FROM {
        return;
    }
    let middle = from.towards(*to, 0.5);
    let text = rate_text(rate);
    let style = TextStyle::TINY;
    let room = style.width(&text) + 4.0;
    let plate = Shape::Box {
        rect: Rect::new(middle.x - room / 2.0, middle.y - 6.0, room, 12.0),
        radius: 2.0,
        fill: Some(Ink::Paper),
        stroke: Some(Stroke::solid(Ink::Line, 0.75)),
    };
    let written = Shape::Text {
        at: Point::new(middle.x, middle.y + 3.2),
        text,
        style,
        ink: Ink::Ink,
        anchor: Anchor::Middle,
    };
    // Over the cards' outlines, under whatever is chosen.
    sheet.wash(Layer::Flags, target, alpha, None, plate);
    sheet.wash(Layer::Flags, target, alpha, None, written);
}

/// Whether a query reads a topic whose records are too many to follow.
pub(crate) fn is_fast(sheet: &Sheet<'_>, query: &QueryView) -> bool {
    let sources = query.sources.iter();
    let mut topics = sources.filter_map(|id| sheet.view.topics.iter().find(|it| it.id == *id));
    topics.any(|it| dense_rate(sheet, it).is_some())
}

/// The shares of a sieve that passed and did not, along its lower edge.
pub(crate) fn draw_split(
    sheet: &mut Sheet<'_>,
    target: &Target,
    station: &StationView,
    rect: Rect,
) {
    let rejected: u64 = station.rejected.iter().map(|it| it.1).sum();
    let all = station.passed + rejected;
    if all == 0 {
        return;
    }
    let passed = rect.width * station.passed as f64 / all as f64;
    let y = rect.bottom() - RIBBON - 0.5;
    let parts = [
        (rect.x, passed, Ink::Table),
        (rect.x + passed, rect.width - passed, Ink::Error),
    ];
    for (x, width, ink) in parts {
        let shape = Shape::Box {
            rect: Rect::new(x, y, width, RIBBON),
            radius: 0.0,
            fill: Some(ink),
            stroke: None,
        };
        sheet.paint(Layer::Cards, target, shape);
    }
}

/// A number near enough to draw by: reading it to the last bit takes tables of ten kilobytes.
fn number(text: &str) -> Option<f64> {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let mut power: i32 = exponent.parse().ok()?;
    let (sign, digits) = match mantissa.strip_prefix('-') {
        Some(digits) => (-1.0, digits),
        None => (1.0, mantissa),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut value = 0.0;
    for digit in whole.bytes().chain(fraction.bytes()) {
        if !digit.is_ascii_digit() {
            return None;
        }
        value = value * 10.0 + f64::from(digit - b'0');
    }
    power = power.saturating_sub(fraction.len() as i32);
    for _ in 0..power.unsigned_abs().min(700) {
        value = if power > 0 {
            value * 10.0
        } else {
            value / 10.0
        };
    }
    let is_number = !digits.is_empty() && digits != "." && value.is_finite();
    is_number.then_some(sign * value)
}

/// How full a cup is beside the fullest, where their values are numbers.
pub(crate) fn level(value: &str, cups: &[(String, String)]) -> Option<f64> {
    let most = cups
        .iter()
        .filter_map(|it| number(&it.1))
        .fold(0.0, f64::max);
    let value = number(value)?;
    (most > 0.0).then(|| (value / most).clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_channel_widens_with_the_logarithm_of_its_rate() {
        assert_eq!(width(40.0), 3.0);
        assert_eq!(width(4_000.0), 7.0);
        assert_eq!(width(1e12), WIDTH_MAX);
        assert_eq!(rate_text(50_400.0), "50k/s");
    }

    #[test]
    fn cups_are_filled_by_their_numbers_only() {
        let cups = [
            ("a".to_owned(), "5".to_owned()),
            ("b".to_owned(), "10".to_owned()),
        ];
        assert_eq!(level("5", &cups), Some(0.5));
        assert_eq!(level("gold", &cups), None);
    }
}
