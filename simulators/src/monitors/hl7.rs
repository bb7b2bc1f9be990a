//! What every HL7 dialect is made of: segments and times (protocols.md#rows).

/// A segment from its filled fields, by their numbers in the standard and in that order.
pub(super) fn segment(name: &str, fields: &[(usize, &str)]) -> String {
    let mut text = name.to_owned();
    // The separator that follows the letters MSH is itself field 1.
    let mut at = usize::from(name == "MSH");
    for (number, value) in fields {
        while at < *number {
            text.push('|');
            at += 1;
        }
        text.push_str(value);
    }
    text.push('\r');
    text
}

/// The clock of a monitor, as set by the people of its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct LocalTime {
    pub(super) utc_offset_min: i32,
}

impl LocalTime {
    /// `YYYYMMDDHHMMSS` of ms since 1970, without a zone.
    pub(super) fn stamp(self, ms: i64) -> String {
        civil(ms + i64::from(self.utc_offset_min) * 60_000).0
    }

    /// `YYYYMMDDHHMMSSmmm+ZZZZ`, the milliseconds without a dot.
    pub(super) fn stamp_with_zone(self, ms: i64) -> String {
        let (stamp, millis) = civil(ms + i64::from(self.utc_offset_min) * 60_000);
        let sign = if self.utc_offset_min < 0 { '-' } else { '+' };
        let (hours, minutes) = (self.utc_offset_min.abs() / 60, self.utc_offset_min.abs() % 60);
        format!("{stamp}{millis:03}{sign}{hours:02}{minutes:02}")
    }
}

/// `YYYYMMDDHHMMSS` by the civil calendar, and the milliseconds.
fn civil(ms: i64) -> (String, i64) {
    let (days, of_day_ms) = (ms.div_euclid(86_400_000), ms.rem_euclid(86_400_000));
    // Days are counted from 1 March of year 0, so that leap days come last in a year.
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let (seconds, millis) = (of_day_ms / 1000, of_day_ms % 1000);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    (format!("{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}"), millis)
}

/// For the dialects' tests: a message taken apart again.
#[cfg(test)]
pub(super) mod read {
    use crate::instruments::{CuffActivity, Nibp, Oximetry, Quality, Readout};
    use crate::monitors::{MonitorReadout, Nameplate};

    pub(in crate::monitors) const NOON: i64 = 1_795_262_400_000;

    /// Bed 3, an hour east of UTC.
    pub(in crate::monitors) fn nameplate() -> Nameplate {
        Nameplate { number: 3, boot: "7f3a".to_owned(), utc_offset_min: 60, gateway_every_s: None }
    }

    pub(in crate::monitors) fn good(spo2: u32, pulse_rate: u32) -> Oximetry {
        Oximetry::Value { spo2, pulse_rate, quality: Quality::Good }
    }

    pub(in crate::monitors) fn reading() -> CuffActivity {
        CuffActivity::Done(Nibp { systolic: 128, diastolic: 82, mean: 97 })
    }

    /// This many seconds after noon; the cuff inflated 33 s before.
    pub(in crate::monitors) fn showing(
        at_s: i64,
        oximetry: Oximetry,
        cuff: CuffActivity,
    ) -> MonitorReadout {
        let at = NOON + at_s * 1000;
        MonitorReadout {
            shown: Readout { oximetry, cuff },
            temp: None,
            inflated_at: at - 33_000,
            taken_at: at,
            sent_at: at,
            is_timed: true,
        }
    }

    /// The segments of a message, each as its fields, so that field n is at n.
    pub(in crate::monitors) fn segments(text: &str) -> Vec<Vec<String>> {
        let fields = |segment: &str| {
            let mut fields: Vec<String> = segment.split('|').map(str::to_owned).collect();
            if fields[0] == "MSH" {
                fields.insert(1, "|".to_owned());
            }
            fields.resize(31, String::new());
            fields
        };
        text.split_terminator('\r').map(fields).collect()
    }

    /// The fields of the only OBX row with this code.
    pub(in crate::monitors) fn row(text: &str, code: &str) -> Vec<String> {
        let has_code = |row: &Vec<String>| row[0] == "OBX" && row[3].starts_with(code);
        let mut rows = segments(text).into_iter().filter(has_code);
        let row = rows.next().unwrap_or_else(|| panic!("no row of {code} in {text:?}"));
        assert!(rows.next().is_none(), "two rows of {code}");
        row
    }

    /// The fields of the first segment of this name.
    pub(in crate::monitors) fn first(text: &str, name: &str) -> Vec<String> {
        let found = segments(text).into_iter().find(|segment| segment[0] == name);
        found.unwrap_or_else(|| panic!("no {name} in {text:?}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_stand_at_their_numbers() {
        let header = segment("MSH", &[(2, "^~\\&"), (3, "A"), (9, "ORU^R01")]);
        assert_eq!(header, "MSH|^~\\&|A||||||ORU^R01\r");
        assert_eq!(segment("OBX", &[(2, "NM"), (5, "97")]), "OBX||NM|||97\r");
        assert_eq!(segment("PID", &[]), "PID\r");
    }

    #[test]
    fn times_follow_the_calendar_over_leap_days_and_the_turn_of_the_year() {
        let stamp = |ms, utc_offset_min| LocalTime { utc_offset_min }.stamp(ms);
        assert_eq!(stamp(read::NOON, 0), "20261121120000");
        assert_eq!(stamp(951_782_400_000, 0), "20000229000000");
        assert_eq!(stamp(1_709_251_199_999, 0), "20240229235959");
        assert_eq!(stamp(1_798_761_600_000, 0), "20270101000000");
        assert_eq!(stamp(1_798_761_600_000, -60), "20261231230000");
    }

    #[test]
    fn a_zone_is_written_by_its_distance() {
        let stamp = |utc_offset_min| LocalTime { utc_offset_min }.stamp_with_zone(read::NOON + 50);
        assert_eq!(stamp(0), "20261121120000050+0000");
        assert_eq!(stamp(330), "20261121173000050+0530");
        assert_eq!(stamp(-210), "20261121083000050-0330");
    }
}
