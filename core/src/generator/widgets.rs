//! The preset `widgets`: readings of a factory that weighs what it makes.

use super::preset::{Preset, Records};
use crate::command::{DurationRange, Pace};
use headwater_base::Millis;

pub(super) static WIDGETS: Preset = Preset {
    name: "widgets",
    about: "Readings of twelve sensors on three lines: temperature, and the weight of a widget.",
    pace: Pace::Between(DurationRange {
        low: Millis(200),
        high: Millis(800),
    }),
    key: "sensor_id",
    records: Records::Schema(
        "reading_ts: now iso; sensor_id: \"sensor-{1..12}\"; \
         production_line: one of line-a*3, line-b*2, line-c; \
         widget_type: one of acme94*5, acme96*3, roadrunner; \
         temp_celcius: normal 21.5 +- 3.0 in 5.0..45.0; \
         widget_weight_g: normal 110 +- 12 in 50..200",
    ),
    headers: &[],
};
