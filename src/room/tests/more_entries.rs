//! Symptoms, own limits and profiles at their edges.

use super::*;

fn own(condition: Condition, caution: Option<i32>, urgent: Option<i32>) -> Event {
    let limits = OwnLimits {
        caution: caution.map(Decimal::whole),
        urgent: urgent.map(Decimal::whole),
        extreme: None,
    };
    Event::Limits {
        limits: [(condition, Some(limits))].into(),
        reason: "r".to_owned(),
        prescriber: Some("Dr N".to_owned()),
    }
}

#[test]
fn another_symptom_is_not_the_same_alert_without_a_tone() {
    let mut stage = Stage::infusing();
    stage.event(symptom("vomiting", false));
    stage.second = 60;
    stage.event(symptom("vomiting", true));
    stage.second = 120;
    stage.event(symptom("severe_anxiety", false));
    let active = stage.room.alerts().iter().find(|a| a.state == AlertState::Active).unwrap();
    assert_eq!(active.reopened_at, None, "a new symptom has a tone");
}

#[test]
fn the_forty_first_symptom_of_a_recording_alarms() {
    let mut stage = Stage::infusing();
    for n in 0..40 {
        stage.event(symptom(&format!("odd_{n}"), false));
    }
    stage.event(symptom("chest_pain", false));
    assert!(!stage.said_of("symptom").is_empty());
}

#[test]
fn breathing_counted_by_hand_alarms() {
    let mut stage = Stage::infusing();
    stage.event(Event::ManualVitals(ManualVitals {
        resp_rate: Some(Decimal::whole(5)),
        ..ManualVitals::default()
    }));
    stage.each_second(fine(60));
    assert!(!stage.said_of("resp_rate_low").is_empty());
}

#[test]
fn two_grave_symptoms_in_one_second_are_both_told() {
    let mut stage = Stage::infusing();
    stage.event(symptom("seizure", false));
    stage.acknowledge("a1");
    stage.event(symptom("chest_pain", false));
    assert!(stage.room.alert("a1").unwrap().acknowledged.is_none());
    stage.acknowledge("a1");
    stage.event(symptom("breathlessness", false));
    assert!(stage.room.alert("a1").unwrap().acknowledged.is_none());
}

#[test]
fn a_reaction_by_a_symptom_ends_with_the_symptom() {
    let mut stage = Stage::without_session();
    open_as(&mut stage, "s1", "infliximab");
    stage.event(Event::AcceptBaseline(baseline(125, 76, 74, 97)));
    stage.event(Event::Start { overrides: None });
    stage.each_second(fine(10));
    stage.event(symptom("wheeze", false));
    stage.acknowledge("a1");
    stage.event(symptom("wheeze", true));
    stage.each_second(fine(100));
    assert!(!stage.room.is_active(Condition::Reaction), "{:?}", stage.said());
}

#[test]
fn a_reaction_says_which_sign_stands_now() {
    let mut stage = Stage::without_session();
    open_as(&mut stage, "s1", "infliximab");
    stage.event(Event::AcceptBaseline(baseline(125, 76, 74, 97)));
    stage.event(Event::Start { overrides: None });
    stage.each_second(fine(10));
    stage.cuff(95, 60);
    stage.each_second(vec![vec![spo2(97), pulse(99)]; 55]);
    stage.cuff(120, 70);
    stage.each_second(vec![vec![spo2(97), pulse(99)]; 60]);
    let alert = stage
        .room
        .alerts()
        .iter()
        .find(|a| a.condition == Condition::Reaction && a.state == AlertState::Active)
        .unwrap();
    assert!(alert.text.contains("heart rate"), "{}", alert.text);
}

#[test]
fn the_first_who_takes_an_alert_has_it() {
    let mut stage = Stage::infusing();
    stage.cuff(204, 90);
    stage.acknowledge("a1");
    stage.second = 100;
    stage.input(Input::Acknowledge { staff: "XX".to_owned(), alert: "a1".to_owned() });
    assert_eq!(stage.room.alert("a1").unwrap().acknowledged.as_ref().unwrap().by, "KM");
}

