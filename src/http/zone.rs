//! The clinic's days.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::HttpState;
use crate::vitals::Millis;

/// The clinic's time zone; the machine's if it has no name.
pub(super) fn zone(state: &HttpState) -> TimeZone {
    let named = state.time_zone.as_deref().and_then(|name| TimeZone::get(name).ok());
    named.unwrap_or_else(TimeZone::system)
}

/// The day there, at this time.
pub(super) fn day_of(at: Millis, zone: &TimeZone) -> Date {
    let time = Timestamp::from_millisecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH);
    time.to_zoned(zone.clone()).date()
}

/// Its first millisecond, and that of the next day; `None` beyond the calendar.
pub(super) fn bounds_of(day: Date, zone: &TimeZone) -> Option<(Millis, Millis)> {
    let first =
        |day: Date| Some(Millis(day.to_zoned(zone.clone()).ok()?.timestamp().as_millisecond()));
    Some((first(day)?, first(day.tomorrow().ok()?)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_and_ends_as_clocks_of_the_clinic_say_also_when_they_change() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let day: Date = "2026-10-25".parse().unwrap();
        let (from, to) = bounds_of(day, &zone).unwrap();
        assert_eq!(to.since(from), 25 * 3_600_000);
        assert_eq!(day_of(from, &zone), day);
        assert_eq!(day_of(from.plus(-1), &zone), day.yesterday().unwrap());
        assert_eq!(day_of(to.plus(-1), &zone), day);
        assert_eq!(bounds_of(Date::MAX, &zone), None);
    }
}
