//! Entries that are withdrawn, and cuff readings that staff ask for.

use super::*;

fn score(value: i32) -> Event {
    Event::Score { score: "moaa_s".to_owned(), value, note: None }
}

fn withdraw(stage: &mut Stage, event: u32) {
    stage.event(Event::Correct { event, reason: None });
}

/// The number of what staff entered last; the room may have noticed something since.
fn newest(stage: &Stage) -> u32 {
    let events = &stage.room.session().unwrap().events;
    events.iter().rfind(|event| event.kind.name() != "task").unwrap().n
}

fn refusal(stage: &Stage, event: u32) -> String {
    let correct = Event::Correct { event, reason: None };
    stage
        .room
        .refusal(&correct, Authority::Nurse, stage.room.now())
        .map_or_else(String::new, |refused| refused.why)
}

fn open_symptoms(stage: &Stage) -> Vec<&str> {
    let session = stage.room.session().unwrap();
    session.symptoms.iter().map(|open| open.symptom.as_str()).collect()
}

fn tasks(stage: &Stage) -> Vec<String> {
    stage.room.tasks().into_iter().map(|task| task.text).collect()
}

#[test]
fn a_withdrawn_symptom_stays_in_the_list_and_its_alert_ends() {
    let mut stage = Stage::infusing();
    stage.event(symptom("chest_pain", false));
    let n = newest(&stage);
    stage.second = 5;
    withdraw(&mut stage, n);
    assert_eq!(stage.said(), ["0 symptom high active", "5 symptom high latched"]);
    assert!(open_symptoms(&stage).is_empty());
    let events = &stage.room.session().unwrap().events;
    let entry = events.iter().find(|event| event.n == n).unwrap();
    assert_eq!(entry.text, "Chest pain");
    assert_eq!(entry.withdrawn, Some(Withdrawn { by: "KM".to_owned(), at: stage.now() }));
}

#[test]
fn a_symptom_said_to_be_gone_by_mistake_is_there_again_since_it_began() {
    let mut stage = Stage::infusing();
    stage.event(symptom("vomiting", false));
    let began = stage.now();
    stage.second = 60;
    stage.event(symptom("vomiting", true));
    stage.second = 65;
    let gone = newest(&stage);
    withdraw(&mut stage, gone);
    let session = stage.room.session().unwrap();
    assert_eq!(session.symptoms, [OpenSymptom { symptom: "vomiting".to_owned(), since: began }]);
    assert_eq!(stage.said().last().unwrap(), "65 symptom medium active");
}

#[test]
fn a_withdrawn_score_gives_way_to_the_one_before() {
    let mut stage = Stage::infusing();
    stage.event(score(4));
    stage.event(score(2));
    let n = newest(&stage);
    withdraw(&mut stage, n);
    assert_eq!(stage.said(), ["0 sedation high active", "0 sedation high latched"]);
    assert_eq!(stage.room.session().unwrap().scores[0].value, 4);
    let first =
        stage.room.session().unwrap().events.iter().find(|e| e.kind.name() == "score").unwrap().n;
    withdraw(&mut stage, first);
    assert!(stage.room.session().unwrap().scores.is_empty());
}

#[test]
fn an_entry_is_withdrawn_once_and_some_not_at_all() {
    let mut stage = Stage::infusing();
    stage.event(Event::Note { text: "arm warmed".to_owned() });
    let note = newest(&stage);
    assert_eq!(refusal(&stage, note), "");
    withdraw(&mut stage, note);
    assert_eq!(refusal(&stage, note), "KM has already withdrawn this entry.");
    assert_eq!(refusal(&stage, 99), "There is no entry 99 in this session's list.");
    let kinds: Vec<_> =
        stage.room.session().unwrap().events.iter().map(|e| e.kind.name()).collect();
    assert_eq!(kinds, ["open", "accept_baseline", "start", "note"]);
    assert!(refusal(&stage, 2).starts_with("A baseline cannot be withdrawn"));
    assert!(refusal(&stage, 3).starts_with("A step of the session cannot be withdrawn"));
    let before = stage.room.clone();
    withdraw(&mut stage, 3);
    assert_eq!(stage.room.session(), before.session(), "a recording that says so changes nothing");
}

