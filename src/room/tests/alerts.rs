use super::*;

fn low(seconds: usize) -> Vec<Vec<Reading>> {
    vec![vec![spo2(84), pulse(75)]; seconds]
}

/// A high alert, raised in second 4.
fn with_high_alert() -> Stage {
    let mut stage = Stage::infusing();
    stage.each_second(low(5));
    assert_eq!(stage.said(), ["4 spo2_low high active"]);
    stage
}

#[test]
fn a_condition_has_one_open_alert() {
    let mut stage = with_high_alert();
    stage.each_second(low(300));
    assert_eq!(stage.log.len(), 1);
}

#[test]
fn priority_never_falls_while_an_alert_is_open() {
    let mut stage = with_high_alert();
    stage.each_second(vec![vec![spo2(91), pulse(75)]; 120]);
    assert_eq!(stage.room.alert("a1").unwrap().priority, crate::profile::Priority::High);
    assert_eq!(stage.log.len(), 1);
}

#[test]
fn a_high_alert_that_nobody_took_stays_latched_until_it_is_seen() {
    let mut stage = with_high_alert();
    stage.each_second(fine(30));
    assert_eq!(stage.said()[1..], ["34 spo2_low high latched"]);
    stage.each_second(fine(400));
    assert_eq!(stage.log.len(), 2);
    stage.acknowledge("a1");
    assert_eq!(stage.said()[2..], ["435 spo2_low high resolved"]);
}

#[test]
fn a_latched_alert_that_recurs_is_active_again_under_its_number() {
    let mut stage = with_high_alert();
    stage.each_second(fine(100));
    stage.each_second(low(5));
    assert_eq!(stage.said_of("spo2_low")[2..], ["109 spo2_low high active"]);
    assert_eq!(stage.log.iter().filter(|line| line.alert == "a1").count(), 3);
}

#[test]
fn an_alert_that_was_taken_is_resolved_when_it_is_over() {
    let mut stage = with_high_alert();
    stage.acknowledge("a1");
    let taken = stage.log[1].acknowledged.clone().unwrap();
    assert_eq!((taken.by.as_str(), taken.at), ("KM", START.plus(5_000)));
    stage.each_second(fine(100));
    assert_eq!(stage.said()[2..], ["34 spo2_low high resolved"]);
    stage.each_second(low(5));
    let again = stage.log.last().unwrap();
    assert_eq!((again.condition, again.state), (Condition::Spo2Low, AlertState::Active));
    assert_ne!(again.alert, "a1", "an urgent alert that was closed is not opened again");
}

#[test]
fn a_standing_high_alert_asks_again_120_s_after_it_was_taken() {
    let mut stage = with_high_alert();
    stage.acknowledge("a1");
    stage.each_second(low(130));
    assert_eq!(stage.log.len(), 3);
    assert_eq!(stage.log[2].at, START.plus(125_000));
    assert_eq!(stage.log[2].acknowledged, None);
}

#[test]
fn worse_ends_acknowledgement_and_silence() {
    let mut stage = Stage::infusing();
    stage.each_second(vec![vec![spo2(91), pulse(75)]; 30]);
    stage.acknowledge("a1");
    let (staff, alert) = ("KM".to_owned(), "a1".to_owned());
    stage.input(Input::Silence { staff, alert, seconds: 120 });
    assert!(stage.log[2].silenced_until.is_some());
    stage.each_second(low(5));
    let of_it = |line: &&AlertLine| line.condition == Condition::Spo2Low;
    let worse = stage.log.iter().rfind(of_it).unwrap();
    assert_eq!(worse.priority, crate::profile::Priority::High);
    assert_eq!((&worse.acknowledged, worse.silenced_until), (&None, None));

    let mut stage = Stage::infusing();
    stage.cuff(184, 90);
    stage.second = 30;
    stage.cuff(185, 90);
    stage.acknowledge("a1");
    stage.second = 60;
    stage.cuff(204, 100);
    let extreme = stage.log.last().unwrap();
    assert_eq!((extreme.acknowledged.clone(), extreme.limit), (None, Some(Decimal::whole(200))));
}

