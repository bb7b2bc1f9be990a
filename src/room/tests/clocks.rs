//! What is old, what was entered late, and clocks that tell little.

use super::*;

#[test]
fn a_frozen_monitor_clock_does_not_blind_the_room() {
    let mut stage = Stage::infusing();
    for _ in 0..70 {
        let f = Frame { sent_at: Some(START), ..frame(vec![spo2(97), pulse(75)]) };
        stage.input(Input::Frame(f));
        stage.second += 1;
    }
    for _ in 0..60 {
        let f = Frame { sent_at: Some(START), ..frame(vec![spo2(80), pulse(75)]) };
        stage.input(Input::Frame(f));
        stage.second += 1;
    }
    assert!(!stage.said_of("spo2_low").is_empty(), "{:?}", stage.said());
}

#[test]
fn a_clock_that_tells_whole_minutes_blinds_nothing() {
    let mut stage = Stage::infusing();
    for n in 0..240i64 {
        let minute = START.plus(n / 60 * 60_000);
        let value = if n < 60 { 97 } else { 88 };
        let f = Frame { sent_at: Some(minute), ..frame(vec![spo2(value), pulse(75)]) };
        stage.input(Input::Frame(f));
        stage.second += 1;
    }
    assert!(
        stage.said_of("spo2_low").first().is_some_and(|l| l == "74 spo2_low high active"),
        "{:?}",
        stage.said()
    );
}

#[test]
fn readings_with_a_time_of_their_own_alone_are_late_when_old() {
    let mut stage = Stage::infusing();
    stage.second = 1_800;
    let now = stage.now();
    let old = Reading { taken_at: Some(now.plus(-1_200_000)), ..nibp(204, 112) };
    stage.frame(vec![old, spo2(97), pulse(75)]);
    assert!(stage.said_of_pressure().is_empty(), "{:?}", stage.said());
}

#[test]
fn restart_keeps_doubt() {
    let mut stage = Stage::infusing();
    stage.each_second(fine(5));
    let poor = || vec![with_quality(spo2(90), Quality::Questionable), pulse(75)];
    stage.each_second((0..40).map(|_| poor()));
    let blind_from = stage.now();
    stage.second += 30;
    let blind_to = stage.now();
    stage.input(Input::Restart { blind_from, blind_to });
    stage.each_second((0..40).map(|_| poor()));
    assert_eq!(stage.said_of("poor_signal").len(), 1, "{:?}", stage.said());
}

#[test]
fn after_a_restart_a_sensor_that_was_off_is_not_urgent_at_once() {
    let mut stage = Stage::infusing();
    stage.each_second(vec![vec![no_spo2(Absent::SensorOff), pulse(75)]; 5]);
    let blind_from = stage.now();
    stage.second += 60;
    let blind_to = stage.now();
    stage.input(Input::Restart { blind_from, blind_to });
    assert!(stage.said_of("spo2_no_value").is_empty(), "{:?}", stage.said());
}

#[test]
fn a_pressure_taken_20_minutes_ago_and_entered_now_is_charted_and_not_live() {
    let mut stage = Stage::infusing();
    stage.each_second(fine(1_500));
    assert!(stage.room.is_active(Condition::NibpOverdue));
    let event = Event::ManualVitals(ManualVitals {
        systolic: Some(Decimal::whole(204)),
        diastolic: Some(Decimal::whole(80)),
        ..ManualVitals::default()
    });
    let occurred_at = Some(stage.now().plus(-1_200_000));
    stage.input(Input::Staff { staff: "KM".to_owned(), event, occurred_at });
    assert!(stage.said_of("systolic_high").is_empty(), "{:?}", stage.said());
    assert!(stage.room.is_active(Condition::NibpOverdue));
}

