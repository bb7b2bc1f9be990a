//! What one patient leaves behind is not the next one's.

use super::*;

#[test]
fn an_unseen_alert_of_the_last_patient_does_not_hide_the_next_ones_diastolic() {
    let mut stage = Stage::infusing();
    stage.cuff(204, 90);
    next_patient(&mut stage);
    stage.second = 60;
    stage.cuff(140, 125);
    assert_eq!(stage.said_of("diastolic_high"), ["60 diastolic_high high active"]);
}

#[test]
fn an_unseen_alert_of_the_last_patient_does_not_swallow_the_next_ones_first_urgent_reading() {
    let mut stage = Stage::infusing();
    stage.cuff(204, 90);
    next_patient(&mut stage);
    stage.second = 60;
    stage.cuff(184, 96);
    stage.each_second(fine(200));
    let said = stage.said_of("systolic_high");
    assert!(said.contains(&"240 systolic_high high active".to_owned()), "{said:?}");
}

#[test]
fn a_slow_heart_of_the_last_patient_makes_no_extreme_of_the_next_ones_pressure() {
    let mut stage = Stage::infusing();
    stage.each_second(vec![vec![spo2(97), pulse(38)]; 12]);
    assert!(!stage.said_of("hr_low").is_empty());
    next_patient(&mut stage);
    stage.second = 100;
    stage.cuff(84, 50);
    assert_eq!(stage.said_of("systolic_low"), ["100 systolic_low medium active"]);
}

#[test]
fn an_alert_without_a_session_is_not_the_second_patients_alert() {
    let mut stage = Stage::without_session();
    stage.each_second(vec![vec![spo2(84), pulse(75)]; 5]);
    stage.each_second(fine(40));
    open_as(&mut stage, "s1", DEFAULT_PROFILE);
    stage.event(Event::Start { overrides: None });
    stage.each_second(fine(40));
    next_patient(&mut stage);
    stage.each_second(vec![vec![spo2(84), pulse(75)]; 8]);
    let low = stage
        .room
        .alerts()
        .iter()
        .find(|a| a.condition == Condition::Spo2Low && a.state == AlertState::Active)
        .unwrap();
    assert_eq!(low.session, SessionId::new("s2").ok());
}

#[test]
fn a_conflict_does_not_end_with_the_session() {
    let mut stage = Stage::infusing();
    let device = DeviceId::new("mon-3").unwrap();
    stage.input(Input::Link { device, link: Link::Conflict });
    stage.event(Event::Abort { reason: None });
    assert!(
        stage.room.alerts().iter().any(|a| a.condition == Condition::DeviceConflict && a.is_open())
    );
}

#[test]
fn what_was_measured_under_a_name_that_two_use_is_no_baseline_until_staff_decide() {
    let mut stage = Stage::without_session();
    stage.open();
    stage.each_second(fine(120));
    stage.cuff(124, 79);
    let measured = Event::AcceptBaseline(Acceptance::default());
    let by_hand = Event::AcceptBaseline(baseline(124, 79, 72, 97));
    let is_unsure = |stage: &Stage, event: &Event| {
        let refused = stage.room.refusal(event, Authority::Prescriber, stage.now());
        refused.is_some_and(|refused| refused.why.starts_with("It is not sure whose values these"))
    };
    assert!(!is_unsure(&stage, &measured));
    let device = DeviceId::new("mon-3").unwrap();
    stage.input(Input::Link { device: device.clone(), link: Link::Conflict });
    assert!(is_unsure(&stage, &measured));
    let Event::AcceptBaseline(all) = &by_hand else { unreachable!() };
    let part = Event::AcceptBaseline(Acceptance { spo2: None, ..all.clone() });
    assert!(is_unsure(&stage, &part), "the saturation would be the monitor's");
    assert!(!is_unsure(&stage, &by_hand), "a person measured it, on this patient");
    // Staff have chosen its room again.
    stage.input(Input::Link { device, link: Link::Unbound });
    stage.each_second(fine(120));
    assert!(!is_unsure(&stage, &measured));
}

#[test]
fn cuff_value_of_the_old_room_is_no_reading_of_this_one() {
    // monitor measured 204 in another room 30 s ago, is bound here, says it again with its time
    let mut stage = Stage::infusing();
    stage.second = 100;
    stage.input(Input::Link { device: DeviceId::new("mon-3").unwrap(), link: Link::Bound });
    stage.second = 101;
    let sent = stage.now();
    let old = Reading { taken_at: Some(sent.plus(-30_000)), ..nibp(204, 112) };
    let f = Frame { sent_at: Some(sent), ..frame(vec![old, spo2(97), pulse(75)]) };
    stage.input(Input::Frame(f));
    assert!(stage.said_of_pressure().is_empty(), "{:?}", stage.said());
}

