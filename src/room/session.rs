//! One patient's session, as far as alarms need it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::entry::Entry;
use super::event::Event;
use super::event_words::words;
use super::limits;
use super::listed::{ListedType, SHOWN_EVENTS, ShownEvent};
use super::phase::Phase;
use super::treatment::Treatment;
use crate::profile::{Cadence, Profile, every_s};
use crate::rules::{Baseline, Condition, GivenScore, OpenSymptom, OwnLimits, PersonalLimits};
use crate::vitals::{Millis, SessionId, moved};

/// The most symptoms and scores of one patient that are kept.
pub(super) const MOST_ENTRIES: usize = 40;

/// One patient's session, as far as alarms need it. Who the patient is, is kept elsewhere.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// How far it is.
    pub phase: Phase,
    /// Since when.
    pub phase_since: Millis,
    /// When it began.
    pub opened_at: Millis,
    /// When it came to this room from another one; `None` while it is where it was opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub here_since: Option<Millis>,
    /// When the infusion first ran.
    pub started_at: Option<Millis>,
    /// How long was infused before `phase_since`, milliseconds.
    pub infused_ms: i64,
    /// Planned length of the infusion, seconds.
    pub planned_s: u32,
    /// Accepted by staff.
    pub baseline: Option<Baseline>,
    /// A slow heart or a low saturation was accepted as usual for this patient.
    pub known_low: bool,
    /// Staff went on although something spoke against it.
    pub overridden: bool,
    /// The patient's own limits, in the order of conditions.
    pub personal: Vec<PersonalLimits>,
    /// The reason for each of them.
    pub reasons: BTreeMap<Condition, String>,
    /// Symptoms that the patient has.
    pub symptoms: Vec<OpenSymptom>,
    /// The last of every score.
    pub scores: Vec<GivenScore>,
    /// What was done, oldest first.
    pub events: Vec<ShownEvent>,
    /// The number of what staff entered last.
    pub(super) counted_events: u32,
    /// Symptoms and scores as they were entered, oldest first.
    #[serde(default)]
    pub(super) entries: Vec<Entry>,
    /// What is given, and the paperwork.
    #[serde(default)]
    pub treatment: Treatment,
}

moved!(Session {
    moves: phase_since, opened_at, here_since, started_at, personal, symptoms, scores, events, entries,
        treatment;
    stays: id, phase, infused_ms, planned_s, baseline, known_low, overridden, reasons,
        counted_events
});

impl Session {
    pub(super) fn open(opening: &super::Opening, at: Millis) -> Self {
        let mut session = Self {
            id: opening.session.clone(),
            phase: opening.phase,
            phase_since: at,
            opened_at: at,
            here_since: None,
            started_at: None,
            infused_ms: 0,
            planned_s: opening.planned_s,
            baseline: None,
            known_low: false,
            overridden: false,
            personal: Vec::new(),
            reasons: BTreeMap::new(),
            symptoms: Vec::new(),
            scores: Vec::new(),
            events: Vec::new(),
            counted_events: 0,
            entries: Vec::new(),
            treatment: Treatment::default(),
        };
        session.list(ListedType::Open, &opening.staff, at, "Session opened".to_owned());
        session
    }

    /// From when on monitors and screens of the room belong to this patient.
    pub(super) fn here_since(&self) -> Millis {
        self.here_since.unwrap_or(self.opened_at)
    }

    /// Seconds between pressure readings, `at` this time and in this phase.
    #[must_use]
    pub fn cadence_s(&self, cadence: &Cadence, at: Millis) -> u32 {
        let (steps, from) = match self.phase {
            Phase::Infusing | Phase::Paused => {
                (&cadence.infusing, self.started_at.unwrap_or(self.phase_since))
            }
            Phase::Recovery => {
                let of_dose = cadence.recovery_from_start.then_some(self.started_at).flatten();
                (&cadence.recovery, of_dose.unwrap_or(self.phase_since))
            }
            _ => (&cadence.baseline, self.phase_since),
        };
        every_s(steps, at.since(from) / 1_000)
    }

    /// When the next pressure is due: the cadence after the later of the last one and the start
    /// of the phase, or a fixed time. Nothing is due before the baseline.
    #[must_use]
    pub fn next_nibp_due(&self, cadence: &Cadence, last: Option<Millis>) -> Option<Millis> {
        self.next_nibp(cadence, last).map(|(due, _)| due)
    }

    /// The same, with the length of the cadence behind it, milliseconds.
    pub(super) fn next_nibp(
        &self,
        cadence: &Cadence,
        last_nibp: Option<Millis>,
    ) -> Option<(Millis, i64)> {
        if self.phase == Phase::CheckedIn || self.phase.has_ended() {
            return None;
        }
        // A pause is no new phase for the cuff. Nobody can have missed a reading before the session
        // was opened here.
        let phase_since = match (self.phase, self.started_at) {
            (Phase::Infusing | Phase::Paused, Some(started)) => started,
            _ => self.phase_since,
        };
        let begun = phase_since.max(self.opened_at);
        let from = last_nibp.map_or(begun, |last| last.max(begun));
        let every_ms = i64::from(self.cadence_s(cadence, from)) * 1_000;
        let due = from.plus(every_ms);
        let fixed = self.started_at.into_iter().flat_map(|started| {
            cadence.fixed.iter().filter_map(move |fixed| {
                let at = started.plus(i64::from(fixed.at_s) * 1_000);
                let earliest = at.plus(-i64::from(fixed.early_s) * 1_000);
                last_nibp.is_none_or(|last| last < earliest).then_some(at)
            })
        });
        fixed.chain([due]).min().map(|due| (due, every_ms))
    }

