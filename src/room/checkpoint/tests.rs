//! States of every format that was ever written, and what they become.
//!
//! The files were written by the programs of their time: a patient (baseline 118/74, 72, 97) who
//! is infused, saturates 84 from second 30 on, whose alert KM took at 50 s and silenced for 120 s
//! at 51 s, with a first pressure of 184/96 at 52 s, seen at 60 s. Those of formats 4 to 6 are
//! what their first programs wrote when they had taken over the one before.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::super::tests::{Stage, fine, pulse, spo2};
use super::super::*;
use super::{CHECKPOINT_FORMAT, UnknownCheckpoint};
use crate::vitals::Frame;

const START: Millis = Millis(1_790_000_000_000);

const GOLDEN: [(&str, &str); 7] = [
    ("format 1", include_str!("golden/format-1.json")),
    ("format 2, as it began", include_str!("golden/format-2-first.json")),
    ("format 2, as it ended", include_str!("golden/format-2-last.json")),
    ("format 3", include_str!("golden/format-3.json")),
    ("format 4", include_str!("golden/format-4.json")),
    ("format 5", include_str!("golden/format-5.json")),
    ("format 6", include_str!("golden/format-6.json")),
];

fn second(second: i64) -> Millis {
    START.plus(second * 1_000)
}

fn restored(text: &str) -> Room {
    let json: Json = serde_json::from_str(text).unwrap();
    Room::from_checkpoint(&json).unwrap()
}

#[test]
fn a_state_of_every_format_goes_on_where_it_stood() {
    for (name, text) in GOLDEN {
        let room = restored(text);
        assert_eq!(room.id().as_str(), "3", "{name}");
        assert_eq!(room.now(), second(60), "{name}");
        let session = room.session().unwrap();
        assert_eq!((session.phase, session.started_at), (Phase::Infusing, Some(second(22))));
        let baseline = session.baseline.unwrap();
        assert_eq!(baseline.systolic, Some(crate::vitals::Decimal::whole(118)), "{name}");
        assert!(session.events.iter().any(|event| event.text.contains("asleep")), "{name}");

        let open: Vec<_> = room.alerts().iter().filter(|a| a.is_open()).collect();
        let low = open.iter().find(|alert| alert.condition == Condition::Spo2Low).unwrap();
        assert_eq!(low.state, AlertState::Active, "{name}");
        assert_eq!(low.raised_at, second(34), "{name}");
        assert_eq!((low.worst, low.active_since), (low.value, low.raised_at), "{name}");
        let taken = open.iter().find(|alert| alert.number == 1).unwrap();
        assert_eq!(taken.acknowledged.as_ref().unwrap().by, "KM", "{name}");
        assert_eq!(taken.silenced_until, Some(second(171)), "{name}");
        assert_eq!(room.latest().len(), 3, "{name}");
    }
}

#[test]
fn what_waited_in_it_still_happens() {
    for (name, text) in GOLDEN {
        let mut room = restored(text);
        // The first pressure has no second one; the monitor is silent.
        room.advance(second(52 + 180));
        let urgent = |alert: &&Alert| {
            alert.condition == Condition::SystolicHigh
                && alert.priority == crate::profile::Priority::High
        };
        assert!(room.alerts().iter().any(|a| urgent(&a)), "{name}");
        assert!(room.is_active(Condition::MonitorLost), "{name}");
        let taken = room.alerts().iter().find(|alert| alert.number == 1).unwrap();
        assert_eq!(taken.silenced_until, None, "{name}");
    }
}

#[test]
fn after_it_values_are_judged_with_those_of_before() {
    for (name, text) in GOLDEN {
        let room = restored(text);
        let mut stage = Stage::of(room, 0, Vec::new());
        for n in 61..120 {
            let frame = Frame {
                device: DeviceId::new("mon-3").unwrap(),
                sent_at: Some(second(n)),
                ..Frame::by_hand(vec![spo2(97), pulse(75)])
            };
            stage.room.handle(&Input::Frame(frame), second(n));
        }
        let low = stage.room.alerts().iter().find(|a| a.condition == Condition::Spo2Low).unwrap();
        assert_ne!(low.state, AlertState::Active, "{name}: over after 30 s inside");
        assert!(low.ended_at.unwrap() <= second(95), "{name}");
    }
}

