use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;

use crate::profile::{Approval, Change};

/// A profile without its limits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProfileSummary {
    /// Such as `ketamine-iv-adult`.
    pub name: String,
    /// As staff call it.
    pub title: String,
    /// Grows with every change.
    pub version: u32,
    /// Usual length of the infusion, seconds.
    pub planned_s: u32,
    /// `null` while nobody has approved this version.
    #[schema(required)]
    pub approved: Option<Approval>,
    /// Who made this version; `null` when it is as it was shipped.
    #[schema(required)]
    pub changed: Option<Change>,
    /// Whether this version comes with the program.
    pub shipped: bool,
}

/// The profiles that there are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Profiles {
    /// By name.
    pub profiles: Vec<ProfileSummary>,
}

/// A version of a profile that is now kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KeptProfile {
    /// Such as `ketamine-iv-adult`.
    pub name: String,
    /// Given by the server.
    pub version: u32,
    /// When it was just approved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub approved: Option<Approval>,
}

/// A profile, whole: what `GET profiles/{name}` gives is what `PUT` takes. What is inside the
/// cadence, the gates and the conditions is described by the problems that `PUT` answers.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "the profile itself is written; this says which keys it has")]
pub struct ProfileDocument {
    /// Such as `ketamine-iv-adult`.
    name: String,
    /// Grows with every change; in a `PUT` it does not count.
    version: u32,
    /// As staff call it.
    title: String,
    /// Usual length of the infusion, seconds.
    planned_s: u32,
    /// How often pressure is measured.
    cadence: BTreeMap<String, Json>,
    /// A rise over the baseline that is shown and never an alert.
    #[schema(nullable = false)]
    marked_rise: Option<BTreeMap<String, Json>>,
    /// What a jumping pulse says of SpO2 and heart rate.
    pulse_gate: BTreeMap<String, Json>,
    /// Values before the start that ask for another look.
    #[schema(nullable = false)]
    holds: Option<Vec<BTreeMap<String, Json>>>,
    /// What the start waits for after a fall.
    #[schema(nullable = false)]
    waits: Option<Vec<BTreeMap<String, Json>>>,
    /// What must be there before a session goes on.
    #[schema(nullable = false)]
    gates: Option<Vec<BTreeMap<String, Json>>>,
    /// What may be ordered.
    #[schema(nullable = false)]
    dose: Option<BTreeMap<String, Json>>,
    /// What may be thought of.
    #[schema(nullable = false)]
    suggestions: Option<Vec<BTreeMap<String, Json>>>,
    /// What staff may tick.
    #[schema(nullable = false)]
    symptoms: Option<Vec<BTreeMap<String, Json>>>,
    /// What staff may score.
    #[schema(nullable = false)]
    scores: Option<Vec<BTreeMap<String, Json>>>,
    /// Who approved this version, when anybody did.
    #[schema(nullable = false)]
    approved: Option<Approval>,
    /// What alarms, in the order in which it is judged.
    conditions: Vec<BTreeMap<String, Json>>,
}
