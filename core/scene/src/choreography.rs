//! Motion: the way from one settled picture to the next, in wall time.
//!
//! Only times are decided here: when each motion starts, how long it may take, and that all of it
//! ends soon when time stands still. What it looks like is in [`crate::performance`].

use crate::density::{Densities, Density};
use crate::display::{DisplayList, Item};
use crate::performance::{self, Script};
use headwater_base::{PartitionId, RecordId, SortedMap, SortedSet};
use headwater_view::{Motion, MotionKind};

/// Motions under way at once; what comes beyond is only seen in the settled picture.
pub const IN_FLIGHT_MAX: usize = 24;
/// How long anything may still move once time stands still.
pub const FINISH_MS: f64 = 300.0;
/// A record's whole way through all queries.
const WAY_MS: f64 = 1500.0;
/// The part of what is left of that way which one query may take.
const SHARE: f64 = 0.45;
/// Nothing is shorter.
const LEAST_MS: f64 = 120.0;
/// Virtual seconds a wall second above which durations shrink.
const FAST: f64 = 4.0;
/// Records that set out within this time may travel as one dot.
const TOGETHER_MS: f64 = 160.0;
/// How long both ends are shown where nothing travels.
const REDUCED_MS: f64 = 600.0;

/// What is under way.
///
/// ```
/// use headwater_scene::{Choreography, DisplayList};
/// let mut choreography = Choreography::new(false);
/// assert!(choreography.is_still(0.0));
/// assert!(choreography.frame(0.0, &DisplayList::default()).items.is_empty());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Choreography {
    reduced: bool,
    densities: Densities,
    acts: Vec<Act>,
}

/// One motion with its time.
#[derive(Clone, Debug)]
struct Act {
    script: Script,
    kind: MotionKind,
    start: f64,
    duration: f64,
    /// When the first record of this chain set out.
    root: f64,
    /// How many records it stands for.
    count: u32,
}

impl Act {
    fn end(&self) -> f64 {
        self.start + self.duration
    }

    fn progress(&self, now_ms: f64) -> f64 {
        ((now_ms - self.start) / self.duration).clamp(0.0, 1.0)
    }
}

/// What to paint over a settled picture at one moment, and what to leave out of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Moving {
    /// What moves, in the order of painting.
    pub items: Vec<Item>,
    /// Records that have not arrived yet: leave their tiles out of the settled picture.
    pub hidden: SortedSet<RecordId>,
    /// Lanes that are still sliding: how far to the right of its settled place the content of a
    /// lane is. Items with such a `lane` are moved by this and clipped to the lane's zone.
    pub slides: SortedMap<PartitionId, f64>,
}

impl Choreography {
    /// Nothing under way. With `reduced`, nothing ever travels: both ends are outlined instead.
    pub fn new(reduced: bool) -> Choreography {
        Choreography {
            reduced,
            densities: Densities::default(),
            acts: Vec::new(),
        }
    }

    /// How densely lanes are drawn from now on: where records cannot be told apart, one dot stands
    /// for all that take the same way at nearly the same time, and on a ribbon nothing flies.
    pub fn follow(&mut self, densities: &Densities) {
        self.densities = densities.clone();
    }

    /// Takes up what moved in a frame. `now_ms` is wall time, as for [`Choreography::frame`];
    /// `speed` is in virtual seconds a wall second.
    pub fn add(&mut self, motions: &[Motion], now_ms: f64, speed: f64) {
        self.acts.retain(|it| it.end() > now_ms);
        for motion in motions {
            let density = performance::moves(&motion.kind)
                .map_or(Density::Tiles, |it| self.densities.of(it.partition));
            if density == Density::Ribbon || self.join(&motion.kind, density, now_ms) {
                continue;
            }
            if self.acts.len() < IN_FLIGHT_MAX {
                self.begin(&motion.kind, now_ms, speed);
            }
        }
    }

