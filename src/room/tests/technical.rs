use super::*;

fn sensor_off() -> Vec<Reading> {
    vec![no_spo2(Absent::SensorOff), Reading::absent(Vital::PulseRate, Absent::SensorOff)]
}

#[test]
fn a_probe_that_came_off_is_low_at_10_s_and_high_at_60_s_while_infusing() {
    let mut stage = Stage::infusing();
    stage.each_second(fine(20));
    stage.each_second(vec![sensor_off(); 70]);
    assert_eq!(stage.said(), ["30 spo2_no_value low active", "80 spo2_no_value high active"]);
    assert_eq!(stage.room.alert("a1").unwrap().text, "SpO2 sensor off");
    stage.each_second(fine(1));
    assert_eq!(stage.said()[2..], ["90 spo2_no_value high latched"]);
}

#[test]
fn outside_the_infusion_a_missing_probe_is_medium_at_180_s() {
    let mut stage = Stage::without_session();
    stage.open();
    stage.each_second(fine(20));
    stage.each_second(vec![sensor_off(); 190]);
    assert_eq!(stage.said(), ["30 spo2_no_value low active", "200 spo2_no_value medium active"]);
    stage.each_second(fine(1));
    assert_eq!(stage.said()[2..], ["210 spo2_no_value medium resolved"]);
}

#[test]
fn any_other_absence_is_low_at_45_s_and_high_at_90_s_while_infusing() {
    let mut stage = Stage::infusing();
    stage.each_second(fine(20));
    let searching = vec![no_spo2(Absent::Searching), pulse(75)];
    stage.each_second(vec![searching; 100]);
    assert_eq!(stage.said(), ["65 spo2_no_value low active", "110 spo2_no_value high active"]);
}

#[test]
fn a_value_that_simply_stops_is_missing_from_its_last_time() {
    let mut stage = Stage::infusing();
    stage.each_second(fine(20));
    stage.each_second(vec![vec![pulse(75)]; 60]);
    assert_eq!(stage.said(), ["64 spo2_no_value low active"]);
}

#[test]
fn a_short_loss_under_the_cuff_is_nothing() {
    let mut stage = Stage::infusing();
    for _ in 0..3 {
        stage.cuff(120, 80);
        stage.each_second(fine(265));
        stage.each_second(vec![vec![no_spo2(Absent::ExtendedUpdate), pulse(75)]; 35]);
    }
    assert!(stage.log.is_empty(), "{:?}", stage.said());
}

#[test]
fn a_session_that_infuses_without_any_saturation_says_so() {
    let mut stage = Stage::infusing();
    stage.each_second(vec![vec![pulse(75)]; 50]);
    assert_eq!(stage.said(), ["45 spo2_no_value low active"]);
}

#[test]
fn without_a_session_a_missing_value_is_no_alert() {
    let mut stage = Stage::without_session();
    stage.each_second(fine(20));
    stage.each_second(vec![sensor_off(); 300]);
    stage.wait(300);
    assert!(stage.log.is_empty());
}

#[test]
fn a_monitor_that_falls_silent_is_lost_at_12_s_and_high_at_60_s_while_infusing() {
    let mut stage = Stage::infusing();
    stage.each_second(fine(21));
    stage.wait(120);
    assert_eq!(stage.said(), ["32 monitor_lost low active", "80 monitor_lost high active"]);
    stage.each_second(fine(1));
    assert_eq!(stage.said()[2..], ["141 monitor_lost high latched"]);
}

#[test]
fn a_lost_monitor_hides_its_missing_values() {
    let mut stage = Stage::infusing();
    stage.each_second(fine(20));
    stage.wait(600);
    let others = stage.log.iter().filter(|line| line.condition != Condition::MonitorLost);
    assert!(others.map(|line| line.condition).all(|c| c == Condition::NibpOverdue));
}

#[test]
fn a_monitor_that_speaks_now_and_then_is_lost_only_with_its_link() {
    let mut stage = Stage::infusing();
    let cuff_only = |stage: &mut Stage| {
        stage.cuff(120, 80);
        stage.wait(300);
    };
    cuff_only(&mut stage);
    cuff_only(&mut stage);
    assert!(!stage.said().iter().any(|line| line.contains("monitor_lost")));
    let device = DeviceId::new("mon-3").unwrap();
    stage.cuff(121, 80);
    stage.input(Input::Link { device, link: Link::Down });
    stage.wait(12);
    assert!(stage.said().iter().any(|line| line == "612 monitor_lost low active"));
}

