use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::correct::{Entry, Withdrawn};
use super::event::{Event, ManualVitals};
use super::limits::{self, OwnLimits, PersonalLimits};
use crate::profile::{Cadence, Condition, Profile, every_s};
use crate::vitals::{Decimal, Millis, SessionId, moved};

/// Events that a session keeps for its screen; older ones stand in the journal alone.
pub(super) const SHOWN_EVENTS: usize = 200;

/// Symptoms and scores of one patient that are kept.
pub(super) const MOST_ENTRIES: usize = 40;

/// Characters of an event's words that screens are sent; the record has them all.
const SHOWN_CHARS: usize = 160;

/// How far a session is (clinical.md#phases).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the words of the contract")]
pub enum Phase {
    CheckedIn,
    Baseline,
    Ready,
    Infusing,
    Paused,
    Recovery,
    Discharged,
    Aborted,
    Transferred,
}

impl Phase {
    /// Whether the session is over.
    #[must_use]
    pub const fn has_ended(self) -> bool {
        matches!(self, Self::Discharged | Self::Aborted | Self::Transferred)
    }

    /// As staff say it.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::CheckedIn => "checked in",
            Self::Baseline => "baseline",
            Self::Ready => "ready",
            Self::Infusing => "infusing",
            Self::Paused => "paused",
            Self::Recovery => "recovery",
            Self::Discharged => "discharged",
            Self::Aborted => "aborted",
            Self::Transferred => "transferred",
        }
    }

    /// The wire name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CheckedIn => "checked_in",
            other => other.words(),
        }
    }

    pub(super) const fn is_before_start(self) -> bool {
        matches!(self, Self::CheckedIn | Self::Baseline | Self::Ready)
    }
}

/// A patient's normal values: mmHg, 1/min, %, °C.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Baseline {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub systolic: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub diastolic: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heart_rate: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spo2: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temp: Option<Decimal>,
}

impl Baseline {
    /// These values where given, else those of `measured`.
    #[must_use]
    pub fn or(self, measured: Self) -> Self {
        Self {
            systolic: self.systolic.or(measured.systolic),
            diastolic: self.diastolic.or(measured.diastolic),
            heart_rate: self.heart_rate.or(measured.heart_rate),
            spo2: self.spo2.or(measured.spo2),
            temp: self.temp.or(measured.temp),
        }
    }

    /// Whether it holds no value at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// An event as screens list it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ShownEvent {
    /// Counts what staff entered, from 1; what the room noticed has the number before it.
    pub n: u32,
    /// When it was done.
    pub at: Millis,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Who did it.
    pub by: String,
    /// What staff read.
    pub text: String,
    /// What a person measured, where it is that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub values: Option<ManualVitals>,
    /// It counts as if it had never been made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<Withdrawn>,
}

moved!(ShownEvent { moves: at, withdrawn; stays: n, kind, by, text, values });

/// A symptom that the patient has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenSymptom {
    /// Its name.
    pub symptom: String,
    /// Since when.
    pub since: Millis,
}

moved!(OpenSymptom { moves: since; stays: symptom });

/// A score as it was last given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct GivenScore {
    /// Its name.
    pub score: String,
    /// Its value.
    pub value: i32,
    /// When.
    pub at: Millis,
}

moved!(GivenScore { moves: at; stays: score, value });

/// One patient's stay, as far as alarms need it. Who the patient is stands elsewhere.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Where it stands.
    pub phase: Phase,
    /// Since when.
    pub phase_since: Millis,
    /// When it began.
    pub opened_at: Millis,
    /// When the infusion first ran.
    pub started_at: Option<Millis>,
    /// Infused before `phase_since`, milliseconds.
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
    /// Why each of them.
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
}

moved!(Session {
    moves: phase_since, opened_at, started_at, personal, symptoms, scores, events, entries;
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
        };
        session.list("open", &opening.staff, at, "Session opened".to_owned());
        session
    }

    /// Seconds between pressure readings, `at` this time in this phase.
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

    /// The same, with the length of the cadence that it is due by, milliseconds.
    pub(super) fn next_nibp(
        &self,
        cadence: &Cadence,
        last_nibp: Option<Millis>,
    ) -> Option<(Millis, i64)> {
        if self.phase == Phase::CheckedIn || self.phase.has_ended() {
            return None;
        }
        // A pause is no new phase for the cuff. What was before the session was opened here,
        // nobody can have missed.
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
        if let Some(phase) = event.leads_to(self.phase) {
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
            Event::Symptom { .. } | Event::Score { .. } => self.enter(event, at, profile),
            Event::Correct { event, .. } => self.withdraw(*event, (staff, at), profile),
            Event::Limits { limits, reason, prescriber } => {
                for (condition, limits) in limits {
                    self.own_limits(*condition, *limits, reason, (prescriber.as_ref(), staff, at));
                }
            }
            _ => {}
        }
        if let Some(words) = words(event, profile) {
            self.list(event.type_name(), staff, at, words);
        }
        if let (Event::ManualVitals(values), Some(listed)) = (event, self.events.last_mut()) {
            listed.values = Some(*values);
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
                // A limit of the patient's own stands before one that only follows.
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
        self.list(NOTICED, "", at, text);
    }

    fn list(&mut self, kind: &str, by: &str, at: Millis, text: String) {
        // An engine that notices more or less must not number what staff entered otherwise.
        if kind != NOTICED {
            self.counted_events += 1;
        }
        if self.events.len() == SHOWN_EVENTS {
            self.events.remove(0);
        }
        let n = self.counted_events;
        let text = match text.char_indices().nth(SHOWN_CHARS) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text,
        };
        let (kind, by) = (kind.to_owned(), by.to_owned());
        self.events.push(ShownEvent { n, at, kind, by, text, values: None, withdrawn: None });
    }
}

