use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::there;
use crate::profile::{Approval, Condition};
use crate::record::Patient;
use crate::room::{Baseline, GivenScore, Phase, ShownEvent, ShownLimits, Task};
use crate::vitals::{Decimal, Millis, RoomId, SessionId};

/// What everybody sees of a session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SessionFacts {
    /// Its id.
    pub id: SessionId,
    /// Where.
    pub room: RoomId,
    /// The patient's, at most 12 characters.
    pub initials: String,
    /// How far it is.
    pub phase: Phase,
    /// Since when.
    pub phase_since: Millis,
    /// When it began.
    pub opened_at: Millis,
    /// When the infusion first ran.
    #[schema(required)]
    pub started_at: Option<Millis>,
    /// Infused before `phase_since`, milliseconds.
    pub infused_ms: i64,
    /// Planned length of the infusion, seconds.
    pub planned_s: u32,
    /// The patient's normal values; `null` until staff have accepted them.
    #[schema(required)]
    pub baseline: Option<Baseline>,
    /// A slow heart or a low saturation was accepted as usual for this patient.
    #[serde(default)]
    pub known_low: bool,
    /// What alerts now. These three are there while the session is not over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub limits: Option<ShownLimits>,
    /// Seconds between cuff pressures in this phase.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub cadence_s: Option<u32>,
    /// When the next cuff pressure is due; `null` when none is.
    #[serde(default, deserialize_with = "there", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Millis>)]
    pub next_nibp_due: Option<Option<Millis>>,
}

/// A session as a display shows it: no profile, and no words of staff.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DisplaySession {
    #[serde(flatten)]
    #[expect(missing_docs, reason = "its fields are the session's")]
    pub facts: SessionFacts,
    /// Limits of this patient alone.
    #[serde(default)]
    pub personal_limits: Vec<ShownLimit>,
}

/// A limit of this patient alone, in its vital's unit; `null` is the profile's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ShownLimit {
    /// For what.
    pub condition: Condition,
    /// Of the first stage.
    #[schema(required)]
    pub caution: Option<Decimal>,
    /// Of the second.
    #[schema(required)]
    pub urgent: Option<Decimal>,
    /// Of the third.
    #[schema(required)]
    pub extreme: Option<Decimal>,
}

/// A session.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Session {
    #[serde(flatten)]
    #[expect(missing_docs, reason = "its fields are the session's")]
    pub facts: SessionFacts,
    /// Limits of this patient alone.
    pub personal_limits: Vec<ShownPersonalLimit>,
    /// The profile's name.
    pub profile: String,
    /// The profile's version.
    pub profile_version: u32,
    /// The profile, as staff call it.
    pub title: String,
    /// `null` when nobody has approved the profile.
    #[schema(required)]
    pub approved: Option<Approval>,
    /// What was done, oldest first: the last 200.
    pub events: Vec<ShownEvent>,
    /// Symptoms that the patient has.
    pub symptoms: Vec<Symptom>,
    /// The last of every score.
    pub scores: Vec<GivenScore>,
    /// What is to be done; empty when the session is over.
    pub tasks: Vec<Task>,
    /// Who it is.
    pub patient: Patient,
}

/// A limit of this patient alone, and how it came about.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ShownPersonalLimit {
    #[serde(flatten)]
    #[expect(missing_docs, reason = "its fields are the limit's")]
    pub limit: ShownLimit,
    /// Why.
    #[schema(required)]
    pub reason: Option<String>,
    /// Whose decision it was, where it needed one.
    #[schema(required)]
    pub prescriber: Option<String>,
    /// Who entered it, by initials.
    pub by: String,
    /// When.
    pub at: Millis,
}

/// A symptom that the patient has.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Symptom {
    /// Its name in the profile, such as `chest_pain`.
    pub symptom: String,
    /// As staff say it.
    pub text: String,
    /// Since when.
    pub since: Millis,
}

/// A session, as whoever asks may see it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum SessionView {
    /// For staff.
    Staff(Box<Session>),
    /// For a display.
    Display(Box<DisplaySession>),
}

/// Sessions, those opened last first. Each is written already, as the rooms or the store gave it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Sessions {
    /// As many as were asked for.
    #[schema(value_type = Vec<SessionView>)]
    pub sessions: Vec<Box<RawValue>>,
    /// Give it as `after` to go on.
    #[schema(required)]
    pub next: Option<String>,
    /// `false` when the disk did not answer: then only what the rooms know is listed, which is all
    /// that runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub complete: Option<bool>,
}
