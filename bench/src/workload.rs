//! What is measured: a million ratings of flights and twenty customers, from a seed, as records
//! of a log.
//!
//! A rating is a JSON line of about 159 bytes. One of a hundred is up to five seconds late, and
//! one of twenty-one is of a user who is no customer.

use crate::Failed;
use headwater_base::{Chance, VirtualTime};
use headwater_log::{Cluster, NewRecord, NewTopic};
use std::fmt::Write;

/// The time of the first rating, in epoch milliseconds.
const START_MILLIS: i64 = 1_704_067_200_000;
/// From one rating to the next.
const STEP_MILLIS: i64 = 6;
/// How late a late rating is at most.
const LATE_MILLIS_MAX: i64 = 5_000;
/// One of so many ratings is late.
const LATE_ONE_OF: i64 = 100;
/// Users are numbered up to here; the last one is no customer.
const USERS: i64 = 21;
/// Routes are numbered below this.
const ROUTES: i64 = 10_000;
/// How many ratings one call appends.
const BATCH: u32 = 100;

const CHANNELS: [&str; 4] = ["web", "ios", "android", "ios-test"];

const MESSAGES: [&str; 12] = [
    "three hours at the gate, not a word",
    "the crew could not have been kinder to us",
    "cold food, colder service",
    "my bag is in another country",
    "they said \\\"soon\\\" and meant tomorrow",
    "best coffee above the clouds so far",
    "we landed early, bags came out first",
    "is it a \\\"lounge\\\" without any chairs?",
    "the new seats are a pleasure",
    "from the door to my seat in four minutes",
    "asked for a window and got an aisle",
    "would fly again \\\"any time\\\", honestly",
];

const CUSTOMERS: [(&str, &str, &str); 20] = [
    ("Ines", "Okafor", "gold"),
    ("Bruno", "Castell", "silver"),
    ("Mae", "Lindgren", "bronze"),
    ("Tomas", "Havel", "platinum"),
    ("Aiko", "Mori", "silver"),
    ("Pierre", "Lafont", "bronze"),
    ("Greta", "Sommer", "gold"),
    ("Omar", "Haddad", "bronze"),
    ("Lucia", "Ferri", "platinum"),
    ("Jonas", "Berg", "silver"),
    ("Nadia", "Petrova", "gold"),
    ("Samuel", "Adeyemi", "bronze"),
    ("Clara", "Novak", "silver"),
    ("Mateo", "Rios", "platinum"),
    ("Hanna", "Virtanen", "bronze"),
    ("Felix", "Brandt", "gold"),
    ("Leila", "Karimi", "silver"),
    ("Diego", "Salas", "bronze"),
    ("Emma", "Walsh", "gold"),
    ("Yusuf", "Demir", "silver"),
];

/// Appends `count` ratings to a new topic `ratings` and the customers to a new topic `customers`.
pub(crate) fn fill(log: &mut Cluster, seed: u64, count: u32) -> Result<(), Failed> {
    fill_customers(log)?;
    let topic = log.create_topic(NewTopic::new("ratings", 1))?;
    let partition = log.topic(topic)?.partition(0)?;
    let mut chance = Chance::new(seed, "ratings");
    let mut values = vec![String::new(); BATCH as usize];
    for first in (0..count).step_by(BATCH as usize) {
        let numbers = first..count.min(first + BATCH);
        for (value, number) in values.iter_mut().zip(numbers.clone()) {
            value.clear();
            write_rating(value, i64::from(number), &mut chance);
        }
        let records: [NewRecord<'_>; BATCH as usize] = std::array::from_fn(|at| {
            // The log's own time is not the rating's: that is in a column.
            NewRecord::new(START_MILLIS, None, Some(values[at].as_bytes()))
        });
        log.append(partition, &records[..numbers.len()], VirtualTime::START)?;
    }
    Ok(())
}

fn write_rating(out: &mut String, number: i64, chance: &mut Chance) {
    let mut draw = |low: i64, high: i64| chance.range(low, high);
    let is_late = draw(1, LATE_ONE_OF) == 1;
    let late = if is_late { draw(1, LATE_MILLIS_MAX) } else { 0 };
    let (user, stars, route) = (draw(1, USERS), draw(1, 5), draw(0, ROUTES - 1));
    let channel = CHANNELS[draw(0, CHANNELS.len() as i64 - 1) as usize];
    let message = MESSAGES[draw(0, MESSAGES.len() as i64 - 1) as usize];
    let time = START_MILLIS + number * STEP_MILLIS - late;
    // Writing to a String cannot fail.
    let _ = write!(
        out,
        "{{\"rating_id\":{number},\"user_id\":{user},\"stars\":{stars},\"route_id\":{route},\
         \"rating_time\":{time},\"channel\":\"{channel}\",\"message\":\"{message}\"}}"
    );
}

fn fill_customers(log: &mut Cluster) -> Result<(), Failed> {
    let topic = log.create_topic(NewTopic::new("customers", 1))?;
    let partition = log.topic(topic)?.partition(0)?;
    for (number, (first, last, status)) in (1i32..).zip(CUSTOMERS) {
        let mail = format!("{}@example.com", first.to_lowercase());
        let value = format!(
            "{{\"first_name\":\"{first}\",\"last_name\":\"{last}\",\"email\":\"{mail}\",\
             \"club_status\":\"{status}\"}}"
        );
        let key = number.to_be_bytes();
        let record = NewRecord::new(0, Some(&key), Some(value.as_bytes()));
        log.append(partition, &[record], VirtualTime::START)?;
    }
    Ok(())
}