#[test]
fn short_gaps_of_the_network_are_nothing() {
    let mut stage = Stage::infusing();
    for _ in 0..20 {
        stage.each_second(fine(12));
        stage.wait(3);
    }
    let said = stage.said();
    assert_eq!(said, ["75 unstable_link low active"], "five drops, and no alert for each");
}

#[test]
fn an_infusion_without_a_monitor_is_a_lost_monitor() {
    let mut stage = Stage::infusing();
    stage.wait(60);
    assert_eq!(stage.said()[0], "12 monitor_lost low active");
    assert!(stage.said().contains(&"60 monitor_lost high active".to_owned()));
}

#[test]
fn a_session_that_waits_for_its_monitor_is_quiet() {
    let mut stage = Stage::without_session();
    stage.open();
    stage.wait(600);
    assert!(stage.log.is_empty());
}

#[test]
fn unbinding_a_monitor_forgets_its_numbers() {
    let mut stage = Stage::without_session();
    stage.each_second(fine(5));
    let device = DeviceId::new("mon-3").unwrap();
    stage.input(Input::Link { device, link: Link::Unbound });
    assert!(stage.room.latest().is_empty() && stage.room.monitors().is_empty());
}

#[test]
fn changing_the_monitor_during_an_infusion_is_no_lost_monitor_at_once() {
    let mut stage = Stage::infusing();
    stage.each_second(fine(300));
    let device = DeviceId::new("mon-3").unwrap();
    stage.input(Input::Link { device, link: Link::Unbound });
    assert!(stage.log.is_empty());
    stage.wait(12);
    assert_eq!(stage.said(), ["312 monitor_lost low active"]);
}

#[test]
fn a_monitor_of_another_day_does_not_keep_this_one_lost() {
    let mut stage = Stage::without_session();
    let old = DeviceId::new("old").unwrap();
    stage.input(Input::Frame(Frame { device: old, ..frame(vec![spo2(97)]) }));
    stage.second = 100;
    stage.open();
    stage.event(Event::Start { overrides: None });
    stage.each_second(fine(10));
    stage.wait(15);
    let blind_from = stage.now();
    stage.second += 5;
    let blind_to = stage.now();
    stage.input(Input::Restart { blind_from, blind_to });
    stage.each_second(fine(1));
    assert_eq!(stage.log.last().unwrap().state, AlertState::Resolved);
}

#[test]
fn two_frames_of_a_spot_check_do_not_make_a_monitor_continuous() {
    let mut stage = Stage::without_session();
    stage.open();
    stage.frame(vec![Reading::absent(Vital::Nibp, Absent::Measuring)]);
    stage.second = 5;
    stage.cuff(120, 80);
    stage.wait(300);
    assert!(!stage.said().iter().any(|line| line.contains("monitor_lost")));
}

#[test]
fn an_old_ecg_beside_an_absent_pulse_is_no_heart_rate_at_its_own_time() {
    let mut stage = Stage::infusing();
    let ecg = Reading::number(Vital::HeartRate, Decimal::whole(75));
    stage.frame(vec![spo2(97), ecg, pulse(75)]);
    stage.second = 1;
    let pulse_off = || Reading::absent(Vital::PulseRate, Absent::SensorOff);
    stage.each_second((0..10).map(|_| vec![spo2(97), pulse_off()]));
    stage.wait(5);
    assert_eq!(stage.said(), ["11 hr_no_value low active"]);
}

#[test]
fn poor_signal_does_not_end_because_its_value_is_too_old_to_count() {
    let mut stage = Stage::without_session();
    stage.open();
    let ecg = Reading::number(Vital::HeartRate, Decimal::whole(75));
    let poor = || with_quality(ecg.clone(), Quality::Questionable);
    stage.each_second((0..35).map(|_| vec![spo2(97), poor(), pulse(75)]));
    let silent = || vec![spo2(97), Reading::absent(Vital::PulseRate, Absent::Searching)];
    stage.each_second((0..20).map(|_| silent()));
    assert_eq!(stage.said_of("poor_signal").len(), 1);
    stage.each_second(fine(1));
    assert_eq!(stage.said_of("poor_signal")[1..], ["55 poor_signal low resolved"]);
}

