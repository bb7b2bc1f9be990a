//! Phases, recurrence, the cuff's gate, what repeats, and tasks.

use super::*;
use crate::profile::Priority;

fn tasks(stage: &Stage) -> Vec<(TaskKind, String)> {
    stage.room.tasks().into_iter().map(|task| (task.kind, task.text)).collect()
}

fn measuring() -> Vec<Reading> {
    vec![Reading::absent(Vital::Nibp, Absent::Measuring)]
}

fn failed() -> Vec<Reading> {
    vec![Reading::absent(Vital::Nibp, Absent::Failed)]
}

#[test]
fn a_caution_of_pressure_that_is_back_within_15_minutes_is_the_same_alert_without_a_tone() {
    let mut stage = Stage::infusing();
    stage.cuff(172, 90);
    stage.second = 120;
    stage.cuff(141, 80);
    stage.second = 120 + 900;
    stage.cuff(173, 90);
    let lines: Vec<_> =
        stage.log.iter().filter(|l| l.condition == Condition::SystolicHigh).collect();
    assert!(lines.iter().all(|line| line.alert == lines[0].alert));
    let name = lines[0].alert.clone();
    let alert = stage.room.alert(&name).unwrap();
    assert_eq!((alert.state, alert.reopened_at), (AlertState::Active, Some(stage.now())));
    assert_eq!(alert.acknowledged, None);
    // Worse from there, it sounds.
    stage.second += 10;
    stage.cuff(204, 90);
    assert_eq!(stage.room.alert(&name).unwrap().reopened_at, None);
}

#[test]
fn after_that_time_or_graver_than_before_it_is_news() {
    let mut stage = Stage::infusing();
    stage.cuff(172, 90);
    stage.second = 120;
    stage.cuff(141, 80);
    stage.second = 120 + 901;
    stage.cuff(173, 90);
    let of_it = |line: &&AlertLine| line.condition == Condition::SystolicHigh;
    let first = stage.log.iter().find(of_it).unwrap();
    let last = stage.log.iter().rfind(of_it).unwrap();
    assert_ne!(first.alert, last.alert);

    let mut stage = Stage::infusing();
    stage.each_second(vec![vec![spo2(92), pulse(75)]; 30]);
    stage.each_second(fine(30));
    stage.each_second(vec![vec![spo2(84), pulse(75)]; 5]);
    let low: Vec<_> = stage.log.iter().filter(|l| l.condition == Condition::Spo2Low).collect();
    assert_eq!((low[2].alert.as_str(), low[2].priority), ("a1", Priority::High));
    assert_eq!(stage.room.alert("a1").unwrap().reopened_at, None, "worse: it sounds");
}

#[test]
fn a_milder_return_of_an_urgent_alert_is_an_alert_of_its_own() {
    let mut stage = Stage::infusing();
    stage.cuff(204, 90);
    stage.acknowledge("a1");
    stage.each_second(fine(30));
    stage.cuff(141, 80);
    stage.each_second(fine(30));
    stage.cuff(172, 90);
    let last = stage.log.iter().rfind(|l| l.condition == Condition::SystolicHigh).unwrap();
    assert_eq!((last.alert.as_str(), last.priority), ("a2", Priority::Medium));
}

#[test]
fn high_pressure_and_a_fast_heart_before_the_start_are_no_alerts_but_reasons_to_wait() {
    let mut stage = Stage::without_session();
    stage.open();
    stage.cuff(150, 95);
    stage.each_second(vec![vec![spo2(97), pulse(115)]; 120]);
    assert!(stage.log.is_empty(), "{:?}", stage.said());
    let held = &tasks(&stage)[0];
    assert_eq!(held.0, TaskKind::Hold);
    assert!(held.1.contains("above 140/90"), "{}", held.1);
    stage.cuff(185, 95);
    assert!(tasks(&stage)[0].1.contains("Do not start"));
    stage.cuff(130, 80);
    // It calms down too slowly for a fall, after which the start would wait.
    stage.each_second((0..120).map(|second| vec![spo2(97), pulse(115 - second / 3)]));
    stage.each_second(fine(60));
    assert!(!tasks(&stage).iter().any(|task| task.0 == TaskKind::Hold));
}

#[test]
fn what_stands_at_the_start_alarms_at_the_start() {
    let mut stage = Stage::without_session();
    stage.open();
    stage.each_second(vec![vec![spo2(97), pulse(115)]; 120]);
    stage.cuff(172, 90);
    stage.event(Event::Start { overrides: None });
    assert_eq!(stage.said(), ["120 hr_high medium active", "120 systolic_high medium active"]);
}

