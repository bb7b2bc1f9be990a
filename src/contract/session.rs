use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::{Addendum, Peak, RemovedPart, SignedOff, there};
use crate::dose::Order;
use crate::gates::{Escort, GateState, Series};
use crate::profile::{Approval, Condition};
use crate::record::Patient;
use crate::room::{
    AdverseEvent, Baseline, Entered, GivenScore, Medication, Oxygen, Phase, ShownEvent,
    ShownLimits, Task, Waived,
};
use crate::vitals::{Decimal, Millis, RoomId, SessionId};

/// What everybody sees of a session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SessionFacts {
    /// Its id.
    pub id: SessionId,
    /// The room that it is in.
    pub room: RoomId,
    /// The patient's initials, at most 12 characters.
    pub initials: String,
    /// Its phase.
    pub phase: Phase,
    /// Since when it has been in that phase.
    pub phase_since: Millis,
    /// When the patient was checked in.
    pub opened_at: Millis,
    /// When the infusion first ran.
    #[schema(required)]
    pub started_at: Option<Millis>,
    /// How long the infusion had run by `phase_since`, milliseconds.
    pub infused_ms: i64,
    /// Planned length of the infusion, seconds.
    pub planned_s: u32,
    /// The patient's normal values; `null` until staff have accepted them.
    #[schema(required)]
    pub baseline: Option<Baseline>,
    /// A slow heart or a low saturation was accepted as usual for this patient.
    #[serde(default)]
    pub known_low: bool,
    /// The limits that apply now. This and the next two are given until the session is over.
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
    /// Limits that apply to this patient alone.
    #[serde(default)]
    pub personal_limits: Vec<ShownLimit>,
}

/// A limit of this patient alone, in its vital's unit; `null` is the profile's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ShownLimit {
    /// The condition that it is for.
    pub condition: Condition,
    /// The limit of the first stage.
    #[schema(required)]
    pub caution: Option<Decimal>,
    /// The limit of the second stage.
    #[schema(required)]
    pub urgent: Option<Decimal>,
    /// The limit of the third stage.
    #[schema(required)]
    pub extreme: Option<Decimal>,
}

/// A session.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Session {
    #[serde(flatten)]
    #[expect(missing_docs, reason = "its fields are the session's")]
    pub facts: SessionFacts,
    /// Limits that apply to this patient alone.
    pub personal_limits: Vec<ShownPersonalLimit>,
    /// The profile's name.
    pub profile: String,
    /// The profile's version.
    pub profile_version: u32,
    /// What staff call the profile.
    pub title: String,
    /// `null` when nobody has approved the profile.
    #[schema(required)]
    pub approved: Option<Approval>,
    /// What was done, oldest first: the last 200.
    pub events: Vec<ShownEvent>,
    /// The symptoms that the patient has.
    pub symptoms: Vec<Symptom>,
    /// The last value of each score.
    pub scores: Vec<GivenScore>,
    /// What is to be done; empty when the session is over.
    pub tasks: Vec<Task>,
    /// What must be there before the session goes on; empty when the session is over.
    pub gates: Vec<GateState>,
    /// What staff stated at check-in; `null` while nothing was.
    #[schema(required)]
    pub stated: Option<Stated>,
    /// What was ordered; `null` while nothing was.
    #[schema(required)]
    pub order: Option<ShownOrder>,
    /// What has been given of it; `null` when that cannot be known.
    #[schema(required)]
    pub given: Option<GivenDose>,
    /// How far the values went since the infusion first ran; `null` before.
    #[schema(required)]
    pub peak: Option<Peak>,
    /// Doses given at once, oldest first: boluses and spray devices.
    pub doses: Vec<SingleDose>,
    /// The last 100 medicines given, oldest first.
    pub medications: Vec<Entered<Medication>>,
    /// The oxygen that the patient is given now.
    #[schema(required)]
    pub oxygen: Option<Entered<Oxygen>>,
    /// The last 100 adverse events, oldest first.
    pub adverse_events: Vec<Entered<AdverseEvent>>,
    /// Gates that were passed although something was missing.
    pub waived: Vec<Waived>,
    /// Who signed it off once it was over; `null` while nobody has.
    #[schema(required)]
    pub signed_off: Option<SignedOff>,
    /// What was added to it once it was over, oldest first: event `note`.
    pub addenda: Vec<Addendum>,
    /// What was removed from it since; `GET sessions/{id}/keeping` says by whom and why.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub removed: Option<RemovedPart>,
    /// Who the patient is.
    pub patient: Patient,
}

