//! Calling people to an alert that nobody has, at its second: a symptom that is ticked raises one
//! at once, of high priority when it is grave.

use super::*;
use crate::profile::{Escalation, HighEscalation, MediumEscalation, Priority};

const GRAVE: &str = "chest_pain";
const MILD: &str = "severe_anxiety";

/// A high alert that was raised in second 0.
fn called() -> Stage {
    let mut stage = Stage::infusing();
    stage.event(symptom(GRAVE, false));
    assert_eq!(stage.said(), ["0 symptom high active"]);
    stage
}

impl Stage {
    /// What was said of symptoms, in short: `60 second_nurse second`.
    fn steps_said(&self) -> Vec<String> {
        let of_it = self
            .steps
            .iter()
            .filter(|step| matches!(step.condition, Condition::Symptom | Condition::Help));
        of_it.map(short).collect()
    }

    fn silence(&mut self, alert: &str, seconds: u32) {
        let (staff, alert) = ("KM".to_owned(), alert.to_owned());
        self.input(Input::Silence { staff, alert, seconds });
    }

    fn restart(&mut self, seconds: i64) {
        let blind_from = self.now();
        self.second += seconds;
        self.input(Input::Restart { blind_from, blind_to: self.now() });
    }

    /// How far the alert has got, and in which second.
    fn reached(&self, alert: &str) -> (usize, Option<i64>) {
        let alert = self.room.alert(alert).unwrap();
        (alert.escalated(), alert.escalated_at().map(|at| at.since(START) / 1_000))
    }
}

impl Stage {
    /// The last that was said of the first alert.
    fn last_of_a1(&self) -> &AlertStep {
        self.steps.iter().rfind(|step| step.alert == "s1-a1").unwrap()
    }
}

fn short(step: &AlertStep) -> String {
    let audience = match step.audience {
        Audience::First => "first",
        Audience::Second => "second",
        Audience::Prescriber => "prescriber",
        Audience::All => "all",
    };
    format!("{} {} {audience}", step.at.since(START) / 1_000, step.step.name())
}

#[test]
fn what_nobody_takes_is_repeated_and_goes_to_the_second_nurse_and_the_prescriber() {
    let mut stage = called();
    stage.wait(181);
    let expected = [
        "0 raised first",
        "30 repeat first",
        "60 second_nurse second",
        "90 repeat second",
        "120 prescriber prescriber",
        "150 repeat prescriber",
        "180 repeat prescriber",
    ];
    assert_eq!(stage.steps_said(), expected);
    assert_eq!(stage.reached("a1"), (2, Some(120)));
    assert_eq!(stage.said_of("symptom").len(), 1, "that people are called is no line of the log");
    let AlertStep { alert, room, priority, state, .. } = &stage.steps[2];
    assert_eq!((alert.as_str(), room.as_ref().unwrap().as_str()), ("s1-a1", "3"));
    assert_eq!((*priority, *state), (Priority::High, AlertState::Active));
    stage.wait(600);
    assert_eq!(stage.steps_said().len(), expected.len() + 20, "it never stops by itself");
}

#[test]
fn screens_hear_of_each_stage_in_its_second() {
    let mut stage = called();
    for (wait_s, reached, outputs) in [(59, 0, 0), (1, 1, 1), (59, 1, 0), (1, 2, 1), (60, 2, 0)] {
        stage.second += wait_s;
        stage.room.advance(stage.now());
        let mut touched = 0;
        loop {
            match stage.room.poll_output() {
                Output::AlertTouched(id) if id == "s1-a1" => touched += 1,
                Output::Wait(_) => break,
                _ => {}
            }
        }
        assert_eq!(touched, outputs, "second {}", stage.second);
        assert_eq!(stage.reached("a1").0, reached);
    }
}

#[test]
fn a_medium_alert_is_pointed_out_after_three_minutes_at_the_same_priority() {
    let mut stage = Stage::infusing();
    stage.event(symptom(MILD, false));
    assert_eq!(stage.said(), ["0 symptom medium active"]);
    stage.wait(179);
    assert_eq!(stage.reached("a1"), (0, None));
    stage.wait(600);
    assert_eq!(stage.steps_said(), ["0 raised first", "180 repeat first"]);
    assert_eq!(stage.reached("a1"), (1, Some(180)));
    assert_eq!(stage.room.alert("a1").unwrap().priority, Priority::Medium);
}

#[test]
fn neither_a_silence_nor_that_somebody_looked_stops_it() {
    let (mut stage, mut plain) = (called(), called());
    stage.wait(10);
    stage.silence("a1", 120);
    stage.input(Input::Received { alert: "a1".to_owned() });
    stage.wait(240);
    plain.wait(250);
    assert_eq!(stage.steps_said(), plain.steps_said());
    assert_eq!(stage.said_of("symptom").len(), 3, "the silence, and its end");
}