#[test]
fn low_values_alarm_before_the_start_as_well() {
    let mut stage = Stage::without_session();
    stage.open();
    stage.each_second(vec![vec![spo2(91), pulse(49)]; 60]);
    stage.cuff(84, 50);
    let conditions: Vec<_> = stage.log.iter().map(|line| line.condition).collect();
    assert_eq!(conditions, [Condition::Spo2Low, Condition::HrLow, Condition::SystolicLow]);
}

#[test]
fn recovery_and_pause_keep_the_limits_of_the_infusion() {
    for event in [Event::Stop { reason: None }, Event::Pause { reason: None }] {
        let mut stage = Stage::infusing();
        stage.event(event);
        stage.cuff(204, 100);
        stage.each_second(vec![vec![spo2(97), pulse(131)]; 20]);
        let conditions: Vec<_> = stage.log.iter().map(|line| line.condition).collect();
        assert_eq!(conditions, [Condition::SystolicHigh, Condition::HrHigh]);
    }
}

#[test]
fn without_a_session_the_absolute_limits_and_the_falls_watch() {
    let mut stage = Stage::without_session();
    stage.each_second(vec![vec![spo2(97), pulse(95)]; 60]);
    stage.each_second(vec![vec![spo2(91), pulse(112)]; 61]);
    stage.cuff(172, 90);
    let conditions: Vec<_> = stage.log.iter().map(|line| line.condition.name()).collect();
    assert_eq!(conditions, ["spo2_falling", "spo2_low", "hr_high", "systolic_high"]);
    stage.wait(3_600);
    assert_eq!(stage.log.len(), 4, "neither a lost monitor nor an overdue pressure");
}

#[test]
fn a_value_that_the_cuff_takes_away_is_missed_20_s_after_its_end() {
    let mut stage = Stage::infusing();
    stage.each_second(fine(20));
    stage.frame(measuring());
    let absent =
        || vec![no_spo2(Absent::NoPulse), Reading::absent(Vital::PulseRate, Absent::NoPulse)];
    stage.each_second(vec![absent(); 33]);
    stage.cuff(120, 80);
    stage.each_second(vec![absent(); 25]);
    assert_eq!(stage.said(), ["73 spo2_no_value low active"], "45 s would have been at 65 s");
}

#[test]
fn a_cuff_without_an_end_hides_a_missing_value_for_60_s_and_no_longer() {
    let mut stage = Stage::infusing();
    stage.each_second(fine(20));
    let absent = || {
        let mut readings = measuring();
        readings.push(no_spo2(Absent::NoPulse));
        readings
    };
    stage.each_second(vec![absent(); 95]);
    assert_eq!(stage.said_of("spo2_no_value")[0], "80 spo2_no_value low active");
    assert_eq!(
        stage.said_of("spo2_no_value")[1],
        "110 spo2_no_value high active",
        "90 s while infusing are 90 s"
    );
}

#[test]
fn a_sensor_that_is_off_is_off_whatever_the_cuff_does() {
    let mut stage = Stage::infusing();
    stage.each_second(fine(20));
    stage.frame(measuring());
    stage.each_second(vec![vec![no_spo2(Absent::SensorOff)]; 12]);
    assert_eq!(stage.said_of("spo2_no_value"), ["30 spo2_no_value low active"]);
}

#[test]
fn alarms_are_never_held_because_a_cuff_inflates() {
    let mut stage = Stage::infusing();
    stage.each_second(fine(20));
    stage.frame(measuring());
    stage.each_second(vec![vec![spo2(85), pulse(75)]; 5]);
    assert_eq!(stage.said_of("spo2_low"), ["24 spo2_low high active"], "85 for 5 s");
}

#[test]
fn doubtful_values_are_poor_signal_at_30_s_and_a_good_one_ends_it() {
    let mut stage = Stage::infusing();
    let poor = || vec![with_quality(spo2(90), Quality::Questionable), pulse(75)];
    stage.each_second(fine(10));
    stage.each_second((0..31).map(|_| poor()));
    assert_eq!(stage.said(), ["40 poor_signal low active"]);
    stage.each_second(fine(1));
    assert_eq!(stage.said()[1..], ["41 poor_signal low resolved"]);
    stage.each_second((0..200).map(|_| poor()));
    assert_eq!(stage.said().last().unwrap(), "222 poor_signal medium active");
}

#[test]
fn a_first_failure_is_a_task_and_the_second_running_technical() {
    let mut stage = Stage::infusing();
    stage.each_second(fine(1));
    stage.frame(failed());
    assert_eq!(tasks(&stage), [(TaskKind::RepeatCuff, "BP failed: repeat it".to_owned())]);
    stage.each_second(fine(5));
    stage.frame(failed());
    assert!(stage.log.is_empty(), "the same failure said again");
    stage.each_second(fine(54));
    stage.frame(failed());
    assert_eq!(stage.said(), ["60 nibp_failed low active"]);
    stage.each_second(fine(30));
    stage.cuff(120, 80);
    assert_eq!(stage.said()[1..], ["90 nibp_failed low resolved"]);
    assert!(tasks(&stage).is_empty());
}

