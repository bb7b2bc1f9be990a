use std::net::{IpAddr, Ipv4Addr};

use proptest::prelude::*;

use super::*;
use crate::vitals::{Absent, Observation, Quality, Reading, Source, Value, Vital};

/// 2026-10-05T12:00:00Z.
const NOON: i64 = 1_791_201_600_000;

fn decode_bytes(bytes: &[u8]) -> Decoded {
    let context = Context {
        arrived_at: Millis(NOON + 400),
        zone: &TimeZone::UTC,
        sender: Sender { peer: IpAddr::V4(Ipv4Addr::LOCALHOST), default_device: None },
    };
    decode(bytes, &context)
}

/// A message of a monitor at noon: `rows` are the segments after its header.
fn message(rows: &[&str]) -> Decoded {
    let header = "MSH|^~\\&|Cart^0011223344556677^EUI-64||||20261005120000||ORU^R01|77|P|2.6";
    decode_bytes(format!("{header}\r{}\r", rows.join("\r")).as_bytes())
}

fn readings(rows: &[&str]) -> Vec<Reading> {
    message(rows).frame.map_or(Vec::new(), |f| f.readings)
}

/// Each reading in a few words: vital, channel, value or reason, quality, own time.
fn told(rows: &[&str]) -> Vec<String> {
    readings(rows).iter().map(tell).collect()
}

fn tell(reading: &Reading) -> String {
    let part = |n: Option<crate::vitals::Decimal>| n.map_or("-".to_owned(), |n| n.to_string());
    let what = match &reading.observation {
        Observation::Measured(Value::Number(n), quality) => format!("{n}{}", doubt(*quality)),
        Observation::Measured(Value::Pressure(p), quality) => format!(
            "{}/{}/{}{}",
            part(p.systolic),
            part(p.diastolic),
            part(p.mean),
            doubt(*quality)
        ),
        Observation::Absent(reason) => reason.name().to_owned(),
    };
    let channel = reading.channel.as_deref();
    let channel = channel.map_or(String::new(), |c| format!("[{c}]"));
    let at = reading.taken_at;
    let at = at.map_or(String::new(), |at| format!(" {}s", at.since(Millis(NOON)) / 1_000));
    format!("{}{channel} {what}{at}", reading.vital)
}

fn doubt(quality: Quality) -> &'static str {
    if quality == Quality::Questionable { "?" } else { "" }
}

const SPO2: &str = "OBX|1|NM|150456^MDC_PULS_OXIM_SAT_O2^MDC|1.2.1.1|96|%|||||R";
const SYS: &str = "OBX|2|NM|150021^MDC_PRESS_BLD_NONINV_SYS^MDC|1.1.9.1|131|mmHg|||||R";
const DIA: &str = "OBX|3|NM|150022^MDC_PRESS_BLD_NONINV_DIA^MDC|1.1.9.2|84|mmHg|||||R";
const MEAN: &str = "OBX|4|NM|150023^MDC_PRESS_BLD_NONINV_MEAN^MDC|1.1.9.3|99.5|mmHg|||||R";

#[test]
fn a_message_becomes_a_frame_of_its_device() {
    let decoded = message(&["PID|||P1", "OBR|1", SPO2, SYS, DIA, MEAN]);
    assert_eq!(decoded.control_id, "77");
    assert_eq!(decoded.kind, Kind::Vitals);
    assert_eq!(decoded.outcome, Some(Outcome::Accepted));
    assert_eq!(decoded.problems, Vec::<String>::new());
    assert!(decoded.identity.patient.is_some());
    let frame = decoded.frame.unwrap();
    assert_eq!(frame.device.as_str(), "0011223344556677");
    assert_eq!((frame.sent_at, frame.taken_at), (Some(Millis(NOON)), None));
    let told: Vec<_> = frame.readings.iter().map(tell).collect();
    assert_eq!(told, ["spo2 96", "nibp 131/84/99.5"]);
}

