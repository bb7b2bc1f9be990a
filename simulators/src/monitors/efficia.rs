//! A Philips Efficia: `ORU^R01`, version 2.4, MDIL codes (protocols.md#mdil).
//!
//! Its habits: it exports once a minute, and at once for each cuff reading and each alarm; it names
//! itself by its serial number (ORC-18, and before the counter of MSH-10); it exports nothing
//! without a patient's id; its rows have neither set id nor sub-id; only cuff rows have a time of
//! their own, and no time has a zone; what the screen shows as `-?-` it sends as `-?-` (whether it
//! really does is not known; an empty field is the alternative); alarms are text, with numbers in
//! them.

use super::hl7::{LocalTime, segment};
use super::nameplate::Nameplate;
use super::outbox::Packet;
use super::readout::MonitorReadout;
use crate::instruments::{CuffActivity, Nibp, Oximetry, Quality, SensorStatus};

const EXPORT_EVERY_MS: i64 = 60_000;
/// Below this its own alarm sounds.
const SPO2_LIMIT: u32 = 90;
const NO_VALUE: &str = "-?-";

/// The serial number of the simulated Efficia number `number`: ten characters. A server knows
/// the monitor by it (ORC-18).
pub(super) fn serial(number: usize) -> String {
    format!("SIM{:07}", number % 10_000_000)
}

/// Its voice.
#[derive(Debug, Clone)]
pub(super) struct Efficia {
    serial: String,
    bed: usize,
    clock: LocalTime,
    number: u64,
    exported_at: Option<i64>,
    cuff: Option<(Nibp, i64)>,
    alarm: Option<Alarm>,
}

/// What it alarms about. The text is the one on its own screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Alarm {
    SpO2Low(u32),
    Sensor(SensorStatus),
    CuffFailed,
}

impl Alarm {
    /// The state of this moment, from what the finger clip and the cuff do.
    fn of(showing: &MonitorReadout) -> Option<Self> {
        match (showing.shown.cuff, showing.shown.oximetry) {
            (CuffActivity::Failed, _) => Some(Self::CuffFailed),
            (_, Oximetry::Absent(status)) => Some(Self::Sensor(status)),
            (_, Oximetry::Value { spo2, quality: Quality::Good, .. }) if spo2 < SPO2_LIMIT => {
                Some(Self::SpO2Low(spo2))
            }
            _ => None,
        }
    }

    /// It keeps alarming, whatever the number is now.
    fn is_same_as(self, other: Self) -> bool {
        matches!((self, other), (Self::SpO2Low(_), Self::SpO2Low(_))) || self == other
    }

    /// 1 is red, 6 a soft INOP.
    fn code(self) -> &'static str {
        match self {
            Self::SpO2Low(_) => "1^Red^MDIL",
            Self::Sensor(_) | Self::CuffFailed => "6^Soft INOP^MDIL",
        }
    }

    fn text(self) -> String {
        match self {
            Self::SpO2Low(spo2) => format!("***SpO2 {spo2} < {SPO2_LIMIT}"),
            Self::Sensor(SensorStatus::SensorOff) => "SpO2 SENSOR OFF".to_owned(),
            Self::Sensor(SensorStatus::Searching) => "SpO2 SEARCHING".to_owned(),
            Self::Sensor(SensorStatus::NoPulse) => "SpO2 NO PULSE".to_owned(),
            Self::Sensor(SensorStatus::LowPerfusion) => "SpO2 LOW PERF".to_owned(),
            Self::Sensor(SensorStatus::NoSensor) => "SpO2 NO SENSOR".to_owned(),
            Self::Sensor(SensorStatus::Noisy) => "SpO2 NOISY SIGN".to_owned(),
            Self::Sensor(SensorStatus::Erratic) => "SpO2 ERRATIC".to_owned(),
            Self::Sensor(SensorStatus::Malfunction) => "SpO2 EQUIP MALF".to_owned(),
            Self::Sensor(SensorStatus::ExtendedUpdate) => "SpO2 EXTD UPDATE".to_owned(),
            Self::Sensor(SensorStatus::Invalid) => "SpO2 INVALID".to_owned(),
            Self::CuffFailed => "NBP MEASURE FAILED".to_owned(),
        }
    }
}

