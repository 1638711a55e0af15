//! Lines around the cards: producers above a topic, readers docked at it, rows of a push query.

use crate::display::{Card, Dash, Layer, Segment, Stroke, Target, Words};
use crate::flags;
use crate::geometry::{Point, Rect};
use crate::ink::Ink;
use crate::metrics::{LINE, PAD, READERS_MAX, RESULT_ROWS};
use crate::sheet::{Ports, Sheet};
use crate::words::{Anchor, TextStyle};
use headwater_view::{ProducerView, QueryView, ReaderView};

/// Height of producers' lines.
pub(crate) fn producers_height(count: usize) -> f64 {
    count as f64 * LINE + 4.0
}

/// Draws producers: a pen that writes, a name, a pace.
pub(crate) fn draw_producers(sheet: &mut Sheet<'_>, places: &[usize], rect: Rect) {
    for (line, place) in places.iter().enumerate() {
        let producer = &sheet.view.producers[*place];
        let top = rect.y + 2.0 + line as f64 * LINE;
        let place = Rect::new(rect.x, top, rect.width, LINE);
        draw_producer(sheet, producer, place);
        let ports = Ports {
            enter: place.centre().y,
            leave: place.centre().y,
            reach: 0.0,
            rect,
        };
        sheet.ports.insert(Target::Producer(producer.id), ports);
    }
}

fn draw_producer(sheet: &mut Sheet<'_>, producer: &ProducerView, place: Rect) {
    let target = Target::Producer(producer.id);
    sheet.zone(place, target.clone());
    let ink = if producer.running {
        Ink::Ink
    } else {
        Ink::Line
    };
    let at = |x: f64, y: f64| Point::new(place.x + 8.0 + x, place.centre().y + y);
    let pen = vec![
        Segment::Move(at(-6.0, 5.5)),
        Segment::Line(at(-4.5, 1.5)),
        Segment::Line(at(3.0, -6.0)),
        Segment::Line(at(5.5, -3.5)),
        Segment::Line(at(-2.0, 4.0)),
        Segment::Close,
    ];
    let stroke = Stroke::solid(ink, 1.25);
    sheet.path(Layer::Cards, &target, pen, Some(Ink::Paper), Some(stroke));
    let words = line_of_words(
        sheet,
        &target,
        place,
        [&producer.name, &producer.about, ""],
        22.0,
    );
    sheet.card(Card {
        offer: None,
        label: format!("producer {}", producer.name),
        open: None,
        target,
        rect: place,
        words,
    });
}

/// A name, a remark after it, and something at the right end.
fn line_of_words(
    sheet: &Sheet<'_>,
    target: &Target,
    place: Rect,
    [name, about, end]: [&str; 3],
    indent: f64,
) -> Vec<Words> {
    let left = place.x + 18.0;
    let right = place.right() - indent;
    let end_room = if end.is_empty() {
        0.0
    } else {
        TextStyle::DATA.width(end) + 8.0
    };
    let name_room = TextStyle::LABEL
        .width(name)
        .min((right - left - end_room) * 0.6)
        + 1.0;
    let y = place.y + 1.0;
    let mut words = Vec::new();
    let it = sheet.words(target, Point::new(left, y), name_room, name);
    words.push(it.style(TextStyle::LABEL, Ink::Ink).line());
    let x = left + name_room + 6.0;
    let room = right - end_room - x;
    let remark = match about.strip_prefix(name) {
        Some(rest) => rest.trim_start_matches([',', ' ']),
        None => about,
    };
    if room > 24.0 && !remark.is_empty() {
        let it = sheet.words(target, Point::new(x, y + 1.5), room, remark);
        words.push(it.line());
    }
    if !end.is_empty() {
        let at = Point::new(right - end_room, y + 0.5);
        let it = sheet.words(target, at, end_room, end);
        words.push(
            it.style(TextStyle::DATA, Ink::Ink2)
                .anchor(Anchor::End)
                .line(),
        );
    }
    words
}

/// Height of a dock with so many readers.
pub(crate) fn readers_height(count: usize) -> f64 {
    let shown = count.min(READERS_MAX);
    let more = if count > shown { 14.0 } else { 0.0 };
    shown as f64 * LINE + more + 2.0
}

