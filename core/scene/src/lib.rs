//! The picture maker: a view of the laboratory and the viewer's choices become a display list,
//! which a canvas or the SVG painter paints.
//!
//! Nothing here knows a browser, a clock or the engine. The settled picture ([`layout`]) is a pure
//! function of its arguments; [`choreography`] is only the way from one picture to the next.

pub mod choreography;
pub mod density;
pub mod display;
pub mod geometry;
pub mod ink;
pub mod options;
mod rough;
pub mod tile;
pub mod words;

pub use choreography::{Choreography, Moving};
pub use density::{Densities, Density};
pub use display::{
    Card, Dash, DisplayList, Edge, Item, Layer, Segment, Shape, Stroke, Target, Words, Zone,
};
pub use geometry::{Point, Rect};
pub use ink::{Ink, Theme};
pub use options::{Focus, NARROW_BELOW, Options};
pub use words::{Anchor, Font, TextStyle};

use headwater_view::LabView;

/// The settled picture of a view.
pub fn layout(view: &LabView, options: &Options, densities: &Densities) -> DisplayList {
    let _ = (view, densities);
    DisplayList {
        width: options.width,
        height: options.height,
        ..DisplayList::default()
    }
}
