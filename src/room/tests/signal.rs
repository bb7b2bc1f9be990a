//! Values that come seldom, often, doubtfully or not at all.

use super::*;

#[test]
fn doubtful_and_missing_by_turns_is_one_alert() {
    let mut stage = Stage::infusing();
    stage.each_second(fine(5));
    for n in 0..200 {
        let r = if n % 2 == 0 {
            with_quality(spo2(90), Quality::Questionable)
        } else {
            no_spo2(Absent::Searching)
        };
        stage.frame(vec![r, pulse(75)]);
        stage.second += 1;
    }
    assert!(
        stage.said_of("poor_signal").len() <= 2,
        "{} lines, e.g. {:?}",
        stage.log.len(),
        &stage.said()[..6]
    );
}

#[test]
fn one_sample_after_a_short_silence_is_no_urgent_deficit() {
    let mut stage = Stage::infusing();
    stage.each_second(fine(30));
    stage.second += 8;
    stage.frame(vec![spo2(86), pulse(75)]);
    stage.second += 1;
    stage.each_second(fine(5));
    assert!(stage.said_of("spo2_low").is_empty(), "{:?}", stage.said());
}

#[test]
fn a_monitor_at_0_2_hz_alarms_for_a_slow_heart_and_a_low_saturation() {
    let mut stage = Stage::infusing();
    for _ in 0..60 {
        stage.frame(vec![spo2(97), pulse(28)]);
        stage.second += 5;
    }
    let mut two = Stage::infusing();
    for _ in 0..60 {
        two.frame(vec![spo2(91), pulse(75)]);
        two.second += 5;
    }
    assert!(
        !stage.said_of("hr_low").is_empty() && !two.said_of("spo2_low").is_empty(),
        "{:?} {:?}",
        stage.said(),
        two.said()
    );
}

#[test]
fn a_monitor_at_5_hz_alarms_as_at_1_hz() {
    let mut stage = Stage::infusing();
    for n in 0..200i64 {
        let at = START.plus(n * 200);
        stage.room.handle(&Input::Frame(frame(vec![spo2(92), pulse(75)])), at);
        stage.drain();
    }
    assert_eq!(stage.said_of("spo2_low"), ["29 spo2_low medium active"]);
}

#[test]
fn an_alert_at_0_2_hz_can_clear() {
    let mut stage = Stage::infusing();
    for _ in 0..6 {
        stage.frame(vec![spo2(82), pulse(75)]);
        stage.second += 5;
    }
    assert!(!stage.said_of("spo2_low").is_empty());
    for _ in 0..60 {
        stage.frame(vec![spo2(97), pulse(75)]);
        stage.second += 5;
    }
    assert!(!stage.room.is_active(Condition::Spo2Low), "five minutes of 97");
}

#[test]
fn poor_signal_does_not_end_because_values_stop() {
    let mut stage = Stage::infusing();
    stage.each_second(fine(5));
    let poor = || vec![with_quality(spo2(90), Quality::Questionable), pulse(75)];
    stage.each_second((0..40).map(|_| poor()));
    stage.each_second(vec![vec![pulse(75)]; 30]);
    assert_eq!(stage.said(), ["35 poor_signal low active"]);
}

#[test]
fn a_gap_of_exactly_10_s_and_60_s() {
    let gap = |ms: i64| {
        let mut stage = Stage::infusing();
        stage.each_second(vec![vec![spo2(92), pulse(75)]; 20]);
        let last = START.plus(19_000);
        for n in 0..11i64 {
            stage
                .room
                .handle(&Input::Frame(frame(vec![spo2(92), pulse(75)])), last.plus(ms + n * 1_000));
            stage.drain();
        }
        !stage.said_of("spo2_low").is_empty()
    };
    assert!(gap(9_999), "9.999 s is no gap");
    assert!(!gap(10_000), "a gap of 10 s starts the run anew");
}

#[test]
fn one_sample_of_84_at_0_2_hz_is_no_urgent_alert() {
    let mut stage = Stage::infusing();
    for n in 0..10 {
        stage.frame(vec![spo2(if n == 6 { 84 } else { 97 }), pulse(75)]);
        stage.second += 5;
    }
    assert!(stage.said_of("spo2_low").is_empty(), "{:?}", stage.said());
}