#[test]
fn a_silence_is_for_one_alert_at_most_120_s_and_ends_by_itself() {
    let mut stage = with_high_alert();
    let (staff, alert) = ("KM".to_owned(), "a1".to_owned());
    stage.input(Input::Silence { staff, alert, seconds: 3_600 });
    assert_eq!(stage.log[1].silenced_until, Some(START.plus(125_000)));
    stage.each_second(vec![vec![spo2(84), pulse(131)]; 125]);
    let ended = stage.log.iter().find(|line| line.at == START.plus(125_000)).unwrap();
    assert_eq!((ended.condition, ended.silenced_until), (Condition::Spo2Low, None));
    let other = stage.log.iter().find(|line| line.condition == Condition::HrHigh).unwrap();
    assert_eq!(other.silenced_until, None, "a new alert sounds through a silence");
}

#[test]
fn acknowledging_touches_one_alert() {
    let mut stage = with_high_alert();
    stage.cuff(204, 90);
    stage.acknowledge("a2");
    assert!(stage.room.alert("a1").unwrap().acknowledged.is_none());
    assert!(stage.room.alert("a2").unwrap().acknowledged.is_some());
}

#[test]
fn an_unknown_alert_is_ignored() {
    let mut stage = with_high_alert();
    let before = stage.room.alerts().to_vec();
    stage.acknowledge("a7");
    stage.acknowledge("nonsense");
    assert_eq!(stage.room.alerts(), before);
}

#[test]
fn discharge_closes_what_was_about_measuring_and_keeps_what_nobody_saw() {
    let mut stage = Stage::infusing();
    stage.each_second(fine(10));
    stage.cuff(175, 90);
    stage.each_second(vec![vec![no_spo2(Absent::SensorOff), pulse(75)]; 15]);
    stage.event(Event::Stop { reason: None });
    stage.event(Event::Discharge { overrides: None });
    let states: Vec<_> = stage.room.alerts().iter().map(|a| (a.condition, a.state)).collect();
    assert_eq!(
        states,
        [
            (Condition::SystolicHigh, AlertState::Latched),
            (Condition::Spo2NoValue, AlertState::Resolved),
        ]
    );
    stage.acknowledge("a1");
    assert!(stage.room.alerts().iter().all(|alert| !alert.is_open()));
}

#[test]
fn alerts_without_a_session_are_numbered_by_room_and_day() {
    let mut stage = Stage::without_session();
    stage.each_second(low(5));
    assert_eq!(stage.log[0].alert, "3-20261121-a1");
    stage.open();
    stage.cuff(80, 50);
    assert_eq!(stage.log[1].alert, "a1");
    assert_eq!(stage.room.alert("a1").unwrap().id(), "s1-a1");
    assert_eq!(stage.room.alert("3-20261121-a1").unwrap().condition, Condition::Spo2Low);
    for other in ["3-20261121-a01", "3-20261121-a11", "3-20261121-a", "3-20261121", "s1-a+1"] {
        assert!(stage.room.alert(other).is_none(), "{other}");
    }
}

#[test]
fn after_a_restart_the_same_alerts_stand_with_their_acknowledgements() {
    let mut stage = with_high_alert();
    stage.acknowledge("a1");
    stage.cuff(204, 100);
    // People are called again at the end of it: see the tests of that.
    let stand = |stage: &Stage| {
        let mut alerts = stage.room.alerts().to_vec();
        alerts
            .iter_mut()
            .for_each(|alert| alert.calling = super::super::calling::Calling::default());
        alerts
    };
    let before = stand(&stage);
    let blind_from = stage.now();
    stage.second += 40;
    let blind_to = stage.now();
    stage.log.clear();
    stage.input(Input::Restart { blind_from, blind_to });
    assert_eq!(stand(&stage), before);
    assert!(stage.log.is_empty());
    stage.each_second(low(90));
    assert_eq!(stage.said(), ["125 spo2_low high active"], "it asks again at its time");
}

