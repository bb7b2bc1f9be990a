//! Motion that no monitor flags, and a probe that is frozen (clinical.md#the-pulse-gate,
//! clinical.md#a-frozen-pulse).

use super::*;
use crate::profile::Profile;

fn both(saturations: &[i32], pulses: &[i32]) -> Vec<Vec<Reading>> {
    let pairs = saturations.iter().zip(pulses);
    pairs.map(|(saturation, rate)| vec![spo2(*saturation), pulse(*rate)]).collect()
}

/// A resting pulse that moves by a beat or two.
fn resting(n: usize) -> i32 {
    68 + [0, 1, 2, 1, -1, 0, -2][n % 7]
}

fn calm(stage: &mut Stage, seconds: usize) {
    stage.each_second((0..seconds).map(|n| vec![spo2(97), pulse(resting(n))]));
}

#[test]
fn saturation_beside_a_jumping_pulse_is_bad_signal_whatever_their_order_in_the_frame() {
    for pulse_is_first in [false, true] {
        let mut stage = Stage::infusing();
        calm(&mut stage, 90);
        for _ in 0..25 {
            let mut readings = vec![spo2(80), pulse(101)];
            if pulse_is_first {
                readings.reverse();
            }
            stage.each_second([readings]);
        }
        calm(&mut stage, 60);
        assert!(stage.said().is_empty(), "{:?}", stage.said());
    }
}

#[test]
fn such_a_number_is_shown_as_questionable_and_makes_no_poor_signal() {
    let mut stage = Stage::infusing();
    calm(&mut stage, 90);
    stage.each_second(both(&[80; 29], &[101; 29]));
    let latest = stage.room.latest().iter().find(|l| l.vital == Vital::Spo2).unwrap();
    let shown = latest.value_at(stage.room.now());
    assert!(matches!(shown, Some((_, Quality::Questionable))), "{shown:?}");
    calm(&mut stage, 30);
    assert!(stage.said_of("poor_signal").is_empty());
}

#[test]
fn after_30_s_it_counts_whatever_the_pulse_says() {
    let mut stage = Stage::infusing();
    calm(&mut stage, 90);
    let jumping: Vec<i32> = (0..120).map(|n| if n % 3 == 0 { 112 } else { 40 }).collect();
    stage.each_second(both(&[82; 120], &jumping));
    // From second 120 on five seconds at or below 85 are enough.
    assert_eq!(stage.said_of("spo2_low")[0], "124 spo2_low high active", "{:?}", stage.said());
}

#[test]
fn lasting_motion_is_doubted_once_and_again_only_after_a_minute_of_calm() {
    let told_after_calm_of = |seconds: usize| {
        let mut stage = Stage::infusing();
        calm(&mut stage, 90);
        stage.each_second(both(&[97; 31], &[101; 31]));
        calm(&mut stage, seconds);
        stage.log.clear();
        stage.each_second(both(&[82; 20], &[101; 20]));
        !stage.said_of("spo2_low").is_empty()
    };
    assert!(told_after_calm_of(50), "the gate is not armed again yet");
    // The median forgets the motion 34 s after it: calm begins there.
    assert!(!told_after_calm_of(110), "it is");
}

#[test]
fn a_true_fall_with_a_pulse_that_follows_it_slowly_is_told_as_ever() {
    let mut stage = Stage::infusing();
    calm(&mut stage, 90);
    let saturations: Vec<i32> = (0..40).map(|n| 97 - n / 2).collect();
    let pulses: Vec<i32> = (0..40).map(|n| 68 + n * 2 / 5).collect();
    stage.each_second(both(&saturations, &pulses));
    let said = stage.said_of("spo2_low");
    assert!(said.iter().any(|line| line.contains(" high active")), "{said:?}");
}

#[test]
fn too_few_pulses_are_no_median() {
    let mut stage = Stage::infusing();
    calm(&mut stage, 15);
    stage.each_second(both(&[82; 6], &[101; 6]));
    assert!(!stage.said_of("spo2_low").is_empty(), "nothing is known of how it was");
}

#[test]
fn heart_rate_waits_after_a_jump_for_20_s_up_and_for_10_s_down() {
    let mut up = Stage::infusing();
    calm(&mut up, 60);
    up.each_second(both(&[97; 60], &[135; 60]));
    // From 80 on: 20 s at 130 or more.
    assert_eq!(up.said_of("hr_high"), ["99 hr_high high active"]);

    let mut down = Stage::infusing();
    calm(&mut down, 60);
    down.each_second(both(&[97; 30], &[36; 30]));
    // From 70 on: 10 s at 40 or less.
    assert_eq!(down.said_of("hr_low")[0], "79 hr_low high active");
}

#[test]
fn an_irregular_heart_is_told_too() {
    let mut stage = Stage::infusing();
    calm(&mut stage, 60);
    let irregular = (0..120).map(|n| if n % 2 == 0 { 133 } else { 158 }).collect::<Vec<_>>();
    stage.each_second(both(&[97; 120], &irregular));
    assert_eq!(stage.said_of("hr_high"), ["99 hr_high high active"]);
}

#[test]
fn a_profile_may_switch_it_off() {
    let mut ungated = Profile::clone(&builtin(DEFAULT_PROFILE).unwrap());
    ungated.pulse_gate.enabled = false;
    let mut stage = Stage::infusing();
    stage.input(Input::Profile(std::sync::Arc::new(ungated)));
    calm(&mut stage, 90);
    stage.each_second(both(&[80; 6], &[101; 6]));
    assert!(!stage.said_of("spo2_low").is_empty());
}

#[test]
fn a_pulse_that_never_changes_beside_a_saturation_that_does_asks_for_a_look_at_the_probe() {
    let task = |stage: &Stage| {
        stage.room.tasks().into_iter().find(|task| task.kind == TaskKind::CheckProbe)
    };
    let mut stage = Stage::infusing();
    calm(&mut stage, 30);
    let moving = |n: usize| 95 + (n / 20 % 3) as i32;
    let frozen = |n| vec![spo2(moving(n)), pulse(71)];
    stage.each_second((0..180).map(frozen));
    assert_eq!(task(&stage), None);
    stage.each_second((180..185).map(frozen));
    assert_eq!(task(&stage).unwrap().since, START.plus(30_000));
    assert!(stage.log.is_empty(), "a hint, never a tone: {:?}", stage.said());
    stage.each_second([vec![spo2(96), pulse(72)]]);
    assert_eq!(task(&stage), None, "it goes at the first other number");

    // At rest both may stand on a number.
    let mut resting = Stage::infusing();
    resting.each_second(vec![vec![spo2(97), pulse(71)]; 400]);
    assert_eq!(task(&resting), None);
}
