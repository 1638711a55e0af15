//! A topic's card: a header in the colour of what is declared over it, and its lanes.
//!
//! A source topic shows a lane a partition; a derived one is one merged lane until it is opened.

use crate::channel;
use crate::density::Density;
use crate::display::{Card, Dash, Item, Landing, Layer, Shape, Stroke, Target};
use crate::flags::{self, Flag};
use crate::flow;
use crate::geometry::{Point, Rect};
use crate::ink::Ink;
use crate::lane::{self, Content};
use crate::metrics::{BUS, BUS_X, HEADER, LANE, LANE_NAME, LANES_MAX, OFFSETS, PAD};
use crate::options::Options;
use crate::replicas::Replicas;
use crate::sheet::{Ports, Sheet};
use crate::words::{Anchor, TextStyle};
use headwater_base::{ConsumerId, PartitionId, SortedMap};
use headwater_view::{LabView, ReaderPosition, ReaderView, TopicKind, TopicRole, TopicView};

/// Whether a topic shows a lane a partition.
pub(crate) fn is_open(topic: &TopicView, options: &Options) -> bool {
    topic.partitions.len() == 1
        || topic.role == TopicRole::Source
        || options.open_topics.contains(&topic.id)
}

/// Every reader of a topic with its positions there.
fn readers<'a>(
    view: &'a LabView,
    topic: &TopicView,
    lane: Option<PartitionId>,
) -> Vec<(&'a ReaderView, Vec<&'a ReaderPosition>)> {
    let at = |reader: &'a ReaderView| {
        let positions = reader.positions.iter();
        let here = positions
            .filter(|it| it.topic == topic.id && lane.is_none_or(|lane| it.partition == lane));
        (reader, here.collect::<Vec<_>>())
    };
    let all = view.readers.iter().map(at);
    all.filter(|it| !it.1.is_empty()).collect()
}

/// How many lanes are drawn, with the most readers that any of them has. All lanes have the same
/// room for flags, so that a rebalance moves nothing.
fn lanes(view: &LabView, topic: &TopicView, options: &Options) -> (usize, usize) {
    if !is_open(topic, options) {
        return (1, readers(view, topic, None).len());
    }
    let shown = topic.partitions.len().min(LANES_MAX);
    let counts = topic.partitions[..shown].iter();
    let counts = counts.map(|it| readers(view, topic, Some(it.id)).len());
    (shown, counts.max().unwrap_or(0))
}

/// The card's height.
pub(crate) fn height(view: &LabView, topic: &TopicView, options: &Options) -> f64 {
    let (count, most) = lanes(view, topic, options);
    let below = if is_open(topic, options) {
        OFFSETS
    } else {
        6.0
    };
    let hidden = topic.partitions.len() > LANES_MAX && count > 1;
    let more = if hidden { 14.0 } else { 0.0 };
    HEADER + count as f64 * (flags::room(most) + LANE + below) + 3.0 + more
}

/// Draws the card.
pub(crate) fn draw(sheet: &mut Sheet<'_>, topic: &TopicView, rect: Rect) {
    let target = Target::Topic(topic.id);
    let stroke = Stroke::solid(Ink::Ink, 1.5);
    sheet.frame(rect, &target, 0x7000 + u64::from(topic.id.0), stroke);
    draw_header(sheet, topic, rect, &target);
    let open = is_open(topic, sheet.options);
    let (count, most) = lanes(sheet.view, topic, sheet.options);
    let below = if open { OFFSETS } else { 6.0 };
    let name = if open && count > 1 { LANE_NAME } else { 0.0 };
    let width = rect.width - 2.0 * PAD - name - BUS + 4.0;
    let mut feet: SortedMap<ConsumerId, Point> = SortedMap::new();
    let mut middles = Vec::new();
    for place in 0..count {
        let pitch = flags::room(most) + LANE + below;
        let top = rect.y + HEADER + flags::room(most) + place as f64 * pitch;
        let channel = Rect::new(rect.x + PAD + name, top, width, LANE);
        middles.push(channel.centre().y);
        if name > 0.0 {
            draw_name(sheet, topic, place, &channel);
        }
        draw_lane(sheet, topic, open.then_some(place), channel, &mut feet);
    }
    draw_bus(sheet, &target, rect, &middles);
    if topic.partitions.len() > count && count > 1 {
        let text = format!("{} more partitions", topic.partitions.len() - count);
        let at = Point::new(rect.x + PAD, rect.bottom() - 15.0);
        let words = sheet
            .words(&target, at, rect.width - 2.0 * PAD, &text)
            .line();
        if let Some(card) = sheet.list.cards.last_mut() {
            card.words.push(words);
        }
    }
    let middle = (middles.first().copied().unwrap_or(rect.y + HEADER)
        + middles.last().copied().unwrap_or(rect.y + HEADER))
        / 2.0;
    let ports = Ports {
        enter: middle,
        leave: middle,
        reach: if middles.len() > 1 { BUS_X } else { BUS + 2.0 },
        rect,
    };
    sheet.ports.insert(target, ports);
}