#[test]
fn a_blind_time_neither_raises_nor_clears_but_what_was_due_in_it_fires_at_its_end() {
    let mut stage = Stage::infusing();
    stage.each_second(fine(10));
    stage.cuff(184, 96);
    stage.second = 20;
    let blind_from = stage.now();
    stage.second = 400;
    let blind_to = stage.now();
    stage.input(Input::Restart { blind_from, blind_to });
    let said = stage.said();
    assert_eq!(said, ["10 systolic_high medium active", "400 systolic_high high active"]);
    stage.wait(11);
    assert_eq!(stage.log.len(), 2);
    stage.wait(2);
    assert_eq!(stage.said()[2..], ["412 monitor_lost low active"]);
}

#[test]
fn a_monitor_that_was_lost_before_a_restart_is_lost_after_it() {
    let mut stage = Stage::infusing();
    stage.each_second(fine(10));
    stage.wait(15);
    assert_eq!(stage.said(), ["21 monitor_lost low active"]);
    let blind_from = stage.now();
    stage.second += 5;
    let blind_to = stage.now();
    stage.input(Input::Restart { blind_from, blind_to });
    stage.wait(1);
    assert_eq!(stage.log.len(), 1, "neither ended nor raised anew");
    stage.each_second(fine(1));
    assert_eq!(stage.log.last().unwrap().state, AlertState::Resolved);
}

#[test]
fn a_baseline_without_values_is_what_the_room_measured() {
    let mut stage = Stage::without_session();
    stage.open();
    assert!(
        stage
            .room
            .refusal(
                &Event::AcceptBaseline(Acceptance::default()),
                Authority::Nurse,
                stage.room.now()
            )
            .is_some()
    );
    stage.cuff(120, 80);
    stage.second = 120;
    stage.cuff(124, 78);
    stage.each_second(fine(60));
    stage.event(Event::AcceptBaseline(Acceptance::default()));
    let session = stage.room.session().unwrap();
    assert_eq!(session.baseline, Some(baseline(120, 78, 75, 97).values()));
    assert_eq!(session.phase, Phase::Ready);
}

#[test]
fn the_infused_time_stands_still_while_paused() {
    let mut stage = Stage::infusing();
    stage.wait(100);
    stage.event(Event::Pause { reason: None });
    stage.wait(50);
    stage.event(Event::Resume {});
    stage.wait(10);
    stage.event(Event::Stop { reason: None });
    assert_eq!(stage.room.session().unwrap().infused_ms, 110_000);
}

#[test]
fn an_alert_of_the_next_patient_is_the_next_patients() {
    let mut stage = with_high_alert();
    stage.event(Event::Stop { reason: None });
    stage.event(Event::Discharge { overrides: None });
    assert_eq!(stage.room.alerts()[0].state, AlertState::Latched);
    stage.input(Input::Open(Opening {
        session: SessionId::new("s2").unwrap(),
        profile: builtin(DEFAULT_PROFILE).unwrap(),
        planned_s: 2_400,
        phase: Phase::Baseline,
        staff: "KM".to_owned(),
    }));
    stage.each_second(low(6));
    let ids: Vec<_> =
        stage.room.alerts().iter().filter(|alert| alert.is_open()).map(Alert::id).collect();
    assert_eq!(ids, ["s2-a1"]);
}

#[test]
fn a_baseline_that_was_forgotten_is_accepted_late_and_changes_no_phase() {
    let mut stage = Stage::without_session();
    stage.open();
    stage.event(Event::Start { overrides: None });
    let low = baseline(118, 74, 75, 91);
    let prescriber = Some("N. Weber".to_owned());
    let late = Event::AcceptBaseline(Acceptance { known_low: true, prescriber, ..low });
    assert_eq!(stage.room.refusal(&late, Authority::Nurse, stage.room.now()), None);
    stage.event(late);
    let session = stage.room.session().unwrap();
    assert_eq!((session.phase, session.infused_ms), (Phase::Infusing, 0));
    assert_eq!(stage.room.shown_limits().spo2.low, Some(Decimal::whole(88)));
}

