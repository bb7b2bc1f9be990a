//! What a gate is judged by, as the room knows it, and why staff are refused (clinical.md#gates).

use super::alert::AlertState;
use super::treatment::Waived;
use super::{Authority, Event, Phase, Refused, Room, Session};
use crate::gates::{
    ActiveUrgent, Extremes, Facts, GateState, Override, Paper, Paperwork, Signed, Statement, Step,
    SymptomTime, WaivedBy,
};
use crate::rules::{ContinuousVital, Kind, Priority};
use crate::vitals::{Millis, Pressure};

/// The room with the paperwork as it would be.
struct View<'a> {
    room: &'a Room,
    session: &'a Session,
    paperwork: &'a Paperwork,
    /// The time of the act that is judged: what it was done at, not when a monitor last spoke.
    at: Millis,
}

impl Facts for View<'_> {
    fn now(&self) -> Millis {
        self.at
    }

    fn started_at(&self) -> Option<Millis> {
        self.session.started_at
    }

    fn stopped_at(&self) -> Option<Millis> {
        (self.session.phase == Phase::Recovery).then_some(self.session.phase_since)
    }

    fn baseline_pressure(&self) -> Option<Pressure> {
        let baseline = self.session.baseline?;
        baseline.systolic?;
        let (systolic, diastolic) = (baseline.systolic, baseline.diastolic);
        Some(Pressure { systolic, diastolic, mean: None })
    }

    fn baseline_of(&self, vital: ContinuousVital) -> Option<f64> {
        self.room.patient().baseline_of(vital)
    }

    fn pressures(&self) -> Vec<(Millis, Pressure)> {
        self.room.stay.cuff.by_time()
    }

    fn extremes(&self, vital: ContinuousVital, for_s: u32) -> Option<Extremes> {
        let from = self.at.plus(-i64::from(for_s) * 1_000);
        let (lowest, highest) = self.room.history(vital).extremes_since(from)?;
        Some(Extremes { lowest, highest })
    }

    fn good_s(&self, vital: ContinuousVital, for_s: u32) -> u32 {
        let from = self.at.plus(-i64::from(for_s) * 1_000);
        self.room.history(vital).good_s_since(from)
    }

    fn symptom(&self, name: &str) -> SymptomTime {
        self.session.symptom_time(name)
    }

    fn score(&self, name: &str) -> Option<(i32, Signed)> {
        let given = self.session.scores.iter().find(|given| given.score == name)?;
        Some((given.value, Signed { by: self.session.who_scored(given), at: given.at }))
    }

    fn ticked(&self, item: &str) -> Option<Signed> {
        self.paperwork.ticked(item)
    }

    fn answered(&self, item: &str) -> Option<(bool, Signed)> {
        self.paperwork.answered(item)
    }

    fn reviewed(&self) -> Option<Signed> {
        self.paperwork.reviewed()
    }

    fn stated(&self, what: Statement, item: &str) -> Option<(String, Signed)> {
        self.paperwork.stated(what, item)
    }

    fn hold(&self) -> Option<(String, WaivedBy)> {
        self.room.hold_of_start()
    }

    fn urgent_alerts(&self) -> (usize, usize) {
        let urgent = || self.room.urgent_of(self.session);
        (urgent().filter(|alert| alert.outcome.is_some()).count(), urgent().count())
    }

    fn active_urgent(&self) -> Option<ActiveUrgent> {
        let urgent = self.room.urgent_of(self.session);
        let active = urgent.filter(|alert| alert.state == AlertState::Active);
        let active = active.map(|alert| ActiveUrgent {
            text: alert.text.clone(),
            is_physiological: alert.condition.kind() == Kind::Physiological,
        });
        active.reduce(|first, other| if first.is_physiological { first } else { other })
    }
}

/// What staff are at when they do this, and what they give as a reason.
fn step_of(event: &Event, phase: Phase) -> Option<(Step, Option<&Override>)> {
    Some(match event {
        Event::CheckIn(stated) if phase == Phase::CheckedIn && !stated.is_empty() => {
            (Step::CheckIn, stated.overrides.as_ref())
        }
        Event::Screening(answered) if phase == Phase::Screening => {
            (Step::Screening, answered.overrides.as_ref())
        }
        Event::AcceptBaseline(given) if phase.is_before_start() => {
            (Step::Baseline, given.overrides.as_ref())
        }
        Event::Start { overrides } => (Step::Start, overrides.as_ref()),
        Event::Spray(spray) if phase.is_before_start() => (Step::Start, spray.overrides.as_ref()),
        Event::Discharge { overrides } => (Step::Discharge, overrides.as_ref()),
        _ => return None,
    })
}

