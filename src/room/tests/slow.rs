//! Monitors that give a value each some seconds, or each minute (design.md#slow-monitors).

use super::*;

/// A frame each `every` seconds until `end`, of what `value` says then.
fn play(stage: &mut Stage, every: i64, end: i64, value: impl Fn(i64) -> i32) {
    while stage.second < end {
        let saturation = value(stage.second);
        stage.frame(vec![spo2(saturation), pulse(68 + stage.second as i32 / every as i32 % 5)]);
        stage.wait(every);
    }
}

fn technical(stage: &Stage) -> Vec<String> {
    let is_it = |line: &&AlertLine| line.condition.kind() == crate::profile::Kind::Technical;
    let lines = stage.log.iter().filter(is_it).filter(|l| l.condition != Condition::NibpOverdue);
    lines.map(|l| format!("{} {}", l.condition.name(), l.state.name())).collect()
}

#[test]
fn a_monitor_of_any_pace_up_to_45_s_is_neither_lost_nor_stale() {
    for every in [2, 5, 10, 15, 20, 30, 40] {
        let mut stage = Stage::infusing();
        play(&mut stage, every, 1_200, |_| 97);
        let said = technical(&stage);
        assert!(said.len() <= 4, "{every} s: {said:?}");
        stage.log.clear();
        play(&mut stage, every, 2_400, |_| 97);
        assert_eq!(technical(&stage), [] as [String; 0], "{every} s, once it is known");
    }
}

#[test]
fn a_fall_is_told_with_the_second_value_of_a_slow_monitor() {
    for every in [5, 10, 20, 30, 40] {
        let mut stage = Stage::infusing();
        play(&mut stage, every, 600, |_| 97);
        stage.log.clear();
        let begun = stage.second;
        play(&mut stage, every, begun + 4 * every, |_| 83);
        let low = stage.log.iter().find(|line| line.condition == Condition::Spo2Low).unwrap();
        let after_s = low.at.since(START) / 1_000 - begun;
        assert!(after_s <= every.max(5), "{every} s: after {after_s} s");
    }
}

#[test]
fn one_low_value_of_a_slow_monitor_is_no_run() {
    let mut stage = Stage::infusing();
    play(&mut stage, 20, 600, |_| 97);
    stage.log.clear();
    let low_at = stage.second;
    play(&mut stage, 20, 1_000, |second| if second == low_at { 84 } else { 97 });
    assert!(stage.said_of("spo2_low").is_empty(), "{:?}", stage.said());
}

#[test]
fn a_slow_monitor_that_stops_is_lost_after_two_and_a_half_of_its_intervals() {
    let mut stage = Stage::infusing();
    play(&mut stage, 30, 900, |_| 97);
    stage.log.clear();
    let last = 870;
    stage.wait(400);
    let said = stage.said_of("monitor_lost");
    assert_eq!(said, [format!("{} monitor_lost high active", last + 75)]);
}

#[test]
fn a_spot_value_is_judged_by_itself_and_said_to_be_too_slow_once() {
    let mut stage = Stage::infusing();
    play(&mut stage, 60, 900, |_| 97);
    assert_eq!(stage.said_of("spo2_no_value").len(), 1, "{:?}", stage.said());
    let hint = stage.room.alerts().iter().find(|a| a.condition == Condition::Spo2NoValue).unwrap();
    assert!(hint.is_open());
    assert!(stage.said_of("hr_no_value").is_empty());
    assert!(stage.said_of("monitor_lost").is_empty());
    let shown = stage.room.latest().iter().find(|l| l.vital == Vital::Spo2).unwrap();
    assert!(shown.value_at(stage.room.now()).is_some(), "shown with its age");

    stage.log.clear();
    let begun = stage.second;
    play(&mut stage, 60, begun + 180, |_| 84);
    let said = stage.said_of("spo2_low");
    assert_eq!(said[0], format!("{begun} spo2_low medium active"), "one value is a caution");
    assert_eq!(said[1], format!("{} spo2_low high active", begun + 60), "the next confirms");
}

#[test]
fn the_pauses_of_a_stream_that_follows_the_heart_are_no_drops() {
    let mut stage = Stage::infusing();
    let mut at = START;
    for n in 0..600i64 {
        let beat_ms = if n % 60 == 59 { 3_300 } else { 600 + n * 353 % 800 };
        at = at.plus(beat_ms);
        stage.room.handle(&Input::Frame(frame(vec![spo2(97), pulse(70)])), at);
        stage.drain();
    }
    assert!(stage.said_of("unstable_link").is_empty(), "{:?}", stage.said());
}

#[test]
fn while_only_late_data_come_the_monitor_is_lost_and_says_how_old_they_are() {
    let mut stage = Stage::infusing();
    let send = |stage: &mut Stage, behind_s: i64, value| {
        let taken_at = Some(stage.now().plus(-behind_s * 1_000));
        let late = Frame { taken_at, ..frame(vec![spo2(value), pulse(75)]) };
        stage.input(Input::Frame(late));
        stage.second += 1;
    };
    for _ in 0..30 {
        send(&mut stage, 0, 97);
    }
    stage.wait(300);
    stage.log.clear();
    for _ in 0..30 {
        send(&mut stage, 300, 70);
    }
    assert!(stage.said_of("spo2_low").is_empty(), "{:?}", stage.said());
    let lost = stage.room.alerts().iter().find(|a| a.condition == Condition::MonitorLost).unwrap();
    assert!(lost.is_open());
    let monitor = &stage.room.monitors()[0];
    assert_eq!(monitor.late_by_ms, Some(300_000));
    // A queue that begins while nothing is lost yet says so in its words.
    let mut queue = Stage::infusing();
    for _ in 0..100 {
        send(&mut queue, 0, 97);
    }
    for n in 0..30 {
        send(&mut queue, 300 - 2 * n, 97);
    }
    let lost = queue.room.alerts().iter().find(|a| a.condition == Condition::MonitorLost).unwrap();
    assert!(lost.text.contains("min old"), "{}", lost.text);
}

#[test]
fn which_of_two_slow_sources_was_heard_first_decides_nothing() {
    let said = |first: Option<Reading>| {
        let mut stage = Stage::infusing();
        stage.frame(first.into_iter().collect());
        for _ in 0..2 {
            stage.frame(vec![ecg(75), pulse(75)]);
            stage.wait(60);
        }
        stage.frame(vec![spo2(97)]);
        stage.wait(5);
        stage.room.is_active(Condition::HrNoValue)
    };
    assert_eq!(said(Some(pulse(75))), said(Some(ecg(75))), "the ECG is too slow in both");
}