#[test]
fn a_caution_that_comes_back_after_300_s_is_the_same_and_after_301_s_another() {
    let again_after = |seconds: i64| {
        let mut stage = Stage::infusing();
        let vomiting = |over| Event::Symptom { symptom: "vomiting".to_owned(), over, note: None };
        stage.event(vomiting(false));
        stage.event(vomiting(true));
        stage.second += seconds;
        stage.event(vomiting(false));
        let of_it = stage.log.iter().filter(|line| line.condition == Condition::Symptom);
        of_it.map(|line| line.alert.clone()).collect::<Vec<_>>()
    };
    let is_one = |names: &[String]| names.iter().all(|name| *name == names[0]);
    assert!(is_one(&again_after(300)));
    assert!(!is_one(&again_after(301)));
}

#[test]
fn an_alert_has_ended_when_its_condition_was_over_not_when_it_was_seen() {
    let mut stage = with_high_alert();
    stage.each_second(fine(100));
    stage.acknowledge("a1");
    let alert = stage.room.alert("a1").unwrap();
    assert_eq!(alert.state, AlertState::Resolved);
    assert_eq!(alert.ended_at, Some(START.plus(34_000)));
}

#[test]
fn worse_ends_the_time_at_which_it_would_have_asked_again() {
    let mut stage = Stage::infusing();
    stage.each_second(vec![vec![spo2(91), pulse(75)]; 30]);
    stage.acknowledge("a1");
    stage.each_second(low(700));
    let last = stage.log.iter().rfind(|line| line.condition == Condition::Spo2Low).unwrap();
    assert_eq!(last.at, START.plus(34_000), "nothing more is said of it");
}

#[test]
fn an_alert_that_is_over_is_neither_silenced_nor_taken_again() {
    let mut stage = with_high_alert();
    stage.each_second(fine(40));
    let (staff, alert) = ("KM".to_owned(), "a1".to_owned());
    stage.input(Input::Silence { staff, alert, seconds: 60 });
    assert_eq!(stage.room.alert("a1").unwrap().silenced_until, None);
    stage.acknowledge("a1");
    let said = stage.log.len();
    stage.second += 10;
    stage.acknowledge("a1");
    assert_eq!(stage.log.len(), said);
}

#[test]
fn an_input_stamped_earlier_counts_as_now() {
    let mut stage = with_high_alert();
    let now = stage.room.now();
    let (staff, alert) = ("KM".to_owned(), "a1".to_owned());
    stage.room.handle(&Input::Acknowledge { staff, alert }, START);
    assert_eq!(stage.room.now(), now);
    assert_eq!(stage.room.alert("a1").unwrap().acknowledged.as_ref().unwrap().at, now);
}

#[test]
fn what_somebody_took_is_closed_when_the_patient_leaves() {
    let mut stage = Stage::infusing();
    stage.cuff(175, 90);
    stage.acknowledge("a1");
    stage.event(Event::Stop { reason: None });
    stage.event(Event::Discharge { overrides: None });
    assert_eq!(stage.room.alerts()[0].state, AlertState::Resolved);
}

#[test]
fn what_somebody_has_follows_its_condition_down_and_rises_again_as_worse() {
    let mut stage = Stage::infusing();
    let low = |value, seconds| vec![vec![spo2(value), pulse(75)]; seconds];
    stage.each_second(low(84, 5));
    assert_eq!(stage.said(), ["4 spo2_low high active"]);
    stage.each_second(low(91, 40));
    assert_eq!(stage.said().len(), 1, "nobody has it: it does not fall");
    stage.acknowledge("a1");
    stage.each_second(low(91, 10));
    let said = stage.said_of("spo2_low");
    assert_eq!(said.last().unwrap(), "45 spo2_low medium active", "{said:?}");
    assert!(stage.room.alert("a1").unwrap().acknowledged.is_some(), "and KM still has it");
    stage.each_second(low(84, 5));
    let alert = stage.room.alert("a1").unwrap();
    assert_eq!(alert.priority, crate::profile::Priority::High);
    assert_eq!(alert.acknowledged, None, "worse: it asks again");
}

