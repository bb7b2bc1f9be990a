use super::alerts::MOST_ALERTS;
use super::kept::{MOST_EVENTS, MOST_OTHERS, MOST_PRESSURES, MOST_SAMPLES};
use super::signal::{Said, Sample};
use super::*;
use crate::record::write_checkpoint;
use crate::report::{LackKind, PressureSource, RecordedDevice, RecordedPressure, version};
use crate::vitals::{Decimal, DeviceId, Vital};

const HEADER: &str = r#"{"type":"recording","version":1,"room":"3","profile":"ketamine-iv-adult"}"#;
const START_MS: i64 = 1_795_262_400_000;

fn begun() -> Assembly {
    let mut assembly = Assembly::new(Header::read(HEADER).unwrap(), About::default());
    let line = format!(r#"{{"at":{START_MS},"staff":"KM","event":{{"type":"start"}}}}"#);
    assembly.line(2, &line).unwrap();
    assembly
}

#[test]
fn what_is_more_than_a_record_holds_is_left_out_and_said() {
    let mut assembly = begun();
    let before = Millis(START_MS - 1);
    let kept = &mut assembly.kept;
    let sample = Sample { at: before, fresh_ms: 10_000, said: Said::Good(Decimal::whole(97)) };
    kept.samples.entry(Vital::Spo2).or_default().all = vec![sample; MOST_SAMPLES];
    let pressure = RecordedPressure {
        at: before,
        heard_at: before,
        systolic: Some(Decimal::whole(120)),
        diastolic: Some(Decimal::whole(80)),
        mean: None,
        source: PressureSource::Unknown,
    };
    kept.pressures = vec![pressure; MOST_PRESSURES];
    let event = kept.events[0].clone();
    kept.events = vec![event; MOST_EVENTS];
    let device = DeviceId::new("other").unwrap();
    let device = RecordedDevice { device, first_at: before, last_at: before, frames: 1 };
    kept.devices = vec![device; MOST_OTHERS];
    kept.alerts.fill(MOST_ALERTS);
    let frame = format!(
        r#"{{"at":{},"device":"m","frame":{{"type":"readings","readings":[{{"vital":"spo2","value":96}},{{"vital":"nibp","systolic":210,"diastolic":115}}]}}}}"#,
        START_MS + 1_000
    );
    assembly.line(3, &frame).unwrap();
    let note = format!(
        r#"{{"at":{},"staff":"KM","event":{{"type":"note","text":"one more"}}}}"#,
        START_MS + 2_000
    );
    assembly.line(4, &note).unwrap();
    let record = assembly.finish();
    assert_eq!(record.events.len(), MOST_EVENTS);
    assert_eq!(record.pressures.len(), MOST_PRESSURES);
    assert_eq!(record.header.devices.len(), MOST_OTHERS);
    assert_eq!(record.alerts.len(), MOST_ALERTS);
    assert!(record.trend(Vital::Spo2).is_some_and(|trend| trend.at.len() <= MOST_SAMPLES));
    let said: Vec<_> = record.lacks.iter().filter(|lack| lack.kind == LackKind::TooMuch).collect();
    let words = ["alerts", "readings", "pressures", "events", "devices"];
    for word in words {
        assert!(said.iter().any(|lack| lack.text.contains(word)), "{word}: {said:?}");
    }
    assert_eq!(said.len(), words.len());
}

#[test]
fn what_is_raised_after_the_session_is_not_of_it() {
    let mut assembly = begun();
    let line =
        |second: i64, rest: &str| format!(r#"{{"at":{},{rest}}}"#, START_MS + second * 1_000);
    for text in [
        line(10, r#""staff":"KM","event":{"type":"abort","reason":"no vein"}"#),
        line(
            20,
            r#""device":"m","frame":{"type":"readings","readings":[{"vital":"nibp","systolic":210,"diastolic":115}]}"#,
        ),
        line(
            60,
            r#""device":"m","frame":{"type":"readings","readings":[{"vital":"nibp","systolic":212,"diastolic":116}]}"#,
        ),
    ] {
        assembly.line(3, &text).unwrap();
    }
    let record = assembly.finish();
    assert_eq!(record.header.ended_at, Some(Millis(START_MS + 10_000)));
    assert!(record.alerts.is_empty(), "{:?}", record.alerts);
    assert!(record.pressures.is_empty() && record.header.devices.is_empty());
}

#[test]
fn what_happens_to_the_server_after_the_session_is_not_of_it() {
    let ended = || {
        let mut assembly = begun();
        let line =
            |second: i64, rest: &str| format!(r#"{{"at":{},{rest}}}"#, START_MS + second * 1_000);
        assembly.line(3, &line(5, r#""device":"m","link":"down""#)).unwrap();
        let abort = r#""staff":"KM","event":{"type":"abort","reason":"no vein"}"#;
        assembly.line(4, &line(10, abort)).unwrap();
        (assembly, line)
    };
    let (alone, _) = ended();
    let alone = alone.finish();
    let (mut followed, line) = ended();
    let blind = format!(
        r#""restart":{{"blind_from":{},"blind_to":{}}}"#,
        START_MS + 20_000,
        START_MS + 30_000
    );
    for text in [
        line(15, r#""device":"m","link":"up""#),
        line(16, r#""watched":false"#),
        line(30, &blind),
        line(31, r#""device":"n","link":"down""#),
        line(32, r#""clock_step_ms":4000"#),
        line(
            40,
            &format!(
                r#""gap":{{"from":{},"to":{},"reason":"disk full"}}"#,
                START_MS + 33_000,
                START_MS + 40_000
            ),
        ),
    ] {
        followed.line(5, &text).unwrap();
    }
    let followed = followed.finish();
    assert_eq!(followed.interruptions, alone.interruptions);
    assert_eq!(
        followed.interruptions[0].to,
        Some(Millis(START_MS + 10_000)),
        "it ends with the session"
    );
    assert_eq!(followed.lacks, alone.lacks);
    assert_eq!(version(&followed), version(&alone));
}

#[test]
fn what_was_raised_while_nothing_was_recorded_is_in_the_record() {
    let high = format!(
        r#"{{"at":{},"device":"m","frame":{{"type":"readings","readings":[{{"vital":"nibp","systolic":210,"diastolic":115}}]}}}}"#,
        START_MS + 10_000
    );
    let mut meanwhile = begun();
    meanwhile.line(3, &high).unwrap();
    let (from, to) = (Millis(START_MS + 5_000), Millis(START_MS + 20_000));
    let gap = serde_json::json!({"at": to, "gap": {"from": from, "to": to, "reason": "disk full"}});
    let state = write_checkpoint(to, meanwhile.room.as_ref().unwrap());
    let mut assembly = begun();
    assembly.line(3, &gap.to_string()).unwrap();
    assembly.line(4, &state).unwrap();
    let record = assembly.finish();
    let raised: Vec<_> = record.alerts.iter().map(|alert| alert.raised_at).collect();
    assert_eq!(raised, [Millis(START_MS + 10_000)], "{:?}", record.alerts);
    assert_eq!(record.alerts[0].worst, Some(Decimal::whole(210)));
}

#[test]
fn a_pressure_that_was_measured_before_the_opening_and_entered_after_it_is_in_the_table() {
    let mut assembly = begun();
    let before = START_MS - 240_000;
    let line = format!(
        r#"{{"at":{},"staff":"KM","event":{{"type":"manual_vitals","systolic":131,"diastolic":82,"occurred_at":{before}}}}}"#,
        START_MS + 20_000
    );
    assembly.line(3, &line).unwrap();
    let record = assembly.finish();
    let rows: Vec<_> = record.table.iter().filter(|row| row.pressure.is_some()).collect();
    assert_eq!(rows.iter().map(|row| row.at).collect::<Vec<_>>(), [Millis(before)]);
    assert_eq!(rows[0].by_hand, [Vital::Nibp]);
}

#[test]
fn an_alert_names_the_screens_that_showed_it_once_each_and_the_first_is_when_it_was_shown() {
    let mut assembly = begun();
    let at = |ms: i64| START_MS + ms;
    let frame = |ms: i64| {
        format!(
            r#"{{"at":{},"device":"m","frame":{{"type":"readings","readings":[{{"vital":"nibp","systolic":210,"diastolic":115}}]}}}}"#,
            at(ms)
        )
    };
    assembly.line(3, &frame(1_000)).unwrap();
    assembly.line(4, &format!(r#"{{"at":{},"received":"a1"}}"#, at(1_450))).unwrap();
    let receipt = |screen: &str, kind: &str, by: &str, ms: i64| {
        let at = at(ms);
        format!(r#"{{"alert":"a1","screen":"{screen}","kind":"{kind}","by":"{by}","at":{at}}}"#)
    };
    let receipts = [
        receipt("p1", "phone", "KM", 1_400),
        receipt("s1", "station", "TJ", 1_500),
        receipt("p1", "phone", "KM", 1_900),
        receipt("w1", "wall", "", 1_900),
    ];
    let line = format!(r#"{{"at":{},"receipts":[{}]}}"#, at(2_000), receipts.join(","));
    assembly.line(5, &line).unwrap();
    let record = assembly.finish();
    assert_eq!(record.lacks.iter().filter(|lack| lack.kind == LackKind::Damaged).count(), 0);
    let alert = &record.alerts[0];
    assert_eq!(alert.shown_at, Some(Millis(at(1_400))));
    let names: Vec<String> = alert.shown_on.iter().map(|shown| shown.words()).collect();
    assert_eq!(names, ["KM’s phone", "TJ’s station", "wall display"]);
    let page = crate::report::page(&record);
    let said = "shown on 3 screens, first after 0.4 s: KM’s phone, TJ’s station, wall display";
    assert!(page.contains(said), "{page}");
    let csv = crate::report::csv(&record, crate::report::Table::Alerts);
    assert!(csv.contains("KM’s phone 0.400; TJ’s station 0.500; wall display 0.900"), "{csv}");
}

#[test]
fn who_was_called_to_an_alert_is_in_the_record_as_it_was_written_and_not_as_it_would_be_now() {
    let mut assembly = begun();
    let frame = r#""device":"m","frame":{"type":"readings","readings":[{"vital":"nibp","systolic":210,"diastolic":115}]}"#;
    assembly.line(3, &format!(r#"{{"at":{},{frame}}}"#, START_MS + 1_000)).unwrap();
    let mut live = assembly.room.clone().unwrap();
    for (number, seconds) in [(4, 62), (5, 122)] {
        let at = Millis(START_MS + seconds * 1_000);
        live.advance(at);
        while !matches!(live.poll_output(), Output::Wait(_)) {}
        assembly.line(number, &write_checkpoint(at, &live)).unwrap();
    }
    // What this version would do later on is not what was done.
    assembly.line(6, &format!(r#"{{"at":{},"received":"a1"}}"#, START_MS + 600_000)).unwrap();
    let record = assembly.finish();
    let alert = &record.alerts[0];
    let called: Vec<_> = alert.called.iter().map(|one| (one.who.words(), one.at.0)).collect();
    let at = |seconds: i64| START_MS + seconds * 1_000;
    assert_eq!(called, [("second nurse", at(61)), ("prescriber", at(121))]);
    let page = crate::report::page(&record);
    assert!(page.contains("called: second nurse ") && page.contains(", prescriber "), "{page}");
    let csv = crate::report::csv(&record, crate::report::Table::Alerts);
    assert!(csv.lines().nth(1).unwrap().ends_with(",60,120"), "{csv}");
}
