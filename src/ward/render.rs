//! The rooms as JSON of the contract: what `GET rooms` and the stream's snapshot show.

use std::sync::Arc;

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Value as Json, json};

use super::View;
use crate::profile::Profile;
use crate::replay::Patient;
use crate::room::{LastValue, Latest, OpenSymptom, PersonalLimits, Room, STALE_AFTER_MS, Session};
use crate::vitals::wire::write_observation;
use crate::vitals::{Absent, Millis, Observation, Quality, Source};

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

/// The last of every vital. A continuous value that is too old is absent, with what it was.
pub(super) fn vitals_json(room: &Room, now: Millis) -> Json {
    let shown = |latest: &Latest| {
        (latest.vital.name().to_owned(), json!(ShownLatest { latest, now, frame: None }))
    };
    Json::Object(room.latest().iter().map(shown).collect())
}

/// What is known of a vital: in the snapshot, and in each frame that changes it. Both say the
/// same, in the same words.
pub(super) struct ShownLatest<'a> {
    pub(super) latest: &'a Latest,
    pub(super) now: Millis,
    /// The times of the frame that it is in: what they say already is left out.
    pub(super) frame: Option<FrameTimes>,
}

/// When a frame was taken, by the device's clock, and received, by ours.
#[derive(Clone, Copy)]
pub(super) struct FrameTimes {
    pub(super) taken_at: Millis,
    pub(super) received_at: Millis,
}

impl Serialize for ShownLatest<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { latest, now, frame } = self;
        let mut map = serializer.serialize_map(None)?;
        if frame.is_some() {
            map.serialize_entry("vital", latest.vital.name())?;
        }
        match why_absent(latest, *now) {
            None => {
                let value = latest.value_at(*now);
                let shown = value.map_or(latest.observation, |(value, quality)| {
                    Observation::Measured(value, quality)
                });
                write_observation(&mut map, &shown, true)?;
                if let Some(bound) = latest.bound {
                    map.serialize_entry("bound", bound.name())?;
                }
            }
            Some(reason) => {
                map.serialize_entry("absent", &reason)?;
                if let (Absent::Stale, Observation::Measured(_, quality)) =
                    (reason, latest.observation)
                {
                    let doubted = latest.is_doubted && quality == Quality::Good;
                    let quality = if doubted { Quality::Questionable } else { quality };
                    map.serialize_entry("quality", &quality)?;
                    if let Some(bound) = latest.bound {
                        map.serialize_entry("bound", bound.name())?;
                    }
                }
                map.serialize_entry("since", &latest.absent_since.unwrap_or(latest.heard_at))?;
                if let Some(last) = &latest.last_value {
                    map.serialize_entry("last", &ShownLast(last))?;
                }
            }
        }
        let is_said =
            |said: fn(&FrameTimes) -> Millis, time| frame.as_ref().map(said) == Some(time);
        if !is_said(|times| times.taken_at, latest.taken_at) {
            map.serialize_entry("taken_at", &latest.taken_at)?;
        }
        if !is_said(|times| times.received_at, latest.heard_at) {
            map.serialize_entry("received_at", &latest.heard_at)?;
        }
        if let Some(device_taken_at) = &latest.device_taken_at {
            map.serialize_entry("device_taken_at", device_taken_at)?;
        }
        if latest.is_corrected {
            map.serialize_entry("corrects", &true)?;
        }
        if latest.stale_after_ms() > STALE_AFTER_MS {
            map.serialize_entry("stale_after_ms", &latest.stale_after_ms())?;
        }
        if frame.is_none() {
            map.serialize_entry("device", &latest.device)?;
        }
        if let Some(channel) = &latest.channel {
            map.serialize_entry("channel", channel)?;
        }
        if latest.source != Source::Monitor {
            map.serialize_entry("source", &latest.source)?;
        }
        map.end()
    }
}

/// Why there is no current value; `None` when there is one.
fn why_absent(latest: &Latest, now: Millis) -> Option<Absent> {
    match latest.observation {
        Observation::Absent(reason) => Some(reason),
        Observation::Measured(_, Quality::Invalid) => Some(Absent::Invalid),
        Observation::Measured(..) if latest.value_at(now).is_some() => None,
        Observation::Measured(..) => Some(Absent::Stale),
    }
}

struct ShownLast<'a>(&'a LastValue);

impl Serialize for ShownLast<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let LastValue { value, heard_at, .. } = self.0;
        write_observation(&mut map, &Observation::Measured(*value, Quality::Good), false)?;
        map.serialize_entry("taken_at", heard_at)?;
        map.end()
    }
}