#[test]
fn an_old_score_entered_late_does_not_end_the_newer_ones_alert() {
    let mut stage = Stage::infusing();
    stage.each_second(fine(300));
    stage.event(Event::Score { score: "moaa_s".to_owned(), value: 2, note: None });
    stage.each_second(fine(10));
    let event = Event::Score { score: "moaa_s".to_owned(), value: 5, note: None };
    stage.input(Input::Staff {
        staff: "KM".to_owned(),
        event,
        occurred_at: Some(START.plus(60_000)),
    });
    assert!(stage.room.is_active(Condition::Sedation), "{:?}", stage.said());
}

#[test]
fn rate_change_entered_late_counts_from_when_it_was_done() {
    let mut stage = Stage::infusing();
    stage.each_second(fine(250));
    stage.cuff(120, 80);
    let event = Event::RateChange { from: None, to: Decimal::whole(20), unit: None };
    let occurred_at = Some(START.plus(100_000));
    stage.input(Input::Staff { staff: "KM".to_owned(), event, occurred_at });
    stage.second = 300;
    assert_eq!(stage.room.next_nibp_due().unwrap().since(START) / 1_000, 400);
}

#[test]
fn a_further_grave_symptom_entered_late_ends_the_acknowledgement() {
    let mut stage = Stage::infusing();
    stage.each_second(fine(100));
    stage.event(symptom("chest_pain", false));
    stage.acknowledge("a1");
    stage.each_second(fine(100));
    let occurred_at = Some(START.plus(50_000));
    stage.input(Input::Staff {
        staff: "KM".to_owned(),
        event: symptom("seizure", false),
        occurred_at,
    });
    let alert = stage.room.alert("a1").unwrap();
    assert!(alert.acknowledged.is_none(), "{}", alert.text);
}

#[test]
fn alerts_of_a_day_that_comes_a_second_time_have_names_of_their_own() {
    const YEARS_MS: i64 = 3_652 * 86_400_000;
    let mut room = Stage::without_session().room;
    let mut at = START;
    let mut names = Vec::new();
    for step_ms in [YEARS_MS, -YEARS_MS, 0] {
        for (spo2_percent, seconds) in [(97, 30), (80, 30), (97, 60)] {
            for _ in 0..seconds {
                at = at.plus(1_000);
                room.handle(&Input::Frame(frame(vec![spo2(spo2_percent), pulse(75)])), at);
            }
        }
        names.extend(room.alerts().iter().map(Alert::id));
        room.alarms.alerts.clear();
        at = room.now.plus(step_ms);
        room.handle(&Input::ClockStep { ms: step_ms, moves_at: true }, at);
    }
    assert_eq!(names.len(), 6, "{names:?}");
    let distinct: std::collections::BTreeSet<_> = names.iter().collect();
    assert_eq!(distinct.len(), names.len(), "{names:?}");
}

#[test]
fn alerts_before_and_after_a_midnight_that_comes_twice_have_names_of_their_own() {
    const HALF_PAST_MIDNIGHT: Millis = Millis(1_795_262_400_000 + 12 * 3_600_000 + 1_800_000);
    let mut room = Stage::without_session().room;
    let mut at = HALF_PAST_MIDNIGHT;
    let mut names = Vec::new();
    for (step_ms, wait_ms) in [(-3_600_000, 3_600_000), (0, 0)] {
        for (spo2_percent, seconds) in [(97, 30), (80, 30), (97, 60)] {
            for _ in 0..seconds {
                at = at.plus(1_000);
                room.handle(&Input::Frame(frame(vec![spo2(spo2_percent), pulse(75)])), at);
            }
        }
        names.extend(room.alerts().iter().map(Alert::id));
        room.alarms.alerts.clear();
        let set = room.now.plus(step_ms);
        room.handle(&Input::ClockStep { ms: step_ms, moves_at: true }, set);
        at = set.plus(wait_ms);
    }
    assert_eq!(names.len(), 4, "{names:?}");
    let distinct: std::collections::BTreeSet<_> = names.iter().collect();
    assert_eq!(distinct.len(), names.len(), "{names:?}");
}