#[test]
fn a_later_format_or_none_is_refused_with_its_number() {
    for (text, number) in [(r#"{"format":99,"state":{}}"#, 99), (r#"{"state":{}}"#, 0)] {
        let json: Json = serde_json::from_str(text).unwrap();
        let refused = Room::from_checkpoint(&json).unwrap_err();
        assert!(matches!(refused, UnknownCheckpoint::Format { found } if found == number));
    }
    let damaged: Json = serde_json::from_str(r#"{"format":2,"state":{"id":"3"}}"#).unwrap();
    let _ = Room::from_checkpoint(&damaged);
    let nonsense: Json = serde_json::from_str(r#"{"format":1,"state":[7]}"#).unwrap();
    assert!(matches!(Room::from_checkpoint(&nonsense), Err(UnknownCheckpoint::Shape(_))));
}

/// The keys of a value at every depth; of a list those of all its items.
fn shape(json: &Json, path: &str, found: &mut BTreeSet<String>) {
    match json {
        Json::Object(object) => object.iter().for_each(|(key, value)| {
            let path = format!("{path}.{key}");
            shape(value, &path, found);
            found.insert(path);
        }),
        Json::Array(items) => {
            items.iter().for_each(|item| shape(item, &format!("{path}[]"), found))
        }
        _ => {}
    }
}

/// A change of the state that keeps its number is how a room was lost once: whoever changes it
/// writes a step from the format before, a golden file of that one, and the next number.
#[test]
fn the_shape_of_the_state_changes_only_with_its_number() {
    let shape_of = |json: &Json| {
        let mut found = BTreeSet::new();
        shape(&json["state"], "", &mut found);
        // Profiles have formats of their own.
        found.retain(|path| !path.contains("profile."));
        found
    };
    let golden: Json = serde_json::from_str(GOLDEN[GOLDEN.len() - 1].1).unwrap();
    assert_eq!(golden["format"], CHECKPOINT_FORMAT);
    let now = restored(GOLDEN[GOLDEN.len() - 1].1).checkpoint();
    assert_eq!(shape_of(&golden), shape_of(&now));
    let mut fresh = Stage::infusing();
    fresh.each_second(fine(3));
    let known = shape_of(&golden);
    let more: Vec<_> = shape_of(&fresh.room.checkpoint()).difference(&known).cloned().collect();
    assert_eq!(more, [] as [String; 0]);
}

/// Replaces the `index`th value at any depth.
fn damage(json: &mut Json, index: &mut usize, with: &Json) {
    if *index == 0 {
        *json = with.clone();
    }
    *index = index.wrapping_sub(1);
    match json {
        Json::Object(object) => object.values_mut().for_each(|value| damage(value, index, with)),
        Json::Array(items) => items.iter_mut().for_each(|value| damage(value, index, with)),
        _ => {}
    }
}

#[test]
fn a_damaged_state_is_refused_or_read_and_never_the_end_of_the_program() {
    for (_, text) in GOLDEN {
        let json: Json = serde_json::from_str(text).unwrap();
        for with in
            [Json::Null, Json::from(7), Json::from("x"), Json::Array(vec![]), Json::from(true)]
        {
            for index in (0..300).chain((300..9_000).step_by(97)) {
                let mut damaged = json.clone();
                damage(&mut damaged["state"], &mut { index }, &with);
                let _ = Room::from_checkpoint(&damaged);
            }
        }
    }
}

/// Writes what the program of this format made of the state before it: once, for the golden file.
#[test]
#[ignore = "writes a golden file"]
fn write_the_golden_file() {
    let mut room = restored(GOLDEN[GOLDEN.len() - 2].1);
    // What this format adds to the one before.
    let call = Input::Help { staff: "KM".to_owned(), priority: crate::profile::Priority::High };
    room.handle(&call, second(60));
    while !matches!(room.poll_output(), Output::Wait(_)) {}
    let text = serde_json::to_string(&room.checkpoint()).unwrap();
    let name = format!("format-{CHECKPOINT_FORMAT}.json");
    let path = format!("{}/src/room/checkpoint/golden/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::write(path, text + "\n").unwrap();
}

#[test]
fn what_was_stated_ordered_and_given_is_still_there() {
    let room = restored(include_str!("golden/format-5.json"));
    let treatment = &room.session().unwrap().treatment;
    assert_eq!(treatment.paperwork.series().unwrap().number, 3);
    assert_eq!(treatment.paperwork.allergies().as_deref(), Some("penicillin"));
    assert_eq!(treatment.paperwork.order().unwrap().0.mg.unwrap().to_string(), "35");
    assert_eq!(treatment.medications[0].what.words(), "Ondansetron 4 mg IV");
    assert!(treatment.oxygen_now().is_some());
    assert_eq!(treatment.adverse_events[0].what.outcome.as_deref(), Some("o"));
}

#[test]
fn what_an_infusion_of_before_has_given_is_not_known() {
    let room = restored(include_str!("golden/format-4.json"));
    let treatment = &room.session().unwrap().treatment;
    assert!(!treatment.paperwork.has_begun());
    let mut with_order = treatment.clone();
    let order = crate::room::Event::Order(serde_json::from_str(r#"{"mg":35}"#).unwrap());
    with_order.take(1, ("KM", second(61)), &order, room.profile());
    assert_eq!(with_order.given(second(62)), None);
}

#[test]
fn nobody_was_called_before_and_people_are_from_then_on() {
    let mut untaken = 0;
    for (name, text) in GOLDEN {
        let mut room = restored(text);
        room.advance(second(119));
        let is_called = |alert: &&Alert| {
            alert.state == AlertState::Active
                && alert.priority == crate::profile::Priority::High
                && alert.raised_at <= second(60)
        };
        assert!(room.alerts().iter().all(|alert| alert.escalated() == 0), "{name}");
        room.advance(second(120));
        for alert in room.alerts().iter().filter(is_called) {
            let reached = usize::from(alert.acknowledged.is_none());
            assert_eq!(alert.escalated(), reached, "{name} {}", alert.id());
            untaken += reached;
        }
    }
    assert!(untaken > 0);
}
