//! After a fall before the start: the start waits, who may start all the same, and from when all
//! may.

use super::*;

const WORDS: &str = "Start waits: systolic 100 and heart rate 50 or more for 5 minutes";

fn beats(rate: i32, seconds: usize) -> Vec<Vec<Reading>> {
    vec![vec![spo2(97), pulse(rate)]; seconds]
}

/// A session with what every start needs.
fn opened() -> Stage {
    let mut stage = Stage::without_session();
    stage.open();
    stage.event(Event::AcceptBaseline(baseline(118, 74, 75, 97)));
    stage
}

/// In the baseline a heart at 38 for 20 s, seen at second 29; well again from second 40 on.
fn after_a_faint() -> Stage {
    let mut stage = opened();
    stage.each_second(beats(75, 20));
    stage.each_second(beats(38, 20));
    assert_eq!(stage.said_of("hr_low"), ["39 hr_low high active"], "10 s after the jump");
    stage
}

/// The same with a reading of 118 at second 50.
fn after_a_faint_and_its_reading() -> Stage {
    let mut stage = after_a_faint();
    stage.each_second(beats(75, 10));
    stage.cuff(118, 74);
    stage
}

fn start() -> Event {
    Event::Start { overrides: None }
}

fn start_all_the_same() -> Event {
    Event::Start { overrides: Some(Override { reason: "awake, pulse felt".to_owned() }) }
}

fn refused(stage: &Stage) -> Option<Refused> {
    stage.room.refusal(&start(), Authority::Nurse, stage.room.now())
}

/// What is not met yet, one a line.
fn unmet(stage: &Stage) -> String {
    refused(stage).unwrap().unmet.join("\n")
}

fn waiting(stage: &Stage) -> Vec<(String, Option<i64>)> {
    let waits = stage.room.tasks().into_iter().filter(|task| task.text.starts_with(WORDS));
    waits.map(|task| (task.text, task.until.map(|until| until.since(START) / 1_000))).collect()
}

/// The first second at which the start is not refused, with a heart of this rate.
fn free_at(stage: &mut Stage, rate: i32, longest: usize) -> Option<i64> {
    for _ in 0..longest {
        stage.each_second(beats(rate, 1));
        stage.wait(0);
        if refused(stage).is_none() {
            return Some(stage.second);
        }
    }
    None
}

#[test]
fn without_a_fall_nothing_refuses_the_start() {
    let mut stage = opened();
    stage.each_second(fine(60));
    assert_eq!(refused(&stage), None);
    stage.cuff(150, 95);
    assert_eq!(
        unmet(&stage),
        "No reason to hold: Hold: BP above 140/90, measure again after 5 minutes of rest"
    );
}

#[test]
fn after_a_faint_the_start_waits_for_five_minutes_of_pulse_and_pressure() {
    let mut stage = after_a_faint();
    assert_eq!(waiting(&stage), [(WORDS.to_owned(), None)]);
    stage.each_second(beats(75, 10));
    stage.cuff(118, 74);
    // From the reading at 50 on both are well.
    assert_eq!(waiting(&stage), [(format!("{WORDS} (possible in 5 min)"), Some(350))]);
    assert_eq!(free_at(&mut stage, 75, 400), Some(350));
    assert_eq!(waiting(&stage), []);
    let events = &stage.room.session().unwrap().events;
    assert_eq!(events.iter().filter(|event| event.text.starts_with(WORDS)).count(), 1);
    stage.event(start());
    assert_eq!(stage.room.phase(), Some(Phase::Infusing));
}

#[test]
fn the_wait_ends_by_itself_and_its_minutes_count_down() {
    let mut stage = after_a_faint_and_its_reading();
    let mut shown = Vec::new();
    let mut told = 0;
    for _ in 0..310 {
        let readings = vec![spo2(97), pulse(75)];
        stage.room.handle(&Input::Frame(frame(readings)), stage.now());
        stage.second += 1;
        let now = stage.now();
        stage.room.advance(now);
        loop {
            match stage.room.poll_output() {
                Output::Session => told += 1,
                Output::Wait(_) => break,
                _ => {}
            }
        }
        let minutes = waiting(&stage).first().map(|(text, _)| text[WORDS.len()..].to_owned());
        if shown.last() != Some(&(minutes.clone())) {
            shown.push(minutes);
        }
    }
    let shown: Vec<_> = shown.iter().flatten().map(|text| text.chars().nth(14).unwrap()).collect();
    assert_eq!(shown, ['5', '4', '3', '2', '1']);
    assert!((5..=8).contains(&told), "screens are told when it changes, {told} times");
}