/// Draws a dock: a line a reader, with its flag and its lag.
pub(crate) fn draw_readers(sheet: &mut Sheet<'_>, places: &[usize], rect: Rect) {
    let view = sheet.view;
    for (line, place) in places.iter().take(READERS_MAX).enumerate() {
        let top = rect.y + 2.0 + line as f64 * LINE;
        let place_of_line = Rect::new(rect.x, top, rect.width, LINE);
        draw_reader(sheet, &view.readers[*place], place_of_line);
    }
    let more = places.len().saturating_sub(READERS_MAX);
    if more > 0
        && let Some(last) = places.get(READERS_MAX)
    {
        let target = Target::Reader(view.readers[*last].id);
        let text = match more {
            1 => "1 more reader".to_owned(),
            _ => format!("{more} more readers"),
        };
        let line = Rect::new(rect.x, rect.bottom() - 14.0, rect.width, 14.0);
        let at = Point::new(line.x + 22.0, line.y);
        let words = vec![sheet.words(&target, at, line.width - 22.0, &text).line()];
        sheet.card(Card {
            offer: None,
            target,
            rect: line,
            label: text,
            open: None,
            words,
        });
    }
}

fn draw_reader(sheet: &mut Sheet<'_>, reader: &ReaderView, place: Rect) {
    let target = Target::Reader(reader.id);
    sheet.zone(place, target.clone());
    let initial = flags::initial(&reader.name);
    let looks = (flags::colour(reader.id), reader.state, initial.as_str());
    let ends = [place.x, place.y + 3.5, place.x + 16.0];
    flags::draw_cloth(sheet, Layer::Cards, &target, looks, ends);
    let lag: u64 = reader.positions.iter().map(|it| it.lag).sum();
    let end = format!("lag {lag}");
    let about = match &reader.group {
        Some(group) if !reader.name.starts_with(group.as_str()) => {
            format!("{}, {group}", reader.about)
        }
        _ => reader.about.clone(),
    };
    let about = about.trim_start_matches([',', ' ']);
    let mut words = line_of_words(sheet, &target, place, [&reader.name, about, &end], 2.0);
    for word in &mut words {
        word.rect.x += 4.0;
        word.rect.width -= 4.0;
    }
    sheet.card(Card {
        offer: None,
        label: format!("reader {}", reader.name),
        open: None,
        target,
        rect: place,
        words,
    });
}

/// Height of a push query's rows.
pub(crate) fn result_height() -> f64 {
    18.0 + RESULT_ROWS as f64 * TextStyle::DATA.line + 6.0
}

/// Draws the newest rows of a push query.
pub(crate) fn draw_result(sheet: &mut Sheet<'_>, query: &QueryView, rect: Rect) {
    let target = Target::Result(query.id);
    let stroke = Stroke::broken(Ink::Ink2, 1.25, Dash::Dashed);
    sheet.frame(rect, &target, 0xB000 + u64::from(query.id.0), stroke);
    let view = sheet.view;
    let result = view.results.iter().find(|it| it.query == query.id);
    let count = result.map_or(query.emitted, |it| it.row_count);
    let room = rect.width - 2.0 * PAD;
    let rows = if count == 1 { "row" } else { "rows" };
    let at = Point::new(rect.x + PAD, rect.y + 3.0);
    let title = match (count, result) {
        (0, Some(result)) if result.read > 0 => format!("0 rows, {} read", result.read),
        _ => format!("{count} {rows} to Results"),
    };
    let mut words = vec![sheet.words(&target, at, room, &title).line()];
    let newest = result.map_or(&[][..], |it| {
        let from = it.rows.len().saturating_sub(RESULT_ROWS);
        &it.rows[from..]
    });
    for (line, row) in newest.iter().enumerate() {
        let cells: Vec<String> = row.cells.iter().map(|it| it.to_string()).collect();
        let y = rect.y + 19.0 + line as f64 * TextStyle::DATA.line;
        let text = cells.join(" · ");
        let row = sheet.words(&target, Point::new(rect.x + PAD, y), room, &text);
        words.push(row.style(TextStyle::DATA, Ink::Ink).line());
    }
    let middle = rect.centre().y;
    sheet.ports.insert(
        target.clone(),
        Ports {
            enter: middle,
            leave: middle,
            reach: 0.0,
            rect,
        },
    );
    sheet.card(Card {
        offer: None,
        label: format!("rows of {}", query.name),
        open: None,
        target,
        rect,
        words,
    });
}