/// The header's colour: orange is a stream, teal a table.
pub(crate) fn kind_ink(kind: TopicKind) -> Ink {
    match kind {
        TopicKind::Stream => Ink::Stream,
        TopicKind::Table => Ink::Table,
        TopicKind::Plain => Ink::Ink2,
    }
}

/// A header band, filled.
pub(crate) fn band(sheet: &mut Sheet<'_>, target: &Target, rect: Rect, ink: Ink) {
    let band = Rect::new(
        rect.x + 0.75,
        rect.y + 0.75,
        rect.width - 1.5,
        HEADER - 1.75,
    );
    let shape = Shape::Box {
        rect: band,
        radius: 2.0,
        fill: Some(ink),
        stroke: None,
    };
    sheet.paint(Layer::Cards, target, shape);
    let y = rect.y + HEADER - 1.0;
    let line = [rect.x + 0.75, y, rect.right() - 0.75, y];
    sheet.rule(Layer::Cards, target, line, Stroke::solid(Ink::Ink, 1.0));
}

fn draw_header(sheet: &mut Sheet<'_>, topic: &TopicView, rect: Rect, target: &Target) {
    band(sheet, target, rect, kind_ink(topic.kind));
    let internal = matches!(topic.role, TopicRole::Internal { .. });
    let open = is_open(topic, sheet.options);
    let many = topic.partitions.len();
    let count = match (open, internal) {
        (_, true) => "internal".to_owned(),
        (false, _) => match flow::dense_rate(sheet, topic) {
            Some(rate) => flow::rate_text(rate),
            None => format!("{many} partitions"),
        },
        (true, _) => topic.retention.clone(),
    };
    let style = TextStyle::NOTE;
    let room = rect.width - 2.0 * PAD;
    let shown = shown_name(sheet.view, topic);
    let name_width = TextStyle::NAME.width(shown).min(room);
    let note_room = room - name_width - 10.0;
    let at = Point::new(rect.x + PAD, rect.y + 3.0);
    let name = sheet.words(target, at, room, shown);
    let mut name = name.style(TextStyle::NAME, Ink::OnSolid).name();
    if shown != topic.name {
        name.full = Some(topic.name.clone());
    }
    let mut words = vec![name];
    if !count.is_empty() && note_room >= style.width("10 min…") {
        let at = Point::new(rect.right() - PAD - note_room, rect.y + 4.0);
        let note = sheet.words(target, at, note_room, &count);
        words.push(note.style(style, Ink::OnSolid).anchor(Anchor::End).line());
    }
    let kind = match topic.kind {
        TopicKind::Stream => "stream topic",
        TopicKind::Table => "table topic",
        TopicKind::Plain => "topic",
    };
    let foldable = many > 1 && topic.role != TopicRole::Source;
    sheet.card(Card {
        offer: offer(sheet.view, topic, rect),
        target: target.clone(),
        rect,
        label: format!("{kind} {}", topic.name),
        open: foldable.then_some(open),
        words,
    });
}

/// The command that would fill an empty source, and where a button for it has room.
fn offer(view: &LabView, topic: &TopicView, rect: Rect) -> Option<(String, Rect)> {
    let offer = view.offers.iter().find(|it| it.topic == topic.name)?;
    let top = rect.y + HEADER - 1.0;
    let room = Rect::new(rect.x, top, rect.width, rect.bottom() - top);
    Some((offer.command.clone(), room.inset(3.0)))
}

/// A topic's name as its card has room for it: of an internal topic what follows its query's id,
/// as all of them begin alike.
fn shown_name<'a>(view: &LabView, topic: &'a TopicView) -> &'a str {
    let TopicRole::Internal { query } = topic.role else {
        return &topic.name;
    };
    let query = view.queries.iter().find(|it| it.id == query);
    let tail = query.and_then(|it| topic.name.split_once(&format!("{}-", it.name)));
    tail.map_or(&topic.name, |it| it.1)
}

fn draw_name(sheet: &mut Sheet<'_>, topic: &TopicView, place: usize, channel: &Rect) {
    let lane = &topic.partitions[place];
    let shape = Shape::Text {
        at: Point::new(channel.x - 5.0, channel.centre().y + 3.5),
        text: format!("p{}", lane.partition),
        style: TextStyle::TINY,
        ink: Ink::Ink2,
        anchor: Anchor::End,
    };
    sheet.paint(Layer::Lanes, &Target::Lane(lane.id), shape);
}