#[test]
fn a_pressure_of_before_the_fall_frees_nothing() {
    let mut stage = opened();
    stage.each_second(beats(75, 10));
    stage.cuff(118, 74);
    stage.each_second(beats(75, 10));
    stage.each_second(beats(38, 20));
    assert_eq!(free_at(&mut stage, 75, 900), None);
    assert!(unmet(&stage).contains("Systolic at or above 100 for 5:00 min: not known"));
}

#[test]
fn a_pressure_that_was_taken_before_the_fall_and_told_after_it_frees_nothing() {
    let mut stage = opened();
    let timed = |stage: &Stage, at: i64, readings: Vec<Reading>| {
        let sent_at = Some(stage.now());
        let taken = |mut reading: Reading| {
            reading.taken_at = Some(START.plus(at * 1_000));
            reading
        };
        let readings = readings.into_iter().map(taken).collect();
        Input::Frame(Frame { sent_at, ..frame(readings) })
    };
    for (rate, seconds) in [(75, 20), (38, 20)] {
        for _ in 0..seconds {
            let input = timed(&stage, stage.second, vec![spo2(97), pulse(rate)]);
            stage.input(input);
            stage.second += 1;
        }
    }
    let input = timed(&stage, 22, vec![nibp(118, 74)]);
    stage.input(input);
    assert!(unmet(&stage).contains("Systolic at or above 100 for 5:00 min: not known"));
    stage.second += 20;
    let input = timed(&stage, 58, vec![nibp(119, 74)]);
    stage.input(input);
    assert!(unmet(&stage).contains("Systolic at or above 100 for 5:00 min: 0:00 min"));
}

#[test]
fn one_pressure_below_100_begins_the_time_of_the_pressure_anew() {
    let mut stage = after_a_faint_and_its_reading();
    stage.each_second(beats(75, 50));
    stage.cuff(99, 60);
    assert!(unmet(&stage).ends_with("Systolic at or above 100 for 5:00 min: now 99\nHeart rate at or above 50 for 5:00 min: 1:00 min so far"));
    stage.each_second(beats(75, 20));
    stage.cuff(100, 60);
    assert_eq!(free_at(&mut stage, 75, 400), Some(120 + 300));
}

#[test]
fn a_heart_at_50_is_enough_and_one_value_at_49_begins_its_time_anew() {
    let mut stage = after_a_faint_and_its_reading();
    stage.each_second(beats(50, 100));
    stage.each_second(beats(49, 1));
    assert_eq!(waiting(&stage), [(WORDS.to_owned(), None)]);
    // The first of 50 again is at second 151.
    assert_eq!(free_at(&mut stage, 50, 400), Some(151 + 300));
}

#[test]
fn a_pulse_that_is_lost_for_a_minute_begins_its_time_anew() {
    let lost_for = |seconds: usize| {
        let mut stage = after_a_faint_and_its_reading();
        stage.each_second(beats(75, 50));
        stage.each_second(vec![vec![spo2(97)]; seconds]);
        stage.wait(0);
        let until = waiting(&stage)[0].1;
        (until, free_at(&mut stage, 75, 500))
    };
    assert_eq!(lost_for(50), (Some(350), Some(350)));
    assert_eq!(lost_for(60), (None, Some(160 + 300)));
}

#[test]
fn a_doubtful_pulse_counts_for_nothing() {
    let mut stage = after_a_faint_and_its_reading();
    let doubtful = || with_quality(pulse(75), Quality::Questionable);
    stage.each_second((0..400).map(|_| vec![spo2(97), doubtful()]));
    assert!(unmet(&stage).contains("Heart rate at or above 50 for 5:00 min: not known"));
}

