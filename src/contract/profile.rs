use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;

use crate::profile::{Approval, Change};

/// A profile without its limits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProfileSummary {
    /// Its name, such as `ketamine-iv-adult`.
    pub name: String,
    /// What staff call it.
    pub title: String,
    /// Goes up by one with every change.
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

/// All profiles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Profiles {
    /// In order of their names.
    pub profiles: Vec<ProfileSummary>,
}

/// A version of a profile that has been stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KeptProfile {
    /// Its name, such as `ketamine-iv-adult`.
    pub name: String,
    /// The number that the server gave it.
    pub version: u32,
    /// The approval, when it has just been approved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub approved: Option<Approval>,
}

/// A profile, whole: what `GET profiles/{name}` gives is what `PUT` takes. What is inside the
/// cadence, the gates and the conditions is described by the problems that `PUT` answers.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "the profile itself is written; this says which keys it has")]
pub struct ProfileDocument {
    /// Its name, such as `ketamine-iv-adult`.
    name: String,
    /// Grows with every change; in a `PUT` it does not count.
    version: u32,
    /// What staff call it.
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
    /// How people are called to an alert that nobody has taken.
    escalation: BTreeMap<String, Json>,
    /// Values before the start that ask for another look.
    #[schema(nullable = false)]
    holds: Option<Vec<BTreeMap<String, Json>>>,
    /// What the start waits for after a fall.
    #[schema(nullable = false)]
    waits: Option<Vec<BTreeMap<String, Json>>>,
    /// What must be there before a session goes on.
    #[schema(nullable = false)]
    gates: Option<Vec<BTreeMap<String, Json>>>,
    /// The doses that may be ordered.
    #[schema(nullable = false)]
    dose: Option<BTreeMap<String, Json>>,
    /// What is suggested to staff.
    #[schema(nullable = false)]
    suggestions: Option<Vec<BTreeMap<String, Json>>>,
    /// The symptoms that staff may tick.
    #[schema(nullable = false)]
    symptoms: Option<Vec<BTreeMap<String, Json>>>,
    /// The scores that staff may enter.
    #[schema(nullable = false)]
    scores: Option<Vec<BTreeMap<String, Json>>>,
    /// Who approved this version, if anybody has.
    #[schema(nullable = false)]
    approved: Option<Approval>,
    /// The conditions that raise alerts, in the order in which they are judged.
    conditions: Vec<BTreeMap<String, Json>>,
}
