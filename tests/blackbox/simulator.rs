//! The simulated monitors against the program: each dialect is read as it was meant, and each
//! fault is survived.

use std::time::Duration;

use serde_json::{Value, json};
use simulators::control::Board;
use simulators::live::{self, MonitorLine, RunOptions};
use simulators::monitors::{Dialect, Fault};
use simulators::scenario::Scenario;

use super::app::App;

/// Three minutes: values, a cuff reading, a probe that is off, and back.
const STORY: &str = r#"
shows = "A little of everything"
clinical = 12
lasting_min = 3
temp_every_min = 1
timed = TIMED
patient = { systolic = 124, diastolic = 78, heart_rate = 72, spo2 = 97.4, temp = 36.6 }
steps = [
  { at_s = 1, event = { type = "accept_baseline", systolic = 124, diastolic = 78, heart_rate = 72, spo2 = 97 } },
  { at_s = 2, event = { type = "start" } },
  { at_s = 3, cuff = "measure" },
  { at_s = 70, probe = "off" },
  { at_s = 140, probe = "on" },
  { at_s = 150, event = { type = "note", text = "it was on again" } },
]
"#;

/// The story has so many, both ends included.
const SECONDS: usize = 181;

fn story(timed: bool) -> Scenario {
    Scenario::read("story", "story.toml", &STORY.replace("TIMED", &timed.to_string())).unwrap()
}

/// Plays a story in room 3 to its end; gives the monitor's id.
async fn play(app: &App, dialect: Dialect, scenario: Scenario, faults: &[Fault]) -> String {
    let (monitor, device) = match dialect {
        Dialect::Native => (native(app.add_device("mon-3", "3")), "mon-3".to_owned()),
        dialect => {
            let address = app.hl7.to_string();
            (MonitorLine::Hl7 { dialect, address }, dialect.device_id(3))
        }
    };
    play_with(app, monitor, scenario, faults).await;
    device
}

fn native(token: String) -> MonitorLine {
    MonitorLine::Native { device: "mon-3".to_owned(), token }
}

async fn play_with(app: &App, monitor: MonitorLine, scenario: Scenario, faults: &[Fault]) {
    let board = Board::default();
    let options = RunOptions {
        scenario,
        base_url: app.url(""),
        token: app.program_token.clone(),
        monitor,
        room: None,
        speed: 60.0,
        utc_offset_min: 0,
    };
    let switching = async {
        // The room is on the board once its scenario has begun.
        for fault in faults {
            while board.order("3", (*fault).into(), true).is_err() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
        tokio::time::sleep(Duration::from_millis(2_300)).await;
        for fault in faults {
            board.order("3", (*fault).into(), false).unwrap();
        }
    };
    let playing = tokio::time::timeout(Duration::from_secs(30), live::run(options, &board));
    let (played, ()) = tokio::join!(playing, switching);
    played.expect("it ends in time").unwrap();
}

async fn history(app: &App, device: &str) -> Vec<Value> {
    let answer = app.get(&format!("/api/v1/devices/{device}/readings")).await;
    answer["readings"].as_array().unwrap().clone()
}

fn of<'a>(history: &'a [Value], vital: &str) -> Vec<&'a Value> {
    history.iter().filter(|reading| reading["vital"] == vital).collect()
}

/// (values, absences) of a vital.
fn values(history: &[Value], vital: &str) -> (Vec<f64>, Vec<String>) {
    let values = of(history, vital).into_iter().filter_map(|reading| reading["value"].as_f64());
    let absent = of(history, vital).into_iter().filter_map(|reading| reading["absent"].as_str());
    (values.collect(), absent.map(str::to_owned).collect())
}

#[tokio::test]
async fn each_dialect_is_read_as_it_was_meant() {
    // Readings of SpO2 with and without a value, at least; and the word for their absence. The
    // native monitor says all, the Efficia exports once a minute and at an alarm.
    let expected = [
        (Dialect::Native, 90, 60, "sensor_off"),
        (Dialect::Mindray, 90, 60, "invalid"),
        (Dialect::Efficia, 4, 1, "invalid"),
        (Dialect::Loinc, 18, 12, "invalid"),
    ];
    for (dialect, measured, missing, word) in expected {
        let app = App::start().await;
        let device = play(&app, dialect, story(false), &[]).await;
        let history = history(&app, &device).await;
        let (spo2, absent) = values(&history, "spo2");
        assert!(spo2.len() >= measured, "{dialect}: {} of SpO2", spo2.len());
        assert!(absent.len() >= missing, "{dialect}: {} without SpO2", absent.len());
        assert!(absent.iter().any(|said| said == word), "{dialect}: {absent:?}");
        let of_the_patient = spo2.iter().filter(|spo2| **spo2 == 97.0).count();
        assert!(of_the_patient + 10 >= spo2.len(), "{dialect}: {spo2:?}");
        assert!(values(&history, "pulse_rate").0.contains(&72.0), "{dialect}");
        assert!(values(&history, "temp").0.contains(&36.6), "{dialect}: {history:?}");
        assert!(of(&history, "heart_rate").is_empty(), "{dialect} has no ECG");

        let cuff: Vec<_> = of(&history, "nibp")
            .into_iter()
            .filter(|reading| reading["systolic"].is_number())
            .map(|reading| (&reading["systolic"], &reading["diastolic"], &reading["mean"]))
            .collect();
        let reading = (&json!(124), &json!(78), &json!(93));
        assert!(
            !cuff.is_empty() && cuff.iter().all(|found| *found == reading),
            "{dialect}: {cuff:?}"
        );
        let taken: std::collections::BTreeSet<_> = of(&history, "nibp")
            .into_iter()
            .filter(|reading| reading["systolic"].is_number())
            .filter_map(|reading| reading["taken_at"].as_i64())
            .collect();
        assert_eq!(taken.len(), 1, "{dialect}: one inflation, however often it is told");
    }
}