#[test]
fn number_without_a_time_that_a_monitor_brings_from_its_old_room_is_not_of_this_patient() {
    let mut stage = Stage::infusing();
    stage.second = 100;
    stage.input(Input::Link { device: DeviceId::new("mon-3").unwrap(), link: Link::Bound });
    let shown = |stage: &Stage| {
        stage.room.latest().iter().any(|latest| {
            latest.vital == Vital::Nibp && latest.observation == nibp(214, 122).observation
        })
    };
    for second in 101..200 {
        stage.second = second;
        stage.frame(vec![nibp(214, 122), spo2(97), pulse(75)]);
        assert!(stage.said_of_pressure().is_empty(), "{second}: {:?}", stage.said());
        assert!(!shown(&stage), "{second}");
    }
    // What is measured here counts at once.
    stage.second = 200;
    stage.frame(vec![Reading::absent(Vital::Nibp, Absent::Measuring), spo2(97), pulse(75)]);
    stage.second = 235;
    stage.frame(vec![nibp(216, 122), spo2(97), pulse(75)]);
    assert!(!stage.said_of_pressure().is_empty(), "{:?}", stage.said());
}

#[test]
fn after_unbinding_the_wrong_monitor_its_values_count_no_more() {
    let mut stage = Stage::infusing();
    for _ in 0..295 {
        stage.input(from("wrong", vec![spo2(97), pulse(109)]));
        stage.second += 1;
    }
    let mut stage = Stage::infusing();
    for _ in 0..25 {
        stage.input(from("wrong", vec![spo2(88), pulse(75)]));
        stage.second += 1;
    }
    stage.log.clear();
    stage.input(Input::Link { device: DeviceId::new("wrong").unwrap(), link: Link::Unbound });
    for _ in 0..5 {
        stage.input(from("right", vec![spo2(92), pulse(75)]));
        stage.second += 1;
    }
    let mut two = Stage::infusing();
    for _ in 0..14 {
        two.input(from("wrong", vec![spo2(89), pulse(75)]));
        two.second += 1;
    }
    two.input(Input::Link { device: DeviceId::new("wrong").unwrap(), link: Link::Unbound });
    two.input(from("right", vec![spo2(89), pulse(75)]));
    assert!(
        two.said_of("spo2_low").is_empty(),
        "one sample of the right monitor: {:?}",
        two.said()
    );
}

#[test]
fn a_device_conflict_at_once_in_the_next_session_too() {
    let mut stage = Stage::infusing();
    let device = DeviceId::new("mon-3").unwrap();
    stage.input(Input::Link { device, link: Link::Conflict });
    next_patient(&mut stage);
    stage.wait(10);
    assert!(stage.room.is_active(Condition::DeviceConflict));
}

#[test]
fn a_discharged_patients_unconfirmed_urgent_reading_is_not_forgotten() {
    let mut stage = Stage::infusing();
    stage.event(Event::Stop { reason: None });
    stage.cuff(150, 80);
    stage.second = 30;
    open_as(&mut stage, "s9", DEFAULT_PROFILE); // a recording may open anew
    stage.wait(1);
    assert!(stage.room.ended().is_some(), "the first session vanished without an end");
}

#[test]
fn the_last_patients_number_still_on_the_monitor_is_not_the_next_patients() {
    let mut stage = Stage::infusing();
    stage.each_second((0..100).map(|_| vec![spo2(97), pulse(75), nibp(204, 112)]));
    next_patient(&mut stage);
    stage.each_second((0..300).map(|_| vec![spo2(97), pulse(75), nibp(204, 112)]));
    assert!(stage.said_of_pressure().is_empty(), "{:?}", stage.said());
}