#[test]
fn a_second_fall_begins_the_wait_anew() {
    let mut stage = after_a_faint_and_its_reading();
    stage.each_second(beats(75, 200));
    stage.each_second(beats(38, 22));
    assert_eq!(stage.said_of("hr_low").last().unwrap(), "269 hr_low high active");
    stage.each_second(beats(75, 8));
    assert!(unmet(&stage).contains("Systolic at or above 100 for 5:00 min: not known"));
    stage.cuff(112, 70);
    assert_eq!(free_at(&mut stage, 75, 400), Some(280 + 300));
}

#[test]
fn what_is_over_stays_over_until_the_next_fall() {
    let mut stage = after_a_faint_and_its_reading();
    assert_eq!(free_at(&mut stage, 75, 400), Some(350));
    stage.each_second(beats(75, 10));
    stage.cuff(98, 60);
    assert_eq!(unmet(&stage), "No reason to hold: Hold: systolic below 100", "a hold, no wait");
}

#[test]
fn a_low_pressure_alone_makes_the_start_wait_as_well() {
    let mut stage = opened();
    stage.each_second(fine(30));
    stage.cuff(88, 50);
    assert_eq!(stage.said_of_pressure(), ["30 systolic_low medium active"]);
    stage.each_second(fine(60));
    stage.cuff(104, 60);
    assert_eq!(free_at(&mut stage, 75, 400), Some(390));
}

#[test]
fn a_slow_heart_that_is_known_is_not_waited_for() {
    let mut stage = opened();
    let known = Acceptance { known_low: true, ..baseline(118, 74, 46, 97) };
    stage.event(Event::AcceptBaseline(known));
    stage.each_second(beats(46, 20));
    stage.each_second(beats(33, 15));
    assert_eq!(stage.said_of("hr_low"), ["29 hr_low high active"]);
    stage.cuff(110, 70);
    let unmet = unmet(&stage);
    assert!(unmet.contains("Systolic") && !unmet.contains("Heart rate"), "{unmet}");
    assert_eq!(free_at(&mut stage, 46, 400), Some(335));
}

#[test]
fn a_refused_start_says_what_is_not_met_and_who_may_start_all_the_same() {
    let mut stage = after_a_faint();
    stage.each_second(beats(45, 10));
    stage.cuff(93, 60);
    let Refused { why, unmet } = refused(&stage).unwrap();
    let how = "A prescriber or a nurse lead may start all the same, with a reason (override).";
    assert_eq!(why, format!("{WORDS}. {how}"));
    assert_eq!(
        unmet,
        [
            "Systolic at or above 100 for 5:00 min: now 93",
            "Heart rate at or above 50 for 5:00 min: now 45"
        ]
    );
    let mut stage = after_a_faint_and_its_reading();
    stage.each_second(beats(75, 100));
    stage.wait(0);
    let Refused { why, unmet } =
        stage.room.refusal(&start(), Authority::Lead, stage.room.now()).unwrap();
    let how =
        "Possible in 3:20 min if nothing changes. To start all the same, give a reason (override).";
    assert_eq!(why, format!("{WORDS}. {how}"));
    assert_eq!(
        unmet,
        [
            "Systolic at or above 100 for 5:00 min: 1:40 min so far",
            "Heart rate at or above 50 for 5:00 min: 1:50 min so far"
        ]
    );
}

#[test]
fn a_prescriber_or_a_nurse_lead_may_start_all_the_same_and_a_nurse_may_not() {
    let mut stage = after_a_faint();
    let of = |authority| stage.room.refusal(&start_all_the_same(), authority, stage.room.now());
    assert!(of(Authority::Nurse).unwrap().why.contains("Only a prescriber or a nurse lead"));
    assert_eq!(of(Authority::Lead), None);
    assert_eq!(of(Authority::Prescriber), None);
    let no_reason = Event::Start { overrides: Some(Override { reason: "  ".to_owned() }) };
    assert!(stage.room.refusal(&no_reason, Authority::Prescriber, stage.room.now()).is_some());

    stage.event(start_all_the_same());
    assert_eq!(stage.room.phase(), Some(Phase::Infusing));
    assert_eq!(waiting(&stage), []);
    let events = &stage.room.session().unwrap().events;
    assert!(events.iter().any(|event| event.text == format!("Overridden: {WORDS}")));
    assert!(events.iter().any(|event| event.text == "Infusion started: awake, pulse felt"));
}

