//! Draws a chart of the lab with plotters: stacked columns, one a bucket of virtual time.
//!
//! Colours and fonts are read from the style sheet's custom properties on the canvas, so that
//! themes need nothing here. A letter in each part goes with its colour.

use headwater_base::time::EPOCH_MILLIS;
use headwater_view::{Bucket, ChartView};
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters_canvas::CanvasBackend;
use web_sys::{HtmlCanvasElement, window};

/// Parts lower, or columns narrower, than this carry no letter, in pixels.
const LETTER_HEIGHT: f64 = 12.0;
/// The colours of series, which are those of faces.
const SERIES: [RGBColor; 6] = [
    RGBColor(0x00, 0x72, 0xB2),
    RGBColor(0xE6, 0x9F, 0x00),
    RGBColor(0x56, 0xB4, 0xE9),
    RGBColor(0xF0, 0x76, 0x3A),
    RGBColor(0x2B, 0xB5, 0x8C),
    RGBColor(0xD5, 0x8B, 0xB5),
];
const DARK_GLYPH: RGBColor = RGBColor(0x1D, 0x2B, 0x33);

/// The letter of a series: a, b, c, …
pub fn letter(place: usize) -> char {
    char::from(b'a' + (place % 26) as u8)
}

/// Draws `chart` over the whole of `canvas`.
pub fn draw(canvas: &HtmlCanvasElement, chart: &ChartView) {
    let density = window().map_or(1.0, |window| window.device_pixel_ratio());
    let (width, height) = (
        f64::from(canvas.client_width()),
        f64::from(canvas.client_height()),
    );
    if width < 40.0 || height < 40.0 {
        return;
    }
    canvas.set_width((width * density) as u32);
    canvas.set_height((height * density) as u32);
    // What cannot be drawn, such as on a canvas that is just being removed, is not drawn.
    let _ = draw_on(canvas, chart, density);
}

type Failed = Box<dyn std::error::Error>;

fn draw_on(canvas: &HtmlCanvasElement, chart: &ChartView, density: f64) -> Result<(), Failed> {
    let colours = Colours::of(canvas);
    let backend = CanvasBackend::with_canvas_object(canvas.clone()).ok_or("no canvas")?;
    let area = backend.into_drawing_area();
    area.fill(&colours.panel)?;
    let totals = chart
        .buckets
        .iter()
        .map(|bucket| bucket.counts.iter().sum::<u32>());
    let top = totals.max().unwrap_or(0).max(4);
    let px = |size: f64| (size * density).round() as u32;
    let count = chart.buckets.len();
    let font = ("IBM Plex Sans, sans-serif", 11.0 * density)
        .into_font()
        .color(&colours.ink);
    let mut context = ChartBuilder::on(&area)
        .margin(px(6.0))
        .x_label_area_size(px(20.0))
        .y_label_area_size(px(28.0))
        .build_cartesian_2d(0.0..count.max(1) as f64, 0.0..f64::from(top) * 1.08)?;
    let label = |place: &f64| bucket_label(chart, *place);
    context
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(colours.line.mix(0.35))
        .axis_style(colours.line)
        .label_style(font)
        .y_labels(4)
        .x_labels(count.clamp(2, 6))
        .x_label_formatter(&label)
        .y_label_formatter(&|value| format!("{value:.0}"))
        .draw()?;
    let (width, height) = area.dim_in_pixel();
    let sheet = Sheet {
        unit: (f64::from(height) - 32.0 * density) / (f64::from(top) * 1.08),
        letters_fit: (f64::from(width) - 40.0 * density) / count.max(1) as f64
            > LETTER_HEIGHT * density,
        density,
        panel: colours.panel,
    };
    for (place, bucket) in chart.buckets.iter().enumerate() {
        draw_bucket(&mut context, &sheet, place, bucket)?;
    }
    area.present()?;
    Ok(())
}

type Plot<'a> = ChartContext<'a, CanvasBackend, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// What the parts of a column have to know of the drawing.
struct Sheet {
    /// Pixels of one record.
    unit: f64,
    /// Whether columns are wide enough for letters.
    letters_fit: bool,
    density: f64,
    panel: RGBColor,
}

/// One column: a part a series, with its letter where it fits.
fn draw_bucket(
    plot: &mut Plot<'_>,
    sheet: &Sheet,
    place: usize,
    bucket: &Bucket,
) -> Result<(), Failed> {
    let (left, right) = (place as f64 + 0.08, place as f64 + 0.92);
    let mut base = 0.0;
    let counts = bucket.counts.iter().enumerate();
    for (series, count) in counts.filter(|(_, count)| **count > 0) {
        let upper = base + f64::from(*count);
        let part = [(left, base), (right, upper)];
        let fill = SERIES[series % SERIES.len()].filled();
        plot.draw_series([Rectangle::new(part, fill)])?;
        let edge = sheet.panel.stroke_width(sheet.density.round() as u32);
        plot.draw_series([Rectangle::new(part, edge)])?;
        let high = f64::from(*count) * sheet.unit > LETTER_HEIGHT * sheet.density;
        if sheet.letters_fit && high {
            let first = series % SERIES.len() == 0;
            let glyph = if first { WHITE } else { DARK_GLYPH };
            let middle = ((left + right) / 2.0, (base + upper) / 2.0);
            let font = ("IBM Plex Mono, monospace", 10.0 * sheet.density).into_font();
            let style = font.color(&glyph).pos(Pos::new(HPos::Center, VPos::Center));
            plot.draw_series([Text::new(letter(series).to_string(), middle, style)])?;
        }
        base = upper;
    }
    Ok(())
}

/// Seconds since the lab's start at the beginning of a bucket.
fn bucket_label(chart: &ChartView, place: f64) -> String {
    let whole = place.floor();
    let bucket = chart.buckets.get(whole as usize);
    let Some(bucket) = bucket.filter(|_| (place - whole).abs() < 0.01) else {
        return String::new();
    };
    let seconds = (bucket.start_ms - EPOCH_MILLIS) / 1000;
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

struct Colours {
    panel: RGBColor,
    ink: RGBColor,
    line: RGBColor,
}

impl Colours {
    fn of(canvas: &HtmlCanvasElement) -> Colours {
        let style = window().and_then(|window| window.get_computed_style(canvas).ok().flatten());
        let read = |name: &str, otherwise: RGBColor| {
            let value = style
                .as_ref()
                .and_then(|style| style.get_property_value(name).ok());
            value
                .and_then(|value| colour(value.trim()))
                .unwrap_or(otherwise)
        };
        Colours {
            panel: read("--panel", WHITE),
            ink: read("--ink-2", BLACK),
            line: read("--line", BLACK),
        }
    }
}

/// `#RRGGBB` as a colour.
fn colour(text: &str) -> Option<RGBColor> {
    let number =
        u32::from_str_radix(text.strip_prefix('#').filter(|it| it.len() == 6)?, 16).ok()?;
    let [_, red, green, blue] = number.to_be_bytes();
    Some(RGBColor(red, green, blue))
}
