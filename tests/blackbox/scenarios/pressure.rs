//! High pressure: a surge is urgent once it is confirmed, a lone reading and a known history are not.

use dripwatch::profile::Condition::{DiastolicHigh, SystolicHigh};
use dripwatch::profile::Priority::{High, Medium};
use dripwatch::room::{AlertState, Phase, TaskKind};

use super::{play, seconds};

#[test]
fn s03_a_surge_is_urgent_with_the_second_reading_and_not_with_the_first() {
    let played = play("hypertensive-surge");
    // 176/108 at 400 s, 181/111 at 700 s, 183/112 at 819 s.
    played.alarms(SystolicHigh, Medium, (400.0, 402.0));
    played.alarms(SystolicHigh, High, (819.0, 821.0));
    played.has_task(TaskKind::RepeatCuff, (400.0, 402.0));
    let asks = |task: &(f64, TaskKind, String)| task.2.contains("181 is not confirmed");
    let unconfirmed = played.tasks.iter().find(|task| asks(task)).unwrap();
    assert!((700.0..=702.0).contains(&unconfirmed.0), "within 2 s of the reading");
    // With the surge on the screen, its diastolic asks for nothing more.
    assert!(!played.tasks.iter().any(|task| task.2.contains("Diastolic")));
    played.has_task(TaskKind::MarkedRise, (400.0, 702.0));
    // Symptoms first, and with the urgent alert alone.
    played.has_task(TaskKind::Suggestion, (819.0, 821.0));
    let suggests = |task: &&(f64, TaskKind, String)| {
        task.1 == TaskKind::Suggestion && task.2.contains("headache")
    };
    assert_eq!(played.tasks.iter().filter(suggests).count(), 1);
    // Acknowledging does not end it: it stays open, and asks again.
    assert_eq!(played.last(SystolicHigh), AlertState::Active);
    played.nothing_else_than(&[(SystolicHigh, High)]);
}

#[test]
fn s03_an_acknowledged_surge_sounds_again_when_it_turns_extreme() {
    // The rule that no recording reaches: 200 after the acknowledgement.
    let played = play("hypertensive-surge");
    let mut room = played.room;
    let at = room.now().plus(1_000);
    room.handle(
        &dripwatch::room::Input::Acknowledge { staff: "KM".to_owned(), alert: "a1".to_owned() },
        at,
    );
    assert!(room.alert("a1").unwrap().acknowledged.is_some());
    let reading =
        r#"{"at":0,"staff":"KM","event":{"type":"manual_vitals","systolic":204,"diastolic":118}}"#;
    let (_, line) = dripwatch::record::Line::read(reading).unwrap();
    let dripwatch::record::Line::Input(input) = line else { panic!("it is an input") };
    room.handle(&input, at.plus(60_000));
    assert!(room.alert("a1").unwrap().acknowledged.is_none());
}

#[test]
fn s04_a_single_extreme_reading_is_urgent_at_once() {
    let played = play("extreme-single");
    played.alarms(SystolicHigh, High, (100.0, 102.0));
    played.nothing_else_than(&[(SystolicHigh, High)]);
}

#[test]
fn s05_a_lone_outlier_is_a_caution_that_clears_and_is_noted_as_not_confirmed() {
    let played = play("lone-outlier");
    played.alarms(SystolicHigh, Medium, (100.0, 102.0));
    played.nothing_else_than(&[(SystolicHigh, Medium)]);
    assert_eq!(played.last(SystolicHigh), AlertState::Resolved);
    assert!(played.noted("Not confirmed: 184, then 141/84"));
}

#[test]
fn s06_a_high_baseline_is_a_hold_and_no_alert() {
    let played = play("baseline-high");
    played.is_quiet();
    // 150/95 at 54 s, 148/94 at 394 s, 138/88 at 734 s.
    played.has_task(TaskKind::Hold, (54.0, 56.0));
    assert_eq!(played.phase(), Phase::Infusing);
}

#[test]
fn s07_a_baseline_that_a_prescriber_overrides_moves_the_cautions_to_170_107_and_nothing_urgent() {
    let played = play("baseline-overridden");
    // 166/105 and 167/105 before that: a caution for anybody else.
    played.alarms(SystolicHigh, Medium, (1794.0, 1796.0));
    played.nothing_else_than(&[(SystolicHigh, Medium)]);
    assert!(played.noted("accepted by DR"));
}

#[test]
fn s23_treated_hypertension_is_a_caution_and_more_readings_and_never_urgent() {
    let played = play("treated-hypertension");
    played.alarms(SystolicHigh, Medium, (100.0, 402.0));
    played.has_task(TaskKind::RepeatCuff, (400.0, 402.0));
    played.nothing_else_than(&[(SystolicHigh, Medium), (DiastolicHigh, Medium)]);
}

#[test]
fn s25_labetalol_is_on_the_chart_and_the_urgent_alert_stays_until_somebody_takes_it() {
    let played = play("labetalol");
    played.alarms(SystolicHigh, High, (819.0, 821.0));
    played.nothing_else_than(&[(SystolicHigh, High)]);
    let states: Vec<_> =
        played.of(SystolicHigh).map(|line| (line.state, seconds(line.at))).collect();
    // 155/95 at 1600 s, taken at 1800 s.
    assert!(states.contains(&(AlertState::Latched, 1600.0)), "{states:?}");
    assert_eq!(states.last(), Some(&(AlertState::Resolved, 1800.0)));
    assert!(played.noted("labetalol 10 mg"));
}

#[test]
fn s27_a_late_rise_in_recovery_is_judged_as_while_infusing() {
    let played = play("late-rise");
    played.alarms(SystolicHigh, Medium, (414.0, 416.0));
    played.alarms(SystolicHigh, High, (484.0, 486.0));
    let phase = played.room.session().unwrap().phase;
    assert_eq!(phase, dripwatch::room::Phase::Recovery);
}
