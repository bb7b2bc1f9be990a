//! Frames and readings on the wire: what is read, what is refused and why, and what is written.

use super::*;

fn read(json: &str) -> Result<Parsed, Refused> {
    Parsed::read(json, &DeviceId::new("mon-3").unwrap(), Source::Monitor)
}

#[test]
fn a_frame_of_the_contract_is_read_and_written_again() {
    let json = r#"{"type":"readings","seq":17,"boot":"7f3a","sent_at":"2026-11-21T12:00:00.050Z",
        "taken_at":1795262400000,"readings":[{"vital":"spo2","value":97},
        {"vital":"pulse_rate","value":72.5,"quality":"questionable"},
        {"vital":"nibp","systolic":128,"diastolic":82,"taken_at":"2026-11-21T11:58:30Z"}]}"#;
    let parsed = read(json).unwrap();
    assert!(parsed.problems.is_empty());
    insta::assert_snapshot!(serde_json::to_string(&parsed.frame).unwrap(), @r#"{"type":"readings","seq":17,"boot":"7f3a","sent_at":1795262400050,"taken_at":1795262400000,"readings":[{"vital":"spo2","value":97},{"vital":"pulse_rate","value":72.5,"quality":"questionable"},{"vital":"nibp","systolic":128,"diastolic":82,"taken_at":1795262310000}]}"#);
    let again = read(&serde_json::to_string(&parsed.frame).unwrap()).unwrap();
    assert_eq!(again.frame, parsed.frame);
}

