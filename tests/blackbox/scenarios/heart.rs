//! The heart: a faint, a fall that the cuff hid, an athlete, a reaction.

use dripwatch::profile::Condition::{
    HrFalling, HrLow, Reaction, Spo2Falling, Spo2Low, SystolicHigh, SystolicLow,
};
use dripwatch::profile::Priority::{High, Medium};
use dripwatch::room::{AlertLine, AlertState, Input, Room, TaskKind};

use super::{START, play, seconds};

#[test]
fn s08_a_faint_at_cannulation_is_seen_by_the_heart_and_confirmed_by_the_cuff() {
    let played = play("vasovagal");
    // The needle at 180 s; HR falls at 87 s of it (to 95), is ≤ 40 for 10 s at 107 s (to 115).
    played.alarms(HrFalling, Medium, (180.0 + 84.0, 180.0 + 95.0));
    played.alarms(HrLow, High, (180.0 + 104.0, 180.0 + 115.0));
    played.alarms(SystolicLow, High, (326.0, 328.0));
    played.has_task(TaskKind::Suggestion, (264.0, 275.0));
    assert!(played.tasks.iter().any(|task| task.2 == "BP now: Heart rate falling"));
    played.has_task(TaskKind::Hold, (264.0, 330.0));
    // Nothing urgent begins after the recovery (480 s: HR 69, SBP above 100), nor by saturation.
    let begins =
        |line: &&AlertLine| line.state == AlertState::Active && line.acknowledged.is_none();
    assert!(played.log.iter().filter(begins).all(|line| seconds(line.at) < 480.0));
    played.nothing_else_than(&[(HrFalling, High), (HrLow, High), (SystolicLow, High)]);
    // The first reading above 100 at 514 s, the heart above 50 before it: from 814 s on.
    let words = "Start waits: systolic 100 and heart rate 50 or more for 5 minutes";
    let waits = played.tasks.iter().find(|task| task.2 == words).unwrap();
    assert!((264.0..275.0).contains(&waits.0), "with the first fall, at {} s", waits.0);
    let mut room = played.room;
    let is_refused = |room: &Room| {
        let start = dripwatch::room::Event::Start { overrides: None };
        room.refusal(&start, dripwatch::room::Authority::Nurse, room.now()).is_some()
    };
    assert!(is_refused(&room));
    // Nothing else keeps the start: the baseline is accepted.
    let given = r#"{"type":"accept_baseline","systolic":118,"diastolic":74}"#;
    let (staff, event) = ("KM".to_owned(), serde_json::from_str(given).unwrap());
    room.handle(&Input::Staff { staff, event, occurred_at: None }, START.plus(780_000));
    for second in 781..=815 {
        let at = START.plus(second * 1_000);
        room.advance(at);
        assert_eq!(is_refused(&room), second < 814, "at {second} s");
        let frame = format!(
            r#"{{"at":{},"device":"mon-3","frame":{{"type":"readings","readings":[{{"vital":"spo2","value":97}},{{"vital":"pulse_rate","value":74}}]}}}}"#,
            at.0
        );
        let (_, line) = dripwatch::record::Line::read(&frame).unwrap();
        let dripwatch::record::Line::Input(input) = line else { panic!("it is an input") };
        room.handle(&input, at);
    }
}

#[test]
fn s14_a_fall_that_the_cuff_hid_alarms_within_20_s_of_its_end_or_60_s() {
    let played = play("fall-hidden-by-cuff");
    let (inflated, ended) = (67.0, 100.0_f64);
    let latest = (ended + 20.0).max(inflated + 60.0);
    played.alarms(Spo2Falling, Medium, (inflated, latest));
    played.alarms(Spo2Low, High, (inflated, latest + 15.0));
}

#[test]
fn s21_a_bradycardic_athlete_has_limits_of_their_own() {
    let played = play("athlete");
    // 38 for two minutes is nothing; 36 for 60 s is a caution (37 = 45 − 8).
    played.alarms(HrLow, Medium, (550.0, 562.0));
    assert_eq!(played.of(HrLow).next().unwrap().limit.unwrap().to_string(), "37");
    played.nothing_else_than(&[(HrLow, Medium)]);
    assert!(played.room.session().unwrap().known_low);
}

#[test]
fn s32_a_reaction_to_infliximab_is_a_caution_and_urgent_by_two_signs() {
    let played = play("allergy");
    assert_eq!(played.room.profile().name, "infliximab");
    // BP 106/68 at 534 s is no sign yet; SpO2 3 below for 60 s at 543 s is; heart rate 25 above
    // for 60 s at 758 s is the second.
    played.alarms(Reaction, Medium, (534.0, 560.0));
    played.alarms(Reaction, High, (750.0, 770.0));
    let alert = played.room.alert("a1").unwrap();
    assert_eq!(alert.profile.as_deref(), Some("infliximab@3"));
    // The words say what is true now.
    let signs = "Possible reaction: BP fall, heart rate rise, SpO2 fall, temperature rise";
    assert_eq!(alert.text, signs);
    // No rule of ketamine: nothing about rising pressure, nothing of a marked rise.
    assert!(played.of(SystolicHigh).next().is_none());
    assert!(!played.tasks.iter().any(|task| task.1 == TaskKind::MarkedRise));
}