#[test]
fn a_pressure_that_does_not_come_is_due_then_overdue_then_urgent_while_infusing() {
    let mut stage = Stage::infusing();
    stage.cuff(120, 80);
    stage.each_second(fine(299));
    assert!(tasks(&stage).is_empty());
    stage.each_second(fine(2));
    assert_eq!(tasks(&stage), [(TaskKind::BpDue, "BP due".to_owned())]);
    stage.each_second(fine(400));
    assert_eq!(stage.said(), ["480 nibp_overdue medium active", "690 nibp_overdue high active"]);
    stage.cuff(121, 80);
    assert_eq!(stage.said()[2..], ["701 nibp_overdue high latched"]);
}

#[test]
fn after_a_high_pressure_one_is_due_every_two_minutes_until_two_are_inside() {
    let mut stage = Stage::infusing();
    stage.cuff(204, 90);
    let due = |stage: &Stage| stage.room.next_nibp_due().unwrap().since(stage.now()) / 1_000;
    assert_eq!(due(&stage), 0, "an extreme one is repeated now");
    stage.second = 60;
    stage.cuff(203, 90);
    assert_eq!(due(&stage), 120);
    stage.second = 120;
    stage.cuff(146, 80);
    assert_eq!(due(&stage), 120, "one inside is not two");
    stage.second = 240;
    stage.cuff(140, 80);
    assert_eq!(due(&stage), 300);
}

#[test]
fn a_change_of_rate_asks_for_a_pressure_five_minutes_later() {
    let mut stage = Stage::infusing();
    stage.each_second(fine(200));
    stage.cuff(120, 80);
    stage.second = 250;
    let to = Decimal::whole(20);
    stage.event(Event::RateChange { from: None, to, unit: Some("mL/h".to_owned()) });
    assert_eq!(stage.room.next_nibp_due(), Some(START.plus(500_000)), "the cadence's is earlier");
    stage.second = 300;
    stage.cuff(120, 80);
    assert_eq!(stage.room.next_nibp_due(), Some(START.plus(550_000)), "too early to count for it");
    stage.second = 550;
    assert_eq!(stage.room.next_nibp_due(), Some(START.plus(550_000)));
    stage.cuff(120, 80);
    assert_eq!(stage.room.next_nibp_due(), Some(START.plus(850_000)));
}

#[test]
fn an_urgent_alert_that_is_over_asks_what_came_of_it() {
    let mut stage = Stage::infusing();
    stage.cuff(204, 90);
    stage.acknowledge("a1");
    stage.second = 60;
    stage.cuff(140, 80);
    let asked = |stage: &Stage| tasks(stage).iter().any(|t| t.0 == TaskKind::OutcomeMissing);
    assert!(asked(&stage));
    let (staff, alert) = ("KM".to_owned(), "a1".to_owned());
    stage.input(Input::Outcome { staff, alert, outcome: Some(Outcome::ExpectedEffect) });
    assert!(!asked(&stage));
}

#[test]
fn a_marked_rise_is_a_task_and_in_the_record_once() {
    let mut stage = Stage::infusing();
    stage.cuff(158, 80);
    assert!(
        tasks(&stage).iter().any(|t| t.1 == "Marked rise: BP 158/80, +40/+6 over the baseline")
    );
    stage.second = 10;
    stage.cuff(159, 80);
    let events = &stage.room.session().unwrap().events;
    assert_eq!(events.iter().filter(|event| event.text.starts_with("Marked rise")).count(), 1);
}

#[test]
fn a_clock_that_is_wrong_by_more_than_5_s_is_told_after_a_minute() {
    let with_clock = |ahead_ms: i64| {
        let mut stage = Stage::infusing();
        for second in 0..80 {
            stage.second = second;
            let sent_at = Some(stage.now().plus(ahead_ms));
            let frame = Frame { sent_at, ..frame(vec![spo2(97), pulse(75)]) };
            stage.input(Input::Frame(frame));
        }
        stage.said()
    };
    assert_eq!(with_clock(420_000), ["70 clock_skew low active"]);
    assert_eq!(with_clock(-6_000), ["70 clock_skew low active"]);
    assert!(with_clock(-4_900).is_empty());
}

#[test]
fn impossible_values_are_told_when_they_repeat_and_forgotten_after_a_minute() {
    let mut stage = Stage::infusing();
    let impossible = || Frame { implausible: 1, ..frame(vec![pulse(75)]) };
    for second in 0..5 {
        stage.second = second;
        stage.input(Input::Frame(impossible()));
    }
    assert_eq!(stage.said(), ["4 implausible_values low active"]);
    stage.second = 5;
    stage.each_second(fine(70));
    assert_eq!(stage.said()[1..], ["64 implausible_values low resolved"]);
}

