//! The types of what staff do, without their fields.

use serde::{Deserialize, Serialize};

/// The types of [`super::Event`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are those of the events")]
pub enum EventType {
    CheckIn,
    Screening,
    AcceptBaseline,
    ManualVitals,
    Order,
    Check,
    Start,
    RateChange,
    Bolus,
    Spray,
    Pause,
    Resume,
    Stop,
    Medication,
    Oxygen,
    Symptom,
    Score,
    Limits,
    Note,
    AdverseEvent,
    BpNow,
    Correct,
    Move,
    SignOff,
    Discharge,
    Abort,
    Transfer,
}

impl EventType {
    /// All of them.
    pub const ALL: [Self; 27] = [
        Self::CheckIn,
        Self::Screening,
        Self::AcceptBaseline,
        Self::ManualVitals,
        Self::Order,
        Self::Check,
        Self::Start,
        Self::RateChange,
        Self::Bolus,
        Self::Spray,
        Self::Pause,
        Self::Resume,
        Self::Stop,
        Self::Medication,
        Self::Oxygen,
        Self::Symptom,
        Self::Score,
        Self::Limits,
        Self::Note,
        Self::AdverseEvent,
        Self::BpNow,
        Self::Correct,
        Self::Move,
        Self::SignOff,
        Self::Discharge,
        Self::Abort,
        Self::Transfer,
    ];

    /// Whether the session may be further by it.
    pub(super) const fn leads_on(self) -> bool {
        matches!(
            self,
            Self::CheckIn
                | Self::Screening
                | Self::AcceptBaseline
                | Self::Start
                | Self::Spray
                | Self::Pause
                | Self::Resume
                | Self::Stop
                | Self::Move
        )
    }

    /// The wire name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CheckIn => "check_in",
            Self::Screening => "screening",
            Self::Order => "order",
            Self::Check => "check",
            Self::Bolus => "bolus",
            Self::Spray => "spray",
            Self::Medication => "medication",
            Self::Oxygen => "oxygen",
            Self::AdverseEvent => "adverse_event",
            Self::AcceptBaseline => "accept_baseline",
            Self::ManualVitals => "manual_vitals",
            Self::Start => "start",
            Self::RateChange => "rate_change",
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Stop => "stop",
            Self::Symptom => "symptom",
            Self::Score => "score",
            Self::Limits => "limits",
            Self::Note => "note",
            Self::BpNow => "bp_now",
            Self::Correct => "correct",
            Self::Move => "move",
            Self::SignOff => "sign_off",
            Self::Discharge => "discharge",
            Self::Abort => "abort",
            Self::Transfer => "transfer",
        }
    }
}
