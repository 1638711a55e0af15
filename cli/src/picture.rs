//! The laboratory as a picture: the same display list that the page paints, as SVG.

use headwater_base::{Millis, VirtualTime};
use headwater_core::lab::Lab;
use headwater_core::observe::Observer;
use headwater_scene::{Densities, Options, Theme, layout, svg};
use headwater_view::ViewRequest;

/// Size of the stage on a page of 1440 by 900.
const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 720.0;

/// The laboratory at a moment of its run, before or after the present one; at the present one
/// where `at` is `None`.
pub(crate) fn draw(lab: &Lab, at: Option<Millis>) -> String {
    let mut lab = lab.clone();
    if let Some(at) = at {
        lab.seek_time(VirtualTime::START + at);
    }
    let view = Observer::default().view(lab.world(), &ViewRequest::default());
    let options = Options {
        width: WIDTH,
        height: HEIGHT,
        ..Options::default()
    };
    let list = layout(&view, &options, &Densities::default());
    let age = lab.world().now().since_start();
    let title = format!("The laboratory after {} ms of virtual time", age.0);
    svg::paint(&list, Theme::Light, &title)
}
