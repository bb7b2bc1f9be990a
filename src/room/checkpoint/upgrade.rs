//! The steps from each format to the next. They change JSON, since the types of before are gone.
//!
//! What a format lacks is filled in from a fresh room, monitor, alert and so on: it begins there
//! as it would in a new room. What it has is kept, under its present name.

use serde_json::{Value as Json, json};

use super::super::alert::{Alert, Standing};
use super::super::latest::{Latest, Times};
use super::super::monitor::Monitor;
use super::super::session::Session;
use super::super::{Opening, Phase, Room};
use crate::profile::{Condition, DEFAULT_PROFILE, Priority, builtin};
use crate::vitals::{Absent, DeviceId, Frame, Millis, Reading, RoomId, SessionId, Vital};

/// A first reading that waits for a second one has this long (CLINICAL 2.2); earlier formats kept
/// only the end.
const CONFIRMED_WITHIN_MS: i64 = 180_000;

/// Brings a state of an earlier format up to the present one.
pub(super) fn to_current(mut state: Json, format: u32) -> Json {
    if !state.is_object() {
        return state;
    }
    if format < 2 {
        from_1(&mut state);
    }
    if format < 3 {
        from_2(&mut state);
    }
    if format < 4 {
        from_3(&mut state);
    }
    state
}

/// Format 1 knew only profiles of the program's own, in another shape; of continuous vitals it
/// kept two, as pairs of time and value.
fn from_1(state: &mut Json) {
    for key in ["profile", "clinic_profile"] {
        let name = state.pointer(&format!("/{key}/name")).and_then(Json::as_str);
        let profile = name.and_then(builtin).or_else(|| builtin(DEFAULT_PROFILE));
        if let Some(profile) = profile {
            state[key] = json!(*profile);
        }
    }
    let history = |samples: Option<Json>| {
        let samples = samples.and_then(|samples| samples.as_array().cloned()).unwrap_or_default();
        let settled = samples.iter().filter_map(|pair| match pair.as_array()?.as_slice() {
            [at, value] => Some(json!([at, value, u32::MAX])),
            _ => None,
        });
        json!({ "samples": settled.collect::<Vec<_>>() })
    };
    let (spo2, heart_rate) = (take(state, "spo2"), take(state, "heart_rate"));
    state["histories"] = json!([history(spo2), history(heart_rate), history(None), history(None)]);
    if take(state, "watched") == Some(json!(false)) {
        state["unwatched_since"] = state["now"].clone();
    }
    for monitor in list(state, "monitors") {
        monitor["is_heard"] = json!(true);
        monitor["since"] = monitor["last_heard"].clone();
    }
}

/// Format 2 kept one clock a device, the last five distances of a vital, when a cuff reading was
/// taken in but not where it came from; and it had grown under its number, so that a state may
/// lack what a later one of the same format has.
fn from_2(state: &mut Json) {
    let fresh = Fresh::new(state);
    for history in list(state, "histories") {
        take(history, "beat");
    }
    for monitor in list(state, "monitors") {
        let last_heard = monitor.get("last_heard").cloned().unwrap_or(Json::Null);
        monitor["last_live"] = last_heard;
        // Where a cuff was seen, its time is known anew with its next reading.
        if let Some(cuff) = monitor.get_mut("last_cuff").filter(|cuff| cuff.is_object()) {
            take(cuff, "measured_at");
            let seen_at = cuff.get("seen_at").cloned().unwrap_or(Json::Null);
            cuff["measured_at"] = seen_at;
        }
        // A clock is learned anew within ten seconds.
        for gone in ["clock", "heard_running", "interval_ms", "repeats_cuff", "cuff_is_of_before"] {
            take(monitor, gone);
        }
        take(monitor, "since");
        fill(monitor, &fresh.monitor);
    }
    for latest in list(state, "latest") {
        fill(latest, &fresh.latest);
    }
    for key in ["session", "ended_session"] {
        if let Some(session) = state.get_mut(key).filter(|session| session.is_object()) {
            fill(session, &fresh.session);
        }
    }
    for alert in list(state, "alerts") {
        let set = |alert: &mut Json, key: &str, value: Json| {
            if alert.get(key).is_none_or(Json::is_null) {
                alert[key] = value;
            }
        };
        let of = |key: &str| alert.get(key).cloned().unwrap_or(Json::Null);
        let (value, raised_at) = (of("value"), of("raised_at"));
        let value_at = alert.get("value_at").cloned().unwrap_or(Json::Null);
        let worst_at = if value_at.is_null() && !value.is_null() { &raised_at } else { &value_at };
        set(alert, "worst", value.clone());
        set(alert, "worst_at", worst_at.clone());
        let since = alert.get("reopened_at").filter(|at| !at.is_null()).unwrap_or(&raised_at);
        let since = since.clone();
        set(alert, "active_since", since);
        fill(alert, &fresh.alert);
    }
    if let Some(cuff) = state.get_mut("cuff").filter(|cuff| cuff.is_object()) {
        let readings = cuff.get_mut("readings").and_then(Json::as_array_mut);
        for reading in readings.into_iter().flatten() {
            if let [at, pressure] = reading.as_array().map_or(&[][..], Vec::as_slice) {
                *reading = json!({
                    "at": at, "measured_at": at, "pressure": pressure, "origin": "unknown",
                });
            }
        }
        for waiting in list(cuff, "unconfirmed") {
            let until = waiting.get("until").and_then(Json::as_i64);
            if let (None, Some(until)) = (waiting.get("at"), until) {
                waiting["at"] = json!(until - CONFIRMED_WITHIN_MS);
            }
        }
    }
    fill(state, &fresh.room);
}

