//! The stage's drawing: keeps the settled picture and what moves over it, and paints both when
//! something changed. `headwater_scene` decides what the picture is; this only paints it in time.

mod paint;
mod palette;

pub use palette::css_colour;

use crate::lab::State;
use crate::platform::PtrEq;
use crate::ui::{ThemeChoice, Ui};
use headwater_base::{PartitionId, RecordId, SortedSet};
use headwater_scene::{
    Choreography, Densities, DisplayList, FADE_MS, Focus, NARROW_BELOW, Options, Point, Rect,
    Target, Theme, blend, layout,
};
use headwater_view::{Motion, RecordDetail};
use paint::Painter;
use palette::Palette;
use std::fmt;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, MediaQueryList, window};

/// A canvas larger than this in pixels is drawn with less than the screen's density.
const PIXELS_MAX: f64 = 12_000_000.0;

/// How far from a tile's middle a click still means the tile.
const REACH: f64 = 20.0;

/// The drawing on the stage.
pub struct Drawing {
    sheet: Option<(HtmlCanvasElement, CanvasRenderingContext2d)>,
    viewport: (f64, f64),
    choreography: Choreography,
    densities: Densities,
    picture: PtrEq<DisplayList>,
    /// How much larger than its own size the picture is shown.
    zoom: f64,
    fade: Option<Fade>,
    motions: Vec<Motion>,
    /// Whether the picture has to be laid out again.
    stale: bool,
    /// Whether the canvas has to be painted again.
    dirty: bool,
    was_running: bool,
    wishes: Option<Wishes>,
}

impl fmt::Debug for Drawing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Drawing")
    }
}

impl Default for Drawing {
    fn default() -> Self {
        Drawing {
            sheet: None,
            viewport: (0.0, 0.0),
            choreography: Choreography::default(),
            densities: Densities::default(),
            picture: PtrEq::default(),
            zoom: 1.0,
            fade: None,
            motions: Vec::new(),
            stale: true,
            dirty: true,
            was_running: false,
            wishes: None,
        }
    }
}

/// Lanes whose density has just changed.
struct Fade {
    before: PtrEq<DisplayList>,
    partitions: SortedSet<PartitionId>,
    begun: f64,
}

/// How much larger everything is for a projector, as far as there is room.
const PRESENTER_ZOOM: f64 = 1.6;

/// What the visitor's system asks for; read every frame, so nothing has to listen.
struct Wishes {
    dark: MediaQueryList,
    reduced: MediaQueryList,
    forced: MediaQueryList,
    seen: (bool, bool, bool),
}

impl Wishes {
    fn new() -> Option<Wishes> {
        let window = window()?;
        let query = |text| window.match_media(text).ok().flatten();
        Some(Wishes {
            dark: query("(prefers-color-scheme: dark)")?,
            reduced: query("(prefers-reduced-motion: reduce)")?,
            forced: query("(forced-colors: active)")?,
            seen: (false, false, false),
        })
    }

    /// Dark, reduced motion, forced colours.
    fn now(&self) -> (bool, bool, bool) {
        (
            self.dark.matches(),
            self.reduced.matches(),
            self.forced.matches(),
        )
    }
}

impl Drawing {
    /// Draws on `canvas` from now on.
    pub fn attach(&mut self, canvas: HtmlCanvasElement) {
        let context = canvas.get_context("2d").ok().flatten();
        let context = context.and_then(|context| context.dyn_into().ok());
        self.sheet = context.map(|context| (canvas, context));
        self.invalidate();
    }

    /// The stage is so wide and high now.
    pub fn resize(&mut self, width: f64, height: f64) {
        if self.viewport != (width, height) {
            self.viewport = (width, height);
            self.invalidate();
        }
    }

    /// The picture has to be laid out and painted again.
    pub fn invalidate(&mut self) {
        self.stale = true;
    }

    /// A frame came, and this moved in it.
    pub fn moved(&mut self, motions: &[Motion]) {
        self.motions.extend_from_slice(motions);
        self.stale = true;
    }

    /// Drops what moves: after a jump there is no way between the pictures.
    pub fn settle(&mut self) {
        self.motions.clear();
        self.choreography.clear();
        self.densities.reset();
        self.fade = None;
        self.stale = true;
    }

