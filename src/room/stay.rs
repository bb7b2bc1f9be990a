//! One patient's time in the room: what they are judged by
//! (design.md#one-patient-after-another).
//!
//! A room always has a stay, also while no session runs in it: somebody may be connected, and is
//! judged by the clinic's limits with histories like anybody's. So the stay is not optional; its
//! session is. Staff who open a session say who is there: the stay goes on with the session, so
//! that an alert or a first reading from a moment before is not lost. When the session ends, the
//! stay is dropped whole and another one begins, of which nothing is known ([`super::afterlife`]).
//! Nothing here is ever reset field by field.

use std::collections::VecDeque;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::by_hand::ByHand;
use super::inflation::Inflation;
use super::pulse_gate::PulseGate;
use super::recurring::Recurring;
use super::start_wait::Fall;
use super::tasks::{Tasks, Why};
use super::{Event, Opening, Output, Room, Session};
use crate::profile::Profile;
use crate::rules::{Condition, ContinuousVital, CuffReadings, Histories};
use crate::vitals::{DeviceId, Millis, Pressure, moved};

/// Everything that judges the patient who is in the room now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Stay {
    /// The session, as far as alarms need it; `None` while nobody has checked in.
    pub(super) session: Option<Session>,
    /// The profile whose limits apply: the session's, otherwise the clinic's.
    pub(super) profile: Arc<Profile>,
    pub(super) histories: Histories,
    pub(super) cuff: CuffReadings,
    /// When the cuff hides this patient's finger clip, and how often it failed on this arm.
    pub(super) inflation: Inflation,
    pub(super) pulse_gate: PulseGate,
    /// What staff have measured, so that it can be withdrawn; the newest last.
    pub(super) by_hand: VecDeque<ByHand>,
    /// Readings whose age is not known until the clock of their monitor is settled, at most one for
    /// each monitor.
    pub(super) waiting_cuffs: Vec<WaitingCuff>,
    /// When conditions became active.
    pub(super) recurring: Recurring,
    pub(super) tasks: Tasks,
    /// What the start waits for after a fall, at most one for each condition.
    pub(super) falls: Vec<Fall>,
    /// When a monitor's stream stopped, the newest last.
    pub(super) drops: VecDeque<Millis>,
    /// When an impossible value was refused, the newest last.
    pub(super) refusals: VecDeque<Millis>,
    /// Monitors whose loss has been alerted.
    pub(super) known_lost: Vec<DeviceId>,
    /// The number of the session's last alert.
    pub(super) numbered: u32,
}

moved!(Stay {
    moves: session, histories, cuff, inflation, pulse_gate, by_hand, recurring, tasks, falls, drops,
        refusals;
    stays: profile, waiting_cuffs, known_lost, numbered
});

/// A cuff reading whose age is not known yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct WaitingCuff {
    pub(super) device: DeviceId,
    /// Its own time, or the time of its frame, by the clock of the device.
    pub(super) own: Millis,
    pub(super) pressure: Pressure,
}

impl Stay {
    /// A stay of somebody of whom nothing is known.
    pub(super) fn new(profile: Arc<Profile>) -> Self {
        Self {
            session: None,
            profile,
            histories: Histories::default(),
            cuff: CuffReadings::default(),
            inflation: Inflation::default(),
            pulse_gate: PulseGate::default(),
            by_hand: VecDeque::new(),
            waiting_cuffs: Vec::new(),
            recurring: Recurring::default(),
            tasks: Tasks::default(),
            falls: Vec::new(),
            drops: VecDeque::new(),
            refusals: VecDeque::new(),
            known_lost: Vec::new(),
            numbered: 0,
        }
    }

    /// A monitor was not on this patient: what it gave of these vitals no longer counts.
    pub(super) fn forget_monitor(
        &mut self,
        device: &DeviceId,
        vitals: impl Iterator<Item = ContinuousVital>,
    ) {
        vitals.for_each(|vital| *self.histories.of_mut(vital) = Default::default());
        self.pulse_gate = PulseGate::default();
        self.waiting_cuffs.retain(|waiting| waiting.device != *device);
        self.known_lost.retain(|lost| lost != device);
    }

