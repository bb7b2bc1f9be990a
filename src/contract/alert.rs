use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::{Receipt, View};
use crate::profile::{Condition, Kind, Priority};
use crate::room::{Acknowledged, AlertState, Outcome};
use crate::vitals::{Decimal, Millis, RoomId, SessionId, Vital};

/// An alert as a display shows it: without the profile, which may name the drug.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DisplayAlert {
    /// Such as `<session>-a1`, or `<room>-<day>-a1` without a session.
    pub id: String,
    /// `null` for an alert of the ward.
    #[schema(required)]
    pub room: Option<RoomId>,
    /// The session in which it was raised.
    #[schema(required)]
    pub session: Option<SessionId>,
    /// What it is about.
    pub condition: Condition,
    /// About the patient, or about the measuring.
    pub kind: Kind,
    /// While nobody has acknowledged it, it never falls.
    pub priority: Priority,
    /// Whether the condition is there now.
    pub state: AlertState,
    /// The value that crossed, in `unit`.
    #[schema(required)]
    pub value: Option<Decimal>,
    /// The limit that it crossed, in `unit`.
    #[schema(required)]
    pub limit: Option<Decimal>,
    /// When that value was taken, by our clock: before `raised_at` when it came late.
    #[schema(required)]
    pub value_at: Option<Millis>,
    /// The unit of `value`, `limit` and `worst`.
    #[schema(required, value_type = Option<String>)]
    pub unit: Option<Cow<'static, str>>,
    /// The value furthest beyond the limit so far.
    #[schema(required)]
    pub worst: Option<Decimal>,
    /// When `worst` was taken, by our clock.
    #[schema(required)]
    pub worst_at: Option<Millis>,
    /// When it first became active.
    pub raised_at: Millis,
    /// When it last became active.
    pub active_since: Millis,
    /// When its condition ended.
    #[schema(required)]
    pub ended_at: Option<Millis>,
    /// How far people were called: of a high alert 1 when the second nurse was, 2 when the
    /// prescriber was; of a medium one 1 when it was pointed out. 0 again when it gets worse, comes
    /// back or asks again.
    pub escalated: u32,
    /// When the last of that was.
    #[schema(required)]
    pub escalated_at: Option<Millis>,
    /// Who has taken it.
    #[schema(required)]
    pub acknowledged: Option<Acknowledged>,
    /// Who had taken it before it asked again or got worse.
    #[schema(required)]
    pub acknowledged_before: Option<Acknowledged>,
    /// What came of it.
    #[schema(required)]
    pub outcome: Option<Outcome>,
    /// It makes no sound until then.
    #[schema(required)]
    pub silenced_until: Option<Millis>,
    /// When it came back soon after it had ended, no worse: without a tone.
    #[schema(required)]
    pub reopened_at: Option<Millis>,
    /// What staff read; it names the worst value.
    pub text: String,
    /// Where it has come down from: once somebody has it, it follows its condition.
    #[serde(default)]
    #[schema(required)]
    pub came_down: Option<CameDown>,
    /// How many screens have shown it, each with whoever is signed in there.
    pub receipts: usize,
}

/// An alert whose priority has followed its condition down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CameDown {
    /// The highest priority that it had.
    pub from: Priority,
    /// When it last came down.
    pub at: Millis,
}

/// An alert.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Alert {
    #[serde(flatten)]
    #[expect(missing_docs, reason = "its fields are the alert's")]
    pub shown: DisplayAlert,
    /// The version of the profile that it came from, `name@version`; `null` for one of the ward.
    #[schema(required)]
    pub profile: Option<String>,
    /// The screens that have shown it, the first first; where single alerts are asked for, and in
    /// lists, but not on the stream.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub received_by: Option<Vec<Receipt>>,
}

impl Alert {
    /// An alert that so many screens have shown; without a room it is the ward's own.
    #[must_use]
    pub fn of(
        alert: &crate::room::Alert,
        room: Option<&RoomId>,
        (receipts, came_down): (usize, Option<CameDown>),
    ) -> Self {
        let shown = DisplayAlert {
            id: alert.id(),
            room: room.cloned(),
            session: alert.session.clone(),
            condition: alert.condition,
            kind: alert.condition.kind(),
            priority: alert.priority,
            state: alert.state,
            value: alert.value,
            limit: alert.limit,
            value_at: alert.value_at,
            unit: alert.condition.vital().map(|vital: Vital| vital.unit().into()),
            worst: alert.worst,
            worst_at: alert.worst_at,
            raised_at: alert.raised_at,
            active_since: alert.active_since,
            ended_at: alert.ended_at,
            escalated: u32::try_from(alert.escalated()).unwrap_or(u32::MAX),
            escalated_at: alert.escalated_at(),
            acknowledged: alert.acknowledged.clone(),
            acknowledged_before: alert.acknowledged_before.clone(),
            outcome: alert.outcome,
            silenced_until: alert.silenced_until,
            reopened_at: alert.reopened_at,
            text: alert.words(),
            came_down,
            receipts,
        };
        Self { shown, profile: alert.profile.clone(), received_by: None }
    }

    /// The alert when it is over, by `at` at the latest.
    #[must_use]
    pub fn resolved(mut self, at: Millis) -> Self {
        self.shown.state = AlertState::Resolved;
        self.shown.ended_at = self.shown.ended_at.or(Some(at));
        self.shown.silenced_until = None;
        self
    }

    /// What this view shows of it.
    #[must_use]
    pub fn seen(self, view: View) -> AlertView {
        match view {
            View::Staff => AlertView::Staff(self),
            View::Display => AlertView::Display(self.shown),
        }
    }
}

/// An alert, as the caller may see it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum AlertView {
    /// For staff.
    Staff(Alert),
    /// For a display.
    Display(DisplayAlert),
}

/// Alerts, those raised last first. Each is written already, as the rooms or the store gave it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Alerts {
    /// At most as many as were asked for.
    #[schema(value_type = Vec<AlertView>)]
    pub alerts: Vec<Box<RawValue>>,
    /// Pass it as `after` for the next page.
    #[schema(required)]
    pub next: Option<String>,
    /// `false` when the disk did not answer: then only what the rooms know is listed, which is all
    /// that is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub complete: Option<bool>,
}