#[test]
fn the_pressure_of_a_patient_who_has_left_is_not_shown_again_though_the_monitor_repeats_it() {
    let mut stage = Stage::infusing();
    stage.cuff(116, 77);
    stage.second = 100;
    stage.event(Event::Abort { reason: Some("ill".to_owned()) });
    stage.second = 130;
    let mut repeated = nibp(116, 77);
    repeated.taken_at = Some(START);
    let sent_at = Some(stage.now());
    stage.input(Input::Frame(Frame { sent_at, ..frame(vec![repeated]) }));
    let shown = stage.room.latest().iter().any(|latest| latest.vital == Vital::Nibp);
    assert!(!shown, "a repeated pressure of before");
    let mut measured = nibp(121, 70);
    measured.taken_at = Some(stage.now());
    stage.input(Input::Frame(Frame { sent_at, ..frame(vec![measured]) }));
    assert!(stage.room.latest().iter().any(|latest| latest.vital == Vital::Nibp));
}

/// The first patient leaves and the second one comes, `after_s` later.
fn changes_patients(stage: &mut Stage, after_s: i64) {
    stage.event(Event::Abort { reason: None });
    stage.wait(after_s);
    stage.log.clear();
    open_as(stage, "s2", DEFAULT_PROFILE);
}

#[test]
fn an_alert_that_was_over_before_the_last_patient_left_is_not_opened_again_for_the_next_one() {
    let mut stage = Stage::infusing();
    stage.each_second(vec![vec![spo2(97), pulse(125)]; 80]);
    stage.each_second(fine(60));
    let of_first = stage.said_of("hr_high");
    assert_eq!(of_first.last().unwrap().split(' ').next_back(), Some("resolved"), "{of_first:?}");
    changes_patients(&mut stage, 10);
    stage.event(Event::Start { overrides: None });
    stage.each_second(vec![vec![spo2(97), pulse(125)]; 80]);
    let is_active = |a: &&Alert| a.condition == Condition::HrHigh && a.state == AlertState::Active;
    let alert = stage.room.alerts().iter().find(is_active).unwrap();
    assert_eq!(alert.session, SessionId::new("s2").ok());
    assert_eq!((alert.reopened_at, alert.number), (None, 1), "with a tone, and under its own name");
}

#[test]
fn how_seldom_the_last_patients_values_came_is_no_alert_of_the_next_one() {
    let mut stage = Stage::infusing();
    for _ in 0..5 {
        stage.frame(vec![spo2(97), pulse(75)]);
        stage.wait(60);
    }
    assert!(!stage.said_of("spo2_no_value").is_empty(), "too slow for alarms within seconds");
    changes_patients(&mut stage, 300);
    stage.wait(5);
    assert!(stage.said_of("spo2_no_value").is_empty(), "{:?}", stage.said());
}

#[test]
fn that_the_last_patient_had_an_ecg_makes_no_second_alert_of_the_next_ones_clip() {
    let mut stage = Stage::infusing();
    stage.each_second((0..10).map(|_| vec![ecg(75), spo2(97), pulse(75)]));
    changes_patients(&mut stage, 300);
    stage.event(Event::Start { overrides: None });
    stage.each_second(fine(10));
    let off =
        || vec![no_spo2(Absent::SensorOff), Reading::absent(Vital::PulseRate, Absent::SensorOff)];
    stage.each_second((0..70).map(|_| off()));
    assert!(!stage.said_of("spo2_no_value").is_empty());
    assert!(stage.said_of("hr_no_value").is_empty(), "{:?}", stage.said());
}

#[test]
fn since_when_the_last_patients_clip_was_off_is_not_since_when_the_next_ones_is() {
    let mut stage = Stage::infusing();
    stage.each_second(fine(10));
    stage.frame(vec![no_spo2(Absent::SensorOff)]);
    changes_patients(&mut stage, 300);
    stage.event(Event::Start { overrides: None });
    stage.wait(5);
    stage.frame(vec![no_spo2(Absent::SensorOff)]);
    assert!(stage.said_of("spo2_no_value").is_empty(), "{:?}", stage.said());
    stage.each_second((0..62).map(|_| vec![no_spo2(Absent::SensorOff)]));
    assert!(stage.said_of("spo2_no_value").iter().any(|line| line.contains("high")));
}

#[test]
fn since_when_the_last_patients_signal_was_poor_is_not_since_when_the_next_ones_is() {
    let mut stage = Stage::infusing();
    let poor = || vec![with_quality(spo2(97), Quality::Questionable), pulse(75)];
    stage.each_second((0..10).map(|_| poor()));
    changes_patients(&mut stage, 300);
    stage.each_second((0..10).map(|_| poor()));
    assert!(stage.said_of("poor_signal").is_empty(), "{:?}", stage.said());
    stage.each_second((0..25).map(|_| poor()));
    assert_eq!(stage.said_of("poor_signal").len(), 1);
}

