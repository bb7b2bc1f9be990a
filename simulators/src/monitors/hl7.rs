//! What an HL7 vital-signs monitor says: PCD-01 `ORU^R01`, version 2.6, MDC codes (PROTOCOLS a, a1).

use std::fmt::Write;

use super::outbox::Numbered;
use crate::instruments::{CuffActivity, Nibp, Oximetry, Quality, Shown};

/// The EUI-64 of the simulated HL7 monitor number `number`: 16 hex digits, locally administered.
/// A server knows the monitor by it (OBX-18).
pub fn equipment_id(number: usize) -> String {
    format!("0253494D{:08X}", number & 0xFFFF_FFFF)
}

/// One message, its segments ended by CR, without the MLLP frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hl7Message {
    pub(super) number: u64,
    pub(super) control_id: String,
    /// The text.
    pub text: String,
}

impl Numbered for Hl7Message {
    fn number(&self) -> u64 {
        self.number
    }
}

/// Turns what a monitor shows into messages. It repeats its last cuff reading, with the time of
/// that reading, in every message, as real monitors do.
#[derive(Debug, Clone)]
pub struct Hl7Encoder {
    equipment: String,
    boot: String,
    number: u64,
    last_cuff: Option<(Nibp, i64)>,
}

/// Column OBX-11: a result, or none could be had.
const RESULT: &str = "R";
const NO_RESULT: &str = "X";

/// One OBX row; what it leaves out is empty.
#[derive(Default)]
struct Row<'a> {
    kind: &'a str,
    code: &'a str,
    sub_id: &'a str,
    value: Option<i64>,
    unit: &'a str,
    flag: &'a str,
    taken_at: i64,
    method: &'a str,
}

const PERCENT: &str = "262688^MDC_DIM_PERCENT^MDC";
const BEATS: &str = "264864^MDC_DIM_BEAT_PER_MIN^MDC";
const MMHG: &str = "266016^MDC_DIM_MMHG^MDC";

impl Hl7Encoder {
    /// A monitor that was just switched on. `equipment` is its EUI-64 (16 hex digits), `boot`
    /// keeps its control ids apart from those of any other run.
    pub fn new(equipment: String, boot: String) -> Self {
        Self { equipment, boot, number: 0, last_cuff: None }
    }

    /// The message of one second. Both times are ms since 1970; `taken_at` is that of the values.
    pub fn encode(&mut self, shown: &Shown, taken_at: i64, sent_at: i64) -> Hl7Message {
        if let CuffActivity::Done(nibp) = shown.cuff {
            self.last_cuff = Some((nibp, taken_at));
        }
        self.number += 1;
        let control_id = format!("{}-{}", self.boot, self.number);
        let mut text = self.header(&control_id, taken_at, sent_at);
        for (index, row) in self.rows(shown, taken_at).iter().enumerate() {
            self.write_row(&mut text, index + 1, row);
        }
        Hl7Message { number: self.number, control_id, text }
    }

    fn header(&self, control_id: &str, taken_at: i64, sent_at: i64) -> String {
        let equipment = &self.equipment;
        let sent = timestamp(sent_at);
        let taken = timestamp(taken_at);
        format!(
            "MSH|^~\\&|SIMVS^{equipment}^EUI-64||||{sent}||ORU^R01^ORU_R01|{control_id}|P|2.6|||AL|NE|\
             |UNICODE UTF-8|||IHE_PCD_001^IHE PCD^1.3.6.1.4.1.19376.1.6.1.1.1^ISO\r\
             PID|||\r\
             PV1||U|\r\
             OBR|1|{control_id}^SIMVS^{equipment}^EUI-64|{control_id}^SIMVS^{equipment}^EUI-64|\
             182777000^monitoring of patient^SCT|||{taken}\r"
        )
    }

    fn rows(&self, shown: &Shown, taken_at: i64) -> Vec<Row<'static>> {
        let (spo2, pulse_rate, flag) = match shown.oximetry {
            Oximetry::Value { spo2, pulse_rate, quality } => {
                let flag = if quality == Quality::Questionable { "QUES" } else { "" };
                (Some(i64::from(spo2)), Some(i64::from(pulse_rate)), flag)
            }
            Oximetry::Absent(_) => (None, None, ""),
        };
        let numeric = Row { kind: "NM", flag, taken_at, ..Row::default() };
        let mut rows = vec![
            Row {
                code: "69965^MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS^MDC",
                sub_id: "1.0.0.0",
                taken_at,
                ..Row::default()
            },
            Row {
                code: "150456^MDC_PULS_OXIM_SAT_O2^MDC",
                sub_id: "1.3.1.150456",
                value: spo2,
                unit: PERCENT,
                ..numeric
            },
            Row {
                code: "149530^MDC_PULS_OXIM_PULS_RATE^MDC",
                sub_id: "1.3.1.149530",
                value: pulse_rate,
                unit: BEATS,
                ..numeric
            },
        ];
        if let Some((nibp, inflated_at)) = self.last_cuff {
            let cuff = |code, sub_id, mmhg: i32| Row {
                kind: "NM",
                code,
                sub_id,
                value: Some(i64::from(mmhg)),
                unit: MMHG,
                taken_at: inflated_at,
                method: "^APERIODIC",
                ..Row::default()
            };
            rows.push(cuff("150301^MDC_PRESS_CUFF_SYS^MDC", "1.1.9.150301", nibp.systolic));
            rows.push(cuff("150302^MDC_PRESS_CUFF_DIA^MDC", "1.1.9.150302", nibp.diastolic));
            rows.push(cuff("150303^MDC_PRESS_CUFF_MEAN^MDC", "1.1.9.150303", nibp.mean));
        }
        rows
    }

    fn write_row(&self, text: &mut String, set_id: usize, row: &Row<'_>) {
        let value = row.value.map_or_else(String::new, |value| value.to_string());
        let status = if row.value.is_some() { RESULT } else { NO_RESULT };
        let taken = timestamp(row.taken_at);
        let equipment = &self.equipment;
        let Row { kind, code, sub_id, unit, flag, method, .. } = row;
        write!(
            text,
            "OBX|{set_id}|{kind}|{code}|{sub_id}|{value}|{unit}||{flag}|||{status}|||{taken}|||\
             {method}|{equipment}^^{equipment}^EUI-64\r"
        )
        .expect("writing to a String does not fail");
    }
}

