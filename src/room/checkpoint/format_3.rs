//! What releases that wrote format 3 left unfinished, and that it continues.
//!
//! Such a release wrote the files. In `format-3-infusing` a patient has left with an alert that
//! nobody saw, and the next patient is infused: a baseline of 118/74, 75, 97, an own limit of 105
//! for the heart rate, three monitors (one lost, one that gives old values) and a cuff whose clock
//! is not known yet, a symptom, a score, values by hand, streams that dropped, values that were
//! refused, a failed cuff, a change of the rate, a marked rise, a first pressure of 184/96, an
//! alert that KM has taken, one that is silenced, one that nobody has taken, and no screen that
//! watches. In `format-3-fainted` another patient has fainted before the start, which waits. The
//! logs are what that release made of the same next twenty minutes ([`goes_on`]).

use std::fmt::Write;

use serde_json::Value as Json;

use super::super::tests::{START, Stage, ecg, fine, from, open_as, pulse, spo2};
use super::super::*;
use crate::profile::{DEFAULT_PROFILE, Priority};
use crate::vitals::Decimal;

const INFUSING: (&str, &str) =
    (include_str!("golden/format-3-infusing.json"), include_str!("golden/format-3-infusing.log"));
const FAINTED: (&str, &str) =
    (include_str!("golden/format-3-fainted.json"), include_str!("golden/format-3-fainted.log"));

fn restored(text: &str) -> Room {
    let json: Json = serde_json::from_str(text).unwrap();
    assert_eq!(json["format"], 3);
    Room::from_checkpoint(&json).unwrap()
}

/// What follows: the tasks on the way, and the log.
fn goes_on(room: Room) -> String {
    let mut stage = {
        let second = room.now().since(START) / 1_000 + 1;
        Stage::of(room, second, Vec::new())
    };
    let mut text = String::new();
    let tasks = |stage: &Stage, text: &mut String| {
        let all: Vec<String> = stage.room.tasks().into_iter().map(|task| task.text).collect();
        writeln!(text, "{} tasks {}", stage.second, all.join("; ")).unwrap();
    };
    tasks(&stage, &mut text);
    stage.each_second(vec![vec![spo2(84), pulse(112)]; 20]);
    tasks(&stage, &mut text);
    stage.input(from("ecg-1", vec![ecg(76)]));
    stage.cuff(186, 97);
    stage.each_second(vec![vec![spo2(97), pulse(75)]; 60]);
    tasks(&stage, &mut text);
    stage.wait(400);
    tasks(&stage, &mut text);
    stage.each_second(fine(40));
    stage.event(Event::Stop { reason: None });
    stage.event(Event::Discharge { overrides: None });
    stage.second += 100;
    open_as(&mut stage, "s2", DEFAULT_PROFILE);
    stage.each_second(vec![vec![spo2(83), pulse(75)]; 20]);
    tasks(&stage, &mut text);
    for line in &stage.log {
        writeln!(text, "{}", serde_json::to_string(line).unwrap()).unwrap();
    }
    text
}

#[test]
fn what_it_left_goes_on_to_the_same_tasks_and_the_same_log() {
    for (state, log) in [INFUSING, FAINTED] {
        assert_eq!(goes_on(restored(state)), log);
    }
}

#[test]
fn baseline_limits_entries_alerts_silences_and_claims_are_as_they_were() {
    let room = restored(INFUSING.0);
    let session = room.session().unwrap();
    assert_eq!((session.id.as_str(), session.phase), ("s1", Phase::Infusing));
    let whole = |value| Some(Decimal::whole(value));
    let (systolic, diastolic, temp) = (whole(118), whole(74), None);
    let baseline = Baseline { systolic, diastolic, heart_rate: whole(75), spo2: whole(97), temp };
    assert_eq!(session.baseline, Some(baseline));
    assert_eq!(session.personal[0].limits.caution, whole(105));
    assert_eq!(session.reasons[&Condition::HrHigh], "known fast");
    assert_eq!(session.symptoms[0].symptom, "nausea");
    assert_eq!(session.scores[0].value, 4);
    let of = |condition| {
        room.alerts().iter().find(|a| a.condition == condition && a.is_open() && !a.is_past)
    };
    let lost = of(Condition::MonitorLost).unwrap();
    assert_eq!((lost.number, lost.acknowledged.as_ref().unwrap().by.as_str()), (2, "KM"));
    let low = of(Condition::Spo2Low).unwrap();
    assert_eq!((low.number, low.priority, low.received), (4, Priority::High, true));
    assert_eq!(low.silenced_until, Some(START.plus(885_000)));
    assert_eq!(of(Condition::ClockSkew).unwrap().acknowledged, None);
    // The first patient's, which nobody has seen.
    let unseen = room.alerts().iter().find(|alert| alert.scope == "s0").unwrap();
    assert_eq!((unseen.state, unseen.is_past), (AlertState::Latched, true));
    let ended = room.ended().unwrap();
    assert_eq!((ended.session.as_str(), ended.phase), ("s0", Phase::Aborted));
    assert_eq!(room.stay.waiting_cuffs.len(), 1);
    assert_eq!(room.stay.known_lost.len(), 2);
    assert!(!room.is_watched());
}

#[test]
fn an_alert_that_was_over_when_its_patient_left_is_past_in_every_format() {
    let json: Json = serde_json::from_str(INFUSING.0).unwrap();
    let mut of_others = json.clone();
    for alert in of_others["state"]["alerts"].as_array_mut().unwrap() {
        alert["state"] = "resolved".into();
        alert["is_past"] = false.into();
    }
    let room = Room::from_checkpoint(&of_others).unwrap();
    for alert in room.alerts() {
        assert_eq!(alert.is_past, alert.scope == "s0", "{}", alert.id());
    }
}
