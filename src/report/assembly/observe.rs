//! Finds what is new in the room after a line.

use super::Assembly;
use super::kept::{MOST_EVENTS, MOST_OTHERS, MOST_PRESSURES, MOST_SAMPLES};
use super::signal::Sample;
use crate::report::{
    Correction, LimitChange, LimitSet, PhaseSpan, PressureSource, RecordedDevice, RecordedPressure,
};
use crate::room::{Input, Room};
use crate::rules::{CuffReading, Origin};
use crate::vitals::{Pressure, Revision, SessionId, Vital};

impl Assembly {
    /// What was heard before the session does not belong to it.
    pub(super) fn prime(&mut self) {
        let Some(room) = &self.room else { return };
        for latest in room.latest() {
            let sample = Sample::of(latest, room.now(), false);
            self.kept.samples.entry(latest.vital).or_default().last = sample;
        }
    }

    /// What is open in a state that was not reached by playing: it was raised before the state,
    /// while nothing was recorded, or before the patient came to this room.
    pub(super) fn note_open_alerts(&mut self) {
        let Some(room) = &self.room else { return };
        for alert in room.alerts().iter().filter(|alert| alert.is_open() && !alert.is_past()) {
            self.kept.alerts.refresh(alert);
        }
    }

    /// Takes in what the room knows now. `is_changed` when something of the session is new.
    pub(super) fn observe(&mut self, input: Option<&Input>, is_changed: bool) {
        if let Some(session) = self.room.as_ref().and_then(Room::session) {
            let is_of_this = self.session.as_ref().is_none_or(|known| known.id == session.id);
            if !is_of_this {
                return;
            }
            self.session = Some(session.clone());
            self.note_room();
        }
        self.note_events(input);
        self.note_phase(input);
        if self.kept.ended_at.is_some() {
            return;
        }
        self.note_samples();
        if let Some(room) = &self.room {
            self.kept.extremes.note(room);
        }
        self.note_pressures(input);
        self.note_device(input);
        let is_frame = matches!(input, Some(Input::Frame(_)));
        if is_changed || !is_frame {
            self.note_limits();
        }
    }

    fn note_phase(&mut self, input: Option<&Input>) {
        let Some(session) = &self.session else { return };
        let by = match input {
            Some(Input::Staff { staff, .. }) => staff.clone(),
            Some(Input::Open(opening)) => opening.staff.clone(),
            _ => String::new(),
        };
        let last = self.kept.phases.last_mut();
        let is_known = last.as_ref().is_some_and(|last| last.phase == session.phase);
        if is_known {
            return;
        }
        if let Some(last) = last {
            last.to = Some(session.phase_since);
        }
        let (phase, from) = (session.phase, session.phase_since);
        let span = PhaseSpan { phase, from, to: None, by };
        self.kept.keep(|kept| &mut kept.phases, MOST_EVENTS, "phases", span);
    }

    fn note_samples(&mut self) {
        let Some(room) = &self.room else { return };
        let is_measuring = room.cuff_measuring_since().is_some();
        for latest in room.latest().iter().filter(|latest| latest.vital != Vital::Nibp) {
            let Some(sample) = Sample::of(latest, room.now(), is_measuring) else { continue };
            let known = self.kept.samples.entry(latest.vital).or_default();
            match known.last {
                // It has only grown old.
                Some(last) if last.at == sample.at && latest.is_stale(room.now()) => continue,
                Some(last) if last.at == sample.at && last.said == sample.said => continue,
                Some(last) if last.at == sample.at => {
                    known.last = Some(sample);
                    if let Some(newest) = known.all.last_mut().filter(|it| it.at == sample.at) {
                        *newest = sample;
                    }
                    continue;
                }
                _ => known.last = Some(sample),
            }
            if known.all.len() < MOST_SAMPLES {
                known.all.push(sample);
            } else if !self.kept.too_many.contains(&"readings") {
                self.kept.too_many.push("readings");
            }
        }
    }

    /// From the oldest pressure that it knows on, the room knows every pressure there is: one that
    /// was corrected has its new numbers, and one that was taken back is gone.
    fn note_pressures(&mut self, input: Option<&Input>) {
        let may_be = match input {
            Some(Input::Frame(frame)) => frame.readings.iter().any(|r| r.vital == Vital::Nibp),
            _ => true,
        };
        let (true, Some(room), Some(session)) = (may_be, &self.room, &self.session) else {
            return;
        };
        let is_of_session = |reading: &&CuffReading| reading.measured_at >= session.opened_at;
        let now: Vec<RecordedPressure> = room
            .cuff_readings()
            .filter(is_of_session)
            .map(|reading| recorded(reading, |n| self.who_entered(n)))
            .collect();
        let by = corrected_by(input, room.session().map(|session| &session.id));
        let Some(oldest) = now.iter().map(|reading| reading.at).min() else {
            let taken_back = (self.kept.pressures.len() == 1).then(|| self.kept.pressures.pop());
            if let Some(original) = taken_back.flatten() {
                self.correct(&original, None, by);
            }
            return;
        };
        let known = std::mem::take(&mut self.kept.pressures);
        for original in &known {
            let same = now.iter().find(|n| n.at == original.at && n.source == original.source);
            match same {
                Some(same) if numbers(same) != numbers(original) => {
                    self.correct(original, Some(same), by.clone());
                }
                None if original.at >= oldest => self.correct(original, None, by.clone()),
                _ => {}
            }
        }
        let mut all: Vec<_> = known.into_iter().filter(|known| known.at < oldest).collect();
        all.extend(now);
        all.sort_by_key(|pressure| pressure.at);
        if all.len() > MOST_PRESSURES {
            all.remove(0);
            if !self.kept.too_many.contains(&"pressures") {
                self.kept.too_many.push("pressures");
            }
        }
        self.kept.pressures = all;
    }

