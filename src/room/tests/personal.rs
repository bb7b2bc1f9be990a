use super::*;

fn own(condition: Condition, caution: Option<i32>, urgent: Option<i32>) -> Event {
    let limit = |value: Option<i32>| value.map(Decimal::whole);
    let limits =
        OwnLimits { caution: limit(caution), urgent: limit(urgent), ..OwnLimits::default() };
    Event::Limits {
        limits: [(condition, Some(limits))].into(),
        reason: "known".to_owned(),
        prescriber: None,
    }
}

fn refusal(stage: &Stage, event: &Event, authority: Authority) -> String {
    stage
        .room
        .refusal(event, authority, stage.room.now())
        .map_or_else(String::new, |refused| refused.why)
}

#[test]
fn own_limits_take_the_place_of_the_mildest_alternative_and_leave_the_graver_ones() {
    let mut stage = Stage::infusing();
    stage.event(own(Condition::SystolicHigh, Some(172), None));
    stage.cuff(171, 80);
    stage.second = 200;
    stage.cuff(171, 80);
    assert!(stage.said_of_pressure().is_empty(), "neither one of 170 nor two of 160");
    stage.second = 400;
    stage.cuff(173, 80);
    stage.second = 600;
    assert_eq!(stage.said_of_pressure(), ["400 systolic_high medium active"]);
}

#[test]
fn tightened_limits_count_and_the_screen_shows_them() {
    let mut stage = Stage::infusing();
    stage.event(own(Condition::Spo2Low, Some(94), Some(92)));
    stage.each_second(vec![vec![spo2(94), pulse(75)]; 30]);
    assert_eq!(stage.said(), ["29 spo2_low medium active"]);
    assert_eq!(stage.room.shown_limits().spo2.low, Some(Decimal::whole(94)));
    let session = stage.room.session().unwrap();
    assert_eq!(session.personal[0].by, "KM");
    assert_eq!(session.reasons[&Condition::Spo2Low], "known");
}

#[test]
fn limits_that_are_taken_away_are_the_profiles_again() {
    let mut stage = Stage::infusing();
    stage.event(own(Condition::Spo2Low, Some(88), None));
    stage.each_second(vec![vec![spo2(91), pulse(75)]; 40]);
    assert!(stage.log.is_empty());
    stage.event(Event::Limits {
        limits: [(Condition::Spo2Low, None)].into(),
        reason: "no longer".to_owned(),
        prescriber: None,
    });
    assert_eq!(stage.said(), ["40 spo2_low medium active"], "it stands, so it alarms at once");
    assert!(stage.room.session().unwrap().personal.is_empty());
}

#[test]
fn only_a_prescriber_loosens_a_limit() {
    let stage = Stage::infusing();
    let looser = own(Condition::SystolicHigh, None, Some(190));
    assert!(refusal(&stage, &looser, Authority::Nurse).contains("only a prescriber"));
    assert_eq!(refusal(&stage, &looser, Authority::Prescriber), "");
    let tighter = own(Condition::SystolicHigh, Some(145), Some(170));
    assert_eq!(refusal(&stage, &tighter, Authority::Nurse), "");
    let caution = own(Condition::SystolicHigh, Some(175), None);
    assert!(refusal(&stage, &caution, Authority::Lead).contains("only a prescriber"));
    assert_eq!(refusal(&stage, &caution, Authority::Prescriber), "");
    let low = own(Condition::Spo2Low, Some(88), Some(84));
    assert!(refusal(&stage, &low, Authority::Nurse).contains("only a prescriber"));
}

#[test]
fn taking_away_a_tighter_limit_loosens_it() {
    let mut stage = Stage::infusing();
    stage.event(own(Condition::Spo2Low, Some(94), None));
    let limits = [(Condition::Spo2Low, None)].into();
    let away = Event::Limits { limits, reason: "calm".to_owned(), prescriber: None };
    assert!(refusal(&stage, &away, Authority::Lead).contains("(94 to 92)"));
    assert_eq!(refusal(&stage, &away, Authority::Prescriber), "");
}

#[test]
fn limits_that_make_no_sense_are_refused_in_words() {
    let stage = Stage::infusing();
    let said = |event: Event| refusal(&stage, &event, Authority::Prescriber);
    assert!(said(own(Condition::SystolicHigh, Some(250), None)).contains("110 to 240"));
    assert!(said(own(Condition::SystolicHigh, Some(190), None)).contains("in this order"));
    assert!(said(own(Condition::HrHigh, None, None)).contains("enter caution"));
    assert!(said(own(Condition::MonitorLost, Some(1), None)).contains("no limit"));
    let without_reason = Event::Limits {
        limits: [(Condition::HrLow, Some(OwnLimits::default()))].into(),
        reason: " ".to_owned(),
        prescriber: None,
    };
    assert_eq!(said(without_reason), "Own limits need a reason.");
}

#[test]
fn limits_end_with_the_session() {
    let mut stage = Stage::infusing();
    stage.event(own(Condition::Spo2Low, Some(88), None));
    stage.event(Event::Abort { reason: None });
    stage.open();
    assert!(stage.room.session().unwrap().personal.is_empty());
    assert_eq!(stage.room.shown_limits().spo2.low, Some(Decimal::whole(92)));
}

#[test]
fn a_high_baseline_that_was_overridden_moves_the_caution_limits_and_no_other() {
    let mut stage = Stage::without_session();
    stage.open();
    stage.event(Event::AcceptBaseline(baseline(150, 95, 75, 97)));
    let reason = "usual for her".to_owned();
    stage.event(Event::Start { overrides: Some(Override { reason }) });
    let limits = stage.room.shown_limits();
    assert_eq!(limits.systolic.high, Some(Decimal::whole(170)));
    assert_eq!(limits.diastolic.high, Some(Decimal::whole(107)));
    stage.cuff(181, 100);
    stage.second = 60;
    stage.cuff(182, 100);
    assert_eq!(stage.said_of_pressure().last().unwrap(), "60 systolic_high high active");
    assert_eq!(stage.room.session().unwrap().personal.len(), 2);

    let mut usual = Stage::without_session();
    usual.open();
    usual.event(Event::AcceptBaseline(baseline(120, 80, 75, 97)));
    let reason = "no escort yet".to_owned();
    usual.event(Event::Start { overrides: Some(Override { reason }) });
    assert!(usual.room.session().unwrap().personal.is_empty());
}

#[test]
fn a_low_baseline_is_accepted_as_known_low_alone() {
    let stage = {
        let mut stage = Stage::without_session();
        stage.open();
        stage
    };
    let said = |acceptance: Acceptance| {
        refusal(&stage, &Event::AcceptBaseline(acceptance), Authority::Nurse)
    };
    assert!(said(baseline(118, 74, 45, 97)).contains("known low"));
    assert_eq!(said(Acceptance { known_low: true, ..baseline(118, 74, 45, 97) }), "");
    let copd = Acceptance { known_low: true, ..baseline(118, 74, 75, 91) };
    assert!(said(copd.clone()).contains("name the prescriber"));
    let prescriber = Some("N. Weber".to_owned());
    assert_eq!(said(Acceptance { prescriber, ..copd }), "");
    assert!(said(baseline(500, 74, 75, 97)).contains("30 to 300"));
}
