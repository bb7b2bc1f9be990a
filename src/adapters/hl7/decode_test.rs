use std::net::{IpAddr, Ipv4Addr};

use proptest::prelude::*;

use super::*;
use crate::adapters::NotUnderstood;
use crate::adapters::hl7::{Framed, Framer};
use crate::vitals::{Absent, Bound, Observation, Quality, Reading, Revision, Source, Value, Vital};

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
    let sign = match reading.bound {
        Some(Bound::Below) => "<",
        Some(Bound::Above) => ">",
        None => "",
    };
    let revision = match reading.revision {
        Revision::New => "",
        Revision::Corrects => " corrects",
        Revision::Withdraws => " withdraws",
    };
    format!("{}{channel} {sign}{what}{at}{revision}", reading.vital)
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
    assert!(!decoded.identity.patient.is_empty());
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
    let frame = decoded.frame.unwrap();
    assert_eq!(
        (frame.readings.len(), frame.implausible),
        (0, 0),
        "its monitor is there all the same"
    );
    assert_eq!(decoded.problems, Vec::<String>::new());
}

/// `code unit name`.
fn not_understood(rows: &[&str]) -> Vec<String> {
    let say = |unknown: &NotUnderstood| {
        let NotUnderstood { code, unit, name } = unknown;
        format!("{code} {unit} {}", name.as_deref().unwrap_or("-"))
    };
    message(rows).not_understood.iter().map(say).collect()
}

#[test]
fn what_is_not_understood_is_told_by_code_and_unit_each_once() {
    let rows = [
        SPO2,
        "OBX|1|NM|PEEP^Peak pressure^99X||5|cmH2O|||||F",
        "OBX|2|NM|PEEP^Peak pressure^99X||6|cmH2O|||||F",
        "OBX|3|NM|150456^MDC_PULS_OXIM_SAT_O2^MDC|1.2.1.9|91|apples|||||F",
        "OBX|4|ST|147842^MDC_ECG_HEART_RATE^MDC||smooth|/min|||||F",
        "OBX|5|NM|^^^20564-1^Oxygen saturation in Blood^LN||91|%|||||F",
        "OBX|6|NM|150456^MDC_ECG_HEART_RATE^MDC||91|%|||||F",
        "OBX|7|ST|85354-9^Blood pressure panel^LN||131|mmHg|||||F",
        "OBX|8|NM|^Speed^99X||7||||||F",
        // A line's pressure and a heading are known; a wave, a structure and an alarm are none.
        "OBX|9|NM|150033^MDC_PRESS_BLD_ART_SYS^MDC||120|mmHg|||||F",
        "OBX|10|ST|85354-9^Blood pressure panel^LN||||||||F",
        "OBX|11|NA|131328^MDC_ECG_ELEC_POTL^MDC||1^2^3||||||F",
        "OBX|12||69965^MDC_DEV_MON^MDC|1.0.0.0|||||||X",
        "OBR|2|||ALARM",
        "OBX|1|TX|1^Red^MDIL||** SpO2 82 < 85",
    ];
    assert_eq!(
        not_understood(&rows),
        [
            "PEEP cmH2O Peak pressure",
            "150456 apples MDC_PULS_OXIM_SAT_O2",
            "147842 /min MDC_ECG_HEART_RATE",
            "20564-1 % Oxygen saturation in Blood",
            "150456 % MDC_ECG_HEART_RATE",
            "85354-9 mmHg Blood pressure panel",
            "Speed  -",
        ]
    );
    assert_eq!(told(&rows), ["heart_rate invalid", "spo2 96"], "what is understood is used");
}

#[test]
fn a_bound_is_told_with_its_side() {
    let row = |value: &str| format!("OBX|1|SN|150456^^MDC||{value}|%|||||F");
    for (value, expected) in [("<60", "spo2 <60"), ("<^60", "spo2 <60"), (">100", "spo2 >100")] {
        assert_eq!(told(&[&row(value)]), [expected], "{value}");
    }
    let pressure = |systolic: &str, diastolic: &str| {
        let sys = format!("OBX|1|NM|150021^^MDC||{systolic}|mmHg");
        let dia = format!("OBX|2|NM|150022^^MDC||{diastolic}|mmHg");
        told(&[&sys, &dia])
    };
    assert_eq!(pressure(">250", "131"), ["nibp >250/131/-"]);
    assert_eq!(pressure("61", "<30"), ["nibp <61/30/-"]);
    assert_eq!(pressure("207,0", "118,0"), ["nibp 207.0/118.0/-"]);
    assert_eq!(message(&[&row("<0")]).frame.unwrap().implausible, 1, "nonsense is refused");
}

