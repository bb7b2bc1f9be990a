use super::*;
use crate::profile::Priority;

fn pulse_of(values: impl IntoIterator<Item = i32>) -> Vec<Vec<Reading>> {
    values.into_iter().map(|value| vec![spo2(97), pulse(value)]).collect()
}

fn saturation(values: impl IntoIterator<Item = i32>) -> Vec<Vec<Reading>> {
    values.into_iter().map(|value| vec![spo2(value), pulse(75)]).collect()
}

#[test]
fn a_saturation_that_falls_5_within_20_s_is_a_caution_after_3_s() {
    let mut stage = Stage::infusing();
    stage.each_second(saturation([97; 30]));
    stage.each_second(saturation([93; 10]));
    assert!(stage.log.is_empty(), "4 is no fall");
    stage.each_second(saturation([92; 3]));
    assert_eq!(stage.said(), ["42 spo2_falling medium active"]);
    assert_eq!(stage.log[0].limit, Some(Decimal::whole(93)));
}

#[test]
fn a_fall_is_over_when_the_value_is_back_above_its_limit_for_30_s() {
    let mut stage = Stage::infusing();
    stage.each_second(saturation([97; 30]));
    stage.each_second(saturation([92; 5]));
    stage.each_second(saturation([93; 60]));
    assert_eq!(stage.said_of("spo2_falling").len(), 1, "93 is at the limit");
    stage.each_second(saturation([94; 30]));
    assert_eq!(stage.said_of("spo2_falling")[1..], ["124 spo2_falling medium resolved"]);
}

#[test]
fn without_a_baseline_what_was_usual_stands_for_it_and_keeps_standing() {
    let mut stage = Stage::without_session();
    stage.each_second(pulse_of([80; 120]));
    stage.each_second(pulse_of([60; 3]));
    stage.each_second(pulse_of([54; 3]));
    assert_eq!(stage.said(), ["125 hr_falling medium active"]);
    assert_eq!(stage.log[0].limit, Some(Decimal::whole(65)));
    // In five minutes 54 is what is usual; it is no less a fall to 54.
    stage.each_second(pulse_of([54; 400]));
    assert_eq!(stage.said_of("hr_falling").len(), 1);
    stage.each_second(pulse_of([70; 30]));
    assert_eq!(stage.said_of("hr_falling")[1..], ["555 hr_falling medium resolved"]);
}

#[test]
fn a_falling_heart_with_a_low_pressure_is_urgent_and_so_is_the_pressure() {
    let mut stage = Stage::infusing();
    stage.each_second(pulse_of([75; 60]));
    stage.each_second(pulse_of([49; 5]));
    assert_eq!(stage.said(), ["62 hr_falling medium active"]);
    assert!(stage.room.tasks().iter().any(|task| task.text == "BP now: Heart rate falling"));
    stage.cuff(84, 50);
    assert_eq!(
        stage.said()[1..],
        ["65 systolic_low high active", "65 hr_falling high active"],
        "below 85 with a falling heart is no reading to wait for a second one"
    );
}

#[test]
fn a_low_pressure_that_waits_for_a_second_reading_is_urgent_once_the_heart_is_slow() {
    let mut stage = Stage::infusing();
    stage.cuff(84, 50);
    assert_eq!(stage.said(), ["0 systolic_low medium active"]);
    stage.each_second(pulse_of([45; 60]));
    assert_eq!(stage.said()[1..], ["59 hr_low medium active", "59 systolic_low high active"]);
}

#[test]
fn a_low_pressure_of_long_ago_is_no_companion() {
    let mut stage = Stage::infusing();
    stage.cuff(92, 50);
    stage.each_second(pulse_of([75; 400]));
    stage.each_second(pulse_of([45; 60]));
    let systolic = |line: &&AlertLine| line.condition == Condition::SystolicLow;
    assert!(stage.log.iter().filter(systolic).all(|line| line.priority < Priority::High));
}

#[test]
fn a_fall_just_after_bad_signal_is_the_signals() {
    let mut stage = Stage::infusing();
    stage.each_second(pulse_of([75; 60]));
    stage.each_second(vec![vec![spo2(97), with_quality(pulse(75), Quality::Questionable)]; 3]);
    stage.each_second(pulse_of([45; 4]));
    assert!(stage.log.is_empty());
    stage.each_second(pulse_of([45; 4]));
    assert_eq!(stage.said(), ["67 hr_falling medium active"]);
}

#[test]
fn saturation_deep_enough_below_90_is_urgent_before_15_s_are_over() {
    let mut stage = Stage::infusing();
    stage.each_second(saturation([93; 30]));
    stage.each_second(saturation([86; 10]));
    // 4 %·s a second below 90: 32 with the eighth sample.
    assert_eq!(stage.said_of("spo2_low"), ["37 spo2_low high active"]);
}
