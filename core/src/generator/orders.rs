//! The presets about money: `orders` of things, and `transactions` of accounts.

use super::preset::{Preset, Records};
use crate::command::{DurationRange, Pace};
use headwater_base::Millis;

const ONCE_A_SECOND: Pace = Pace::Between(DurationRange {
    low: Millis::ZERO,
    high: Millis(2000),
});

pub(super) static ORDERS: Preset = Preset {
    name: "orders",
    about: "Orders of items Item_0 to Item_649, with an address.",
    pace: ONCE_A_SECOND,
    key: "orderid",
    records: Records::Schema(
        "ordertime: now; orderid: sequence; itemid: \"Item_{0..649}\"; \
         orderunits: 0.5..10.0; \
         address: {city: \"City_{1..99}\"; state: \"State_{1..99}\"; zipcode: 10000..99999}",
    ),
    headers: &[],
};

pub(super) static TRANSACTIONS: Preset = Preset {
    name: "transactions",
    about: "Amounts paid into and out of the accounts 12345 to 12349.",
    pace: ONCE_A_SECOND,
    key: "AC_ID",
    records: Records::Schema(
        "AC_ID: 12345..12349; TXN_ID: sequence; TXN_TS: now; \
         TXN_AMT: normal 12.50 +- 45.00 in -200.00..250.00; \
         TXN_KIND: one of card*5, transfer*3, cash, fee",
    ),
    headers: &[],
};