#[test]
fn five_impossible_values_within_a_minute_are_said_and_in_a_whole_one_not() {
    let after = |last: i64| {
        let mut stage = Stage::infusing();
        for second in [0, 15, 30, 45, last] {
            stage.second = second;
            stage.input(Input::Frame(Frame { implausible: 1, ..frame(vec![spo2(97), pulse(75)]) }));
        }
        stage.said_of("implausible_values")
    };
    assert_eq!(after(59), ["59 implausible_values low active"]);
    assert!(after(60).is_empty());
}

#[test]
fn what_was_missing_or_doubtful_before_a_blind_time_counts_anew_after_it() {
    let restart = |stage: &mut Stage| {
        let blind_from = stage.now();
        stage.second += 25;
        let blind_to = stage.now();
        stage.input(Input::Restart { blind_from, blind_to });
    };
    let mut stage = Stage::infusing();
    stage.each_second(fine(10));
    stage.each_second(vec![sensor_off(); 5]);
    restart(&mut stage);
    stage.each_second(vec![sensor_off(); 15]);
    assert_eq!(stage.said(), ["50 spo2_no_value low active"]);

    let doubtful = || vec![with_quality(spo2(97), Quality::Questionable), pulse(75)];
    let mut stage = Stage::infusing();
    stage.each_second(fine(10));
    stage.each_second((0..20).map(|_| doubtful()));
    restart(&mut stage);
    stage.each_second((0..35).map(|_| doubtful()));
    assert_eq!(stage.said(), ["85 poor_signal low active"]);
}

#[test]
fn nobody_can_have_watched_a_session_before_it_was_opened() {
    let mut stage = Stage::without_session();
    stage.input(Input::Watched(false));
    stage.wait(100);
    stage.open();
    stage.wait(20);
    assert_eq!(stage.said(), ["115 unwatched medium active"]);
}

#[test]
fn a_heart_rate_by_ecg_is_missed_beside_a_missing_saturation() {
    let mut stage = Stage::infusing();
    let ecg = || Reading::number(Vital::HeartRate, Decimal::whole(75));
    stage.each_second((0..10).map(|_| vec![ecg(), spo2(97)]));
    let off =
        || vec![Reading::absent(Vital::HeartRate, Absent::SensorOff), no_spo2(Absent::SensorOff)];
    stage.each_second((0..15).map(|_| off()));
    assert_eq!(stage.said(), ["20 spo2_no_value low active", "20 hr_no_value low active"]);
}

#[test]
fn a_monitor_that_is_back_hides_nothing_though_nobody_saw_that_it_was_lost() {
    let mut stage = Stage::infusing();
    stage.each_second(fine(20));
    stage.wait(70);
    stage.each_second(fine(10));
    stage.each_second(vec![sensor_off(); 15]);
    assert_eq!(stage.said_of("monitor_lost").last().unwrap(), "90 monitor_lost high latched");
    assert_eq!(stage.said_of("spo2_no_value"), ["110 spo2_no_value low active"]);
}

#[test]
fn a_clock_that_is_behind_is_as_wrong_as_one_that_is_ahead() {
    for by_ms in [6_000, -6_000] {
        let mut stage = Stage::infusing();
        for second in 0..75 {
            stage.second = second;
            let sent_at = Some(stage.now().plus(by_ms));
            let readings = vec![spo2(97), pulse(75)];
            stage.input(Input::Frame(Frame { sent_at, ..frame(readings) }));
        }
        // Ten seconds settle it, and a minute more tells that it lasts.
        assert_eq!(stage.said_of("clock_skew"), ["70 clock_skew low active"], "{by_ms}");
    }
}

#[test]
fn a_monitor_that_speaks_each_five_seconds_is_not_unstable() {
    let mut stage = Stage::infusing();
    for _ in 0..60 {
        stage.frame(vec![spo2(97), pulse(75)]);
        stage.second += 5;
    }
    assert!(stage.said_of("unstable_link").is_empty());
}
