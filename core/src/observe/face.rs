//! Faces: what is drawn on a record's tile, from the fields that the page's settings name.

use crate::command::PageCommand;
use crate::world::World;
use headwater_base::digest;
use headwater_sql::inspect::Inspected;
use headwater_view::{Colour, Face, Glyph};

/// Most pips that a tile shows; a bigger number is written out.
const PIPS_MAX: u8 = 9;
/// Colours of the palette.
const PALETTE: u64 = 12;

/// The fields that give a topic's records their faces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct FaceRule {
    glyph: Option<String>,
    colour: Option<String>,
}

impl FaceRule {
    /// The newest rule for this topic, else the newest for all topics.
    pub(super) fn of(world: &World, topic: &str) -> FaceRule {
        let mut common = None;
        let mut own = None;
        for setting in world.page() {
            if let PageCommand::Face {
                topic: of,
                glyph,
                colour,
            } = setting
            {
                let rule = FaceRule {
                    glyph: glyph.clone(),
                    colour: colour.clone(),
                };
                match of {
                    Some(name) if name == topic => own = Some(rule),
                    Some(_) => {}
                    None => common = Some(rule),
                }
            }
        }
        own.or(common).unwrap_or_default()
    }

    /// The face of a record that was decoded. Without a glyph field the tile shows its key.
    pub(super) fn face(&self, record: &Inspected, key: &str) -> Face {
        let glyph = self.glyph.as_deref().and_then(|field| find(record, field));
        let colour = self.colour.as_deref().and_then(|field| find(record, field));
        Face {
            glyph: match glyph {
                Some(text) => glyph_of(&text),
                None => glyph_text(key),
            },
            colour: colour.map_or(Colour::None, |text| colour_of(&text)),
        }
    }
}

/// The text of a record's field, by its name in any case; nulls have none.
pub(super) fn find(record: &Inspected, field: &str) -> Option<String> {
    let column = record
        .columns
        .iter()
        .find(|it| it.name.eq_ignore_ascii_case(field))?;
    (!column.value.is_null()).then(|| column.text.clone())
}

fn glyph_of(text: &str) -> Glyph {
    match text.parse::<u8>() {
        Ok(number @ 1..=PIPS_MAX) => Glyph::Pips(number),
        _ => glyph_text(text),
    }
}

fn glyph_text(text: &str) -> Glyph {
    if text.is_empty() {
        return Glyph::Blank;
    }
    Glyph::Text(text.chars().take(3).collect())
}

fn colour_of(text: &str) -> Colour {
    match text.to_ascii_lowercase().as_str() {
        "platinum" => Colour::Platinum,
        "gold" => Colour::Gold,
        "silver" => Colour::Silver,
        "bronze" => Colour::Bronze,
        // The same text has the same colour in every topic and in every run.
        other => Colour::Face((digest::bytes(other.as_bytes()) % PALETTE) as u8),
    }
}
