//! Dates and times: formatting, parsing, arithmetic, conversion to and from numbers.
//!
//! Patterns are java.time's, see [`crate::time::pattern`]; only PARSE_DATE's are those of the older
//! and lenient `SimpleDateFormat`.

use super::super::Call;
use super::super::definition::{Definition, strict};
use super::row;
use crate::expression::EvalError;
use crate::time::pattern::{LenientDate, Pattern, PatternError};
use crate::time::{DAY_MILLIS, Zone};
use crate::value::Value;
use std::sync::Arc;

type Result<'a> = std::result::Result<Value<'a>, EvalError>;

/// The table of these functions.
pub(super) const FUNCTIONS: &[Definition] = &[
    row(
        "FORMAT_TIMESTAMP",
        "format_timestamp",
        "A timestamp as text, by a pattern.",
        (
            "FORMAT_TIMESTAMP(FROM_UNIXTIME(0), 'yyyy-MM-dd HH:mm')",
            "1970-01-01 00:00",
        ),
        &[
            strict(
                "TIMESTAMP timestamp, STRING formatPattern",
                "STRING",
                format_millis,
            ),
            strict(
                "TIMESTAMP timestamp, STRING formatPattern, STRING timeZone",
                "STRING",
                format_millis,
            ),
        ],
    ),
    row(
        "FORMAT_DATE",
        "format_date",
        "A date as text, by a pattern.",
        ("FORMAT_DATE(FROM_DAYS(1), 'dd.MM.yyyy')", "02.01.1970"),
        &[strict(
            "DATE date, STRING formatPattern",
            "STRING",
            format_date,
        )],
    ),
    row(
        "FORMAT_TIME",
        "format_time",
        "A time as text, by a pattern.",
        ("FORMAT_TIME(CAST('10:05' AS TIME), 'HHmm')", "1005"),
        &[strict(
            "TIME time, STRING formatPattern",
            "STRING",
            format_time,
        )],
    ),
    row(
        "PARSE_TIMESTAMP",
        "parse_timestamp",
        "The timestamp that a text spells.",
        (
            "PARSE_TIMESTAMP('02/01/1970', 'dd/MM/yyyy')",
            "1970-01-02T00:00:00.000",
        ),
        &[
            strict(
                "STRING formattedTimestamp, STRING formatPattern",
                "TIMESTAMP",
                parse_timestamp,
            ),
            strict(
                "STRING formattedTimestamp, STRING formatPattern, STRING timeZone",
                "TIMESTAMP",
                parse_timestamp,
            ),
        ],
    ),
    row(
        "PARSE_DATE",
        "parse_date",
        "The date that a text spells.",
        ("PARSE_DATE('02.01.1970', 'dd.MM.yyyy')", "1970-01-02"),
        &[strict(
            "STRING formattedDate, STRING formatPattern",
            "DATE",
            parse_date,
        )],
    ),
    row(
        "PARSE_TIME",
        "parse_time",
        "The time that a text spells.",
        ("PARSE_TIME('1005', 'HHmm')", "10:05"),
        &[strict(
            "STRING formattedTime, STRING formatPattern",
            "TIME",
            parse_time,
        )],
    ),
    row(
        "TIMESTAMPTOSTRING",
        "timestamptostring",
        "Epoch milliseconds as text, by a pattern.",
        ("TIMESTAMPTOSTRING(1000, 'HH:mm:ss')", "00:00:01"),
        &[
            strict(
                "BIGINT epochMilli, STRING formatPattern",
                "STRING",
                format_millis,
            ),
            strict(
                "BIGINT epochMilli, STRING formatPattern, STRING timeZone",
                "STRING",
                format_millis,
            ),
        ],
    ),
    row(
        "STRINGTOTIMESTAMP",
        "stringtotimestamp",
        "The epoch milliseconds that a text spells.",
        ("STRINGTOTIMESTAMP('1970-01-02', 'yyyy-MM-dd')", "86400000"),
        &[
            strict(
                "STRING formattedTimestamp, STRING formatPattern",
                "BIGINT",
                string_to_millis,
            ),
            strict(
                "STRING formattedTimestamp, STRING formatPattern, STRING timeZone",
                "BIGINT",
                string_to_millis,
            ),
        ],
    ),
    row(
        "DATETOSTRING",
        "datetostring",
        "Days since 1970 as text, by a pattern.",
        ("DATETOSTRING(1, 'yyyy-MM-dd')", "1970-01-02"),
        &[strict(
            "INT epochDays, STRING formatPattern",
            "STRING",
            format_date,
        )],
    ),
    row(
        "STRINGTODATE",
        "stringtodate",
        "The days since 1970 that a text spells.",
        ("STRINGTODATE('1970-01-02', 'yyyy-MM-dd')", "1"),
        &[strict(
            "STRING formattedDate, STRING formatPattern",
            "INT",
            string_to_days,
        )],
    ),
    row(
        "FROM_UNIXTIME",
        "from_unixtime",
        "The timestamp of epoch milliseconds.",
        ("FROM_UNIXTIME(1500)", "1970-01-01T00:00:01.500"),
        &[strict("BIGINT epochMilli", "TIMESTAMP", |call| {
            Ok(Value::Timestamp(call.int(0)))
        })],
    ),
    row(
        "UNIX_TIMESTAMP",
        "unix_timestamp",
        "Epoch milliseconds, of now or of a timestamp.",
        ("UNIX_TIMESTAMP(FROM_UNIXTIME(5))", "5"),
        &[
            strict("", "BIGINT", |call| Ok(Value::BigInt(call.cx().now_millis))),
            strict("TIMESTAMP timestamp", "BIGINT", |call| {
                Ok(Value::BigInt(call.int(0)))
            }),
        ],
    ),
    row(
        "FROM_DAYS",
        "from_days",
        "The date of days since 1970.",
        ("FROM_DAYS(1)", "1970-01-02"),
        &[strict("INT days", "DATE", |call| {
            Ok(Value::Date(call.int(0) as i32))
        })],
    ),
    row(
        "UNIX_DATE",
        "unix_date",
        "Days since 1970, of today or of a date.",
        ("UNIX_DATE(FROM_DAYS(3))", "3"),
        &[
            strict("", "INT", |call| {
                Ok(Value::Int(
                    call.cx().now_millis.div_euclid(DAY_MILLIS) as i32
                ))
            }),
            strict("DATE date", "INT", |call| {
                Ok(Value::Int(call.int(0) as i32))
            }),
        ],
    ),
];