    pub(super) fn waiting_cuff(&self, device: &DeviceId) -> Option<&WaitingCuff> {
        self.waiting_cuffs.iter().find(|waiting| waiting.device == *device)
    }

    /// Replaces the reading that waits for the clock of this monitor; `None` when none waits any
    /// more.
    pub(super) fn wait_for_clock(
        &mut self,
        device: &DeviceId,
        reading: Option<(Millis, Pressure)>,
    ) {
        self.waiting_cuffs.retain(|waiting| waiting.device != *device);
        let waiting = reading.map(|(own, pressure)| {
            let device = device.clone();
            WaitingCuff { device, own, pressure }
        });
        self.waiting_cuffs.extend(waiting);
    }
}

impl Room {
    pub(super) fn open(&mut self, opening: &Opening) {
        if self.stay.session.is_some() {
            self.end_stay();
        }
        self.stay.session = Some(Session::open(opening, self.now));
        self.stay.cuff.begin_session();
        self.use_profile(opening.profile.clone());
        // What is already active belongs to this patient.
        let active = Condition::ALL.into_iter().filter(|condition| self.is_active(*condition));
        active.collect::<Vec<_>>().into_iter().for_each(|condition| self.note_fall(condition));
    }

    pub(super) fn use_profile(&mut self, profile: Arc<Profile>) {
        if self.stay.session.is_none() {
            self.clinic_profile = profile.clone();
        }
        self.stay.profile = profile;
        self.judge_anew();
        self.outputs.push_back(Output::Session);
    }

    pub(super) fn staff_event(&mut self, staff: &str, event: &Event, occurred_at: Millis) {
        let measured = self.measured_baseline();
        let profile = self.stay.profile.clone();
        let waited_for = self.start_waits().first().map(|waits| waits.wait.text.clone());
        let waived = self.waived_by_event(event, (staff, occurred_at));
        let is_high = self.is_high_baseline_overridden(event, occurred_at);
        let Some(session) = &mut self.stay.session else {
            return;
        };
        let was_known = match event {
            Event::Symptom { symptom, .. } => session.has_symptom(symptom),
            _ => false,
        };
        if let (Event::Start { overrides }, Some(text)) = (event, waited_for) {
            let how = if overrides.is_some() { "Overridden" } else { "Started before its end" };
            session.note(occurred_at, format!("{how}: {text}"));
        }
        // A high baseline was overridden: its limits follow.
        session.overridden |= is_high;
        if let Some(waived) = waived {
            session.treatment.waive(waived);
        }
        match event {
            Event::AcceptBaseline(given) => {
                let values = given.values().or(measured);
                let accepted = Event::AcceptBaseline(given.with(values));
                session.apply(staff, &accepted, occurred_at, &profile);
            }
            event => session.apply(staff, event, occurred_at, &profile),
        }
        if let Event::Move { with_monitor, .. } = event {
            let moving = self.move_out(*with_monitor);
            self.outputs.extend(moving.map(|moving| Output::MovedOut(Box::new(moving))));
            self.outputs.push_back(Output::Session);
            return;
        }
        if session.phase.has_ended() {
            let ended = self.end_stay();
            self.outputs.extend(ended.map(|session| Output::SessionEnded(Box::new(session))));
            return;
        }
        match event {
            Event::ManualVitals(vitals) => self.take_manual(vitals, occurred_at),
            Event::Symptom { symptom, over: false, .. } if !was_known => {
                self.judge_entries(Some(symptom));
            }
            Event::Symptom { .. } | Event::Score { .. } => self.judge_entries(None),
            Event::RateChange { .. } => self.want_reading_after_change(occurred_at),
            Event::BpNow {} => self.want_cuff_reading(Why::Asked, self.now),
            Event::Correct { event, .. } => self.entry_was_withdrawn(*event),
            Event::Note { .. } => {}
            _ => {
                if matches!(event, Event::Pause { .. } | Event::Resume {}) {
                    self.want_reading_after_change(occurred_at);
                }
                self.judge_anew();
            }
        }
        self.outputs.push_back(Output::Session);
    }
}
