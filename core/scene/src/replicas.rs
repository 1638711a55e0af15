//! What a lane says of its replicas: who leads, who is in sync, up to where readers see it, and
//! that nobody can write to it. Partitions with one replica whose broker runs say nothing.

use crate::display::{Dash, Layer, Segment, Shape, Stroke, Target};
use crate::geometry::{Point, Rect};
use crate::ink::Ink;
use crate::lane::{Content, slot_x};
use crate::metrics::OFFSETS;
use crate::sheet::Sheet;
use crate::words::{Anchor, TextStyle};
use headwater_base::PartitionId;
use headwater_view::{LabView, ReplicationView};

/// Between the lines that are drawn over a lane that is not available.
const HATCH: f64 = 7.0;

/// What is to be said; nothing by default.
#[derive(Clone, Debug, Default)]
pub(crate) struct Replicas {
    /// In words, such as `L2 · ISR 2,3`.
    note: String,
    /// Whether all replicas are in sync.
    whole: bool,
    /// Whether clients reach a leader.
    offline: bool,
    /// One past the last record that readers may see.
    high_watermark: Option<u64>,
}

impl Replicas {
    /// What is to be said of a partition whose channel is `room` wide.
    pub(crate) fn of(view: &LabView, partition: PartitionId, room: f64) -> Replicas {
        let mut all = view.replication.iter();
        let Some(it) = all.find(|it| it.partition == partition) else {
            return Replicas::default();
        };
        Replicas {
            note: TextStyle::TINY.fit(&note(it), room),
            whole: it.replicas.iter().all(|it| it.in_sync),
            offline: !it.available,
            high_watermark: Some(it.high_watermark),
        }
    }

    /// Room that the words take at the right end of a lane's offsets.
    pub(crate) fn width(&self) -> f64 {
        match self.note.as_str() {
            "" => 0.0,
            note => TextStyle::TINY.width(note) + 6.0,
        }
    }

    /// Draws it over its lane.
    pub(crate) fn draw(
        &self,
        sheet: &mut Sheet<'_>,
        channel: &Rect,
        content: &Content<'_>,
        target: &Target,
    ) {
        if self.offline {
            draw_hatch(sheet, channel, target);
        }
        if let (Some(first), Some(mark)) = (content.offset_of_first, self.high_watermark) {
            let slot = mark.saturating_sub(first) as usize;
            let unseen = content.landing.saturating_sub(slot);
            if unseen > 0 {
                let x = slot_x(channel, content.density, slot) - 1.0;
                draw_mark(sheet, channel, target, x.min(channel.right()));
            }
        }
        if self.note.is_empty() {
            return;
        }
        let ink = match (self.offline, self.whole) {
            (true, _) => Ink::Error,
            (false, false) => Ink::Warn,
            (false, true) => Ink::Ink2,
        };
        let words = Shape::Text {
            at: Point::new(channel.right(), channel.bottom() + OFFSETS - 3.0),
            text: self.note.clone(),
            style: TextStyle::TINY,
            ink,
            anchor: Anchor::End,
        };
        sheet.paint(Layer::Lanes, target, words);
    }
}

/// Leader, in-sync replicas, and the high watermark where the leader is ahead of it.
fn note(it: &ReplicationView) -> String {
    let mut note = match it.leader {
        None => "offline".to_owned(),
        Some(leader) if it.available => format!("L{leader}"),
        Some(leader) => format!("L{leader} is away"),
    };
    let mut before = " · ISR ";
    for replica in it.replicas.iter().filter(|it| it.in_sync) {
        note.push_str(before);
        note.push_str(&replica.broker.to_string());
        before = ",";
    }
    let of_leader = |it: &&headwater_view::ReplicaView, leader| it.broker == leader;
    let end = it.leader.and_then(|leader| {
        let mut replicas = it.replicas.iter();
        replicas.find(|replica| of_leader(replica, leader))
    });
    if end.is_some_and(|end| end.end_offset > it.high_watermark) {
        note.push_str(" · HW ");
        note.push_str(&it.high_watermark.to_string());
    }
    note
}

/// The high watermark: left of it is what readers see.
fn draw_mark(sheet: &mut Sheet<'_>, channel: &Rect, target: &Target, x: f64) {
    let (top, bottom) = (channel.y - 3.0, channel.bottom() + 3.0);
    let stroke = Stroke::broken(Ink::Ink, 1.5, Dash::Dashed);
    sheet.rule(Layer::Flags, target, [x, top, x, bottom], stroke);
    let foot = vec![
        Segment::Move(Point::new(x - 3.0, top)),
        Segment::Line(Point::new(x + 3.0, top)),
        Segment::Line(Point::new(x, top + 3.5)),
        Segment::Close,
    ];
    sheet.path(Layer::Flags, target, foot, Some(Ink::Ink), None);
}

/// Lines from lower left to upper right, as over what is out of use.
fn draw_hatch(sheet: &mut Sheet<'_>, channel: &Rect, target: &Target) {
    let (right, bottom) = (channel.right(), channel.bottom());
    let mut path = Vec::new();
    let mut x = channel.x - channel.height + HATCH;
    while x < right {
        let low = (channel.x - x).max(0.0);
        let high = (right - x).min(channel.height);
        path.push(Segment::Move(Point::new(x + low, bottom - low)));
        path.push(Segment::Line(Point::new(x + high, bottom - high)));
        x += HATCH;
    }
    let shape = Shape::Path {
        path,
        fill: None,
        stroke: Some(Stroke::solid(Ink::Line, 1.0)),
    };
    let alpha = 0.7 * sheet.alpha(target);
    sheet.wash(Layer::Flags, target, alpha, None, shape);
}