#[test]
fn a_lower_baseline_accepted_later_takes_the_overridden_limits_back() {
    let mut stage = Stage::without_session();
    stage.open();
    let overrides = Some(Override { reason: "usual".to_owned() });
    stage.event(Event::AcceptBaseline(Acceptance { overrides, ..baseline(158, 88, 75, 97) }));
    stage.event(Event::AcceptBaseline(baseline(124, 78, 75, 97)));
    stage.event(Event::Start { overrides: None });
    stage.cuff(165, 90);
    stage.second = 60;
    stage.cuff(166, 90);
    assert_eq!(stage.said_of_pressure(), ["60 systolic_high medium active"]);
}

#[test]
fn a_nurses_caution_does_not_loosen_the_prescribers_urgent_limit() {
    let mut stage = Stage::infusing();
    stage.event(own(Condition::SystolicHigh, Some(150), Some(165)));
    let by_nurse = own(Condition::SystolicHigh, Some(155), None);
    let refused = stage.room.refusal(&by_nurse, Authority::Nurse, stage.room.now());
    stage.event(by_nurse);
    stage.cuff(170, 90);
    stage.second = 60;
    stage.cuff(171, 90);
    assert!(
        refused.is_some() || stage.said_of_pressure().iter().any(|l| l.contains(" high ")),
        "{:?}",
        stage.said()
    );
}

#[test]
fn absurd_limits_of_a_recording_do_no_harm() {
    let mut stage = Stage::infusing();
    for v in [-999_999_999, 0, 999_999_999] {
        for condition in Condition::ALL {
            let limits = OwnLimits {
                caution: Some(Decimal::whole(v)),
                urgent: Some(Decimal::whole(-v)),
                extreme: Some(Decimal::whole(v)),
            };
            stage.event(Event::Limits {
                limits: [(condition, Some(limits))].into(),
                reason: String::new(),
                prescriber: None,
            });
        }
        stage.cuff(120, 80);
        stage.each_second(fine(40));
        let json = stage.room.checkpoint();
        assert_eq!(
            Room::from_checkpoint(&json).unwrap(),
            Room { outputs: Default::default(), ..stage.room.clone() }
        );
    }
}

#[test]
fn own_limits_of_an_overridden_baseline_with_own_urgent_limit() {
    let mut stage = Stage::without_session();
    stage.open();
    stage.event(Event::AcceptBaseline(baseline(150, 95, 75, 97)));
    stage.event(own(Condition::SystolicHigh, None, Some(178)));
    let overrides = Some(Override { reason: "usual".to_owned() });
    stage.event(Event::Start { overrides });
    assert_eq!(stage.room.shown_limits().systolic.high, Some(Decimal::whole(170)));
}

#[test]
fn a_profile_with_a_negative_cap_is_refused_or_does_no_harm() {
    let mut json = serde_json::to_value(&*builtin(DEFAULT_PROFILE).unwrap()).unwrap();
    for row in json["conditions"].as_array_mut().unwrap() {
        if row["condition"] == "spo2_low" {
            row["rule"]["held"]["deficits"][0]["most"] = serde_json::json!(-1.0);
        }
    }
    let profile: Profile = serde_json::from_value(json).unwrap();
    let Ok(profile) = profile.checked() else { return };
    let mut stage = Stage::infusing();
    stage.input(Input::Profile(Arc::new(profile)));
    stage.each_second(vec![vec![spo2(85), pulse(75)]; 3]);
}

#[test]
fn a_delay_longer_than_the_memory_is_refused() {
    let mut json = serde_json::to_value(&*builtin(DEFAULT_PROFILE).unwrap()).unwrap();
    for row in json["conditions"].as_array_mut().unwrap() {
        if row["condition"] == "temp_high" {
            row["rule"]["held"]["stages"][0]["for_s"] = serde_json::json!(400);
        }
        if row["condition"] == "spo2_low" {
            row["rule"]["held"]["clearing"]["for_s"] = serde_json::json!(400);
        }
    }
    let profile: Profile = serde_json::from_value(json).unwrap();
    assert!(profile.checked().is_err());
}

fn spo2_by_hand(percent: i32) -> Event {
    Event::ManualVitals(ManualVitals {
        spo2: Some(Decimal::whole(percent)),
        ..ManualVitals::default()
    })
}

