//! What staff wrote in their own words is personal: it is recorded apart from the rest, so that it
//! can be removed without breaking the chain.

use std::collections::BTreeMap;
use std::mem::take;

use serde::Serialize;

use super::given::{AdverseEvent, Bolus, Medication, Spray};
use super::treatment::Treatment;
use super::{Acceptance, Event, Room, ShownEvent};
use crate::gates::{CheckIn, Escort, Override, Paper, Screening};
use crate::rules::Condition;

/// The words of an event; `None` when it has none.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the fields are the event's")]
pub struct EventWords {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allergies: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub escort: Option<Escort>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// That staff went on all the same changes limits and stays; their reason is words.
    #[serde(rename = "override", skip_serializing_if = "Option::is_none")]
    pub overrides: Option<Override>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// The words of a session: what was done in it, and the reasons for its own limits.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the fields are the session's")]
pub struct SessionWords {
    pub events: Vec<ShownEvent>,
    pub reasons: BTreeMap<Condition, String>,
    pub treatment: Treatment,
}

impl Event {
    /// The event without words, and its words, if it has any. Every field is named here: whoever
    /// adds one decides whether it is personal.
    #[must_use]
    pub fn parted(&self) -> (Self, Option<EventWords>) {
        let mut event = self.clone();
        let mut words = EventWords::default();
        match &mut event {
            Self::Start { overrides } | Self::Discharge { overrides } => {
                words.overrides = why(overrides);
            }
            Self::CheckIn(stated) => words = of_check_in(stated),
            Self::Screening(answered) => words = of_screening(answered),
            Self::Bolus(Bolus { note, mg: _ })
            | Self::Medication(Medication { note, drug: _, dose: _, unit: _, route: _ }) => {
                words.note = note.take();
            }
            Self::Spray(Spray { overrides, dose_mg: _, lot: _ }) => {
                words.overrides = why(overrides);
            }
            Self::AdverseEvent(event) => words = of_adverse_event(event),
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
            | Self::Order(_)
            | Self::Check { item: _, over: _ }
            | Self::Oxygen(_)
            | Self::ManualVitals(_)
            | Self::Resume {}
            | Self::SignOff {}
            | Self::Move { room: _, with_monitor: _ }
            | Self::BpNow {} => {}
        }
        let words = Some(words).filter(|words| *words != EventWords::default());
        (event, words)
    }
}

fn why(overrides: &mut Option<Override>) -> Option<Override> {
    overrides.as_mut().map(|Override { reason }| Override { reason: take(reason) })
}

fn of_check_in(stated: &mut CheckIn) -> EventWords {
    let CheckIn {
        escort,
        allergies,
        overrides,
        identifiers: _,
        consent: _,
        series: _,
        weight_kg: _,
    } = stated;
    EventWords {
        escort: escort.take(),
        allergies: allergies.take(),
        overrides: why(overrides),
        ..EventWords::default()
    }
}

fn of_screening(answered: &mut Screening) -> EventWords {
    let Screening { note, overrides, answers: _, reviewed: _ } = answered;
    EventWords { note: note.take(), overrides: why(overrides), ..EventWords::default() }
}

fn of_adverse_event(event: &mut AdverseEvent) -> EventWords {
    let AdverseEvent { text, action, outcome, severity: _ } = event;
    let (action, outcome) = (action.take(), outcome.take());
    EventWords { text: Some(take(text)), action, outcome, ..EventWords::default() }
}

impl Treatment {
    /// The same without staff's words, and without the name of who takes the patient home.
    fn without_words(&self) -> Self {
        let mut treatment = self.clone();
        let Self { paperwork, doses: _, medications, oxygen: _, adverse_events, waived } =
            &mut treatment;
        for paper in paperwork.papers_mut() {
            match paper {
                Paper::CheckIn(stated) => drop(of_check_in(stated)),
                Paper::Screening(answered) => drop(of_screening(answered)),
                Paper::Order(_) | Paper::Tick { item: _, over: _ } => {}
            }
        }
        medications.iter_mut().for_each(|given| given.what.note = None);
        adverse_events.iter_mut().for_each(|event| drop(of_adverse_event(&mut event.what)));
        waived.iter_mut().for_each(|waived| waived.reason.clear());
        treatment
    }
}

impl Room {
    /// The room without staff's words, and the words of its session, if one runs.
    #[must_use]
    pub fn parted(&self) -> (Self, Option<SessionWords>) {
        let mut room = self.clone();
        let words = room.stay.session.as_mut().map(|session| SessionWords {
            events: take(&mut session.events),
            reasons: take(&mut session.reasons),
            treatment: {
                let public = session.treatment.without_words();
                std::mem::replace(&mut session.treatment, public)
            },
        });
        (room, words)
    }
}
