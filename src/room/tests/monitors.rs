//! Several monitors, monitors that say little, and none.

use super::*;

#[test]
fn a_lost_second_monitor_does_not_hide_that_the_first_ones_probe_is_off() {
    let mut stage = Stage::infusing();
    for _ in 0..10 {
        stage.input(from("b", vec![Reading::number(Vital::RespRate, Decimal::whole(14))]));
        stage.frame(vec![spo2(97), pulse(75)]);
        stage.second += 1;
    }
    stage.each_second(fine(70));
    assert!(!stage.said_of("monitor_lost").is_empty());
    stage.acknowledge("a1");
    let off =
        vec![no_spo2(Absent::SensorOff), Reading::absent(Vital::PulseRate, Absent::SensorOff)];
    stage.each_second(vec![off; 70]);
    assert!(!stage.said_of("spo2_no_value").is_empty(), "{:?}", stage.said());
}

#[test]
fn a_good_sensor_is_judged_while_another_ones_values_are_not_trusted() {
    let mut stage = Stage::infusing();
    for _ in 0..120 {
        stage.input(from("a", vec![with_quality(spo2(97), Quality::Questionable)]));
        stage.input(from("b", vec![spo2(70), pulse(75)]));
        stage.second += 1;
    }
    assert!(!stage.said_of("spo2_low").is_empty(), "{:?}", stage.said());
}

#[test]
fn a_good_pulse_is_judged_while_the_ecg_is_not_trusted() {
    let mut stage = Stage::infusing();
    stage.each_second(vec![vec![ecg(75), spo2(97), pulse(75)]; 10]);
    let noisy = || vec![with_quality(ecg(75), Quality::Questionable), spo2(97), pulse(30)];
    stage.each_second((0..120).map(|_| noisy()));
    assert!(!stage.said_of("hr_low").is_empty(), "{:?}", stage.said());
}

#[test]
fn a_falling_pulse_is_seen_while_the_ecg_leads_are_off() {
    let mut stage = Stage::infusing();
    let with = |rate: i32| {
        vec![Reading::absent(Vital::HeartRate, Absent::NoSensor), spo2(97), pulse(rate)]
    };
    stage.each_second(vec![with(75); 60]);
    stage.each_second(vec![with(45); 20]);
    assert!(!stage.said_of("hr_falling").is_empty(), "{:?}", stage.said());
}

#[test]
fn a_second_lost_monitor_is_told_although_the_first_was_taken() {
    let mut stage = Stage::infusing();
    for _ in 0..10 {
        stage.input(from("b", vec![Reading::number(Vital::RespRate, Decimal::whole(14))]));
        stage.frame(vec![spo2(97), pulse(75)]);
        stage.second += 1;
    }
    stage.each_second(fine(580));
    stage.acknowledge("a1");
    let before = stage.log.len();
    // now the one that watches the patient goes
    stage.wait(100);
    assert!(
        stage.log[before..].iter().any(|l| l.acknowledged.is_none() && l.at.since(START) < 680_000),
        "{:?}",
        stage.said()
    );
}

#[test]
fn a_cuff_that_tells_its_inflation_each_second_is_no_lost_monitor_between_readings() {
    let mut stage = Stage::infusing();
    for _ in 0..30 {
        stage.input(from("cuff", vec![Reading::absent(Vital::Nibp, Absent::Measuring)]));
        stage.frame(vec![spo2(97), pulse(75)]);
        stage.second += 1;
    }
    stage.input(from("cuff", vec![nibp(120, 80)]));
    stage.each_second(fine(200));
    assert!(stage.said_of("monitor_lost").is_empty(), "{:?}", stage.said());
}

#[test]
fn a_cuffs_result_after_a_lost_link_is_not_the_stream_however_often_it_comes() {
    for times in 1..4 {
        let mut stage = Stage::infusing();
        stage.each_second(fine(60));
        stage.input(Input::Link { device: DeviceId::new("mon-3").unwrap(), link: Link::Down });
        stage.second += 2;
        let taken_at = Some(stage.now());
        for _ in 0..times {
            stage.frame(vec![Reading { taken_at, ..nibp(120, 80) }]);
        }
        stage.wait(60);
        assert_eq!(stage.said_of("monitor_lost")[0], "71 monitor_lost low active", "{times} times");
    }
}

