use serde::{Deserialize, Serialize};

use crate::profile::{Cadence, Profile};
use crate::vitals::{Decimal, Millis, SessionId};

/// Events that a session keeps for its screen; older ones stand in the journal alone.
const SHOWN_EVENTS: usize = 200;

/// Characters of an event's words that screens are sent; the record has them all.
const SHOWN_CHARS: usize = 160;

/// Where a session stands (CLINICAL 7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

    const fn is_before_start(self) -> bool {
        matches!(self, Self::CheckedIn | Self::Baseline | Self::Ready)
    }
}

/// What staff do in a session: type → fields. The one table of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Event {
    /// The patient is in the room; measuring of the baseline begins.
    CheckIn {},
    /// These values are this patient's normal; what is left out is taken from what the room
    /// measured.
    AcceptBaseline(Baseline),
    /// The infusion runs.
    Start {},
    /// The infusion is held.
    Pause {
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// The infusion runs again.
    Resume {},
    /// The infusion has ended; recovery begins.
    Stop {
        /// Why, when before its time.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Words for the record.
    Note {
        /// At most 2,000 characters. Empty once it was removed from the record.
        #[serde(default)]
        text: String,
    },
    /// The patient leaves.
    Discharge {},
    /// The session ends without treatment, or before its time.
    Abort {
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// The patient is handed over to others, as in an emergency.
    Transfer {
        /// Why and to whom.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
}

/// The types of [`Event`], for messages.
pub const EVENT_TYPES: [&str; 10] = [
    "check_in",
    "accept_baseline",
    "start",
    "pause",
    "resume",
    "stop",
    "note",
    "discharge",
    "abort",
    "transfer",
];

impl Event {
    /// The wire name.
    #[must_use]
    pub const fn type_name(&self) -> &'static str {
        match self {
            Self::CheckIn {} => "check_in",
            Self::AcceptBaseline(_) => "accept_baseline",
            Self::Start {} => "start",
            Self::Pause { .. } => "pause",
            Self::Resume {} => "resume",
            Self::Stop { .. } => "stop",
            Self::Note { .. } => "note",
            Self::Discharge {} => "discharge",
            Self::Abort { .. } => "abort",
            Self::Transfer { .. } => "transfer",
        }
    }

    /// The phase that it leads to, when it is more than a note.
    const fn leads_to(&self, from: Phase) -> Option<Phase> {
        Some(match self {
            Self::CheckIn {} => Phase::Baseline,
            Self::AcceptBaseline(_) if from.is_before_start() => Phase::Ready,
            Self::Start {} | Self::Resume {} => Phase::Infusing,
            Self::Pause { .. } => Phase::Paused,
            Self::Stop { .. } => Phase::Recovery,
            Self::Discharge {} => Phase::Discharged,
            Self::Abort { .. } => Phase::Aborted,
            Self::Transfer { .. } => Phase::Transferred,
            Self::AcceptBaseline(_) | Self::Note { .. } => return None,
        })
    }

    /// Why staff cannot do this in `phase`, in words that say what to do instead.
    #[must_use]
    pub fn refusal(&self, phase: Phase) -> Option<String> {
        if phase.has_ended() && !matches!(self, Self::Note { .. }) {
            return Some(format!("The session is over ({}).", phase.words()));
        }
        let (allowed, remedy) = match self {
            Self::CheckIn {} => (phase == Phase::CheckedIn, "The patient is checked in already."),
            Self::Start {} => (phase.is_before_start(), "The infusion was started already."),
            Self::Pause { .. } => (phase == Phase::Infusing, "Only a running infusion is paused."),
            Self::Resume {} => (phase == Phase::Paused, "Only a paused infusion is resumed."),
            Self::Stop { .. } => {
                (matches!(phase, Phase::Infusing | Phase::Paused), "No infusion is running.")
            }
            Self::Discharge {} => (
                phase == Phase::Recovery,
                "Stop the infusion first, or abort a session that was never started.",
            ),
            // A baseline that was forgotten is better accepted late than never.
            Self::AcceptBaseline(_)
            | Self::Note { .. }
            | Self::Abort { .. }
            | Self::Transfer { .. } => (true, ""),
        };
        (!allowed).then(|| remedy.to_owned())
    }
}

/// A patient's normal values: mmHg, 1/min, %.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
        }
    }

    /// Whether it holds no value at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// An event as screens list it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownEvent {
    /// Counts from 1.
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
}

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
    /// What was done, oldest first.
    pub events: Vec<ShownEvent>,
    counted_events: u32,
}

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
            events: Vec::new(),
            counted_events: 0,
        };
        session.list("open", &opening.staff, at, "Session opened".to_owned());
        session
    }

    /// Seconds between pressure readings in this phase.
    #[must_use]
    pub fn cadence_s(&self, cadence: Cadence) -> u32 {
        match self.phase {
            Phase::Infusing | Phase::Paused => cadence.infusing_s,
            Phase::Recovery => cadence.recovery_s,
            _ => cadence.baseline_s,
        }
    }

    /// When the next pressure is due: the cadence after the later of the last one and the start
    /// of the phase. Nothing is due before the baseline.
    #[must_use]
    pub fn next_nibp_due(&self, profile: &Profile, last_nibp: Option<Millis>) -> Option<Millis> {
        (self.phase != Phase::CheckedIn && !self.phase.has_ended()).then(|| {
            let from = last_nibp.map_or(self.phase_since, |last| last.max(self.phase_since));
            from.plus(i64::from(self.cadence_s(profile.cadence)) * 1_000)
        })
    }

    /// Applies an event that has happened, whatever the gates would have said.
    pub(super) fn apply(&mut self, staff: &str, event: &Event, at: Millis) {
        if let Some(phase) = event.leads_to(self.phase) {
            if self.phase == Phase::Infusing {
                self.infused_ms += at.since(self.phase_since).max(0);
            }
            self.phase = phase;
            self.phase_since = at;
        }
        let because = |words: &str, reason: &Option<String>| match reason {
            Some(reason) => format!("{words}: {reason}"),
            None => words.to_owned(),
        };
        let text = match event {
            Event::CheckIn {} => "Checked in".to_owned(),
            Event::AcceptBaseline(baseline) => {
                self.baseline = Some(*baseline);
                baseline_words(baseline)
            }
            Event::Start {} => {
                self.started_at = self.started_at.or(Some(at));
                "Infusion started".to_owned()
            }
            Event::Pause { reason } => because("Infusion paused", reason),
            Event::Resume {} => "Infusion resumed".to_owned(),
            Event::Stop { reason } => because("Infusion ended, recovery", reason),
            Event::Note { text } => text.clone(),
            Event::Discharge {} => "Discharged".to_owned(),
            Event::Abort { reason } => because("Session aborted", reason),
            Event::Transfer { reason } => because("Patient transferred", reason),
        };
        self.list(event.type_name(), staff, at, text);
    }

    fn list(&mut self, kind: &str, by: &str, at: Millis, text: String) {
        self.counted_events += 1;
        if self.events.len() == SHOWN_EVENTS {
            self.events.remove(0);
        }
        let n = self.counted_events;
        let text = match text.char_indices().nth(SHOWN_CHARS) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text,
        };
        self.events.push(ShownEvent { n, at, kind: kind.to_owned(), by: by.to_owned(), text });
    }
}

fn baseline_words(baseline: &Baseline) -> String {
    let mut parts = Vec::new();
    match (baseline.systolic, baseline.diastolic) {
        (Some(systolic), Some(diastolic)) => parts.push(format!("BP {systolic}/{diastolic}")),
        (Some(systolic), None) => parts.push(format!("systolic {systolic}")),
        (None, Some(diastolic)) => parts.push(format!("diastolic {diastolic}")),
        (None, None) => {}
    }
    parts.extend(baseline.heart_rate.map(|rate| format!("HR {rate}")));
    parts.extend(baseline.spo2.map(|spo2| format!("SpO2 {spo2}")));
    format!("Baseline accepted: {}", parts.join(", "))
}
