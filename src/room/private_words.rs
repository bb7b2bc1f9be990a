//! What staff wrote in their own words is personal: it is recorded apart from the rest, so that it
//! can be removed without breaking the chain.

use std::collections::BTreeMap;
use std::mem::take;

use serde::Serialize;

use super::{Acceptance, Event, Override, Room, ShownEvent};
use crate::rules::Condition;

/// The words of an event. `None` is none.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the fields are the event's")]
pub struct EventWords {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// That staff went on all the same changes limits and stays; why they did is words.
    #[serde(rename = "override", skip_serializing_if = "Option::is_none")]
    pub overrides: Option<Override>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// The words of a session: what was done in it, and why its limits are its own.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the fields are the session's")]
pub struct SessionWords {
    pub events: Vec<ShownEvent>,
    pub reasons: BTreeMap<Condition, String>,
}

impl Event {
    /// The event without words, and its words, when it has any. Every field is named here: who adds
    /// one decides whether it is personal.
    #[must_use]
    pub fn parted(&self) -> (Self, Option<EventWords>) {
        let mut event = self.clone();
        let mut words = EventWords::default();
        let why = |overrides: &mut Option<Override>| {
            overrides.as_mut().map(|Override { reason }| Override { reason: take(reason) })
        };
        match &mut event {
            Self::Start { overrides } => words.overrides = why(overrides),
            Self::AcceptBaseline(Acceptance {
                overrides,
                systolic: _,
                diastolic: _,
                heart_rate: _,
                spo2: _,
                temp: _,
                known_low: _,
                prescriber: _,
            }) => words.overrides = why(overrides),
            Self::Pause { reason }
            | Self::Stop { reason }
            | Self::Abort { reason }
            | Self::Transfer { reason }
            | Self::Correct { reason, event: _ } => words.reason = reason.take(),
            Self::Limits { reason, limits: _, prescriber: _ } => words.reason = Some(take(reason)),
            Self::Symptom { note, symptom: _, over: _ }
            | Self::Score { note, score: _, value: _ } => {
                words.note = note.take();
            }
            Self::Note { text } => words.text = Some(take(text)),
            Self::RateChange { from: _, to: _, unit: _ }
            | Self::CheckIn {}
            | Self::ManualVitals(_)
            | Self::Resume {}
            | Self::BpNow {}
            | Self::Discharge {} => {}
        }
        let words = Some(words).filter(|words| *words != EventWords::default());
        (event, words)
    }
}

impl Room {
    /// The room without words of staff, and those of its session, when one runs.
    #[must_use]
    pub fn parted(&self) -> (Self, Option<SessionWords>) {
        let mut room = self.clone();
        let words = room.stay.session.as_mut().map(|session| SessionWords {
            events: take(&mut session.events),
            reasons: take(&mut session.reasons),
        });
        (room, words)
    }
}