#[test]
fn pausing_does_not_end_the_alert_of_a_monitor_that_is_not_there() {
    let mut stage = Stage::infusing();
    stage.wait(70);
    assert!(stage.room.is_active(Condition::MonitorLost));
    stage.event(Event::Pause { reason: None });
    assert!(stage.room.is_active(Condition::MonitorLost), "{:?}", stage.said());
}

#[test]
fn in_recovery_a_room_whose_monitor_was_taken_away_says_so() {
    let mut stage = Stage::infusing();
    stage.each_second(fine(60));
    stage.cuff(120, 80);
    stage.event(Event::Stop { reason: None });
    stage.each_second(fine(60));
    stage.input(Input::Link { device: DeviceId::new("mon-3").unwrap(), link: Link::Unbound });
    stage.wait(300);
    assert!(!stage.log.is_empty(), "five minutes of recovery without any monitor");
}

#[test]
fn a_monitor_that_only_connected_is_not_a_monitor_that_was_heard() {
    let mut stage = Stage::infusing();
    stage.input(Input::Link { device: DeviceId::new("mon-3").unwrap(), link: Link::Up });
    stage.wait(70);
    assert!(!stage.said_of("monitor_lost").is_empty(), "{:?}", stage.said());
}

#[test]
fn a_nasal_patient_in_recovery_whose_probe_comes_off() {
    // a session whose oximeter never gave a value, ended infusion: silence for ever
    let mut stage = Stage::infusing();
    stage.each_second(vec![vec![pulse(75)]; 100]);
    assert!(stage.room.is_active(Condition::Spo2NoValue));
    stage.event(Event::Stop { reason: None });
    stage.each_second(vec![vec![pulse(75)]; 300]);
    assert!(stage.room.is_active(Condition::Spo2NoValue), "{:?}", stage.said());
}

#[test]
fn one_inflation_told_by_two_devices_is_one_reading() {
    let mut stage = Stage::infusing();
    let taken = stage.now();
    let r = || Reading { taken_at: Some(taken), ..nibp(184, 96) };
    stage.input(from("a", vec![r()]));
    stage.second = 1;
    stage.input(from("gateway", vec![r()]));
    assert_eq!(stage.said_of_pressure(), ["0 systolic_high medium active"]);
}

#[test]
fn oximeter_by_one_second_lost_values_flap() {
    // values at 0.1 Hz: is anything ever told of a saturation of 70?
    let mut stage = Stage::infusing();
    for _ in 0..60 {
        stage.frame(vec![spo2(89), pulse(30)]);
        stage.second += 10;
    }
    assert!(!stage.said_of("spo2_low").is_empty(), "{:?}", stage.said());
    assert!(!stage.said_of("hr_low").is_empty(), "{:?}", stage.said());
}

#[test]
fn a_frame_each_minute_of_dying_values_alarms() {
    let mut stage = Stage::infusing();
    for _ in 0..20 {
        stage.frame(vec![spo2(70), pulse(30)]);
        stage.second += 60;
    }
    assert!(
        stage.log.iter().any(|l| l.condition.kind() == crate::profile::Kind::Physiological),
        "{:?}",
        stage.said()
    );
}

#[test]
fn a_monitor_that_comes_back_and_first_tells_what_it_kept_has_no_missing_value() {
    let mut stage = Stage::infusing();
    stage.each_second(fine(30));
    stage.wait(100);
    assert!(!stage.said_of("monitor_lost").is_empty());
    // What it kept is late, and no value of now; a second later it tells what is.
    for kept in 0..5 {
        let taken_at = Some(START.plus((30 + kept) * 1_000));
        let sent_at = Some(stage.now());
        let late = Frame { sent_at, taken_at, ..frame(vec![spo2(97), pulse(75)]) };
        stage.input(Input::Frame(late));
    }
    stage.second += 1;
    stage.each_second(fine(30));
    assert_eq!(stage.said_of("spo2_no_value"), [] as [&str; 0]);
}

#[test]
fn a_monitor_that_comes_back_without_a_saturation_is_told_soon() {
    let mut stage = Stage::infusing();
    stage.each_second(fine(30));
    stage.wait(100);
    stage.each_second(vec![vec![pulse(75)]; 12]);
    assert_eq!(stage.said_of("spo2_no_value"), ["140 spo2_no_value high active"]);
}
