//! Which two cuff readings are a pair, and which are one.

use super::*;

#[test]
fn a_reading_without_the_part_neither_confirms_nor_refutes() {
    for second in [part_only(None, Some(95), None), part_only(None, None, Some(110))] {
        let mut stage = Stage::infusing();
        stage.cuff(184, 96);
        stage.second = 60;
        stage.frame(vec![second]);
        stage.each_second(fine(200));
        let said = stage.said_of("systolic_high");
        assert!(said.contains(&"180 systolic_high high active".to_owned()), "{said:?}");
    }
}

#[test]
fn a_systolic_alert_that_is_over_hides_no_extreme_diastolic() {
    let mut stage = Stage::infusing();
    stage.cuff(204, 90);
    stage.second = 60;
    stage.cuff(130, 80);
    stage.second = 120;
    stage.cuff(130, 125);
    assert!(!stage.said_of("diastolic_high").is_empty(), "{:?}", stage.said());
}

#[test]
fn an_extreme_diastolic_is_told_beside_an_urgent_systolic_that_was_taken() {
    let mut stage = Stage::infusing();
    stage.cuff(184, 96);
    stage.second = 30;
    stage.cuff(184, 96);
    stage.acknowledge("a1");
    let before = stage.said_of_pressure().len();
    stage.second = 60;
    stage.cuff(185, 125);
    let said = stage.said_of_pressure();
    assert!(said.len() > before, "{said:?}");
}

#[test]
fn two_readings_by_hand_and_by_monitor_confirm() {
    let mut stage = Stage::infusing();
    stage.cuff(184, 96);
    stage.second = 60;
    stage.event(Event::ManualVitals(ManualVitals {
        systolic: Some(Decimal::whole(186)),
        diastolic: Some(Decimal::whole(96)),
        ..ManualVitals::default()
    }));
    assert_eq!(stage.said_of("systolic_high")[1..], ["60 systolic_high high active"]);
}

#[test]
fn values_exactly_at_the_limits_of_pressure() {
    let one = |s: i32, d: i32| {
        let mut stage = Stage::infusing();
        stage.cuff(s, d);
        stage.said_of_pressure()
    };
    let two = |s: i32, d: i32| {
        let mut stage = Stage::without_session();
        stage.cuff(s, d);
        stage.second = 30;
        stage.cuff(s, d);
        stage.said_of_pressure()
    };
    assert!(one(169, 80).is_empty());
    assert_eq!(one(170, 80), ["0 systolic_high medium active"]);
    assert_eq!(one(199, 80), ["0 systolic_high medium active"]);
    assert_eq!(one(200, 80), ["0 systolic_high high active"]);
    assert!(one(140, 104).is_empty());
    assert_eq!(one(140, 105), ["0 diastolic_high medium active"]);
    assert_eq!(one(140, 119), ["0 diastolic_high medium active"]);
    assert_eq!(one(140, 120), ["0 diastolic_high high active"]);
    assert!(one(90, 50).is_empty());
    assert_eq!(one(89, 50), ["0 systolic_low medium active"]);
    assert!(two(159, 80).is_empty());
    assert_eq!(two(160, 80), ["30 systolic_high medium active"]);
    assert!(two(140, 99).is_empty());
    assert_eq!(two(140, 100), ["30 diastolic_high medium active"]);
    assert_eq!(two(140, 110), ["0 diastolic_high medium active", "30 diastolic_high high active"]);
    assert_eq!(two(180, 80), ["0 systolic_high medium active", "30 systolic_high high active"]);
    assert!(two(95, 50).is_empty());
    assert_eq!(two(94, 50), ["30 systolic_low medium active"]);
    assert_eq!(two(85, 50), ["0 systolic_low medium active"]);
    assert_eq!(two(84, 50), ["0 systolic_low medium active", "30 systolic_low high active"]);
}

#[test]
fn a_mean_alone_is_no_pair_and_does_not_break_one() {
    let mut stage = Stage::without_session();
    stage.cuff(165, 90);
    stage.second = 60;
    stage.frame(vec![part_only(None, None, Some(120))]);
    stage.second = 120;
    stage.cuff(165, 90);
    assert!(!stage.said_of_pressure().is_empty());
}

#[test]
fn mean_alone_does_not_end_the_watch_of_high_pressure() {
    let mut stage = Stage::infusing();
    stage.cuff(204, 90);
    for s in [60, 120] {
        stage.second = s;
        stage.frame(vec![part_only(None, None, Some(100 + s as i32 / 60))]);
    }
    assert_eq!(stage.room.next_nibp_due().unwrap().since(START) / 1_000, 240);
}

#[test]
fn the_monitors_number_written_down_by_hand_is_no_second_reading() {
    let mut stage = Stage::infusing();
    stage.cuff(184, 96);
    stage.second = 15;
    let (systolic, diastolic) = (Some(Decimal::whole(184)), Some(Decimal::whole(96)));
    stage.event(Event::ManualVitals(ManualVitals {
        systolic,
        diastolic,
        ..ManualVitals::default()
    }));
    assert_eq!(stage.said_of_pressure(), ["0 systolic_high medium active"]);
}

#[test]
fn a_number_that_is_stamped_anew_each_second_is_one_reading() {
    let mut stage = Stage::infusing();
    for _ in 0..3 {
        let r = Reading { taken_at: Some(stage.now()), ..nibp(184, 96) };
        stage.frame(vec![r, spo2(97), pulse(75)]);
        stage.second += 1;
    }
    assert_eq!(stage.said_of_pressure(), ["0 systolic_high medium active"]);
}

#[test]
fn after_systolic_is_acknowledged_a_standing_diastolic_is_told() {
    let mut stage = Stage::infusing();
    stage.cuff(204, 90);
    stage.second = 60;
    stage.cuff(130, 106);
    stage.acknowledge("a1");
    stage.wait(5);
    assert!(stage.room.is_active(Condition::DiastolicHigh), "{:?}", stage.said());
}

#[test]
fn the_baseline_is_the_median_since_the_last_hold() {
    let mut stage = Stage::without_session();
    stage.open();
    for (s, p) in [(0, (150, 95)), (300, (148, 94)), (600, (138, 88)), (720, (136, 86))] {
        stage.second = s;
        stage.cuff(p.0, p.1);
    }
    stage.event(Event::AcceptBaseline(Acceptance::default()));
    let b = stage.room.session().unwrap().baseline.unwrap();
    assert_eq!((b.systolic, b.diastolic), (Some(Decimal::whole(136)), Some(Decimal::whole(86))));
}