#[test]
fn it_stops_when_somebody_has_it_and_begins_again_when_it_asks_again() {
    let mut stage = called();
    stage.wait(70);
    stage.acknowledge("a1");
    stage.wait(119);
    let expected =
        ["0 raised first", "30 repeat first", "60 second_nurse second", "70 acknowledged second"];
    assert_eq!(stage.steps_said(), expected);
    assert_eq!(stage.reached("a1"), (1, Some(60)), "the record knows how far it went");
    stage.wait(61);
    assert_eq!(
        stage.steps_said()[4..],
        ["190 repeat first", "220 repeat first", "250 second_nurse second"]
    );
}

#[test]
fn worse_begins_anew() {
    let mut stage = Stage::infusing();
    stage.event(symptom(MILD, false));
    stage.wait(170);
    stage.event(symptom(GRAVE, false));
    stage.wait(61);
    let expected =
        ["0 raised first", "170 worse first", "200 repeat first", "230 second_nurse second"];
    assert_eq!(stage.steps_said(), expected);
    // Another grave symptom is no worse, and is new all the same.
    stage.event(symptom("seizure", false));
    assert_eq!(stage.reached("a1"), (0, None));
    stage.wait(60);
    assert_eq!(
        stage.steps_said()[4..],
        ["231 worse first", "261 repeat first", "291 second_nurse second"]
    );
}

#[test]
fn what_is_over_calls_nobody_and_what_is_back_begins_anew() {
    let mut stage = called();
    stage.wait(40);
    stage.event(symptom(GRAVE, true));
    stage.wait(300);
    assert_eq!(stage.steps_said(), ["0 raised first", "30 repeat first", "40 resolved first"]);
    assert_eq!(stage.last_of_a1().state, AlertState::Latched);
    stage.event(symptom(GRAVE, false));
    stage.wait(60);
    assert_eq!(
        stage.steps_said()[3..],
        ["340 raised first", "370 repeat first", "400 second_nurse second"]
    );
    stage.event(symptom(GRAVE, true));
    stage.acknowledge("a1");
    assert_eq!(stage.steps_said()[6..], ["400 resolved second", "400 acknowledged second"]);
    assert_eq!(stage.last_of_a1().state, AlertState::Resolved);
}

#[test]
fn what_fell_due_in_a_blind_time_is_said_once_at_its_end() {
    let mut stage = called();
    stage.wait(20);
    stage.restart(15);
    assert_eq!(stage.steps_said(), ["0 raised first", "35 repeat first"]);
    stage.restart(165);
    assert_eq!(stage.steps_said()[2..], ["200 second_nurse second", "200 prescriber prescriber"]);
    assert_eq!(stage.reached("a1"), (2, Some(200)));
    stage.wait(11);
    assert_eq!(stage.steps_said()[4..], ["210 repeat prescriber"], "in the beat of before");
}

#[test]
fn a_restart_at_each_stage_keeps_how_far_it_got_and_what_is_still_to_come() {
    for away_from in [1, 29, 30, 31, 59, 60, 61, 90, 119, 120, 121, 150] {
        let mut plain = called();
        plain.wait(away_from);
        let mut stage = plain.again();
        stage.restart(1);
        plain.wait(1);
        stage.wait(60);
        plain.wait(60);
        // A second of blindness moves only what fell due in it, to its end.
        assert_eq!(stage.steps_said(), plain.steps_said(), "from second {away_from}");
        assert_eq!(stage.reached("a1"), plain.reached("a1"));
    }
}

impl Stage {
    /// The same room, read back from its checkpoint.
    fn again(&self) -> Self {
        let text = self.room.checkpoint().to_string();
        let room = Room::from_checkpoint(&serde_json::from_str(&text).unwrap()).unwrap();
        assert_eq!(room, self.room);
        let mut again = Self::of(room, self.second, self.log.clone());
        again.steps.clone_from(&self.steps);
        again
    }
}

#[test]
fn a_checkpoint_in_any_second_changes_nothing() {
    let mut plain = called();
    plain.wait(150);
    let mut stage = called();
    for _ in 0..150 {
        stage = stage.again();
        stage.wait(1);
    }
    assert_eq!(stage.steps, plain.steps);
    assert_eq!(stage.room, plain.room);
}

#[test]
fn a_clock_that_is_set_while_nobody_counts_moves_what_is_to_come() {
    let mut stage = called();
    stage.wait(50);
    let ms = -3_600_000;
    stage.second -= 3_600;
    stage.input(Input::ClockStep { ms, moves_at: true });
    stage.wait(11);
    assert_eq!(stage.steps_said()[2..], ["-3540 second_nurse second"]);
}