    /// The number of the newest entry of staff.
    pub(super) fn last_entry(&self) -> u32 {
        self.counted_events
    }

    /// Applies an event that has happened, whatever the gates would have said.
    pub(super) fn apply(&mut self, staff: &str, event: &Event, at: Millis, profile: &Profile) {
        let was_before_start = self.phase.is_before_start();
        if let Some(phase) = event.leads_to(self.phase, profile) {
            if self.phase == Phase::Infusing {
                self.infused_ms += at.since(self.phase_since).max(0);
            }
            self.phase = phase;
            self.phase_since = at;
        }
        match event {
            Event::AcceptBaseline(acceptance) => {
                self.baseline = Some(acceptance.values());
                self.known_low = acceptance.known_low;
                self.overridden = acceptance.overrides.is_some();
            }
            Event::Start { .. } => self.started_at = self.started_at.or(Some(at)),
            Event::Spray(_) if was_before_start => self.started_at = self.started_at.or(Some(at)),
            Event::Symptom { .. } | Event::Score { .. } => self.enter(event, at, profile),
            Event::Correct { event, .. } => self.withdraw(*event, (staff, at), profile),
            Event::Limits { limits, reason, prescriber } => {
                for (condition, limits) in limits {
                    self.own_limits(*condition, *limits, reason, (prescriber.as_ref(), staff, at));
                }
            }
            _ => {}
        }
        // The number under which it is listed next.
        self.treatment.take(self.counted_events + 1, (staff, at), event, profile);
        if let Some(words) = words(event, &self.treatment, profile) {
            self.list(ListedType::Event(event.event_type()), staff, at, words);
        }
        if let (Event::ManualVitals(values), Some(listed)) = (event, self.events.last_mut()) {
            listed.values = Some(*values);
        }
        // The last device of the order has been given: recovery follows.
        if matches!(event, Event::Spray(_)) && self.treatment.is_sprayed() {
            self.infused_ms += at.since(self.phase_since).max(0);
            self.phase = Phase::Recovery;
            self.phase_since = at;
        }
        let may_override = matches!(event, Event::AcceptBaseline(_) | Event::Start { .. });
        if may_override {
            self.personal.retain(|personal| !personal.follows_baseline);
            self.reasons.retain(|condition, _| {
                self.personal.iter().any(|personal| personal.condition == *condition)
            });
            if let (true, Some(baseline)) = (self.overridden, self.baseline) {
                self.follow_the_high_baseline(&baseline, profile, (staff, at));
            }
        }
    }

    fn follow_the_high_baseline(
        &mut self,
        baseline: &Baseline,
        profile: &Profile,
        (staff, at): (&str, Millis),
    ) {
        for (condition, caution) in limits::overridden(profile, baseline) {
            let own = self.personal.iter_mut().find(|personal| personal.condition == condition);
            match own {
                // The patient's own limit takes precedence over one that only follows.
                Some(own) => own.limits.caution = own.limits.caution.or(Some(caution)),
                None => {
                    let own = OwnLimits { caution: Some(caution), ..OwnLimits::default() };
                    let reason = "The high baseline was overridden";
                    self.own_limits(condition, Some(own), reason, (None, staff, at));
                    if let Some(own) = self.personal.iter_mut().find(|p| p.condition == condition) {
                        own.follows_baseline = true;
                    }
                }
            }
        }
    }

    pub(super) fn has_symptom(&self, symptom: &str) -> bool {
        self.symptoms.iter().any(|open| open.symptom == symptom)
    }

    fn own_limits(
        &mut self,
        condition: Condition,
        limits: Option<OwnLimits>,
        reason: &str,
        (prescriber, by, at): (Option<&String>, &str, Millis),
    ) {
        let known = self.personal.iter().position(|personal| personal.condition == condition);
        let known = known.map(|index| self.personal.remove(index));
        self.reasons.remove(&condition);
        let Some(limits) = limits else { return };
        // What is left out stays as it was.
        let limits = known.as_ref().map_or(limits, |known| limits.or(known.limits));
        let known_prescriber = known.and_then(|known| known.prescriber);
        let prescriber = prescriber.cloned().or(known_prescriber);
        let by = by.to_owned();
        let follows_baseline = false;
        let personal = PersonalLimits { condition, limits, prescriber, by, at, follows_baseline };
        self.personal.push(personal);
        self.personal.sort_by_key(|personal| personal.condition);
        self.reasons.insert(condition, reason.to_owned());
    }

    /// Lists what the room itself noticed, for the record.
    pub(super) fn note(&mut self, at: Millis, text: String) {
        self.list(ListedType::Task, "", at, text);
    }

    fn list(&mut self, kind: ListedType, by: &str, at: Millis, text: String) {
        // A release that notices more or less must not change how staff's entries are numbered.
        if kind != ListedType::Task {
            self.counted_events += 1;
        }
        if self.events.len() == SHOWN_EVENTS {
            self.events.remove(0);
        }
        self.events.push(ShownEvent::new(self.counted_events, at, kind, by, text));
    }
}