/// What staff stated at check-in.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Stated {
    /// Which treatment of the course it is.
    #[schema(required)]
    pub series: Option<Series>,
    /// Who takes the patient home.
    #[schema(required)]
    pub escort: Option<Escort>,
    /// What the patient must not be given.
    #[schema(required)]
    pub allergies: Option<String>,
    /// Body weight, kg.
    #[schema(required)]
    pub weight_kg: Option<Decimal>,
}

/// What was ordered, and what follows from it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ShownOrder {
    #[serde(flatten)]
    #[expect(missing_docs, reason = "its fields are the order's")]
    pub order: Order,
    /// What the pump is to be set to, mL/h.
    #[schema(required)]
    pub rate_ml_h: Option<Decimal>,
    /// Who entered it, by initials.
    pub by: String,
    /// When it was entered.
    pub at: Millis,
}

/// What has been given, by the rates that staff recorded. dripwatch speaks with no pump.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct GivenDose {
    /// When this was reckoned.
    pub at: Millis,
    /// How much of the drug, mg.
    pub mg: Decimal,
    /// How much of the bag, mL.
    #[schema(required)]
    pub ml: Option<Decimal>,
    /// How much of the drug for each kilogram of body weight, mg/kg.
    #[schema(required)]
    pub mg_per_kg: Option<Decimal>,
    /// How much of what was ordered, %.
    #[schema(required)]
    pub percent: Option<Decimal>,
    /// mg a minute from then on; `null` while nothing runs.
    #[schema(required)]
    pub mg_min: Option<Decimal>,
    /// The pump's rate, mL/h; `null` while nothing runs.
    #[schema(required)]
    pub rate_ml_h: Option<Decimal>,
    /// When the bag is empty if nothing changes; `null` while nothing runs.
    #[schema(required)]
    pub ends_at: Option<Millis>,
    /// When the bag was empty.
    #[schema(required)]
    pub emptied_at: Option<Millis>,
}

/// A dose that is given at once.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SingleDose {
    /// When it was entered.
    pub at: Millis,
    /// How much, mg.
    pub mg: Decimal,
}

/// A limit of this patient alone, and how it came about.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ShownPersonalLimit {
    #[serde(flatten)]
    #[expect(missing_docs, reason = "its fields are the limit's")]
    pub limit: ShownLimit,
    /// The reason that was given.
    #[schema(required)]
    pub reason: Option<String>,
    /// The prescriber who decided it, where one had to.
    #[schema(required)]
    pub prescriber: Option<String>,
    /// Who entered it, by initials.
    pub by: String,
    /// When it was entered.
    pub at: Millis,
}

/// A symptom that the patient has.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Symptom {
    /// Its name in the profile, such as `chest_pain`.
    pub symptom: String,
    /// What staff call it.
    pub text: String,
    /// Since when the patient has had it.
    pub since: Millis,
}

/// A session, as the caller may see it.
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
    /// At most as many as were asked for.
    #[schema(value_type = Vec<SessionView>)]
    pub sessions: Vec<Box<RawValue>>,
    /// Pass it as `after` for the next page.
    #[schema(required)]
    pub next: Option<String>,
    /// `false` when the disk did not answer: then only what the rooms know is listed, which is all
    /// that runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub complete: Option<bool>,
}
