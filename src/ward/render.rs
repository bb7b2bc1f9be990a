//! The rooms as JSON of the contract: what `GET rooms` and the stream's snapshot show.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::View;
use crate::profile::Profile;
use crate::replay::Patient;
use crate::room::{Latest, OpenSymptom, PersonalLimits, Room, STALE_AFTER_MS, Session};
use crate::vitals::{Millis, Observation, Quality, Source, Value};

/// What the ward knows of a session beside the room's state.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SessionCard {
    pub(super) patient: Patient,
    pub(super) profile: Arc<Profile>,
    pub(super) opened_seq: u64,
}

/// A session, as `GET sessions/{id}` and the stream show it.
pub(super) fn session_json(room: &Room, session: &Session, card: &SessionCard, view: View) -> Json {
    let SessionCard { patient, profile, .. } = card;
    let mut json = json!({
        "id": session.id,
        "room": room.id(),
        "initials": patient.initials,
        "phase": session.phase,
        "phase_since": session.phase_since,
        "opened_at": session.opened_at,
        "started_at": session.started_at,
        "infused_ms": session.infused_ms,
        "planned_s": session.planned_s,
        "baseline": session.baseline,
    });
    if !session.phase.has_ended() {
        json["limits"] = json!(room.shown_limits());
        json["cadence_s"] = json!(session.cadence_s(&profile.cadence, room.now()));
        json["next_nibp_due"] = json!(room.next_nibp_due());
    }
    json["known_low"] = json!(session.known_low);
    json["personal_limits"] = personal_limits_json(session, view);
    if view == View::Staff {
        json["profile"] = json!(profile.name);
        json["profile_version"] = json!(profile.version);
        json["title"] = json!(profile.title);
        json["approved"] = json!(profile.approved);
        json["events"] = json!(session.events);
        json["symptoms"] = symptoms_json(session, profile);
        json["scores"] = json!(session.scores);
        let is_running = room.session().is_some_and(|running| running.id == session.id);
        json["tasks"] = if is_running { json!(room.tasks()) } else { json!([]) };
        json["patient"] = json!(patient);
    }
    json
}

/// A display shows that a patient has limits of their own, and not why or by whom.
fn personal_limits_json(session: &Session, view: View) -> Json {
    let one = |personal: &PersonalLimits| {
        let PersonalLimits { condition, limits, prescriber, by, at, .. } = personal;
        let mut json = json!({
            "condition": condition, "caution": limits.caution, "urgent": limits.urgent,
            "extreme": limits.extreme,
        });
        if view == View::Staff {
            json["reason"] = json!(session.reasons.get(condition));
            json["prescriber"] = json!(prescriber);
            json["by"] = json!(by);
            json["at"] = json!(at);
        }
        json
    };
    session.personal.iter().map(one).collect()
}

fn symptoms_json(session: &Session, profile: &Profile) -> Json {
    let one = |open: &OpenSymptom| {
        json!({"symptom": open.symptom, "text": profile.symptom_text(&open.symptom),
               "since": open.since})
    };
    session.symptoms.iter().map(one).collect()
}

/// The last of every vital. A continuous one that is too old is absent, with what it was.
pub(super) fn vitals_json(room: &Room, now: Millis) -> Json {
    let mut vitals = serde_json::Map::new();
    for latest in room.latest() {
        vitals.insert(latest.vital.name().to_owned(), latest_json(latest, now));
    }
    Json::Object(vitals)
}

pub(super) fn latest_json(latest: &Latest, now: Millis) -> Json {
    let is_stale = latest.is_stale(now);
    let times = json!({"taken_at": latest.taken_at, "received_at": latest.heard_at});
    let mut json = match latest.observation {
        Observation::Measured(value, quality) if quality != Quality::Invalid && !is_stale => {
            let mut json = value_json(value);
            let quality = if latest.is_doubted { Quality::Questionable } else { quality };
            json["quality"] = json!(quality);
            if let Some(bound) = latest.bound {
                json["bound"] = json!(bound);
            }
            json
        }
        Observation::Measured(_, Quality::Invalid) if !is_stale => json!({"absent": "invalid"}),
        Observation::Absent(reason) if !is_stale => json!({"absent": reason}),
        _ => json!({"absent": "stale"}),
    };
    if let Some(object) = json.as_object_mut() {
        object.extend(times.as_object().cloned().unwrap_or_default());
    }
    if json.get("absent").is_some() {
        json["since"] = json!(latest.absent_since.unwrap_or(latest.heard_at));
        if let Some(last) = latest.last_value {
            let mut value = value_json(last.value);
            value["taken_at"] = json!(last.heard_at);
            json["last"] = value;
        }
    }
    json["device"] = json!(latest.device);
    if let Some(device_taken_at) = latest.device_taken_at {
        json["device_taken_at"] = json!(device_taken_at);
    }
    if latest.is_corrected {
        json["corrects"] = json!(true);
    }
    if latest.stale_after_ms() > STALE_AFTER_MS {
        json["stale_after_ms"] = json!(latest.stale_after_ms());
    }
    if latest.source != Source::Monitor {
        json["source"] = json!(latest.source);
    }
    json
}

fn value_json(value: Value) -> Json {
    match value {
        Value::Number(number) => json!({ "value": number }),
        Value::Pressure(pressure) => json!(pressure),
    }
}