impl Efficia {
    pub(super) fn new(nameplate: &Nameplate) -> Self {
        Self {
            serial: serial(nameplate.number),
            bed: nameplate.number,
            clock: LocalTime { utc_offset_min: nameplate.utc_offset_min },
            number: 0,
            exported_at: None,
            cuff: None,
            alarm: None,
        }
    }

    /// An export, when one is due.
    pub(super) fn say(&mut self, showing: &MonitorReadout) -> Option<Packet> {
        let alarm = Alarm::of(showing);
        let new_alarm = alarm.filter(|new| !self.alarm.is_some_and(|old| old.is_same_as(*new)));
        self.alarm = alarm;
        if let CuffActivity::Done(nibp) = showing.shown.cuff {
            self.cuff = Some((nibp, showing.inflated_at));
        }
        let is_due =
            self.exported_at.is_none_or(|at| (showing.taken_at - at).abs() >= EXPORT_EVERY_MS);
        let has_reading = matches!(showing.shown.cuff, CuffActivity::Done(_));
        if !is_due && !has_reading && new_alarm.is_none() {
            return None;
        }
        if is_due {
            self.exported_at = Some(showing.taken_at);
        }
        self.number += 1;
        let text = self.head(showing) + &self.values(showing) + &self.alarm(new_alarm, showing);
        Some(Packet { number: self.number, text })
    }

    fn head(&self, showing: &MonitorReadout) -> String {
        let Self { serial, number, bed, clock, .. } = self;
        [
            segment(
                "MSH",
                &[
                    (2, "^~\\&"),
                    (3, "^EfficiaCM"),
                    (7, &clock.stamp(showing.sent_at)),
                    (9, "ORU^R01^ORU_R01"),
                    (10, &format!("{serial}{number:010}")),
                    (11, "P"),
                    (12, "2.4"),
                    (15, "NE"),
                    (16, "AL"),
                    (18, "8859/1"),
                ],
            ),
            // Without an id of the patient it would export nothing.
            segment("PID", &[(3, &format!("SIM-PATIENT-{bed}^^^^PI"))]),
            segment("PV1", &[(2, "I"), (3, &format!("^^Bed{bed}&0&0"))]),
            segment("ORC", &[(1, "NW"), (18, serial)]),
        ]
        .concat()
    }

    fn values(&self, showing: &MonitorReadout) -> String {
        let order = segment("OBR", &[(4, "MONITOR"), (7, &self.clock.stamp(showing.taken_at))]);
        let (spo2, pulse_rate, flag) = match showing.shown.oximetry {
            Oximetry::Value { spo2, pulse_rate, quality } => {
                let flag = if quality == Quality::Questionable { "QUES" } else { "" };
                (spo2.to_string(), pulse_rate.to_string(), flag)
            }
            Oximetry::Absent(_) => (NO_VALUE.to_owned(), NO_VALUE.to_owned(), ""),
        };
        let mut rows = order;
        rows += &running("0002-4bb8^SpO2^MDIL", &spo2, "0004-0220^%^MDIL", flag, "");
        rows += &running("0002-4822^Pulse^MDIL", &pulse_rate, "0004-0aa0^bpm^MDIL", flag, "SpO2");
        if let Some(temp) = showing.temp {
            let temp = format!("{temp:.1}");
            rows += &running("0002-f0c7^Temp^MDIL", &temp, "0004-17a0^degC^MDIL", "", "Oral");
        }
        if let Some((nibp, inflated_at)) = self.cuff {
            let inflated = self.clock.stamp(inflated_at);
            let cuff = |code, mmhg: i32| {
                let unit = "0004-0f20^mmHg^MDIL";
                let mmhg = mmhg.to_string();
                let fields =
                    [(2, "NM"), (3, code), (5, &*mmhg), (6, unit), (11, "F"), (14, &inflated)];
                segment("OBX", &fields)
            };
            rows += &cuff("0002-4a05^NBPs^MDIL", nibp.systolic);
            rows += &cuff("0002-4a06^NBPd^MDIL", nibp.diastolic);
            rows += &cuff("0002-4a07^NBPm^MDIL", nibp.mean);
        }
        rows
    }

    fn alarm(&self, alarm: Option<Alarm>, showing: &MonitorReadout) -> String {
        alarm.map_or_else(String::new, |alarm| {
            segment("OBR", &[(4, "ALARM"), (7, &self.clock.stamp(showing.taken_at))])
                + &segment("OBX", &[(2, "TX"), (3, alarm.code()), (5, &alarm.text()), (11, "F")])
        })
    }
}

