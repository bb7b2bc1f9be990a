//! A Mindray VS: IHE PCD-01 `ORU^R01`, version 2.6, MDC codes, each second (protocols.md#mdc).
//!
//! Its habits: OBX-4 ends with the code itself, cuff pressures have the codes of the cuff and are
//! repeated with the time of their inflation, a missing value is an empty row with status X, MSH-10
//! is a plain count that begins again at each start.

use super::hl7::{LocalTime, segment};
use super::nameplate::Nameplate;
use super::outbox::Packet;
use super::readout::MonitorReadout;
use crate::instruments::{CuffActivity, Nibp, Oximetry, Quality};

const MODEL: &str = "MINDRAY_VS9";

/// The EUI-64 of the simulated Mindray monitor number `number`: 16 hex digits, locally
/// administered, so that no real one has it. A server knows the monitor by it (OBX-18).
pub fn equipment_id(number: usize) -> String {
    format!("0253494D{:08X}", number & 0xFFFF_FFFF)
}

/// Its voice.
#[derive(Debug, Clone)]
pub(super) struct Mindray {
    equipment: String,
    bed: usize,
    clock: LocalTime,
    number: u64,
    cuff: Option<CuffRows>,
}

/// What its cuff rows say, and since when.
#[derive(Debug, Clone, Copy)]
struct CuffRows {
    nibp: Option<Nibp>,
    inflated_at: i64,
}

/// One OBX row; what it leaves out is empty.
struct Row<'a> {
    code: &'a str,
    sub_id: &'a str,
    value: Option<String>,
    unit: &'a str,
    flag: &'a str,
    taken_at: i64,
    method: &'a str,
}

const PERCENT: &str = "262688^MDC_DIM_PERCENT^MDC";
const BEATS: &str = "264864^MDC_DIM_BEAT_PER_MIN^MDC";
const MMHG: &str = "266016^MDC_DIM_MMHG^MDC";
const CELSIUS: &str = "268192^MDC_DIM_DEGC^MDC";

impl Mindray {
    pub(super) fn new(nameplate: &Nameplate) -> Self {
        Self {
            equipment: equipment_id(nameplate.number),
            bed: nameplate.number,
            clock: LocalTime { utc_offset_min: nameplate.utc_offset_min },
            number: 0,
            cuff: None,
        }
    }

    pub(super) fn say(&mut self, showing: &MonitorReadout) -> Packet {
        let inflated_at = showing.inflated_at;
        match showing.shown.cuff {
            CuffActivity::Done(nibp) => {
                self.cuff = Some(CuffRows { nibp: Some(nibp), inflated_at });
            }
            CuffActivity::Failed => self.cuff = Some(CuffRows { nibp: None, inflated_at }),
            CuffActivity::Idle | CuffActivity::Starts | CuffActivity::Measuring => {}
        }
        self.number += 1;
        let mut text = self.head(showing);
        for (index, row) in self.rows(showing).iter().enumerate() {
            text += &self.row(index + 1, row);
        }
        Packet { number: self.number, text }
    }

    fn head(&self, showing: &MonitorReadout) -> String {
        let Self { equipment, number, bed, clock, .. } = self;
        let order = format!("{number}^{MODEL}^{equipment}^EUI-64");
        [
            segment(
                "MSH",
                &[
                    (2, "^~\\&"),
                    (3, &format!("{MODEL}^{equipment}^EUI-64")),
                    (7, &clock.stamp_with_zone(showing.sent_at)),
                    (9, "ORU^R01^ORU_R01"),
                    (10, &number.to_string()),
                    (11, "P"),
                    (12, "2.6"),
                    (15, "AL"),
                    (16, "NE"),
                    (18, "UNICODE UTF-8"),
                    (21, "IHE_PCD_001^IHE PCD^1.3.6.1.4.1.19376.1.6.1.1.1^ISO"),
                ],
            ),
            segment("PID", &[(3, "")]),
            segment("PV1", &[(2, "I"), (3, &format!("INF^^{bed}"))]),
            segment(
                "OBR",
                &[
                    (1, "1"),
                    (2, &order),
                    (3, &order),
                    (4, "182777000^monitoring of patient^SCT"),
                    (7, &clock.stamp_with_zone(showing.taken_at)),
                ],
            ),
        ]
        .concat()
    }

