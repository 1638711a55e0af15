//! The picture maker: a view of the laboratory and the viewer's choices become a display list,
//! which a canvas or the SVG painter paints.
//!
//! Nothing here knows a browser, a clock or the engine. The settled picture ([`layout`]) is a pure
//! function of its arguments; [`choreography`] is only the way from one picture to the next.

mod carry;
mod channel;
pub mod choreography;
mod compose;
mod cups;
pub mod density;
pub mod display;
pub mod fade;
mod failure;
mod flags;
mod flow;
pub mod geometry;
mod graph;
pub mod ink;
mod lane;
mod ledger;
mod metrics;
pub mod options;
mod paths;
mod people;
mod performance;
mod place;
mod query;
mod replicas;
mod rough;
mod route;
mod sheet;
pub mod svg;
pub mod tile;
mod topic;
pub mod words;

pub use choreography::{Choreography, FINISH_MS, IN_FLIGHT_MAX, Moving};
pub use compose::layout;
pub use density::{Densities, Density};
pub use display::{
    Card, Dash, DisplayList, Edge, Item, Landing, Layer, Segment, Shape, Stroke, Target, Words,
    Zone,
};
pub use fade::{FADE_MS, blend};
pub use geometry::{Point, Rect};
pub use ink::{Ink, Theme};
pub use options::{Focus, NARROW_BELOW, Options};
pub use words::{Anchor, Font, TextStyle};
