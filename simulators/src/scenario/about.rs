//! What the alerts are about that a scenario's staff act on. A recording identifies an alert by the
//! order in which alerts were raised; a server that somebody else also uses may have raised others
//! before.

use std::collections::HashMap;
use std::fmt;

use serde::Deserialize;

use super::staff::AlertName;

/// Alerts by name, each with its condition.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct About(HashMap<AlertName, Condition>);

impl About {
    /// Which of the server's alerts it is.
    pub(super) fn find(&self, name: AlertName) -> Option<Wanted> {
        let condition = *self.0.get(&name)?;
        let earlier = self
            .0
            .iter()
            .filter(|(other, about)| **about == condition && other.number() < name.number());
        Some(Wanted { condition, after: earlier.count() })
    }
}

/// The alert of this condition after this many others of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// What it is about.
    pub condition: Condition,
    /// How many alerts of this condition the session has had before it.
    pub after: usize,
}

macro_rules! conditions {
    ($($condition:ident = $word:literal),* $(,)?) => {
        /// What an alert may be about (clinical.md#conditions): of a session, not of the ward.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
        #[expect(missing_docs, reason = "the names are the words of the contract")]
        pub enum Condition {
            $(#[serde(rename = $word)] $condition),*
        }

        impl Condition {
            /// As alerts name it.
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$condition => $word),*
                }
            }
        }
    };
}

conditions! {
    Spo2Low = "spo2_low",
    Spo2Falling = "spo2_falling",
    HrLow = "hr_low",
    HrHigh = "hr_high",
    HrFalling = "hr_falling",
    SystolicLow = "systolic_low",
    SystolicHigh = "systolic_high",
    DiastolicHigh = "diastolic_high",
    RespRateLow = "resp_rate_low",
    RespRateHigh = "resp_rate_high",
    TempHigh = "temp_high",
    Reaction = "reaction",
    Symptom = "symptom",
    Sedation = "sedation",
    Distress = "distress",
    NibpOverdue = "nibp_overdue",
    NibpFailed = "nibp_failed",
    Spo2NoValue = "spo2_no_value",
    HrNoValue = "hr_no_value",
    PoorSignal = "poor_signal",
    MonitorLost = "monitor_lost",
    UnstableLink = "unstable_link",
    DeviceConflict = "device_conflict",
    ClockSkew = "clock_skew",
    ImplausibleValues = "implausible_values",
    Unwatched = "unwatched",
    RecordingStopped = "recording_stopped",
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