#[tokio::test]
async fn staff_open_a_session_and_do_what_the_scenario_says() {
    let app = App::start().await;
    play(&app, Dialect::Mindray, story(false), &[]).await;
    let session = app.get("/api/v1/rooms/3").await["session"].clone();
    assert_eq!(session["phase"], "infusing", "{session}");
    assert_eq!(session["patient"]["initials"], "J.T.");
    let id = session["id"].as_str().unwrap();
    let whole = app.get(&format!("/api/v1/sessions/{id}")).await.to_string();
    assert!(whole.contains("it was on again"), "{whole}");
    let devices = app.get("/api/v1/devices").await;
    assert_eq!(devices["devices"][0]["room"], "3");
}

/// Its own `a1`, in a recording; a server may have raised others before.
const EXTREME: &str = r#"
shows = "204/122 at once, and taken"
clinical = 4
lasting_min = 3
patient = { systolic = 124, diastolic = 78, heart_rate = 72, spo2 = 97.4 }
alerts = { a1 = "systolic_high" }
steps = [
  { at_s = 1, event = { type = "accept_baseline", systolic = 124, diastolic = 78, heart_rate = 72, spo2 = 97 } },
  { at_s = 2, event = { type = "start" } },
  { at_s = 3, event = { type = "symptom", symptom = "chest_pain" } },
  { at_s = 10, cuff = { shows = "204/122" } },
  { at_s = 10, cuff = "measure" },
  { at_s = 90, acknowledge = "a1" },
  { at_s = 95, outcome = { alert = "a1", outcome = "clinician_called" } },
]
"#;

#[tokio::test]
async fn a_scenario_takes_the_alert_that_it_means_in_a_session_that_has_had_others() {
    let app = App::start().await;
    let token = app.add_device("mon-3", "3");
    let scenario = Scenario::read("extreme", "extreme.toml", EXTREME).unwrap();
    play_with(&app, native(token), scenario, &[]).await;
    let session = app.get("/api/v1/rooms/3").await["session"]["id"].as_str().unwrap().to_owned();
    let alerts = app.get(&format!("/api/v1/alerts?session={session}")).await["alerts"].clone();
    let of = |condition: &str| {
        let all = alerts.as_array().unwrap().iter();
        all.filter(|alert| alert["condition"] == condition).collect::<Vec<_>>()
    };
    let (symptom, systolic) = (of("symptom"), of("systolic_high"));
    assert_eq!((symptom.len(), systolic.len()), (1, 1), "{alerts}");
    assert_eq!(symptom[0]["id"], format!("{session}-a1"));
    assert!(symptom[0]["acknowledged"].is_null(), "{alerts}");
    assert!(systolic[0]["acknowledged"]["by"].is_string(), "{alerts}");
    assert_eq!(systolic[0]["outcome"], "clinician_called", "{alerts}");
}

async fn nothing_is_lost(fault: Fault, dialect: Dialect) {
    let app = App::start().await;
    let device = play(&app, dialect, story(true), &[fault]).await;
    let heard = of(&history(&app, &device).await, "spo2").len();
    // An HL7 monitor remembers a minute, and was away for longer.
    if fault == Fault::Disconnect && dialect == Dialect::Mindray {
        assert!((60..SECONDS).contains(&heard), "{fault} in {dialect}: {heard}");
    } else {
        assert_eq!(heard, SECONDS, "{fault} in {dialect}");
    }
}

#[tokio::test]
async fn no_reading_is_lost_or_told_twice_whatever_is_wrong_with_the_link() {
    for fault in [
        Fault::Disconnect,
        Fault::Flap,
        Fault::Duplicate,
        Fault::Reorder,
        Fault::Delay,
        Fault::CutFrames,
    ] {
        tokio::join!(
            nothing_is_lost(fault, Dialect::Native),
            nothing_is_lost(fault, Dialect::Mindray)
        );
    }
}

#[tokio::test]
async fn a_monitor_that_starts_again_at_1_loses_nothing_new() {
    let app = App::start().await;
    let device = play(&app, Dialect::Native, story(true), &[Fault::Restart]).await;
    let history = history(&app, &device).await;
    // What was unanswered at that moment is forgotten: at this speed a few frames.
    assert!(of(&history, "spo2").len() >= 170, "{}", of(&history, "spo2").len());
}

#[tokio::test]
async fn a_clock_that_steps_there_and_back_loses_no_value() {
    let app = App::start().await;
    let device = play(&app, Dialect::Native, story(true), &[Fault::ClockStep]).await;
    assert_eq!(of(&history(&app, &device).await, "spo2").len(), SECONDS);
}