#[test]
fn a_pressure_in_one_row_is_one_reading() {
    let row = |code: &str, value: &str, unit: &str| {
        told(&[&format!("OBX|1|ST|{code}||{value}|{unit}|||||F|||20261005115500")])
    };
    let whole = ["nibp 207/118/- -300s"];
    assert_eq!(row("85354-9^Blood pressure panel^LN", "207/118", "mm[Hg]"), whole);
    assert_eq!(row("55284-4^Blood pressure systolic and diastolic^LN", "207/118", ""), whole);
    assert_eq!(row("BP^BP^L^35094-2^Blood pressure panel^LN", "^207^/^118", "mm Hg"), whole);
    assert_eq!(row("85354-9^^LN", "207/118 (148)", "mmHg"), ["nibp 207/118/148 -300s"]);
    assert_eq!(row("85354-9^^LN", "27,6/15,7", "kPa"), ["nibp 207.0/117.8/- -300s"]);
    assert_eq!(row("85354-9^^LN", "118/207", "mmHg"), [""; 0], "refused as impossible");
    // Beside the parts by name, the panel is the same pressure once more.
    let parts = [
        "OBX|1|ST|85354-9^^LN||207/118|mmHg|||||F",
        "OBX|2|NM|76534-7^^LN||207|mmHg|||||F",
        "OBX|3|NM|76535-4^^LN||118|mmHg|||||F",
        "OBX|4|NM|8478-0^^LN||148|mmHg|||||F",
    ];
    assert_eq!(told(&parts), ["nibp 207/118/-"]);
}

#[test]
fn a_low_pressure_without_a_unit_may_be_in_kilopascals() {
    let pressure = |systolic: &str, diastolic: &str| {
        let sys = format!("OBX|1|NM|150021^^MDC||{systolic}|");
        let dia = format!("OBX|2|NM|150022^^MDC||{diastolic}|");
        told(&[&sys, &dia])
    };
    assert_eq!(pressure("128", "31"), ["nibp 128/31/-"]);
    assert_eq!(pressure("17.1", "10.5"), [""; 0]);
    assert_eq!(not_understood(&["OBX|1|NM|150023^^MDC||13.3|"]), ["150023  -"]);
    assert_eq!(told(&["OBX|1|NM|150023^^MDC||33|mmHg"]), ["nibp -/-/33"]);
}

#[test]
fn corrections_and_withdrawals_are_told_with_the_time_of_what_they_mean() {
    let part = |code: u32, value: &str, status: &str| {
        format!("OBX|1|NM|{code}^^MDC||{value}|mmHg|||||{status}|||20261005115500")
    };
    let told_of = |rows: &[String]| {
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        told(&rows)
    };
    let (sys, dia, mean) = (150_021, 150_022, 150_023);
    let all = |status: &str| {
        told_of(&[part(sys, "204", status), part(dia, "121", status), part(mean, "148", status)])
    };
    assert_eq!(all("F"), ["nibp 204/121/148 -300s"]);
    assert_eq!(all("C"), ["nibp 204/121/148 -300s corrects"]);
    assert_eq!(all("W"), ["nibp invalid -300s withdraws"]);
    assert_eq!(all("D"), ["nibp invalid -300s withdraws"]);
    let empty = told_of(&[part(sys, "", "W"), part(dia, "", "W")]);
    assert_eq!(empty, ["nibp invalid -300s withdraws"]);
    let one = told_of(&[part(sys, "124", "C")]);
    assert_eq!(one, ["nibp 124/-/- -300s corrects"], "the ward knows the other parts");
    let one_beside_others = told_of(&[part(sys, "124", "C"), part(dia, "121", "F")]);
    assert_eq!(one_beside_others, ["nibp 124/121/- -300s corrects"]);
    let one_taken_back = told_of(&[part(sys, "204", "W"), part(dia, "121", "F")]);
    assert_eq!(one_taken_back, ["nibp -/121/- -300s corrects"]);
    let one_alone = told_of(&[part(sys, "204", "W")]);
    assert_eq!(one_alone, ["nibp invalid -300s withdraws"]);
    let replaced = told_of(&[part(sys, "204", "W"), part(sys, "124", "F"), part(dia, "78", "F")]);
    assert_eq!(replaced, ["nibp 124/78/- -300s corrects"]);
    let panel = "OBX|1|ST|85354-9^^LN||124/78|mmHg|||||C|||20261005115500".to_owned();
    assert_eq!(told_of(&[panel]), ["nibp 124/78/- -300s corrects"]);

    let spo2 = |value: &str, status: &str| {
        format!("OBX|1|NM|150456^^MDC||{value}|%|||||{status}|||20261005115500")
    };
    assert_eq!(told_of(&[spo2("72", "W")]), ["spo2 invalid -300s withdraws"]);
    assert_eq!(told_of(&[spo2("72", "W"), spo2("97", "F")]), ["spo2 97 -300s corrects"]);
    assert_eq!(told_of(&[spo2("", "C")]), ["spo2 invalid -300s withdraws"]);
}

