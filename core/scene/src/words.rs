//! Type: the few styles, how wide a text is without asking a browser, and how it is cut and broken.
//!
//! Widths are those of IBM Plex Sans and Mono. Where a browser falls back to another font, texts
//! come out a little wider or narrower than measured; nothing else depends on it.

use serde::{Deserialize, Serialize};

/// A family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Font {
    /// IBM Plex Sans.
    Sans,
    /// IBM Plex Mono: keys, offsets, SQL.
    Mono,
}

impl Font {
    /// The family as CSS names it.
    pub const fn css(self) -> &'static str {
        match self {
            Font::Sans => "'IBM Plex Sans', system-ui, sans-serif",
            Font::Mono => "'IBM Plex Mono', ui-monospace, monospace",
        }
    }
}

/// A style of type.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TextStyle {
    /// The family.
    pub font: Font,
    /// The size in pixels.
    pub size: f64,
    /// 400 or 600.
    pub weight: u16,
    /// The height of a line.
    pub line: f64,
}

impl TextStyle {
    /// Names on cards.
    pub const NAME: TextStyle = TextStyle::of(Font::Mono, 11.5, 600, 16.0);
    /// Clauses of SQL.
    pub const CLAUSE: TextStyle = TextStyle::of(Font::Mono, 11.0, 400, 14.0);
    /// Values and keys.
    pub const DATA: TextStyle = TextStyle::of(Font::Mono, 11.0, 400, 16.0);
    /// Values that just changed.
    pub const STRONG: TextStyle = TextStyle::of(Font::Mono, 11.0, 600, 16.0);
    /// Offsets and small numbers.
    pub const TINY: TextStyle = TextStyle::of(Font::Mono, 9.0, 400, 11.0);
    /// Remarks.
    pub const NOTE: TextStyle = TextStyle::of(Font::Sans, 11.0, 400, 14.0);
    /// Names of producers and readers.
    pub const LABEL: TextStyle = TextStyle::of(Font::Sans, 12.0, 600, 16.0);

    const fn of(font: Font, size: f64, weight: u16, line: f64) -> TextStyle {
        TextStyle {
            font,
            size,
            weight,
            line,
        }
    }

    /// Where the baseline of a line lies below the line's top.
    pub fn baseline(&self) -> f64 {
        (self.line / 2.0 + self.size * 0.35).round()
    }

    /// How wide `text` is.
    ///
    /// ```
    /// use headwater_scene::TextStyle;
    /// assert_eq!(TextStyle::CLAUSE.width("stars < 3"), 59.4);
    /// ```
    pub fn width(&self, text: &str) -> f64 {
        let thousandths: u32 = text.chars().map(|it| self.advance(it)).sum();
        f64::from(thousandths) * self.size / 1000.0
    }

    fn advance(&self, character: char) -> u32 {
        let wide = u32::from(character) >= 0x2E80;
        match (self.font, wide) {
            (_, true) => 1000,
            (Font::Mono, false) => 600,
            (Font::Sans, false) => sans(character, self.weight >= 500),
        }
    }

    /// `text`, cut so that it is at most `room` wide, with an ellipsis in the place of the rest.
    ///
    /// ```
    /// use headwater_scene::TextStyle;
    /// assert_eq!(TextStyle::CLAUSE.fit("RATINGS_LIVE", 50.0), "RATING…");
    /// assert_eq!(TextStyle::CLAUSE.fit("R", 50.0), "R");
    /// ```
    pub fn fit(&self, text: &str, room: f64) -> String {
        if self.width(text) <= room {
            return text.to_owned();
        }
        let room = room - self.width("…");
        let mut used = 0.0;
        let mut out = String::new();
        for character in text.chars() {
            used += f64::from(self.advance(character)) * self.size / 1000.0;
            if used > room {
                break;
            }
            out.push(character);
        }
        out.truncate(out.trim_end().len());
        out.push('…');
        out
    }

    /// `text`, cut in its middle so that it is at most `room` wide and keeps its last characters,
    /// which is where ksqlDB's ids differ.
    ///
    /// ```
    /// use headwater_scene::TextStyle;
    /// assert_eq!(TextStyle::CLAUSE.fit_middle("CSAS_POOR_RATINGS_3", 100.0), "CSAS_POOR_…GS_3");
    /// ```
    pub fn fit_middle(&self, text: &str, room: f64) -> String {
        if self.width(text) <= room {
            return text.to_owned();
        }
        let count = text.chars().count();
        let tail: String = text.chars().skip(count.saturating_sub(4)).collect();
        let head = self.fit(text, room - self.width(&tail));
        format!("{head}{tail}")
    }