fn failed(error: PatternError) -> EvalError {
    EvalError::new(error.0)
}

/// The pattern at the second argument; where it is a constant it is cut once.
fn pattern(call: &Call<'_, '_>) -> std::result::Result<Arc<Pattern>, EvalError> {
    call.made(1, |text| Pattern::new(text).map_err(failed))
}

/// The zone that is named at `at`; GMT where none is named.
pub(super) fn zone(call: &Call<'_, '_>, at: usize) -> std::result::Result<Arc<Zone>, EvalError> {
    if call.opt_str(at).is_none() {
        return Ok(Arc::new(Zone::gmt()));
    }
    call.made(at, |name| {
        Zone::named(name).ok_or_else(|| EvalError::new(format!("Unknown time-zone ID: {name}")))
    })
}

fn format_millis<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let text = pattern(call)?
        .format(call.int(0), &*zone(call, 2)?)
        .map_err(failed)?;
    call.text(&text)
}

fn unsupported(letter: char, what: &str) -> EvalError {
    EvalError::new(format!(
        "{what} has no field for the pattern letter '{letter}'"
    ))
}

fn format_date<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let pattern = pattern(call)?;
    if let Some(letter) = pattern.beyond_dates() {
        return Err(unsupported(letter, "A date"));
    }
    let text = pattern.format(call.int(0) * DAY_MILLIS, &Zone::gmt());
    call.text(&text.map_err(failed)?)
}

fn format_time<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let pattern = pattern(call)?;
    if let Some(letter) = pattern.beyond_times() {
        return Err(unsupported(letter, "A time"));
    }
    let text = pattern.format(call.int(0), &Zone::gmt());
    call.text(&text.map_err(failed)?)
}

fn parsed_millis(call: &Call<'_, '_>) -> std::result::Result<i64, EvalError> {
    let fields = pattern(call)?.parse(call.str(0)).map_err(failed)?;
    fields.millis(&zone(call, 2)?.rules).map_err(failed)
}

fn parse_timestamp<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    parsed_millis(call).map(Value::Timestamp)
}

fn string_to_millis<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    parsed_millis(call).map(Value::BigInt)
}

fn parse_date<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let pattern = call.made(1, |text| LenientDate::new(text).map_err(failed))?;
    let days = pattern.days(call.str(0), call.cx().now_millis);
    days.map(Value::Date).map_err(failed)
}

fn string_to_days<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let fields = pattern(call)?.parse(call.str(0)).map_err(failed)?;
    fields.days().map(Value::Int).map_err(failed)
}

fn parse_time<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let fields = pattern(call)?.parse(call.str(0)).map_err(failed)?;
    Ok(Value::Time(fields.millis_of_day()))
}