    /// Counts a motion to one that is under way, if that goes the same way; from blocks on.
    fn join(&mut self, kind: &MotionKind, density: Density, now_ms: f64) -> bool {
        if density == Density::Tiles || self.reduced {
            return false;
        }
        let full = self.acts.len() >= IN_FLIGHT_MAX;
        let fits = |it: &&mut Act| {
            let near = full || (it.start - now_ms).abs() <= TOGETHER_MS;
            near && performance::same_way(&it.kind, kind)
        };
        match self.acts.iter_mut().rev().find(fits) {
            Some(act) => {
                act.count = act.count.saturating_add(1);
                true
            }
            None => false,
        }
    }

    fn begin(&mut self, kind: &MotionKind, now_ms: f64, speed: f64) {
        let script = Script::of(kind);
        let natural = script.duration();
        let before = match kind {
            MotionKind::Carry { record, .. } | MotionKind::Deliver { record, .. } => {
                self.arrival(*record)
            }
            _ => None,
        };
        let (root, start) = before.unwrap_or((now_ms, now_ms));
        let room = match before {
            _ if self.reduced => REDUCED_MS,
            Some(_) => natural.min((WAY_MS - (start - root)) * SHARE),
            None if matches!(kind, MotionKind::Carry { .. }) => natural.min(WAY_MS),
            None => natural,
        };
        let shrink = if speed > FAST { FAST / speed } else { 1.0 };
        let duration = match self.reduced {
            true => room,
            false => (room * shrink).max(LEAST_MS),
        };
        self.acts.push(Act {
            script,
            kind: kind.clone(),
            start: if self.reduced { now_ms } else { start },
            duration,
            root,
            count: 1,
        });
    }

    /// When a record that is under way set out, and when it will be there.
    fn arrival(&self, record: RecordId) -> Option<(f64, f64)> {
        let mut acts = self.acts.iter();
        let act = acts.find(|it| performance::brings(&it.kind).contains(&record))?;
        Some((act.root, act.end()))
    }

    /// Time stands still now: brings everything to its end within [`FINISH_MS`].
    pub fn finish(&mut self, now_ms: f64) {
        for act in &mut self.acts {
            if act.end() <= now_ms + FINISH_MS {
                continue;
            }
            let done = act.progress(now_ms);
            act.duration = FINISH_MS / (1.0 - done).max(0.01);
            act.start = now_ms + FINISH_MS - act.duration;
        }
    }

    /// Drops everything, as after a seek.
    pub fn clear(&mut self) {
        self.acts.clear();
    }

    /// What to paint at this moment over this picture.
    pub fn frame(&mut self, now_ms: f64, picture: &DisplayList) -> Moving {
        self.acts.retain(|it| it.end() > now_ms);
        let mut moving = Moving::default();
        for act in &self.acts {
            if self.reduced {
                moving
                    .items
                    .extend(performance::outlined(&act.kind, picture));
                continue;
            }
            let progress = act.progress(now_ms);
            for record in performance::brings(&act.kind) {
                moving.hidden.insert(*record);
                let left = act.script.left_to_land(progress);
                slide(&mut moving, picture, *record, left);
            }
            if now_ms >= act.start {
                let items = performance::play(&act.kind, &act.script, progress, picture);
                let label = performance::times(&items, act.count);
                moving.items.extend(items);
                moving.items.extend(label);
            }
        }
        for (lane, slide) in &mut moving.slides {
            let landing = picture.landings.values().find(|it| it.lane == *lane);
            let most = landing.map_or(0.0, |it| it.pitch * it.scrolled.min(64) as f64);
            *slide = slide.min(most);
        }
        moving.slides.retain(|_, slide| *slide > 0.0);
        moving
    }

    /// Whether nothing moves at this moment.
    pub fn is_still(&self, now_ms: f64) -> bool {
        self.acts.iter().all(|it| it.end() <= now_ms)
    }
}

/// A lane whose new record is still under way has not moved on for it yet.
fn slide(moving: &mut Moving, picture: &DisplayList, record: RecordId, left: f64) {
    if let Some(landing) = picture.landings.get(&record.partition) {
        *moving.slides.entry(landing.lane).or_insert(0.0) += landing.pitch * left;
    }
}