    /// How much larger than its own size the picture is shown.
    pub fn zoom(&self) -> f64 {
        self.zoom
    }

    /// The settled picture.
    pub fn picture(&self) -> PtrEq<DisplayList> {
        self.picture.clone()
    }

    /// Brings the picture up to `state` and paints it, if anything changed. Whether cards lie
    /// elsewhere than before, so that what is laid over them has to follow at once.
    pub fn frame(&mut self, state: &State, now: f64) -> bool {
        self.listen();
        let running = state.model.running();
        let stopped = self.was_running && !running;
        self.was_running = running;
        self.stale |= stopped;
        let mut moved = false;
        if self.stale && self.viewport.0 > 0.0 {
            self.stale = false;
            self.dirty = true;
            let speed = if running { state.ui.speed } else { 0.0 };
            let motions = std::mem::take(&mut self.motions);
            self.choreography.follow(&self.densities);
            self.choreography.add(&motions, now, state.ui.speed);
            if stopped {
                self.choreography.finish(now);
            }
            let before = self.densities.clone();
            self.densities.update(&state.model.view, speed);
            self.begin_fade(&before, running, now);
            let picture = self.lay_out(state);
            // While time stands still nothing else shows what changed.
            moved = !running || cards_moved(&self.picture, &picture);
            self.picture = PtrEq::new(picture);
        }
        let fades = |it: &Fade| now - it.begun < FADE_MS;
        self.fade = self.fade.take().filter(fades);
        let moves = self.fade.is_some() || !self.choreography.is_still(now);
        if self.dirty || moves {
            self.dirty = moves;
            self.paint(state, now);
        }
        moved
    }

    /// While time moves, a lane goes from one density to the next by a cross-fade; who pauses sees
    /// the tiles at once.
    fn begin_fade(&mut self, before: &Densities, running: bool, now: f64) {
        let partitions = self.densities.changed_since(before);
        if !running {
            self.fade = None;
        } else if !partitions.is_empty() {
            self.fade = Some(Fade {
                before: self.picture.clone(),
                partitions,
                begun: now,
            });
        }
    }

    /// The settled picture; for a projector as large as its columns have room.
    fn lay_out(&mut self, state: &State) -> DisplayList {
        let (picture, zoom) = self.laid_out(state);
        self.zoom = zoom;
        picture
    }

    fn laid_out(&self, state: &State) -> (DisplayList, f64) {
        let (width, height) = self.viewport;
        let at = |zoom: f64| {
            let size = (width / zoom, height / zoom);
            let options = options(&state.ui, size, self.plain());
            layout(&state.model.view, &options, &self.densities)
        };
        if !state.ui.presenter || state.ui.narrow {
            return (at(1.0), 1.0);
        }
        // Larger than this the picture would fall into the one column of a phone.
        let most = PRESENTER_ZOOM.min(width / NARROW_BELOW).max(1.0);
        let picture = at(most);
        if picture.width <= width / most + 0.5 {
            return (picture, most);
        }
        let zoom = (width / picture.width).clamp(1.0, most);
        (at(zoom), zoom)
    }

    /// What lies at this point of the picture.
    pub fn hit(&self, x: f64, y: f64) -> Option<Target> {
        self.picture.hit(x / self.zoom, y / self.zoom).cloned()
    }

    /// The record at this point, or the nearest within a finger's reach: tiles are small.
    pub fn record_near(&self, x: f64, y: f64) -> Option<RecordId> {
        let point = Point::new(x / self.zoom, y / self.zoom);
        let records = self
            .picture
            .zones
            .iter()
            .filter_map(|zone| match zone.target {
                Target::Record(record) => Some((record, zone.rect.centre().distance(point))),
                _ => None,
            });
        let near = records.filter(|(_, distance)| *distance <= REACH);
        let nearest = near.min_by(|a, b| a.1.total_cmp(&b.1));
        nearest.map(|(record, _)| record)
    }

