//! A gateway that collects monitors and speaks LOINC: `ORU^R01`, version 2.5.1
//! (protocols.md#loinc).
//!
//! Its habits: it exports every five seconds unless it is set differently, on a connection of its
//! own for each message, in the original acknowledgement mode; the monitor is known only by the
//! bed; the order's time is OBR-8, without a zone; units are UCUM's; -999 means no value, with
//! status F as if it were one; a doubtful value has the flag QUES; a failed cuff leaves the last
//! reading, with its time, for ever. Of the ways to report this that were seen
//! (protocols.md#values) these are the hardest to read; which of them a given gateway uses is not
//! known.

use super::hl7::{LocalTime, segment};
use super::nameplate::Nameplate;
use super::outbox::Packet;
use super::readout::MonitorReadout;
use crate::instruments::{CuffActivity, Nibp, Oximetry, Quality};

const EXPORT_EVERY_S: u32 = 5;
const GATEWAY: &str = "SIMGATEWAY";
const NO_VALUE: &str = "-999";
const SPO2_LIMITS: (u32, &str) = (90, "90-100");

/// The name that a server gives the monitor of a bed: the gateway's name and the bed
/// (protocols.md#whose-data-it-is).
pub(super) fn device_id(number: usize) -> String {
    format!("{GATEWAY}:{number}")
}

/// Its voice, for one bed.
#[derive(Debug, Clone)]
pub(super) struct Loinc {
    bed: usize,
    clock: LocalTime,
    number: u64,
    every_ms: i64,
    exported_at: Option<i64>,
    cuff: Option<(Nibp, i64)>,
}

struct Row<'a> {
    code: &'a str,
    value: String,
    unit: &'a str,
    limits: &'a str,
    flag: String,
    taken_at: i64,
}

impl Loinc {
    pub(super) fn new(nameplate: &Nameplate) -> Self {
        Self {
            bed: nameplate.number,
            clock: LocalTime { utc_offset_min: nameplate.utc_offset_min },
            number: 0,
            every_ms: i64::from(nameplate.gateway_every_s.unwrap_or(EXPORT_EVERY_S)) * 1000,
            exported_at: None,
            cuff: None,
        }
    }

    /// An export, when one is due.
    pub(super) fn say(&mut self, showing: &MonitorReadout) -> Option<Packet> {
        if let CuffActivity::Done(nibp) = showing.shown.cuff {
            self.cuff = Some((nibp, showing.inflated_at));
        }
        // A clock that was set back does not stop it.
        let waited_ms = self.exported_at.map(|at| (showing.taken_at - at).abs());
        if waited_ms.is_some_and(|waited_ms| waited_ms < self.every_ms) {
            return None;
        }
        self.exported_at = Some(showing.taken_at);
        self.number += 1;
        let mut text = self.head(showing);
        for (index, row) in self.rows(showing).iter().enumerate() {
            text += &self.row(index + 1, row);
        }
        Some(Packet { number: self.number, text })
    }

    fn head(&self, showing: &MonitorReadout) -> String {
        let Self { number, bed, clock, .. } = self;
        [
            segment(
                "MSH",
                &[
                    (2, "^~\\&"),
                    (3, GATEWAY),
                    (4, "INFUSION"),
                    (5, "EHR"),
                    (6, "CLINIC"),
                    (7, &clock.stamp(showing.sent_at)),
                    (9, "ORU^R01"),
                    (10, &format!("B{bed}M{number:06}")),
                    (11, "P"),
                    (12, "2.5.1"),
                ],
            ),
            segment("PID", &[(1, "1"), (3, &format!("SIM-PATIENT-{bed}^^^SIM^MR"))]),
            segment("PV1", &[(1, "1"), (2, "O"), (3, &format!("INFUSION^^{bed}"))]),
            segment(
                "OBR",
                &[(1, "1"), (3, &format!("B{bed}-{number}")), (8, &clock.stamp(showing.taken_at))],
            ),
        ]
        .concat()
    }