#[test]
fn parts_of_the_same_inflation_are_one_reading_and_of_two_are_two() {
    let at = |row: &str, time: &str| format!("{row}|||{time}");
    let first = [at(SYS, "20261005115000"), at(DIA, "20261005115000")];
    let second = [at(SYS, "20261005115500"), at(MEAN, "20261005115500")];
    let rows: Vec<&str> = first.iter().chain(&second).map(String::as_str).collect();
    let expected = ["nibp 131/84/- -600s", "nibp 131/-/99.5 -300s"];
    assert_eq!(told(&rows), expected);
}

#[test]
fn two_cuffs_at_the_same_time_are_kept_apart_by_channel() {
    let other_sys = "OBX|2|NM|150021^^MDC|1.4.9.1|118|mmHg";
    let other_dia = "OBX|2|NM|150022^^MDC|1.4.9.2|84|mmHg";
    let told = told(&[SYS, DIA, other_sys, other_dia]);
    assert_eq!(told, ["nibp[1.1.9] 131/84/-", "nibp[1.4.9] 118/84/-"]);
}

#[test]
fn a_cuff_part_without_a_value_is_left_out_and_all_without_are_absent() {
    let no_dia = "OBX|3|NM|150022^^MDC||-100|mmHg|||||R";
    assert_eq!(told(&[SYS, no_dia]), ["nibp 131/-/-"]);
    let no_sys = "OBX|3|NM|150021^^MDC|||mmHg||BUSY|||X";
    assert_eq!(told(&[no_sys, no_dia]), ["nibp measuring"]);
    let doubtful = "OBX|3|NM|150022^^MDC||84|mmHg||QUES|||R";
    assert_eq!(told(&[SYS, doubtful]), ["nibp 131/84/-?"]);
}

#[test]
fn a_lone_diastolic_is_kept() {
    let row = "OBX||NM|0002-4a06^NBPd^MDIL||72|0004-0f20^mmHg^MDIL|||||F";
    assert_eq!(told(&[row]), ["nibp -/72/-"]);
}

#[test]
fn arterial_and_pulmonary_pressures_are_no_cuff_pressures() {
    let rows = [
        "OBX|1|NM|150037^MDC_PRESS_BLD_ART_ABP_SYS^MDC||140|mmHg|||||R",
        "OBX|2|NM|0002-4a1d^PAPs^MDIL||25|mmHg|||||R",
        "OBX|3|NM|150017^MDC_PRESS_BLD_SYS^MDC||141|mmHg|||||R||||||ART^x",
    ];
    assert_eq!(told(&rows), Vec::<String>::new());
    assert_eq!(message(&rows).outcome, Some(Outcome::Accepted));
}

#[test]
fn a_pressure_of_unsaid_origin_is_the_cuffs_only_without_a_cuff_beside_it() {
    let unsaid = "OBX|3|NM|150017^MDC_PRESS_BLD_SYS^MDC||141|mmHg|||||R";
    assert_eq!(told(&[unsaid]), ["nibp 141/-/-"]);
    assert_eq!(told(&[unsaid, SYS]), ["nibp 131/-/-"]);
}

#[test]
fn a_pulse_of_the_cuff_is_one_value_with_its_own_time() {
    let by_code = "OBX|1|NM|149546^MDC_PULS_RATE_NON_INV^MDC||63|bpm|||||R|||20261005120000";
    assert_eq!(told(&[by_code]), ["pulse_rate[cuff] 63 0s"]);
    let by_method = "OBX|1|NM|0002-480a^Pulse^MDIL||63|bpm|||||R||||||NBP";
    let timeless = "OBX|1|NM|393219^NIBP_PR^EHC||63|bpm|||||R";
    assert_eq!(told(&[timeless]), ["pulse_rate[cuff] 63 0s"]);
    let clip = "OBX|1|NM|149530^MDC_PULS_OXIM_PULS_RATE^MDC|1.1|70|bpm|||||R";
    let order = "OBR|1||||||20261005115900";
    let expected = ["pulse_rate 70", "pulse_rate[cuff] 63 -60s"];
    assert_eq!(told(&[order, clip, by_method]), expected);
}

