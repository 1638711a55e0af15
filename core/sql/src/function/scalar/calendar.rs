//! Dates and times moved: so much later or earlier, or as another zone's clocks show them.

use super::super::Call;
use super::super::definition::{Definition, nullable, strict};
use super::date::zone;
use super::row;
use crate::expression::EvalError;
use crate::time::{DAY_MILLIS, date_of, days_of, in_zone, millis_of};
use crate::value::Value;
use jiff_core::civil::Date;

type Result<'a> = std::result::Result<Value<'a>, EvalError>;

/// The table of these functions.
pub(super) const FUNCTIONS: &[Definition] = &[
    row(
        "TIMESTAMPADD",
        "timestampadd",
        "A timestamp so much later.",
        (
            "TIMESTAMPADD(SECONDS, 2, FROM_UNIXTIME(0))",
            "1970-01-01T00:00:02.000",
        ),
        &[nullable(
            "UNIT unit, INT interval, TIMESTAMP timestamp",
            "TIMESTAMP",
            add,
        )],
    ),
    row(
        "TIMESTAMPSUB",
        "timestampsub",
        "A timestamp so much earlier.",
        (
            "TIMESTAMPSUB(DAYS, 1, FROM_UNIXTIME(86400000))",
            "1970-01-01T00:00:00.000",
        ),
        &[nullable(
            "UNIT unit, INT interval, TIMESTAMP timestamp",
            "TIMESTAMP",
            subtract,
        )],
    ),
    row(
        "DATEADD",
        "dateadd",
        "A date so much later.",
        ("DATEADD(DAYS, 2, FROM_DAYS(0))", "1970-01-03"),
        &[nullable("UNIT unit, INT interval, DATE date", "DATE", add)],
    ),
    row(
        "DATESUB",
        "datesub",
        "A date so much earlier.",
        ("DATESUB(MONTHS, 1, FROM_DAYS(31))", "1970-01-01"),
        &[nullable(
            "UNIT unit, INT interval, DATE date",
            "DATE",
            subtract,
        )],
    ),
    row(
        "TIMEADD",
        "timeadd",
        "A time so much later, round midnight.",
        ("TIMEADD(HOURS, 2, CAST('23:00' AS TIME))", "01:00"),
        &[nullable("UNIT unit, INT interval, TIME time", "TIME", add)],
    ),
    row(
        "TIMESUB",
        "timesub",
        "A time so much earlier, round midnight.",
        ("TIMESUB(MINUTES, 5, CAST('00:00' AS TIME))", "23:55"),
        &[nullable(
            "UNIT unit, INT interval, TIME time",
            "TIME",
            subtract,
        )],
    ),
    row(
        "CONVERT_TZ",
        "convert_tz",
        "A timestamp as clocks in another zone show it.",
        (
            "CONVERT_TZ(FROM_UNIXTIME(0), 'UTC', '+02:00')",
            "1970-01-01T02:00:00.000",
        ),
        &[strict(
            "TIMESTAMP timestamp, STRING fromTimeZone, STRING toTimeZone",
            "TIMESTAMP",
            convert,
        )],
    ),
];

const RANGE: EvalError = EvalError::fixed("The time is out of range");

fn add<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    moved(call, 1)
}

fn subtract<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    moved(call, -1)
}

fn moved<'a>(call: &Call<'_, 'a>, sign: i64) -> Result<'a> {
    let Some(interval) = call.opt_int(1) else {
        return Ok(Value::Null);
    };
    let (unit, count) = (call.str(0), interval * sign);
    Ok(match call.arg(2) {
        Value::Timestamp(millis) => Value::Timestamp(shifted(millis, unit, count).ok_or(RANGE)?),
        Value::Date(days) => {
            let millis = shifted(i64::from(days) * DAY_MILLIS, unit, count).ok_or(RANGE)?;
            Value::Date(millis.div_euclid(DAY_MILLIS) as i32)
        }
        Value::Time(millis) => {
            let moved = shifted(i64::from(millis), unit, count).ok_or(RANGE)?;
            Value::Time(moved.rem_euclid(DAY_MILLIS) as i32)
        }
        _ => Value::Null,
    })
}

/// Epoch milliseconds moved by so many units; a month's end stays in its month.
fn shifted(millis: i64, unit: &str, count: i64) -> Option<i64> {
    let length = match unit {
        "MILLISECONDS" => 1,
        "SECONDS" => 1_000,
        "MINUTES" => 60_000,
        "HOURS" => 3_600_000,
        "DAYS" => DAY_MILLIS,
        months_or_years => {
            let months = if months_or_years == "YEARS" {
                count.checked_mul(12)?
            } else {
                count
            };
            let date = date_of(millis.div_euclid(DAY_MILLIS))?;
            let days = days_of(months_later(date, months)?);
            return Some(i64::from(days) * DAY_MILLIS + millis.rem_euclid(DAY_MILLIS));
        }
    };
    millis.checked_add(count.checked_mul(length)?)
}

/// The same day of another month, or its last one where it has none such.
fn months_later(date: Date, months: i64) -> Option<Date> {
    let month = (i64::from(date.year()) * 12 + i64::from(date.month()) - 1).checked_add(months)?;
    let year = i16::try_from(month.div_euclid(12)).ok()?;
    let first = Date::new(year, month.rem_euclid(12) as i8 + 1, 1).ok()?;
    let day = date.day().min(first.days_in_month());
    Date::new(first.year(), first.month(), day).ok()
}

fn convert<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let millis = call.int(0);
    let shown = |at| {
        let zone = zone(call, at)?;
        in_zone(millis, &zone.rules).map(millis_of).ok_or(RANGE)
    };
    Ok(Value::Timestamp(millis + shown(2)? - shown(1)?))
}
