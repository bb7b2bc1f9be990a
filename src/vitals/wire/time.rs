use serde_json::Value as Json;

use crate::vitals::Millis;

/// Times end with the year 9999.
pub(in crate::vitals) const YEAR_10000_MS: i64 = 253_402_300_800_000;

/// Why a time of the contract cannot be read. Follows the name of the field in a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimeProblem {
    /// Neither form, or outside the years 1970 to 9999.
    #[error("must be RFC 3339 or whole milliseconds since 1970")]
    NotATime,
    /// The number of seconds of some day between 2000 and 2100, which as milliseconds would be a
    /// day early in 1970.
    #[error(
        "must be whole milliseconds since 1970; this number can only be seconds: multiply it by 1000"
    )]
    Seconds,
}

/// The years 2000 to 2100 as seconds since 1970.
const SECONDS_OF_TODAY: std::ops::Range<i64> = 946_684_800..4_102_444_800;

/// A time of the contract: RFC 3339, or whole milliseconds since 1970 (years 1970 to 9999). A
/// number that can only be seconds is refused: as milliseconds it would silently be January 1970.
pub fn parse_time(json: &Json) -> Result<Millis, TimeProblem> {
    let time = match json {
        Json::String(text) => WireTime::Text(text),
        other => other.as_i64().map_or(WireTime::Neither, WireTime::Number),
    };
    time.checked()
}

/// A time as it is spelled.
#[derive(Clone, Copy)]
pub(super) enum WireTime<'a> {
    Number(i64),
    Text(&'a str),
    /// Something else.
    Neither,
}

impl WireTime<'_> {
    /// The time, if it cannot be a number of seconds.
    pub(super) fn checked(self) -> Result<Millis, TimeProblem> {
        match self {
            Self::Number(number) if SECONDS_OF_TODAY.contains(&number) => Err(TimeProblem::Seconds),
            time => time.any().ok_or(TimeProblem::NotATime),
        }
    }

    /// The time, whatever the number means.
    pub(super) fn any(self) -> Option<Millis> {
        let ms = match self {
            Self::Number(number) => number,
            Self::Text(text) => text.parse::<jiff::Timestamp>().ok()?.as_millisecond(),
            Self::Neither => return None,
        };
        (0..YEAR_10000_MS).contains(&ms).then_some(Millis(ms))
    }
}
