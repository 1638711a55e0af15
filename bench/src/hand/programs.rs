//! The four programs.

use super::Input;
use super::output::{Lane, Output};
use super::rows::{Customer, Joined, KeyedRating, Rating};
use crate::Failed;
use serde::Serialize;
use std::borrow::Cow;
use std::collections::HashMap;

/// The length of Q3's windows.
const MINUTE_MILLIS: i64 = 60_000;

fn read<'a, T: serde::Deserialize<'a>>(value: Option<&'a [u8]>) -> Result<T, Failed> {
    Ok(serde_json::from_slice(value.unwrap_or(&[]))?)
}

/// Q1: ratings of less than three stars.
pub(super) fn filter(input: &mut Input<'_, '_>, out: &mut impl Output) -> Result<(), Failed> {
    input.for_each(|record| {
        let rating: Rating<'_> = read(record.value)?;
        if rating.stars >= 3 {
            return Ok(());
        }
        out.send(Lane::Sink, rating.rating_time, None, |bytes| {
            serde_json::to_writer(bytes, &rating)
        })
    })
}

/// Q2: ratings with their customers, if they are of customers.
pub(super) fn join(input: &mut Input<'_, '_>, out: &mut impl Output) -> Result<(), Failed> {
    let mut customers: HashMap<i32, Customer<'_>> = HashMap::new();
    for record in input.customers {
        if let Some(key) = record.key.and_then(|key| key.try_into().ok()) {
            customers.insert(i32::from_be_bytes(key), read(record.value)?);
        }
    }
    input.for_each(|record| join_one(&read(record.value)?, &customers, out))
}

fn join_one<O: Output>(
    rating: &Rating<'_>,
    customers: &HashMap<i32, Customer<'_>>,
    out: &mut O,
) -> Result<(), Failed> {
    let key = rating.user_id.to_be_bytes();
    if O::INTERNAL {
        let keyed = KeyedRating {
            rating_id: rating.rating_id,
            stars: rating.stars,
            route_id: rating.route_id,
            rating_time: rating.rating_time,
            channel: &rating.channel,
            message: &rating.message,
        };
        out.send(Lane::Repartition, rating.rating_time, Some(&key), |bytes| {
            serde_json::to_writer(bytes, &keyed)
        })?;
    }
    let customer = customers.get(&rating.user_id);
    let text = |of: for<'c> fn(&'c Customer<'_>) -> &'c str| customer.map(|it| Cow::from(of(it)));
    let joined = Joined {
        r_rating_id: rating.rating_id,
        r_stars: rating.stars,
        r_route_id: rating.route_id,
        r_rating_time: rating.rating_time,
        r_channel: Cow::from(&*rating.channel),
        r_message: Cow::from(&*rating.message),
        c_id: customer.map(|_| rating.user_id),
        c_first_name: text(|it| &it.first_name),
        c_last_name: text(|it| &it.last_name),
        c_email: text(|it| &it.email),
        c_club_status: text(|it| &it.club_status),
    };
    out.send(Lane::Sink, rating.rating_time, Some(&key), |bytes| {
        serde_json::to_writer(bytes, &joined)
    })
}

/// A count as the result has it.
#[derive(Serialize)]
struct Counted {
    #[serde(rename = "N")]
    count: i64,
}

/// Q3: how many ratings each club status has in each minute.
pub(super) fn count_windows<O: Output>(
    input: &mut Input<'_, '_>,
    out: &mut O,
) -> Result<(), Failed> {
    let mut windows: HashMap<i64, HashMap<String, Group>> = HashMap::new();
    let mut key = Vec::new();
    input.for_each(|record| {
        let joined: Joined<'_> = read(record.value)?;
        let Some(status) = joined.c_club_status.as_deref() else {
            return Ok(());
        };
        let time = record.timestamp;
        if O::INTERNAL {
            out.send(Lane::Repartition, time, Some(status.as_bytes()), |bytes| {
                serde_json::to_writer(bytes, &GroupedStatus {})
            })?;
        }
        let start = time / MINUTE_MILLIS * MINUTE_MILLIS;
        let window = windows.entry(start).or_default();
        let group = match window.get_mut(status) {
            Some(group) => group,
            None => window.entry(status.to_owned()).or_default(),
        };
        group.count += 1;
        group.time = group.time.max(time);
        let Group { count, time } = *group;
        key.clear();
        key.extend_from_slice(status.as_bytes());
        key.extend_from_slice(&start.to_be_bytes());
        out.send(Lane::Sink, time, Some(&key), |bytes| {
            serde_json::to_writer(bytes, &Counted { count })
        })?;
        if O::INTERNAL {
            key.extend_from_slice(&[0; 4]);
            out.send(Lane::Changelog, time, Some(&key), |bytes| {
                serde_json::to_writer(bytes, &CountState { count })
            })?;
        }
        Ok(())
    })
}

#[derive(Default)]
struct Group {
    count: i64,
    time: i64,
}

/// What Q3's repartition topic holds beside the key: nothing is left to be counted.
#[derive(Serialize)]
struct GroupedStatus {}

#[derive(Serialize)]
struct CountState {
    #[serde(rename = "KSQL_AGG_VARIABLE_0")]
    count: i64,
}

/// A route's row in the result.
#[derive(Serialize)]
struct Route {
    #[serde(rename = "N")]
    count: i64,
    #[serde(rename = "AVERAGE")]
    average: f64,
}

#[derive(Serialize)]
struct GroupedRoute {
    #[serde(rename = "STARS")]
    stars: i32,
}

#[derive(Serialize)]
struct RouteState {
    #[serde(rename = "KSQL_AGG_VARIABLE_0")]
    count: i64,
    #[serde(rename = "KSQL_AGG_VARIABLE_1")]
    average: AverageState,
}

#[derive(Serialize)]
struct AverageState {
    #[serde(rename = "SUM")]
    sum: i32,
    #[serde(rename = "COUNT")]
    count: i64,
}

/// Q4: how many ratings each route has, and of how many stars on average.
pub(super) fn average<O: Output>(input: &mut Input<'_, '_>, out: &mut O) -> Result<(), Failed> {
    let mut routes: HashMap<i32, (i64, i32, i64)> = HashMap::new();
    input.for_each(|record| {
        let rating: Rating<'_> = read(record.value)?;
        let (route, stars) = (rating.route_id, rating.stars);
        let key = route.to_be_bytes();
        if O::INTERNAL {
            out.send(Lane::Repartition, rating.rating_time, Some(&key), |bytes| {
                serde_json::to_writer(bytes, &GroupedRoute { stars })
            })?;
        }
        let (count, sum, time) = routes.entry(route).or_default();
        *count += 1;
        *sum = sum.wrapping_add(stars);
        *time = rating.rating_time.max(*time);
        let (count, sum, time) = (*count, *sum, *time);
        if O::INTERNAL {
            let average = AverageState { sum, count };
            out.send(Lane::Changelog, time, Some(&key), |bytes| {
                serde_json::to_writer(bytes, &RouteState { count, average })
            })?;
        }
        let average = f64::from(sum) / count as f64;
        out.send(Lane::Sink, time, Some(&key), |bytes| {
            serde_json::to_writer(bytes, &Route { count, average })
        })
    })
}