#[test]
fn a_gateway_that_names_no_system_is_understood_where_code_and_name_agree() {
    let rows = [
        "OBX||NM|101^HR|2101|61||||||F",
        "OBX||NM|160^SpO2|2103|96||||||F",
        "OBX||NM|161^PR|2103|-100.00||||||F",
        "OBX||NM|170^NIBP-S|2105|131||||||F||APERIODIC|20261005115500",
        "OBX||NM|171^NIBP-D|2105|79||||||F||APERIODIC|20261005115500",
        "OBX||NM|52^Height||169.0||||||F",
    ];
    let expected = ["heart_rate 61", "pulse_rate invalid", "spo2 96", "nibp 131/79/- -300s"];
    assert_eq!(told(&rows), expected);
    assert_eq!(not_understood(&rows), ["52  Height"]);
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_message() {
    for text in
        ["\u{feff}MSH|^~\\&|A||||||ORU^R01|1|P|2.6\r", "\r\n \u{feff}MSH|^~\\&|A||||||ORU_R01|1\r"]
    {
        assert_eq!(decode_bytes(text.as_bytes()).kind, Kind::Vitals);
    }
    let latin1 = b"\xef\xbb\xbfMSH|^~\\&|Sch\xe4r||||||ORU^R01|1|P|2.6\r";
    assert_eq!(decode_bytes(latin1).kind, Kind::Vitals);
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
    for kind in ["ORU_R01", "oru_r01", "^^ORU_R01", "ORU^R01", "Oru^r01^x"] {
        assert_eq!(of(kind), (Kind::Vitals, accepted), "{kind}");
    }
    for kind in ["ORU^R40^ORU_R40", "ORU^W01", "ORU_W01"] {
        assert_eq!(of(kind), (Kind::Event, accepted), "{kind}");
    }
    for kind in ["ADT^A01", "ADT^A02", "adt^a08", "ADT_A40", "ADT"] {
        assert_eq!(of(kind), (Kind::Admission, accepted), "{kind}");
    }
    for kind in ["QRY^R02", "QRY^A19"] {
        let outcome = Some(Outcome::Error("not supported"));
        assert_eq!(of(kind), (Kind::Query, outcome), "{kind}");
    }
    for kind in ["ORF^R04", "ORU^R02", "ORUX_R01", "MDM^T02", ""] {
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
fn line_feeds_latin1_and_a_short_header_are_read() {
    let text = b"MSH|^~\\&|Stra\xdfe\nPID|||1||M\xfcller\n\nOBX|1|NM|150456^^MDC||96|%\n";
    let decoded = decode_bytes(text);
    assert_eq!(decoded.kind, Kind::Other, "it names no type");
    let text = b"MSH|^~\\&|Stra\xdfe||||||ORU^R01\nOBX|1|NM|150456^^MDC||96|%\n";
    let frame = decode_bytes(text).frame.unwrap();
    assert_eq!(frame.device.as_str(), "Stra-e-20ca2d60f1");
    assert_eq!(frame.readings[0].vital, Vital::Spo2);
}

/// Bytes that look like messages often enough to come far.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"\x0bMSH|^~\\&|A^1^EUI-64||||||ORU^R01|7|P|2.6|||AL|AL\r".to_vec()),
        Just(b"MSH|^~\\&|A||||||ADT_A01|7\r".to_vec()),
        Just(b"PID|||1^^^H&1.2&ISO~2\rPV1||I|^^4\rOBR|1|||1||20261005120000\r".to_vec()),
        Just(b"OBX|1|NM|150456^^MDC|1.2|<84 %|%||L~<|||C|||20261005115500\r".to_vec()),
        Just(b"OBX|2|ST|85354-9^^LN||212/124 (150)|kPa|||||W\r".to_vec()),
        Just(b"OBX|3|SN|150021^^MDC||>^212^/^9|\xe2\x84\x83\r".to_vec()),
        Just(b"\x1c\r".to_vec()),
        prop::collection::vec(any::<u8>(), 0..24),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn whatever_comes_in_whatever_pieces_is_read_or_refused(bytes in stream(), cut in 1usize..40) {
        let mut framer = Framer::default();
        for piece in bytes.chunks(cut) {
            framer.push(piece);
        }
        framer.idle();
        while let Some(framed) = framer.next() {
            let Framed::Message(message) = framed else { continue };
            let decoded = decode_bytes(&message);
            prop_assert!(decoded.not_understood.len() <= 32);
            for reading in decoded.frame.iter().flat_map(|frame| &frame.readings) {
                let taken_back = reading.revision == Revision::Withdraws;
                let is_number = matches!(reading.observation, Observation::Measured(..));
                prop_assert!(!(taken_back && is_number), "{reading:?}");
            }
            if let Some(outcome) = decoded.outcome {
                let level = decoded.ack.afterwards(outcome);
                let answer = level.map(|level| decoded.ack.frame(level, outcome, Millis(NOON), &TimeZone::UTC, 1));
                prop_assert!(answer.is_none_or(|a| a.starts_with(b"\x0bMSH") && a.ends_with(b"\r\x1c\r")));
            }
        }
    }
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