#[test]
fn a_room_that_nobody_watches_says_so_at_15_s_and_is_urgent_at_60_s_while_infusing() {
    let mut stage = Stage::infusing();
    stage.each_second(fine(10));
    stage.input(Input::Watched(false));
    stage.each_second(fine(61));
    assert_eq!(stage.said(), ["25 unwatched medium active", "70 unwatched high active"]);
    stage.input(Input::Watched(true));
    assert_eq!(stage.said()[2..], ["71 unwatched high latched"]);
    let mut empty = Stage::without_session();
    empty.input(Input::Watched(false));
    empty.wait(600);
    assert!(empty.log.is_empty());
}

#[test]
fn esketamine_wants_its_pressure_at_40_minutes_whatever_was_measured_before() {
    let mut stage = Stage::without_session();
    stage.input(Input::Open(Opening {
        session: SessionId::new("s1").unwrap(),
        profile: builtin("esketamine-nasal-adult").unwrap(),
        planned_s: 7_200,
        phase: Phase::Baseline,
        staff: "KM".to_owned(),
    }));
    stage.event(Event::AcceptBaseline(baseline(118, 74, 75, 97)));
    stage.event(Event::Start { overrides: None });
    let due = |stage: &Stage| stage.room.next_nibp_due().unwrap().since(START) / 60_000;
    assert_eq!(due(&stage), 40);
    stage.second = 20 * 60;
    stage.cuff(130, 80);
    assert_eq!(due(&stage), 40, "one at 20 minutes is not the one at 40");
    stage.second = 36 * 60;
    stage.cuff(132, 80);
    assert_eq!(due(&stage), 76, "36 is near enough; the next is 40 minutes on");
}

#[test]
fn esketamine_without_its_pressure_is_a_task_at_40_and_an_alert_at_43_minutes() {
    let mut stage = Stage::without_session();
    stage.input(Input::Open(Opening {
        session: SessionId::new("s1").unwrap(),
        profile: builtin("esketamine-nasal-adult").unwrap(),
        planned_s: 7_200,
        phase: Phase::Baseline,
        staff: "KM".to_owned(),
    }));
    stage.event(Event::Start { overrides: None });
    stage.each_second(fine(2_401));
    assert_eq!(tasks(&stage)[0].0, TaskKind::BpDue);
    stage.each_second(fine(200));
    assert_eq!(stage.said(), ["2580 nibp_overdue medium active"]);
}

#[test]
fn what_was_bad_minutes_ago_is_no_alert_of_a_session_that_opens_now() {
    let mut stage = Stage::without_session();
    stage.each_second(vec![vec![spo2(93), pulse(118)]; 59]);
    stage.wait(120);
    stage.open();
    stage.event(Event::Start { overrides: None });
    assert!(stage.log.is_empty(), "{:?}", stage.said());
}

#[test]
fn doubt_after_a_long_absence_begins_with_the_doubt() {
    let mut stage = Stage::infusing();
    stage.each_second(fine(5));
    stage.each_second(vec![vec![no_spo2(Absent::Searching), pulse(75)]; 100]);
    let poor = || vec![with_quality(spo2(90), Quality::Questionable), pulse(75)];
    stage.each_second((0..31).map(|_| poor()));
    assert_eq!(stage.said_of("poor_signal"), ["135 poor_signal low active"]);
}

#[test]
fn an_alert_on_values_that_came_late_tells_both_times() {
    let mut stage = Stage::infusing();
    for second in 0..60 {
        stage.second = second;
        let sent_at = Some(stage.now());
        stage.input(Input::Frame(Frame { sent_at, ..frame(vec![spo2(97), pulse(75)]) }));
    }
    // Ten seconds of the network's silence, then everything at once.
    stage.second = 70;
    for second in 60..70 {
        let sent_at = Some(START.plus(second * 1_000));
        stage.input(Input::Frame(Frame { sent_at, ..frame(vec![spo2(84), pulse(75)]) }));
    }
    let low = stage.room.alerts().iter().find(|a| a.condition == Condition::Spo2Low).unwrap();
    assert_eq!((low.raised_at, low.value_at), (stage.now(), Some(START.plus(64_000))));
}

#[test]
fn a_high_pressure_of_before_the_session_waits_for_no_second_reading_in_it() {
    let mut stage = Stage::without_session();
    stage.cuff(184, 90);
    assert_eq!(stage.said_of_pressure(), ["0 systolic_high medium active"]);
    stage.second = 10;
    stage.open();
    stage.wait(300);
    assert_eq!(stage.said_of_pressure()[1..], ["10 systolic_high medium resolved"]);
}