/// `YYYYMMDDHHMMSS.mmm+0000` of ms since 1970, by the civil calendar.
fn timestamp(ms: i64) -> String {
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
    format!("{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}.{millis:03}+0000")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::instruments::SensorStatus;

    const NOON: i64 = 1_795_262_400_000;

    fn shown(oximetry: Oximetry, cuff: CuffActivity) -> Shown {
        Shown { oximetry, cuff }
    }

    fn good(spo2: u32, pulse_rate: u32) -> Oximetry {
        Oximetry::Value { spo2, pulse_rate, quality: Quality::Good }
    }

    fn encoder() -> Hl7Encoder {
        Hl7Encoder::new(equipment_id(3), "7f3a".to_owned())
    }

    /// The fields of the row with this MDC code.
    fn fields(message: &Hl7Message, code: &str) -> Vec<String> {
        let row = message.text.split('\r').find(|segment| segment.contains(code));
        row.expect("a row of this code").split('|').map(str::to_owned).collect()
    }

    #[test]
    fn times_follow_the_calendar_over_leap_days_and_the_turn_of_the_year() {
        assert_eq!(timestamp(NOON), "20261121120000.000+0000");
        assert_eq!(timestamp(951_782_400_000), "20000229000000.000+0000");
        assert_eq!(timestamp(1_709_251_199_999), "20240229235959.999+0000");
        assert_eq!(timestamp(1_798_761_600_000), "20270101000000.000+0000");
    }

    #[test]
    fn the_header_names_the_monitor_asks_for_an_answer_and_no_bed() {
        let message = encoder().encode(&shown(good(97, 72), CuffActivity::Idle), NOON, NOON + 50);
        let segments: Vec<&str> = message.text.split_terminator('\r').collect();
        let msh: Vec<&str> = segments[0].split('|').collect();
        // MSH-1 is the separator itself, so MSH-n is at n - 1.
        assert_eq!(msh[2], "SIMVS^0253494D00000003^EUI-64");
        assert_eq!(msh[6], "20261121120000.050+0000");
        assert_eq!((msh[8], msh[9]), ("ORU^R01^ORU_R01", "7f3a-1"));
        assert_eq!((msh[10], msh[11]), ("P", "2.6"));
        assert_eq!((msh[14], msh[15], msh[17]), ("AL", "NE", "UNICODE UTF-8"));
        assert_eq!(segments[2].split('|').nth(3), Some(""));
        assert_eq!(segments[3].split('|').nth(7), Some("20261121120000.000+0000"));
        let names: Vec<&str> = segments.iter().map(|segment| &segment[..3]).collect();
        assert_eq!(names, ["MSH", "PID", "PV1", "OBR", "OBX", "OBX", "OBX"]);
    }

    #[test]
    fn values_stand_under_their_codes_with_unit_time_and_equipment() {
        let message = encoder().encode(&shown(good(97, 72), CuffActivity::Idle), NOON, NOON);
        let row = fields(&message, "150456^");
        assert_eq!(row[2], "NM");
        assert_eq!((row[4].as_str(), row[5].as_str()), ("1.3.1.150456", "97"));
        assert_eq!(row[6], PERCENT);
        assert_eq!((row[8].as_str(), row[11].as_str()), ("", "R"));
        assert_eq!(row[14], "20261121120000.000+0000");
        assert_eq!(row[18], "0253494D00000003^^0253494D00000003^EUI-64");
        assert_eq!(fields(&message, "149530^")[5], "72");
    }

    #[test]
    fn a_probe_off_is_an_empty_value_with_status_x_and_a_slipping_one_is_questionable() {
        let off = shown(Oximetry::Absent(SensorStatus::SensorOff), CuffActivity::Idle);
        let row = fields(&encoder().encode(&off, NOON, NOON), "150456^");
        assert_eq!((row[5].as_str(), row[11].as_str()), ("", "X"));
        let slipping =
            Oximetry::Value { spo2: 71, pulse_rate: 150, quality: Quality::Questionable };
        let row =
            fields(&encoder().encode(&shown(slipping, CuffActivity::Idle), NOON, NOON), "150456^");
        assert_eq!((row[5].as_str(), row[8].as_str(), row[11].as_str()), ("71", "QUES", "R"));
    }

    #[test]
    fn the_last_cuff_reading_is_repeated_with_its_own_time() {
        let mut encoder = encoder();
        let nibp = Nibp { systolic: 128, diastolic: 82, mean: 97 };
        encoder.encode(&shown(good(97, 72), CuffActivity::Done(nibp)), NOON, NOON);
        let later = encoder.encode(&shown(good(97, 72), CuffActivity::Idle), NOON + 90_000, NOON);
        for (code, value) in [("150301^", "128"), ("150302^", "82"), ("150303^", "97")] {
            let row = fields(&later, code);
            assert_eq!((row[5].as_str(), row[17].as_str()), (value, "^APERIODIC"));
            assert_eq!(row[14], "20261121120000.000+0000");
        }
    }
}