#[test]
fn a_profile_may_call_sooner() {
    let mut stage = Stage::infusing();
    let mut sooner = builtin(DEFAULT_PROFILE).unwrap().as_ref().clone();
    sooner.escalation = Escalation {
        high: HighEscalation { repeat_s: 25, second_nurse_s: 40, prescriber_s: 75 },
        medium: MediumEscalation { emphasised_s: 60 },
    };
    stage.event(symptom(GRAVE, false));
    stage.wait(30);
    stage.input(Input::Profile(std::sync::Arc::new(sooner)));
    stage.wait(71);
    let expected = [
        "0 raised first",
        "30 repeat first",
        "40 second_nurse second",
        "50 repeat second",
        "75 prescriber prescriber",
        "100 repeat prescriber",
    ];
    assert_eq!(stage.steps_said(), expected);
}

#[test]
fn whoever_asks_at_any_second_is_told_what_was_said_with_its_time() {
    let mut stage = called();
    for second in 0..200 {
        if second == 130 {
            stage.acknowledge("a1");
        }
        if second == 140 {
            stage.event(symptom(GRAVE, true));
        }
        let alert = stage.room.alert("a1").unwrap();
        let so_far = alert.steps_so_far(Some(stage.room.id()));
        assert!(!so_far.is_empty());
        for step in &so_far {
            let is_it = |said: &&AlertStep| {
                (said.step, said.at, said.audience) == (step.step, step.at, step.audience)
            };
            assert!(stage.steps.iter().any(|said| is_it(&said)), "{second}: {step:?}");
        }
        assert_eq!(so_far.last().map(short), Some(short(stage.last_of_a1())), "{second}");
        stage.wait(1);
    }
}

#[test]
fn help_is_called_from_any_room_and_goes_to_everybody() {
    let mut stage = Stage::without_session();
    stage.help(Priority::Medium);
    stage.help(Priority::Medium);
    assert_eq!(stage.said(), ["0 help medium active"], "the same call twice is one");
    stage.wait(10);
    stage.help(Priority::High);
    assert_eq!(stage.said()[1..], ["10 help high active"]);
    stage.wait(5);
    stage.help(Priority::Medium);
    assert_eq!(stage.log.len(), 2, "a milder call beside a graver one says nothing new");
    stage.wait(55);
    assert_eq!(
        stage.steps_said(),
        ["0 help all", "10 help all", "40 repeat all", "70 second_nurse all"]
    );
    let alert = &stage.room.alerts()[0];
    assert_eq!(alert.words(), "Emergency here, KM calls");
    assert_eq!((alert.profile.clone(), alert.session.clone()), (None, None));
}

impl Stage {
    fn help(&mut self, priority: Priority) {
        self.input(Input::Help { staff: "KM".to_owned(), priority });
    }
}

#[test]
fn a_call_that_somebody_has_is_over_when_staff_say_so_or_after_a_while() {
    let mut stage = Stage::infusing();
    stage.help(Priority::High);
    stage.wait(20);
    stage.acknowledge("a1");
    stage.wait(119);
    assert_eq!(stage.said_of("help").len(), 2);
    stage.wait(1);
    assert_eq!(stage.said_of("help")[2..], ["140 help high resolved"], "it asks nobody again");
    stage.help(Priority::Medium);
    let name = stage.log.last().unwrap().alert.clone();
    stage.acknowledge(&name);
    stage.wait(30);
    let (staff, alert) = ("KM".to_owned(), name);
    stage.input(Input::Outcome { staff, alert, outcome: Some(Outcome::Other) });
    assert_eq!(stage.said_of("help").last().unwrap(), "170 help medium resolved");
    assert_eq!(stage.steps_said().last().unwrap(), "170 resolved all");
}

#[test]
fn a_further_call_while_somebody_is_on_the_way_is_a_new_one() {
    let mut stage = Stage::infusing();
    stage.help(Priority::Medium);
    stage.acknowledge("a1");
    stage.wait(10);
    stage.help(Priority::Medium);
    let alert = stage.room.alert("a1").unwrap();
    assert_eq!((&alert.acknowledged, alert.state), (&None, AlertState::Active));
    assert_eq!(stage.steps_said()[2..], ["10 help all"]);
}

#[test]
fn no_value_and_no_new_limits_end_a_call_and_the_next_patient_has_their_own() {
    let mut stage = Stage::infusing();
    stage.help(Priority::High);
    stage.each_second(fine(100));
    stage.input(Input::Profile(builtin("infliximab").unwrap()));
    assert_eq!(stage.said_of("help"), ["0 help high active"]);
    stage.event(Event::Abort { reason: None });
    assert_eq!(stage.said_of("help")[1..], ["100 help high latched"], "nobody has seen it");
    open_as(&mut stage, "s2", DEFAULT_PROFILE);
    stage.help(Priority::Medium);
    assert_eq!(stage.said_of("help")[2..], ["100 help high resolved", "100 help medium active"]);
}