/// The type of what the room itself noticed.
pub(super) const NOTICED: &str = "task";

/// What staff read of an event. A withdrawal is read at the entry that it is about.
fn words(event: &Event, profile: &Profile) -> Option<String> {
    let because = |words: String, reason: &Option<String>| match reason {
        Some(reason) => format!("{words}: {reason}"),
        None => words,
    };
    Some(match event {
        Event::CheckIn {} => "Checked in".to_owned(),
        Event::AcceptBaseline(accepted) => {
            let known = if accepted.known_low { ", known low" } else { "" };
            format!("Baseline accepted: {}{known}", measured_words(&accepted.values().into()))
        }
        Event::ManualVitals(vitals) => format!("Measured by hand: {}", measured_words(vitals)),
        Event::Start { overrides } => {
            because("Infusion started".to_owned(), &overrides.as_ref().map(|o| o.reason.clone()))
        }
        Event::RateChange { from, to, unit } => {
            let from = from.map(|from| format!(" from {from}")).unwrap_or_default();
            let unit = unit.as_ref().map(|unit| format!(" {unit}")).unwrap_or_default();
            format!("Rate changed{from} to {to}{unit}")
        }
        Event::Pause { reason } => because("Infusion paused".to_owned(), reason),
        Event::Resume {} => "Infusion resumed".to_owned(),
        Event::Stop { reason } => because("Infusion ended, recovery".to_owned(), reason),
        Event::Symptom { symptom, over, note } => {
            let gone = if *over { " has gone" } else { "" };
            because(format!("{}{gone}", profile.symptom_text(symptom)), note)
        }
        Event::Score { score, value, note } => {
            let known = profile.scores.iter().find(|choice| choice.name == *score);
            let name = known.map_or(score.as_str(), |choice| &choice.text);
            because(format!("{name}: {value}"), note)
        }
        Event::Limits { limits, reason, prescriber } => {
            let one = |(condition, own): (&Condition, &Option<OwnLimits>)| {
                let name = profile.row(*condition).map_or(condition.name(), |row| &row.text);
                own.map_or_else(|| format!("{name} as usual"), |own| own_words(name, own))
            };
            let all = limits.iter().map(one).collect::<Vec<_>>().join("; ");
            let by = prescriber.as_ref().map(|name| format!(", by {name}")).unwrap_or_default();
            format!("Own limits: {all}{by}: {reason}")
        }
        Event::Note { text } => text.clone(),
        Event::BpNow {} => "BP now: asked for".to_owned(),
        Event::Correct { .. } => return None,
        Event::Discharge {} => "Discharged".to_owned(),
        Event::Abort { reason } => because("Session aborted".to_owned(), reason),
        Event::Transfer { reason } => because("Patient transferred".to_owned(), reason),
    })
}

fn own_words(name: &str, own: OwnLimits) -> String {
    let stages = [("caution", own.caution), ("urgent", own.urgent), ("extreme", own.extreme)];
    let given = stages.iter().filter_map(|(stage, limit)| Some(format!("{stage} {}", (*limit)?)));
    format!("{name} {}", given.collect::<Vec<_>>().join(", "))
}

impl From<Baseline> for ManualVitals {
    fn from(baseline: Baseline) -> Self {
        let Baseline { systolic, diastolic, heart_rate, spo2, temp } = baseline;
        Self { systolic, diastolic, heart_rate, spo2, temp, ..Self::default() }
    }
}

fn measured_words(vitals: &ManualVitals) -> String {
    let mut parts = Vec::new();
    match (vitals.systolic, vitals.diastolic) {
        (Some(systolic), Some(diastolic)) => parts.push(format!("BP {systolic}/{diastolic}")),
        (Some(systolic), None) => parts.push(format!("systolic {systolic}")),
        (None, Some(diastolic)) => parts.push(format!("diastolic {diastolic}")),
        (None, None) => {}
    }
    parts.extend(vitals.heart_rate.map(|rate| format!("HR {rate}")));
    parts.extend(vitals.spo2.map(|spo2| format!("SpO2 {spo2}")));
    parts.extend(vitals.resp_rate.map(|rate| format!("breathing {rate}")));
    parts.extend(vitals.temp.map(|temp| format!("temperature {temp}")));
    parts.join(", ")
}