    fn listen(&mut self) {
        if self.wishes.is_none() {
            self.wishes = Wishes::new();
        }
        if let Some(wishes) = &mut self.wishes {
            let now = wishes.now();
            if now != wishes.seen {
                let reduced = now.1;
                wishes.seen = now;
                self.choreography = Choreography::new(reduced);
                self.stale = true;
            }
        }
    }

    fn plain(&self) -> bool {
        self.wishes.as_ref().is_some_and(|wishes| wishes.seen.2)
    }

    fn palette(&self, choice: ThemeChoice) -> Palette {
        let (dark, _, forced) = self
            .wishes
            .as_ref()
            .map_or((false, false, false), |it| it.seen);
        let theme = match choice {
            ThemeChoice::Light => Theme::Light,
            ThemeChoice::Auto if !dark => Theme::Light,
            ThemeChoice::Dark | ThemeChoice::Auto => Theme::Dark,
        };
        Palette { theme, forced }
    }

    fn paint(&mut self, state: &State, now: f64) {
        let Some((canvas, context)) = self.sheet.clone() else {
            return;
        };
        let picture = self.picture.clone();
        let density = window().map_or(1.0, |window| window.device_pixel_ratio()) * self.zoom;
        let area = (picture.width * picture.height).max(1.0);
        let density = density.min((PIXELS_MAX / area).sqrt());
        let width = (picture.width * density).round() as u32;
        let height = (picture.height * density).round() as u32;
        if (canvas.width(), canvas.height()) != (width, height) {
            canvas.set_width(width);
            canvas.set_height(height);
            let (wide, high) = (picture.width * self.zoom, picture.height * self.zoom);
            crate::platform::style::set(&canvas, "width", &format!("{wide}px"));
            crate::platform::style::set(&canvas, "height", &format!("{high}px"));
        }
        let painter = Painter {
            context: &context,
            palette: self.palette(state.ui.theme),
            density,
        };
        painter.clear(picture.width, picture.height);
        let moving = self.choreography.frame(now, &picture);
        match &self.fade {
            Some(fade) => {
                let part = (now - fade.begun) / FADE_MS;
                let both = blend(&fade.before, &picture, &fade.partitions, part);
                painter.settled(&both, &moving);
            }
            None => painter.settled(&picture, &moving),
        }
        painter.moving(&moving);
        if let Some(rect) = self.ring(&state.ui) {
            painter.ring(rect);
        }
    }

    /// Where the keyboard's focus is in the stage's tree.
    fn ring(&self, ui: &Ui) -> Option<Rect> {
        self.picture
            .rect_of(ui.focused.as_ref().filter(|_| ui.tree_active)?)
    }
}

fn options(ui: &Ui, (width, height): (f64, f64), plain: bool) -> Options {
    let detail = ui
        .detail
        .as_ref()
        .filter(|it| Some(it.record) == ui.selected);
    Options {
        width,
        height,
        plain: plain || ui.plain,
        open_topics: (*ui.open_topics).clone(),
        open_queries: (*ui.open_queries).clone(),
        focus: detail.map(focus),
        hovered: ui.hovered.clone(),
        selected: ui.selected.map(Target::Record),
        ..Options::default()
    }
}

/// The way of the chosen record: what it came from, itself, what it became.
fn focus(detail: &RecordDetail) -> Focus {
    let mut related: Vec<_> = detail
        .came_from
        .iter()
        .rev()
        .filter_map(|it| it.input)
        .collect();
    related.push(detail.record);
    related.extend(detail.became.iter().filter_map(|it| it.output));
    let mut kept = Vec::new();
    related.retain(|record| {
        let new = !kept.contains(record);
        kept.push(*record);
        new
    });
    let changes = detail.came_from.iter().chain(&detail.became);
    Focus {
        record: detail.record,
        related,
        queries: changes.filter_map(|it| it.query).collect(),
    }
}

fn cards_moved(before: &DisplayList, after: &DisplayList) -> bool {
    let same = before.cards.len() == after.cards.len()
        && before.width == after.width
        && before.height == after.height;
    let mut pairs = before.cards.iter().zip(&after.cards);
    !same || pairs.any(|(a, b)| a.rect != b.rect || a.target != b.target || a.open != b.open)
}
