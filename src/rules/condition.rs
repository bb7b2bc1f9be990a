//! What may raise an alert, and how soon somebody must look.

use serde::{Deserialize, Serialize};

use crate::vitals::Vital;

/// Everything that may raise an alert, by its contract name.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the words of the contract")]
pub enum Condition {
    Spo2Low,
    Spo2Falling,
    HrLow,
    HrHigh,
    HrFalling,
    SystolicLow,
    SystolicHigh,
    DiastolicHigh,
    RespRateLow,
    RespRateHigh,
    TempHigh,
    Reaction,
    Symptom,
    Sedation,
    Distress,
    NibpOverdue,
    NibpFailed,
    Spo2NoValue,
    HrNoValue,
    PoorSignal,
    MonitorLost,
    UnstableLink,
    DeviceConflict,
    ClockSkew,
    ImplausibleValues,
    Unwatched,
    RecordingStopped,
    AlarmPath,
    DiskLow,
}

impl Condition {
    /// All of them, in the order of the contract.
    pub const ALL: [Self; 29] = [
        Self::Spo2Low,
        Self::Spo2Falling,
        Self::HrLow,
        Self::HrHigh,
        Self::HrFalling,
        Self::SystolicLow,
        Self::SystolicHigh,
        Self::DiastolicHigh,
        Self::RespRateLow,
        Self::RespRateHigh,
        Self::TempHigh,
        Self::Reaction,
        Self::Symptom,
        Self::Sedation,
        Self::Distress,
        Self::NibpOverdue,
        Self::NibpFailed,
        Self::Spo2NoValue,
        Self::HrNoValue,
        Self::PoorSignal,
        Self::MonitorLost,
        Self::UnstableLink,
        Self::DeviceConflict,
        Self::ClockSkew,
        Self::ImplausibleValues,
        Self::Unwatched,
        Self::RecordingStopped,
        Self::AlarmPath,
        Self::DiskLow,
    ];

    /// The wire name, such as `spo2_low`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Spo2Low => "spo2_low",
            Self::Spo2Falling => "spo2_falling",
            Self::HrLow => "hr_low",
            Self::HrHigh => "hr_high",
            Self::HrFalling => "hr_falling",
            Self::SystolicLow => "systolic_low",
            Self::SystolicHigh => "systolic_high",
            Self::DiastolicHigh => "diastolic_high",
            Self::RespRateLow => "resp_rate_low",
            Self::RespRateHigh => "resp_rate_high",
            Self::TempHigh => "temp_high",
            Self::Reaction => "reaction",
            Self::Symptom => "symptom",
            Self::Sedation => "sedation",
            Self::Distress => "distress",
            Self::NibpOverdue => "nibp_overdue",
            Self::NibpFailed => "nibp_failed",
            Self::Spo2NoValue => "spo2_no_value",
            Self::HrNoValue => "hr_no_value",
            Self::PoorSignal => "poor_signal",
            Self::MonitorLost => "monitor_lost",
            Self::UnstableLink => "unstable_link",
            Self::DeviceConflict => "device_conflict",
            Self::ClockSkew => "clock_skew",
            Self::ImplausibleValues => "implausible_values",
            Self::Unwatched => "unwatched",
            Self::RecordingStopped => "recording_stopped",
            Self::AlarmPath => "alarm_path",
            Self::DiskLow => "disk_low",
        }
    }

    /// The condition of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|condition| condition.name() == name)
    }

    /// Whether it is about the patient or about the measuring.
    #[must_use]
    pub const fn kind(self) -> Kind {
        match self {
            Self::Spo2Low
            | Self::Spo2Falling
            | Self::HrLow
            | Self::HrHigh
            | Self::HrFalling
            | Self::SystolicLow
            | Self::SystolicHigh
            | Self::DiastolicHigh
            | Self::RespRateLow
            | Self::RespRateHigh
            | Self::TempHigh
            | Self::Reaction
            | Self::Symptom
            | Self::Sedation
            | Self::Distress => Kind::Physiological,
            Self::NibpOverdue
            | Self::NibpFailed
            | Self::Spo2NoValue
            | Self::HrNoValue
            | Self::PoorSignal
            | Self::MonitorLost
            | Self::UnstableLink
            | Self::DeviceConflict
            | Self::ClockSkew
            | Self::ImplausibleValues
            | Self::Unwatched
            | Self::RecordingStopped
            | Self::AlarmPath
            | Self::DiskLow => Kind::Technical,
        }
    }

    /// Whether it is about values above a limit rather than below one.
    #[must_use]
    pub const fn is_upper(self) -> bool {
        matches!(
            self,
            Self::HrHigh
                | Self::SystolicHigh
                | Self::DiastolicHigh
                | Self::RespRateHigh
                | Self::TempHigh
                | Self::Distress
        )
    }

    /// Whether it is the program's own, not a room's: no profile has a row for it.
    #[must_use]
    pub const fn is_of_the_ward(self) -> bool {
        matches!(self, Self::RecordingStopped | Self::AlarmPath | Self::DiskLow)
    }

    /// The vital whose unit its value has.
    #[must_use]
    pub const fn vital(self) -> Option<Vital> {
        match self {
            Self::Spo2Low | Self::Spo2Falling => Some(Vital::Spo2),
            Self::HrLow | Self::HrHigh | Self::HrFalling => Some(Vital::HeartRate),
            Self::SystolicLow | Self::SystolicHigh | Self::DiastolicHigh => Some(Vital::Nibp),
            Self::RespRateLow | Self::RespRateHigh => Some(Vital::RespRate),
            Self::TempHigh => Some(Vital::Temp),
            _ => None,
        }
    }
}

/// About the patient, or about the measuring.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The patient.
    Physiological,
    /// The measuring.
    Technical,
}

/// How soon a person must look. Never falls while an alert is open.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// The value cannot be trusted or is missing.
    Low,
    /// Look soon (caution).
    Medium,
    /// Go now (urgent, extreme).
    High,
}

impl Priority {
    /// The wire name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_the_one_on_the_wire() {
        for condition in Condition::ALL {
            assert_eq!(serde_json::to_value(condition).unwrap(), condition.name());
            assert_eq!(Condition::from_name(condition.name()), Some(condition));
        }
    }
}