fn may_waive(authority: Authority, waived_by: WaivedBy) -> bool {
    match waived_by {
        WaivedBy::Nurse => true,
        WaivedBy::Lead => authority >= Authority::Lead,
        WaivedBy::Prescriber => authority >= Authority::Prescriber,
        WaivedBy::Nobody => false,
    }
}

/// Something that a gate misses.
struct Unmet {
    text: String,
    /// The text with what is there or missing.
    line: String,
    waived_by: WaivedBy,
    is_hold: bool,
}

impl Room {
    /// Urgent alerts of this session.
    fn urgent_of<'a>(&'a self, session: &'a Session) -> impl Iterator<Item = &'a super::Alert> {
        self.alarms.alerts.iter().filter(|alert| {
            alert.priority == Priority::High && alert.session.as_ref() == Some(&session.id)
        })
    }

    /// What the gate before this event would miss.
    fn unmet_for(&self, step: Step, event: &Event, at: Millis) -> Vec<Unmet> {
        let (Some(session), Some(gate)) = (&self.stay.session, self.stay.profile.gate(step)) else {
            return Vec::new();
        };
        let mut paperwork = session.treatment.paperwork.clone();
        let paper = match event {
            Event::CheckIn(stated) => Some(Paper::CheckIn(stated.clone())),
            Event::Screening(answered) => Some(Paper::Screening(answered.clone())),
            _ => None,
        };
        if let Some(paper) = paper {
            paperwork.add(u32::MAX, "", at, paper);
        }
        let view = View { room: self, session, paperwork: &paperwork, at };
        let unmet = gate.unmet(&view, paperwork.has_begun());
        let of = |(item, state): (&crate::gates::Item, crate::gates::ItemState)| Unmet {
            text: item.text.clone(),
            line: match state.detail.is_empty() {
                true => item.text.clone(),
                false => format!("{}: {}", item.text, state.detail),
            },
            waived_by: item.waived_by(&view),
            is_hold: item.is_hold(),
        };
        unmet.into_iter().map(of).collect()
    }

    /// Why a gate does not let staff do this: everything that is missing.
    pub(super) fn refusal_at_gate(
        &self,
        event: &Event,
        authority: Authority,
        at: Millis,
    ) -> Option<Refused> {
        let phase = self.phase()?;
        let (step, overrides) = step_of(event, phase)?;
        let unmet = self.unmet_for(step, event, at);
        let has_reason = overrides.is_some_and(|given| !given.reason.trim().is_empty());
        let first = unmet.iter().max_by_key(|missing| missing.waived_by)?;
        if has_reason && may_waive(authority, first.waived_by) {
            return None;
        }
        let why = match unmet.len() {
            1 => format!("{}.", unmet[0].line),
            count => format!("{count} items are open."),
        };
        let how = match first.waived_by {
            WaivedBy::Nobody => format!("Nobody can go on without: {}.", first.text),
            waived_by if may_waive(authority, waived_by) => {
                "To go on all the same, give a reason (override).".to_owned()
            }
            WaivedBy::Lead => "A prescriber or a nurse lead may go on all the same, with a reason \
                               (override)."
                .to_owned(),
            _ => "A prescriber may go on all the same, with a reason (override).".to_owned(),
        };
        let why = format!("{why} {how}");
        Some(Refused { why, unmet: unmet.into_iter().map(|missing| missing.line).collect() })
    }

    /// Whether somebody starts with a reason although the accepted pressure, or the last one, is
    /// one to wait with. In a profile without a gate any reason was about that.
    pub(super) fn is_high_baseline_overridden(&self, event: &Event, at: Millis) -> bool {
        let Some((Step::Start, Some(_))) = self.phase().and_then(|phase| step_of(event, phase))
        else {
            return false;
        };
        if !self.start_waits().is_empty() {
            return false;
        }
        let baseline = self.stay.session.as_ref().and_then(|session| session.baseline);
        let is_high = baseline.is_some_and(|baseline| {
            let (systolic, diastolic) = (baseline.systolic, baseline.diastolic);
            self.is_held_pressure(&Pressure { systolic, diastolic, mean: None })
        });
        let has_gate = self.stay.profile.gate(Step::Start).is_some();
        !has_gate || is_high || self.unmet_for(Step::Start, event, at).iter().any(|u| u.is_hold)
    }

