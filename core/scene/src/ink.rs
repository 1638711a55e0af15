//! Colours by meaning, and what they are on light and on dark paper.
//!
//! A display list names meanings only, so that one list serves both themes and a page that must
//! use its own colours. Two of the meanings are fixed everywhere: orange is a stream, teal a table.

use headwater_view::Colour;
use serde::{Deserialize, Serialize};

/// What a colour means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ink {
    /// The page.
    Paper,
    /// A card on the page.
    Panel,
    /// A channel cut into the page.
    Sunken,
    /// Lines and words.
    Ink,
    /// Words of less weight.
    Ink2,
    /// Rules and ticks.
    Line,
    /// A stream.
    Stream,
    /// A table.
    Table,
    /// Time.
    Time,
    /// Something to look at.
    Warn,
    /// Something went wrong.
    Error,
    /// Chosen, or in focus.
    Focus,
    /// The colour of a record's face.
    Face(Colour),
    /// What is written on that colour.
    OnFace(Colour),
    /// A reader's colour, by its place in the palette of six.
    Reader(u8),
    /// What is written on a reader's colour, and on the headers of streams and tables.
    OnSolid,
}

/// Light or dark paper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Theme {
    /// Warm paper.
    #[default]
    Light,
    /// Night.
    Dark,
}

const READERS_LIGHT: [&str; 6] = [
    "#6B3FA0", "#1D4ED8", "#8A5C00", "#9B2C6B", "#2F6B2F", "#4A5A63",
];
const READERS_DARK: [&str; 6] = [
    "#C4A7F2", "#8AB4FF", "#F2C14E", "#F29AC4", "#9BD39B", "#A9B8C0",
];
const FACES: [&str; 6] = [
    "#0072B2", "#E69F00", "#56B4E9", "#F0763A", "#2BB58C", "#D58BB5",
];

/// Ink as it is on light paper: on faces it stays dark in both themes.
const DARK_GLYPH: &str = "#1D2B33";
const LIGHT_GLYPH: &str = "#FFFFFF";

impl Theme {
    /// The colour as `#RRGGBB`.
    ///
    /// ```
    /// use headwater_scene::{Ink, Theme};
    /// assert_eq!(Theme::Light.colour(Ink::Stream), "#B83A09");
    /// assert_eq!(Theme::Dark.colour(Ink::Paper), "#10181D");
    /// ```
    pub fn colour(self, ink: Ink) -> &'static str {
        let dark = self == Theme::Dark;
        let pick = |light: &'static str, night: &'static str| if dark { night } else { light };
        match ink {
            Ink::Paper => pick("#FAF8F3", "#10181D"),
            Ink::Panel => pick("#FFFFFF", "#17232A"),
            Ink::Sunken => pick("#F1EDE4", "#0B1216"),
            Ink::Ink => pick("#1D2B33", "#EAF0F2"),
            Ink::Ink2 => pick("#4A5A63", "#A9B8C0"),
            Ink::Line => pick("#75838B", "#7A8B95"),
            Ink::Stream => pick("#B83A09", "#FF8A4C"),
            Ink::Table => pick("#0A716C", "#4FD1C5"),
            Ink::Time => pick("#6B3FA0", "#C4A7F2"),
            Ink::Warn => pick("#8A5C00", "#F2C14E"),
            Ink::Error => pick("#B42318", "#FF8A80"),
            Ink::Focus => pick("#1D4ED8", "#8AB4FF"),
            Ink::Reader(place) => {
                let place = usize::from(place) % READERS_LIGHT.len();
                pick(READERS_LIGHT[place], READERS_DARK[place])
            }
            Ink::OnSolid => pick("#FFFFFF", "#10181D"),
            Ink::Face(colour) => face(colour).unwrap_or(pick("#FFFFFF", "#17232A")),
            Ink::OnFace(colour) => glyph(colour).unwrap_or(pick("#1D2B33", "#EAF0F2")),
        }
    }
}

fn face(colour: Colour) -> Option<&'static str> {
    match colour {
        Colour::None => None,
        Colour::Face(place) => Some(FACES[usize::from(place) % FACES.len()]),
        Colour::Platinum => Some("#3B5BA5"),
        Colour::Gold => Some("#E0A800"),
        Colour::Silver => Some("#AAB4BA"),
        Colour::Bronze => Some("#A4501F"),
    }
}

fn glyph(colour: Colour) -> Option<&'static str> {
    match colour {
        Colour::None => None,
        Colour::Face(place) if usize::from(place) % FACES.len() == 0 => Some(LIGHT_GLYPH),
        Colour::Platinum | Colour::Bronze => Some(LIGHT_GLYPH),
        Colour::Face(_) | Colour::Gold | Colour::Silver => Some(DARK_GLYPH),
    }
}

/// The letter that goes with a metal, because colour never stands alone.
pub(crate) fn letter(colour: Colour) -> Option<&'static str> {
    match colour {
        Colour::Platinum => Some("P"),
        Colour::Gold => Some("G"),
        Colour::Silver => Some("S"),
        Colour::Bronze => Some("B"),
        Colour::None | Colour::Face(_) => None,
    }
}

/// Whether the colour is one of the second six, which carry a diagonal stripe.
pub(crate) fn striped(colour: Colour) -> bool {
    matches!(colour, Colour::Face(place) if usize::from(place) % (2 * FACES.len()) >= FACES.len())
}
