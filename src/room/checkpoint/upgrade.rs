//! The steps from each format to the next. They work on JSON, since the earlier types are gone.
//!
//! What a format lacks is filled in from a fresh room, monitor, alert and so on of its next format:
//! it begins as it would in a new room. What it has is kept, under its new name.

use serde_json::{Value as Json, json};

use super::super::Treatment;
use crate::profile::{DEFAULT_PROFILE, builtin};

/// How long a first reading waits for a second one (clinical.md#confirmation); earlier formats kept
/// only the end of that time.
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
    if format < 5 {
        from_4(&mut state);
    }
    if format < 6 {
        from_5(&mut state);
    }
    state
}

/// Format 1 knew only the program's own profiles, in another shape; of continuous vitals it kept
/// two lists of pairs of time and value.
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

/// Format 2 kept one clock for each device, the last five distances of a vital, and when a cuff
/// reading was received but not where it came from. It had also changed without a new number, so
/// that a state may lack what a later state of the same format has.
fn from_2(state: &mut Json) {
    let fresh = Fresh::new(state);
    for history in list(state, "histories") {
        take(history, "beat");
    }
    for monitor in list(state, "monitors") {
        let last_heard = monitor.get("last_heard").cloned().unwrap_or(Json::Null);
        monitor["last_live"] = last_heard;
        // Where a cuff was seen, its time is learned again with its next reading.
        if let Some(cuff) = monitor.get_mut("last_cuff").filter(|cuff| cuff.is_object()) {
            take(cuff, "measured_at");
            let seen_at = cuff.get("seen_at").cloned().unwrap_or(Json::Null);
            cuff["measured_at"] = seen_at;
        }
        // A clock is learned again within ten seconds.
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

/// Format 5 called nobody to an alert. Since when nobody has had one is not known of those that got
/// worse or asked again: the calling begins at the state's own time, never too early.
fn from_5(state: &mut Json) {
    let now = state["now"].clone();
    for alert in list(&mut state["alarms"], "alerts") {
        let is_called = alert["state"] == "active" && alert["acknowledged"].is_null();
        let since = if is_called { now.clone() } else { Json::Null };
        let began = if is_called { json!("raised") } else { Json::Null };
        alert["calling"] = json!({"since": since, "began": began, "reached": [], "told": since});
    }
}

/// Format 4 knew no doses, medicines or paperwork. What a running infusion has given is not known.
fn from_4(state: &mut Json) {
    let Some(session) = state["stay"].get_mut("session").filter(|session| session.is_object())
    else {
        return;
    };
    let mut treatment = json!(Treatment::default());
    treatment["doses"]["is_incomplete"] = json!(!session["started_at"].is_null());
    session["treatment"] = treatment;
}

/// Format 3 had everything in one flat object, with the whole previous session beside it, and
/// distinguished the last patient's closed alerts from this one's only by their session.
fn from_3(state: &mut Json) {
    let running = state["session"]["id"].clone();
    let ended = state["ended_session"].take();
    let left_at = ended["phase_since"].as_i64();
    for alert in list(state, "alerts") {
        let is_of_others = !alert["session"].is_null() && alert["session"] != running;
        let is_of_before = alert["raised_at"].as_i64() < left_at;
        if alert["state"] == "resolved" && (is_of_others || is_of_before) {
            alert["is_past"] = json!(true);
        }
    }
    let mut waiting_cuffs = Vec::new();
    let mut known_lost = Vec::new();
    for monitor in list(state, "monitors") {
        let device = monitor["device"].clone();
        if let Some([own, pressure]) =
            take(monitor, "waiting_cuff").as_ref().and_then(Json::as_array).map(Vec::as_slice)
        {
            waiting_cuffs.push(json!({"device": device, "own": own, "pressure": pressure}));
        }
        if take(monitor, "is_known_lost") == Some(json!(true)) {
            known_lost.push(device);
        }
    }
    let mut histories = take(state, "histories").unwrap_or_default();
    let mut history = |index: usize| histories.get_mut(index).map(Json::take).unwrap_or_default();
    let histories = json!({
        "spo2": history(0), "heart_rate": history(1), "resp_rate": history(2), "temp": history(3),
    });
    // The first states of this format do not have it yet.
    let falls = take(state, "falls").unwrap_or_else(|| json!([]));
    let mut moved = |key: &str| take(state, key).unwrap_or_default();
    let tasks = json!({
        "wanted": moved("wanted"),
        "rate_reading_due": moved("rate_reading_due"),
        "watch_until_two_inside": moved("watch_until_two_inside"),
        "rise": moved("rise"),
        "probe_since": moved("probe_task_since"),
        "shown": moved("shown_tasks"),
    });
    let stay = json!({
        "session": moved("session"),
        "profile": moved("profile"),
        "histories": histories,
        "cuff": moved("cuff"),
        "inflation": moved("inflation"),
        "pulse_gate": moved("pulse_gate"),
        "by_hand": moved("by_hand"),
        "waiting_cuffs": waiting_cuffs,
        "recurring": moved("recurring"),
        "tasks": tasks,
        "falls": falls,
        "drops": moved("drops"),
        "refusals": moved("refusals"),
        "known_lost": known_lost,
        "numbered": moved("alerts_of_session"),
    });
    let bedside = json!({
        "monitors": moved("monitors"),
        "latest": moved("latest"),
        "unwatched_since": moved("unwatched_since"),
        "ages_from": moved("ages_from"),
        "unbound_at": moved("unbound_at"),
    });
    let alarms = json!({
        "alerts": moved("alerts"), "numbered_of_day": moved("alerts_of_day"),
    });
    moved("ended_session");
    moved("last_session");
    let ended = match &ended["id"] {
        Json::Null => Json::Null,
        id => json!({"session": id, "phase": ended["phase"], "at": ended["phase_since"]}),
    };
    for (key, part) in [("ended", ended), ("bedside", bedside), ("stay", stay), ("alarms", alarms)]
    {
        state[key] = part;
    }
}

/// What a new room and its parts looked like in format 3.
struct Fresh {
    room: Json,
    monitor: Json,
    latest: Json,
    session: Json,
    alert: Json,
}

impl Fresh {
    fn new(state: &Json) -> Self {
        let now = state["now"].as_i64().unwrap_or(0);
        let text = include_str!("fresh-3.json").replace("\"then\"", &now.to_string());
        let mut fresh: Json = serde_json::from_str(&text).unwrap_or_default();
        if let Some(profile) = builtin(DEFAULT_PROFILE) {
            fresh["room"]["profile"] = json!(*profile);
            fresh["room"]["clinic_profile"] = json!(*profile);
        }
        let [room, monitor, latest, session, alert] =
            ["room", "monitor", "latest", "session", "alert"].map(|part| fresh[part].take());
        Self { room, monitor, latest: without_memory(latest), session, alert }
    }
}

/// What a fresh reading records about itself: an earlier one did not.
fn without_memory(mut latest: Json) -> Json {
    for key in ["absent_since", "questionable_since", "present_since", "good_since"] {
        latest[key] = Json::Null;
    }
    latest
}

/// Adds what is missing, at every depth where both sides are objects with a key in common; a value
/// that is one of two variants is not filled in with parts of the other.
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
    // Each history is now a part of its own.
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
