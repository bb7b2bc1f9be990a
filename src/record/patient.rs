use serde::{Deserialize, Serialize};

use super::Peak;
use crate::room::Baseline;
use crate::vitals::{CourseId, Decimal, Millis, PatientId, SessionId};

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
    /// The last time that they were treated, as it was when this session was opened: to be looked
    /// at, and never taken unasked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub last: Option<Box<LastTime>>,
}

/// A patient's last session, as far as it matters for the next one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct LastTime {
    /// Its id.
    pub session: SessionId,
    /// When it was opened.
    pub at: Millis,
    /// The profile's name.
    pub profile: String,
    /// The normal values then: suggested, and never accepted unasked.
    #[schema(required)]
    pub suggested_baseline: Option<Baseline>,
    /// How far the values went.
    #[schema(required)]
    pub peak: Option<Peak>,
    /// What was given, mg.
    #[schema(required)]
    pub given_mg: Option<Decimal>,
    /// Notes and adverse events, oldest first: the last ten.
    pub remarks: Vec<Remark>,
}

/// A note or an adverse event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Remark {
    /// When it was written.
    pub at: Millis,
    /// Who wrote it, by initials.
    pub by: String,
    /// The text.
    pub text: String,
}

impl Patient {
    /// What a recording says about them: nothing that leads back to who they are.
    #[must_use]
    pub fn unnamed(self) -> Self {
        Self { id: None, course: None, number: None, last: None, ..self }
    }
}