/// Format 3 grew under its number too: it knew less of a cuff's numbers, and nothing of stamps that
/// stand.
fn from_3(state: &mut Json) {
    let fresh = Fresh::new(state);
    list(state, "monitors").for_each(|monitor| fill(monitor, &fresh.monitor));
    list(state, "latest").for_each(|latest| fill(latest, &fresh.latest));
    list(state, "alerts").for_each(|alert| fill(alert, &fresh.alert));
    for key in ["session", "ended_session"] {
        if let Some(session) = state.get_mut(key).filter(|session| session.is_object()) {
            fill(session, &fresh.session);
        }
    }
    fill(state, &fresh.room);
}

/// What a new room and its parts look like.
struct Fresh {
    room: Json,
    monitor: Json,
    latest: Json,
    session: Json,
    alert: Json,
}

impl Fresh {
    fn new(state: &Json) -> Self {
        let now = Millis(state["now"].as_i64().unwrap_or(0));
        // All of them are names that a room accepts; a state without one is no room's.
        let name = state["id"].as_str().unwrap_or("room");
        let (Ok(id), Ok(session), Some(profile)) =
            (RoomId::new(name), SessionId::new("session"), builtin(DEFAULT_PROFILE))
        else {
            let none = Json::Null;
            return Self {
                room: none.clone(),
                monitor: none.clone(),
                latest: none.clone(),
                session: none.clone(),
                alert: none,
            };
        };
        let device = DeviceId::by_hand();
        let times = Times { heard_at: now, taken_at: now, device_taken_at: None };
        let reading = Reading::absent(Vital::Spo2, Absent::Never);
        let frame = Frame::by_hand(Vec::new());
        let opening = Opening {
            session,
            profile: profile.clone(),
            planned_s: profile.planned_s,
            phase: Phase::Baseline,
            staff: String::new(),
        };
        let standing = Standing::technical(Priority::Low, "");
        let number = (String::new(), 1);
        Self {
            room: json!(Room::new(id, profile)),
            monitor: json!(Monitor::new(device, now)),
            latest: without_memory(json!(Latest::new(&frame, &reading, times))),
            session: json!(Session::open(&opening, now)),
            alert: json!(Alert::raise(number, None, Condition::Spo2Low, None, standing, now)),
        }
    }
}

/// What a fresh reading says of its own: an earlier one did not say it.
fn without_memory(mut latest: Json) -> Json {
    for key in ["absent_since", "questionable_since", "present_since", "good_since"] {
        latest[key] = Json::Null;
    }
    latest
}

/// Adds what is missing, at every depth where both are objects with a key in common: one of two
/// choices is not filled with the other.
fn fill(target: &mut Json, fresh: &Json) {
    let (Some(target), Some(fresh)) = (target.as_object_mut(), fresh.as_object()) else { return };
    if !fresh.keys().any(|key| target.contains_key(key)) {
        return;
    }
    for (key, value) in fresh {
        match target.get_mut(key) {
            Some(known) => fill(known, value),
            None => drop(target.insert(key.clone(), value.clone())),
        }
    }
    // Each history is a part of its own.
    if let Some(Json::Array(histories)) = target.get_mut("histories")
        && let Some(Json::Array(of_fresh)) = fresh.get("histories")
    {
        histories.iter_mut().zip(of_fresh).for_each(|(known, value)| fill(known, value));
    }
}

fn take(object: &mut Json, key: &str) -> Option<Json> {
    object.as_object_mut()?.remove(key)
}

/// The objects of a list.
fn list<'a>(object: &'a mut Json, key: &str) -> impl Iterator<Item = &'a mut Json> {
    let items = object.get_mut(key).and_then(Json::as_array_mut).into_iter().flatten();
    items.filter(|item| item.is_object())
}
