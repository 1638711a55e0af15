//! GEO_DISTANCE: how far two places on Earth are apart, by the haversine formula.

use super::super::Call;
use super::super::definition::{Definition, nullable};
use super::{precise, row};
use crate::expression::EvalError;
use crate::value::Value;

const FOUR: &str = "DOUBLE lat1, DOUBLE lon1, DOUBLE lat2, DOUBLE lon2";

/// The table of these functions.
pub(super) const FUNCTIONS: &[Definition] = &[row(
    "GEO_DISTANCE",
    "geo_distance",
    "The distance of two places, in kilometres ('km') or miles ('mi').",
    ("ROUND(GEO_DISTANCE(0.0, 0.0, 0.0, 1.0))", "111"),
    &[
        nullable(FOUR, "DOUBLE", distance),
        nullable(
            "DOUBLE lat1, DOUBLE lon1, DOUBLE lat2, DOUBLE lon2, STRING units",
            "DOUBLE",
            distance,
        ),
    ],
)];

fn distance<'a>(call: &Call<'_, 'a>) -> Result<Value<'a>, EvalError> {
    if call.args.iter().take(4).any(Value::is_null) {
        return Ok(Value::Null);
    }
    let radius = match call.str(4).trim().to_ascii_lowercase().as_str() {
        "" | "km" | "kilometer" | "kilometers" | "kilometre" | "kilometres" => 6371.0,
        "mi" | "mile" | "miles" => 3959.0,
        _ => return Err(EvalError::fixed("GEO_DISTANCE's units must be KM or MILES")),
    };
    let [lat1, lon1, lat2, lon2] = [0, 1, 2, 3].map(|at| call.double(at));
    if lat1.abs() > 90.0 || lat2.abs() > 90.0 || lon1.abs() > 180.0 || lon2.abs() > 180.0 {
        return Err(EvalError::fixed(
            "valid latitudes are -90 to 90, valid longitudes -180 to 180",
        ));
    }
    let half = |degrees: f64| precise::sin(degrees.to_radians() / 2.0);
    let (lat, lon) = (half(lat2 - lat1), half(lon2 - lon1));
    let [first, second] = [lat1, lat2].map(|degrees| precise::cos(degrees.to_radians()));
    // The order of the factors decides the last digit.
    let a = lat * lat + lon * lon * first * second;
    Ok(Value::Double(radius * 2.0 * libm::asin(libm::sqrt(a))))
}
