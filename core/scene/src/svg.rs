//! Paints a display list as SVG, words included: for the command line, posters and slides.
//!
//! The output depends on nothing but the arguments. Styles are attributes, so that it can be shown
//! under a strict policy and edited in a drawing program.

use crate::display::{DisplayList, Item, Segment, Shape, Stroke, Words};
use crate::geometry::{Point, Rect};
use crate::ink::{Ink, Theme};
use crate::tile;
use crate::words::{Anchor, TextStyle};
use std::fmt::Write;

/// The picture as an SVG document with `title` as its name, such as the virtual time it shows.
///
/// ```
/// use headwater_scene::{DisplayList, Theme, svg};
/// let picture = svg::paint(&DisplayList::default(), Theme::Light, "at 30 s");
/// assert!(picture.starts_with("<svg ") && picture.contains("<title>at 30 s</title>"));
/// ```
pub fn paint(list: &DisplayList, theme: Theme, title: &str) -> String {
    let mut svg = Svg {
        out: String::new(),
        theme,
    };
    let (width, height) = (number(list.width), number(list.height));
    svg.put(format_args!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\">\n<title>{}</title>\n",
        escaped(title)
    ));
    let paper = theme.colour(Ink::Paper);
    svg.put(format_args!(
        "<rect width=\"{width}\" height=\"{height}\" fill=\"{paper}\"/>\n"
    ));
    for item in &list.items {
        svg.item(item);
    }
    for words in list.cards.iter().flat_map(|it| &it.words) {
        svg.words(words);
    }
    svg.out.push_str("</svg>\n");
    svg.out
}

struct Svg {
    out: String,
    theme: Theme,
}

impl Svg {
    fn put(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = self.out.write_fmt(text);
    }

    fn item(&mut self, item: &Item) {
        let faded = item.alpha < 1.0;
        if faded {
            self.put(format_args!("<g opacity=\"{}\">", number(item.alpha)));
        }
        self.shape(&item.shape);
        if faded {
            self.out.push_str("</g>");
        }
        self.out.push('\n');
    }

    fn shape(&mut self, shape: &Shape) {
        match shape {
            Shape::Box {
                rect,
                radius,
                fill,
                stroke,
            } => {
                self.rect(rect, *radius);
                self.finish(*fill, *stroke);
            }
            Shape::Circle {
                centre,
                radius,
                fill,
                stroke,
            } => {
                let (x, y) = (number(centre.x), number(centre.y));
                self.put(format_args!(
                    "<circle cx=\"{x}\" cy=\"{y}\" r=\"{}\"",
                    number(*radius)
                ));
                self.finish(*fill, *stroke);
            }
            Shape::Path { path, fill, stroke } => {
                self.out.push_str("<path d=\"");
                for segment in path {
                    self.segment(segment);
                }
                self.out.push('"');
                if stroke.is_some() {
                    let round = " stroke-linecap=\"round\" stroke-linejoin=\"round\"";
                    self.out.push_str(round);
                }
                self.finish(*fill, *stroke);
            }
            Shape::Text {
                at,
                text,
                style,
                ink,
                anchor,
            } => self.text(*at, text, style, *ink, *anchor, 1.0),
            Shape::Tile { rect, face, mark } => {
                for part in tile::parts(*rect, face, *mark) {
                    self.shape(&part);
                }
            }
        }
    }

    fn rect(&mut self, rect: &Rect, radius: f64) {
        self.put(format_args!(
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"",
            number(rect.x),
            number(rect.y),
            number(rect.width),
            number(rect.height)
        ));
        if radius > 0.0 {
            self.put(format_args!(" rx=\"{}\"", number(radius)));
        }
    }

    fn finish(&mut self, fill: Option<Ink>, stroke: Option<Stroke>) {
        let fill = fill.map_or("none", |it| self.theme.colour(it));
        self.put(format_args!(" fill=\"{fill}\""));
        if let Some(stroke) = stroke {
            let colour = self.theme.colour(stroke.ink);
            let width = number(stroke.width);
            self.put(format_args!(
                " stroke=\"{colour}\" stroke-width=\"{width}\""
            ));
            let lengths: Vec<String> = stroke.dash.lengths().iter().map(|it| number(*it)).collect();
            if !lengths.is_empty() {
                self.put(format_args!(" stroke-dasharray=\"{}\"", lengths.join(" ")));
            }
        }
        self.out.push_str("/>");
    }

    fn segment(&mut self, segment: &Segment) {
        let place = |it: &Point| format!("{} {}", number(it.x), number(it.y));
        match segment {
            Segment::Move(to) => self.put(format_args!("M{}", place(to))),
            Segment::Line(to) => self.put(format_args!("L{}", place(to))),
            Segment::Quad(by, to) => self.put(format_args!("Q{} {}", place(by), place(to))),
            Segment::Close => self.out.push('Z'),
        }
    }

    fn text(
        &mut self,
        at: Point,
        text: &str,
        style: &TextStyle,
        ink: Ink,
        anchor: Anchor,
        alpha: f64,
    ) {
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        let weight = match style.weight {
            400 => String::new(),
            weight => format!(" font-weight=\"{weight}\""),
        };
        let faded = match alpha < 1.0 {
            true => format!(" opacity=\"{}\"", number(alpha)),
            false => String::new(),
        };
        self.put(format_args!(
            "<text x=\"{}\" y=\"{}\" font-family=\"{}\" font-size=\"{}\"{weight}{anchor}{faded} \
             fill=\"{}\" xml:space=\"preserve\">{}</text>",
            number(at.x),
            number(at.y),
            style.font.css(),
            number(style.size),
            self.theme.colour(ink),
            escaped(text)
        ));
    }

    fn words(&mut self, words: &Words) {
        let x = match words.anchor {
            Anchor::Start => words.rect.x,
            Anchor::Middle => words.rect.centre().x,
            Anchor::End => words.rect.right(),
        };
        for (line, text) in words.lines.iter().enumerate() {
            let y = words.rect.y + line as f64 * words.style.line + words.style.baseline();
            let at = Point::new(x, y);
            self.text(at, text, &words.style, words.ink, words.anchor, words.alpha);
            if words.struck {
                let end = at.x + words.style.width(text);
                self.out.push_str(&format!(
                    "<path d=\"M{} {}H{}\" stroke=\"{}\"/>",
                    number(at.x),
                    number(at.y - words.style.size * 0.3),
                    number(end),
                    self.theme.colour(words.ink)
                ));
            }
            self.out.push('\n');
        }
    }
}

/// A number with at most two decimals and nothing needless.
fn number(value: f64) -> String {
    let hundredths = (value * 100.0).round() as i64;
    let sign = if hundredths < 0 { "-" } else { "" };
    let (whole, part) = (
        hundredths.unsigned_abs() / 100,
        hundredths.unsigned_abs() % 100,
    );
    match part {
        0 => format!("{sign}{whole}"),
        part if part % 10 == 0 => format!("{sign}{whole}.{}", part / 10),
        part => format!("{sign}{whole}.{part:02}"),
    }
}

/// Text without anything that XML would take for its own, or would not take at all.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(' '),
            control if u32::from(control) < 0x20 => out.push('\u{FFFD}'),
            '\u{FFFE}' | '\u{FFFF}' => out.push('\u{FFFD}'),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_texts_are_safe() {
        let numbers = [1.0, -0.004, -2.5, 0.05, 12.346].map(number);
        assert_eq!(numbers, ["1", "0", "-2.5", "0.05", "12.35"]);
        assert_eq!(escaped("a<b & \u{1}"), "a&lt;b &amp; \u{FFFD}");
    }
}
