use super::*;

fn entry(body: &str) -> Entry {
    Entry { body: body.to_owned(), ..Entry::default() }
}

fn shown(bodies: &[&str], step_ms: Option<i64>) -> String {
    let mut readings = Readings::new(step_ms);
    for body in bodies {
        let (at, frame) = frame_of(&entry(body)).unwrap().unwrap();
        readings.add(at, &frame);
    }
    readings.into_json(None).replace("},", "},\n")
}

#[test]
fn each_reading_has_the_shape_of_the_contract() {
    insta::assert_snapshot!(shown(&[
            r#"{"at":1000,"device":"mon-3","frame":{"type":"readings","seq":1,"boot":"b","sent_at":900,"taken_at":800,
                "readings":[{"vital":"spo2","value":97},{"vital":"nibp","systolic":128,"diastolic":82,"mean":97,"taken_at":700}]}}"#,
            r#"{"at":2000,"device":"mon-3","frame":{"type":"readings","readings":[
                {"vital":"pulse_rate","value":72.5,"quality":"questionable","channel":"2","source":"simulator"},{"vital":"spo2","absent":"sensor_off"}]}}"#,
        ], None), @r#"
        {"readings":[{"vital":"spo2","value":97,"quality":"good","unit":"%","taken_at":800,"received_at":1000,"device":"mon-3","source":"monitor","boot":"b"},
        {"vital":"nibp","systolic":128,"diastolic":82,"mean":97,"quality":"good","unit":"mmHg","taken_at":700,"received_at":1000,"device":"mon-3","source":"monitor","boot":"b"},
        {"vital":"pulse_rate","value":72.5,"quality":"questionable","unit":"1/min","taken_at":2000,"received_at":2000,"device":"mon-3","source":"simulator","channel":"2"},
        {"vital":"spo2","absent":"sensor_off","taken_at":2000,"received_at":2000,"device":"mon-3","source":"monitor"}],"gaps":[],"next":null}
        "#);
}

#[test]
fn what_was_late_when_it_came_says_so() {
    let body = |mark: &str| {
        format!(
            r#"{{"at":99,"device":"m","frame":{{"type":"readings","taken_at":1000,"readings":[{{"vital":"spo2","value":97{mark}}}]}}}}"#
        )
    };
    assert!(!shown(&[&body("")], None).contains("late"));
    assert!(shown(&[&body(r#","late":true"#)], None).contains(r#""late":true"#));
}

#[test]
fn a_step_keeps_the_last_of_each_vital_and_every_cuff_pressure() {
    let body = |at: i64, reading: &str| {
        format!(
            r#"{{"at":{at},"device":"m","frame":{{"type":"readings","readings":[{reading}]}}}}"#
        )
    };
    let spo2 = |at: i64| body(at, &format!(r#"{{"vital":"spo2","value":{}}}"#, at / 1_000));
    let cuff = |at: i64| body(at, r#"{"vital":"nibp","mean":90}"#);
    let bodies = [spo2(11_000), cuff(12_000), cuff(13_000), spo2(19_000), spo2(20_000)];
    let bodies: Vec<_> = bodies.iter().map(String::as_str).collect();
    let json: serde_json::Value = serde_json::from_str(&shown(&bodies, Some(10_000))).unwrap();
    let at: Vec<_> =
        json["readings"].as_array().unwrap().iter().map(|r| r["received_at"].clone()).collect();
    assert_eq!(at, [12_000, 13_000, 19_000, 20_000]);
}
