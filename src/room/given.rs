//! What is given in a session, as staff enter it.

use serde::{Deserialize, Serialize};

use crate::gates::Override;
use crate::vitals::Decimal;

/// A single dose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Bolus {
    /// mg.
    pub mg: Decimal,
    /// Words for the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// One spray device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Spray {
    /// mg; one device of the profile when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dose_mg: Option<Decimal>,
    /// The device's lot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot: Option<String>,
    /// The reason, if something is missing.
    #[serde(default, rename = "override", skip_serializing_if = "Option::is_none")]
    pub overrides: Option<Override>,
}

/// A medicine that was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Medication {
    /// Its name.
    pub drug: String,
    /// The amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dose: Option<Decimal>,
    /// Its unit: `mg`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The route, such as `iv` or `po`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub route: Option<String>,
    /// Words for the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Medication {
    /// As staff read it: `Ondansetron 4 mg IV`.
    #[must_use]
    pub fn words(&self) -> String {
        let mut drug = self.drug.clone();
        if let Some(first) = drug.get(..1) {
            drug.replace_range(..1, &first.to_uppercase());
        }
        let dose = self.dose.map(|dose| dose.to_string());
        let route = self.route.as_ref().map(|route| match route.len() {
            1..=3 => route.to_uppercase(),
            _ => route.clone(),
        });
        let parts = [Some(drug), dose, self.unit.clone(), route];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

/// Oxygen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Oxygen {
    /// L/min, 0 to 15; 0 is off.
    pub flow_l_min: Decimal,
    /// How it is given, such as `nasal` or `mask`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
}

impl Oxygen {
    /// As staff read it.
    #[must_use]
    pub fn words(&self) -> String {
        if self.is_off() {
            return "Oxygen off".to_owned();
        }
        let device = self.device.as_ref().map_or_else(String::new, |device| format!(", {device}"));
        format!("Oxygen {} L/min{device}", self.flow_l_min)
    }

    pub(super) fn is_off(&self) -> bool {
        self.flow_l_min <= Decimal::whole(0)
    }
}

/// Something went wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AdverseEvent {
    /// What went wrong. Empty once it was removed from the record.
    #[serde(default)]
    pub text: String,
    /// How serious.
    pub severity: Severity,
    /// What was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// What came of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
}

/// How serious an adverse event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Severity {
    Mild,
    Moderate,
    Severe,
}

impl Severity {
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Mild => "mild",
            Self::Moderate => "moderate",
            Self::Severe => "severe",
        }
    }
}