    fn correct(
        &mut self,
        original: &RecordedPressure,
        now: Option<&RecordedPressure>,
        by: Option<String>,
    ) {
        let correction = Correction {
            at: self.at,
            by: by.unwrap_or_default(),
            of: original.at,
            original: format!("BP {}", numbers(original)),
            now: now.map(|now| format!("BP {}", numbers(now))),
            pressure: Some(original.clone()),
            reason: None,
        };
        self.kept.keep(|kept| &mut kept.corrections, MOST_OTHERS, "corrections", correction);
    }

    fn who_entered(&self, n: u32) -> String {
        let entered = self.kept.done.iter().rev().find(|done| done.n == n);
        entered.map_or_else(String::new, |done| done.by.clone())
    }

    fn note_device(&mut self, input: Option<&Input>) {
        let Some(Input::Frame(frame)) = input else { return };
        let at = self.at;
        let known = self.kept.devices.iter_mut().find(|known| known.device == frame.device);
        if let Some(known) = known {
            known.last_at = at;
            known.frames += 1;
            return;
        }
        let device =
            RecordedDevice { device: frame.device.clone(), first_at: at, last_at: at, frames: 1 };
        self.kept.keep(|kept| &mut kept.devices, MOST_OTHERS, "devices", device);
    }

    fn note_limits(&mut self) {
        let Some(room) = &self.room else { return };
        let Some(session) = room.session() else { return };
        self.profile = std::sync::Arc::new(room.profile().clone());
        let set = LimitSet {
            from: self.at.max(session.opened_at),
            caution: room.limits_at(1),
            urgent: room.limits_at(2),
            extreme: room.limits_at(3),
        };
        let last = self.kept.limits.last();
        let is_new = last.is_none_or(|last| LimitSet { from: set.from, ..*last } != set);
        let changes = self.limit_changes();
        if is_new {
            self.kept.keep(|kept| &mut kept.limits, MOST_OTHERS, "limits", set);
        }
        for change in changes {
            self.kept.keep(|kept| &mut kept.limit_changes, MOST_OTHERS, "limits", change);
        }
    }

    /// What is new in the patient's own limits.
    fn limit_changes(&mut self) -> Vec<LimitChange> {
        let (Some(session), at) = (&self.session, self.at) else { return Vec::new() };
        let before = std::mem::replace(&mut self.kept.personal, session.personal.clone());
        let text = |condition| {
            self.profile
                .row(condition)
                .map_or_else(|| condition.name().to_owned(), |row| row.text.clone())
        };
        let mut changes = Vec::new();
        for own in session.personal.iter().filter(|own| !before.contains(own)) {
            changes.push(LimitChange {
                at: own.at,
                by: own.by.clone(),
                prescriber: own.prescriber.clone(),
                condition: own.condition,
                text: text(own.condition),
                limits: Some(own.limits),
                reason: session.reasons.get(&own.condition).cloned().unwrap_or_default(),
                follows_baseline: own.follows_baseline,
            });
        }
        for gone in before {
            if session.personal.iter().all(|own| own.condition != gone.condition) {
                let by = self.kept.done.last().map(|done| done.by.clone()).unwrap_or_default();
                changes.push(LimitChange {
                    at,
                    by,
                    prescriber: None,
                    condition: gone.condition,
                    text: text(gone.condition),
                    limits: None,
                    reason: String::new(),
                    follows_baseline: gone.follows_baseline,
                });
            }
        }
        changes
    }
}

fn recorded(reading: &CuffReading, who: impl Fn(u32) -> String) -> RecordedPressure {
    let CuffReading { at, measured_at, pressure, origin } = reading;
    let Pressure { systolic, diastolic, mean } = *pressure;
    let source = match origin {
        Origin::Monitor { device, .. } => PressureSource::Monitor { device: device.clone() },
        Origin::Entry(n) => PressureSource::ByHand { by: who(*n), n: *n },
        Origin::Unknown => PressureSource::Unknown,
    };
    RecordedPressure { at: *measured_at, heard_at: *at, systolic, diastolic, mean, source }
}

pub(super) fn numbers(pressure: &RecordedPressure) -> Pressure {
    let RecordedPressure { systolic, diastolic, mean, .. } = *pressure;
    Pressure { systolic, diastolic, mean }
}

/// The person who changed a pressure with this line.
fn corrected_by(input: Option<&Input>, _: Option<&SessionId>) -> Option<String> {
    match input? {
        Input::Staff { staff, .. } => Some(staff.clone()),
        Input::Frame(frame) => {
            let is_it = frame.readings.iter().any(|r| r.revision != Revision::New);
            Some(format!("{}{}", if is_it { "monitor " } else { "" }, frame.device))
        }
        _ => None,
    }
}