    /// `text` broken at spaces into at most `lines_max` lines of at most `room`; the last line is
    /// cut with an ellipsis if there is more. The second part says whether anything was cut.
    pub fn wrap(&self, text: &str, room: f64, lines_max: usize) -> (Vec<String>, bool) {
        let mut lines: Vec<String> = Vec::new();
        for word in text.split_whitespace() {
            let filled = lines
                .last()
                .map_or(room, |line| self.width(line) + self.width(" "));
            let fits = filled + self.width(word) <= room;
            // A name breaks after its underscores where it fills more than a line, and where it
            // would leave most of a line empty.
            let long = self.width(word) > room || (!fits && filled < 0.4 * room);
            let pieces: Vec<&str> = match long {
                true => word.split_inclusive('_').collect(),
                false => vec![word],
            };
            for (place, piece) in pieces.into_iter().enumerate() {
                let space = if place == 0 { " " } else { "" };
                match lines.last_mut() {
                    Some(line)
                        if self.width(line) + self.width(space) + self.width(piece) <= room =>
                    {
                        line.push_str(space);
                        line.push_str(piece);
                    }
                    _ => lines.push(piece.to_owned()),
                }
            }
        }
        let cut = lines.len() > lines_max.max(1);
        if cut {
            let rest = lines.split_off(lines_max.max(1) - 1).join(" ");
            lines.push(rest);
        }
        let fitted: Vec<String> = lines.iter().map(|line| self.fit(line, room)).collect();
        let cut = cut || fitted != lines;
        (fitted, cut)
    }
}

#[rustfmt::skip]
const REGULAR: [u16; 95] = [
    236, 284, 419, 713, 598, 927, 694, 242, 335, 335, 450, 600, 272, 399, 272, 383, 600, 600, 600,
    600, 600, 600, 600, 600, 600, 600, 292, 292, 600, 600, 600, 477, 891, 641, 653, 621, 671, 583,
    559, 695, 707, 400, 510, 634, 501, 812, 707, 708, 606, 708, 640, 581, 572, 678, 609, 891, 613,
    593, 580, 317, 383, 317, 600, 565, 600, 534, 580, 503, 580, 549, 324, 528, 568, 250, 250, 527,
    272, 873, 568, 560, 580, 580, 367, 487, 351, 568, 492, 768, 507, 499, 464, 343, 314, 343, 600,
];

#[rustfmt::skip]
const SEMIBOLD: [u16; 95] = [
    236, 309, 471, 656, 600, 960, 713, 260, 337, 337, 556, 600, 299, 402, 299, 437, 600, 600, 600,
    600, 600, 600, 600, 600, 600, 600, 319, 319, 600, 600, 600, 493, 899, 672, 663, 642, 689, 600,
    577, 712, 719, 423, 545, 678, 521, 817, 719, 712, 641, 712, 664, 611, 580, 689, 638, 949, 655,
    632, 599, 329, 437, 329, 600, 559, 600, 559, 600, 513, 600, 558, 350, 545, 588, 275, 275, 562,
    294, 888, 588, 563, 600, 600, 393, 499, 374, 588, 524, 819, 544, 524, 502, 363, 376, 363, 600,
];

fn sans(character: char, strong: bool) -> u32 {
    let table = if strong { &SEMIBOLD } else { &REGULAR };
    let place = u32::from(character).wrapping_sub(32) as usize;
    match (table.get(place), character) {
        (Some(width), _) => u32::from(*width),
        (None, '…') => 850,
        (None, '·') => 340,
        (None, _) => 600,
    }
}

/// Which end of a text lies at its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Anchor {
    /// Its beginning.
    Start,
    /// Its middle.
    Middle,
    /// Its end.
    End,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_clauses_break_at_spaces_and_say_when_they_are_cut() {
        let style = TextStyle::CLAUSE;
        let (lines, cut) = style.wrap("WHERE LCASE(CHANNEL) NOT LIKE '%test%'", 140.0, 3);
        assert_eq!(lines, ["WHERE LCASE(CHANNEL)", "NOT LIKE '%test%'"]);
        assert!(!cut);
        let (lines, cut) = style.wrap("SELECT A, B, C, D, E, F, G, H, I, J", 80.0, 2);
        assert_eq!(lines, ["SELECT A, B,", "C, D, E, F,…"]);
        assert!(cut);
        assert_eq!(style.wrap("", 10.0, 0).0, Vec::<String>::new());
    }
}
