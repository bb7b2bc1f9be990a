//! HL7 time stamps (protocols.md#times).

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

use crate::vitals::Millis;

/// What a time field says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stamp {
    At(Millis),
    /// Empty, or all zeros, which some monitors send for "none".
    None,
    /// Not a time.
    Nonsense,
}

/// Reads `YYYYMMDDHH[MM[SS[.S…]]][±ZZZZ]`, also with milliseconds as digits 15 to 17.
///
/// Without a zone it is clinic time; where the end of summer time gives two moments one stamp, it
/// is the one nearer to `arrived_at`. A date without a time of day is not a time: as midnight it
/// would make a value of this afternoon look hours late, and late values raise no alert.
pub(super) fn stamp(text: &str, zone: &TimeZone, arrived_at: Millis) -> Stamp {
    let text = text.trim();
    if text.is_empty() || text.bytes().all(|b| b == b'0') {
        return Stamp::None;
    }
    match civil_and_offset(text).and_then(|(civil, offset)| {
        let at = match offset {
            Some(offset) => offset.to_timestamp(civil).ok()?,
            None => {
                let either = zone.to_ambiguous_timestamp(civil);
                let (earlier, later) = (either.earlier().ok()?, either.later().ok()?);
                let away = |t: jiff::Timestamp| t.as_millisecond().abs_diff(arrived_at.0);
                if away(later) < away(earlier) { later } else { earlier }
            }
        };
        Some(Millis(at.as_millisecond()))
    }) {
        Some(at) => Stamp::At(at),
        None => Stamp::Nonsense,
    }
}

fn civil_and_offset(text: &str) -> Option<(DateTime, Option<Offset>)> {
    let zone_at = text.find(['+', '-', 'Z']).unwrap_or(text.len());
    let (local, zone) = text.split_at(zone_at);
    let (digits, fraction) = local.split_once('.').unwrap_or((local, ""));
    let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if !all_digits(digits) || !all_digits(fraction) {
        return None;
    }
    let number = |from: usize, to: usize| digits.get(from..to)?.parse::<i16>().ok();
    let (minute, second, ms) = match digits.len() {
        10 => (0, 0, 0),
        12 => (number(10, 12)?, 0, 0),
        14 => (number(10, 12)?, number(12, 14)?, thousandths(fraction)),
        17 => (number(10, 12)?, number(12, 14)?, number(14, 17)?),
        _ => return None,
    };
    let small = |n: i16| i8::try_from(n).ok();
    let year = number(0, 4).filter(|year| (1970..2200).contains(year))?;
    let civil = DateTime::new(
        year,
        small(number(4, 6)?)?,
        small(number(6, 8)?)?,
        small(number(8, 10)?)?,
        small(minute)?,
        // A leap second is shown as the second before it.
        small(if second == 60 { 59 } else { second })?,
        i32::from(ms) * 1_000_000,
    )
    .ok()?;
    Some((civil, offset(zone)?))
}

fn thousandths(fraction: &str) -> i16 {
    format!("{fraction:0<3}")[..3].parse().unwrap_or(0)
}

/// `None` for nonsense, `Some(None)` for no zone.
fn offset(zone: &str) -> Option<Option<Offset>> {
    let Some(sign) = zone.chars().next() else {
        return Some(None);
    };
    let digits = zone[1..].replace(':', "");
    if sign == 'Z' {
        return digits.is_empty().then_some(Some(Offset::UTC));
    }
    if !digits.bytes().all(|b| b.is_ascii_digit()) || !matches!(digits.len(), 2 | 4) {
        return None;
    }
    let hours: i32 = digits[..2].parse().ok()?;
    let minutes: i32 = digits[2..].parse().unwrap_or(0);
    if hours > 15 || minutes > 59 {
        return None;
    }
    let seconds = hours * 3_600 + minutes * 60;
    let seconds = if sign == '-' { -seconds } else { seconds };
    Offset::from_seconds(seconds).ok().map(Some)
}

/// A time as we write it in answers: clinic time with its zone.
pub(super) fn written(at: Millis, zone: &TimeZone) -> String {
    jiff::Timestamp::from_millisecond(at.0).map_or_else(
        |_| String::new(),
        |at| {
            let local = at.to_zoned(zone.clone());
            local.strftime("%Y%m%d%H%M%S%z").to_string()
        },
    )
}

#[cfg(test)]
mod tests;