    /// What an event that has happened goes on without.
    pub(super) fn waived_by_event(
        &self,
        event: &Event,
        (by, at): (&str, Millis),
    ) -> Option<Waived> {
        let (step, overrides) = step_of(event, self.phase()?)?;
        let reason = overrides?.reason.clone();
        let unmet = self.unmet_for(step, event, at);
        let items: Vec<String> = unmet.into_iter().map(|missing| missing.text).collect();
        let waived = Waived { step, items, reason, by: by.to_owned(), at };
        (!waived.items.is_empty()).then_some(waived)
    }

    /// The gates that are ahead, each item as it was when something was last judged: what every
    /// screen has.
    #[must_use]
    pub fn gates(&self) -> Vec<GateState> {
        let Some(session) = &self.stay.session else { return Vec::new() };
        let paperwork = &session.treatment.paperwork;
        let view = View { room: self, session, paperwork, at: self.judged_at.0 };
        let is_ahead = |step: Step| match step {
            Step::CheckIn | Step::Screening | Step::Baseline | Step::Start => {
                session.phase.is_before_start()
            }
            Step::Discharge => session.phase == Phase::Recovery,
        };
        // Until check-in it is open whether the paperwork is kept here.
        let has_paperwork = paperwork.has_begun() || session.phase == Phase::CheckedIn;
        let ahead = self.stay.profile.gates.iter().filter(|gate| is_ahead(gate.step));
        ahead.map(|gate| gate.state(&view, has_paperwork)).collect()
    }

    /// The gates ahead as staff read them, as one number (FNV-1a): screens get them anew when it
    /// changes.
    pub(super) fn shown_gates(&self) -> u64 {
        let mut known = 0xcbf2_9ce4_8422_2325_u64;
        let mut add = |bytes: &[u8]| {
            for byte in bytes {
                known = (known ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
            }
        };
        for item in self.gates().iter().flat_map(|gate| &gate.items) {
            add(item.detail.as_bytes());
            add(&[0xff, u8::from(item.met)]);
            item.values.iter().for_each(|value| add(value.text.as_bytes()));
        }
        known
    }

    /// When an item is met, or reads otherwise, although nothing happens.
    pub(super) fn gate_deadline(&self) -> Option<Millis> {
        let gates = self.gates();
        let items = gates.iter().flat_map(|gate| &gate.items);
        let deadlines = items.flat_map(|item| [item.until, item.again_at]).flatten();
        deadlines.filter(|at| *at > self.now).min()
    }

    /// The phase as staff see it: a baseline with a reason to wait is held, and a recovery of which
    /// nothing is missing is ready to leave.
    #[must_use]
    pub fn shown_phase(&self) -> Option<Phase> {
        let phase = self.phase()?;
        Some(match phase {
            Phase::Baseline | Phase::Ready if self.hold_of_start().is_some() => Phase::Held,
            Phase::Recovery => {
                let gates = self.gates();
                let is_met = gates.iter().all(|gate| gate.items.iter().all(|item| item.met));
                if is_met && !gates.is_empty() { Phase::ReadyToLeave } else { phase }
            }
            phase => phase,
        })
    }

    /// How long a further spray device, given at this time, must wait. One that is entered after a
    /// later one was is as far from that.
    pub(super) fn refusal_of_spray(&self, is_overridden: bool, at: Millis) -> Option<Refused> {
        let session = self.stay.session.as_ref()?;
        let apart_s = self.stay.profile.dose.as_ref()?.sprays?.apart_s;
        let doses = session.treatment.doses.doses().map(|(given, _)| given);
        let nearest = doses.min_by_key(|given| at.since(*given).abs())?;
        let apart_ms = at.since(nearest);
        if apart_ms.abs() / 1_000 >= i64::from(apart_s) || is_overridden {
            return None;
        }
        let minutes = apart_s / 60;
        let when = if apart_ms >= 0 {
            let wait_s = i64::from(apart_s) - apart_ms / 1_000;
            format!("the next one in {}:{:02} min.", wait_s / 60, wait_s % 60)
        } else {
            format!("another one was given {} s after this time.", -apart_ms / 1_000)
        };
        Some(Refused {
            why: format!("Devices are {minutes} min apart: {when}"),
            unmet: vec![format!("{minutes} min since the last device")],
        })
    }
}
