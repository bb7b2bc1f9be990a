use super::*;

fn symptom(name: &str, over: bool) -> Event {
    Event::Symptom { symptom: name.to_owned(), over, note: None }
}

fn score(name: &str, value: i32) -> Event {
    Event::Score { score: name.to_owned(), value, note: None }
}

#[test]
fn a_grave_symptom_is_urgent_at_once_whatever_the_numbers() {
    let mut stage = Stage::infusing();
    stage.each_second(fine(5));
    stage.event(symptom("vomiting", false));
    assert_eq!(stage.said(), ["5 symptom medium active"]);
    assert_eq!(stage.room.alert("a1").unwrap().words(), "Symptom: Vomiting");
    stage.event(symptom("chest_pain", false));
    assert_eq!(stage.said()[1..], ["5 symptom high active"]);
    stage.event(symptom("chest_pain", true));
    assert_eq!(stage.said().len(), 2, "vomiting is still there");
    stage.event(symptom("vomiting", true));
    assert_eq!(stage.said()[2..], ["5 symptom high latched"]);
}

#[test]
fn a_further_grave_symptom_ends_the_acknowledgement_of_the_first() {
    let mut stage = Stage::infusing();
    stage.event(symptom("chest_pain", false));
    stage.acknowledge("a1");
    stage.second = 10;
    stage.event(symptom("seizure", false));
    let line = stage.log.last().unwrap();
    assert_eq!((line.alert.as_str(), line.acknowledged.is_none()), ("a1", true));
    assert_eq!(stage.room.alert("a1").unwrap().text, "Symptom: Seizure");
    stage.acknowledge("a1");
    stage.second = 20;
    stage.event(symptom("seizure", false));
    assert!(stage.room.alert("a1").unwrap().acknowledged.is_some(), "it was known");
}

#[test]
fn a_symptom_that_alarms_nothing_is_recorded() {
    let mut stage = Stage::infusing();
    stage.event(symptom("nausea", false));
    assert!(stage.log.is_empty());
    assert_eq!(stage.room.session().unwrap().symptoms[0].symptom, "nausea");
    assert_eq!(stage.room.session().unwrap().events.last().unwrap().text, "Nausea");
}

#[test]
fn sedation_3_is_a_caution_2_is_urgent_and_4_is_its_end() {
    let mut stage = Stage::infusing();
    stage.event(score("moaa_s", 4));
    assert!(stage.log.is_empty());
    stage.event(score("moaa_s", 3));
    stage.event(score("moaa_s", 2));
    stage.acknowledge("a1");
    stage.event(score("moaa_s", 5));
    assert_eq!(
        stage.said(),
        [
            "0 sedation medium active",
            "0 sedation high active",
            "0 sedation high active",
            "0 sedation high resolved",
        ]
    );
    assert_eq!(stage.log[1].value, Some(Decimal::whole(2)));
    assert_eq!(stage.log[1].limit, Some(Decimal::whole(2)));
}

#[test]
fn distress_7_is_a_caution_and_unsafe_behaviour_urgent() {
    let mut stage = Stage::infusing();
    stage.event(score("distress", 6));
    assert!(stage.log.is_empty());
    stage.event(score("distress", 7));
    assert_eq!(stage.said(), ["0 distress medium active"]);
    stage.event(symptom("unsafe_behaviour", false));
    assert_eq!(stage.said()[1..], ["0 distress high active"]);
}

