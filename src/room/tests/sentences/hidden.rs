//! What is not raised beside another alert.

use super::*;

/// The note of a condition in a built-in profile.
fn note(condition: Condition) -> String {
    let profile = builtin(DEFAULT_PROFILE).unwrap();
    profile.row(condition).unwrap().section(profile.words()).note.unwrap_or_default()
}

/// A room of the usual patient with the rows of these conditions.
fn room_with(conditions: &[Condition]) -> Stage {
    let profile = builtin(DEFAULT_PROFILE).unwrap();
    let rows = conditions.iter().map(|condition| profile.row(*condition).unwrap().clone());
    stage(&alone(&profile, rows.collect()), Some(PATIENTS[0]))
}

fn has_alert(stage: &Stage, condition: Condition) -> bool {
    stage.log.iter().any(|line| line.condition == condition)
}

#[test]
fn diastolic_is_raised_beside_a_systolic_alert_of_a_milder_stage_alone() {
    let said = "Not raised while “Systolic high” is active at the same or a graver stage.";
    assert!(note(Condition::DiastolicHigh).contains(said));
    let beside = |readings: &[(i32, i32)], latched: bool| {
        let mut stage = room_with(&[Condition::SystolicHigh, Condition::DiastolicHigh]);
        for (index, (systolic, diastolic)) in readings.iter().enumerate() {
            if latched && index + 1 == readings.len() {
                let systolic = stage.room.alerts().iter();
                let mut states = systolic.map(|alert| alert.state);
                assert_eq!(states.next(), Some(AlertState::Latched));
            }
            stage.cuff(*systolic, *diastolic);
            stage.wait(60);
        }
        has_alert(&stage, Condition::DiastolicHigh)
    };
    assert!(!beside(&[(172, 90), (172, 106)], false), "caution beside caution");
    assert!(beside(&[(172, 90), (172, 121)], false), "extreme beside caution");
    // Both of high priority: the graver stage is told all the same.
    assert!(beside(&[(182, 90), (182, 90), (182, 121)], false), "extreme beside urgent");
    assert!(!beside(&[(202, 90), (202, 121)], false), "extreme beside extreme");
    assert!(
        beside(&[(202, 90), (130, 80), (130, 106)], true),
        "a systolic that is over hides none"
    );
}

#[test]
fn a_fall_is_not_raised_beside_what_it_fell_to_whatever_its_priority() {
    let said = "has an open alert, whatever its priority.";
    for condition in [Condition::Spo2Falling, Condition::HrFalling] {
        assert!(note(condition).contains(said), "{}", note(condition));
    }
    let falls = |first: &[Vec<Reading>]| {
        let mut stage = room_with(&[Condition::Spo2Low, Condition::Spo2Falling]);
        stage.each_second(first.to_vec());
        stage.each_second(vec![vec![spo2(98)]; 40]);
        let is_open = stage.room.alerts().iter().any(Alert::is_open);
        stage.each_second(vec![vec![spo2(91)]; 5]);
        (is_open, has_alert(&stage, Condition::Spo2Falling))
    };
    assert_eq!(falls(&[]), (false, true), "alone");
    assert_eq!(falls(&vec![vec![spo2(84)]; 6]), (true, false), "beside one that is latched");
    // An urgent fall beside a slow heart that is a caution.
    let mut stage = room_with(&[Condition::HrLow, Condition::HrFalling, Condition::SystolicLow]);
    stage.cuff(80, 50);
    stage.each_second(vec![vec![ecg(48)]; 61]);
    stage.each_second(vec![vec![ecg(70)]; 10]);
    stage.each_second(vec![vec![ecg(44)]; 5]);
    assert!(has_alert(&stage, Condition::HrLow) && !has_alert(&stage, Condition::HrFalling));
}

#[test]
fn what_is_missing_is_hidden_by_the_loss_of_the_monitor_that_gave_it_alone() {
    let said = "Not raised while “Monitor disconnected” is active and what is missing came from \
                that monitor.";
    for condition in [Condition::Spo2NoValue, Condition::HrNoValue, Condition::PoorSignal] {
        assert!(note(condition).contains(said), "{}", note(condition));
    }
    assert!(note(Condition::UnstableLink).contains("while “Monitor disconnected” is active."));
    let missing = |other_goes_on: bool| {
        let mut stage = room_with(&[Condition::MonitorLost, Condition::Spo2NoValue]);
        for second in 0..100 {
            // Another monitor gives the pulse, and is lost.
            if second < 20 {
                stage.input(from("other", vec![pulse(75)]));
            }
            let reading = if second < 40 { spo2(97) } else { no_spo2(Absent::SensorOff) };
            if second < 40 || other_goes_on {
                stage.frame(vec![reading]);
            } else {
                stage.wait(0);
            }
            stage.second += 1;
        }
        assert!(has_alert(&stage, Condition::MonitorLost));
        has_alert(&stage, Condition::Spo2NoValue)
    };
    assert!(missing(true), "its own monitor is there");
    assert!(!missing(false), "its own monitor is lost too");
}

#[test]
fn a_cuff_delays_what_the_monitor_does_not_trust_but_not_a_sensor_that_is_off() {
    assert!(note(Condition::PoorSignal).contains("while a cuff inflates waits until 20 s after"));
    let said = "a sensor that the monitor says is off does not wait";
    assert!(note(Condition::Spo2NoValue).contains(said), "{}", note(Condition::Spo2NoValue));
    let under_the_cuff = |condition: Condition, readings: Vec<Reading>| {
        let mut stage = room_with(&[condition]);
        stage.each_second(fine(20));
        stage.frame(vec![Reading::absent(Vital::Nibp, Absent::Measuring)]);
        let begun = stage.second;
        while stage.log.is_empty() && stage.second < begun + 200 {
            stage.each_second([readings.clone()]);
        }
        stage.second - 1 - begun
    };
    let doubtful = vec![with_quality(spo2(97), Quality::Questionable), pulse(75)];
    assert_eq!(under_the_cuff(Condition::PoorSignal, doubtful), 60, "else it is 30 s");
    let off = vec![no_spo2(Absent::SensorOff), pulse(75)];
    assert_eq!(under_the_cuff(Condition::Spo2NoValue, off), 10);
}
