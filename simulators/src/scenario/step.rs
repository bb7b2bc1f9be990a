//! A step of a scenario's file: a time, and one thing.

use serde::Deserialize;

use super::happening::{CuffEvent, MonitorFault, PatientEvent, ProbeEvent, ProgramFault};
use super::staff::{AlertName, Event, Outcome, Silence};
use super::within::{Minutes, Seconds};

/// One step: when, and one thing that happens then.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Step {
    at_s: Option<Seconds>,
    at_min: Option<Minutes>,
    /// The initials of the person who acts; only with what staff do.
    by: Option<String>,
    event: Option<Event>,
    acknowledge: Option<AlertName>,
    outcome: Option<Outcome>,
    silence: Option<Silence>,
    patient: Option<PatientEvent>,
    probe: Option<ProbeEvent>,
    cuff: Option<CuffEvent>,
    monitor: Option<MonitorFault>,
    program: Option<ProgramFault>,
    /// This much of the session is left out of the recording: the body lives it, nobody sees it.
    skip_min: Option<Minutes>,
}

/// The one thing that happens in a step.
#[derive(Debug, Clone)]
pub(super) enum Action {
    Event(Event),
    Acknowledge(AlertName),
    Outcome(Outcome),
    Silence(Silence),
    Patient(PatientEvent),
    Probe(ProbeEvent),
    Cuff(CuffEvent),
    Monitor(MonitorFault),
    Program(ProgramFault),
    Skip(Minutes),
}

impl Action {
    /// The alert that it is about.
    pub(super) fn alert(&self) -> Option<AlertName> {
        match self {
            Self::Acknowledge(alert) => Some(*alert),
            Self::Outcome(outcome) => Some(outcome.alert),
            Self::Silence(silence) => Some(silence.alert),
            _ => None,
        }
    }
}

/// What one step may contain besides its time.
const ACTIONS: &str =
    "event, acknowledge, outcome, silence, patient, probe, cuff, monitor, program or skip_min";

impl Step {
    /// When it happens, in ms after the beginning.
    pub(super) fn at_ms(&self) -> Result<i64, String> {
        match (self.at_s, self.at_min) {
            (Some(at_s), None) => Ok(at_s.ms()),
            (None, Some(at_min)) => Ok(at_min.seconds() * 1000),
            _ => Err("a step has either at_s (seconds) or at_min (minutes)".to_owned()),
        }
    }

    pub(super) fn by(&self) -> Option<&str> {
        self.by.as_deref()
    }

    pub(super) fn action(self) -> Result<Action, String> {
        let mut actions = [
            self.event.map(Action::Event),
            self.acknowledge.map(Action::Acknowledge),
            self.outcome.map(Action::Outcome),
            self.silence.map(Action::Silence),
            self.patient.map(Action::Patient),
            self.probe.map(Action::Probe),
            self.cuff.map(Action::Cuff),
            self.monitor.map(Action::Monitor),
            self.program.map(Action::Program),
            self.skip_min.map(Action::Skip),
        ]
        .into_iter()
        .flatten();
        match (actions.next(), actions.next()) {
            (Some(action), None) => Ok(action),
            (first, _) => {
                let found = if first.is_some() { "several" } else { "nothing" };
                Err(format!("a step has exactly one of {ACTIONS}, got {found}"))
            }
        }
    }
}