#[test]
fn a_start_that_has_happened_is_no_longer_asked() {
    let mut stage = after_a_faint();
    stage.event(start());
    assert_eq!(stage.room.phase(), Some(Phase::Infusing));
    let events = &stage.room.session().unwrap().events;
    assert!(events.iter().any(|event| event.text == format!("Started before its end: {WORDS}")));
}

#[test]
fn the_next_patient_waits_for_nothing_of_the_one_before() {
    let mut stage = after_a_faint();
    stage.event(Event::Abort { reason: None });
    open_as(&mut stage, "s2", DEFAULT_PROFILE);
    stage.event(Event::AcceptBaseline(baseline(118, 74, 75, 97)));
    assert_eq!(refused(&stage), None);
}

#[test]
fn what_stands_when_the_session_opens_is_this_patients() {
    let mut stage = Stage::without_session();
    stage.each_second(beats(38, 20));
    stage.open();
    assert!(refused(&stage).is_some());
}

#[test]
fn a_profile_without_waits_refuses_no_start() {
    let mut stage = Stage::without_session();
    open_as(&mut stage, "s1", "infliximab");
    stage.event(Event::AcceptBaseline(baseline(118, 74, 75, 97)));
    stage.each_second(beats(38, 20));
    assert_eq!(refused(&stage), None);
}

#[test]
fn a_checkpoint_keeps_the_wait_and_one_from_before_it_has_none() {
    let mut stage = after_a_faint_and_its_reading();
    let json = stage.room.checkpoint();
    stage.room = Room::from_checkpoint(&json).unwrap();
    assert_eq!(waiting(&stage)[0].1, Some(350));
    let text = include_str!("../checkpoint/golden/format-3-fainted.json");
    let mut json: serde_json::Value = serde_json::from_str(text).unwrap();
    stage.room = Room::from_checkpoint(&json).unwrap();
    assert!(refused(&stage).is_some());
    let state = json["state"].as_object_mut().unwrap();
    state.remove("falls").unwrap();
    state["shown_tasks"].as_object_mut().unwrap().remove("wait").unwrap();
    stage.room = Room::from_checkpoint(&json).unwrap();
    assert_eq!(refused(&stage), None);
}

#[test]
fn a_second_fall_under_an_alert_that_still_stands_is_waited_for_as_well() {
    let mut stage = after_a_faint_and_its_reading();
    // 52 is well for the wait and not enough to end the alert.
    stage.each_second(beats(52, 330));
    assert_eq!(refused(&stage), None);
    stage.each_second(beats(38, 20));
    assert_eq!(stage.said_of("hr_low"), ["39 hr_low high active"], "it never ended");
    assert!(unmet(&stage).contains("Heart rate at or above 50"));
}

#[test]
fn a_low_saturation_that_is_known_does_not_excuse_the_heart() {
    let mut stage = opened();
    let known = Acceptance { known_low: true, ..baseline(118, 74, 75, 91) };
    stage.event(Event::AcceptBaseline(known));
    let of = |rate: i32, seconds| vec![vec![spo2(91), pulse(rate)]; seconds];
    stage.each_second(of(75, 20));
    stage.each_second(of(38, 20));
    stage.cuff(118, 74);
    assert!(unmet(&stage).contains("Heart rate at or above 50"));
}

#[test]
fn what_is_low_after_a_fall_is_not_called_usual_by_a_nurse() {
    let stage = after_a_faint_and_its_reading();
    let usual = Event::AcceptBaseline(Acceptance { known_low: true, ..baseline(118, 74, 45, 97) });
    let of = |authority| {
        stage.room.refusal(&usual, authority, stage.room.now()).map(|refused| refused.why)
    };
    assert!(
        of(Authority::Nurse)
            .unwrap()
            .starts_with("Only a prescriber or a nurse lead may accept low values")
    );
    assert_eq!(of(Authority::Lead), None);
}

#[test]
fn a_start_all_the_same_after_a_fall_loosens_no_limit_of_a_high_baseline() {
    let mut stage = after_a_faint();
    stage.event(Event::AcceptBaseline(baseline(150, 95, 75, 97)));
    stage.event(start_all_the_same());
    assert_eq!(stage.room.phase(), Some(Phase::Infusing));
    assert!(stage.room.session().unwrap().personal.is_empty());
}
