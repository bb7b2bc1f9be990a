use serde::Serialize;
use utoipa::ToSchema;

use crate::room::{AlertState, Outcome, ScreenKind};
use crate::rules::{Condition, Kind, Priority};
use crate::vitals::{Bound, Decimal, Millis, ScreenName};

/// An alert, from when it was raised to what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RecordedAlert {
    /// `a1` for one of the session, otherwise the whole id.
    pub id: String,
    /// What it was about.
    pub condition: Condition,
    /// About the patient, or about the measuring.
    pub kind: Kind,
    /// The highest priority that it reached.
    pub priority: Priority,
    /// What staff read; it names the worst value.
    pub text: String,
    /// The unit of `value`, `limit` and `worst`; `null` for what is not measured.
    #[schema(required)]
    pub unit: Option<String>,
    /// The value that crossed last.
    #[schema(required)]
    pub value: Option<Decimal>,
    /// The limit that it crossed.
    #[schema(required)]
    pub limit: Option<Decimal>,
    /// The value furthest beyond the limit.
    #[schema(required)]
    pub worst: Option<Decimal>,
    /// That value is beyond the end of the monitor's range.
    #[schema(required)]
    pub worst_bound: Option<Bound>,
    /// When it was taken.
    #[schema(required)]
    pub worst_at: Option<Millis>,
    /// When it was raised.
    pub raised_at: Millis,
    /// When the first screen reported that it showed it.
    #[schema(required)]
    pub shown_at: Option<Millis>,
    /// The screens that reported that they showed it, with whom at them, the first first; a screen
    /// that connects again is the same screen.
    pub shown_on: Vec<AlertReceipt>,
    /// Who else was called because nobody had taken it, in order; a recording without the states in
    /// which the program wrote that has none.
    pub called: Vec<Called>,
    /// Everybody who took it, in order: it asks again when it goes on or gets worse.
    pub taken: Vec<Taken>,
    /// When its condition was over; `null` while it lasts.
    #[schema(required)]
    pub ended_at: Option<Millis>,
    /// Its state in the end.
    pub state: AlertState,
    /// What came of it, as a person reported; `null` when nobody did.
    #[schema(required)]
    pub outcome: Option<AlertOutcome>,
    /// Silences, oldest first.
    pub silences: Vec<AlertSilence>,
    /// Each line of the log, as it was shown.
    pub log: Vec<AlertStep>,
}

impl RecordedAlert {
    /// From when it was raised until its condition was over, or until `now`; milliseconds.
    #[must_use]
    pub fn lasted_ms(&self, now: Millis) -> i64 {
        self.ended_at.unwrap_or(now).since(self.raised_at).max(0)
    }
}

/// A screen showed an alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AlertReceipt {
    /// The name that the screen keeps over all of its connections.
    pub screen: ScreenName,
    /// What it is used as.
    pub kind: ScreenKind,
    /// Who was signed in there, by initials.
    pub by: String,
    /// When it reported that it showed the alert.
    pub at: Millis,
}

impl AlertReceipt {
    /// `KM’s phone`.
    #[must_use]
    pub fn words(&self) -> String {
        match self.by.as_str() {
            "" => self.kind.words().to_owned(),
            by => format!("{by}’s {}", self.kind.words()),
        }
    }
}

/// Somebody else was called to an alert that nobody had taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Called {
    /// Whom it was that was called.
    pub who: CalledTo,
    /// When they were called.
    pub at: Millis,
}

/// Who is called to an alert that nobody takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CalledTo {
    /// The second nurse.
    SecondNurse,
    /// The prescriber.
    Prescriber,
}

impl CalledTo {
    /// `second nurse`.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::SecondNurse => "second nurse",
            Self::Prescriber => "prescriber",
        }
    }
}

/// Somebody took an alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Taken {
    /// By initials.
    pub by: String,
    /// The time at which they took it.
    pub at: Millis,
    /// How long after it was raised, asked again or got worse; milliseconds.
    pub after_ms: i64,
}

/// What came of an alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AlertOutcome {
    /// The outcome.
    pub outcome: Outcome,
    /// By initials; empty when the recording does not say.
    pub by: String,
    /// When it was reported.
    pub at: Millis,
    /// Words that they added.
    #[schema(required)]
    pub note: Option<String>,
}

/// No sound for an alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AlertSilence {
    /// By initials.
    pub by: String,
    /// When the silence began.
    pub at: Millis,
    /// How long the silence was to last.
    pub seconds: u32,
}

/// A line of the log of an alert: its state from then on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AlertStep {
    /// The time of the line.
    pub at: Millis,
    /// Its priority from then on.
    pub priority: Priority,
    /// Its state from then on.
    pub state: AlertState,
    /// The value that crossed.
    #[schema(required)]
    pub value: Option<Decimal>,
    /// The limit that it crossed.
    #[schema(required)]
    pub limit: Option<Decimal>,
    /// Who had it; `null` while nobody did.
    #[schema(required)]
    pub acknowledged_by: Option<String>,
}