#[test]
fn what_was_entered_before_entries_were_kept_stands_when_a_later_one_is_withdrawn() {
    let mut stage = Stage::infusing();
    stage.event(symptom("vomiting", false));
    let old = newest(&stage);
    let mut json = stage.room.checkpoint();
    json["state"]["stay"]["session"].as_object_mut().unwrap().remove("entries");
    stage.room = Room::from_checkpoint(&json).unwrap();
    assert!(refusal(&stage, old).contains("enter that the symptom has gone"));
    stage.event(symptom("vomiting", true));
    let gone = newest(&stage);
    withdraw(&mut stage, gone);
    assert_eq!(open_symptoms(&stage), ["vomiting"]);
}

#[test]
fn staff_ask_for_a_cuff_reading_until_it_comes() {
    let mut stage = Stage::infusing();
    stage.event(Event::BpNow {});
    assert_eq!(tasks(&stage), ["BP now: asked for"]);
    assert_eq!(stage.room.next_nibp_due(), Some(stage.now()));
    stage.second = 10;
    stage.event(Event::BpNow {});
    assert_eq!(tasks(&stage), ["BP now: asked for"], "asking twice asks once");
    let kinds = stage.room.session().unwrap().events.iter().map(|e| e.kind.name());
    assert!(!kinds.collect::<Vec<_>>().contains(&"task"), "listed as what staff did");
    stage.cuff(122, 74);
    assert!(tasks(&stage).is_empty());
}

#[test]
fn a_reading_that_was_asked_for_by_mistake_is_no_longer_wanted() {
    let mut stage = Stage::infusing();
    stage.event(Event::BpNow {});
    stage.second = 60;
    stage.cuff(122, 74);
    stage.second = 120;
    stage.event(Event::BpNow {});
    let n = newest(&stage);
    withdraw(&mut stage, n);
    assert!(tasks(&stage).is_empty());
}