/// Draws one lane, or the merged one where `place` is `None`.
fn draw_lane(
    sheet: &mut Sheet<'_>,
    topic: &TopicView,
    place: Option<usize>,
    channel: Rect,
    feet: &mut SortedMap<ConsumerId, Point>,
) {
    let speed = sheet.densities.speed();
    let content = match place.and_then(|it| topic.partitions.get(it)) {
        Some(one) => Content {
            replicas: Replicas::of(sheet.view, one.id, channel.width),
            ..lane::of_partition(one, channel.width, sheet.densities.of(one.id), speed)
        },
        None => {
            let all = topic.partitions.iter().map(|it| sheet.densities.of(it.id));
            let density = all.max().unwrap_or(Density::Tiles);
            lane::of_topic(&topic.partitions, channel.width, density, speed)
        }
    };
    channel::draw(sheet, channel, &content);
    let landing = lane::landing(&channel, &content);
    let one = place
        .and_then(|it| topic.partitions.get(it))
        .map(|it| it.id);
    for partition in &topic.partitions {
        if one.is_none_or(|it| it == partition.id) {
            let end = Landing {
                topic: topic.id,
                lane: content.partition,
                rect: landing,
                pitch: lane::pitch(content.density),
                scrolled: content.scrolled,
                density: content.density,
            };
            sheet.list.landings.insert(partition.id, end);
        }
    }
    let mut found = Vec::new();
    for (reader, positions) in readers(sheet.view, topic, one) {
        let flag = flag(reader, &positions, &channel, &content);
        found.push(flag);
    }
    let tops = flags::draw(sheet, content.partition, &channel, landing.x - 1.0, &found);
    for (flag, top) in found.iter().zip(tops) {
        let foot = Point::new(flag.x, channel.bottom());
        if let Some(above) = feet.insert(flag.reader, foot)
            && let Some(top) = top
        {
            flags::draw_slack(sheet, flag.reader, above, Point::new(flag.x, top));
        }
    }
}

fn flag(
    reader: &ReaderView,
    positions: &[&ReaderPosition],
    channel: &Rect,
    content: &Content<'_>,
) -> Flag {
    let place = |next: &dyn Fn(&ReaderPosition) -> Option<u64>| {
        // The first record that is still to come; the landing if there is none.
        let waits = |slot: &&lane::Slot<'_>| {
            let of_lane = |it: &&&ReaderPosition| it.partition == slot.record.partition;
            let at = positions.iter().find(of_lane).and_then(|it| next(it));
            at.is_some_and(|at| slot.record.offset >= at)
        };
        let slot = match (content.offset_of_first, positions) {
            (Some(first), [one]) => next(one)?.saturating_sub(first).min(content.landing as u64),
            _ => {
                let found = content.slots.iter().find(waits);
                found.map_or(content.landing, |it| it.slot) as u64
            }
        };
        let x = lane::slot_x(channel, content.density, slot as usize) - 1.0;
        Some(x.min(channel.right()))
    };
    let committed = |it: &ReaderPosition| it.committed;
    let has_committed = positions.iter().any(|it| it.committed.is_some());
    Flag {
        reader: reader.id,
        initial: flags::initial(&reader.name),
        state: reader.state,
        x: place(&|it| Some(it.position)).unwrap_or(channel.x),
        committed_x: has_committed.then(|| place(&committed)).flatten(),
        lag: positions.iter().map(|it| it.lag).sum(),
    }
}

/// Right of several lanes: the line along which records enter and leave.
fn draw_bus(sheet: &mut Sheet<'_>, target: &Target, rect: Rect, middles: &[f64]) {
    let [top, .., bottom] = middles else {
        return;
    };
    let x = rect.right() - BUS_X;
    let stroke = Stroke::solid(Ink::Ink, 1.25);
    for middle in middles {
        let line = [rect.right() - BUS - 2.0, *middle, x, *middle];
        sheet.rule(Layer::Lanes, target, line, stroke);
    }
    sheet.rule(Layer::Lanes, target, [x, *top, x, *bottom], stroke);
}

/// A pencilled lane, for a laboratory without topics.
pub(crate) fn draw_ghost(sheet: &mut Sheet<'_>, rect: Rect) {
    let path = sheet.hand(0).outline(&rect, 3.0);
    let shape = Shape::Path {
        path,
        fill: None,
        stroke: Some(Stroke::broken(Ink::Line, 1.0, Dash::Dashed)),
    };
    sheet.list.items.push(Item {
        layer: Layer::Cards,
        target: None,
        lane: None,
        alpha: 1.0,
        shape,
    });
    let text = "No topics yet. A CREATE STREAM or a producer makes one.";
    let style = TextStyle::NOTE;
    let shape = Shape::Text {
        at: Point::new(rect.centre().x, rect.centre().y + 4.0),
        text: style.fit(text, rect.width - 2.0 * PAD),
        style,
        ink: Ink::Ink2,
        anchor: Anchor::Middle,
    };
    sheet.list.items.push(Item {
        layer: Layer::Cards,
        target: None,
        lane: None,
        alpha: 1.0,
        shape,
    });
}
