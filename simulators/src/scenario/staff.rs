//! What staff do, in the words of a recording (design.md#recordings), which scenarios also use.

use std::fmt;
use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

/// What staff do in a session: type → fields.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Event {
    /// The patient is in the room.
    CheckIn {},
    /// These values are this patient's normal; what is left out is what was measured.
    AcceptBaseline(Baseline),
    /// The infusion runs.
    Start {
        /// The reason for an override.
        #[serde(default, rename = "override", skip_serializing_if = "Option::is_none")]
        overrides: Option<Override>,
    },
    /// The infusion runs at another rate; the pump changes in the ratio of the two.
    RateChange {
        /// Before, in `unit`.
        from: NonZeroU32,
        /// Now, in `unit`.
        to: NonZeroU32,
        /// Such as `mL/h`.
        unit: String,
    },
    /// The infusion is held.
    Pause {
        /// The reason.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// The infusion runs again.
    Resume {},
    /// The infusion has ended; recovery begins.
    Stop {
        /// The reason, if it ended early.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// What the patient says or shows.
    Symptom {
        /// Such as `chest_pain`, `unsafe_behaviour`.
        symptom: String,
    },
    /// A score that was taken.
    Score {
        /// Such as `moaas`, `distress`.
        score: String,
        /// The value on that score's scale.
        value: u32,
    },
    /// Words for the record.
    Note {
        /// The words.
        text: String,
    },
    /// The patient leaves.
    Discharge {},
    /// The session ends without treatment, or before its time.
    Abort {
        /// The reason.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
}

/// A patient's normal values, and who accepted unusual ones.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// mmHg.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub systolic: Option<u32>,
    /// mmHg.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub diastolic: Option<u32>,
    /// 1/min.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heart_rate: Option<u32>,
    /// Percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spo2: Option<u32>,
    /// A low heart rate or saturation is usual for this patient.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_low: Option<bool>,
    /// Who signed for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prescriber: Option<String>,
    /// The reason for an override.
    #[serde(default, rename = "override", skip_serializing_if = "Option::is_none")]
    pub overrides: Option<Override>,
}

/// The reason why staff override a gate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// For the record.
    pub reason: String,
}

/// An alert as a recording names it: `a1`, `a2` … in the order in which they were raised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AlertName(u32);

impl AlertName {
    /// Its number, from 1.
    pub(super) fn number(self) -> u32 {
        self.0
    }
}

impl TryFrom<String> for AlertName {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        let number = name.strip_prefix('a').and_then(|digits| digits.parse().ok());
        match number {
            Some(number @ 1..) => Ok(Self(number)),
            _ => Err(format!(
                "an alert is named a1, a2 … in the order in which they are raised, got {name:?}"
            )),
        }
    }
}

impl From<AlertName> for String {
    fn from(name: AlertName) -> Self {
        name.to_string()
    }
}

impl fmt::Display for AlertName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a{}", self.0)
    }
}

/// The outcome of an alert.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// The alert.
    pub alert: AlertName,
    /// The outcome.
    pub outcome: OutcomeWord,
}

/// The possible outcomes of an alert.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the words of the contract")]
pub enum OutcomeWord {
    ExpectedEffect,
    SensorResited,
    BpRepeated,
    ClinicianCalled,
    FalseAlert,
    Other,
}

/// An alert is silenced.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Silence {
    /// The alert.
    pub alert: AlertName,
    /// How long it is silenced.
    pub seconds: u32,
}
