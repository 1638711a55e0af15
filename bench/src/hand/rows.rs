//! The rows of the hand-written programs, as serde reads and writes them.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A rating: read with names in small letters, written with names in capitals.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all(serialize = "UPPERCASE"))]
pub(super) struct Rating<'a> {
    pub(super) rating_id: i64,
    pub(super) user_id: i32,
    pub(super) stars: i32,
    pub(super) route_id: i32,
    pub(super) rating_time: i64,
    #[serde(borrow)]
    pub(super) channel: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) message: Cow<'a, str>,
}

/// A rating without the column that is its key in the repartition topic.
#[derive(Debug, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) struct KeyedRating<'r> {
    pub(super) rating_id: i64,
    pub(super) stars: i32,
    pub(super) route_id: i32,
    pub(super) rating_time: i64,
    pub(super) channel: &'r str,
    pub(super) message: &'r str,
}

/// A customer, as its topic has it.
#[derive(Debug, Deserialize)]
pub(super) struct Customer<'a> {
    #[serde(borrow)]
    pub(super) first_name: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) last_name: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) email: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) club_status: Cow<'a, str>,
}

/// A rating and its customer: what the second query writes and the third one reads.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) struct Joined<'a> {
    pub(super) r_rating_id: i64,
    pub(super) r_stars: i32,
    pub(super) r_route_id: i32,
    pub(super) r_rating_time: i64,
    #[serde(borrow)]
    pub(super) r_channel: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) r_message: Cow<'a, str>,
    pub(super) c_id: Option<i32>,
    #[serde(borrow)]
    pub(super) c_first_name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) c_last_name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) c_email: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) c_club_status: Option<Cow<'a, str>>,
}
