use serde::Serialize;
use utoipa::ToSchema;

use super::vitals::RecordedPressure;
use crate::dose::Order;
use crate::room::{ListedType, ManualVitals, Phase};
use crate::vitals::{Decimal, Millis};

/// What was ordered, and who checked it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Ordered {
    #[serde(flatten)]
    #[expect(missing_docs, reason = "its fields are the order's")]
    pub order: Order,
    /// What the pump is to be set to, mL/h.
    #[schema(required)]
    pub rate_ml_h: Option<Decimal>,
    /// The route, such as `iv` or `nasal`, by the profile.
    #[schema(required)]
    pub route: Option<String>,
    /// Who entered it, by initials.
    pub by: String,
    /// When it was entered.
    pub at: Millis,
    /// Who else checked dose and rate, by initials; `null` when nobody did.
    #[schema(required)]
    pub checked_by: Option<String>,
}

/// What was given in total, by the rates that staff recorded.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct GivenTotal {
    /// mg.
    pub mg: Decimal,
    /// mL from the bag.
    #[schema(required)]
    pub ml: Option<Decimal>,
    /// mg/kg.
    #[schema(required)]
    pub mg_per_kg: Option<Decimal>,
    /// Per cent of the order.
    #[schema(required)]
    pub percent: Option<Decimal>,
    /// Ordered and not given, mg; 0 when more was given.
    pub not_given_mg: Decimal,
}

/// When the infusion ran.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct Infusion {
    /// When it first ran, or the first device was given.
    #[schema(required)]
    pub started_at: Option<Millis>,
    /// When it ended; `null` while it runs.
    #[schema(required)]
    pub ended_at: Option<Millis>,
    /// Why it ended before its time, in a person's words.
    #[schema(required)]
    pub end_reason: Option<String>,
    /// How long it ran, without pauses; milliseconds.
    pub running_ms: i64,
    /// Each period that it ran at one rate.
    pub runs: Vec<Run>,
    /// Each period that it was held.
    pub pauses: Vec<Pause>,
    /// Rates that staff recorded.
    pub rate_changes: Vec<RateChange>,
    /// Single doses: boluses and spray devices, oldest first.
    pub doses: Vec<DoseAtOnce>,
}

/// A period in which the infusion ran.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Run {
    /// Its beginning.
    pub from: Millis,
    /// Its end; `null` while it runs.
    #[schema(required)]
    pub to: Option<Millis>,
    /// The pump's rate at its beginning, mL/h.
    #[schema(required)]
    pub rate_ml_h: Option<Decimal>,
    /// Given in total at its end, mg.
    #[schema(required)]
    pub mg_at_end: Option<Decimal>,
}

/// A period in which the infusion was held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Pause {
    /// Its beginning.
    pub from: Millis,
    /// Its end; `null` while it is held. A held infusion may end without running again.
    #[schema(required)]
    pub to: Option<Millis>,
    /// Who held it, by initials.
    pub by: String,
    /// Why.
    #[schema(required)]
    pub reason: Option<String>,
}

/// A rate that staff recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RateChange {
    /// When it was set.
    pub at: Millis,
    /// By initials.
    pub by: String,
    /// The rate before, in `unit`.
    #[schema(required)]
    pub from: Option<Decimal>,
    /// The rate from then on, in `unit`.
    pub to: Decimal,
    /// The unit, such as `mL/h`.
    pub unit: String,
}

/// A phase of the session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PhaseSpan {
    /// The phase.
    pub phase: Phase,
    /// Its beginning.
    pub from: Millis,
    /// Its end; `null` for the phase that the session is in, and for the one in which it ended.
    #[schema(required)]
    pub to: Option<Millis>,
    /// The person who brought it about, by initials; empty when nobody did.
    pub by: String,
}

/// Something that staff did or that the room noticed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RecordedEvent {
    /// Counts what staff entered, from 1; what the room noticed has the number of the entry before
    /// it.
    pub n: u32,
    /// When it was done.
    pub at: Millis,
    /// When it was entered.
    pub entered_at: Millis,
    /// Its type, such as `medication`; `open` for the opening, `task` for what the room noticed.
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    pub kind: ListedType,
    /// The person who did it, by initials; empty for the room.
    pub by: String,
    /// The full text that staff read.
    pub text: String,
    /// What a person measured, if it is that.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub values: Option<ManualVitals>,
    /// It was withdrawn: it counts as if it had never been made, and stays here.
    #[schema(required)]
    pub withdrawn: Option<WithdrawnEntry>,
}

/// Who withdrew an entry, when and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct WithdrawnEntry {
    /// By initials.
    pub by: String,
    /// When it was withdrawn.
    pub at: Millis,
    /// Why.
    #[schema(required)]
    pub reason: Option<String>,
}

/// Something that was changed after it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Correction {
    /// When it was changed.
    pub at: Millis,
    /// Who changed it: initials, or the monitor's id.
    pub by: String,
    /// The time of the original.
    pub of: Millis,
    /// The original, as staff read it.
    pub original: String,
    /// What replaces it, as staff read it; `null` when it was taken back.
    #[schema(required)]
    pub now: Option<String>,
    /// The original's numbers, where it is a pressure; what takes its place is in `pressures`, of
    /// the same time and source.
    #[schema(required)]
    pub pressure: Option<RecordedPressure>,
    /// Why.
    #[schema(required)]
    pub reason: Option<String>,
}

/// A score that a person gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RecordedScore {
    /// The number of the entry.
    pub n: u32,
    /// When it was given.
    pub at: Millis,
    /// By initials.
    pub by: String,
    /// Its name in the profile, such as `moaa_s`.
    pub score: String,
    /// Its name as staff say it.
    pub text: String,
    /// The value.
    pub value: i32,
    /// Words for the record.
    #[schema(required)]
    pub note: Option<String>,
}

/// A symptom, from when it was entered to when it had gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SymptomSpan {
    /// Its name in the profile, such as `chest_pain`.
    pub symptom: String,
    /// Its name as staff say it.
    pub text: String,
    /// When it was entered.
    pub from: Millis,
    /// When it had gone; `null` when nobody recorded that.
    #[schema(required)]
    pub to: Option<Millis>,
    /// Who entered it, by initials.
    pub by: String,
    /// Words for the record.
    #[schema(required)]
    pub note: Option<String>,
}

/// A bolus, or a spray device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DoseAtOnce {
    /// The number of the entry.
    pub n: u32,
    /// When it was given.
    pub at: Millis,
    /// By initials.
    pub by: String,
    /// How much, mg; `null` when neither the entry nor the profile says.
    #[schema(required)]
    pub mg: Option<Decimal>,
    /// The lot of a device.
    #[schema(required)]
    pub lot: Option<String>,
}