#[test]
fn a_heart_rate_that_the_clip_measured_is_a_pulse_rate() {
    let row = "OBX|1|NM|0002-4182^HR_Pulse^MDIL||63|bpm|||||R||||||SpO2";
    assert_eq!(told(&[row]), ["pulse_rate 63"]);
}

#[test]
fn channels_are_named_only_where_a_vital_comes_twice() {
    let artery = "OBX|1|NM|149522^MDC_BLD_PULS_RATE_INV^MDC|1.7|71|bpm|||||R";
    let clip = "OBX|1|NM|149530^MDC_PULS_OXIM_PULS_RATE^MDC|1.2|70|bpm|||||R";
    assert_eq!(told(&[clip]), ["pulse_rate 70"]);
    let both = ["pulse_rate[1.7] 71", "pulse_rate[1.2] 70"];
    assert_eq!(told(&[artery, clip]), both);
    let temps = ["OBX||NM|0002-f0c7^Temp^MDIL|0|36.6|C", "OBX||NM|0002-f0c8^Temp^MDIL|0|36.4|C"];
    assert_eq!(told(&temps), ["temp[0002-f0c7] 36.6", "temp[0002-f0c8] 36.4"]);
}

#[test]
fn of_two_rows_that_nothing_tells_apart_the_one_with_a_number_is_used() {
    let none = SPO2.replace("|96|", "||");
    let other = SPO2.replace("|96|", "|91|");
    assert_eq!(told(&[&none, SPO2]), ["spo2 96"]);
    assert_eq!(told(&[SPO2, &other]), ["spo2 96"]);
    assert_eq!(message(&[SPO2, &other]).problems.len(), 1);
    assert_eq!(message(&[SPO2, SPO2]).problems.len(), 0);
}

#[test]
fn impossible_values_are_refused_counted_and_do_not_hide_the_others() {
    let high = SPO2.replace("|96|", "|180|");
    let decoded = message(&[&high, SYS, &DIA.replace("|84|", "|131|")]);
    let frame = decoded.frame.unwrap();
    assert!(frame.readings.is_empty());
    assert_eq!((frame.implausible, decoded.problems.len()), (2, 2));
    assert_eq!(decoded.outcome, Some(Outcome::Accepted));
    let decoded = message(&[&high, SYS]);
    let frame = decoded.frame.unwrap();
    assert_eq!((frame.implausible, frame.readings.len()), (1, 1));
}

#[test]
fn problems_say_neither_values_nor_names() {
    let rows = [
        "PID|||SECRET-ID||DOE^JANE",
        "OBX|1|NM|150456^^MDC||183|%",
        "OBX|2|NM|147842^JANE^MDC||7x3|bpm",
        "OBX|3|NM|150344^^MDC||98.6|furlong",
        "OBX|4|NM|150488^^MDC||5|%|||||R|||SOON",
    ];
    let problems = message(&rows).problems.join(" ");
    for private in ["183", "JANE", "7x3", "SECRET", "98.6", "furlong", "SOON"] {
        assert!(!problems.contains(private), "{problems}");
    }
    for said in ["spo2", "heart_rate", "temp", "time"] {
        assert!(problems.contains(said), "{problems}");
    }
}

#[test]
fn demo_and_training_are_marked() {
    let demo = SPO2.replace("|||||R", "||DEMO|||R");
    let sources =
        |rows: &[&str]| -> Vec<Source> { readings(rows).iter().map(|r| r.source).collect() };
    assert_eq!(sources(&[&demo, SYS]), [Source::Demo, Source::Monitor]);
    for mode in ["T", "D", "T^X"] {
        let text = format!("MSH|^~\\&|A||||||ORU^R01|1|{mode}|2.6\r{SPO2}\r");
        let frame = decode_bytes(text.as_bytes()).frame.unwrap();
        assert_eq!(frame.readings[0].source, Source::Demo, "{mode}");
    }
}

