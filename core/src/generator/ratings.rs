//! The preset `ratings`: what passengers of an airline think of it, drawn without memory.
//!
//! The text of a rating is drawn apart from its stars, so a single star can carry kind words. User
//! -1 and user 0 are no customers, and customer 20 never rates.

use super::preset::{Draw, Header, Preset, Records};
use crate::command::{DurationRange, Pace};
use headwater_base::Millis;

pub(super) static RATINGS: Preset = Preset {
    name: "ratings",
    about: "Ratings of flights by users -1 to 19, with 1 to 4 stars, over five channels.",
    pace: Pace::Between(DurationRange {
        low: Millis::ZERO,
        high: Millis(750),
    }),
    key: "rating_id",
    records: Records::Drawn(&[
        ("rating_id", Draw::Sequence { first: 1, step: 1 }),
        ("user_id", Draw::Uniform { low: -1, high: 19 }),
        ("stars", Draw::Uniform { low: 1, high: 4 }),
        ("route_id", Draw::Uniform { low: 1, high: 9998 }),
        ("rating_time", Draw::Sequence { first: 1, step: 12 }),
        ("channel", Draw::OneOf(&CHANNELS)),
        ("message", Draw::OneOf(&MESSAGES)),
    ]),
    headers: &[
        Header::Fixed("task.generation", "0"),
        Header::Fixed("task.id", "0"),
        Header::Iteration("current.iteration"),
    ],
};

/// Case matters: `iOS` and `ios` are two channels.
const CHANNELS: [&str; 5] = ["web", "iOS", "ios", "iOS-test", "android"];

/// Five are pleased, four are not, two do not say.
const MESSAGES: [&str; 11] = [
    "The crew could not have been kinder",
    "From the door to my seat in four minutes",
    "Best coffee I ever had above the clouds",
    "We landed early and my bag came out first",
    "The new seats are a pleasure",
    "Three hours at the gate and not a word from anyone",
    "My bag is in another country",
    "The app lost my booking, twice",
    "Cold food and colder service",
    "I asked for a window and got an aisle",
    "It was a flight",
];