#[test]
fn both_are_read_as_they_are_posted() {
    let read = |json: &str| serde_json::from_str::<Event>(json).unwrap();
    assert_eq!(read(r#"{"type":"bp_now"}"#), Event::BpNow {});
    assert_eq!(read(r#"{"type":"correct","event":4}"#), Event::Correct { event: 4, reason: None });
}

#[test]
fn what_the_room_notices_does_not_number_what_staff_enter() {
    let mut calm = Stage::infusing();
    calm.event(symptom("nausea", false));
    let mut noticing = Stage::infusing();
    noticing.cuff(181, 90);
    assert!(
        noticing.room.session().unwrap().events.iter().any(|event| event.kind.name() == "task")
    );
    noticing.event(symptom("nausea", false));
    assert_eq!(newest(&calm), newest(&noticing));
    let n = newest(&noticing);
    withdraw(&mut noticing, n);
    assert!(open_symptoms(&noticing).is_empty());
}

fn by_hand(systolic: i32, diastolic: i32) -> Event {
    let whole = |value| Some(Decimal::whole(value));
    Event::ManualVitals(ManualVitals {
        systolic: whole(systolic),
        diastolic: whole(diastolic),
        ..ManualVitals::default()
    })
}

fn breaths(value: i32) -> Event {
    let resp_rate = Some(Decimal::whole(value));
    Event::ManualVitals(ManualVitals { resp_rate, ..ManualVitals::default() })
}

fn shown(stage: &Stage, vital: Vital) -> Option<Value> {
    let latest = stage.room.latest().iter().find(|latest| latest.vital == vital)?;
    latest.value_at(stage.now()).map(|(value, _)| value)
}

fn pressure(systolic: i32, diastolic: i32) -> Option<Value> {
    let whole = |value| Some(Decimal::whole(value));
    let (systolic, diastolic) = (whole(systolic), whole(diastolic));
    Some(Value::Pressure(Pressure { systolic, diastolic, mean: None }))
}

#[test]
fn a_pressure_by_hand_that_is_withdrawn_no_longer_counts() {
    let mut stage = Stage::infusing();
    stage.cuff(121, 76);
    stage.second = 60;
    stage.event(by_hand(205, 100));
    let n = newest(&stage);
    assert_eq!(stage.said_of_pressure(), ["60 systolic_high high active"]);
    assert_eq!(shown(&stage, Vital::Nibp), pressure(205, 100));
    stage.second = 65;
    withdraw(&mut stage, n);
    assert_eq!(stage.said_of_pressure().last().unwrap(), "65 systolic_high high latched");
    assert_eq!(shown(&stage, Vital::Nibp), pressure(121, 76), "the one before");
    let events = &stage.room.session().unwrap().events;
    let entry = events.iter().find(|event| event.n == n).unwrap();
    assert!(entry.withdrawn.is_some());
    assert_eq!(entry.values.unwrap().systolic, Some(Decimal::whole(205)));
    assert_eq!(refusal(&stage, n), "KM has already withdrawn this entry.");
}

#[test]
fn what_a_withdrawn_pressure_had_ended_is_there_again() {
    let mut stage = Stage::infusing();
    stage.cuff(172, 80);
    stage.second = 100;
    stage.event(by_hand(120, 80));
    assert_eq!(stage.said_of("systolic_high").last().unwrap(), "100 systolic_high medium resolved");
    stage.second = 105;
    let n = newest(&stage);
    withdraw(&mut stage, n);
    assert_eq!(stage.said_of("systolic_high").last().unwrap(), "105 systolic_high medium active");
}

#[test]
fn a_first_urgent_pressure_waits_again_when_the_one_that_did_not_confirm_it_is_withdrawn() {
    let mut stage = Stage::infusing();
    stage.cuff(184, 90);
    stage.second = 60;
    stage.event(by_hand(130, 90));
    let n = newest(&stage);
    assert_eq!(stage.said_of("systolic_high").last().unwrap(), "60 systolic_high medium resolved");
    stage.second = 70;
    withdraw(&mut stage, n);
    assert_eq!(stage.said_of("systolic_high").last().unwrap(), "70 systolic_high medium active");
    assert!(stage.room.alert("a1").unwrap().waits_for.is_some());
    stage.wait(180);
    let last = stage.said_of("systolic_high").pop().unwrap();
    assert_eq!(last, "180 systolic_high high active", "180 s after it came, as ever");
}

#[test]
fn withdrawn_values_are_shown_no_more_and_alert_no_more_in_whatever_order() {
    for order in [[0, 1], [1, 0]] {
        let mut stage = Stage::infusing();
        stage.event(breaths(14));
        let mut entries = Vec::new();
        for value in [26, 28] {
            stage.second += 60;
            stage.event(breaths(value));
            entries.push(newest(&stage));
        }
        assert_eq!(stage.said_of("resp_rate_high").len(), 1);
        for index in order {
            stage.second += 5;
            withdraw(&mut stage, entries[index]);
        }
        let latest = stage.room.latest().iter().find(|l| l.vital == Vital::RespRate);
        let shown = latest.and_then(|latest| latest.last_value).map(|last| last.value);
        let withdrawn = [26, 28].map(|value| Some(Value::Number(Decimal::whole(value))));
        assert!(!withdrawn.contains(&shown), "{order:?}: {shown:?}");
        let is_active = |alert: &&Alert| alert.state == AlertState::Active;
        let of_breathing = |alert: &&Alert| alert.condition == Condition::RespRateHigh;
        let mut alerts = stage.room.alerts().iter().filter(of_breathing);
        assert!(!alerts.any(|alert| is_active(&alert)), "{order:?}");
    }
}

#[test]
fn a_value_of_the_monitor_that_came_since_stays() {
    let mut stage = Stage::infusing();
    stage.event(by_hand(190, 100));
    let n = newest(&stage);
    stage.second = 60;
    stage.cuff(122, 78);
    stage.second = 70;
    withdraw(&mut stage, n);
    assert_eq!(shown(&stage, Vital::Nibp), pressure(122, 78));
    assert!(!stage.room.is_open(Condition::SystolicHigh));
}

#[test]
fn a_checkpoint_of_before_values_were_kept_is_read() {
    let mut stage = Stage::infusing();
    stage.event(by_hand(118, 76));
    let n = newest(&stage);
    let mut json = stage.room.checkpoint();
    let session = json["state"]["stay"]["session"].as_object_mut().unwrap();
    session.remove("by_hand");
    for event in session["events"].as_array_mut().unwrap() {
        event.as_object_mut().unwrap().remove("values");
    }
    stage.room = Room::from_checkpoint(&json).unwrap();
    assert!(refusal(&stage, n).contains("too old to be withdrawn"));
}
