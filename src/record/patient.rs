use serde::{Deserialize, Serialize};

use crate::vitals::{CourseId, PatientId};

/// The patient of a session, as far as screens and rules may know.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Patient {
    /// Such as `J.T.`; at most 12 characters.
    pub initials: String,
    /// Years.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age: Option<u8>,
    /// Kilograms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight_kg: Option<f64>,
    /// The patient's id, if check-in named them (`GET patients/{id}`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<PatientId>,
    /// The course to which this treatment belongs (`GET courses/{id}`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub course: Option<CourseId>,
    /// Which treatment of the course it is: one more than have begun before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u32>,
}

impl Patient {
    /// What a recording says about them: nothing that leads back to who they are.
    #[must_use]
    pub fn unnamed(self) -> Self {
        Self { id: None, course: None, number: None, ..self }
    }
}
