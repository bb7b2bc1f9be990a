use super::message::MOST_COMMENTS;
use super::results::MOST_RESULTS;
use super::*;
use crate::people::{NamedId, Person};
use crate::record::Header;
use crate::report::{About, Assembly, Lack, LackKind, Measured, RecordedPressure};
use crate::vitals::{Decimal, Millis, SessionId, Vital};

/// Fri 21 Nov 2025, 13:00 in Berlin.
const START_MS: i64 = 1_763_726_400_000;

fn lines() -> Vec<String> {
    let frame = |second: i64, readings: &str| {
        let at = START_MS + second * 1_000;
        format!(
            r#"{{"at":{at},"device":"mon-3","frame":{{"type":"readings","readings":[{readings}]}}}}"#
        )
    };
    let act = |second: i64, event: &str| {
        format!(r#"{{"at":{},"staff":"KM","event":{event}}}"#, START_MS + second * 1_000)
    };
    let mut lines = vec![act(0, r#"{"type":"start"}"#)];
    lines.extend((1..60).map(|second| {
        frame(second, r#"{"vital":"spo2","value":97},{"vital":"pulse_rate","value":72}"#)
    }));
    lines.extend([
        frame(60, r#"{"vital":"nibp","systolic":128,"diastolic":82,"mean":97},{"vital":"temp","value":36.8}"#),
        act(70, r#"{"type":"manual_vitals","resp_rate":14,"systolic":124,"diastolic":80}"#),
        act(80, r#"{"type":"abort","reason":"no vein"}"#),
    ]);
    lines
}

fn record() -> SessionRecord {
    let header = r#"{"type":"recording","version":1,"room":"3","profile":"ketamine-iv-adult","patient":{"initials":"J.T.","weight_kg":70.5}}"#;
    let id = |number: &str, authority: &str| NamedId {
        number: number.to_owned(),
        authority: authority.to_owned(),
    };
    let about = About {
        clinic: Some("North|gate".to_owned()),
        time_zone: Some("Europe/Berlin".to_owned()),
        session: SessionId::new("s-1").ok(),
        person: Some(Person {
            ids: vec![id("4711", "General"), id("A^1", "")],
            family: Some("Trän".to_owned()),
            given: Some("Jo".to_owned()),
            birth_date: "1984-05-17".parse().ok(),
            sex: Some("F".to_owned()),
        }),
        made_at: Millis(START_MS + 90_000),
        ..About::default()
    };
    let mut assembly = Assembly::new(Header::read(header).unwrap(), about);
    for line in lines() {
        assembly.line(2, &line).unwrap();
    }
    assembly.finish()
}

fn to_ehr() -> Addressee {
    Addressee { application: "EHR".to_owned(), facility: "General".to_owned(), is_enhanced: false }
}

#[test]
fn a_message_says_who_it_is_about_and_what_was_measured_in_codes_that_others_read() {
    let Message { text, control_id, is_correction, .. } = message(&record(), &to_ehr(), None);
    assert!(!is_correction);
    let text = text.replace(&control_id, "<ID>").replace('\r', "\n");
    insta::assert_snapshot!(text, @r"
    MSH|^~\&|dripwatch|North\F\gate|EHR|General|20251121130130.000+0100||ORU^R01^ORU_R01|<ID>|P|2.5.1||||||UNICODE UTF-8
    PID|1||4711^^^General^PI~A\S\1^^^^PI||Trän^Jo^^^^^L||19840517|F
    PV1|1|O|^3^^North\F\gate||||||||||||||||s-1^^^dripwatch^VN|||||||||||||||||||||||||20251121130000.000+0100|20251121130120.000+0100
    OBR|1||s-1^dripwatch|8716-3^Vital signs^LN|||20251121130000.000+0100|20251121130120.000+0100||||||||||||||20251121130130.000+0100|||F
    OBX|1|NM|29463-7^Body weight^LN|w|70.5|kg^kilogram^UCUM|||||F|||20251121130000.000+0100
    OBX|2|NM|8480-6^Systolic blood pressure^LN^150021^MDC_PRESS_BLD_NONINV_SYS^MDC|p1763726460000|128|mm[Hg]^millimeter of mercury^UCUM|||||F|||20251121130100.000+0100||||mon-3
    OBX|3|NM|8462-4^Diastolic blood pressure^LN^150022^MDC_PRESS_BLD_NONINV_DIA^MDC|p1763726460000|82|mm[Hg]^millimeter of mercury^UCUM|||||F|||20251121130100.000+0100||||mon-3
    OBX|4|NM|8478-0^Mean blood pressure^LN^150023^MDC_PRESS_BLD_NONINV_MEAN^MDC|p1763726460000|97|mm[Hg]^millimeter of mercury^UCUM|||||F|||20251121130100.000+0100||||mon-3
    OBX|5|NM|8867-4^Heart rate^LN|t1763726460000|72|/min^per minute^UCUM|||||F|||20251121130100.000+0100|||^Median of the good values of the 30 s before|mon-3
    OBX|6|NM|59408-5^Oxygen saturation in Arterial blood by Pulse oximetry^LN^150456^MDC_PULS_OXIM_SAT_O2^MDC|t1763726460000|97|%^percent^UCUM|||||F|||20251121130100.000+0100|||^Median of the good values of the 30 s before|mon-3
    OBX|7|NM|8310-5^Body temperature^LN^150344^MDC_TEMP^MDC|v1763726460000|36.8|Cel^degree Celsius^UCUM|||||F|||20251121130100.000+0100||||mon-3
    OBX|8|NM|8480-6^Systolic blood pressure^LN^150021^MDC_PRESS_BLD_NONINV_SYS^MDC|p1763726470000|124|mm[Hg]^millimeter of mercury^UCUM|||||F|||20251121130110.000+0100||KM
    OBX|9|NM|8462-4^Diastolic blood pressure^LN^150022^MDC_PRESS_BLD_NONINV_DIA^MDC|p1763726470000|80|mm[Hg]^millimeter of mercury^UCUM|||||F|||20251121130110.000+0100||KM
    OBX|10|NM|9279-1^Respiratory rate^LN^151562^MDC_RESP_RATE^MDC|h3|14|/min^per minute^UCUM|||||F|||20251121130110.000+0100||KM
    OBX|11|NM|8867-4^Heart rate^LN|t1763726470000|72|/min^per minute^UCUM|||||F|||20251121130110.000+0100|||^Median of the good values of the 30 s before|mon-3
    OBX|12|NM|59408-5^Oxygen saturation in Arterial blood by Pulse oximetry^LN^150456^MDC_PULS_OXIM_SAT_O2^MDC|t1763726470000|97|%^percent^UCUM|||||F|||20251121130110.000+0100|||^Median of the good values of the 30 s before|mon-3
    ");
}

#[test]
fn the_same_record_gives_the_same_bytes_and_an_id_that_has_its_place() {
    let first = message(&record(), &to_ehr(), None);
    assert_eq!(first, message(&record(), &to_ehr(), None));
    assert_eq!(first.control_id.len(), 20, "{}", first.control_id);
    assert!(first.text.contains(&format!("|{}|P|2.5.1", first.control_id)));
    let mut later = record();
    later.header.made_at = later.header.made_at.plus(1);
    assert_ne!(message(&later, &to_ehr(), None).control_id, first.control_id);
    assert_eq!(hl7_content(&later), hl7_content(&record()), "it says the same");
    later.pressures[0].systolic = Some(Decimal::whole(127));
    assert_ne!(hl7_content(&later), hl7_content(&record()));
}

/// Code, value and status of each row.
fn rows(text: &str) -> Vec<(String, String, String)> {
    let rows = text.split('\r').filter(|line| line.starts_with("OBX|"));
    rows.map(|row| {
        let fields: Vec<&str> = row.split('|').collect();
        let code = fields[3].split('^').next().unwrap();
        (code.to_owned(), fields[5].to_owned(), fields[11].to_owned())
    })
    .collect()
}

#[test]
fn a_later_message_says_what_is_corrected_what_is_new_and_what_is_taken_back() {
    let first = message(&record(), &to_ehr(), None);
    let mut changed = record();
    changed.pressures[0].systolic = Some(Decimal::whole(182));
    let by_hand = changed.by_hand.remove(0);
    assert_eq!(by_hand.vital, Vital::RespRate);
    changed.by_hand.push(Measured { n: 99, vital: Vital::Temp, ..by_hand });
    let second = message(&changed, &to_ehr(), Some(&first.results));
    assert!(second.is_correction && second.text.contains("|C\r"));
    let of = |code: &str| -> Vec<(String, String)> {
        let of_code = rows(&second.text).into_iter().filter(|(known, ..)| known == code);
        of_code.map(|(_, value, status)| (value, status)).collect()
    };
    let is = |value: &str, status: &str| (value.to_owned(), status.to_owned());
    assert_eq!(of("8480-6"), [is("182", "C"), is("124", "F")]);
    assert_eq!(of("8462-4"), [is("82", "F"), is("80", "F")]);
    assert_eq!(of("8310-5"), [is("36.8", "F"), is("14", "F")]);
    assert_eq!(of("9279-1"), [is("14", "W")]);
    // And once more: what was taken back is not said again.
    let third = message(&changed, &to_ehr(), Some(&second.results));
    assert!(rows(&third.text).iter().all(|(_, _, status)| status == "F"), "{}", third.text);
}

#[test]
fn a_session_that_runs_is_preliminary() {
    let mut running = record();
    running.header.ended_at = None;
    let text = hl7(&running);
    assert!(rows(&text).iter().all(|(_, _, status)| status == "P"));
    assert!(text.lines().count() > 0 && text.contains("|P\r"));
}

#[test]
fn of_nobody_and_nothing_there_is_a_message_that_says_so() {
    let mut nothing = record();
    let header = &mut nothing.header;
    (header.patient.person, header.clinic) = (None, None);
    header.patient.initials = String::new();
    header.patient.weight_kg = None;
    (nothing.pressures, nothing.table, nothing.by_hand) = Default::default();
    nothing.trends.clear();
    let text = hl7(&nothing);
    assert!(text.contains("\rPID|1||||^^^^^^U\r"), "{text}");
    assert!(!text.contains("OBX|"), "{text}");
    nothing.header.patient.initials = "J.T.".to_owned();
    assert!(hl7(&nothing).contains("\rPID|1||||J.T.^^^^^^S\r"));
    nothing.header.patient.is_removed = true;
    assert!(hl7(&nothing).contains("\rPID|1||||^^^^^^U\r"));
}

#[test]
fn two_pressures_of_one_moment_are_two_results() {
    let mut twice = record();
    let other =
        RecordedPressure { systolic: Some(Decimal::whole(99)), ..twice.pressures[0].clone() };
    twice.pressures.insert(1, other);
    let results = message(&twice, &to_ehr(), None).results;
    let mut keys: Vec<_> = results.iter().map(FiledResult::key).collect();
    let count = keys.len();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), count);
    assert!(results.iter().all(|result| result.measurement.len() <= 20), "OBX-4 has place for 20");
}

#[test]
fn more_than_a_message_holds_is_left_out_and_said() {
    let mut long = record();
    let one = long.by_hand[0].clone();
    let many = u32::try_from(MOST_RESULTS).unwrap();
    long.by_hand = (0..many).map(|n| Measured { n, ..one.clone() }).collect();
    let lack = Lack { kind: LackKind::Blind, text: "away".to_owned(), from: None, to: None };
    long.lacks = vec![lack; 2 * MOST_COMMENTS];
    let Message { text, results, .. } = message(&long, &to_ehr(), None);
    assert_eq!(results.len(), MOST_RESULTS);
    assert_eq!(text.matches("\rOBX|").count(), MOST_RESULTS);
    assert_eq!(text.matches("\rNTE|").count(), MOST_COMMENTS);
    assert!(text.contains("further results are not in this message"), "{}", &text[..2_000]);
}