#[test]
fn structure_alarm_texts_and_waves_are_no_readings() {
    let rows = [
        "OBR|1|||182777000^monitoring of patient^SCT",
        "OBX|1||69965^MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS^MDC|1.0.0.0|||||||X",
        "OBX|2||150020^MDC_PRESS_BLD_NONINV^MDC|1.0.1|||||||X",
        "OBX|3|ST|8716-3^Panel^LN||120/80",
        "OBR|2|||ALARM",
        "OBX|1|TX|1^Red^MDIL||** SpO2 82 < 85",
        "OBX|2|NM|0002-4bb8^SpO2^MDIL||82|%",
        "OBR|3|||100001^CONTINUOUS WAVEFORM^99LOCAL",
        "OBX|1|NA|150456^^MDC||1^2^3",
    ];
    let decoded = message(&rows);
    assert!(decoded.frame.is_none());
    assert_eq!(decoded.problems, Vec::<String>::new());
}

#[test]
fn a_vital_without_a_value_is_absent() {
    let row = "OBX|1|NM|150456^MDC_PULS_OXIM_SAT_O2^MDC|1.2|||||||X";
    let reading = &readings(&[row])[0];
    assert_eq!(reading.observation, Observation::Absent(Absent::Invalid));
}

#[test]
fn times_are_chosen_row_then_order_then_message() {
    let order = "OBR|1||||||20261005115900";
    let own = format!("{SPO2}|||20261005115800");
    let decoded = message(&[order, &own, SYS]);
    let frame = decoded.frame.unwrap();
    assert_eq!(frame.sent_at, Some(Millis(NOON)));
    assert_eq!(frame.taken_at, Some(Millis(NOON - 60_000)));
    let told: Vec<_> = frame.readings.iter().map(tell).collect();
    assert_eq!(told, ["spo2 96 -120s", "nibp 131/-/-"]);
}

#[test]
fn the_orders_time_may_stand_in_three_places() {
    for order in [
        "OBR|1||||||20261005115900",
        "OBR|1|||||||20261005115900",
        "OBR|1|||||||||||||20261005115900",
        "OBR|1||||||00000000000000|20261005115900",
        "OBR|1||||||20261005135900000+0200",
    ] {
        let frame = message(&[order, SPO2]).frame.unwrap();
        assert_eq!(frame.taken_at, Some(Millis(NOON - 60_000)), "{order}");
    }
}

#[test]
fn each_order_s_rows_have_its_time() {
    let rows = ["OBR|1||||||20261005115900", SPO2, "OBR|2||||||20261005115800", SYS, "OBR|3", DIA];
    let expected = ["spo2 96", "nibp 131/-/- -120s", "nibp -/84/-"];
    assert_eq!(told(&rows), expected);
}

#[test]
fn an_aperiodic_value_keeps_its_time_even_if_it_is_the_messages() {
    let row = format!("{SYS}|||20261005120000|||^APERIODIC");
    assert_eq!(told(&[&row]), ["nibp 131/-/- 0s"]);
    let periodic = format!("{SYS}|||20261005120000");
    assert_eq!(told(&[&periodic]), ["nibp 131/-/-"]);
}

#[test]
fn a_time_that_is_none_is_no_problem_and_one_that_is_nonsense_is() {
    let none = format!("{SPO2}|||00000000000000");
    assert_eq!(message(&[&none]).problems, Vec::<String>::new());
    let nonsense = format!("{SPO2}|||20269905120000");
    let decoded = message(&[&nonsense]);
    assert_eq!(decoded.problems, ["a time is not a time"]);
    assert_eq!(decoded.frame.unwrap().readings[0].taken_at, None);
}

