use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::room::{AlertState, Outcome};
use crate::rules::Priority;
use crate::vitals::{Decimal, Millis, RoomId, SessionId};

/// How often the log says that an outcome of one alert was given or taken back: the last times.
pub const MOST_SAID: u32 = 20;

/// An alert in the log. It names no patient.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LoggedAlert {
    /// Such as `<session>-a1`.
    pub id: String,
    /// `null` for an alert of the ward.
    #[schema(required)]
    pub room: Option<RoomId>,
    /// The session in which it was raised.
    #[schema(required)]
    pub session: Option<SessionId>,
    /// What it was about, such as `spo2_low`.
    pub condition: String,
    /// The version of the profile that it came from, `name@version`; `null` for one of the ward.
    #[schema(required)]
    pub profile: Option<String>,
    /// The highest that it had.
    pub priority: Priority,
    /// Whether the condition is there now.
    pub state: AlertState,
    /// What staff read; it names the worst value.
    pub text: String,
    /// The value that crossed, in `unit`.
    #[schema(required)]
    pub value: Option<Decimal>,
    /// The limit that it crossed, in `unit`.
    #[schema(required)]
    pub limit: Option<Decimal>,
    /// The value furthest beyond the limit, in `unit`.
    #[schema(required)]
    pub worst: Option<Decimal>,
    /// When `worst` was taken, by our clock.
    #[schema(required)]
    pub worst_at: Option<Millis>,
    /// The unit of `value`, `limit` and `worst`.
    #[schema(required)]
    pub unit: Option<String>,
    /// When it was raised.
    pub raised_at: Millis,
    /// Who was the first to take it; `null` while nobody has.
    #[schema(required)]
    pub taken: Option<FirstTaken>,
    /// When its condition was over.
    #[schema(required)]
    pub ended_at: Option<Millis>,
    /// From `raised_at` to `ended_at`, milliseconds.
    #[schema(required)]
    pub lasted_ms: Option<i64>,
    /// Whether somebody ever silenced it.
    pub silenced: bool,
    /// What came of it; `null` while nobody has said.
    #[schema(required)]
    pub outcome: Option<Outcome>,
    /// What was said of that, the first time first: the last of them holds. At most the last 20;
    /// nothing of what was said before this was kept.
    pub said: Vec<Said>,
}

/// Who was the first to take an alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FirstTaken {
    /// Initials.
    pub by: String,
    /// Milliseconds after it was raised.
    pub after_ms: i64,
}

/// Somebody said what came of an alert, or took that back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Said {
    /// Initials.
    pub by: String,
    /// When they said it.
    pub at: Millis,
    /// `null` takes back what was said before.
    #[schema(required)]
    pub outcome: Option<Outcome>,
}

impl LoggedAlert {
    /// Who said what came of it, and when, if somebody did and that is known.
    #[must_use]
    pub fn outcome_said(&self) -> Option<&Said> {
        self.said.last().filter(|said| self.outcome.is_some() && said.outcome == self.outcome)
    }
}
