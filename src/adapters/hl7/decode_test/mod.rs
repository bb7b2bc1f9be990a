mod any_bytes;
mod pressures;
mod times;
mod values;

use std::net::{IpAddr, Ipv4Addr};

use super::*;
use crate::adapters::NotUnderstood;
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
fn described(rows: &[&str]) -> Vec<String> {
    readings(rows).iter().map(describe).collect()
}

fn describe(reading: &Reading) -> String {
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

/// `code unit name`.
fn not_understood(rows: &[&str]) -> Vec<String> {
    let say = |unknown: &NotUnderstood| {
        let NotUnderstood { code, unit, name } = unknown;
        format!("{code} {unit} {}", name.as_deref().unwrap_or("-"))
    };
    message(rows).not_understood.iter().map(say).collect()
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
    let described: Vec<_> = frame.readings.iter().map(describe).collect();
    assert_eq!(described, ["spo2 96", "nibp 131/84/99.5"]);
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