#[test]
fn a_pressure_that_is_looked_at_again_or_stays_high_does_not_fall() {
    let mut stage = Stage::infusing();
    stage.cuff(186, 100);
    stage.second = 60;
    stage.cuff(187, 100);
    stage.acknowledge("a1");
    let said = stage.said_of("systolic_high").len();
    stage.event(Event::Pause { reason: None });
    stage.second = 120;
    stage.cuff(184, 100);
    stage.second = 150;
    stage.cuff(178, 100);
    assert_eq!(stage.said_of("systolic_high").len(), said, "{:?}", stage.said());
    stage.second = 170;
    stage.cuff(172, 96);
    assert_eq!(stage.said_of("systolic_high").last().unwrap(), "170 systolic_high medium active");
}

#[test]
fn an_alert_names_the_worst_so_far_and_since_when_it_is_active_this_time() {
    let mut stage = Stage::infusing();
    let low = |value, seconds| vec![vec![spo2(value), pulse(75)]; seconds];
    stage.each_second(low(84, 5));
    let alert = stage.room.alert("a1").unwrap();
    assert_eq!(alert.words(), "SpO2 low 84 (limit 85)");
    stage.each_second(low(76, 3));
    stage.each_second(low(83, 2));
    let alert = stage.room.alert("a1").unwrap();
    assert_eq!(alert.words(), "SpO2 low, worst 76 (limit 85)");
    assert_eq!(alert.worst_at, Some(START.plus(5_000)));
    assert_eq!(alert.value, Some(Decimal::whole(84)), "what raised it stays in the log");
    stage.each_second(low(97, 40));
    assert_eq!(stage.room.alert("a1").unwrap().state, AlertState::Latched);
    let back = stage.now();
    stage.each_second(low(84, 6));
    let alert = stage.room.alert("a1").unwrap();
    assert_eq!(alert.state, AlertState::Active);
    assert!(alert.active_since >= back && alert.raised_at == START.plus(4_000));
    assert_eq!(alert.worst, Some(Decimal::whole(76)), "the worst so far");
}

#[test]
fn a_value_below_what_the_monitor_can_tell_is_judged_as_its_floor_and_shown_as_below_it() {
    let mut stage = Stage::infusing();
    let floor = || Reading { bound: Some(crate::vitals::Bound::Below), ..spo2(70) };
    stage.each_second((0..6).map(|_| vec![floor(), pulse(75)]));
    assert_eq!(stage.said_of("spo2_low").last().unwrap(), "4 spo2_low high active");
    assert_eq!(stage.room.alert("a1").unwrap().words(), "SpO2 low <70 (limit 85)");
}

#[test]
fn the_third_time_within_ten_minutes_an_alert_stays_until_two_minutes_are_inside() {
    let mut stage = Stage::infusing();
    let low = |value, seconds| vec![vec![spo2(value), pulse(75)]; seconds];
    for _ in 0..3 {
        stage.each_second(low(87, 20));
        stage.each_second(low(97, 40));
    }
    let turns = |stage: &Stage| stage.said_of("spo2_low").len();
    assert_eq!(turns(&stage), 5, "{:?}", stage.said());
    assert!(stage.room.is_active(Condition::Spo2Low));
    stage.each_second(low(87, 20));
    stage.each_second(low(97, 119));
    assert_eq!(turns(&stage), 5);
    stage.each_second(low(97, 2));
    assert!(!stage.room.is_active(Condition::Spo2Low));
    // Much later it comes and goes as ever.
    stage.each_second(low(97, 700));
    stage.each_second(low(87, 20));
    stage.each_second(low(97, 31));
    assert!(!stage.room.is_active(Condition::Spo2Low));
}