#[test]
fn what_a_frame_may_hold_is_bounded() {
    let spo2 = r#"{"vital":"spo2","value":97}"#;
    let frame = |count: usize, boot: usize| {
        let readings = vec![spo2; count].join(",");
        let boot = "b".repeat(boot);
        format!(r#"{{"type":"readings","seq":1,"boot":"{boot}","readings":[{readings}]}}"#)
    };
    let read = |count, boot| read(&frame(count, boot)).is_ok();
    assert!(read(MAX_READINGS, LONGEST_TEXT_BYTES));
    assert!(!read(MAX_READINGS + 1, 1) && !read(1, LONGEST_TEXT_BYTES + 1));
}

#[test]
fn a_status_is_an_absent_reading() {
    let parsed = read(r#"{"type":"status","seq":18,"vital":"spo2","status":"sensor_off"}"#);
    let readings = parsed.unwrap().frame.readings;
    assert_eq!(readings, [Reading::absent(Vital::Spo2, Absent::SensorOff)]);
    let cuff_word = read(r#"{"type":"status","seq":18,"vital":"spo2","status":"measuring"}"#);
    assert!(cuff_word.is_err());
}

#[test]
fn the_usable_part_of_a_frame_is_kept() {
    let json = r#"{"type":"readings","seq":19,"readings":[{"vital":"spo2","value":130},
        {"vital":"pulse_rate","value":72}]}"#;
    let parsed = read(json).unwrap();
    assert_eq!(parsed.frame.readings.len(), 1);
    assert_eq!(parsed.frame.implausible, 1);
    let problem = WireProblem::new("spo2 must be 1..=100, got 130", "readings[0].value");
    assert_eq!(parsed.problems, [problem]);
}

#[test]
fn a_frame_without_anything_usable_is_refused_with_its_number() {
    let refused = |json| {
        let refused = read(json).unwrap_err();
        (refused.seq, refused.problem.title)
    };
    assert_eq!(
        refused(r#"{"type":"readings","seq":20,"readings":[{"vital":"spo2","value":130}]}"#),
        (Some(20), "no usable reading: spo2 must be 1..=100, got 130".to_owned())
    );
    assert_eq!(
        refused(r#"{"type":"readings","seq":21,"readings":[]}"#).1,
        "readings must hold at least one reading"
    );
    assert_eq!(
        refused(r#"{"type":"hello","seq":22}"#).1,
        "type must be readings or status, got \"hello\""
    );
    for json in ["", "[]", "{}", "nonsense", r#"{"type":7}"#, r#"{"seq":-1,"type":"status"}"#] {
        assert!(refused(json).1.starts_with("not a frame"), "{json}");
    }
}

#[test]
fn a_bound_a_correction_and_a_withdrawal_are_read_and_written_again() {
    let json = r#"{"type":"readings","readings":[{"vital":"spo2","value":70,"bound":"below"},
        {"vital":"nibp","systolic":124,"corrects":1795262310000},
        {"vital":"pulse_rate","value":72,"taken_at":1795262310000,"corrects":true},
        {"vital":"nibp","taken_at":1795262310000,"withdrawn":true}]}"#;
    let readings = read(json).unwrap().frame.readings;
    assert_eq!(readings[0].bound, Some(Bound::Below));
    let said = readings.iter().map(|r| (r.revision, r.taken_at)).collect::<Vec<_>>();
    let at = Some(Millis(1_795_262_310_000));
    let expected = [
        (Revision::New, None),
        (Revision::Corrects, at),
        (Revision::Corrects, at),
        (Revision::Withdraws, at),
    ];
    assert_eq!(said, expected);
    assert_eq!(readings[3].observation, Observation::Absent(Absent::Invalid));
    let frame = Frame { readings, ..read(json).unwrap().frame };
    let again = read(&serde_json::to_string(&frame).unwrap()).unwrap();
    assert_eq!(again.frame, frame);

    for reading in [
        r#"{"vital":"spo2","value":70,"bound":"<"}"#,
        r#"{"vital":"spo2","value":70,"withdrawn":"yes"}"#,
        r#"{"vital":"spo2","value":70,"withdrawn":true,"corrects":true}"#,
        r#"{"vital":"spo2","corrects":true}"#,
    ] {
        let json = format!(r#"{{"type":"readings","readings":[{reading}]}}"#);
        assert!(read(&json).is_err(), "{reading}");
    }
}

#[test]
fn seconds_are_never_taken_for_milliseconds() {
    for (place, frame) in [
        ("taken_at", r#""taken_at":1795262400,"readings":[{"vital":"spo2","value":97}]"#),
        ("sent_at", r#""sent_at":946684800,"readings":[{"vital":"spo2","value":97}]"#),
        (
            "readings[0].taken_at",
            r#""readings":[{"vital":"spo2","value":97,"taken_at":4102444799}]"#,
        ),
    ] {
        let refused = read(&format!(r#"{{"type":"readings","seq":4,{frame}}}"#)).unwrap_err();
        assert_eq!(refused.problem.field.as_deref(), Some(place));
        assert!(refused.problem.title.contains("can only be seconds"), "{refused}");
    }
    assert_eq!(parse_time(&Json::from(5_000)), Ok(Millis(5_000)), "a recording may start at 0");
    assert_eq!(parse_time(&Json::from(1_795_262_400_000i64)), Ok(Millis(1_795_262_400_000)));
    assert_eq!(parse_time(&Json::from("1795262400000")), Err(TimeProblem::NotATime));
    let stored =
        r#"{"type":"readings","taken_at":1795262400,"readings":[{"vital":"spo2","value":97}]}"#;
    let device = DeviceId::new("mon-3").unwrap();
    let read = Parsed::read_stored(stored, &device, Source::Monitor).unwrap();
    assert_eq!(read.frame.taken_at, Some(Millis(1_795_262_400)), "as it was taken then");
}

#[test]
fn a_missing_value_is_never_a_number() {
    for reading in [
        r#"{"vital":"spo2"}"#,
        r#"{"vital":"spo2","value":null}"#,
        r#"{"vital":"spo2","value":"97"}"#,
        r#"{"vital":"nibp"}"#,
        r#"{"vital":"nibp","value":120}"#,
        r#"{"vital":"glucose","value":5}"#,
        r#"{"vital":"spo2","value":97,"taken_at":"yesterday"}"#,
    ] {
        let json = format!(r#"{{"type":"readings","seq":1,"readings":[{reading}]}}"#);
        assert!(read(&json).is_err(), "{reading}");
    }
}
