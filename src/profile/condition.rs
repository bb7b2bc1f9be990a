use serde::{Deserialize, Serialize};

use super::limit::{Compare, Limit};
use crate::vitals::Vital;

/// Everything that may raise an alert in a room, by its contract name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the words of the contract")]
pub enum Condition {
    Spo2Low,
    HrLow,
    HrHigh,
    SystolicLow,
    SystolicHigh,
    DiastolicHigh,
    MonitorLost,
    Spo2NoValue,
    HrNoValue,
    DeviceConflict,
}

impl Condition {
    /// The wire name, such as `spo2_low`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Spo2Low => "spo2_low",
            Self::HrLow => "hr_low",
            Self::HrHigh => "hr_high",
            Self::SystolicLow => "systolic_low",
            Self::SystolicHigh => "systolic_high",
            Self::DiastolicHigh => "diastolic_high",
            Self::MonitorLost => "monitor_lost",
            Self::Spo2NoValue => "spo2_no_value",
            Self::HrNoValue => "hr_no_value",
            Self::DeviceConflict => "device_conflict",
        }
    }

    /// Whether it is about the patient or about the measuring.
    #[must_use]
    pub const fn kind(self) -> Kind {
        match self {
            Self::Spo2Low
            | Self::HrLow
            | Self::HrHigh
            | Self::SystolicLow
            | Self::SystolicHigh
            | Self::DiastolicHigh => Kind::Physiological,
            Self::MonitorLost | Self::Spo2NoValue | Self::HrNoValue | Self::DeviceConflict => {
                Kind::Technical
            }
        }
    }
}

/// About the patient, or about the measuring.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The patient.
    Physiological,
    /// The measuring.
    Technical,
}

/// How soon a person must look. Never falls while an alert is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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

/// One condition of a profile.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConditionRow {
    /// Which.
    pub condition: Condition,
    /// What staff read, before the value: `SpO2 low`.
    pub text: String,
    /// Not raised while one of these has an open alert.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hidden_by: Vec<Condition>,
    /// When it holds.
    pub rule: Rule,
}

/// A continuous vital that limits are held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContinuousVital {
    /// Saturation.
    Spo2,
    /// Heart rate by ECG, else pulse rate.
    HeartRate,
}

impl ContinuousVital {
    /// The vitals that give it, the preferred one first.
    #[must_use]
    pub const fn sources(self) -> &'static [Vital] {
        match self {
            Self::Spo2 => &[Vital::Spo2],
            Self::HeartRate => &[Vital::HeartRate, Vital::PulseRate],
        }
    }
}

/// The shapes of rules that the room knows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "shape", rename_all = "snake_case", deny_unknown_fields)]
pub enum Rule {
    /// A continuous value beyond a limit for a time.
    Held {
        /// What is compared.
        vital: ContinuousVital,
        /// A run starts anew after a gap without good values of this length, seconds.
        gap_s: u32,
        /// From the mildest to the gravest; rows of one level are alternatives.
        stages: Vec<HeldStage>,
        /// When it is over.
        clearing: Clearing,
    },
    /// Cuff readings beyond a limit, once, twice running, or confirmed.
    Cuff {
        /// The part whose value the alert shows.
        part: CuffPart,
        /// From the mildest to the gravest; rows of one level are alternatives.
        stages: Vec<CuffStage>,
        /// When it is over: one reading this far inside the caution limits, mmHg.
        clearing_margin: f64,
    },
    /// A vital that should be there and is not. In sessions only.
    Absence {
        /// What is missing.
        vital: ContinuousVital,
        /// What staff read when the monitor says that the sensor is off.
        sensor_off_text: String,
        /// Alternatives; the gravest that holds counts.
        stages: Vec<AbsenceStage>,
    },
    /// Found by the ward, which tells the room.
    Reported {
        /// Priority of the alert.
        priority: Priority,
    },
    /// A monitor that is no longer heard. In sessions only.
    Lost {
        /// Alternatives; the gravest that holds counts.
        stages: Vec<LostStage>,
    },
}

/// One stage of a held limit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeldStage {
    /// 1 caution, 2 urgent, 3 extreme.
    pub level: u8,
    /// Priority of the alert at this stage.
    pub priority: Priority,
    /// Direction.
    pub compare: Compare,
    /// Where.
    pub limit: Limit,
    /// For how long, seconds.
    pub for_s: u32,
    /// The share of the good samples of that time which must hold, `0.0..=1.0`.
    #[serde(default = "whole")]
    pub share: f64,
}

fn whole() -> f64 {
    1.0
}

/// Back inside the mildest limit by a margin, for a time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clearing {
    /// In the unit of the vital.
    pub margin: f64,
    /// Seconds.
    pub for_s: u32,
}

/// A part of a cuff reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum CuffPart {
    Systolic,
    Diastolic,
}

/// How many readings a cuff stage needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CuffCount {
    /// This reading.
    One,
    /// This and the one before.
    Two,
    /// This and the next; without a next one in time, this alone.
    Confirmed {
        /// Seconds that the next one has.
        within_s: u32,
    },
}

/// One comparison of a cuff reading.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CuffTest {
    /// Which part.
    pub part: CuffPart,
    /// Direction.
    pub compare: Compare,
    /// Where; a baseline-relative limit follows the baseline of the same part.
    pub limit: Limit,
}

/// One stage of a pressure condition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CuffStage {
    /// 1 caution, 2 urgent, 3 extreme.
    pub level: u8,
    /// Priority of the alert at this stage.
    pub priority: Priority,
    /// How many readings.
    pub readings: CuffCount,
    /// What each of them, or the first of a confirmed pair, must be.
    pub test: CuffTest,
    /// What may stand in for `test` in the reading that confirms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub or_confirmed_by: Option<CuffTest>,
}

/// One stage of a missing value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AbsenceStage {
    /// Priority of the alert at this stage.
    pub priority: Priority,
    /// Only when the monitor says that the sensor is off.
    #[serde(default)]
    pub sensor_off: bool,
    /// Only while infusing.
    #[serde(default)]
    pub infusing: bool,
    /// For how long, seconds.
    pub after_s: u32,
}

/// One stage of a lost monitor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LostStage {
    /// Priority of the alert at this stage.
    pub priority: Priority,
    /// Only while infusing.
    #[serde(default)]
    pub infusing: bool,
    /// For how long, seconds.
    pub after_s: u32,
}
