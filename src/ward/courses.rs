//! Courses of treatments.

use serde_json::json;
use tokio::sync::oneshot;

use super::act::Act;
use super::core::Core;
use super::written::written;
use super::{Actor, Pending, Refusal};
use crate::contract::Course;
use crate::record::Entry;
use crate::store::{CourseRow, Upsert};
use crate::vitals::{CourseId, Millis, PatientId};

/// Opens a course of treatments for a patient. Check-in says which session belongs to it.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields say it")]
pub struct OpenCourse {
    pub patient: PatientId,
    pub profile: String,
    pub planned: u32,
}

impl Act for OpenCourse {
    const IS_NEW: bool = true;

    fn apply(self, core: &mut Core, actor: &Actor, at: Millis) -> Result<Pending, Refusal> {
        let Self { patient, profile, planned } = self;
        core.known_patient(&patient)?;
        if core.profiles.get(&profile).is_none() {
            return Err(Refusal::NotFound { kind: "profile", id: profile });
        }
        let id = CourseId::new(&format!("c-{}", uuid::Uuid::now_v7().simple()));
        let id = id.map_err(|error| Refusal::NotNow(error.to_string()))?;
        let by = actor.initials.clone();
        let course = Course { id, patient, profile, planned, opened_at: at, by };
        let entry = Entry {
            at,
            body: json!({"at": at, "staff": actor.initials, "course": course}).to_string(),
            ..Entry::default()
        };
        let json = written(&course);
        let Course { id, patient, opened_at, .. } = course;
        let row = CourseRow { id, patient, opened_at, json: json.clone() };
        let (stored, told) = oneshot::channel();
        if !core.append_to_clinic(entry, vec![Upsert::Course(row)], vec![stored]) {
            return Err(Refusal::not_recorded());
        }
        Ok(Pending { json, stored: told })
    }
}