#[test]
fn a_baseline_is_measured_of_what_was_heard_in_its_session() {
    let mut stage = Stage::infusing();
    stage.event(Event::Abort { reason: None });
    // The first patient is still connected while the papers are done.
    stage.each_second(vec![vec![spo2(91), pulse(80)]; 60]);
    open_as(&mut stage, "s2", DEFAULT_PROFILE);
    stage.each_second(vec![vec![spo2(98), pulse(70)]; 20]);
    let measured = stage.room.measured_baseline();
    assert_eq!(measured.spo2, Some(Decimal::whole(98)));
    assert_eq!(measured.heart_rate, Some(Decimal::whole(70)));
}

#[test]
fn what_staff_measured_of_the_last_patient_is_not_shown_in_the_room_any_more() {
    let mut stage = Stage::infusing();
    stage.each_second(fine(10));
    stage.event(Event::ManualVitals(ManualVitals {
        temp: Some(Decimal::whole(39)),
        ..ManualVitals::default()
    }));
    changes_patients(&mut stage, 10);
    let shown: Vec<_> = stage.room.latest().iter().map(|latest| latest.vital).collect();
    assert!(!shown.contains(&Vital::Temp), "{shown:?}");
    assert!(shown.contains(&Vital::Spo2), "the monitor's own last value keeps its age");
}

#[test]
fn a_monitor_that_the_last_patient_had_is_no_further_loss_of_the_next_ones() {
    let mut stage = Stage::infusing();
    let breaths = || vec![Reading::number(Vital::RespRate, Decimal::whole(14))];
    for second in 0..100 {
        // A slow one is waited for longer.
        if second % 20 == 0 {
            stage.input(from("slow", breaths()));
        }
        stage.frame(vec![spo2(97), pulse(75)]);
        stage.second += 1;
    }
    changes_patients(&mut stage, 0);
    stage.event(Event::Start { overrides: None });
    stage.each_second(fine(5));
    stage.wait(13);
    assert_eq!(stage.said_of("monitor_lost"), ["116 monitor_lost low active"]);
    stage.acknowledge("a1");
    stage.log.clear();
    stage.wait(35);
    assert!(stage.said_of("monitor_lost").is_empty(), "{:?}", stage.said());
}

#[test]
fn what_is_kept_of_a_room_holds_nothing_that_was_entered_of_the_last_patient() {
    let mut stage = Stage::infusing();
    stage.event(Event::AcceptBaseline(baseline(131, 82, 88, 98)));
    stage.event(symptom("chest_pain", false));
    stage.event(Event::Score { score: "moaa_s".to_owned(), value: 2, note: None });
    let limits = OwnLimits { caution: Some(Decimal::whole(107)), ..OwnLimits::default() };
    stage.event(Event::Limits {
        limits: [(Condition::HrHigh, Some(limits))].into(),
        reason: "known fast".to_owned(),
        prescriber: Some("Dr Bell".to_owned()),
    });
    changes_patients(&mut stage, 10);
    // With this a recording of the next session begins.
    let kept = stage.room.checkpoint()["state"].to_string();
    assert!(kept.contains("s1"), "that it was there is no secret");
    let entered = [r#""systolic":131"#, r#""symptom":"chest_pain"#, "MOAA/S: 2"];
    for entered in entered.into_iter().chain([r#""caution":107"#, "known fast", "Dr Bell"]) {
        assert!(!kept.contains(entered), "{entered}");
    }
}

#[test]
fn a_vital_that_only_the_last_patient_had_keeps_no_alert_of_the_next_one_open() {
    let mut stage = Stage::infusing();
    stage.each_second(fine(10));
    changes_patients(&mut stage, 300);
    let poor = || vec![with_quality(pulse(75), Quality::Questionable)];
    stage.each_second((0..40).map(|_| poor()));
    stage.each_second(vec![vec![pulse(75)]; 3]);
    let said = stage.said_of("poor_signal");
    assert_eq!(said.len(), 2, "raised, and over: {said:?}");
}

#[test]
fn a_first_urgent_reading_of_just_before_the_session_is_not_lost_on_the_way() {
    let mut stage = Stage::without_session();
    stage.cuff(82, 50);
    stage.wait(30);
    open_as(&mut stage, "s1", DEFAULT_PROFILE);
    stage.wait(160);
    let said = stage.said_of("systolic_low");
    assert!(said.contains(&"180 systolic_low high active".to_owned()), "{said:?}");
}
