//! Times, lengths and names as a record writes them.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::RecordHeader;
use crate::room::{Phase, Severity};
use crate::rules::Priority;
use crate::vitals::{Decimal, Millis};

/// Clock times of the clinic.
#[derive(Clone, Debug)]
pub(super) struct Clock(TimeZone);

impl Clock {
    /// In the zone that the record names; UTC without one.
    pub(super) fn of(header: &RecordHeader) -> Self {
        Self::in_zone(header.time_zone.as_deref())
    }

    /// In the zone of this IANA name; UTC without one.
    pub(super) fn in_zone(name: Option<&str>) -> Self {
        let named = name.and_then(|name| TimeZone::get(name).ok());
        Self(named.unwrap_or(TimeZone::UTC))
    }

    fn at(&self, at: Millis, format: &str) -> String {
        let time = Timestamp::from_millisecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH);
        time.to_zoned(self.0.clone()).strftime(format).to_string()
    }

    /// `09:05`.
    pub(super) fn hm(&self, at: Millis) -> String {
        self.at(at, "%H:%M")
    }

    /// `09:05:12`.
    pub(super) fn hms(&self, at: Millis) -> String {
        self.at(at, "%H:%M:%S")
    }

    /// `Fri 27 Nov 2026`.
    pub(super) fn day(&self, at: Millis) -> String {
        self.at(at, "%a %-d %b %Y")
    }

    /// `2026-11-27`.
    pub(super) fn date(&self, at: Millis) -> String {
        self.at(at, "%Y-%m-%d")
    }

    /// The day so many days after that of `at`, as `2026-12-04`.
    pub(super) fn date_after(&self, at: Millis, days: i64) -> String {
        let time = Timestamp::from_millisecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH);
        let day = time.to_zoned(self.0.clone()).date();
        day.saturating_add(jiff::Span::new().days(days)).to_string()
    }

    /// `27 Nov 2026 10:38`.
    pub(super) fn day_hm(&self, at: Millis) -> String {
        self.at(at, "%-d %b %Y %H:%M")
    }

    /// `2026-11-27T09:05:12.250+01:00`, for programs.
    pub(super) fn iso(&self, at: Millis) -> String {
        self.at(at, "%Y-%m-%dT%H:%M:%S%.3f%:z")
    }

    /// The next time after `at` that is a multiple of `step_min` on the clock: where ticks are.
    pub(super) fn next_multiple(&self, at: Millis, step_min: i64) -> Millis {
        let time = Timestamp::from_millisecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH);
        let offset_ms = i64::from(self.0.to_offset(time).seconds()) * 1_000;
        let step_ms = step_min * 60_000;
        let local = at.0 + offset_ms;
        Millis(local.div_euclid(step_ms) * step_ms + step_ms - offset_ms)
    }
}

/// `3:02`, or `1:03:02`.
pub(super) fn length(ms: i64) -> String {
    let seconds = (ms.max(0) + 500) / 1_000;
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

/// `+46`, `−9`, `0`.
pub(super) fn signed(change: Decimal) -> String {
    let text = change.to_string();
    match text.strip_prefix('-') {
        Some(rest) => format!("\u{2212}{rest}"),
        None if change > Decimal::whole(0) => format!("+{text}"),
        None => text,
    }
}

/// With a capital first letter, as a sentence begins.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A phase's label over the chart.
pub(super) const fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::CheckedIn => "Check-in",
        Phase::Screening => "Screening",
        Phase::Baseline | Phase::Held | Phase::Ready => "Baseline",
        Phase::Infusing => "Infusion",
        Phase::Paused => "Pause",
        Phase::Recovery | Phase::ReadyToLeave => "Recovery",
        Phase::Discharged => "Discharged",
        Phase::Aborted => "Aborted",
        Phase::Transferred => "Transferred",
    }
}

/// What a sender's letter for sex says, by HL7's table 0001; `None` for one that is not in it.
pub(super) fn sex(letter: &str) -> Option<&'static str> {
    Some(match letter.trim().to_ascii_uppercase().as_str() {
        "F" | "FEMALE" => "female",
        "M" | "MALE" => "male",
        "A" | "O" | "OTHER" => "other",
        "U" | "UNKNOWN" => "unknown",
        _ => return None,
    })
}

/// How grave an adverse event is.
pub(super) const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Mild => "mild",
        Severity::Moderate => "moderate",
        Severity::Severe => "severe",
    }
}

/// The mark of a priority, in addition to its colour.
pub(super) const fn mark(priority: Priority) -> &'static str {
    match priority {
        Priority::High => "!!!",
        Priority::Medium => "!!",
        Priority::Low => "!",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_and_changes_are_written_as_staff_write_them() {
        assert_eq!(length(182_000), "3:02");
        assert_eq!(length(3_782_400), "1:03:02");
        assert_eq!(length(-5), "0:00");
        assert_eq!(signed(Decimal::whole(46)), "+46");
        assert_eq!(signed(Decimal::whole(-9)), "\u{2212}9");
        assert_eq!(signed(Decimal::whole(0)), "0");
    }

    #[test]
    fn a_day_is_that_of_the_clinic_and_days_are_counted_over_a_change_of_the_clock() {
        let clock = Clock(TimeZone::get("Europe/Berlin").unwrap());
        // 24 Oct 2026 23:30 in Berlin; the clock goes back that night.
        let at = Millis(1_792_877_400_000);
        assert_eq!(clock.date(at), "2026-10-24");
        assert_eq!(clock.date_after(at, 7), "2026-10-31");
    }
}
