//! Colours of the picture's meanings: on the canvas as values, in the document as the style
//! sheet's custom properties.

use headwater_scene::{Ink, Theme};
use headwater_view::Colour;

/// The colours in use.
#[derive(Clone, Copy, Debug)]
pub(super) struct Palette {
    pub(super) theme: Theme,
    /// The system forces its own colours.
    pub(super) forced: bool,
}

impl Palette {
    pub(super) fn colour(self, ink: Ink) -> &'static str {
        if self.forced {
            return match ink {
                Ink::Paper | Ink::Panel | Ink::Sunken | Ink::OnSolid => "Canvas",
                Ink::Face(Colour::None) => "Canvas",
                Ink::Face(_) | Ink::OnFace(Colour::Face(_)) => self.theme.colour(ink),
                Ink::OnFace(Colour::None) => "CanvasText",
                Ink::OnFace(_) => self.theme.colour(ink),
                Ink::Focus => "Highlight",
                Ink::Line => "GrayText",
                _ => "CanvasText",
            };
        }
        self.theme.colour(ink)
    }
}

/// The colour as the style sheet names it, so that a change of theme needs no new elements.
pub fn css_colour(ink: Ink) -> String {
    match ink {
        Ink::Paper => "var(--paper)".to_owned(),
        Ink::Panel => "var(--panel)".to_owned(),
        Ink::Sunken => "var(--sunken)".to_owned(),
        Ink::Ink => "var(--ink)".to_owned(),
        Ink::Ink2 => "var(--ink-2)".to_owned(),
        Ink::Line => "var(--line)".to_owned(),
        Ink::Stream => "var(--stream)".to_owned(),
        Ink::Table => "var(--table)".to_owned(),
        Ink::Time => "var(--time)".to_owned(),
        Ink::Warn => "var(--warn)".to_owned(),
        Ink::Error => "var(--error)".to_owned(),
        Ink::Focus => "var(--focus)".to_owned(),
        Ink::OnSolid => "var(--on-solid)".to_owned(),
        Ink::Reader(place) => format!("var(--reader-{})", place % 6),
        Ink::Face(_) | Ink::OnFace(_) => Theme::Light.colour(ink).to_owned(),
    }
}
