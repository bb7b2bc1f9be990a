//! When the next pressure is due, and when it is overdue.

use super::*;

#[test]
fn urgent_overdue_counts_by_the_cadence_that_the_reading_was_due_by() {
    let mut stage = Stage::without_session();
    open_as(&mut stage, "s1", "infliximab");
    stage.event(Event::AcceptBaseline(baseline(118, 74, 75, 97)));
    stage.event(Event::Start { overrides: None });
    for second in 0..8_000 {
        if second % 800 == 0 && second <= 3_500 {
            stage.cuff(120, 80);
        }
        stage.each_second(fine(1));
    }
    // last reading at 3,200; due 4,100; urgent at 3,200 + 2 × 900 + 90 = 5,090
    assert_eq!(
        stage.said_of("nibp_overdue"),
        ["4280 nibp_overdue medium active", "5090 nibp_overdue high active"]
    );
}

#[test]
fn esketamine_after_a_short_dosing_wants_no_pressure_before_40_minutes() {
    let mut stage = Stage::without_session();
    open_as(&mut stage, "s1", "esketamine-nasal-adult");
    stage.event(Event::AcceptBaseline(baseline(118, 74, 75, 97)));
    stage.event(Event::Start { overrides: None });
    stage.second = 300;
    stage.event(Event::Stop { reason: None });
    assert_eq!(stage.room.next_nibp_due().unwrap().since(START) / 60_000, 40);
}

#[test]
fn pause_and_resume_do_not_put_off_an_overdue_pressure() {
    let mut stage = Stage::infusing();
    stage.cuff(120, 80);
    stage.each_second(fine(700));
    assert!(stage.room.is_active(Condition::NibpOverdue));
    stage.acknowledge("a1");
    stage.event(Event::Pause { reason: None });
    assert!(stage.room.is_active(Condition::NibpOverdue), "nobody measured: {:?}", stage.said());
}

#[test]
fn pausing_now_and_then_does_not_make_pressure_never_due() {
    let mut stage = Stage::infusing();
    stage.cuff(120, 80);
    for _ in 0..5 {
        stage.each_second(fine(250));
        stage.event(Event::Pause { reason: None });
        stage.each_second(fine(250));
        stage.event(Event::Resume {});
    }
    assert!(!stage.said_of("nibp_overdue").is_empty(), "40 minutes without a pressure");
}
