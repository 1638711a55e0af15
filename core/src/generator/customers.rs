//! The preset `customers`: the twenty members of the airline's club, as change capture gives them
//! out of a database: all rows first, then a row each time that its club status changes.

use super::preset::{Changing, Column, Constant, Preset, Records, Table};
use crate::command::{DurationRange, Pace};
use headwater_base::Millis;

pub(super) static CUSTOMERS: Preset = Preset {
    name: "customers",
    about: "Twenty customers; about every 20 s the club status of one of them changes.",
    pace: Pace::Between(DurationRange {
        low: Millis::seconds(15),
        high: Millis::seconds(25),
    }),
    key: "id",
    records: Records::Table(Table {
        columns: &[
            Column::Given("id"),
            Column::Given("first_name"),
            Column::Given("last_name"),
            Column::Given("email"),
            Column::Given("gender"),
            Column::Given("club_status"),
            Column::Given("comments"),
            Column::Created("create_ts"),
            Column::Changed("update_ts"),
        ],
        rows: &ROWS,
        changing: Changing {
            column: 5,
            among: &["bronze", "silver", "gold", "platinum"],
        },
    }),
    headers: &[],
};

macro_rules! row {
    ($id:literal, $first:literal, $last:literal, $email:literal, $gender:literal, $status:literal,
     $comments:literal) => {
        &[
            Constant::Number($id),
            Constant::Text($first),
            Constant::Text($last),
            Constant::Text($email),
            Constant::Text($gender),
            Constant::Text($status),
            Constant::Text($comments),
        ]
    };
}

#[rustfmt::skip]
static ROWS: [&[Constant]; 20] = [
    row!(1, "Rica", "Blaisdell", "rica@example.com", "Female", "bronze",
        "Agile window seat with end-to-end legroom"),
    row!(2, "Oren", "Brockherst", "oren.b@example.org", "Male", "platinum",
        "Seamless upgrade of a holistic aisle"),
    row!(3, "Junia", "Cocci", "junia@example.com", "Female", "bronze",
        "Best-of-breed hand luggage, fully vertical"),
    row!(4, "Tobiah", "Rumke", "t.rumke@example.org", "Male", "platinum",
        "Scalable lounge with synergised biscuits"),
    row!(5, "Selma", "Coda", "selma@example.com", "Female", "platinum",
        "Mission-critical pillow on a lean runway"),
    row!(6, "Alaric", "Leheude", "alaric@example.org", "Male", "platinum",
        "Cloud-native altitude, reduced turbulence"),
    row!(7, "Mirela", "Huc", "mirela.huc@example.com", "Female", "bronze",
        "Disruptive check-in for a hybrid suitcase"),
    row!(8, "Bastian", "Rosten", "bastian@example.com", "Male", "silver",
        "Real-time trolley with a robust tea strategy"),
    row!(9, "Ottilie", "Tinham", "ottilie@example.org", "Female", "silver",
        "Paperless boarding for a paper ticket"),
    row!(10, "Casper", "Tollerton", "c.tollerton@example.com", "Male", "silver",
        "Future-proof seat belt, backwards compatible"),
    row!(11, "Noor", "Ferreira", "noor@example.com", "Female", "gold",
        "Integrated headphones with a proactive plug"),
    row!(12, "Emeka", "Okafor", "emeka@example.org", "Male", "gold",
        "Turnkey connection at a reliable gate"),
    row!(13, "Ludmila", "Toopin", "ludmila@example.com", "Female", "platinum",
        "Bleeding-edge blanket, now with corners"),
    row!(14, "Anders", "Lindqvist", "anders.l@example.org", "Male", "gold",
        "Streamlined queue with multichannel sighs"),
    row!(15, "Haruka", "Nakamura", "haruka@example.com", "Female", "gold",
        "Optimised overhead locker, object-oriented"),
    row!(16, "Wendel", "Vardy", "wendel@example.org", "Male", "bronze",
        "Open-source peanuts under a free licence"),
    row!(17, "Philippa", "Paradise", "pip@example.com", "Female", "bronze",
        "Customer-focused delay with a clear vision"),
    row!(18, "Etienne", "Dubois", "etienne@example.com", "Male", "gold",
        "Distributed family seated in parallel rows"),
    row!(19, "Chiara", "Marchetti", "chiara@example.org", "Female", "gold",
        "Event-driven landing, exactly once"),
    row!(20, "Radim", "Novak", "radim@example.com", "Male", "gold",
        "Fault-tolerant shoes for a stateful walk"),
];
