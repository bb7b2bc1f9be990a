//! What may raise an alert, and how soon somebody must look.

use serde::{Deserialize, Serialize};

use crate::vitals::Vital;

/// What is known of a condition.
struct Row {
    name: &'static str,
    kind: Kind,
    is_upper: bool,
    vital: Option<Vital>,
    own_limits: Option<(f64, f64)>,
}

/// Makes the conditions of their rows, in the order of the contract: name, kind, whether it is
/// about values above a limit, the vital whose unit its value has, and the lowest and highest limit
/// that one patient may have of their own.
macro_rules! conditions {
    ($($condition:ident:
        $name:literal, $kind:ident, $is_upper:literal, $vital:expr, $own_limits:expr;)*) => {
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
            $($condition,)*
        }

        impl Condition {
            /// All of them, in the order of the contract.
            pub const ALL: [Self; TABLE.len()] = [$(Self::$condition),*];
        }

        const TABLE: [Row; [$($name),*].len()] = [$(Row {
            name: $name,
            kind: Kind::$kind,
            is_upper: $is_upper,
            vital: $vital,
            own_limits: $own_limits,
        }),*];
    };
}

conditions! {
    Spo2Low: "spo2_low", Physiological, false, Some(Vital::Spo2), Some((70.0, 100.0));
    Spo2Falling: "spo2_falling", Physiological, false, Some(Vital::Spo2), None;
    HrLow: "hr_low", Physiological, false, Some(Vital::HeartRate), Some((25.0, 80.0));
    HrHigh: "hr_high", Physiological, true, Some(Vital::HeartRate), Some((80.0, 200.0));
    HrFalling: "hr_falling", Physiological, false, Some(Vital::HeartRate), None;
    SystolicLow: "systolic_low", Physiological, false, Some(Vital::Nibp), Some((60.0, 130.0));
    SystolicHigh: "systolic_high", Physiological, true, Some(Vital::Nibp), Some((110.0, 240.0));
    DiastolicHigh: "diastolic_high", Physiological, true, Some(Vital::Nibp), Some((70.0, 150.0));
    RespRateLow: "resp_rate_low", Physiological, false, Some(Vital::RespRate), Some((4.0, 16.0));
    RespRateHigh: "resp_rate_high", Physiological, true, Some(Vital::RespRate), Some((16.0, 50.0));
    TempHigh: "temp_high", Physiological, true, Some(Vital::Temp), Some((37.0, 41.0));
    Reaction: "reaction", Physiological, false, None, None;
    Symptom: "symptom", Physiological, false, None, None;
    Sedation: "sedation", Physiological, false, None, None;
    Distress: "distress", Physiological, true, None, None;
    Help: "help", Physiological, false, None, None;
    NibpOverdue: "nibp_overdue", Technical, false, None, None;
    NibpFailed: "nibp_failed", Technical, false, None, None;
    Spo2NoValue: "spo2_no_value", Technical, false, None, None;
    HrNoValue: "hr_no_value", Technical, false, None, None;
    PoorSignal: "poor_signal", Technical, false, None, None;
    MonitorLost: "monitor_lost", Technical, false, None, None;
    UnstableLink: "unstable_link", Technical, false, None, None;
    DeviceConflict: "device_conflict", Technical, false, None, None;
    ClockSkew: "clock_skew", Technical, false, None, None;
    ImplausibleValues: "implausible_values", Technical, false, None, None;
    Unwatched: "unwatched", Technical, false, None, None;
    RecordingStopped: "recording_stopped", Technical, false, None, None;
    AlarmPath: "alarm_path", Technical, false, None, None;
    DiskLow: "disk_low", Technical, false, None, None;
    ChannelDown: "channel_down", Technical, false, None, None;
}

impl Condition {
    const fn row(self) -> &'static Row {
        &TABLE[self as usize]
    }

    /// The wire name, such as `spo2_low`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// The condition of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|condition| condition.name() == name)
    }

    /// Whether it is about the patient or about the measuring.
    #[must_use]
    pub const fn kind(self) -> Kind {
        self.row().kind
    }

    /// Whether it is about values above a limit rather than below one.
    #[must_use]
    pub const fn is_upper(self) -> bool {
        self.row().is_upper
    }

    /// Whether profiles have a row for it. What the program finds of itself, and what people call
    /// for, is the same whatever the profile.
    #[must_use]
    pub const fn is_in_profiles(self) -> bool {
        !matches!(
            self,
            Self::Help
                | Self::RecordingStopped
                | Self::AlarmPath
                | Self::DiskLow
                | Self::ChannelDown
        )
    }

    /// The vital whose unit its value has.
    #[must_use]
    pub const fn vital(self) -> Option<Vital> {
        self.row().vital
    }

    /// The lowest and the highest limit that a patient may have of their own, whoever decides.
    pub(crate) const fn own_limits(self) -> Option<(f64, f64)> {
        self.row().own_limits
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
