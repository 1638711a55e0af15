//! Weeks as the root locale counts them: from Monday, and the first one of a year or month is that
//! of its first day.

use jiff_core::civil::Date;

/// The day of the week from Monday, 0 to 6.
fn weekday(date: Date) -> i32 {
    i32::from(date.weekday().to_monday_zero_offset())
}

/// The week in which the `day`-th day of a year or month lies, which is a `weekday`.
fn week(day: i32, weekday: i32) -> i32 {
    let first = (weekday - (day - 1)).rem_euclid(7);
    (day - 1 + first) / 7 + 1
}

/// The year that a date's week belongs to, and the week's number in it.
pub(super) fn of_year(date: Date) -> (i16, i32) {
    let days_left = if date.in_leap_year() { 366 } else { 365 } - i32::from(date.day_of_year());
    if 6 - weekday(date) > days_left {
        // The new year begins in this week.
        return (date.year() + 1, 1);
    }
    let number = week(i32::from(date.day_of_year()), weekday(date));
    (date.year(), number)
}

/// The number of a date's week in its month.
pub(super) fn of_month(date: Date) -> i32 {
    week(i32::from(date.day()), weekday(date))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_begin_on_monday_and_the_first_holds_the_first_day() {
        let table = [
            ((2024, 1, 1), (2024, 1), 1),
            ((2024, 1, 7), (2024, 1), 1),
            ((2024, 1, 8), (2024, 2), 2),
            ((2023, 1, 1), (2023, 1), 1),
            ((2023, 1, 2), (2023, 2), 2),
            ((2024, 12, 30), (2025, 1), 6),
            ((2024, 12, 29), (2024, 52), 5),
        ];
        for ((year, month, day), of_a_year, of_a_month) in table {
            let date = Date::new(year, month, day).unwrap();
            assert_eq!(
                (of_year(date), of_month(date)),
                (of_a_year, of_a_month),
                "{date:?}"
            );
        }
    }
}
