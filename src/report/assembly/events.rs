//! What staff did, as the record lists it.

use super::done::{Done, Listed, listed_after};
use super::kept::{Gate, MOST_EVENTS, MOST_OTHERS};
use super::{Assembly, Noted};
use crate::gates::Step;
use crate::report::{Correction, RecordedEvent, RecordedStaff, WithdrawnEntry};
use crate::room::{Event, Input, ListedType, Phase, Session, ShownEvent, event_words};
use crate::vitals::Millis;

impl Assembly {
    /// Notes the state of the gates that a line passes, before the line changes it.
    pub(super) fn before(&mut self, input: &Input, at: Millis) {
        let Input::Staff { event, .. } = input else { return };
        let passes = matches!(
            event,
            Event::Start { .. }
                | Event::Spray(_)
                | Event::Discharge { .. }
                | Event::Abort { .. }
                | Event::Transfer { .. }
        );
        if !passes {
            return;
        }
        let Some(room) = &mut self.room else { return };
        // As it is at this time, not as it was at the last line.
        let mut room = room.clone();
        room.advance(at.max(room.now()));
        for gate in room.gates() {
            self.kept.gates.insert(gate.step, Gate(gate));
        }
    }

    /// Who did what with this line.
    pub(super) fn after(&mut self, input: &Input, at: Millis, noted: Option<Noted>) {
        match input {
            Input::Staff { staff, event, occurred_at } => {
                self.staff_acts(staff, at);
                let done_at = occurred_at.map_or(at, |earlier| earlier.min(at));
                self.note_done(staff, event, (done_at, at));
            }
            Input::Acknowledge { staff, alert } => {
                self.staff_acts(staff, at);
                let id = self.alert_id(alert);
                self.kept.alerts.took(&id, staff, at);
            }
            Input::Silence { staff, alert, seconds } => {
                self.staff_acts(staff, at);
                let id = self.alert_id(alert);
                self.kept.alerts.silenced(&id, staff, at, *seconds);
            }
            Input::Outcome { staff, alert, outcome } => {
                self.staff_acts(staff, at);
                let id = self.alert_id(alert);
                let note = noted.and_then(|noted| noted.note);
                self.kept.alerts.came_of(&id, (*outcome, note), (staff, at));
            }
            Input::Received { alert } => {
                let id = self.alert_id(alert);
                self.kept.alerts.received(&id, at);
            }
            Input::Receipts(receipts) => {
                for receipt in receipts {
                    let id = self.alert_id(&receipt.alert);
                    self.kept.alerts.shown_on(&id, receipt);
                }
            }
            Input::Open(opening) => self.staff_acts(&opening.staff, at),
            _ => {}
        }
    }

    fn staff_acts(&mut self, by: &str, at: Millis) {
        if by.is_empty() {
            return;
        }
        if let Some(known) = self.kept.staff.iter_mut().find(|known| known.by == by) {
            known.acts += 1;
            return;
        }
        let new = RecordedStaff { by: by.to_owned(), first_at: at, acts: 1 };
        self.kept.keep(|kept| &mut kept.staff, MOST_OTHERS, "staff", new);
    }

    fn note_done(&mut self, by: &str, event: &Event, (at, entered_at): (Millis, Millis)) {
        let session = self.room.as_ref().and_then(|room| room.session()).or(self.session.as_ref());
        let Some(session) = session else { return };
        if let Event::Correct { event: n, reason } = event {
            let is_withdrawn = listed(session, *n).is_some_and(|listed| listed.withdrawn.is_some());
            let kept = &mut self.kept;
            let entry = kept.events.iter_mut().rev().find(|entry| {
                entry.n == *n && entry.kind != ListedType::Task && entry.withdrawn.is_none()
            });
            if let (true, Some(entry)) = (is_withdrawn, entry) {
                let withdrawn =
                    WithdrawnEntry { by: by.to_owned(), at: entered_at, reason: reason.clone() };
                entry.withdrawn = Some(withdrawn);
                let correction = Correction {
                    at: entered_at,
                    by: by.to_owned(),
                    of: entry.at,
                    original: entry.text.clone(),
                    now: None,
                    pressure: None,
                    reason: reason.clone(),
                };
                if let Some(done) = kept.done.iter_mut().rev().find(|done| done.n == *n) {
                    done.is_withdrawn = true;
                }
                kept.keep(|kept| &mut kept.corrections, MOST_OTHERS, "corrections", correction);
            }
            return;
        }
        let Some(entry) = newest(session, event) else { return };
        let done = Done {
            n: entry.n,
            at,
            entered_at,
            by: by.to_owned(),
            event: event.clone(),
            is_withdrawn: false,
        };
        self.kept.keep(|kept| &mut kept.done, MOST_EVENTS, "events", done);
    }

    /// Lists what is new in the session's list, with all of its words.
    pub(super) fn note_events(&mut self, input: Option<&Input>) {
        let Some(session) = &self.session else { return };
        let new: Vec<ShownEvent> =
            listed_after(&session.events, self.kept.last_listed.as_ref()).to_vec();
        let Some(last) = new.last() else { return };
        self.kept.last_listed = Some(Listed::of(last));
        let said = match input {
            Some(Input::Staff { event, .. }) => Some(event),
            _ => None,
        };
        for shown in new {
            let is_it = said.filter(|event| shown.kind == ListedType::Event(event.event_type()));
            let whole = is_it.and_then(|event| self.words(event));
            let ShownEvent { n, at, kind, by, text, values, withdrawn } = shown;
            let withdrawn = withdrawn.map(|w| WithdrawnEntry { by: w.by, at: w.at, reason: None });
            let entered_at = if is_it.is_some() { self.at } else { at };
            let text = whole.unwrap_or(text);
            let event = RecordedEvent { n, at, entered_at, kind, by, text, values, withdrawn };
            self.kept.keep(|kept| &mut kept.events, MOST_EVENTS, "events", event);
        }
    }

    /// All words of an event: screens are only sent the first of them.
    fn words(&self, event: &Event) -> Option<String> {
        let session = self.session.as_ref()?;
        let accepted = match event {
            // What was left out is what the room had measured.
            Event::AcceptBaseline(_) => return None,
            event => event,
        };
        event_words(accepted, &session.treatment, &self.profile)
    }

    /// Notes the gates that are still ahead, the next one included.
    pub(super) fn note_gates(&mut self) {
        let Some(room) = &self.room else { return };
        for gate in room.gates() {
            self.kept.gates.insert(gate.step, Gate(gate));
        }
    }
}

/// The entry that an event made.
fn newest<'a>(session: &'a Session, event: &Event) -> Option<&'a ShownEvent> {
    let kind = ListedType::Event(event.event_type());
    session.events.iter().rev().find(|listed| listed.kind == kind)
}

fn listed(session: &Session, n: u32) -> Option<&ShownEvent> {
    session.events.iter().find(|listed| listed.n == n && listed.kind != ListedType::Task)
}

/// The gate that an event passes, given the phase in which it is done.
pub(super) fn step_of(event: &Event, phase: Phase) -> Option<Step> {
    Some(match event {
        Event::CheckIn(_) => Step::CheckIn,
        Event::Screening(_) => Step::Screening,
        Event::AcceptBaseline(_) => Step::Baseline,
        Event::Start { .. } => Step::Start,
        Event::Spray(_) if phase != Phase::Recovery => Step::Start,
        Event::Discharge { .. } => Step::Discharge,
        _ => return None,
    })
}