    fn rows(&self, showing: &MonitorReadout) -> Vec<Row<'static>> {
        let (spo2, pulse_rate, flag) = match showing.shown.oximetry {
            Oximetry::Value { spo2, pulse_rate, quality } => {
                let flag = if quality == Quality::Questionable { "QUES" } else { "" };
                (Some(spo2.to_string()), Some(pulse_rate.to_string()), flag)
            }
            Oximetry::Absent(_) => (None, None, ""),
        };
        let running = |code, sub_id, value, unit| Row {
            code,
            sub_id,
            value,
            unit,
            flag,
            taken_at: showing.taken_at,
            method: "",
        };
        let mut rows = vec![
            running("150456^MDC_PULS_OXIM_SAT_O2^MDC", "1.3.1.150456", spo2, PERCENT),
            running("149530^MDC_PULS_OXIM_PULS_RATE^MDC", "1.3.1.149530", pulse_rate, BEATS),
        ];
        if let Some(temp) = showing.temp {
            let value = Some(format!("{temp:.1}"));
            let temp = running("150344^MDC_TEMP^MDC", "1.2.1.150344", value, CELSIUS);
            rows.push(Row { flag: "", ..temp });
        }
        if let Some(CuffRows { nibp, inflated_at }) = self.cuff {
            let cuff = |code, sub_id, part: fn(Nibp) -> i32| Row {
                code,
                sub_id,
                value: nibp.map(|nibp| part(nibp).to_string()),
                unit: MMHG,
                flag: "",
                taken_at: inflated_at,
                method: "^APERIODIC",
            };
            rows.push(cuff("150301^MDC_PRESS_CUFF_SYS^MDC", "1.1.9.150301", |n| n.systolic));
            rows.push(cuff("150303^MDC_PRESS_CUFF_MEAN^MDC", "1.1.9.150303", |n| n.mean));
            rows.push(cuff("150302^MDC_PRESS_CUFF_DIA^MDC", "1.1.9.150302", |n| n.diastolic));
        }
        rows
    }

    fn row(&self, set_id: usize, row: &Row<'_>) -> String {
        let set_id_text = set_id.to_string();
        let taken = self.clock.stamp_with_zone(row.taken_at);
        let equipment = format!("{0}^^{0}^EUI-64", self.equipment);
        let mut fields = vec![
            (1, set_id_text.as_str()),
            (2, "NM"),
            (3, row.code),
            (4, row.sub_id),
            (5, row.value.as_deref().unwrap_or("")),
            (6, row.unit),
            (8, row.flag),
            (11, if row.value.is_some() { "R" } else { "X" }),
            (14, &taken),
        ];
        if !row.method.is_empty() {
            fields.push((17, row.method));
        }
        // The first row names the equipment, for all.
        if set_id == 1 {
            fields.push((18, &equipment));
        }
        segment("OBX", &fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::instruments::SensorStatus;
    use crate::monitors::hl7::read::{first, good, nameplate, reading, row, segments, showing};

    fn say(oximetry: Oximetry, cuff: CuffActivity) -> String {
        Mindray::new(&nameplate()).say(&showing(0, oximetry, cuff)).text
    }

    #[test]
    fn the_head_names_monitor_bed_and_profile_and_asks_for_a_commit() {
        let text = say(good(97, 72), CuffActivity::Idle);
        let msh = first(&text, "MSH");
        assert_eq!(msh[3], "MINDRAY_VS9^0253494D00000003^EUI-64");
        assert_eq!(msh[7], "20261121130000000+0100");
        assert_eq!((msh[9].as_str(), msh[10].as_str()), ("ORU^R01^ORU_R01", "1"));
        assert_eq!((msh[11].as_str(), msh[12].as_str()), ("P", "2.6"));
        assert_eq!((msh[15].as_str(), msh[16].as_str()), ("AL", "NE"));
        assert_eq!(first(&text, "PV1")[3], "INF^^3");
        assert_eq!(first(&text, "OBR")[7], "20261121130000000+0100");
        let names: Vec<_> = segments(&text).into_iter().map(|fields| fields[0].clone()).collect();
        assert_eq!(names, ["MSH", "PID", "PV1", "OBR", "OBX", "OBX"]);
    }

    #[test]
    fn values_stand_under_their_codes_and_the_first_row_names_the_equipment() {
        let text = say(good(97, 72), CuffActivity::Idle);
        let spo2 = row(&text, "150456^");
        assert_eq!((spo2[4].as_str(), spo2[5].as_str()), ("1.3.1.150456", "97"));
        assert_eq!((spo2[6].as_str(), spo2[8].as_str(), spo2[11].as_str()), (PERCENT, "", "R"));
        assert_eq!(spo2[18], "0253494D00000003^^0253494D00000003^EUI-64");
        let pulse = row(&text, "149530^");
        assert_eq!((pulse[5].as_str(), pulse[18].as_str()), ("72", ""));
    }

    #[test]
    fn a_probe_off_is_an_empty_value_with_status_x_and_a_slipping_one_is_questionable() {
        let off =
            row(&say(Oximetry::Absent(SensorStatus::SensorOff), CuffActivity::Idle), "150456^");
        assert_eq!((off[5].as_str(), off[11].as_str()), ("", "X"));
        let slipping =
            Oximetry::Value { spo2: 71, pulse_rate: 150, quality: Quality::Questionable };
        let slipping = row(&say(slipping, CuffActivity::Idle), "150456^");
        let said = (slipping[5].as_str(), slipping[8].as_str(), slipping[11].as_str());
        assert_eq!(said, ("71", "QUES", "R"));
    }

    #[test]
    fn the_last_cuff_reading_is_repeated_with_its_own_time_until_one_fails() {
        let mut monitor = Mindray::new(&nameplate());
        monitor.say(&showing(0, good(97, 72), reading()));
        let later = monitor.say(&showing(90, good(97, 72), CuffActivity::Idle)).text;
        for (code, value) in [("150301^", "128"), ("150302^", "82"), ("150303^", "97")] {
            let cuff = row(&later, code);
            assert_eq!((cuff[5].as_str(), cuff[17].as_str()), (value, "^APERIODIC"));
            assert_eq!(cuff[14], "20261121125927000+0100");
        }
        let failed = monitor.say(&showing(120, good(97, 72), CuffActivity::Failed)).text;
        let cuff = row(&failed, "150301^");
        assert_eq!((cuff[5].as_str(), cuff[11].as_str()), ("", "X"));
    }

    #[test]
    fn a_temperature_has_one_decimal() {
        let showing =
            MonitorReadout { temp: Some(36.64), ..showing(0, good(97, 72), CuffActivity::Idle) };
        let text = Mindray::new(&nameplate()).say(&showing).text;
        assert_eq!(
            (row(&text, "150344^")[5].as_str(), row(&text, "150344^")[6].as_str()),
            ("36.6", CELSIUS)
        );
    }
}