#[test]
fn an_urgent_value_counted_by_a_person_is_told_although_the_monitor_shows_a_good_one() {
    let mut stage = Stage::infusing();
    stage.each_second(fine(40));
    stage.event(spo2_by_hand(80));
    assert_eq!(stage.said(), ["40 spo2_low high active"]);
    let alert = stage.room.alert("a1").unwrap();
    assert_eq!(alert.words(), "SpO2 low by hand 80 (limit 85)");
    // The monitor's good values end it only after their usual time, and it stays until seen.
    stage.each_second(fine(29));
    assert_eq!(stage.said()[1..], [] as [&str; 0]);
    stage.each_second(fine(3));
    assert_eq!(stage.said()[1..], ["70 spo2_low high latched"]);
}

#[test]
fn the_monitors_number_written_down_is_no_alert_and_ends_none() {
    let mut stage = Stage::infusing();
    stage.each_second(fine(40));
    stage.event(spo2_by_hand(91));
    stage.each_second(fine(40));
    assert_eq!(stage.said(), [] as [&str; 0]);
    stage.event(symptom("chest_pain", false));
    stage.event(spo2_by_hand(98));
    assert_eq!(stage.said(), ["80 symptom high active"]);
}

#[test]
fn a_swelling_airway_is_urgent_whatever_the_drug() {
    for sign in ["wheeze", "throat_tightness", "swelling"] {
        let mut stage = Stage::infusing();
        stage.event(symptom(sign, false));
        assert_eq!(stage.said(), ["0 symptom high active"], "{sign}");
    }
}

#[test]
fn when_one_of_two_symptoms_has_gone_the_words_name_the_one_that_is_left() {
    let mut stage = Stage::infusing();
    stage.event(symptom("vomiting", false));
    stage.event(symptom("fainting", false));
    assert_eq!(stage.room.alert("a1").unwrap().text, "Symptom: Fainting");
    stage.event(symptom("fainting", true));
    let alert = stage.room.alert("a1").unwrap();
    assert_eq!(alert.text, "Symptom: Vomiting");
    assert_eq!(alert.priority, crate::profile::Priority::High, "it never falls while it is open");
}

#[test]
fn who_had_an_alert_before_it_asked_again_stays_known() {
    let mut stage = Stage::infusing();
    stage.event(symptom("chest_pain", false));
    stage.acknowledge("a1");
    stage.wait(121);
    let alert = stage.room.alert("a1").unwrap();
    assert_eq!(alert.acknowledged, None);
    let before = Acknowledged { by: "KM".to_owned(), at: START };
    assert_eq!(alert.acknowledged_before, Some(before));
}

#[test]
fn a_reading_that_is_overdue_after_a_change_of_rate_is_not_put_off_by_the_next_change() {
    let mut stage = Stage::infusing();
    stage.cuff(120, 78);
    stage.event(Event::Pause { reason: None });
    stage.wait(330);
    let due = |stage: &Stage| {
        let tasks = stage.room.tasks();
        tasks.iter().find(|task| task.text.contains("change of rate")).map(|task| task.due)
    };
    let first = due(&stage).expect("a reading is due 5 min after the pause");
    stage.event(Event::Resume {});
    assert_eq!(due(&stage), Some(first));
}

#[test]
fn a_reading_that_an_alert_wants_is_wanted_although_somebody_had_asked_for_one() {
    let mut stage = Stage::infusing();
    stage.cuff(120, 78);
    stage.second = 10;
    stage.event(Event::BpNow {});
    stage.event(symptom("chest_pain", false));
    let asked = |stage: &Stage| stage.room.tasks().into_iter().any(|t| t.text == "BP now: Symptom");
    assert!(asked(&stage));
}

#[test]
fn a_value_counted_again_keeps_its_alert() {
    let mut stage = Stage::infusing();
    stage.each_second(fine(40));
    stage.event(spo2_by_hand(80));
    stage.acknowledge("a1");
    stage.each_second(fine(25));
    stage.event(spo2_by_hand(81));
    stage.each_second(fine(29));
    assert_eq!(stage.room.alert("a1").unwrap().state, AlertState::Active);
    stage.each_second(fine(3));
    assert_eq!(stage.room.alert("a1").unwrap().state, AlertState::Resolved);
}