    fn rows(&self, showing: &MonitorReadout) -> Vec<Row<'static>> {
        let (spo2, pulse_rate, doubt) = match showing.shown.oximetry {
            Oximetry::Value { spo2, pulse_rate, quality } => {
                let doubt = if quality == Quality::Questionable { "QUES" } else { "" };
                (spo2.to_string(), pulse_rate.to_string(), doubt)
            }
            Oximetry::Absent(_) => (NO_VALUE.to_owned(), NO_VALUE.to_owned(), ""),
        };
        let row = |code, value, unit| Row {
            code,
            value,
            unit,
            limits: "",
            flag: String::new(),
            taken_at: showing.taken_at,
        };
        let (lowest, limits) = SPO2_LIMITS;
        let is_low = spo2.parse::<u32>().is_ok_and(|spo2| spo2 < lowest);
        let flags = [if is_low { "L" } else { "" }, doubt].map(str::to_owned);
        let low = flags.into_iter().filter(|flag| !flag.is_empty()).collect::<Vec<_>>().join("~");
        let saturation = "59408-5^Oxygen saturation by pulse oximetry^LN";
        let mut rows = vec![
            Row { limits, flag: low, ..row(saturation, spo2, "%") },
            Row {
                flag: doubt.to_owned(),
                ..row("8889-8^Heart rate by pulse oximetry^LN", pulse_rate, "/min")
            },
        ];
        if let Some(temp) = showing.temp {
            rows.push(row("8310-5^Body temperature^LN", format!("{temp:.1}"), "Cel"));
        }
        if let Some((nibp, taken_at)) = self.cuff {
            let cuff = |code, mmhg: i32| Row { taken_at, ..row(code, mmhg.to_string(), "mm[Hg]") };
            rows.push(cuff("8480-6^Systolic blood pressure^LN", nibp.systolic));
            rows.push(cuff("8462-4^Diastolic blood pressure^LN", nibp.diastolic));
            rows.push(cuff("8478-0^Mean blood pressure^LN", nibp.mean));
        }
        rows
    }

    fn row(&self, set_id: usize, row: &Row<'_>) -> String {
        segment(
            "OBX",
            &[
                (1, &set_id.to_string()),
                (2, "NM"),
                (3, row.code),
                (5, &row.value),
                (6, row.unit),
                (7, row.limits),
                (8, &row.flag),
                (11, "F"),
                (14, &self.clock.stamp(row.taken_at)),
            ],
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::instruments::SensorStatus;
    use crate::monitors::hl7::read::{first, good, nameplate, reading, row, showing};

    fn say(oximetry: Oximetry) -> String {
        let mut gateway = Loinc::new(&nameplate());
        gateway.say(&showing(0, oximetry, CuffActivity::Idle)).expect("the first is due").text
    }

    #[test]
    fn it_exports_each_five_seconds_and_names_only_itself_and_the_bed() {
        let mut gateway = Loinc::new(&nameplate());
        let mut says = |at_s| gateway.say(&showing(at_s, good(97, 72), CuffActivity::Idle));
        let times: Vec<i64> = (0..16).filter(|at_s| says(*at_s).is_some()).collect();
        assert_eq!(times, [0, 5, 10, 15]);
        let text = say(good(97, 72));
        let msh = first(&text, "MSH");
        assert_eq!((msh[3].as_str(), msh[4].as_str()), ("SIMGATEWAY", "INFUSION"));
        assert_eq!((msh[15].as_str(), msh[16].as_str()), ("", ""));
        assert_eq!(first(&text, "PV1")[3], "INFUSION^^3");
        let obr = first(&text, "OBR");
        assert_eq!((obr[7].as_str(), obr[8].as_str()), ("", "20261121130000"));
    }

    #[test]
    fn values_have_ucum_units_limits_and_flags() {
        let spo2 = row(&say(good(88, 72)), "59408-5^");
        assert_eq!((spo2[5].as_str(), spo2[6].as_str()), ("88", "%"));
        assert_eq!((spo2[7].as_str(), spo2[8].as_str()), ("90-100", "L"));
        assert_eq!((spo2[11].as_str(), spo2[14].as_str()), ("F", "20261121130000"));
        assert_eq!(row(&say(good(97, 72)), "8889-8^")[5..7], ["72", "/min"]);
    }

    #[test]
    fn a_gateway_may_be_set_to_export_each_second() {
        let mut gateway = Loinc::new(&Nameplate { gateway_every_s: Some(1), ..nameplate() });
        let mut says = |at_s| gateway.say(&showing(at_s, good(97, 72), CuffActivity::Idle));
        assert!((0..10).all(|at_s| says(at_s).is_some()));
    }

    #[test]
    fn no_value_is_a_number_that_is_none_and_a_doubtful_one_is_flagged() {
        let off = row(&say(Oximetry::Absent(SensorStatus::SensorOff)), "59408-5^");
        assert_eq!((off[5].as_str(), off[8].as_str(), off[11].as_str()), ("-999", "", "F"));
        let doubtful = Oximetry::Value { spo2: 85, pulse_rate: 90, quality: Quality::Questionable };
        let text = say(doubtful);
        assert_eq!((&*row(&text, "59408-5^")[8], &*row(&text, "8889-8^")[8]), ("L~QUES", "QUES"));
    }

    #[test]
    fn a_reading_of_the_cuff_is_repeated_with_its_time_even_when_the_next_one_fails() {
        let mut gateway = Loinc::new(&nameplate());
        gateway.say(&showing(0, good(97, 72), reading()));
        let later = gateway.say(&showing(60, good(97, 72), CuffActivity::Failed));
        let later = later.expect("it is due").text;
        let systolic = row(&later, "8480-6^");
        assert_eq!((systolic[5].as_str(), systolic[6].as_str()), ("128", "mm[Hg]"));
        assert_eq!(systolic[14], "20261121125927");
    }
}
