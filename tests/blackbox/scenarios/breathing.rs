//! Breathing and saturation.

use dripwatch::profile::Condition::{Spo2Falling, Spo2Low};
use dripwatch::profile::Priority::{High, Medium};
use dripwatch::room::{AlertLine, AlertState};

use super::{play, seconds};

#[test]
fn s09_an_apnoea_is_a_caution_at_59_s_urgent_at_71_s_and_stays_until_it_is_seen() {
    let played = play("apnoea");
    let breath_stops = 186.0;
    played.alarms(Spo2Falling, Medium, (breath_stops + 56.0, breath_stops + 64.0));
    played.alarms(Spo2Low, High, (breath_stops + 67.0, breath_stops + 77.0));
    let latched = played.of(Spo2Low).position(|line| line.state == AlertState::Latched);
    let seen = played.of(Spo2Low).position(|line| line.state == AlertState::Resolved);
    assert!(latched.unwrap() < seen.unwrap(), "only a person closes it");
    assert_eq!(played.of(Spo2Low).last().unwrap().acknowledged.as_ref().unwrap().by, "KM");
    played.nothing_else_than(&[(Spo2Falling, Medium), (Spo2Low, High)]);
}

#[test]
fn s10_an_obstruction_is_a_caution_at_109_s_and_urgent_at_112_s() {
    let played = play("obstruction");
    let breath_is_held = 120.0;
    played.alarms(Spo2Falling, Medium, (breath_is_held + 106.0, breath_is_held + 114.0));
    played.alarms(Spo2Low, High, (breath_is_held + 108.0, breath_is_held + 118.0));
    played.nothing_else_than(&[(Spo2Falling, Medium), (Spo2Low, High)]);
}

#[test]
fn s22_a_patient_with_copd_is_quiet_at_89_to_92_and_urgent_at_84() {
    let played = play("copd");
    played.alarms(Spo2Low, High, (629.0 + 4.0, 629.0 + 8.0));
    let before = |line: &&AlertLine| seconds(line.at) < 626.0;
    assert_eq!(played.log.iter().filter(before).count(), 0);
    assert_eq!(played.of(Spo2Low).next().unwrap().limit.unwrap().to_string(), "85");
}