fn running(code: &str, value: &str, unit: &str, flag: &str, source: &str) -> String {
    let kind = if value == NO_VALUE { "ST" } else { "NM" };
    let mut fields = vec![(2, kind), (3, code), (5, value), (6, unit), (8, flag), (11, "F")];
    if !source.is_empty() {
        fields.push((17, source));
    }
    segment("OBX", &fields)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::monitors::hl7::read::{first, good, nameplate, reading, row, segments, showing};

    const OFF: Oximetry = Oximetry::Absent(SensorStatus::SensorOff);

    /// The seconds at which it exports, and what.
    fn exports(
        until_s: i64,
        shown: impl Fn(i64) -> (Oximetry, CuffActivity),
    ) -> Vec<(i64, String)> {
        let mut monitor = Efficia::new(&nameplate());
        let say = |at_s| {
            let (oximetry, cuff) = shown(at_s);
            monitor.say(&showing(at_s, oximetry, cuff)).map(|packet| (at_s, packet.text))
        };
        (0..until_s).filter_map(say).collect()
    }

    #[test]
    fn it_exports_each_minute_and_at_once_for_a_reading_of_the_cuff() {
        let exports = exports(181, |at_s| {
            (good(97, 72), if at_s == 75 { reading() } else { CuffActivity::Idle })
        });
        let times: Vec<_> = exports.iter().map(|(at_s, _)| *at_s).collect();
        assert_eq!(times, [0, 60, 75, 120, 180]);
        // The reading is repeated, with its own time.
        let (_, later) = &exports[3];
        for (code, value) in [("0002-4a05^", "128"), ("0002-4a06^", "82"), ("0002-4a07^", "97")] {
            let cuff = row(later, code);
            assert_eq!((cuff[5].as_str(), cuff[14].as_str()), (value, "20261121130042"));
        }
        assert_eq!(row(later, "0002-4bb8^")[14], "");
        assert_eq!(first(later, "OBR")[7], "20261121130200");
    }

    #[test]
    fn it_names_itself_by_its_serial_number_and_its_patient() {
        let (_, text) = &exports(1, |_| (good(97, 72), CuffActivity::Idle))[0];
        let msh = first(text, "MSH");
        assert_eq!((msh[3].as_str(), msh[7].as_str()), ("^EfficiaCM", "20261121130000"));
        assert_eq!(msh[10], "SIM00000030000000001");
        assert_eq!((msh[12].as_str(), msh[15].as_str(), msh[16].as_str()), ("2.4", "NE", "AL"));
        assert_eq!(first(text, "ORC")[18], "SIM0000003");
        assert_eq!(first(text, "PID")[3], "SIM-PATIENT-3^^^^PI");
        let spo2 = row(text, "0002-4bb8^");
        assert_eq!((spo2[1].as_str(), spo2[4].as_str(), spo2[5].as_str()), ("", "", "97"));
        assert_eq!(row(text, "0002-4822^")[17], "SpO2");
    }

    #[test]
    fn a_probe_off_is_told_once_in_words_and_its_values_are_no_numbers() {
        let exports =
            exports(30, |at_s| (if at_s < 10 { good(97, 72) } else { OFF }, CuffActivity::Idle));
        assert_eq!(exports.iter().map(|(at_s, _)| *at_s).collect::<Vec<_>>(), [0, 10]);
        let text = &exports[1].1;
        let spo2 = row(text, "0002-4bb8^");
        assert_eq!((spo2[2].as_str(), spo2[5].as_str(), spo2[11].as_str()), ("ST", "-?-", "F"));
        let alarm = row(text, "6^");
        assert_eq!((alarm[2].as_str(), alarm[5].as_str()), ("TX", "SpO2 SENSOR OFF"));
    }

    #[test]
    fn its_own_alarm_is_text_with_numbers_and_comes_at_once_and_once() {
        let exports = exports(30, |at_s| {
            (good(if at_s < 10 { 97 } else { 95 - at_s as u32 }, 72), CuffActivity::Idle)
        });
        assert_eq!(exports.len(), 2);
        let alarm = row(&exports[1].1, "1^");
        assert_eq!(alarm[5], "***SpO2 85 < 90");
        let orders = segments(&exports[1].1).into_iter().filter(|segment| segment[0] == "OBR");
        assert_eq!(orders.map(|obr| obr[4].clone()).collect::<Vec<_>>(), ["MONITOR", "ALARM"]);
    }
}
