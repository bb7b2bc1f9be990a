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
fn without_a_baseline_what_was_usual_counts_until_the_fall_is_over() {
    let mut stage = Stage::without_session();
    stage.each_second(pulse_of([80; 120]));
    stage.each_second(pulse_of([67; 11]));
    stage.each_second(pulse_of([54; 3]));
    assert_eq!(stage.said(), ["133 hr_falling medium active"]);
    assert_eq!(stage.log[0].limit, Some(Decimal::whole(65)));
    stage.each_second(pulse_of([54; 110]));
    assert_eq!(stage.said_of("hr_falling").len(), 1);
    stage.each_second(pulse_of([70; 30]));
    assert_eq!(stage.said_of("hr_falling")[1..], ["273 hr_falling medium resolved"]);
}

#[test]
fn a_falling_heart_with_a_low_pressure_is_urgent_and_so_is_the_pressure() {
    let mut stage = Stage::infusing();
    stage.each_second(pulse_of([75; 60]));
    stage.each_second(pulse_of([49; 15]));
    assert_eq!(stage.said(), ["72 hr_falling medium active"], "a jump waits for 10 s");
    assert!(stage.room.tasks().iter().any(|task| task.text == "BP now: Heart rate falling"));
    stage.cuff(84, 50);
    assert_eq!(
        stage.said()[1..],
        ["75 systolic_low high active", "75 hr_falling high active"],
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
    // In steps that are no jump.
    stage.each_second(pulse_of([75; 50]));
    stage.each_second(pulse_of([62; 11]));
    stage.each_second(vec![vec![spo2(97), with_quality(pulse(62), Quality::Questionable)]; 3]);
    stage.each_second(pulse_of([47; 4]));
    assert!(stage.log.is_empty());
    stage.each_second(pulse_of([47; 4]));
    assert_eq!(stage.said(), ["68 hr_falling medium active"]);
}

#[test]
fn saturation_deep_enough_below_90_is_urgent_before_15_s_are_over() {
    let mut stage = Stage::infusing();
    stage.each_second(saturation([93; 30]));
    stage.each_second(saturation([86; 10]));
    // 4 %·s a second below 90: 32 with the eighth sample.
    assert_eq!(stage.said_of("spo2_low"), ["37 spo2_low high active"]);
}

/// A value that wavers by one or two around `rate`.
fn around(rate: i32, seconds: i32) -> Vec<Vec<Reading>> {
    pulse_of((0..seconds).map(|n| rate + [0, 2, -1, 1, -2][n as usize % 5]))
}

#[test]
fn a_fall_is_over_once_the_value_has_stayed_where_it_is_for_two_minutes() {
    let mut stage = Stage::infusing();
    stage.each_second(around(90, 60));
    stage.each_second(pulse_of((0..34).map(|n| 90 - n)));
    stage.each_second(around(55, 110));
    assert_eq!(stage.said_of("hr_falling"), ["92 hr_falling medium active"]);
    stage.each_second(around(55, 400));
    let said = stage.said_of("hr_falling");
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[1].ends_with("hr_falling medium resolved"), "{said:?}");
    let over_at: i64 = said[1].split(' ').next().unwrap().parse().unwrap();
    assert!((200..=215).contains(&over_at), "{over_at}");
}

#[test]
fn a_saturation_that_goes_on_sinking_is_no_fall_that_is_over() {
    let mut stage = Stage::infusing();
    stage.each_second(saturation([97; 30]));
    stage.each_second(saturation([91; 5]));
    stage.each_second(saturation((0..300).map(|n| 91 - n / 25)));
    assert_eq!(stage.said_of("spo2_falling").len(), 1, "{:?}", stage.said());
}

#[test]
fn a_fall_is_not_raised_beside_the_low_alert_that_it_leads_to() {
    let mut stage = Stage::infusing();
    let dip = || (0..40).map(|n| if n < 15 { 97 } else { 84 });
    stage.each_second(saturation(dip()));
    assert_eq!(stage.said_of("spo2_falling").len(), 1);
    stage.each_second(saturation([97; 31]));
    let said = stage.said();
    assert!(said.last().unwrap().contains("spo2_falling medium resolved"), "{said:?}");
    // The low one is latched; the next dip is its own, and no further fall.
    stage.each_second(saturation(dip()));
    assert_eq!(stage.said_of("spo2_falling").len(), 2, "{:?}", stage.said());
    assert!(stage.room.is_active(Condition::Spo2Low));
}