#[test]
fn other_messages_are_answered_by_their_kind() {
    let of = |kind: &str| {
        let text = format!("MSH|^~\\&|A||||||{kind}|1|P|2.4\r{SPO2}\r");
        let decoded = decode_bytes(text.as_bytes());
        assert!(decoded.frame.is_none() || decoded.kind == Kind::Vitals);
        (decoded.kind, decoded.outcome)
    };
    let accepted = Some(Outcome::Accepted);
    assert_eq!(of("ORU^R01^ORU_R01"), (Kind::Vitals, accepted));
    assert_eq!(of("oru"), (Kind::Vitals, accepted));
    for kind in ["ORU^R40^ORU_R40", "ORU^W01", "ADT^A01", "ADT^A03", "ADT^A08"] {
        assert_eq!(of(kind), (Kind::Event, accepted), "{kind}");
    }
    for kind in ["QRY^R02", "QRY^A19"] {
        let outcome = Some(Outcome::Error("not supported"));
        assert_eq!(of(kind), (Kind::Query, outcome), "{kind}");
    }
    for kind in ["ADT^A02", "ORF^R04", "MDM^T02", ""] {
        let (kind, outcome) = of(kind);
        assert_eq!(kind, Kind::Other);
        assert!(matches!(outcome, Some(Outcome::Rejected(_))));
    }
    assert_eq!(of("ACK^R01"), (Kind::Acknowledgement, None));
}

#[test]
fn what_is_not_hl7_is_rejected() {
    let decoded = decode_bytes(b"GET / HTTP/1.1\r\n");
    assert_eq!(decoded.kind, Kind::Unreadable);
    assert!(matches!(decoded.outcome, Some(Outcome::Rejected(_))));
}

#[test]
fn a_message_of_two_patients_is_rejected_whole() {
    let decoded = message(&["PID|||A", SPO2, "PID|||B", SYS]);
    assert!(decoded.frame.is_none());
    assert!(matches!(decoded.outcome, Some(Outcome::Rejected(_))));
}

#[test]
fn rows_beyond_the_bound_are_dropped() {
    let row = |n: usize| format!("OBX|{n}|NM|150456^^MDC|1.{n}|96|%|||||R");
    let rows: Vec<String> = (0..400).map(row).collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let decoded = message(&rows);
    assert_eq!(decoded.frame.unwrap().readings.len(), 256);
    assert_eq!(decoded.problems.len(), 1);
}

#[test]
fn line_feeds_latin1_and_a_short_header_are_read() {
    let text = b"MSH|^~\\&|Stra\xdfe\nPID|||1||M\xfcller\n\nOBX|1|NM|150456^^MDC||96|%\n";
    let decoded = decode_bytes(text);
    assert_eq!(decoded.kind, Kind::Other, "it names no type");
    let text = b"MSH|^~\\&|Stra\xdfe||||||ORU^R01\nOBX|1|NM|150456^^MDC||96|%\n";
    let frame = decode_bytes(text).frame.unwrap();
    assert_eq!(frame.device.as_str(), "Stra-e");
    assert_eq!(frame.readings[0].vital, Vital::Spo2);
}

proptest! {
    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        decode_bytes(&bytes);
    }

    #[test]
    fn any_fields_are_survived(
        fields in prop::collection::vec(
            prop_oneof![
                Just("150021".to_owned()), Just("150456^^MDC".to_owned()),
                Just("20261005120000".to_owned()), Just("\\X".to_owned()),
                Just("\r".to_owned()), Just("\rOBX".to_owned()), Just("\rOBR".to_owned()),
                Just("\rPV1".to_owned()), "[ -~]{0,6}", "\\PC{0,4}",
            ], 0..80),
    ) {
        let text = format!("MSH|^~\\&|A||||||ORU^R01|1|P|2.6\r{}", fields.join("|"));
        let decoded = decode_bytes(text.as_bytes());
        prop_assert_eq!(decoded.kind, Kind::Vitals);
    }
}