#[test]
fn names_are_read_as_people_write_them() {
    let read = |json: &str| serde_json::from_str::<Event>(json).unwrap();
    assert_eq!(read(r#"{"type":"symptom","symptom":"Chest pain"}"#), symptom("chest_pain", false));
    assert_eq!(read(r#"{"type":"score","score":"MOAA/S","value":3}"#), score("moaa_s", 3));
}

#[test]
fn what_is_no_symptom_or_score_of_the_profile_is_refused_with_what_is() {
    let stage = Stage::infusing();
    let refusal = |event: Event| {
        let refused = stage.room.refusal(&event, Authority::Nurse, stage.room.now());
        refused.map_or_else(String::new, |refused| refused.why)
    };
    assert!(refusal(symptom("itch", false)).contains("chest_pain"));
    assert!(refusal(score("ramsay", 2)).contains("moaa_s"));
    assert_eq!(refusal(score("moaa_s", 6)), "Sedation (MOAA/S, 5 awake) is 0 to 5, got 6.");
    assert_eq!(refusal(score("moaa_s", 5)), "");
}

#[test]
fn what_a_person_measures_counts_as_a_monitors_value() {
    let mut stage = Stage::infusing();
    let by_hand = |systolic, temp: Option<i32>| {
        Event::ManualVitals(ManualVitals {
            systolic: Some(Decimal::whole(systolic)),
            diastolic: Some(Decimal::whole(90)),
            temp: temp.map(Decimal::whole),
            ..ManualVitals::default()
        })
    };
    stage.event(by_hand(204, None));
    assert_eq!(stage.said(), ["0 systolic_high high active"]);
    stage.event(by_hand(120, Some(39)));
    assert_eq!(stage.said()[1..], ["0 temp_high medium active", "0 systolic_high high latched"]);
    let latest = stage.room.latest().iter().find(|latest| latest.vital == Vital::Nibp).unwrap();
    assert_eq!(latest.source, Source::Manual);
    assert!(stage.room.monitors().is_empty(), "a person is no monitor that could be lost");
    let refused = stage.room.refusal(
        &Event::ManualVitals(ManualVitals {
            spo2: Some(Decimal::whole(130)),
            ..ManualVitals::default()
        }),
        Authority::Nurse,
        stage.room.now(),
    );
    assert_eq!(refused.unwrap().why, "spo2 must be 1 to 100, got 130.");
}

#[test]
fn breathing_and_temperature_alarm_where_they_are_measured() {
    let mut stage = Stage::infusing();
    let with = |breaths: i32| {
        vec![spo2(97), pulse(75), Reading::number(Vital::RespRate, Decimal::whole(breaths))]
    };
    stage.each_second(vec![with(10); 60]);
    assert!(stage.log.is_empty(), "below 10 means below");
    stage.each_second(vec![with(9); 30]);
    assert_eq!(stage.said(), ["89 resp_rate_low medium active"]);
    stage.each_second(vec![with(7); 15]);
    assert_eq!(stage.said()[1..], ["104 resp_rate_low high active"]);
    stage.each_second(vec![with(31); 15]);
    assert_eq!(stage.said_of("resp_rate_high"), ["119 resp_rate_high high active"]);
}

#[test]
fn one_sign_of_a_reaction_is_a_caution_and_two_or_an_airway_symptom_are_urgent() {
    let infliximab = |stage: &mut Stage| {
        stage.input(Input::Open(Opening {
            session: SessionId::new("s1").unwrap(),
            profile: builtin("infliximab").unwrap(),
            planned_s: 7_200,
            phase: Phase::Baseline,
            staff: "KM".to_owned(),
        }));
        stage.event(Event::AcceptBaseline(baseline(125, 76, 74, 97)));
        stage.event(Event::Start { overrides: None });
    };
    let mut stage = Stage::without_session();
    infliximab(&mut stage);
    stage.cuff(96, 60);
    assert!(stage.log.is_empty());
    stage.second = 10;
    stage.cuff(95, 60);
    assert_eq!(stage.said_of("reaction"), ["10 reaction medium active"]);
    stage.each_second(vec![vec![spo2(97), pulse(99)]; 60]);
    assert_eq!(stage.said_of("reaction")[1..], ["69 reaction high active"]);
    stage.acknowledge("a1");
    // Pressure back by its margin, heart rate back by its own.
    stage.cuff(101, 64);
    stage.each_second(vec![vec![spo2(97), pulse(84)]; 30]);
    // With one sign left it is milder, and somebody has it.
    assert_eq!(
        stage.said_of("reaction")[2..],
        ["70 reaction high active", "70 reaction medium active", "99 reaction medium resolved"]
    );

    let mut stage = Stage::without_session();
    infliximab(&mut stage);
    stage.event(symptom("wheeze", false));
    assert_eq!(stage.said_of("reaction"), ["0 reaction high active"]);
}
