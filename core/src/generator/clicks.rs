//! The presets of a web shop: `clickstream`, `pageviews` and `users`. Views and users share their
//! user ids, so that they can be joined.

use super::preset::{Preset, Records};
use crate::command::{DurationRange, Pace};
use headwater_base::Millis;

const OFTEN: Pace = Pace::Between(DurationRange {
    low: Millis::ZERO,
    high: Millis(500),
});

pub(super) static CLICKSTREAM: Preset = Preset {
    name: "clickstream",
    about: "Requests of a web server, by users 1 to 40.",
    pace: OFTEN,
    key: "userid",
    records: Records::Schema(
        "userid: zipf 1..40; ip: ip; remote_user: one of \"-\"*4, user_name; time: now iso; \
         _time: now; request: \"{http_method} {page} HTTP/1.1\"; status: http_status; \
         bytes: exponential 4000 in 120..90000; referrer: url; agent: agent",
    ),
    headers: &[],
};

pub(super) static PAGEVIEWS: Preset = Preset {
    name: "pageviews",
    about: "Views of pages 10 to 99 by users User_1 to User_9.",
    pace: OFTEN,
    key: "userid",
    records: Records::Schema("viewtime: now; userid: \"User_{1..9}\"; pageid: \"Page_{10..99}\""),
    headers: &[],
};

pub(super) static USERS: Preset = Preset {
    name: "users",
    about: "Users User_1 to User_9, of which one changes its region or gender each time.",
    pace: Pace::Between(DurationRange {
        low: Millis(500),
        high: Millis(1500),
    }),
    key: "userid",
    records: Records::Schema(
        "registertime: now; userid: \"User_{1..9}\"; regionid: \"Region_{1..9}\"; \
         gender: one of FEMALE*4, MALE*4, OTHER",
    ),
    headers: &[],
};
