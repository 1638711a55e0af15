//! Reading: virtual time and speed in words. Times are UTC, ISO, with milliseconds.

use headwater_base::time::EPOCH_MILLIS;

const DAY_MILLIS: i64 = 86_400_000;

/// A moment as ISO text: `2024-01-01T00:00:20.000Z`.
///
/// ```
/// use headwater_web::queries::time::iso;
/// assert_eq!(iso(1_704_067_220_000), "2024-01-01T00:00:20.000Z");
/// assert_eq!(iso(-1), "1969-12-31T23:59:59.999Z");
/// ```
pub fn iso(time_ms: i64) -> String {
    let (year, month, day) = date(time_ms.div_euclid(DAY_MILLIS));
    format!("{year:04}-{month:02}-{day:02}T{}Z", of_day(time_ms))
}

/// The time of day: `00:00:20.000`.
pub fn of_day(time_ms: i64) -> String {
    let ms = time_ms.rem_euclid(DAY_MILLIS);
    let (seconds, ms) = (ms / 1000, ms % 1000);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{hours:02}:{minutes:02}:{seconds:02}.{ms:03}")
}

/// How long the lab has run at a moment: `20.0 s`, `3 min 05 s`, `2 h 10 min`.
///
/// ```
/// use headwater_web::queries::time::age;
/// assert_eq!(age(1_704_067_220_000), "20.0 s");
/// assert_eq!(age(1_704_067_200_000 + 185_000), "3 min 05 s");
/// ```
pub fn age(time_ms: i64) -> String {
    let ms = (time_ms - EPOCH_MILLIS).max(0);
    match ms {
        0..60_000 => format!("{}.{} s", ms / 1000, ms % 1000 / 100),
        60_000..3_600_000 => format!("{} min {:02} s", ms / 60_000, ms / 1000 % 60),
        _ => format!("{} h {:02} min", ms / 3_600_000, ms / 60_000 % 60),
    }
}

/// The date of a day since 1970 (proleptic Gregorian).
fn date(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// The speed asked for, and the real one where it is lower: `1000x asked · 310x`.
///
/// ```
/// use headwater_web::queries::time::speed;
/// assert_eq!(speed(1000.0, 310.2, true), "1000x asked · 310x");
/// assert_eq!(speed(1.0, 0.99, true), "1x");
/// assert_eq!(speed(2.0, 0.0, false), "2x");
/// ```
pub fn speed(asked: f64, real: f64, running: bool) -> String {
    let behind = running && real > 0.0 && real < asked * 0.9;
    if behind {
        format!("{}x asked · {}x", number(asked), number(real))
    } else {
        format!("{}x", number(asked))
    }
}

/// A speed without needless digits.
pub fn number(speed: f64) -> String {
    if speed >= 10.0 || (speed - speed.round()).abs() < 0.005 {
        format!("{speed:.0}")
    } else if (speed * 10.0 - (speed * 10.0).round()).abs() < 0.05 {
        format!("{speed:.1}")
    } else {
        format!("{speed:.2}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_count_leap_days() {
        assert_eq!(date(0), (1970, 1, 1));
        assert_eq!(date(11_016), (2000, 2, 29));
        assert_eq!(date(19_782), (2024, 2, 29));
        assert_eq!(date(-1), (1969, 12, 31));
    }
}
